package desk_test

import (
	"bytes"
	"html"
	"io/fs"
	"net/textproto"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/command"
	"klachtd/internal/complaint"
	"klachtd/internal/play"
)

// A pressed is the mail that a button opens.
type pressed struct{ subject, body string }

func (s *siege) buttons(l play.Letter) (list []pressed) {
	s.t.Helper()
	page := strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(string(l.Raw))
	for _, m := range pressable.FindAllStringSubmatch(page, -1) {
		v, err := url.ParseQuery(strings.ReplaceAll(html.UnescapeString(m[1]), "+", "%2B"))
		if err != nil {
			s.t.Fatal(err)
		}
		list = append(list, pressed{v.Get("subject"), v.Get("body")})
	}
	return list
}

var ourFields = []string{"Date", "From", "To", "Subject", "Message-Id", "In-Reply-To", "References", "Mime-Version", "Auto-Submitted",
	"X-Auto-Response-Suppress", "Content-Type", "Content-Transfer-Encoding"}

// sound looks at a mail of ours: its header is ours alone, each button is one
// command with its code on one line.
func (s *siege) sound(l play.Letter) {
	s.t.Helper()
	head, _, _ := bytes.Cut(l.Raw, []byte("\r\n\r\n"))
	for row := range strings.SplitSeq(string(head), "\r\n") {
		name, _, found := strings.Cut(row, ":")
		if !strings.HasPrefix(row, " ") && (!found || !slices.Contains(ourFields, textproto.CanonicalMIMEHeaderKey(name))) {
			s.t.Errorf("%s: header line %q", l.Subject, row)
		}
		if len(row) > 998 || strings.ContainsAny(row, "\r\n\x00") {
			s.t.Errorf("%s: header line of %d bytes", l.Subject, len(row))
		}
	}
	if strings.Contains(l.Subject, "#") {
		s.t.Errorf("subject %q", l.Subject)
	}
	for _, b := range s.buttons(l) {
		line := command.Parse(command.Typed(b.subject, "", false))
		if len(line.Commands) != 1 || line.Commands[0].Word == "" || line.Loose != "" || strings.ContainsAny(b.subject, "\r\n") {
			s.t.Errorf("%s: a button with subject %q: %+v", l.Subject, b.subject, line)
		}
		if n := strings.Count(strings.ToLower(b.body), "code:"); n > 1 || n == 0 && !strings.HasPrefix(b.subject, "#ja ") {
			s.t.Errorf("%s: %d codes in %q", l.Subject, n, b.body)
		}
	}
}

// security.md 3, 21: CR, LF, NUL and commands in whatever a stranger fills in
// never become a header, a subject, or a button that does something else.
func TestValues(t *testing.T) {
	s := besiege(t, false)
	wild := []string{`"Jan #geenklacht vraag"`, `"Jan\" <mal@kwaad.example>, \"x"`, "=?utf-8?Q?Jan=0D=0ABcc:_mal@kwaad.example?=", "=?utf-8?Q?Jan=00=0D?=", "=?utf-8?Q?Jan=0A=0ACode:_ABCDEFGHJKMNPQRSTVWXYZ0123?=",
		`"[K2026-482931] FW: #neem"`, "=?utf-8?Q?=EF=BC=83neem?=", `"jan@elders.example"`, "=?utf-8?Q?" + strings.Repeat("=F0=9F=98=80", 200) + "?=", `"x%0D%0ABcc: mal@kwaad.example&subject=#neem&body=x"`, `"intern"`, `"Tess Trainer"`}
	for i, name := range wild {
		s.now = s.now.Add(3 * time.Hour)
		s.mail("From: "+name+" <"+jan+">\nSubject: "+strings.Trim(name, `"`)+"\nCc: "+name+" <piet@elders.example>", "Naam: "+name+"\nTelefoon: #neem\nHet was koud.")
		number := s.cases()[len(s.cases())-1].Number
		s.mail("From: "+name+" <"+jan+">\nSubject: Re: ["+number+"] "+strings.Trim(name, `"`), "En nog iets.")
		s.mail("From: "+name+" <"+bas+">\nSubject: Doorst: klacht "+strings.Trim(name, `"`),
			"Zie onder.\n\n-----Oorspronkelijk bericht-----\nVan: "+strings.Trim(name, `"`)+" <jan"+strings.Repeat("x", i)+"@voorbeeld.example>\nVerzonden: maandag 2 november 2026 9:00\nAan: Bas\nOnderwerp: "+name+"\n\nHet was koud.")
		for _, code := range challenges(s.mail("From: <"+bas+">\nSubject: #registreer "+strings.NewReplacer(`"`, "", "#", "", "FW:", "").Replace(name)+" <jan@voorbeeld.example>", "Omschrijving: x\nNaam: "+name)) {
			s.mail("From: <"+bas+">\nSubject: #ja "+code, "")
		}
	}
	if err := s.Clock(s.now.AddDate(0, 0, 40)); err != nil {
		t.Fatal(err)
	}
	s.left()
	for _, l := range s.all {
		s.sound(l)
		if l.To == mal || strings.HasSuffix(l.To, "@elders.example") {
			t.Errorf("to %s: %s", l.To, l.Subject)
		}
	}
	if len(s.all) < 5*len(wild) {
		t.Errorf("%d mails", len(s.all))
	}
}

