package complaint

import "testing"

// A receipt names what is due next, and not what leaves with it: the copy to M
// goes at once, unless it waits for D.
func TestNextOfReceipt(t *testing.T) {
	for _, tt := range []struct {
		name   string
		orders []Order
		kind   PromiseKind
		due    Day
	}{
		{"about", []Order{take, mark}, React, "2026-11-30"},
		{"about one of two", []Order{take, mark, {Kind: OrderAbout, Person: person("nina")}}, React, "2026-11-30"},
		{"about, severe", []Order{take, severe, mark}, React, "2026-11-25"},
	} {
		f := open(t, "2026-11-23 09:00:00").says("bea", "Iemand is geslagen.", tt.orders...)
		for _, l := range f.last.Letters {
			if l.Kind == LetterReceipt && (l.Receipt.Kind != tt.kind || l.Receipt.Due != tt.due) {
				t.Errorf("%s: next is %s on %s, want %s on %s", tt.name, l.Receipt.Kind, l.Receipt.Due, tt.kind, tt.due)
			}
		}
	}
}

// What #uitstel stands for without a date is a date that #uitstel takes.
func TestIndication(t *testing.T) {
	const today = Day("2026-11-23")
	for _, tt := range []struct {
		expected Day
		days     int
		want     Day
	}{
		{"2026-12-14", 14, "2026-12-28"},
		{"2026-11-23", 14, "2026-12-07"},
		{"2026-01-05", 14, "2026-12-07"}, // long overdue
		{"", 14, "2026-12-07"},
		{"2027-11-20", 14, "2027-11-24"}, // no further ahead than an indication may lie
	} {
		if got := (Case{ExpectedOn: tt.expected}).Indication(today, tt.days); got != tt.want {
			t.Errorf("after %s: %s, want %s", tt.expected, got, tt.want)
		}
	}
}

// A letter of which nobody knows whether it arrived is not on its way: what it was
// to keep is due as before, and the handler is reminded.
func TestUncertainIsNotOnItsWay(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00").says("bea", "Beste Jan, wij zoeken het uit.", take, Order{Kind: OrderReply})
	if !f.c.onItsWay(f.c.place(React)) {
		t.Fatal("the reply waits, and is not on its way")
	}
	f.do(Undelivered{Now: f.now, Letter: LetterReply, To: f.c.Complainant.Address, Ref: 1, Why: Uncertain})
	if f.c.onItsWay(f.c.place(React)) {
		t.Error("it may not have arrived, and counts as on its way")
	}
	if list := Bundle([]Case{f.c}, nil, "2026-11-29", "2026-11-30", 0, f.p); len(list) != 2 {
		t.Errorf("%d people are reminded on the last day, want the handler and D", len(list))
	}
	f.do(Delivered{Now: f.now, Letter: LetterReply, Ref: 1, Evidence: "<1@academie.example> 250 ok"})
	if f.c.Promise(React).Open() {
		t.Error("it did arrive, and keeps nothing")
	}
}
