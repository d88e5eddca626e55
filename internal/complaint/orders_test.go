package complaint

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// Who gets which mail after each order; nobody a second one about what his
// receipt says.
func TestLettersOfOrders(t *testing.T) {
	for _, tt := range []struct {
		name    string
		do      func(f *file)
		letters string
	}{
		{"take", func(f *file) { f.says("bea", "", take) }, ""},
		{"take over", func(f *file) { f.says("bas", "", take).says("bea", "", take) }, "handover bas"},
		{"assign", func(f *file) { f.says("bea", "", Order{Kind: OrderAssign, Person: person("bas")}) }, "assigned bas"},
		{"assign by D", func(f *file) {
			f.says("bas", "", take).says("dewi", "", Order{Kind: OrderAssign, Person: person("bea")})
		},
			"assigned bea, handover bas"},
		{"reply", func(f *file) { f.says("bea", "Dag.", reply) }, "reply jan"},
		{"category and finding", func(f *file) { f.says("bea", "", category, finding) }, ""},
		{"severe", func(f *file) { f.says("bea", "Iemand is geslagen.", severe) }, "severe dewi"},
		{"severe by D", func(f *file) { f.says("dewi", "", severe) }, ""},
		{"about", func(f *file) { f.says("bea", "", mark) }, "concerned mark"},
		{"about two", func(f *file) { f.says("bea", "", mark, Order{Kind: OrderAbout, Person: person("nina")}) }, "concerned mark, concerned nina"},
		{"about, severe", func(f *file) { f.says("bea", "", severe, mark) }, "severe dewi, copy_ask dewi"},
		{"D lets the copy go", func(f *file) { f.says("bea", "", severe, mark).says("dewi", "", approve) }, "concerned mark"},
		{"D says it again", func(f *file) { f.says("bea", "", severe, mark).says("dewi", "", mark) }, "concerned mark"},
		{"about one who has left", func(f *file) { f.says("bea", "", Order{Kind: OrderAbout, Person: Party{Name: "Piet"}}) }, ""},
		{"about D", func(f *file) { f.says("bea", "", Order{Kind: OrderAbout, Person: person("dewi")}) }, "copy tess, concerned dewi"},
		{"about the handler", func(f *file) {
			f.says("bas", "", take).says("dewi", "", Order{Kind: OrderAbout, Person: person("bas")})
		},
			"assigned bea, concerned bas"},
		{"consult", func(f *file) { f.says("bea", "Mag dit?", Order{Kind: OrderConsult}) }, "consult dewi"},
		{"response", func(f *file) { f.says("bea", "", mark, take).says("mark", "Ik was ziek.", Order{Kind: OrderResponse}) }, "response bea"},
		{"extend", func(f *file) { f.says("bea", "Ziek.", Order{Kind: OrderExtend}) }, "delay jan"},
		{"extend again", func(f *file) {
			f.says("bea", "Ziek.", Order{Kind: OrderExtend}).says("bea", "Nog.", Order{Kind: OrderExtend})
		}, "approval dewi"},
		{"extend again, D agrees", func(f *file) {
			f.says("bea", "Ziek.", Order{Kind: OrderExtend}, take).says("bea", "Nog.", Order{Kind: OrderExtend}).says("dewi", "", approve)
		}, "delay jan, delayed bea"},
		{"close", func(f *file) { f.says("bea", "", take, mark).says("bea", "Zo.", closing, category, finding) }, "closing jan, outcome mark"},
		{"close for the handler", func(f *file) { f.says("bas", "", take).says("bea", "Zo.", closing, category, finding) }, "closing jan, outcome bas"},
		{"close, severe", func(f *file) { f.says("bea", "", take, severe).says("bea", "Zo.", closing, category, finding) }, "approval dewi"},
		{"D approves", func(f *file) {
			f.says("bea", "", take, severe).says("bea", "Zo.", closing, category, finding).says("dewi", "", approve)
		}, "closing jan, outcome bea"},
		{"D returns", func(f *file) {
			f.says("bas", "", take, severe).says("bea", "Zo.", closing, category, finding).says("dewi", "Milder.", Order{Kind: OrderReturn})
		}, "returned bas, returned bea"},
		{"withdrawn", func(f *file) { f.says("bea", "", take, mark).says("bea", "Gebeld.", Order{Kind: OrderWithdrawn}) }, "outcome mark"},
		{"no complaint", func(f *file) { f.says("bea", "", Order{Kind: OrderNotComplaint, Value: JustSpam}) }, "outcome bas"},
		{"reopen", func(f *file) {
			f.says("bea", "", take).says("bea", "Zo.", closing, category, finding).sent().says("dewi", "Toch niet.", Order{Kind: OrderReopen})
		}, "reopened bea"},
	} {
		f := open(t, "2026-11-23 09:00:00")
		tt.do(f)
		if got := f.posted(); got != tt.letters {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.letters)
		}
		for _, l := range f.last.Letters {
			if held := !l.NotBefore.IsZero(); held != (l.Ref > 0) || held && !l.NotBefore.Equal(f.now.Add(5*time.Minute)) {
				t.Errorf("%s: %s goes at %s", tt.name, l.Kind, l.NotBefore)
			}
			if _, staff := f.p.Employee(l.To.Address); staff && (len(l.Next) < 3 || len(l.Next) > 6) {
				t.Errorf("%s: %s to %s has %d buttons", tt.name, l.Kind, l.To.Address, len(l.Next))
			}
		}
	}
}

