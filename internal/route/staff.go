package route

import (
	"slices"
	"strings"

	"klachtd/internal/command"
	"klachtd/internal/complaint"
	"klachtd/internal/message"
	"klachtd/internal/proof"
)

// An Ask is what a message of staff asks for, and what its sender has proven
// (procedure.md 3; security.md, Who sent this?).
type Ask struct {
	By      complaint.Person
	Outcome proof.Outcome
	Asked   proof.Asked

	Case    complaint.Case // ID 0: about none
	Hidden  int64          // a case whose number was named by somebody who has nothing to do with it: he is told that there is none
	Orders  []complaint.Order
	Refused []complaint.Refusal // what could not be read: then nothing may run
	Command string              // the commands as codes are bound to them
	Body    string              // what was typed, without quotes, signature and codes
	Code    string              // of #ja
	Form    map[string]string   // the lines of the form that stand in the body
	Labels  bool                // the body has the line `Bericht aan de cursist:`
	Message string              // what stands under it
	Button  Sent                // the letter in which the code of this mail stood; zero: none
	Pending int                 // Run after Confirm: index into Known.Challenges of this person
	ForC    bool                // it reads like a mail to the complainant
	ToC     bool                // it was sent to him, with us in Cc
	InBody  []complaint.Order   // a command on the first line of the body: never run, offered
}

// staff reads a mail of a member of staff.
func (k Known) staff(m message.Message, by complaint.Person, refers []Sent) (*Ask, error) {
	a := &Ask{By: by, Body: proof.RemoveCodes(m.NewText)}
	line := k.line(m, by)
	code, _, hasCode := proof.FindCode(m.Text)
	if err := k.button(a, code, hasCode); err != nil {
		return nil, err
	}
	a.Asked, a.Command = asked(line), canonical(line)
	if err := k.about(a, m, line, refers); err != nil {
		return nil, err
	}
	if len(line.Commands) > 0 || line.Problem.Kind != "" {
		k.orders(a, line)
	} else if c, found := command.FirstLine(a.Body); found {
		a.InBody = k.offered(a, c)
	}
	a.ForC = k.readsLikeReply(a, m)
	return a, k.prove(a, m, refers, hasCode, code)
}

// line is what of the subject this person typed.
func (k Known) line(m message.Message, by complaint.Person) command.Line {
	sent, reply := k.answered(m, by)
	return command.Parse(command.Typed(m.Subject, sent.Subject, reply))
}

// commanded reports whether an employee gave a command, also about his own
// complaint: there it is refused, and no word of his as its complainant.
func (k Known) commanded(m message.Message, by complaint.Person) bool {
	return !k.Archived && len(k.line(m, by).Commands) > 0
}

// answered returns the letter of ours that the mail answers directly and that
// was issued to this person: References alone is not enough for the subtraction.
func (k Known) answered(m message.Message, by complaint.Person) (Sent, bool) {
	for _, id := range append(slices.Clone(m.InReplyTo), m.OriginalID) {
		if id == "" {
			continue
		}
		if sent, ours, err := k.ByID(id); err == nil && ours && strings.EqualFold(sent.To, by.Address) {
			return sent, true
		}
	}
	return Sent{}, false
}

func (k Known) button(a *Ask, code string, has bool) error {
	if !has {
		return nil
	}
	sent, _, found, err := k.Proof.ByCode(proof.HashCode(code))
	if found {
		a.Button = sent
	}
	return err
}

// about finds the case: the number that was typed, then the thread's or the
// button's, then one in the subject.
func (k Known) about(a *Ask, m message.Message, line command.Line, refers []Sent) error {
	number := complaint.FindNumber(line.Number)
	if line.Number != "" && number == "" {
		return nil // mistyped: it is no other case
	}
	if number == "" {
		if s, found := theirs(a.By, append([]Sent{a.Button}, refers...)); found {
			c, found, err := k.ByCase(s.CaseID)
			if found {
				a.Case = c
			}
			return err
		}
		number = complaint.FindNumber(m.Subject)
	}
	c, found, err := k.number(number)
	switch {
	case found && k.knows(a, c, refers):
		a.Case = c
	case found:
		a.Hidden = c.ID
	}
	return err
}

// knows: a note says nothing back, so it may always join; whoever had a mail of
// ours about the case knows its number.
func (k Known) knows(a *Ask, c complaint.Case, refers []Sent) bool {
	return a.Asked == proof.Note || k.Policy.Knows(c, a.By, complaint.DayOf(k.Now, k.Policy.Zone)) ||
		slices.ContainsFunc(append([]Sent{a.Button}, refers...), func(s Sent) bool {
			return s.CaseID == c.ID && strings.EqualFold(s.To, a.By.Address)
		})
}

// theirs is the first of these letters about a case: one that was issued to this
// person before one that was not, as when a colleague passed it on.
func theirs(by complaint.Person, letters []Sent) (first Sent, found bool) {
	for _, s := range letters {
		if s.CaseID != 0 && strings.EqualFold(s.To, by.Address) {
			return s, true
		}
		if s.CaseID != 0 && !found {
			first, found = s, true
		}
	}
	return first, found
}

// asked says what kind of proof the commands need.
func asked(l command.Line) proof.Asked {
	switch {
	case len(l.Commands) == 0 && l.Problem.Kind == "":
		return proof.Note
	case l.Has(command.Yes):
		return proof.Confirm
	case l.Has(command.Register) && l.Number == "":
		return proof.Register
	}
	for _, c := range l.Commands {
		if c.Word != command.Help && c.Word != command.Status && c.Word != command.List {
			return proof.Command
		}
	}
	return proof.Reading
}

