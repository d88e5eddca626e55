package complaint

import (
	"fmt"
	"strings"
	"testing"
)

func TestNumber(t *testing.T) {
	for _, tt := range []struct {
		year, used, drawn int
		want              string
	}{
		{2026, 0, 48293, "K2026-482932"},
		{2026, 0, 0, "K2026-000007"},
		{2026, 9_999, 12345, "K2026-123459"},
		{2026, 10_000, 12345, "K2026-0123457"}, // a tenth is used: one digit more
		{2026, 100_000, 12345, "K2026-00123456"},
	} {
		got := Number(tt.year, tt.used, tt.drawn)
		if FindNumber(got) != got {
			t.Errorf("%s does not read back", got)
		}
		if len(got) != len(tt.want) || got[:len(got)-1] != tt.want[:len(tt.want)-1] {
			t.Errorf("Number(%d, %d, %d) = %s, want %s up to the check digit", tt.year, tt.used, tt.drawn, got, tt.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for used, want := range map[int]int{0: 100_000, 9_999: 100_000, 10_000: 1_000_000, 99_999: 1_000_000, 100_000: 10_000_000} {
		if got := Numbers(used); got != want {
			t.Errorf("Numbers(%d) = %d, want %d", used, got, want)
		}
	}
}

// No single wrong digit and no swap of neighbours is another number (procedure.md 4).
func TestNumberMistyped(t *testing.T) {
	n := []byte(Number(2026, 0, 48293))
	for i := range n {
		if !digit(n[i]) {
			continue
		}
		for d := byte('0'); d <= '9'; d++ {
			wrong := append([]byte{}, n...)
			wrong[i] = d
			if got := FindNumber(string(wrong)); d != n[i] && got != "" {
				t.Errorf("%s passes for a number", wrong)
			}
		}
		if i+1 < len(n) && digit(n[i+1]) && n[i] != n[i+1] {
			wrong := append([]byte{}, n...)
			wrong[i], wrong[i+1] = n[i+1], n[i]
			if got := FindNumber(string(wrong)); got != "" {
				t.Errorf("%s passes for a number", wrong)
			}
		}
	}
}

func TestFindNumber(t *testing.T) {
	n := Number(2026, 0, 48293)
	lower := fmt.Sprintf("k%s", n[1:])
	for _, tt := range []struct{ text, want string }{
		{"Re: Klacht ontvangen [" + n + "]", n},
		{"Antw: [EXTERN] " + lower + ".", n},
		{n, n},
		{"mijn klacht", ""},
		{"X" + n, ""},
		{n + "4", ""},
		{n + "x", ""},
		{"K2026", ""},
		{"K2026-", ""},
		{"K2026-48", ""},
		{"K2026-111111 " + n, n}, // the first one has a wrong check digit
		{"", ""},
	} {
		if got := FindNumber(tt.text); got != tt.want {
			t.Errorf("FindNumber(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

// Whatever stands in a subject: what is found is a number that reads back.
func FuzzFindNumber(f *testing.F) {
	for _, s := range []string{Number(2026, 0, 48293), "[K2026-482931]", "KK2026-", "k2026-00000000000000000000", "Kÿ\xff-"} {
		f.Add(s, uint16(2026), uint16(0), uint32(48293))
	}
	f.Add("Re: ", uint16(0), uint16(65535), uint32(1<<31))
	f.Fuzz(func(t *testing.T, s string, year, used uint16, drawn uint32) {
		n := FindNumber(s)
		if n != "" && FindNumber(n) != n {
			t.Errorf("%q in %q does not read back", n, s)
		}
		if other := FindNumber(strings.ReplaceAll(s, "\n", "\r\n")); other != n && !strings.Contains(s, "\r") {
			t.Errorf("%q: LF %q, CRLF %q", s, n, other)
		}
		written := Number(int(year)%10_000, int(used), int(drawn)%Numbers(int(used)))
		for _, text := range []string{written, "[" + strings.ToLower(written) + "]", s + " [" + written + "]"} {
			if got := FindNumber(text); got != written && (n == "" || got != n) {
				t.Errorf("%q: %q, want %s", text, got, written)
			}
		}
	})
}
