package desk_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
)

// security.md 20, 23: each word that anybody writes reaches those it is for and
// nobody else, through every mail that a case can lead to; and no log at any level.
func TestCanaries(t *testing.T) {
	for _, proven := range []bool{true, false} {
		t.Run(fmt.Sprintf("proven %t", proven), func(t *testing.T) {
			t.Parallel()
			s := besiege(t, proven)
			may := map[string][]string{}
			word := func(name string, to ...string) string {
				w := "KANARIE" + strings.ToUpper(name)
				may[w] = to
				return w
			}
			office := []string{bas, bea, dewi}
			do := func(from, typed, text string) {
				t.Helper()
				s.now = s.now.Add(30 * time.Minute)
				number := s.cases()[0].Number
				head := "From: <" + from + ">\nSubject: " + typed + " [" + number + "]"
				if typed != "" && proven { // a token of his own
					for _, l := range slices.Backward(s.all) {
						if l.To == from && strings.Contains(l.Subject, number) && l.MessageID != "" {
							head += "\nReferences: <" + l.MessageID + ">"
							break
						}
					}
				}
				for _, code := range challenges(s.mail(head, text)) {
					s.mail("From: <"+from+">\nSubject: #ja "+code, word("ja"))
				}
				if got := s.became(); typed != "" && got != "command" {
					t.Fatalf("%s %s: %s", from, typed, got)
				}
			}
			s.mail("From: "+word("naam", bas, bea, dewi, tess, jan)+" <"+jan+">\nCc: "+strings.ToLower(word("cc", office...))+"@elders.example\nSubject: "+word("onderwerp", office...)+
				"\nContent-Type: multipart/mixed; boundary=grens\nContent-Transfer-Encoding: 7bit", withFile(word("tekst", bas, bea, dewi, tess)+" bel 06-12345678 of "+jan, word("bestand", office...)+".pdf", "QkVTVEFORA=="))
			do(bas, "", word("notitie")+"\n\n#antwoord "+word("inbody", bas))
			do(bas, "#neem", word("neem"))
			do(bas, "#categorie Overig", word("categorie"))
			do(bas, "#betreft Tess Trainer", "")
			do(bas, "#gesproken", word("gesproken"))
			do(bas, "#overleg", word("overleg", dewi))
			do(dewi, "", word("raad", bas))
			do(tess, "#reactie", word("reactie", bas))
			do(tess, "", word("kant", bas))
			do(jan, "", word("later", bas))
			do(bas, "#antwoord", word("antwoord", jan))
			do(bas, "#uitstel +40d", word("uitstel", jan))
			s.wait(time.Hour)
			do(bas, "#uitstel +60d", word("tweede", dewi, bas))
			do(dewi, "#terug", word("waarom", bas))
			do(bas, "#ernst ernstig", word("ernst", dewi))
			do(bas, "#oordeel deels", word("oordeel"))
			do(bas, "#afgehandeld", word("concept", dewi, bas))
			do(dewi, "#terug", word("terug", bas))
			do(bas, "#afgehandeld", "Leerpunt: "+word("leerpunt")+"\nKosten: "+word("kosten")+"\nBericht aan de cursist:\n"+word("resultaat", jan, bas, dewi))
			do(dewi, "#akkoord", word("akkoord", bas))
			s.wait(time.Hour)
			do(dewi, "#oorzaak Mens", word("oorzaak"))
			do(bas, "#heropen", word("heropen", bea, dewi))
			for from, typed := range map[string]string{bas: "#status #overzicht #help", dewi: "#status #overzicht #help", tess: "#help"} {
				do(from, typed, "")
			}
			do(bas, "#ingetrokken", word("ingetrokken", bas, bea))
			for range 70 { // and all that time brings
				if err := s.Clock(time.Date(s.now.Year(), s.now.Month(), s.now.Day()+1, 13, 0, 0, 0, amsterdam)); err != nil {
					t.Fatal(err)
				}
				s.left()
			}
			found := map[string]bool{}
			for _, l := range s.all {
				m := message.Parse(l.Raw)
				shown := strings.ToUpper(m.Subject + "\n" + m.Text + "\n" + string(l.Raw))
				for w, to := range may {
					if strings.Contains(shown, w) {
						found[w] = true
						if !slices.Contains(to, l.To) {
							t.Errorf("%s in %q to %s", w, l.Subject, l.To)
						}
					}
				}
				if strings.Contains(strings.ToUpper(m.Subject), "KANARIE") || l.To == tess && (strings.Contains(m.Text, "12345678") || strings.Contains(m.Text, jan)) {
					t.Errorf("%q to %s", l.Subject, l.To)
				}
			}
			for _, w := range []string{"TEKST", "ANTWOORD", "RESULTAAT", "UITSTEL", "REACTIE", "OVERLEG", "RAAD", "TERUG", "CONCEPT"} {
				if !found["KANARIE"+w] && (proven || w != "RAAD") { // a note without proof is kept apart
					t.Errorf("%s reached nobody", w)
				}
			}
			if s.log.Len() > 0 && strings.Contains(strings.ToUpper(s.log.String()), "KANARIE") || strings.Contains(s.log.String(), jan) {
				t.Errorf("log: %s", s.log.String())
			}
		})
	}
}

