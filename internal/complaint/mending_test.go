package complaint

import (
	"testing"
	"time"
)

var jo = Party{Name: "Jo", Address: "jo@voorbeeld.example"}

// procedure.md 3, klager: the old value stays on record; what is owed goes to the
// new address, what was sent is not sent again.
func TestComplainantIsMended(t *testing.T) {
	wrong := Order{Kind: OrderComplainant, Person: jo}
	f := open(t, "2026-11-23 09:00:00").says("bas", "", wrong)
	if f.posted() != "acknowledgement jo" || f.c.Complainant != jo || f.c.Mended[0].Old != "Jan jan@voorbeeld.example" {
		t.Errorf("not acknowledged yet: %s, %+v, %+v", f.posted(), f.c.Complainant, f.c.Mended)
	}
	f.sent()
	f.want(Acknowledge, "2026-11-23", false)
	if f.says("bas", "", Order{Kind: OrderComplainant, Person: Party{Address: "jan@voorbeeld.example"}}); f.posted() != "" || f.c.Complainant.Name != "Jo" {
		t.Errorf("one acknowledgement a case: %s, %+v", f.posted(), f.c.Complainant)
	}
	f.says("bas", "Dag.", reply)
	if r := f.refuses("bas", "", wrong); r.Reason != RefusedHeld || len(r.Fix) != 1 || r.Fix[0].Kind != OrderStop {
		t.Errorf("while a letter waits: %+v", r)
	}
	f.sent().says("bas", "", wrong)

	f = open(t, "2026-11-23 09:00:00")
	f.c.Withheld, f.c.Complainant = WithheldNoAddress, Party{Name: "Jo"}
	f.says("bas", "", take, Order{Kind: OrderComplainant, Person: Party{Address: jo.Address}})
	if f.posted() != "acknowledgement jo" || f.c.Withheld != "" || f.c.Complainant != jo {
		t.Errorf("an address that was not known: %s, %s, %+v", f.posted(), f.c.Withheld, f.c.Complainant)
	}
}

// Nobody handles his own complaint, also when that turns out later.
func TestComplainantIsOneOfUs(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00").says("bas", "", take, mark)
	if r := f.refuses("bea", "", Order{Kind: OrderComplainant, Person: person("mark")}); r.Reason != RefusedPerson {
		t.Errorf("M complains of himself: %+v", r)
	}
	f.says("dewi", "", Order{Kind: OrderComplainant, Person: person("b.bakker")})
	if f.c.Kind != Internal || f.c.Handler != "bea@academie.example" || f.c.Complainant.Name != "Bas Bakker" {
		t.Errorf("%s complaint of %s, handler %s", f.c.Kind, f.c.Complainant.Name, f.c.Handler)
	}
	if r := f.refuses("bas", "", Order{Kind: OrderStatus}); r.Reason != RefusedOwnCase {
		t.Errorf("%+v", r)
	}
	f.says("bea", "", Order{Kind: OrderComplainant, Person: jo})
	if f.c.Kind != External {
		t.Errorf("%s", f.c.Kind)
	}
}

// procedure.md 3, ontvangen: the terms follow; none ends before the next working
// day, and a date that C was told stays.
func TestReceiptIsMended(t *testing.T) {
	earlier := Order{Kind: OrderReceived, Day: "2026-11-02"}
	f := open(t, "2026-11-23 09:00:00").says("bas", "", earlier)
	f.want(Take, "2026-11-24", true)
	f.want(React, "2026-11-24", true)
	f.want(Resolve, "2026-11-30", true)
	f.want(Delay, "2026-11-30", true)
	if f.c.ReactBy != "2026-11-24" || f.c.ResolveBy != "2026-11-30" || f.c.ExpectedOn != "2026-11-30" || f.c.Mended[0].Old != "2026-11-23" ||
		!f.c.ReceivedAt.Equal(time.Date(2026, 11, 2, 12, 0, 0, 0, amsterdam)) {
		t.Errorf("react %s, resolve %s, expected %s, %+v, %s", f.c.ReactBy, f.c.ResolveBy, f.c.ExpectedOn, f.c.Mended, f.c.ReceivedAt)
	}
	for day, why := range map[Day]Reason{"2026-11-24": RefusedDate, "2025-11-01": RefusedDate, "": RefusedNoValue} {
		if r := f.refuses("bas", "", Order{Kind: OrderReceived, Day: day}); r.Reason != why {
			t.Errorf("%q: %+v", day, r)
		}
	}
	f = open(t, "2026-11-23 09:00:00").says("bas", "Ziek.", Order{Kind: OrderExtend, Day: "2027-01-11"}).sent().says("bas", "", earlier)
	f.want(Resolve, "2027-01-11", true)
	f.want(React, "2026-11-30", false)
	f.at("2026-12-03 09:00:00")
	if r := f.refuses("bas", "", Order{Kind: OrderReceived, Day: "2026-12-01"}); r.Day != "2026-11-23" {
		t.Errorf("after it was registered: %+v", r)
	}
	d := Decide(nil, Ordered{Now: at("2026-11-27 13:00:00"), By: "bas@academie.example", Number: "K2026-482932",
		Orders: []Order{{Kind: OrderReceived, Day: "2026-11-25"}, {Kind: OrderLanguage, Value: "en"}, {Kind: OrderRegister, Person: jo}}}, academy())
	if d.Refused() || d.Cases[0].Promise(Resolve).Due != "2026-12-23" || d.Cases[0].Language != "en" {
		t.Errorf("beside #registreer: %+v", d.Refusals)
	}
}

