package complaint

import (
	"slices"
	"strings"
	"time"
)

// A Mended is something that was registered wrongly: the old value stays on record.
type Mended struct {
	Kind OrderKind `json:"kind"`
	Old  string    `json:"old"`
	By   string    `json:"by"`
	On   Day       `json:"on"`
}

func (w *ordering) mended(o Order, old string) {
	w.c.Mended = append(w.c.Mended, Mended{Kind: o.Kind, Old: old, By: w.by.Address, On: w.today})
}

// complainant says who complains, when that was registered wrongly. What is still
// owed goes to the new address; what was sent to the old one is not sent again.
func (w *ordering) complainant(o Order) Refusal {
	c, to := &w.c, o.Person
	if to.Address == "" {
		return Refusal{Reason: RefusedNoValue}
	}
	for _, out := range c.Outbound {
		if out.back(w.e.Now) { // it is addressed to whom it was
			return Refusal{Reason: RefusedHeld, Fix: []Order{{Kind: OrderStop, Ref: out.Ref}}}
		}
	}
	old := c.Complainant
	if to.Name == "" {
		to.Name = old.Name
	}
	kind := External
	if s, ok := w.p.Employee(to.Address); ok {
		if concerned(*c, s) {
			return Refusal{Reason: RefusedPerson}
		}
		kind, to = Internal, s.Party()
	}
	w.did(o, old.Address, to.Address)
	if to == old {
		return Refusal{}
	}
	if strings.EqualFold(to.Address, old.Address) {
		c.Complainant.Name = to.Name
		return Refusal{}
	}
	w.mended(o, strings.TrimSpace(old.Name+" "+old.Address))
	c.Complainant, c.Kind, c.Withheld = to, kind, "" // a person vouches for it
	if n := c.place(Acknowledge); n > 0 && c.Open() {
		w.letters = append(w.letters, Letter{Kind: LetterAcknowledgement, To: to, Promise: Acknowledge, Nth: n})
	}
	if c.place(Satisfaction) > 0 {
		c.Survey.AskedAt, c.Survey.RemindedOn = time.Time{}, ""
	}
	w.apart()
	return Refusal{}
}

// received mends the day of receipt: the terms follow it, none to end before the
// next working day.
func (w *ordering) received(o Order) Refusal {
	c, latest := &w.c, w.today
	if c.RegisteredOn != "" {
		latest = min(latest, c.RegisteredOn)
	}
	switch {
	case o.Day == "":
		return Refusal{Reason: RefusedNoValue}
	case o.Day > latest:
		return Refusal{Reason: RefusedDate, Day: latest}
	case o.Day < w.today.Add(-maxBack):
		return Refusal{Reason: RefusedDate, Day: w.today.Add(-maxBack)}
	}
	old := DayOf(c.ReceivedAt, w.p.Zone)
	w.did(o, string(old), string(o.Day))
	if old == o.Day {
		return Refusal{}
	}
	w.mended(o, string(old))
	y, m, day := o.Day.Date()
	c.ReceivedAt = time.Date(y, m, day, 12, 0, 0, 0, w.p.Zone)
	w.p.setTerms(c, w.today)
	if t := c.Promise(Take); t != nil && t.Open() && c.ReopenedOn == "" {
		t.Due, t.MadeOn = max(w.p.AddWorkdays(o.Day, takeDays), w.p.AddWorkdays(w.today, 1)), w.today
	}
	return Refusal{}
}

// languages are those in which C can be written to.
var languages = []string{"nl", "en"}

// language says in which language C is written to from now on.
func (w *ordering) language(o Order) Refusal {
	if !slices.Contains(languages, o.Value) {
		return Refusal{Reason: RefusedValue, Allowed: languages}
	}
	old := w.c.Language
	w.did(o, old, o.Value)
	if old != o.Value {
		w.mended(o, old)
		w.c.Language = o.Value
	}
	return Refusal{}
}

