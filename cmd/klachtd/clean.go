package main

import (
	"strings"
	"unicode"
)

// clean removes what could play tricks on a terminal: control characters and
// those that turn the direction of writing (security.md 9).
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
}
