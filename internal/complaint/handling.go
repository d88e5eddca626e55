package complaint

import (
	"slices"
	"strings"
)

// giveTo makes somebody the handler.
func (w *ordering) giveTo(o Order, to Person) {
	old := w.c.Handler
	w.did(o, old, to.Address)
	if strings.EqualFold(old, to.Address) {
		return
	}
	w.c.Handler = to.Address
	w.keep(Take)
	w.tell(to, Letter{Kind: LetterAssigned, By: w.by.Address})
	if before, ok := w.p.Employee(old); ok {
		w.tell(before, Letter{Kind: LetterHandover, By: w.by.Address, Handler: to.Address})
	}
}

// assign gives the case to somebody who may work on it.
func (w *ordering) assign(o Order) Refusal {
	to, ok := w.p.Employee(o.Person.Address)
	if !ok || !w.p.right(w.c, to, w.today, OrderTake) {
		var names []string
		for _, s := range w.p.officeFor(w.c) {
			names = append(names, s.Name)
		}
		return Refusal{Reason: RefusedPerson, Allowed: names}
	}
	w.giveTo(o, to)
	return Refusal{}
}

func (w *ordering) judge(o Order) Judgement {
	return Judgement{Value: o.Value, Text: w.words(), By: w.by.Address, On: w.today}
}

func (w *ordering) category(o Order) Refusal {
	if !slices.Contains(w.p.Categories, o.Value) {
		return Refusal{Reason: RefusedValue, Allowed: w.p.Categories}
	}
	w.did(o, w.c.Category.Value, o.Value)
	w.c.Category = w.judge(o)
	return Refusal{}
}

func (w *ordering) finding(o Order) Refusal {
	if !slices.Contains(findings, o.Value) {
		return Refusal{Reason: RefusedValue, Allowed: findings}
	}
	w.did(o, w.c.Finding.Value, o.Value)
	w.c.Finding = w.judge(o)
	return Refusal{}
}

// cause takes D's word, and B's as a proposal.
func (w *ordering) cause(o Order) Refusal {
	if !slices.Contains(w.p.Causes, o.Value) {
		return Refusal{Reason: RefusedValue, Allowed: w.p.Causes}
	}
	found := w.judge(o)
	if w.repeats(found) {
		w.hint(HintCauseRepeats)
	}
	if !w.isDirector() {
		w.did(o, w.c.ProposedCause.Value, o.Value)
		w.c.ProposedCause = found
		w.hint(HintProposed)
		return Refusal{}
	}
	w.did(o, w.c.Cause.Value, o.Value)
	w.c.Cause = found
	w.keep(Cause)
	return Refusal{}
}

// repeats reports whether a cause says no more than what is known already: the
// procedure wants the cause and not the symptoms.
func (w *ordering) repeats(found Judgement) bool {
	fold := func(s string) string {
		return strings.Trim(strings.ToLower(strings.Join(strings.Fields(s), " ")), ".,;:!?")
	}
	text := fold(found.Text)
	if text == "" {
		return w.c.Category.Value != "" && fold(found.Value) == fold(w.c.Category.Value)
	}
	for _, known := range []string{w.c.Category.Value, w.c.Category.Text, w.c.Subject, w.c.Form["omschrijving"].Value} {
		if text == fold(known) {
			return true
		}
	}
	return false
}

// severity sets the terms of a case anew; D hears of a severe one at once.
func (w *ordering) severity(o Order) Refusal {
	if !slices.Contains(severities, o.Value) {
		return Refusal{Reason: RefusedValue, Allowed: severities}
	}
	old := w.c.Severity
	w.did(o, string(old), o.Value)
	w.c.SeverityBy = w.judge(o)
	if string(old) == o.Value {
		return Refusal{}
	}
	w.c.Severity = Severity(o.Value)
	w.p.setTerms(&w.c, w.today)
	if d, ok := w.director(); ok && w.c.Severity == Severe {
		w.tell(d, Letter{Kind: LetterSevere, By: w.by.Address, Body: w.words()})
	}
	return Refusal{}
}

