package report

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"strings"
)

// The page and the charts in it. Nothing is fetched from anywhere, and nothing runs.
//
//go:embed chart.html page.html
var pages embed.FS

func pageTemplate() (*template.Template, error) {
	t, err := template.ParseFS(pages, "*.html")
	if err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	return t, nil
}

// Widths of the charts in the page: on a telephone, and on a desk or paper.
const (
	narrowWidth = 360
	wideWidth   = 752
)

// A pageView is what the template fills in.
type pageView struct {
	Language       Language
	Title, Academy string
	Period, Made   string
	Cut            string
	Keys           []keyFigure
	SignalsTitle   string
	Signals        [][]span
	SignalsNote    string
	Sections       []section
	Foot           string
}

// A keyFigure is a number that stands out.
type keyFigure struct {
	Name, Value string
	Alarm       bool
}

// A span is a stretch of a sentence. A number of a case stays on one line.
type span struct {
	Words  string
	Number bool
}

var caseNumber = regexp.MustCompile(`K\d{4}-\d+`)

func spans(s string) []span {
	var list []span
	last := 0
	for _, at := range caseNumber.FindAllStringIndex(s, -1) {
		list = append(list, span{Words: s[last:at[0]]}, span{s[at[0]:at[1]], true})
		last = at[1]
	}
	return append(list, span{Words: s[last:]})
}

// A section has a chart, a table, both, or a sentence.
type section struct {
	ID, Title    string
	Sentence     string
	Narrow, Wide *scene
	Words        string
	Items        []string
	Table        *pageTable
	Note         string
}

type pageTable struct {
	Head []string
	Text int // which column may be longer than a number; 0: none but the first
	Rows [][]string
}

// HTML writes the report as one page that needs nothing else: no scripts, nothing fetched.
func (r Report) HTML(w io.Writer) error {
	v, err := r.view()
	if err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	t, err := pageTemplate()
	if err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	if err := t.ExecuteTemplate(w, "page", v); err != nil {
		return fmt.Errorf("write html: %w", err)
	}
	return nil
}

func (r Report) view() (pageView, error) {
	f, l := r.Figures, r.Language
	v := pageView{Language: l, Title: l.say("Klachtenrapport", "Complaints report"), Academy: r.Academy,
		Period: l.sayf("%s t/m %s", "%s to %s", l.date(f.Period.From), l.date(f.Period.To)), Made: l.sayf("Gemaakt op %s", "Made on %s", l.date(r.Made)),
		Cut: f.Cut.Sentence(l), Keys: r.keys(), SignalsTitle: l.say("Signalen", "Signals"), Foot: l.say("Dit rapport bevat geen namen van personen en geen tekst uit klachten. Cursussen en locaties staan er pas in vanaf drie klachten.",
			"This report holds no names of persons and no text of complaints. Courses and locations appear from three complaints on.")}
	if l != EN {
		v.Language = NL
	}
	v.signals(r)
	for _, c := range Charts(f, l) {
		s, err := r.section(c)
		if err != nil {
			return v, err
		}
		v.Sections = append(v.Sections, s)
		if c.Name == "open" {
			v.Sections = append(v.Sections, r.termsSection())
		}
	}
	v.Sections = append(v.Sections, r.tallySection("categories", l.say("Categorieën", "Categories"), f.Categories, l.named), r.tallySection("findings", l.say("Oordelen", "Findings"), f.Findings, l.finding), r.coursesSection())
	if len(r.Totals) > 0 {
		v.Sections = append(v.Sections, r.pastSection())
	}
	v.Sections = append(v.Sections, r.actionsSection())
	return v, nil
}

func (r Report) keys() []keyFigure {
	f, l := r.Figures, r.Language
	keys := []keyFigure{
		{Name: l.say("ontvangen", "received"), Value: fmt.Sprint(f.Received)},
		{Name: l.say("afgehandeld", "closed"), Value: fmt.Sprint(f.Closed)},
		{Name: l.say("op tijd afgehandeld", "closed in time"), Value: percent(f.InTime, f.Closed), Alarm: f.InTime*10 < f.Closed*9},
		{Name: l.say("open", "open"), Value: fmt.Sprint(f.StillOpen())},
		{Name: l.say("te laat", "late"), Value: fmt.Sprint(f.Overdue()), Alarm: f.Overdue() > 0},
	}
	score := "–"
	if f.Content.Answered > 0 {
		score = l.decimal(f.Content.Mean(), 1)
	}
	return append(keys, keyFigure{Name: l.say("tevredenheid, van 5", "satisfaction, of 5"), Value: score, Alarm: f.Content.Answered > 0 && f.Content.Mean() < 3})
}

func (v *pageView) signals(r Report) {
	l := r.Language
	for _, s := range Sentences(r.Signals, l) {
		v.Signals = append(v.Signals, spans(s))
	}
	v.SignalsNote = l.say("Een signaal is een reden om te kijken, geen bewijs.", "A signal is a reason to look, not a proof.")
	if len(v.Signals) == 0 {
		v.SignalsNote = l.say("Geen: er zijn geen drie klachten met dezelfde oorzaak, categorie, cursus of locatie in twaalf maanden.",
			"None: there are no three complaints with the same cause, category, course or location in twelve months.")
	}
}

