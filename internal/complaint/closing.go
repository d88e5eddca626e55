package complaint

import (
	"slices"
	"strings"
	"time"
)

// Days after closing (procedure.md 1).
const (
	causeDays       = 14
	improvementDays = 30
)

// The reasons of waiving that the rules give themselves.
const (
	takenBack = "taken back"
	closed    = "closed"
	reopened  = "reopened"
)

// ofClosing are the promises that a closing makes.
var ofClosing = []PromiseKind{Feedback, InternalFeedback, Cause, Satisfaction, Improvement, Erase}

// close ends the case with the written result, which D approves first where the
// academy says so.
func (w *ordering) close(o Order) Refusal {
	text := w.e.Body
	if w.e.Labels {
		text = w.e.Message
	}
	missing := w.c.Missing()
	if text == "" {
		missing = append(missing, OrderClose)
	}
	if len(missing) > 0 {
		return Refusal{Reason: RefusedMissing, Missing: missing, Fix: []Order{{Kind: OrderClose}}}
	}
	put := Closing{By: w.by.Address, At: w.e.Now, Text: text}
	if w.e.Files > 0 {
		put.Source, put.Files = w.e.Source, w.e.Files
	}
	if w.needsApproval() && !w.isDirector() {
		d, ok := w.director()
		switch {
		case ok && w.c.Put != nil:
			return Refusal{Reason: RefusedTwice} // what D reads is what he approves
		case ok:
			w.putToD(o, put, d)
			return Refusal{}
		}
		w.hint(HintNobodyToAsk)
	}
	w.did(o, string(w.c.State), string(Closed))
	w.end(put, "")
	return Refusal{}
}

func (w *ordering) needsApproval() bool {
	return w.p.Approval == ApproveAlways || w.p.Approval == ApproveSevere && w.c.Severity == Severe
}

func (w *ordering) putToD(o Order, put Closing, d Person) {
	w.did(o, string(w.c.State), string(AwaitingApproval))
	w.hint(HintWaitsForD)
	w.c.Put, w.c.Asked = &put, nil
	w.c.waive(Approve, w.by.Address, "asked anew")
	w.promise(Approve, w.p.AddWorkdays(w.today, approveDays))
	w.tell(d, approvalOf(put, w.c.Finding.Value))
}

func approvalOf(put Closing, finding string) Letter {
	return Letter{Kind: LetterApproval, Body: put.Text, By: put.By, Source: put.Source, Files: put.Files, Finding: finding}
}

// end closes with a result: the letter to C, word to M and B, and all that is
// owed from closing on. What stands open of the way there falls away.
func (w *ordering) end(cl Closing, comment string) {
	w.toEnd(resolutionOf(w.c.Finding.Value), "")
	w.promise(Feedback, w.today)
	w.promise(InternalFeedback, w.today)
	found := w.promise(Cause, w.today.Add(causeDays))
	if w.c.Cause.Value != "" {
		found.FulfilledAt = w.e.Now
	}
	if w.c.Complainant.Address != "" {
		w.promise(Satisfaction, w.today.Add(w.p.SurveyDays))
	}
	w.promise(Improvement, w.today.Add(improvementDays))
	w.promise(Erase, w.c.EraseOn)
	ref := w.toC(Letter{Kind: LetterClosing, Body: cl.Text, Source: cl.Source, Files: cl.Files, Finding: w.c.Finding.Value}, Feedback)
	w.c.Closings = append(w.c.Closings, cl)
	w.outcome(cl.Text, comment, ref)
	w.c.State = Closed
}

// toEnd is what every ending has in common.
func (w *ordering) toEnd(r Resolution, why string) {
	c := &w.c
	c.Put, c.Asked = nil, nil
	c.ClosedAt, c.Resolution, c.ResolutionWhy, c.EndedBy = w.e.Now, r, why, w.by.Address
	c.EraseOn = w.today.AddMonths(w.p.RetentionMonths)
	c.keep(Resolve, w.e.Now)
	c.keep(Delay, w.e.Now)
	c.keep(Approve, w.e.Now)
	c.waive(Take, w.by.Address, closed)
	c.waive(Acknowledge, w.by.Address, closed)
	for i := range c.Consultations {
		if q := &c.Consultations[i]; q.Open() {
			q.AnsweredAt = w.e.Now // nobody asks any more
		}
	}
}

func resolutionOf(finding string) Resolution {
	if finding == Partly || finding == Unfounded {
		return Unresolved
	}
	return Resolved
}

// outcome tells M and B how it ended: M that and how, B with the words to C.
// It goes out with the letter to C, and is taken back with it.
func (w *ordering) outcome(text, comment string, ref int) {
	before := len(w.letters)
	l := Letter{Kind: LetterOutcome, Promise: InternalFeedback, By: w.by.Address, Finding: w.c.Finding.Value, Ref: ref}
	if ref > 0 {
		l.NotBefore = w.p.undo(w.e.Now)
	}
	for _, m := range w.c.Concerned {
		if m.Copy == CopySent && !strings.EqualFold(m.Address, w.by.Address) {
			l.To = Party{Name: m.Name, Address: m.Address}
			w.letters = append(w.letters, l)
		}
	}
	l.Body, l.Comment = text, comment
	w.tellHandlers(l)
	if len(w.letters) == before {
		w.keep(InternalFeedback) // the receipt has told everybody there is
	}
}

