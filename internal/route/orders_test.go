package route

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
	"klachtd/internal/proof"
)

// busy is a house with two people of one first name and the lists of the
// procedure; Jan has a case.
func busy() Known {
	k := known()
	k.Policy.Staff = append(k.Policy.Staff,
		complaint.Person{Name: "Bas Bos", Address: "bos@academie.example", Roles: []complaint.Role{complaint.Binnendienst}})
	k.Policy.Categories = []string{"Inhoud", "Trainer", "Locatie"}
	k.Policy.Causes = []string{"Mens", "Planning"}
	return k
}

// from makes a mail of Bas about Jan's case with this subject and body.
func from(subject, body string, lines ...string) message.Message {
	head := append([]string{"From: bas@academie.example", "To: klachten@academie.example", "Message-ID: <een@mail.example>",
		"Date: Mon, 23 Nov 2026 08:59:00 +0000", "Content-Type: text/plain; charset=utf-8", "Subject: " + subject}, lines...)
	return message.Parse([]byte(strings.Join(head, "\r\n") + "\r\n\r\n" + strings.ReplaceAll(body, "\n", "\r\n") + "\r\n"))
}

func ask(t *testing.T, m message.Message, k Known) *Ask {
	t.Helper()
	v := classify(t, m, k)
	if v.Ask == nil {
		t.Fatalf("no command: %+v", v)
	}
	return v.Ask
}

// written is an order in short: kind, person, value, day.
func written(orders []complaint.Order) string {
	var list []string
	for _, o := range orders {
		words := []string{string(o.Kind)}
		for _, s := range []string{o.Person.Name, o.Person.Address, o.Value, o.Text, string(o.Day)} {
			if s != "" {
				words = append(words, s)
			}
		}
		if o.Ref != 0 {
			words = append(words, fmt.Sprint(o.Ref))
		}
		list = append(list, strings.Join(words, " "))
	}
	return strings.Join(list, ", ")
}

// procedure.md 3: what stands in the subject, with names, dates and words of
// lists found.
func TestOrders(t *testing.T) {
	for _, tt := range []struct{ subject, body, want string }{
		{"#neem", "", "take Bas Bakker bas@academie.example"},
		{"#wijs Bakker", "", "assign Bas Bakker bas@academie.example"},
		{"#wijs BAS BOS", "", "assign Bas Bos bos@academie.example"},
		{"#assign bas.bakker@elders.example", "", "assign Bas Bakker bas@academie.example"},
		{"#betreft Tess", "", "about Tess Trainer tess@academie.example"},
		{"#betreft cursus Rijtheorie", "", "about cursus Rijtheorie"},
		{"#categorie locatie", "", "category Locatie"},
		{"#oorzaak PLANNING", "", "cause Planning"},
		{"#ernst ernstig", "", "severity severe"},
		{"#severity low", "", "severity low"},
		{"#oordeel deels", "", "finding partly"},
		{"#finding upheld", "", "finding founded"},
		{"#oordeel nvt", "", "finding none"},
		{"#uitstel +14d", "Ziek.", "extend 2026-12-07"},
		{"#uitstel 4 januari", "Ziek.", "extend 2027-01-04"},
		{"#gesproken", "", "spoke"},
		{"#gesproken gisteren", "", "spoke 2026-11-22"},
		{"#geenklacht vraag", "", "notacomplaint question"},
		{"#stop 2", "", "stop 2"},
		{"#klager jo@voorbeeld.example", "", "complainant jo@voorbeeld.example"},
		{"#klager Jo de Vries <Jo@voorbeeld.example>", "", "complainant Jo de Vries Jo@voorbeeld.example"},
		{"#ontvangen 20 november", "", "received 2026-11-20"},
		{"#taal Engels", "", "language en"},
		{"#vrijstelling oorzaak", "Zo klein.", "waive cause"},
		{"#vrijstelling terugkoppeling", "Overleden.", "waive feedback"},
		{"#vrijstelling", "Zo klein.", "waive"},
		{"#bewaren 1-6-2027", "Rechtszaak.", "hold 2027-06-01"},
		{"#bewaren uit", "", "hold off"},
		{"#ooa ingediend", "", "external filed"},
		{"#ooa uitspraak 21-12-2026", "", "external ruling 2026-12-21"},
		{"#ooa uitgevoerd gisteren", "", "external carried_out 2026-11-22"},
		{"#afwezig 24-12-2026", "", "away 2026-12-24"},
		{"#afwezig tot en met 24 december, Bas Bos", "", "away Bas Bos bos@academie.example 2026-12-24"},
		{"#afwezig uit", "", "away off"},
		{"#ongedaan 3", "", "undo 3"},
		{"#samenvoegen " + strings.ToLower(tess.Number), "", "merge " + tess.Number},
		{"#splits", "De zaal was koud.", "split"},
		{"#maatregel", "Sleutels bij de receptie.", "action"},
		{"#maatregel geen", "Het ligt aan het weer.", "action none"},
		{"#maatregel m-12", "", "action M-12"},
		{"#maatregel Sleutels bij de receptie 1 februari 2027", "", "action Sleutels bij de receptie 2027-02-01"},
		{"#maatregel Les op vrijdag", "", "action Les op vrijdag"},
		{"#klaar M-3 gisteren", "", "done M-3 2026-11-22"},
		{"#klaar M-3 22-11-2026", "", "done M-3 2026-11-22"},
		{"#effect M3", "Sindsdien geen klachten.", "effect M-3"},
		{"#avg inzage", "", "privacy access"},
		{"#avg gedaan", "", "privacy done"},
		{"#ernst laag #categorie Inhoud", "", "severity low, category Inhoud"},
	} {
		a := ask(t, from(tt.subject+" ["+jans.Number+"]", tt.body), busy())
		if got := written(a.Orders); got != tt.want || len(a.Refused) > 0 || a.Case.ID != 1 {
			t.Errorf("%s: %s of case %d, %+v\nwant %s", tt.subject, got, a.Case.ID, a.Refused, tt.want)
		}
	}
}

