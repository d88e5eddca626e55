package complaint

import (
	"slices"
	"strings"
	"time"
)

// maxBody is how much text a person may send to C or put on record in one mail,
// in bytes; letters and register have to carry it.
const maxBody = 256 << 10

// An ordering is a mail with commands while it is carried out, on a copy of the case.
type ordering struct {
	e     Ordered
	p     Policy
	by    Person
	today Day
	c     Case

	notes   []Note
	letters []Letter
	back    []int
	others  []Case // copies of Ordered.Others
	also    []Decision
	actions []Action // a copy of Ordered.Actions
	changed []Action
	absence *Absence
	copies  bool
	receipt Receipt
}

// order carries out a mail with commands: all of it or nothing (procedure.md 3).
func order(cases []Case, e Ordered, p Policy) Decision {
	w := &ordering{e: e, p: p, today: DayOf(e.Now, p.Zone)}
	if len(cases) > 0 {
		w.c = cases[0].clone()
	}
	for _, c := range e.Others {
		w.others = append(w.others, c.clone())
	}
	w.actions = slices.Clone(e.Actions)
	var known bool
	if w.by, known = p.Employee(e.By); !known {
		return w.refuse(cases, []Refusal{{Reason: RefusedRight}})
	}
	w.e.Body, w.e.Message = strings.TrimSpace(e.Body), strings.TrimSpace(e.Message)
	refusals := slices.Clone(e.Refused)
	if len(refusals) == 0 {
		refusals = w.together()
	}
	if len(refusals) > 0 {
		return w.refuse(cases, refusals)
	}
	if !w.c.isNone() {
		w.c.merge(e.Form, true)
	}
	for _, o := range ranked(e.Orders) {
		if r := w.one(o); r.Reason != "" {
			r.Order = o
			refusals = append(refusals, r)
			if o.Kind == OrderRegister {
				break // the rest has no case to be about
			}
		}
	}
	if len(refusals) > 0 {
		return w.refuse(cases, refusals)
	}
	if len(cases) > 0 {
		w.remember(cases[0].clone())
	}
	return w.done()
}

// ofNoCase are the orders that need no case.
var ofNoCase = []OrderKind{OrderRegister, OrderHelp, OrderList, OrderAway, OrderAction, OrderDone, OrderEffect}

// one carries out one order, or says why not.
func (w *ordering) one(o Order) Refusal {
	k := o.Kind
	switch {
	case k == OrderRegister && !w.c.isNone():
		return Refusal{Reason: RefusedFresh}
	case w.c.isNone() && k == OrderPrivacy && o.Value == PrivacyDone:
		return w.copiesDeleted(o)
	case w.c.isNone() && !slices.Contains(ofNoCase, k):
		return Refusal{Reason: RefusedNoCase}
	case !w.p.right(w.c, w.by, w.today, k):
		return w.noRight()
	case !w.c.isNone() && !w.c.inState(k) && k != OrderRegister:
		return w.notNow(k)
	case needsBody(o) && w.e.Body == "":
		return Refusal{Reason: RefusedNoBody}
	}
	r := w.apply(o)
	if r.Reason == "" {
		w.c.State = w.c.stateOf()
	}
	return r
}

func (w *ordering) apply(o Order) Refusal {
	switch o.Kind {
	case OrderHelp, OrderStatus, OrderList:
		w.read(o)
	case OrderRegister:
		return w.register(o)
	case OrderTake:
		w.giveTo(o, w.by)
	case OrderAssign:
		return w.assign(o)
	case OrderReply:
		return w.reply(o)
	case OrderSpoke:
		return w.spoke(o)
	case OrderMailed:
		w.mailed(o)
	case OrderCategory:
		return w.category(o)
	case OrderCause:
		return w.cause(o)
	case OrderSeverity:
		return w.severity(o)
	case OrderFinding:
		return w.finding(o)
	case OrderAbout:
		return w.about(o)
	case OrderConsult:
		return w.consult(o)
	case OrderResponse:
		w.respond(o)
	case OrderExtend:
		return w.extend(o)
	default:
		return w.applyEnd(o)
	}
	return Refusal{}
}

