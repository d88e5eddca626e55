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

// Who wrote an action down hears of it a week before its day, on that day, and each
// week from then on until it is done.
func TestActionReminders(t *testing.T) {
	p := academy()
	a := Action{Number: 3, By: "bas@academie.example", On: "2026-11-02", Due: "2026-11-23"}
	for _, tt := range []struct {
		name, since, day Day
		change           func(*Action)
		to               string
	}{
		{name: "eight days before", since: "2026-11-12", day: "2026-11-13"},
		{name: "a week before", since: "2026-11-13", day: "2026-11-16", to: "bas@academie.example"},
		{name: "in between", since: "2026-11-16", day: "2026-11-17"},
		{name: "on the day", since: "2026-11-20", day: "2026-11-23", to: "bas@academie.example"},
		{name: "the day after", since: "2026-11-23", day: "2026-11-24"},
		{name: "a week late", since: "2026-11-27", day: "2026-11-30", to: "bas@academie.example"},
		{name: "done", since: "2026-11-20", day: "2026-11-23", change: func(a *Action) { a.Done = "2026-11-20" }},
		{name: "without a day", since: "2026-11-20", day: "2026-11-23", change: func(a *Action) { a.Due = "" }},
		{name: "made on the last days", since: "2026-11-13", day: "2026-11-17", change: func(a *Action) { a.On = "2026-11-17" }},
		{name: "of somebody who has left", since: "2026-11-20", day: "2026-11-23", change: func(a *Action) { a.By = "weg@academie.example" }, to: "dewi@academie.example"},
	} {
		b := a
		if tt.change != nil {
			tt.change(&b)
		}
		got := ""
		for _, l := range Bundle(nil, []Action{b}, tt.since, tt.day, 0, p) {
			got += l.To.Address
			want := Due{"M-3", b.Due, b.Due < tt.day}
			if !slices.Equal(l.Actions, []Due{want}) || len(l.Next) != 1 || l.Next[0].Kind != OrderDone || l.Next[0].Value != "M-3" {
				t.Errorf("%s: %+v, %+v", tt.name, l.Actions, l.Next)
			}
		}
		if got != tt.to {
			t.Errorf("%s: mail to %q, want %q", tt.name, got, tt.to)
		}
	}
}
