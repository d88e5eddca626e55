package complaint

import (
	"strings"
	"time"
)

// undoWithin is how long a command can be undone (procedure.md 3).
const undoWithin = 24 * time.Hour

// undone is the reason of waiving what an undone command promised.
const undone = "undone"

// A Last is the last mail with commands about a case, and what was before it.
type Last struct {
	Ref      int       `json:"ref"` // counts up in a case; Order.Ref
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Before   *Case     `json:"before"`
	Promises []Promise `json:"promises"`          // as it left them
	Spoiled  Reason    `json:"spoiled,omitempty"` // why it cannot be undone any more
}

// remember keeps what was before a mail with commands, so that it can be undone:
// not when it only read, and not what has reached somebody already.
func (w *ordering) remember(before Case) {
	changes := false
	for _, l := range w.receipt.Lines {
		switch l.Order.Kind {
		case OrderUndo, OrderStop, OrderRegister, OrderMerge, OrderSplit, OrderAction, OrderDone, OrderEffect:
			w.c.Last = nil // a registration has no before, what was taken back is back, and two cases are not undone as one
			return
		case OrderAway: // of no case
		default:
			changes = true
		}
	}
	if !changes || before.isNone() {
		return
	}
	before.Last = nil
	w.c.Commands++
	last := &Last{Ref: w.c.Commands, By: w.by.Address, At: w.e.Now, Before: &before, Promises: w.c.clone().Promises}
	for _, l := range w.letters {
		if l.NotBefore.IsZero() {
			last.Spoiled = RefusedSent
		}
	}
	w.c.Last = last
}

// undo takes the last command back: not what was sent, nor what has changed since.
func (w *ordering) undo(o Order) Refusal {
	l := w.c.Last
	switch {
	case l == nil, o.Ref != 0 && o.Ref != l.Ref, !strings.EqualFold(l.By, w.by.Address):
		return Refusal{Reason: RefusedNothing}
	case w.e.Now.After(l.At.Add(undoWithin)):
		return Refusal{Reason: RefusedTooLate, Day: DayOf(l.At.Add(undoWithin), w.p.Zone)}
	case l.Spoiled != "":
		return Refusal{Reason: l.Spoiled}
	}
	c := l.Before.clone()
	c.Commands, c.Outbound = w.c.Commands, w.c.Outbound
	for i := len(l.Before.Outbound); i < len(c.Outbound); i++ {
		out := &c.Outbound[i]
		if !out.back(w.e.Now) {
			return Refusal{Reason: RefusedSent}
		}
		out.TakenBack = true
		w.back = append(w.back, out.Ref)
	}
	if !w.promisesBack(&c, l) {
		w.back = nil
		return Refusal{Reason: RefusedChanged}
	}
	old := w.c.State
	w.c = c
	w.did(o, string(old), string(c.State))
	return Refusal{}
}

// promisesBack gives c the promises as they were. What was kept meanwhile and has
// nothing to do with the command stays kept; what the command made is let go.
func (w *ordering) promisesBack(c *Case, l *Last) bool {
	before := c.Promises
	c.Promises = w.c.Promises
	for i := range c.Promises {
		now := &c.Promises[i]
		switch {
		case i >= len(l.Promises):
			return false // made since
		case i >= len(before):
			if !now.same(l.Promises[i]) {
				return false
			}
			now.FulfilledAt, now.Evidence, now.WaivedBy, now.Reason = time.Time{}, "", w.by.Address, undone
		case before[i].same(l.Promises[i]):
		case now.same(l.Promises[i]):
			*now = before[i]
		default:
			return false
		}
	}
	return true
}

// same reports whether a promise stands as it did; times as the register keeps them.
func (p Promise) same(q Promise) bool {
	at := func(t, u time.Time) bool { return t.Truncate(time.Millisecond).Equal(u.Truncate(time.Millisecond)) }
	return p.Kind == q.Kind && p.MadeOn == q.MadeOn && p.Due == q.Due && p.WaivedBy == q.WaivedBy && p.Reason == q.Reason &&
		at(p.FulfilledAt, q.FulfilledAt) && at(p.BouncedAt, q.BouncedAt)
}

// spoil notes that what was before the last command is not to be had any more.
func spoil(d Decision, why Reason) Decision {
	for i := range d.Cases {
		d.Cases[i].Last = d.Cases[i].Last.spoiled(why)
	}
	return d
}

func (l *Last) spoiled(why Reason) *Last {
	if l == nil || l.Spoiled != "" {
		return l
	}
	own := *l
	own.Spoiled = why
	return &own
}
