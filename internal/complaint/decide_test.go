package complaint

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

var amsterdam = func() *time.Location {
	z, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err)
	}
	return z
}()

// policy is an academy with two people at the office and a deputy.
func policy() Policy {
	return Policy{Zone: amsterdam, ReactDays: 7, ResolveDays: 28,
		Holiday: func(d Day) bool { return d == "2026-04-03" || d == "2026-04-06" }, // Good Friday, Easter Monday
		Staff: []Person{
			{Name: "Dewi de Boer", Address: "dewi@academie.example", Roles: []Role{Directeur}},
			{Name: "Bas Bakker", Address: "bas@academie.example", Aliases: []string{"b.bakker@academie.example"}, Roles: []Role{Binnendienst}},
			{Name: "Bea Bos", Address: "bea@academie.example", Roles: []Role{Binnendienst}},
			{Name: "Tess Trainer", Address: "tess@academie.example", Roles: []Role{Trainer}, Deputy: true},
		}}
}

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", s, amsterdam)
	if err != nil {
		panic(err)
	}
	return t
}

func received(moment string) Received {
	return Received{Now: at(moment), At: at(moment), Number: "K2026-482932", Kind: External,
		From: Party{Name: "Jan", Address: "jan@voorbeeld.example"}, Subject: "Klacht"}
}

func letters(d Decision) string {
	var s []string
	for _, l := range d.Letters {
		name, _, _ := strings.Cut(l.To.Address, "@")
		word := string(l.Kind) + " " + name
		if l.Held {
			word += " held"
		}
		s = append(s, word)
	}
	return strings.Join(s, ", ")
}

// The terms of procedure.md 1, around each edge: the clock change, 29 February,
// midnight in Amsterdam, Easter.
func TestTerms(t *testing.T) {
	for _, tt := range []struct{ at, take, react, resolve string }{
		{"2026-11-23 09:00:00", "2026-11-25", "2026-11-30", "2026-12-21"},
		{"2026-03-27 09:00:00", "2026-03-31", "2026-04-03", "2026-04-24"}, // over the change to summer time
		{"2026-10-23 09:00:00", "2026-10-27", "2026-10-30", "2026-11-20"}, // and back
		{"2028-02-25 09:00:00", "2028-02-29", "2028-03-03", "2028-03-24"}, // over 29 February
		{"2026-06-01 23:59:59", "2026-06-03", "2026-06-08", "2026-06-29"},
		{"2026-06-02 00:00:00", "2026-06-04", "2026-06-09", "2026-06-30"},
		{"2026-04-02 12:00:00", "2026-04-08", "2026-04-09", "2026-04-30"}, // Good Friday and Easter Monday are free
		{"2026-11-28 12:00:00", "2026-12-01", "2026-12-05", "2026-12-26"}, // a Saturday
	} {
		e := received(tt.at)
		e.At = e.At.UTC() // the server's zone must not matter
		c := Decide(nil, e, policy()).Cases[0]
		got := fmt.Sprint(c.Promise(Take).Due, " ", c.Promise(React).Due, " ", c.Promise(Resolve).Due)
		if want := tt.take + " " + tt.react + " " + tt.resolve; got != want {
			t.Errorf("%s: take, react, resolve %s, want %s", tt.at, got, want)
		}
		if c.ReactBy != c.Promise(React).Due || c.ResolveBy != c.Promise(Resolve).Due || c.ExpectedOn != c.ResolveBy {
			t.Errorf("%s: the case and its promises differ", tt.at)
		}
	}
}

func TestReceive(t *testing.T) {
	one := policy()
	one.Staff = slices.Delete(one.Staff, 2, 3)
	noDeputy := policy()
	noDeputy.Staff[3].Deputy = false
	for _, tt := range []struct {
		name    string
		change  func(*Received)
		policy  Policy
		state   State
		owner   string
		letters string
	}{
		{"plain", func(*Received) {}, policy(), New, "dewi", "acknowledgement jan, notice bas, notice bea, copy dewi"},
		{"one at the office", func(*Received) {}, one, InProgress, "dewi", "acknowledgement jan, notice bas, copy dewi"},
		{"held", func(e *Received) { e.Held = true }, policy(), New, "dewi", "acknowledgement jan held, notice bas, notice bea, copy dewi"},
		{"withheld", func(e *Received) { e.Withheld = WithheldLimit }, policy(), New, "dewi", "notice bas, notice bea, copy dewi"},
		{"names the directeur", func(e *Received) { e.NamesDirecteur = true }, policy(), New, "tess", "acknowledgement jan, notice bas, notice bea, copy tess"},
		{"names her, no deputy", func(e *Received) { e.NamesDirecteur = true }, noDeputy, New, "dewi", "acknowledgement jan, notice bas, notice bea, copy dewi"},
		{"of an employee", func(e *Received) { e.From.Address, e.Kind = "BAS@academie.example", Internal }, policy(), New, "dewi",
			"acknowledgement BAS, notice bea, copy dewi"},
	} {
		e := received("2026-11-23 09:00:00")
		tt.change(&e)
		d := Decide(nil, e, tt.policy)
		c := d.Cases[0]
		owner, _, _ := strings.Cut(c.Owner, "@")
		if c.State != tt.state || owner != tt.owner || letters(d) != tt.letters {
			t.Errorf("%s: %s, owner %s, %s\nwant %s, owner %s, %s", tt.name, c.State, owner, letters(d), tt.state, tt.owner, tt.letters)
		}
		for _, p := range c.Promises {
			if done := p.Kind == Take && c.State == InProgress; p.Open() == done {
				t.Errorf("%s: promise %s open: %v", tt.name, p.Kind, p.Open())
			}
		}
		for _, l := range d.Letters { // a withheld acknowledgement is a task (security.md 13)
			if l.Kind != LetterAcknowledgement && l.Withheld != e.Withheld {
				t.Errorf("%s: %s does not tell that the acknowledgement is withheld", tt.name, l.Kind)
			}
		}
	}
}

