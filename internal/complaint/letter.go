package complaint

import "time"

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

	LetterReply          LetterKind = "reply"           // to C: Body as typed
	LetterDelay          LetterKind = "delay"           // to C: Body is the reason, Day the indication
	LetterDelayAutomatic LetterKind = "delay_automatic" // to C: Day is the indication
	LetterClosing        LetterKind = "closing"         // to C: Body is the result, Finding

	LetterSatisfaction         LetterKind = "satisfaction"          // to C: how content are you? By machine, as the two below
	LetterSatisfactionReminder LetterKind = "satisfaction_reminder" // to C: the same, once more
	LetterExternal             LetterKind = "external"              // to C, who is not content: thanks, and the way outside
	LetterScore                LetterKind = "score"                 // to the handler and D: Score, and in Body what C says of it

	LetterConcerned LetterKind = "concerned" // to M: the copy, in the form of Copy; Body in place of the complaint
	LetterOutcome   LetterKind = "outcome"   // to M and B: how it ended; Body (the result) to B alone, Comment of D
	LetterAssigned  LetterKind = "assigned"  // to the new handler: By gave it to him
	LetterHandover  LetterKind = "handover"  // to who was the handler, or to B: Handler has it now; "": somebody has to take it
	LetterReopened  LetterKind = "reopened"  // to the handler: Body is the reason
	LetterConsult   LetterKind = "consult"   // to D: Body is the question of By
	LetterConsulted LetterKind = "consulted" // to the handler: Body is D's answer
	LetterResponse  LetterKind = "response"  // to the handler: Body is M's view or note, By
	LetterApproval  LetterKind = "approval"  // to D: Body is the closing that waits, or with Day the reason of a second delay
	LetterReturned  LetterKind = "returned"  // to the handler: Comment is D's reason, Body what was put to him
	LetterCopyAsk   LetterKind = "copy_ask"  // to D: the copy to M (About) waits for his word
	LetterGroup     LetterKind = "group"     // to B and D: Items are about the same course, too
	LetterSevere    LetterKind = "severe"    // to D: By called it severe, Body is why
	LetterDelayed   LetterKind = "delayed"   // to B and D: the neutral delay letter goes out, Day is the indication
	LetterOverdue   LetterKind = "overdue"   // to D and the handler: the date that C was told is today, or C could not be told at all

	LetterStandIn LetterKind = "stand_in" // to who stands in for By, until Day
	LetterOutside LetterKind = "outside"  // to D and the handler: a Step with the Ooa, on Day (of a ruling the last one); Body

	LetterDigest         LetterKind = "digest"          // to D each week
	LetterAccount        LetterKind = "account"         // to D, of a quarter or a year
	LetterRetentionAhead LetterKind = "retention_ahead" // to D: Items will be erased after their day
	LetterCertificate    LetterKind = "certificate"     // to D: what was Erased
	LetterDeleteCopies   LetterKind = "delete_copies"   // to who was sent Copies: delete them

	LetterReceipt LetterKind = "receipt" // to who gave the command
	LetterRefused LetterKind = "refused" // the same, when nothing was done
	LetterHelp    LetterKind = "help"
	LetterCard    LetterKind = "card"   // #status
	LetterList    LetterKind = "list"   // #overzicht
	LetterChoice  LetterKind = "choice" // to staff: what is this mail of yours?

	// Of the room that proves who sent a command; no rule here makes them.
	LetterChallenge LetterKind = "challenge"
	LetterForged    LetterKind = "forged" // a proof that failed
)

// Automatic reports whether no person stands behind the words. Behind these
// letters to C one does; what goes to staff is a machine's, also when it holds a
// person's words.
func (k LetterKind) Automatic() bool {
	return k != LetterReply && k != LetterDelay && k != LetterClosing
}

// ToComplainant reports whether letters of this kind go to C and to nobody else.
func (k LetterKind) ToComplainant() bool {
	switch k {
	case LetterAcknowledgement, LetterDelayAutomatic, LetterSatisfaction, LetterSatisfactionReminder, LetterExternal:
		return true
	}
	return !k.Automatic()
}

