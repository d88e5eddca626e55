package complaint

import "time"

// An OrderKind names a command of procedure.md 3 by its English word.
type OrderKind string

// The commands of this part of the procedure. `#ja` is no order of its own: what
// it confirms comes as Ordered.
const (
	OrderHelp         OrderKind = "help"
	OrderStatus       OrderKind = "status"
	OrderList         OrderKind = "list"
	OrderTake         OrderKind = "take"
	OrderAssign       OrderKind = "assign" // Person
	OrderReply        OrderKind = "reply"
	OrderSpoke        OrderKind = "spoke"    // Day; "" is today
	OrderCategory     OrderKind = "category" // Value, from the list
	OrderCause        OrderKind = "cause"    // Value, from the list
	OrderSeverity     OrderKind = "severity" // Value, a Severity
	OrderAbout        OrderKind = "about"    // Person (Address "" when not staff), or Value, a course
	OrderConsult      OrderKind = "consult"
	OrderResponse     OrderKind = "response"
	OrderExtend       OrderKind = "extend"  // Day; "" is the default indication
	OrderFinding      OrderKind = "finding" // Value, a finding
	OrderClose        OrderKind = "close"
	OrderApprove      OrderKind = "approve"
	OrderReturn       OrderKind = "return"
	OrderReopen       OrderKind = "reopen"
	OrderNotComplaint OrderKind = "notacomplaint" // Value, a reason
	OrderWithdrawn    OrderKind = "withdrawn"
	OrderWait         OrderKind = "wait"
	OrderRegister     OrderKind = "register"    // Person is C; Value "intern": by staff; Day of receipt, "" is the mail's own
	OrderComplainant  OrderKind = "complainant" // Person: whose complaint it is
	OrderReceived     OrderKind = "received"    // Day of receipt
	OrderLanguage     OrderKind = "language"    // Value, nl or en: of the letters to C
	OrderWaive        OrderKind = "waive"       // Value, a PromiseKind; "" when there is only one to waive
	OrderHold         OrderKind = "hold"        // Day, the last one; or Value HoldOff
	OrderExternal     OrderKind = "external"    // Value, a step with the Ooa; Day: of the step, of a ruling the last one to carry it out
	OrderPrivacy      OrderKind = "privacy"     // Value: access, erase, done
	OrderMerge        OrderKind = "merge"       // Value, the number of the case that is taken in
	OrderSplit        OrderKind = "split"       // Value, the number of a case that was; "": a new one, of the body
	OrderAction       OrderKind = "action"      // Text, Day by which; or Value, the number of one there is, or NoAction. May be about no case
	OrderDone         OrderKind = "done"        // Value, the number of an action; Day
	OrderEffect       OrderKind = "effect"      // Value, the number of an action; Text
	OrderAway         OrderKind = "away"        // Day, the last one, and Person, who stands in; or Value HoldOff. About no case
	OrderUndo         OrderKind = "undo"        // Ref of the command; 0: the last one
	OrderStop         OrderKind = "stop"        // Ref of the letter
	OrderMailed       OrderKind = "mailed"      // no word: the confirmed offer to count a mail of staff to C, with us in Cc, as a personal mail
)

// RegisterInternal is the value of OrderRegister for a complaint by staff.
const RegisterInternal = "intern"

// An Order is one command, its values found and read: a person is a Party of the
// staff list, a date a Day, a word from a list that word. It goes into and out
// of JSON, so that what waits for `#ja` is exactly what was asked.
type Order struct {
	Kind   OrderKind `json:"kind"`
	Words  string    `json:"words,omitempty"` // as typed, for receipt and refusal
	Person Party     `json:"person,omitzero"`
	Value  string    `json:"value,omitempty"`
	Day    Day       `json:"day,omitempty"`
	Ref    int       `json:"ref,omitempty"`
	Text   string    `json:"text,omitempty"` // what stood in the subject for it to say
}

