package store

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"klachtd/internal/vault"
)

// Imported is the box of messages that never stood in the mailbox: no real one has
// UIDVALIDITY 0 (RFC 9051 2.3.1.1). Its receipts count as filed.
func Imported() Box { return Box{Name: "import"} }

// NextImported returns the number that the next message of Imported gets.
func (tx *Tx) NextImported() (uint32, error) {
	box, err := tx.boxID(Imported())
	if err != nil {
		return 0, err
	}
	var n uint32
	_, err = tx.one("count imported", "SELECT coalesce(max(uid), 0) + 1 FROM receipt WHERE box_id = ?", []any{box}, &n)
	return n, err
}

// ErrOlder says that a database must be brought up to date before it can be read.
var ErrOlder = errors.New("database was made by an older klachtd; start the new one on it first")

// OpenReader opens a database that is there already for View alone, so that not a
// byte of it changes. It may stand beside a daemon that is at work; one that is
// started meanwhile is not seen.
func OpenReader(o Options, now func() time.Time) (*DB, error) {
	s, err := Look(o)
	switch {
	case err != nil:
		return nil, err
	case s.Version < Version:
		return nil, fmt.Errorf("%s: %w", o.Path, ErrOlder)
	}
	f := o.Files()
	db := &DB{path: o.Path, now: now}
	if db.vault, err = vault.Open(f.Master, f.Keys); err != nil {
		return nil, err
	}
	if db.read, err = sql.Open("sqlite3", traceless(o.Path)); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), db.Close())
	}
	db.read.SetMaxOpenConns(1)
	return db, nil
}
