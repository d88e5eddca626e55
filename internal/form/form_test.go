package form

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParse(t *testing.T) {
	for _, tt := range []struct{ name, text, want, rest string }{
		{"nothing", "", "", ""},
		{"no form", "Ik heb een klacht.\nHij kwam te laat.", "", "Ik heb een klacht.\nHij kwam te laat."},
		{"the five questions",
			"Hierbij mijn antwoorden.\n\nCursus of trainer: Excel, Tess\nWanneer: 3 november\nWat zou helpen: een nieuwe datum\n" +
				"Telefoon en goed moment: 06-12345678, na 17 uur\nMag de medewerker uw naam weten: liever niet",
			"cursus=Excel, Tess|datum voorval=3 november|gewenste oplossing=een nieuwe datum|gunstig moment=na 17 uur|naam delen met betrokkene=liever niet|telefoon=06-12345678",
			"Hierbij mijn antwoorden."},
		{"je", "Mag de medewerker je naam weten: ja", "naam delen met betrokkene=ja", ""},
		{"a question mark", "Wat zou je helpen?\nExcuses", "gewenste oplossing=Excuses", ""},
		{"quoted", "> Cursus of trainer: Excel\n> Wanneer:\n>> Wat zou helpen: x\n> \n> Met vriendelijke groet", "cursus=Excel|gewenste oplossing=x", "> Met vriendelijke groet"},
		{"answered between quoted lines", "> Cursus of trainer:\nExcel\n> Wanneer:\n\ngisteren\n\n> Wat zou helpen:\n> Telefoon en goed moment:\n> Mag de medewerker uw naam weten:\nja hoor\n",
			"cursus=Excel|datum voorval=gisteren|naam delen met betrokkene=ja hoor", ""},
		{"unanswered", "Cursus of trainer:\nWanneer:\n\nWat zou helpen: ...\nTelefoon en goed moment: -\nMag de medewerker uw naam weten: ja / nee\n\nMet vriendelijke groet, de binnendienst",
			"", "Met vriendelijke groet, de binnendienst"},
		{"a text under the quoted form", "> Mag de medewerker uw naam weten:\n\nIk was er niet blij mee.", "", "Ik was er niet blij mee."},
		{"any order, stars, bullets", "*Telefoon:* 020 123 45 67\n- Naam*: Jan Jansen\n**Cursus**: Excel\n1. Locatie : Utrecht\n• _E-mail:_ jan@example.nl",
			"cursus=Excel|e-mail=jan@example.nl|locatie=Utrecht|naam=Jan Jansen|telefoon=020 123 45 67", ""},
		{"case, accents, hints", "NAAM (verplicht): Jan\nUw Organisatie：Voorbeeld bv\nÓmschrijving: x", "naam=Jan|omschrijving=x|organisatie=Voorbeeld bv", ""},
		{"several lines", "Cursus: Excel\nvoor gevorderden\nLocatie: Utrecht\n\nGroeten van Jan", "cursus=Excel voor gevorderden|locatie=Utrecht", "Groeten van Jan"},
		{"paragraphs", "Omschrijving:\n\nEerst dit.\n\nToen dat.\n\nGewenste oplossing: geld\n\nMet vriendelijke groet,\nJan",
			"gewenste oplossing=geld|omschrijving=Eerst dit.\n\nToen dat.", "Met vriendelijke groet,\nJan"},
		{"empty lines between", "Cursus of trainer:\n\nExcel\n\nWanneer:\n\n3 november\n\nWat zou helpen:\n", "cursus=Excel|datum voorval=3 november", ""},
		{"in a sentence", "Ik vroeg naar de locatie: die was dicht.\nWanneer ik belde: niemand.", "", "Ik vroeg naar de locatie: die was dicht.\nWanneer ik belde: niemand."},
		{"discussed", "Eerder besproken met: Tess\nWanneer: 2 november\nResultaat: geen\nDatum voorval: 1 november", "datum voorval=1 november|eerder besproken met=Tess|resultaat=geen|wanneer=2 november", ""},
		{"twice", "Cursus: Word\n\n> Cursus: Excel\n> Locatie: Utrecht\n", "cursus=Word|locatie=Utrecht", "> Cursus: Excel"},
		{"two answers", "Cursus: Word\nLocatie: Utrecht\nCursus: Excel", "cursus=Word|locatie=Utrecht", "Cursus: Excel"},
		{"the less quoted counts", "> Cursus: Excel\nCursus: Word", "cursus=Word", ""},
		{"a signature", "Cursus: Excel\n\nMet vriendelijke groet,\nJan\nTelefoon: 020 123 45 67\nLocatie: Utrecht", "cursus=Excel", "Met vriendelijke groet,\nJan\nTelefoon: 020 123 45 67\nLocatie: Utrecht"},
		{"answers below a signature", "Zie onder.\nGroet, Jan\n\nCursus of trainer: Excel\nTelefoon: 020 123 45 67", "cursus=Excel|telefoon=020 123 45 67", "Zie onder.\nGroet, Jan"},
		{"history", "Omschrijving: te laat\n\nVan: Klachten <klachten@example.nl>\nVerzonden: maandag", "omschrijving=te laat", "Van: Klachten <klachten@example.nl>\nVerzonden: maandag"},
		{"a deeper quote", "Omschrijving: te laat\n> oude tekst", "omschrijving=te laat", "> oude tekst"},
		{"another form's label", "Cursus: Excel\nLeeftijd: 40", "cursus=Excel", "Leeftijd: 40"},
		{"English", "Course or trainer: Excel\nWhen: Monday\nWhat would help: a refund\nTelephone and a good moment: 020 1234567\nMay the employee know your name: yes",
			"cursus=Excel|datum voorval=Monday|gewenste oplossing=a refund|naam delen met betrokkene=yes|telefoon=020 1234567", ""},
		{"never asked", "Geboortedatum: 1-1-1980\nBSN: 123456782", "", "Geboortedatum: 1-1-1980\nBSN: 123456782"},
	} {
		for _, text := range []string{tt.text, strings.ReplaceAll(tt.text, "\n", "\r\n")} {
			fields, rest := Parse(text)
			if got := show(fields); got != tt.want || rest != tt.rest {
				t.Errorf("%s: %q rest %q,\nwant %q rest %q", tt.name, got, rest, tt.want, tt.rest)
			}
		}
	}
}

