package store

import (
	"time"

	"klachtd/internal/complaint"
)

// saveCourse notes under a keyed hash which course a case is about.
func (tx *Tx) saveCourse(c complaint.Case) error {
	name := c.CourseName()
	if name == "" {
		return nil
	}
	return tx.exec("save course", `INSERT INTO course(case_id, name, at) VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET name = excluded.name, at = excluded.at WHERE name <> excluded.name OR at <> excluded.at`,
		c.ID, tx.course(name), ms(c.ReceivedAt))
}

func (tx *Tx) course(name string) []byte { return tx.db.vault.Hash("course", name)[:16] }

// AboutCourse returns the cases about a course, by its name as Case.CourseName gives
// it, that were received from one moment up to another, in the order of registration.
func (tx *Tx) AboutCourse(name string, from, until time.Time) ([]complaint.Case, error) {
	var list []complaint.Case
	err := tx.eachCase("SELECT "+caseColumns+" FROM cases WHERE id IN (SELECT case_id FROM course WHERE name = ? AND at BETWEEN ? AND ?) ORDER BY id",
		[]any{tx.course(name), ms(from), ms(until)}, true, func(c complaint.Case) error {
			list = append(list, c)
			return nil
		})
	return list, err
}
