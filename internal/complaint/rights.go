package complaint

import "strings"

// Director returns who acts as the directeur in a case on a day: D, or the deputy
// when D is concerned, complains, may be meant, or is away (procedure.md 3). False
// when there is nobody who may.
func (p Policy) Director(c Case, today Day) (Person, bool) {
	d, deputy := p.Directeur(), Person{}
	if s, ok := p.Deputy(); ok && !p.tied(c, s) {
		deputy = s
	}
	switch {
	case d.Address == "" || p.tied(c, d) || c.NamesDirecteur:
		return deputy, deputy.Address != ""
	case d.away(today) && deputy.Address != "" && !deputy.away(today):
		return deputy, true
	}
	return d, true
}

func (s Person) away(today Day) bool { return s.AwayUntil != "" && today <= s.AwayUntil }

// has reports whether the address is one of the person's.
func (s Person) has(address string) bool {
	if address == "" {
		return false
	}
	for _, a := range append([]string{s.Address}, s.Aliases...) {
		if strings.EqualFold(a, address) {
			return true
		}
	}
	return false
}

// tied reports whether the case is about the person or is his own complaint:
// then he neither acts on it nor reads more than the copy.
func (p Policy) tied(c Case, s Person) bool { return concerned(c, s) || s.has(c.Complainant.Address) }

func concerned(c Case, s Person) bool {
	for _, m := range c.Concerned {
		if s.has(m.Address) {
			return true
		}
	}
	return false
}