func show(f Fields) string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(f)) {
		out = append(out, key+"="+f[key])
	}
	return strings.Join(out, "|")
}

// Each label of procedure.md 7 is read under its own name, and is a field of the
// internal form.
func TestLabelsOfTheProcedure(t *testing.T) {
	labels := strings.Split(`naam,e-mail,telefoon,gunstig moment,organisatie,cursus,locatie,startdatum,betrokken medewerker,datum voorval,omschrijving,`+
		`eerder besproken met,wanneer,resultaat,gewenste oplossing,antwoord per,naam delen met betrokkene,spoed en waarom`, ",")
	var text strings.Builder
	for _, l := range labels {
		text.WriteString(strings.ToUpper(l[:1]) + l[1:] + ": ja " + l + "\n")
	}
	fields, rest := Parse(text.String())
	if rest != "" || len(fields) != len(labels) {
		t.Errorf("%d fields of %d, rest %q", len(fields), len(labels), rest)
	}
	for _, l := range labels {
		if fields[l] != "ja "+l {
			t.Errorf("%s: %q", l, fields[l])
		}
		if !slices.ContainsFunc(Internal(), func(d Field) bool { return d.Key == l && d.Section == "B" }) {
			t.Errorf("%s is not in section B", l)
		}
	}
}

// No way to write a label belongs to two fields.
func TestLabelsAreOfOneField(t *testing.T) {
	owner := map[string]string{}
	for _, e := range external {
		for written := range strings.SplitSeq(e.key+";"+e.also, ";") {
			folded := foldLabel(written)
			if other, ok := owner[folded]; ok && other != e.key {
				t.Errorf("%q is of %s and of %s", written, other, e.key)
			}
			if folded == "" || folded != written && written != e.key {
				t.Errorf("%q is never met: it folds to %q", written, folded)
			}
			owner[folded] = e.key
		}
	}
}