// Every event meets a case in every state: the answer is never nothing.
func TestEveryStateMeetsEveryEvent(t *testing.T) {
	now := at("2026-11-24 09:00:00")
	events := []Event{
		Followed{Now: now, At: now, Proven: true}, Followed{Now: now, At: now},
		Noted{Now: now, By: "bas@academie.example"},
		Undelivered{Now: now, Letter: LetterAcknowledgement, To: "jan@voorbeeld.example", Promise: Acknowledge, Why: Bounced},
		Undelivered{Now: now, Letter: LetterCopy, To: "dewi@academie.example", Promise: CopyOwner, Why: Refused},
		Undelivered{Now: now, Letter: LetterUndelivered, To: "bas@academie.example", Why: Refused},
		Undelivered{Now: now, Letter: LetterNotice, To: "bas@academie.example", Why: Uncertain},
		Released{Now: now},
	}
	want := map[State][]string{
		New: {"followup bas, followup bea", "followup bas, followup bea", "", "undelivered bas, undelivered bea",
			"undelivered bas, undelivered bea", "", "undelivered bea, undelivered dewi", ""},
		InProgress: {"followup bea", "followup bea", "", "undelivered bea", "undelivered bea", "", "undelivered bea, undelivered dewi", ""},
		Closed:     {"followup bea", "followup bea", "", "undelivered bea", "undelivered bea", "", "undelivered bea, undelivered dewi", ""},
	}
	for state, list := range want {
		for i, e := range events {
			c := Decide(nil, received("2026-11-23 09:00:00"), policy()).Cases[0]
			c.State = state
			if state != New {
				c.Handler = "bea@academie.example"
			}
			d := Decide([]Case{c}, e, policy())
			if len(d.Cases) != 1 || len(d.Notes) == 0 {
				t.Errorf("%s meets %T: %d cases, %d notes", state, e, len(d.Cases), len(d.Notes))
			}
			if got := letters(d); got != list[i] {
				t.Errorf("%s meets %d %T: %q, want %q", state, i, e, got, list[i])
			}
		}
	}
}

// A later mail is owed an answer, once as long as that is open; nothing runs in
// a case that is closed.
func TestFollow(t *testing.T) {
	c := Decide(nil, received("2026-11-23 09:00:00"), policy()).Cases[0]
	now := at("2026-11-26 09:00:00") // a Thursday
	d := Decide([]Case{c}, Followed{Now: now, At: now}, policy())
	if p := d.Cases[0].Promise(Answer); p == nil || p.Due != "2026-12-03" || p.MadeOn != "2026-11-26" {
		t.Fatalf("answer: %+v", p)
	}
	if c.Promise(Answer) != nil {
		t.Error("Decide changed the case it was given")
	}
	again := Decide(d.Cases, Followed{Now: now.AddDate(0, 0, 1), At: now}, policy())
	if n := len(again.Cases[0].Promises); n != len(d.Cases[0].Promises) {
		t.Errorf("a second mail makes a second promise: %d", n)
	}
	c.State = Closed
	if p := Decide([]Case{c}, Followed{Now: now, At: now}, policy()).Cases[0].Promise(Answer); p != nil {
		t.Errorf("a closed case owes an answer: %+v", p)
	}
}

// A bounce opens the promise that the mail had kept (procedure.md 1); of an
// uncertain one nobody knows, so it stays as it is.
func TestUndelivered(t *testing.T) {
	for _, why := range []Failure{Refused, GivenUp, Bounced, Uncertain} {
		c := Decide(nil, received("2026-11-23 09:00:00"), policy()).Cases[0]
		now := at("2026-11-23 10:00:00")
		c.Promise(Acknowledge).FulfilledAt = now
		d := Decide([]Case{c}, Undelivered{Now: now, Letter: LetterAcknowledgement, To: "jan@voorbeeld.example",
			Promise: Acknowledge, Why: why}, policy())
		p := d.Cases[0].Promise(Acknowledge)
		if open := why != Uncertain; p.Open() != open || p.BouncedAt.IsZero() == open {
			t.Errorf("%s: %+v", why, p)
		}
		for _, l := range d.Letters {
			if l.To.Address == "jan@voorbeeld.example" {
				t.Errorf("%s: the bounced one is told of the bounce", why) // security.md 16
			}
		}
	}
}
