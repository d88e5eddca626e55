package main

import (
	"slices"
	"testing"
)

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		line string
		want []string
	}{
		{"", []string{""}},
		{"kort", []string{"kort"}},
		{"een twee drie", []string{"een twee", "drie"}},
		{"tienletter negen", []string{"tienletter", "negen"}},
		{"eenheellangwoord dat past", []string{"eenheellangwoord dat past"}},
		{"- een twee drie", []string{"- een twee", "  drie"}},
		{"> een twee drie", []string{"> een twee", "> drie"}},
		{"één twéé drie", []string{"één twéé", "drie"}},
	} {
		if got := wrap(c.line, 10); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.line, got, c.want)
		}
	}
}
