package complaint

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// A life is what may happen to a case, drawn from bytes.
type life struct {
	t    *testing.T
	p    Policy
	now  time.Time
	c    Case
	also Case // another complaint, as a rule of the same complainant
	draw []byte
	log  []string
}

func (l *life) next(n int) int {
	if len(l.draw) == 0 {
		return 0
	}
	b := int(l.draw[0])
	l.draw = l.draw[1:]
	return b % n
}

var people = []string{"dewi", "bas", "bea", "tess", "mark", "nina", "b.bakker"}

func (l *life) order() Order {
	o := sample(everyOrder[l.next(len(everyOrder))])
	switch {
	case o.Kind == OrderStop:
		o.Ref = l.next(5)
	case o.Kind == OrderComplainant && l.next(2) == 0:
	case o.Person != (Party{}) && o.Kind != OrderRegister:
		o.Person = person(people[l.next(len(people)-1)])
	case o.Kind == OrderAway:
		o.Day = DayOf(l.now, l.p.Zone).Add(l.next(9))
	case o.Kind == OrderSplit && l.next(2) == 0:
		o.Value = l.also.Number
	case o.Kind == OrderUndo && l.c.Last != nil:
		o.Ref = l.c.Last.Ref - l.next(2)
	case o.Kind == OrderExternal:
		o.Value = outsideSteps[l.next(len(outsideSteps))]
	case o.Kind == OrderPrivacy:
		o.Value = privacySteps[l.next(len(privacySteps))]
	case o.Kind == OrderWaive:
		o.Value = string(waivable[l.next(len(waivable))])
	case o.Kind == OrderHold && l.next(2) == 0:
		o.Value, o.Day = HoldOff, ""
	case o.Kind == OrderReceived:
		o.Day = DayOf(l.now, l.p.Zone).Add(-l.next(40))
	case o.Kind == OrderSeverity:
		o.Value = severities[l.next(len(severities))]
	case o.Kind == OrderExtend && l.next(2) == 0:
		o.Day = DayOf(l.now, l.p.Zone).Add(l.next(60) - 5)
	}
	return o
}

func (l *life) event() Event {
	switch l.next(10) {
	case 8:
		return Surveyed{Now: l.now, Code: "h7k2m9qxab"}
	case 9:
		e := Scored{Now: l.now, At: l.now, Score: MinScore + l.next(MaxScore)}
		if l.next(4) == 0 {
			e.From = "piet@voorbeeld.example"
		}
		return e
	case 0:
		return Followed{Now: l.now, At: l.now, Proven: l.next(2) == 0}
	case 1:
		return Noted{Now: l.now, By: people[l.next(len(people))] + "@academie.example", Proven: l.next(2) == 0, ForC: l.next(2) == 0}
	case 2:
		return Ticked{Now: l.now}
	case 3:
		if n := len(l.c.Outbound); n > 0 {
			out := l.c.Outbound[l.next(n)]
			if l.next(2) == 0 {
				return Delivered{Now: l.now, Letter: out.Kind, Ref: out.Ref, Evidence: "<x> 250"}
			}
			return Undelivered{Now: l.now, Letter: out.Kind, Ref: out.Ref, To: l.c.Complainant.Address, Why: Bounced}
		}
		p := l.c.Promises[l.next(len(l.c.Promises))]
		return Undelivered{Now: l.now, Letter: LetterNotice, To: "bas@academie.example", Promise: p.Kind, Why: Refused}
	}
	e := Ordered{Now: l.now, At: l.now, By: people[l.next(len(people))] + "@academie.example", Number: "K2026-222222", Others: []Case{l.also}}
	if l.next(4) > 0 {
		e.Body = "Zo zit het."
	}
	for range l.next(3) + 1 {
		e.Orders = append(e.Orders, l.order())
	}
	if e.Orders[0].Kind == OrderClose && l.next(2) == 0 {
		e.Orders = []Order{category, finding, closing}
	}
	return e
}

