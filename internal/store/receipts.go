package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"
)

// A Box is a mailbox as the server numbers its messages (security.md 32).
type Box struct {
	Name        string
	UIDValidity uint32
}

// A Receipt says what became of a message that was handed over.
type Receipt struct {
	UID        uint32
	ReceivedAt time.Time
	Content    []byte // keyed hash, by Content
	Became     string
	Reason     string
	CaseID     int64 // 0: none
	Folder     string
	MessageID  string // kept as long as its case; ReceiptByContent leaves it out
	Erased     bool   // its case was
}

// boxID finds or makes the row of a mailbox.
func (tx *Tx) boxID(b Box) (int64, error) {
	k := fmt.Sprintf("%d %s", b.UIDValidity, b.Name)
	if id, ok := tx.db.boxes[k]; ok {
		return id, nil
	}
	err := tx.exec("add mailbox", "INSERT INTO box(name, uidvalidity) VALUES (?, ?) ON CONFLICT DO NOTHING", b.Name, b.UIDValidity)
	if err != nil {
		return 0, err
	}
	var id int64
	_, err = tx.one("look up mailbox", "SELECT id FROM box WHERE name = ? AND uidvalidity = ?", []any{b.Name, b.UIDValidity}, &id)
	return id, err
}

// keepBox remembers the row of a mailbox once it is on disk.
func (db *DB) keepBox(b Box, id int64) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.boxes[fmt.Sprintf("%d %s", b.UIDValidity, b.Name)] = id
}

// Unseen says which of these messages were never handed over: fresh ones, and
// suspects, which were being handled when an earlier process ended: the one that
// it died under comes last.
func (db *DB) Unseen(ctx context.Context, b Box, uids []uint32) (fresh, suspects []uint32, err error) {
	var box int64
	err = db.Update(ctx, func(tx *Tx) error {
		fresh, suspects = nil, nil
		if box, err = tx.boxID(b); err != nil {
			return err
		}
		return tx.each("look up receipts", `SELECT u.value, coalesce(a.n, 0) FROM json_each(?) u
			LEFT JOIN receipt r ON r.box_id = ?2 AND r.uid = u.value
			LEFT JOIN attempt a ON a.box_id = ?2 AND a.uid = u.value
			WHERE r.uid IS NULL ORDER BY coalesce(a.n, 0), u.value`, []any{list(uids), box},
			func(rows *sql.Rows) error {
				var uid uint32
				var n int
				if err := rows.Scan(&uid, &n); err != nil {
					return fatal("look up receipts", err)
				}
				if n > 0 {
					suspects = append(suspects, uid)
				} else {
					fresh = append(fresh, uid)
				}
				return nil
			})
	})
	if err == nil {
		db.keepBox(b, box)
	}
	return fresh, db.lastOf(b, suspects), err
}

// list writes numbers for json_each: one statement instead of one a row.
func list[N uint32 | int64](ids []N) string {
	text := []byte("[")
	for i, id := range ids {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(text, int64(id), 10)
	}
	return string(append(text, ']'))
}

// CountAttempts notes that these messages are about to be handled, and returns
// how often each was tried, this time included (security.md 5).
func (tx *Tx) CountAttempts(b Box, uids []uint32) (map[uint32]int, error) {
	box, err := tx.boxID(b)
	if err != nil {
		return nil, err
	}
	counts := make(map[uint32]int, len(uids))
	err = tx.each("count attempts", `INSERT INTO attempt(box_id, uid, n) SELECT ?, value, 1 FROM json_each(?) WHERE true
		ON CONFLICT DO UPDATE SET n = n + 1 RETURNING uid, n`, []any{box, list(uids)}, func(rows *sql.Rows) error {
		var uid uint32
		var n int
		err := rows.Scan(&uid, &n)
		counts[uid] = n
		return fatal("count attempts", err)
	})
	return counts, err
}

// ForgetAttempts notes that these messages have been handled.
func (tx *Tx) ForgetAttempts(b Box, uids []uint32) error {
	box, err := tx.boxID(b)
	if err != nil {
		return err
	}
	return tx.exec("forget attempts", "DELETE FROM attempt WHERE box_id = ? AND uid IN (SELECT value FROM json_each(?))", box, list(uids))
}

// TakeBackAttempts takes one attempt back: it was no fault of the messages.
func (tx *Tx) TakeBackAttempts(b Box, uids []uint32) error {
	box, err := tx.boxID(b)
	if err != nil {
		return err
	}
	err = tx.exec("take back attempts", "UPDATE attempt SET n = n - 1 WHERE box_id = ? AND uid IN (SELECT value FROM json_each(?))", box, list(uids))
	if err != nil {
		return err
	}
	return tx.exec("take back attempts", "DELETE FROM attempt WHERE n <= 0")
}

