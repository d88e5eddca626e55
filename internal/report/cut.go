package report

import "slices"

// A Cut is what a period that begins or ends amid a month cannot count: of an erased
// case the months alone are known, and it counts on their first days.
type Cut struct {
	From Missed // the month in which the period begins: its erased cases are left out
	To   Missed // the month in which it ends: they are counted in full
}

// A Missed is how many erased cases there are of a month that is cut.
type Missed struct {
	Month Day // its first day; 0: the period does not cut one there
	N     int // to whom something happened in it that is counted
}

// cutOf is for a period up to whose end days are known till now: what ends today has
// the whole of its last month so far.
func cutOf(p Period, now Day) Cut {
	var c Cut
	if p.From != p.From.month(0) {
		c.From.Month = p.From.month(0)
	}
	if last := p.To.month(0); now > p.To && p.To+1 != p.To.month(1) && last != c.From.Month {
		c.To.Month = last
	}
	return c
}

func (c *Cut) add(r *Row) {
	if !r.Erased || r.Resolution == merged {
		return
	}
	for _, m := range []*Missed{&c.From, &c.To} {
		m.N += one(m.Month != 0 && r.within(m.Month))
	}
}

// within reports whether a day of an erased case that is counted stands for a month.
func (r *Row) within(month Day) bool {
	if r.Received == month {
		return true
	}
	return r.Counts() && (r.Closed == month || r.ResolveBy == month || len(r.Delays) > 0 && r.Delays[0].On == month ||
		slices.ContainsFunc(r.Promises, func(p Promise) bool { return !p.Waived && p.Due == month }))
}

// Sentence says what is off by it; "" when nothing is.
func (c Cut) Sentence(l Language) string {
	text := ""
	if c.From.N > 0 {
		text = l.sayf("wat in %s met %s gebeurde telt daarom niet mee", "what happened in %s to %s is therefore not counted",
			l.month(c.From.Month), l.complaints(c.From.N))
	}
	if c.To.N > 0 {
		if text != "" {
			text += l.say(", en ", ", and ")
		}
		text += l.sayf("wat in %s met %s gebeurde telt daarom helemaal mee, ook van na deze periode", "what happened in %s to %s is therefore counted in full, also after this period",
			l.month(c.To.Month), l.complaints(c.To.N))
	}
	if text == "" {
		return ""
	}
	return l.say("Van een gewiste klacht is alleen de maand bekend: ", "Of an erased complaint only the month is known: ") + text + "."
}
