package desk_test

import (
	"cmp"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/desk"
	"klachtd/internal/report"
	"klachtd/internal/store"
)

// A recount holds the cases of an academy in plain tables of its own, to be counted
// by SQL alone.
type recount struct {
	t  *testing.T
	db *sql.DB
}

func newRecount(t *testing.T, list []complaint.Case) recount {
	t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(t.TempDir(), "recount.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	r := recount{t, db}
	db.SetMaxOpenConns(1)
	r.exec(`PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;
		CREATE TABLE c (number, received, closed, by, expected, told, kind, channel, state, severity, category, cause, course, location,
		finding, resolution, ended_by, asked, score, outside, reopened, at, done_at, asked_at, reopened_on, scored_at, late_by AS (CASE WHEN told <> '' AND told <= by THEN max(by, expected) ELSE by END));
		CREATE TABLE p (number, kind, due, kept, waived);
		CREATE VIEW k AS SELECT * FROM c WHERE resolution NOT IN ('not_a_complaint', 'merged');
		CREATE VIEW kp AS SELECT p.* FROM p JOIN k USING (number);`)
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(amsterdam).Format("2006-01-02")
	}
	for _, c := range list {
		told, channel, place, score, scored := "", "mail", "", 0, time.Time{}
		if len(c.Extensions) > 0 {
			told = string(c.Extensions[0].On)
		}
		if c.RegisteredBy != "" {
			channel = "staff"
		}
		if l := c.Form["locatie"]; l.Staff {
			place = l.Value
		}
		if len(c.Survey.Scores) > 0 {
			score, scored = c.Survey.Scores[0].Score, c.Survey.Scores[0].At
		}
		r.exec("INSERT INTO c VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", c.Number, day(c.ReceivedAt), day(c.ClosedAt), c.ResolveBy,
			c.ExpectedOn, told, c.Kind, channel, c.State, c.Severity, c.Category.Value, c.Cause.Value, c.Course, place, c.Finding.Value, c.Resolution, c.EndedBy,
			!c.Survey.AskedAt.IsZero(), score, len(c.Outside) > 0, c.ReopenedOn != "",
			c.ReceivedAt.UnixMilli(), c.ClosedAt.UnixMilli(), c.Survey.AskedAt.UnixMilli(), c.ReopenedOn, scored.UnixMilli())
		for _, p := range c.Promises {
			r.exec("INSERT INTO p VALUES (?, ?, ?, ?, ?)", c.Number, p.Kind, p.Due, day(p.FulfilledAt), p.WaivedBy != "")
		}
	}
	return r
}

func (r recount) exec(query string, args ...any) {
	r.t.Helper()
	if _, err := r.db.ExecContext(r.t.Context(), query, args...); err != nil {
		r.t.Fatal(err)
	}
}

