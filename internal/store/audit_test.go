package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
)

// verified is what looking through the trail finds.
func (h *house) verified(head []byte) (sum AuditSum) {
	h.t.Helper()
	h.view(func(tx *Tx) (err error) {
		sum, err = tx.VerifyAudit(head, func(int64) {})
		return err
	})
	return sum
}

func (h *house) head() (n int64, head []byte) {
	h.t.Helper()
	h.view(func(tx *Tx) (err error) {
		n, head, err = tx.AuditHead()
		return err
	})
	return n, head
}

// trail adds rows of each kind, a minute apart.
func (h *house) trail(n int) {
	h.t.Helper()
	for i := range n {
		h.clock = h.clock.Add(time.Minute)
		e := Entry{Event: "sent", What: "notice", CaseID: int64(i%3 + 1)}
		if i%2 == 0 {
			e = Entry{Event: "released", By: "bas@academie.example", Count: i}
		}
		h.update(func(tx *Tx) error { tx.Audit(e); return nil })
	}
}

// security.md 31: whatever is done to the trail by who has the file is found, and
// named by the number of the row.
func TestTamperedTrail(t *testing.T) {
	const swap = "UPDATE audit SET n = -5 WHERE n = 5; UPDATE audit SET n = 5 WHERE n = 6; UPDATE audit SET n = 6 WHERE n = -5"
	for _, tt := range []struct {
		name, sql string
		want      []Fault
	}{
		{"nothing", "", nil},
		{"moment", "UPDATE audit SET at = at + 1 WHERE n = 5", []Fault{{5, RowChanged}}},
		{"event", "UPDATE audit SET event = 'released' WHERE n = 4", []Fault{{4, RowChanged}}},
		{"what", "UPDATE audit SET what = 'copy' WHERE n = 4", []Fault{{4, RowChanged}}},
		{"words moved", "UPDATE audit SET event = event || what, what = '' WHERE n = 4", []Fault{{4, RowChanged}}},
		{"case", "UPDATE audit SET case_id = 9 WHERE n = 4", []Fault{{4, RowChanged}}},
		{"case taken off", "UPDATE audit SET case_id = NULL WHERE n = 4", []Fault{{4, RowChanged}}},
		{"person", "UPDATE audit SET person = x'00' WHERE n = 5", []Fault{{5, RowChanged}}},
		{"person taken off", "UPDATE audit SET person = NULL WHERE n = 5", []Fault{{5, RowChanged}}},
		{"count", "UPDATE audit SET count = count + 1 WHERE n = 5", []Fault{{5, RowChanged}}},
		{"hash", "UPDATE audit SET hash = x'00112233445566778899aabbccddeeff' WHERE n = 5", []Fault{{5, RowChanged}, {6, RowChanged}}},
		{"hash taken off", "UPDATE audit SET hash = x'' WHERE n = 5", []Fault{{5, RowChanged}, {6, RowChanged}}},
		{"hash of another row", "UPDATE audit SET hash = (SELECT hash FROM audit WHERE n = 4) WHERE n = 5", []Fault{{5, RowChanged}, {6, RowChanged}}},
		{"last row", "UPDATE audit SET count = 99 WHERE n = 10", []Fault{{10, RowChanged}}},
		{"first row", "UPDATE audit SET count = 99 WHERE n = 1", []Fault{{1, RowChanged}}},
		{"removed", "DELETE FROM audit WHERE n = 5", []Fault{{5, RowMissing}}},
		{"removed and closed up", "DELETE FROM audit WHERE n = 5; UPDATE audit SET n = n - 100 WHERE n > 5; UPDATE audit SET n = n + 99 WHERE n < 0",
			[]Fault{{5, RowChanged}, {6, RowChanged}, {7, RowChanged}, {8, RowChanged}, {9, RowChanged}}},
		{"first ones removed", "DELETE FROM audit WHERE n < 3", []Fault{{1, RowMissing}, {2, RowMissing}}},
		{"two places", "DELETE FROM audit WHERE n IN (3, 7)", []Fault{{3, RowMissing}, {7, RowMissing}}},
		{"reordered", swap, []Fault{{5, RowChanged}, {6, RowChanged}, {7, RowChanged}}},
		{"put in before", "INSERT INTO audit SELECT -1, at, event, what, case_id, person, count, hash FROM audit WHERE n = 5", []Fault{{-1, RowForeign}}},
		{"put in at the end", "INSERT INTO audit SELECT 11, at, event, what, case_id, person, count, hash FROM audit WHERE n = 10", []Fault{{11, RowChanged}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.trail(10)
			if n, _ := h.head(); n != 10 {
				t.Fatalf("%d rows", n)
			}
			for s := range strings.SplitSeq(tt.sql, ";") {
				h.sql(s)
			}
			if got := h.verified(nil); !slices.Equal(got.Faults, tt.want) || got.More {
				t.Errorf("found %v %v, want %v", got.Faults, got.More, tt.want)
			}
		})
	}
}

