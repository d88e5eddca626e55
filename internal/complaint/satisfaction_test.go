package complaint

import (
	"testing"
	"time"
)

func (f *file) survey(moment string) string {
	f.t.Helper()
	f.at(moment)
	d := f.do(Surveyed{Now: f.now, Code: "h7k2m9qxab"})
	got := letters(d)
	for _, l := range d.Letters { // the mail server takes it
		if p := f.c.PromiseOf(l); p != nil {
			p.FulfilledAt = f.now
		}
	}
	return got
}

func (f *file) scores(moment string, n int, text string) string {
	f.t.Helper()
	f.at(moment)
	return letters(f.do(Scored{Now: f.now, At: f.now, Score: n, Text: text}))
}

func closedFile(t *testing.T) *file {
	return open(t, "2026-11-23 09:00:00").says("bas", "", take).says("bas", "Zo.", closing, category, finding).sent()
}

// procedure.md 1: the question at closing + 7 days, on a working day and never
// late; one reminder 10 days later, unless C wrote meanwhile.
func TestSurvey(t *testing.T) {
	f := closedFile(t) // closed on a Monday
	for _, early := range []string{"2026-11-24 10:00:00", "2026-11-27 10:00:00", "2026-11-29 10:00:00"} {
		if got := f.survey(early); got != "" || len(f.last.Cases) > 0 {
			t.Errorf("%s: %s", early, got)
		}
	}
	if got := f.survey("2026-11-30 10:00:00"); got != "satisfaction jan" || f.c.Survey.Code != "h7k2m9qxab" {
		t.Fatalf("after a week: %s, code %q", got, f.c.Survey.Code)
	}
	f.want(Satisfaction, "2026-11-30", false)
	for _, none := range []string{"2026-11-30 10:00:00", "2026-12-09 10:00:00"} {
		if got := f.survey(none); got != "" {
			t.Errorf("%s: %s", none, got)
		}
	}
	answered := *f
	answered.c = f.c.clone()
	answered.scores("2026-12-01 12:00:00", 4, "")
	wrote := *f
	wrote.c = f.c.clone()
	wrote.do(Followed{Now: at("2026-12-01 12:00:00"), At: at("2026-12-01 12:00:00")})
	bounced := *f
	bounced.c = f.c.clone()
	bounced.do(Undelivered{Now: f.now, Letter: LetterSatisfaction, To: "jan@voorbeeld.example", Promise: Satisfaction, Why: Bounced})
	bounced.want(Satisfaction, "2026-11-30", true)
	for name, f := range map[string]*file{"answered": &answered, "wrote": &wrote, "bounced": &bounced} {
		if got := f.survey("2026-12-10 10:00:00"); got != "" {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := f.survey("2026-12-10 10:00:00"); got != "satisfaction_reminder jan" {
		t.Errorf("ten days later: %s", got)
	}
	if got := f.survey("2026-12-24 10:00:00"); got != "" {
		t.Errorf("a second reminder: %s", got)
	}
}

// Who is asked nothing, and when the day falls in a weekend.
func TestSurveyNever(t *testing.T) {
	for name, tt := range map[string]struct {
		do   func(f *file)
		want string // eight weeks later
	}{
		"closed":               {func(f *file) { f.says("bas", "Zo.", closing, category, finding).sent() }, "satisfaction jan"},
		"withdrawn":            {func(f *file) { f.says("bas", "", Order{Kind: OrderWithdrawn}) }, ""},
		"spam":                 {func(f *file) { f.says("bas", "", Order{Kind: OrderNotComplaint, Value: JustSpam}) }, ""},
		"open":                 {func(*file) {}, ""},
		"the result came back": {func(f *file) { f.says("bas", "Zo.", closing, category, finding) }, ""},
		"reopened": {func(f *file) {
			f.says("bas", "Zo.", closing, category, finding).sent().says("bas", "Toch.", Order{Kind: OrderReopen})
		}, ""},
		"no machine may write": {func(f *file) {
			f.says("bas", "Zo.", closing, category, finding).sent()
			f.c.Withheld, f.c.ReactedAt, f.c.Promise(Acknowledge).FulfilledAt = WithheldSpam, time.Time{}, time.Time{}
		}, ""},
	} {
		f := open(t, "2026-11-23 09:00:00")
		tt.do(f)
		if got := f.survey("2027-01-18 10:00:00"); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
		if p := f.c.Promise(Satisfaction); p != nil && p.Open() && name != "the result came back" {
			t.Errorf("%s: still owed: %+v", name, p)
		}
	}
	f := open(t, "2026-11-20 09:00:00").at("2026-11-21 09:00:00").says("bas", "Zo.", closing, category, finding).sent() // on a Saturday
	if got := f.survey("2026-11-27 10:00:00"); got != "satisfaction jan" {
		t.Errorf("the Friday before: %s", got)
	}
}

// 2 or lower: the handler calls within 2 working days, D is told, C gets the way
// outside, once. A score with words is read by a person.
func TestScores(t *testing.T) {
	f := closedFile(t)
	f.survey("2026-11-30 10:00:00")
	if got := f.scores("2026-12-01 12:00:00", 4, ""); got != "" || f.c.Satisfaction() != 4 {
		t.Errorf("4: %s, %d", got, f.c.Satisfaction())
	}
	if got := f.scores("2026-12-01 13:00:00", 5, "Top!"); got != "score bas" || f.c.Satisfaction() != 5 {
		t.Errorf("5 with words: %s, %d", got, f.c.Satisfaction())
	}
	if f.c.Promise(Call) != nil {
		t.Errorf("a call is owed")
	}
	if got := f.scores("2026-12-03 12:00:00", 2, "Toch niet."); got != "score bas, score dewi, external jan" {
		t.Errorf("2: %s", got)
	}
	f.want(Call, "2026-12-07", true)
	for _, l := range f.last.Letters {
		if l.Kind == LetterExternal && l.Body+l.By != "" {
			t.Errorf("C gets back %q", l.Body)
		}
	}
	if got := f.scores("2026-12-03 12:00:01", 1, ""); got != "score bas, score dewi" {
		t.Errorf("1 after that: %s", got)
	}
	f.want(Call, "2026-12-07", true)
	if n := count(f.c, Call); n != 1 {
		t.Errorf("%d calls are owed", n)
	}
	f.says("bas", "Gebeld.", Order{Kind: OrderSpoke})
	f.want(Call, "2026-12-07", false)
	if n := len(f.c.Survey.Scores); n != 4 {
		t.Errorf("%d answers on record", n)
	}
	if steps := Steps(closedLow(t), f.p.Staff[1], f.p, "2026-12-04"); steps[0].Kind != OrderSpoke || steps[1].Kind != OrderReopen {
		t.Errorf("first steps %v", kinds(steps))
	}
}

func closedLow(t *testing.T) Case {
	f := closedFile(t)
	f.scores("2026-12-03 12:00:00", 1, "")
	return f.c
}

// security.md 18: an answer from another address is shown to a person and counts
// for nothing.
func TestScoreFromElsewhere(t *testing.T) {
	f := closedFile(t)
	f.survey("2026-11-30 10:00:00")
	d := f.do(Scored{Now: f.now, At: f.now, Score: 1, From: "piet@voorbeeld.example"})
	if got := letters(d); got != "score bas" || !d.Letters[0].Unproven || f.c.Satisfaction() != 0 || f.c.Promise(Call) != nil {
		t.Errorf("%s, satisfaction %d", got, f.c.Satisfaction())
	}
	if got := letters(f.do(Scored{Now: f.now, At: f.now, Score: 1, Text: "x", Quiet: true})); got != "" {
		t.Errorf("out of an archive: %s", got)
	}
	f.want(Call, "2026-12-02", true)
}

func count(c Case, k PromiseKind) int {
	n := 0
	for _, p := range c.Promises {
		if p.Kind == k {
			n++
		}
	}
	return n
}
