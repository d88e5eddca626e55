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
	ReactDays  int // calendar days from receipt to the first personal mail; -1: there was none
	CloseDays  int // calendar days from receipt to closing; -1: it never was
	Delays     int // that the complainant was told of
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
	Kind PromiseKind `json:"kind"`
	How  Kept        `json:"how"`
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
	today, received := DayOf(now, p.Zone), DayOf(c.ReceivedAt, p.Zone)
	a := Anonymous{Received: c.ReceivedAt.In(p.Zone).Format(monthLayout), Channel: c.Channel(), Kind: c.Kind, Severity: c.Severity,
		Category: listed(c.Category.Value, p.Categories), Cause: listed(c.Cause.Value, p.Causes), Finding: c.Finding.Value,
		Resolution: c.Resolution, ReactDays: -1, CloseDays: -1, Delays: len(c.Extensions), Reopened: c.ReopenedOn != "",
		Outside: len(c.Outside) > 0, Actions: len(c.Actions)}
	if !c.ReactedAt.IsZero() {
		a.ReactDays = DayOf(c.ReactedAt, p.Zone).Sub(received)
	}
	if !c.ClosedAt.IsZero() {
		a.Closed, a.CloseDays = c.ClosedAt.In(p.Zone).Format(monthLayout), DayOf(c.ClosedAt, p.Zone).Sub(received)
	}
	for _, s := range c.Survey.Scores {
		if s.From == "" { // from another address it is not counted
			a.Scores = append(a.Scores, s.Score)
		}
	}
	for _, pr := range c.Promises {
		a.Promises = append(a.Promises, Outcome{pr.Kind, kept(pr, today, p.Zone)})
	}
	return a
}

// Totals returns what a case counts for in the totals of its year of receipt:
// course and location, "" where none is known.
func Totals(c Case, p Policy) (year int, course, place string) {
	return c.ReceivedAt.In(p.Zone).Year(), c.Course, c.Form[FormLocation].Value
}

// listed is a value as long as it is one of the configured list: what is typed
// otherwise may hold anything.
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
