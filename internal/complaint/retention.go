package complaint

import (
	"slices"
	"strings"
	"time"
)

// aheadDays is how long before a case is erased the directeur is told (procedure.md 6).
const aheadDays = 30

// A Foretelling is word to the directeur that a case is about to be erased.
type Foretelling struct {
	For Day `json:"for,omitempty"` // the last day on which the case is kept, as it was told
	On  Day `json:"on,omitempty"`
}

// Foretold says that the directeur is told that a case will be erased. Where
// there is nothing to tell the Decision holds no case.
type Foretold struct{ Now time.Time }

func (Foretold) event() {}

// A Keeping is why a case is not erased. "" is: for no reason.
type Keeping string

// The reasons.
const (
	KeptOpen     Keeping = "open"     // it is still being worked on
	KeptTerm     Keeping = "term"     // it was closed too short a time ago
	KeptHold     Keeping = "hold"     // somebody holds it
	KeptOutside  Keeping = "outside"  // it is with the Ooa, or a ruling is still to be carried out
	KeptRequest  Keeping = "request"  // a request of the person is still to be carried out
	KeptForetold Keeping = "foretold" // the directeur was not told in time
)

// KeptUntil is the last day on which a closed case is kept: its term, or a hold
// that lasts longer; "" while it is open.
func (c Case) KeptUntil() Day {
	if c.EraseOn == "" {
		return ""
	}
	return max(c.EraseOn, c.Hold.Until)
}

// Keeps says why retention may not take a case on a day (procedure.md 6). Nobody
// loses a case of which he was not told: between the telling and the erasure lies
// at least a working day, also when klachtd stood still in between.
func (p Policy) Keeps(c Case, today Day) Keeping {
	switch why := c.Barred(today); {
	case why != "":
		return why
	case c.State != Closed || c.EraseOn == "":
		return KeptOpen
	case c.EraseOn >= today:
		return KeptTerm
	case c.place(Request) > 0:
		return KeptRequest
	case c.Foretold.On == "" || c.Foretold.For < c.KeptUntil() || p.AddWorkdays(c.Foretold.On, 1) >= today:
		return KeptForetold
	}
	return ""
}

// Barred says why nobody at all may erase a case on a day, not even at the
// person's own request: a hold, or proceedings (AVG art. 17.3 e).
func (c Case) Barred(today Day) Keeping {
	switch {
	case c.State == Escalated || c.place(Ruling) > 0:
		return KeptOutside
	case c.Hold.Until >= today:
		return KeptHold
	}
	return ""
}

// foretell notes that the directeur is told, on the working day that lies 30 days
// before or, when that was missed, on the first one after it.
func foretell(c Case, now time.Time, p Policy) Decision {
	today := DayOf(now, p.Zone)
	if !p.foretells(c, today) {
		return Decision{}
	}
	c.Foretold = Foretelling{For: c.KeptUntil(), On: today}
	return Decision{Cases: []Case{c}, Notes: []Note{{Event: "erasure foretold", Detail: string(c.Foretold.For)}}}
}

func (p Policy) foretells(c Case, today Day) bool {
	until := c.KeptUntil()
	return c.State == Closed && until != "" && c.place(Ruling) == 0 && c.Foretold.For != until &&
		p.Workday(today) && today >= p.workdayBefore(until.Add(-aheadDays))
}

// Ahead returns the mails about cases that are foretold: one a person, to who acts
// as the directeur in them, else to their office (procedure.md 6).
func (p Policy) Ahead(list []Case, today Day) []Letter {
	items := map[string][]Item{}
	for _, c := range list {
		to := p.officeFor(c)
		if d, ok := p.Director(c, today); ok {
			to = []Person{d}
		}
		for _, s := range to {
			items[s.Address] = append(items[s.Address], Item{Number: c.Number, State: c.State, Severe: c.Severity == Severe,
				Handler: c.Handler, Promise: Erase, Due: c.Foretold.For})
		}
	}
	var letters []Letter
	for _, s := range p.Staff {
		if mine := items[s.Address]; len(mine) > 0 {
			slices.SortStableFunc(mine, func(a, b Item) int {
				return strings.Compare(string(a.Due)+a.Number, string(b.Due)+b.Number)
			})
			letters = append(letters, Letter{Kind: LetterRetentionAhead, To: s.Party(), Items: mine})
		}
	}
	return letters
}

// An Erasure is what a certificate tells: counts, folders and times, and nothing
// of a person (procedure.md 6).
type Erasure struct {
	From, Until time.Time
	Cases       int
	Messages    int           // removed from the mailbox
	Folders     []FolderCount // where they were, by name
	Left        []LeftBehind  // found, and not removed
	Looked      int           // folders that were looked through
	Marked      bool          // the server removes nothing by itself (no UIDPLUS): they were marked alone
	Provider    Provider
	Exports     int // files that the command line had written of them, removed
	Strayed     int // the same, that are not where they were written, or could not be removed
}

// A FolderCount is how many messages were removed from a folder.
type FolderCount struct {
	Folder string
	Count  int
}

// LeftBehind are messages of a folder that were found and not removed.
type LeftBehind struct {
	Folder string
	Count  int
	Why    LeftWhy
}

// LeftWhy is why a message was left.
type LeftWhy string

// The reasons.
const (
	LeftOther   LeftWhy = "other"   // it has the Message-ID, and other content (security.md 28)
	LeftRefused LeftWhy = "refused" // the server did not remove it
)

// A Provider keeps what was removed in a way of its own. "" is none that is known.
type Provider string

// The providers.
const (
	Google    Provider = "google"
	Microsoft Provider = "microsoft"
)

// Copies are the mails about an erased case that a person was sent: he is asked
// to delete them in his own mailbox.
type Copies struct {
	Number string
	Days   []Day // on which they were sent, each once, in order
}

// maxListed is how many cases stand in one mail; what is more goes in the next one.
const maxListed = 100

// DeleteCopies returns the mails that ask people to delete what they were sent.
// copies are by address; who is no longer of the staff is asked nothing.
func (p Policy) DeleteCopies(copies map[string][]Copies) []Letter {
	var letters []Letter
	for _, s := range p.Staff {
		var mine []Copies
		for address, list := range copies {
			if s.has(address) {
				mine = append(mine, list...)
			}
		}
		slices.SortFunc(mine, func(a, b Copies) int { return strings.Compare(a.Number, b.Number) })
		for part := range slices.Chunk(mine, maxListed) {
			letters = append(letters, Letter{Kind: LetterDeleteCopies, To: s.Party(), Copies: part,
				Next: []Order{{Kind: OrderPrivacy, Value: PrivacyDone}}})
		}
	}
	return letters
}

// Certificate is the letter to the directeur about what was erased.
func (p Policy) Certificate(e Erasure) Letter {
	return Letter{Kind: LetterCertificate, To: p.Directeur().Party(), Erased: e}
}

// copiesDeleted is the word of somebody who was sent copies of erased cases that
// he has deleted them. It is about no case: those are gone.
func (w *ordering) copiesDeleted(o Order) Refusal {
	if w.e.CopiesAsked == 0 {
		return Refusal{Reason: RefusedNothing}
	}
	w.copies = true
	w.did(o, "", "")
	return Refusal{}
}
