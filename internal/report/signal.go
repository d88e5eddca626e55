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

func (b By) of(r *Row) string {
	return [...]string{r.Cause, r.Category, r.Course, r.Location}[b]
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
	monthsNow  = 3
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

// Signals looks for patterns as of today. Since is the first day of the register; 0: that
// of the oldest row. A name is tested or not by how often it occurs in all, which
// says nothing about when: that keeps the tests honest.
func Signals(rows []Row, today, since Day) []Signal {
	list := rises(rows, today, since)
	list = append(list, Groups(rows, Period{today - GroupDays + 1, today})...)
	return append(list, recurring(rows, Until(today))...)
}

// recurring are names with Least cases or more.
func recurring(rows []Row, p Period) []Signal {
	var list []Signal
	for by := ByCause; by <= ByLocation; by++ {
		found := map[string][]*Row{}
		for i := range rows {
			if r := &rows[i]; r.Counts() && p.Has(r.Received) && by.of(r) != "" {
				found[by.of(r)] = append(found[by.of(r)], r)
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

func numbersOf(cases []*Row) []string {
	slices.SortStableFunc(cases, func(a, b *Row) int {
		return cmp.Or(int(a.Received-b.Received), strings.Compare(a.Number, b.Number))
	})
	var list []string
	for _, r := range cases {
		if r.Number != "" && !r.Erased {
			list = append(list, r.Number)
		}
	}
	return list
}

// Groups are three or more cases about one course within GroupDays, the last of
// them in p: perhaps one complaint of a group. Erased cases have no day any more.
func Groups(rows []Row, p Period) []Signal {
	courses := map[string][]*Row{}
	for i := range rows {
		if r := &rows[i]; r.Counts() && !r.Erased && r.Course != "" && r.Received > p.From-GroupDays*GroupDays && r.Received <= p.To {
			courses[r.Course] = append(courses[r.Course], r)
		}
	}
	var list []Signal
	for name, cases := range courses {
		slices.SortFunc(cases, func(a, b *Row) int { return int(a.Received - b.Received) })
		for _, run := range runs(cases) {
			last := run[len(run)-1].Received
			if p.Has(last) {
				list = append(list, Signal{Kind: Group, By: ByCourse, Name: name, N: len(run), Numbers: numbersOf(run), From: run[0].Received, To: last})
			}
		}
	}
	slices.SortFunc(list, func(a, b Signal) int { return cmp.Or(int(b.To-a.To), strings.Compare(a.Name, b.Name)) })
	return list
}

// runs are the stretches of cases, in order of receipt, in which each is one of
// Least within GroupDays.
func runs(cases []*Row) [][]*Row {
	var list [][]*Row
	from, to := 0, 0 // the stretch so far; empty while to is 0
	for i := Least - 1; i < len(cases); i++ {
		first := i - Least + 1
		if cases[i].Received-cases[first].Received >= GroupDays {
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
	cases     []*Row
}

// rises are the causes and categories of which the last quarter has more than
// the year before lets expect.
func rises(rows []Row, today, since Day) []Signal {
	now := Period{today.back(monthsNow) + 1, today}
	then := Period{max(today.back(monthsNow+monthsThen)+1, beginning(rows, since)), now.From - 1}
	if then.Days() < leastThen || inYear(rows, today) < TestFrom {
		return nil
	}
	trials := trialsOf(rows, now, then)
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

// beginning is since, or the day of the oldest row.
func beginning(rows []Row, since Day) Day {
	if since != 0 || len(rows) == 0 {
		return since
	}
	since = rows[0].Received
	for i := range rows {
		since = min(since, rows[i].Received)
	}
	return since
}

func inYear(rows []Row, today Day) int {
	n, p := 0, Until(today)
	for i := range rows {
		n += one(rows[i].Counts() && p.Has(rows[i].Received))
	}
	return n
}

// trialsOf are the names with Least cases or more in both runs of days together,
// in a fixed order.
func trialsOf(rows []Row, now, then Period) []trial {
	var list []trial
	for _, by := range []By{ByCause, ByCategory} {
		found := map[string]*trial{}
		for i := range rows {
			r := &rows[i]
			name := by.of(r)
			if name == "" || !r.Counts() || !now.Has(r.Received) && !then.Has(r.Received) {
				continue
			}
			t := found[name]
			if t == nil {
				t = &trial{by: by, name: name}
				found[name] = t
			}
			if then.Has(r.Received) {
				t.then++
			} else {
				t.now++
				t.cases = append(t.cases, r)
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