// Ordered says that a member of staff gave commands, and that it was he. All of
// them are carried out, or none is. It is about one case; about none when the
// mail is a fresh one.
type Ordered struct {
	Now     time.Time
	At      time.Time // INTERNALDATE of the mail; zero: Now
	By      string    // address as registered
	Orders  []Order   // at least one; at most five by the grammar
	Refused []Refusal // what the reader of the subject could not make sense of: refuses all
	Body    string    // what was typed, without quotes, signature and the code's line
	Form    map[string]string
	Labels  bool   // the body has the line `Bericht aan de cursist:`, and only Message goes to C
	Message string // what stands under it
	Source  string // Message-ID of the mail
	Files   int    // attachments, which go along with a letter to C
	Number  string // a fresh one, for OrderRegister, and for OrderSplit without a number
	Others  []Case // those that OrderMerge and OrderSplit name, as far as there are such
	Subject string // of the mail, for OrderRegister

	Actions    []Action // the register of improvements, for the orders about it
	NextAction int      // the number of a new one

	CopiesAsked int // letters that ask By to delete copies and that he has not answered

	NamesDirecteur bool   // the text of OrderRegister names him
	Open           []Case // the open cases, for OrderList
}

func (Ordered) event() {}

// A Refusal is why an order was not carried out.
type Refusal struct {
	Order   Order       `json:"order"`
	Reason  Reason      `json:"reason"`
	State   State       `json:"state,omitempty"`   // RefusedState: where the case stands
	Missing []OrderKind `json:"missing,omitempty"` // RefusedMissing: what closing needs; OrderClose stands for the result
	Allowed []string    `json:"allowed,omitempty"` // RefusedValue: what there is to choose from, the nearest first
	Day     Day         `json:"day,omitempty"`     // RefusedDate: the day it has to lie before or after
	Fix     []Order     `json:"fix,omitempty"`     // commands that would do, as buttons
}

// A Reason is why an order is refused.
type Reason string

// The reasons. Those from RefusedWord on are for whoever reads the subject.
const (
	RefusedRight       Reason = "right"         // not his to do
	RefusedOwnCase     Reason = "own_case"      // the case is about him, or is his own complaint
	RefusedState       Reason = "state"         // not where the case stands
	RefusedTwice       Reason = "twice"         // one command twice, or a closed case closed again
	RefusedContrary    Reason = "contradiction" // two that cannot both be
	RefusedTwoBodies   Reason = "two_bodies"    // two of which each needs the body
	RefusedNoBody      Reason = "no_body"       // the body is needed and empty
	RefusedMissing     Reason = "missing"       // closing without category, finding or result
	RefusedValue       Reason = "value"         // not in the list
	RefusedDate        Reason = "date"          // past, future, too far, or not after what was said before
	RefusedPerson      Reason = "person"        // nobody of ours, or not somebody who may
	RefusedNoAddress   Reason = "no_address"    // C cannot be written to
	RefusedNobody      Reason = "nobody"        // there is no one to put it to
	RefusedNothing     Reason = "nothing"       // nothing waits for this
	RefusedHeld        Reason = "held"          // a letter to C waits: it has to leave, or be taken back, first
	RefusedSent        Reason = "sent"          // too late to take it back
	RefusedChanged     Reason = "changed"       // something else has happened since
	RefusedTooLate     Reason = "too_late"      // half a year after closing; a day after a command
	RefusedNoCase      Reason = "no_case"       // a command about a case, without one
	RefusedFresh       Reason = "fresh"         // #registreer goes in a fresh mail
	RefusedUnfit       Reason = "unfit"         // no letter could carry it: over maxBody
	RefusedWord        Reason = "word"          // no such command
	RefusedAmbiguous   Reason = "ambiguous"     // several people or values fit
	RefusedTooMany     Reason = "too_many"      // over five
	RefusedNoValue     Reason = "no_value"
	RefusedNeedless    Reason = "needless_value"
	RefusedUnreadable  Reason = "unreadable" // no date, no code
	RefusedUnreachable Reason = "case_gone"  // merged or erased
)
