package store

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
)

var inbox = Box{"INBOX", 1700000000}

func (h *house) unseen(b Box, uids ...uint32) (fresh, suspects []uint32) {
	h.t.Helper()
	fresh, suspects, err := h.Unseen(h.t.(*testing.T).Context(), b, uids)
	if err != nil {
		h.t.Fatal(err)
	}
	return fresh, suspects
}

func (h *house) handled(b Box, uids ...uint32) {
	h.t.Helper()
	h.update(func(tx *Tx) error {
		for _, uid := range uids {
			r := Receipt{UID: uid, ReceivedAt: start, Content: tx.Content([]byte{byte(uid)}), Became: "registered", Folder: "handled"}
			if err := tx.AddReceipt(b, r); err != nil {
				return err
			}
		}
		return tx.ForgetAttempts(b, uids)
	})
}

func (h *house) attempt(b Box, uids ...uint32) (counts map[uint32]int) {
	h.t.Helper()
	h.update(func(tx *Tx) (err error) {
		counts, err = tx.CountAttempts(b, uids)
		return err
	})
	return counts
}

// security.md 32, 35: a message is known by mailbox, UIDVALIDITY and UID.
func TestUnseen(t *testing.T) {
	h := newHouse(t)
	if fresh, suspects := h.unseen(inbox, 3, 1, 2); !slices.Equal(fresh, []uint32{1, 2, 3}) || len(suspects) != 0 {
		t.Errorf("fresh %v, suspects %v", fresh, suspects)
	}
	h.handled(inbox, 1, 3)
	if fresh, _ := h.unseen(inbox, 1, 2, 3); !slices.Equal(fresh, []uint32{2}) {
		t.Errorf("fresh %v, want 2", fresh)
	}
	if fresh, _ := h.unseen(inbox); len(fresh) != 0 {
		t.Errorf("fresh %v of none", fresh)
	}
	for _, other := range []Box{{"INBOX", 1700000001}, {"Klachten", 1700000000}} {
		if fresh, _ := h.unseen(other, 1); len(fresh) != 1 {
			t.Errorf("%v: a message of another mailbox counts as seen", other)
		}
	}
	h.reopen()
	if fresh, _ := h.unseen(inbox, 1, 2, 3, 4294967295); !slices.Equal(fresh, []uint32{2, 4294967295}) {
		t.Errorf("after the restart fresh %v", fresh)
	}
	err := h.Update(t.Context(), func(tx *Tx) error {
		return tx.AddReceipt(inbox, Receipt{UID: 1, ReceivedAt: start, Content: []byte("x"), Became: "registered"})
	})
	if err == nil {
		t.Error("one message has two receipts")
	}
}

// security.md 5: what was being handled when the process ended is suspect.
func TestAttempts(t *testing.T) {
	h := newHouse(t)
	if got := h.attempt(inbox, 1, 2); !maps.Equal(got, map[uint32]int{1: 1, 2: 1}) {
		t.Errorf("counted %v", got)
	}
	h.reopen() // as after a crash
	fresh, suspects := h.unseen(inbox, 1, 2, 3)
	if !slices.Equal(fresh, []uint32{3}) || !slices.Equal(suspects, []uint32{1, 2}) {
		t.Errorf("fresh %v, suspects %v", fresh, suspects)
	}
	if got := h.attempt(inbox, 2, 3); !maps.Equal(got, map[uint32]int{2: 2, 3: 1}) {
		t.Errorf("counted %v", got)
	}
	if _, suspects = h.unseen(inbox, 1, 2, 3); !slices.Equal(suspects, []uint32{1, 3, 2}) {
		t.Errorf("suspects %v, want the worst last", suspects)
	}
	h.update(func(tx *Tx) error { return tx.TakeBackAttempts(inbox, []uint32{2, 3}) })
	if fresh, suspects = h.unseen(inbox, 1, 2, 3); !slices.Equal(fresh, []uint32{3}) || !slices.Equal(suspects, []uint32{1, 2}) {
		t.Errorf("taken back: fresh %v, suspects %v", fresh, suspects)
	}
	if got := h.attempt(inbox, 2); got[2] != 2 {
		t.Errorf("counted %v after one was taken back", got)
	}
	h.handled(inbox, 1, 2)
	if n := h.number("SELECT count(*) FROM attempt"); n != 0 {
		t.Errorf("%d attempts are remembered of messages that were handled", n)
	}
}

