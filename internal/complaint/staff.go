package complaint

import (
	"slices"
	"strings"
)

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

	AwayUntil Day    // the last day of absence; "" when there is none
	StandIn   string // address of who stands in meanwhile; "": whoever may
}

// Is reports whether the person has this role.
func (p Person) Is(r Role) bool { return slices.Contains(p.Roles, r) }

// Party returns the person as somebody to write to.
func (p Person) Party() Party { return Party{Name: p.Name, Address: p.Address} }

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

// officeFor is the binnendienst without whom the case is about and the
// complainant: nobody handles his own complaint.
func (p Policy) officeFor(c Case) []Person {
	return slices.DeleteFunc(p.Office(), func(s Person) bool { return p.tied(c, s) })
}

// handlers are those who work on the case on a day: its handler or who stands in
// for him, before there is one everybody of the binnendienst who may, or who acts as D (procedure.md 3).
func (p Policy) handlers(c Case, today Day) []Person {
	if h, ok := p.Employee(c.Handler); ok && !p.tied(c, h) {
		if h.away(today) {
			return p.inPlaceOf(h, c, today)
		}
		return []Person{h}
	}
	if office := p.officeFor(c); len(office) > 0 {
		return present(office, today)
	}
	if d, ok := p.Director(c, today); ok {
		return []Person{d}
	}
	return nil
}

// ownerOf returns who acts as D, or nobody.
func (p Policy) ownerOf(c Case, today Day) []Person {
	if d, ok := p.Director(c, today); ok {
		return []Person{d}
	}
	return nil
}

// answerable returns who acts as D; in a case in which nobody may, those who handle
// it: what is late is never kept from everybody.
func (p Policy) answerable(c Case, today Day) []Person {
	if list := p.ownerOf(c, today); len(list) > 0 {
		return list
	}
	return p.handlers(c, today)
}

func first(staff []Person, is func(Person) bool) Person {
	if i := slices.IndexFunc(staff, is); i >= 0 {
		return staff[i]
	}
	return Person{}
}
