package complaint

import (
	"slices"
	"strings"
)

// Director returns who acts as the directeur in a case on a day: D, or the deputy
// when D is concerned, complains, may be meant, or is away (procedure.md 3). False
// when there is nobody who may. today "" leaves absence out of account.
func (p Policy) Director(c Case, today Day) (Person, bool) {
	d, deputy := p.Directeur(), Person{}
	if s, ok := p.Deputy(); ok && !p.tied(c, s) {
		deputy = s
	}
	switch {
	case d.Address == "" || p.tied(c, d) || c.NamesDirecteur:
		return deputy, deputy.Address != ""
	case d.away(today) && deputy.Address != "" && !deputy.away(today):
		return deputy, true
	}
	return d, true
}

// ForDirecteur reports whether the directeur himself acts as one in a case, away or not.
func (p Policy) ForDirecteur(b *Brief) bool {
	d := p.Directeur()
	if d.Address == "" || b.NamesDirecteur || d.has(b.Complainant) {
		return false
	}
	return !slices.ContainsFunc(b.Concerned, d.has)
}

func (p Person) away(today Day) bool { return today != "" && today <= p.AwayUntil }

// has reports whether the address is one of the person's.
func (p Person) has(address string) bool {
	if address == "" {
		return false
	}
	for _, a := range append([]string{p.Address}, p.Aliases...) {
		if strings.EqualFold(a, address) {
			return true
		}
	}
	return false
}

// tied reports whether the case is about the person or is his own complaint:
// then he neither acts on it nor reads more than the copy.
func (p Policy) tied(c Case, s Person) bool { return concerned(c, s) || s.has(c.Complainant.Address) }

// Knows reports whether the person may learn that there is such a case, by its
// number alone: he works on it, complains in it or has had the copy. Who does not
// is told what he would be told of an invented number.
func (p Policy) Knows(c Case, s Person, today Day) bool {
	if m := c.About(s.Address); m != nil && m.Copy == CopySent || s.has(c.Complainant.Address) {
		return true
	}
	return slices.ContainsFunc(p.standings(c, s, today), func(is standing) bool { return is != anyStaff && is != theSubject })
}

func concerned(c Case, s Person) bool {
	for _, m := range c.Concerned {
		if s.has(m.Address) {
			return true
		}
	}
	return false
}

// A standing is what a member of staff is to a case; he may be several things.
type standing string

const (
	anyStaff   standing = "staff"
	theSubject standing = "concerned" // the case is about him
	anOffice   standing = "office"
	theDirect  standing = "director"
	overdueFor standing = "deputy" // D has let a closing wait too long
)

// rights says who may do what (procedure.md 3). Who is tied to a case is staff
// and concerned at most.
var rights = map[standing][]OrderKind{
	anyStaff:   {OrderHelp, OrderRegister, OrderAway},
	theSubject: {OrderResponse},
	anOffice: {OrderStatus, OrderList, OrderTake, OrderAssign, OrderReply, OrderSpoke, OrderCategory, OrderCause, OrderSeverity,
		OrderAbout, OrderConsult, OrderExtend, OrderFinding, OrderClose, OrderReopen, OrderNotComplaint, OrderWithdrawn,
		OrderStop, OrderMailed, OrderComplainant, OrderReceived, OrderLanguage, OrderHold, OrderExternal, OrderPrivacy,
		OrderUndo, OrderMerge, OrderSplit},
	theDirect: {OrderStatus, OrderList, OrderTake, OrderAssign, OrderReply, OrderSpoke, OrderCategory, OrderCause, OrderSeverity,
		OrderAbout, OrderExtend, OrderFinding, OrderClose, OrderApprove, OrderReturn, OrderReopen, OrderNotComplaint,
		OrderWithdrawn, OrderWait, OrderStop, OrderMailed, OrderComplainant, OrderReceived, OrderLanguage, OrderHold, OrderExternal,
		OrderPrivacy, OrderWaive, OrderUndo, OrderMerge, OrderSplit, OrderAction, OrderDone, OrderEffect},
	overdueFor: {OrderStatus, OrderApprove, OrderReturn, OrderStop, OrderUndo},
}

// standings returns what the person is to the case on a day.
func (p Policy) standings(c Case, s Person, today Day) []standing {
	list := []standing{anyStaff}
	if p.tied(c, s) {
		if concerned(c, s) {
			list = append(list, theSubject)
		}
		return list
	}
	if s.Is(Directeur) && c.NamesDirecteur {
		return list // it may be about him
	}
	if s.Is(Binnendienst) {
		list = append(list, anOffice)
	}
	if d, ok := p.Director(c, today); ok && strings.EqualFold(d.Address, s.Address) {
		list = append(list, theDirect)
	} else if s.Is(Directeur) && !c.NamesDirecteur {
		list = append(list, theDirect) // D loses nothing by being away
	}
	if a := c.Promise(Approve); s.Deputy && a != nil && a.Open() && a.Due < today {
		list = append(list, overdueFor)
	}
	return list
}

