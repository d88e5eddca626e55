package proof

import (
	"slices"
	"strings"
	"time"
)

// Asked is what a message of staff asks for.
type Asked int

// What can be asked.
const (
	Note     Asked = iota // no command: words for the record
	Reading               // #help, #status, #overzicht
	Command               // anything that changes something
	Register              // #registreer in a fresh mail: the one command that needs no token
	Confirm               // #ja CODE: the answer to a challenge
)

// Action is what is to be done.
type Action string

// What can be done. Mail goes to the registered address alone, never to From.
const (
	NotStaff  Action = "not staff" // anybody's mail
	Ignore    Action = "ignore"    // staff's, but past the gate nothing runs; filed, not answered
	Run       Action = "run"       // Confirm: the command of the challenge
	Answer    Action = "answer"    // Reading
	Ask       Action = "challenge" // send one
	Refuse    Action = "refuse"    // audited, Notice to the registered address and D, no code
	Count     Action = "count"     // not run, nothing sent, a line in the digest
	WrongCode Action = "wrong code"
	Keep      Action = "keep"          // a note, proven
	Unproven  Action = "keep unproven" // a note, kept apart as "afzender niet bewezen"
)

// Why the gate is shut, and what the counts came to.
const (
	NoStaff       Reason = "not in the staff list"
	BadAddress    Reason = "not a plain address"
	IsAutomatic   Reason = "automatic"
	TooOld        Reason = "older than seven days"
	RanBefore     Reason = "executed before"
	Fresh         Reason = "fresh registration"
	ByToken       Reason = "token"
	ByChallenge   Reason = "challenge answered"
	NeedsToken    Reason = "no token"
	NeedsEvidence Reason = "no evidence"
	TooMany       Reason = "too many challenges"
)

// Limits of what an unproven message can make us send to one person.
const (
	MaxChallenges  = 3 // an hour
	MaxFailNotices = 1 // a day
)

// GateDays is how old a command may be when it is looked at, by INTERNALDATE.
const GateDays = 7

// A Member is one person of the staff list.
type Member struct {
	Address string // registered
	Aliases []string
}

// A Request is a message at the gate, with everything that is known about it.
type Request struct {
	FromFields int      // From fields of the message
	From       []string // every mailbox in them; Reply-To, Sender and Return-Path are no one's identity
	Staff      []Member
	Automatic  bool
	Received   time.Time // INTERNALDATE
	Now        time.Time
	Executed   bool // its Message-ID or its content ran before

	Asked     Asked
	Transport Finding
	HasToken  bool   // it refers to an id of ours or holds a Code line
	Token     Reason // of Token.Check, when HasToken
	Challenge Reason // Confirm: of Answered

	Challenges  int // sent to this person in the last hour
	FailNotices int // sent to this person in the last day
}

// An Outcome is what becomes of the message.
type Outcome struct {
	Action Action
	Reason Reason
	Person string // registered address; "" with NotStaff
	Notice bool   // Refuse: a notice goes out; WrongCode: a receipt says so
	Audit  Reason // a token used by another person; else ""
}

// Decide is the table of security.md, Who sent this?
func Decide(r Request) Outcome {
	o, open := r.gate()
	if !open {
		return o
	}
	token := r.HasToken && r.Token == OK
	if r.HasToken && r.Token == OtherPerson {
		o.Audit = OtherPerson
	}
	pass, fail := r.Transport.Evidence == Pass, r.Transport.Evidence == Fail
	switch {
	case r.Asked == Note && !fail && (pass || token):
		return o.does(Keep, r.proof(token))
	case r.Asked == Note:
		return o.does(Unproven, r.Transport.Reason)
	case fail:
		o.Notice = r.FailNotices < MaxFailNotices
		return o.does(Refuse, r.Transport.Reason)
	case r.Asked == Confirm && r.Challenge == OK:
		return o.does(Run, ByChallenge)
	case r.Asked == Confirm:
		o.Notice = pass // without proof, guesses would fill somebody's mailbox
		return o.does(WrongCode, r.Challenge)
	case r.Asked == Reading && (pass || token):
		return o.does(Answer, r.proof(token))
	case r.Asked == Command && pass && token:
		return o.does(Run, ByToken)
	case r.Asked == Register && pass:
		return o.does(Run, Fresh)
	case r.Challenges >= MaxChallenges:
		return o.does(Count, TooMany)
	case pass:
		return o.does(Ask, NeedsToken)
	}
	return o.does(Ask, NeedsEvidence)
}

func (o Outcome) does(a Action, why Reason) Outcome {
	o.Action, o.Reason = a, why
	return o
}

func (r Request) proof(token bool) Reason {
	if token {
		return ByToken
	}
	return r.Transport.Reason
}

// gate lets staff through whose message may be a command at all. A note commands
// nothing, so its age does not matter.
func (r Request) gate() (o Outcome, open bool) {
	if r.FromFields != 1 || len(r.From) != 1 {
		return o.does(NotStaff, NotOneFrom), false
	}
	if !isAddress(r.From[0]) {
		return o.does(NotStaff, BadAddress), false
	}
	o.Person = registered(r.Staff, r.From[0])
	switch {
	case o.Person == "":
		return o.does(NotStaff, NoStaff), false
	case r.Automatic:
		return o.does(Ignore, IsAutomatic), false
	case r.Asked == Note:
		return o, true
	case r.Executed:
		return o.does(Ignore, RanBefore), false
	case r.Received.Before(r.Now.AddDate(0, 0, -GateDays)), r.Received.After(r.Now.AddDate(0, 0, GateDays)):
		return o.does(Ignore, TooOld), false
	}
	return o, true
}

// registered returns the registered address of the person with this address.
func registered(staff []Member, address string) string {
	for _, m := range staff {
		if strings.EqualFold(m.Address, address) ||
			slices.ContainsFunc(m.Aliases, func(a string) bool { return strings.EqualFold(a, address) }) {
			return m.Address
		}
	}
	return ""
}

// isAddress is the strict addr-spec: a dot-atom, @, a host name; at most 254 bytes
// (RFC 5321 4.1.2 without quoted forms and literals, security.md 2). Comparing
// without case is by ASCII then: no K that is a Kelvin sign gets through.
func isAddress(s string) bool {
	local, host, ok := strings.Cut(s, "@")
	if !ok || len(s) > 254 || len(local) > 64 || !isHost(host) {
		return false
	}
	for atom := range strings.SplitSeq(local, ".") {
		if atom == "" || strings.Trim(strings.Map(asciiLower, atom), "abcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~") != "" {
			return false
		}
	}
	return true
}

// asciiLower leaves alone what Unicode would fold into a letter.
func asciiLower(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

func isHost(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if strings.Trim(strings.Map(asciiLower, label), "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return true
}