// What is refused, and why. Nothing of such a mail is carried out.
func TestRefused(t *testing.T) {
	day := func(k OrderKind, d Day) Order { return Order{Kind: k, Day: d} }
	value := func(k OrderKind, v string) Order { return Order{Kind: k, Value: v} }
	for _, tt := range []struct {
		who, body string
		orders    []Order
		want      Reason
	}{
		{"bas", "", []Order{reply}, RefusedNoBody},
		{"bas", " \n", []Order{reply}, RefusedNoBody},
		{"bas", strings.Repeat("x", maxBody+1), []Order{reply}, RefusedUnfit},
		{"bas", "", []Order{{Kind: OrderExtend}}, RefusedNoBody},
		{"bas", "", []Order{{Kind: OrderConsult}}, RefusedNoBody},
		{"bas", "x", []Order{reply, {Kind: OrderConsult}}, RefusedTwoBodies},
		{"bas", "x", []Order{reply, closing}, RefusedTwoBodies},
		{"bas", "", []Order{take, take}, RefusedTwice},
		{"bas", "", []Order{take, {Kind: OrderAssign, Person: person("bea")}}, RefusedContrary},
		{"bas", "x", []Order{closing, {Kind: OrderWithdrawn}}, RefusedContrary},
		{"bas", "x", []Order{closing}, RefusedMissing},
		{"bas", "", []Order{closing, category, finding}, RefusedMissing},
		{"bas", "", []Order{value(OrderCategory, "Weer")}, RefusedValue},
		{"bas", "", []Order{value(OrderCause, "")}, RefusedValue},
		{"bas", "", []Order{value(OrderFinding, "yes")}, RefusedValue},
		{"bas", "", []Order{value(OrderSeverity, "erg")}, RefusedValue},
		{"bas", "", []Order{value(OrderNotComplaint, "")}, RefusedValue},
		{"bas", "", []Order{{Kind: OrderAbout}}, RefusedNoValue},
		{"bas", "", []Order{{Kind: OrderAbout, Person: Party{Address: "jan@voorbeeld.example"}}}, RefusedPerson},
		{"bas", "", []Order{{Kind: OrderAssign, Person: person("mark")}}, RefusedPerson},
		{"bas", "", []Order{{Kind: OrderAssign}}, RefusedPerson},
		{"bas", "", []Order{day(OrderSpoke, "2026-11-24")}, RefusedDate},
		{"bas", "x", []Order{day(OrderExtend, "2026-11-22")}, RefusedDate},
		{"bas", "x", []Order{day(OrderExtend, "2026-12-21")}, RefusedDate}, // the day that holds already
		{"bas", "x", []Order{day(OrderExtend, "2028-01-01")}, RefusedDate},
		{"bas", "", []Order{{Kind: OrderStop, Ref: 1}}, RefusedNothing},
		{"bas", "", []Order{approve}, RefusedRight},
		{"dewi", "", []Order{approve}, RefusedNothing},
		{"dewi", "x", []Order{{Kind: OrderReturn}}, RefusedNothing},
		{"dewi", "x", []Order{{Kind: OrderConsult}}, RefusedRight},
		{"dewi", "x", []Order{{Kind: OrderWait}}, RefusedNothing},
		{"bas", "x", []Order{{Kind: OrderReopen}}, RefusedState},
		{"bas", "x", []Order{{Kind: OrderRegister, Person: Party{Name: "Jo"}}}, RefusedFresh},
		{"bas", "x", []Order{{Kind: OrderResponse}}, RefusedRight},
		{"nina", "", []Order{take}, RefusedRight},
		{"nina", "", []Order{{Kind: OrderStatus}}, RefusedRight},
		{"nina", "", []Order{{Kind: OrderList}}, RefusedRight},
		{"bas", "", []Order{take, value(OrderCategory, "Weer")}, RefusedValue},
		{"bas", "", nil, RefusedWord},
	} {
		f := open(t, "2026-11-23 09:00:00")
		if got := f.refuses(tt.who, tt.body, tt.orders...); got.Reason != tt.want {
			t.Errorf("%s %v: %s, want %s", tt.who, kinds(tt.orders), got.Reason, tt.want)
		}
		if got := letters(f.last); got != "refused "+tt.who {
			t.Errorf("%s %v: %s", tt.who, kinds(tt.orders), got)
		}
		if len(f.last.Notes) != 1 || f.last.Notes[0].Event != "refused" {
			t.Errorf("%s %v: the audit trail has %+v", tt.who, kinds(tt.orders), f.last.Notes)
		}
	}
	f := open(t, "2026-11-23 09:00:00")
	if r := f.refuses("bas", "x", closing); !slices.Equal(r.Missing, []OrderKind{OrderCategory, OrderFinding}) {
		t.Errorf("missing: %v", r.Missing)
	}
	if d := f.do(f.mail("jan", "x", take)); !d.Refused() || len(d.Letters) > 0 {
		t.Errorf("somebody who is not staff: %+v", d)
	}
	odd := f.mail("bas", "", take)
	odd.Refused = []Refusal{{Order: Order{Words: "#nem"}, Reason: RefusedWord}}
	if d := f.do(odd); !d.Refused() || f.c.Handler != "" {
		t.Error("an order beside one that cannot be read is carried out")
	}
	for _, k := range []OrderKind{OrderTake, OrderStatus, OrderClose} {
		if d := Decide(nil, f.mail("bas", "x", Order{Kind: k}), f.p); !d.Refused() || d.Refusals[0].Reason != RefusedNoCase || len(d.Cases) > 0 {
			t.Errorf("%s without a case: %+v", k, d)
		}
	}
}

