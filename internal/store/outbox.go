package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/vault"
)

// An Outcome is what became of one attempt to send a letter.
type Outcome struct {
	Letter  Letter
	State   LetterState       // Sent, Due, Unsure or FailedFor
	NextAt  time.Time         // Due: not before
	Failure complaint.Failure // FailedFor
	Words   string            // the server's last words; they may name the receiver, so they are sealed
	Keep    bool              // Sent: a copy belongs in the Sent folder
}

// waiting is the condition of the index over the outbox: SQLite uses it only
// where the query says the very same.
const waiting = "state NOT IN ('sent', 'failed')"

const (
	claimLetters = `UPDATE letter SET state = 'claimed', lease_until = ? WHERE id IN (
		SELECT id FROM letter INDEXED BY letter_waiting WHERE ` + waiting + ` AND (state = 'due' AND next_at <= ?2 OR state = 'claimed' AND lease_until <= ?2)
		ORDER BY id LIMIT ?) RETURNING ` + letterColumns
	nextLetter    = "SELECT min(next_at) FROM letter WHERE " + waiting + " AND state = 'due'"
	unsureLetters = "SELECT " + letterColumns + " FROM letter WHERE " + waiting + " AND state = 'uncertain' ORDER BY id LIMIT 1000"
	freeLetters   = "UPDATE letter SET state = 'due', lease_until = NULL WHERE " + waiting + " AND state = 'claimed'"
	doubtLetters  = "UPDATE letter SET state = 'uncertain' WHERE " + waiting + " AND state = 'sending'"
	countWaiting  = "SELECT count(*) FROM letter WHERE " + waiting
	countStuck    = "SELECT count(*) FROM letter WHERE " + waiting + " AND state IN ('due', 'claimed') AND created_at < ?1 AND (attempts > 0 OR next_at < ?1)"
	oldestLetter  = "SELECT min(created_at) FROM letter WHERE " + waiting + " AND state IN ('due', 'claimed', 'sending', 'uncertain') AND (attempts > 0 OR next_at <= ?1)"
	releaseHeld   = "UPDATE letter SET state = 'due', next_at = ? WHERE " + waiting + " AND state = 'held' RETURNING case_id"
)

// Claim takes at most n letters that are due, for as long as the lease. A lease
// that has run out is as good as none. While the database is behind
// nothing is to be sent (security.md 42).
func (db *DB) Claim(ctx context.Context, n int, lease time.Duration) ([]Letter, error) {
	var list []Letter
	if db.behind {
		return nil, nil
	}
	err := db.Update(ctx, func(tx *Tx) (err error) {
		list, err = tx.letters(claimLetters, ms(tx.now.Add(lease)), ms(tx.now), n)
		return err
	})
	// rows of RETURNING come in no order
	slices.SortFunc(list, func(a, b Letter) int { return int(a.ID - b.ID) })
	return list, err
}

// Turn is one commit between sends: it writes down what became of the letters
// that were sent, and that the next ones are being sent. It must be on disk
// before the last dot of what begins (security.md 33, 37).
// It returns the bytes of what begins.
func (db *DB) Turn(ctx context.Context, done []Outcome, begin []Letter) ([][]byte, error) {
	if len(done)+len(begin) == 0 {
		return nil, nil
	}
	bodies := make([][]byte, len(begin))
	err := db.Update(ctx, func(tx *Tx) (err error) {
		for _, o := range done {
			if err := tx.finishLetter(o); err != nil {
				return err
			}
		}
		ids := make([]int64, len(begin))
		for i, l := range begin {
			ids[i] = l.ID
			if bodies[i], err = tx.Body(l); err != nil {
				return err
			}
		}
		return tx.exec("begin letters", "UPDATE letter SET state = 'sending' WHERE id IN (SELECT value FROM json_each(?))", list(ids))
	})
	return bodies, err
}

