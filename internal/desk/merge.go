package desk

import (
	"slices"

	"klachtd/internal/complaint"
	"klachtd/internal/letter"
	"klachtd/internal/store"
)

// splitsOff reports whether a new case is made of a mail.
func splitsOff(orders []complaint.Order) bool {
	return slices.ContainsFunc(orders, func(o complaint.Order) bool { return o.Kind == complaint.OrderSplit && o.Value == "" })
}

// othersOf are the cases that orders name beside the one that they are about.
func othersOf(tx *store.Tx, orders []complaint.Order) ([]complaint.Case, error) {
	var list []complaint.Case
	for _, o := range orders {
		if o.Kind != complaint.OrderMerge && o.Kind != complaint.OrderSplit || o.Value == "" {
			continue
		}
		c, found, err := tx.CaseByNumber(o.Value)
		if err != nil {
			return nil, err
		}
		if found {
			list = append(list, c)
		}
	}
	return list, nil
}

// aside writes down what a decision says beside the case that it is about: who is
// away, what is to be improved, and what becomes of other cases.
func (d *Desk) aside(tx *store.Tx, dec complaint.Decision, o letter.Original) error {
	if dec.Absence != nil {
		if err := tx.SetAbsence(*dec.Absence); err != nil {
			return err
		}
	}
	for _, a := range dec.Actions {
		if err := tx.SaveAction(a); err != nil {
			return err
		}
	}
	if dec.Deleted {
		for _, l := range dec.Letters { // the receipt goes to who said so
			if err := tx.CopiesDeleted(l.To.Address); err != nil {
				return err
			}
		}
	}
	for _, also := range dec.Also {
		from := o
		if also.Cases[0].ID == 0 { // whose complaint it is, not who typed it
			from.From, from.At = also.Cases[0].Complainant, also.Cases[0].ReceivedAt
		}
		if _, err := d.carry(tx, also, from, nil); err != nil {
			return err
		}
	}
	return nil
}

// improves reports whether orders are about the register of improvements.
func improves(orders []complaint.Order) bool {
	return slices.ContainsFunc(orders, func(o complaint.Order) bool {
		return o.Kind == complaint.OrderAction || o.Kind == complaint.OrderDone || o.Kind == complaint.OrderEffect
	})
}
