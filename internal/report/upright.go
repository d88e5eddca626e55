package report

import (
	"fmt"
	"math"
)

// upright is a chart of pairs of bars that stand, a pair a month.
type upright struct {
	pairs  []pair
	legend []legend
}

type pair struct {
	name, under string // under: a second line of the name, where it is needed
	left, right []part
}

// plotHeight is that of the bars.
const plotHeight = 150

// step is a round distance between lines, so that at most five are drawn and all
// are whole numbers.
func step(most float64) float64 {
	for size := 1.0; ; size *= 10 {
		for _, n := range []float64{1, 2, 5} {
			if most <= n*size*5 {
				return n * size
			}
		}
	}
}

func total(parts []part) float64 { return lying{parts: parts}.sum() }

func (u upright) lay(s *scene, y float64) float64 {
	most := 4.0 // few stay low
	for _, p := range u.pairs {
		most = max(most, total(p.left), total(p.right))
	}
	each := step(most)
	most = max(each, math.Ceil(most/each)*each)
	top, bottom := y+10, y+10+plotHeight
	left := margin + s.face.width(fmt.Sprint(most), smallSize, false) + 8
	for v := 0.0; v <= most; v += each {
		at := bottom - v/most*plotHeight
		s.box(left, at, s.Width-margin-left, 1, rule)
		s.text(left-8, at+smallSize*0.36, fmt.Sprint(v), label{Anchor: "end", Size: smallSize, Tone: faint})
	}
	wide := (s.Width - margin - left) / float64(len(u.pairs))
	thick := math.Min(18, wide*0.34)
	for i, p := range u.pairs {
		middle := left + (float64(i)+0.5)*wide
		stand(s, middle-thick-0.5, bottom, thick, (bottom-top)/most, p.left)
		stand(s, middle+0.5, bottom, thick, (bottom-top)/most, p.right)
		u.name(s, middle, bottom, wide, p)
	}
	return layLegend(s, bottom+38, u.legend)
}

// stand puts parts on top of each other.
func stand(s *scene, x, bottom, thick, scale float64, parts []part) {
	for _, p := range parts {
		bottom -= p.n * scale
		s.box(x, bottom, thick, p.n*scale, p.tone)
	}
}

// name writes that of a month, with one letter where three do not fit.
func (u upright) name(s *scene, middle, bottom, wide float64, p pair) {
	words := p.name
	if s.face.width("wmm", smallSize, false) > wide {
		words = words[:1]
	}
	s.text(middle, bottom+17, words, label{Anchor: "middle", Size: smallSize, Tone: faint})
	if p.under != "" {
		s.text(middle, bottom+32, p.under, label{Anchor: "middle", Size: smallSize, Tone: faint})
	}
}
