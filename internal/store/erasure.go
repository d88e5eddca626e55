package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/vault"
)

// An ErasureState is how far an erasure has come. Each step may be done again, so
// that it is resumed wherever it was cut off (security.md 29).
type ErasureState string

// The states, in order.
const (
	Planned   ErasureState = "planned"   // it may still be given up
	Cleared   ErasureState = "cleared"   // the messages are out of the mailbox
	Destroyed ErasureState = "destroyed" // the rows are gone
	Shredded  ErasureState = "shredded"  // the key is destroyed and the log is empty
	Certified ErasureState = "certified" // the letters about it are in the outbox
)

// An Erasure is the forgetting of a case, or of messages that turned up again.
type Erasure struct {
	ID     int64
	CaseID int64 // 0: messages alone
	State  ErasureState
	MadeAt time.Time
	Wanted []Wanted // the messages to remove from the mailbox, until they are
	Record
}

// A Wanted is a message that is to be removed. Without a Message-ID it is looked
// for by the day on which it came.
type Wanted struct {
	MessageID string    `json:"message_id,omitempty"`
	Received  time.Time `json:"received,omitzero"`
	Content   []byte    `json:"content"` // keyed hash, by Tx.Content
}

// A Record is what an erasure is remembered by. Number, Copies and Letters are
// forgotten with the certificate.
type Record struct {
	Number   string                     `json:"number,omitempty"`
	Asked    bool                       `json:"asked,omitempty"`   // on the command line, not by retention
	Reason   string                     `json:"reason,omitempty"`  // why, then
	Copies   map[string][]complaint.Day `json:"copies,omitempty"`  // who of the staff was sent mails about it, by address
	Letters  []int64                    `json:"letters,omitempty"` // of no case, that name it
	Removed  map[string]int             `json:"removed,omitempty"` // messages, by folder
	Left     []complaint.LeftBehind     `json:"left,omitempty"`
	Looked   int                        `json:"looked,omitempty"` // folders that were looked through
	Marked   bool                       `json:"marked,omitempty"`
	Exports  int                        `json:"exports,omitempty"` // files of it that were removed
	Strayed  int                        `json:"strayed,omitempty"` // files of it that could not be
	Provider complaint.Provider         `json:"provider,omitempty"`
}

func (tx *Tx) numberHash(number string) []byte {
	return tx.db.vault.Hash("number", strings.ToUpper(number))[:16]
}

// AddErasure begins an erasure; e gets its ID.
func (tx *Tx) AddErasure(e *Erasure) error {
	e.ID, e.State, e.MadeAt = tx.nextID("erasure"), Planned, tx.now
	var number []byte
	if e.Number != "" {
		number = tx.numberHash(e.Number)
	}
	wanted, err := tx.seal(e.CaseID, place("erasure.wanted", e.ID), e.Wanted)
	if err != nil {
		return err
	}
	sealed, err := tx.seal(0, place("erasure.sealed", e.ID), e.Record)
	if err != nil {
		return err
	}
	tx.auditErasure(e.CaseID, Planned)
	return tx.exec("plan erasure", "INSERT INTO erasure(id, case_id, number, state, made_at, wanted, sealed) VALUES (?, nullif(?, 0), ?, ?, ?, ?, ?)",
		e.ID, e.CaseID, number, e.State, ms(tx.now), wanted, sealed)
}

// SaveErasure writes how far an erasure has come, from the state it was in; false
// when it is there no longer: another process was first.
func (tx *Tx) SaveErasure(e Erasure, from ErasureState) (bool, error) {
	if e.State == Certified {
		e.Number, e.Copies, e.Letters = "", nil, nil
	}
	sealed, err := tx.seal(0, place("erasure.sealed", e.ID), e.Record)
	if err != nil {
		return false, err
	}
	var done any
	if e.State == Certified {
		done = ms(tx.now)
	}
	n := 0
	err = tx.each("save erasure", `UPDATE erasure SET state = ?, sealed = ?, done_at = ?,
		wanted = CASE WHEN ?1 = 'planned' THEN wanted END WHERE id = ? AND state = ? RETURNING id`,
		[]any{e.State, sealed, done, e.ID, from}, func(*sql.Rows) error { n++; return nil })
	if n > 0 && e.State != from {
		tx.auditErasure(e.CaseID, e.State)
	}
	return n > 0, err
}

