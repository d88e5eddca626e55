package letter

import "strings"

// maxID is the longest foreign Message-ID that goes into a mail of ours (security.md 14).
const maxID = 250

// validAddress reports whether a mail may be written to it: a dot-atom local part
// and a host name (RFC 5321 4.1.2 without its quoted forms; security.md 2).
func validAddress(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 || len(s) > 254 {
		return false
	}
	return isDotAtom(s[:at]) && isHost(s[at+1:])
}

// validID reports whether s is a Message-ID without its brackets in the strict
// grammar of RFC 5322 3.6.4: dot-atoms, or a literal on the right (security.md 14).
func validID(s string) bool {
	left, right, found := strings.Cut(s, "@")
	if !found || len(s) > maxID || !isDotAtom(left) {
		return false
	}
	if n := len(right); n > 2 && right[0] == '[' && right[n-1] == ']' {
		return isDotAtom(strings.ReplaceAll(right[1:n-1], ":", ""))
	}
	return isDotAtom(right)
}

// isPlainID is what mail libraries leave alone in a field (libraries.md 3, 8).
func isPlainID(s string) bool {
	for i := range len(s) {
		if !isAlnum(s[i]) && strings.IndexByte(".@_-", s[i]) < 0 {
			return false
		}
	}
	return s != ""
}

// isDotAtom is the dot-atom-text of RFC 5322 3.2.3.
func isDotAtom(s string) bool {
	prev := byte('.')
	for i := range len(s) {
		c := s[i]
		if c == '.' && prev == '.' || c != '.' && !isAlnum(c) && strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) < 0 {
			return false
		}
		prev = c
	}
	return prev != '.'
}

// isHost wants labels of letters, digits and hyphens, the last one not a number.
func isHost(s string) bool {
	last := ""
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if !isAlnum(label[i]) && label[i] != '-' {
				return false
			}
		}
		last = label
	}
	return strings.Trim(last, "0123456789") != ""
}

func isAlnum(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
