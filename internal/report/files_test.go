package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func reportOf(rows []Row, l Language) Report {
	return Make(list(rows), Until(today), 0, "Academie Voorbeeld", l, today)
}

func written(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The files of the four academies as they are (procedure.md 5).
func TestGoldens(t *testing.T) {
	for _, a := range academies() {
		r := reportOf(a.rows, NL)
		if a.name == "trouble" {
			r.Improve(sampleActions, today)
			year := today.Time().Year()
			r.Remember([]YearTotal{{year, false, "Excel", 4}, {year, true, "Utrecht", 3}, {year, true, "Breda", Least - 1}, {year - 5, true, "Delft", 9}})
		}
		golden(t, a.name+".csv", written(t, r.CSV))
		golden(t, a.name+".html", written(t, r.HTML))
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, written(t, r.JSON), "", " "); err != nil {
			t.Fatal(err)
		}
		golden(t, a.name+".json", pretty.Bytes())
		if a.name == "trouble" {
			golden(t, a.name+".en.html", written(t, reportOf(a.rows, EN).HTML))
		}
		var b strings.Builder
		book := open(t, written(t, r.XLSX))
		for _, sheet := range book.GetSheetList() {
			fmt.Fprintf(&b, "== %s\n", sheet)
			cells(t, book, sheet, func(at string, kind excelize.CellType, value, formula string) {
				if formula != "" {
					t.Errorf("%s %s holds a formula: %s", sheet, at, formula)
				}
				fmt.Fprintf(&b, "%s %s %s\n", at, map[excelize.CellType]string{excelize.CellTypeUnset: "number", excelize.CellTypeNumber: "number", excelize.CellTypeInlineString: "text",
					excelize.CellTypeSharedString: "text", excelize.CellTypeBool: "bool"}[kind], value)
			})
		}
		if a.name == "small" {
			golden(t, a.name+".xlsx.txt", []byte(b.String()))
		}
	}
}

func open(t *testing.T, raw []byte) *excelize.File {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	return book
}

func cells(t *testing.T, book *excelize.File, sheet string, do func(at string, kind excelize.CellType, value, formula string)) {
	t.Helper()
	rows, err := book.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		for j, value := range row {
			at, _ := excelize.CoordinatesToCellName(j+1, i+1)
			kind, err := book.GetCellType(sheet, at)
			if err != nil {
				t.Fatal(err)
			}
			formula, err := book.GetCellFormula(sheet, at)
			if err != nil {
				t.Fatal(err)
			}
			do(at, kind, value, formula)
		}
	}
}

// hostile is an academy whose every word is somebody's attempt.
func hostile(word string) []Row {
	list := small()
	for i := range list {
		r := &list[i]
		r.Channel, r.Category, r.Cause, r.Course, r.Location = word, word, word, word, word
		r.State, r.Kind, r.Finding, r.Resolution, r.Number = word, word, word, "x"+word, word
		if i%2 == 0 {
			r.Resolution = word
		}
	}
	return list
}

// security.md 30: a cell of CSV and xlsx cannot be a formula; in HTML nothing is markup.
func TestHostileWords(t *testing.T) {
	for _, word := range []string{`=cmd|'/c calc'!A1`, "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "%0A=1", "|calc", `"=1"`,
		`</style></svg><script>alert(1)</script>`, `" onload="alert(1)`, "\u202e=evil\u0000", "{{.}}", "javascript:alert(1)", "url(https://evil.example/x)"} {
		r := reportOf(hostile(word), NL)
		records, err := csv.NewReader(bytes.NewReader(written(t, r.CSV))).ReadAll()
		if err != nil {
			t.Fatalf("%q: %v", word, err)
		}
		for _, record := range records {
			for _, cell := range record {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n|%") {
					t.Errorf("csv, %q: %q", word, cell)
				}
			}
		}
		book := open(t, written(t, r.XLSX))
		for _, sheet := range book.GetSheetList() {
			cells(t, book, sheet, func(at string, kind excelize.CellType, value, formula string) {
				if formula != "" || kind == excelize.CellTypeFormula || value != "" && strings.ContainsAny(value[:1], "=+-@\t\r\n|%") {
					t.Errorf("xlsx, %q: %s %s %q %q", word, sheet, at, value, formula)
				}
			})
		}
		page := string(written(t, r.HTML))
		for _, bad := range []string{"<script", ` onload="`, "</style></svg>", "\u202e", "\u0000", "ZgotmplZ"} {
			if strings.Contains(page, bad) {
				t.Errorf("html, %q: %s", word, bad)
			}
		}
		if !json.Valid(written(t, r.JSON)) {
			t.Errorf("json, %q", word)
		}
	}
}

