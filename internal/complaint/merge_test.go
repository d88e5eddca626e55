package complaint

import (
	"strings"
	"testing"
)

func merging(number string) Order { return Order{Kind: OrderMerge, Value: number} }

// beside is a file with a second complaint.
func beside(t *testing.T, other Case) *file {
	f := open(t, "2026-11-23 09:00:00")
	f.others = []Case{other}
	return f
}

// procedure.md 3, samenvoegen: one case of both, with the terms of the first and
// all that C is owed; nothing is owed twice.
func TestMerge(t *testing.T) {
	e := received("2026-11-20 08:00:00")
	e.Number = "K2026-111118"
	f := beside(t, Decide(nil, e, academy()).Cases[0])
	f.c, f.others[0] = f.others[0], f.c // the older one is worked on
	other := &file{t: t, p: f.p, now: f.now, c: f.c}
	other.says("bea", "Gebeld.", take, mark, severe, Order{Kind: OrderSpoke})
	other.do(Followed{Now: f.now, At: f.now, Form: map[string]string{"cursus": "Excel"}, Proven: true})
	f.c, f.others[0] = f.others[0], other.c

	f.says("bas", "", merging("K2026-111118"))
	c, merged := f.c, f.last.Also[0].Cases[0]
	if c.Handler != "bea@academie.example" || c.Severity != Severe || c.About("mark@academie.example") == nil || len(c.Talks) != 1 || c.Form["cursus"].Value != "Excel" {
		t.Errorf("not all was taken over: %+v", c)
	}
	if DayOf(c.ReceivedAt, amsterdam) != "2026-11-20" {
		t.Errorf("received %s", c.ReceivedAt)
	}
	f.want(Resolve, "2026-12-04", true)
	f.want(Answer, "2026-11-30", true)
	f.want(Take, "2026-11-25", false)
	if merged.State != Closed || merged.Resolution != Merged || merged.MergedInto != c.Number || merged.EraseOn != "2027-05-23" {
		t.Errorf("%s, %s, into %q, erase on %s", merged.State, merged.Resolution, merged.MergedInto, merged.EraseOn)
	}
	for _, p := range merged.Promises {
		if p.Open() != (p.Kind == Erase) {
			t.Errorf("of the merged case: %+v", p)
		}
	}
	if got := f.posted() + letters(f.last.Also[0]); got != "" {
		t.Errorf("mails: %s", got)
	}
	if r := f.refuses("bas", "", undoes); r.Reason != RefusedNothing {
		t.Errorf("undone: %+v", r)
	}
	f.others = []Case{merged}
	alone := &file{t: t, p: f.p, now: f.now, c: merged}
	if r := alone.refuses("bas", "Toch.", Order{Kind: OrderReopen}); r.Reason != RefusedState {
		t.Errorf("reopened by itself: %+v", r)
	}

	f.at("2026-11-25 09:00:00").says("bas", "", Order{Kind: OrderSplit, Value: merged.Number}) // and apart again
	back := f.last.Also[0].Cases[0]
	if back.State != InProgress || back.MergedInto != "" || back.Promise(Resolve).Due != "2026-12-09" || back.place(Erase) > 0 {
		t.Errorf("%s, %q, %+v", back.State, back.MergedInto, back.Promise(Resolve))
	}
}

// Others are linked, not merged; a case that one may not see is as one that is not there.
func TestLinked(t *testing.T) {
	piet := second()
	piet.Complainant.Address = "piet@voorbeeld.example"
	f := beside(t, piet).says("bas", "", merging(piet.Number))
	other := f.last.Also[0].Cases[0]
	if strings.Join(f.c.Links, "") != piet.Number || strings.Join(other.Links, "") != f.c.Number || !other.Open() || f.last.Letters[0].Receipt.Hints[0] != HintLinked {
		t.Errorf("%v, %v, %s", f.c.Links, other.Links, other.State)
	}
	f.others = []Case{other}
	if r := f.refuses("bas", "", merging(piet.Number)); r.Reason != RefusedTwice {
		t.Errorf("twice: %+v", r)
	}
	f.says("bas", "", Order{Kind: OrderSplit, Value: piet.Number})
	if len(f.c.Links)+len(f.last.Also[0].Cases[0].Links) > 0 {
		t.Errorf("%v", f.c.Links)
	}
	f.others[0].Links = nil
	if r := f.refuses("bas", "", Order{Kind: OrderSplit, Value: piet.Number}); r.Reason != RefusedNothing {
		t.Errorf("apart already: %+v", r)
	}
	hidden := second()
	hidden.Concerned = []Concern{{Address: "bas@academie.example", Copy: CopySent}}
	f.others = []Case{hidden}
	for _, number := range []string{hidden.Number, "K2026-999999"} {
		if r := f.refuses("bas", "", merging(number)); r.Reason != RefusedUnreachable {
			t.Errorf("%s: %+v", number, r)
		}
	}
	if r := f.refuses("bas", "", merging(f.c.Number)); r.Reason != RefusedTwice {
		t.Errorf("with itself: %+v", r)
	}
	waiting := second()
	waiting.Put = &Closing{Text: "Zo."}
	f.others = []Case{waiting}
	if r := f.refuses("bas", "", merging(waiting.Number)); r.Reason != RefusedState {
		t.Errorf("while D reads: %+v", r)
	}
}

// One mail about two matters: a case of its own, of the same day; C gets no second
// acknowledgement.
func TestSplitOff(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00").at("2026-11-24 09:00:00")
	if r := f.refuses("bas", "", Order{Kind: OrderSplit}); r.Reason != RefusedNoBody {
		t.Errorf("%+v", r)
	}
	f.says("bas", "De zaal was koud.", Order{Kind: OrderSplit})
	d := f.last.Also[0]
	c := d.Cases[0]
	if c.Number != "K2026-222222" || c.Complainant != f.c.Complainant || c.Promise(Resolve).Due != "2026-12-21" || c.place(Acknowledge) > 0 ||
		c.Form["omschrijving"].Value != "De zaal was koud." || strings.Join(f.c.Links, "") != c.Number || strings.Join(c.Links, "") != f.c.Number {
		t.Errorf("%+v", c)
	}
	if got := letters(d); got != "notice bea, copy dewi" {
		t.Errorf("told: %s", got)
	}
}
