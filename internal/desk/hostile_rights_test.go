package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/play"
	"klachtd/internal/store"
)

// lines writes down who got which mail, with the number taken out.
func lines(list []play.Letter, number string) string {
	var b strings.Builder
	for _, l := range list {
		fmt.Fprintf(&b, "%s %s\n%s\n", l.To, l.Subject, l.Text)
	}
	text := challengeCode.ReplaceAllString(b.String(), "#ja CODE")
	return strings.NewReplacer("["+number+"]", "NUMBER", number, "NUMBER").Replace(text)
}

// invented is a number that passes for one and was never issued.
func invented(s *siege) string {
	for seq := range 1000 {
		n := complaint.Number(2026, 0, seq)
		if !slices.ContainsFunc(s.cases(), func(c complaint.Case) bool { return c.Number == n }) {
			return n
		}
	}
	return ""
}

// Who has nothing to do with a case learns nothing from its number, not even
// whether there is such a case (security.md 19).
func TestGuessedNumber(t *testing.T) {
	s := besiege(t, true)
	number, none := s.complain("Klacht", "Het lokaal was koud."), invented(s)
	for _, typed := range []string{"#status", "#neem", "#reactie", "#antwoord", "#afgehandeld", "#akkoord", "#help", "#stop 1", "#ernst ernstig", "#overzicht", "#blub", "#wijs Tom Tuinman", "#betreft Tom Tuinman"} {
		s.now = s.now.Add(2 * time.Hour)
		exists := s.mail("From: <"+tom+">\nSubject: "+typed+" ["+number+"]", "Ik wil het weten.")
		fake := s.mail("From: <"+tom+">\nSubject: "+typed+" ["+none+"]", "Ik wil het weten.")
		only(t, typed, exists, tom)
		if got, want := lines(exists, number), lines(fake, none); got != want {
			t.Errorf("%s: the two differ:\n%s\n---\n%s", typed, got, want)
		}
		if strings.Contains(lines(exists, number), "koud") || strings.Contains(lines(exists, number), "Jan") {
			t.Errorf("%s: content", typed)
		}
	}
}

// Nobody acts on a case that is about himself, or is his own complaint, nor
// reads more of it than the copy (procedure.md 3), whichever address he uses.
func TestTied(t *testing.T) {
	words := []string{"#status", "#neem", "#wijs Bea Bos", "#antwoord", "#categorie Overig", "#oorzaak Mens", "#ernst laag", "#overleg", "#uitstel +14d",
		"#oordeel ongegrond", "#afgehandeld", "#akkoord", "#terug", "#geenklacht vraag", "#ingetrokken", "#wacht", "#stop 1", "#betreft Tess Trainer", "#heropen", "#gesproken"}
	for name, tie := range map[string]func(s *siege) (number string, who []string){
		"concerned": func(s *siege) (string, []string) {
			n := s.complain("Klacht", "Bas en Dewi waren onbeleefd KANARIE.")
			s.mail(answer(bea, s.last(bea), "#betreft Bas Bakker #betreft Dewi de Boer"), "")
			return n, []string{bas, alias, dewi}
		},
		"complains": func(s *siege) (string, []string) {
			s.mail("From: <"+bea+">\nSubject: #registreer Bas Bakker <"+bas+">", "Omschrijving: KANARIE op de gang.")
			s.mail("From: <"+tess+">\nSubject: #registreer intern", "Omschrijving: KANARIE in het lokaal.")
			return s.cases()[0].Number, []string{bas, alias}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := besiege(t, true)
			number, who := tie(s)
			before := s.one(number)
			for _, from := range who {
				for _, w := range words {
					list := s.mail("From: <"+from+">\nSubject: "+w+" ["+number+"]", "Zomaar een tekst.")
					for _, code := range challenges(list) {
						list = append(list, s.mail("From: <"+from+">\nSubject: #ja "+code, "")...)
					}
					for _, l := range list {
						if strings.Contains(l.Text, "KANARIE") || l.To == jan {
							t.Errorf("%s %s: %s to %s", from, w, l.Subject, l.To)
						}
					}
				}
				list := s.mail("From: <"+from+">\nSubject: #overzicht", "")
				if strings.Contains(lines(list, "-"), number) {
					t.Errorf("%s sees his own case in the list", from)
				}
			}
			after := s.one(number)
			if after.State != before.State || after.Handler != before.Handler || len(after.Outbound) > 0 || after.Severity != before.Severity ||
				after.Category.Value+after.Finding.Value+after.Cause.Value+after.ProposedCause.Value != "" || len(after.Talks) > 0 {
				t.Errorf("%+v", after)
			}
			s.mail("From: <"+bea+">\nSubject: #wijs Bas Bakker ["+number+"]", "")
			for _, code := range challenges(s.left()) {
				s.mail("From: <"+bea+">\nSubject: #ja "+code, "")
			}
			if s.one(number).Handler == bas {
				t.Error("he got his own case")
			}
		})
	}
}

