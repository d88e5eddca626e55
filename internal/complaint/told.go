package complaint

import (
	"slices"
	"strings"
)

// note adds a line to the timeline.
func (w *ordering) note(event, detail string) {
	w.notes = append(w.notes, Note{Actor: w.by.Address, Event: event, Detail: detail})
}

// did tells in the receipt what an order changed, and on the timeline.
func (w *ordering) did(o Order, old, now string) {
	w.receipt.Lines = append(w.receipt.Lines, Line{Order: o, Old: old, New: now})
	detail := now
	if old != "" && old != now {
		detail = old + " -> " + now
	}
	w.note(string(o.Kind), detail)
}

func (w *ordering) hint(h Hint) {
	if !slices.Contains(w.receipt.Hints, h) {
		w.receipt.Hints = append(w.receipt.Hints, h)
	}
}

// tell writes to a member of staff, once a kind, and never what his receipt says
// already or what he may not read.
func (w *ordering) tell(to Person, l Letter) {
	l.To = to.Party()
	if l.To.Address == "" || strings.EqualFold(to.Address, w.by.Address) || w.p.tied(w.c, to) {
		return
	}
	for _, other := range w.letters {
		if other.Kind == l.Kind && strings.EqualFold(other.To.Address, l.To.Address) {
			return
		}
	}
	w.letters = append(w.letters, l)
}

// tellHandlers writes to the handler, or to B before there is one.
func (w *ordering) tellHandlers(l Letter) {
	for _, s := range w.p.handlers(w.c, w.today) {
		w.tell(s, l)
	}
}

// director returns who acts as D here.
func (w *ordering) director() (Person, bool) { return w.p.Director(w.c, w.today) }

func (w *ordering) isDirector() bool { return w.p.isDirector(w.c, w.by, w.today) }

// toC writes to the complainant on behalf of a person: held back for
// undo_minutes, and able to be taken back till then. It returns its Ref; 0 when
// there is no address to write to.
func (w *ordering) toC(l Letter, keeps ...PromiseKind) int {
	if w.c.Complainant.Address == "" {
		w.hint(HintNoAck)
		return 0
	}
	var places []int
	for _, k := range append(keeps, React, Answer) {
		if n := w.c.place(k); n > 0 {
			places = append(places, n)
		}
	}
	l.To, l.NotBefore, l.By, l.Ref = w.c.Complainant, w.p.undo(w.e.Now), w.by.Address, len(w.c.Outbound)+1
	if len(places) > 0 {
		l.Promise, l.Nth = w.c.Promises[places[0]-1].Kind, places[0]
	}
	w.letters = append(w.letters, l)
	w.c.Outbound = append(w.c.Outbound, Outbound{Ref: l.Ref, Kind: l.Kind, By: w.by.Address, Until: l.NotBefore, Keeps: places,
		At: w.e.Now, Expected: w.c.ExpectedOn})
	return l.Ref
}
