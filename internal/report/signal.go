package report

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// By is what cases are looked at by.
type By uint8

// What signals look at, in the order in which they are shown.
const (
	ByCause By = iota
	ByCategory
	ByCourse
	ByLocation
)

const numBy = 4

// Seen is what signals and effects know of a register: of each case that counts its
// number, its day and what it is looked at by.
type Seen struct {
	first Day // the oldest row
	cases []sighting
	words map[string]string // each text once
}

type sighting struct {
	number   string // "" of an erased case
	received Day
	by       [numBy]string
	erased   bool
}

// Look goes through a register once, in any order: the figures of a period as they
// are known on a day, and what signals and effects need. A term that ends on the
// period's last day is over when that lies before the day.
func Look(rows Rows, p Period, today Day) (Figures, *Seen) {
	b, seen := newBuilding(p, today), &Seen{words: map[string]string{}}
	for r := range rows {
		b.add(r)
		seen.add(r)
	}
	return b.figures(), seen
}

func (s *Seen) add(r *Row) {
	if s.first == 0 || r.Received < s.first {
		s.first = r.Received
	}
	if r.Counts() {
		s.cases = append(s.cases, sighting{strings.Clone(r.Number), r.Received,
			[numBy]string{s.word(r.Cause), s.word(r.Category), s.word(r.Course), s.word(r.Location)}, r.Erased})
	}
}

func (s *Seen) word(w string) string {
	known, ok := s.words[w]
	if !ok {
		known = strings.Clone(w)
		s.words[known] = known
	}
	return known
}

// A SignalKind says what was seen.
type SignalKind uint8

// The kinds of signals, in the order in which they are shown.
const (
	Rises  SignalKind = iota // more often than chance explains: the test
	Group                    // one course, within GroupDays
	Recurs                   // in twelve months; a count and no claim
)

// What it takes (procedure.md 5).
const (
	TestFrom   = 20   // cases a year from which on there is a test
	FalseRate  = 0.10 // of the findings of a run that may be false
	GroupDays  = 14
	monthsThen = 12
	leastThen  = 90 // days of the register before the last quarter, for a test
	seenPower  = 0.8
	level      = 0.95
)

// A Signal is a pattern that the directeur should know of. Docs/signals.md says
// how it is computed.
type Signal struct {
	Kind     SignalKind
	By       By
	Name     string // of the cause, category, course or location
	N        int
	Numbers  []string // of the cases, by day of receipt; fewer than N when some are erased
	From, To Day      // when they were received: of a Group the first and last, else the run of days

	// Of Rises alone.
	Rates     Rates
	Low, High float64 // of the ratio, 95 %
	P         float64 // of this test by itself
	Adjusted  float64 // at most FalseRate
	Seeable   float64 // the ratio that would have been seen four times out of five
}

// Signals looks for patterns as of today: Rising, Groups of the last GroupDays, and
// Recurring in the last twelve months. Since is as for Rising.
func Signals(seen *Seen, today, since Day) []Signal {
	list := Rising(seen, today, since)
	list = append(list, Groups(seen, Period{today - GroupDays + 1, today})...)
	return append(list, Recurring(seen, Until(today))...)
}

// Recurring are names with Least cases or more in a period.
func Recurring(seen *Seen, p Period) []Signal {
	var list []Signal
	for by := ByCause; by <= ByLocation; by++ {
		found := map[string][]*sighting{}
		for i := range seen.cases {
			if c := &seen.cases[i]; p.Has(c.received) && c.by[by] != "" {
				found[c.by[by]] = append(found[c.by[by]], c)
			}
		}
		for name, cases := range found {
			if len(cases) >= Least {
				list = append(list, Signal{Kind: Recurs, By: by, Name: name, N: len(cases), Numbers: numbersOf(cases), From: p.From, To: p.To})
			}
		}
	}
	slices.SortFunc(list, func(a, b Signal) int {
		return cmp.Or(int(a.By)-int(b.By), b.N-a.N, strings.Compare(a.Name, b.Name))
	})
	return list
}

func numbersOf(cases []*sighting) []string {
	slices.SortStableFunc(cases, func(a, b *sighting) int {
		return cmp.Or(int(a.received-b.received), strings.Compare(a.number, b.number))
	})
	var list []string
	for _, c := range cases {
		if c.number != "" && !c.erased {
			list = append(list, plain(c.number))
		}
	}
	return list
}