// security.md, K: tokens end with closing, also when the case comes back.
func TestReopenedToken(t *testing.T) {
	s := besiege(t, true)
	number := s.complain("Klacht", "Het lokaal was koud.")
	notice := s.last(bas)
	subject, body := s.button(notice, "#neem")
	s.mail(answer(bea, s.last(bea), "#geenklacht vraag"), "")
	s.now = s.now.Add(time.Hour)
	s.mail(answer(bea, s.last(bea), "#heropen"), "Toch wel.")
	if c := s.one(number); !c.Open() {
		t.Fatalf("%+v", c)
	}
	s.mail("From: <"+bas+">\nSubject: "+subject, body)
	s.mail(answer(bas, notice, "#neem"), "")
	if h := s.one(number).Handler; h != "" {
		t.Errorf("a token from before closing holds: %s", h)
	}
}

var (
	buttonCode = regexp.MustCompile(`Code: ([0-9A-Z]{26})`)
)

// security.md 26, K: no code, no text, no name and no address can be read in any
// file of the state directory.
func TestNothingReadable(t *testing.T) {
	root := filepath.Dir(t.TempDir())
	s := besiege(t, false)
	number := s.complain("KANARIEONDERWERP", "KANARIETEKST van de cursist.")
	subject, body := s.button(s.last(bas), "#antwoord")
	s.mail("From: <"+bas+">\nSubject: "+subject, "KANARIEBRIEF\n\n"+body)
	s.mail("From: <"+bas+">\nSubject: #registreer Mal <mal@kwaad.example>", "KANARIEREGISTRATIE")
	s.mail("From: <"+tess+">\nSubject: KANARIEKEUS", "KANARIEKEUZE")
	for _, code := range challenges(s.all) {
		s.mail("From: <"+bas+">\nSubject: #ja "+code, "")
	}
	secrets := []string{"KANARIE", jan, bas, tess, "mal@kwaad.example", "Jansen"}
	for _, l := range s.all {
		secrets = append(append(secrets, challenges([]play.Letter{l})...), l.MessageID)
		for _, b := range s.buttons(l) {
			if m := buttonCode.FindStringSubmatch(b.body); m != nil {
				secrets = append(secrets, m[1])
			}
		}
	}
	if len(secrets) < 20 || s.one(number).Outbound == nil {
		t.Fatalf("%d secrets", len(secrets))
	}
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		for _, w := range secrets {
			if bytes.Contains(bytes.ToUpper(raw), bytes.ToUpper([]byte(w))) {
				t.Errorf("%q in %s", w, filepath.Base(path))
			}
		}
		return nil
	})
	if err != nil || files < 2 {
		t.Fatal(files, err)
	}
}

// An employee whose own address is C's of another case, and one who is concerned
// there, do nothing by way of a thread of that case.
func TestCrossedThreads(t *testing.T) {
	s := besiege(t, true)
	first := s.complain("Eerste", "Over Tess.")
	s.mail(answer(bas, s.last(bas), "#betreft Tess Trainer"), "")
	copied := s.last(tess)
	second := s.complain("Tweede", "Over iets anders.")
	for _, typed := range []string{"#antwoord", "#status", "#ingetrokken"} {
		s.now = s.now.Add(2 * time.Hour)
		head := answer(tess, copied, typed)
		only(t, typed, s.mail(strings.Replace(head, first, second, 1), "Tekst."), tess, bas, bea) // a note on hers
		only(t, typed, s.mail("From: <"+tess+">\nReferences: <"+copied.MessageID+">\nSubject: "+typed+" ["+second+"]", "Tekst."), tess)
	}
	for _, number := range []string{first, second} {
		if c := s.one(number); len(c.Outbound) > 0 || c.State == complaint.Closed {
			t.Errorf("%+v", c)
		}
	}
}