// Nobody acts on a case about himself, nor on his own complaint; when that is D,
// the deputy does.
func TestConflictOfInterest(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00").says("bas", "", take).says("bas", "", Order{Kind: OrderAbout, Person: person("bas")})
	if f.c.Handler != "bea@academie.example" || f.c.State != InProgress {
		t.Errorf("the handler is %q, %s", f.c.Handler, f.c.State)
	}
	for _, k := range everyOrder {
		if k == OrderHelp || k == OrderResponse || k == OrderRegister || k == OrderAway {
			continue
		}
		if r := f.refuses("bas", "x", sample(k)); r.Reason != RefusedOwnCase {
			t.Errorf("%s on a case about himself: %s", k, r.Reason)
		}
	}
	if got := Allowed(f.c, f.p.Staff[1], f.p, "2026-11-23"); !slices.Equal(got, []OrderKind{OrderResponse, OrderHelp}) {
		t.Errorf("he may %v", got)
	}
	if items, _ := Overview([]Case{f.c}, f.p.Staff[1], f.p, "2026-11-23"); len(items) > 0 {
		t.Error("the case about him is in his list")
	}

	f = open(t, "2026-11-23 09:00:00").says("bas", "", severe, take, Order{Kind: OrderAbout, Person: person("dewi")})
	if f.c.Owner != "tess@academie.example" {
		t.Errorf("the owner is %s", f.c.Owner)
	}
	f.says("bas", "Zo.", closing, category, finding)
	if got := f.posted(); got != "approval tess" {
		t.Errorf("put to %s", got)
	}
	if r := f.refuses("dewi", "", approve); r.Reason != RefusedOwnCase {
		t.Errorf("D approves a closing about himself: %s", r.Reason)
	}
	f.says("tess", "", approve)
	if f.c.State != Closed {
		t.Errorf("the deputy's word: %s", f.c.State)
	}

	e := received("2026-11-23 09:00:00")
	e.From, e.Kind = Party{Address: "B.Bakker@academie.example"}, Internal
	f.c = Decide(nil, e, f.p).Cases[0]
	if r := f.refuses("bas", "", take); r.Reason != RefusedOwnCase {
		t.Errorf("he takes his own complaint by an alias: %s", r.Reason)
	}
}

