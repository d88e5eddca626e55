package letter

import (
	"strings"

	"klachtd/internal/complaint"
)

// What is written to C: what a person typed and fixed words. There is no field
// for earlier mail, notes or the register (security.md 20).
type (
	reply struct {
		Number number
		Text   typed
		By     line
	}

	delay struct {
		Number number
		Text   typed
		By     line
		Until  date
	}

	delayAutomatic struct {
		Number     number
		Was, Until date
	}

	closing struct {
		Number      number
		Text        typed
		By, Handler line
		Finding     word
		Bodies      []body
		EraseOn     date
	}

	// A body is somebody outside the academy to whom C may go.
	body struct {
		Name, Address, URL, Fee setting
		VerifiedOn              date
	}
)

// complainantData gathers what a letter to C may show.
func (b *edition) complainantData(l complaint.Letter, c complaint.Case) any {
	text, by := typed(strings.Trim(l.Body, "\r\n")), oneLine(b.nameOf(l.By))
	switch l.Kind {
	case complaint.LetterAcknowledgement:
		return acknowledgement{number(c.Number), b.date(c.ReactBy), b.date(c.ResolveBy)}
	case complaint.LetterReply:
		return reply{number(c.Number), text, by}
	case complaint.LetterDelay:
		return delay{number(c.Number), text, by, b.date(l.Day)}
	case complaint.LetterDelayAutomatic:
		d := delayAutomatic{number(c.Number), b.date(c.ResolveBy), b.date(l.Day)}
		if c.ReopenedOn != "" { // then it was another day
			d.Was = ""
		}
		return d
	case complaint.LetterClosing:
		d := closing{Number: number(c.Number), Text: text, By: by, Handler: oneLine(b.nameOf(c.Handler)), Finding: word(l.Finding), EraseOn: b.date(c.EraseOn)}
		if d.Handler == d.By {
			d.Handler = ""
		}
		d.Bodies = b.bodies()
		return d
	case complaint.LetterSatisfaction, complaint.LetterSatisfactionReminder:
		return satisfaction{number(c.Number), b.answersOf(c)}
	case complaint.LetterExternal:
		return external{number(c.Number), b.due(c, complaint.Call), b.bodies()}
	}
	return nil
}
