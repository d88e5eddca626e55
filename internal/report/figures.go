package report

import (
	"slices"
	"strings"
)

// Least is how many cases of a course or a location it takes to be shown apart:
// fewer could be read as persons (procedure.md 6).
const Least = 3

// Figures are what a report says of a period, as it was at the end of its last day.
type Figures struct {
	Period        Period
	Received      int // in the period
	Closed        int
	InTime        int    // of Closed: by the date that held
	Open          []Open // most pressing first
	OpenErased    int    // were open too, and have been erased since
	LateErased    int    // of those
	AtOoa         int    // open, and with the Ooa: the academy's terms stand still
	Severe        int    // of Received
	Internal      int
	Announced     int // cases of which a first delay was told in the period
	Reopened      int // of Received
	Outside       int // of Received: went to the Ooa
	NotComplaints int // of those received, taken out of the register
	Withdrawn     int // of Closed
	Days          int // the median of how long closed cases took; 0 without any
	Terms         []Kept
	Months        []Month // twelve, the last one that of Period.To
	Categories    Tally   // of those received
	Causes        Tally
	Channels      Tally
	Findings      Tally // of those closed
	Courses       Courses
	Locations     Tally // from Least on
	Content       Content
	Cut           Cut // of a month, by the period's ends
}

// Open is a case that is open.
type Open struct {
	Number   string
	Severe   bool
	Received Day
	Due      Day // what was promised
	Age      int // days since receipt, the period's last day among them when it lies before today
	Left     int // days till Due, in the same way; below 0: late
}

// Late reports whether the case is past its date.
func (o Open) Late() bool { return o.Left < 0 }

// Kept is how one kind of promise was kept, of those that fell due in the period.
type Kept struct {
	Term   Term
	Solved bool // the line "solved within the term, or the delay announced"; Term is Resolve
	Due    int
	InTime int
}

// Month is one of twelve.
type Month struct {
	From     Day // its first day
	Received int
	Closed   int
	InTime   int // of Closed
}

// Content is what the question how content one is brought.
type Content struct {
	Asked    int
	Scores   [5]int // how many gave 1, 2 … 5
	Answered int
}

// Mean is the mean score; 0 without answers.
func (c Content) Mean() float64 {
	if c.Answered == 0 {
		return 0
	}
	sum := 0
	for i, n := range c.Scores {
		sum += (i + 1) * n
	}
	return float64(sum) / float64(c.Answered)
}

func newBuilding(p Period, today Day) *building {
	b := &building{Figures: &Figures{Period: p, Months: months(p.To)}, causes: counts{}, categories: counts{}, channels: counts{},
		findings: counts{}, locations: counts{}, courses: map[string]*courseCounts{}, year: Months(p.To), now: p.To}
	if p.To < today {
		b.now++
	}
	b.Cut = cutOf(p, b.now)
	return b
}

func (b *building) figures() Figures {
	f := b.Figures
	slices.SortFunc(f.Open, func(a, b Open) int {
		if a.Left != b.Left {
			return a.Left - b.Left
		}
		if a.Age != b.Age {
			return b.Age - a.Age
		}
		return strings.Compare(a.Number, b.Number)
	})
	f.Terms = b.kept()
	f.Causes, f.Categories, f.Channels, f.Findings = b.causes.tally(), b.categories.tally(), b.channels.tally(), b.findings.tally()
	f.Locations = b.locations.tally().From(Least)
	f.Courses = coursesOf(b.courses)
	if n := len(b.took); n > 0 {
		slices.Sort(b.took)
		f.Days = (b.took[(n-1)/2] + b.took[n/2]) / 2
	}
	return *f
}

// building is what is known while rows pass by.
type building struct {
	*Figures
	causes, categories, channels, findings, locations counts

	courses map[string]*courseCounts
	terms   [numTerms]Kept
	solved  Kept
	took    []int
	year    Period
	now     Day // days before it are over
}