func (l *life) fail(format string, args ...any) {
	l.t.Helper()
	l.t.Fatalf("%s\nafter %s", fmt.Sprintf(format, args...), strings.Join(l.log[max(0, len(l.log)-12):], "\n"))
}

// live plays a case and holds, after each event, what must always hold.
func live(t *testing.T, draw []byte) {
	l := &life{t: t, p: academy(), now: at("2026-11-23 09:00:00"), draw: draw}
	l.p.Approval = []Approval{ApproveNever, ApproveSevere, ApproveAlways}[l.next(3)]
	l.p.UndoMinutes = []int{0, 5}[l.next(2)]
	l.p.Staff[3].Deputy = l.next(3) > 0
	if l.next(3) == 0 {
		l.p.Staff[0].AwayUntil = Day("2026-12-01").Add(l.next(40))
	}
	e := received("2026-11-23 09:00:00")
	e.NamesDirecteur = l.next(4) == 0
	if l.next(4) == 0 {
		e.From, e.Kind = person([]string{"bas", "dewi", "mark"}[l.next(3)]), Internal
	}
	l.c = Decide(nil, e, l.p).Cases[0]
	l.also = second()
	if l.next(4) == 0 {
		l.also.Complainant.Address = "piet@voorbeeld.example"
	}
	for len(l.draw) > 0 && len(l.log) < 200 {
		l.now = l.now.Add([]time.Duration{0, time.Minute, 7 * time.Minute, 25 * time.Hour, 8 * 24 * time.Hour}[l.next(5)])
		e := l.event()
		l.log = append(l.log, fmt.Sprintf("%T %+v", e, e))
		before := fmt.Sprintf("%+v", l.c)
		d := Decide([]Case{l.c}, e, l.p)
		if got := fmt.Sprintf("%+v", l.c); got != before {
			l.fail("what Decide was given has changed:\n%s\n%s", before, got)
		}
		l.letters(d, e)
		if len(d.Cases) > 0 {
			if d.Refused() && fmt.Sprintf("%+v", d.Cases[0]) != before {
				l.fail("a refusal changes the case")
			}
			l.c = d.Cases[0]
		}
		l.always()
		for _, also := range d.Also {
			one := *l
			if one.c = also.Cases[0]; one.c.Number == l.also.Number {
				l.also = one.c
			}
			one.letters(Decision{Cases: also.Cases, Letters: also.Letters}, Ticked{Now: l.now})
			one.always()
		}
	}
}

// letters holds who may get what.
func (l *life) letters(d Decision, e Event) {
	c := l.c
	if len(d.Cases) > 0 {
		c = d.Cases[0]
	}
	o, ordered := e.(Ordered)
	if ordered {
		who, _, _ := strings.Cut(o.By, "@")
		who = strings.Replace(who, "b.bakker", "bas", 1)
		if n := receipts(d, who); n != 1 {
			l.fail("%d receipts: %s", n, letters(d))
		}
	}
	if d.Refused() && (len(d.Letters) != 1 || d.Letters[0].Kind != LetterRefused) {
		l.fail("a refusal leads to %s", letters(d))
	}
	seen := map[string]bool{}
	for _, w := range d.Letters {
		if key := string(w.Kind) + " " + w.To.Address; seen[key] {
			l.fail("twice: %s", key)
		} else {
			seen[key] = true
		}
		if p := c.PromiseOf(w); w.Promise != "" && (p == nil || p.Kind != w.Promise) {
			l.fail("%s is to keep %s %d, which is %+v", w.Kind, w.Promise, w.Nth, p)
		}
		_, ticked := e.(Ticked)
		toC := slices.Contains([]LetterKind{LetterReply, LetterDelay, LetterClosing}, w.Kind)
		switch s, staff := l.p.Employee(w.To.Address); {
		case w.Kind == LetterStandIn && ordered:
		case toC && (!ordered || w.To != c.Complainant || w.NotBefore != l.p.undo(l.now)):
			l.fail("%s to %s", w.Kind, w.To.Address)
		case w.Kind == LetterSatisfaction || w.Kind == LetterSatisfactionReminder || w.Kind == LetterExternal:
			if w.To != c.Complainant || c.State != Closed && w.Kind != LetterExternal || ordered || ticked {
				l.fail("%s to %s in %s", w.Kind, w.To.Address, c.State)
			}
		case w.Kind == LetterAcknowledgement:
			if !ordered || w.To != c.Complainant {
				l.fail("%s to %s", w.Kind, w.To.Address)
			}
		case toC, w.Kind == LetterDelayAutomatic && ticked && w.To == c.Complainant:
		case !staff:
			l.fail("%s to somebody outside", w.Kind)
		case l.p.tied(c, s) && !slices.Contains([]LetterKind{LetterConcerned, LetterOutcome, LetterReceipt, LetterRefused, LetterHelp}, w.Kind):
			l.fail("%s to %s, whom the case is about", w.Kind, s.Name)
		case w.Kind == LetterOutcome && l.p.tied(c, s) && w.Body+w.Comment != "":
			l.fail("M reads the words to C")
		}
	}
}

