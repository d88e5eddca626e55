package proof

import (
	"bytes"
	"strings"
)

// A field of a header: its name in lower case, its value unfolded. Empty white
// space at both ends is gone.
type field struct{ name, value string }

// Limits of a header (security.md 4). A message over them is before a person
// already; as evidence it is worth nothing.
const (
	maxHeader = 256 << 10
	maxField  = 16 << 10
)

// readFields reads the fields of a header, top to bottom, up to the first blank
// line. Where two readers could disagree about what a field is (a line that is
// none, a lone CR, a NUL, something too long), nothing is evidence: ok is false.
func readFields(raw []byte) (fields []field, ok bool) {
	size, start := 0, 0
	for rest := raw; len(rest) > 0; {
		line := rest
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			line, rest = rest[:i], rest[i+1:]
		} else {
			rest = nil
		}
		line = bytes.TrimSuffix(line, []byte{'\r'})
		if len(line) == 0 {
			break
		}
		if size += len(line) + 1; size > maxHeader || bytes.ContainsAny(line, "\r\x00") {
			return nil, false
		}
		if line[0] == ' ' || line[0] == '\t' {
			if len(fields) == 0 {
				return nil, false
			}
			fields[len(fields)-1].value += string(line)
		} else {
			start = size - len(line) - 1
			name, value, colon := strings.Cut(string(line), ":")
			if name = strings.TrimRight(name, " \t"); !colon || !isName(name) {
				return nil, false
			}
			fields = append(fields, field{strings.ToLower(name), value})
		}
		if size-start > maxField {
			return nil, false
		}
	}
	for i := range fields {
		fields[i].value = strings.Trim(fields[i].value, " \t")
	}
	return fields, len(fields) > 0
}

// isName is field-name of RFC 5322 3.6.8.
func isName(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != ""
}

func count(fields []field, name string) int {
	n := 0
	for _, f := range fields {
		if f.name == name {
			n++
		}
	}
	return n
}
