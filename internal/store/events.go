package store

import (
	"database/sql"
	"time"

	"klachtd/internal/complaint"
)

// An Event is a line of a case's timeline.
type Event struct {
	At time.Time
	complaint.Note
}

// AddEvent writes a line of the timeline.
func (tx *Tx) AddEvent(caseID int64, n complaint.Note) error {
	id := tx.nextID("event")
	var sealed []byte
	if n.Actor != "" || n.Detail != "" {
		var err error
		if sealed, err = tx.seal(caseID, place("event.sealed", id), [2]string{n.Actor, n.Detail}); err != nil {
			return err
		}
	}
	return tx.exec("add event", "INSERT INTO event(id, case_id, at, event, sealed) VALUES (?, ?, ?, ?, ?)",
		id, caseID, ms(tx.now), n.Event, sealed)
}

// Events returns the timeline of a case.
func (tx *Tx) Events(caseID int64) ([]Event, error) {
	var list []Event
	err := tx.each("read timeline", "SELECT id, at, event, sealed FROM event WHERE case_id = ? ORDER BY at, id", []any{caseID},
		func(rows *sql.Rows) error {
			var e Event
			var id int64
			var at sql.NullInt64
			var sealed []byte
			if err := rows.Scan(&id, &at, &e.Event, &sealed); err != nil {
				return fatal("read timeline", err)
			}
			e.At = fromMS(at)
			if sealed != nil {
				var s [2]string
				if err := tx.open(caseID, place("event.sealed", id), sealed, &s); err != nil {
					return err
				}
				e.Actor, e.Detail = s[0], s[1]
			}
			list = append(list, e)
			return nil
		})
	return list, err
}