// Groups are three or more cases about one course within GroupDays, the last of
// them in p: perhaps one complaint of a group. Erased cases have no day any more.
func Groups(seen *Seen, p Period) []Signal {
	courses := map[string][]*sighting{}
	for i := range seen.cases {
		c := &seen.cases[i]
		if name := c.by[ByCourse]; !c.erased && name != "" && c.received > p.From-GroupDays*GroupDays && c.received <= p.To {
			courses[name] = append(courses[name], c)
		}
	}
	var list []Signal
	for name, cases := range courses {
		slices.SortFunc(cases, func(a, b *sighting) int { return int(a.received - b.received) })
		for _, run := range runs(cases) {
			last := run[len(run)-1].received
			if p.Has(last) {
				list = append(list, Signal{Kind: Group, By: ByCourse, Name: name, N: len(run), Numbers: numbersOf(run), From: run[0].received, To: last})
			}
		}
	}
	slices.SortFunc(list, func(a, b Signal) int { return cmp.Or(int(b.To-a.To), strings.Compare(a.Name, b.Name)) })
	return list
}

// runs are the stretches of cases, in order of receipt, in which each is one of
// Least within GroupDays.
func runs(cases []*sighting) [][]*sighting {
	var list [][]*sighting
	from, to := 0, 0 // the stretch so far; empty while to is 0
	for i := Least - 1; i < len(cases); i++ {
		first := i - Least + 1
		if cases[i].received-cases[first].received >= GroupDays {
			continue
		}
		if to > 0 && first >= to {
			list = append(list, cases[from:to:to])
			to = 0
		}
		if to == 0 {
			from = first
		}
		to = i + 1
	}
	if to > 0 {
		list = append(list, cases[from:to:to])
	}
	return list
}

// A trial is one test of a run: a name and when its cases came.
type trial struct {
	by        By
	name      string
	now, then int
	cases     []*sighting
}

// Rising are the causes and categories of which the last whole quarter has more than the
// year before lets expect: the same all through a quarter, so that who looks each
// week is told no more that is false than who looks four times a year. Since is the
// first day of the register; 0: that of the oldest row. A name is tested or not by how often it
// occurs in all, which says nothing about when: that keeps the tests honest.
func Rising(seen *Seen, today, since Day) []Signal {
	now := LastQuarter(today)
	then := Period{max(now.From.back(monthsThen), seen.since(since)), now.From - 1}
	if then.Days() < leastThen || seen.inYear(now.To) < TestFrom {
		return nil
	}
	trials := seen.trials(now, then)
	p := make([]float64, len(trials))
	for i, t := range trials {
		p[i] = Rates{t.now, now.Days(), t.then, then.Days()}.MidMore()
	}
	var list []Signal
	for i, q := range Adjust(p) {
		t := trials[i]
		if q > FalseRate || t.now < Least {
			continue
		}
		r := Rates{t.now, now.Days(), t.then, then.Days()}
		low, high := r.Interval(level, true)
		list = append(list, Signal{Kind: Rises, By: t.by, Name: t.name, N: t.now, Numbers: numbersOf(t.cases), From: now.From, To: now.To,
			Rates: r, Low: low, High: high, P: p[i], Adjusted: q, Seeable: Seeable(r, FalseRate/float64(len(trials)))})
	}
	slices.SortStableFunc(list, func(a, b Signal) int { return cmp.Compare(a.P, b.P) })
	return list
}

// since is that day, or the day of the oldest row.
func (s *Seen) since(day Day) Day {
	if day != 0 {
		return day
	}
	return s.first
}

func (s *Seen) inYear(today Day) int {
	n, p := 0, Until(today)
	for i := range s.cases {
		n += one(p.Has(s.cases[i].received))
	}
	return n
}

// trials are the names with Least cases or more in both runs of days together,
// in a fixed order.
func (s *Seen) trials(now, then Period) []trial {
	var list []trial
	for _, by := range []By{ByCause, ByCategory} {
		found := map[string]*trial{}
		for i := range s.cases {
			c := &s.cases[i]
			name := c.by[by]
			if name == "" || !now.Has(c.received) && !then.Has(c.received) {
				continue
			}
			t := found[name]
			if t == nil {
				t = &trial{by: by, name: name}
				found[name] = t
			}
			if then.Has(c.received) {
				t.then++
			} else {
				t.now++
				t.cases = append(t.cases, c)
			}
		}
		for _, t := range found {
			if t.now+t.then >= Least {
				list = append(list, *t)
			}
		}
	}
	slices.SortFunc(list, func(a, b trial) int { return cmp.Or(int(a.by)-int(b.by), strings.Compare(a.name, b.name)) })
	return list
}

// Seeable is the ratio at which a test at this level would have found a rise four times
// out of five, given how often it happened before: what stayed below it may well
// have gone unseen. With none before, half a case is taken.
func Seeable(r Rates, level float64) float64 {
	r.Now = Least
	for r.MidMore() > level {
		r.Now++
	}
	before := max(float64(r.Before), 0.5) / float64(r.BeforeDays) * float64(r.NowDays)
	return solve(func(ratio float64) bool { return poisson(r.Now, ratio*before) >= seenPower })
}

// poisson is how likely at least k are where mean are expected.
func poisson(k int, mean float64) float64 {
	below, term := 0.0, math.Exp(-mean)
	for i := range k {
		below += term
		term *= mean / float64(i+1)
	}
	return 1 - below
}