// setTerms gives the open promises react and resolve the terms of the severity. A
// date that C was told stays; what was kept stays as it was.
func (p Policy) setTerms(c *Case, today Day) {
	base := DayOf(c.ReceivedAt, p.Zone)
	if r := c.Promise(React); r != nil && r.Open() {
		due := max(p.reactBy(base, c.Severity), p.AddWorkdays(today, 1))
		if due != r.Due {
			r.Due, r.MadeOn, c.ReactBy = due, today, due
		}
	}
	r := c.Promise(Resolve)
	if r == nil || !r.Open() || c.told() {
		return
	}
	if c.ReopenedOn != "" {
		base = c.ReopenedOn
	}
	due := max(p.resolveBy(base, c.Severity), p.AddWorkdays(today, 1))
	if due == r.Due {
		return
	}
	r.Due, r.MadeOn, c.ExpectedOn = due, today, due
	if c.ReopenedOn == "" {
		c.ResolveBy = due
	}
	if d := c.Promise(Delay); d != nil && d.Open() {
		d.Due, d.MadeOn = due, today
	}
}

// told reports whether the date that holds is one that C was told.
func (c Case) told() bool {
	n := len(c.Extensions)
	return n > 0 && c.Extensions[n-1].Until == c.ExpectedOn
}

func (p Policy) reactBy(from Day, s Severity) Day {
	if s == Severe {
		return p.AddWorkdays(from, p.SevereReactDays)
	}
	return from.Add(p.ReactDays)
}

func (p Policy) resolveBy(from Day, s Severity) Day {
	if s == Severe {
		return from.Add(p.SevereResolveDays)
	}
	return from.Add(p.ResolveDays)
}

// spoke puts a talk on record. It answers a mail of C; it is no reaction.
func (w *ordering) spoke(o Order) Refusal {
	day := o.Day
	if day == "" {
		day = w.today
	}
	if day > w.today {
		return Refusal{Reason: RefusedDate, Day: w.today}
	}
	w.did(o, "", string(day))
	w.c.Talks = append(w.c.Talks, Remark{By: w.by.Address, At: w.e.Now, Day: day, Text: w.words()})
	w.keep(Answer)
	w.keep(Call)
	if w.c.Complainant.Address == "" { // nothing can be written to him: telling him is all there is
		w.keep(Feedback)
		if n := w.c.place(Delay); n > 0 && &w.c.Promises[n-1] != w.c.lastOpen(Delay) {
			w.c.Promises[n-1].FulfilledAt = w.e.Now
		}
	}
	return Refusal{}
}

// reply writes to C.
func (w *ordering) reply(o Order) Refusal {
	if w.c.Complainant.Address == "" {
		return Refusal{Reason: RefusedNoAddress, Fix: []Order{{Kind: OrderSpoke}}}
	}
	w.did(o, "", "")
	w.toC(w.withFiles(Letter{Kind: LetterReply, Body: w.e.Body}))
	return Refusal{}
}

// withFiles sends along what was attached to the mail.
func (w *ordering) withFiles(l Letter) Letter {
	if w.e.Files > 0 {
		l.Source, l.Files = w.e.Source, w.e.Files
	}
	return l
}

// mailed counts a mail that staff sent to C past us, with us in Cc.
func (w *ordering) mailed(o Order) {
	w.did(o, "", "")
	w.keep(React)
	w.keep(Answer)
	if w.c.ReactedAt.IsZero() {
		w.c.ReactedAt = w.e.Now
	}
}

// consult puts a question to D.
func (w *ordering) consult(o Order) Refusal {
	d, ok := w.director()
	if !ok || strings.EqualFold(d.Address, w.by.Address) {
		return Refusal{Reason: RefusedNobody}
	}
	w.did(o, "", d.Address)
	w.c.Consultations = append(w.c.Consultations, Consultation{By: w.by.Address, At: w.e.Now, Question: w.e.Body})
	w.tell(d, w.withFiles(Letter{Kind: LetterConsult, Body: w.e.Body, By: w.by.Address}))
	return Refusal{}
}

// respond puts M's own view on record.
func (w *ordering) respond(o Order) {
	w.did(o, "", "")
	w.c.Responses = append(w.c.Responses, Remark{By: w.by.Address, At: w.e.Now, Text: w.e.Body})
	w.tellHandlers(w.withFiles(Letter{Kind: LetterResponse, Body: w.e.Body, By: w.by.Address}))
}