// approve is D's word on what waits for it.
func (w *ordering) approve(o Order) Refusal {
	switch c := &w.c; {
	case c.Put != nil:
		w.did(o, string(c.State), string(Closed))
		put := *c.Put
		put.ApprovedBy = w.by.Address
		w.end(put, w.words())
	case c.Asked != nil:
		x := *c.Asked
		if told := max(c.ExpectedOn, w.today); x.Until <= told { // it waited too long: C is told of no day that is over
			return Refusal{Reason: RefusedDate, Day: told}
		}
		x.ApprovedBy, x.Until = w.by.Address, max(x.Until, w.p.AddWorkdays(w.today, 1))
		w.did(o, string(c.ExpectedOn), string(x.Until))
		w.tellDelay(x, Letter{})
		w.tellHandlers(Letter{Kind: LetterDelayed, Day: x.Until, By: w.by.Address})
	case c.copyWaits():
		w.did(o, string(CopyWaiting), string(CopySent))
		w.sendWaiting()
	default:
		return Refusal{Reason: RefusedNothing}
	}
	return Refusal{}
}

// giveBack is D's no: what was put to him comes back with the reason.
func (w *ordering) giveBack(o Order) Refusal {
	c, l := &w.c, Letter{Kind: LetterReturned, By: w.by.Address, Comment: w.e.Body}
	asker := ""
	switch {
	case c.Put != nil:
		l.Body, asker, c.Put = c.Put.Text, c.Put.By, nil
	case c.Asked != nil:
		l.Body, l.Day, asker, c.Asked = c.Asked.Reason, c.Asked.Until, c.Asked.By, nil
	default:
		return Refusal{Reason: RefusedNothing}
	}
	w.keep(Approve)
	old := c.State
	w.did(o, string(old), string(c.stateOf()))
	w.tellHandlers(l)
	if s, ok := w.p.Employee(asker); ok {
		w.tell(s, l)
	}
	return Refusal{}
}

// reopen brings a case back within the time that it is kept. Its terms run anew,
// and C is owed an answer when he wrote since.
func (w *ordering) reopen(o Order) Refusal {
	c := &w.c
	if c.EraseOn != "" && w.today > c.EraseOn {
		return Refusal{Reason: RefusedTooLate, Day: c.EraseOn}
	}
	if out := w.held(LetterClosing); out != nil { // C would hear that it is closed after all
		return Refusal{Reason: RefusedState, State: c.State, Fix: []Order{{Kind: OrderStop, Ref: out.Ref}}}
	}
	if c.MergedInto != "" { // what C writes goes to the other one
		return Refusal{Reason: RefusedState, State: c.State}
	}
	if c.place(Ruling) > 0 { // that is to be carried out first
		return Refusal{Reason: RefusedState, State: c.State, Fix: []Order{{Kind: OrderExternal, Value: OutsideCarriedOut}}}
	}
	since, old := c.ClosedAt, c.State
	if old == Escalated {
		since = w.e.Now
	}
	w.open(reopened)
	c.ReopenedOn, c.EndedAt = w.today, since
	due := max(w.p.resolveBy(w.today, c.Severity), w.p.AddWorkdays(w.today, 1))
	c.ExpectedOn = due
	w.promise(Resolve, due)
	w.promise(Delay, due)
	if c.Handler == "" {
		w.promise(Take, w.p.AddWorkdays(w.today, takeDays))
	}
	if r := c.Promise(React); c.ReactedAt.IsZero() && (r == nil || !r.Open()) {
		c.ReactBy = max(w.p.reactBy(w.today, c.Severity), w.p.AddWorkdays(w.today, 1))
		w.promise(React, c.ReactBy)
	}
	if a := c.Promise(Answer); c.LastWord.After(since) && (a == nil || !a.Open()) {
		w.promise(Answer, w.p.AddWorkdays(w.today, answerDays))
	}
	w.did(o, string(old), string(c.stateOf()))
	w.tellHandlers(w.withFiles(Letter{Kind: LetterReopened, Body: w.e.Body, By: w.by.Address}))
	return Refusal{}
}

// open undoes an ending: what it made and nobody has kept falls away.
func (w *ordering) open(why string) {
	c := &w.c
	c.State, c.ClosedAt, c.Resolution, c.ResolutionWhy, c.EndedBy, c.EraseOn = New, time.Time{}, "", "", "", ""
	for _, k := range ofClosing {
		c.waive(k, w.by.Address, why)
	}
	c.Survey.AskedAt, c.Survey.RemindedOn = time.Time{}, "" // the next result is asked about anew
	c.State = c.stateOf()
}

// takeOut takes a case out of the register that C withdrew or that is none. C
// hears nothing of it: nothing reaches him without a command that says so.
func (w *ordering) takeOut(o Order) Refusal {
	r, why := Withdrawn, w.words()
	if o.Kind == OrderNotComplaint {
		if !slices.Contains(notComplaints, o.Value) {
			return Refusal{Reason: RefusedValue, Allowed: notComplaints}
		}
		r, why = NotComplaint, strings.TrimSpace(o.Value+" "+w.words())
	}
	old := w.c.State
	c := &w.c
	for _, k := range []PromiseKind{React, Answer, Acknowledge, Take, Approve} {
		c.waive(k, w.by.Address, string(r))
	}
	if r == NotComplaint {
		c.waive(Resolve, w.by.Address, string(r))
		c.waive(Delay, w.by.Address, string(r))
	}
	for i := range c.Concerned {
		m := &c.Concerned[i]
		if m.Copy != CopyWaiting {
			continue
		}
		m.Copy = CopyNone
		if n := m.Promise; n > 0 && n <= len(c.Promises) {
			c.Promises[n-1].WaivedBy, c.Promises[n-1].Reason = w.by.Address, string(r)
		}
	}
	w.toEnd(r, why)
	w.promise(InternalFeedback, w.today)
	w.promise(Erase, c.EraseOn)
	w.outcome(w.words(), "", 0)
	c.State = Closed
	w.did(o, string(old), string(Closed))
	w.hint(HintSilent)
	return Refusal{}
}
