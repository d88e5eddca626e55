package complaint

import (
	"slices"
	"strings"
	"time"
)

// A Digest is what the directeur reads each week (procedure.md 5): numbers and
// categories, no word and no name of a complaint. What only the register can count
// is filled in by who has it.
type Digest struct {
	From, Until time.Time // what is counted lies after From, up to Until
	Partial     bool      // for who acts in the place of the directeur in some case: the tasks alone
	Tasks       []Task    // what its reader has to do, first things first

	Open, Severe, Waiting, Late int // open cases; of those: severe, before the directeur, with a term that is over
	New, Closed, Reopened       int // in the period
	NotComplaint, Withdrawn     int // of Closed
	Kept                        []KeptTerms
	Scores                      [MaxScore + 1]int // answers in the period, by score
	EraseSoon                   int               // closed cases that are erased within 30 days
	EraseFirst                  Day               // the first of those days
	Signals                     []string          // sentences about patterns, without names of people
	Improvements                []Due             // actions that are due within a week, or over
	Verdicts                    []string          // what actions brought where no digest told it yet: sentences of figures
	MoreVerdicts                int               // there was no room for, and the next digest tells

	Erased      int     // in the period
	Came        int     // messages, in the period
	Accounted   int     // of those: known what became of them
	Became      []Tally // of the messages, by the words of the room that says what a message is
	Filtered    []Tally // who or what put messages or cases out of the register
	Commands    []Tally // mails with commands, carried out or not, a person
	Undelivered int     // mails of ours that did not arrive
	Unproven    int     // commands of which nobody could prove who gave them
	Trail       int64   // rows of the audit trail
	Head        string  // the hash of its last row in hexadecimal: who keeps the digest can tell later whether rows were cut off (security.md 31)
}

// A Task is something that a person has to do in a case, and the command for it.
type Task struct {
	Number       string
	Promise      PromiseKind
	Due          Day
	Late, Severe bool
	Order        Order
}

// KeptTerms says how many promises of a kind whose term ended were kept in time.
type KeptTerms struct {
	Kind   PromiseKind
	InTime int
	Of     int
}

// A Due is an improvement action with its day.
type Due struct {
	Number string // M-12
	Day    Day
	Late   bool
}

// A Tally counts what has a name.
type Tally struct {
	Name string
	N    int
}

// Count adds n to what has a name.
func Count(list []Tally, name string, n int) []Tally {
	for i := range list {
		if list[i].Name == name {
			list[i].N += n
			return list
		}
	}
	return append(list, Tally{name, n})
}

// Quiet reports whether there is nothing to do, nothing open and nothing that
// happened: then five lines are enough (procedure.md 5).
func (d Digest) Quiet() bool {
	return len(d.Tasks)+len(d.Improvements)+len(d.Verdicts)+d.Open+d.New+d.Closed+d.Reopened+d.Undelivered+d.Unproven+d.EraseSoon+d.Erased == 0 && d.Came == d.Accounted
}

// asks are the promises that wait for the directeur, with the command that keeps
// each: other ones are somebody else's, and his when their term is over.
var asks = map[PromiseKind]OrderKind{
	Approve: OrderApprove, Cause: OrderCause, Improvement: OrderAction, Request: OrderPrivacy, Ruling: OrderExternal, Consult: OrderStatus,
}

// weekAhead is how far a digest looks: till the next one.
const weekAhead = 7

// A Review goes through the register, a case at a time, and comes to a Digest for
// each who acts as the directeur in one.
type Review struct {
	whole Digest
	tasks map[string][]Task // by address
	kept  map[PromiseKind]*KeptTerms
	today Day
	p     Policy
}

// NewReview begins one over the time after from up to until.
func NewReview(from, until time.Time, p Policy) *Review {
	return &Review{whole: Digest{From: from, Until: until}, tasks: map[string][]Task{}, kept: map[PromiseKind]*KeptTerms{},
		today: DayOf(until, p.Zone), p: p}
}

// Wants reports whether a case has something to say in this review: who leaves out
// the others comes to the same Digest.
func (r *Review) Wants(b *Brief) bool {
	switch {
	case b.Open() || b.Consulted, r.within(b.ReceivedAt), r.within(b.ClosedAt), r.withinDay(b.ReopenedOn),
		b.KeptUntil != "" && b.KeptUntil <= r.today.Add(aheadDays):
		return true
	}
	for _, s := range b.Scores {
		if r.within(s.At) {
			return true
		}
	}
	from := DayOf(r.whole.From, r.p.Zone)
	for _, p := range b.Promises {
		if !slices.Contains(ofLater, p.Kind) && !p.Waived && (p.FulfilledAt.IsZero() || p.Due < r.today && from <= p.Due) {
			return true
		}
	}
	return false
}

