package main

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"klachtd/internal/complaint"
	"klachtd/internal/config"
	"klachtd/internal/export"
	"klachtd/internal/message"
	"klachtd/internal/store"
)

// exported gathers what the person whom a case is about may see of it (AVG art. 15):
// what came in, what was sent to him, the form and the timeline. What staff wrote
// for each other stays out, unless it is asked for; mails to staff always do, since
// they carry the codes with which staff give commands.
func exported(tx *store.Tx, c complaint.Case, cfg config.Config, notes bool) (export.Dossier, error) {
	zone := cfg.Academy.Zone
	d, err := dossier(tx, c, zone)
	if err != nil {
		return export.Dossier{}, err
	}
	forPerson(&d, notes)
	out := export.Dossier{Number: c.Number, Academy: cfg.Academy.Name, Made: tx.Now().In(zone), Notes: notes, Own: cfg.Own(),
		Subject: export.Person{Name: c.Complainant.Name, Address: c.Complainant.Address}}
	names := map[string]string{strings.ToLower(c.Complainant.Address): "de aanvrager"}
	for _, s := range cfg.Staff {
		out.Known = append(out.Known, export.Person{Name: s.Name, Address: s.Email})
		names[strings.ToLower(s.Email)] = s.Name
	}
	for _, m := range c.Concerned {
		out.Known = append(out.Known, export.Person{Name: m.Name, Address: m.Address})
	}
	for _, label := range slices.Sorted(maps.Keys(d.Form)) {
		out.Form = append(out.Form, export.Field{Label: label, Value: d.Form[label]})
	}
	for _, l := range d.Timeline {
		out.Timeline = append(out.Timeline, export.Line{At: l.moment.In(zone), What: happened(l), Who: whoDid(l, names)})
	}
	for _, m := range d.Messages {
		one, err := mailOf(tx, c, m)
		if err != nil {
			return out, err
		}
		one.At = m.moment.In(zone)
		out.Messages = append(out.Messages, one)
	}
	data, err := marshal(d)
	out.JSON = append([]byte(data), '\n')
	return out, err
}

func whoDid(l timelineJSON, names map[string]string) string {
	if l.Actor == nil {
		return ""
	}
	if name := names[strings.ToLower(*l.Actor)]; name != "" {
		return name
	}
	return *l.Actor
}

// mailOf is a message with what stands in its header, and a way to its bytes.
func mailOf(tx *store.Tx, c complaint.Case, m messageJSON) (export.Message, error) {
	one := export.Message{Direction: map[string]export.Direction{"in": export.In, "out": export.Out, "note": export.Note}[m.Direction],
		To: m.To, Subject: m.Subject, Text: m.Text, Attachments: m.Attachments, Raw: func() ([]byte, error) { return rawOf(tx, c, m) }}
	if m.From != nil {
		one.From = *m.From
	}
	raw, err := one.Raw()
	if err != nil {
		return one, err
	}
	parsed := message.Parse(raw)
	for _, a := range slices.Concat(parsed.From, parsed.To, parsed.Cc, parsed.ReplyTo) {
		one.People = append(one.People, export.Person{Name: a.Name, Address: a.Address})
	}
	return one, nil
}

// rawOf returns the bytes of a message as they came, or as they were sent.
func rawOf(tx *store.Tx, c complaint.Case, m messageJSON) (raw []byte, err error) {
	if m.letter != nil {
		return tx.Body(*m.letter)
	}
	n := 0
	err = tx.RawMessages(c.ID, func(r []byte) (bool, error) {
		raw = r
		n++
		return n > m.place, nil
	})
	return raw, err
}

// between are the lines of the form that staff fill in for each other.
var between = []string{"overleg"}

// forPerson leaves in a dossier what is for the person alone.
func forPerson(d *dossierJSON, notes bool) {
	d.Messages = slices.DeleteFunc(d.Messages, func(m messageJSON) bool {
		if l := m.letter; l != nil {
			return l.SentAt.IsZero() || !l.Kind.ToComplainant()
		}
		return m.Direction == "note" && !notes
	})
	if notes {
		return
	}
	d.Timeline = slices.DeleteFunc(d.Timeline, func(l timelineJSON) bool { return events[l.Event] == "" })
	for i := range d.Timeline {
		if l := &d.Timeline[i]; !told[l.Event] {
			l.Detail = nil
		}
	}
	for _, label := range between {
		delete(d.Form, label)
	}
	for i := range d.Promises {
		d.Promises[i].Reason = nil
	}
}

// events are the lines of a timeline that are for the person too, in words.
var events = map[string]string{
	"registered": "Klacht geregistreerd", "followup": "Bericht ontvangen", "taken": "In behandeling genomen", "take": "In behandeling genomen",
	"assign": "Behandelaar aangewezen", "acknowledgement withheld": "Geen automatische ontvangstbevestiging verstuurd", "reply": "Antwoord geschreven",
	"spoke": "Gesprek vastgelegd", "category": "Categorie vastgelegd", "cause": "Oorzaak vastgelegd", "severity": "Ernst vastgelegd",
	"about": "Betrokkene vastgelegd", "copy": "Kopie naar de betrokkene", "extend": "Uitstel", "delay told": "Uitstel gemeld", "finding": "Oordeel vastgelegd",
	"close": "Afgehandeld", "reopen": "Heropend", "notacomplaint": "Geen klacht", "withdrawn": "Ingetrokken", "complainant": "Gegevens van de klager aangepast",
	"received": "Datum van ontvangst aangepast", "hold": "Bewaren", "external": "Externe instantie", "privacy": "Verzoek onder de AVG", "survey": "Gevraagd naar de tevredenheid",
	"score": "Antwoord op de vraag naar de tevredenheid", "sent": "Mail verstuurd", "merge": "Samengevoegd", "split": "Gesplitst", "erasure foretold": "Wissen aangekondigd",
}

// internal are the other lines, in words.
var internal = map[string]string{
	"note": "Interne notitie", "consult": "Vraag aan de directeur", "consulted": "Antwoord van de directeur", "response": "Reactie van de betrokkene",
	"refused": "Opdracht niet uitgevoerd", "not proven": "Afzender niet bewezen", "undelivered": "Mail niet aangekomen", "delivered": "Mail aangekomen",
	"owner": "Probleemeigenaar", "breach": "Termijn niet gehaald", "overdue": "Toegezegde datum bereikt", "approve": "Akkoord", "return": "Teruggegeven",
	"wait": "Kopie uitgesteld", "waive": "Vrijgesteld van een termijn", "language": "Taal aangepast", "undo": "Ongedaan gemaakt", "stop": "Brief tegengehouden",
	"released": "Ontvangstbevestiging vrijgegeven", "group": "Groep van klachten", "imported": "Ingelezen uit een archief", "erasure given up": "Wissen afgebroken",
	"mailed": "Mail van een medewerker geteld als reactie", "action": "Maatregel", "done": "Maatregel klaar", "effect": "Effect van een maatregel",
}

// told are those of which it is also for the person what was decided.
var told = map[string]bool{"category": true, "severity": true, "finding": true, "extend": true, "delay told": true, "score": true}

// happened is a line of the timeline in words.
func happened(l timelineJSON) string {
	s := cmp.Or(events[l.Event], internal[l.Event], l.Event)
	if l.Detail != nil {
		s += ": " + *l.Detail
	}
	return s
}