// D is kept out of a case that may be about him, until B says whom it is about.
func TestNamesDirecteur(t *testing.T) {
	e := received("2026-11-23 09:00:00")
	e.NamesDirecteur = true
	for _, tt := range []struct{ about, owner, letters string }{
		{"mark", "dewi", "copy dewi, concerned mark"},
		{"dewi", "tess", "concerned dewi"},
	} {
		f := &file{t: t, p: academy(), now: e.Now}
		f.c = Decide(nil, e, f.p).Cases[0]
		f.refuses("dewi", "", take)
		f.says("bas", "", Order{Kind: OrderAbout, Person: person(tt.about)})
		if name, _, _ := strings.Cut(f.c.Owner, "@"); name != tt.owner || f.posted() != tt.letters {
			t.Errorf("about %s: owner %s, %s", tt.about, f.c.Owner, f.posted())
		}
	}
}

// The deputy stands in when D is away, and for a closing that waits too long.
func TestDeputy(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00") // a Monday
	f.p.Approval = ApproveAlways
	f.says("bas", "Zo.", closing, category, finding)
	f.want(Approve, "2026-11-25", true)
	if r := f.at("2026-11-25 23:00:00").refuses("tess", "", approve); r.Reason != RefusedRight {
		t.Errorf("within D's days: %s", r.Reason)
	}
	f.at("2026-11-26 00:00:00").says("tess", "", approve)

	f = open(t, "2026-11-23 09:00:00")
	f.p.Approval = ApproveAlways
	f.p.Staff[0].AwayUntil = "2026-11-24"
	f.says("bas", "Zo.", closing, category, finding)
	if got := f.posted(); got != "approval tess" {
		t.Errorf("D is away, put to %s", got)
	}
	f.at("2026-11-24 09:00:00").says("tess", "Milder.", Order{Kind: OrderReturn})
	f.says("bas", "Zo dan.", closing)
	if r := f.at("2026-11-25 09:00:00").refuses("tess", "", approve); r.Reason != RefusedRight {
		t.Errorf("D is back: %s", r.Reason)
	}
}

