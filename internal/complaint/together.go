package complaint

import "slices"

// bodied are the orders of which each needs the body.
var bodied = []OrderKind{OrderReply, OrderConsult, OrderResponse, OrderExtend, OrderClose, OrderReturn, OrderReopen, OrderRegister,
	OrderWaive, OrderHold}

// needsBody reports whether an order is refused without a body. Closing lists
// the result with all else that is missing.
func needsBody(o Order) bool {
	return o.Kind == OrderWait || ownsBody(o) && o.Kind != OrderClose && o.Kind != OrderRegister
}

// ownsBody reports whether the body is of this order and of no other. Ending a
// hold needs no reason.
func ownsBody(o Order) bool {
	return slices.Contains(bodied, o.Kind) && (o.Kind != OrderHold || o.Value != HoldOff)
}

// contrary are orders of which a mail holds one at most.
var contrary = [][]OrderKind{
	{OrderTake, OrderAssign},
	{OrderClose, OrderApprove, OrderReturn, OrderReopen, OrderNotComplaint, OrderWithdrawn, OrderStop, OrderExternal, OrderMerge},
	{OrderMerge, OrderSplit},
	{OrderRegister, OrderReopen, OrderTake, OrderStop},
}

// together looks at the orders of a mail beside each other.
func (w *ordering) together() []Refusal {
	var refusals []Refusal
	if len(w.e.Orders) == 0 {
		return []Refusal{{Reason: RefusedWord}}
	}
	if len(w.e.Body) > maxBody || len(w.e.Message) > maxBody {
		refusals = append(refusals, Refusal{Order: w.e.Orders[0], Reason: RefusedUnfit})
	}
	for i, o := range w.e.Orders {
		for _, before := range w.e.Orders[:i] {
			if reason := clash(before, o); reason != "" {
				refusals = append(refusals, Refusal{Order: o, Reason: reason, Fix: []Order{before, o}})
				break
			}
		}
	}
	return refusals
}

func clash(a, b Order) Reason {
	if a.Kind == b.Kind {
		if (a.Kind == OrderWaive || a.Kind == OrderMerge) && a.Value != b.Value {
			return "" // for one reason; several into one
		}
		if a.Kind == OrderAbout && (a.Person != b.Person || a.Value != b.Value) {
			return "" // one mail about two trainers
		}
		return RefusedTwice
	}
	if ownsBody(a) && ownsBody(b) {
		return RefusedTwoBodies
	}
	for _, group := range contrary {
		if slices.Contains(group, a.Kind) && slices.Contains(group, b.Kind) {
			return RefusedContrary
		}
	}
	return ""
}

// ranked puts orders in the order in which they make sense: what opens first, then
// how severe and about whom, which decide who may do and read the rest; what ends
// last. Otherwise as written.
func ranked(list []Order) []Order {
	rank := func(k OrderKind) int {
		switch k {
		case OrderRegister, OrderReopen:
			return 0
		case OrderComplainant, OrderReceived, OrderSeverity:
			return 1
		case OrderAbout:
			return 2
		case OrderTake, OrderAssign:
			return 3
		case OrderClose, OrderApprove, OrderReturn, OrderNotComplaint, OrderWithdrawn, OrderExternal:
			return 5
		case OrderHelp, OrderStatus, OrderList:
			return 6
		}
		return 4
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Order) int { return rank(a.Kind) - rank(b.Kind) })
	return list
}
