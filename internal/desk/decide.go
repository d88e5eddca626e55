package desk

import (
	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// decide puts an event to the rules, with what the staff said of their absence.
func (d *Desk) decide(tx *store.Tx, cases []complaint.Case, e complaint.Event) (complaint.Decision, error) {
	p, err := d.policy(tx)
	if err != nil {
		return complaint.Decision{}, err
	}
	return complaint.Decide(cases, e, p), nil
}

func (d *Desk) policy(tx *store.Tx) (complaint.Policy, error) {
	list, err := tx.Absences()
	return d.o.Policy.WithAbsences(list), err
}
