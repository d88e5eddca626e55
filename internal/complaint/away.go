package complaint

import "strings"

// An Absence is until when a member of staff is away, and who stands in for him.
type Absence struct {
	Person  string `json:"person"`             // registered address
	Until   Day    `json:"until"`              // the last day; "" ends it
	StandIn string `json:"stand_in,omitempty"` // registered address; "" when the others of the office do
}

// WithAbsences returns the policy with what the staff said of their absence.
func (p Policy) WithAbsences(list []Absence) Policy {
	if len(list) == 0 {
		return p
	}
	staff := append([]Person(nil), p.Staff...)
	for i := range staff {
		for _, a := range list {
			if strings.EqualFold(staff[i].Address, a.Person) {
				staff[i].AwayUntil, staff[i].StandIn = a.Until, a.StandIn
			}
		}
	}
	p.Staff = staff
	return p
}

// away says until when who gave it is away, and who stands in: for D the deputy,
// for others somebody of the office, or all of it when nobody is named.
func (w *ordering) away(o Order) Refusal {
	old := w.by.AwayUntil
	if old < w.today {
		old = ""
	}
	a := &Absence{Person: w.by.Address, Until: o.Day}
	switch {
	case o.Value == HoldOff && old == "":
		return Refusal{Reason: RefusedNothing}
	case o.Value == HoldOff:
		a.Until = ""
	case o.Day == "":
		return Refusal{Reason: RefusedNoValue}
	case o.Day < w.today:
		return Refusal{Reason: RefusedDate, Day: w.today}
	case o.Day > w.today.Add(maxDelay):
		return Refusal{Reason: RefusedDate, Day: w.today.Add(maxDelay)}
	}
	if r := w.standIn(o, a); r.Reason != "" {
		return r
	}
	w.absence = a
	w.receipt.Lines = append(w.receipt.Lines, Line{Order: o, Old: string(old), New: string(a.Until)}) // of no case
	if s, ok := w.p.Employee(a.StandIn); ok && a.Until != "" {
		w.letters = append(w.letters, Letter{Kind: LetterStandIn, To: s.Party(), By: w.by.Address, Day: a.Until})
	}
	return Refusal{}
}

// standIn finds who stands in, and refuses who cannot.
func (w *ordering) standIn(o Order, a *Absence) Refusal {
	var may []Person
	if w.by.Is(Directeur) {
		s, ok := w.p.Deputy()
		if !ok {
			return Refusal{Reason: RefusedNobody}
		}
		may, a.StandIn = []Person{s}, s.Address
	} else {
		may = w.p.Office()
	}
	if o.Person == (Party{}) {
		return Refusal{}
	}
	var names []string
	for _, s := range may {
		if strings.EqualFold(s.Address, w.by.Address) {
			continue
		}
		if s.has(o.Person.Address) {
			a.StandIn = s.Address
			return Refusal{}
		}
		names = append(names, s.Name)
	}
	return Refusal{Reason: RefusedPerson, Allowed: names}
}

// present are those of list who are not away; all of them when everybody is.
func present(list []Person, today Day) []Person {
	var here []Person
	for _, s := range list {
		if !s.away(today) {
			here = append(here, s)
		}
	}
	if len(here) == 0 {
		return list
	}
	return here
}

// inPlaceOf are those who work on a case whose handler is away: who stands in for
// him, else the rest of the office, else he himself.
func (p Policy) inPlaceOf(h Person, c Case, today Day) []Person {
	if s, ok := p.Employee(h.StandIn); ok && !p.tied(c, s) && !s.away(today) {
		return []Person{s}
	}
	var others []Person
	for _, s := range p.officeFor(c) {
		if !s.away(today) {
			others = append(others, s)
		}
	}
	if len(others) == 0 {
		return []Person{h}
	}
	return others
}
