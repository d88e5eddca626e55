package complaint

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// ripe reports whether a case may go on a day but for the telling.
func ripe(c Case, day Day) bool {
	why := academy().Keeps(c, day)
	return why == "" || why == KeptForetold
}

// Half a year is calendar months, clamped; the last day counts whole, whatever the
// clock does meanwhile (procedure.md 1, 6).
func TestTermOfRetention(t *testing.T) {
	for closed, last := range map[string]Day{
		"2026-08-31 10:00:00": "2027-02-28", "2027-08-31 10:00:00": "2028-02-29", "2026-11-23 10:00:00": "2027-05-23",
		"2026-12-31 10:00:00": "2027-06-30", "2027-03-31 10:00:00": "2027-09-30", "2028-02-29 10:00:00": "2028-08-29",
		"2026-09-27 23:59:59": "2027-03-27", // ends the day before the clock goes ahead
		"2026-09-28 00:00:00": "2027-03-28", // ends the day itself, which has 23 hours
		"2026-04-25 10:00:00": "2026-10-25", // ends the day that has 25
	} {
		f := open(t, closed).says("bea", "Zo.", take, closing, category, finding)
		if f.c.EraseOn != last || f.c.Promise(Erase).Due != last {
			t.Errorf("closed %s: %s, not %s", closed, f.c.EraseOn, last)
		}
		f.c.Foretold = Foretelling{For: last, On: last.Add(-aheadDays)}
		for _, tt := range []struct {
			now  string
			want Keeping
		}{{string(last.Add(-1)) + " 03:00:00", KeptTerm}, {string(last) + " 00:00:00", KeptTerm}, {string(last) + " 23:59:59", KeptTerm},
			{string(last.Add(1)) + " 00:00:00", ""}} {
			if got := f.p.Keeps(f.c, DayOf(at(tt.now), f.p.Zone)); got != tt.want {
				t.Errorf("closed %s, at %s: %q, not %q", closed, tt.now, got, tt.want)
			}
		}
	}
}

// What keeps a case, each by itself (procedure.md 6, security.md 29).
func TestKeeps(t *testing.T) {
	today := Day("2027-06-01")
	for name, tt := range map[string]struct {
		change func(c *Case)
		want   Keeping
		barred Keeping
	}{
		"nothing":            {func(*Case) {}, "", ""},
		"open":               {func(c *Case) { c.State, c.EraseOn = InProgress, "" }, KeptOpen, ""},
		"a hold":             {func(c *Case) { c.Hold.Until = today }, KeptHold, KeptHold},
		"a hold that ended":  {func(c *Case) { c.Hold.Until, c.Foretold.For = today.Add(-1), today.Add(-1) }, "", ""},
		"a hold not told of": {func(c *Case) { c.Hold.Until = today.Add(-1) }, KeptForetold, ""},
		"with the Ooa":       {func(c *Case) { c.State, c.EraseOn = Escalated, "" }, KeptOutside, KeptOutside},
		"a ruling":           {func(c *Case) { c.Promises = append(c.Promises, Promise{Kind: Ruling, Due: today}) }, KeptOutside, KeptOutside},
		"a request":          {func(c *Case) { c.Promises = append(c.Promises, Promise{Kind: Request, Due: today}) }, KeptRequest, ""},
		"nobody was told":    {func(c *Case) { c.Foretold = Foretelling{} }, KeptForetold, ""},
		"told today":         {func(c *Case) { c.Foretold.On = today }, KeptForetold, ""},
		"told yesterday":     {func(c *Case) { c.Foretold.On = "2027-05-31" }, KeptForetold, ""},
		"told on Friday":     {func(c *Case) { c.Foretold.On = "2027-05-28" }, "", ""}, // Monday lies between
	} {
		c := Case{State: Closed, Dossier: Dossier{EraseOn: "2027-05-20", Foretold: Foretelling{For: "2027-05-20", On: "2027-04-20"}}}
		tt.change(&c)
		p := academy()
		if got := p.Keeps(c, today); got != tt.want {
			t.Errorf("%s: %q, not %q", name, got, tt.want)
		}
		if got := c.Barred(today); got != tt.barred {
			t.Errorf("%s: barred %q, not %q", name, got, tt.barred)
		}
	}
}