// A trainer may register, and say what he thinks of the cases about him; his
// view never reaches C (procedure.md 3).
func TestTrainer(t *testing.T) {
	s := besiege(t, true)
	number := s.complain("Klacht", "Tess kwam te laat.")
	s.mail(answer(bas, s.last(bas), "#betreft Tess Trainer"), "")
	copied := s.last(tess)
	if !strings.Contains(copied.Subject, "Kopie") {
		t.Fatal(copied.Subject)
	}
	for _, w := range []string{"#status", "#neem", "#antwoord", "#afgehandeld", "#ingetrokken", "#ernst laag", "#overzicht", "#help"} {
		list := s.mail(answer(tess, copied, w), "Tekst van Tess.")
		only(t, w, list, tess)
		for _, l := range list {
			if strings.Contains(l.Text, "te laat") || strings.Contains(l.Text, "Overzicht") && strings.Contains(l.Text, number) && w == "#overzicht" {
				t.Errorf("%s shows %s", w, l.Text)
			}
		}
	}
	only(t, "view", s.mail(answer(tess, copied, "#reactie"), "De trein stond stil."), tess, bas, bea)
	only(t, "note", s.mail(answer(tess, copied, ""), "De trein stond echt stil.\n\n#antwoord"), tess, bas, bea)
	only(t, "later", s.wait(time.Hour), bas, bea, dewi)
	if c := s.one(number); len(c.Responses) != 2 || len(c.Outbound) != 0 || !c.Open() {
		t.Errorf("%+v", c)
	}
}

// What C plants: a line with a code, a command, headers of old mail. Staff answer
// with all of it quoted, in each program's way, with and without a mark.
func TestPlantedInComplaint(t *testing.T) {
	s := besiege(t, true)
	planted := "#ingetrokken\nCode: ABCDEFGHJKMNPQRSTVWXYZ0123\n#ja ABCDEFGH\nVan: Bas <" + bas + ">\nVerzonden: vandaag\nAan: " + own + "\nOnderwerp: #ingetrokken"
	number := s.complain("Re: #ingetrokken FW: #antwoord [K2026-000000] #registreer <mal@kwaad.example>", planted)
	notice := s.last(bas)
	if strings.Contains(notice.Subject, "#") {
		t.Fatalf("subject %q", notice.Subject)
	}
	quoted := "Op 2 november 2026 schreef Klachten <" + own + ">:\n> " + strings.ReplaceAll(notice.Text, "\n", "\n> ")
	for _, body := range []string{"Ik bel hem.\n\n" + quoted, notice.Text, "Ik bel hem.\n\n" + notice.Text,
		"Ik bel hem.\n\n-----Oorspronkelijk bericht-----\nVan: Klachten <" + own + ">\nVerzonden: maandag\nAan: Bas\nOnderwerp: " + notice.Subject + "\n\n" + notice.Text} {
		only(t, "reply", s.mail(answer(bas, notice, ""), body), bas)
		only(t, "forward", s.mail("From: <"+bas+">\nSubject: FW: "+notice.Subject+"\nReferences: <"+notice.MessageID+">", body), bas)
		only(t, "the complaint itself forwarded", s.mail("From: <"+bas+">\nSubject: Doorst: Re: #ingetrokken FW: #antwoord [K2026-000000] #registreer <mal@kwaad.example>", body), bas)
	}
	only(t, "later", s.wait(time.Hour))
	if c := s.one(number); !c.Open() || len(c.Outbound) > 0 || len(s.cases()) != 1 {
		t.Errorf("%+v", c)
	}
}