// Add takes a case into account.
func (r *Review) Add(c Case) {
	d := &r.whole
	if c.Open() {
		d.Open++
		d.Severe += one(c.Severity == Severe)
		d.Waiting += one(c.State == WithDirector || c.State == AwaitingApproval)
	}
	d.New += one(r.within(c.ReceivedAt))
	d.Reopened += one(c.ReopenedOn != "" && r.withinDay(c.ReopenedOn))
	if !c.Open() && r.within(c.ClosedAt) {
		d.Closed++
		d.NotComplaint += one(c.Resolution == NotComplaint)
		d.Withdrawn += one(c.Resolution == Withdrawn)
		if c.EndedBy != "" && (c.Resolution == NotComplaint || c.Resolution == Withdrawn) {
			d.Filtered = Count(d.Filtered, c.EndedBy, 1)
		}
	}
	if until := c.KeptUntil(); until != "" && !c.Open() && c.place(Ruling) == 0 && until <= r.today.Add(aheadDays) {
		d.EraseSoon++
		if d.EraseFirst == "" || until < d.EraseFirst {
			d.EraseFirst = until
		}
	}
	for _, s := range c.Survey.Scores {
		if s.From == "" && r.within(s.At) {
			d.Scores[s.Score]++
		}
	}
	r.promises(c)
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (r *Review) within(t time.Time) bool { return t.After(r.whole.From) && !t.After(r.whole.Until) }

func (r *Review) withinDay(d Day) bool { return DayOf(r.whole.From, r.p.Zone) < d && d <= r.today }

// promises counts how those were kept whose term ended, and gathers what is owed.
func (r *Review) promises(c Case) {
	late, told := false, !c.Open() || c.Severity != Severe
	for _, pr := range c.Promises {
		if slices.Contains(ofLater, pr.Kind) {
			continue
		}
		if pr.Due < r.today && DayOf(r.whole.From, r.p.Zone) <= pr.Due && pr.WaivedBy == "" {
			r.count(pr)
		}
		if !pr.Open() {
			continue
		}
		late = late || c.Open() && pr.Due < r.today
		told = r.task(c, pr.Kind, pr.Due) || told
	}
	for _, q := range c.Consultations {
		if q.Open() {
			told = r.task(c, Consult, r.p.AddWorkdays(DayOf(q.At, r.p.Zone), consultDays)) || told
		}
	}
	if next := c.NextDue(); !told && next != nil { // a severe one he keeps in sight
		r.add(c, next.Kind, next.Due)
	}
	r.whole.Late += one(late)
}

func (r *Review) count(pr Promise) {
	k := r.kept[pr.Kind]
	if k == nil {
		k = &KeptTerms{Kind: pr.Kind}
		r.kept[pr.Kind] = k
	}
	k.Of++
	k.InTime += one(!pr.FulfilledAt.IsZero() && DayOf(pr.FulfilledAt, r.p.Zone) <= pr.Due)
}

// task is for who acts as the directeur in the case: what waits for him, and what
// waits for others once its term is over.
func (r *Review) task(c Case, k PromiseKind, due Day) bool {
	if _, his := asks[k]; due < r.today || his && due <= r.today.Add(weekAhead) {
		r.add(c, k, due)
		return true
	}
	return false
}

func (r *Review) add(c Case, k PromiseKind, due Day) {
	o := Order{Kind: OrderStatus}
	if k, his := asks[k]; his {
		o.Kind = k
	}
	if k == Request {
		o.Value = PrivacyDone
	}
	for _, s := range r.p.answerable(c, r.today) {
		r.tasks[s.Address] = append(r.tasks[s.Address], Task{Number: c.Number, Promise: k, Due: due,
			Late: due < r.today, Severe: c.Severity == Severe && c.Open(), Order: o})
	}
}

// Improvements takes the register of improvements into account.
func (r *Review) Improvements(list []Action) {
	for _, a := range list {
		if a.Done == "" && a.Due != "" && a.Due <= r.today.Add(weekAhead) {
			r.whole.Improvements = append(r.whole.Improvements, Due{ActionNumber(a.Number), a.Due, a.Due < r.today})
		}
	}
}

// Letters returns the digest of the directeur, with counted filled in by who can
// count it, and for who stands in for him in some case the tasks alone.
func (r *Review) Letters(counted func(*Digest)) []Letter {
	d := r.whole
	for _, k := range keptOrder {
		if n := r.kept[k]; n != nil {
			d.Kept = append(d.Kept, *n)
		}
	}
	counted(&d)
	var letters []Letter
	for _, s := range r.p.Staff {
		tasks, next := r.tasks[s.Address], []Order{{Kind: OrderList}}
		slices.SortStableFunc(tasks, taskOrder)
		switch {
		case s.Is(Directeur):
			if d.Tasks = tasks; d.Quiet() {
				next = nil // there is nothing to look at
			}
			letters = append(letters, Letter{Kind: LetterDigest, To: s.Party(), Digest: &d, Next: next})
		case len(tasks) > 0:
			part := Digest{From: d.From, Until: d.Until, Partial: true, Tasks: tasks}
			letters = append(letters, Letter{Kind: LetterDigest, To: s.Party(), Digest: &part, Next: next})
		}
	}
	return letters
}

// keptOrder is the order of the procedure.
var keptOrder = []PromiseKind{Acknowledge, CopyOwner, Take, React, Answer, CopyConcerned, Approve, Resolve, Delay, Feedback,
	InternalFeedback, Cause, Satisfaction, Call, Improvement, Ruling, Request}

// taskOrder puts severe cases first, then what was due first.
func taskOrder(a, b Task) int {
	if n := one(b.Severe) - one(a.Severe); n != 0 {
		return n
	}
	return strings.Compare(string(a.Due)+a.Number, string(b.Due)+b.Number)
}
