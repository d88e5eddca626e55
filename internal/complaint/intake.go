package complaint

import (
	"strings"
	"time"
)

// receive opens a case (procedure.md 2, Intake).
func receive(e Received, p Policy) Decision {
	received, today := DayOf(e.At, p.Zone), DayOf(e.Now, p.Zone)
	c := Case{
		Number: e.Number, Kind: e.Kind, State: New, Severity: Normal,
		Complainant: e.From, Subject: e.Subject, Owner: p.Directeur().Address, ReceivedAt: e.At,
		Promises: p.promisesOnReceipt(received, today),
	}
	if e.Quiet {
		c.Promises = p.promisesOnReceipt(received, received) // as they were: what is over is over
		for i := range c.Promises {
			c.Promises[i].MadeOn = today
		}
	}
	c.RegisteredOn, c.Withheld, c.LastWord = today, e.Withheld, e.At
	c.ReactBy, c.ResolveBy = c.Promise(React).Due, c.Promise(Resolve).Due
	c.ExpectedOn = c.ResolveBy
	c.merge(e.Form, false)
	d := Decision{Notes: []Note{{Event: "registered", Detail: string(e.Unreadable)}}}

	asks := p.keepOut(&c, e.NamesDirecteur, today, &d)
	if office := p.officeFor(c); len(p.Office()) == 1 && len(office) == 1 {
		c.Handler, c.State = office[0].Address, InProgress
		c.Promise(Take).FulfilledAt = e.Now
		d.Notes = append(d.Notes, Note{Event: "taken", Detail: c.Handler})
	}
	if e.Withheld != "" {
		d.Notes = append(d.Notes, Note{Event: "acknowledgement withheld", Detail: string(e.Withheld)})
	}
	if e.Quiet {
		what := Note{Event: "imported", Detail: "old: nobody was mailed"}
		if !e.AcknowledgedAt.IsZero() {
			c.Promise(Acknowledge).FulfilledAt = e.AcknowledgedAt
			what = Note{Event: "recovered", Detail: "acknowledged before"}
		}
		d.Notes = append(d.Notes, what)
		c.lapse(today)
	} else {
		d.Letters = lettersOnReceipt(c, e, p, asks)
	}
	d.Cases = []Case{c}
	return d
}

// lapse waives what nobody can keep any more of a complaint that was old when it
// was imported: nobody is to be reminded of terms that ended before klachtd knew
// of them, nor of mails that are not written. Terms that still run are watched.
func (c *Case) lapse(today Day) {
	for i := range c.Promises {
		pr := &c.Promises[i]
		if pr.Open() && (pr.Due < today || pr.Kind == Acknowledge || pr.Kind == CopyOwner) {
			pr.WaivedBy, pr.Reason = "import", "old when it was imported"
		}
	}
}

// keepOut makes the deputy the owner where the directeur may be meant, complains
// himself or is away, and reports whether the deputy is to say what it is about.
func (p Policy) keepOut(c *Case, named bool, today Day, d *Decision) bool {
	c.NamesDirecteur = named
	s, ok := p.Director(*c, today)
	if !ok {
		c.NamesDirecteur = false // nobody stands in: better D than no one
		if p.tied(*c, p.Directeur()) {
			c.Owner = "" // but not for his own complaint
			c.waive(CopyOwner, c.Complainant.Address, "nobody stands in for the directeur")
			d.Notes = append(d.Notes, Note{Event: "owner", Detail: "nobody: the directeur complains"})
		}
		return false
	}
	if strings.EqualFold(s.Address, c.Owner) {
		return false
	}
	c.Owner = s.Address
	why := "deputy: the directeur complains or is away"
	if named {
		why = "deputy: the message names the directeur"
	}
	d.Notes = append(d.Notes, Note{Event: "owner", Detail: why})
	return named
}

