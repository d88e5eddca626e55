// Package complaint holds the rules of the academy's complaints procedure: a
// case, its states and promises, what may happen when, who is owed what by when.
// It is pure: time, holidays and names come in as values, decisions go out as
// values. Reading mail, wording letters and remembering are left to others.
package complaint

import "time"

// A Kind says from which side a complaint comes (procedure.md 2, "ook interne klachten").
type Kind string

// The kinds of interface.md.
const (
	External Kind = "external"
	Internal Kind = "internal"
)

// A State is where a case stands (interface.md, JSON).
type State string

// The states of interface.md.
const (
	New              State = "new"               // registered, nobody has taken it
	InProgress       State = "in_progress"       // has a handler
	WithDirector     State = "with_director"     // put to the directeur: a question, or a second delay
	AwaitingApproval State = "awaiting_approval" // the closing waits for the directeur
	Closed           State = "closed"
	Escalated        State = "escalated" // with the Ooa
)

// A Severity sets the terms of a case (procedure.md 1).
type Severity string

// The severities of interface.md.
const (
	Low    Severity = "low"
	Normal Severity = "normal"
	Severe Severity = "severe"
)

// A Party is somebody with a mail address. Address is "" when none that is
// safe to write to is known (security.md 2).
type Party struct {
	Name    string
	Address string
}

// A Case is one complaint and everything that is owed because of it.
type Case struct {
	ID          int64 // given by the store; 0 until saved
	Number      string
	Kind        Kind
	State       State
	Severity    Severity
	Complainant Party
	Owner       string // address of a member of staff, as is Handler
	Handler     string // "" when nobody has taken the case
	Concerned   []Concern
	Subject     string
	ReceivedAt  time.Time // INTERNALDATE of the first message
	ReactedAt   time.Time // zero until a person has written to the complainant
	ClosedAt    time.Time // zero while open
	ReactBy     Day
	ResolveBy   Day // stays; ExpectedOn moves
	ExpectedOn  Day
	Promises    []Promise

	Dossier
}

// Open reports whether the case is still being worked on.
func (c Case) Open() bool { return c.State != Closed }

// Promise returns the first promise of this kind, open ones before kept ones,
// as a pointer into c; nil when there is none.
func (c *Case) Promise(kind PromiseKind) *Promise {
	var kept *Promise
	for i := range c.Promises {
		p := &c.Promises[i]
		if p.Kind != kind {
			continue
		}
		if p.Open() {
			return p
		}
		if kept == nil {
			kept = p
		}
	}
	return kept
}

// PromiseOf returns the promise that a letter is to keep, as a pointer into c; nil
// when there is none.
func (c *Case) PromiseOf(l Letter) *Promise {
	switch {
	case l.Promise == "":
		return nil
	case l.Nth > 0 && l.Nth <= len(c.Promises):
		return &c.Promises[l.Nth-1]
	}
	return c.Promise(l.Promise)
}