// The owner is D, the deputy while D is away (procedure.md 2).
func TestOwnerFollowsAbsence(t *testing.T) {
	f := &file{t: t, p: academy(), now: at("2026-11-23 09:00:00")}
	f.p.Staff[0].AwayUntil = "2026-11-25"
	f.last = Decide(nil, received("2026-11-23 09:00:00"), f.p)
	f.c = f.last.Cases[0]
	if got := f.posted(); f.c.Owner != "tess@academie.example" || got != "acknowledgement jan, notice bas, notice bea, copy tess" {
		t.Errorf("owner %s, %s", f.c.Owner, got)
	}
	for _, tt := range []struct{ moment, owner string }{
		{"2026-11-25 23:59:59", "tess@academie.example"}, {"2026-11-26 08:00:00", "dewi@academie.example"},
	} {
		if f.tick(tt.moment); f.c.Owner != tt.owner {
			t.Errorf("%s: %s", tt.moment, f.c.Owner)
		}
	}
}

// Where D is concerned and nobody stands in, B closes by himself and is told so.
func TestNobodyToApprove(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00")
	f.p.Staff[3].Deputy, f.p.Approval = false, ApproveAlways
	f.says("bas", "Zo.", closing, category, finding)
	f.says("bea", "", Order{Kind: OrderAbout, Person: person("dewi")})
	if f.c.Owner != "" {
		t.Errorf("the owner is %s", f.c.Owner)
	}
	if r := f.refuses("bas", "Mag dit?", Order{Kind: OrderConsult}); r.Reason != RefusedState {
		t.Errorf("a question to nobody: %s", r.Reason)
	}
	f.says("bas", "Zo.", closing)
	if l := f.last.Letters[len(f.last.Letters)-1]; f.c.State != Closed || !slices.Contains(l.Receipt.Hints, HintNobodyToAsk) {
		t.Errorf("%s, %+v", f.c.State, l.Receipt)
	}
}

// Closing again is told so; approval never lets a text through that D did not read.
func TestCloseTwice(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00").says("bas", "Zo.", closing, category, finding)
	if r := f.refuses("bas", "Zo.", closing); r.Reason != RefusedTwice {
		t.Errorf("closed: %s", r.Reason)
	}
	f = open(t, "2026-11-23 09:00:00").says("bas", "", severe).says("bas", "Eerste.", closing, category, finding)
	if r := f.refuses("bea", "Tweede.", closing); r.Reason != RefusedTwice {
		t.Errorf("put to D: %s", r.Reason)
	}
	f.says("dewi", "Prima.", approve)
	for _, l := range f.last.Letters {
		if l.Kind == LetterClosing && l.Body != "Eerste." {
			t.Errorf("C reads %q", l.Body)
		}
	}
	labelled := f.mail("bas", "Categorie: Inhoud\nBericht aan de cursist:\nDag Jan.", closing, category, finding)
	labelled.Labels, labelled.Message, labelled.Form = true, "Dag Jan.", map[string]string{"Kosten": "geen"}
	g := open(t, "2026-11-23 09:00:00")
	g.do(labelled)
	if l := g.last.Letters[0]; l.Kind != LetterClosing || l.Body != "Dag Jan." || !g.c.Form["kosten"].Staff {
		t.Errorf("C reads %q, the form %+v", l.Body, g.c.Form)
	}
	for value, want := range map[string]Resolution{Founded: Resolved, Partly: Unresolved, Unfounded: Unresolved, NoFinding: Resolved} {
		g := open(t, "2026-11-23 09:00:00").says("bas", "Zo.", closing, category, Order{Kind: OrderFinding, Value: value})
		if g.c.Resolution != want {
			t.Errorf("%s: %s, want %s", value, g.c.Resolution, want)
		}
	}
}