// issue, Bad input: each slip has its reason, what there is to choose from, and
// where one can be given the corrected command.
func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		subject, body string
		why           complaint.Reason
		allowed, fix  string
	}{
		{"#nem", "", complaint.RefusedWord, "neem", "take Bas Bakker bas@academie.example"},
		{"#abracadabra", "", complaint.RefusedWord, "", ""},
		{"#wijs Bas", "", complaint.RefusedAmbiguous, "Bas Bakker,Bas Bos", ""},
		{"#wijs Piet", "", complaint.RefusedPerson, "Bas Bakker,Bas Bos", ""},
		{"#wijs", "", complaint.RefusedNoValue, "", ""},
		{"#betreft Bas", "", complaint.RefusedAmbiguous, "Bas Bakker,Bas Bos", ""},
		{"#categorie Locaties", "", complaint.RefusedValue, "Locatie", ""},
		{"#categorie weetniet", "", complaint.RefusedValue, "Inhoud,Trainer,Locatie", ""},
		{"#ernst heel erg", "", complaint.RefusedValue, "laag,normaal,ernstig", ""},
		{"#oordeel misschien", "", complaint.RefusedValue, "gegrond,deels,ongegrond,nvt", ""},
		{"#uitstel 1-11-2026", "Ziek.", complaint.RefusedDate, "", ""},
		{"#uitstel binnenkort", "Ziek.", complaint.RefusedUnreadable, "", ""},
		{"#uitstel 31-2-2027", "Ziek.", complaint.RefusedUnreadable, "", ""},
		{"#gesproken morgen", "", complaint.RefusedDate, "", ""},
		{"#antwoord", "", complaint.RefusedNoBody, "", ""},
		{"#antwoord snel", "Dag.", complaint.RefusedNeedless, "", ""},
		{"#antwoord #overleg", "Dag.", complaint.RefusedTwoBodies, "", ""},
		{"#neem #wijs Bos", "", complaint.RefusedContrary, "", ""},
		{"#ernst laag #ernst ernstig", "", complaint.RefusedTwice, "", ""},
		{"#neem #ernst laag #oordeel deels #status #categorie Inhoud #oorzaak Mens", "", complaint.RefusedTooMany, "", ""},
		{"#klager Jo", "", complaint.RefusedPerson, "", ""},
		{"#klager jo@", "", complaint.RefusedPerson, "", ""},
		{"#klager klacht@academie.example", "", complaint.RefusedPerson, "", ""}, // that is us
		{"#klager", "", complaint.RefusedNoValue, "", ""},
		{"#ontvangen morgen", "", complaint.RefusedDate, "", ""},
		{"#taal Frans", "", complaint.RefusedValue, "nl,en", ""},
		{"#vrijstelling oplossing", "Zo klein.", complaint.RefusedValue,
			"bevestiging,behandelaar,reactie,antwoord,kopie,resultaat,intern,oorzaak,tevredenheid,bellen,verbetering", ""},
		{"#vrijstelling oorzaak", "", complaint.RefusedNoBody, "", ""},
		{"#bewaren", "Rechtszaak.", complaint.RefusedNoValue, "uit", ""},
		{"#bewaren lang", "Rechtszaak.", complaint.RefusedUnreadable, "", ""},
		{"#bewaren 1-6-2027", "", complaint.RefusedNoBody, "", ""},
		{"#ooa misschien", "", complaint.RefusedValue, "verwezen,ingediend,uitspraak,uitgevoerd", ""},
		{"#ooa uitspraak binnenkort", "", complaint.RefusedUnreadable, "", ""},
		{"#afwezig lang", "", complaint.RefusedUnreadable, "", ""},
		{"#afwezig 1-11-2026", "", complaint.RefusedDate, "", ""},
		{"#afwezig 24-12-2026 Piet", "", complaint.RefusedPerson, "Bas Bakker,Bas Bos", ""},
		{"#samenvoegen K2026-000001", "", complaint.RefusedUnreachable, "", ""},
		{"#klaar", "", complaint.RefusedNoValue, "", ""},
		{"#klaar M-3 bijna", "", complaint.RefusedUnreadable, "", ""},
		{"#klaar sleutels", "", complaint.RefusedUnreadable, "", ""},
		{"#maatregel geen", "", complaint.RefusedNoBody, "", ""},
		{"#maatregel Sleutels 1-2-2026", "", complaint.RefusedDate, "", ""},
		{"#avg", "", complaint.RefusedNoValue, "inzage,wissen,gedaan", ""},
		{"#neem " + tess.Number, "", complaint.RefusedAmbiguous, "", ""}, // and Jan's
	} {
		a := ask(t, from(tt.subject+" ["+jans.Number+"]", tt.body), busy())
		if len(a.Refused) != 1 {
			t.Errorf("%s: %+v", tt.subject, a.Refused)
			continue
		}
		r := a.Refused[0]
		if r.Reason != tt.why || strings.Join(r.Allowed, ",") != tt.allowed || tt.fix != "" && written(r.Fix) != tt.fix {
			t.Errorf("%s: %s, allowed %q, fix %s\nwant %s, %s, %s", tt.subject, r.Reason, r.Allowed, written(r.Fix), tt.why, tt.allowed, tt.fix)
		}
		if !strings.HasPrefix(r.Order.Words, "#") && tt.why != complaint.RefusedAmbiguous {
			t.Errorf("%s: it is called %q", tt.subject, r.Order.Words)
		}
	}
}

