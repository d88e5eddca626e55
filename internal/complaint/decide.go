package complaint

import (
	"slices"
	"strings"
	"time"
)

// Decide says what an event leads to. cases is the case it is about; none for a
// complaint that is new.
func Decide(cases []Case, e Event, p Policy) Decision {
	if r, ok := e.(Received); ok {
		return receive(r, p)
	}
	if len(cases) == 0 {
		return Decision{}
	}
	c := cases[0]
	c.Promises = slices.Clone(c.Promises)
	switch e := e.(type) {
	case Followed:
		return follow(c, e, p)
	case Noted:
		return Decision{Cases: []Case{c}, Notes: []Note{{Actor: e.By, Event: "note", Detail: proof(e.Proven)}}}
	case Undelivered:
		return undelivered(c, e, p)
	case Released:
		return Decision{Cases: []Case{c}, Notes: []Note{{Event: "released"}}}
	}
	return Decision{Cases: []Case{c}}
}

// receive opens a case (procedure.md 2, Intake).
func receive(e Received, p Policy) Decision {
	received, today := DayOf(e.At, p.Zone), DayOf(e.Now, p.Zone)
	c := Case{
		Number: e.Number, Kind: e.Kind, State: New, Severity: Normal,
		Complainant: e.From, Subject: e.Subject, Owner: p.Directeur().Address,
		ReceivedAt: e.At, ReactBy: received.Add(p.ReactDays), ResolveBy: received.Add(p.ResolveDays),
		Promises: p.promisesOnReceipt(received, today),
	}
	c.ExpectedOn = c.ResolveBy
	d := Decision{Notes: []Note{{Event: "registered", Detail: string(e.Unreadable)}}}

	deputy, hasDeputy := p.Deputy()
	asks := e.NamesDirecteur && hasDeputy
	if asks {
		c.Owner = deputy.Address
		d.Notes = append(d.Notes, Note{Event: "owner", Detail: "deputy: the message names the directeur"})
	}
	if office := p.officeFor(c); len(p.Office()) == 1 && len(office) == 1 {
		c.Handler, c.State = office[0].Address, InProgress
		c.Promise(Take).FulfilledAt = e.Now
		d.Notes = append(d.Notes, Note{Event: "taken", Detail: c.Handler})
	}
	if e.Withheld != "" {
		d.Notes = append(d.Notes, Note{Event: "acknowledgement withheld", Detail: string(e.Withheld)})
	}
	if e.Quiet {
		d.Notes = append(d.Notes, Note{Event: "imported", Detail: "old: nobody was mailed"})
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

func lettersOnReceipt(c Case, e Received, p Policy, asks bool) []Letter {
	var letters []Letter
	if e.Withheld == "" {
		letters = append(letters, Letter{Kind: LetterAcknowledgement, To: c.Complainant, Promise: Acknowledge, Held: e.Held})
	}
	about := Letter{Withheld: e.Withheld, AckHeld: e.Held, Unreadable: e.Unreadable,
		NamedNumber: e.NamedNumber, OwnDomain: e.OwnDomain}
	for _, s := range p.officeFor(c) {
		if strings.EqualFold(s.Address, c.Owner) {
			continue // the copy is enough
		}
		notice := about
		notice.Kind, notice.To = LetterNotice, s.Party()
		letters = append(letters, notice)
	}
	owner, _ := p.Employee(c.Owner)
	cp := about
	cp.Kind, cp.To, cp.Promise, cp.AsksOwner = LetterCopy, owner.Party(), CopyOwner, asks
	return append(letters, cp)
}

// officeFor is the binnendienst without the complainant: nobody handles his own complaint.
func (p Policy) officeFor(c Case) []Person {
	return slices.DeleteFunc(p.Office(), func(s Person) bool {
		return strings.EqualFold(s.Address, c.Complainant.Address)
	})
}

// follow answers a later mail of the complainant: a promise of an answer, and word to the handler.
func follow(c Case, e Followed, p Policy) Decision {
	d := Decision{Notes: []Note{{Actor: c.Complainant.Address, Event: "followup", Detail: proof(e.Proven)}}}
	due := p.AddWorkdays(DayOf(e.At, p.Zone), answerDays)
	owed := c.Open() && (c.Promise(Answer) == nil || !c.Promise(Answer).Open())
	if owed && !(e.Quiet && due < DayOf(e.Now, p.Zone)) {
		c.Promises = append(c.Promises, Promise{Kind: Answer, MadeOn: DayOf(e.Now, p.Zone), Due: due})
	}
	d.Cases = []Case{c}
	if e.Quiet {
		return d
	}
	for _, s := range p.handlers(c) {
		if !strings.EqualFold(s.Address, c.Complainant.Address) {
			d.Letters = append(d.Letters, Letter{
				Kind: LetterFollowup, To: s.Party(), Unproven: !e.Proven, AfterClose: !c.Open(),
			})
		}
	}
	return d
}

// undelivered opens the promise again that the letter was to keep, and makes it
// somebody's task; never that of the one who could not be reached (security.md 16, 17).
func undelivered(c Case, e Undelivered, p Policy) Decision {
	d := Decision{Notes: []Note{{Event: "undelivered", Detail: string(e.Letter) + ": " + string(e.Why)}}}
	if pr := c.Promise(e.Promise); e.Promise != "" && pr != nil && e.Why != Uncertain {
		pr.FulfilledAt, pr.Evidence = time.Time{}, ""
		pr.BouncedAt = e.Now
	}
	d.Cases = []Case{c}
	if e.Letter == LetterUndelivered || e.Quiet {
		return d // one report about a report is one too many
	}
	to := p.handlers(c)
	if e.Letter != LetterAcknowledgement {
		to = append(slices.Clone(to), p.Directeur())
	}
	seen := map[string]bool{strings.ToLower(e.To): true}
	for _, s := range to {
		if key := strings.ToLower(s.Address); !seen[key] {
			seen[key] = true
			d.Letters = append(d.Letters, Letter{
				Kind: LetterUndelivered, To: s.Party(), Lost: Loss{Letter: e.Letter, To: e.To, Why: e.Why},
			})
		}
	}
	return d
}

func proof(proven bool) string {
	if proven {
		return ""
	}
	return "sender unproven"
}
