package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
)

var errTest = errors.New("as the test wants it")

func TestUpdateRollsBack(t *testing.T) {
	for _, tt := range []struct {
		name string
		end  func() error
	}{
		{"on an error", func() error { return errTest }},
		{"on a panic", func() error { panic("as the test wants it") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			kept := h.addCase("K2026-000001")
			lost := aCase("K2026-000002")
			err := func() (err error) {
				defer func() {
					if p := recover(); p != nil {
						err = errTest
					}
				}()
				return h.Update(t.Context(), func(tx *Tx) error {
					if err := tx.AddCase(lost, time.UTC); err != nil {
						return err
					}
					if err := tx.AddLetter(&Letter{CaseID: lost.ID, Kind: complaint.LetterNotice, State: Due}, nil); err != nil {
						return err
					}
					return tt.end()
				})
			}()
			if !errors.Is(err, errTest) {
				t.Fatal(err)
			}
			select {
			case <-h.Bell():
				t.Error("the bell rang for a letter that is not there")
			default:
			}
			if n := h.number("SELECT count(*) FROM cases") + h.number("SELECT count(*) FROM letter"); n != 1 {
				t.Errorf("%d rows, want 1", n)
			}
			next := h.addCase("K2026-000003")
			if next.ID == kept.ID {
				t.Errorf("the id %d was given twice", next.ID)
			}
			h.view(func(tx *Tx) error { // each with its own key
				for _, id := range []int64{kept.ID, next.ID} {
					if _, found, err := tx.Case(id); err != nil || !found {
						t.Errorf("case %d: %v, %v", id, found, err)
					}
				}
				return nil
			})
		})
	}
}

// An id that was on disk is never given again, also when its row is gone.
func TestIDsAreNotReused(t *testing.T) {
	h := newHouse(t)
	first := h.addCase("K2026-000001")
	h.sql("DELETE FROM cases WHERE id = ?", first.ID)
	h.reopen()
	if next := h.addCase("K2026-000002"); next.ID <= first.ID {
		t.Errorf("case %d after case %d: its key would be another's", next.ID, first.ID)
	}
}

func TestOneMomentATransaction(t *testing.T) {
	ticks := 0
	o := Options{Path: t.TempDir() + "/state/klachtd.db"}
	db, err := Open(o, func() time.Time { ticks++; return start.Add(time.Duration(ticks) * time.Hour) })
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c := aCase("K2026-000001")
	err = db.Update(t.Context(), func(tx *Tx) error {
		if err := tx.AddCase(c, time.UTC); err != nil {
			return err
		}
		for range 2 {
			if err := tx.AddEvent(c.ID, complaint.Note{Event: "noted"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = db.View(t.Context(), func(tx *Tx) error {
		events, err := tx.Events(c.ID)
		if err == nil && (len(events) != 2 || !events[0].At.Equal(events[1].At)) {
			t.Errorf("events of one transaction: %+v", events)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// security.md 6: what fails undoes itself and nothing else.
func TestSavepoint(t *testing.T) {
	h := newHouse(t)
	h.update(func(tx *Tx) error {
		for i := range 3 {
			err := tx.Savepoint(func() error {
				c := aCase(fmt.Sprintf("K2026-%06d", i))
				if err := tx.AddCase(c, time.UTC); err != nil {
					return err
				}
				if i == 1 {
					if err := tx.AddLetter(&Letter{CaseID: c.ID, Kind: complaint.LetterNotice, State: Due}, nil); err != nil {
						return err
					}
					return errTest
				}
				return nil
			})
			var fatal Fatal
			if want := i == 1; errors.Is(err, errTest) != want || errors.As(err, &fatal) {
				return fmt.Errorf("savepoint %d: %w", i, err)
			}
		}
		return nil
	})
	select {
	case <-h.Bell():
		t.Error("the bell rang for a letter that was undone")
	default:
	}
	var numbers []string
	h.view(func(tx *Tx) error {
		return tx.Cases(false, func(c complaint.Case) error { numbers = append(numbers, c.Number); return nil })
	})
	if got := strings.Join(numbers, " "); got != "K2026-000000 K2026-000002" {
		t.Errorf("registered: %s", got)
	}
}

// An error of the database is no fault of the message at hand.
func TestSavepointPassesFatal(t *testing.T) {
	h := newHouse(t)
	err := h.Update(t.Context(), func(tx *Tx) error {
		return tx.Savepoint(func() error { return tx.exec("try", "INSERT INTO nowhere VALUES (1)") })
	})
	var fatal Fatal
	if !errors.As(err, &fatal) || !strings.Contains(err.Error(), "try: ") {
		t.Errorf("got %v, want Fatal", err)
	}
	h.addCase("K2026-000001")
}

func TestViewOnlyReads(t *testing.T) {
	h := newHouse(t)
	c := h.addCase("K2026-000001")
	err := h.View(t.Context(), func(tx *Tx) error { return tx.AddEvent(c.ID, complaint.Note{Event: "noted"}) })
	if err == nil {
		t.Error("a View wrote")
	}
	if n := h.number("SELECT count(*) FROM event"); n != 0 {
		t.Errorf("%d events", n)
	}
}

// A View sees one state of things, whatever is written beside it.
func TestViewSeesOneState(t *testing.T) {
	h := newHouse(t)
	h.addCase("K2026-000001")
	count := func(tx *Tx) (n int) {
		if err := tx.Cases(false, func(complaint.Case) error { n++; return nil }); err != nil {
			t.Error(err)
		}
		return n
	}
	h.view(func(tx *Tx) error {
		before := count(tx)
		h.addCase("K2026-000002")
		if after := count(tx); before != 1 || after != 1 {
			t.Errorf("saw %d cases, then %d", before, after)
		}
		return nil
	})
}

func TestStoppedContext(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	called := func(*Tx) error { t.Error("called"); return nil }
	if err := h.Update(ctx, called); !errors.Is(err, context.Canceled) {
		t.Errorf("Update: %v", err)
	}
	if err := h.View(ctx, called); !errors.Is(err, context.Canceled) {
		t.Errorf("View: %v", err)
	}
}

// security.md 40: a full disk loses nothing, and it goes on by itself.
func TestDiskFull(t *testing.T) {
	h := newHouse(t)
	c := h.addCase("K2026-000001")
	h.sql(fmt.Sprintf("PRAGMA max_page_count = %d", h.number("PRAGMA page_count")))
	big := Message{CaseID: c.ID, Direction: "in", At: start, Raw: bytes.Repeat([]byte("x"), 1<<20)}
	for name, f := range map[string]func(tx *Tx) error{
		"plain":          func(tx *Tx) error { return tx.AddMessage(big) },
		"in a savepoint": func(tx *Tx) error { return tx.Savepoint(func() error { return tx.AddMessage(big) }) },
	} {
		err := h.Update(t.Context(), f)
		var fatal Fatal
		if !errors.Is(err, ErrFull) || !errors.As(err, &fatal) {
			t.Errorf("%s: %v, want ErrFull in a Fatal", name, err)
		}
	}
	if n := h.number("SELECT count(*) FROM message") + h.number("SELECT count(*) FROM chunk"); n != 0 {
		t.Errorf("%d rows of what did not fit", n)
	}
	h.sql("PRAGMA max_page_count = 1000000")
	h.update(func(tx *Tx) error { return tx.AddMessage(big) })
	h.view(func(tx *Tx) error {
		return tx.RawMessages(c.ID, func(raw []byte) (bool, error) {
			if !bytes.Equal(raw, big.Raw) {
				t.Errorf("%d bytes came back", len(raw))
			}
			return false, nil
		})
	})
}