func TestLanguage(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00").says("bas", "", Order{Kind: OrderLanguage, Value: "en"})
	if f.c.Language != "en" || len(f.c.Mended) != 1 || f.posted() != "" {
		t.Errorf("%q, %+v, %s", f.c.Language, f.c.Mended, f.posted())
	}
	if r := f.refuses("bas", "", Order{Kind: OrderLanguage, Value: "fr"}); r.Reason != RefusedValue {
		t.Errorf("%+v", r)
	}
}

// D waives a promise, with the reason; not the terms of the case, nor what the law
// or a ruling asks.
func TestWaive(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00")
	waive := func(k PromiseKind) Order { return Order{Kind: OrderWaive, Value: string(k)} }
	if r := f.refuses("bas", "Daarom.", waive(React)); r.Reason != RefusedRight {
		t.Errorf("B: %+v", r)
	}
	if r := f.refuses("dewi", "", waive(React)); r.Reason != RefusedNoBody {
		t.Errorf("without a reason: %+v", r)
	}
	for _, k := range []PromiseKind{Resolve, Delay, Approve, Ruling, Request, Erase, Cause, "", CopyOwner} {
		if r := f.refuses("dewi", "Daarom.", waive(k)); r.Reason != RefusedValue || len(r.Allowed) == 0 {
			t.Errorf("%q: %+v", k, r)
		}
	}
	f.says("dewi", "Jan is overleden.", waive(React), waive(Take))
	for _, k := range []PromiseKind{React, Take} {
		if p := f.c.Promise(k); p.Open() || p.WaivedBy != "dewi@academie.example" || p.Reason != "Jan is overleden." {
			t.Errorf("%+v", p)
		}
	}
	f.says("bas", "", severe, mark).says("dewi", "Mark is ziek.", waive(CopyConcerned))
	if m := f.c.About("mark@academie.example"); m.Copy != CopyNone || f.c.copyWaits() {
		t.Errorf("the copy: %+v", m)
	}
	f.says("dewi", "Onbereikbaar.", Order{Kind: OrderWaive}) // there is only one left
	if p := f.c.Promise(Acknowledge); p.WaivedBy == "" {
		t.Errorf("%+v", p)
	}
	if r := f.refuses("dewi", "Daarom.", Order{Kind: OrderWaive}); r.Reason != RefusedNothing {
		t.Errorf("nothing left: %+v", r)
	}
}

// procedure.md 6: a hold keeps a case from retention, until its day and no longer.
func TestHold(t *testing.T) {
	until := Order{Kind: OrderHold, Day: "2027-07-01"}
	f := open(t, "2026-11-23 09:00:00").says("bas", "Rechtszaak.", until)
	if f.c.Hold.Reason != "Rechtszaak." || f.c.Hold.By != "bas@academie.example" {
		t.Errorf("%+v", f.c.Hold)
	}
	f.says("bas", "Zo.", closing, category, finding).sent()
	for day, want := range map[Day]bool{"2027-05-24": false, "2027-07-01": false, "2027-07-02": true} {
		if got := ripe(f.c, day); got != want {
			t.Errorf("%s: %v", day, got)
		}
	}
	if r := f.refuses("bas", "", Order{Kind: OrderHold, Day: "2027-08-01"}); r.Reason != RefusedNoBody {
		t.Errorf("%+v", r)
	}
	if r := f.refuses("bas", "Zo.", Order{Kind: OrderHold, Day: "2026-11-23"}); r.Reason != RefusedDate {
		t.Errorf("%+v", r)
	}
	f.says("bas", "", Order{Kind: OrderHold, Value: HoldOff})
	if !ripe(f.c, "2027-05-24") || ripe(f.c, "2027-05-23") {
		t.Errorf("erase on %s", f.c.EraseOn)
	}
	if r := f.refuses("bas", "", Order{Kind: OrderHold, Value: HoldOff}); r.Reason != RefusedNothing {
		t.Errorf("%+v", r)
	}
}

// A request of the person has a month, of which D hears each week; with it the
// case is not erased.
func TestPrivacy(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00")
	if r := f.refuses("bas", "", Order{Kind: OrderPrivacy, Value: PrivacyDone}); r.Reason != RefusedNothing {
		t.Errorf("%+v", r)
	}
	f.says("bas", "Wil alles zien.", Order{Kind: OrderPrivacy, Value: PrivacyAccess})
	f.want(Request, "2026-12-23", true)
	f.at("2027-01-31 09:00:00").says("bas", "", Order{Kind: OrderPrivacy, Value: PrivacyErase})
	if p := f.c.Promises[len(f.c.Promises)-1]; p.Due != "2027-02-28" {
		t.Errorf("a month from 31 January: %s", p.Due)
	}
	f.c.State, f.c.EraseOn = Closed, "2027-01-01"
	if ripe(f.c, "2027-06-01") {
		t.Error("erased with a request open")
	}
	f.says("dewi", "", Order{Kind: OrderPrivacy, Value: PrivacyDone})
	if f.c.place(Request) > 0 || f.c.Requests[0].Done == "" || f.c.Requests[0].Text != "Wil alles zien." || !ripe(f.c, "2027-06-01") {
		t.Errorf("%+v", f.c.Requests)
	}
}