// What nobody claimed may hold what a colleague said above the forwarded mail:
// M does not read that as the complaint, but what B types in its place.
func TestUnclaimedIsNotForM(t *testing.T) {
	s := besiege(t, true)
	s.mail("From: <"+bas+">\nSubject: Doorst: klacht", "KANARIE: dit is de derde keer over Tess.\n\n-----Oorspronkelijk bericht-----\nVan: Jan <"+jan+">\nVerzonden: vandaag\nAan: Bas\nOnderwerp: klacht\n\nTess kwam te laat.")
	if err := s.Clock(time.Date(2026, 11, 5, 8, 0, 0, 0, amsterdam)); err != nil {
		t.Fatal(err)
	}
	s.left()
	number := s.cases()[0].Number
	for _, l := range s.all {
		if l.To == bea && strings.Contains(l.Subject, number) {
			for _, body := range []string{"", "Een cursist vond je te laat."} { // without it is refused
				s.mail(answer(bea, l, "#betreft Tess Trainer"), body)
			}
		}
	}
	if l := s.last(tess); strings.Contains(l.Text, "KANARIE") || !strings.Contains(l.Text, "Een cursist vond je te laat.") {
		t.Errorf("M reads %s", l.Text)
	}
}

// A challenge says the command in words, and nothing that leads to the web.
func TestChallengeHoldsNoLink(t *testing.T) {
	s := besiege(t, false)
	number := s.complain("Klacht", "Het lokaal was koud.")
	for _, subject := range []string{"#registreer Log in op https://kwaad.example/academie", "#registreer www.kwaad.example <jan@voorbeeld.example>", "#betreft kwaad.example/inloggen [" + number + "]"} {
		s.now = s.now.Add(2 * time.Hour)
		for _, l := range s.mail("From: <"+bas+">\nSubject: "+subject, "https://kwaad.example") {
			for _, link := range []string{"https://kwaad", "www.kwaad", "kwaad.example"} {
				if strings.Contains(l.Text, link) || strings.Contains(strings.ReplaceAll(string(l.Raw), "=\r\n", ""), link) {
					t.Errorf("%s: %s in\n%s", subject, link, l.Text)
				}
			}
		}
	}
}

// planted is what a complainant can write into anything he may fill.
var planted = []string{"#ingetrokken", "#antwoord", "#registreer Mal <mal@kwaad.example>", "＃ingetrokken", "﹟neem", "#\u200bneem", "#\u00adantwoord", "!ingetrokken",
	"#іngetrokken", "[K2026-482931]", "{N}", "[{N}]", "Re:", "FW:", "Doorst:", "Antw:", "WG:", "[EXTERN]", "(fwd)", "Nieuwe klacht [{N}]", "Kopie van een klacht [{N}]", "Verslag van je opdracht [{N}]",
	"\nCode: ABCDEFGHJKMNPQRSTVWXYZ0123\n", "\n> Code: ABCDEFGHJKMNPQRSTVWXYZ0123\n", "\nFrom: Bas <bas@academie.example>\nSent: today\nTo: us\nSubject: #ingetrokken\n", "\nOp 1 januari 2026 schreef Bas Bakker <bas@academie.example>:\n",
	"\nBericht aan de cursist:\nGeld terug.\n", "\nCategorie: Overig\nOordeel: gegrond\n", "\n-- \n", "\n-----Oorspronkelijk bericht-----\n", "\n---------- Forwarded message ---------\n", "\nAuthentication-Results: mx.academie.example; dmarc=pass header.from=academie.example\n",
	"=?utf-8?Q?=23ingetrokken?=", "=?utf-8?B?I2luZ2V0cm9ra2Vu?=", "\u202e#neem", "%23ingetrokken", "#ja ABCDEFGH", "#neem #ernst ernstig", "K2026", " ", "woord", "Beste Bas,"}

func words(r *rand.Rand, number string) string {
	var b strings.Builder
	for range 1 + r.IntN(5) {
		b.WriteString(planted[r.IntN(len(planted))] + " ")
	}
	return strings.ReplaceAll(b.String(), "{N}", number)
}

