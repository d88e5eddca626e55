package letter

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Text is a value in a template: data, whatever it holds. Characters that mean
// something in the markup are written as private-use ones until the markup has
// been read, so a value can become neither heading nor link nor header.
type Text string

// hidden is where ASCII characters go while the markup is read.
const hidden = 0xE000

// Link marks, put by the template functions alone: values cannot hold them.
const (
	markLink = '\uF000' // then the address
	markText = '\uF001' // then what is shown
	markEnd  = '\uF002'
)

// String is the value as it goes into the markup, on one line.
func (t Text) String() string {
	if simple(string(t)) {
		return string(t)
	}
	return hide(oneLine(string(t)))
}

// simple reports whether s holds nothing but letters, digits and single spaces
// between them: most values do.
func simple(s string) bool {
	space := true
	for i := range len(s) {
		c := s[i]
		if c == ' ' && !space {
			space = true
			continue
		}
		if !alnum(c) {
			return false
		}
		space = false
	}
	return !space || s == ""
}

func alnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

// Upper is the value with a capital, for the beginning of a sentence.
func (t Text) Upper() Text {
	r, n := utf8.DecodeRuneInString(string(t))
	return Text(unicode.ToUpper(r)) + t[n:]
}

// wash drops what could play tricks: control and private-use characters, and
// those that turn the direction of writing.
func wash(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r >= ' ' && r < 0x7f: // most of them
			return r
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Bidi_Control, r),
			r == '\u2028', r == '\u2029':
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
}

func hide(s string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && r != ' ' && !alnum(byte(r)) {
			return hidden + r
		}
		return r
	}, s)
}

// show is the way back, once the markup has been read.
func show(s string) string {
	if !strings.Contains(s, "\xee\x80") && !strings.Contains(s, "\xee\x81") { // how UTF-8 begins those
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= hidden && r < hidden+utf8.RuneSelf {
			return r - hidden
		}
		return r
	}, s)
}

// quote writes text of many lines as a block of the markup.
func quote(t Text) string {
	var b strings.Builder
	for line := range strings.Lines(strings.TrimRight(wash(string(t)), "\n\t ")) {
		b.WriteString("> " + hide(strings.ReplaceAll(strings.TrimRight(line, "\n"), "\t", "    ")) + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// link makes a link of an address of ours. Only the schemes below are links.
func link(address, shown Text) string {
	for _, scheme := range []string{"https://", "http://", "mailto:", "tel:"} {
		if strings.HasPrefix(string(address), scheme) {
			return string(markLink) + address.String() + string(markText) + shown.String() + string(markEnd)
		}
	}
	return shown.String()
}

// tel makes a telephone number one that a phone can ring.
func tel(number Text) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, string(number))
	if digits == "" {
		return number.String()
	}
	return link(Text("tel:"+digits), number)
}

// functions are what templates may call.
var functions = map[string]any{"quote": quote, "link": link, "tel": tel}