// The directeur is told 30 days ahead, on the working day before when that is a
// free day, once; of a hold that ends anew.
func TestForetold(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00").says("bea", "Zo.", take, closing, category, finding).sent() // till 2027-05-23
	told := func(moment string) string {
		d := f.at(moment + " 03:00:00").do(Foretold{Now: f.now})
		if len(d.Cases) == 0 {
			return ""
		}
		var to []string
		for _, l := range f.p.Ahead(d.Cases, DayOf(f.now, f.p.Zone)) {
			to = append(to, l.To.Address+" "+string(l.Items[0].Due))
		}
		return strings.Join(to, ", ")
	}
	for _, tt := range []struct{ day, want string }{
		{"2027-04-22", ""},
		{"2027-04-23", "dewi@academie.example 2027-05-23"}, // a Friday, 30 days ahead
		{"2027-04-26", ""},
	} {
		if got := told(tt.day); got != tt.want {
			t.Errorf("%s: %q, not %q", tt.day, got, tt.want)
		}
	}
	f.says("bea", "Rechtszaak.", Order{Kind: OrderHold, Day: "2027-08-30"})
	for _, tt := range []struct{ day, want string }{
		{"2027-07-29", ""},
		{"2027-07-30", "dewi@academie.example 2027-08-30"}, // the 31st is a Saturday
		{"2027-07-31", ""},
	} {
		if got := told(tt.day); got != tt.want {
			t.Errorf("%s: %q, not %q", tt.day, got, tt.want)
		}
	}
	f = open(t, "2026-11-23 09:00:00").says("bea", "Zo.", take, mark, closing, category, finding).sent()
	f.c.Concerned = append(f.c.Concerned, Concern{Address: person("dewi").Address})
	if got := told("2027-04-23"); got != "tess@academie.example 2027-05-23" {
		t.Errorf("a case about D: %q", got)
	}
	f.c.Foretold = Foretelling{}
	if got := told("2027-04-25"); got != "" { // nobody works on Sunday
		t.Errorf("on a Sunday: %q", got)
	}
	if got := told("2027-05-17"); got != "tess@academie.example 2027-05-23" { // klachtd stood still
		t.Errorf("late: %q", got)
	}
}

// Everyone hears of his own copies, a mail for each hundred, and may say once
// that they are deleted.
func TestDeleteCopies(t *testing.T) {
	p := academy()
	var many []Copies
	for n := range maxListed + 1 {
		many = append(many, Copies{Number: Number(2026, 0, n), Days: []Day{"2026-11-23"}})
	}
	var got []string
	for _, l := range p.DeleteCopies(map[string][]Copies{"dewi@academie.example": many, "BAS@academie.example": many[:1], "weg@academie.example": many[:1]}) {
		got = append(got, fmt.Sprint(l.To.Address, " ", len(l.Copies)))
	}
	if want := "[dewi@academie.example 100 dewi@academie.example 1 bas@academie.example 1]"; fmt.Sprint(got) != want {
		t.Errorf("%v, not %s", got, want)
	}
	order := Ordered{Now: at("2027-06-01 09:00:00"), By: "mark@academie.example", Orders: []Order{{Kind: OrderPrivacy, Value: PrivacyDone}}}
	if d := Decide(nil, order, p); !d.Refused() || d.Refusals[0].Reason != RefusedNothing || d.Deleted {
		t.Errorf("nothing was asked: %+v", d)
	}
	order.CopiesAsked = 1
	if d := Decide(nil, order, p); d.Refused() || !d.Deleted || len(d.Letters) != 1 {
		t.Errorf("%+v", d)
	}
	order.Orders[0].Value = PrivacyErase
	if d := Decide(nil, order, p); !d.Refused() || d.Refusals[0].Reason != RefusedNoCase {
		t.Errorf("a request is about a case: %+v", d)
	}
}

// What stays is counted, and names nobody.
func TestAnonymize(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00").says("bas", "", take, mark).at("2026-11-26 09:00:00").says("bas", "Beste Jan, zo.", closing, category, finding).sent()
	f.c.Course, f.c.Cause.Value = "Excel", "de fout van Jan"
	f.c.Form = map[string]FormValue{"locatie": {Value: "Utrecht", Staff: true}}
	f.c.Survey.Scores = []Score{{Score: 2}, {Score: 5, From: "piet@elders.example"}}
	a := Anonymize(f.c, at("2027-05-24 03:00:00"), f.p)
	for _, word := range []string{"jan", "Jan", "bas@", "mark", "Excel", "Utrecht", f.c.Number} {
		if text := fmt.Sprintf("%+v", a); strings.Contains(text, word) {
			t.Errorf("%s stands in %s", word, text)
		}
	}
	if a.Received != "2026-11" || a.Closed != "2026-11" || a.ReactDays != 3 || a.CloseDays != 3 || a.Channel != ByMail ||
		a.Category != f.c.Category.Value || a.Cause != "" || fmt.Sprint(a.Scores) != "[2]" {
		t.Errorf("%+v", a)
	}
	how := map[PromiseKind]Kept{}
	for _, o := range a.Promises {
		how[o.Kind] = o.How
	}
	for kind, want := range map[PromiseKind]Kept{React: InTime, Resolve: InTime, Erase: InTime, Cause: Missed} {
		if how[kind] != want {
			t.Errorf("%s: %q, not %q", kind, how[kind], want)
		}
	}
	if year, course, place := Totals(f.c, f.p); year != 2026 || course != "Excel" || place != "Utrecht" {
		t.Errorf("%d %q %q", year, course, place)
	}
	f.c.Form["locatie"] = FormValue{Value: "bij Jan thuis"}
	if _, _, place := Totals(f.c, f.p); place != "" {
		t.Errorf("what a complainant typed is counted: %q", place)
	}
	f.c.Resolution = NotComplaint
	if _, course, _ := Totals(f.c, f.p); course != "" {
		t.Errorf("what was no complaint is counted: %q", course)
	}
	for due, want := range map[Day]Kept{"2027-05-23": InTime, "2027-05-22": Late} {
		if got := kept(Promise{Kind: Erase, Due: due}, "2027-05-24", time.UTC); got != want {
			t.Errorf("erased on the day after %s: %s", due, got)
		}
	}
}
