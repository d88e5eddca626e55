// Package route says what a message is: a complaint, a reply, a note of staff, a
// delivery report, something automatic, spam; and whether it may be acknowledged.
// What follows from that is decided by package complaint.
package route

import (
	"slices"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/form"
	"klachtd/internal/message"
	"klachtd/internal/proof"
)

// What a message turned out to be.
type What string

// The answers; they stand in the receipt of each message.
const (
	Complaint   What = "registered"
	Followup    What = "followup"
	Answered    What = "answered" // the question how content the complainant is
	Note        What = "note"
	Command     What = "command"
	Refusal     What = "refused"
	Asking      What = "choice"
	Duplicate   What = "duplicate"
	Automatic   What = "automatic"
	Bounce      What = "bounce"
	Spam        What = "spam"
	Quarantined What = "quarantined"
)

// Keys of imap.folders.
const (
	Handled    = "handled"
	Auto       = "automatic"
	Junk       = "spam"
	Quarantine = "quarantine"
)

// A Sent is a mail of ours that a message refers to.
type Sent struct {
	LetterID  int64
	CaseID    int64  // 0: of no case
	To        string // whom it was issued to
	MessageID string
	Subject   string
	At        time.Time
	Roles     string // of the member of staff it went to
	Kind      complaint.LetterKind
	Choice    int64 // of the mail that it asked about; 0: none
	Void      bool  // of before a restore: it proves nothing any more
}

// Known is what the house knows; the funcs look it up.
type Known struct {
	Now      time.Time
	Received time.Time // INTERNALDATE
	Partial  bool      // too large: only its beginning is at hand
	Archived bool      // out of an archive: no command in it runs, nobody is asked
	Own      []string  // our own addresses
	Since    time.Time // imap.since
	Policy   complaint.Policy
	Proof    Proof
	ByID     func(messageID string) (Sent, bool, error)        // a mail of ours
	ByNumber func(number string) (complaint.Case, bool, error) // a case
	ByCase   func(id int64) (complaint.Case, bool, error)
}

// Proof is what is needed to see whether a member of staff is who he says.
type Proof struct {
	Transport  proof.Finding // of Evidence
	Keyed      proof.Keyed
	Hash       func(command string) string                                         // under which commands are bound to codes
	ByCode     func(proof.Hash) (sent Sent, command string, found bool, err error) // the letter with that code
	Executed   func(messageID string) (bool, error)                                // its commands ran before
	Shown      func(messageID string) (bool, error)                                // a letter's id has left the house
	Counts     func(person string) (challenges, failNotices int, err error)        // of the last hour, the last day
	Challenges func(person string) ([]proof.Challenge, error)                      // that wait for a code
}

// A Verdict is what a message is and what may be done about it.
type Verdict struct {
	What   What
	Reason string // a fixed word or two, for the record
	Folder string // key of imap.folders
	CaseID int64  // Followup, Note; Answered: 0 when the case is gone; Bounce: of the letter
	Letter Sent   // Bounce: the letter, when it is ours
	Failed bool   // Bounce: for good

	Proven      bool   // Followup, Note: by a Message-ID issued to the sender
	Score       int    // Answered
	Text        string // Answered: the explanation
	Other       bool   // Answered: from another address than the complainant's
	By          string // Note: address of the member of staff
	From        complaint.Party
	Kind        complaint.Kind
	Withheld    complaint.Withheld
	Unreadable  complaint.Unreadable
	NamedNumber string
	OwnDomain   bool
	Ask         *Ask              // Staff
	Form        map[string]string // Complaint, Followup: what was filled in
	Shown       []string          // Note, Command: Message-IDs of letters that others see by this mail
	TokenOf     int64             // Complaint, Followup: the case of a letter that it answers and that went to somebody else
	OthersInCc  []string          // addresses, shown to the binnendienst (security.md 18)
}