// security.md 31: any change to any row is found, at that row or before it.
func TestAnyTampering(t *testing.T) {
	h := newHouse(t)
	h.trail(30)
	rows := h.number("SELECT count(*) FROM audit")
	random := rand.New(rand.NewPCG(31, 31))
	changes := []string{"at = at + ?2", "event = event || 'x'", "what = what || 'x'", "case_id = coalesce(case_id, 0) + ?2", "person = randomblob(16)",
		"count = count + ?2", "hash = randomblob(16)", "n = n + 1000 * ?2"}
	for i := range 200 {
		n := 1 + random.IntN(rows)
		change := "UPDATE audit SET " + changes[i%len(changes)] + " WHERE n = ?1"
		if i%9 == 8 && n < rows {
			change = "DELETE FROM audit WHERE n = ?1 AND ?2"
		}
		h.sql("SAVEPOINT test")
		h.sql(change, n, 1+random.IntN(5))
		// on the connection that has changed it: nothing of this is ever committed
		tx := &Tx{db: h.DB, run: writer{h.DB}}
		sum, err := tx.VerifyAudit(nil, func(int64) {})
		if err != nil || len(sum.Faults) == 0 || sum.Faults[0].N > int64(n) {
			t.Errorf("%s, row %d: found %v, %v", change, n, sum.Faults, err)
		}
		h.sql("ROLLBACK TO test")
		h.sql("RELEASE test")
	}
	if sum := h.verified(nil); len(sum.Faults) > 0 {
		t.Errorf("the test itself has changed it: %v", sum.Faults)
	}
}

// security.md 31: what was cut off at the end leaves a trail that is whole; the head
// that was mailed is not in it any more.
func TestCutTrail(t *testing.T) {
	h := newHouse(t)
	h.trail(6)
	_, mailed := h.head()
	h.trail(3)
	if sum := h.verified(mailed); sum.Found != 6 || len(sum.Faults) != 0 {
		t.Errorf("a head from before: found at %d with %v", sum.Found, sum.Faults)
	}
	h.sql("DELETE FROM audit WHERE n > 5")
	h.reopen()
	h.trail(4)
	if sum := h.verified(mailed); sum.Found != 0 || len(sum.Faults) != 0 || sum.Rows != 9 {
		t.Errorf("cut and written further: %+v", sum)
	}
	h.sql("DELETE FROM audit")
	if sum := h.verified(mailed); sum.Found != 0 || sum.Rows != 0 || sum.Head != nil {
		t.Errorf("all gone: %+v", sum)
	}
}

// Who has the file and not the master key cannot write a row that belongs there: not
// even the same rows of another house do.
func TestTrailIsKeyed(t *testing.T) {
	one, other := newHouse(t), newHouse(t)
	one.trail(5)
	other.trail(5)
	_, a := one.head()
	_, b := other.head()
	if bytes.Equal(a, b) {
		t.Error("two houses have the same head")
	}
	path := filepath.Join(filepath.Dir(other.o.Path), "klachtd.db")
	other.close()
	other.DB = nil
	db, err := sql.Open("sqlite3", "file:"+escape(path))
	if err != nil {
		t.Fatal(err)
	}
	var hash []byte
	if err := errors.Join(db.QueryRow("SELECT hash FROM audit WHERE n = 5").Scan(&hash), db.Close()); err != nil {
		t.Fatal(err)
	}
	one.sql("UPDATE audit SET hash = ? WHERE n = 5", hash)
	if sum := one.verified(nil); !slices.Equal(sum.Faults, []Fault{{5, RowChanged}}) {
		t.Errorf("found %v", sum.Faults)
	}
}

// A row is written with what it is about or not at all, and leaves no gap.
func TestTrailFollowsTheTransaction(t *testing.T) {
	h := newHouse(t)
	failed := errors.New("no")
	if err := h.Update(t.Context(), func(tx *Tx) error { tx.Audit(Entry{Event: "sent"}); return failed }); !errors.Is(err, failed) {
		t.Fatal(err)
	}
	h.update(func(tx *Tx) error {
		tx.Audit(Entry{Event: "one"})
		err := tx.Savepoint(func() error { tx.Audit(Entry{Event: "undone"}); return failed })
		if !errors.Is(err, failed) {
			t.Error(err)
		}
		return tx.Savepoint(func() error { tx.Audit(Entry{Event: "two"}); return nil })
	})
	if err := h.Audit(t.Context(), Entry{Event: "three"}); err != nil {
		t.Fatal(err)
	}
	h.wantTrail("one", "two", "three")
	h.reopen()
	h.update(func(tx *Tx) error { tx.Audit(Entry{Event: "four"}); return nil })
	h.wantTrail("one", "two", "three", "four")
}