func lettersOnReceipt(c Case, e Received, p Policy, asks bool) []Letter {
	office := p.officeFor(c)
	letters := make([]Letter, 0, len(office)+2)
	if e.Withheld == "" {
		letters = append(letters, Letter{Kind: LetterAcknowledgement, To: c.Complainant, Promise: Acknowledge, Held: e.Held})
	}
	about := Letter{Withheld: e.Withheld, AckHeld: e.Held, Unreadable: e.Unreadable,
		NamedNumber: e.NamedNumber, OwnDomain: e.OwnDomain, By: e.Unclaimed}
	for _, s := range office {
		if strings.EqualFold(s.Address, c.Owner) {
			continue // the copy is enough
		}
		notice := about
		notice.Kind, notice.To = LetterNotice, s.Party()
		if e.NamedNumber != "" && p.right(c, s, c.RegisteredOn, OrderMerge) { // security.md 18: a person may join what the rules keep apart
			notice.Next = []Order{{Kind: OrderMerge, Value: e.NamedNumber}}
		}
		letters = append(letters, notice)
	}
	owner, ok := p.Employee(c.Owner)
	if !ok {
		return letters
	}
	cp := about
	cp.Kind, cp.To, cp.Promise, cp.AsksOwner = LetterCopy, owner.Party(), CopyOwner, asks
	return append(letters, cp)
}

// maxBack is how many days back a receipt may lie that staff tell of.
const maxBack = 366

// register opens a case for what arrived elsewhere. Its terms run from the day on
// which somebody of ours first had it.
func (w *ordering) register(o Order) Refusal {
	if w.e.Number == "" {
		return Refusal{Reason: RefusedUnreadable}
	}
	at := w.e.At
	if at.IsZero() {
		at = w.e.Now
	}
	switch {
	case o.Day > w.today:
		return Refusal{Reason: RefusedDate, Day: w.today}
	case o.Day != "" && o.Day < w.today.Add(-maxBack):
		return Refusal{Reason: RefusedDate, Day: w.today.Add(-maxBack)}
	case o.Day != "" && o.Day != DayOf(at, w.p.Zone):
		y, m, day := o.Day.Date()
		at = time.Date(y, m, day, 12, 0, 0, 0, w.p.Zone)
	}
	e := Received{Now: w.e.Now, At: at, Number: w.e.Number, Kind: External, From: o.Person, Subject: w.e.Subject,
		NamesDirecteur: w.e.NamesDirecteur}
	if o.Value == RegisterInternal {
		e.Kind = Internal
		if e.From == (Party{}) {
			e.From = w.by.Party()
		}
	}
	if s, ok := w.p.Employee(e.From.Address); ok {
		e.Kind, e.From = Internal, s.Party()
	}
	switch {
	case e.From == (Party{}):
		return Refusal{Reason: RefusedNoValue}
	case e.From.Address == "":
		e.Withheld = WithheldNoAddress
		w.hint(HintNoAck)
	}
	w.registered(receive(e, w.p))
	w.did(o, "", w.c.Number)
	return Refusal{}
}

// registered takes over the new case. Who registered it has his receipt.
func (w *ordering) registered(d Decision) {
	w.c = d.Cases[0]
	w.c.RegisteredBy = w.by.Address
	w.c.merge(w.e.Form, true)
	w.notes = append(w.notes, d.Notes...)
	for _, l := range d.Letters {
		if l.Kind == LetterAcknowledgement || !w.by.has(l.To.Address) {
			w.letters = append(w.letters, l)
		} else if l.Kind == LetterCopy {
			w.keep(CopyOwner)
		}
	}
}

// asked offers buttons to an employee who sent something in without a word.
func asked(e Asked, p Policy) Decision {
	s, ok := p.Employee(e.By)
	if !ok {
		return Decision{}
	}
	l := Letter{Kind: LetterChoice, To: s.Party(), Day: p.ChoiceBy(DayOf(e.Now, p.Zone))}
	l.Next = []Order{{Kind: OrderRegister, Person: e.Offered}, {Kind: OrderRegister, Value: RegisterInternal, Person: s.Party()},
		{Kind: OrderNotComplaint}}
	return Decision{Letters: []Letter{l}}
}

// ChoiceBy is the last day on which an employee can say what it is that he sent in
// on a day; the day after it is registered.
func (p Policy) ChoiceBy(sent Day) Day { return p.AddWorkdays(sent, 1) }