func (r Report) section(c Chart) (section, error) {
	s := section{ID: c.Name, Title: c.Title, Words: c.Words}
	if c.Empty() {
		s.Sentence = c.Words
		return s, nil
	}
	var err error
	if s.Narrow, err = c.element(narrowWidth); err != nil {
		return s, err
	}
	s.Wide, err = c.element(wideWidth)
	return s, err
}

func (r Report) termsSection() section {
	l := r.Language
	s := section{ID: "terms", Title: l.say("Termijnen van de procedure", "Terms of the procedure")}
	if len(r.Figures.Terms) == 0 {
		s.Sentence = l.say("In deze periode liep geen termijn af.", "In this period no term ended.")
		return s
	}
	s.Table = &pageTable{Head: []string{l.say("Termijn", "Term"), l.say("Op tijd", "In time"), l.say("Van", "Of"), l.say("Deel", "Share")}}
	for _, k := range r.Figures.Terms {
		s.Table.Rows = append(s.Table.Rows, []string{l.term(k), fmt.Sprint(k.InTime), fmt.Sprint(k.Due), percent(k.InTime, k.Due)})
	}
	return s
}

func (r Report) tallySection(key, title string, counts Tally, name func(string) string) section {
	l := r.Language
	s := section{ID: key, Title: title}
	if len(counts) == 0 {
		s.Sentence = l.say("Geen in deze periode.", "None in this period.")
		return s
	}
	s.Table = &pageTable{Head: []string{l.say("Naam", "Name"), l.say("Aantal", "Number"), l.say("Deel", "Share")}}
	for _, c := range counts {
		s.Table.Rows = append(s.Table.Rows, []string{name(c.Name), fmt.Sprint(c.N), percent(c.N, counts.Sum())})
	}
	return s
}

// actionsSection is the register of improvements: what was to be done, by when, and what
// it brought.
func (r Report) actionsSection() section {
	l := r.Language
	s := section{ID: "actions", Title: l.say("Maatregelen", "Improvements")}
	if len(r.Improved) == 0 {
		s.Sentence = l.say("Er is geen maatregel vastgelegd.", "No improvement is on record.")
		return s
	}
	for _, m := range r.Improved {
		s.Items = append(s.Items, m.Line(l, r.Made))
	}
	return s
}

// Line says an action in a line as of today: its number and cause, its days, and what it
// brought.
func (m Action) Line(l Language, today Day) string {
	text := plain(m.Number)
	if m.Cause != "" {
		text += " (" + plain(m.Cause) + ")"
	}
	switch {
	case m.Done != 0:
		text += l.say(", uitgevoerd op ", ", done on ") + l.date(m.Done)
	case m.Due != 0 && m.Due < today:
		text += l.say(", te laat: moest uiterlijk ", ", late: was due by ") + l.date(m.Due)
	case m.Due != 0:
		text += l.say(", uiterlijk ", ", due by ") + l.date(m.Due)
	}
	return strings.TrimSpace(text + ". " + m.Sentence(l))
}

// pastSection shows what stays known of the courses and locations of erased cases.
func (r Report) pastSection() section {
	l := r.Language
	s := section{ID: "erased", Title: l.say("Cursussen en locaties van gewiste klachten", "Courses and locations of erased complaints"),
		Note: l.say("Van een gewiste klacht blijven cursus en locatie alleen in deze jaartotalen, vanaf drie.", "Of an erased complaint course and location stay in these totals of its year alone, from three on.")}
	s.Table = &pageTable{Head: []string{l.say("Waarover", "About"), l.say("Jaar", "Year"), l.say("Aantal", "Number")}}
	for _, p := range r.Totals {
		s.Table.Rows = append(s.Table.Rows, []string{p.about(l) + " " + plain(p.Name), fmt.Sprint(p.Year), fmt.Sprint(p.N)})
	}
	return s
}

// coursesSection shows what is large enough to be shown, and says what is not.
func (r Report) coursesSection() section {
	f, l := r.Figures, r.Language
	s := section{ID: "courses", Title: l.say("Cursussen", "Courses")}
	if n := f.Courses.Number; n > 0 {
		s.Note = l.sayf("%s met samen %s, elk met minder dan drie.", "%s with together %s, each with fewer than three.", l.other(n), l.complaints(f.Courses.Others.N))
	}
	if len(f.Courses.Shown) == 0 {
		if s.Note == "" {
			s.Sentence = l.say("Van geen klacht is de cursus bekend.", "Of no complaint the course is known.")
		}
		return s
	}
	s.Table = &pageTable{Head: []string{l.say("Cursus", "Course"), l.say("Aantal", "Number"), l.say("Vooral", "Mostly")}, Text: 2}
	for _, c := range f.Courses.Shown {
		var parts []string
		for _, k := range c.Categories {
			parts = append(parts, fmt.Sprintf("%s %d", plain(k.Name), k.N))
		}
		for _, k := range c.Months {
			parts = append(parts, fmt.Sprintf("%s %d", l.shortMonth(ParseDay(k.Name)), k.N))
		}
		s.Table.Rows = append(s.Table.Rows, []string{plain(c.Name), fmt.Sprint(c.N), l.list(parts)})
	}
	return s
}
