// Package proof says who sent a message, as far as that can be shown: by what our
// own mail server wrote about its arrival (transport evidence, T), by a token that
// only one person was given (K), and by a code that went to his registered address
// (a challenge). It decides whether a command may run and does no I/O: DNS, keys,
// randomness and time are arguments. What a command means, and whether this person
// may give it, is left to others (security.md, Who sent this?).
//
// Authentication-Results, ARC and the marks of Exchange are read here and nowhere
// else, and here only where our own server stands behind them (security.md 7).
package proof

import (
	"slices"
	"strings"
)

// Evidence is what the transport says about the sender.
type Evidence int

// The answers. None is no accusation: it costs one more mail.
const (
	None Evidence = iota
	Pass
	Fail
)

// String gives the word for the audit.
func (e Evidence) String() string { return [...]string{"none", "pass", "fail"}[e] }

// Profile is how a mail server tells what it knows (authentication.profile).
type Profile string

// The profiles there are.
const (
	ProfileNone    Profile = "none"
	ProfileRFC8601 Profile = "rfc8601"
	ProfileM365    Profile = "m365"
	ProfileGoogle  Profile = "google"
	ProfileDKIM    Profile = "dkim"
)

// Reason is why an answer is what it is: fixed words for the audit, never a word
// of the message (security.md 23).
type Reason string

// Why the evidence is what it is.
const (
	ByDMARC    Reason = "dmarc pass"
	ByLogin    Reason = "login of the sender"
	ByInternal Reason = "sent inside the organisation"
	ByDKIM     Reason = "signature of the domain"

	DMARCFailed    Reason = "dmarc fail"
	AuthFailed     Reason = "auth fail"
	CompauthFailed Reason = "compauth fail"
	DKIMFailed     Reason = "signature does not verify"

	NoProfile     Reason = "no profile"
	BrokenHeader  Reason = "broken header"
	NotOneFrom    Reason = "not exactly one sender"
	NoResults     Reason = "no results of our server"
	NotOnTop      Reason = "results not on top"
	ForeignID     Reason = "results of another server"
	BrokenResults Reason = "unreadable results"
	Twice         Reason = "results twice"
	NotAligned    Reason = "results for another sender"
	NoPass        Reason = "no pass"
	NoSignature   Reason = "no signature of the domain"
	Unsigned      Reason = "signature leaves fields out"
	Unverified    Reason = "signature could not be checked"
)

// Config is the configuration's section authentication, and the door to DNS.
type Config struct {
	Profile       Profile
	AuthservIDs   []string // of our own mail server, for rfc8601
	ReceivedAbove int      // Received fields that final delivery puts above the results
	Domains       []string // our own mail domains, for m365
	// LookupTXT asks DNS, for dkim; nil: no answer. It must end by itself and may be
	// called from several goroutines at once.
	LookupTXT func(name string) ([]string, error)
}

// A Sender is who a message says it is from, after the gate.
type Sender struct {
	Address string   // the one mailbox of the one From field
	Logins  []string // what this person logs in with at our mail server; Address counts too
}

// Finding is the evidence and its reason.
type Finding struct {
	Evidence Evidence
	Reason   Reason
}

// Transport weighs what the transport says about a message, by the one profile
// that is configured. raw is the message as stored, or its header alone: dkim needs
// the whole, and to it a message that was cut off is one that was changed. LF and
// CRLF are the same. A method that a profile takes as
// evidence and that says fail beats any pass; dmarc already weighs spf and dkim,
// so a failing spf beside a passing dmarc is no fail.
func Transport(raw []byte, s Sender, c Config) Finding {
	judge, known := profiles[c.Profile]
	if !known {
		return Finding{None, NoProfile}
	}
	fields, ok := readFields(raw)
	if !ok {
		return Finding{None, BrokenHeader}
	}
	if count(fields, "from") != 1 || domainOf(s.Address) == "" {
		return Finding{None, NotOneFrom}
	}
	return judge(question{raw: raw, fields: fields, sender: s, domain: domainOf(s.Address), config: c})
}

// A question is one message before one profile.
type question struct {
	raw    []byte
	fields []field
	sender Sender
	domain string // of the sender, in lower case
	config Config
}

// profiles: what is not here proves nothing.
var profiles = map[Profile]func(question) Finding{
	ProfileRFC8601: question.rfc8601,
	ProfileM365:    question.m365,
	ProfileGoogle:  question.google,
	ProfileDKIM:    question.dkim,
}

// isLogin reports whether a login is this person's, without regard to case.
func (s Sender) isLogin(login string) bool {
	same := func(own string) bool { return strings.EqualFold(own, login) }
	return login != "" && (same(s.Address) || slices.ContainsFunc(s.Logins, same))
}

// domainOf returns what follows the last @, in lower case; "" when there is none.
func domainOf(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return ""
	}
	return strings.ToLower(address[at+1:])
}
