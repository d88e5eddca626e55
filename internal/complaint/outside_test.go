package complaint

import (
	"fmt"
	"testing"
)

func ooa(step string, day Day) Order { return Order{Kind: OrderExternal, Value: step, Day: day} }

// procedure.md 2: `#ooa` stops retention and the terms of the case, makes carrying
// out a ruling a promise, and ends with half a year anew.
func TestOoa(t *testing.T) {
	f := closedFile(t)
	f.want(Erase, "2027-05-23", true)
	f.at("2026-12-01 09:00:00").says("bas", "Jan gaat ernaartoe.", ooa(OutsideFiled, "2026-11-30"))
	if f.c.State != Escalated || f.posted() != "outside dewi" || f.c.EraseOn != "" || ripe(f.c, "2030-01-01") || !f.c.ClosedAt.IsZero() {
		t.Errorf("%s, %s, erase on %q", f.c.State, f.posted(), f.c.EraseOn)
	}
	f.want(Erase, "2027-05-23", false)
	f.want(Satisfaction, "2026-11-30", false)
	f.want(Cause, "2026-12-07", true)
	if got := f.survey("2026-12-02 10:00:00"); got != "" {
		t.Errorf("asked how content he is: %s", got)
	}
	if r := f.refuses("bas", "", ooa(OutsideCarriedOut, "")); r.Reason != RefusedNothing {
		t.Errorf("no ruling: %+v", r)
	}
	f.at("2027-01-11 09:00:00").says("bas", "Geld terug.", ooa(OutsideRuling, ""))
	f.want(Ruling, "2027-02-08", true)
	f.says("bas", "Eerder.", ooa(OutsideRuling, "2027-01-29"))
	f.want(Ruling, "2027-01-29", true)
	if n := count(f.c, Ruling); n != 1 || f.posted() != "outside dewi" {
		t.Errorf("%d rulings, %s", n, f.posted())
	}
	for _, o := range []Order{ooa(OutsideFiled, ""), {Kind: OrderReopen}} {
		if r := f.refuses("bas", "Daarom.", o); r.Reason != RefusedState {
			t.Errorf("%s with a ruling to carry out: %+v", o.Kind, r)
		}
	}
	f.at("2027-01-28 09:00:00").says("dewi", "Overgemaakt.", ooa(OutsideCarriedOut, ""))
	f.want(Ruling, "2027-01-29", false)
	f.want(Erase, "2027-07-28", true)
	if f.c.State != Closed || f.c.Resolution != OoaRuling || f.c.EraseOn != "2027-07-28" || len(f.c.Outside) != 4 {
		t.Errorf("%s, %s, %s, %+v", f.c.State, f.c.Resolution, f.c.EraseOn, f.c.Outside)
	}
}

// From an open case; and the way back, when nothing came of it.
func TestOoaFromOpen(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00").says("bas", "", take).says("bas", "", ooa(OutsideReferred, ""))
	for _, k := range []PromiseKind{Resolve, Delay} {
		if p := f.c.Promise(k); p.Reason != withOoa {
			t.Errorf("%+v", p)
		}
	}
	if got := f.tick("2026-12-21 12:00:00"); got != "" {
		t.Errorf("a letter by itself: %s", got)
	}
	f.do(Followed{Now: f.now, At: f.now, Proven: true})
	f.want(Answer, "2026-12-28", true)
	f.says("bas", "Er komt niets van.", Order{Kind: OrderReopen})
	f.want(Resolve, "2027-01-18", true)
	if f.c.State != InProgress || count(f.c, Answer) != 1 {
		t.Errorf("%s, %d answers owed", f.c.State, count(f.c, Answer))
	}
	f = open(t, "2026-11-23 09:00:00").says("bas", "", take)
	f.p.Approval = ApproveAlways
	f.says("bas", "Zo.", closing, category, finding)
	if r := f.refuses("dewi", "", ooa(OutsideFiled, "")); r.Reason != RefusedState {
		t.Errorf("while a closing waits: %+v", r)
	}
	f.says("dewi", "", approve)
	if r := f.refuses("dewi", "", ooa(OutsideFiled, "")); r.Reason != RefusedHeld {
		t.Errorf("while the closing letter waits: %+v", r)
	}
}

// D hears each week of a ruling and of a request, before and after the last day.
func TestWeekly(t *testing.T) {
	f := closedFile(t)
	f.says("bas", "", ooa(OutsideRuling, "2026-12-14"))
	for i := range f.c.Promises {
		if k := f.c.Promises[i].Kind; k != Ruling {
			f.c.Promises[i].FulfilledAt = f.now
		}
	}
	want := map[Day]string{"2026-11-30": "dewi ruling", "2026-12-07": "dewi ruling", "2026-12-14": "dewi ruling", "2026-12-21": "dewi ruling late", "2026-12-28": "dewi ruling late"}
	if got := calendar(f.c, f.p, "2026-11-24", "2026-12-30"); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v\nwant %v", got, want)
	}
}
