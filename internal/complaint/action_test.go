package complaint

import (
	"slices"
	"testing"
)

// procedure.md 1, 3: D weighs what can be better: an action, one there is, or none
// with the reason. Each keeps the promise.
func TestImprove(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		o          Order
		kept       bool
		want       Action // saved; Number 0: nothing
	}{
		{"a new one", "Een tweede sleutel.", Order{Kind: OrderAction, Text: "Sleutels", Day: "2027-02-01"}, true,
			Action{Number: 2, Text: "Sleutels\n\nEen tweede sleutel.", Due: "2027-02-01", Cases: []string{"K2026-482932"}}},
		{"one there is", "", Order{Kind: OrderAction, Value: "M-1"}, true, Action{Number: 1, Text: "Rooster ruimer", Cases: []string{"K2026-482932"}}},
		{"none", "Het lag aan het weer.", Order{Kind: OrderAction, Value: NoAction}, true, Action{}},
	} {
		f := closedFile(t).says("dewi", tt.body, tt.o)
		f.want(Improvement, "2026-12-23", !tt.kept)
		switch {
		case tt.want.Number == 0:
			if len(f.last.Actions) > 0 || f.c.NoAction.Text != tt.body {
				t.Errorf("%s: %+v, %+v", tt.name, f.last.Actions, f.c.NoAction)
			}
		case len(f.last.Actions) != 1:
			t.Errorf("%s: %+v", tt.name, f.last.Actions)
		default:
			got := f.last.Actions[0]
			if got.Number != tt.want.Number || got.Text != tt.want.Text || got.Due != tt.want.Due || !slices.Equal(got.Cases, tt.want.Cases) ||
				!slices.Equal(f.c.Actions, []string{ActionNumber(got.Number)}) {
				t.Errorf("%s: %+v, case %v", tt.name, got, f.c.Actions)
			}
		}
	}
	f := closedFile(t)
	for _, tt := range []struct {
		who, body string
		o         Order
		reason    Reason
	}{
		{"bas", "Zo.", Order{Kind: OrderAction, Text: "Sleutels"}, RefusedRight},
		{"dewi", "", Order{Kind: OrderAction}, RefusedNoBody},
		{"dewi", "", Order{Kind: OrderAction, Value: NoAction}, RefusedNoBody},
		{"dewi", "", Order{Kind: OrderAction, Value: "M-9"}, RefusedNothing},
		{"dewi", "", Order{Kind: OrderAction, Text: "Sleutels", Day: "2026-11-01"}, RefusedDate},
		{"dewi", "", Order{Kind: OrderDone, Value: "M-9"}, RefusedNothing},
		{"dewi", "", Order{Kind: OrderDone, Value: "M-1", Day: "2026-12-31"}, RefusedDate},
		{"dewi", "", Order{Kind: OrderEffect, Value: "M-1"}, RefusedNoBody},
	} {
		if r := f.refuses(tt.who, tt.body, tt.o); r.Reason != tt.reason || len(f.last.Actions) > 0 {
			t.Errorf("%s %+v: %s, want %s", tt.who, tt.o, r.Reason, tt.reason)
		}
	}
}

// The register is about no one case: a fresh mail is enough.
func TestActionsWithoutACase(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00")
	fresh := func(body string, o Order) Decision {
		e := f.mail("dewi", body, o)
		e.Actions = []Action{{Number: 1, Text: "Rooster ruimer", Done: "2026-11-01"}, {Number: 3, Text: "Sleutels"}}
		e.NextAction = 4
		return Decide(nil, e, f.p)
	}
	d := fresh("Alle zalen.", Order{Kind: OrderAction, Text: "Sleutels"})
	if d.Refused() || len(d.Cases) > 0 || d.Actions[0].Number != 4 || d.Letters[0].Receipt.Lines[0].New != "M-4" {
		t.Errorf("%+v", d)
	}
	if d := fresh("", Order{Kind: OrderDone, Value: "M-3"}); d.Refused() || d.Actions[0].Done != "2026-11-23" || d.Actions[0].Text != "Sleutels" {
		t.Errorf("%+v", d)
	}
	if d := fresh("", Order{Kind: OrderDone, Value: "M-1"}); !d.Refused() || d.Refusals[0].Reason != RefusedTwice {
		t.Errorf("done twice: %+v", d.Refusals)
	}
	if d := fresh("Geen klachten meer.", Order{Kind: OrderEffect, Value: "M-1"}); d.Refused() || d.Actions[0].Effect != "Geen klachten meer." || d.Actions[0].Seen != "2026-11-23" {
		t.Errorf("%+v", d)
	}
	if d := fresh("Zo.", Order{Kind: OrderAction, Value: NoAction}); !d.Refused() || d.Refusals[0].Reason != RefusedNoCase {
		t.Errorf("none of nothing: %+v", d.Refusals)
	}
}
