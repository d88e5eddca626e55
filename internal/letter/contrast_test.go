package letter

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// readable is the contrast that text needs, of at most 21 (WCAG 2.2, 1.4.3).
const readable = 4.5

// luminance is how bright a colour is: #rgb or #rrggbb (WCAG 2.2, relative luminance).
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	hex := strings.TrimPrefix(colour, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	n, err := strconv.ParseUint(hex, 16, 24)
	if err != nil || len(hex) != 6 {
		t.Fatalf("%q is no colour", colour)
	}
	channel := func(shift int) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

var (
	darkRules = regexp.MustCompile(`(?s)@media\(prefers-color-scheme:dark\)\{(.*?)\n\}`)
	ruleOf    = regexp.MustCompile(`(?m)^([^{}@\n]+)\{([^{}]*)\}$`)
	colourOf  = regexp.MustCompile(`(?:^|;)(background|color):(#[0-9a-f]+)`)
)

// coloursOf are the colours of a style sheet by selector and property.
func coloursOf(css string) map[string]string {
	set := map[string]string{}
	for _, r := range ruleOf.FindAllStringSubmatch(css, -1) {
		for _, c := range colourOf.FindAllStringSubmatch(r[2], -1) {
			set[r[1]+" "+c[1]] = c[2]
		}
	}
	return set
}

// What is read stands out from what is behind it, by day and by night; and there
// are no other colours than those that are looked at here.
func TestContrast(t *testing.T) {
	if got := contrast(t, "#000", "#ffffff"); math.Abs(got-21) > 0.001 {
		t.Fatalf("black on white: %f", got)
	}
	css := htmlHead + htmlButtons
	var night strings.Builder
	for _, m := range darkRules.FindAllStringSubmatch(css, -1) {
		night.WriteString(m[1] + "\n")
	}
	pairs := [][2]string{{"body color", "body background"}, {"a color", "body background"}, {"body color", ".a background"},
		{"a color", ".a background"}, {".b color", ".b background"}}
	for name, sheet := range map[string]string{"light": darkRules.ReplaceAllString(css, ""), "dark": night.String()} {
		set := coloursOf(sheet)
		if n := strings.Count(sheet, "#"); len(set) != 6 || n != 6 {
			t.Errorf("%s: %d colours, %d of them known: %v", name, n, len(set), set)
		}
		for _, p := range pairs {
			if got := contrast(t, set[p[0]], set[p[1]]); got < readable {
				t.Errorf("%s: %s on %s: %.2f", name, p[0], p[1], got)
			}
		}
	}
	b := newBook(t, false)
	inline := regexp.MustCompile(`style="[^"]*"`)
	for _, s := range sampleLetters() {
		for _, style := range inline.FindAllString(open(t, write(t, b, s)).html, -1) {
			if regexp.MustCompile(`[";](?:color|background)`).MatchString(style) {
				t.Errorf("%s: a colour that has no dark twin: %s", s.name, style)
			}
		}
	}
}