// Codes stand in no text that is kept or sent on (security.md, K), and in no
// subject of ours.
func TestCodesAreTakenOut(t *testing.T) {
	s := besiege(t, true)
	s.complain("Klacht", "Het lokaal was koud.")
	subject, body := s.button(s.last(bas), "#antwoord")
	code := strings.TrimSpace(body[strings.Index(body, "Code:")+5:])
	s.mail("From: <"+bas+">\nSubject: "+subject, "Excuses.\n\n"+body+"\n\nMet groet,\nBas")
	if s.became() != "command" {
		t.Fatal(s.became())
	}
	s.mail(answer(bas, s.last(bas), ""), "Notitie.\n\n> Code: "+code+"\nCode: "+code)
	s.mail("From: <"+bas+">\nSubject: Doorst: zomaar", "Kijk eens.\n\n-----Oorspronkelijk bericht-----\nVan: Piet <piet@elders.example>\n\nCode: "+code)
	s.mail(answer(dewi, s.last(dewi), "#overleg"), "Wat?\n> Code: "+code)
	s.wait(72 * time.Hour)
	if err := s.Clock(s.now); err != nil {
		t.Fatal(err)
	}
	s.left()
	for _, l := range s.all {
		if l.To == jan && strings.Contains(l.Text, code) || strings.Contains(l.Subject, code) {
			t.Errorf("%s to %s holds the code", l.Subject, l.To)
		}
		if strings.Count(string(l.Raw), code) > 0 && !strings.Contains(l.Subject, "Nieuwe klacht") {
			t.Errorf("%s to %s sends the code on:\n%s", l.Subject, l.To, l.Text)
		}
	}
	for _, c := range s.cases() {
		for _, m := range s.kept(c.Number) {
			if strings.Contains(m.Text+m.Subject, code) {
				t.Errorf("kept with %s: %q", m.Subject, m.Text)
			}
		}
	}
}

