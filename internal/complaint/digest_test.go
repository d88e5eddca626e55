package complaint

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// weekly puts cases before a review of the week that ends at a moment, and tells
// who gets a digest with what in it.
func weekly(t *testing.T, p Policy, moment string, actions []Action, cases ...Case) (mails map[string]Digest) {
	t.Helper()
	r := NewReview(at(moment).AddDate(0, 0, -7), at(moment), p)
	for _, c := range cases {
		r.Add(c)
	}
	r.Improvements(actions)
	mails = map[string]Digest{}
	for _, l := range r.Letters(func(*Digest) {}) {
		name, _, _ := strings.Cut(l.To.Address, "@")
		mails[name] = *l.Digest
	}
	return mails
}

// greeted is a case of which both first mails have arrived.
func greeted(t *testing.T, moment string) *file {
	f := open(t, moment)
	f.c.Promise(Acknowledge).FulfilledAt, f.c.Promise(CopyOwner).FulfilledAt = at(moment), at(moment)
	return f
}

func tasksOf(d Digest) string {
	var words []string
	for _, t := range d.Tasks {
		late := ""
		if t.Late {
			late = " late"
		}
		words = append(words, fmt.Sprintf("%s %s %s%s", t.Promise, t.Due, t.Order.Kind, late))
	}
	return strings.Join(words, ", ")
}

// What waits for the directeur each week (procedure.md 5): his own promises
// before their term, those of others after it.
func TestDigestTasks(t *testing.T) {
	f := greeted(t, "2026-03-02 09:00:00")
	for _, tt := range []struct{ name, moment, want string }{
		{"all in time", "2026-03-03 08:00:00", ""},
		{"the last day of the term is in time", "2026-03-04 08:00:00", ""},
		{"taken too late", "2026-03-05 08:00:00", "take 2026-03-04 status late"},
		{"nobody reacted", "2026-03-10 08:00:00", "take 2026-03-04 status late, react 2026-03-09 status late"},
	} {
		if got := tasksOf(weekly(t, f.p, tt.moment, nil, f.c)["dewi"]); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}

	f.says("bas", "Te gevaarlijk.", Order{Kind: OrderSeverity, Value: string(Severe)}, Order{Kind: OrderTake})
	if got := tasksOf(weekly(t, f.p, "2026-03-03 08:00:00", nil, f.c)["dewi"]); !strings.HasPrefix(got, "react 2026-03-04 status") {
		t.Errorf("a severe case out of sight: %q", got)
	}

	g := greeted(t, "2026-03-02 10:00:00").says("bas", "Mag dit?", Order{Kind: OrderTake}, Order{Kind: OrderConsult})
	if got, want := tasksOf(weekly(t, g.p, "2026-03-03 08:00:00", nil, g.c)["dewi"]), "consult 2026-03-04 status"; got != want {
		t.Errorf("a question: %q, want %q", got, want)
	}
	both := weekly(t, g.p, "2026-03-10 08:00:00", nil, g.c, f.c)["dewi"]
	if len(both.Tasks) < 2 || !both.Tasks[0].Severe {
		t.Errorf("the severe case is not first: %+v", both.Tasks)
	}
}

// In a case about the directeur the deputy acts; the directeur reads of it as a
// number that is counted and no more.
func TestDigestKeepsOut(t *testing.T) {
	f := greeted(t, "2026-03-02 09:00:00")
	deputy, _ := f.p.Deputy()
	f.c.Concerned = []Concern{{Name: "Dewi de Boer", Address: f.p.Directeur().Address}}
	mails := weekly(t, f.p, "2026-03-10 08:00:00", nil, f.c)
	name, _, _ := strings.Cut(deputy.Address, "@")
	if d := mails["dewi"]; len(d.Tasks) != 0 || d.Open != 1 || d.Late != 1 || d.Partial {
		t.Errorf("the directeur reads %+v", d)
	}
	if d := mails[name]; len(d.Tasks) != 2 || !d.Partial || d.Open != 0 {
		t.Errorf("the deputy %s reads %+v", name, d)
	}
	if len(mails) != 2 {
		t.Errorf("%d digests", len(mails))
	}
}

