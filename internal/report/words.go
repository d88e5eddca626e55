package report

import (
	"fmt"
	"math"
	"strings"
	"unicode"
)

// A Language is that of what is read: NL or EN. Any other reads as NL.
type Language string

// The languages of the configuration.
const (
	NL Language = "nl"
	EN Language = "en"
)

// say picks the words of a language.
func (l Language) say(nl, en string) string {
	if l == EN {
		return en
	}
	return nl
}

// sayf picks a format of a language and fills it in. Both take the same
// arguments in the same order.
func (l Language) sayf(nl, en string, a ...any) string { return fmt.Sprintf(l.say(nl, en), a...) }

// many picks between one and several.
func (l Language) many(n int, one, several, oneEN, severalEN string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, l.say(one, oneEN))
	}
	return fmt.Sprintf("%d %s", n, l.say(several, severalEN))
}

func (l Language) complaints(n int) string {
	return l.many(n, "klacht", "klachten", "complaint", "complaints")
}

func (l Language) days(n int) string { return l.many(n, "dag", "dagen", "day", "days") }

// number writes a number with two digits that matter: 0.43, 7.1, 27.
func (l Language) number(v float64) string {
	places := 0
	switch {
	case v < 0.995:
		places = 2
	case v < 9.95:
		places = 1
	}
	return l.decimal(v, places)
}