// A number that leads nowhere, or is mistyped, is no other case.
func TestUnreachable(t *testing.T) {
	for _, number := range []string{nobody, "K2026-000001"} {
		a := ask(t, from("#neem "+number, ""), busy())
		if a.Case.ID != 0 || len(a.Refused) != 1 || a.Refused[0].Reason != complaint.RefusedUnreachable {
			t.Errorf("%s: case %d, %+v", number, a.Case.ID, a.Refused)
		}
	}
	if a := ask(t, from("#neem K2026-000001", "", "In-Reply-To: <bas@brief.example>"), busy()); a.Case.ID != 0 {
		t.Errorf("a mistyped number in a thread: case %d", a.Case.ID)
	}
}

// procedure.md 3: labels are read only where the line of the message is there,
// and what stands between the labels and that line goes nowhere unseen.
func TestClosingForm(t *testing.T) {
	a := ask(t, from("#afgehandeld ["+jans.Number+"]", "Categorie: locatie\nOordeel: deels\nKosten: 200 euro\nBericht aan de cursist:\nBeste Jan,\n\nKosten: geen."), busy())
	if got := written(a.Orders); got != "close, category Locatie, finding partly" || !a.Labels || len(a.Refused) > 0 {
		t.Errorf("%s, labels %v, %+v", got, a.Labels, a.Refused)
	}
	if a.Message != "Beste Jan,\n\nKosten: geen." || a.Form["kosten"] != "200 euro" {
		t.Errorf("message %q, form %v", a.Message, a.Form)
	}
	a = ask(t, from("#afgehandeld ["+jans.Number+"]", "Beste Jan,\n\nCategorie: locatie"), busy())
	if a.Labels || a.Message != "Beste Jan,\n\nCategorie: locatie" || written(a.Orders) != "close" {
		t.Errorf("without the line: %s, %q", written(a.Orders), a.Message)
	}
	a = ask(t, from("#afgehandeld #categorie Inhoud ["+jans.Number+"]", "Categorie: locatie\nBericht aan de cursist:\nDag."), busy())
	if got := written(a.Orders); got != "close, category Inhoud" {
		t.Errorf("the subject has the word: %s", got)
	}
	for body, why := range map[string]complaint.Reason{
		"Beste Jan,\nOordeel: deels\nBericht aan de cursist:\nDag.": complaint.RefusedUnreadable,
		"Oordel: deels\nBericht aan de cursist:\nDag.":              complaint.RefusedUnreadable,
		"Oordeel: misschien\nBericht aan de cursist:\nDag.":         complaint.RefusedValue,
		"Categorie: Locaties\nBericht aan de cursist:\nDag.":        complaint.RefusedValue,
	} {
		a := ask(t, from("#afgehandeld ["+jans.Number+"]", body), busy())
		if len(a.Refused) != 1 || a.Refused[0].Reason != why {
			t.Errorf("%q: %+v", body, a.Refused)
		}
	}
}

