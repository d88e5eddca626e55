package complaint

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func (f *file) tick(moment string) string {
	f.t.Helper()
	f.at(moment)
	return letters(f.do(Ticked{Now: f.now}))
}

// The neutral delay letter goes by itself with the first pass at or after 12:00
// of the last day, once a case; at a second date D and the handler are mailed and
// the breach is recorded.
func TestAutomaticDelay(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00").says("bas", "", take)
	for _, early := range []string{"2026-11-23 12:00:00", "2026-12-20 12:00:00", "2026-12-21 08:00:00", "2026-12-21 11:59:59"} {
		if got := f.tick(early); got != "" {
			t.Errorf("%s: %s", early, got)
		}
	}
	if got := f.tick("2026-12-21 12:00:00"); got != "delay_automatic jan, delayed bas, delayed dewi" {
		t.Errorf("at noon: %s", got)
	}
	l := f.last.Letters[0]
	if l.Day != "2027-01-04" || f.c.ExpectedOn != l.Day || f.c.ResolveBy != "2026-12-21" || !l.Kind.Automatic() || l.Ref != 0 {
		t.Errorf("told %s, expected %s, resolve by %s", l.Day, f.c.ExpectedOn, f.c.ResolveBy)
	}
	f.want(Resolve, "2027-01-04", true)
	f.sent()
	f.want(Delay, "2027-01-04", true)
	f.want(React, "2026-11-30", true) // a machine's letter is no reaction
	if got := f.tick("2026-12-21 15:00:00"); got != "" {
		t.Errorf("once more: %s", got)
	}
	if got := f.tick("2027-01-04 08:00:00"); got != "" {
		t.Errorf("the second date, in the morning: %s", got) // that is for the reminders
	}
	if got := f.tick("2027-01-04 12:00:00"); got != "overdue bas, overdue dewi" {
		t.Errorf("the second date: %s", got)
	}
	if got := f.tick("2027-01-04 13:00:00"); got != "" {
		t.Errorf("the second date, again: %s", got)
	}
	f.tick("2027-01-05 08:00:00")
	if b := (Breach{Resolve, "2027-01-04"}); !slices.Contains(f.c.Breaches, b) || len(f.last.Notes) == 0 {
		t.Errorf("the breach is not on record: %+v", f.c.Breaches)
	}
	if got := f.tick("2027-01-06 12:00:00"); got != "" || len(f.last.Cases) > 0 {
		t.Errorf("the day after: %s, %d cases", got, len(f.last.Cases))
	}
}

// Where a person has acted, or a machine may not write, no letter goes to C.
func TestNoAutomaticDelay(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(f *file)
		want string
	}{
		{"closed", func(f *file) { f.says("bas", "Zo.", closing, category, finding) }, ""},
		{"a delay was told", func(f *file) { f.says("bas", "Ziek.", Order{Kind: OrderExtend, Day: "2027-01-20"}) }, ""},
		{"spam by its mark", func(f *file) { f.c.Withheld = WithheldSpam }, "overdue bas, overdue bea, overdue dewi"},
		{"spam that was answered", func(f *file) { f.c.Withheld = WithheldSpam; f.says("bas", "Dag.", reply).sent() },
			"delay_automatic jan, delayed bas, delayed bea, delayed dewi"},
		{"no address", func(f *file) { f.c.Complainant.Address = "" }, "overdue bas, overdue bea, overdue dewi"},
		{"a closing waits", func(f *file) { f.says("bas", "", severe); f.says("bas", "Zo.", closing, category, finding) },
			"delay_automatic jan, delayed bas, delayed bea, delayed dewi"}, // the clock of C runs on
	} {
		f := open(t, "2026-11-23 09:00:00")
		tt.do(f)
		if got := f.tick("2026-12-21 12:00:00"); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	d := Decide(nil, Ordered{Now: at("2026-11-27 13:00:00"), By: "bas@academie.example", Number: "K2026-482932",
		Orders: []Order{{Kind: OrderRegister, Person: Party{Address: "jo@voorbeeld.example"}, Day: "2026-06-01"}}}, academy())
	if got := letters(Decide(d.Cases, Ticked{Now: at("2026-11-27 23:00:00")}, academy())); got != "" {
		t.Errorf("on the day of registration: %s", got)
	}
}

