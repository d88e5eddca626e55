package store

import (
	"database/sql"
	"time"
)

// A Message is one that came in and belongs to a case.
type Message struct {
	CaseID    int64     `json:"-"`
	Direction string    `json:"-"` // in: of the complainant; note: of staff
	At        time.Time `json:"-"` // INTERNALDATE

	From        string       `json:"from"`
	To          []string     `json:"to"`
	Subject     string       `json:"subject"`
	MessageID   string       `json:"message_id"`
	Text        string       `json:"text"`
	Attachments []Attachment `json:"attachments"`
	Raw         []byte       `json:"-"` // as it came; Messages leaves it out
}

// An Attachment is what is remembered of one; its bytes are in the raw message.
type Attachment struct {
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	SHA256      string `json:"sha256"`
}

// chunkSize bounds what is in memory at once when a raw message is read back.
const chunkSize = 256 << 10

// AddMessage saves a message and its bytes.
func (tx *Tx) AddMessage(m Message) error {
	id := tx.nextID("message")
	sealed, err := tx.seal(m.CaseID, place("message.sealed", id), m)
	if err != nil {
		return err
	}
	err = tx.exec("add message", "INSERT INTO message(id, case_id, direction, at, sealed) VALUES (?, ?, ?, ?, ?)",
		id, m.CaseID, m.Direction, ms(m.At), sealed)
	if err != nil {
		return err
	}
	for n, raw := 0, m.Raw; len(raw) > 0; n++ {
		piece := raw[:min(len(raw), chunkSize)]
		raw = raw[len(piece):]
		sealed, err := tx.sealOnce(m.CaseID, chunkPlace(id, n), piece)
		if err != nil {
			return err
		}
		if err := tx.exec("add chunk", "INSERT INTO chunk(message_id, n, sealed) VALUES (?, ?, ?)", id, n, sealed); err != nil {
			return err
		}
	}
	return nil
}

func chunkPlace(id int64, n int) string { return place(place("chunk.sealed", id), int64(n)) }

// Messages returns what came in about a case, in order, without the raw bytes.
func (tx *Tx) Messages(caseID int64) ([]Message, error) {
	var list []Message
	err := tx.each("read messages", "SELECT id, direction, at, sealed FROM message WHERE case_id = ? ORDER BY at, id", []any{caseID},
		func(rows *sql.Rows) error {
			var m Message
			var id int64
			var at sql.NullInt64
			var sealed []byte
			if err := rows.Scan(&id, &m.Direction, &at, &sealed); err != nil {
				return fatal("read messages", err)
			}
			if err := tx.open(caseID, place("message.sealed", id), sealed, &m); err != nil {
				return err
			}
			m.CaseID, m.At = caseID, fromMS(at)
			list = append(list, m)
			return nil
		})
	return list, err
}

// RawMessages calls f with the bytes of each message of a case, as they came, the
// oldest first, until it says that it has seen enough.
func (tx *Tx) RawMessages(caseID int64, f func(raw []byte) (enough bool, err error)) error {
	var ids []int64
	err := tx.each("read messages", "SELECT id FROM message WHERE case_id = ? ORDER BY at, id", []any{caseID}, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		ids = append(ids, id)
		return fatal("read messages", err)
	})
	enough := false
	for _, id := range ids {
		if err != nil || enough {
			break
		}
		var raw []byte
		err = tx.each("read chunks", "SELECT n, sealed FROM chunk WHERE message_id = ? ORDER BY n", []any{id}, func(rows *sql.Rows) error {
			var n int
			var sealed []byte
			if err := rows.Scan(&n, &sealed); err != nil {
				return fatal("read chunks", err)
			}
			piece, err := tx.openBytes(caseID, chunkPlace(id, n), sealed)
			raw = append(raw, piece...)
			return err
		})
		if err == nil {
			enough, err = f(raw)
		}
	}
	return err
}