func (tx *Tx) finishLetter(o Outcome) error {
	l := o.Letter
	outcome, err := tx.sealBytes(l.CaseID, place("letter.outcome", l.ID), []byte(o.Words))
	if errors.Is(err, vault.ErrErased) {
		return nil // meanwhile
	} else if err != nil {
		return err
	}
	var sent, keep any
	if o.State == Sent {
		sent = ms(tx.now)
		if o.Keep {
			keep = 1
		}
	}
	next := o.NextAt
	if next.IsZero() {
		next = tx.now
	}
	err = tx.exec("finish letter", `UPDATE letter SET state = ?, attempts = attempts + 1, next_at = ?, sent_at = ?,
		failure = nullif(?, ''), outcome = ?, lease_until = NULL, to_keep = ? WHERE id = ?`,
		o.State, ms(next), sent, o.Failure, outcome, keep, l.ID)
	if err != nil {
		return err
	}
	tx.fail = tx.fail || o.State == FailedFor || o.State == Sent && l.Ref > 0
	tx.auditLetter(l, o.State, o.Failure)
	if o.State != Sent || l.PromiseID == 0 {
		return nil
	}
	err = tx.exec("keep promise", "UPDATE promise SET fulfilled_at = ?, letter_id = ? WHERE id = ? AND fulfilled_at IS NULL",
		ms(tx.now), l.ID, l.PromiseID)
	return errors.Join(err, tx.keptBrief(l.CaseID, l.PromiseID))
}

// auditLetter is for what became of a letter in the end, or as far as anybody knows.
func (tx *Tx) auditLetter(l Letter, s LetterState, why complaint.Failure) {
	if s == Sent || s == FailedFor || s == Unsure {
		tx.Audit(Entry{Event: string(s), What: strings.TrimSpace(string(l.Kind) + " " + string(why)), CaseID: l.CaseID})
	}
}

// Unclaim gives back letters that were claimed and not begun.
func (db *DB) Unclaim(ctx context.Context, letters []Letter) error {
	if len(letters) == 0 {
		return nil
	}
	return db.Update(ctx, func(tx *Tx) error {
		for _, l := range letters {
			err := tx.exec("give back letter", "UPDATE letter SET state = 'due', lease_until = NULL WHERE id = ? AND state = 'claimed'", l.ID)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// An UnsureLetter is one of which nobody knows whether it was accepted.
type UnsureLetter struct {
	Letter
	Again int // how often it was sent once more already
}

// UnsureLetters returns those that stand between DATA and its answer.
func (db *DB) UnsureLetters(ctx context.Context) ([]UnsureLetter, error) {
	var list []UnsureLetter
	if db.behind {
		return nil, nil
	}
	err := db.View(ctx, func(tx *Tx) error {
		letters, err := tx.letters(unsureLetters)
		if err != nil {
			return err
		}
		for _, l := range letters {
			u := UnsureLetter{Letter: l}
			if _, err := tx.one("read letter", "SELECT again FROM letter WHERE id = ?", []any{l.ID}, &u.Again); err != nil {
				return err
			}
			list = append(list, u)
		}
		return nil
	})
	return list, err
}

// SendAgain puts an unsure letter back in the outbox, once more.
func (db *DB) SendAgain(ctx context.Context, l Letter, next time.Time) error {
	return db.Update(ctx, func(tx *Tx) error {
		return tx.exec("send again", "UPDATE letter SET state = 'due', again = again + 1, next_at = ? WHERE id = ? AND state = 'uncertain'",
			ms(next), l.ID)
	})
}

// NextDue returns when the next letter is due; false when none waits for its moment.
func (db *DB) NextDue(ctx context.Context) (time.Time, bool, error) {
	var at sql.NullInt64
	if db.behind {
		return time.Time{}, false, nil
	}
	err := db.View(ctx, func(tx *Tx) error {
		_, err := tx.one("look up outbox", nextLetter, nil, &at)
		return err
	})
	return fromMS(at), at.Valid, err
}

// recoverOutbox is for the start: the process that held the lock before is
// gone, so what it had claimed is free and what it was sending is uncertain.
func (db *DB) recoverOutbox() error {
	return db.Update(context.Background(), func(tx *Tx) error {
		err := tx.exec("free claimed letters", freeLetters)
		if err != nil {
			return fmt.Errorf("recover outbox: %w", err)
		}
		return tx.exec("mark uncertain letters", doubtLetters)
	})
}