// procedure.md 2: who complains stands in the subject or on the form.
func TestRegistration(t *testing.T) {
	for _, tt := range []struct{ subject, body, want, label, value string }{
		{"#registreer Karel Kok karel@elders.example", "De lift was stuk.", "register Karel Kok karel@elders.example", "omschrijving", "De lift was stuk."},
		{"#registreer Karel Kok <karel@elders.example>", "Stuk.", "register Karel Kok karel@elders.example", "", ""},
		{"#registreer karel@elders.example", "Naam: Karel Kok\nOmschrijving: stuk", "register Karel Kok karel@elders.example", "omschrijving", "stuk"},
		{"#registreer", "Naam: Karel Kok\nE-mail: karel@elders.example\nCursus: Excel", "register Karel Kok karel@elders.example", "cursus", "Excel"},
		{"#registreer", "Naam: Karel Kok\nTelefoon: 06 12345678", "register Karel Kok", "telefoon", "06 12345678"},
		{"#registreer Karel", "Ontvangen op: 20-11-2026\nStuk.", "register Karel 2026-11-20", "", ""},
		{"#registreer intern", "De printer.", "register intern", "omschrijving", "De printer."},
		{"#register internal", "De printer.", "register intern", "", ""},
	} {
		a := ask(t, from(tt.subject, tt.body), busy())
		if got := written(a.Orders); got != tt.want || len(a.Refused) > 0 || a.Asked != proof.Register {
			t.Errorf("%s: %s, %+v\nwant %s", tt.subject, got, a.Refused, tt.want)
		}
		if tt.label != "" && a.Form[tt.label] != tt.value {
			t.Errorf("%s: %s is %q", tt.subject, tt.label, a.Form[tt.label])
		}
	}
	for _, tt := range []struct {
		subject, body string
		why           complaint.Reason
	}{
		{`#registreer "x> ORCPT=y"@elders.example`, "Stuk.", complaint.RefusedPerson},
		{"#registreer", "Naam: Karel\nE-mail: karel@\nStuk.", complaint.RefusedPerson},
		{"#registreer Karel", "Ontvangen op: 20-12-2026\nStuk.", complaint.RefusedDate},
		{"#registreer Karel", "Ontvangen op: laatst\nStuk.", complaint.RefusedUnreadable},
		{"#registreer Karel", "", complaint.RefusedNoBody},
		{"#registreer Karel [" + jans.Number + "]", "Stuk.", complaint.RefusedNoCase},
	} {
		a := ask(t, from(tt.subject, tt.body), busy())
		if len(a.Refused) == 0 || a.Refused[0].Reason != tt.why {
			t.Errorf("%s: %+v", tt.subject, a.Refused)
		}
	}
}

