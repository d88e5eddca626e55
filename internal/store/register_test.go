package store

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
)

// What is saved comes back, and what changes is changed.
func TestCaseComesBack(t *testing.T) {
	h := newHouse(t)
	c := aCase("K2026-000001")
	c.Owner, c.Handler, c.Concerned = "directeur@academie.example", "bas@academie.example", []complaint.Concern{{Address: "tess@academie.example"}}
	c.Course, c.Form = "Excel", map[string]complaint.FormValue{"naam": {Value: "Jan", Staff: true}}
	h.update(func(tx *Tx) error { return tx.AddCase(c, time.UTC) })
	same := func(when string) {
		t.Helper()
		h.reopen()
		h.view(func(tx *Tx) error {
			got, found, err := tx.CaseByNumber(strings.ToLower(c.Number))
			if err != nil || !found || !reflect.DeepEqual(got, *c) {
				t.Errorf("%s: got\n%+v, %v, want\n%+v", when, got, err, *c)
			}
			return nil
		})
	}
	same("new")
	c.State, c.Severity, c.ClosedAt, c.ReactedAt = complaint.Closed, complaint.Severe, start.Add(time.Hour), start
	c.ExpectedOn, c.Subject, c.Complainant.Name = "2027-01-15", "Anders", "Janneke"
	c.Promises[0].FulfilledAt = start
	c.Promises[1].WaivedBy, c.Promises[1].Reason = "directeur@academie.example", "ingetrokken"
	c.Promises[1].MadeOn, c.Promises[1].Due = "2026-11-24", "2026-11-26"
	c.Promises = append(c.Promises, complaint.Promise{Kind: complaint.Answer, MadeOn: "2026-11-24", Due: "2026-12-01"})
	h.update(func(tx *Tx) error { return tx.SaveCase(c) })
	same("changed")
	h.view(func(tx *Tx) error {
		if _, found, err := tx.Case(99); found || err != nil {
			t.Errorf("a case that never was: %v, %v", found, err)
		}
		return tx.Cases(true, func(c complaint.Case) error {
			t.Errorf("%s is closed", c.Number)
			return nil
		})
	})
}

// security.md 17: a promise that comes open again has no evidence left.
func TestPromiseOpensAgain(t *testing.T) {
	h := newHouse(t)
	c := h.addCase("K2026-000001")
	h.update(func(tx *Tx) error {
		return tx.AddLetter(&Letter{CaseID: c.ID, Kind: complaint.LetterAcknowledgement, State: Due,
			PromiseID: c.Promises[0].ID, MessageID: "een@academie.example"}, []byte("raw"))
	})
	h.settle("250 ok")
	if p := h.promise(c.ID, c.Promises[0].ID); p.Open() || p.Evidence == "" {
		t.Errorf("kept: %+v", p)
	}
	c.Promises[0].FulfilledAt, c.Promises[0].BouncedAt = time.Time{}, start
	h.update(func(tx *Tx) error { return tx.SaveCase(c) })
	if p := h.promise(c.ID, c.Promises[0].ID); !p.Open() || p.Evidence != "" || !p.BouncedAt.Equal(start) {
		t.Errorf("open again: %+v", p)
	}
}

// procedure.md 4: no number twice, and they count up within their year.
func TestNewNumber(t *testing.T) {
	h := newHouse(t)
	seen := map[string]bool{}
	small := 0
	draw := func(int) (int, error) { // a bad dice, on purpose: each number is drawn three times
		small++
		return small / 3, nil
	}
	for i := range 40 {
		c := aCase("")
		h.update(func(tx *Tx) (err error) {
			if c.Number, err = tx.NewNumber(2026, "", draw); err != nil {
				return err
			}
			return tx.AddCase(c, time.UTC)
		})
		if seen[c.Number] || complaint.FindNumber(c.Number) != c.Number {
			t.Errorf("number %d is %s", i, c.Number)
		}
		seen[c.Number] = true
	}
	h.update(func(tx *Tx) error { // one that is wished for, unless it is taken
		free, taken := complaint.Number(2026, 0, 999), complaint.Number(2026, 0, 1)
		if got, err := tx.NewNumber(2026, free, draw); err != nil || got != free {
			t.Errorf("wished %s, got %s, %v", free, got, err)
		}
		if got, err := tx.NewNumber(2026, taken, draw); err != nil || got == taken || !seen[taken] {
			t.Errorf("wished %s, which is taken, got %s, %v", taken, got, err)
		}
		return nil
	})
	err := h.Update(t.Context(), func(tx *Tx) error {
		_, err := tx.NewNumber(2026, "", func(int) (int, error) { return 1, nil })
		return err
	})
	var fatal Fatal
	if !errors.As(err, &fatal) {
		t.Errorf("a dice that always shows one: %v", err)
	}
	if _, err := h.number2027(draw); err != nil {
		t.Error(err)
	}
}

func (h *house) number2027(draw func(int) (int, error)) (number string, err error) {
	err = h.Update(h.t.(*testing.T).Context(), func(tx *Tx) error {
		number, err = tx.NewNumber(2027, "", draw)
		return err
	})
	return number, err
}

