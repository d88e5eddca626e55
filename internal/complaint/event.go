package complaint

import "time"

// An Event is something that happened and that the procedure has an answer to:
// one of the types below.
type Event interface{ event() }

// Received says that a message turned out to be a new complaint.
type Received struct {
	Now            time.Time // the moment of registration
	At             time.Time // INTERNALDATE: the terms run from here
	Number         string    // a fresh one
	Kind           Kind
	From           Party
	Subject        string
	Withheld       Withheld // why no acknowledgement may go out; "" when it may
	Held           bool     // the acknowledgement waits for `klachtd release` (security.md 12)
	NamesDirecteur bool     // the directeur's name stands in it, outside salutation and To
	Unreadable     Unreadable
	NamedNumber    string // a number in it that is not joined (security.md 18)
	OwnDomain      bool   // an address of ours, yet not in the staff list
	Quiet          bool   // out of an archive, and old: nobody is mailed about it
}

// Followed says that the complainant wrote again.
type Followed struct {
	Now    time.Time
	At     time.Time
	Proven bool // by a token of ours, not by the number alone (security.md 18)
	Quiet  bool // as in Received
}

// Noted says that a member of staff wrote about the case without a command.
type Noted struct {
	Now    time.Time
	By     string // address as registered
	Proven bool
}

// Undelivered says that a letter of ours did not arrive, or may not have.
type Undelivered struct {
	Now     time.Time
	Letter  LetterKind
	To      string
	Promise PromiseKind // what the letter was to keep; "" when nothing
	Why     Failure
	Quiet   bool // as in Received
}

// Released says that a held acknowledgement may go.
type Released struct{ Now time.Time }

func (Received) event()    {}
func (Followed) event()    {}
func (Noted) event()       {}
func (Undelivered) event() {}
func (Released) event()    {}

// Withheld is the reason why nobody is acknowledged automatically (security.md 11, 12).
type Withheld string

// The reasons, as they stand on the record.
const (
	WithheldAutomatic    Withheld = "automatic"     // mailing list, bulk, robot, or asks for no answer
	WithheldSender       Withheld = "sender"        // not exactly one usable From (security.md 1, 2)
	WithheldOwn          Withheld = "own"           // comes from an address of ours
	WithheldNotAddressed Withheld = "not_addressed" // none of our addresses in To or Cc
	WithheldSpam         Withheld = "spam"
	WithheldOld          Withheld = "old"  // received over 48 hours ago
	WithheldHops         Withheld = "hops" // over 25 Received
	WithheldLimit        Withheld = "limit"
	WithheldUnreadable   Withheld = "unreadable"
)

// Unreadable says why a complaint is a stub: somebody has to look at the message itself.
type Unreadable string

// What can keep a message from being read.
const (
	UnreadableSize   Unreadable = "too_large" // over the limits of security.md 4
	UnreadableBroken Unreadable = "broken"    // failed three times (security.md 5)
)

// Failure is what became of a letter that did not arrive.
type Failure string

// The failures.
const (
	Refused   Failure = "refused"   // by the mail server, for good
	GivenUp   Failure = "given_up"  // after five days of trying
	Bounced   Failure = "bounced"   // accepted, and reported back
	Uncertain Failure = "uncertain" // no answer to the last dot (security.md 37)
)

// A LetterKind names one of our mails; each has a template of that name.
type LetterKind string

// The mails there are so far.
const (
	LetterAcknowledgement LetterKind = "acknowledgement" // to C
	LetterNotice          LetterKind = "notice"          // to B: a new complaint
	LetterCopy            LetterKind = "copy"            // to D: the copy at registration
	LetterFollowup        LetterKind = "followup"        // to the handler: C wrote again
	LetterUndelivered     LetterKind = "undelivered"     // to B or D: a mail did not arrive
	LetterReminders       LetterKind = "reminders"       // one mail a person a day
	LetterAlarm           LetterKind = "alarm"           // to whom alarms go; never content
)

// Automatic reports whether no person stands behind the words. All so far.
func (k LetterKind) Automatic() bool { return true }

// A Letter is a mail that was decided on: for whom, and what it has to say
// beyond the case itself.
type Letter struct {
	Kind    LetterKind
	To      Party
	Promise PromiseKind // kept when the letter is accepted; "" when none
	Held    bool        // not before `klachtd release`

	Withheld    Withheld // notice: the acknowledgement is a task of yours
	AckHeld     bool     // notice: the acknowledgement waits for release
	Unreadable  Unreadable
	NamedNumber string
	OwnDomain   bool
	AsksOwner   bool // copy to the deputy: is this about the directeur?
	Unproven    bool // followup: joined by its number alone
	AfterClose  bool // followup
	Lost        Loss
	Reminders   []Reminder
	Filtered    int // reminders: messages put aside as spam since the last one
	Alarm       Alarm
}

// A Loss is a letter that did not arrive.
type Loss struct {
	Letter LetterKind
	To     string
	Why    Failure
}

// An Alarm is a technical matter for somebody to look at; it holds no content.
type Alarm struct {
	Kind  AlarmKind
	Count int
}

// An AlarmKind names what is the matter.
type AlarmKind string

// The alarms so far.
const (
	AlarmQuarantine AlarmKind = "quarantine" // messages could not be handled (security.md 5)
	AlarmHeld       AlarmKind = "held"       // acknowledgements wait for release (security.md 12)
	AlarmOutbox     AlarmKind = "outbox"     // a letter has waited over four hours (security.md 39)
)

// A Note is a line of the timeline.
type Note struct {
	Actor  string // address of a person; "" for klachtd itself
	Event  string
	Detail string
}

// A Decision is what an event leads to: the cases as they are now, the lines of
// the timeline, the letters that follow. A refusal is a decision too.
type Decision struct {
	Cases   []Case
	Notes   []Note
	Letters []Letter
}
