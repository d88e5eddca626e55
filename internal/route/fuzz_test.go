package route

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
	"klachtd/internal/proof"
)

// security.md 10: orders in subjects and the forms below them, by whoever it is.
// Whatever is written, there is a verdict, the same with LF and with CRLF; and
// nothing runs and nothing is read out without evidence of who wrote it.
func FuzzOrders(f *testing.F) {
	for _, word := range strings.Fields("neem wijs antwoord betreft gesproken overleg ernst categorie oordeel oorzaak uitstel afgehandeld akkoord terug geenklacht ingetrokken heropen wacht stop extern samenvoegen splits actie gedaan afwezig hold cursist ontvangen taal herstel status overzicht help") {
		f.Add(uint8(0), "#"+word+" ["+jans.Number+"]", "Een tekst.")
		f.Add(uint8(3), "Re: ["+jans.Number+"] #"+word+" 1-12 K2026-000222", "")
	}
	f.Add(uint8(0), "#wijs Bas #uitstel +14d ["+jans.Number+"]", "Reden: druk")
	f.Add(uint8(0), "#registreer Jan <jan@voorbeeld.example>", "Omschrijving: koud\nOntvangen op: 1-11\nE-mail: x@y")
	f.Add(uint8(0), "#afgehandeld", "Categorie: Overig\nOordeel: gegrond\nBericht aan de cursist:\nBeste Jan")
	f.Add(uint8(0), "Re: Nieuwe klacht ["+jans.Number+"] #samenvoegen K2026-000222", "#neem\n> Code: ABCDEFGHJKMNPQRSTVWXYZ0123")
	f.Add(uint8(0), "#ja ABCDEFGH", "Code: ABCDEFGHJKMNPQRSTVWXYZ0123")
	f.Add(uint8(1), "Re: ["+jans.Number+"]", "Naam: Jan\nMag de medewerker uw naam weten: ja")
	f.Add(uint8(2), "Mijn antwoord: 4 ["+jans.Number+"] code abcdefghij", "Dank.")
	f.Add(uint8(3), "#actie Lokaal verwarmen +14d bas", "#afwezig 1-12 t/m 4-12")
	froms := []string{"bas@academie.example", "jan@voorbeeld.example", "piet@elders.example", "directeur@academie.example"}
	f.Fuzz(func(t *testing.T, who uint8, subject, body string) {
		if strings.ContainsAny(subject, "\r\n") || strings.Contains(body, "\r") {
			return
		}
		k := known()
		raw := "From: " + froms[int(who)%len(froms)] + "\nTo: klachten@academie.example\nMessage-ID: <een@mail.example>\nContent-Type: text/plain; charset=utf-8\nSubject: " + subject + "\n\n" + body + "\n"
		v := classify(t, message.Parse([]byte(raw)), k)
		if got := classify(t, message.Parse([]byte(strings.ReplaceAll(raw, "\n", "\r\n"))), k); !reflect.DeepEqual(v, got) {
			t.Fatalf("LF %+v\nCRLF %+v", v, got)
		}
		if v.What == Command || v.Proven {
			t.Fatalf("without evidence: %+v", v)
		}
		if v.Ask == nil {
			return
		}
		if a := v.Ask.Outcome.Action; a == proof.Run || a == proof.Answer || a == proof.Keep {
			t.Fatalf("without evidence: %s", a)
		}
		for _, o := range v.Ask.Orders {
			if o.Kind == "" && len(v.Ask.Refused) == 0 {
				t.Fatalf("an order that is none: %+v", o)
			}
			if o.Person.Address != "" && !(message.Address{Address: o.Person.Address}).Valid() && len(v.Ask.Refused) == 0 {
				t.Fatalf("an address that is none: %+v", o)
			}
			if _, err := time.Parse(time.DateOnly, string(o.Day)); o.Day != "" && err != nil {
				t.Fatalf("a day that is none: %+v", o)
			}
		}
	})
}

// security.md 10: what our link fills in is read back, whatever a mail program or
// a person puts around it.
func FuzzLinked(f *testing.F) {
	f.Add("", "", uint8(4), uint16(48293))
	f.Add("Re: ", " (fwd)", uint8(1), uint16(0))
	f.Add("[EXTERN] 3 K2026-48 code x", "en nog iets", uint8(5), uint16(9))
	f.Fuzz(func(t *testing.T, before, after string, score uint8, drawn uint16) {
		n := complaint.MinScore + int(score)%(complaint.MaxScore-complaint.MinScore+1)
		subject := fmt.Sprintf("%s Mijn antwoord: %d [%s] code h7k2m9qxab %s", before, n, complaint.Number(2026, 0, int(drawn)), after)
		got, code, ok := linked(subject)
		if !ok && !strings.Contains(strings.ToLower(before), "code") {
			t.Fatalf("%q is no answer", subject)
		}
		if !strings.Contains(strings.ToLower(before), "code") && (got != n || code != "h7k2m9qxab") {
			t.Fatalf("%q: %d, %q", subject, got, code)
		}
		if ok && len(code) != 10 {
			t.Fatalf("%q: code %q", subject, code)
		}
	})
}
