package letter

import (
	"fmt"
	"strings"

	"klachtd/internal/complaint"
)

// Each letter has a type of its own for what its template may say. Those of the
// acknowledgement, the reminders and the alarm have no field that could hold
// content (security.md 22).

// house is what every template knows.
type house struct {
	Academy, Phone, Hours, PrivacyURL Text
	formal                            bool
}

// Form is the words for the academy's form of address.
func (h house) Form(je, u string) string {
	if h.formal {
		return u
	}
	return je
}

// acknowledgement is for the complainant: number and terms, nothing that he wrote
// (security.md 14).
type acknowledgement struct {
	house
	Number, ReactBy, ResolveBy Text
}

// about is what staff are told of a case and of the message at hand.
type about struct {
	house
	Number, ReactBy, ResolveBy Text
	Name, Address              Text // of the sender; Address is "" when it cannot be used
	At                         Text
	Subject, Words             Text
	Attached, Left             []file // files that go along, and those that do not
	OthersInCc                 []Text
	NamedNumber                Text
	OwnDomain                  bool
	TooLarge, Broken           bool
}

// notice is for the binnendienst, and for D with what only D is asked.
type notice struct {
	about
	Internal  bool
	Withheld  Text // why nobody was acknowledged, "" when somebody was
	AckHeld   bool
	TakeBy    Text // "" when somebody has taken it
	Mine      bool // the receiver has it
	AsksOwner bool
}

// followup is for the handler.
type followup struct {
	about
	AnswerBy             Text
	Unproven, AfterClose bool
}

// undelivered says which of our mails did not arrive; To is an address that we know.
type undelivered struct {
	house
	Number, What, To, Why Text
	ToComplainant         bool
}

// reminders is the bundle of a person and a day.
type reminders struct {
	house
	Late, Due []reminder
	Filtered  int
}

type reminder struct {
	Number, What, By Text
	Severe           bool
}

// alarm is a technical matter.
type alarm struct {
	house
	Kind  complaint.AlarmKind
	Count int
}

// data chooses what the template of a letter gets, and the files that go along.
func (b *Book) data(l complaint.Letter, c complaint.Case, o Original) (any, []Attachment) {
	h := house{Text(b.a.Name), Text(b.a.Phone), Text(b.a.Hours), Text(b.a.PrivacyURL), b.a.Formal}
	switch l.Kind {
	case complaint.LetterAcknowledgement:
		return acknowledgement{h, Text(c.Number), day(c.ReactBy), day(c.ResolveBy)}, nil
	case complaint.LetterNotice, complaint.LetterCopy:
		a, files := b.about(h, l, c, o)
		n := notice{about: a, Internal: c.Kind == complaint.Internal, Withheld: withheld[l.Withheld],
			AckHeld: l.AckHeld, Mine: strings.EqualFold(c.Handler, l.To.Address), AsksOwner: l.AsksOwner}
		if p := c.Promise(complaint.Take); p != nil && p.Open() {
			n.TakeBy = day(p.Due)
		}
		return n, files
	case complaint.LetterFollowup:
		a, files := b.about(h, l, c, o)
		f := followup{about: a, Unproven: l.Unproven, AfterClose: l.AfterClose}
		if p := c.Promise(complaint.Answer); p != nil {
			f.AnswerBy = day(p.Due)
		}
		return f, files
	case complaint.LetterUndelivered:
		return undelivered{h, Text(c.Number), names[l.Lost.Letter], Text(l.Lost.To), failures[l.Lost.Why],
			strings.EqualFold(l.Lost.To, c.Complainant.Address)}, nil
	case complaint.LetterReminders:
		r := reminders{house: h, Filtered: l.Filtered}
		for _, x := range l.Reminders {
			item := reminder{Text(x.Number), promises[x.Promise], day(x.Due), x.Severe}
			if x.Late {
				r.Late = append(r.Late, item)
			} else {
				r.Due = append(r.Due, item)
			}
		}
		return r, nil
	}
	return alarm{h, l.Alarm.Kind, l.Alarm.Count}, nil
}

func (b *Book) about(h house, l complaint.Letter, c complaint.Case, o Original) (about, []Attachment) {
	a := about{house: h, Number: Text(c.Number), ReactBy: day(c.ReactBy), ResolveBy: day(c.ResolveBy),
		Name: Text(o.From.Name), Address: Text(o.From.Address), At: moment(o.At, b.a.Zone),
		Subject: Text(o.Subject), Words: Text(short(o.Text)),
		NamedNumber: Text(l.NamedNumber), OwnDomain: l.OwnDomain,
		TooLarge: l.Unreadable == complaint.UnreadableSize, Broken: l.Unreadable == complaint.UnreadableBroken}
	for _, x := range o.OthersInCc {
		a.OthersInCc = append(a.OthersInCc, Text(x))
	}
	files, attached, left := sort(o.Attachments)
	a.Attached, a.Left = attached, left
	return a, files
}

// maxText is how much of a message stands in a letter; the whole of it is in the
// dossier and in the mailbox.
const maxText = 50_000

func short(text string) string {
	if len(text) <= maxText {
		return text
	}
	return strings.ToValidUTF8(text[:maxText], "") + "\n[…]"
}

// try writes every letter with sample data, so that a template that cannot be
// used is found at start.
func (b *Book) try() error {
	hostile := "\r\nBcc: x@y.example\n# **Klik** <a href=\"https://kwaad.example\">hier</a> | ? > ~ {{.Number}} \uE041\uF000https://kwaad.example\uF001hier\uF002\u202e"
	c := complaint.Case{Number: "K2026-482932", ReactBy: "2026-11-30", ResolveBy: "2026-12-21", Promises: []complaint.Promise{
		{Kind: complaint.Take, Due: "2026-11-25"}, {Kind: complaint.Answer, Due: "2026-11-30"}}}
	o := Original{From: complaint.Party{Name: hostile, Address: "jan@voorbeeld.example"}, Subject: hostile, Text: hostile,
		Attachments: []Attachment{{Name: hostile, ContentType: "application/pdf", Data: []byte("x"), Size: 1}, {Name: "x.exe"}},
		OthersInCc:  []string{"piet@voorbeeld.example"}}
	for _, k := range kinds {
		for _, all := range []bool{false, true} {
			l := complaint.Letter{Kind: k, To: complaint.Party{Name: "Bas", Address: "bas@academie.example"}}
			if all {
				l.Withheld, l.AckHeld, l.Unreadable = complaint.WithheldLimit, true, complaint.UnreadableSize
				l.NamedNumber, l.OwnDomain, l.AsksOwner, l.Unproven, l.AfterClose = c.Number, true, true, true, true
				l.Lost = complaint.Loss{Letter: complaint.LetterCopy, To: "dewi@academie.example", Why: complaint.Bounced}
				l.Reminders = []complaint.Reminder{{Number: c.Number, Promise: complaint.React, Due: "2026-11-30", Late: true, Severe: true},
					{Number: c.Number, Promise: complaint.Resolve, Due: "2026-12-21"}}
				l.Filtered, l.Alarm = 2, complaint.Alarm{Kind: complaint.AlarmHeld, Count: 2}
			}
			if _, err := b.Write(l, c, o, Envelope{ID: "sample@academie.example"}); err != nil {
				return fmt.Errorf("try templates: %w", err)
			}
		}
	}
	return nil
}