// The page fetches nothing, runs nothing and says what its pictures show.
func TestPageStandsAlone(t *testing.T) {
	reaches := regexp.MustCompile(`(?i)<(script|link|img|iframe|object|embed|form|a)\b|https?:|url\(|@import|\bon[a-z]+=|<style[^>]*src`)
	for _, a := range academies() {
		for _, l := range []Language{NL, EN} {
			page := string(written(t, reportOf(a.rows, l).HTML))
			if found := reaches.FindString(page); found != "" {
				t.Errorf("%s: %s", a.name, found)
			}
			if !strings.Contains(page, `<html lang="`+string(l)+`">`) || strings.Count(page, "<h1>") != 1 || strings.Count(page, "<main>") != 1 {
				t.Errorf("%s: the page has no order", a.name)
			}
			if n := strings.Count(page, "<figure"); strings.Count(page, `role="img" aria-label="`) != n || strings.Count(page, "<svg") != 2*n || strings.Count(page, `aria-hidden="true"`) != 2*n {
				t.Errorf("%s: a picture without words", a.name)
			}
			if strings.Count(page, "<table>") != strings.Count(page, "<thead>") {
				t.Errorf("%s: a table without a head", a.name)
			}
			ids := map[string]bool{}
			for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(page, -1) {
				if ids[m[1]] {
					t.Errorf("%s: two of %s", a.name, m[1])
				}
				ids[m[1]] = true
			}
			for _, m := range regexp.MustCompile(`aria-labelledby="([^"]*)"`).FindAllStringSubmatch(page, -1) {
				if !ids[m[1]] {
					t.Errorf("%s: nothing is %s", a.name, m[1])
				}
			}
		}
	}
}

// The colours of the page, by day and by night, stand out as those of the pictures do.
func TestPageContrast(t *testing.T) {
	sheet, err := pages.ReadFile("page.html")
	if err != nil {
		t.Fatal(err)
	}
	sets := regexp.MustCompile(`:root\{[^}]*\}`).FindAllString(string(sheet), -1)
	if len(sets) != 2 {
		t.Fatalf("%d sets of colours", len(sets))
	}
	for i, set := range sets {
		light := map[string]float64{}
		for _, m := range regexp.MustCompile(`--([a-z]+):#([0-9a-f]{3,6})`).FindAllStringSubmatch(set, -1) {
			hex := m[2]
			if len(hex) == 3 {
				hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
			}
			var r, g, b uint8
			if _, err := fmt.Sscanf(hex, "%02x%02x%02x", &r, &g, &b); err != nil {
				t.Fatal(err)
			}
			light[m[1]] = luminance(r, g, b) + 0.05
		}
		for _, p := range []struct {
			a, b  string
			least float64
		}{{"ink", "page", 7}, {"faint", "page", 4.5}, {"late", "page", 4.5}, {"bar", "page", 3}, {"bar", "pale", 1.9}, {"late", "bar", 1.3}, {"bar", "track", 3}} {
			x, y := light[p.a], light[p.b]
			if got := max(x, y) / min(x, y); got < p.least {
				t.Errorf("set %d: %s on %s: %.2f", i, p.a, p.b, got)
			}
		}
	}
}

// A row of the report knows of an erased case no more than its month.
func TestErasedInTables(t *testing.T) {
	r := at("", ParseDay("2026-02-01")).end(ParseDay("2026-02-20"), "Trainer", "Mens", "founded", 4)
	r.Erased, r.Course, r.Location = true, "Excel", "Zwolle"
	for _, row := range reportOf([]Row{r}, NL).table("cases").Rows {
		for i, cell := range row {
			if d, ok := known(cell).(Day); ok && caseColumns[i][0] != "received_on" {
				t.Errorf("%s: %v", caseColumns[i][0], d)
			}
			if cell == "Excel" || cell == "Zwolle" {
				t.Errorf("%s: %v", caseColumns[i][0], cell)
			}
		}
		if len(row) != len(caseColumns) {
			t.Errorf("%d cells, %d columns", len(row), len(caseColumns))
		}
	}
}

