package report

import "strings"

// across is a chart of bars that lie, each with its name before it and its
// number behind it.
type across struct {
	rows   []lying
	legend []legend
	note   string
}

// A lying bar. Its parts stand one after the other on its track.
type lying struct {
	name  string
	bold  bool
	parts []part
	track float64 // how far the track goes; 0: none
	mark  float64 // where a line crosses the bar; 0: nowhere
	value string
	side  string // a second value, fainter
}

// Heights of a row and of the bar in it.
const (
	rowHeight = 27
	barHeight = 15
	gap       = 10
)

// columns are where things stand in a row.
type columns struct{ name, bar, end, value, side float64 }

// columnsOf gives names and values what they need, and the bars the rest. Where that is
// less than a third, names are cut.
func (a across) columnsOf(s *scene) columns {
	var names, values, sides float64
	for _, r := range a.rows {
		names = max(names, s.face.width(r.name, textSize, r.bold))
		values = max(values, s.face.width(r.value, textSize, false))
		sides = max(sides, s.face.width(r.side, smallSize, false))
	}
	if sides > 0 {
		sides += gap
	}
	space := s.Width - 2*margin
	names = min(names, max(60, space*2/3-values-sides-2*gap))
	c := columns{name: names, bar: margin + names + gap, side: s.Width - margin}
	c.value = c.side - sides
	c.end = c.value - values - gap
	return c
}

func (r lying) sum() float64 {
	n := 0.0
	for _, p := range r.parts {
		n += p.n
	}
	return n
}

func (a across) most() float64 {
	most := 0.0
	for _, r := range a.rows {
		most = max(most, r.sum(), r.track, r.mark)
	}
	return most
}

func (a across) lay(s *scene, y float64) float64 {
	c, most := a.columnsOf(s), a.most()
	scale := 0.0
	if most > 0 {
		scale = (c.end - c.bar) / most
	}
	for _, r := range a.rows {
		top := y + (rowHeight-barHeight)/2
		base := top + barHeight/2 + textSize*0.36
		s.text(margin, base, s.face.fit(r.name, textSize, r.bold, c.name), label{Bold: r.bold})
		s.box(c.bar, top, r.track*scale, barHeight, track)
		x := c.bar
		for _, p := range r.parts {
			s.box(x, top, p.n*scale, barHeight, p.tone)
			x += p.n * scale
		}
		if r.mark > 0 {
			s.box(c.bar+r.mark*scale-1, top-3, 2, barHeight+6, ink)
		}
		s.text(c.value, base, r.value, label{Anchor: "end"})
		if r.side != "" {
			s.text(c.side, base, r.side, label{Anchor: "end", Size: smallSize, Tone: faint})
		}
		y += rowHeight
	}
	s.box(c.bar-1, y-float64(len(a.rows)*rowHeight), 1, float64(len(a.rows)*rowHeight), rule)
	if a.note != "" {
		y = s.lines(margin, y+16, strings.Fields(a.note), label{Size: smallSize, Tone: faint}) - smallSize
	}
	return layLegend(s, y+4, a.legend)
}
