package main

import "testing"

// security.md 9: what plays tricks on a terminal is gone, the words stay.
func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"Het lokaal was koud.\n\tEn één euro: €":         "Het lokaal was koud.\n\tEn één euro: €",
		"\x1b[2J\x1b]0;titel\x07rood\x7f":                "[2J]0;titelrood",
		"a\rb\x00c\bd\u0085e\u009b31m":                   "abcde31m",
		"exe.\u202egpj \u2066x\u2069 \u200f\u200e\u061c": "exe.gpj x ",
	} {
		if got := clean(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
