package complaint

import (
	"slices"
	"time"
)

// An Anonymous is what stays of a case that was erased: enough that the figures of
// a report do not change, nothing that leads back to a person (procedure.md 6).
type Anonymous struct {
	Received   string // the month: 2026-11
	Closed     string // the same; "" when it never was
	Channel    Channel
	Kind       Kind
	Severity   Severity
	Category   string
	Cause      string
	Finding    string
	Resolution Resolution
	ReactDays  int    // calendar days from receipt to the first personal mail; -1: there was none
	CloseDays  int    // calendar days from receipt to closing; -1: it never was
	Delays     int    // that the complainant was told of
	Told       string // the month of the first of them
	ResolveBy  string // the month of the term of the procedure; "" when the case was erased before it
	Expected   string // the month of the date that held
	Dated      bool   // the three months, the three words that follow and the months of promises are known: not of what was erased by an older klachtd
	InTime     bool   // closed by the date that held
	Announced  bool   // told of a delay before the term
	Solved     bool   // closed by the term, or announced
	Asked      bool   // how content C is
	Reopened   bool
	Outside    bool // it was with the Ooa
	Actions    int  // improvements that came of it
	Scores     []int
	Promises   []Outcome
}

// A Channel is how a complaint came in.
type Channel string

// The channels.
const (
	ByMail  Channel = "mail"
	ByStaff Channel = "staff" // registered by somebody of the staff
)

// Channel is how the complaint came in.
func (c Case) Channel() Channel {
	if c.RegisteredBy != "" {
		return ByStaff
	}
	return ByMail
}

// An Outcome is what became of a promise.
type Outcome struct {
	Kind PromiseKind
	How  Kept
	Due  string // the month of its last day; "" when that is not known
}

// Kept says how a promise ended.
type Kept string

// The ways.
const (
	InTime Kept = "in_time"
	Late   Kept = "late"
	Waived Kept = "waived"
	Missed Kept = "missed" // the term was over, and nobody had kept it
	Lapsed Kept = "lapsed" // the case was erased before the term was over
)

const (
	monthLayout = "2006-01"

	// FormLocation is the label under which C or staff say where it was.
	FormLocation = "locatie"
)

// Anonymize takes from a case what may stay of it.
func Anonymize(c Case, now time.Time, p Policy) Anonymous {
	today, received, b := DayOf(now, p.Zone), DayOf(c.ReceivedAt, p.Zone), BriefOf(c)
	a := Anonymous{Received: received.month(), Channel: b.Channel, Kind: b.Kind, Severity: b.Severity,
		Category: listed(b.Category, p.Categories), Cause: listed(b.Cause, p.Causes), Finding: b.Finding, Resolution: b.Resolution, ReactDays: -1, CloseDays: -1,
		Delays: len(b.Delays), Reopened: b.ReopenedOn != "", Outside: b.Outside, Actions: len(c.Actions), Asked: b.Asked, Dated: true}
	if !b.ReactedAt.IsZero() {
		a.ReactDays = DayOf(b.ReactedAt, p.Zone).Sub(received)
	}
	term := b.ResolveBy
	if len(b.Delays) > 0 {
		a.Told, a.Announced = b.Delays[0].On.month(), b.Delays[0].On <= b.ResolveBy
	}
	if a.Announced {
		term = max(term, b.ExpectedOn)
	}
	a.Solved, a.Expected = a.Announced, term.month()
	if !b.ClosedAt.IsZero() {
		closed := DayOf(b.ClosedAt, p.Zone)
		a.Closed, a.CloseDays, a.InTime = closed.month(), closed.Sub(received), closed <= term
		a.Solved = a.Solved || closed <= b.ResolveBy
	}
	if a.Solved || a.Closed != "" || b.ResolveBy < today {
		a.ResolveBy = b.ResolveBy.month()
	}
	for _, s := range b.Scores {
		a.Scores = append(a.Scores, s.Score)
	}
	for _, pr := range c.Promises {
		a.Promises = append(a.Promises, Outcome{pr.Kind, kept(pr, today, p.Zone), pr.Due.month()})
	}
	return a
}

// month is that of a day: 2026-11.
func (d Day) month() string { return string(d[:min(len(d), len(monthLayout))]) }

// Totals returns what a case counts for in the totals of its year of receipt:
// course and location as a report has them, "" where none is known, or where it
// stands in no figure.
func Totals(c Case, p Policy) (year int, course, place string) {
	year = c.ReceivedAt.In(p.Zone).Year()
	if c.Resolution == NotComplaint || c.Resolution == Merged {
		return year, "", ""
	}
	b := BriefOf(c)
	return year, b.Course, b.Location
}

// listed is a value as long as it is one of the configured list: what stands there
// otherwise may be anything.
func listed(value string, list []string) string {
	if len(list) == 0 || slices.Contains(list, value) {
		return value
	}
	return ""
}

func kept(pr Promise, today Day, zone *time.Location) Kept {
	switch {
	case pr.WaivedBy != "":
		return Waived
	case pr.Kind == Erase: // it is being kept
		if today > pr.Due.Add(1) {
			return Late
		}
		return InTime
	case pr.FulfilledAt.IsZero() && pr.Due < today:
		return Missed
	case pr.FulfilledAt.IsZero():
		return Lapsed
	case DayOf(pr.FulfilledAt, zone) > pr.Due:
		return Late
	}
	return InTime
}
