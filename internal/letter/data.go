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
		Steps                      []step
		TakeBy, ReactBy, ResolveBy date
		Internal                   bool // somebody of ours complains
		Mine                       bool // the reader is the handler already
		Withheld                   word // why there is no acknowledgement; "" when there is
		AckHeld                    bool // it waits for release
		Unreadable                 word
		Named                      number // what the message named and was not joined to
		OwnDomain                  bool
		Missing                    []word // what closing needs
		Message                    message
	}

	copied struct {
		notice
		AsksOwner bool
	}

	followup struct {
		Number     number
		Steps      []step
		AnswerBy   date
		ResolveBy  date
		Unproven   bool
		AfterClose bool
		ClosedOn   date
		Missing    []word
		Message    message
	}

	undelivered struct {
		Number number
		Steps  []step
		Letter word
		To     address
		Why    word
	}

	reminders struct {
		Steps        []step
		Items        []reminder
		Improvements []improvement
		Filtered     int
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

func settingsOf(a Academy, t tongue) settings {
	return settings{Name: setting(a.Name), Phone: setting(a.Phone), Hours: setting(a.Hours),
		PrivacyURL: setting(a.PrivacyURL), Address: setting(a.From.Address), Office: t.enumerate(a.Office),
		Spam: setting(cmp.Or(a.Spam, "Klachten/Spam")), Quarantine: setting(cmp.Or(a.Quarantine, "Klachten/Quarantaine"))}
}

// data gathers what the template of a letter may show.
func (b *edition) data(l complaint.Letter, c complaint.Case, o Original, e Envelope) (any, error) {
	s, err := b.steps(l, c, e)
	if err != nil || toComplainant(l.Kind) {
		return b.complainantData(l, c), err
	}
	switch l.Kind {
	case complaint.LetterNotice:
		return b.noticeOf(l, c, b.message(o), s), nil
	case complaint.LetterCopy:
		return copied{b.noticeOf(l, c, b.message(o), s), l.AsksOwner}, nil
	case complaint.LetterFollowup:
		return b.followupOf(l, c, b.message(o), s), nil
	case complaint.LetterUndelivered:
		return undelivered{number(c.Number), s, word(l.Lost.Letter), address(l.Lost.To), word(l.Lost.Why)}, nil
	case complaint.LetterReminders:
		r := reminders{Steps: s, Filtered: l.Filtered}
		for _, i := range l.Reminders {
			r.Items = append(r.Items, reminder{number(i.Number), word(i.Promise), b.date(i.Due), i.Late, i.Severe})
		}
		r.Improvements = b.improvements(l.Actions)
		return r, nil
	case complaint.LetterAlarm:
		return alarm{word(l.Alarm.Kind), l.Alarm.Count}, nil
	case complaint.LetterAccount:
		return b.accountOf(l.Account), nil
	case complaint.LetterDigest:
		return b.digestOf(cmp.Or(l.Digest, &complaint.Digest{}), s, o.Pictures), nil
	}
	if d := b.retentionData(l, s); d != nil {
		return d, nil
	}
	if d := b.staffData(l, c, o, s); d != nil {
		return d, nil
	}
	return b.answerData(l, c, o, s, e)
}

// fromC reports whether a letter shows what C wrote, and its files with it.
func fromC(k complaint.LetterKind) bool {
	return k == complaint.LetterNotice || k == complaint.LetterCopy || k == complaint.LetterFollowup
}

// carries reports whether attachments go along with letters of a kind: those of
// C with what handler and D get of him (security.md 8), those of staff with what
// they belong to.
func carries(k complaint.LetterKind) bool {
	switch k {
	case complaint.LetterReply, complaint.LetterDelay, complaint.LetterClosing, complaint.LetterConsult, complaint.LetterConsulted,
		complaint.LetterResponse, complaint.LetterApproval, complaint.LetterReopened:
		return true
	}
	return fromC(k)
}

func (b *edition) noticeOf(l complaint.Letter, c complaint.Case, m message, s []step) notice {
	m.Unread = l.Unreadable != ""
	n := notice{
		Number: number(c.Number), Steps: s, ReactBy: b.date(c.ReactBy), ResolveBy: b.date(c.ResolveBy),
		Internal: c.Kind == complaint.Internal,
		Mine:     c.Handler != "" && strings.EqualFold(c.Handler, l.To.Address),
		Withheld: word(l.Withheld), AckHeld: l.AckHeld, Unreadable: word(l.Unreadable),
		Named: number(l.NamedNumber), OwnDomain: l.OwnDomain, Missing: missing(l), Message: m,
	}
	if take := c.Promise(complaint.Take); take != nil && take.Open() {
		n.TakeBy = b.date(take.Due)
	}
	return n
}

func (b *edition) followupOf(l complaint.Letter, c complaint.Case, m message, s []step) followup {
	f := followup{Number: number(c.Number), Steps: s, ResolveBy: b.date(c.ResolveBy), Unproven: l.Unproven, AfterClose: l.AfterClose, Missing: missing(l), Message: m}
	if answer := c.Promise(complaint.Answer); answer != nil && answer.Open() {
		f.AnswerBy = b.date(answer.Due)
	}
	if !c.ClosedAt.IsZero() {
		f.ClosedOn = b.date(complaint.DayOf(c.ClosedAt, b.academy.Zone))
	}
	return f
}

// maxText is how much of a message's text stands in a mail; programs fold or
// refuse longer ones, and the message itself is in the mailbox.
const maxText = 64 << 10

func (b *edition) message(o Original) message {
	m := message{Name: oneLine(o.From.Name), Address: address(o.From.Address), Subject: oneLine(o.Subject),
		Received: b.moment(o.At), Files: b.files(o.Enclosed)}
	m.Text, m.Cut = clip(o.Text)
	for _, cc := range o.OthersInCc[:min(len(o.OthersInCc), maxCc)] {
		m.Cc = append(m.Cc, oneLine(cc))
	}
	return m
}

// files are what was attached, in the language of the letter.
func (b *edition) files(e Enclosure) []file {
	var list []file
	for _, f := range e.list {
		f.Size.in = b.language
		list = append(list, f)
	}
	return list
}

// clip shortens a text to maxText.
func clip(text string) (shown passage, cut bool) {
	text = strings.Trim(text, "\r\n")
	if len(text) > maxText {
		text, cut = text[:cutAt(text, maxText)], true
	}
	return passage(strings.TrimRight(text, " \t\r\n")), cut
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