// always holds what is true of every case.
func (l *life) always() {
	c := l.c
	if c.State != c.stateOf() || (c.State == Closed) == c.ClosedAt.IsZero() || (c.State == Closed) != (c.Resolution != "") {
		l.fail("%s, closed at %s, %s", c.State, c.ClosedAt, c.Resolution)
	}
	for _, p := range c.Promises {
		if !p.FulfilledAt.IsZero() && p.WaivedBy != "" {
			l.fail("kept and waived: %+v", p)
		}
		if p.Due < p.MadeOn.Add(-400) || p.Due == "" {
			l.fail("due when? %+v", p)
		}
	}
	if open := c.place(Resolve) > 0; open != (c.Open() && c.State != Escalated) {
		l.fail("%s and resolve open: %v", c.State, open)
	}
	if r := c.Promise(Resolve); c.Open() && c.State != Escalated && r.Due != c.ExpectedOn {
		l.fail("resolve by %s, expected on %s", r.Due, c.ExpectedOn)
	}
	if asks := c.Put != nil || c.Asked != nil; asks != (c.place(Approve) > 0) {
		l.fail("something waits for D: %v", asks)
	}
	for _, name := range []string{c.Handler, c.Owner} {
		if s, ok := l.p.Employee(name); ok && l.p.tied(c, s) {
			l.fail("%s has a case about himself", name)
		}
	}
	ticked := Decide([]Case{c}, Ticked{Now: l.now}, l.p)
	if len(ticked.Cases) > 0 {
		if again := Decide(ticked.Cases, Ticked{Now: l.now}, l.p); len(again.Cases)+len(again.Letters) > 0 {
			l.fail("time passes twice: %s", letters(again))
		}
	}
	for _, s := range l.p.Staff {
		for _, r := range Bundle([]Case{c}, nil, "2026-01-01", DayOf(l.now, l.p.Zone), 0, l.p) {
			if r.To.Address == s.Address && l.p.tied(c, s) {
				l.fail("%s is reminded of a case about himself", s.Name)
			}
		}
	}
}

// Whatever happens, in whatever order: no panic, and what must hold holds.
func TestAnyLife(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 7))
		draw := make([]byte, 40+r.IntN(300))
		for i := range draw {
			draw[i] = byte(r.Uint32())
		}
		live(t, draw)
	}
}

func FuzzLife(f *testing.F) {
	f.Add([]byte("a case that is taken, put to D and closed"))
	f.Add([]byte{1, 1, 1, 1, 0, 7, 1, 3, 1, 0, 0, 7, 1, 3, 2, 14, 1})
	f.Fuzz(live)
}
