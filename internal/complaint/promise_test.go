package complaint

import (
	"strings"
	"testing"
	"time"
)

// The terms that commands set, around clock changes, 29 February and Easter.
func TestTermsOfOrders(t *testing.T) {
	for _, tt := range []struct{ at, react, resolve string }{ // severe, said on the day of receipt
		{"2026-11-23 09:00:00", "2026-11-25", "2026-12-07"},
		{"2026-03-27 09:00:00", "2026-03-31", "2026-04-10"}, // over the change to summer time
		{"2026-10-23 23:59:59", "2026-10-27", "2026-11-06"},
		{"2028-02-25 09:00:00", "2028-02-29", "2028-03-10"},
		{"2026-04-02 12:00:00", "2026-04-08", "2026-04-16"}, // Good Friday and Easter Monday are free
	} {
		f := open(t, tt.at).says("bas", "", severe)
		f.want(React, Day(tt.react), true)
		f.want(Resolve, Day(tt.resolve), true)
		f.want(Delay, Day(tt.resolve), true)
		if f.c.ReactBy != Day(tt.react) || f.c.ResolveBy != Day(tt.resolve) || f.c.ExpectedOn != Day(tt.resolve) {
			t.Errorf("%s: the case says %s, %s, %s", tt.at, f.c.ReactBy, f.c.ResolveBy, f.c.ExpectedOn)
		}
		f.says("bas", "", Order{Kind: OrderSeverity, Value: string(Normal)})
		f.want(React, DayOf(at(tt.at), amsterdam).Add(7), true)
		f.want(Resolve, DayOf(at(tt.at), amsterdam).Add(28), true)
	}
}

// A term that is set or shortened later never ends before the next working day.
func TestTermsSetLater(t *testing.T) {
	for _, tt := range []struct{ said, react, resolve string }{
		{"2026-11-24 09:00:00", "2026-11-25", "2026-12-07"},
		{"2026-11-25 09:00:00", "2026-11-26", "2026-12-07"},
		{"2026-11-27 17:00:00", "2026-11-30", "2026-12-07"}, // a Friday: Monday
		{"2026-12-18 09:00:00", "2026-12-21", "2026-12-21"}, // past the severe term altogether
	} {
		f := open(t, "2026-11-23 09:00:00").at(tt.said).says("bas", "", severe)
		f.want(React, Day(tt.react), true)
		f.want(Resolve, Day(tt.resolve), true)
	}
	for _, tt := range []struct{ first, take, react, resolve string }{ // registered on Friday 27 November
		{"2026-11-27", "2026-12-01", "2026-12-04", "2026-12-25"},
		{"2026-11-20", "2026-11-30", "2026-11-30", "2026-12-18"},
		{"2026-10-01", "2026-11-30", "2026-11-30", "2026-11-30"},
	} {
		d := Decide(nil, Ordered{Now: at("2026-11-27 10:00:00"), By: "bas@academie.example", Number: "K2026-482932",
			Orders: []Order{{Kind: OrderRegister, Person: Party{Name: "Jo", Address: "jo@voorbeeld.example"}, Day: Day(tt.first)}}}, academy())
		if d.Refused() {
			t.Fatalf("%s: %+v", tt.first, d.Refusals)
		}
		f := &file{t: t, c: d.Cases[0]}
		f.want(Take, Day(tt.take), true)
		f.want(React, Day(tt.react), true)
		f.want(Resolve, Day(tt.resolve), true)
		if got := DayOf(f.c.ReceivedAt, amsterdam); got != Day(tt.first) {
			t.Errorf("received on %s, want %s", got, tt.first)
		}
	}
}

// What closing makes is owed, each by its day; half a year is clamped.
func TestPromisesOfClosing(t *testing.T) {
	for _, tt := range []struct{ on, cause, satisfaction, improvement, erase string }{
		{"2026-12-01 10:00:00", "2026-12-15", "2026-12-08", "2026-12-31", "2027-06-01"},
		{"2026-08-31 10:00:00", "2026-09-14", "2026-09-07", "2026-09-30", "2027-02-28"},
		{"2027-08-31 10:00:00", "2027-09-14", "2027-09-07", "2027-09-30", "2028-02-29"},
		{"2026-03-28 23:59:59", "2026-04-11", "2026-04-04", "2026-04-27", "2026-09-28"},
	} {
		f := open(t, tt.on).says("bas", "Zo zit het.", closing, category, finding)
		on := DayOf(at(tt.on), amsterdam)
		for kind, due := range map[PromiseKind]string{Cause: tt.cause, Satisfaction: tt.satisfaction, Improvement: tt.improvement,
			Erase: tt.erase, Feedback: string(on)} {
			f.want(kind, Day(due), true)
		}
		for _, kind := range []PromiseKind{Resolve, Delay} {
			if f.c.Promise(kind).Open() {
				t.Errorf("%s: %s is still owed", tt.on, kind)
			}
		}
		if f.c.EraseOn != Day(tt.erase) || f.c.Resolution != Resolved || !f.c.ClosedAt.Equal(at(tt.on)) {
			t.Errorf("%s: closed %s, %s, erased on %s", tt.on, f.c.ClosedAt, f.c.Resolution, f.c.EraseOn)
		}
		f.sent()
		for _, kind := range []PromiseKind{Feedback, InternalFeedback, React} {
			if f.c.Promise(kind).Open() {
				t.Errorf("%s: %s is not kept by the letters", tt.on, kind)
			}
		}
	}
}