// procedure.md 4: seq belongs to the year of receipt in the academy's zone.
func TestSeqCountsWithinTheYear(t *testing.T) {
	h := newHouse(t)
	zone := time.FixedZone("CET", 3600)
	for i, at := range []time.Time{
		time.Date(2026, 12, 31, 22, 0, 0, 0, time.UTC), // 23:00 there
		time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC),
		time.Date(2026, 12, 31, 20, 0, 0, 0, time.UTC),
	} {
		c := aCase(fmt.Sprintf("K2026-%06d", i))
		c.ReceivedAt = at
		h.update(func(tx *Tx) error { return tx.AddCase(c, zone) })
	}
	if got := h.number("SELECT year * 1000000 + group_concat(seq, '') FROM (SELECT * FROM cases WHERE year = 2026 ORDER BY id)"); got != 2026000012 {
		t.Errorf("2026: %d", got)
	}
	if got := h.number("SELECT year * 10 + seq FROM cases WHERE year = 2027"); got != 20271 {
		t.Errorf("2027: %d", got)
	}
}

// security.md 12
func TestAcknowledged(t *testing.T) {
	h := newHouse(t)
	count := func(address string) (a Acknowledged) {
		h.view(func(tx *Tx) (err error) {
			a, err = tx.Acknowledged(address)
			return err
		})
		return a
	}
	add := func(address string) { h.update(func(tx *Tx) error { return tx.AddAcknowledged(address) }) }
	if got := count("jan@voorbeeld.example"); got != (Acknowledged{}) {
		t.Errorf("at first %+v", got)
	}
	add("jan@voorbeeld.example")
	add("JAN@Voorbeeld.example")
	add("piet@voorbeeld.example")
	h.clock = h.clock.Add(time.Hour + time.Minute)
	add("kees@elders.example")
	for address, want := range map[string]Acknowledged{
		"jan@voorbeeld.example":    {Address: 2, Domain: 3, Hour: 1, Day: 4},
		"iemand@voorbeeld.example": {Address: 0, Domain: 3, Hour: 1, Day: 4},
		"kees@elders.example":      {Address: 1, Domain: 1, Hour: 1, Day: 4},
		"kees@nergens.example":     {Address: 0, Domain: 0, Hour: 1, Day: 4},
	} {
		if got := count(address); got != want {
			t.Errorf("%s: %+v, want %+v", address, got, want)
		}
	}
	h.clock = start.Add(24 * time.Hour)
	if got := count("jan@voorbeeld.example"); got != (Acknowledged{Day: 1}) {
		t.Errorf("a day later %+v", got)
	}
	add("jan@voorbeeld.example")
	if n := h.number("SELECT count(*) FROM acknowledged"); n != 2 {
		t.Errorf("%d are remembered, want those of the last day", n)
	}
}

// security.md 12: a batch counts its own, those that were undone apart.
func TestAcknowledgedInOne(t *testing.T) {
	h := newHouse(t)
	h.update(func(tx *Tx) error { return tx.AddAcknowledged("jan@voorbeeld.example") })
	undone := errors.New("undone")
	h.update(func(tx *Tx) error {
		for want := 1; want <= 3; want++ {
			for _, fail := range []error{undone, nil} {
				err := tx.Savepoint(func() error {
					got, err := tx.Acknowledged("jan@voorbeeld.example")
					if got != (Acknowledged{want, want, want, want}) {
						t.Errorf("%+v, want %d of each", got, want)
					}
					return errors.Join(err, tx.AddAcknowledged("jan@voorbeeld.example"), fail)
				})
				if !errors.Is(err, fail) {
					return err
				}
			}
		}
		return nil
	})
}

// security.md 44
func TestJobRun(t *testing.T) {
	h := newHouse(t)
	h.view(func(tx *Tx) error {
		if _, ran, err := tx.JobRun("deadlines"); ran || err != nil {
			t.Errorf("ran before it ran: %v", err)
		}
		return nil
	})
	for day := range 2 {
		scheduled := start.AddDate(0, 0, day)
		h.clock = scheduled.Add(7 * time.Minute)
		h.update(func(tx *Tx) error { return tx.SetJobRun("deadlines", scheduled) })
		h.reopen()
		h.view(func(tx *Tx) error {
			run, ran, err := tx.JobRun("deadlines")
			if !ran || !run.Scheduled.Equal(scheduled) || !run.RanAt.Equal(h.clock) {
				t.Errorf("ran %v: %+v", ran, run)
			}
			return err
		})
	}
}

// What is remembered of the house itself outlives a restart.
func TestMoments(t *testing.T) {
	h := newHouse(t)
	h.update(func(tx *Tx) error {
		first, err := tx.FirstStart()
		if !first.Equal(start) {
			t.Errorf("first start %v", first)
		}
		return errors.Join(err, tx.Hold(), tx.SetLastPass(), tx.SetReminded())
	})
	h.clock = start.AddDate(0, 1, 0)
	h.reopen()
	h.update(func(tx *Tx) error {
		for name, f := range map[string]func() (time.Time, error){
			"first start": tx.FirstStart, "held": tx.HeldSince, "last pass": tx.LastPass, "reminded": tx.Reminded,
		} {
			if got, err := f(); err != nil || !got.Equal(start) {
				t.Errorf("%s: %v, %v", name, got, err)
			}
		}
		if err := tx.Unhold(); err != nil {
			return err
		}
		held, err := tx.HeldSince()
		if !held.IsZero() {
			t.Errorf("held since %v", held)
		}
		return err
	})
}
