package store

import (
	"database/sql"

	"klachtd/internal/complaint"
)

// Actions returns the register of improvements, in the order of their numbers.
func (tx *Tx) Actions() ([]complaint.Action, error) {
	var list []complaint.Action
	err := tx.each("read actions", "SELECT id, sealed FROM action ORDER BY id", nil, func(rows *sql.Rows) error {
		var id int64
		var sealed []byte
		if err := rows.Scan(&id, &sealed); err != nil {
			return fatal("read actions", err)
		}
		var a complaint.Action
		if err := tx.open(0, place("action.sealed", id), sealed, &a); err != nil {
			return err
		}
		a.Number = int(id)
		list = append(list, a)
		return nil
	})
	return list, err
}

// NextAction is the number that the next new action gets.
func (tx *Tx) NextAction() int { return int(tx.db.ids["action"]) + 1 }

// SaveAction writes an action, a new one with the number of NextAction.
func (tx *Tx) SaveAction(a complaint.Action) error {
	id := int64(a.Number)
	sealed, err := tx.seal(0, place("action.sealed", id), a)
	if err != nil {
		return err
	}
	tx.db.ids["action"] = max(tx.db.ids["action"], id)
	return tx.exec("save action", "INSERT INTO action(id, sealed) VALUES (?, ?) ON CONFLICT DO UPDATE SET sealed = excluded.sealed", id, sealed)
}
