package desk_test

import (
	"fmt"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/play"
)

// A cursist complains once or more, and does with what he gets what people do.
type cursist struct{ address string }

// invent plans who complains in the year, and what else comes by mail.
func (y *year) invent(from, until time.Time) {
	days := int(until.Sub(from).Hours() / 24)
	anyDay := func(n int, do func() error) {
		for range n {
			day := from.AddDate(0, 0, y.rand.IntN(days))
			y.plan(at(day, y.rand.IntN(24), y.rand.IntN(60)), do)
		}
	}
	for i := range 8 + y.rand.IntN(9) {
		c := &cursist{address: fmt.Sprintf("cursist%d@voorbeeld.example", i)}
		y.people[c.address] = c
		anyDay(1+y.rand.IntN(100)/90, func() error { return y.complain(c) })
	}
	anyDay(4, y.machine)
	anyDay(2, y.strayReport)
	anyDay(6, y.forge)
	anyDay(2, y.stranger)
	for _, who := range []string{"bas", "bea", "directeur"} {
		y.plan(at(from.AddDate(0, 0, 30+y.rand.IntN(200)), 9, 5), func() error { return y.holiday(who) })
	}
}

// canary is a word that stands in one message alone.
func (y *year) canary(who string) string {
	word := fmt.Sprintf("kanarie%dx%dq", y.seed, y.n)
	y.secret[word] = who
	return word
}

func (y *year) complain(c *cursist) error {
	body := "De les was niet goed: " + y.canary(c.address) + ".\n"
	switch y.rand.IntN(3) {
	case 0:
		body += "\nCursus of trainer: " + y.one("Excel", "Duits", "VCA") + "\nWat zou helpen: een extra les\n"
	case 1:
		body += "\nGraag een oplossing.\n"
	}
	y.complains++
	if err := y.post(posted{who: c.address, from: c.address, head: "Subject: " + y.one("Klacht", "Les", "Ontevreden") + "\r\n", body: body,
		fates: []string{"registered"}}); err != nil {
		return err
	}
	if y.chance(4) { // the provider closes the mailbox
		y.Refuse(c.address)
		y.note("mail to %s is refused from now on", c.address)
	}
	return nil
}

// reads is what a complainant does with a mail of ours.
func (y *year) reads(c *cursist, l play.Letter) {
	switch {
	case strings.HasPrefix(l.Subject, "Je klacht is ontvangen"):
		switch n := y.rand.IntN(100); {
		case n < 10:
			y.plan(y.now.Add(time.Minute), func() error { return y.outOfOffice(c.address, l) })
		case n < 15:
			y.later(1, func() error { return y.bounces(c.address, l) })
		case n < 45:
			y.later(6, func() error {
				return y.writes(c.address, c.address, l, "Wanneer: vorige week\nTelefoon en goed moment: 06 1234 5678\n")
			})
		}
	case strings.HasPrefix(l.Subject, "Ben je tevreden"):
		y.judges(c, l)
	case strings.HasPrefix(l.Subject, "Antwoord op je klacht"), strings.HasPrefix(l.Subject, "Meer tijd nodig"):
		if n := y.rand.IntN(100); n < 30 {
			y.later(8, func() error {
				return y.writes(c.address, c.address, l, "Dank voor het antwoord, "+y.canary(c.address)+".\n")
			})
		} else if n < 36 { // from another address: a complaint of its own, since nobody knows who it is
			y.later(8, func() error {
				y.complains++
				return y.writes(c.address, "partner."+c.address, l, "Ik schrijf namens mijn partner.\n")
			})
		}
	case strings.HasPrefix(l.Subject, "Je klacht is afgehandeld"):
		if y.chance(15) {
			y.later(20, func() error { return y.writes(c.address, c.address, l, "Daar ben ik het niet mee eens.\n") })
		}
	}
}

// judges answers the question how content he is, or does not.
func (y *year) judges(c *cursist, l play.Letter) {
	switch n := y.rand.IntN(100); {
	case n < 35:
		y.later(9, func() error {
			return y.presses(c.address, l, fmt.Sprintf("Mijn antwoord: %d", 1+y.rand.IntN(5)), "", "answered")
		})
	case n < 50:
		y.later(9, func() error { return y.replies(c.address, l, y.one("heel tevreden", "4", "ontevreden"), "answered") })
	case n < 60:
		y.later(9, func() error { return y.replies(c.address, l, "7 uit 5!", "answered", "followup") })
	}
}