// A command on the first line of the body is offered and never run.
func TestInBody(t *testing.T) {
	v := classify(t, from("Re: klacht "+jans.Number, "#ernst ernstig\n\nHij viel."), busy())
	if v.What != Note || len(v.Ask.Orders) > 0 || written(v.Ask.InBody) != "severity severe" {
		t.Errorf("%s, %s, offered %s", v.What, written(v.Ask.Orders), written(v.Ask.InBody))
	}
	v = classify(t, from("Re: klacht "+jans.Number, "Ik bel hem.\n-- \nBas\n#trots"), busy())
	if v.What != Note || len(v.Ask.InBody) > 0 {
		t.Errorf("a signature: %s, offered %s", v.What, written(v.Ask.InBody))
	}
}

// What reads like a mail to the complainant, or went to him past us.
func TestForC(t *testing.T) {
	jan := jans
	jan.Complainant.Name = "Jan de Vries"
	k := busy()
	k.ByNumber = func(string) (complaint.Case, bool, error) { return jan, true, nil }
	for _, tt := range []struct {
		body     string
		lines    []string
		forC, to bool
	}{
		{"Beste Jan,\n\nDag.", nil, true, false},
		{"Geachte heer,\n\nDag.", nil, true, false},
		{"Hoi Dewi,\n\nJan belde.", nil, false, false},
		{"Ik bel Jan morgen.", nil, false, false},
		{"De sleutel.", []string{"Cc: JAN@voorbeeld.example"}, true, true},
	} {
		a := ask(t, from("klacht "+jans.Number, tt.body, tt.lines...), k)
		if a.ForC != tt.forC || a.ToC != tt.to {
			t.Errorf("%q: for C %v, to C %v", tt.body, a.ForC, a.ToC)
		}
	}
}

// What one is asked for proof of.
func TestAsked(t *testing.T) {
	for subject, want := range map[string]proof.Asked{
		"klacht " + jans.Number: proof.Note, "#help": proof.Reading, "#status #overzicht " + jans.Number: proof.Reading,
		"#status #neem " + jans.Number: proof.Command, "#registreer Karel": proof.Register, "#nem " + jans.Number: proof.Command,
		"#registreer Karel " + jans.Number: proof.Command, "#ja ABCD EFGH": proof.Confirm, "FW: #ingetrokken": proof.Note,
	} {
		if a := ask(t, from(subject, "Tekst."), busy()); a.Asked != want {
			t.Errorf("%s: %d, want %d", subject, a.Asked, want)
		}
	}
}

// An error of looking up a code or a challenge is handed on.
func TestProofFails(t *testing.T) {
	down := errors.New("down")
	for name, change := range map[string]func(*Proof){
		"ByCode": func(p *Proof) {
			p.ByCode = func(proof.Hash) (Sent, string, bool, error) { return Sent{}, "", false, down }
		},
		"Executed": func(p *Proof) { p.Executed = func(string) (bool, error) { return false, down } },
		"Counts":   func(p *Proof) { p.Counts = func(string) (int, int, error) { return 0, 0, down } },
		"Challenges": func(p *Proof) {
			p.Challenges = func(string) ([]proof.Challenge, error) { return nil, down }
		},
	} {
		k := busy()
		change(&k.Proof)
		if _, err := Classify(from("#ja ABCDEFGH", "Code: 0123456789ABCDEFGHJKMNPQRS"), k); !errors.Is(err, down) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Roles are written as letters remember them: a change of any ends the tokens.
func TestRoles(t *testing.T) {
	got := Roles(complaint.Person{Roles: []complaint.Role{complaint.Binnendienst, complaint.Trainer}, Deputy: true})
	if words := strings.Fields(got); !slices.Equal(words, []string{"binnendienst", "trainer", "deputy"}) {
		t.Errorf("got %q", got)
	}
}
