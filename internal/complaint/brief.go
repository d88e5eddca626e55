package complaint

import (
	"strings"
	"time"
)

// A Brief is what figures are made of: of a case its dates and the choices that were
// made, no name and no text. Addresses stand in it only so that it can be told who
// may hear of the case.
type Brief struct {
	ID         int64
	Number     string
	Kind       Kind
	State      State
	Severity   Severity
	Channel    Channel
	Category   string
	Cause      string
	Course     string // as staff have said it, or confirmed; as is Location
	Location   string
	Finding    string
	Resolution Resolution
	ReceivedAt time.Time
	ReactedAt  time.Time
	ClosedAt   time.Time // zero while open
	ResolveBy  Day
	ExpectedOn Day
	KeptUntil  Day // the last day before it is forgotten; "" when that is not known
	ReopenedOn Day
	Asked      bool // how content C is
	Outside    bool // it was with the Ooa
	Consulted  bool // a question to D is open
	Scores     []Rating
	Delays     []Told
	Promises   []BriefPromise

	Complainant    string   // address
	Concerned      []string // addresses
	NamesDirecteur bool
}

// A Rating is an answer to the question how content C is that counts.
type Rating struct {
	Score int
	At    time.Time
}

// Told is a delay that C was told of.
type Told struct{ On, Until Day }

// A BriefPromise is one with what figures need of it.
type BriefPromise struct {
	ID          int64
	Kind        PromiseKind
	Due         Day
	FulfilledAt time.Time
	Waived      bool
}

// BriefOf takes from a case what figures are made of.
func BriefOf(c Case) Brief {
	b := Brief{ID: c.ID, Number: c.Number, Kind: c.Kind, State: c.State, Severity: c.Severity, Channel: c.Channel(),
		Category: c.Category.Value, Cause: c.Cause.Value, Course: spaced(c.Course), Location: confirmed(c.Form[FormLocation]), Finding: c.Finding.Value,
		Resolution: c.Resolution, ReceivedAt: c.ReceivedAt, ReactedAt: c.ReactedAt, ResolveBy: c.ResolveBy, ExpectedOn: c.ExpectedOn,
		ReopenedOn: c.ReopenedOn, Asked: !c.Survey.AskedAt.IsZero(), Outside: len(c.Outside) > 0,
		Complainant: c.Complainant.Address, NamesDirecteur: c.NamesDirecteur}
	if !c.Open() {
		b.ClosedAt = c.ClosedAt
		if c.place(Ruling) == 0 {
			b.KeptUntil = c.KeptUntil()
		}
	}
	for _, s := range c.Survey.Scores {
		if s.From == "" { // from another address it is not counted
			b.Scores = append(b.Scores, Rating{s.Score, s.At})
		}
	}
	for _, x := range c.Extensions {
		b.Delays = append(b.Delays, Told{x.On, x.Until})
	}
	for _, q := range c.Consultations {
		b.Consulted = b.Consulted || q.Open()
	}
	for _, p := range c.Promises {
		b.Promises = append(b.Promises, BriefPromise{p.ID, p.Kind, p.Due, p.FulfilledAt, p.WaivedBy != ""})
	}
	for _, m := range c.Concerned {
		if m.Address != "" {
			b.Concerned = append(b.Concerned, m.Address)
		}
	}
	return b
}

// Open reports whether the case is still being worked on.
func (b *Brief) Open() bool { return b.State != Closed }

// confirmed is what staff have said or confirmed: what a complainant typed may hold
// anything, a name too.
func confirmed(v FormValue) string {
	if !v.Staff {
		return ""
	}
	return spaced(v.Value)
}

// spaced is what somebody typed on one line, with one space where there were more.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }
