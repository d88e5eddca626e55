package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/vault"
)

// metaNoBriefs says that there are cases without a brief: they are from before there were any.
const metaNoBriefs = "briefs_missing"

// saveBrief writes of a case what figures are made of. Its promises have their IDs.
func (tx *Tx) saveBrief(c complaint.Case) error {
	sealed, err := tx.sealBytes(c.ID, place("brief.sealed", c.ID), encodeBrief(complaint.BriefOf(c)))
	if err != nil {
		return err
	}
	return tx.exec("save brief", "INSERT INTO brief(case_id, sealed) VALUES (?, ?) ON CONFLICT DO UPDATE SET sealed = excluded.sealed, kept = ''", c.ID, sealed)
}

// keptBrief notes that mail has kept a promise: a case is not opened for that.
func (tx *Tx) keptBrief(caseID, promiseID int64) error {
	return tx.exec("save brief", "UPDATE brief SET kept = kept || ? WHERE case_id = ?", fmt.Sprintf("%d:%d ", promiseID, tx.now.UnixMilli()), caseID)
}

// Briefs calls f with what figures are made of, of each case in the order of
// registration. It holds till f returns. No case is opened whole, and memory does
// not grow with the register.
func (tx *Tx) Briefs(f func(*complaint.Brief) error) error {
	var b complaint.Brief
	var sealed, kept sql.RawBytes
	keys := tx.db.vault.Reader()
	name := []byte("brief.sealed ")
	return tx.each("read briefs", "SELECT case_id, sealed, kept FROM brief ORDER BY case_id", nil, func(rows *sql.Rows) error {
		if err := rows.Scan(&b.ID, &sealed, &kept); err != nil {
			return fatal("read briefs", err)
		}
		k, err := keys.Key(b.ID)
		if errors.Is(err, vault.ErrErased) {
			return nil // out of a backup: nobody sees it again (security.md 28)
		} else if err != nil {
			return err
		}
		plain, err := k.Open(string(strconv.AppendInt(name, b.ID, 10)), sealed)
		if err != nil {
			return err
		}
		if err := decodeBrief(plain, &b); err != nil {
			return err
		}
		if len(kept) > 0 {
			keep(&b, string(kept))
		}
		return f(&b)
	})
}

// keep puts down promises that were kept after the brief was written.
func keep(b *complaint.Brief, kept string) {
	for word := range strings.FieldsSeq(kept) {
		first, last, _ := strings.Cut(word, ":")
		id, err := strconv.ParseInt(first, 10, 64)
		at, bad := strconv.ParseInt(last, 10, 64)
		for i := range b.Promises {
			if p := &b.Promises[i]; err == nil && bad == nil && p.ID == id && p.FulfilledAt.IsZero() {
				p.FulfilledAt = time.UnixMilli(at).UTC()
			}
		}
	}
}

// briefBatch is how many cases get their brief in one transaction.
const briefBatch = 500

// fillBriefs gives each case its brief that was there before there were any. It may be
// cut off: what is done is done, and the next one goes on.
func (db *DB) fillBriefs(ctx context.Context) error {
	missing, last := false, int64(0)
	err := db.View(ctx, func(tx *Tx) error {
		_, err := tx.one("look for briefs", "SELECT true FROM meta WHERE key = ?", []any{metaNoBriefs}, &missing)
		return err
	})
	for missing && err == nil {
		err = db.Update(ctx, func(tx *Tx) error {
			n := 0
			err := tx.eachCase("SELECT "+caseColumns+" FROM cases WHERE id > ? AND id NOT IN (SELECT case_id FROM brief) ORDER BY id LIMIT ?",
				[]any{last, briefBatch}, true, func(c complaint.Case) error {
					n, last = n+1, c.ID
					return tx.saveBrief(c)
				})
			if err != nil || n > 0 {
				return err
			}
			missing = false
			return tx.exec("fill briefs", "DELETE FROM meta WHERE key = ?", metaNoBriefs)
		})
	}
	return err
}
