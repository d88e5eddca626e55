package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"klachtd/internal/vault"
)

// A Tx is one transaction; it has one moment.
type Tx struct {
	db     *DB
	now    time.Time
	run    runner
	keys   map[int64]vault.Key
	due    bool    // letters were made due
	forgot bool    // old acknowledgements were forgotten
	acked  *acked  // nil: not counted yet
	fail   bool    // letters have failed, or were accepted that a case has to hear of
	trail  []Entry // rows for the audit trail, written at the commit

	counted bool // the commit has its number
}

// Now is the transaction's moment.
func (tx *Tx) Now() time.Time { return tx.now }

// Update runs f in a transaction that may write. It is on disk when Update
// returns nil, and has not happened otherwise.
func (db *DB) Update(ctx context.Context, f func(*Tx) error) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	w := writer{db}
	if _, err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin: %w", explain(err))
	}
	if err := db.refreshIDs(w); err != nil {
		_, rollback := w.exec("ROLLBACK")
		return errors.Join(err, rollback)
	}
	tx := &Tx{db: db, now: db.now(), run: w, keys: map[int64]vault.Key{}}
	err := tx.finish(f)
	if err != nil {
		_, rollback := w.exec("ROLLBACK")
		if idErr := db.readIDs(); rollback == nil {
			rollback = idErr
		}
		return errors.Join(err, rollback)
	}
	tx.raiseMark()
	if tx.due {
		ring(db.bell)
	}
	if tx.fail {
		ring(db.failed)
	}
	return nil
}

func (tx *Tx) finish(f func(*Tx) error) (err error) {
	done := false
	defer func() {
		if !done && err == nil { // a panic: roll back, then let it go on
			_, _ = tx.run.exec("ROLLBACK")
		}
	}()
	err = f(tx)
	done = true
	if err != nil {
		return err
	}
	end, err := tx.addTrail()
	if err != nil {
		return err
	}
	// The keys come first: a row that nobody can open is a lost row.
	if err := tx.db.vault.Sync(); err != nil {
		return fatal("commit", err)
	}
	if err := tx.count(); err != nil {
		return err
	}
	if _, err = tx.run.exec("COMMIT"); err == nil {
		tx.db.tail = end
	}
	return fatal("commit", err)
}

// View runs f in a transaction that reads one state of things, beside the writer.
func (db *DB) View(ctx context.Context, f func(*Tx) error) error {
	t, err := db.read.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", explain(err))
	}
	defer t.Rollback()
	err = f(&Tx{db: db, now: db.now(), run: reader{t}, keys: map[int64]vault.Key{}})
	if err != nil && ctx.Err() != nil { // the driver says what, in several ways, and not why
		return fmt.Errorf("read: %w", ctx.Err())
	}
	return err
}

// Savepoint runs f so that an error undoes what f did and nothing else.
func (tx *Tx) Savepoint(f func() error) error {
	if _, err := tx.run.exec("SAVEPOINT one"); err != nil {
		return Fatal{fmt.Errorf("savepoint: %w", explain(err))}
	}
	due, fail, trail := tx.due, tx.fail, len(tx.trail)
	ferr := f()
	if ferr != nil {
		tx.due, tx.fail, tx.acked, tx.trail = due, fail, nil, tx.trail[:trail]
		if _, err := tx.run.exec("ROLLBACK TO one"); err != nil {
			return Fatal{errors.Join(ferr, explain(err))}
		}
	}
	if _, err := tx.run.exec("RELEASE one"); err != nil {
		return Fatal{errors.Join(ferr, explain(err))}
	}
	return ferr
}

// Fatal marks an error of the database itself: no fault of the message at hand.
type Fatal struct{ error }

// Unwrap returns the error of the database.
func (f Fatal) Unwrap() error { return f.error }

// fatal wraps an error of a statement.
func fatal(operation string, err error) error {
	if err == nil {
		return nil
	}
	return Fatal{fmt.Errorf("%s: %w", operation, explain(err))}
}

// numbered are the tables whose ids are given here, before the row is written,
// since the id is part of what is sealed.
var numbered = []string{"cases", "promise", "event", "message", "letter", "enclosure", "challenge", "choice", "action", "erasure", "export"}

// refreshIDs reads the ids again when another process has written meanwhile, as
// `klachtd release` does beside the daemon.
func (db *DB) refreshIDs(w writer) error {
	var version int64
	if err := w.row("PRAGMA data_version").Scan(&version); err != nil {
		return fmt.Errorf("begin: %w", explain(err))
	}
	if version == db.version {
		return nil
	}
	db.version = version
	return db.readIDs()
}

func (db *DB) readIDs() error {
	ids := map[string]int64{}
	for _, table := range numbered {
		var id int64
		q := "SELECT max(coalesce((SELECT max(id) FROM " + table + "), 0), coalesce((SELECT seq FROM sqlite_sequence WHERE name = '" + table + "'), 0))"
		if err := db.conn.QueryRowContext(context.Background(), q).Scan(&id); err != nil {
			return fmt.Errorf("read last id: %w", explain(err))
		}
		ids[table] = id
	}
	var turn string
	err := db.conn.QueryRowContext(context.Background(), "SELECT value FROM meta WHERE key = ?", metaTurn).Scan(&turn)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("read last commit: %w", explain(err))
	}
	m, _ := parseMark(turn)
	db.turn = m.Turn
	db.ids = ids
	return db.readTail()
}

func (tx *Tx) nextID(table string) int64 {
	tx.db.ids[table]++
	return tx.db.ids[table]
}

// ms and its kin are how times stand in rows: Unix milliseconds, NULL for none.
func ms(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

func fromMS(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.UnixMilli(n.Int64).UTC()
}
