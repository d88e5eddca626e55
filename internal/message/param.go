package message

import (
	"slices"
	"strconv"
	"strings"
)

// A mediaType is the value of a Content-Type or Content-Disposition field.
// Package mime drops what is slightly wrong and every charset but UTF-8 (RFC
// 2231); names of attachments are often both, so this reads on.
type mediaType struct {
	value  string // lower case: text/plain, attachment
	params map[string]string
}

// maxParams bounds the pieces of one field; RFC 2231 splits long names.
const maxParams = 200

func readMediaType(field string) mediaType {
	value, rest := cutOutsideQuotes(dropLeadingComments(field), ';')
	value = strings.Trim(dropComment(value), " \t\"'")
	// "text/plain charset=utf-8": the semicolon was forgotten.
	if n := strings.IndexAny(value, " \t"); n >= 0 {
		if strings.Contains(value[n:], "=") {
			rest = value[n:] + ";" + rest
		}
		value = value[:n]
	}
	t := mediaType{value: strings.ToLower(decodeRaw(value))}
	if rest == "" {
		return t
	}
	t.params = make(map[string]string)
	var split []section
	for n := 0; rest != "" && n < maxParams; n++ {
		var param string
		param, rest = cutOutsideQuotes(rest, ';')
		name, value, ok := strings.Cut(param, "=")
		name = strings.ToLower(strings.TrimSpace(dropLeadingComments(name)))
		if !ok || name == "" {
			continue
		}
		value = unquote(strings.TrimSpace(value))
		if !isFileName(name) {
			value = dropTrailingComment(value)
		}
		if base, s, ok := cutSection(name, value); ok {
			s.name = base
			split = append(split, s)
		} else if _, again := t.params[name]; !again {
			t.params[name] = value
		}
	}
	joinSections(t.params, split)
	return t
}

// A section is one piece of an RFC 2231 parameter: name*2*=….
type section struct {
	name    string
	index   int
	value   string
	encoded bool
}

func cutSection(name, value string) (base string, s section, ok bool) {
	base, tail, ok := strings.Cut(name, "*")
	if !ok {
		return "", s, false
	}
	s.value = value
	if tail == "" { // name*=…
		s.encoded = true
		return base, s, true
	}
	tail, s.encoded = strings.CutSuffix(tail, "*")
	n, err := strconv.Atoi(tail)
	if err != nil || n < 0 {
		return "", s, false
	}
	s.index = n
	return base, s, true
}

// joinSections puts the pieces together; the extended form wins over the plain
// one beside it (RFC 6266 4.3).
func joinSections(params map[string]string, split []section) {
	slices.SortStableFunc(split, func(a, b section) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return a.index - b.index
	})
	for len(split) > 0 {
		name, charset := split[0].name, ""
		var joined []byte
		n := 0
		for ; n < len(split) && split[n].name == name; n++ {
			s := split[n]
			if n == 0 && s.encoded {
				if parts := strings.SplitN(s.value, "'", 3); len(parts) == 3 {
					charset, s.value = parts[0], parts[2]
				}
			}
			if s.encoded {
				joined = append(joined, percentDecode(s.value)...)
			} else {
				joined = append(joined, s.value...)
			}
		}
		params[name], _ = decodeCharset(charset, joined)
		split = split[n:]
	}
}

func percentDecode(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}

// cutOutsideQuotes cuts s at the first sep that is not in a quoted string.
func cutOutsideQuotes(s string, sep byte) (before, after string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == sep && !quoted:
			return s[:i], s[i+1:]
		}
	}
	if quoted {
		// The quote never ends: take it for a letter.
		before, after, _ = strings.Cut(s, string(sep))
		return before, after
	}
	return s, ""
}

// unquote undoes a quoted string. A backslash that escapes nothing stays: some
// programs write C:\map\brief.pdf. A quote that more follows on is a letter:
// "Brief "klacht".pdf".
func unquote(s string) string {
	if s == "" || s[0] != '"' {
		return s
	}
	last := strings.LastIndexByte(s, '"')
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		if s[i] == '"' && (i >= last || strings.HasPrefix(strings.TrimLeft(s[i+1:], " \t"), "(")) {
			break
		}
		if s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\') {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func dropComment(s string) string {
	before, _, _ := strings.Cut(s, "(")
	return before
}

// dropTrailingComment takes " (…)" off: a name of a file may have it, nothing else.
func dropTrailingComment(s string) string {
	if before, _, ok := strings.Cut(s, " ("); ok && strings.HasSuffix(s, ")") {
		return strings.TrimRight(before, " \t")
	}
	return s
}

// dropLeadingComments takes the comments before a value off (RFC 5322 3.2.2).
func dropLeadingComments(s string) string {
	for n := 0; n < maxParams; n++ {
		s = strings.TrimLeft(s, " \t")
		if !strings.HasPrefix(s, "(") {
			break
		}
		_, after, ok := strings.Cut(s, ")")
		if !ok {
			break
		}
		s = after
	}
	return s
}

func isFileName(param string) bool {
	return strings.HasPrefix(param, "name") || strings.HasPrefix(param, "filename")
}
