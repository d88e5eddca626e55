package complaint

import (
	"fmt"
	"strings"
)

// damm is the operation table of H. M. Damm, "Total anti-symmetrische
// Quasigruppen" (2004): it finds every single wrong digit and every swap of neighbours.
var damm = [10][10]byte{
	{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
	{7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
	{4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
	{1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
	{6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
	{3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
	{5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
	{8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
	{9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
	{2, 5, 8, 1, 4, 3, 6, 7, 9, 0},
}

func dammDigit(digits string) byte {
	var x byte
	for i := range len(digits) {
		x = damm[x][digits[i]-'0']
	}
	return x
}

// Number writes the case number for a year of receipt and a number drawn at
// random below Numbers(used): K2026-482931, of which the last is a check digit
// over year and number (procedure.md 4). used is how many numbers that year has
// already; digits grow with it.
func Number(year, used, drawn int) string {
	digits := fmt.Sprintf("%04d%0*d", year, width(used), drawn)
	return fmt.Sprintf("K%s-%s%d", digits[:4], digits[4:], dammDigit(digits))
}

// Numbers is how many numbers there are to draw from once used are taken: one
// digit more as soon as a tenth is used, so that a guess keeps missing.
func Numbers(used int) int {
	n := 1
	for range width(used) {
		n *= 10
	}
	return n
}

func width(used int) int {
	w, room := 5, 100_000
	for used >= room/10 {
		w, room = w+1, room*10
	}
	return w
}

// FindNumber returns the first well-formed case number in text, in any case and
// with or without brackets, as Number writes it; "" when there is none or its
// check digit is wrong.
func FindNumber(text string) string {
	text = strings.ToUpper(text)
	for at := 0; ; {
		i := strings.IndexByte(text[at:], 'K')
		if i < 0 {
			return ""
		}
		at += i
		inWord := at > 0 && (letter(text[at-1]) || digit(text[at-1]))
		if n := numberAt(text[at:]); n != "" && !inWord {
			return n
		}
		at++
	}
}

func numberAt(s string) string {
	end := 1
	for end < len(s) && end < 20 && (digit(s[end]) || s[end] == '-' && end == 5) {
		end++
	}
	if end < 12 || s[5] != '-' || end < len(s) && letter(s[end]) {
		return ""
	}
	digits := s[1:5] + s[6:end]
	if dammDigit(digits) != 0 {
		return ""
	}
	return s[:end]
}

func digit(b byte) bool  { return '0' <= b && b <= '9' }
func letter(b byte) bool { return 'A' <= b && b <= 'Z' }
