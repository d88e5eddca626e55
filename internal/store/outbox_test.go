package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"klachtd/internal/complaint"
)

// addLetters puts n letters of the house in the outbox.
func (h *house) addLetters(n int) {
	h.t.Helper()
	h.update(func(tx *Tx) error {
		for i := range n {
			l := &Letter{Kind: complaint.LetterReminders, State: Due, From: "klachten@academie.example", To: "bas@academie.example",
				MessageID: fmt.Sprintf("brief%d@academie.example", i)}
			if err := tx.AddLetter(l, fmt.Appendf(nil, "brief %d\r\n", i)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (h *house) claim(n int, lease time.Duration) []Letter {
	h.t.Helper()
	list, err := h.Claim(h.t.(*testing.T).Context(), n, lease)
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

func (h *house) turn(done []Outcome, begin []Letter) [][]byte {
	h.t.Helper()
	bodies, err := h.Turn(h.t.(*testing.T).Context(), done, begin)
	if err != nil {
		h.t.Fatal(err)
	}
	return bodies
}

// states counts the letters by state.
func (h *house) states() map[LetterState]int {
	h.t.Helper()
	count := map[LetterState]int{}
	h.view(func(tx *Tx) error {
		list, err := tx.letters("SELECT " + letterColumns + " FROM letter ORDER BY id")
		for _, l := range list {
			count[l.State]++
		}
		return err
	})
	return count
}

func (h *house) wantStates(when string, want map[LetterState]int) {
	h.t.Helper()
	if got := h.states(); !maps.Equal(got, want) {
		h.t.Errorf("%s: %v, want %v", when, got, want)
	}
}

func ids(letters []Letter) (list []int64) {
	for _, l := range letters {
		list = append(list, l.ID)
	}
	return list
}

func TestClaim(t *testing.T) {
	h := newHouse(t)
	h.addLetters(5)
	first := h.claim(3, 10*time.Minute)
	if got := ids(first); !slices.Equal(got, []int64{1, 2, 3}) {
		t.Errorf("claimed %v, want the first three in order", got)
	}
	if got := ids(h.claim(10, 10*time.Minute)); !slices.Equal(got, []int64{4, 5}) {
		t.Errorf("claimed %v, want only the others", got)
	}
	h.clock = h.clock.Add(10*time.Minute - time.Millisecond)
	if got := h.claim(10, 10*time.Minute); len(got) != 0 {
		t.Errorf("claimed %v before the lease was over", ids(got))
	}
	if err := h.Unclaim(t.Context(), first[:1]); err != nil {
		t.Fatal(err)
	}
	if got := ids(h.claim(10, time.Hour)); !slices.Equal(got, []int64{1}) {
		t.Errorf("claimed %v, want what was given back", got)
	}
	h.clock = h.clock.Add(time.Millisecond)
	if got := ids(h.claim(10, time.Hour)); !slices.Equal(got, []int64{2, 3, 4, 5}) {
		t.Errorf("claimed %v, want what had its lease run out", got)
	}
}

// security.md 36: the same bytes each time.
func TestTurn(t *testing.T) {
	h := newHouse(t)
	c := h.addCase("K2026-000001")
	promise := c.Promises[0].ID
	h.update(func(tx *Tx) error {
		return tx.AddLetter(&Letter{CaseID: c.ID, Kind: complaint.LetterAcknowledgement, State: Due, PromiseID: promise,
			MessageID: "een@academie.example"}, []byte("raw"))
	})
	l := h.claim(1, time.Hour)
	if bodies := h.turn(nil, l); len(bodies) != 1 || string(bodies[0]) != "raw" {
		t.Errorf("bodies %q", bodies)
	}
	h.wantStates("begun", map[LetterState]int{Sending: 1})
	later := h.clock.Add(time.Minute)
	h.turn([]Outcome{{Letter: l[0], State: Due, NextAt: later, Words: "451 later"}}, nil)
	if got := h.claim(1, time.Hour); len(got) != 0 {
		t.Error("claimed before its moment")
	}
	if at, waits, err := h.NextDue(t.Context()); err != nil || !waits || !at.Equal(later) {
		t.Errorf("next due %v, %v, %v, want %v", at, waits, err, later)
	}
	h.clock = later
	l = h.claim(1, time.Hour)
	if len(l) != 1 || l[0].Attempts != 1 || l[0].Outcome != "451 later" {
		t.Fatalf("the second attempt: %+v", l)
	}
	if bodies := h.turn(nil, l); string(bodies[0]) != "raw" {
		t.Errorf("the second time %q", bodies)
	}
	h.turn([]Outcome{{Letter: l[0], State: Sent, Words: "250 ok"}}, nil)
	kept := h.promise(c.ID, promise)
	if !kept.FulfilledAt.Equal(later) || kept.Evidence != "<een@academie.example> 250 ok" {
		t.Errorf("the promise: %+v", kept)
	}
	// a promise is kept once: what comes later does not move it
	h.clock = h.clock.Add(time.Hour)
	h.turn([]Outcome{{Letter: l[0], State: Sent, Words: "found in the Sent folder"}}, nil)
	if again := h.promise(c.ID, promise); !again.FulfilledAt.Equal(later) {
		t.Errorf("the promise was kept at %v, now at %v", later, again.FulfilledAt)
	}
	if _, waits, err := h.NextDue(t.Context()); waits || err != nil {
		t.Errorf("something is due: %v", err)
	}
	if bodies, err := h.Turn(t.Context(), nil, nil); bodies != nil || err != nil {
		t.Errorf("an empty turn: %v, %v", bodies, err)
	}
}

func (h *house) promise(caseID, id int64) (found complaint.Promise) {
	h.t.Helper()
	h.view(func(tx *Tx) error {
		c, _, err := tx.Case(caseID)
		for _, p := range c.Promises {
			if p.ID == id {
				found = p
			}
		}
		return err
	})
	return found
}

// security.md 37, 41: after a crash what was claimed is free, and what stood
// between DATA and its answer is uncertain.
func TestRecoverOutbox(t *testing.T) {
	h := newHouse(t)
	h.addLetters(4)
	l := h.claim(3, time.Hour)
	h.turn(nil, l[:1])
	h.wantStates("before", map[LetterState]int{Sending: 1, Claimed: 2, Due: 1})
	beside := h.o
	beside.Lock = false
	db, err := Open(beside, time.Now) // one that reads takes nothing away
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	h.wantStates("with another beside it", map[LetterState]int{Sending: 1, Claimed: 2, Due: 1})
	h.reopen()
	h.wantStates("after", map[LetterState]int{Unsure: 1, Due: 3})
	if got := h.claim(10, time.Hour); len(got) != 3 {
		t.Errorf("claimed %v, want all but the uncertain one", ids(got))
	}
}

// security.md 37
func TestSendAgain(t *testing.T) {
	h := newHouse(t)
	h.addLetters(1)
	h.turn([]Outcome{{Letter: h.claim(1, time.Hour)[0], State: Unsure}}, nil)
	for again := range 2 {
		unsure, err := h.UnsureLetters(t.Context())
		if err != nil || len(unsure) != 1 || unsure[0].Again != again {
			t.Fatalf("unsure: %+v, %v, want one that was sent again %d times", unsure, err, again)
		}
		if err := h.SendAgain(t.Context(), unsure[0].Letter, h.clock); err != nil {
			t.Fatal(err)
		}
		if err := h.SendAgain(t.Context(), unsure[0].Letter, h.clock); err != nil { // no longer unsure: nothing happens
			t.Fatal(err)
		}
		h.turn([]Outcome{{Letter: h.claim(1, time.Hour)[0], State: Unsure}}, nil)
	}
}

func TestFailures(t *testing.T) {
	h := newHouse(t)
	h.addLetters(2)
	l := h.claim(2, time.Hour)
	h.turn([]Outcome{{Letter: l[0], State: FailedFor, Failure: complaint.Refused, Words: "550 no"}}, nil)
	select {
	case <-h.Failed():
	default:
		t.Error("nobody is told of a failure")
	}
	h.turn([]Outcome{{Letter: l[1], State: Sent}}, nil)
	select {
	case <-h.Failed():
		t.Error("told of a failure that is none")
	default:
	}
	h.update(func(tx *Tx) error {
		list, err := tx.Unattended()
		if err != nil || len(list) != 1 || list[0].Failure != complaint.Refused || list[0].Outcome != "550 no" {
			t.Errorf("unattended: %+v, %v", list, err)
		}
		return errors.Join(err, tx.Attended(l[0].ID))
	})
	h.update(func(tx *Tx) error {
		list, err := tx.Unattended()
		if len(list) != 0 {
			t.Errorf("still unattended: %+v", list)
		}
		return err
	})
	// security.md 17: one that was accepted and came back is news once, and needs nobody else
	h.update(func(tx *Tx) error {
		for _, want := range []bool{true, false} {
			sent, _, err := tx.LetterByID("brief1@academie.example")
			if err != nil {
				return err
			}
			if news, err := tx.FailLetter(sent, complaint.Bounced); err != nil || news != want {
				t.Errorf("news %v, %v, want %v", news, err, want)
			}
		}
		list, err := tx.Unattended()
		if len(list) != 0 {
			t.Errorf("unattended: %+v", list)
		}
		return err
	})
}

// security.md 12
func TestHeldAndReleased(t *testing.T) {
	h := newHouse(t)
	c := h.addCase("K2026-000001")
	ack := func(id string) error {
		return h.Update(t.Context(), func(tx *Tx) error {
			return tx.AddLetter(&Letter{CaseID: c.ID, Kind: complaint.LetterAcknowledgement, State: Held, MessageID: id}, []byte("raw"))
		})
	}
	if err := ack("een@academie.example"); err != nil {
		t.Fatal(err)
	}
	if err := ack("twee@academie.example"); err == nil { // security.md 12: one a case, ever
		t.Error("a second acknowledgement of one case")
	}
	select {
	case <-h.Bell():
		t.Error("the bell rang for a letter that is held")
	default:
	}
	if got := h.claim(10, time.Hour); len(got) != 0 {
		t.Error("claimed a letter that is held")
	}
	h.update(func(tx *Tx) error {
		waiting, err := tx.Waiting()
		if waiting != 1 {
			t.Errorf("%d wait, want 1", waiting)
		}
		return err
	})
	h.update(func(tx *Tx) error {
		cases, err := tx.Release()
		if !slices.Equal(cases, []int64{c.ID}) {
			t.Errorf("released %v", cases)
		}
		return err
	})
	select {
	case <-h.Bell():
	default:
		t.Error("no bell after the release")
	}
	if got := h.claim(10, time.Hour); len(got) != 1 {
		t.Errorf("claimed %v after the release", ids(got))
	}
	h.update(func(tx *Tx) error {
		cases, err := tx.Release()
		if len(cases) != 0 {
			t.Errorf("released %v once more", cases)
		}
		return err
	})
}

// security.md 39: an alert after four hours.
func TestStuck(t *testing.T) {
	h := newHouse(t)
	h.addLetters(2)
	h.turn([]Outcome{{Letter: h.claim(1, time.Hour)[0], State: Sent}}, nil)
	for _, want := range []int{0, 1} {
		h.view(func(tx *Tx) error {
			n, err := tx.Stuck(4 * time.Hour)
			if n != want {
				t.Errorf("at %v %d are stuck, want %d", h.clock.Sub(start), n, want)
			}
			return err
		})
		h.clock = start.Add(4*time.Hour + time.Millisecond)
	}
}
