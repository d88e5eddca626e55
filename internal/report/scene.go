package report

import (
	"fmt"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
)

// A tone is what a mark means; the painter knows its colour by day and by night.
type tone uint8

const (
	ink   tone = iota // words
	faint             // words that matter less
	rule              // thin lines
	track             // what could have been: the term
	bar               // what is counted
	pale              // what is counted beside it
	late              // what went wrong
	numTones
)

var toneNames = [numTones]string{"ink", "faint", "rule", "track", "bar", "pale", "late"}

// Class is the tone's class in an SVG.
func (t tone) Class() string { return toneNames[t] }

// A box is a filled rectangle. All measures are in CSS pixels from the top left.
type box struct {
	X, Y, W, H float64
	Tone       tone
}

// A label is one line of words; Y is its baseline.
type label struct {
	X, Y   float64
	Words  string
	Size   float64
	Tone   tone
	Anchor string // start, middle or end: as in SVG
	Bold   bool
}

// A scene is a chart laid out for one width.
type scene struct {
	Width, Height float64
	Boxes         []box
	Labels        []label
	face          *faces
}

// Sizes of words.
const (
	textSize  = 13
	smallSize = 11.5
	titleSize = 16
)

// faces are the letters that scenes are measured with and painted in. The two
// fonts are those of the Go project (BSD licence).
type faces struct {
	regular, bold *opentype.Font
	known         map[faceKey]font.Face
}

type faceKey struct {
	size float64
	bold bool
}

func newFaces() (*faces, error) {
	regular, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	bold, err := opentype.Parse(gobold.TTF)
	if err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	return &faces{regular, bold, map[faceKey]font.Face{}}, nil
}

// at returns letters of a size in pixels.
func (f *faces) at(size float64, bold bool) font.Face {
	key := faceKey{size, bold}
	if face, ok := f.known[key]; ok {
		return face
	}
	from := f.regular
	if bold {
		from = f.bold
	}
	// only a size that is no number is an error
	face, err := opentype.NewFace(from, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil
	}
	f.known[key] = face
	return face
}

func (f *faces) width(words string, size float64, bold bool) float64 {
	return float64(font.MeasureString(f.at(size, bold), words)) / 64
}

// fit cuts words to a width.
func (f *faces) fit(words string, size float64, bold bool, width float64) string {
	if f.width(words, size, bold) <= width {
		return words
	}
	r := []rune(words)
	for len(r) > 1 && f.width(string(r)+"…", size, bold) > width {
		r = r[:len(r)-1]
	}
	return string(r) + "…"
}

func (s *scene) box(x, y, w, h float64, t tone) {
	if w > 0 && h > 0 {
		s.Boxes = append(s.Boxes, box{round(x), round(y), round(w), round(h), t})
	}
}

func (s *scene) text(x, y float64, words string, l label) {
	l.X, l.Y, l.Words = round(x), round(y), words
	if l.Size == 0 {
		l.Size = textSize
	}
	if l.Anchor == "" {
		l.Anchor = "start"
	}
	s.Labels = append(s.Labels, l)
}

// lines writes words in as many lines as they need and returns the y below them.
func (s *scene) lines(x, y float64, words []string, l label) float64 {
	line, space := "", s.Width-x-margin
	for _, w := range words {
		if line != "" && s.face.width(line+" "+w, l.Size, l.Bold) > space {
			s.text(x, y, line, l)
			line, y = "", y+l.Size*1.4
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	s.text(x, y, line, l)
	return y + l.Size*1.4
}

// round keeps an SVG short: a tenth of a pixel is seen by nobody.
func round(v float64) float64 { return math.Round(v*10) / 10 }
