package desk

import (
	"klachtd/internal/complaint"
	"klachtd/internal/letter"
	"klachtd/internal/store"
)

// gather looks whether a case is one of a group about the same course, once it is
// known what it is about (procedure.md 5).
func (d *Desk) gather(tx *store.Tx, c complaint.Case) error {
	name := c.CourseName()
	if name == "" || name == c.GroupOf || !c.Open() {
		return nil
	}
	others, err := tx.AboutCourse(name, c.ReceivedAt.AddDate(0, 0, -complaint.GroupDays), c.ReceivedAt.AddDate(0, 0, complaint.GroupDays))
	if err != nil || len(others) < complaint.GroupSize {
		return err
	}
	dec, err := d.decide(tx, []complaint.Case{c}, complaint.Gathered{Now: tx.Now(), Others: others})
	if err != nil || len(dec.Notes) == 0 {
		return err
	}
	_, err = d.carry(tx, dec, letter.Original{}, nil)
	return err
}