func (p Policy) isDirector(c Case, s Person, today Day) bool {
	return slices.Contains(p.standings(c, s, today), theDirect)
}

// right reports whether the person may give this order about the case.
func (p Policy) right(c Case, s Person, today Day, k OrderKind) bool {
	return includes(p.standings(c, s, today), k)
}

func includes(list []standing, k OrderKind) bool {
	return slices.ContainsFunc(list, func(is standing) bool { return slices.Contains(rights[is], k) })
}

// Allowed returns what a person may do now about a case; about none when c is
// the zero Case. It is what #help shows and what buttons are made of.
func Allowed(c Case, s Person, p Policy, today Day) []OrderKind {
	var list []OrderKind
	is := p.standings(c, s, today)
	for _, k := range everyOrder {
		switch {
		case !includes(is, k):
		case c.isNone() && slices.Contains(ofNoCase, k):
			list = append(list, k)
		case c.isNone() || k == OrderRegister || k == OrderAway || k == OrderStop || k == OrderUndo || k == OrderMailed || !c.inState(k):
			// the first goes in a fresh mail; the others have their codes
		case k == OrderApprove && !c.waits(), k == OrderReturn && c.Put == nil && c.Asked == nil,
			k == OrderWait && !c.copyWaits(), k == OrderConsult && !p.asksOther(c, s, today),
			k == OrderWaive && len(c.waivableNow()) == 0, k == OrderReopen && (c.place(Ruling) > 0 || c.MergedInto != ""),
			k == OrderReopen && c.EraseOn != "" && today > c.EraseOn:
		default:
			list = append(list, k)
		}
	}
	return list
}

// everyOrder is in the order in which help shows them.
var everyOrder = []OrderKind{OrderTake, OrderAssign, OrderApprove, OrderReturn, OrderReply, OrderSpoke, OrderAbout, OrderResponse,
	OrderConsult, OrderSeverity, OrderCategory, OrderFinding, OrderCause, OrderExtend, OrderClose, OrderReopen,
	OrderNotComplaint, OrderWithdrawn, OrderAction, OrderDone, OrderEffect, OrderMerge, OrderSplit, OrderWait, OrderWaive, OrderExternal, OrderComplainant, OrderReceived, OrderLanguage, OrderHold,
	OrderPrivacy, OrderUndo, OrderStop, OrderMailed, OrderAway, OrderRegister, OrderStatus, OrderList, OrderHelp}

// waits reports whether there is anything for D to approve.
func (c Case) waits() bool { return c.Put != nil || c.Asked != nil || c.copyWaits() }

func (c Case) copyWaits() bool {
	return slices.ContainsFunc(c.Concerned, func(m Concern) bool { return m.Copy == CopyWaiting })
}

// asksOther reports whether there is a directeur to ask who is somebody else.
func (p Policy) asksOther(c Case, s Person, today Day) bool {
	d, ok := p.Director(c, today)
	return ok && !strings.EqualFold(d.Address, s.Address)
}

// Steps returns the next steps of a person in a case as orders for buttons: at
// most six, the likeliest first.
func Steps(c Case, s Person, p Policy, today Day) []Order {
	may := Allowed(c, s, p, today)
	if c.isNone() {
		return orders(may)
	}
	var list []OrderKind
	for _, k := range likely(c) {
		if slices.Contains(may, k) && len(list) < 6 {
			list = append(list, k)
		}
	}
	steps := orders(list)
	if len(steps) < 3 { // an employee who has little to do with it may always tell of another complaint
		steps = append(steps, Order{Kind: OrderRegister}, Order{Kind: OrderRegister, Value: RegisterInternal})
	}
	return steps
}

func orders(kinds []OrderKind) []Order {
	var list []Order
	for _, k := range kinds {
		list = append(list, Order{Kind: k})
	}
	return list
}

// likely are the steps that a case asks for, first things first.
func likely(c Case) []OrderKind {
	var list []OrderKind
	if c.waits() {
		list = append(list, OrderApprove, OrderReturn, OrderWait)
	}
	if c.State == Escalated {
		list = append(list, OrderExternal)
	}
	if a := c.Promise(Call); a != nil && a.Open() {
		list = append(list, OrderSpoke, OrderReopen)
	}
	if c.Handler == "" && c.Open() {
		list = append(list, OrderTake, OrderReply, OrderAssign)
	}
	if len(c.Concerned) == 0 && c.Course == "" {
		list = append(list, OrderReply, OrderAbout)
	}
	if !c.Open() && c.Cause.Value == "" {
		list = append(list, OrderCause)
	}
	if c.place(Improvement) > 0 {
		list = append(list, OrderAction)
	}
	list = append(list, OrderResponse, OrderReply, OrderClose, OrderReopen, OrderExtend, OrderSpoke, OrderConsult,
		OrderCategory, OrderFinding, OrderNotComplaint, OrderStatus, OrderHelp)
	var once []OrderKind
	for _, k := range list {
		if !slices.Contains(once, k) {
			once = append(once, k)
		}
	}
	return once
}