// writes replies to a mail, from whatever address.
func (y *year) writes(who, from string, l play.Letter, words string) error {
	fates := []string{"followup", "registered"} // a case that is not his any more
	if who == from {
		fates = fates[:1]
	} else {
		fates = fates[1:]
	}
	return y.post(posted{who: who, from: from, head: answerTo(l), body: words, fates: fates})
}

func (y *year) replies(from string, l play.Letter, words string, fates ...string) error {
	return y.post(posted{who: from, from: from, head: answerTo(l), body: words + "\n", fates: fates})
}

func answerTo(l play.Letter) string { return answerWith(l, "") }

// answerWith has words typed behind the subject.
func answerWith(l play.Letter, words string) string {
	return fmt.Sprintf("Subject: Re: %s\r\nIn-Reply-To: <%s>\r\nReferences: <%s>\r\n", strings.TrimSpace(l.Subject+" "+words), l.MessageID, l.MessageID)
}

// presses sends the mail that a button opens; without such a button nobody can.
func (y *year) presses(from string, l play.Letter, button, typed string, fates ...string) error {
	subject, body, _ := play.Opens(l.Raw, button, typed)
	if subject == "" {
		return nil
	}
	return y.post(posted{who: from, from: from, head: "Subject: " + subject + "\r\n", body: body + "\n", fates: fates})
}

func (y *year) outOfOffice(from string, l play.Letter) error {
	return y.post(posted{who: from, from: from, head: answerTo(l) + "Auto-Submitted: auto-replied\r\n", body: "Ik ben er niet.\n", fates: []string{"automatic"}})
}

// machine is an automatic mail that nobody asked for.
func (y *year) machine() error {
	return y.post(posted{who: "a machine", from: fmt.Sprintf("noreply%d@winkel.example", y.n), head: "Subject: Uw bestelling\r\nAuto-Submitted: auto-generated\r\n",
		body: "Onderweg.\n", fates: []string{"automatic"}})
}

// bounces reports that a mail of ours did not arrive after all.
func (y *year) bounces(address string, l play.Letter) error {
	return y.reports(address, l.MessageID)
}

// strayReport is about a mail that we never sent.
func (y *year) strayReport() error {
	return y.reports("iemand@elders.example", fmt.Sprintf("%d.nooit@academie.example", y.n))
}

func (y *year) reports(address, messageID string) error {
	body := fmt.Sprintf("--b\nContent-Type: text/plain\n\nUnknown user.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example\n\n"+
		"Final-Recipient: rfc822; %s\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 unknown user\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <%s>\n\n--b--\n", address, messageID)
	return y.post(posted{who: "a mail server", from: "mailer-daemon@mail.example", fates: []string{"bounce"}, body: body,
		head: "Return-Path: <>\r\nSubject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n" +
			"Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n"})
}

// stranger names a number that he has seen or guessed.
func (y *year) stranger() error {
	number := complaint.Number(2026, 0, y.rand.IntN(90000))
	if len(y.cases) > 0 && y.chance(70) {
		number = y.cases[y.rand.IntN(len(y.cases))].Number
	}
	y.complains++
	from := fmt.Sprintf("vreemde%d@elders.example", y.n)
	return y.post(posted{who: "a stranger", from: from, head: "Subject: Stand van zaken [" + number + "]\r\n",
		body: "Hoe staat het met deze klacht? " + y.canary(from) + "\n", fates: []string{"registered"}})
}

// forge is somebody who writes in the name of staff; the mail server knows that
// he is not, or knows nothing.
func (y *year) forge() error {
	number := "K2026-000000"
	if len(y.cases) > 0 {
		number = y.cases[y.rand.IntN(len(y.cases))].Number
	}
	from, words := y.one("bas", "directeur", "bea")+"@academie.example", y.one("#ingetrokken", "#ernst laag", "#antwoord", "#neem")
	head := "Subject: [" + number + "] " + words + "\r\n"
	if l, found := y.lastAbout(from, number); found && y.chance(70) { // a thread that somebody passed on
		head = answerWith(l, words)
	}
	return y.post(posted{who: "an impostor", from: from, forged: true, head: head, body: "Sluit dit maar.\n", fates: []string{"refused"}})
}
