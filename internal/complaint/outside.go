package complaint

import (
	"slices"
	"time"
)

// The values of OrderExternal: how far a case is with the Ooa.
const (
	OutsideReferred   = "referred"    // C was told to go there
	OutsideFiled      = "filed"       // he did
	OutsideRuling     = "ruling"      // there is a ruling, to be carried out by a day
	OutsideCarriedOut = "carried_out" // that was done
)

var outsideSteps = []string{OutsideReferred, OutsideFiled, OutsideRuling, OutsideCarriedOut}

// rulingDays is the term of a ruling that names none (procedure.md 1).
const rulingDays = 28

// withOoa is why promises and retention stop for a case that is with the Ooa.
const withOoa = "with the Ooa"

// An Outside is a step of a case outside the academy.
type Outside struct {
	Step string `json:"step"`
	On   Day    `json:"on"` // when; of a ruling the last day to carry it out
	By   string `json:"by"` // who put it on record
	Text string `json:"text,omitempty"`
}

// external puts on record how far a case is with the Ooa (procedure.md 2). While it
// is there retention stands still, and so do the terms of the case itself.
func (w *ordering) external(o Order) Refusal {
	if !slices.Contains(outsideSteps, o.Value) {
		return Refusal{Reason: RefusedValue, Allowed: outsideSteps}
	}
	c := &w.c
	if out := w.held(LetterClosing); out != nil { // C would read of it first
		return Refusal{Reason: RefusedHeld, Fix: []Order{{Kind: OrderStop, Ref: out.Ref}}}
	}
	switch o.Value {
	case OutsideRuling:
		return w.ruling(o)
	case OutsideCarriedOut:
		return w.carriedOut(o)
	}
	day := o.Day
	if day == "" {
		day = w.today
	}
	switch {
	case day > w.today:
		return Refusal{Reason: RefusedDate, Day: w.today}
	case c.place(Ruling) > 0: // that is further on
		return Refusal{Reason: RefusedState, State: c.State}
	}
	old := c.State
	w.outside(o.Value, day)
	w.escalate()
	w.did(o, string(old), string(c.State))
	w.tellOutside(o.Value, day)
	return Refusal{}
}

func (w *ordering) outside(step string, on Day) {
	w.c.Outside = append(w.c.Outside, Outside{Step: step, On: on, By: w.by.Address, Text: w.words()})
}

func (w *ordering) tellOutside(step string, day Day) {
	l := Letter{Kind: LetterOutside, Step: step, Day: day, By: w.by.Address, Body: w.words()}
	if d, ok := w.director(); ok {
		w.tell(d, l)
	}
	w.tellHandlers(l)
}

// escalate hands a case to the Ooa: what only an academy that decides itself can
// keep falls away, and nothing of it is erased.
func (w *ordering) escalate() {
	c := &w.c
	for _, k := range []PromiseKind{Resolve, Delay, Take, Erase, Satisfaction} {
		c.waive(k, w.by.Address, withOoa)
	}
	c.State, c.ClosedAt, c.Resolution, c.ResolutionWhy, c.EndedBy, c.EraseOn = Escalated, time.Time{}, "", "", "", ""
	for i := range c.Consultations {
		if q := &c.Consultations[i]; q.Open() {
			q.AnsweredAt = w.e.Now // nobody asks any more
		}
	}
}

// ruling makes carrying out a ruling a promise; said again, it moves.
func (w *ordering) ruling(o Order) Refusal {
	c, due := &w.c, o.Day
	if due == "" {
		due = w.today.Add(rulingDays)
	}
	if due < w.today {
		return Refusal{Reason: RefusedDate, Day: w.today}
	}
	if c.State != Escalated { // nobody said before that it was there
		w.escalate()
	}
	if n := c.place(Ruling); n > 0 {
		p := &c.Promises[n-1]
		p.Due, p.MadeOn = due, w.today
	} else {
		w.promise(Ruling, due)
	}
	w.outside(o.Value, due)
	w.did(o, "", string(due))
	w.tellOutside(o.Value, due)
	return Refusal{}
}

// carriedOut closes a case whose ruling was carried out; from here on it is kept
// for half a year again.
func (w *ordering) carriedOut(o Order) Refusal {
	c, day := &w.c, o.Day
	if day == "" {
		day = w.today
	}
	switch {
	case c.place(Ruling) == 0:
		return Refusal{Reason: RefusedNothing}
	case day > w.today:
		return Refusal{Reason: RefusedDate, Day: w.today}
	}
	w.keep(Ruling)
	w.outside(o.Value, day)
	for _, k := range []PromiseKind{React, Answer} {
		c.waive(k, w.by.Address, string(OoaRuling))
	}
	w.toEnd(OoaRuling, w.words())
	w.promise(InternalFeedback, w.today)
	w.promise(Erase, c.EraseOn)
	w.outcome(w.words(), "", 0)
	c.State = Closed
	w.did(o, string(Escalated), string(Closed))
	return Refusal{}
}
