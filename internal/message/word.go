package message

import (
	"strings"
)

// decodeWords decodes the encoded words of a field (RFC 2047). Unlike package
// mime it joins neighbours before it decodes the charset, since many programs
// split inside a character; it takes words without white space around them,
// within quotes, and with spaces in them; what cannot be decoded stays.
func decodeWords(s string) string {
	if !strings.Contains(s, "=?") {
		return decodeRaw(s)
	}
	var out strings.Builder
	var run wordRun
	for s != "" {
		i := strings.Index(s, "=?")
		if i < 0 {
			break
		}
		w, n := cutWord(s[i:])
		if n == 0 {
			if w.hopeless {
				break
			}
			run.flush(&out)
			out.WriteString(decodeRaw(s[:i+2]))
			s = s[i+2:]
			continue
		}
		// White space between two encoded words is not shown (RFC 2047 6.2).
		if run.empty() || strings.Trim(s[:i], " \t") != "" {
			run.flush(&out)
			out.WriteString(decodeRaw(s[:i]))
		}
		run.add(&out, w)
		s = s[i+n:]
	}
	run.flush(&out)
	out.WriteString(decodeRaw(s))
	return out.String()
}

// An encodedWord is one word, its transfer encoding undone.
type encodedWord struct {
	charset  string
	bytes    []byte
	hopeless bool // no word ends in the rest of the field
}

// cutWord reads the word at the start of s and returns how long it was, 0 when
// it is none.
func cutWord(s string) (w encodedWord, n int) {
	charset, rest, ok := strings.Cut(s[2:min(len(s), 80)], "?")
	if !ok || len(rest) < 2 || rest[1] != '?' || charset == "" || strings.ContainsAny(charset, " =<>\"") {
		return w, 0
	}
	start := 2 + len(charset) + 3
	if start > len(s) {
		return w, 0
	}
	// From start on: a Q word may begin with "=", which makes "?=" of its opening.
	end := strings.Index(s[start:], "?=")
	if end < 0 {
		return encodedWord{hopeless: true}, 0
	}
	text := s[start : start+end]
	charset, _, _ = strings.Cut(charset, "*") // RFC 2231 5: the language
	w.charset = charset
	switch rest[0] {
	case 'q', 'Q':
		w.bytes = decodeQ(text)
	case 'b', 'B':
		w.bytes = decodeBase64(text)
	default:
		return w, 0
	}
	return w, start + end + 2
}

func decodeQ(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '_':
			out = append(out, ' ')
		case c == '=' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			out = append(out, c)
		}
	}
	return out
}

// A wordRun is a row of neighbouring words in one charset.
type wordRun struct {
	charset string
	bytes   []byte
}

func (r *wordRun) empty() bool { return r.charset == "" }

func (r *wordRun) add(out *strings.Builder, w encodedWord) {
	if !strings.EqualFold(r.charset, w.charset) {
		r.flush(out)
		r.charset = w.charset
	}
	r.bytes = append(r.bytes, w.bytes...)
}

func (r *wordRun) flush(out *strings.Builder) {
	if r.empty() {
		return
	}
	text, _ := decodeCharset(r.charset, r.bytes)
	out.WriteString(text)
	r.charset, r.bytes = "", r.bytes[:0]
}