func (b *building) add(r *Row) {
	b.Cut.add(r)
	if !r.Counts() {
		if b.Period.Has(r.Received) && r.Resolution == notComplaint {
			b.NotComplaints++
		}
		return
	}
	if b.Period.Has(r.Received) {
		b.received(r)
	}
	if b.Period.Has(r.Closed) {
		b.closed(r)
	}
	switch {
	case !r.openOn(b.Period.To):
	case r.Erased && r.Closed != 0: // what was erased while it was open is open no more
		b.OpenErased++
		b.LateErased += one(r.term() < b.now)
	case r.Erased:
	case r.State == escalated:
		b.AtOoa++
	default:
		due := r.term()
		b.Open = append(b.Open, Open{strings.Clone(plain(r.Number)), r.Severity == severe, r.Received, due, int(b.now - r.Received), int(due - b.now)})
	}
	if len(r.Delays) > 0 && b.Period.Has(r.Delays[0].On) {
		b.Announced++
	}
	b.monthly(r)
	b.promises(r)
}

func (b *building) received(r *Row) {
	b.Received++
	b.Severe += one(r.Severity == severe)
	b.Internal += one(r.Kind == internal)
	b.Reopened += one(r.Reopened)
	b.Outside += one(r.Outside)
	b.causes.add(r.Cause)
	b.categories.add(r.Category)
	b.channels.add(r.Channel)
	if r.Location != "" {
		b.locations.add(r.Location)
	}
	if r.Course != "" {
		b.course(r)
	}
}

func (b *building) closed(r *Row) {
	b.Closed++
	b.InTime += one(r.InTime())
	b.Withdrawn += one(r.Resolution == withdrawn)
	b.took = append(b.took, r.Took())
	if r.Finding != "" {
		b.findings.add(r.Finding)
	}
	b.Content.Asked += one(r.Asked)
	if r.Score >= 1 && int(r.Score) <= len(b.Content.Scores) {
		b.Content.Scores[r.Score-1]++
		b.Content.Answered++
	}
}

func (b *building) monthly(r *Row) {
	if b.year.Has(r.Received) {
		b.Months[b.year.at(r.Received)].Received++
	}
	if b.year.Has(r.Closed) {
		m := &b.Months[b.year.at(r.Closed)]
		m.Closed++
		m.InTime += one(r.InTime())
	}
}

// at is in which month of the year d lies.
func (p Period) at(d Day) int {
	y, m, _ := d.Time().Date()
	y0, m0, _ := p.From.Time().Date()
	return (y-y0)*12 + int(m-m0)
}

func months(last Day) []Month {
	list := make([]Month, 12)
	for i := range list {
		list[i].From = last.month(i - 11)
	}
	return list
}

// promises counts those that fell due. What is not kept counts against the term
// when its last day is over; on that day itself only what was kept counts.
func (b *building) promises(r *Row) {
	for _, p := range r.Promises {
		if p.Waived || p.Term >= numTerms || !b.Period.Has(p.Due) || !due(p.Due, p.Kept, b.now) {
			continue
		}
		b.terms[p.Term].Due++
		b.terms[p.Term].InTime += one(kept(p.Due, p.Kept, b.now))
	}
	// "solved within four weeks, else told when" stands in no single promise
	if done := r.solved(); b.Period.Has(r.ResolveBy) && due(r.ResolveBy, done, b.now) {
		b.solved.Due++
		b.solved.InTime += one(kept(r.ResolveBy, done, b.now))
	}
}

func due(last, done, today Day) bool  { return last < today || kept(last, done, today) }
func kept(last, done, today Day) bool { return done != 0 && done <= last && done <= today }

// shownTerms are those of which people make a habit; the others are a person's
// own business, or too rare for a percentage.
var shownTerms = []Term{Acknowledge, CopyOwner, Take, React, Answer, Resolve, Feedback, Cause, Satisfaction, Call}

func (b *building) kept() []Kept {
	var list []Kept
	for _, t := range shownTerms {
		if t == Resolve && b.solved.Due > 0 {
			b.solved.Term, b.solved.Solved = Resolve, true
			list = append(list, b.solved)
		}
		if k := b.terms[t]; k.Due > 0 {
			k.Term = t
			list = append(list, k)
		}
	}
	return list
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}
