package desk_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// security.md 16: an out-of-office notice of whoever it is changes nothing.
func TestOutOfOffice(t *testing.T) {
	s := besiege(t, true)
	number := s.complain("Klacht", "Tess kwam te laat.")
	s.mail(answer(bas, s.last(bas), "#betreft Tess Trainer"), "")
	s.mail(answer(bas, s.last(bas), "#antwoord"), "Excuses.")
	s.wait(time.Hour)
	before := s.cases()
	for _, notice := range []string{
		"Subject: Automatisch antwoord: %s\nAuto-Submitted: auto-replied\nX-Auto-Response-Suppress: All",
		"Subject: Automatic reply: %s\nAuto-Submitted: auto-generated",
		"Subject: Afwezig: #ingetrokken [" + number + "] Re: %s\nReturn-Path: <>\nPrecedence: bulk",
		"Subject: Out of office: %s\nX-Autoreply: yes",
		"Subject: Afwezigheidsbericht: %s",
	} {
		for _, who := range []string{jan, bas, dewi, tess} {
			l := s.last(who)
			list := s.mail("From: <"+who+">\nIn-Reply-To: <"+l.MessageID+">\n"+fmt.Sprintf(notice, l.Subject),
				"Ik ben met vakantie tot en met maandag. Mijn collega is er wel.\n\n#ingetrokken\n#ja ABCDEFGH")
			if got := s.became(); len(list) > 0 || !strings.HasPrefix(got, "automatic") {
				t.Errorf("%s, %.40q: became %q, %d mails", who, notice, got, len(list))
			}
		}
	}
	if after := s.cases(); !reflect.DeepEqual(after, before) {
		t.Errorf("changed:\n%+v\n%+v", after, before)
	}
}

// security.md 16: whatever comes back, whoever did not get it is not written to
// about that, and the reports about reports come to an end.
func TestBouncesEnd(t *testing.T) {
	s := besiege(t, true)
	s.complain("Klacht", "Tess kwam te laat.")
	s.mail(answer(bas, s.last(bas), "#betreft Tess Trainer"), "")
	s.mail(answer(bas, s.last(bas), "#antwoord"), "Excuses.")
	s.wait(time.Hour)
	for i := 0; i < len(s.all); i++ {
		l := s.all[i]
		if i > 60 {
			t.Fatalf("no end: %s to %s", l.Subject, l.To)
		}
		for _, about := range s.mail(deliveryReport("failed", l.To, l.MessageID)) {
			if about.To == l.To {
				t.Errorf("%s, that did not reach him, leads to %q to %s", l.Subject, about.Subject, l.To)
			}
		}
	}
}

// security.md 16, 39: when nobody of ours can be reached, the mail server's refusals
// lead to no mail without end; nobody is told that he could not be told.
func TestRefusalsEnd(t *testing.T) {
	s := besiege(t, true)
	for _, who := range []string{bas, bea, dewi, tess, beheer} {
		s.Refuse(who)
	}
	s.mail("From: Jan <"+jan+">\nSubject: Klacht", "Het lokaal was koud.") // deliver returns: it has an end
	s.wait(72 * time.Hour)
	letters, perPerson := 0, map[string]int{}
	if err := s.db.View(t.Context(), func(tx *store.Tx) error {
		list, err := tx.Letters(s.cases()[0].ID)
		for _, l := range list {
			letters++
			perPerson[l.To]++
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if letters > 12 || s.sentTo(jan) != 1 {
		t.Errorf("%d letters: %v", letters, perPerson)
	}
}

func deliveryReport(action, to, messageID string) (head, body string) {
	return "Return-Path: <>\nFrom: <MAILER-DAEMON@mx.academie.example>\nSubject: Undelivered Mail Returned to Sender\nContent-Type: multipart/report; report-type=delivery-status; boundary=b",
		"--b\n\nHet kwam niet aan.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.academie.example\n\nFinal-Recipient: rfc822; " + to +
			"\nAction: " + action + "\nStatus: 5.1.1\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <" + messageID + ">\n--b--\n"
}

// security.md 17: a report changes something only when it names a mail of ours and
// says that it did not arrive; then the mail has failed and its promise is open
// again, once.
func TestForgedAndTrueBounces(t *testing.T) {
	s := besiege(t, true)
	number := s.complain("Klacht", "Het lokaal was koud.")
	ack := s.last(jan)
	before := s.cases()
	type report struct{ name, head, body string }
	var reports []report
	of := func(name, action, id string) report {
		head, body := deliveryReport(action, jan, id)
		return report{name, head, body}
	}
	reports = append(reports, of("an invented id", "failed", "ffffffffffffffffffffffffffffffff@academie.example"), of("no id", "failed", ""), of("an id with more", "failed", ack.MessageID+"x"),
		of("delayed", "delayed", ack.MessageID), of("delivered", "delivered", ack.MessageID), of("relayed", "relayed", ack.MessageID), of("expanded", "expanded", ack.MessageID))
	text := of("our id in the text alone", "failed", "x@kwaad.example")
	text.body = strings.Replace(text.body, "Het kwam", "Message-ID: <"+ack.MessageID+"> Het kwam", 1)
	references := of("our id in References alone", "failed", "x@kwaad.example")
	references.head += "\nReferences: <" + ack.MessageID + ">\nIn-Reply-To: <" + ack.MessageID + ">"
	receipt := of("a read receipt", "failed", ack.MessageID)
	receipt.head = strings.Replace(receipt.head, "delivery-status", "disposition-notification", 1)
	receipt.body = strings.Replace(receipt.body, "message/delivery-status", "message/disposition-notification", 1)
	for _, r := range append(reports, text, references, receipt) {
		if list := s.mail(r.head, r.body); len(list) > 0 {
			t.Errorf("%s: %s to %s", r.name, list[0].Subject, list[0].To)
		}
		if !reflect.DeepEqual(s.cases(), before) {
			t.Fatalf("%s changed something:\n%+v", r.name, s.cases())
		}
	}
	only(t, "a person who says so", s.mail("From: <"+mal+">\nSubject: Undelivered Mail Returned to Sender", "Message-ID: <"+ack.MessageID+"> Action: failed"), mal, bas, bea, dewi)
	for i := range 2 {
		list := s.mail(deliveryReport("failed", jan, ack.MessageID))
		only(t, "a true one", list, bas, bea, dewi)
		c := s.one(number)
		if p := c.Promise(complaint.Acknowledge); !p.Open() || p.BouncedAt.IsZero() || (len(list) > 0) != (i == 0) {
			t.Errorf("%d: %+v, %d mails", i, p, len(list))
		}
	}
}
