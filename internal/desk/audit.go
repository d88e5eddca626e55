package desk

import (
	"slices"
	"strings"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// audit writes what was decided into the audit trail (security.md 31): the words of
// the timeline without what they were about, a row for each who did something. c is
// the case; none for what is about no case.
func (d *Desk) audit(tx *store.Tx, c complaint.Case, dec complaint.Decision) {
	for notes := dec.Notes; len(notes) > 0; {
		n := 1
		for n < len(notes) && notes[n].Actor == notes[0].Actor {
			n++
		}
		d.auditNotes(tx, c, notes[:n], dec.Refusals)
		notes = notes[n:]
	}
}

func (d *Desk) auditNotes(tx *store.Tx, c complaint.Case, notes []complaint.Note, refusals []complaint.Refusal) {
	e := store.Entry{Event: notes[0].Event, CaseID: c.ID, By: d.doer(c, notes[0].Actor)}
	var more []string
	for _, n := range notes[1:] {
		more = append(more, n.Event)
	}
	if e.Event == refused {
		for _, r := range refusals {
			more = append(more, string(r.Order.Kind))
		}
	}
	slices.Sort(more)
	e.What = strings.Join(slices.Compact(more), ", ")
	tx.Audit(e)
}

// refused is the word for a command of which nothing was carried out.
const refused = "refused"

// doer is who of the staff the trail names, by a keyed hash: nobody who the case is
// about, since the trail stays when the case is erased.
func (d *Desk) doer(c complaint.Case, address string) string {
	s, staff := d.o.Policy.Employee(address)
	about := func(a string) bool {
		p, _ := d.o.Policy.Employee(a)
		return strings.EqualFold(a, address) || p.Address == s.Address
	}
	if !staff || about(c.Complainant.Address) || slices.ContainsFunc(c.Concerned, func(m complaint.Concern) bool { return about(m.Address) }) {
		return ""
	}
	return s.Address
}

// remark writes one line of a case's timeline, and its word into the audit trail.
func (d *Desk) remark(tx *store.Tx, caseID int64, n complaint.Note) error {
	c, found, err := tx.Case(caseID)
	if err != nil {
		return err
	}
	if found {
		d.auditNotes(tx, c, []complaint.Note{n}, nil)
	}
	return tx.AddEvent(caseID, n)
}