// security.md 6: of several suspects the one that the process died under comes
// last, so that those behind it are not kept by it a second time.
func TestBusy(t *testing.T) {
	h := newHouse(t)
	h.attempt(inbox, 1, 2, 3, 4)
	h.Busy(Registering, inbox, 3)
	h.Busy(Reading, inbox, 1)
	h.reopen()
	if _, suspects := h.unseen(inbox, 1, 2, 3, 4); !slices.Equal(suspects, []uint32{2, 4, 1, 3}) {
		t.Errorf("suspects %v", suspects)
	}
	other := Box{Name: inbox.Name, UIDValidity: inbox.UIDValidity + 1}
	h.attempt(other, 1, 2)
	if _, suspects := h.unseen(other, 1, 2); !slices.Equal(suspects, []uint32{1, 2}) {
		t.Errorf("of another mailbox: %v", suspects)
	}
	h.Busy(Registering, inbox, 0)
	h.Busy(Reading, Box{Name: strings.Repeat("lang", 200), UIDValidity: 9}, 2)
	h.reopen()
	if _, suspects := h.unseen(inbox, 1, 2, 3, 4); !slices.Equal(suspects, []uint32{1, 2, 3, 4}) {
		t.Errorf("suspects %v after the work was done", suspects)
	}
}

// security.md 32: the content is known by a keyed hash.
func TestReceiptByContent(t *testing.T) {
	h := newHouse(t)
	c := h.addCase("K2026-000001")
	h.update(func(tx *Tx) error {
		content := tx.Content([]byte("vingerafdruk"))
		if _, found, err := tx.ReceiptByContent(content); found || err != nil {
			t.Errorf("found before it came: %v", err)
		}
		first := Receipt{UID: 1, ReceivedAt: start, Content: content, Became: "registered", CaseID: c.ID, Folder: "handled"}
		again := Receipt{UID: 2, ReceivedAt: start, Content: content, Became: "duplicate", Folder: "handled"}
		return errors.Join(tx.AddReceipt(inbox, again), tx.AddReceipt(inbox, first))
	})
	h.update(func(tx *Tx) error {
		r, found, err := tx.ReceiptByContent(tx.Content([]byte("vingerafdruk")))
		if !found || r.CaseID != c.ID || r.Became != "registered" || r.UID != 1 {
			t.Errorf("by content: %+v, %v", r, found)
		}
		for uid, want := range map[uint32]bool{1: true, 2: true, 3: false} {
			if has, err := tx.HasReceipt(inbox, uid); err != nil || has != want {
				t.Errorf("uid %d: %v, %v", uid, has, err)
			}
		}
		return err
	})
	other := newHouse(t)
	other.view(func(tx *Tx) error {
		mine := tx.Content([]byte("vingerafdruk"))
		h.view(func(tx *Tx) error {
			if slices.Equal(mine, tx.Content([]byte("vingerafdruk"))) {
				t.Error("two houses know a content by the same hash")
			}
			return nil
		})
		return nil
	})
}

// What is to be filed is a row first, and stays until it is done.
func TestToFile(t *testing.T) {
	h := newHouse(t)
	h.handled(inbox, 1, 2, 3)
	h.handled(Box{"INBOX", 2}, 9)
	left := func() (uids []uint32) {
		err := h.ToFile(t.Context(), inbox, func(uid uint32, folder string) {
			if folder != "handled" {
				t.Errorf("%d goes to %q", uid, folder)
			}
			uids = append(uids, uid)
		})
		if err != nil {
			t.Fatal(err)
		}
		return uids
	}
	if got := left(); !slices.Equal(got, []uint32{1, 2, 3}) {
		t.Errorf("to file: %v", got)
	}
	if err := h.Filed(t.Context(), inbox, []uint32{1, 3}); err != nil {
		t.Fatal(err)
	}
	h.reopen()
	if got := left(); !slices.Equal(got, []uint32{2}) {
		t.Errorf("to file after the restart: %v", got)
	}
}

func TestCountSince(t *testing.T) {
	h := newHouse(t)
	h.handled(inbox, 1, 2)
	h.view(func(tx *Tx) error {
		if n, err := tx.CountSince("registered", start.Add(-1)); err != nil || n != 2 {
			t.Errorf("%d since before, %v", n, err)
		}
		if n, err := tx.CountSince("registered", start); err != nil || n != 0 {
			t.Errorf("%d since then, %v", n, err)
		}
		n, err := tx.CountSince("spam", start.Add(-1))
		if n != 0 {
			t.Errorf("%d spam", n)
		}
		return err
	})
}
