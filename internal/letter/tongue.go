package letter

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"klachtd/internal/command"
	"klachtd/internal/complaint"
)

// A Language is one that mails can be written in, by its folder in templates/.
type Language string

// The languages there are.
const (
	Dutch   Language = "nl"
	English Language = "en"
)

// languages in the order in which they are read at start.
var languages = [...]Language{Dutch, English}

// A tongue is what a language needs beside its templates: how it writes dates,
// numbers and lists, and the lines of ours in the mail that a button opens.
type tongue struct {
	weekdays [7]string
	months   [13]string
	moment   string // of the words of a day, hour and minute
	decimal  string
	and      string
	typedDay string // of year, month and day: as ParseDate reads it, and nobody else otherwise

	answer string // how the subject of an answer to the question of satisfaction begins

	address, telephone, leftOut string // in place of what is masked

	labels labels
}

// labels are the lines that a button's mail has to be filled in (procedure.md 3,
// 7); package form reads them in either language.
type labels struct {
	category, finding string
	closing           []string
	description       string
	registration      []string
	person            []string
}

// tongues has an entry for each of languages.
var tongues = map[Language]tongue{
	Dutch: {
		weekdays: [...]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"},
		months: [...]string{"", "januari", "februari", "maart", "april", "mei", "juni", "juli",
			"augustus", "september", "oktober", "november", "december"},
		moment: "%s om %d.%02d uur", decimal: ",", and: " en ", typedDay: "%[3]d-%[2]d-%[1]d", answer: "Mijn antwoord:",
		address: "(mailadres)", telephone: "(telefoonnummer)", leftOut: "(weggelaten)",
		labels: labels{category: "Categorie:", finding: "Oordeel:",
			closing:     []string{"Incidenteel of structureel:", "Kosten:", "Leerpunt:", "Bericht aan de cursist:"},
			description: "Omschrijving:", registration: []string{"Telefoon:", "Ontvangen op:", "Cursus:"}, person: []string{"Naam:", "E-mail:"}},
	},
	English: {
		weekdays: [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		months: [...]string{"", "January", "February", "March", "April", "May", "June", "July",
			"August", "September", "October", "November", "December"},
		moment: "%s at %d:%02d", decimal: ".", and: " and ", typedDay: "%d-%02d-%02d", answer: "My answer:",
		address: "(e-mail address)", telephone: "(telephone number)", leftOut: "(left out)",
		labels: labels{category: "Category:", finding: "Finding:",
			closing:     []string{"Incidental or structural:", "Costs:", "Lesson:", "Message to the student:"},
			description: "Description:", registration: []string{"Telephone:", "Received on:", "Course:"}, person: []string{"Name:", "E-mail:"}},
	},
}

// day words a day without its weekday.
func (t tongue) day(d complaint.Day) string {
	y, m, n := d.Date()
	return fmt.Sprintf("%d %s %d", n, t.months[m], y)
}

// full words a day with its weekday.
func (t tongue) full(d complaint.Day) string { return t.weekdays[d.Weekday()] + " " + t.day(d) }

// A date is a day in words: "maandag 30 november 2026". "" is no day. Before the
// day stands its language: "nl 2026-11-30", so that templates can ask whether
// there is one, and write it without saying how.
type date string

func (b *edition) date(d complaint.Day) date {
	if d == "" {
		return ""
	}
	return date(string(b.language) + " " + string(d))
}

func (d date) parts() (tongue, complaint.Day) {
	language, day, _ := strings.Cut(string(d), " ")
	t, known := tongues[Language(language)]
	if !known { // nothing that this room made
		return tongues[Dutch], ""
	}
	return t, complaint.Day(day)
}

func (d date) String() string {
	t, day := d.parts()
	if day == "" {
		return ""
	}
	return t.full(day)
}

// Short leaves the day of the week out.
func (d date) Short() string {
	t, day := d.parts()
	if day == "" {
		return ""
	}
	return t.day(day)
}

// English is for the one line that the Dutch acknowledgement has in it.
func (d date) English() string {
	_, day := d.parts()
	return tongues[English].full(day)
}

// A moment is a time in words, in its own zone.
type moment struct {
	at time.Time
	in Language
}

func (b *edition) moment(at time.Time) moment {
	if at.IsZero() {
		return moment{}
	}
	return moment{at.In(b.academy.Zone), b.language}
}

func (m moment) String() string {
	if m.at.IsZero() {
		return ""
	}
	t := tongues[m.in]
	return fmt.Sprintf(t.moment, t.full(complaint.DayOf(m.at, m.at.Location())), m.at.Hour(), m.at.Minute())
}

// A size is a number of bytes in words.
type size struct {
	bytes int64
	in    Language
}

func (s size) String() string {
	switch n := s.bytes; {
	case n == 1:
		return "1 byte"
	case n < 1000:
		return strconv.FormatInt(n, 10) + " bytes"
	case n < 1_000_000:
		return strconv.FormatInt((n+500)/1000, 10) + " kB"
	default:
		return strings.Replace(strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64), ".", tongues[s.in].decimal, 1) + " MB"
	}
}

// enumerate writes names as one does: a, b en c.
func (t tongue) enumerate(names []string) setting {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return setting(names[0])
	default:
		return setting(strings.Join(names[:n-1], ", ") + t.and + names[n-1])
	}
}

// typed is a day as one types it: 4-1-2027; in English in the order that nobody
// takes for another.
func (t tongue) typed(d complaint.Day) string {
	if d == "" {
		return ""
	}
	y, m, n := d.Date()
	return fmt.Sprintf(t.typedDay, y, int(m), n)
}

// command is a command as it is typed in the language.
func (b *edition) command(w command.Word, value string) command.Command {
	return command.New(w, value, b.language == English)
}

// named is a word of a fixed list of the grammar.
func (b *edition) named(o command.Option) string {
	if b.language == English {
		return o.English
	}
	return o.Dutch
}
