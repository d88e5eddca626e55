package complaint

import (
	"slices"
	"strings"
)

// mergedInto is why promises of a case that was merged fall away.
const mergedInto = "merged"

// other returns a case that is named beside the one at hand, as far as the person
// may see it; nil when there is none, which is what he reads either way.
func (w *ordering) other(number string) *Case {
	for i := range w.others {
		c := &w.others[i]
		if c.Number == number && w.p.right(*c, w.by, w.today, OrderMerge) {
			return c
		}
	}
	return nil
}

// changedOther notes what becomes of another case.
func (w *ordering) changedOther(c *Case, event string, letters ...Letter) {
	c.Last = nil
	w.also = append(w.also, Decision{Cases: []Case{*c}, Letters: letters,
		Notes: []Note{{Actor: w.by.Address, Event: event, Detail: w.c.Number}}})
}

// merge takes the case that is named into this one, when both are of one
// complainant and are worked on; any others are linked (procedure.md 3).
func (w *ordering) merge(o Order) Refusal {
	c, other := &w.c, w.other(o.Value)
	switch {
	case o.Value == c.Number, slices.Contains(c.Links, o.Value):
		return Refusal{Reason: RefusedTwice}
	case other == nil:
		return Refusal{Reason: RefusedUnreachable}
	}
	w.did(o, "", other.Number)
	same := c.Complainant.Address != "" && strings.EqualFold(c.Complainant.Address, other.Complainant.Address)
	if !same || !c.worked() || !other.worked() {
		c.Links, other.Links = append(c.Links, other.Number), append(other.Links, c.Number)
		w.changedOther(other, "linked")
		w.hint(HintLinked)
		return Refusal{}
	}
	for _, out := range other.Outbound {
		if out.back(w.e.Now) {
			return Refusal{Reason: RefusedHeld}
		}
	}
	if other.Put != nil || other.Asked != nil {
		return Refusal{Reason: RefusedState, State: other.State} // D has it before him
	}
	w.takeOver(*other)
	w.endMerged(other)
	w.changedOther(other, "merged", w.toldMerged(*other)...)
	w.hint(HintSilent)
	return Refusal{}
}

// toldMerged tells who handled the other case who has it now.
func (w *ordering) toldMerged(other Case) []Letter {
	s, ok := w.p.Employee(other.Handler)
	if !ok || w.c.Handler == "" || s.has(w.c.Handler) || s.has(w.by.Address) || w.p.tied(other, s) {
		return nil
	}
	return []Letter{{Kind: LetterHandover, To: s.Party(), By: w.by.Address, Handler: w.c.Handler}}
}

// worked reports whether people work on the case.
func (c Case) worked() bool { return c.Open() && c.State != Escalated }

// takeOver puts into this case what is in the other and still matters: the terms
// run from the first of both, and what C is owed he is owed here.
func (w *ordering) takeOver(other Case) {
	c := &w.c
	for label, v := range other.Form {
		if c.Form[label].Value == "" {
			c.merge(map[string]string{label: v.Value}, v.Staff)
		}
	}
	c.Talks, c.Responses = append(c.Talks, other.Talks...), append(c.Responses, other.Responses...)
	for _, m := range other.Concerned {
		if m.Address != "" && c.About(m.Address) != nil {
			continue
		}
		if m.Promise = 0; m.Copy == CopyWaiting {
			w.promise(CopyConcerned, w.p.AddWorkdays(w.today, copyDays))
			m.Promise = len(c.Promises)
		}
		c.Concerned = append(c.Concerned, m)
	}
	if c.Handler == "" && other.Handler != "" {
		c.Handler = other.Handler
		w.keep(Take)
		w.note("taken", c.Handler)
	}
	if other.LastWord.After(c.LastWord) {
		c.LastWord = other.LastWord
	}
	earlier := other.ReceivedAt.Before(c.ReceivedAt)
	if earlier {
		c.ReceivedAt = other.ReceivedAt
	}
	if severe := other.Severity == Severe && c.Severity != Severe; severe || earlier {
		if severe {
			c.Severity, c.SeverityBy = Severe, other.SeverityBy
		}
		w.p.setTerms(c, w.today)
	}
	if a := other.Promise(Answer); a != nil && a.Open() && c.place(Answer) == 0 {
		w.promise(Answer, a.Due)
	}
	w.keepApartFrom(other)
}

