package letter

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What stands in a template's data can never become markup: String gives each
// character that could mean something there as a code point of its own in the
// private-use area, and only the renderers, after the markup has been read, turn
// it back (and escape it). text/template prints whatever has a String by it, so
// a template cannot get round this (security.md 3, 22).
const (
	senderPage  = '\ue000' // + an ASCII character from outside; links are broken here
	settingPage = '\ue080' // + one from the configuration, or of an address
	linkOpen    = '\ue100' // then the target
	linkLabel   = '\ue101' // then what is shown
	linkClose   = '\ue102'
)

// The types of which template data is made, besides int and bool.
type (
	line    string // from outside, shown on one line
	passage string // from outside, with its lines
	address string // of a mailbox, from outside
	setting string // from the academy's configuration
	word    string // one of a fixed list of ours
	typed   string // what a person of ours typed for C, with its lines
	target  string // of a button: a link that mailTo made
)

func (v line) String() string    { return mark(string(v), senderPage, false) }
func (v passage) String() string { return mark(string(v), senderPage, true) }
func (v setting) String() string { return mark(string(v), settingPage, false) }
func (v word) String() string    { return mark(string(v), settingPage, false) }
func (v typed) String() string   { return mark(string(v), settingPage, true) }

// String marks the link, so that no other value can stand in its place.
func (v target) String() string {
	if v == "" {
		return ""
	}
	return string(linkOpen) + mark(string(v), settingPage, false) + string(linkClose)
}

// String leaves what is really an address whole, so that it can be copied.
func (v address) String() string {
	if validAddress(string(v)) {
		return mark(string(v), settingPage, false)
	}
	return line(v).String()
}

// maxLine is how many characters of a value are shown on one line: a subject may
// have 16 KiB.
const maxLine = 300

// oneLine shortens what is to be shown on one line.
func oneLine(s string) line {
	n := 0
	for i := range s {
		if n++; n > maxLine {
			return line(s[:i] + "…")
		}
	}
	return line(s)
}

// mark moves ASCII other than letters and digits to a page, and leaves out what
// nobody can see or what turns the reading direction. Line ends are kept only
// where lines may be.
func mark(s string, page rune, lines bool) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/2)
	var last rune
	for i := 0; i < len(s); {
		word := i
		for i < len(s) && isAlnum(s[i]) {
			i++
		}
		if i > word {
			b.WriteString(s[word:i])
			last = 0
			continue
		}
		r, width := utf8.DecodeRuneInString(s[i:])
		i += width
		before := last
		last = r
		switch {
		case r == '\n' && before == '\r':
			continue
		case r == '\r', r == '\u2028', r == '\u2029':
			r = '\n'
		}
		if !lines && (r == '\n' || r == '\t') {
			r = ' '
		}
		switch {
		case r == '\n', r == '\t', ' ' <= r && r < 0x7f:
			b.WriteRune(page + r)
		case r >= 0x80 && !unseen(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// unseen reports control, format (bidi overrides among them) and private-use
// characters. The joiners stay: scripts and emoji need them.
func unseen(r rune) bool {
	if r == '\u200c' || r == '\u200d' {
		return false
	}
	return r < 0xa0 || unicode.In(r, unicode.Cf, unicode.Co) || r&0xfffe == 0xfffe
}

// A number is a case number (procedure.md 4). Nothing else shows.
type number string

func (n number) String() string {
	s := string(n)
	if len(s) < 12 || len(s) > 20 || s[0] != 'K' || s[5] != '-' || strings.Trim(s[1:5]+s[6:], "0123456789") != "" {
		return ""
	}
	return s
}

// Links are made from the configuration alone: the argument's type sees to it
// that New refuses a template that wants one made from anything else. What is
// not fit for a link is shown without one.

func tel(v setting) string {
	digits := strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, string(v))
	return link("tel:"+setting(digits), v, len(digits) >= 3)
}

func mailto(v setting) string { return link("mailto:"+v, v, validAddress(string(v))) }

func web(v setting) string {
	return link(v, v, strings.HasPrefix(string(v), "https://") || strings.HasPrefix(string(v), "http://"))
}

func link(target, label setting, fit bool) string {
	if !fit {
		return label.String()
	}
	return string(linkOpen) + target.String() + string(linkLabel) + label.String() + string(linkClose)
}