// text is what a query answers: its rows by line, their columns by space. In it $1 is
// the first day, $2 the last, $3 the first that is not over.
func (r recount) text(query string, p report.Period, now report.Day) string {
	r.t.Helper()
	query = strings.NewReplacer("$1", "'"+p.From.String()+"'", "$2", "'"+p.To.String()+"'", "$3", "'"+now.String()+"'").Replace(query)
	rows, err := r.db.QueryContext(r.t.Context(), query)
	if err != nil {
		r.t.Fatal(query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		r.t.Fatal(err)
	}
	var lines []string
	for rows.Next() {
		values, into := make([]string, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			r.t.Fatal(query, err)
		}
		lines = append(lines, strings.Join(values, " "))
	}
	if err := rows.Err(); err != nil {
		r.t.Fatal(query, err)
	}
	return strings.Join(lines, "\n")
}

// A figure is one of the report, and how it is counted by SQL.
type figure struct {
	name  string
	of    func(report.Figures) string
	query string
}

func number(name string, of func(report.Figures) int, query string) figure {
	return figure{name, func(f report.Figures) string { return fmt.Sprint(of(f)) }, "SELECT count(*) FROM " + query}
}

func tally(name string, of func(report.Figures) report.Tally, column, where string) figure {
	return figure{name, func(f report.Figures) string {
		var lines []string
		for _, c := range of(f) {
			lines = append(lines, fmt.Sprintf("%s %d", c.Name, c.N))
		}
		slices.Sort(lines)
		return strings.Join(lines, "\n")
	}, "SELECT " + column + ", count(*) FROM k WHERE " + where + " GROUP BY 1 ORDER BY " + column + " || ' ' || count(*)"}
}

const (
	inPeriod  = "received BETWEEN $1 AND $2"
	closedIn  = "closed BETWEEN $1 AND $2"
	openThen  = "k WHERE received <= $2 AND (closed = '' OR closed > $2)"
	keptWords = "(kept <> '' AND kept <= due)"
)

// figures are all that a report counts, but for courses and locations.
var figures = []figure{
	number("received", func(f report.Figures) int { return f.Received }, "k WHERE "+inPeriod),
	number("severe", func(f report.Figures) int { return f.Severe }, "k WHERE severity = 'severe' AND "+inPeriod),
	number("internal", func(f report.Figures) int { return f.Internal }, "k WHERE kind = 'internal' AND "+inPeriod),
	number("reopened", func(f report.Figures) int { return f.Reopened }, "k WHERE reopened AND "+inPeriod),
	number("outside", func(f report.Figures) int { return f.Outside }, "k WHERE outside AND "+inPeriod),
	number("no complaints", func(f report.Figures) int { return f.NotComplaints }, "c WHERE resolution = 'not_a_complaint' AND "+inPeriod),
	number("closed", func(f report.Figures) int { return f.Closed }, "k WHERE "+closedIn),
	number("in time", func(f report.Figures) int { return f.InTime }, "k WHERE closed <= late_by AND "+closedIn),
	number("withdrawn", func(f report.Figures) int { return f.Withdrawn }, "k WHERE resolution = 'withdrawn' AND "+closedIn),
	number("told of a delay", func(f report.Figures) int { return f.Announced }, "k WHERE told BETWEEN $1 AND $2"),
	number("open", report.Figures.StillOpen, openThen+" AND state <> 'escalated'"),
	number("late", report.Figures.Overdue, openThen+" AND state <> 'escalated' AND late_by < $3"),
	number("with the Ooa", func(f report.Figures) int { return f.AtOoa }, openThen+" AND state = 'escalated'"),
	{"median", func(f report.Figures) string { return fmt.Sprint(f.Days) }, `WITH d AS (SELECT CAST(julianday(closed) - julianday(received) AS INTEGER) days FROM k WHERE ` + closedIn + `),
		o AS (SELECT days, row_number() OVER (ORDER BY days) i, count(*) OVER () n FROM d)
		SELECT coalesce(sum(days) / count(*), 0) FROM o WHERE i IN ((n + 1) / 2, n / 2 + 1)`},
	{"terms", termsOf, `SELECT name, n, good FROM (
		SELECT kind name, count(*) n, sum(` + keptWords + `) good FROM kp WHERE due BETWEEN $1 AND $2 AND NOT waived AND (due < $3 OR ` + keptWords + `)
			AND kind IN ('acknowledge', 'copy_owner', 'take', 'react', 'answer', 'resolve', 'feedback', 'cause', 'satisfaction', 'call') GROUP BY kind
		UNION ALL SELECT 'solved', count(*), sum(done <> '' AND done <= by) FROM (SELECT by, CASE WHEN told <> '' AND told <= by THEN told ELSE closed END done FROM k)
			WHERE by BETWEEN $1 AND $2 AND (by < $3 OR done <> '' AND done <= by)) WHERE n > 0 ORDER BY name`},
	{"months", monthsOf, `WITH RECURSIVE m(day, i) AS (SELECT date($2, 'start of month', '-11 months'), 1 UNION ALL SELECT date(day, '+1 month'), i + 1 FROM m WHERE i < 12)
		SELECT substr(day, 1, 7), (SELECT count(*) FROM k WHERE substr(received, 1, 7) = substr(day, 1, 7) AND received <= $2),
		(SELECT count(*) FROM k WHERE substr(closed, 1, 7) = substr(day, 1, 7) AND closed <= $2),
		(SELECT count(*) FROM k WHERE substr(closed, 1, 7) = substr(day, 1, 7) AND closed <= $2 AND closed <= late_by) FROM m`},
	tally("categories", func(f report.Figures) report.Tally { return f.Categories }, "category", inPeriod),
	tally("causes", func(f report.Figures) report.Tally { return f.Causes }, "cause", inPeriod),
	tally("channels", func(f report.Figures) report.Tally { return f.Channels }, "channel", inPeriod),
	tally("findings", func(f report.Figures) report.Tally { return f.Findings }, "finding", "finding <> '' AND "+closedIn),
	number("asked", func(f report.Figures) int { return f.Content.Asked }, "k WHERE asked AND "+closedIn),
	{"scores", func(f report.Figures) string { return fmt.Sprint(f.Content.Answered, f.Content.Scores) },
		"SELECT sum(score > 0) || ' [' || sum(score = 1), sum(score = 2), sum(score = 3), sum(score = 4), sum(score = 5) || ']' FROM k WHERE " + closedIn},
}

// named are those that need the words of a case that is still there (procedure.md 6).
var named = []figure{
	tally("locations", func(f report.Figures) report.Tally { return f.Locations }, "location", inPeriod+" AND location <> ''"),
	{"courses", func(f report.Figures) string {
		var lines []string
		for _, c := range f.Courses.Shown {
			lines = append(lines, fmt.Sprintf("%s %d", c.Name, c.N))
		}
		slices.Sort(lines)
		return strings.Join(append(lines, fmt.Sprintf("others %d %d", f.Courses.Number, f.Courses.Others.N)), "\n")
	}, `WITH n AS (SELECT course, count(*) n FROM k WHERE course <> '' AND ` + inPeriod + ` GROUP BY 1)
		SELECT words FROM (SELECT course || ' ' || n words, 0 o FROM n WHERE n >= 3 UNION ALL
		SELECT 'others ' || count(*) || ' ' || coalesce(sum(n), 0), 1 FROM n WHERE n < 3) ORDER BY o, words`},
}

func termsOf(f report.Figures) string {
	var lines []string
	for _, k := range f.Terms {
		name := k.Term.String()
		if k.Solved {
			name = "solved"
		}
		lines = append(lines, fmt.Sprintf("%s %d %d", name, k.Due, k.InTime))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func monthsOf(f report.Figures) string {
	var lines []string
	for _, m := range f.Months {
		lines = append(lines, fmt.Sprintf("%s %d %d %d", m.From.String()[:7], m.Received, m.Closed, m.InTime))
	}
	return strings.Join(lines, "\n")
}

// figuresOf makes the report's figures out of the database.
func (w *world) figuresOf(p report.Period) (f report.Figures) {
	w.t.Helper()
	err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		g := desk.NewRegister(w.t.Context(), tx, amsterdam, nil)
		f, _ = report.Look(g.Rows, p, report.DayOf(w.now))
		return g.Err()
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return f
}

// Every figure of the report is what SQL over plain tables counts, and stays so when
// cases are erased (procedure.md 5, 6). Of what was erased whole months are known, so
// periods are of whole months.
func TestRecount(t *testing.T) {
	for _, seed := range []uint64{1, 2} {
		w := newWorld(t, nil)
		w.now = time.Date(2026, 11, 23, 9, 0, 0, 0, amsterdam)
		list := pretended{cases: 240, days: 680, seed: seed, late: 0.2, planned: 0.2}.made(w.now)
		w.register(list)
		r := newRecount(t, list)
		var periods []report.Period
		for _, days := range []string{"2025-01-01 2025-12-31", "2025-04-01 2025-06-30", "2025-11-01 2026-01-31", "2026-01-01 2026-03-31", "2026-02-01 2026-02-28",
			"2026-04-01 2026-06-30", "2026-07-01 2026-09-30", "2026-10-01 2026-11-23", "2024-12-01 2026-11-23"} {
			from, to, _ := strings.Cut(days, " ")
			periods = append(periods, report.Period{From: report.ParseDay(from), To: report.ParseDay(to)})
		}
		w.holds(r, periods, "before", append(slices.Clone(named), figures...))
		if n := w.erase(list); n < 80 {
			t.Fatalf("%d cases were erased", n)
		}
		w.holds(r, periods, "after", figures)
	}
}

// holds wants each figure of each period to be what SQL counts.
func (w *world) holds(r recount, periods []report.Period, when string, list []figure) {
	w.t.Helper()
	for _, p := range periods {
		now := p.To
		if p.To < report.DayOf(w.now) {
			now++
		}
		f := w.figuresOf(p)
		for _, x := range list {
			want := r.text(x.query, p, now)
			if x.name == "locations" { // a name with fewer than three stands nowhere
				want = strings.Join(slices.DeleteFunc(strings.Split(want, "\n"), func(l string) bool { return strings.HasSuffix(l, " 1") || strings.HasSuffix(l, " 2") }), "\n")
			}
			if got := x.of(f); got != want {
				w.t.Errorf("%s, %s to %s, %s:\n%s\nand by SQL\n%s", when, p.From, p.To, x.name, got, want)
			}
		}
	}
}

// erase does with the cases what forgetting does: of each an anonymous row stays.
func (w *world) erase(list []complaint.Case) (n int) {
	w.t.Helper()
	err := w.db.Update(w.t.Context(), func(tx *store.Tx) error {
		for _, c := range list {
			if c.State != complaint.Closed || c.EraseOn >= complaint.DayOf(w.now, amsterdam) {
				continue
			}
			year, course, place := complaint.Totals(c, w.options.Policy)
			if err := cmp.Or(tx.AddAnonymous(complaint.Anonymize(c, w.now, w.options.Policy)), tx.AddTotal(year, store.Course, course),
				tx.AddTotal(year, store.Location, place), tx.DestroyCase(c.ID, nil)); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// What the digest counts is what SQL counts over the cases that are not erased, and
// over the post, of which an erasure takes the letters of its case alone. In the
// queries $1 is the day of the last digest, $2 today and $3 a month ahead; FROM_ and UNTIL_ are moments.
func TestDigestRecount(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		for _, erased := range []bool{false, true} {
			digestRecount(t, pretended{cases: 150, days: 330, seed: seed, late: 0.3, planned: 0.3, sifted: seed > 1}, erased)
		}
	}
}

func digestRecount(t *testing.T, a pretended, erased bool) {
	t.Helper()
	var post []mailed
	w, text, _ := digested(t, a, func(w *world, list []complaint.Case) {
		post = a.post(w.now, list)
		w.handle(post)
		if erased && w.erase(list) == 0 {
			t.Fatal("nothing was erased")
		}
	})
	r := newRecount(t, a.made(w.now))
	r.post(post)
	if erased {
		r.exec("DELETE FROM c WHERE number IN (SELECT number FROM p WHERE kind = 'erase' AND due < '2026-11-23')")
		r.exec("DELETE FROM p WHERE number NOT IN (SELECT number FROM c)")
		r.exec("DELETE FROM letter WHERE number <> '' AND number NOT IN (SELECT number FROM c)")
	}
	moments := strings.NewReplacer("FROM_", fmt.Sprint(w.now.AddDate(0, 0, -7).UnixMilli()), "UNTIL_", fmt.Sprint(w.now.UnixMilli()))
	today := report.DayOf(w.now)
	ask := func(query string) string {
		return r.text(moments.Replace(query), report.Period{From: today - 7, To: today}, today+30)
	}
	for _, x := range digestLines {
		got := ask(x.query)
		if got == "0" || got == "" || strings.HasSuffix(got, " van 0") { // then there is no line
			continue
		}
		if want := fmt.Sprintf(x.line, got); !strings.Contains("\n"+text, "\n"+want) {
			t.Errorf("seed %d, erased %v: by SQL %q, and the digest is\n%s", a.seed, erased, want, text)
		}
	}
	_, got, _ := strings.Cut(text, "De post\n-------\n\n")
	got, _, _ = strings.Cut(got, "\n\nDit overzicht")
	if want := ask(postSum) + "\n\n" + ask(postLines); got != want {
		t.Errorf("seed %d, erased %v: the post is\n%s\nand by SQL\n%s", a.seed, erased, got, want)
	}
}

// digestLines are lines of a digest, and how they are counted by SQL.
var digestLines = []struct{ line, query string }{
	{"Open: %s", `SELECT count(*) || ', ernstig: ' || sum(severity = 'severe') || ', te laat: ' || sum(EXISTS (SELECT 1 FROM p WHERE p.number = c.number
		AND kept = '' AND NOT waived AND due < $2 AND kind <> 'erase')) FROM c WHERE state <> 'closed'`},
	{"Nieuw: %s", "SELECT count(*) FROM c WHERE at > FROM_ AND at <= UNTIL_"},
	{"Afgehandeld: %s", "SELECT count(*) FROM c WHERE state = 'closed' AND done_at > FROM_ AND done_at <= UNTIL_"},
	{"Heropend: %s", "SELECT count(*) FROM c WHERE reopened_on > $1 AND reopened_on <= $2"},
	{"Geen klacht, of ingetrokken: %s\n", `SELECT group_concat(n || ' door ' || name, ', ') FROM (SELECT count(*) n, min(c.rowid) first, name FROM c JOIN who ON who.address = ended_by
		WHERE resolution IN ('not_a_complaint', 'withdrawn') AND state = 'closed' AND done_at > FROM_ AND done_at <= UNTIL_ GROUP BY ended_by ORDER BY first)
		HAVING count(*) > 0`},
	{"Gemiddeld een %s cursist", `SELECT replace(printf('%.1f', avg(score)), '.', ',') || ' van 5, van ' || count(*) FROM c
		WHERE score > 0 AND scored_at > FROM_ AND scored_at <= UNTIL_`},
	{"%s dossiers worden gewist", "SELECT count(*) FROM c JOIN p USING (number) WHERE state = 'closed' AND p.kind = 'erase' AND due <= $3"},
	{"- persoonlijk reageren: %s", keptQuery("react")}, {"- de klacht in behandeling nemen: %s", keptQuery("take")},
	{"- de klacht oplossen, of laten weten wanneer dat lukt: %s", keptQuery("resolve")}, {"- de oorzaak vaststellen: %s", keptQuery("cause")},
	{"- vragen of de cursist tevreden is: %s", keptQuery("satisfaction")},
}

func keptQuery(kind string) string {
	return "SELECT coalesce(sum(" + keptWords + "), 0) || ' van ' || count(*) FROM p WHERE kind = '" + kind + "' AND NOT waived AND due >= $1 AND due < $2"
}
