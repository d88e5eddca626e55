package desk

import (
	"klachtd/internal/complaint"
	"klachtd/internal/report"
)

// rowOf is what a report knows of a case that was erased: what it counts as does not
// change by that. Each day is the first of its month.
func rowOf(a complaint.Anonymous) report.Row {
	month := func(m string) report.Day { return report.ParseDay(m + "-01") }
	r := report.Row{Received: month(a.Received), Closed: month(a.Closed), ResolveBy: month(a.ResolveBy), Expected: month(a.Expected),
		Kind: string(a.Kind), Channel: string(a.Channel), State: string(complaint.Closed), Severity: string(a.Severity),
		Category: a.Category, Cause: a.Cause, Finding: a.Finding, Resolution: string(a.Resolution), Outside: a.Outside, Reopened: a.Reopened,
		Asked: a.Asked, Erased: true,
		Past: report.Past{Took: int32(max(a.CloseDays, 0)), InTime: a.InTime, Announced: a.Announced, Solved: a.Solved}}
	if n := len(a.Scores); n > 0 {
		r.Score = uint8(a.Scores[n-1])
	}
	if a.Delays > 0 {
		r.Delays = []report.Delay{{On: month(a.Told), Until: r.Expected}}
	}
	if !a.Dated {
		guess(&r, a)
	}
	for _, o := range a.Promises {
		if term, counted := report.TermNamed(string(o.Kind)); counted {
			r.Promises = append(r.Promises, outcomeOf(term, o, r))
		}
	}
	return r
}

// guess fills in what an older klachtd did not keep, as near as what it kept allows.
func guess(r *report.Row, a complaint.Anonymous) {
	r.ResolveBy, r.Expected, r.Past.InTime, r.Past.Announced = r.Closed, r.Closed, true, a.Delays > 0
	for _, o := range a.Promises {
		if o.Kind == complaint.Resolve && (o.How == complaint.Late || o.How == complaint.Missed) {
			r.Past.InTime = false
		}
		r.Asked = r.Asked || o.Kind == complaint.Satisfaction && (o.How == complaint.InTime || o.How == complaint.Late)
	}
	r.Past.Solved = r.Past.InTime
	if a.Delays > 0 {
		r.Delays = []report.Delay{{On: r.Received, Until: r.Closed}}
	}
}

// outcomeOf is a promise of an erased case, in the month in which it fell due; where
// that is not known, in the one in which it can have ended.
func outcomeOf(term report.Term, o complaint.Outcome, r report.Row) report.Promise {
	p := report.Promise{Term: term, Due: report.ParseDay(o.Due + "-01")}
	switch {
	case p.Due != 0:
	case term >= report.Resolve:
		p.Due = r.Closed
	default:
		p.Due = r.Received
	}
	switch o.How {
	case complaint.InTime:
		p.Kept = p.Due
	case complaint.Late:
		p.Kept = p.Due + 1
	case complaint.Waived, complaint.Lapsed:
		p.Waived = true
	}
	return p
}
