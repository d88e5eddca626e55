package report

import (
	"bytes"
	"flag"
	"fmt"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the goldens anew")

// golden compares with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs (go test -update writes it anew):\n%s", name, got)
	}
}

// hard is an academy whose names and numbers are as long and as large as they get.
func hard() []Row {
	list := trouble()
	for i := range list {
		list[i].Number = fmt.Sprintf("K2026-%08d", 10000000+i)
		list[i].Cause = strings.Repeat("W", i%60) + " en een oorzaak die niet ophoudt " + fmt.Sprint(i%23)
		list[i].Received -= 900
		list[i].ResolveBy, list[i].Expected = list[i].Received+28, list[i].Received+28
		list[i].Closed = 0
	}
	for i := range 4000 {
		r := at(fmt.Sprintf("K2026-%06d", i), today-Day(i%330)).end(today-Day(i%150), "Trainer", "Mens", "founded", uint8(1+i%5))
		list = append(list, r)
	}
	return list
}

func eachChart(t *testing.T, do func(t *testing.T, c Chart)) {
	t.Helper()
	for _, a := range append(academies(), academy{"hard", hard()}) {
		f := of(list(a.rows), Until(today), today)
		if a.name == "hard" {
			f = of(list(a.rows), Period{1, today}, today)
		}
		for _, l := range []Language{NL, EN} {
			for _, c := range Charts(f, l) {
				t.Run(a.name+" "+c.Name+" "+string(l), func(t *testing.T) { do(t, c) })
			}
		}
	}
}

// area is what a label covers: from the top of a capital to its baseline.
func (s *scene) area(l label) (x0, y0, x1, y1 float64) {
	w := s.face.width(l.Words, l.Size, l.Bold)
	x0 = l.X
	switch l.Anchor {
	case "middle":
		x0 -= w / 2
	case "end":
		x0 -= w
	}
	return x0, l.Y - 0.73*l.Size, x0 + w, l.Y
}

// No words leave the picture, touch other words, or lie on a bar; no bar leaves the
// picture.
func TestNothingOverlaps(t *testing.T) {
	eachChart(t, func(t *testing.T, c Chart) {
		for _, width := range []int{MinWidth, 340, 360, 480, 800, MaxWidth} {
			for _, lay := range []func(int) (*scene, error){c.picture, c.element} {
				s, err := lay(width)
				if err != nil {
					t.Fatal(err)
				}
				for i, l := range s.Labels {
					x0, y0, x1, y1 := s.area(l)
					if x0 < 0 || y0 < 0 || x1 > s.Width || y1 > s.Height {
						t.Errorf("%d: %q leaves the picture: %.0f,%.0f to %.0f,%.0f", width, l.Words, x0, y0, x1, y1)
					}
					for _, m := range s.Labels[:i] {
						if u0, v0, u1, v1 := s.area(m); x0 < u1+2 && u0 < x1+2 && y0 < v1+1 && v0 < y1+1 {
							t.Errorf("%d: %q and %q overlap", width, l.Words, m.Words)
						}
					}
					for _, b := range s.Boxes {
						if b.Tone != rule && x0 < b.X+b.W && b.X < x1 && y0 < b.Y+b.H && b.Y < y1 {
							t.Errorf("%d: %q lies on a %s", width, l.Words, b.Tone.Class())
						}
					}
				}
				for _, b := range s.Boxes {
					if b.X < 0 || b.Y < 0 || b.X+b.W > s.Width || b.Y+b.H > s.Height {
						t.Errorf("%d: a %s leaves the picture: %+v", width, b.Tone.Class(), b)
					}
				}
			}
		}
	})
}

// A number that is cut is no number: none is, as wide as pictures are in mail and page.
func TestNumbersAreWhole(t *testing.T) {
	f := of(list(trouble()), Until(today), today)
	for _, l := range []Language{NL, EN} {
		c := OpenChart(f, l)
		for _, width := range []int{MinWidth, 360, 800} {
			for i, lay := range []func(int) (*scene, error){c.picture, c.element} {
				if i == 1 && width == MinWidth {
					width = narrowWidth // the least of a page
				}
				s, err := lay(width)
				if err != nil {
					t.Fatal(err)
				}
				whole := 0
				for _, label := range s.Labels {
					whole += len(caseNumber.FindAllString(label.Words, -1))
					if strings.HasSuffix(label.Words, "…") {
						t.Errorf("%d: %s", width, label.Words)
					}
				}
				if whole != maxOpen {
					t.Errorf("%d: %d numbers", width, whole)
				}
			}
		}
	}
}

