package report

import "slices"

// LeastClosed is how many closed cases it takes to advise on a date.
const LeastClosed = 5

// An Advice is what closed cases say to somebody who is about to name a date.
type Advice struct {
	Closed   int // cases that the date rests on: as old as this one, and then closed
	Until    Day // four out of five of them would have met it; 0: they are fewer than LeastClosed
	Told     int // delays that were told before, in closed cases
	Met      int // of Told: closed by that date
	Overshot int // the median of how many days the others were late; 0 when there are none
}

// Advise looks at how earlier delays turned out, and for the date that four out of
// five closed cases would have met: of those that were still open at the age that
// this one has today. Withdrawn cases tell nothing of how long work takes.
func Advise(rows Rows, received, today Day) Advice {
	var a Advice
	var took []Day
	var over []int
	for r := range rows {
		if !r.Counts() || r.Closed == 0 || r.Closed > today || r.Resolution == withdrawn {
			continue
		}
		if days := Day(r.Took()); days > today-received {
			took = append(took, days)
		}
		for _, d := range r.Delays {
			a.Told++
			switch {
			case r.Erased: // by how much is not known any more
				a.Met += one(r.InTime())
			case r.Closed <= d.Until:
				a.Met++
			default:
				over = append(over, int(r.Closed-d.Until))
			}
		}
	}
	slices.Sort(over)
	if n := len(over); n > 0 {
		a.Overshot = (over[(n-1)/2] + over[n/2] + 1) / 2
	}
	a.Closed = len(took)
	if a.Closed >= LeastClosed {
		slices.Sort(took)
		a.Until = received + took[(4*a.Closed+4)/5-1]
	}
	return a
}

// Sentence says the advice; "" when there is nothing to say.
func (a Advice) Sentence(l Language) string {
	text := ""
	if a.Told > 0 {
		text = l.sayf("Eerder gemeld uitstel: %d van %d keer gehaald", "Delays told before: %d of %d met", a.Met, a.Told)
		if a.Overshot > 0 {
			text += l.sayf(", anders meestal %s later", ", else mostly %s later", l.days(a.Overshot))
		}
		text += "."
	}
	if a.Until == 0 {
		return text
	}
	if text != "" {
		text += " "
	}
	return text + l.sayf("Vier van de vijf vergelijkbare klachten (%d) waren klaar op %s.", "Four out of five comparable complaints (%d) were done by %s.", a.Closed, l.date(a.Until))
}