// A letter that has not left is taken back with all that it stood for.
func TestStop(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(f *file)
	}{
		{"reply", func(f *file) { f.says("bas", "Dag.", reply) }},
		{"delay", func(f *file) { f.says("bas", "Ziek.", Order{Kind: OrderExtend}) }},
		{"closing", func(f *file) { f.says("bas", "Zo.", closing) }},
		{"approved closing", func(f *file) { f.c.Severity = Severe; f.says("bas", "Zo.", closing).says("dewi", "", approve) }},
	} {
		f := open(t, "2026-11-23 09:00:00").says("bas", "", category, finding)
		owed := fmt.Sprint(owedOf(f.c))
		tt.do(f)
		who := "bas"
		if f.c.Outbound[0].By == "dewi@academie.example" {
			who = "dewi"
		}
		f.now = f.now.Add(5 * time.Minute)
		if r := f.refuses(who, "", Order{Kind: OrderStop, Ref: 1}); r.Reason != RefusedSent {
			t.Errorf("%s: at its moment: %s", tt.name, r.Reason)
		}
		f.now = f.now.Add(-time.Second)
		f.says(who, "", Order{Kind: OrderStop, Ref: 1})
		if !slices.Equal(f.last.TakenBack, []int{1}) {
			t.Errorf("%s: taken back: %v", tt.name, f.last.TakenBack)
		}
		now := slices.DeleteFunc(owedOf(f.c), func(s string) bool { return strings.HasPrefix(s, "approve") })
		if fmt.Sprint(now) != owed {
			t.Errorf("%s: owed is now %v, was %s", tt.name, now, owed)
		}
		if !f.c.ClosedAt.IsZero() || f.c.Resolution != "" || f.c.ExpectedOn != "2026-12-21" || len(f.c.Extensions) > 0 {
			t.Errorf("%s: %+v", tt.name, f.c)
		}
		if want := map[bool]State{true: AwaitingApproval, false: New}[who == "dewi"]; f.c.State != want {
			t.Errorf("%s: the case is %s", tt.name, f.c.State)
		}
		f.refuses(who, "", Order{Kind: OrderStop, Ref: 1})
	}
	f := open(t, "2026-11-23 09:00:00")
	f.p.UndoMinutes = 0
	f.says("bas", "Dag.", reply)
	if l := f.last.Letters[0]; !l.NotBefore.IsZero() {
		t.Errorf("held until %s", l.NotBefore)
	}
	if r := f.refuses("bas", "", Order{Kind: OrderStop, Ref: 1}); r.Reason != RefusedSent {
		t.Errorf("without holding back: %s", r.Reason)
	}
}

func owedOf(c Case) []string {
	var list []string
	for _, p := range c.Promises {
		if p.Open() {
			list = append(list, string(p.Kind)+" "+string(p.Due))
		}
	}
	return list
}

// A case comes back within half a year, with terms of its own.
func TestReopen(t *testing.T) {
	for _, tt := range []struct {
		on     string
		reason Reason
		due    Day
	}{
		{"2026-12-01 09:00:00", "", "2026-12-29"},
		{"2027-04-23 09:00:00", "", "2027-05-21"}, // after five months
		{"2027-05-23 23:59:59", "", "2027-06-20"},
		{"2027-05-24 00:00:00", RefusedTooLate, ""},
	} {
		f := open(t, "2026-11-23 09:00:00").says("bas", "", take).says("bas", "Zo.", closing, category, finding).sent()
		f.do(Followed{Now: at("2026-11-25 09:00:00"), At: at("2026-11-25 09:00:00")})
		f.at(tt.on)
		if tt.reason != "" {
			if r := f.refuses("bas", "Toch.", Order{Kind: OrderReopen}); r.Reason != tt.reason {
				t.Errorf("%s: %s", tt.on, r.Reason)
			}
			continue
		}
		f.says("bas", "Toch.", Order{Kind: OrderReopen})
		today := DayOf(f.now, amsterdam)
		f.want(Resolve, tt.due, true)
		f.want(Delay, tt.due, true)
		f.want(Answer, f.p.AddWorkdays(today, answerDays), true) // C wrote after closing
		for _, k := range ofClosing {
			if f.c.place(k) != 0 {
				t.Errorf("%s: %s is still owed", tt.on, k)
			}
		}
		if f.c.State != InProgress || f.c.ResolveBy != "2026-12-21" || f.c.ExpectedOn != tt.due || f.c.EraseOn != "" || f.c.Resolution != "" {
			t.Errorf("%s: %+v", tt.on, f.c)
		}
		f.says("bas", "Nu echt.", closing).sent()
		f.want(Cause, today.Add(14), true)
	}
}