func (tx *Tx) auditErasure(caseID int64, s ErasureState) {
	tx.Audit(Entry{Event: "erasure", What: string(s), CaseID: caseID})
}

// DropErasure gives an erasure up that is still planned.
func (tx *Tx) DropErasure(id int64) error {
	return tx.giveUp(id, Planned)
}

// GiveUp gives an erasure up of which the mailbox was cleared already.
func (tx *Tx) GiveUp(id int64) error {
	return tx.giveUp(id, Cleared)
}

func (tx *Tx) giveUp(id int64, s ErasureState) error {
	return tx.each("give up erasure", "DELETE FROM erasure WHERE id = ? AND state = ? RETURNING coalesce(case_id, 0)", []any{id, s}, func(rows *sql.Rows) error {
		var caseID int64
		err := rows.Scan(&caseID)
		tx.auditErasure(caseID, "given up")
		return fatal("give up erasure", err)
	})
}

// Erasures returns those that have not come to their end, in order.
func (tx *Tx) Erasures() ([]Erasure, error) {
	var list []Erasure
	err := tx.each("read erasures", "SELECT id, coalesce(case_id, 0), state, made_at, wanted, sealed FROM erasure WHERE state <> 'certified' ORDER BY id", nil,
		func(rows *sql.Rows) error {
			var e Erasure
			var made sql.NullInt64
			var wanted, sealed []byte
			if err := rows.Scan(&e.ID, &e.CaseID, &e.State, &made, &wanted, &sealed); err != nil {
				return fatal("read erasures", err)
			}
			e.MadeAt = fromMS(made)
			if err := tx.open(0, place("erasure.sealed", e.ID), sealed, &e.Record); err != nil {
				return err
			}
			if e.State == Planned {
				err := tx.open(e.CaseID, place("erasure.wanted", e.ID), wanted, &e.Wanted)
				if err != nil && !errors.Is(err, vault.ErrErased) {
					return err
				}
			}
			list = append(list, e)
			return nil
		})
	return list, err
}

// IsErasing reports whether an erasure of the case has begun.
func (tx *Tx) IsErasing(caseID int64) (is bool, err error) {
	_, err = tx.one("look up erasure", "SELECT EXISTS (SELECT 1 FROM erasure WHERE case_id = ? AND state <> 'certified')", []any{caseID}, &is)
	return is, err
}

// WasErased reports whether a case with this number was erased.
func (tx *Tx) WasErased(number string) (was bool, err error) {
	_, err = tx.one("look up erasure", "SELECT EXISTS (SELECT 1 FROM erasure WHERE number = ? AND state NOT IN ('planned', 'cleared'))",
		[]any{tx.numberHash(number)}, &was)
	return was, err
}

// ToErase calls f with each case that owes its erasure on a day or before it: the
// promise says so.
func (tx *Tx) ToErase(day complaint.Day, f func(complaint.Case) error) error {
	return tx.eachCase("SELECT "+caseColumns+` FROM cases WHERE state = 'closed' AND id IN
		(SELECT case_id FROM promise WHERE kind = 'erase' AND fulfilled_at IS NULL AND due <= ?) ORDER BY id`, []any{day}, false, f)
}

// ReceiptsOf returns what the mailbox handed over about a case.
func (tx *Tx) ReceiptsOf(caseID int64) ([]Receipt, error) {
	var list []Receipt
	err := tx.each("read receipts", "SELECT box_id, uid, received_at, content, folder, message_id FROM receipt WHERE case_id = ? ORDER BY at, uid", []any{caseID},
		func(rows *sql.Rows) error {
			r := Receipt{CaseID: caseID}
			var box int64
			var at sql.NullInt64
			var id []byte
			if err := rows.Scan(&box, &r.UID, &at, &r.Content, &r.Folder, &id); err != nil {
				return fatal("read receipts", err)
			}
			r.ReceivedAt = fromMS(at)
			if id != nil {
				plain, err := tx.openBytes(caseID, receiptPlace(box, r.UID), id)
				if err != nil {
					return err
				}
				r.MessageID = string(plain)
			}
			list = append(list, r)
			return nil
		})
	return list, err
}

