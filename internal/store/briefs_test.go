package store

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"klachtd/internal/complaint"
)

func (h *house) briefs() (list []complaint.Brief) {
	h.t.Helper()
	h.view(func(tx *Tx) error {
		return tx.Briefs(func(b *complaint.Brief) error {
			own := *b
			own.Promises = append([]complaint.BriefPromise(nil), b.Promises...)
			list = append(list, own)
			return nil
		})
	})
	return list
}

// A brief says what its case says: when it was made, saved again, and when mail has
// kept a promise meanwhile.
func TestBriefs(t *testing.T) {
	h := newHouse(t)
	defer h.close()
	c := fill(h)
	c.Category.Value, c.State, c.ClosedAt = "Locatie", complaint.Closed, start
	h.update(func(tx *Tx) error {
		now, _, err := tx.Case(c.ID)
		if err != nil {
			return err
		}
		now.Category, now.State, now.ClosedAt = c.Category, c.State, c.ClosedAt
		return tx.SaveCase(&now)
	})
	same := func(when string) {
		t.Helper()
		h.view(func(tx *Tx) error {
			whole, _, err := tx.Case(c.ID)
			want, got := complaint.BriefOf(whole), h.briefs()
			if len(got) != 1 || fmt.Sprintf("%+v", got[0]) != fmt.Sprintf("%+v", want) {
				t.Errorf("%s: the briefs are\n%+v\nand the case\n%+v", when, got, want)
			}
			return err
		})
	}
	same("saved")
	sent, err := h.Claim(context.Background(), 10, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for i := range sent {
		sent[i].PromiseID = c.Promises[1].ID
		if _, err := h.Turn(context.Background(), []Outcome{{Letter: sent[i], State: Sent, Words: "250 ok"}}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if len(sent) == 0 || h.briefs()[0].Promises[1].FulfilledAt.IsZero() {
		t.Error("mail that was accepted keeps no promise in the brief")
	}
	same("kept by mail")
	h.update(func(tx *Tx) error { return tx.DestroyCase(c.ID, nil) })
	if list := h.briefs(); len(list) != 0 {
		t.Errorf("an erased case has a brief: %+v", list)
	}
}

// Cases from before there were briefs get theirs when the database is opened.
func TestBriefsOfAnOlderDatabase(t *testing.T) {
	h := &house{t: t, clock: start.AddDate(0, 0, 1), o: frozen(t)}
	h.reopen()
	defer h.close()
	list := h.briefs()
	if len(list) != 1 || list[0].Number != "K2026-000001" || len(list[0].Promises) != 2 {
		t.Errorf("%+v", list)
	}
	h.view(func(tx *Tx) error {
		missing := false
		_, err := tx.one("look", "SELECT true FROM meta WHERE key = ?", []any{metaNoBriefs}, &missing)
		if missing {
			t.Error("it is looked for again at each start")
		}
		return err
	})
}

// What a key opens is ours; all the same nothing that stands there ends the process.
func FuzzBrief(f *testing.F) {
	day := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, b := range []complaint.Brief{{}, {Number: "K2026-482931", Kind: complaint.External, ReceivedAt: day, ClosedAt: day, ResolveBy: "2026-12-21", Asked: true,
		Scores: []complaint.Rating{{Score: 5, At: day}}, Delays: []complaint.Told{{On: "2026-12-01", Until: "2026-12-31"}}, Concerned: []string{"tess@academie.example"},
		Promises: []complaint.BriefPromise{{ID: 7, Kind: complaint.React, Due: "2026-11-30", FulfilledAt: day}}}} {
		f.Add(encodeBrief(b))
	}
	f.Add([]byte{briefVersion, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1})
	f.Fuzz(func(t *testing.T, plain []byte) {
		var b, again complaint.Brief
		if decodeBrief(plain, &b) != nil {
			return
		}
		if err := decodeBrief(encodeBrief(b), &again); err != nil || !reflect.DeepEqual(b, again) {
			t.Errorf("%+v became %+v (%v)", b, again, err)
		}
	})
}
