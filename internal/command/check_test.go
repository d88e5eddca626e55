package command

import (
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		typed string
		body  bool
		kind  Kind
		words string
	}{
		{"", true, "", ""},
		{"#neem", false, "", ""},
		{"#status #overzicht #help wat kan ik", false, "", ""},
		{"#categorie Inhoud #oorzaak planning #ernst laag #oordeel deels gegrond", true, "", ""},
		{"#categorie Inhoud #oordeel gegrond #afgehandeld", true, "", ""},
		{"#betreft Tess #antwoord", true, "", ""},
		{"#betreft Tess #betreft Tom", false, "", ""},
		{"#ooa uitspraak 1-12-2026", false, "", ""},
		{"#geenklacht dubbel K2026-482931", false, "", ""},
		{"#registreer intern #ernst ernstig #betreft Tess", true, "", ""},
		{"#registreer", true, "", ""},
		{"#bewaren uit", false, "", ""},
		{"#maatregel", false, "", ""},
		{"#stop", false, "", ""},

		{"#xyzzy #akkoord #terug", true, Unknown, "xyzzy"},
		{"#neem Bas #neem Tess", false, Twice, "neem neem"},
		{"#betreft Tess #betreft tess", false, Twice, "betreft betreft"},
		{"#approve #terug", true, Contradiction, "approve terug"},
		{"#neem #wijs Bas", false, Contradiction, "neem wijs"},
		{"#afgehandeld #geenklacht vraag", true, Contradiction, "afgehandeld geenklacht"},
		{"#ingetrokken #geenklacht vraag", true, Contradiction, "ingetrokken geenklacht"},
		{"#heropen #afgehandeld", true, Contradiction, "heropen afgehandeld"},
		{"#registreer #antwoord", true, Contradiction, "registreer antwoord"},
		{"#ja AB12 #neem", false, Alone, "ja"},
		{"#neem #ongedaan", false, Alone, "ongedaan"},
		{"#antwoord #overleg", true, TwoBodies, "antwoord overleg"},
		{"#uitstel +14d #antwoord", true, TwoBodies, "uitstel antwoord"},
		{"#gesproken #betreft Tess", true, TwoBodies, "gesproken betreft"},
		{"#gesproken #betreft Tess", false, "", ""},
		{"#antwoord", false, NoBody, "antwoord"},
		{"#bewaren 1-12", false, NoBody, "bewaren"},
		{"#maatregel geen", false, NoBody, "maatregel"},
		{"#wijs", false, NoValue, "wijs"},
		{"#ernst", false, NoValue, "ernst"},
		{"#antwoord Beste Jan", true, NeedlessValue, "antwoord"},
		{"#ernst ernstg", false, NotAnOption, "ernst"},
		{"#geenklacht omdat", false, NotAnOption, "geenklacht"},
		{"[K2026-482931] #registreer", true, NoNumber, "registreer"},
	} {
		p := Parse(tt.typed).Check(tt.body)
		if p.Kind != tt.kind || strings.Join(p.Words, " ") != tt.words {
			t.Errorf("%q: %+v, want %s %s", tt.typed, p, tt.kind, tt.words)
		}
	}
}

func TestCheckSuggests(t *testing.T) {
	for typed, want := range map[string]string{
		"#ernst ernstg":       "ernstig",
		"#ernst":              "laag normaal ernstig",
		"#severity":           "low normal severe",
		"#severity sever":     "severe",
		"#oordeel gegrnd":     "gegrond ongegrond",
		"#ooa uitsprak 1-12":  "uitspraak",
		"#geenklacht zomaar":  "",
		"#taal duits":         "",
		"#geenklacht complim": "compliment",
	} {
		if got := strings.Join(Parse(typed).Check(false).Near, " "); got != want {
			t.Errorf("%q: near %q, want %q", typed, got, want)
		}
	}
}

// Any two commands that each need the text are refused together (procedure.md 3).
func TestEachNeedsTheBody(t *testing.T) {
	named := map[Word]bool{}
	for _, a := range rules {
		for _, b := range rules {
			if a.Body != NeedsBody || b.Body != NeedsBody || a.Word == b.Word {
				continue
			}
			named[a.Word] = true
			l := Line{Commands: []Command{give(a), give(b)}}
			if k := l.Check(true).Kind; k != TwoBodies && k != Contradiction {
				t.Errorf("%s: %q", l, k)
			}
		}
	}
	for _, w := range []Word{Reply, Consult, Response, Extend, Close, Return, Reopen, Register} {
		if !named[w] {
			t.Errorf("%s needs no body", w)
		}
	}
}

// give is a command with a value that is right for it.
func give(r Rule) Command {
	value := ""
	if r.Must {
		value = "x"
	}
	if r.Must && len(r.Options) > 0 {
		value = r.Options[0].Dutch
	}
	if r.Word == Hold {
		value = "1-12"
	}
	return New(r.Word, value, false)
}

func TestTakesBody(t *testing.T) {
	for typed, want := range map[string]string{
		"#ernst laag #oordeel deels":              "yy",
		"#oordeel deels #afgehandeld":             "ny",
		"#betreft Tess #antwoord #ernst laag":     "nyn",
		"#ernst laag #gesproken":                  "ny",
		"#neem #ernst laag":                       "ny",
		"#neem #status":                           "nn",
		"#bewaren uit #ernst laag #categorie Les": "ynn",
	} {
		l := Parse(typed)
		got := ""
		for i := range l.Commands {
			got += map[bool]string{true: "y", false: "n"}[l.TakesBody(i)]
		}
		if got != want {
			t.Errorf("%q: %s, want %s", typed, got, want)
		}
	}
}

