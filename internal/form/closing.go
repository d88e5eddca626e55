package form

import (
	"strings"
)

// A Closing is the text of #afgehandeld taken apart.
type Closing struct {
	Form   bool   // it was filled in on the form that the button opens
	Fields Fields // of the internal form; the letter is not among them
	Letter string // what goes to the complainant, as it was typed
	Stray  string // lines above the letter that are of no label: they go nowhere, and somebody has to be told
}

// closingLabels are read above the letter: the fields that people fill in.
var closingLabels = indexClosing()

func indexClosing() map[string]label {
	index := map[string]label{}
	for _, d := range internal {
		if d.By == Office || d.By == Director {
			index[foldLabel(d.Label)] = label{key: d.Key}
		}
	}
	for written, key := range map[string]string{
		"category": Category, "finding": Finding, "incidental or structural": Structural, "incidenteel structureel": Structural, "cost": Cost,
		"costs": Cost, "lesson": Lesson, "leerpunten": Lesson, "cause": Cause, "severity": Severity, "symptom": "symptoom", "solution": "oplossing",
		"message to student": Message, "message to complainant": Message, "bericht aan cursist": Message,
	} {
		index[written] = label{key: key}
	}
	return index
}

// ParseClosing reads the body of #afgehandeld (procedure.md 3). Labels are read
// only where the line "Bericht aan de cursist:" is there, unquoted, and then only
// what stands under it goes to the complainant; else the body is the letter, whole.
func ParseClosing(body string) Closing {
	above, letter, ok := cutAtMessage(body)
	if !ok {
		return Closing{Letter: strings.TrimSpace(body)}
	}
	fields, stray := newReader(above, closingLabels).read()
	return Closing{Form: true, Fields: fields, Letter: letter, Stray: stray}
}

// cutAtMessage cuts a body at the first line that is labelled as the letter.
func cutAtMessage(body string) (above, letter string, ok bool) {
	at := 0
	for raw := range strings.Lines(body) {
		l, value, found := labelAt(strings.TrimSpace(raw), closingLabels)
		if found && l.key == Message && !strings.HasPrefix(strings.TrimSpace(raw), ">") {
			return body[:at], strings.TrimSpace(value + "\n" + body[at+len(raw):]), true
		}
		at += len(raw)
	}
	return "", "", false
}

// A Registration is what #registreer says: its value, and the form in its body.
type Registration struct {
	Internal bool // a complaint by staff
	Name     string
	Email    string // as typed: not checked
	Fields   Fields // with what is not of a label as the description
}

// ParseRegistration reads the value of #registreer (a name, an address, both, or
// intern) and the form's lines in the body. What the value leaves open is taken
// from the form.
func ParseRegistration(value, body string) Registration {
	labels := map[string]label{}
	for written, l := range externalLabels {
		labels[written] = l
	}
	for written, key := range map[string]string{
		"ontvangen op": ReceivedOn, "ontvangen": ReceivedOn, "received on": ReceivedOn, "received": ReceivedOn,
		"kanaal": Channel, "channel": Channel, "ontvangen door": ReceivedBy, "received by": ReceivedBy,
	} {
		labels[written] = label{key: key, single: true}
	}
	fields, rest := newReader(body, labels).read()
	splitPhone(fields)
	if rest != "" && fields[Description] == "" {
		fields[Description] = rest
	}
	r := Registration{Fields: fields}
	var name []string
	for word := range strings.FieldsSeq(value) {
		switch bare := strings.Trim(word, "<>,;\"'()"); {
		case strings.Contains(bare, "@") && r.Email == "":
			r.Email = strings.TrimPrefix(bare, "mailto:")
		case len(name) == 0 && (strings.EqualFold(bare, "intern") || strings.EqualFold(bare, "internal")):
			r.Internal = true
		case bare != "":
			name = append(name, bare)
		}
	}
	r.Name = strings.Join(name, " ")
	if r.Name == "" {
		r.Name = fields[Name]
	}
	if r.Email == "" {
		r.Email = fields[Email]
	}
	return r
}