// Each promise is kept by what procedure.md 1 says, and by nothing else.
func TestKeptBy(t *testing.T) {
	later := Followed{Now: at("2026-11-23 12:00:00"), At: at("2026-11-23 12:00:00"), Proven: true}
	for _, tt := range []struct {
		name string
		do   func(f *file)
		kept string
	}{
		{"take", func(f *file) { f.says("bea", "", take) }, "take"},
		{"assign", func(f *file) { f.says("bea", "", Order{Kind: OrderAssign, Person: person("bas")}) }, "take"},
		{"a reply that has not left", func(f *file) { f.says("bea", "Dag Jan.", reply) }, ""},
		{"a reply", func(f *file) { f.says("bea", "Dag Jan.", reply).sent() }, "react answer"},
		{"a talk", func(f *file) { f.says("bea", "", Order{Kind: OrderSpoke}) }, "answer"},
		{"a mail of staff past us", func(f *file) { f.says("bea", "", Order{Kind: OrderMailed}) }, "react answer"},
		{"a delay letter", func(f *file) { f.says("bea", "Ziek.", Order{Kind: OrderExtend}).sent() }, "react answer delay"},
		{"the automatic delay letter", func(f *file) { f.do(Ticked{Now: at("2026-12-21 12:00:00")}); f.sent() }, "delay"},
		{"a note", func(f *file) { f.do(Noted{Now: f.now, By: "bea@academie.example", Proven: true, Text: "x"}) }, ""},
		{"the copy to M", func(f *file) { f.says("bea", "", mark).sent() }, "copy_concerned"},
		{"the cause before closing", func(f *file) { f.says("dewi", "", Order{Kind: OrderCause, Value: "Mens"}) }, ""},
	} {
		f := open(t, "2026-11-23 09:00:00")
		f.do(later)
		tt.do(f)
		var kept []string
		for _, k := range []PromiseKind{Take, React, Answer, CopyConcerned, Resolve, Delay} {
			for _, p := range f.c.Promises {
				if p.Kind == k && !p.FulfilledAt.IsZero() {
					kept = append(kept, string(k))
				}
			}
		}
		if got := strings.Join(kept, " "); got != tt.kept {
			t.Errorf("%s keeps %q, want %q", tt.name, got, tt.kept)
		}
	}
}

// A bounce opens again all that the letter had kept.
func TestBounceReopens(t *testing.T) {
	for _, tt := range []struct {
		name  string
		kind  LetterKind
		kinds []PromiseKind
		do    func(f *file)
	}{
		{"reply", LetterReply, []PromiseKind{React, Answer}, func(f *file) { f.says("bas", "Dag Jan.", reply) }},
		{"delay", LetterDelay, []PromiseKind{React, Answer, Delay}, func(f *file) { f.says("bas", "Ziek.", Order{Kind: OrderExtend}) }},
		{"closing", LetterClosing, []PromiseKind{React, Answer, Feedback}, func(f *file) { f.says("bas", "Zo.", closing, category, finding) }},
	} {
		f := open(t, "2026-11-23 09:00:00").says("bas", "", take)
		f.do(Followed{Now: f.now, At: f.now, Proven: true})
		tt.do(f)
		ref := f.c.Outbound[0].Ref
		f.sent()
		if f.c.ReactedAt.IsZero() {
			t.Errorf("%s: nobody has reacted", tt.name)
		}
		d := f.do(Undelivered{Now: f.now.Add(time.Hour), Letter: tt.kind, To: "jan@voorbeeld.example", Ref: ref, Why: Bounced})
		for _, k := range tt.kinds {
			if p := f.c.Promises[f.c.Outbound[0].Keeps[0]-1]; f.c.place(k) == 0 || p.BouncedAt.IsZero() {
				t.Errorf("%s: %s stays kept though the letter came back", tt.name, k)
			}
		}
		if got := letters(d); got != "undelivered bas, undelivered dewi" {
			t.Errorf("%s: %s", tt.name, got)
		}
	}
	f := open(t, "2026-11-23 09:00:00").says("bas", "", mark).sent()
	f.do(Undelivered{Now: f.now, Letter: LetterConcerned, To: "mark@academie.example", Promise: CopyConcerned, Why: Bounced})
	f.want(CopyConcerned, "2026-11-25", true)
}
