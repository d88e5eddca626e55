package desk

import (
	"klachtd/internal/complaint"
	"klachtd/internal/letter"
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

// happens lets something happen to a case that no message tells of: decided,
// worded and written. A case that is gone is left alone.
func (d *Desk) happens(tx *store.Tx, id int64, e func(complaint.Case) complaint.Event) error {
	c, found, err := tx.Case(id)
	if err != nil || !found {
		return err
	}
	dec, err := d.decide(tx, []complaint.Case{c}, e(c))
	if err != nil {
		return err
	}
	_, err = d.carry(tx, dec, letter.Original{}, nil)
	return err
}

// always is an event that is the same for each case.
func always(e complaint.Event) func(complaint.Case) complaint.Event {
	return func(complaint.Case) complaint.Event { return e }
}