// keepApartFrom takes the case away from whom the other one was about.
func (w *ordering) keepApartFrom(other Case) {
	named := w.c.NamesDirecteur || other.NamesDirecteur
	w.apart()
	w.c.NamesDirecteur = named
}

// endMerged closes the case that was taken in.
func (w *ordering) endMerged(other *Case) {
	for i := range other.Promises {
		if p := &other.Promises[i]; p.Open() {
			p.WaivedBy, p.Reason = w.by.Address, mergedInto
		}
	}
	for i := range other.Concerned {
		if m := &other.Concerned[i]; m.Copy == CopyWaiting {
			m.Copy = CopyNone
		}
	}
	for i := range other.Consultations {
		if q := &other.Consultations[i]; q.Open() {
			q.AnsweredAt = w.e.Now
		}
	}
	other.State, other.ClosedAt, other.Resolution, other.MergedInto = Closed, w.e.Now, Merged, w.c.Number
	other.EraseOn = w.today.AddMonths(w.p.RetentionMonths)
	other.Promises = append(other.Promises, Promise{Kind: Erase, MadeOn: w.today, Due: other.EraseOn})
}

// split takes apart what was merged or linked; without a number it makes a case of
// its own of what the body says, as of one mail about two matters.
func (w *ordering) split(o Order) Refusal {
	c := &w.c
	if o.Value == "" {
		return w.splitOff(o)
	}
	other := w.other(o.Value)
	switch {
	case other == nil:
		return Refusal{Reason: RefusedUnreachable}
	case slices.Contains(c.Links, other.Number):
		drop := func(n string) func(string) bool { return func(l string) bool { return l == n } }
		c.Links, other.Links = slices.DeleteFunc(c.Links, drop(other.Number)), slices.DeleteFunc(other.Links, drop(c.Number))
		w.did(o, other.Number, "")
		w.changedOther(other, "unlinked")
		return Refusal{}
	case other.MergedInto != c.Number:
		return Refusal{Reason: RefusedNothing}
	}
	w.did(o, "", other.Number)
	w.standAlone(other)
	w.changedOther(other, "split")
	return Refusal{}
}

// standAlone opens a case again that was merged: its terms run anew.
func (w *ordering) standAlone(other *Case) {
	a := &ordering{e: w.e, p: w.p, by: w.by, today: w.today, c: *other}
	a.open(reopened)
	a.c.MergedInto, a.c.ReopenedOn = "", w.today
	due := max(w.p.resolveBy(w.today, a.c.Severity), w.p.AddWorkdays(w.today, 1))
	a.c.ExpectedOn = due
	a.promise(Resolve, due)
	a.promise(Delay, due)
	if a.c.Handler == "" {
		a.promise(Take, w.p.AddWorkdays(w.today, takeDays))
	}
	if a.c.ReactedAt.IsZero() {
		a.c.ReactBy = max(w.p.reactBy(w.today, a.c.Severity), w.p.AddWorkdays(w.today, 1))
		a.promise(React, a.c.ReactBy)
	}
	*other = a.c
}

// splitOff makes a case of its own, of the same complainant and day. He has one
// acknowledgement and gets no second; the colleagues hear of it as of any other.
func (w *ordering) splitOff(o Order) Refusal {
	switch {
	case w.e.Body == "":
		return Refusal{Reason: RefusedNoBody}
	case w.e.Number == "":
		return Refusal{Reason: RefusedUnreadable}
	case !w.c.worked():
		return Refusal{Reason: RefusedState, State: w.c.State}
	}
	d := receive(Received{Now: w.e.Now, At: w.c.ReceivedAt, Number: w.e.Number, Kind: w.c.Kind, From: w.c.Complainant,
		Withheld: w.c.Withheld, NamesDirecteur: w.e.NamesDirecteur}, w.p)
	a := &ordering{e: w.e, p: w.p, by: w.by, today: w.today}
	a.registered(d)
	a.c.waive(Acknowledge, w.by.Address, "split off from a case that was acknowledged")
	a.c.merge(map[string]string{"omschrijving": w.e.Body}, true)
	a.c.Links, a.c.Language = []string{w.c.Number}, w.c.Language
	letters := slices.DeleteFunc(a.letters, func(l Letter) bool { return l.Kind == LetterAcknowledgement })
	w.c.Links = append(w.c.Links, a.c.Number)
	w.also = append(w.also, Decision{Cases: []Case{a.c}, Notes: a.notes, Letters: letters})
	w.did(o, "", a.c.Number)
	return Refusal{}
}
