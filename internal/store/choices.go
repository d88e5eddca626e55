package store

import (
	"database/sql"
	"time"

	"klachtd/internal/complaint"
)

// A Choice is a mail of staff that belongs to no case, and of which its sender
// was asked what it is (procedure.md 2, Intake).
type Choice struct {
	ID  int64         `json:"-"`
	At  time.Time     `json:"-"` // INTERNALDATE
	Due complaint.Day `json:"-"` // the last day for an answer
	By  string        `json:"by"`
	Raw []byte        `json:"-"`
}

// AddChoice keeps the mail until its sender says what it is; c gets its ID.
func (tx *Tx) AddChoice(c *Choice) error {
	c.ID = tx.nextID("choice")
	sealed, err := tx.seal(0, place("choice.sealed", c.ID), *c)
	if err != nil {
		return err
	}
	raw, err := tx.sealBytes(0, place("choice.raw", c.ID), c.Raw)
	if err != nil {
		return err
	}
	return tx.exec("add choice", "INSERT INTO choice(id, at, due, sealed, raw) VALUES (?, ?, ?, ?, ?)", c.ID, ms(c.At), c.Due, sealed, raw)
}

// Choice returns a mail that waits; false when it no longer does.
func (tx *Tx) Choice(id int64) (Choice, bool, error) {
	list, err := tx.choices("SELECT id, at, due, sealed, raw FROM choice WHERE id = ?", id)
	if err != nil || len(list) == 0 {
		return Choice{}, false, err
	}
	return list[0], true, nil
}

// ChoicesBefore returns the first mail of which the last day for an answer lies
// before day; none when there is none.
func (tx *Tx) ChoicesBefore(day complaint.Day) ([]Choice, error) {
	return tx.choices("SELECT id, at, due, sealed, raw FROM choice WHERE due < ? ORDER BY id LIMIT 1", day)
}

// DropChoice forgets a mail: its sender, or the clock, has said what it is.
func (tx *Tx) DropChoice(id int64) error {
	return tx.exec("drop choice", "DELETE FROM choice WHERE id = ?", id)
}

func (tx *Tx) choices(query string, args ...any) ([]Choice, error) {
	var list []Choice
	err := tx.each("read choices", query, args, func(rows *sql.Rows) error {
		var id int64
		var at sql.NullInt64
		var due complaint.Day
		var sealed, raw []byte
		if err := rows.Scan(&id, &at, &due, &sealed, &raw); err != nil {
			return fatal("read choices", err)
		}
		c := Choice{}
		if err := tx.open(0, place("choice.sealed", id), sealed, &c); err != nil {
			return err
		}
		var err error
		c.ID, c.At, c.Due = id, fromMS(at), due
		c.Raw, err = tx.openBytes(0, place("choice.raw", id), raw)
		list = append(list, c)
		return err
	})
	return list, err
}
