package desk

import (
	"context"
	"errors"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/report"
	"klachtd/internal/store"
)

// A Register is what a report knows of all cases: those that were erased, and the
// others in the order of registration. It goes through their small rows, one at a
// time, and opens no case.
type Register struct {
	tx    *store.Tx
	zone  *time.Location
	step  func(rows int) error // after each so many; nil: nobody wants to know
	leave func(*complaint.Brief) bool
	err   error
}

// stepEvery is after how many rows a Register says how far it is.
const stepEvery = 1000

// NewRegister returns one, as it stands in a transaction. It ends when ctx does.
// Step, which may be nil, is told how many rows have passed in all.
func NewRegister(ctx context.Context, tx *store.Tx, zone *time.Location, step func(rows int)) *Register {
	return &Register{tx: tx, zone: zone, step: func(rows int) error {
		if step != nil {
			step(rows)
		}
		return ctx.Err()
	}}
}

// Err is what cut the last pass short; nil when nothing did.
func (g *Register) Err() error { return g.err }

// stopped ends a pass that nobody wants to go on.
type stopped struct{}

func (stopped) Error() string { return "stopped" }

// Rows goes through all of them; it is a report.Rows.
func (g *Register) Rows(yield func(*report.Row) bool) {
	if g.err != nil {
		return
	}
	n := 0
	var row report.Row
	pass := func() error {
		if n++; n%stepEvery == 0 && g.step != nil {
			if err := g.step(n); err != nil {
				return err
			}
		}
		if !yield(&row) {
			return stopped{}
		}
		return nil
	}
	err := g.tx.Anonymous("", "9999-12", func(a complaint.Anonymous) error {
		row = rowOf(a)
		return pass()
	})
	if err == nil {
		err = g.tx.Briefs(func(b *complaint.Brief) error {
			if g.leave != nil && g.leave(b) {
				return nil
			}
			fillRow(&row, b, g.zone)
			return pass()
		})
	}
	if !errors.Is(err, stopped{}) {
		g.err = err
	}
}

// fillRow writes what a report knows of a case, no name and no word of a complaint,
// into a row whose lists are used again.
func fillRow(r *report.Row, b *complaint.Brief, zone *time.Location) {
	day := func(d complaint.Day) report.Day { return report.ParseDay(string(d)) }
	on := func(t time.Time) report.Day {
		if t.IsZero() {
			return 0
		}
		return report.DayOf(t.In(zone))
	}
	*r = report.Row{Number: b.Number, Received: on(b.ReceivedAt), Closed: on(b.ClosedAt), ResolveBy: day(b.ResolveBy), Expected: day(b.ExpectedOn),
		Reacted: on(b.ReactedAt), Kind: string(b.Kind), Channel: string(b.Channel), State: string(b.State), Severity: string(b.Severity),
		Category: b.Category, Cause: b.Cause, Course: b.Course, Location: b.Location, Finding: b.Finding, Resolution: string(b.Resolution),
		Asked: b.Asked, Outside: b.Outside, Reopened: b.ReopenedOn != "", Promises: r.Promises[:0], Delays: r.Delays[:0]}
	if n := len(b.Scores); n > 0 {
		r.Score = uint8(b.Scores[n-1].Score)
	}
	for _, p := range b.Promises {
		if term, counted := report.TermNamed(string(p.Kind)); counted {
			r.Promises = append(r.Promises, report.Promise{Term: term, Waived: p.Waived, Due: day(p.Due), Kept: on(p.FulfilledAt)})
		}
	}
	for _, x := range b.Delays {
		r.Delays = append(r.Delays, report.Delay{On: day(x.On), Until: day(x.Until)})
	}
}
