package store

import (
	"bytes"
	"crypto/sha256"
	"testing"
	"time"

	"klachtd/internal/complaint"
)

// security.md, K: a code leads to the letter in which it stood, the case that it
// is about and the command that it is good for; nothing else leads there.
func TestCodes(t *testing.T) {
	h := newHouse(t)
	c := h.addCase("K2026-000001")
	mine, listed, unknown := sha256.Sum256([]byte("een")), sha256.Sum256([]byte("twee")), sha256.Sum256([]byte("drie"))
	l := Letter{Kind: complaint.LetterList, State: Due, To: "bas@academie.example", MessageID: "brief@academie.example", Roles: "binnendienst"}
	h.update(func(tx *Tx) error {
		if err := tx.AddLetter(&l, []byte("x")); err != nil {
			return err
		}
		return tx.AddCodes(l.ID, []Code{{Hash: mine, Command: "#overzicht"}, {Hash: listed, Number: c.Number, Command: "#status"}})
	})
	h.view(func(tx *Tx) error {
		for _, tt := range []struct {
			hash    [32]byte
			caseID  int64
			command string
		}{{mine, 0, "#overzicht"}, {listed, c.ID, "#status"}} {
			got, command, found, err := tx.CodeLetter(tt.hash)
			if err != nil || !found || got.ID != l.ID || got.CaseID != tt.caseID || got.To != l.To || got.Roles != l.Roles ||
				!bytes.Equal(command, tx.CommandHash(tt.command)) {
				t.Errorf("%s: %+v, %v, %v", tt.command, got, found, err)
			}
		}
		if _, _, found, err := tx.CodeLetter(unknown); found || err != nil {
			t.Errorf("a code that was never given out: %v, %v", found, err)
		}
		return nil
	})
}

// security.md, Who sent this?: the code of a challenge is good once, and waits
// under its person alone.
func TestChallenges(t *testing.T) {
	h := newHouse(t)
	c := h.addCase("K2026-000001")
	add := func(person string, caseID int64, command string) {
		h.update(func(tx *Tx) error {
			return tx.AddChallenge(Challenge{CaseID: caseID, Hash: []byte(command), Expires: h.clock.Add(24 * time.Hour),
				Person: person, Command: command, Held: []byte("gehouden")})
		})
	}
	add("bas@academie.example", c.ID, "#neem")
	h.clock = h.clock.Add(time.Hour)
	add("Bas@Academie.example", 0, "#overzicht")
	add("tess@academie.example", c.ID, "#status")
	read := func() (list []Challenge) {
		h.view(func(tx *Tx) (err error) {
			list, err = tx.Challenges("BAS@academie.example")
			return err
		})
		return list
	}
	list := read()
	if len(list) != 2 || list[0].Command != "#overzicht" || list[1].Command != "#neem" {
		t.Fatalf("got %+v", list)
	}
	first := list[1]
	if first.CaseID != c.ID || string(first.Hash) != "#neem" || string(first.Held) != "gehouden" || first.Used ||
		!first.Expires.Equal(h.clock.Add(23*time.Hour)) || list[0].CaseID != 0 {
		t.Errorf("got %+v", list)
	}
	count := func(since time.Duration, want int) {
		t.Helper()
		h.view(func(tx *Tx) error {
			if n, err := tx.CountChallenges("bas@academie.example", h.clock.Add(-since)); n != want || err != nil {
				t.Errorf("in %s: %d, want %d, %v", since, n, want, err)
			}
			return nil
		})
	}
	count(30*time.Minute, 1)
	count(2*time.Hour, 2)
	h.update(func(tx *Tx) error { return tx.UseChallenge(first) })
	if list = read(); !list[1].Used || list[0].Used {
		t.Errorf("after its use: %+v", list)
	}
	count(2*time.Hour, 1) // one that was answered bothered nobody
	h.clock = h.clock.AddDate(0, 0, 4)
	if list = read(); len(list) != 0 {
		t.Errorf("days later: %+v", list)
	}
}

