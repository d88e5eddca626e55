package desk

import (
	"klachtd/internal/complaint"
	"klachtd/internal/report"
)

// rowOf is what a report knows of a case that was erased: what it counts as does not
// change by that. Days inside a month are not known any more; the months are.
func rowOf(a complaint.Anonymous) report.Row {
	received := report.ParseDay(a.Received + "-01")
	r := report.Row{Received: received, Kind: string(a.Kind), Channel: string(a.Channel), State: string(complaint.Closed), Severity: string(a.Severity),
		Category: a.Category, Cause: a.Cause, Finding: a.Finding, Resolution: string(a.Resolution), Outside: a.Outside, Reopened: a.Reopened, Erased: true}
	if a.CloseDays >= 0 {
		r.Closed = within(a.Closed, received+report.Day(a.CloseDays))
	}
	if a.ReactDays >= 0 {
		r.Reacted = received + report.Day(a.ReactDays)
	}
	if n := len(a.Scores); n > 0 {
		r.Score = uint8(a.Scores[n-1])
	}
	r.ResolveBy = r.Closed
	for _, o := range a.Promises {
		if o.Kind == complaint.Resolve && (o.How == complaint.Late || o.How == complaint.Missed) {
			r.ResolveBy = r.Closed - 1
		}
		r.Asked = r.Asked || o.Kind == complaint.Satisfaction && (o.How == complaint.InTime || o.How == complaint.Late)
		if term, counted := report.TermNamed(string(o.Kind)); counted {
			r.Promises = append(r.Promises, outcomeOf(term, o.How, r))
		}
	}
	r.Expected = r.ResolveBy
	for range a.Delays {
		r.Delays = append(r.Delays, report.Delay{On: received, Until: r.ResolveBy})
	}
	return r
}

// within is a day of a month, 2026-11: the one that is meant when it lies there,
// else the nearest.
func within(month string, meant report.Day) report.Day {
	first := report.ParseDay(month + "-01")
	next := report.DayOf(first.Time().AddDate(0, 1, 0))
	return min(max(meant, first), next-1)
}

// outcomeOf is a promise of an erased case, in the month that it can have ended in.
func outcomeOf(term report.Term, how complaint.Kept, r report.Row) report.Promise {
	p := report.Promise{Term: term, Due: r.Received}
	if term >= report.Resolve {
		p.Due = r.Closed
	}
	switch how {
	case complaint.InTime:
		p.Kept = p.Due
	case complaint.Late:
		p.Kept = p.Due + 1
	case complaint.Waived, complaint.Lapsed:
		p.Waived = true
	}
	return p
}
