package command

import (
	"reflect"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		typed, number, commands, loose string
		problem                        Kind
	}{
		{"", "", "", "", ""},
		{"#neem", "", "take=", "", ""},
		{"#Neem Bas Bakker", "", "take=Bas Bakker", "", ""},
		{"[K2026-482931] #oorzaak planning", "K2026-482931", "cause=planning", "", ""},
		{"#oorzaak K2026-482931 planning", "K2026-482931", "cause=planning", "", ""},
		{"#uitstel [K2026-482931] 5-1-2027 #oordeel deels", "K2026-482931", "extend=5-1-2027 finding=deels", "", ""},
		{"#oorzaak [K2026-482931]", "K2026-482931", "cause=", "", ""},
		{"#oorzaak planning K2026-482931 planning", "K2026-482931", "cause=planning", "planning", ""},
		{"#betreft [K2026-482931] Nieuwe klacht", "K2026-482931", "about=", "Nieuwe klacht", ""}, // any words would do
		{"#antwoord [K2026-482931] Nieuwe klacht", "K2026-482931", "reply=", "Nieuwe klacht", ""},
		{"#trots K2026-482931 planning", "K2026-482931", "?trots=", "planning", Unknown},
		{"#ja K2026-482931 AB12CD34", "K2026-482931", "yes=AB12CD34", "", ""},
		{"#geenklacht K2026-111111 dubbel K2026-482931", "K2026-111111", "notacomplaint=dubbel K2026-482931", "", ""},
		{"#oorzaak planning [k2026-482931]", "K2026-482931", "cause=planning", "", ""},
		{"k2026-4829310 #status", "K2026-4829310", "status=", "", ""},
		{"[ K2026-482931 ]#neem", "K2026-482931", "take=", "", ""},
		{"[K2026-482931] Nieuwe klacht #neem", "K2026-482931", "take=", "Nieuwe klacht", ""},
		{"#neem [K2026-482931] Nieuwe klacht", "K2026-482931", "take=", "Nieuwe klacht", ""},
		{"!Oorzaak: Planning", "", "cause=Planning", "", ""},
		{"＃oorzaak = “Planning”", "", "cause=Planning", "", ""},
		{"#️⃣neem", "", "take=", "", ""},
		{"#cat\u00e9gorie Inhoud", "", "category=Inhoud", "", ""},
		{"#categor\u0301ie Inhoud", "", "category=Inhoud", "", ""},
		{"#geen-klacht vraag", "", "notacomplaint=vraag", "", ""},
		{"#geen klacht vraag", "", "notacomplaint=vraag", "", ""},
		{"#not a complaint question", "", "notacomplaint=question", "", ""},
		{"# neem Bas", "", "take=Bas", "", ""},
		{"##neem Bas", "", "take=Bas", "", ""},
		{"#categorie Inhoud #oordeel gegrond, #afgehandeld", "", "category=Inhoud finding=gegrond close=", "", ""},
		{"#samenvoegen K2026-482931", "", "merge=K2026-482931", "", ""},
		{"[K2026-111111] #samenvoegen [K2026-482931]", "K2026-111111", "merge=K2026-482931", "", ""},
		{"#samenvoegen K2026-482931 [K2026-111111]", "K2026-111111", "merge=K2026-482931", "", ""},
		{"#geenklacht dubbel K2026-482931", "", "notacomplaint=dubbel K2026-482931", "", ""},
		{"#geenklacht spam [K2026-482931]", "K2026-482931", "notacomplaint=spam", "", ""},
		{"[K2026-111111] #neem K2026-482931", "K2026-111111", "take=", "", TwoNumbers},
		{"[K2026-111111] #neem [K2026-111111]", "K2026-111111", "take=", "", ""},
		{"#uitstel +14d", "", "extend=+14d", "", ""},
		{"#betreft O'Brien", "", "about=O'Brien", "", ""},
		{"#registreer \"jan@example.nl\"", "", "register=jan@example.nl", "", ""},
		{"#neem\nBas", "", "take=", "Bas", ""}, // a value does not run over what was taken out
		{"#1 en #2 en C# en a#neem", "", "", "#1 en #2 en C# en a#neem", ""},
		{"Goed zo! Bel even!neem", "", "", "Goed zo! Bel even!neem", ""},
		{"!belangrijk bericht", "", "", "!belangrijk bericht", ""},
		{"#belangrijk bericht", "", "?belangrijk=bericht", "", Unknown},
		{"#afgehandelt", "", "?afgehandelt=", "", Unknown},
		{"!afgehandelt", "", "?afgehandelt=", "", Unknown},
		{"#trots", "", "?trots=", "", Unknown},
		{"#n\u0435em", "", "?n\u0435em=", "", Unknown}, // a Cyrillic e
		{"tekst #neem [K2026-482931] tekst", "K2026-482931", "take=", "tekst tekst", Middle},
		{"#ja AB12CD34", "", "yes=AB12CD34", "", ""},
		{"#neem#status", "", "take= status=", "", ""},
		{"K2026-482931#neem", "K2026-482931", "take=", "", ""},
		{"#a #b", "", "?a= ?b=", "", Unknown},
		{"#neem #status #help #overzicht #ernst laag #taal nl", "", "take= status= help= list= severity=laag language=nl", "", TooMany},
		{"xK2026-482931 K2026-48293 K26-482931", "", "", "xK2026-482931 K2026-48293 K26-482931", ""},
	} {
		l := Parse(tt.typed)
		if got := show(l); got != tt.commands || l.Number != tt.number || l.Loose != tt.loose || l.Problem.Kind != tt.problem {
			t.Errorf("%q: %q number %q loose %q problem %q,\nwant %q %q %q %q", tt.typed,
				got, l.Number, l.Loose, l.Problem.Kind, tt.commands, tt.number, tt.loose, tt.problem)
		}
	}
}