// There is no empty picture: there is a sentence.
func TestEmptyCharts(t *testing.T) {
	eachChart(t, func(t *testing.T, c Chart) {
		var b bytes.Buffer
		err := c.PNG(&b, MinWidth)
		if c.Empty() != (err != nil) || c.Empty() != (b.Len() == 0) || c.Empty() != (c.SVG(&b, 360) != nil) {
			t.Errorf("empty %v, error %v, %d bytes", c.Empty(), err, b.Len())
		}
		if c.Words == "" || c.Title == "" || !strings.HasSuffix(c.Words, ".") || c.Empty() != (len(c.Bars) == 0) {
			t.Errorf("%q %q %d bars", c.Title, c.Words, len(c.Bars))
		}
		for _, line := range c.Bars {
			if n := len([]rune(line)); n > 100 {
				t.Errorf("%d wide: %s", n, line)
			}
		}
		if strings.HasPrefix(t.Name(), "TestEmptyCharts/empty") != c.Empty() {
			t.Errorf("empty: %v", c.Empty())
		}
	})
}

// A PNG has two pixels for one of CSS and is small enough for a mail.
func TestPNG(t *testing.T) {
	for _, a := range academies()[3:] { // the one with most in it
		for _, c := range Charts(of(list(a.rows), Until(today), today), NL) {
			var b, again bytes.Buffer
			if err := c.PNG(&b, 360); err != nil {
				t.Fatal(err)
			}
			size := b.Len()
			if err := c.PNG(&again, 360); err != nil || !bytes.Equal(b.Bytes(), again.Bytes()) {
				t.Errorf("%s: a second time it is another picture (%v)", c.Name, err)
			}
			img, err := png.Decode(&b)
			if err != nil || img.Bounds().Dx() != 720 || size > 60_000 {
				t.Errorf("%s: %v, %v, %d bytes", c.Name, err, img.Bounds(), size)
			}
		}
	}
}

// Charts to look at: KLACHTD_LOOK=FOLDER go test -run Look ./internal/report
// leaves them there.
func TestLook(t *testing.T) {
	folder := os.Getenv("KLACHTD_LOOK")
	if folder == "" {
		t.Skip("KLACHTD_LOOK names no folder")
	}
	for _, a := range academies() {
		for _, l := range []Language{NL, EN} {
			for _, c := range Charts(of(list(a.rows), Until(today), today), l) {
				for _, width := range []int{360, 800} {
					if c.Empty() {
						continue
					}
					var b bytes.Buffer
					if err := c.PNG(&b, width); err != nil {
						t.Fatal(err)
					}
					name := fmt.Sprintf("%s-%s-%s-%d.png", a.name, c.Name, l, width)
					if err := os.WriteFile(filepath.Join(folder, name), b.Bytes(), 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
}

// luminance is how bright a colour is (WCAG 2.2, relative luminance).
func luminance(r, g, b uint8) float64 {
	channel := func(v uint8) float64 {
		c := float64(v) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(r) + 0.7152*channel(g) + 0.0722*channel(b)
}

// Words stand out on white (WCAG 2.2, 1.4.3: 4.5), bars that lie beside each
// other from each other, also where colours are not seen: printed in grey.
func TestContrast(t *testing.T) {
	of := func(a tone) float64 { c := colours[a]; return luminance(c.R, c.G, c.B) + 0.05 }
	for _, p := range []struct {
		dark, light tone
		least       float64
	}{{bar, pale, 2}, {late, bar, 2}, {bar, track, 3}, {ink, bar, 3}, {late, track, 3}} {
		if got := of(p.light) / of(p.dark); got < p.least {
			t.Errorf("%s on %s: %.2f", p.dark.Class(), p.light.Class(), got)
		}
	}
	for _, words := range []tone{ink, faint} {
		if got := 1.05 / of(words); got < 4.5 {
			t.Errorf("%s on white: %.2f", words.Class(), got)
		}
	}
}

// What the pictures say in words, and the bars of a text part.
func TestChartsInWords(t *testing.T) {
	for _, a := range academies() {
		for _, l := range []Language{NL, EN} {
			var b strings.Builder
			for _, c := range Charts(of(list(a.rows), Until(today), today), l) {
				fmt.Fprintf(&b, "%s\n-- alt: %s\n\n", c.Text(), c.Words)
			}
			golden(t, "charts-"+a.name+"."+string(l)+".txt", []byte(b.String()))
		}
	}
}

// Reports to look at: as TestLook.
func TestLookReports(t *testing.T) {
	folder := os.Getenv("KLACHTD_LOOK")
	if folder == "" {
		t.Skip("KLACHTD_LOOK names no folder")
	}
	for _, a := range academies() {
		r := Make(list(a.rows), Until(today), 0, "Academie Voorbeeld", NL, today)
		for ending, write := range map[string]func(io.Writer) error{"html": r.HTML, "csv": r.CSV, "json": r.JSON, "xlsx": r.XLSX} {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, a.name+"."+ending), b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
