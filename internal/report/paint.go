package report

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

// A PNG lies on white of its own, in a mail by night as well: a picture cannot
// know. Printed in grey the three bars are light, middle and dark.
var colours = [numTones]color.RGBA{
	ink:   {0x1c, 0x21, 0x27, 0xff},
	faint: {0x55, 0x5d, 0x66, 0xff},
	rule:  {0xd9, 0xde, 0xe3, 0xff},
	track: {0xe6, 0xec, 0xf2, 0xff},
	bar:   {0x3b, 0x7d, 0xc4, 0xff},
	pale:  {0xb5, 0xcf, 0xe9, 0xff},
	late:  {0x8f, 0x1d, 0x14, 0xff},
}

// dense is how many pixels of a PNG make one of CSS.
const dense = 2

// PNG paints the chart width CSS pixels wide (MinWidth to MaxWidth), with twice as many pixels of its own;
// show it at width. An empty chart is an error: show its Words.
func (c Chart) PNG(w io.Writer, width int) error {
	if c.Empty() {
		return fmt.Errorf("paint %s: nothing to draw", c.Name)
	}
	s, err := c.picture(width)
	if err != nil {
		return fmt.Errorf("paint %s: %w", c.Name, err)
	}
	if err := png.Encode(w, s.paint()); err != nil {
		return fmt.Errorf("paint %s: %w", c.Name, err)
	}
	return nil
}

// paint draws the scene.
func (s *scene) paint() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, int(s.Width)*dense, int(math.Ceil(s.Height))*dense))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	for _, b := range s.Boxes {
		r := image.Rect(pixel(b.X), pixel(b.Y), max(pixel(b.X)+1, pixel(b.X+b.W)), max(pixel(b.Y)+1, pixel(b.Y+b.H)))
		draw.Draw(img, r, image.NewUniform(colours[b.Tone]), image.Point{}, draw.Src)
	}
	for _, l := range s.Labels {
		x := l.X
		switch l.Anchor {
		case "middle":
			x -= s.face.width(l.Words, l.Size, l.Bold) / 2
		case "end":
			x -= s.face.width(l.Words, l.Size, l.Bold)
		}
		d := font.Drawer{Dst: img, Src: image.NewUniform(colours[l.Tone]), Face: s.face.at(l.Size*dense, l.Bold),
			Dot: fixed.Point26_6{X: fixed.Int26_6(x * dense * 64), Y: fixed.Int26_6(l.Y * dense * 64)}}
		d.DrawString(l.Words)
	}
	return reduce(img)
}

// reduce puts a picture on a palette: a chart has few colours, and the file stays small.
func reduce(img *image.RGBA) image.Image {
	few := image.NewPaletted(img.Bounds(), palette())
	known := map[[4]uint8]uint8{}
	for i := range few.Pix {
		p := [4]uint8(img.Pix[4*i : 4*i+4])
		at, ok := known[p]
		if !ok {
			at = uint8(few.Palette.Index(color.RGBA{p[0], p[1], p[2], p[3]}))
			known[p] = at
		}
		few.Pix[i] = at
	}
	return few
}

func pixel(v float64) int { return int(math.Round(v * dense)) }

// shades is how many steps lie between a colour of words and what is behind it.
const shades = 16

// palette holds the colours, and for words the steps down to white.
func palette() color.Palette {
	list := color.Palette{color.White}
	for t, c := range colours {
		list = append(list, c)
		if tone(t) != ink && tone(t) != faint {
			continue
		}
		for i := 1; i < shades; i++ {
			mix := func(v uint8) uint8 { return uint8((int(v)*i + 255*(shades-i)) / shades) }
			list = append(list, color.RGBA{mix(c.R), mix(c.G), mix(c.B), 0xff})
		}
	}
	return list
}

// SVG draws the chart width CSS pixels wide as an element for an HTML page, whose style sheet gives
// its classes their colours: fill of .ink, .faint, .rule, .track, .bar, .pale and .late. It is
// hidden from those who are read to: Words says the same.
func (c Chart) SVG(w io.Writer, width int) error {
	if c.Empty() {
		return fmt.Errorf("draw %s: nothing to draw", c.Name)
	}
	s, err := c.element(width)
	if err != nil {
		return fmt.Errorf("draw %s: %w", c.Name, err)
	}
	t, err := pageTemplate()
	if err != nil {
		return err
	}
	if err := t.ExecuteTemplate(w, "chart", s); err != nil {
		return fmt.Errorf("draw %s: %w", c.Name, err)
	}
	return nil
}
