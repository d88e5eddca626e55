package store

import (
	"errors"
	"maps"
	"os"
	"testing"
	"time"
)

// TestImported: receipts of imported messages are numbered, count as filed, are
// found by their content and are not counted among those of the mailbox.
func TestImported(t *testing.T) {
	h := newHouse(t)
	h.handled(inbox, 7)
	for want := range uint32(3) {
		h.update(func(tx *Tx) error {
			uid, err := tx.NextImported()
			if err != nil || uid != want+1 {
				t.Errorf("number %d, %v, want %d", uid, err, want+1)
			}
			return tx.AddReceipt(Imported(), Receipt{UID: uid, ReceivedAt: start, Content: tx.Content([]byte{100 + byte(uid)}), Became: "registered", Folder: "handled"})
		})
	}
	h.close()
	h.reopen()
	h.update(func(tx *Tx) error {
		if uid, err := tx.NextImported(); err != nil || uid != 4 {
			t.Errorf("number %d, %v, want 4", uid, err)
		}
		r, found, err := tx.ReceiptByContent(tx.Content([]byte{102}))
		if err != nil || !found || r.UID != 2 {
			t.Errorf("%+v %v %v", r, found, err)
		}
		n, err := tx.CountSince("registered", start.Add(-time.Hour))
		if err != nil || n != 1 {
			t.Errorf("counted %d, %v, want the one of the mailbox", n, err)
		}
		return nil
	})
	if n := h.number("SELECT count(*) FROM receipt WHERE filed_at IS NULL"); n != 1 {
		t.Errorf("%d are to be filed, want the one of the mailbox", n)
	}
}

// TestOpenReader: what is there can be read, and not a byte changes: of a database
// at rest, and of one that somebody works on.
func TestOpenReader(t *testing.T) {
	h := newHouse(t)
	h.addCase("K2026-000001")
	look := func() {
		t.Helper()
		before := snapshot(t, h.o)
		db, err := OpenReader(h.o, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		err = db.View(t.Context(), func(tx *Tx) error {
			c, found, err := tx.CaseByNumber("K2026-000001")
			if !found || c.Complainant.Address == "" {
				t.Errorf("%+v %v", c, found)
			}
			return err
		})
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		after := snapshot(t, h.o)
		delete(before, "klachtd.db-shm") // memory that a process shares with itself: another one only reads it
		delete(after, "klachtd.db-shm")
		if !maps.Equal(before, after) {
			t.Errorf("changed %v into %v", before, after)
		}
	}
	look()
	h.close()
	look()
}

// TestOpenReaderRefuses: it makes nothing, and says what is wrong as Open does.
func TestOpenReaderRefuses(t *testing.T) {
	h := newHouse(t)
	h.sql("PRAGMA user_version = 0")
	h.close()
	if _, err := OpenReader(h.o, time.Now); !errors.Is(err, ErrOlder) {
		t.Errorf("an older one: %v", err)
	}
	f := h.o.Files()
	if err := os.WriteFile(f.Master, make([]byte, 32), 0o600); err != nil {
		t.Fatal(err)
	}
	if db, err := OpenReader(h.o, time.Now); err == nil {
		db.Close()
		t.Error("another master key will do")
	}
	if err := errors.Join(os.Remove(f.DB), os.Remove(f.Keys), os.Remove(f.Master)); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenReader(h.o, time.Now); err == nil {
		t.Error("nothing there will do")
	}
	if _, err := os.Stat(f.Keys); err == nil {
		t.Error("keys were made")
	}
}