// Downtime on the last day delays the letter and no more.
func TestAutomaticDelayAfterDowntime(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00")
	if got := f.tick("2026-12-23 08:00:00"); !strings.HasPrefix(got, "delay_automatic jan") {
		t.Errorf("two days later: %s", got)
	}
	if f.c.ExpectedOn != "2027-01-06" {
		t.Errorf("expected on %s", f.c.ExpectedOn)
	}
}

// The second delay waits for D; his no brings it back.
func TestSecondDelay(t *testing.T) {
	second := Order{Kind: OrderExtend, Day: "2027-01-20"}
	f := open(t, "2026-11-23 09:00:00").says("bas", "", take).says("bas", "Ziek.", Order{Kind: OrderExtend}).sent()
	if f.c.ExpectedOn != "2027-01-04" {
		t.Errorf("expected on %s", f.c.ExpectedOn)
	}
	f.says("bas", "Nog ziek.", second)
	if f.c.State != WithDirector || f.c.ExpectedOn != "2027-01-04" || f.c.Asked == nil {
		t.Errorf("%s, expected on %s", f.c.State, f.c.ExpectedOn)
	}
	f.want(Approve, "2026-11-25", true)
	f.says("dewi", "Nee, nu afmaken.", Order{Kind: OrderReturn})
	if f.c.State != InProgress || f.c.Asked != nil || f.posted() != "returned bas" {
		t.Errorf("%s, %s", f.c.State, f.posted())
	}
	f.says("bas", "Echt ziek.", second).says("dewi", "", approve)
	if f.c.State != InProgress || f.c.ExpectedOn != "2027-01-20" || f.c.Extensions[1].ApprovedBy != "dewi@academie.example" {
		t.Errorf("%s, expected on %s, %+v", f.c.State, f.c.ExpectedOn, f.c.Extensions)
	}
	for _, l := range f.last.Letters {
		if l.Kind == LetterDelay && (l.Body != "Echt ziek." || l.Day != "2027-01-20") {
			t.Errorf("C reads %q, %s", l.Body, l.Day)
		}
	}
	f.says("dewi", "", Order{Kind: OrderStop, Ref: f.last.Letters[0].Ref})
	if f.c.State != WithDirector || f.c.ExpectedOn != "2027-01-04" {
		t.Errorf("taken back: %s, expected on %s", f.c.State, f.c.ExpectedOn)
	}
	f.says("dewi", "Nog een week.", Order{Kind: OrderExtend, Day: "2027-01-11"}) // his own needs nobody's word
	if f.c.ExpectedOn != "2027-01-11" || f.c.Asked != nil {
		t.Errorf("expected on %s", f.c.ExpectedOn)
	}
}

