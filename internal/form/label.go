package form

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Keys of the external form (procedure.md 7), in its order.
const (
	Name            = "naam"
	Email           = "e-mail"
	Phone           = "telefoon"
	GoodMoment      = "gunstig moment"
	Organisation    = "organisatie"
	Course          = "cursus"
	Location        = "locatie"
	StartDate       = "startdatum"
	Employee        = "betrokken medewerker"
	IncidentDate    = "datum voorval"
	Description     = "omschrijving"
	DiscussedWith   = "eerder besproken met"
	When            = "wanneer" // it was discussed
	Result          = "resultaat"
	DesiredSolution = "gewenste oplossing"
	AnswerBy        = "antwoord per"
	ShareName       = "naam delen met betrokkene"
	Urgency         = "spoed en waarom"
)

// phoneAndMoment is one question of the acknowledgement and two fields.
const phoneAndMoment = "telefoon en goed moment"

// A label is a way to write a field.
type label struct {
	key     string
	single  bool // the value is one line
	long    bool // the value may hold empty lines
	yesNo   bool
	contact bool // stands in signatures too
}

// external are the fields and the ways to write their labels, without articles
// and pronouns (see foldLabel). The key is one of them.
var external = []struct {
	label
	also string // separated by semicolons
}{
	{label{key: Name, single: true, contact: true}, "name;full name;voor en achternaam;volledige naam;naam cursist;naam klager;naam indiener"},
	{label{key: Email, single: true, contact: true}, "email;mail;mailadres;emailadres;e mailadres;e mail adres;email address;e mail address"},
	{label{key: Phone, single: true, contact: true}, "telefoonnummer;phone;telephone;phone number;telephone number;tel;mobiel;mobile"},
	{label{key: GoodMoment}, "goed moment;gunstig tijdstip;goed tijdstip;wanneer bereikbaar;bereikbaar;good moment;good time;best time;best moment;good time to call"},
	{label{key: phoneAndMoment}, "telefoon en gunstig moment;telefoonnummer en goed moment;telefoonnummer en gunstig moment;telephone and good moment;phone and good moment;phone and good time;telephone and good time;telephone and good time to call"},
	{label{key: Organisation, contact: true}, "organisatie opdrachtgever;opdrachtgever;bedrijf;werkgever;organisation;organization;company;employer"},
	{label{key: Course}, "cursus of trainer;cursus training;training;opleiding;cursusnaam;naam cursus;naam training;course;course or trainer;course training"},
	{label{key: Location, contact: true}, "plaats;cursuslocatie;leslocatie;location;venue"},
	{label{key: StartDate}, "start datum;begindatum;startdatum cursus;start cursus;start date;starting date"},
	{label{key: Employee}, "medewerker;trainer;docent;betrokkene;betrokken trainer;betrokken trainer medewerker;betrokken medewerker of afdeling;betrokken trainer medewerker of afdeling;employee;employee concerned;trainer concerned;person concerned"},
	{label{key: IncidentDate}, "datum of periode voorval;datum periode voorval;datum van voorval;datum gebeurtenis;wanneer gebeurd;wanneer was dat;date of incident;incident date;date incident"},
	{label{key: Description, long: true}, "omschrijving klacht;omschrijving van klacht;klacht;beschrijving;beschrijving klacht;beschrijving van klacht;toelichting klacht;description;description of complaint;complaint"},
	{label{key: DiscussedWith}, "eerder besproken;al besproken met;besproken met;discussed with;discussed before with;discussed earlier with;earlier discussed with"},
	{label{key: When}, "when;wanneer besproken;when discussed"},
	{label{key: Result, long: true}, "uitkomst;resultaat gesprek;resultaat van gesprek;wat was resultaat;result;outcome"},
	{label{key: DesiredSolution, long: true}, "wat zou helpen;wat helpt;wat zou oplossing zijn;gewenst resultaat;oplossing;what would help;desired solution;wished solution;solution"},
	{label{key: AnswerBy, single: true}, "antwoord via;antwoord graag per;hoe wilt antwoord;hoe wil antwoord;wijze van antwoord;answer by;reply by"},
	{label{key: ShareName, yesNo: true}, "mag medewerker naam weten;mag betrokkene naam weten;mag trainer naam weten;mag medewerker naam zien;mag betrokken medewerker naam weten;mag betrokken medewerker naam zien;naam delen;naam delen met medewerker;may employee know name;share name;share name with employee;share name with person concerned"},
	{label{key: Urgency, long: true}, "spoed;spoed waarom;is er spoed;spoed en waarom dan;spoedeisend;spoed veiligheid;urgent;urgency;urgency and why;urgent and why"},
}