// follow answers a later mail of the complainant: a promise of an answer, and word to the handler.
func follow(c Case, e Followed, p Policy) Decision {
	d := Decision{Notes: []Note{{Actor: c.Complainant.Address, Event: "followup", Detail: proof(e.Proven)}}}
	if a := c.Promise(Answer); c.Open() && (a == nil || !a.Open()) {
		today := DayOf(e.Now, p.Zone)
		due := p.AddWorkdays(DayOf(e.At, p.Zone), answerDays)
		lapsed := e.Quiet && due < today
		if DayOf(e.At, p.Zone) < today && !e.Quiet {
			due = max(due, p.AddWorkdays(today, 1)) // set later
		}
		if !lapsed {
			c.Promises = append(c.Promises, Promise{Kind: Answer, MadeOn: today, Due: due})
		}
	}
	if e.At.After(c.LastWord) {
		c.LastWord = e.At
	}
	if e.Proven {
		c.merge(e.Form, false)
	}
	d.Cases = []Case{c}
	if e.Quiet {
		return d
	}
	for _, s := range p.handlers(c, DayOf(e.Now, p.Zone)) {
		d.Letters = append(d.Letters, Letter{
			Kind: LetterFollowup, To: s.Party(), Unproven: !e.Proven, AfterClose: !c.Open(),
		})
	}
	return d
}

// noted takes what staff wrote without a command. D's words answer the question
// that was put to him; M's are his view; of anybody else's, only what looks like a
// mistake is answered.
func noted(c Case, e Noted, p Policy) Decision {
	d := Decision{Notes: []Note{{Actor: e.By, Event: "note", Detail: proof(e.Proven)}}}
	s, ok := p.Employee(e.By)
	today := DayOf(e.Now, p.Zone)
	switch {
	case !ok || !e.Proven:
	case concerned(c, s):
		c.Responses = append(c.Responses, Remark{By: s.Address, At: e.Now, Text: e.Text})
		c.Last = c.Last.spoiled(RefusedChanged)
		d.Letters = toAll(p.handlers(c, today), s, Letter{Kind: LetterResponse, By: s.Address, Body: e.Text})
	case c.Consulted() != nil && c.Open() && p.isDirector(c, s, today):
		d.Letters = answerConsult(&c, e, s, p)
		c.Last = c.Last.spoiled(RefusedChanged)
		d.Notes = append(d.Notes, Note{Actor: s.Address, Event: "consulted"})
	case (e.ForC || e.ToC || len(e.InBody) > 0) && p.right(c, s, today, OrderStatus):
		d.Letters = []Letter{askBack(e, s)}
	}
	d.Cases = []Case{c}
	return d
}

// askBack asks whether a note was meant to do more.
func askBack(e Noted, s Person) Letter {
	l := Letter{Kind: LetterReceipt, To: s.Party(), Receipt: Receipt{Note: true}}
	say := func(h Hint, orders ...Order) {
		l.Receipt.Hints = append(l.Receipt.Hints, h)
		l.Next = append(l.Next, orders...)
	}
	switch {
	case e.ToC:
		say(HintMailed, Order{Kind: OrderMailed})
	case e.ForC:
		say(HintMeantForC, Order{Kind: OrderReply})
	}
	if len(e.InBody) > 0 {
		say(HintInBody, e.InBody[:min(len(e.InBody), maxButtons-1)]...)
	}
	return l
}

// answerConsult gives D's words to who asked and to the handler.
func answerConsult(c *Case, e Noted, d Person, p Policy) []Letter {
	to := p.handlers(*c, DayOf(e.Now, p.Zone))
	for i := range c.Consultations {
		q := &c.Consultations[i]
		if !q.Open() {
			continue
		}
		q.AnsweredBy, q.AnsweredAt, q.Answer = d.Address, e.Now, e.Text
		if asker, ok := p.Employee(q.By); ok && !p.tied(*c, asker) {
			to = append(to, asker)
		}
	}
	c.State = c.stateOf()
	return toAll(to, d, Letter{Kind: LetterConsulted, By: d.Address, Body: e.Text})
}

// toAll writes the same to several people, once to each, not to whose words it is.
func toAll(to []Person, but Person, l Letter) []Letter {
	var list []Letter
	seen := map[string]bool{strings.ToLower(but.Address): true}
	for _, s := range to {
		if key := strings.ToLower(s.Address); !seen[key] {
			seen[key] = true
			l.To = s.Party()
			list = append(list, l)
		}
	}
	return list
}

func proof(proven bool) string {
	if proven {
		return ""
	}
	return "sender unproven"
}