func (l Language) decimal(v float64, places int) string {
	s := fmt.Sprintf("%.*f", places, v)
	if l != EN {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// percent is a part of a whole, or a dash when there is no whole.
func percent(part, whole int) string {
	if whole == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f\u00a0%%", 100*float64(part)/float64(whole))
}

var monthNames = map[Language][12]string{
	NL: {"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
	EN: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

func (l Language) monthName(d Day) string {
	if l != EN {
		l = NL
	}
	return monthNames[l][d.Time().Month()-1]
}

// shortMonth is three letters of a month; in Dutch "mrt" for maart.
func (l Language) shortMonth(d Day) string {
	name := l.monthName(d)
	if name == "maart" {
		return "mrt"
	}
	return name[:3]
}

// date is a day in full: 23 november 2026.
func (l Language) date(d Day) string {
	if d == 0 {
		return "–"
	}
	t := d.Time()
	return fmt.Sprintf("%d %s %d", t.Day(), l.monthName(d), t.Year())
}

// month is one in full: november 2026.
func (l Language) month(d Day) string { return fmt.Sprintf("%s %d", l.monthName(d), d.Time().Year()) }

// list joins with commas, and with a word before the last.
func (l Language) list(s []string) string {
	if len(s) < 2 {
		return strings.Join(s, "")
	}
	last := len(s) - 1
	return strings.Join(s[:last], ", ") + l.say(" en ", " and ") + s[last]
}

// maxName is how long a name may be: courses and locations are as somebody typed them.
const maxName = 40

// plain is a name on one line without what cannot be seen, and not too long
// (security.md 9).
func plain(s string) string {
	if len(s) <= maxName && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return s // most are a word
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxName {
		s = strings.TrimSpace(string(r[:maxName-1])) + "…"
	}
	return s
}

// named is a name, or what stands for none.
func (l Language) named(name string) string {
	if name = plain(name); name != "" {
		return name
	}
	return l.say("onbenoemd", "not named")
}

// term says what a line of Figures.Terms counts.
func (l Language) term(k Kept) string {
	if k.Solved {
		return l.say("Opgelost binnen de termijn, of uitstel op tijd gemeld", "Solved within the term, or told of the delay in time")
	}
	w := termWords[k.Term]
	return l.say(w[0], w[1])
}

var termWords = [numTerms][2]string{
	Acknowledge:      {"Ontvangst bevestigd", "Acknowledged"},
	CopyOwner:        {"Kopie aan de directeur", "Copy to the directeur"},
	Take:             {"In behandeling genomen binnen 2 werkdagen", "Taken within 2 working days"},
	React:            {"Persoonlijk gereageerd binnen de termijn", "Reacted in person within the term"},
	Answer:           {"Latere mail beantwoord binnen 5 werkdagen", "Later mail answered within 5 working days"},
	CopyConcerned:    {"Kopie aan de medewerker", "Copy to the employee"},
	Approve:          {"Akkoord van de directeur", "Approval by the directeur"},
	Resolve:          {"Afgehandeld op de datum die gold", "Closed by the date that held"},
	Feedback:         {"Schriftelijke terugkoppeling", "Written result"},
	InternalFeedback: {"Interne terugkoppeling", "Internal feedback"},
	Cause:            {"Oorzaak benoemd binnen 14 dagen", "Cause named within 14 days"},
	Satisfaction:     {"Tevredenheid gevraagd", "Asked how content"},
	Call:             {"Gebeld na een lage score", "Called after a low score"},
	Improvement:      {"Maatregel afgewogen", "Improvement weighed"},
	Ruling:           {"Uitspraak uitgevoerd", "Ruling carried out"},
	Request:          {"Verzoek van de persoon", "Request by the person"},
}

func (l Language) by(b By) string {
	w := [...][2]string{{"Oorzaak", "Cause"}, {"Categorie", "Category"}, {"Cursus", "Course"}, {"Locatie", "Location"}}[b]
	return l.say(w[0], w[1])
}

// caseWords are what the codes of a case mean, by the key of their column.
var caseWords = map[string][][3]string{
	"state": {{"new", "nog van niemand", "with nobody yet"}, {"in_progress", "in behandeling", "in progress"},
		{"with_director", "voorgelegd aan de directeur", "put to the director"}, {"awaiting_approval", "wacht op akkoord van de directeur", "awaits the director's approval"},
		{"closed", "afgehandeld", "closed"}, {"escalated", "bij een externe instantie", "with an external body"}},
	"kind":     {{"external", "extern", "external"}, {"internal", "intern", "internal"}},
	"severity": {{"low", "laag", "low"}, {"normal", "normaal", "normal"}, {"severe", "ernstig", "severe"}},
	"finding": {{"founded", "gegrond", "founded"}, {"partly", "deels gegrond", "partly founded"}, {"unfounded", "ongegrond", "unfounded"},
		{"none", "geen oordeel", "no finding"}},
	"resolution": {{"resolved", "opgelost", "resolved"}, {"unresolved", "niet opgelost", "not resolved"}, {"withdrawn", "ingetrokken", "withdrawn"},
		{"not_a_complaint", "geen klacht", "not a complaint"}, {"merged", "hoort bij een andere klacht", "part of another complaint"},
		{"ooa_ruling", "uitspraak van een externe instantie", "ruling of an external body"}},
}

// code says a code in words; one that is not among them stands as it is.
func (l Language) code(words [][3]string, code string) string {
	for _, w := range words {
		if w[0] == code {
			return l.say(w[1], w[2])
		}
	}
	return code
}

// finding says one of the rules; others stand as they are.
func (l Language) finding(name string) string { return l.named(l.code(caseWords["finding"], name)) }

// Sentence says the signal as it is, with counts first and no more than they bear.
func (s Signal) Sentence(l Language) string {
	head := l.by(s.By) + " " + plain(s.Name) + ": " + l.complaints(s.N)
	switch s.Kind {
	case Group:
		return head + l.sayf(" in %s", " in %s", l.days(int(s.To-s.From)+1)) + s.cases(l) +
			l.say(" Kijk of het één klacht van een groep is.", " Look whether it is one complaint of a group.")
	case Rises:
		return head + s.rise(l) + s.cases(l)
	}
	return head + l.say(" in twaalf maanden", " in twelve months") + s.cases(l)
}

func (l Language) quarter(from Day) string {
	t := from.Time()
	n := int(t.Month()-1) / 3
	return l.sayf("het %s kwartaal van %d", "the %s quarter of %d",
		l.say([]string{"eerste", "tweede", "derde", "vierde"}[n], []string{"first", "second", "third", "fourth"}[n]), t.Year())
}

func (s Signal) rise(l Language) string {
	before := l.say("de twaalf maanden daarvoor", "the twelve months before")
	if s.Rates.BeforeDays < 360 {
		before = l.sayf("de %d dagen daarvoor", "the %d days before", s.Rates.BeforeDays)
	}
	text := l.sayf(" in %s, %d in %s", " in %s, %d in %s", l.quarter(s.From), s.Rates.Before, before)
	if s.Rates.Before > 0 {
		text += l.sayf(": %s keer zo vaak (%s tot %s keer past bij deze aantallen)", ": %s times as often (%s to %s times fits these counts)",
			l.number(s.Rates.Ratio()), l.number(s.Low), l.number(s.High))
	} else {
		text += l.sayf(": minstens %s keer zo vaak past bij deze aantallen", ": at least %s times as often fits these counts", l.number(s.Low))
	}
	return text + l.sayf(". Een stijging tot minder dan %s keer was waarschijnlijk niet opgevallen", ". A rise to less than %s times would probably not have been noticed", l.number(s.Seeable))
}

// maxNumbers is how many cases a sentence names; Signal.Numbers holds them all.
const maxNumbers = 8

// maxRecurs is how many counts stand in a sentence each; where there are more, each
// kind has one line.
const maxRecurs = 5

// Sentences are the signals as a list for people: what rises and groups first,
// each by itself; what only recurs in as few lines as it takes.
func Sentences(signals []Signal, l Language) []string {
	var list, single []string
	counted := map[By][]string{}
	for _, s := range signals {
		if s.Kind != Recurs {
			list = append(list, s.Sentence(l))
			continue
		}
		single = append(single, s.Sentence(l))
		counted[s.By] = append(counted[s.By], fmt.Sprintf("%s %d", plain(s.Name), s.N))
	}
	if len(single) <= maxRecurs {
		return append(list, single...)
	}
	for by := ByCause; by <= ByLocation; by++ {
		if names := counted[by]; names != nil {
			list = append(list, l.sayf("%s, drie keer of vaker in twaalf maanden: %s.", "%s, three times or more in twelve months: %s.", l.by(by), l.list(names)))
		}
	}
	return list
}

// cases ends the sentence with the numbers that are still known.
func (s Signal) cases(l Language) string {
	text, gone := strings.Join(s.Numbers, ", "), s.N-len(s.Numbers)
	if more := len(s.Numbers) - maxNumbers; more > 1 {
		text = strings.Join(s.Numbers[:maxNumbers], ", ") + l.sayf(" en %d andere", " and %d others", more)
	}
	switch {
	case gone > 0 && text != "":
		text += l.sayf("; %d gewist", "; %d erased", gone)
	case gone > 0:
		text = l.say("alle gewist", "all erased")
	}
	return " (" + text + ")."
}

// name is the verdict in a word or two.
func (v Verdict) name(l Language) string {
	return [...]string{l.say("nog niet bekend", "not yet known"), l.say("werkt", "works"), l.say("werkt niet", "does not work")}[v]
}

// Sentence says what the improvement did, with its counts.
func (e Effect) Sentence(l Language) string {
	counts := l.sayf("%d in de %s ervoor, %d in de %s erna", "%d in the %s before, %d in the %s after",
		e.Rates.Before, l.days(e.Rates.BeforeDays), e.Rates.Now, l.days(e.Rates.NowDays))
	if e.Low > 0 || !math.IsInf(e.High, 1) {
		high := l.number(e.High)
		if math.IsInf(e.High, 1) {
			high = "…"
		}
		counts += l.sayf(" (%s tot %s keer zo vaak past bij deze aantallen)", " (%s to %s times as often fits these counts)", l.number(e.Low), high)
	}
	if e.Unknown > 0 {
		counts += l.sayf("; van %d is de oorzaak nog niet benoemd", "; of %d the cause is not named yet", e.Unknown)
	}
	switch {
	case e.Verdict == Works:
		return l.say("Werkt: ", "Works: ") + counts + "."
	case e.Verdict == WorksNot:
		return l.say("Werkt niet: ", "Does not work: ") + counts + "."
	case e.Weeks < 0:
		return l.say("Nog niet bekend: ", "Not yet known: ") + counts +
			l.say(". Het zijn er te weinig om binnen vijf jaar iets te kunnen zeggen.", ". They are too few to say anything within five years.")
	}
	return l.say("Nog niet bekend: ", "Not yet known: ") + counts +
		l.sayf(". Een halvering is over ongeveer %s te zien.", ". A halving shows in about %s.", l.many(e.Weeks, "week", "weken", "week", "weeks"))
}