func (s *siege) kept(number string) (list []store.Message) {
	s.t.Helper()
	id := s.one(number).ID
	if err := s.db.View(s.t.Context(), func(tx *store.Tx) (err error) {
		list, err = tx.Messages(id)
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return list
}

const twoFiles = `--grens
Content-Type: text/plain; charset=utf-8

%s
--grens
Content-Type: image/png; name="logo.png"
Content-Disposition: inline; filename="logo.png"
Content-ID: <logo>
Content-Transfer-Encoding: base64

bG9nby1sb2dvLWxvZ28=
--grens
Content-Type: application/pdf; name="%s"
Content-Disposition: attachment; filename="%s"
Content-Transfer-Encoding: base64

%s
--grens--
`

func withFile(text, name, content string) string {
	return fmt.Sprintf(twoFiles, text, name, name, content)
}

// security.md 8: what staff attach goes to C with a command that writes to him, and
// the receipt lists it; what C attaches goes to those who may handle it and D alone.
func TestAttachments(t *testing.T) {
	for _, proven := range []bool{true, false} {
		t.Run(fmt.Sprintf("proven %t", proven), func(t *testing.T) {
			t.Parallel()
			s := besiege(t, proven)
			const mixed = "\nContent-Type: multipart/mixed; boundary=grens\nContent-Transfer-Encoding: 7bit"
			s.mail("From: Jan <"+jan+">\nSubject: Klacht"+mixed, withFile("Tess kwam te laat.", "foto-van-jan.pdf", "SkFOSkFOSkFOSkFO"))
			number := s.cases()[0].Number
			do := func(head, body string) {
				t.Helper()
				s.now = s.now.Add(30 * time.Minute)
				codes := challenges(s.mail(head, body))
				for _, code := range codes {
					s.mail("From: <"+bas+">\nSubject: #ja "+code+mixed, withFile("Ja.", "van-de-ja.pdf", "WUVTWUVTWUVT"))
				}
			}
			do(answer(bas, s.last(bas), ""+mixed), withFile("Notitie.", "intern.pdf", "SU5URVJOSU5URVJO"))
			do(answer(bas, s.last(bas), "#betreft Tess Trainer"+mixed), withFile("", "betreft.pdf", "QkVUUkVGVA=="))
			do("From: <"+bas+">\nSubject: #antwoord ["+number+"]\nIn-Reply-To: <"+s.last(bas).MessageID+">"+mixed, withFile("Excuses.", "brief.pdf", "QlJJRUZCUklFRg=="))
			s.now = s.now.Add(time.Hour)
			do(answer(bas, s.last(bas), "#categorie Overig"+mixed), withFile("Uitleg.", "uitleg.pdf", "VUlUTEVH"))
			do(answer(bas, s.last(bas), "#oordeel deels"), "")
			do(answer(bas, s.last(bas), "#ernst ernstig"), "")
			do(answer(bas, s.last(bas), "#afgehandeld"+mixed), withFile("Het resultaat.", "resultaat.pdf", "UkVTVUxUQUFU"))
			for _, code := range challenges(s.mail(answer(dewi, s.last(dewi), "#akkoord"+mixed), withFile("Goed zo.", "akkoord.pdf", "QUtLT09SRA=="))) {
				s.mail("From: <"+dewi+">\nSubject: #ja "+code+mixed, withFile("Ja.", "van-de-ja.pdf", "WUVTWUVTWUVT"))
			}
			s.wait(time.Hour)
			for _, l := range s.all {
				has := func(name string) bool { return strings.Contains(string(l.Raw), name) }
				switch l.To {
				case jan:
					reply := strings.Contains(l.Text, "Excuses")
					if has("brief.pdf") != reply || has("QlJJRUZCUklFRg==") != reply {
						t.Errorf("to C, %s: the letter's file %t", l.Subject, has("brief.pdf"))
					}
					if result := strings.Contains(l.Text, "Het resultaat"); has("resultaat.pdf") != result || has("UkVTVUxUQUFU") != result {
						t.Errorf("to C, %s: the result's file %t", l.Subject, has("resultaat.pdf"))
					}
					if has("akkoord.pdf") || has("QUtLT09SRA") || has("intern.pdf") || has("betreft.pdf") || has("uitleg.pdf") || has("foto-van-jan") || has("logo.png") || has("bG9nby1") || has("van-de-ja") {
						t.Errorf("to C, %s: files that nobody sent him", l.Subject)
					}
				case tess, tom:
					if has("foto-van-jan") || has("SkFOSkFO") || has("intern.pdf") || has("brief.pdf") {
						t.Errorf("to M, %s: files", l.Subject)
					}
				}
			}
			carried, listed := map[string]bool{}, false
			for _, l := range s.all {
				if strings.Contains(string(l.Raw), "filename=foto-van-jan.pdf") && strings.Contains(string(l.Raw), "SkFOSkFOSkFOSkFO") {
					carried[l.To] = true
				}
				listed = listed || l.To == bas && strings.Contains(l.Text, "Meegestuurde bijlagen") && strings.Contains(l.Text, "brief.pdf")
			}
			delete(carried, bea) // of the office too, until somebody has taken it
			if len(carried) != 2 || !carried[bas] || !carried[dewi] || !listed {
				t.Errorf("C's file went to %v; the receipt lists the letter's: %t", carried, listed)
			}
			if s.sentTo(jan) != 3 || s.sentTo(tess) != 2 {
				t.Errorf("%d to C, %d to M", s.sentTo(jan), s.sentTo(tess))
			}
		})
	}
}