// show writes commands as word=value; ?written for one that is unknown.
func show(l Line) string {
	var out []string
	for _, c := range l.Commands {
		w := string(c.Word)
		if w == "" {
			w = "?" + c.Written
		}
		out = append(out, w+"="+c.Value)
	}
	return strings.Join(out, " ")
}

// Every spelling of the table is found, in any case, and belongs to one command.
func TestWords(t *testing.T) {
	owner := map[string]Word{}
	for _, r := range rules {
		for _, s := range r.spellings() {
			if other, ok := owner[foldWord(s)]; ok && other != r.Word {
				t.Errorf("%s is of %s and of %s", s, other, r.Word)
			}
			owner[foldWord(s)] = r.Word
			for _, typed := range []string{"#" + s, "!" + strings.ToUpper(s), "＃" + s, "[K2026-482931] tekst #" + s} {
				if l := Parse(typed); len(l.Commands) != 1 || l.Commands[0].Word != r.Word {
					t.Errorf("%q: %+v, want %s", typed, l, r.Word)
				}
			}
		}
		if r.Word.Rule().Word != r.Word || string(r.Word) != r.English {
			t.Errorf("%s: its name is not its English word %s", r.Word, r.English)
		}
		for _, english := range []bool{false, true} {
			c := New(r.Word, "", english)
			if c.English() && !english || c.Written == "" {
				t.Errorf("New(%s, english %v) = %+v", r.Word, english, c)
			}
		}
	}
}

// procedure.md 3 names each word and its twin: the table has just these.
func TestWordsOfTheProcedure(t *testing.T) {
	dutch := strings.Fields(`help status overzicht neem wijs antwoord gesproken categorie oorzaak ernst betreft overleg reactie uitstel
		oordeel afgehandeld akkoord terug heropen samenvoegen splits geenklacht ingetrokken maatregel klaar effect ooa klager ontvangen taal
		wacht vrijstelling afwezig avg bewaren registreer ja stop ongedaan`)
	english := strings.Fields(`help status list take assign reply spoke category cause severity about consult response extend
		finding close approve return reopen merge split notacomplaint withdrawn action done effect external complainant received language
		wait waive away privacy hold register yes stop undo`)
	var gotDutch, gotEnglish []string
	for _, r := range rules {
		gotDutch, gotEnglish = append(gotDutch, r.Dutch), append(gotEnglish, r.English)
	}
	if !reflect.DeepEqual(gotDutch, dutch) || !reflect.DeepEqual(gotEnglish, english) {
		t.Errorf("the table has\n%v\n%v", gotDutch, gotEnglish)
	}
}