// Classify says what a message is. An error is one of looking up.
func Classify(m message.Message, k Known) (Verdict, error) {
	refers, err := k.refers(m)
	if err != nil {
		return Verdict{}, err
	}
	if v, done, err := k.machine(m); done || err != nil {
		return v, err
	}
	from, usable := sender(m)
	number := complaint.FindNumber(m.Subject)
	if usable {
		staff, ok := k.Policy.Employee(from.Address)
		v, joined, err := k.byComplainant(m, from, refers, number)
		if err != nil || joined && !(ok && k.commanded(m, staff)) {
			v.TokenOf = tokenOfOthers(refers, from)
			return v, err
		}
		if ok {
			if v, done, err := k.byStaff(m, staff, refers); done || err != nil {
				return v, err
			}
		}
	}
	if usable {
		if v, done, err := k.byCode(m, from); done || err != nil {
			return v, err
		}
	}
	if m.Spam {
		return Verdict{What: Spam, Reason: "marked by the server", Folder: Junk}, nil
	}
	if number == "" {
		if number, err = k.numberOf(refers); err != nil {
			return Verdict{}, err
		}
	}
	v := k.fresh(m, from, usable, number)
	v.TokenOf = tokenOfOthers(refers, from)
	return v, nil
}

// tokenOfOthers is the case of the first letter about one that went to somebody else;
// that it is used by another is audited (security.md, K). 0: none.
func tokenOfOthers(refers []Sent, from complaint.Party) int64 {
	for _, s := range refers {
		if s.CaseID != 0 && !strings.EqualFold(s.To, from.Address) {
			return s.CaseID
		}
	}
	return 0
}

// machine files what no person wrote (security.md B): it is never registered
// and never answered.
func (k Known) machine(m message.Message) (Verdict, bool, error) {
	if _, ours, err := k.ByID(m.MessageID); err != nil || ours && m.MessageID != "" {
		return Verdict{What: Automatic, Reason: "a mail of ours", Folder: Auto}, true, err
	}
	switch {
	case m.Bounce:
		v := Verdict{What: Bounce, Reason: "about no mail of ours", Folder: Auto}
		if m.BounceFor == "" {
			return v, true, nil
		}
		letter, ours, err := k.ByID(m.BounceFor)
		if ours {
			v.Letter, v.CaseID, v.Failed, v.Reason = letter, letter.CaseID, m.BounceFailed, "about a mail of ours"
		}
		return v, true, err
	case m.Receipt:
		return Verdict{What: Automatic, Reason: "read receipt", Folder: Auto}, true, nil
	case m.Certain:
		return Verdict{What: Automatic, Reason: "automatic mail", Folder: Auto}, true, nil
	}
	return Verdict{}, false, nil
}

// refers returns the mails of ours that the message answers.
func (k Known) refers(m message.Message) ([]Sent, error) {
	var list []Sent
	ids := slices.Concat(m.InReplyTo, lastFew(m.References), []string{m.OriginalID})
	for i, id := range ids {
		if id == "" || slices.Contains(ids[:i], id) {
			continue
		}
		sent, ours, err := k.ByID(id)
		if err != nil {
			return nil, err
		}
		if ours {
			list = append(list, sent)
		}
	}
	return list, nil
}

// maxReferences bounds the looking up; mail programs keep the last ones when they cut.
const maxReferences = 30

func lastFew(ids []string) []string { return ids[max(0, len(ids)-maxReferences):] }

// sender returns who wrote, and whether that is exactly one usable address
// (security.md 1, 2). Reply-To is never identity.
func sender(m message.Message) (complaint.Party, bool) {
	if m.FromFields != 1 || len(m.From) != 1 || m.FromHidden || !m.From[0].Valid() {
		return complaint.Party{}, false
	}
	return complaint.Party{Name: m.From[0].Name, Address: m.From[0].Address}, true
}