// What could not be proven is counted by person and by what became of it.
func TestUnproven(t *testing.T) {
	h := newHouse(t)
	h.update(func(tx *Tx) error { return tx.AddUnproven("bas@academie.example", "refuse") })
	h.clock = h.clock.Add(2 * time.Hour)
	h.update(func(tx *Tx) error { return tx.AddUnproven("Bas@academie.example", "wrong code") })
	for _, tt := range []struct {
		person, action string
		since          time.Duration
		want           int
	}{
		{"BAS@academie.example", "refuse", 24 * time.Hour, 1},
		{"bas@academie.example", "refuse", time.Hour, 0},
		{"bas@academie.example", "wrong code", time.Hour, 1},
		{"tess@academie.example", "refuse", 24 * time.Hour, 0},
	} {
		h.view(func(tx *Tx) error {
			if n, err := tx.CountUnproven(tt.person, tt.action, h.clock.Add(-tt.since)); n != tt.want || err != nil {
				t.Errorf("%+v: %d, %v", tt, n, err)
			}
			return nil
		})
	}
}

// A command runs once: by its Message-ID; a mail without one is known by its content.
func TestExecuted(t *testing.T) {
	h := newHouse(t)
	h.update(func(tx *Tx) error {
		for _, id := range []string{"een@mail.example", "een@mail.example", ""} {
			if err := tx.SetExecuted(id); err != nil {
				return err
			}
		}
		return nil
	})
	h.view(func(tx *Tx) error {
		for id, want := range map[string]bool{"een@mail.example": true, "twee@mail.example": false, "": false} {
			if ran, err := tx.Executed(id); ran != want || err != nil {
				t.Errorf("%q: %v, %v", id, ran, err)
			}
		}
		return nil
	})
}

// A letter that was taken back never leaves, and the case hears nothing of it.
func TestTakeBack(t *testing.T) {
	h := newHouse(t)
	c := h.addCase("K2026-000001")
	other := h.addCase("K2026-000002")
	add := func(caseID int64, ref int, kind complaint.LetterKind) *Letter {
		l := &Letter{CaseID: caseID, Kind: kind, State: Due, To: "jan@voorbeeld.example", Ref: ref,
			MessageID: string(kind) + c.Number + time.Duration(caseID).String() + "@academie.example", NotBefore: h.clock.Add(5 * time.Minute)}
		h.update(func(tx *Tx) error { return tx.AddLetter(l, []byte("x")) })
		return l
	}
	add(c.ID, 1, complaint.LetterClosing)
	add(c.ID, 1, complaint.LetterOutcome)
	add(c.ID, 2, complaint.LetterReply)
	add(other.ID, 1, complaint.LetterReply)
	back := func(caseID int64, ref, want int) {
		t.Helper()
		h.update(func(tx *Tx) error {
			n, err := tx.TakeBack(caseID, ref)
			if n != want {
				t.Errorf("%d of case %d: %d letters, want %d", ref, caseID, n, want)
			}
			return err
		})
	}
	back(c.ID, 1, 2)
	back(c.ID, 1, 0)
	h.clock = h.clock.Add(6 * time.Minute)
	h.settle("250 ok")
	back(c.ID, 2, 0) // it has left
	h.view(func(tx *Tx) error {
		sent, err := tx.SentAfter(0)
		if err != nil || len(sent) != 2 {
			t.Errorf("%d letters left, %v", len(sent), err)
		}
		list, err := tx.Unattended()
		if err != nil || len(list) != 2 || list[0].Kind != complaint.LetterReply || list[1].Kind != complaint.LetterReply {
			t.Errorf("the cases have to hear of %+v, %v", list, err)
		}
		return nil
	})
}

// The case hears of a letter with a Ref that was accepted, and of any that
// failed: once.
func TestUnattended(t *testing.T) {
	h := newHouse(t)
	c := h.addCase("K2026-000001")
	for i, kind := range []complaint.LetterKind{complaint.LetterReply, complaint.LetterNotice} {
		l := Letter{CaseID: c.ID, Kind: kind, State: Due, To: "jan@voorbeeld.example", MessageID: string(kind) + "@academie.example", Ref: 1 - i}
		h.update(func(tx *Tx) error { return tx.AddLetter(&l, []byte("x")) })
	}
	h.settle("250 ok")
	h.update(func(tx *Tx) error {
		list, err := tx.Unattended()
		if err != nil || len(list) != 1 || list[0].Kind != complaint.LetterReply || list[0].Outcome != "250 ok" || list[0].Ref != 1 {
			t.Fatalf("got %+v, %v", list, err)
		}
		return tx.Attended(list[0].ID)
	})
	h.view(func(tx *Tx) error {
		list, err := tx.Unattended()
		if err != nil || len(list) != 0 {
			t.Errorf("again: %+v, %v", list, err)
		}
		return nil
	})
}