// A Letter is a mail that was decided on: for whom, and what it has to say
// beyond the case itself.
type Letter struct {
	Kind    LetterKind
	To      Party
	Promise PromiseKind // kept when the letter is accepted; "" when none. Case.PromiseOf finds it
	Nth     int         // which one, when a case has several of this kind: its place in Case.Promises, from 1; 0: the open one
	Held    bool        // not before `klachtd release`

	NotBefore time.Time // held back till then (undo_minutes); zero: not
	Ref       int       // of a letter to C that a person wrote, and of what goes out with it; 0: none
	Body      string    // what a person typed
	Comment   string    // what a second person said of it
	By        string    // address of the member of staff whose words or deed it is
	Source    string    // Message-ID of the mail whose files go along; "" when none do
	Files     int
	Day       Day
	Handler   string
	Finding   string
	About     []Concern
	Copy      CopyForm
	Receipt   Receipt
	Refusals  []Refusal
	Items     []Item
	Rest      int         // open cases beyond Items
	May       []OrderKind // help: what this person may do here now
	Next      []Order     // buttons, in a mail to staff; 3 to 6
	Missing   []OrderKind // what closing still needs

	Withheld    Withheld // notice: the acknowledgement is a task of yours
	AckHeld     bool     // notice: the acknowledgement waits for release
	Unreadable  Unreadable
	NamedNumber string
	OwnDomain   bool
	AsksOwner   bool // copy to the deputy: is this about the directeur?
	Unproven    bool // followup: joined by its number alone; score: from another address
	Score       int
	Step        string // outside: one of the values of OrderExternal
	AfterClose  bool   // followup
	Lost        Loss
	Reminders   []Reminder
	Filtered    int // reminders: messages put aside as spam since the last one
	Alarm       Alarm
	Digest      *Digest
	Account     *Account
	Erased      Erasure
	Copies      []Copies
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
	AlarmRecovered  AlarmKind = "recovered"  // after a restore: cases made anew (security.md 42)
	AlarmClock      AlarmKind = "clock"      // the clock jumped: nothing is erased or acknowledged (security.md 44)
	AlarmFetch      AlarmKind = "fetch"      // the mailbox was out of reach for 15 minutes
	AlarmToken      AlarmKind = "token"      // a login ends in Count days; 0 is today, below it has ended
	AlarmLogin      AlarmKind = "login"      // a provider gives no token for a mailbox
	AlarmDisk       AlarmKind = "disk"       // Count MB are left (security.md 40)
)

// A Receipt says what became of a mail with commands.
type Receipt struct {
	Lines   []Line
	Letters []Outgoing  // who gets which mail and when
	Kind    PromiseKind // the next date, of this promise; "" when nothing is owed
	Due     Day
	Hints   []Hint
	Advice  string // of who can count it: how earlier delays turned out
	Note    bool   // it was a note, without any command
	Card    bool   // #status was asked along
	Help    bool   // #help was asked along
	List    bool   // #overzicht was asked along
}

// A Line is one order that was carried out: what was before, what is now.
type Line struct {
	Order    Order
	Old, New string
}

// Outgoing is a mail that follows from the command.
type Outgoing struct {
	Kind LetterKind
	To   Party
	At   time.Time // zero: at once
	Ref  int       // what `#stop` takes back; 0: cannot be
}

// A Hint is something that the receipt asks or points at.
type Hint string

// The hints.
const (
	HintCauseRepeats Hint = "cause_repeats" // the cause only repeats category or symptom: what lies behind it?
	HintProposed     Hint = "proposed"      // D's word is the cause; yours is kept as a proposal
	HintNotStaff     Hint = "not_staff"     // nobody to send the copy to
	HintWaitsForD    Hint = "waits_for_d"
	HintNoAck        Hint = "no_ack"      // C has no address: nothing was acknowledged
	HintMeantForC    Hint = "meant_for_c" // this looks like a reply to C; nothing was sent
	HintMailed       Hint = "mailed"      // C has this mail of yours; it can count as the personal mail that is owed
	HintInBody       Hint = "in_body"     // a #word in the body is never run; here is the button
	HintNobodyToAsk  Hint = "nobody_to_approve"
	HintSilent       Hint = "silent" // C hears nothing of this
	HintNewHandler   Hint = "new_handler"
	HintLinked       Hint = "linked"       // not of one complainant, or not both open: nothing was merged
	HintCommandLine  Hint = "command_line" // what was put on record is done on the command line
)

// An Item is a case in a list.
type Item struct {
	Number  string
	State   State
	Severe  bool
	Handler string
	Promise PromiseKind // what is due first; "" when nothing is
	Due     Day
	Late    bool
}
