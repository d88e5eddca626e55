package store

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"klachtd/internal/complaint"
)

// `klachtd release` writes beside the daemon: neither takes the other's ids.
func TestTwoProcessesWrite(t *testing.T) {
	o := Options{Path: filepath.Join(t.TempDir(), "state", "klachtd.db"), Lock: true}
	daemon, err := Open(o, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer daemon.Close()
	c := complaint.Case{Number: "K2026-482932", Kind: complaint.External, State: complaint.New, Severity: complaint.Normal, ReceivedAt: time.Now()}
	note := func(db *DB) {
		t.Helper()
		err := db.Update(context.Background(), func(tx *Tx) error {
			if c.ID == 0 {
				if err := tx.AddCase(&c, time.UTC); err != nil {
					return err
				}
			}
			return tx.AddEvent(c.ID, complaint.Note{Event: "note"})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	note(daemon)
	o.Lock = false
	verb, err := Open(o, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer verb.Close()
	for range 3 {
		note(verb)
		note(daemon)
	}
	err = daemon.View(context.Background(), func(tx *Tx) error {
		list, err := tx.Events(c.ID)
		if len(list) != 7 {
			t.Errorf("%d events, want 7", len(list))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
