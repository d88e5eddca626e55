// Package complaint holds the rules of the academy's complaints procedure: a
// case, its states and promises, what may happen when, who is owed what by when.
// It is pure: time, holidays and names come in as values, decisions go out as
// values. Reading mail, wording letters and remembering are left to others.
package complaint

import (
	"slices"
	"strings"
	"time"
)

// A Kind says from which side a complaint comes (procedure.md 2, "ook interne klachten").
type Kind string

// The kinds of interface.md.
const (
	External Kind = "external"
	Internal Kind = "internal"
)

// A State is where a case stands (interface.md, JSON).
type State string

// The states that the rules so far can reach.
const (
	New        State = "new"         // registered, nobody has taken it
	InProgress State = "in_progress" // has a handler
	Closed     State = "closed"
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
	Owner       string // address of a member of staff, as are Handler and Concerned
	Handler     string // "" when nobody has taken the case
	Concerned   []string
	Subject     string
	ReceivedAt  time.Time // INTERNALDATE of the first message
	ReactedAt   time.Time // zero until a person has written to the complainant
	ClosedAt    time.Time // zero while open
	ReactBy     Day
	ResolveBy   Day // stays; ExpectedOn moves
	ExpectedOn  Day
	Promises    []Promise
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

// A Role is what a member of staff is to the procedure.
type Role string

// The roles of interface.md; Trainer stands for any other employee too.
const (
	Directeur    Role = "directeur"
	Binnendienst Role = "binnendienst"
	Trainer      Role = "trainer"
)

// A Person is a member of staff.
type Person struct {
	Name    string
	Address string
	Aliases []string
	Roles   []Role
	Deputy  bool // stands in for the directeur
}

// Is reports whether the person has this role.
func (p Person) Is(r Role) bool { return slices.Contains(p.Roles, r) }

// Party returns the person as somebody to write to.
func (p Person) Party() Party { return Party{Name: p.Name, Address: p.Address} }

// A Policy is what the academy has settled: terms, zone, holidays and people.
type Policy struct {
	Zone        *time.Location
	Holiday     func(Day) bool // public holidays; nil: none
	ReactDays   int            // calendar days from receipt
	ResolveDays int            // calendar days from receipt
	Staff       []Person       // exactly one directeur, at least one binnendienst
}

// Directeur returns the directeur; the configuration has seen to it that there is one.
func (p Policy) Directeur() Person {
	return first(p.Staff, func(s Person) bool { return s.Is(Directeur) })
}

// Deputy returns who stands in for the directeur, or false.
func (p Policy) Deputy() (Person, bool) {
	s := first(p.Staff, func(s Person) bool { return s.Deputy })
	return s, s.Address != ""
}

// Office returns the binnendienst.
func (p Policy) Office() []Person {
	var office []Person
	for _, s := range p.Staff {
		if s.Is(Binnendienst) {
			office = append(office, s)
		}
	}
	return office
}

// Employee returns the member of staff with this address or alias, compared
// without regard to case (security.md, Gate).
func (p Policy) Employee(address string) (Person, bool) {
	s := first(p.Staff, func(s Person) bool {
		return strings.EqualFold(s.Address, address) ||
			slices.ContainsFunc(s.Aliases, func(a string) bool { return strings.EqualFold(a, address) })
	})
	return s, s.Address != ""
}

// handlers are those who work on the case: its handler, or before there is
// one everybody of the binnendienst (procedure.md 3).
func (p Policy) handlers(c Case) []Person {
	if h, ok := p.Employee(c.Handler); ok {
		return []Person{h}
	}
	return p.Office()
}

func first(staff []Person, is func(Person) bool) Person {
	if i := slices.IndexFunc(staff, is); i >= 0 {
		return staff[i]
	}
	return Person{}
}