// Content is the keyed hash under which the content of a message is known.
func (tx *Tx) Content(fingerprint []byte) []byte {
	return tx.db.vault.Hash("content", string(fingerprint))[:16]
}

// Content is Tx.Content, outside of a transaction.
func (db *DB) Content(fingerprint []byte) []byte {
	return db.vault.Hash("content", string(fingerprint))[:16]
}

// HasReceipt reports whether this message was handed over before.
func (tx *Tx) HasReceipt(b Box, uid uint32) (bool, error) {
	box, err := tx.boxID(b)
	if err != nil {
		return false, err
	}
	var n int
	return tx.one("look up receipt", "SELECT 1 FROM receipt WHERE box_id = ? AND uid = ?", []any{box, uid}, &n)
}

// ReceiptByContent returns the first receipt of a message with this content.
func (tx *Tx) ReceiptByContent(content []byte) (Receipt, bool, error) {
	var r Receipt
	found, err := tx.one("look up content", `SELECT uid, became, reason, coalesce(case_id, 0), folder, erased = 1 FROM receipt
		WHERE content = +? ORDER BY at, uid LIMIT 1`, []any{content}, &r.UID, &r.Became, &r.Reason, &r.CaseID, &r.Folder, &r.Erased)
	r.Content = content
	return r, found, err
}

// AddReceipt notes what became of a message.
func (tx *Tx) AddReceipt(b Box, r Receipt) error {
	box, err := tx.boxID(b)
	if err != nil {
		return err
	}
	var filed any
	if b == Imported() {
		filed = ms(tx.now) // it stays where it is
	}
	var id []byte // of a case's message alone: so that it is found when the case is erased
	if r.CaseID != 0 && r.MessageID != "" {
		if id, err = tx.sealBytes(r.CaseID, receiptPlace(box, r.UID), []byte(r.MessageID)); err != nil {
			return err
		}
	}
	return tx.exec("add receipt", `INSERT INTO receipt(box_id, uid, received_at, at, content, became, reason, case_id, folder, filed_at, message_id, erased)
		VALUES (?, ?, ?, ?, ?, ?, ?, nullif(?, 0), ?, ?, ?, ?)`,
		box, r.UID, ms(r.ReceivedAt), ms(tx.now), r.Content, r.Became, r.Reason, r.CaseID, r.Folder, filed, id, r.Erased)
}

func receiptPlace(box int64, uid uint32) string {
	return place(place("receipt.message_id", box), int64(uid))
}

// ToFile calls f with each message that still has to be filed, and the key of its folder.
func (db *DB) ToFile(ctx context.Context, b Box, f func(uid uint32, folder string)) error {
	return db.View(ctx, func(tx *Tx) error {
		return tx.each("look up filing", `SELECT r.uid, r.folder FROM receipt r JOIN box b ON b.id = r.box_id
			WHERE b.name = ? AND b.uidvalidity = ? AND r.filed_at IS NULL ORDER BY r.uid`, []any{b.Name, b.UIDValidity},
			func(rows *sql.Rows) error {
				var uid uint32
				var folder string
				if err := rows.Scan(&uid, &folder); err != nil {
					return fatal("look up filing", err)
				}
				f(uid, folder)
				return nil
			})
	})
}

// Filed notes that these messages were filed.
func (db *DB) Filed(ctx context.Context, b Box, uids []uint32) error {
	return db.Update(ctx, func(tx *Tx) error {
		box, err := tx.boxID(b)
		if err != nil {
			return err
		}
		return tx.exec("note filing", "UPDATE receipt SET filed_at = ? WHERE box_id = ? AND uid IN (SELECT value FROM json_each(?))",
			ms(tx.now), box, list(uids))
	})
}

// CountSince counts what became of messages of the mailbox since a moment.
func (tx *Tx) CountSince(became string, since time.Time) (int, error) {
	var n int
	_, err := tx.one("count receipts", `SELECT count(*) FROM receipt WHERE became = ? AND at > ?
		AND box_id NOT IN (SELECT id FROM box WHERE uidvalidity = 0)`, []any{became, since.UnixMilli()}, &n)
	return n, err
}

// LastBecame says in words what became of the message that was handed over last,
// and why; "" when there was none.
func (tx *Tx) LastBecame() (string, error) {
	var became, reason string
	_, err := tx.one("look up receipt", "SELECT became, reason FROM receipt ORDER BY box_id DESC, uid DESC LIMIT 1", nil, &became, &reason)
	if reason != "" {
		became += ": " + reason
	}
	return became, err
}
