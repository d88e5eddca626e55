package desk

import (
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/report"
	"klachtd/internal/store"
)

// Rows are what a report knows of each case: those that were erased, and the others
// in the order of registration.
func Rows(tx *store.Tx, zone *time.Location) ([]report.Row, error) {
	rows, err := erasedRows(tx)
	if err != nil {
		return nil, err
	}
	err = tx.Brief(func(c complaint.Case) error {
		rows = append(rows, RowOf(c, zone))
		return nil
	})
	return rows, err
}

func erasedRows(tx *store.Tx) (rows []report.Row, err error) {
	err = tx.Anonymous("", "9999-12", func(a complaint.Anonymous) error {
		rows = append(rows, rowOf(a))
		return nil
	})
	return rows, err
}

// RowOf is what a report knows of a case: no name and no word of a complaint.
func RowOf(c complaint.Case, zone *time.Location) report.Row {
	day := func(d complaint.Day) report.Day { return report.ParseDay(string(d)) }
	on := func(t time.Time) report.Day {
		if t.IsZero() {
			return 0
		}
		return report.DayOf(t.In(zone))
	}
	r := report.Row{Number: c.Number, Received: on(c.ReceivedAt), Closed: on(c.ClosedAt), ResolveBy: day(c.ResolveBy), Expected: day(c.ExpectedOn),
		Reacted: on(c.ReactedAt), Kind: string(c.Kind), Channel: string(c.Channel()), State: string(c.State), Severity: string(c.Severity),
		Category: c.Category.Value, Cause: c.Cause.Value, Course: spaced(c.Course), Location: confirmed(c.Form[complaint.FormLocation]),
		Finding: c.Finding.Value, Resolution: string(c.Resolution), Score: uint8(c.Satisfaction()), Asked: !c.Survey.AskedAt.IsZero(),
		Outside: len(c.Outside) > 0, Reopened: c.ReopenedOn != ""}
	if c.Open() {
		r.Closed = 0
	}
	for _, p := range c.Promises {
		if term, counted := report.TermNamed(string(p.Kind)); counted {
			r.Promises = append(r.Promises, report.Promise{Term: term, Waived: p.WaivedBy != "", Due: day(p.Due), Kept: on(p.FulfilledAt)})
		}
	}
	for _, x := range c.Extensions {
		r.Delays = append(r.Delays, report.Delay{On: day(x.On), Until: day(x.Until)})
	}
	return r
}

// confirmed is what staff have said or confirmed: what a complainant typed may hold
// anything, a name too.
func confirmed(v complaint.FormValue) string {
	if !v.Staff {
		return ""
	}
	return spaced(v.Value)
}

// spaced is what somebody typed on one line, with one space where there were more.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }
