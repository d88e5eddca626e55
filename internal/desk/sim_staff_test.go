package desk_test

import (
	"slices"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/play"
)

// workday is the half hour in which each of the staff looks at what came in, and
// does something about some of it.
func (y *year) workday() error {
	if d := y.now.Weekday(); d == time.Saturday || d == time.Sunday {
		return y.promisesHold()
	}
	for _, who := range []string{"bas", "bea", "directeur", "tess"} {
		if y.now.Before(y.away[who]) {
			continue
		}
		for i := range y.cases {
			if err := y.work(who, y.cases[i]); err != nil {
				return err
			}
		}
	}
	return y.promisesHold()
}

// work is what one of the staff does about one case today; most days nothing.
func (y *year) work(who string, c complaint.Case) error {
	if c.State == complaint.Closed && (who != "directeur" || !y.chance(10)) || !y.chance(20) {
		return nil
	}
	address := who + "@academie.example"
	l, found := y.lastAbout(address, c.Number)
	if !found {
		return nil
	}
	switch n := y.rand.IntN(100); {
	case n < 3:
		return y.command(address, l, "#antwoort", "Beste cursist,\n\nDit komt goed.", false)
	case n < 5:
		return y.command(address, l, "#oorzaak Niets", "", false)
	case n < 6 && y.chance(30) && !strings.Contains(c.Complainant.Address, ".prive@"): // from home: nobody knows who that is
		y.complains++
		return y.post(posted{who: who, from: who + ".prive@thuis.example", head: answerTo(l), body: "#neem\n", fates: []string{"registered"}})
	case n < 9:
		return y.post(posted{who: who, from: address, head: answerTo(l), body: "Ik heb hierover gebeld.\n", fates: []string{"note", "command", "refused", "choice"}})
	case n < 11 && who != "tess":
		return y.outOfOffice(address, l)
	}
	switch who {
	case "directeur":
		return y.directs(address, l, c)
	case "tess":
		return y.command(address, l, y.one("#reactie", "#help"), "Ik was ziek.", true)
	}
	return y.handles(address, l, c)
}

// lastAbout is the last mail about a case that an address got and may still answer.
func (y *year) lastAbout(address, number string) (play.Letter, bool) {
	for _, l := range slices.Backward(y.boxes[address]) {
		if strings.Contains(l.Subject, "["+number+"]") {
			return l, true
		}
	}
	return play.Letter{}, false
}

// command answers a mail with a command behind its subject. right: nothing is
// mistyped; it may be refused all the same, for what it asks.
func (y *year) command(from string, l play.Letter, words, body string, right bool) error {
	fates := []string{"refused"}
	if right {
		fates = append(fates, "command")
	}
	return y.post(posted{who: from, from: from, head: answerWith(l, words), body: body + "\n", fates: fates})
}

// handles is the office at work: one step towards the end.
func (y *year) handles(who string, l play.Letter, c complaint.Case) error {
	do := func(words, body string) error { return y.command(who, l, words, body, true) }
	switch n := y.rand.IntN(100); {
	case c.Handler == "" && n < 70:
		if subject, _, _ := play.Opens(l.Raw, "#neem", ""); subject != "" {
			return y.presses(who, l, "#neem", "", "command", "refused")
		}
		return do("#neem", "")
	case c.Handler != "" && c.Handler != who && n < 80, c.State == complaint.Escalated:
		return nil // somebody else's
	case c.ReactedAt.IsZero() && n < 60:
		return do("#antwoord", "Beste cursist,\n\nDank voor uw bericht. Ik zoek het uit.")
	case n < 10:
		return do(y.one("#gesproken", "#gesproken gisteren", "#overleg"), "Mag een les worden ingehaald?")
	case n < 16:
		return do("#uitstel "+y.one("+14d", "+3d", "31-12-2026"), y.one("De trainer is met vakantie.", ""))
	case n < 20:
		return do("#betreft "+y.one("Tess", "Dewi de Boer", "Excel"), "")
	case n < 24:
		return do(y.one("#ernst ernstig", "#ernst normaal", "#wijs Bea", "#status", "#overzicht", "#ongedaan 1", "#taal en", "#ooa verwezen"), "Zo is het.")
	case n < 26:
		return do(y.one("#geenklacht vraag", "#ingetrokken"), "")
	case c.Category.Value == "" && n < 70:
		return do("#categorie "+y.one("Inhoud", "Trainer", "Locatie", "Overig"), "")
	case n < 75 && !c.ReactedAt.IsZero():
		return do(y.one("#oordeel gegrond #afgehandeld", "#oordeel ongegrond #afgehandeld", "#categorie Overig #oordeel deels #afgehandeld"),
			"Beste cursist,\n\nWe hebben het uitgezocht en opgelost.")
	}
	return nil
}

// directs is the directeur at work: what waits for him first.
func (y *year) directs(who string, l play.Letter, c complaint.Case) error {
	do := func(words, body string) error { return y.command(who, l, words, body, true) }
	switch {
	case c.Put != nil || c.Asked != nil:
		return do(y.one("#akkoord", "#akkoord", "#terug"), y.one("Schrijf het vriendelijker.", ""))
	case c.State == complaint.Closed && c.Cause.Value == "":
		return do("#oorzaak "+y.one("Mens", "Methode", "Planning"), "")
	case c.State == complaint.Closed:
		return do(y.one("#maatregel geen", "#maatregel Sleutels bij de receptie 1-2-2027", "#heropen", "#bewaren 1-2-2028", "#ooa ingediend"), "Zo gaan we het doen.")
	case c.Consulted() != nil:
		return y.post(posted{who: who, from: who, head: answerTo(l), body: "Dat mag.\n", fates: []string{"note", "command", "refused", "choice"}})
	case y.chance(10):
		return do(y.one("#wijs Bas", "#status", "#vrijstelling reactie", "#ooa uitspraak"), "Zo is het beter.")
	}
	return nil
}

// holiday says that somebody is away, who from then on does nothing; some forget
// to say so.
func (y *year) holiday(who string) error {
	until := y.now.AddDate(0, 0, 7+y.rand.IntN(14))
	y.away[who] = until
	y.note("%s is away until %s", who, until.Format(time.DateOnly))
	box := y.boxes[who+"@academie.example"]
	if len(box) == 0 || y.chance(40) {
		return nil
	}
	return y.command(who+"@academie.example", box[len(box)-1], "#afwezig "+until.Format("2-1-2006"), "", true)
}