// canonical writes commands as codes are bound to them: in Dutch, without number.
func canonical(l command.Line) string {
	var words []string
	for _, c := range l.Commands {
		words = append(words, command.New(c.Word, c.Value, false).String())
	}
	return strings.Join(words, " ")
}

// Bound is what a code is bound to: a command, or where the button leaves its
// value open, the word alone.
func Bound(words string, open bool) string {
	l := command.Parse(words)
	if !open || len(l.Commands) != 1 {
		return canonical(l)
	}
	return command.New(l.Commands[0].Word, "", false).String() + " …"
}

// readsLikeReply finds what was perhaps meant for the complainant: it begins
// with a greeting of him, or was sent to him with us in Cc.
func (k Known) readsLikeReply(a *Ask, m message.Message) bool {
	if a.Case.ID == 0 || a.Asked != proof.Note {
		return false
	}
	c := a.Case.Complainant
	for _, to := range slices.Concat(m.To, m.Cc) {
		if c.Address != "" && strings.EqualFold(to.Address, c.Address) {
			a.ToC = true
			return true
		}
	}
	first, _, _ := strings.Cut(strings.TrimSpace(a.Body), "\n")
	first = strings.ToLower(first)
	for _, greeting := range []string{"beste ", "geachte ", "dear ", "hallo ", "hoi ", "dag "} {
		rest, greets := strings.CutPrefix(first, greeting)
		if !greets {
			continue
		}
		for name := range strings.FieldsSeq(strings.ToLower(c.Name)) {
			if len(name) > 2 && strings.Contains(rest, name) {
				return true
			}
		}
		return strings.Contains(rest, "heer") || strings.Contains(rest, "mevrouw") || strings.Contains(rest, "cursist")
	}
	return false
}

// prove asks the room that knows.
func (k Known) prove(a *Ask, m message.Message, refers []Sent, hasCode bool, code string) error {
	r := proof.Request{FromFields: m.FromFields, Staff: members(k.Policy.Staff), Automatic: m.AutoSubmitted || m.Certain,
		Received: k.Received, Now: k.Now, Asked: a.Asked}
	for _, f := range m.From {
		r.From = append(r.From, f.Address)
	}
	var err error
	if r.Executed, err = k.Proof.Executed(m.MessageID); err != nil {
		return err
	}
	r.Transport = k.Proof.Transport
	if r.HasToken, r.Token, err = k.token(a, refers, hasCode, code); err != nil {
		return err
	}
	if r.Challenges, r.FailNotices, err = k.Proof.Counts(a.By.Address); err != nil {
		return err
	}
	if a.Asked == proof.Confirm {
		list, err := k.Proof.Challenges(a.By.Address)
		if err != nil {
			return err
		}
		a.Pending, r.Challenge = proof.Answered(list, k.Proof.Keyed, a.Code, a.By.Address, k.Now)
	}
	a.Outcome = proof.Decide(r)
	return nil
}

// Evidence weighs what the transport says about a mail; signatures are verified
// of staff's alone, since everybody else could make us ask DNS whatever he likes.
// It may ask DNS, so it is not for within a transaction.
func Evidence(m message.Message, raw []byte, partial bool, p complaint.Policy, c proof.Config) proof.Finding {
	from, usable := sender(m)
	by, staff := p.Employee(from.Address)
	if !usable || c.Profile == proof.ProfileDKIM && (!staff || partial) { // what is cut off would seem forged
		return proof.Finding{}
	}
	return proof.Transport(raw, proof.Sender{Address: from.Address, Logins: logins(by)}, c)
}

func logins(by complaint.Person) []string {
	if by.Address == "" {
		return nil
	}
	return append([]string{by.Address}, by.Aliases...)
}

// Roles writes the roles of a member of staff, for letters whose tokens end with them.
func Roles(p complaint.Person) string {
	var words []string
	for _, r := range p.Roles {
		words = append(words, string(r))
	}
	if p.Deputy {
		words = append(words, "deputy")
	}
	return strings.Join(words, " ")
}

func members(staff []complaint.Person) []proof.Member {
	list := make([]proof.Member, len(staff))
	for i, s := range staff {
		list[i] = proof.Member{Address: s.Address, Aliases: s.Aliases}
	}
	return list
}

// token tries what the mail holds of ours: one that fits is enough.
func (k Known) token(a *Ask, refers []Sent, hasCode bool, code string) (has bool, why proof.Reason, err error) {
	use := proof.Use{Person: a.By.Address, Case: a.Case.ID, Command: k.Proof.Hash(a.Command), At: k.Now}
	why = proof.Unknown
	try := func(s Sent, h proof.Hash, command string) {
		use := use
		if command != "" && command == k.Proof.Hash(Bound(a.Command, true)) {
			use.Command = command // the button left the value open
		}
		t := proof.NewToken(h, s.To, s.CaseID, command, "", s.At)
		t.Ended = s.Void || s.Roles != Roles(a.By) || s.At.Before(a.Case.ClosedAt) || s.At.Before(a.Case.EndedAt)
		got := t.Check(use)
		if !has || got == proof.OK || why != proof.OK && got == proof.OtherPerson {
			why = got
		}
		has = true
	}
	if hasCode {
		h := proof.HashCode(code)
		sent, command, found, err := k.Proof.ByCode(h)
		if err != nil {
			return false, "", err
		}
		if found {
			try(sent, h, command)
		} else {
			has = true
		}
	}
	for _, s := range refers {
		shown, err := k.Proof.Shown(s.MessageID)
		if err != nil {
			return false, "", err
		}
		if shown { // no secret any more: it costs a question
			has = true
			continue
		}
		try(s, proof.HashID(s.MessageID), "")
	}
	return has, why, nil
}
