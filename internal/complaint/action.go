package complaint

import (
	"fmt"
	"slices"
	"strings"
)

// An Action is an entry in the register of improvements (procedure.md 3, 5). It is
// about no one case, and outlives those it came from.
type Action struct {
	Number int      `json:"-"` // M-12 is 12
	Text   string   `json:"text"`
	By     string   `json:"by"`
	On     Day      `json:"on"`
	Due    Day      `json:"due,omitempty"`   // "": none was named
	Cause  string   `json:"cause,omitempty"` // of the case that it came from first
	Cases  []string `json:"cases,omitempty"` // numbers
	Done   Day      `json:"done,omitempty"`
	Note   string   `json:"note,omitempty"` // what was said when it was done
	Effect string   `json:"effect,omitempty"`
	Seen   Day      `json:"seen,omitempty"` // when the effect was last looked at
	Told   string   `json:"told,omitempty"` // the verdict that a digest told last, by the words of the room of figures
}

// ActionNumber writes the number of an action as people do: M-12.
func ActionNumber(n int) string { return fmt.Sprintf("M-%d", n) }

// NoAction is the value of OrderAction that says that nothing is to be improved.
const NoAction = "none"

// action returns the entry with a number, to be changed; nil when there is none.
func (w *ordering) action(number string) *Action {
	for i := range w.actions {
		if a := &w.actions[i]; number != "" && ActionNumber(a.Number) == number {
			return a
		}
	}
	return nil
}

// saveAction notes that an entry is new or has changed.
func (w *ordering) saveAction(a Action) {
	w.changed = slices.DeleteFunc(w.changed, func(b Action) bool { return b.Number == a.Number })
	w.changed = append(w.changed, a)
}

// improve weighs what can be better: an action, one there is already, or none with
// the reason. In a case it keeps the promise to do so.
func (w *ordering) improve(o Order) Refusal {
	switch {
	case o.Value == NoAction && w.c.isNone():
		return Refusal{Reason: RefusedNoCase}
	case o.Value == NoAction && w.e.Body == "":
		return Refusal{Reason: RefusedNoBody}
	case o.Value == NoAction:
		w.c.NoAction = Judgement{Text: w.e.Body, By: w.by.Address, On: w.today}
		w.keep(Improvement)
		w.did(o, "", "")
		return Refusal{}
	case o.Value != "":
		return w.joinAction(o)
	}
	text := strings.TrimSpace(o.Text + "\n\n" + w.words())
	switch {
	case text == "":
		return Refusal{Reason: RefusedNoBody}
	case w.e.NextAction < 1:
		return Refusal{Reason: RefusedUnreadable}
	case o.Day != "" && o.Day < w.today:
		return Refusal{Reason: RefusedDate, Day: w.today}
	}
	a := Action{Number: w.e.NextAction, Text: text, By: w.by.Address, On: w.today, Due: o.Day, Cause: w.c.Cause.Value}
	w.fromHere(o, a)
	return Refusal{}
}

// joinAction says that an action there is already is about this case, too.
func (w *ordering) joinAction(o Order) Refusal {
	a := w.action(o.Value)
	switch {
	case a == nil:
		return Refusal{Reason: RefusedNothing}
	case w.c.isNone():
		return Refusal{Reason: RefusedNoCase}
	case slices.Contains(w.c.Actions, o.Value):
		return Refusal{Reason: RefusedTwice}
	}
	own := *a
	own.Cases = slices.Clone(a.Cases)
	w.fromHere(o, own)
	return Refusal{}
}

// fromHere ties an action to the case that it came from, when there is one.
func (w *ordering) fromHere(o Order, a Action) {
	number := ActionNumber(a.Number)
	if !w.c.isNone() {
		a.Cases = append(a.Cases, w.c.Number)
		w.c.Actions = append(w.c.Actions, number)
		w.keep(Improvement)
	}
	w.saveAction(a)
	w.told(o, number)
}

// told is did for what may be about no case.
func (w *ordering) told(o Order, now string) {
	if w.c.isNone() {
		w.receipt.Lines = append(w.receipt.Lines, Line{Order: o, New: now})
		return
	}
	w.did(o, "", now)
}

// actionDone says that an action was carried out, and when.
func (w *ordering) actionDone(o Order) Refusal {
	a, day := w.action(o.Value), o.Day
	if day == "" {
		day = w.today
	}
	switch {
	case a == nil:
		return Refusal{Reason: RefusedNothing}
	case a.Done != "":
		return Refusal{Reason: RefusedTwice}
	case day > w.today:
		return Refusal{Reason: RefusedDate, Day: w.today}
	}
	a.Done, a.Note = day, w.words()
	w.saveAction(*a)
	w.told(o, string(day))
	return Refusal{}
}

// actionEffect puts on record what an action has brought; the last word holds.
func (w *ordering) actionEffect(o Order) Refusal {
	a, text := w.action(o.Value), strings.TrimSpace(o.Text+"\n\n"+w.words())
	switch {
	case a == nil:
		return Refusal{Reason: RefusedNothing}
	case text == "":
		return Refusal{Reason: RefusedNoBody}
	}
	a.Effect, a.Seen = text, w.today
	w.saveAction(*a)
	w.told(o, "")
	return Refusal{}
}
