package report

import (
	"strings"
)

// A Chart is one picture of figures, and the same in words. A chart of nothing
// is no picture: Empty reports so, and Words is the sentence to show instead.
type Chart struct {
	Name  string // of the file or the content id: open, year, causes, content
	Title string
	Words string   // what the picture says: its alternative text
	Bars  []string // the same as lines of text, bars first so that they align in any font
	draw  drawing
}

// A drawing lays itself out below y and returns the y below it.
type drawing interface {
	lay(s *scene, y float64) float64
}

// Empty reports whether there is nothing to draw.
func (c Chart) Empty() bool { return c.draw == nil }

// Text is the chart for a text part: title, words, and bars when there are any.
func (c Chart) Text() string {
	if c.Empty() {
		return c.Title + "\n" + c.Words + "\n"
	}
	return c.Title + "\n" + strings.Join(c.Bars, "\n") + "\n"
}

// Charts are the four charts of a report, in their order.
func Charts(f Figures, l Language) []Chart {
	return []Chart{OpenChart(f, l), YearChart(f, l), CausesChart(f, l), ContentChart(f, l)}
}

// The least and the greatest width of a chart, in CSS pixels.
const (
	MinWidth = 300
	MaxWidth = 1200
)

const margin = 16

// scene lays the chart out for a width. Its title is left out where a heading
// says it.
func (c Chart) scene(width int, titled bool) (*scene, error) {
	face, err := newFaces()
	if err != nil {
		return nil, err
	}
	s := &scene{Width: float64(min(max(width, MinWidth), MaxWidth)), face: face}
	y := 6.0
	if titled {
		y = s.lines(margin, margin+titleSize, strings.Fields(c.Title), label{Size: titleSize, Bold: true})
	}
	if c.draw != nil {
		y = c.draw.lay(s, y)
	}
	s.Height = round(y + margin/2)
	return s, nil
}

// A part is a stretch of a bar.
type part struct {
	n    float64
	tone tone
}

// A legend says what a tone stands for.
type legend struct {
	tone  tone
	words string
}

// lay writes the legend in as many lines as it needs.
func layLegend(s *scene, y float64, items []legend) float64 {
	if len(items) == 0 {
		return y
	}
	x := float64(margin)
	y += 16
	for _, item := range items {
		w := 16 + s.face.width(item.words, smallSize, false)
		if x > margin && x+w > s.Width-margin {
			x, y = margin, y+18
		}
		if item.tone == ink {
			s.box(x+4, y-10, 2, 12, ink)
		} else {
			s.box(x, y-9, 10, 10, item.tone)
		}
		s.text(x+16, y, item.words, label{Size: smallSize, Tone: faint})
		x += w + 18
	}
	return y + 6
}

// blocks is a bar of text, at most wide long; what is there is never nothing.
func blocks(n, most float64, wide int, sign string) string {
	if n <= 0 || most <= 0 {
		return ""
	}
	return strings.Repeat(sign, max(1, int(n/most*float64(wide)+0.5)))
}

// wideBlocks is how long bars of text get: with their words they fit in 78 characters.
const wideBlocks = 20

// counted is blocks of a count. A few of few are not made to look like many.
func counted(n, most int, sign string) string {
	return blocks(float64(n), float64(max(most, wideBlocks/2)), wideBlocks, sign)
}