func TestDigestCounts(t *testing.T) {
	f := open(t, "2026-03-02 09:00:00")
	f.c.Promise(Acknowledge).FulfilledAt = at("2026-03-02 09:00:05")
	f.c.Promise(Take).FulfilledAt = at("2026-03-06 09:00:00") // two days too late
	f.c.Promise(React).WaivedBy = "dewi@academie.example"
	f.c.Survey.Scores = []Score{{Score: 4, At: at("2026-03-05 09:00:00")}, {Score: 1, At: at("2026-03-05 10:00:00"), From: "buur@voorbeeld.example"}}
	d := weekly(t, f.p, "2026-03-09 08:00:00", nil, f.c)["dewi"]
	if got, want := fmt.Sprint(d.Kept), "[{acknowledge 1 1} {copy_owner 0 1} {take 0 1}]"; got != want {
		t.Errorf("kept %s, want %s", got, want)
	}
	if d.New != 1 || d.Open != 1 || d.Closed != 0 || d.Scores != [MaxScore + 1]int{4: 1} {
		t.Errorf("counted %+v", d)
	}
	if d := weekly(t, f.p, "2026-03-16 08:00:00", nil, f.c)["dewi"]; d.New != 0 || d.Scores != [MaxScore + 1]int{} || fmt.Sprint(d.Kept) != "[]" {
		t.Errorf("a week later it is counted again: %+v", d)
	}

	f.c.State, f.c.ClosedAt, f.c.Resolution, f.c.EraseOn = Closed, at("2026-03-06 09:00:00"), Withdrawn, "2026-09-06"
	f.c.EndedBy, f.c.Last = "bas@academie.example", &Last{By: "dewi@academie.example"}
	d = weekly(t, f.p, "2026-03-09 08:00:00", nil, f.c)["dewi"]
	if d.Open != 0 || d.Closed != 1 || d.Withdrawn != 1 || d.EraseSoon != 0 || fmt.Sprint(d.Filtered) != "[{bas@academie.example 1}]" {
		t.Errorf("closed: %+v", d)
	}
	for day, want := range map[string]int{"2026-08-06": 0, "2026-08-07": 1, "2026-09-06": 1} {
		if d := weekly(t, f.p, day+" 08:00:00", nil, f.c)["dewi"]; d.EraseSoon != want {
			t.Errorf("on %s %d are erased soon, want %d", day, d.EraseSoon, want)
		}
	}
	f.c.Hold.Until = "2027-01-01"
	if d := weekly(t, f.p, "2026-08-20 08:00:00", nil, f.c)["dewi"]; d.EraseSoon != 0 {
		t.Error("a case on hold is erased soon")
	}
}

func TestDigestImprovements(t *testing.T) {
	actions := []Action{{Number: 1, Due: "2026-03-08"}, {Number: 2, Due: "2026-03-16"}, {Number: 3, Due: "2026-03-17"},
		{Number: 4, Due: "2026-03-01", Done: "2026-03-02"}, {Number: 5}}
	d := weekly(t, academy(), "2026-03-09 08:00:00", actions)["dewi"]
	if got, want := fmt.Sprint(d.Improvements), "[{M-1 2026-03-08 true} {M-2 2026-03-16 false}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A quiet week is one in which nothing is open, happened or went wrong.
func TestDigestQuiet(t *testing.T) {
	if d := weekly(t, academy(), "2026-03-09 08:00:00", nil)["dewi"]; !d.Quiet() {
		t.Errorf("%+v is not quiet", d)
	}
	for _, d := range []Digest{{Open: 1}, {New: 1}, {Closed: 1}, {Undelivered: 1}, {Unproven: 1}, {Came: 2, Accounted: 1}, {EraseSoon: 1},
		{Tasks: []Task{{}}}, {Improvements: []Due{{}}}, {Verdicts: []string{""}}} {
		if d.Quiet() {
			t.Errorf("%+v is quiet", d)
		}
	}
	if (Digest{From: time.Now(), Came: 3, Accounted: 3}).Quiet() == false {
		t.Error("mail that is accounted for makes noise")
	}
}