func TestSuggestions(t *testing.T) {
	for _, tt := range []struct{ typed, near, corrected string }{
		{"#afgehandelt", "afgehandeld", "#afgehandeld"},
		{"#oorzak planning", "oorzaak", "#oorzaak planning"},
		{"#oozraak planning #neem", "oorzaak", "#oorzaak planning #neem"}, // neighbours swapped
		{"#cat Inhoud", "categorie", "#categorie Inhoud"},
		{"#replly", "reply", "#reply"},
		{"[K2026-482931] #stauts", "status", "[K2026-482931] #status"},
		{"#n\u0435em Bas", "neem", "#neem Bas"}, // suggested, but never run
		{"#trots", "", ""},
		{"#xyzzy", "", ""},
		{"#" + strings.Repeat("afgehandeld", 50), "", ""},
	} {
		l := Parse(tt.typed)
		first := ""
		if len(l.Problem.Near) > 0 {
			first = l.Problem.Near[0]
		}
		fixed, ok := l.Corrected()
		if first != tt.near || ok != (tt.corrected != "") || fixed.String() != tt.corrected {
			t.Errorf("%q: near %q corrected %q", tt.typed, l.Problem.Near, fixed)
		}
		if ok && Parse(fixed.String()).Problem.Kind != "" {
			t.Errorf("%q: the correction %q is wrong too", tt.typed, fixed)
		}
	}
}

func TestFirstLine(t *testing.T) {
	for _, tt := range []struct{ body, want string }{
		{"#neem Bas\n\ntekst", "#neem Bas"},
		{"\r\n \r\n#ernst ernstig\r\n", "#ernst ernstig"},
		{"\ufeff!afgehandeld", "#afgehandeld"},
		{"> #neem", ""},
		{"Beste Bas\n#neem", ""},
		{"Beste Bas #neem", ""},
		{"#trots", ""},
		{"#1 in opleidingen", ""},
		{"", ""},
	} {
		c, ok := FirstLine(tt.body)
		if ok != (tt.want != "") || ok && c.String() != tt.want {
			t.Errorf("%q: %q %v, want %q", tt.body, c, ok, tt.want)
		}
	}
}

// A button's command comes back as it was made.
func TestButtons(t *testing.T) {
	l := Line{Number: "K2026-482931", Commands: []Command{
		New(Category, "Inhoud", false), New(Merge, "K2026-111111", false), New(Extend, "+14d", true),
		New(NotAComplaint, "dubbel K2026-111111", false), New(Close, "", false),
	}}
	const want = "[K2026-482931] #categorie Inhoud #samenvoegen K2026-111111 #extend +14d #geenklacht dubbel K2026-111111 #afgehandeld"
	if l.String() != want {
		t.Errorf("%s", l)
	}
	if got := Parse(Typed(want, "", false)); !reflect.DeepEqual(got, l) {
		t.Errorf("%+v\n%+v", got, l)
	}
}

// security.md 10.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"#neem Bas", "[K2026-482931] !Oorzaak: Planning", "#samenvoegen [K2026-1", "#geen klacht dubbel K2026-482931 K2026-482932", "a ## !b",
		"#wijs :!neem", "#wijs \"'x'\"", "# neem #️⃣ja", "#neem\n!ja x", "!geen #klacht", "#a-b_c'd", "\xff#\x00neem", "#ﬁ", "#wijs # neem", "#s#A00000000",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l := Parse(s)
		for _, c := range l.Commands {
			if r, ok := Find(c.Written); ok != (c.Word != "") || r.Word != c.Word {
				t.Fatalf("%q: %+v", s, c)
			}
		}
		l.Check(true)
		if l.Problem.Kind != "" && l.Problem.Kind != TooMany {
			return
		}
		again := Parse(l.String())
		l.Loose = ""
		if !reflect.DeepEqual(again, l) {
			t.Fatalf("%q\n%#v\n%q\n%#v", s, l, l.String(), again)
		}
		FirstLine(s)
	})
}