func TestPick(t *testing.T) {
	categories := []string{"Inhoud", "Trainer", "Organisatie", "Communicatie", "Locatie", "Facturatie", "Certificering", "Overig"}
	for _, tt := range []struct{ value, exact, near string }{
		{"inhoud", "Inhoud", ""},
		{"INHOUD.", "Inhoud", ""},
		{"commùnicatie", "Communicatie", ""},
		{"inhuod", "", "Inhoud"},
		{"comm", "", "Communicatie"}, // suggested, never guessed
		{"locatie", "Locatie", ""},   // though near to another
		{"lokatie", "", "Locatie"},   //
		{"faktuur", "", ""},          //
		{"", "", ""},                 //
		{"trainer slecht", "", "Trainer"},
	} {
		exact, near, ok := Pick(tt.value, categories)
		if exact != tt.exact || strings.Join(near, " ") != tt.near || ok != (tt.exact != "") {
			t.Errorf("%q: %q %q %v", tt.value, exact, near, ok)
		}
	}
}

func TestPickOption(t *testing.T) {
	for value, want := range map[string]string{
		"Ernstig": "severe", "severe": "severe", "laag": "low", "hoog": "", "n": "",
	} {
		if o, _, ok := PickOption(value, Severities); o.Code != want || ok != (want != "") {
			t.Errorf("%q: %+v", value, o)
		}
	}
	for value, want := range map[string]string{"n.v.t.": "not_applicable", "N.A.": "not_applicable", "deels gegrond": "partly", "Niet gegrond": "unfounded"} {
		if o, _, _ := PickOption(value, Findings); o.Code != want {
			t.Errorf("%q: %+v", value, o)
		}
	}
	o, rest, _, ok := CutOption("niet gegrond omdat", Findings)
	if o.Code != "unfounded" || rest != "omdat" || !ok {
		t.Errorf("%+v %q", o, rest)
	}
}

func TestPickPerson(t *testing.T) {
	people := []Named{
		{Name: "Dewi de Boer", Email: "directeur@example.nl"},
		{Name: "Bas Bakker", Email: "bas@example.nl", Also: []string{"b.bakker@example.com"}},
		{Name: "Bas van den Berg", Email: "basvdb@example.nl"},
		{Name: "Tess Trainer", Email: "tess@example.nl"},
		{Name: "José Núñez", Email: "jose@example.nl"},
		{Name: "Balie", Email: "balie@example.nl"},
	}
	for _, tt := range []struct{ value, email, near string }{
		{"Dewi de Boer", "directeur@example.nl", ""},
		{"dewi", "directeur@example.nl", ""},
		{"de boer", "directeur@example.nl", ""},
		{"Boer", "directeur@example.nl", ""},
		{"D. de Boer", "directeur@example.nl", ""},
		{"d.boer", "directeur@example.nl", ""},
		{"TESS@example.nl", "tess@example.nl", ""},
		{"Tess Trainer <tess@example.nl>", "tess@example.nl", ""},
		{"Tess Trainer <directeur@example.nl>", "directeur@example.nl", ""}, // the address counts
		{"b.bakker@example.com", "bas@example.nl", ""},
		{"jose nunez", "jose@example.nl", ""},
		{"Balie", "balie@example.nl", ""},
		{"Bas", "", "bas@example.nl basvdb@example.nl"},
		{"van den Berg", "basvdb@example.nl", ""},
		{"den Berg", "basvdb@example.nl", ""},
		{"Tes", "", "tess@example.nl"},
		{"Bakkr", "", "bas@example.nl"},
		{"tess@example.com", "", "tess@example.nl"},
		{"Piet", "", ""},
		{"", "", ""},
	} {
		one, near, ok := PickPerson(tt.value, people)
		var emails []string
		for _, p := range near {
			emails = append(emails, p.Email)
		}
		if one.Email != tt.email || ok != (tt.email != "") || strings.Join(emails, " ") != tt.near {
			t.Errorf("%q: %q near %q", tt.value, one.Email, emails)
		}
	}
	people = append(people, Named{Name: "Tess Trainer", Email: "tess2@example.nl"})
	if _, near, ok := PickPerson("Tess Trainer", people); ok || len(near) != 2 {
		t.Errorf("two of one name: %v %v", near, ok)
	}
}

// Nothing but the exact word is ever a choice.
func FuzzPick(f *testing.F) {
	f.Add("ernstig")
	f.Add("ernst ig")
	f.Add("Inh\u00f6ud")
	f.Fuzz(func(t *testing.T, value string) {
		o, _, ok := PickOption(value, Severities)
		if ok && !sameWord(value, o.Dutch) && !sameWord(value, o.English) {
			t.Fatalf("%q is taken for %s", value, o.Code)
		}
		if _, near, ok := PickPerson(value, []Named{{Name: "Bas Bakker", Email: "bas@example.nl"}}); ok && len(near) > 0 {
			t.Fatalf("%q: found, and asked", value)
		}
	})
}
