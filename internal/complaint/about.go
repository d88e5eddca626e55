package complaint

import "strings"

// copyDays are the working days within which M gets his copy (procedure.md 1).
const copyDays = 2

// about says whom or what the case is about. Everybody of ours whom it is about
// gets the copy and is from then on out of the case.
func (w *ordering) about(o Order) Refusal {
	switch {
	case o.Person == (Party{}) && strings.TrimSpace(o.Value) == "":
		return Refusal{Reason: RefusedNoValue}
	case o.Person == (Party{}):
		w.did(o, w.c.Course, o.Value)
		w.c.Course = o.Value
		w.keepApart()
		return Refusal{}
	case o.Person.Address == "": // who has left, or never was ours
		w.did(o, "", o.Person.Name)
		w.c.Concerned = append(w.c.Concerned, Concern{Name: o.Person.Name, Copy: CopyNone})
		w.hint(HintNotStaff)
		w.keepApart()
		return Refusal{}
	}
	m, ok := w.p.Employee(o.Person.Address)
	if !ok || m.has(w.c.Complainant.Address) {
		return Refusal{Reason: RefusedPerson}
	}
	if known := w.c.About(m.Address); known != nil && known.Copy != CopyNone {
		w.did(o, m.Address, m.Address)
		if known.Copy == CopyWaiting && w.isDirector() {
			w.sendCopy(known)
		}
		return Refusal{}
	}
	return w.aboutStaff(o, m)
}

// aboutStaff takes an employee out of the case and gives him his copy; of a
// severe case when D says so.
func (w *ordering) aboutStaff(o Order, m Person) Refusal {
	concern, r := w.copyFor(m)
	if r.Reason != "" {
		return r
	}
	w.did(o, "", m.Address)
	w.promise(CopyConcerned, w.p.AddWorkdays(w.today, copyDays))
	concern.Promise = len(w.c.Promises)
	waits := w.c.Severity == Severe && !w.isDirector()
	if w.c.About(m.Address) == nil {
		w.c.Concerned = append(w.c.Concerned, concern)
	}
	cp := w.c.About(m.Address)
	*cp = concern
	w.keepApart()
	if !waits {
		w.sendCopy(cp)
		return Refusal{}
	}
	cp.Copy = CopyWaiting
	w.hint(HintWaitsForD)
	if d, ok := w.director(); ok {
		w.tell(d, Letter{Kind: LetterCopyAsk, About: []Concern{*cp}, By: w.by.Address})
	}
	return Refusal{}
}

// copyFor says in what form M reads the complaint. Without the name of C, when he
// does not want it known: then B types what M reads.
func (w *ordering) copyFor(m Person) (Concern, Refusal) {
	c := Concern{Name: m.Name, Address: m.Address, Form: w.p.EmployeeCopy, Text: w.words()}
	if c.Form == "" {
		c.Form = CopyFull
	}
	leave := w.c.Form[FormShareName].Value
	secret := leave != "" && !strings.EqualFold(leave, "ja") // "liever niet" and "ja, maar niet aan Tess" are no leave
	switch {
	case c.Form == CopyNotice:
		c.Text = ""
	case c.Text != "":
		c.Form = CopyRedacted
	case c.Form == CopyRedacted || secret || w.c.wordless():
		if w.e.Body != "" {
			return c, Refusal{Reason: RefusedTwoBodies}
		}
		return c, Refusal{Reason: RefusedNoBody}
	}
	return c, Refusal{}
}

// wordless reports whether nothing is on record that is surely C's own words:
// what staff forwarded holds theirs too.
func (c Case) wordless() bool {
	return (c.RegisteredBy != "" || c.Withheld == WithheldUnclaimed) && c.Form["omschrijving"].Value == ""
}

func (w *ordering) sendCopy(m *Concern) {
	m.Copy, m.Why = CopySent, ""
	w.letters = append(w.letters, Letter{Kind: LetterConcerned, To: Party{Name: m.Name, Address: m.Address},
		Promise: CopyConcerned, Nth: m.Promise, Copy: m.Form, Body: m.Text})
	w.note("copy", m.Address)
}

// keepApart takes the case away from whom it turns out to be about, and gives it
// back to D when it is not about him (procedure.md 2, 3).
func (w *ordering) keepApart() {
	w.c.NamesDirecteur = false
	w.apart()
}

// apart is keepApart while nobody has said yet whom it is about.
func (w *ordering) apart() {
	if h, ok := w.p.Employee(w.c.Handler); ok && w.p.tied(w.c, h) {
		w.newHandler()
	}
	owner := ""
	d, ok := w.director()
	if ok {
		owner = d.Address
	}
	if strings.EqualFold(owner, w.c.Owner) {
		return
	}
	w.note("owner", owner)
	w.c.Owner = owner
	if ok {
		w.copyToOwner(d)
	}
}

// copyToOwner lets the new owner know all that waits for him.
func (w *ordering) copyToOwner(d Person) {
	due := w.promise(CopyOwner, w.today)
	if strings.EqualFold(d.Address, w.by.Address) {
		due.FulfilledAt = w.e.Now // his receipt says it
		return
	}
	w.tell(d, Letter{Kind: LetterCopy, Promise: CopyOwner, Nth: len(w.c.Promises)})
	if q := w.c.Consulted(); q != nil {
		w.tell(d, Letter{Kind: LetterConsult, Body: q.Question, By: q.By})
	}
	if put := w.c.Put; put != nil {
		w.tell(d, approvalOf(*put, w.c.Finding.Value))
	} else if asked := w.c.Asked; asked != nil {
		w.tell(d, Letter{Kind: LetterApproval, Body: asked.Reason, By: asked.By, Day: asked.Until})
	}
}

// newHandler looks for somebody in place of a handler whom the case is about: the
// only one who is left, else it has to be taken again.
func (w *ordering) newHandler() {
	office := w.p.officeFor(w.c)
	w.hint(HintNewHandler)
	if len(office) == 1 {
		w.c.Handler = office[0].Address
		w.note("taken", w.c.Handler)
		w.tell(office[0], Letter{Kind: LetterAssigned, By: w.by.Address})
		return
	}
	w.c.Handler = ""
	w.promise(Take, w.p.AddWorkdays(w.today, takeDays))
	for _, s := range office {
		w.tell(s, Letter{Kind: LetterHandover, By: w.by.Address})
	}
}

// wait postpones the copy to M: it stays owed until D lets it go.
func (w *ordering) wait(o Order) Refusal {
	if !w.c.copyWaits() {
		return Refusal{Reason: RefusedNothing}
	}
	w.did(o, "", "")
	for i := range w.c.Concerned {
		m := &w.c.Concerned[i]
		if m.Copy != CopyWaiting {
			continue
		}
		m.Why = w.e.Body
		if n := m.Promise; n > 0 && n <= len(w.c.Promises) {
			p := &w.c.Promises[n-1]
			p.Due, p.MadeOn, p.Reason = w.p.AddWorkdays(w.today, copyDays), w.today, w.e.Body
		}
	}
	return Refusal{}
}

func (w *ordering) sendWaiting() {
	for i := range w.c.Concerned {
		if m := &w.c.Concerned[i]; m.Copy == CopyWaiting {
			w.sendCopy(m)
		}
	}
}
