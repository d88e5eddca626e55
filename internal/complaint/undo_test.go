package complaint

import (
	"fmt"
	"testing"
	"time"
)

var undoes = Order{Kind: OrderUndo}

// procedure.md 3, ongedaan: the last command within 24 hours, not what was sent or
// has changed since.
func TestUndo(t *testing.T) {
	for _, tt := range []struct {
		name   string
		do     func(f *file)
		reason Reason // "": undone, and all is as it was
	}{
		{"a category", func(f *file) { f.says("bas", "", Order{Kind: OrderCategory, Value: "Trainer"}, finding) }, ""},
		{"waived by D", func(f *file) { f.says("dewi", "Daarom.", Order{Kind: OrderWaive, Value: string(React)}) }, RefusedNothing},
		{"receipt", func(f *file) { f.says("bas", "", Order{Kind: OrderReceived, Day: "2026-11-02"}) }, ""},
		{"withdrawn, nobody told", func(f *file) { f.says("bas", "", Order{Kind: OrderWithdrawn}) }, ""},
		{"a letter that waits", func(f *file) { f.says("bas", "Dag.", reply) }, ""},
		{"a closing that waits", func(f *file) { f.says("bas", "Zo.", closing, category, finding) }, ""},
		{"a delay that waits", func(f *file) { f.says("bas", "Ziek.", Order{Kind: OrderExtend}) }, ""},
		{"a request", func(f *file) { f.says("bas", "", Order{Kind: OrderPrivacy, Value: PrivacyAccess}) }, ""},
		{"a talk that answered", func(f *file) { f.says("bas", "Gebeld.", Order{Kind: OrderSpoke}) }, ""},
		{"the copy to M has gone", func(f *file) { f.says("bas", "", mark) }, RefusedSent},
		{"D was asked", func(f *file) { f.says("bas", "Mag dit?", Order{Kind: OrderConsult}) }, RefusedSent},
		{"the letter has gone", func(f *file) { f.says("bas", "Dag.", reply).sent() }, RefusedSent},
		{"its moment is over", func(f *file) { f.says("bas", "Dag.", reply); f.now = f.now.Add(5 * time.Minute) }, RefusedSent},
		{"C wrote", func(f *file) { f.says("bas", "", category); f.do(Followed{Now: f.now, At: f.now}) }, RefusedChanged},
		{"a day and a bit", func(f *file) { f.says("bas", "", category); f.now = f.now.Add(undoWithin + time.Second) }, RefusedTooLate},
		{"a day", func(f *file) { f.says("bas", "", category); f.now = f.now.Add(undoWithin) }, ""},
		{"somebody else's", func(f *file) { f.says("bea", "", category) }, RefusedNothing},
		{"only read", func(f *file) { f.says("bas", "", category).says("bas", "", Order{Kind: OrderStatus}) }, ""},
	} {
		f := open(t, "2026-11-23 09:00:00")
		f.p.Staff = append(f.p.Staff[:2:2], f.p.Staff[3:]...) // Bea has left: Bas is alone
		if tt.name == "somebody else's" {
			f.p = academy()
		}
		f.c = Decide(nil, received("2026-11-23 09:00:00"), f.p).Cases[0]
		f.do(Followed{Now: f.now, At: f.now})
		before := f.c.clone()
		tt.do(f)
		if n := f.c.place(Acknowledge); n > 0 { // meanwhile it was accepted
			before.Promises[n-1].FulfilledAt, f.c.Promises[n-1].FulfilledAt = f.now, f.now
		}
		if tt.reason != "" {
			if r := f.refuses("bas", "", undoes); r.Reason != tt.reason {
				t.Errorf("%s: %s, want %s", tt.name, r.Reason, tt.reason)
			}
			continue
		}
		ref := f.c.Last.Ref
		f.says("bas", "", Order{Kind: OrderUndo, Ref: ref})
		f.asBefore(tt.name, before)
		if r := f.refuses("bas", "", undoes); r.Reason != RefusedNothing {
			t.Errorf("%s: twice: %s", tt.name, r.Reason)
		}
	}
}

// asBefore compares what an undone command could have touched.
func (f *file) asBefore(name string, before Case) {
	f.t.Helper()
	now := f.c.clone()
	for _, out := range now.Outbound {
		if !out.TakenBack {
			f.t.Errorf("%s: a letter still goes out", name)
		}
	}
	for i, p := range now.Promises {
		switch {
		case i >= len(before.Promises) && (p.WaivedBy != "bas@academie.example" || p.Reason != undone || !p.FulfilledAt.IsZero()):
			f.t.Errorf("%s: %+v", name, p)
		case i < len(before.Promises) && !p.same(before.Promises[i]):
			f.t.Errorf("%s: %+v, was %+v", name, p, before.Promises[i])
		}
	}
	now.Promises, before.Promises, now.Outbound, before.Outbound, now.Commands, now.Last = nil, nil, nil, nil, 0, nil
	if got, want := fmt.Sprintf("%+v", now), fmt.Sprintf("%+v", before); got != want {
		f.t.Errorf("%s:\n%s\nwas\n%s", name, got, want)
	}
}

// Each receipt has the button, where there is something to undo.
func TestUndoButton(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00").says("bas", "", take)
	offers := func() (n int) {
		for _, l := range f.last.Letters {
			for _, o := range l.Next {
				if o.Kind == OrderUndo && o.Ref == f.c.Last.Ref && l.Kind == LetterReceipt {
					n++
				}
			}
		}
		return n
	}
	if offers() != 1 {
		t.Errorf("take: %d", offers())
	}
	if f.says("bas", "", mark); offers() != 0 {
		t.Errorf("a copy that has gone: %d", offers())
	}
}