// byStaff says what a mail of staff is: commands, a note, or something that its
// sender has to tell. Nothing that staff write reaches the complainant without a
// command (procedure.md 3). It is done unless the mail is to be taken as anybody's.
func (k Known) byStaff(m message.Message, s complaint.Person, refers []Sent) (v Verdict, done bool, err error) {
	v = Verdict{Folder: Handled, By: s.Address, From: s.Party()}
	ask, err := k.staff(m, s, refers)
	if err != nil {
		return v, false, err
	}
	v.Ask, v.CaseID, v.Shown = ask, ask.Case.ID, k.shown(m, refers)
	if k.Archived {
		v.What, v.Reason = Note, "sender unproven"
		return v, v.CaseID != 0, nil
	}
	switch ask.Outcome.Action {
	case proof.Run, proof.Answer:
		v.What, v.Proven = Command, true
	case proof.Keep, proof.Unproven:
		v.What, v.Proven = Note, ask.Outcome.Action == proof.Keep
		if !v.Proven {
			v.Reason = "sender unproven"
		}
		if v.CaseID == 0 {
			v.What = Asking
		}
	case proof.Ignore, proof.NotStaff:
		v.What, v.Folder, v.Reason = Automatic, Auto, string(ask.Outcome.Reason)
	default:
		v.What, v.Reason = Refusal, string(ask.Outcome.Reason)
	}
	return v, v.Proven || v.CaseID != 0 || !m.Spam, nil // whoever has proven nothing is not above the server's mark
}

// shown are the letters whose ids go to people outside with a mail of staff: one of
// those could send that id back under a subject of his own, for staff to answer.
func (k Known) shown(m message.Message, refers []Sent) []string {
	outside := func(a message.Address) bool {
		_, staff := k.Policy.Employee(a.Address)
		return !staff && !k.isOwn(a.Address)
	}
	if !slices.ContainsFunc(slices.Concat(m.To, m.Cc), outside) {
		return nil
	}
	var ids []string
	for _, s := range refers {
		ids = append(ids, s.MessageID)
	}
	return ids
}

// byComplainant joins a mail to a case only when its complainant sent it:
// plainly with a token, marked as unproven with the number alone (security.md 18).
func (k Known) byComplainant(m message.Message, from complaint.Party, refers []Sent, number string) (Verdict, bool, error) {
	v := Verdict{What: Followup, Folder: Handled, From: from}
	for _, sent := range refers {
		if sent.CaseID == 0 || !strings.EqualFold(sent.To, from.Address) {
			continue
		}
		c, found, err := k.ByCase(sent.CaseID)
		if err != nil {
			return v, false, err
		}
		if found && strings.EqualFold(c.Complainant.Address, from.Address) {
			v.CaseID, v.Proven = c.ID, !k.forged() && !sent.Void
			v.Form = filledIn(m.Text)
			v.answers(m, c, sent)
			return v, true, nil
		}
	}
	c, found, err := k.number(number)
	if err != nil || !found || !strings.EqualFold(c.Complainant.Address, from.Address) {
		return v, false, err
	}
	v.CaseID, v.Reason = c.ID, "sender unproven"
	v.Form = filledIn(m.Text)
	v.answers(m, c, Sent{})
	return v, true, nil
}

// filledIn are the lines of the form in a mail of the complainant.
func filledIn(text string) map[string]string {
	fields, _ := form.Parse(text)
	return settled(fields)
}

// settled writes a plain yes to sharing the name as "ja": what is anything else is
// no leave to the rules.
func settled(fields form.Fields) map[string]string {
	if fields.SharesName() == form.Yes {
		fields[form.ShareName] = "ja"
	}
	return fields
}

func (k Known) number(number string) (complaint.Case, bool, error) {
	if number == "" {
		return complaint.Case{}, false, nil
	}
	return k.ByNumber(number)
}

// numberOf names the case that a stranger's mail refers to, for the binnendienst alone.
func (k Known) numberOf(refers []Sent) (string, error) {
	for _, sent := range refers {
		if sent.CaseID != 0 {
			c, _, err := k.ByCase(sent.CaseID)
			return c.Number, err
		}
	}
	return "", nil
}
