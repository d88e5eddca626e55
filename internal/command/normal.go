package command

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// normal is s on one line as people see it: compatibility forms resolved (a
// full-width ＃ is a #), what cannot be seen dropped, white space collapsed,
// typographic quotes and dashes made plain.
func normal(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKC.String(strings.ToValidUTF8(s, " ")) {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			gap = true
			continue
		}
		if invisible(r) {
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(plain(r))
	}
	return norm.NFC.String(b.String())
}

// invisible runes may stand inside a word without anyone seeing it: zero-width
// and bidi characters, soft hyphens, variation selectors, enclosing marks (the
// keycap of the # key).
func invisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Me, unicode.Variation_Selector)
}

func plain(r rune) rune {
	switch r {
	case '‘', '’', '‚', '‛', '′':
		return '\''
	case '“', '”', '„', '‟', '″', '«', '»':
		return '"'
	case '‐', '‑', '‒', '–', '—', '―', '−':
		return '-'
	}
	return r
}

// fold is s without case and accents, for comparing.
func fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(norm.NFKC.String(s))) {
		if !unicode.Is(unicode.Mn, r) && !invisible(r) {
			b.WriteRune(plain(unicode.ToLower(r)))
		}
	}
	return b.String()
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// foldWord is fold of the letters and digits alone: geen-klacht is geenklacht.
func foldWord(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, fold(s))
}

func sameWord(a, b string) bool { return foldWord(a) == foldWord(b) }

// inWord runes make a word go on.
func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// cleanValue takes off what people set around a value: colons, quotes, commas.
func cleanValue(s string) string {
	for {
		t := strings.TrimLeft(strings.TrimRight(s, " ,;|"), " :=,;|")
		if n := len(t); n >= 2 && t[0] == t[n-1] && (t[0] == '"' || t[0] == '\'') {
			t = t[1 : n-1]
		}
		if t == s {
			return t
		}
		s = t
	}
}
