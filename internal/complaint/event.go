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
	Form           map[string]string
	Unclaimed      string // a member of staff sent it in and did not say whose complaint it is
	Quiet          bool   // out of an archive, and old: nobody is mailed about it

	AcknowledgedAt time.Time // with Quiet: he has his acknowledgement, of a database that is no more
}

// Followed says that the complainant wrote again.
type Followed struct {
	Now    time.Time
	At     time.Time
	Proven bool // by a token of ours, not by the number alone (security.md 18)
	Form   map[string]string
	Quiet  bool // as in Received
}

// Noted says that a member of staff wrote about the case without a command.
type Noted struct {
	Now    time.Time
	By     string // address as registered
	Proven bool
	Text   string  // what was typed
	ForC   bool    // it reads like a reply to C
	ToC    bool    // it went to C as well, with us in Cc
	InBody []Order // commands that stand in the body, where none is run
}

// Undelivered says that a letter of ours did not arrive, or may not have.
type Undelivered struct {
	Now     time.Time
	Letter  LetterKind
	To      string
	Promise PromiseKind // what the letter was to keep; "" when nothing
	Why     Failure
	Quiet   bool // as in Received

	PromiseID int64 // the same, exactly; 0 when not known
	Ref       int   // Letter.Ref; 0 when it had none
}

// Delivered says that a letter with a Ref was accepted by the mail server.
type Delivered struct {
	Now      time.Time
	Letter   LetterKind
	Ref      int
	Evidence string
}

// Ticked says that time has passed: the jobs `deadlines` and `delays` come by.
// What follows is decided by the clock alone, and once. Without anything to do
// the Decision holds no case.
type Ticked struct{ Now time.Time }

// Asked says that a member of staff sent a fresh or forwarded mail without number
// and command. It is about no case yet; Policy.ChoiceBy is the last day for an answer.
type Asked struct {
	Now     time.Time
	By      string // address as registered
	Offered Party  // who may be the complainant: offered, never assumed
}

// Released says that a held acknowledgement may go.
type Released struct{ Now time.Time }

func (Received) event()    {}
func (Followed) event()    {}
func (Noted) event()       {}
func (Undelivered) event() {}
func (Released) event()    {}
func (Delivered) event()   {}
func (Ticked) event()      {}
func (Asked) event()       {}

// Withheld is the reason why nobody is acknowledged automatically (security.md 11, 12).
type Withheld string

// The reasons, as they stand on the record.
const (
	WithheldAutomatic    Withheld = "automatic"     // mailing list, bulk, robot, or asks for no answer
	WithheldSender       Withheld = "sender"        // not exactly one usable From (security.md 1, 2)
	WithheldOwn          Withheld = "own"           // comes from an address of ours
	WithheldNotAddressed Withheld = "not_addressed" // none of our addresses in To or Cc
	WithheldSpam         Withheld = "spam"
	WithheldOld          Withheld = "old"       // received over 48 hours ago
	WithheldHops         Withheld = "hops"      // over 25 Received
	WithheldRecovered    Withheld = "recovered" // found after a restore: nobody knows whether he has one
	WithheldForged       Withheld = "forged"    // our mail server says that the sender is another
	WithheldLimit        Withheld = "limit"
	WithheldUnreadable   Withheld = "unreadable"
	WithheldNoAddress    Withheld = "no_address" // registered by staff, who knew none
	WithheldUnclaimed    Withheld = "unclaimed"  // sent in by staff, who did not say whose it is
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

	Refusals  []Refusal  // when there are any, nothing was done: Cases are as they came
	Also      []Decision // about other cases: each has one, with its notes and letters
	Actions   []Action   // of the register of improvements: new or changed
	Absence   *Absence   // of who gave the command; nil: nothing was said of one
	Deleted   bool       // who gave the command has deleted the copies that he was asked to
	TakenBack []int      // Refs of letters that must not leave the outbox any more
}

// Refused reports whether the orders were refused.
func (d Decision) Refused() bool { return len(d.Refusals) > 0 }
