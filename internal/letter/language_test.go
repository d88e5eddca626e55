package letter

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"klachtd/internal/complaint"
	"klachtd/internal/form"
	"klachtd/templates"
)

// A bound sample is one with the book that words it.
type bound struct {
	sample
	book *Book
}

// everyLetter is each sample in each language.
func everyLetter(t testing.TB) []bound {
	t.Helper()
	var list []bound
	for _, in := range languages {
		b := newBookIn(t, academy(true), in)
		for _, s := range sampleLettersIn(in) {
			list = append(list, bound{s, b})
		}
	}
	return list
}

var (
	actions = regexp.MustCompile(`\{\{.*?\}\}`)
	quoted  = regexp.MustCompile(`"[^"]*"`)
)

// Every mail is there in every language, knows the same words of the rules, and
// asks for the same fields.
func TestSameMailsInEveryLanguage(t *testing.T) {
	said := func(in Language, name string) string {
		src, err := fs.ReadFile(templates.Files, path.Join(string(in), name))
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, a := range actions.FindAllString(string(src), -1) {
			list = append(list, quoted.FindAllString(a, -1)...)
		}
		slices.Sort(list)
		return strings.Join(slices.Compact(list), " ")
	}
	for _, in := range languages {
		for _, other := range languages {
			entries, err := fs.ReadDir(templates.Files, string(in))
			if err != nil || len(entries) != len(kinds)+1 {
				t.Fatalf("%s: %d files for %d mails and what they share: %v", in, len(entries), len(kinds), err)
			}
			for _, e := range entries {
				if got, want := said(other, e.Name()), said(in, e.Name()); got != want {
					t.Errorf("%s/%s\n%s\n%s/%s\n%s", in, e.Name(), want, other, e.Name(), got)
				}
			}
		}
	}
}

// No word of one language comes into the mails of another: of dates, of commands,
// of what is masked, of the page itself.
func TestOneLanguageInAMail(t *testing.T) {
	foreign := map[Language]*regexp.Regexp{
		English: regexp.MustCompile(`\d (november|december|januari|mei) |(?i)\b(maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)\b|uiterlijk|` +
			`\d om \d|\d,\d MB|#(neem|wijs|antwoord|gesproken|categorie|oorzaak|ernst|betreft|overleg|reactie|uitstel|oordeel|afgehandeld|akkoord|terug|` +
			`heropen|geenklacht|ingetrokken|wacht|registreer|ja|overzicht)\b|telefoonnummer|mailadres|cursist|lang="nl"|\b(je|jij|jouw|uw|het|een|niet|wordt)\b`),
		Dutch: regexp.MustCompile(`(?i)\b(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b|\d:\d\d|\d\.\d MB|` +
			`#(take|assign|reply|spoke|category|cause|severity|about|consult|response|extend|finding|close|approve|return|reopen|notacomplaint|withdrawn|wait|register|yes|list)\b|` +
			`telephone number|lang="en"|\b(the|your|student)\b`),
	}
	for _, s := range everyLetter(t) {
		if strings.HasSuffix(s.name, "-hostile") {
			continue
		}
		o := open(t, write(t, s.book, s.sample))
		for _, part := range []string{o.header.Get("Subject"), o.text, o.html} {
			part = strings.ReplaceAll(part, "by Monday 30 November 2026", "") // the one English line of the Dutch acknowledgement
			part = strings.ReplaceAll(part, "In English: we have received your complaint.", "")
			part = strings.ReplaceAll(part, "€ 50, die u terugkrijgt als u gelijk krijgt", "") // of the configuration
			for _, hit := range foreign[s.book.language].FindAllString(part, -1) {
				t.Errorf("%s %s: %q", s.book.language, s.name, hit)
			}
		}
	}
}

// The lines that a button's mail has, and the questions to the complainant, are
// read by who reads them, in either language.
func TestLabelsAreRead(t *testing.T) {
	b := newBook(t, false)
	for _, in := range languages {
		l := tongues[in].labels
		body := l.category + " x\n" + l.finding + " x\n" + strings.Join(l.closing[:len(l.closing)-1], " x\n") + " x\n" + l.closing[len(l.closing)-1] + "\nDag"
		if c := form.ParseClosing(body); !c.Form || len(c.Fields) != len(l.closing)+1 || c.Letter != "Dag" || c.Stray != "" {
			t.Errorf("%s: %+v", in, c)
		}
		body = strings.Join(slices.Concat(l.person, l.registration, []string{l.description}), " 1\n") + " 1\n"
		if r := form.ParseRegistration("", body); len(r.Fields)+2 < len(l.person)+len(l.registration)+1 || r.Name == "" || r.Email == "" {
			t.Errorf("%s: %+v", in, r)
		}
		p, _, err := b.editions[in].fill(complaint.Letter{Kind: complaint.LetterAcknowledgement, To: jan}, openCase(), Original{}, Envelope{})
		if err != nil {
			t.Fatal(err)
		}
		var answers strings.Builder
		n := 0
		for _, k := range p.blocks {
			if k.kind == question {
				n++
				answers.WriteString(unmark(k.text) + " 020 123 45 67, x\n")
			}
		}
		if fields, stray := form.Parse(answers.String()); n != 5 || len(fields) != 6 || stray != "" { // telephone and moment are two
			t.Errorf("%s: %d questions, %v, %q", in, n, fields, stray)
		}
	}
}

// An academy writes in the language that it chose; another is an error. Its own
// files of either language are read, and a mistake in either is found.
func TestLanguages(t *testing.T) {
	own := fstest.MapFS{"en/alarm.txt": {Data: []byte("Subject: Look\n\nCome and look.\n")}}
	for _, in := range []Language{"", Dutch, English} {
		a := academy(false)
		a.Language = in
		b, err := New(own, a)
		if err != nil {
			t.Fatal(err)
		}
		list := sampleLettersIn(b.language)
		o := open(t, write(t, b, list[slices.IndexFunc(list, func(s sample) bool { return s.name == "alarm" })]))
		if got := o.header.Get("Subject") == "Look"; got != (in == English) {
			t.Errorf("%q: %s", in, o.header.Get("Subject"))
		}
		for _, bad := range []string{"en/alarm.txt", "nl/alarm.txt", "en/shared.txt"} {
			if _, err := New(fstest.MapFS{bad: {Data: []byte("Subject: x\n\n{{define \"facts\"}}{{.Nothing}}{{end}}{{.Nothing}}")}}, a); err == nil || !strings.HasPrefix(err.Error(), bad+":") {
				t.Errorf("%q, %s: %v", in, bad, err)
			}
		}
	}
	a := academy(false)
	a.Language = "de"
	if _, err := New(nil, a); err == nil {
		t.Error("a language without mails was taken")
	}
}

// A subject is read whole in a list of mails, in either form of address.
func TestSubjectsAreShort(t *testing.T) {
	const most = 70 // characters, the number with them
	for _, s := range everyLetter(t) {
		subject := open(t, write(t, s.book, s.sample)).header.Get("Subject")
		if n := utf8.RuneCountInString(subject); n == 0 || n > most {
			t.Errorf("%s %s: %d characters: %s", s.book.language, s.name, n, subject)
		}
	}
}