// externalLabels leads from each label, folded, to its field.
var externalLabels = indexLabels()

func indexLabels() map[string]label {
	index := map[string]label{}
	for _, e := range external {
		for written := range strings.SplitSeq(e.key+";"+e.also, ";") {
			index[foldLabel(written)] = e.label
		}
	}
	return index
}

// maxLabel bounds a label, in bytes.
const maxLabel = 80

// labelAt reads a label at the start of a line without quote marks, and what
// stands behind it.
func labelAt(text string, labels map[string]label) (label, string, bool) {
	name, value, ok := cutLabel(text)
	if !ok {
		return label{}, "", false
	}
	l, ok := labels[foldLabel(name)]
	return l, value, ok
}

// cutLabel cuts a line at the first colon or question mark: "1. *Naam:* Jan".
func cutLabel(text string) (name, value string, ok bool) {
	if len(text) > 4*maxLabel {
		text, value = text[:4*maxLabel], text[4*maxLabel:]
	}
	i := strings.IndexFunc(text, func(r rune) bool { return r == ':' || r == '?' || r == '：' || r == '？' })
	if i < 1 || i > maxLabel {
		return "", "", false
	}
	name = strings.TrimLeft(text[:i], " \t\u00a0*_-•·–?")
	if digits := strings.TrimLeft(name, "0123456789"); len(digits) < len(name) {
		name = strings.TrimLeft(digits, ".) \t")
	}
	value = strings.TrimLeft(text[i:]+value, ":?：？")
	if marked := strings.TrimLeft(value, "*_"); marked != value && strings.ContainsAny(text[:i], "*_") {
		value = marked // the end of what is bold
	}
	return name, strings.TrimSpace(value), true
}

// silentWords stand in a label or not.
var silentWords = wordSet("uw u je jij jouw mijn de het een deze dit your you my the a an")

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// foldLabel is a label without case, accents, punctuation, articles, pronouns
// and what stands in brackets.
func foldLabel(s string) string {
	if i := strings.IndexAny(s, "(["); i > 0 {
		s = s[:i]
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		case !unicode.In(r, unicode.Mn, unicode.Cf):
			b.WriteByte(' ')
		}
	}
	var words strings.Builder
	words.Grow(b.Len())
	for w := range strings.FieldsSeq(b.String()) {
		if silentWords[w] {
			continue
		}
		if words.Len() > 0 {
			words.WriteByte(' ')
		}
		words.WriteString(w)
	}
	return words.String()
}

// looksLabelled finds a line that begins as a label of some other form does.
func looksLabelled(text string) bool {
	name, _, ok := cutLabel(text)
	return ok && strings.Contains(text, ":") && len(strings.Fields(name)) <= 4 && len(name) <= 40 && !strings.ContainsAny(name, ",.;0123456789")
}

// signOffs begin the greeting under a mail.
var signOffs = []string{"met vriendelijke groet", "vriendelijke groet", "hartelijke groet", "met groet", "groet", "groeten", "groetjes",
	"mvg", "m v g", "hoogachtend", "kind regards", "best regards", "with regards", "regards", "sincerely", "yours sincerely"}

func isSignOff(text string) bool {
	if len(text) > maxLabel {
		return false
	}
	if strings.TrimSpace(text) == "--" {
		return true
	}
	folded := foldLabel(text) + " "
	for _, s := range signOffs {
		if strings.HasPrefix(folded, s+" ") {
			return true
		}
	}
	return false
}

// isHistory finds where an older mail begins.
func isHistory(text string) bool {
	low := strings.ToLower(text)
	return strings.HasPrefix(low, "-----") || strings.HasPrefix(low, "_____") ||
		strings.HasPrefix(low, "van: ") || strings.HasPrefix(low, "from: ") ||
		len(low) < 300 && (strings.HasPrefix(low, "op ") && strings.Contains(low, "schreef") && strings.HasSuffix(low, ":") ||
			strings.HasPrefix(low, "on ") && strings.HasSuffix(low, "wrote:"))
}

// cleanValue is a value without what people and templates set around it; "" when
// nothing of it is an answer.
func cleanValue(s string) string {
	s = strings.TrimSpace(norm.NFC.String(strings.ToValidUTF8(s, "")))
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, s))
	if strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0 {
		return "" // dots, dashes, "..."
	}
	switch foldLabel(s) {
	case "ja nee", "yes no", "ja of nee", "yes or no", "ja liever niet", "mail telefoon", "mail of telefoon":
		return "" // the choices of the form as they stood
	}
	return s
}