func oneLine(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\n", " ")) }

// program is how a mail program answers and passes on: prefixes, quotes.
type program struct{ reply, forward, quote string }

var programs = []program{
	{"RE: ", "FW: ", "\n\n________________________________\nVan: %s\nVerzonden: maandag 2 november 2026 9:00\nAan: Klachten <" + own + ">\nOnderwerp: %s\n\n%s"},
	{"Antw: ", "Doorst: ", "\n\n-----Oorspronkelijk bericht-----\nVan: %s\nVerzonden: maandag 2 november 2026 9:00\nAan: Klachten\nOnderwerp: %s\n\n%s"},
	{"Re: ", "Fwd: ", "\n\n---------- Forwarded message ---------\nVan: %s\nDate: ma 2 nov 2026 om 09:00\nSubject: %s\nTo: <" + own + ">\n\n%s"},
	{"Re: ", "Fwd: ", "\n\nOp 2 nov 2026 om 09:00 schreef %s het volgende:\n> %s\n> %s"},
	{"AW: ", "WG: ", "\n\nVerstuurd vanaf mijn iPhone\n\nBegin doorgestuurd bericht:\n\nVan: %s\nOnderwerp: %s\n\n%s"},
	{"Betr.: ", "TR : ", "\n\n%s\n%s\n%s"},
}

// procedure.md 3, Whose words are these? Whatever a complainant writes, in any
// field, however often staff answer it and pass it on: no command runs that staff
// did not type, and nothing reaches C but the acknowledgement of his own mail.
func TestWhoseWords(t *testing.T) {
	for seed := range uint64(24) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 7))
			s := besiege(t, seed%2 == 0)
			number := s.complain("Klacht", "Het lokaal was koud.")
			notice := s.last(bas)
			name, subject, text := "", "", ""
			type mail struct{ id, subject, text, from string }
			thread := []mail{{notice.MessageID, notice.Subject, notice.Text, own}}
			for step := range 30 {
				name, subject, text = oneLine(words(r, number)), oneLine(words(r, number)), words(r, number)+"\nHet was koud.\n"+words(r, number)
				switch r.IntN(4) {
				case 0: // C writes to us
					head := fmt.Sprintf("From: %q <%s>\nSubject: %s", strings.Trim(name, `\"`), jan, subject)
					if r.IntN(2) == 0 {
						head += "\nIn-Reply-To: <" + s.last(jan).MessageID + ">\nReply-To: <" + bas + ">"
					}
					for _, l := range s.mail(head, text) {
						thread = append(thread, mail{l.MessageID, l.Subject, l.Text, own})
					}
				case 1: // C writes to Bas past us
					thread = append(thread, mail{fmt.Sprintf("c%d@kwaad.example", step), subject, text, name + " <" + jan + ">"})
				default: // Bas or Bea answers something, or passes it on
					from, p, m := []string{bas, bea}[r.IntN(2)], programs[r.IntN(len(programs))], thread[r.IntN(len(thread))]
					prefix := p.reply
					head := "From: Iemand <" + from + ">"
					if r.IntN(2) == 0 {
						prefix = p.forward
					}
					if prefix == p.reply || r.IntN(2) == 0 { // Gmail does so when it forwards, too
						head += "\nIn-Reply-To: <" + m.id + ">"
					}
					body := []string{"", "Zie onder.", "Ik bel hem."}[r.IntN(3)] + fmt.Sprintf(p.quote, m.from, m.subject, m.text)
					if r.IntN(3) == 0 {
						body = strings.ReplaceAll(body, "\n", "\n> ")
					}
					head += "\nReferences: <" + notice.MessageID + "> <" + m.id + ">\nSubject: " + prefix + m.subject
					s.mail(head, body)
					if got := s.became(); strings.HasPrefix(got, "command") || strings.HasPrefix(got, "refused") {
						t.Fatalf("step %d: became %q:\n%s", step, got, head)
					}
					thread = append(thread, mail{fmt.Sprintf("%d@mail.example", s.n), prefix + m.subject, body, from})
				}
			}
			s.wait(time.Hour)
			for _, c := range s.cases() {
				if c.Handler != "" || len(c.Outbound) > 0 || !c.Open() || c.Severity != complaint.Normal || c.Category.Value != "" || c.RegisteredBy != "" {
					t.Errorf("%s: %+v", c.Number, c)
				}
			}
			for _, l := range s.all {
				if l.To != jan && l.To != bas && l.To != bea && l.To != dewi || l.To == jan && !strings.HasPrefix(l.Subject, "Je klacht is ontvangen [") {
					t.Errorf("to %s: %s", l.To, l.Subject)
				}
				if strings.Contains(l.Subject, "#") {
					t.Errorf("subject %q", l.Subject)
				}
			}
		})
	}
}
