package complaint

import "slices"

// stateOf returns where a case stands that is neither closed nor with the Ooa:
// it follows from what waits for whom.
func (c *Case) stateOf() State {
	switch {
	case c.State == Closed || c.State == Escalated:
		return c.State
	case c.Put != nil:
		return AwaitingApproval
	case c.Asked != nil || c.Consulted() != nil:
		return WithDirector
	case c.Handler != "":
		return InProgress
	}
	return New
}

// work are the orders of a case that is open, whoever has it.
var work = []OrderKind{OrderTake, OrderAssign, OrderReply, OrderSpoke, OrderCategory, OrderCause, OrderSeverity, OrderAbout,
	OrderConsult, OrderResponse, OrderExtend, OrderFinding, OrderClose, OrderApprove, OrderReturn, OrderNotComplaint,
	OrderWithdrawn, OrderWait, OrderMailed, OrderExternal, OrderMerge, OrderSplit}

// fits lists which orders a state takes; what is not here is refused. Reading
// and `#stop` are of every state. A closing that waits leaves nothing to ask D, and is answered before a case goes to the Ooa;
// after closing there is correspondence, analysis and going back.
var fits = map[State][]OrderKind{
	New:              work,
	InProgress:       work,
	WithDirector:     work,
	AwaitingApproval: slices.DeleteFunc(slices.Clone(work), func(k OrderKind) bool { return k == OrderConsult || k == OrderExternal }),
	Closed: {OrderReply, OrderSpoke, OrderCategory, OrderCause, OrderResponse, OrderApprove, OrderWait, OrderMailed,
		OrderReopen, OrderExternal, OrderMerge, OrderSplit},
	Escalated: {OrderReply, OrderSpoke, OrderCategory, OrderCause, OrderResponse, OrderMailed, OrderReopen, OrderExternal,
		OrderMerge, OrderSplit},
}

// always are the orders of every state: what is on record can be wrong, and has to
// be kept or let go, wherever a case stands.
var always = []OrderKind{OrderAction, OrderDone, OrderEffect, OrderAway, OrderUndo, OrderStop, OrderComplainant, OrderReceived, OrderLanguage, OrderWaive, OrderHold, OrderPrivacy}

// reading are the orders that change nothing.
var reading = []OrderKind{OrderHelp, OrderStatus, OrderList}

func (k OrderKind) reads() bool { return slices.Contains(reading, k) }

// inState reports whether an order fits where the case stands.
func (c Case) inState(k OrderKind) bool {
	return k.reads() || slices.Contains(always, k) || slices.Contains(fits[c.State], k)
}

// isNone reports whether there is no case: the mail was a fresh one.
func (c Case) isNone() bool { return c.ID == 0 && c.Number == "" }