// wantTrail reads the events of the trail, which must be whole.
func (h *house) wantTrail(want ...string) {
	h.t.Helper()
	var got []string
	h.view(func(tx *Tx) error {
		return tx.AuditRows(func(r AuditRow) error {
			got = append(got, strings.TrimSpace(r.Event+" "+r.What))
			return nil
		})
	})
	if !slices.Equal(got, want) {
		h.t.Errorf("the trail says %q, want %q", got, want)
	}
	if sum := h.verified(nil); len(sum.Faults) > 0 {
		h.t.Errorf("it is broken: %v", sum.Faults)
	}
}

// Two processes write one chain.
func TestTwoProcessesOneTrail(t *testing.T) {
	h := newHouse(t)
	o := h.o
	o.Lock = false
	verb, err := Open(o, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer verb.Close()
	for range 3 {
		if err := verb.Audit(t.Context(), Entry{Event: "exported"}); err != nil {
			t.Fatal(err)
		}
		h.trail(2)
	}
	if sum := h.verified(nil); sum.Rows != 9 || len(sum.Faults) != 0 {
		t.Errorf("%+v", sum)
	}
}

// security.md 31: the trail holds words of ours alone. Whatever else is handed in
// stands there as a question mark.
func TestTrailHoldsNoContent(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""}, {"acknowledgement", "acknowledgement"}, {"delay_automatic given_up", "delay_automatic given_up"},
		{"jan@voorbeeld.example", "?"}, {"Jan", "?"}, {"K2026-482931", "?"}, {"06 12345678", "?"}, {"a\nb", "?"}, {"é", "?"},
		{strings.Repeat("a", 121), "?"},
	} {
		if got := fixed(tt.in); got != tt.want {
			t.Errorf("%q stands there as %q, want %q", tt.in, got, tt.want)
		}
	}
}

// security.md 31: letters and erasures leave their rows, and after an erasure the
// chain is whole and still says what happened to the case.
func TestTrailOutlivesTheCase(t *testing.T) {
	h := newHouse(t)
	c := canaries(h) // two letters are sent
	var e Erasure
	h.update(func(tx *Tx) error {
		e = Erasure{CaseID: c.ID, Record: Record{Number: c.Number, Reason: canary}}
		return tx.AddErasure(&e)
	})
	for _, step := range [][2]ErasureState{{Planned, Cleared}, {Cleared, Destroyed}} {
		h.update(func(tx *Tx) error {
			e.State = step[1]
			_, err := tx.SaveErasure(e, step[0])
			if again, err := tx.SaveErasure(e, step[0]); again || err != nil {
				t.Errorf("%s twice: %v %v", step[1], again, err)
			}
			return err
		})
	}
	h.update(func(tx *Tx) error { return tx.DestroyCase(c.ID, nil) })
	if done, err := h.Shred(context.Background(), c.ID); err != nil || !done {
		t.Fatal(done, err)
	}
	h.wantTrail("challenge", "challenge", "not proven refuse", "export", "sent acknowledgement", "sent reminders", "erasure planned", "erasure cleared", "erasure destroyed")
	n := 0
	h.view(func(tx *Tx) error {
		return tx.AuditRowsOf(c.ID, func(AuditRow) error { n++; return nil })
	})
	if n != 6 {
		t.Errorf("%d rows of the case", n)
	}
}

// What became of a letter is a row; that it will be tried again is none.
func TestTrailOfLetters(t *testing.T) {
	h := newHouse(t)
	h.addLetters(4)
	l := h.claim(4, time.Hour)
	h.turn(nil, l)
	h.turn([]Outcome{{Letter: l[0], State: Sent}, {Letter: l[1], State: Due, NextAt: start}, {Letter: l[2], State: FailedFor, Failure: complaint.GivenUp},
		{Letter: l[3], State: Unsure}}, nil)
	kind := string(l[0].Kind)
	h.wantTrail("sent "+kind, "failed "+kind+" given_up", "uncertain "+kind)
}

// A row of the trail costs a registration little, and a long trail is read in seconds.
func BenchmarkVerifyAudit(b *testing.B) {
	h := newHouse(b)
	h.update(func(tx *Tx) error {
		for i := range 100_000 {
			tx.Audit(Entry{Event: "sent", What: "acknowledgement", CaseID: int64(i), By: "bas@academie.example"})
		}
		return nil
	})
	for b.Loop() {
		if sum := h.verified(nil); sum.Rows != 100_000 || len(sum.Faults) > 0 {
			b.Fatal(fmt.Sprint(sum))
		}
	}
}
