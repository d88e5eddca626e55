package letter

import (
	"fmt"
	"time"

	"klachtd/internal/complaint"
)

var weekdays = [...]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"}

var months = [...]string{"", "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september",
	"oktober", "november", "december"}

// day is a date in words: maandag 30 november 2026. "" for no day.
func day(d complaint.Day) Text {
	if d == "" {
		return ""
	}
	y, m, n := d.Date()
	return Text(fmt.Sprintf("%s %d %s %d", weekdays[d.Weekday()], n, months[m], y))
}

// moment is a date in words with the time on the academy's clock.
func moment(t time.Time, zone *time.Location) Text {
	if t.IsZero() {
		return ""
	}
	t = t.In(zone)
	return day(complaint.DayOf(t, zone)) + Text(t.Format(", 15:04")+" uur")
}

// promises are what somebody has to do, as the reminders say it.
var promises = map[complaint.PromiseKind]Text{
	complaint.Acknowledge: "de ontvangst bevestigen",
	complaint.Take:        "de klacht in behandeling nemen",
	complaint.React:       "persoonlijk reageren",
	complaint.Answer:      "antwoorden op het latere bericht",
	complaint.Resolve:     "de klacht oplossen, of laten weten wanneer dat lukt",
}

// withheld says why nobody was acknowledged automatically.
var withheld = map[complaint.Withheld]Text{
	complaint.WithheldAutomatic:    "het bericht lijkt van een mailinglijst, een formulier of een ander automatisch systeem te komen",
	complaint.WithheldSender:       "het bericht heeft geen bruikbaar afzenderadres",
	complaint.WithheldOwn:          "het bericht komt van een adres van de academie zelf",
	complaint.WithheldNotAddressed: "ons adres staat niet bij Aan of Cc",
	complaint.WithheldSpam:         "de mailserver houdt het bericht voor spam",
	complaint.WithheldOld:          "het bericht is ouder dan 48 uur",
	complaint.WithheldHops:         "het bericht is te vaak doorgestuurd",
	complaint.WithheldLimit:        "er zijn vandaag al veel automatische bevestigingen verstuurd",
	complaint.WithheldUnreadable:   "het bericht kon niet worden gelezen",
}

// names are our mails as people call them.
var names = map[complaint.LetterKind]Text{
	complaint.LetterAcknowledgement: "de ontvangstbevestiging",
	complaint.LetterNotice:          "het bericht over een nieuwe klacht",
	complaint.LetterCopy:            "de kopie van de klacht",
	complaint.LetterFollowup:        "het bericht over een nieuwe mail van de cursist",
	complaint.LetterUndelivered:     "het bericht over een mail die niet aankwam",
}

var failures = map[complaint.Failure]Text{
	complaint.Refused:   "de mailserver heeft het bericht geweigerd",
	complaint.GivenUp:   "het is vijf dagen lang niet gelukt het te versturen",
	complaint.Bounced:   "het bericht kwam terug als onbestelbaar",
	complaint.Uncertain: "het is niet zeker of het is aangekomen",
}
