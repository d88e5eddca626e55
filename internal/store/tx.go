package store

import (
	"context"
	"database/sql"
	"encoding/json"
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

// runner is what a transaction runs its statements on.
type runner interface {
	exec(query string, args ...any) (sql.Result, error)
	query(query string, args ...any) (*sql.Rows, error)
	row(query string, args ...any) *sql.Row
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

func (tx *Tx) exec(operation, query string, args ...any) error {
	_, err := tx.run.exec(query, args...)
	return fatal(operation, err)
}

// each calls f for each row; f scans it.
func (tx *Tx) each(operation, query string, args []any, f func(*sql.Rows) error) error {
	rows, err := tx.run.query(query, args...)
	if err != nil {
		return fatal(operation, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return fatal(operation, rows.Err())
}

// one scans the only row; false when there is none.
func (tx *Tx) one(operation, query string, args []any, into ...any) (bool, error) {
	err := tx.run.row(query, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, fatal(operation, err)
}

// key returns the key of a case, or of the house for 0.
func (tx *Tx) key(id int64) (vault.Key, error) {
	if k, ok := tx.keys[id]; ok {
		return k, nil
	}
	k, err := tx.db.vault.Key(id)
	if err == nil {
		tx.keys[id] = k
	}
	return k, err
}

// seal seals v as JSON for a place of this case.
func (tx *Tx) seal(id int64, place string, v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", place, err)
	}
	return tx.sealBytes(id, place, plain)
}

func (tx *Tx) sealBytes(id int64, place string, plain []byte) ([]byte, error) {
	k, err := tx.key(id)
	if err != nil {
		return nil, err
	}
	return k.Seal(make([]byte, 0, len(plain)+32), place, plain), nil
}

// sealOnce is sealBytes for what is written at once: the next call uses the same
// memory again, unless it was much.
func (tx *Tx) sealOnce(id int64, place string, plain []byte) ([]byte, error) {
	k, err := tx.key(id)
	if err != nil {
		return nil, err
	}
	sealed := k.Seal(tx.db.sealed[:0], place, plain)
	if len(plain) <= chunkSize {
		tx.db.sealed = sealed
	}
	return sealed, nil
}

// open is the way back of seal.
func (tx *Tx) open(id int64, place string, sealed []byte, v any) error {
	plain, err := tx.openBytes(id, place, sealed)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(plain, v); err != nil {
		return fmt.Errorf("open %s: not as it was written", place) // the error would quote it
	}
	return nil
}

func (tx *Tx) openBytes(id int64, place string, sealed []byte) ([]byte, error) {
	k, err := tx.key(id)
	if err != nil {
		return nil, err
	}
	return k.Open(place, sealed)
}

// place names table, column and row for what is sealed there.
func place(what string, id int64) string { return fmt.Sprintf("%s %d", what, id) }

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

// writer runs statements on the one writing connection and keeps them prepared.
// No context: the driver would start a goroutine a statement to watch it.
type writer struct{ db *DB }

func (w writer) stmt(query string) (*sql.Stmt, error) {
	if s, ok := w.db.stmts[query]; ok {
		return s, nil
	}
	s, err := w.db.conn.PrepareContext(context.Background(), query)
	if err == nil {
		w.db.stmts[query] = s
	}
	return s, err
}

func (w writer) exec(query string, args ...any) (sql.Result, error) {
	s, err := w.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(context.Background(), args...)
}

func (w writer) query(query string, args ...any) (*sql.Rows, error) {
	s, err := w.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(context.Background(), args...)
}

func (w writer) row(query string, args ...any) *sql.Row {
	s, err := w.stmt(query)
	if err != nil {
		return w.db.conn.QueryRowContext(context.Background(), query, args...) // says the error
	}
	return s.QueryRowContext(context.Background(), args...)
}

// reader runs statements in a reading transaction.
type reader struct{ tx *sql.Tx }

func (r reader) exec(query string, args ...any) (sql.Result, error) {
	return r.tx.ExecContext(context.Background(), query, args...)
}

func (r reader) query(query string, args ...any) (*sql.Rows, error) {
	return r.tx.QueryContext(context.Background(), query, args...)
}

func (r reader) row(query string, args ...any) *sql.Row {
	return r.tx.QueryRowContext(context.Background(), query, args...)
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
