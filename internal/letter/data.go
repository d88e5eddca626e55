package letter

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"klachtd/internal/complaint"
)

// Each letter has its own type of data: what it has no field for cannot stand in
// it (security.md 22). The fields are what templates/README.md lists.
type (
	acknowledgement struct {
		Number             number
		ReactBy, ResolveBy date
	}

	notice struct {
		Number                     number
		TakeBy, ReactBy, ResolveBy date
		Internal                   bool // somebody of ours complains
		Mine                       bool // the reader is the handler already
		Withheld                   word // why there is no acknowledgement; "" when there is
		AckHeld                    bool // it waits for release
		Unreadable                 word
		Named                      number // what the message named and was not joined to
		OwnDomain                  bool
		Message                    message
	}

	copied struct {
		notice
		AsksOwner bool
	}

	followup struct {
		Number     number
		AnswerBy   date
		ResolveBy  date
		Unproven   bool
		AfterClose bool
		ClosedOn   date
		Message    message
	}

	undelivered struct {
		Number number
		Letter word
		To     address
		Why    word
	}

	reminders struct {
		Items    []reminder
		Filtered int
	}

	reminder struct {
		Number       number
		Promise      word
		Due          date
		Late, Severe bool
	}

	alarm struct {
		Kind  word
		Count int
	}
)

// A message is what somebody outside wrote.
type message struct {
	Name     line
	Address  address
	Received moment
	Cc       []line
	Subject  line
	Text     passage
	Cut      bool // there was more text than fits
	Unread   bool // what there is of it could not be read
	Files    []file
}

// A file is a line in the list of attachments.
type file struct {
	Name    line
	Size    size
	Left    word // why it does not go along; "" when it does
	Winmail bool
}

// settings are what templates may say about the academy: {{academy.Phone}}.
type settings struct {
	Name, Phone, Hours, PrivacyURL, Address, Office setting
	Spam, Quarantine                                setting
}

func settingsOf(a Academy) settings {
	return settings{Name: setting(a.Name), Phone: setting(a.Phone), Hours: setting(a.Hours),
		PrivacyURL: setting(a.PrivacyURL), Address: setting(a.From.Address), Office: enumerate(a.Office),
		Spam: setting(cmp.Or(a.Spam, "Klachten/Spam")), Quarantine: setting(cmp.Or(a.Quarantine, "Klachten/Quarantaine"))}
}

// data gathers what the template of a letter may show, and reports whether the
// attachments go along with it (security.md 8: to the handler and D alone).
func (b *Book) data(l complaint.Letter, c complaint.Case, o Original) (any, bool) {
	switch l.Kind {
	case complaint.LetterAcknowledgement:
		return acknowledgement{number(c.Number), date(c.ReactBy), date(c.ResolveBy)}, false
	case complaint.LetterNotice:
		return noticeOf(l, c, b.message(o)), true
	case complaint.LetterCopy:
		return copied{noticeOf(l, c, b.message(o)), l.AsksOwner}, true
	case complaint.LetterFollowup:
		return b.followupOf(l, c, b.message(o)), true
	case complaint.LetterUndelivered:
		return undelivered{number(c.Number), word(l.Lost.Letter), address(l.Lost.To), word(l.Lost.Why)}, false
	case complaint.LetterReminders:
		r := reminders{Filtered: l.Filtered}
		for _, i := range l.Reminders {
			r.Items = append(r.Items, reminder{number(i.Number), word(i.Promise), date(i.Due), i.Late, i.Severe})
		}
		return r, false
	case complaint.LetterAlarm:
		return alarm{word(l.Alarm.Kind), l.Alarm.Count}, false
	}
	return nil, false
}

func noticeOf(l complaint.Letter, c complaint.Case, m message) notice {
	m.Unread = l.Unreadable != ""
	n := notice{
		Number: number(c.Number), ReactBy: date(c.ReactBy), ResolveBy: date(c.ResolveBy),
		Internal: c.Kind == complaint.Internal,
		Mine:     c.Handler != "" && strings.EqualFold(c.Handler, l.To.Address),
		Withheld: word(l.Withheld), AckHeld: l.AckHeld, Unreadable: word(l.Unreadable),
		Named: number(l.NamedNumber), OwnDomain: l.OwnDomain, Message: m,
	}
	if take := c.Promise(complaint.Take); take != nil && take.Open() {
		n.TakeBy = date(take.Due)
	}
	return n
}

func (b *Book) followupOf(l complaint.Letter, c complaint.Case, m message) followup {
	f := followup{Number: number(c.Number), ResolveBy: date(c.ResolveBy), Unproven: l.Unproven, AfterClose: l.AfterClose, Message: m}
	if answer := c.Promise(complaint.Answer); answer != nil && answer.Open() {
		f.AnswerBy = date(answer.Due)
	}
	if !c.ClosedAt.IsZero() {
		f.ClosedOn = date(complaint.DayOf(c.ClosedAt, b.academy.Zone))
	}
	return f
}

// maxText is how much of a message's text stands in a mail; programs fold or
// refuse longer ones, and the message itself is in the mailbox.
const maxText = 64 << 10

func (b *Book) message(o Original) message {
	m := message{Name: oneLine(o.From.Name), Address: address(o.From.Address), Subject: oneLine(o.Subject)}
	if !o.At.IsZero() {
		m.Received = moment{o.At.In(b.academy.Zone)}
	}
	text := strings.Trim(o.Text, "\r\n")
	if len(text) > maxText {
		text, m.Cut = text[:cutAt(text, maxText)], true
	}
	m.Text = passage(strings.TrimRight(text, " \t\r\n"))
	for _, cc := range o.OthersInCc[:min(len(o.OthersInCc), maxCc)] {
		m.Cc = append(m.Cc, oneLine(cc))
	}
	m.Files = o.Enclosed.list
	return m
}

// maxCc is how many people in Cc are shown.
const maxCc = 20

// cutAt returns the last place at or before n that is not inside a character.
func cutAt(s string, n int) int {
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}