// waivable are the promises that D can let go. Not the terms of the case itself,
// which are moved by `#uitstel` and end by closing; not what the law or a ruling
// asks; not keeping and erasing, which have words of their own.
var waivable = []PromiseKind{Acknowledge, Take, React, Answer, CopyConcerned, Feedback, InternalFeedback, Cause, Satisfaction,
	Call, Improvement}

// waivableNow are those that are open.
func (c Case) waivableNow() []string {
	var list []string
	for _, k := range waivable {
		if c.place(k) > 0 {
			list = append(list, string(k))
		}
	}
	return list
}

// waiveOne lets go of a promise: the one that is named, or the only one there is.
func (w *ordering) waiveOne(o Order) Refusal {
	open := w.c.waivableNow()
	if o.Value == "" && len(open) == 1 {
		o.Value = open[0]
	}
	switch {
	case len(open) == 0:
		return Refusal{Reason: RefusedNothing}
	case !slices.Contains(open, o.Value):
		return Refusal{Reason: RefusedValue, Allowed: open}
	}
	k := PromiseKind(o.Value)
	w.did(o, "", o.Value)
	w.c.waive(k, w.by.Address, w.e.Body)
	if k == CopyConcerned {
		for i := range w.c.Concerned {
			if m := &w.c.Concerned[i]; m.Copy == CopyWaiting {
				m.Copy, m.Why = CopyNone, w.e.Body
			}
		}
	}
	return Refusal{}
}

// A Hold keeps a case from retention, up to and including a day.
type Hold struct {
	Until  Day    `json:"until,omitempty"`
	Reason string `json:"reason,omitempty"`
	By     string `json:"by,omitempty"`
	On     Day    `json:"on,omitempty"`
}

// HoldOff is the value of OrderHold that ends it.
const HoldOff = "off"

// hold keeps a case from retention, in any state, or lets it go again.
func (w *ordering) hold(o Order) Refusal {
	old := w.c.Hold
	switch {
	case o.Value == HoldOff && old.Until == "":
		return Refusal{Reason: RefusedNothing}
	case o.Value == HoldOff:
		w.did(o, string(old.Until), "")
		w.c.Hold = Hold{}
		return Refusal{}
	case o.Day == "":
		return Refusal{Reason: RefusedNoValue}
	case o.Day <= w.today:
		return Refusal{Reason: RefusedDate, Day: w.today}
	}
	w.did(o, string(old.Until), string(o.Day))
	w.c.Hold = Hold{Until: o.Day, Reason: w.e.Body, By: w.by.Address, On: w.today}
	return Refusal{}
}

// The values of OrderPrivacy.
const (
	PrivacyAccess = "access" // of AVG art. 15
	PrivacyErase  = "erase"  // of AVG art. 17
	PrivacyDone   = "done"
)

var privacySteps = []string{PrivacyAccess, PrivacyErase, PrivacyDone}

// A PersonRequest is what the person asked under the AVG.
type PersonRequest struct {
	What string `json:"what"`
	By   string `json:"by"` // who put it on record
	On   Day    `json:"on"`
	Text string `json:"text,omitempty"`
	Done Day    `json:"done,omitempty"`
}

// privacy puts a request of the person on record, and its month (AVG art. 12.3);
// the work itself is on the command line.
func (w *ordering) privacy(o Order) Refusal {
	c := &w.c
	if !slices.Contains(privacySteps, o.Value) {
		return Refusal{Reason: RefusedValue, Allowed: privacySteps}
	}
	if o.Value != PrivacyDone {
		due := w.promise(Request, w.today.AddMonths(1)).Due
		c.Requests = append(c.Requests, PersonRequest{What: o.Value, By: w.by.Address, On: w.today, Text: w.words()})
		w.did(o, "", string(due))
		w.hint(HintCommandLine)
		return Refusal{}
	}
	if c.place(Request) == 0 {
		return Refusal{Reason: RefusedNothing}
	}
	w.keep(Request)
	for i := range c.Requests {
		if r := &c.Requests[i]; r.Done == "" {
			r.Done = w.today
		}
	}
	w.did(o, "", "")
	return Refusal{}
}
