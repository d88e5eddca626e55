package store

import (
	"context"
	"errors"
	"time"

	"klachtd/internal/vault"
)

// Rotate changes the master key: all keys of cases are wrapped by a new one, the old
// one is removed once that is on disk, and so are the copies of the keys that it
// wrapped; a new copy is made. With to, the new master key is written to that file,
// for somebody else to put in place, and the old one is left alone. Cut off at any
// step, the database opens. It takes the lock.
func Rotate(ctx context.Context, o Options, to string, now func() time.Time, step func(string)) (err error) {
	o.Lock = true
	db, err := Open(o, now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	f := o.Files()
	// In a transaction: no short verb makes or destroys a key meanwhile.
	err = db.Update(ctx, func(tx *Tx) error {
		tx.Audit(Entry{Event: "key rotate"})
		return db.vault.Rotate(f.Master, to, step)
	})
	if err != nil {
		return err
	}
	if to != "" {
		f.Master = to
	}
	return freshCopy(f, now())
}

// freshCopy copies the keys as the new master key wraps them, and removes the others.
func freshCopy(f Files, now time.Time) error {
	v, err := vault.Open(f.Master, f.Keys)
	if err != nil {
		return err
	}
	v.KeepCopies(f.Copies)
	err = v.Copy(now)
	if err == nil {
		_, err = v.Prune(time.Time{})
	}
	return errors.Join(err, v.Close())
}

// PruneKeys removes copies of the keys that were made before then (security.md 26).
func (db *DB) PruneKeys(before time.Time) error {
	_, err := db.vault.Prune(before)
	return err
}