func TestPhone(t *testing.T) {
	for _, tt := range []struct{ value, phone, moment string }{
		{"06-12345678", "06-12345678", ""},
		{"06 12 34 56 78 na 17 uur", "06 12 34 56 78", "na 17 uur"},
		{"06-12345678 17-18 uur", "06-12345678", "17-18 uur"},
		{"+31 6 12345678, 9 tot 12", "+31 6 12345678", "9 tot 12"},
		{"(020) 123 45 67; avond", "(020) 123 45 67", "avond"},
		{"na zessen op 020-1234567", "020-1234567", "na zessen op"},
		{"liever mailen", "", "liever mailen"},
		{"01-12-2026 om 09:30", "", "01-12-2026 om 09:30"},
		{"+44 20 7946 0000 (evenings)", "+44 20 7946 0000", "(evenings)"},
	} {
		f := Fields{phoneAndMoment: tt.value}
		splitPhone(f)
		if f[Phone] != tt.phone || f[GoodMoment] != tt.moment || f[phoneAndMoment] != "" {
			t.Errorf("%q: %v", tt.value, f)
		}
	}
}

func TestAnswerOf(t *testing.T) {
	for value, want := range map[string]Answer{
		"ja": Yes, "Ja!": Yes, "ja hoor": Yes, "Ja, dat mag wel": Yes, "prima": Yes, "yes": Yes, "dat mag": Yes, "geen bezwaar": Yes, "no problem": Yes,
		"nee": No, "Nee, liever niet": No, "liever niet": No, "no": No, "rather not": No, "nee dank je": No, "anoniem": No, "Nee, ik blijf anoniem": No,
		"": Unclear, "ja, maar niet aan Tess": Unclear, "ja mits": Unclear, "weet ik niet": Unclear, "ja / nee": Unclear, "mag niet": Unclear,
		"nee, wel aan Bas": Unclear, "januari": Unclear, "misschien": Unclear, "geen idee": Unclear,
	} {
		if got := AnswerOf(value); got != want {
			t.Errorf("%q: %d, want %d", value, got, want)
		}
	}
	fields, _ := Parse("> Mag de medewerker uw naam weten: liever niet")
	if fields.SharesName() != No || (Fields{}).SharesName() != Unclear {
		t.Error("the name is given away")
	}
}

// security.md 10: any text is read, and no line of it vanishes but labels.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"Naam: Jan\nCursus: a\nb\n\nx\nOmschrijving: c\n\nd\n\nCursus: e\nCode: f", "Naam: Jan\n\n> Wanneer:\ngisteren\n", "> > Cursus of trainer:\r\n>\r\nExcel", "Omschrijving:\n\na\n\nb\nGroet,\nJan", "*Naam*: *\n:::?\n1. Telefoon en goed moment: (0",
		"Mag de medewerker uw naam weten: ja / nee\n\n\n>>>", "Naam：\xff\x00", strings.Repeat("> ", 300) + "Naam: x",
		"Categorie: Inhoud\nBericht aan de cursist: Beste\n> x",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		fields, rest := Parse(s)
		for key, value := range fields {
			if strings.TrimSpace(value) == "" || !utf8.ValidString(value) || key == phoneAndMoment {
				t.Fatalf("%q: %q = %q", s, key, value)
			}
		}
		checkNothingLost(t, s, fields, rest)
		if !strings.Contains(s, "\r") {
			if other, left := Parse(strings.ReplaceAll(s, "\n", "\r\n")); !maps.Equal(other, fields) || left != rest {
				t.Fatalf("LF %q %q\nCRLF %q %q", fields, rest, other, left)
			}
		}
		ParseRegistration(s, s)
		c := ParseClosing(s)
		if !c.Form && c.Letter != strings.TrimSpace(s) || c.Form && !strings.HasSuffix(strings.TrimSpace(s), c.Letter) {
			t.Fatalf("%q: letter %q", s, c.Letter)
		}
		AnswerOf(s)
	})
}

// checkNothingLost says that each unquoted line without a label is in a value or
// in what is left. Plain text alone, without what is cleaned from values.
func checkNothingLost(t *testing.T, s string, fields Fields, rest string) {
	plain := strings.IndexFunc(s, func(r rune) bool { return r != '\n' && (r < ' ' || r > '~') || r == '>' }) < 0
	low := strings.ToLower(s)
	if !plain || strings.Contains(low, "ja") || strings.Contains(low, "yes") || strings.Contains(low, "mail") || strings.Contains(low, "hone") || strings.Contains(low, "elefoon") {
		return
	}
	all := rest
	for _, value := range fields {
		all += "\n" + value
	}
	for l := range strings.Lines(s) {
		l = strings.TrimSpace(l)
		if _, _, ok := labelAt(l, externalLabels); !ok && foldLabel(l) != "" && !strings.Contains(all, l) {
			t.Fatalf("%q: %q is lost; %v rest %q", s, l, fields, rest)
		}
	}
}