// table is the one with this key.
func (r Report) table(key string) Table {
	all := r.Tables()
	return all[slices.IndexFunc(all, func(t Table) bool { return t.Key == key })]
}

// A report ends today: what is due tomorrow is not late.
func TestReportEndsToday(t *testing.T) {
	year := Make(list(busy()), Period{ParseDay("2026-01-01"), ParseDay("2026-12-31")}, 0, "", NL, today)
	if year.Figures.Period.To != today || year.Figures.Overdue() != 0 || len(year.Figures.Open) != 4 {
		t.Errorf("%+v, %d late of %d", year.Figures.Period, year.Figures.Overdue(), len(year.Figures.Open))
	}
}

// A program reads columns by their keys, Excel by their titles: both are told apart.
func TestTablesAreNamed(t *testing.T) {
	for _, l := range []Language{NL, EN} {
		sheets := map[string]bool{}
		for _, table := range reportOf(trouble(), l).Tables() {
			if sheets[table.Title] || len(table.Title) > 31 || table.Title == "" || table.Key == "" {
				t.Errorf("sheet %q", table.Title)
			}
			sheets[table.Title] = true
			seen := map[string]bool{}
			for _, c := range table.Columns {
				if seen["k"+c.Key] || seen["t"+c.Title] || c.Key == "" || c.Title == "" {
					t.Errorf("%s: column %q %q", table.Key, c.Key, c.Title)
				}
				seen["k"+c.Key], seen["t"+c.Title] = true, true
			}
			for _, row := range table.Rows {
				if len(row) != len(table.Columns) {
					t.Errorf("%s: %d cells", table.Key, len(row))
				}
			}
		}
	}
}

// What a signal says in words, in both languages.
func TestSentences(t *testing.T) {
	var b strings.Builder
	erased := times("Extern", 10, 20, 30)
	erased[0].Erased, erased[0].Number = true, ""
	all := times("Mens", 1, 2, 3)
	for i := range all {
		all[i].Erased, all[i].Number = true, ""
	}
	for _, rows := range [][]Row{nil, small(), busy(), trouble(), erased, all} {
		for _, l := range []Language{NL, EN} {
			for _, s := range Sentences(Signals(see(list(rows)), today, 0), l) {
				fmt.Fprintln(&b, s)
			}
			fmt.Fprintln(&b)
		}
	}
	for _, e := range []Effect{
		EffectOf(see(list(busy())), ByCause, "Mens", today-120, today, 0),
		EffectOf(see(list(trouble())), ByCause, "Planning", today-60, today, 0),
		EffectOf(see(list(small())), ByCause, "Mens", today-60, today, 0),
		EffectOf(see(list(append(times("Mens", 190, 200, 210, 220, 230, 240, 250, 260, 270, 280, 290, 300, 310), times("Extern", 5)...))), ByCause, "Mens", today-180, today, 0),
		EffectOf(see(list(nil)), ByCause, "Mens", today, today, 0),
	} {
		fmt.Fprintf(&b, "%s\n%s\n\n", e.Sentence(NL), e.Sentence(EN))
	}
	golden(t, "sentences.txt", []byte(b.String()))
}

// A sheet is for people: its codes are said in words. A file for programs keeps them,
// and a code that nobody has words for stands as it is.
func TestSheetsSpeakTheAcademysLanguage(t *testing.T) {
	rows := []Row{{Number: "K2026-123456", Received: dayOf(2026, 3, 2), State: "awaiting_approval", Kind: "internal", Severity: "severe", Finding: "partly", Resolution: "later"}}
	for l, want := range map[Language]string{NL: "wacht op akkoord van de directeur intern ernstig deels gegrond later", EN: "awaits the director's approval internal severe partly founded later"} {
		r := reportOf(rows, l)
		var got []string
		book := open(t, written(t, r.XLSX))
		for _, column := range []string{"E", "F", "H", "K", "L"} {
			value, err := book.GetCellValue(r.casesTable().Title, column+"2")
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, value)
		}
		if said := strings.Join(got, " "); said != want {
			t.Errorf("%s: %q, not %q", l, said, want)
		}
		if csv := string(written(t, r.CSV)); !strings.Contains(csv, "awaiting_approval,internal,") {
			t.Errorf("%s: %s", l, csv)
		}
	}
}