// The points of procedure.md 1 that orders bring: day by day, to whom.
func TestRemindersOfOrders(t *testing.T) {
	all := func(f *file, from, to Day) string {
		for i := range f.c.Promises {
			if k := f.c.Promises[i].Kind; k == Acknowledge || k == CopyOwner || k == React || k == Take || k == Resolve {
				f.c.Promises[i].FulfilledAt = f.now
			}
		}
		var list []string
		said := calendar(f.c, f.p, from, to)
		for day := from; day <= to; day = day.Add(1) {
			if said[day] != "" {
				list = append(list, fmt.Sprintf("%s %s", day[5:], said[day]))
			}
		}
		return strings.Join(list, "; ")
	}
	for _, tt := range []struct {
		name string
		do   func(f *file)
		want string
	}{
		{"a question", func(f *file) { f.says("bas", "Mag dit?", Order{Kind: OrderConsult}) }, "11-26 dewi consult late"},
		{"a closing to approve", func(f *file) { f.p.Approval = ApproveAlways; f.says("bas", "Zo.", closing, category, finding) },
			"11-25 dewi approve; 11-26 tess approve late"},
		{"a copy that waits for D", func(f *file) { f.says("bas", "", severe, mark) },
			"11-25 dewi copy_concerned; 11-26 dewi copy_concerned late; 11-27 dewi copy_concerned late; 11-30 dewi copy_concerned late"},
		{"a copy that D postponed", func(f *file) {
			f.says("bas", "", severe, mark).at("2026-11-25 10:00:00").says("dewi", "Ziek.", Order{Kind: OrderWait})
		}, "11-27 dewi copy_concerned; 11-30 dewi copy_concerned late"},
		{"a copy that is on its way", func(f *file) { f.says("bas", "", mark) },
			"11-25 bas copy_concerned, bea copy_concerned; 11-26 bas copy_concerned late, bea copy_concerned late; " +
				"11-27 bas copy_concerned late, bea copy_concerned late; 11-30 bas copy_concerned late, bea copy_concerned late"},
		{"a copy that was sent", func(f *file) { f.says("bas", "", mark).sent() }, ""},
		{"a mail of C", func(f *file) { f.says("bas", "", take); f.do(Followed{Now: f.now, At: f.now}) }, "11-27 bas answer; 11-30 bas answer"},
		{"a mail of C, answer on its way", func(f *file) {
			f.says("bas", "", take)
			f.do(Followed{Now: f.now, At: f.now})
			f.says("bas", "Dag.", reply)
		}, ""},
		{"feedback that came back", func(f *file) {
			f.says("bas", "", take).says("bas", "Zo.", closing, category, finding)
			f.do(Undelivered{Now: f.now, Letter: LetterClosing, Ref: 1, To: "jan@voorbeeld.example", Why: Refused})
		}, "11-24 dewi feedback late, bas feedback late; 11-30 dewi feedback late"},
	} {
		f := open(t, "2026-11-23 09:00:00")
		tt.do(f)
		if got := all(f, "2026-11-24", "2026-11-30"); got != tt.want {
			t.Errorf("%s: %q\nwant %q", tt.name, got, tt.want)
		}
	}
	f := open(t, "2026-11-23 09:00:00").says("bas", "Zo.", closing, category, finding).sent()
	if got := all(f, "2026-11-24", "2027-01-10"); got != "12-07 dewi cause; 12-23 dewi improvement" {
		t.Errorf("the cause: %q", got)
	}
	f.says("bas", "", Order{Kind: OrderCause, Value: "Mens"}) // a proposal
	f.want(Cause, "2026-12-07", true)
	f.says("dewi", "De cursusleider is niet ingewerkt.", Order{Kind: OrderCause, Value: "Methode"})
	f.want(Cause, "2026-12-07", false)
	if f.c.Cause.Value != "Methode" || f.c.ProposedCause.Value != "Mens" {
		t.Errorf("%+v %+v", f.c.Cause, f.c.ProposedCause)
	}
}

// A second date is spoken of like the first: at 08:00 by the reminders.
func TestRemindersOfSecondDate(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00").says("bas", "", take).says("bas", "Ziek.", Order{Kind: OrderExtend, Day: "2027-01-10"}).sent() // a Sunday
	for i := range f.c.Promises {
		if k := f.c.Promises[i].Kind; k == Acknowledge || k == CopyOwner {
			f.c.Promises[i].FulfilledAt = f.now
		}
	}
	said := calendar(f.c, f.p, "2026-12-14", "2027-01-10")
	// T-10 is 31 December; T-7 and T-0 are Sundays, said on the Fridays before
	want := map[Day]string{"2026-12-31": "bas resolve", "2027-01-01": "bas resolve", "2027-01-07": "bas resolve", "2027-01-08": "dewi resolve, bas resolve"}
	if fmt.Sprint(said) != fmt.Sprint(want) {
		t.Errorf("%v\nwant %v", said, want)
	}
	if got := f.tick("2027-01-08 12:00:00"); got != "overdue bas, overdue dewi" {
		t.Errorf("at noon of the working day before: %s", got)
	}
}