// Leaving reports whether a letter about the case is on its way right now, so that
// nothing of it may be touched.
func (tx *Tx) Leaving(caseID int64) (is bool, err error) {
	_, err = tx.one("look up outbox", `SELECT EXISTS (SELECT 1 FROM letter WHERE case_id = ?
		AND state IN ('claimed', 'sending') AND lease_until > ?)`, []any{caseID, ms(tx.now)}, &is)
	return is, err
}

// DestroyCase deletes all rows of a case. contents are those of its messages that
// no receipt of the case has. What stays is the sequence number, and the keyed
// hashes by which its messages are known (security.md 29).
func (tx *Tx) DestroyCase(caseID int64, contents [][]byte) error {
	hashes := make([]string, len(contents))
	for i, c := range contents {
		hashes[i] = fmt.Sprintf("%x", c)
	}
	known, err := json.Marshal(hashes)
	if err != nil {
		return fmt.Errorf("erase case: %w", err)
	}
	if err := tx.remember(caseID, contents); err != nil {
		return err
	}
	for _, s := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO issued(year, seq) SELECT year, seq FROM cases WHERE id = ? ON CONFLICT DO UPDATE SET seq = max(issued.seq, excluded.seq)`, []any{caseID}},
		{"UPDATE receipt SET case_id = NULL, message_id = NULL, reason = '', erased = 1 WHERE case_id = ?", []any{caseID}},
		{"UPDATE receipt SET message_id = NULL, reason = '', erased = 1 WHERE content IN (SELECT unhex(value) FROM json_each(?))", []any{string(known)}},
		{"DELETE FROM cases WHERE id = ?", []any{caseID}},
	} {
		if err := tx.exec("erase case", s.query, s.args...); err != nil {
			return err
		}
	}
	delete(tx.keys, caseID)
	return nil
}

// remember notes outside the database what is about to be erased, so that an older
// copy of it forgets it too (security.md 28).
func (tx *Tx) remember(caseID int64, contents [][]byte) error {
	if _, err := tx.key(caseID); errors.Is(err, vault.ErrErased) {
		return nil // out of a backup: it is remembered
	}
	e := vault.Erased{ID: caseID, Contents: contents}
	var number string
	if found, err := tx.one("erase case", "SELECT number FROM cases WHERE id = ?", []any{caseID}, &number); err != nil || !found {
		return err
	}
	e.Number = tx.numberHash(number)
	err := tx.each("erase case", "SELECT DISTINCT content FROM receipt WHERE case_id = ?", []any{caseID}, func(rows *sql.Rows) error {
		var content []byte
		err := rows.Scan(&content)
		e.Contents = append(e.Contents, content)
		return fatal("erase case", err)
	})
	if err != nil {
		return err
	}
	return tx.db.vault.AddErasing(e)
}

// Orphans returns cases of which rows are there and the key is destroyed: they came
// out of a backup (security.md 28).
func (tx *Tx) Orphans() ([]int64, error) {
	var ids []int64
	err := tx.each("look for erased cases", "SELECT id FROM cases ORDER BY id", nil, func(rows *sql.Rows) error {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return fatal("look for erased cases", err)
		}
		if _, err := tx.db.vault.Key(id); errors.Is(err, vault.ErrErased) {
			ids = append(ids, id)
		}
		return nil
	})
	return ids, err
}

// Shred destroys the keys of cases whose rows are gone, and empties the log in
// which those still stand (security.md 26, 27). False says that somebody is still
// reading the log: it is to be tried again, and does no harm.
func (db *DB) Shred(ctx context.Context, caseIDs ...int64) (bool, error) {
	// In a transaction: nobody copies the keys meanwhile.
	err := db.Update(ctx, func(*Tx) error {
		return errors.Join(db.vault.Destroy(caseIDs...), db.vault.SetErased(caseIDs...))
	})
	if err != nil {
		return false, err
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	// Whoever waits for readers here would let all writers wait with him.
	if _, err := db.conn.ExecContext(ctx, "PRAGMA busy_timeout = 0"); err != nil {
		return false, fmt.Errorf("empty log: %w", explain(err))
	}
	var busy, pages, done int
	err = db.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &done)
	if _, back := db.conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA busy_timeout = 5000"); back != nil {
		return false, fmt.Errorf("empty log: %w", explain(back))
	}
	if err = explain(err); errors.Is(err, ErrInUse) {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("empty log: %w", err)
	}
	return busy == 0, nil
}