// applyEnd is for the orders that end, hold up or bring back.
func (w *ordering) applyEnd(o Order) Refusal {
	switch o.Kind {
	case OrderClose:
		return w.close(o)
	case OrderApprove:
		return w.approve(o)
	case OrderReturn:
		return w.giveBack(o)
	case OrderReopen:
		return w.reopen(o)
	case OrderNotComplaint, OrderWithdrawn:
		return w.takeOut(o)
	case OrderWait:
		return w.wait(o)
	case OrderStop:
		return w.stop(o)
	}
	return w.applyRecord(o)
}

// applyRecord is for the orders that mend what is on record, or keep it.
func (w *ordering) applyRecord(o Order) Refusal {
	switch o.Kind {
	case OrderMerge:
		return w.merge(o)
	case OrderSplit:
		return w.split(o)
	case OrderAction:
		return w.improve(o)
	case OrderDone:
		return w.actionDone(o)
	case OrderEffect:
		return w.actionEffect(o)
	case OrderAway:
		return w.away(o)
	case OrderUndo:
		return w.undo(o)
	case OrderComplainant:
		return w.complainant(o)
	case OrderReceived:
		return w.received(o)
	case OrderLanguage:
		return w.language(o)
	case OrderWaive:
		return w.waiveOne(o)
	case OrderHold:
		return w.hold(o)
	case OrderPrivacy:
		return w.privacy(o)
	case OrderExternal:
		return w.external(o)
	}
	return Refusal{Reason: RefusedWord}
}

func (w *ordering) noRight() Refusal {
	if !w.c.isNone() && w.p.tied(w.c, w.by) {
		return Refusal{Reason: RefusedOwnCase}
	}
	return Refusal{Reason: RefusedRight}
}

// notNow refuses what the state does not take; a case that is closed again is
// told so.
func (w *ordering) notNow(k OrderKind) Refusal {
	r := Refusal{Reason: RefusedState, State: w.c.State}
	if w.c.State == Closed && (k == OrderClose || k == OrderWithdrawn || k == OrderNotComplaint) {
		r.Reason = RefusedTwice
	}
	if w.c.State == Closed && w.p.right(w.c, w.by, w.today, OrderReopen) {
		r.Fix = []Order{{Kind: OrderReopen}}
	}
	return r
}

// words returns the body as the explanation of an order that does not need it:
// nothing when another order of the mail does.
func (w *ordering) words() string {
	for _, o := range w.e.Orders {
		if ownsBody(o) || o.Kind == OrderWait {
			return ""
		}
	}
	return w.e.Body
}

// promise makes a promise and returns it.
func (w *ordering) promise(k PromiseKind, due Day) *Promise {
	w.c.Promises = append(w.c.Promises, Promise{Kind: k, MadeOn: w.today, Due: due})
	return &w.c.Promises[len(w.c.Promises)-1]
}

// place returns where the first open promise of a kind stands, from 1; 0 when
// there is none.
func (c *Case) place(k PromiseKind) int {
	for i, p := range c.Promises {
		if p.Kind == k && p.Open() {
			return i + 1
		}
	}
	return 0
}

// keep fulfils what is open of a kind.
func (w *ordering) keep(k PromiseKind) { w.c.keep(k, w.e.Now) }

func (c *Case) keep(k PromiseKind, now time.Time) {
	for i := range c.Promises {
		if p := &c.Promises[i]; p.Kind == k && p.Open() {
			p.FulfilledAt = now
		}
	}
}

// waive lets go of what is open of a kind.
func (c *Case) waive(k PromiseKind, by, reason string) {
	for i := range c.Promises {
		if p := &c.Promises[i]; p.Kind == k && p.Open() {
			p.WaivedBy, p.Reason = by, reason
		}
	}
}
