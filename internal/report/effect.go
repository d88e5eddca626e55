package report

import "math"

// A Verdict says what an improvement did.
type Verdict uint8

// The verdicts of procedure.md 5.
const (
	NotKnown Verdict = iota // too few cases, or too short
	Works                   // it happens less often, by more than chance explains
	WorksNot                // even a halving does not fit what was counted
)

// String is the verdict as it is kept: not_known, works or works_not.
func (v Verdict) String() string {
	return [...]string{NotKnown: "not_known", Works: "works", WorksNot: "works_not"}[v]
}

// mayErr is how often a verdict may be wrong, each way.
const mayErr = 0.05

// maxWeeks is how far ahead a verdict is worth waiting for: five years.
const maxWeeks = 260

// An Effect is the rate of a cause before and after an improvement was carried out.
type Effect struct {
	Rates     Rates   // Now: after
	Unknown   int     // cases since then that have no cause yet
	Low, High float64 // of the ratio, 95 %
	Verdict   Verdict
	Weeks     int // of NotKnown: how many more a halving would take to be seen four times out of five; -1: over five years
}

// EffectOf weighs an improvement that was carried out on done: cases received
// since then against those of the year before. Since is the first day of the
// register; 0: that of the oldest row. Cases whose cause is not known yet count for as much of the cause as
// had it before, so that work that lies undone is not taken for a success.
func EffectOf(seen *Seen, by By, name string, done, today, since Day) Effect {
	after, before := Period{done + 1, today}, Period{max(done.back(monthsThen)+1, seen.since(since)), done}
	e := Effect{Rates: Rates{NowDays: after.Days(), BeforeDays: before.Days()}}
	known := 0
	for i := range seen.cases {
		c := &seen.cases[i]
		of := c.by[by]
		switch {
		case after.Has(c.received):
			e.Rates.Now += one(of == name)
			e.Unknown += one(of == "")
		case before.Has(c.received) && of != "":
			known++
			e.Rates.Before += one(of == name)
		}
	}
	if e.Rates.BeforeDays < 1 || known == 0 {
		e.Weeks, e.High = -1, math.Inf(1)
		return e
	}
	if e.Rates.NowDays < 1 { // the day itself: nothing to weigh, and all of the wait to come
		e.Weeks, e.High = weeks(e.Rates), math.Inf(1)
		return e
	}
	r := e.Rates
	r.Now += int(math.Ceil(float64(e.Unknown) * float64(r.Before) / float64(known)))
	e.judge(r)
	return e
}

// judge gives the verdict on r, which counts cases without a cause too.
func (e *Effect) judge(r Rates) {
	e.Low, e.High = r.Interval(level, true)
	switch {
	case r.Before+r.Now < Least:
		e.Weeks = weeks(r)
	case r.MidFewer() <= mayErr:
		e.Verdict = Works
	case r.more(0.5, 0.5) <= mayErr:
		e.Verdict = WorksNot
	default:
		e.Weeks = weeks(r)
	}
}

// weeks is how many more it takes until a halving is seen four times out of
// five, from as many days as there were.
func weeks(r Rates) int {
	rate := float64(r.Before) / float64(r.BeforeDays) / 2
	for w := 1; w <= maxWeeks; w++ {
		t := Rates{NowDays: r.NowDays + 7*w, Before: r.Before, BeforeDays: r.BeforeDays}
		most := -1 // the most cases that would still count as a fall
		for t.Now = 0; t.MidFewer() <= mayErr; t.Now++ {
			most = t.Now
		}
		if most >= 0 && 1-poisson(most+1, rate*float64(t.NowDays)) >= seenPower {
			return w
		}
	}
	return -1
}
