package desk_test

import (
	"bytes"
	"fmt"
	"html"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/desk"
	"klachtd/internal/letter"
	"klachtd/internal/play"
	"klachtd/internal/store"
)

// The people of a siege. The attacker knows every address.
const (
	jan   = "jan@voorbeeld.example" // who complains
	mal   = "mal@kwaad.example"
	bas   = "bas@academie.example"
	alias = "b.bakker@academie.example"
	bea   = "bea@academie.example"
	dewi  = "directeur@academie.example"
	tess  = "tess@academie.example" // whom it is about
	tom   = "tom@academie.example"  // a trainer who has nothing to do with it
)

// A siege is a desk under attack, with everything that left it.
type siege struct {
	*world
	n   int
	all []play.Letter
	log bytes.Buffer
}

func besiege(t *testing.T, proven bool) *siege {
	s := &siege{world: &world{t: t, seen: map[int64]bool{}, refused: map[string]bool{}, proven: proven,
		now: time.Date(2026, 11, 2, 9, 0, 0, 0, amsterdam)}}
	staff := []complaint.Person{
		{Name: "Dewi de Boer", Address: dewi, Roles: []complaint.Role{complaint.Directeur}},
		{Name: "Bas Bakker", Address: bas, Aliases: []string{alias}, Roles: []complaint.Role{complaint.Binnendienst}},
		{Name: "Bea Bos", Address: bea, Roles: []complaint.Role{complaint.Binnendienst}},
		{Name: "Tess Trainer", Address: tess, Roles: []complaint.Role{complaint.Trainer}},
		{Name: "Tom Tuinman", Address: tom, Roles: []complaint.Role{complaint.Trainer}},
	}
	s.build(staff, desk.Limits{PerAddress: 300, PerDomain: 1000, PerHour: 3000, PerDay: 15000, Burst: 2000})
	s.hire(staff)
	if err := s.Clock(s.now); err != nil { // jobs owe nothing from before
		t.Fatal(err)
	}
	return s
}

// hire opens the desk anew for other staff, as after a change of the configuration.
func (s *siege) hire(staff []complaint.Person) {
	s.t.Helper()
	names := func(address string) string {
		for _, p := range staff {
			if p.Address == address {
				return p.Name
			}
		}
		return ""
	}
	book, err := letter.New(nil, letter.Academy{Name: "Academie Voorbeeld", Zone: amsterdam, Names: names,
		From: complaint.Party{Name: "Klachten", Address: own}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.desk = desk.New(desk.Options{
		Policy: complaint.Policy{Zone: amsterdam, ReactDays: 7, ResolveDays: 28, Staff: staff,
			SevereReactDays: 2, SevereResolveDays: 14, ExtensionDays: 14, RetentionMonths: 6, SurveyDays: 7, UndoMinutes: 5,
			Approval: complaint.ApproveSevere, EmployeeCopy: complaint.CopyFull,
			Categories: []string{"Inhoud", "Overig"}, Causes: []string{"Mens", "Onbekend"}},
		Authentication: s.authentication(), Own: []string{own},
		Limits: desk.Limits{PerAddress: 300, PerDomain: 1000, PerHour: 3000, PerDay: 15000, Burst: 2000},
		Alerts: complaint.Party{Address: "beheer@academie.example"},
	}, s.db, book, slog.New(slog.NewTextHandler(&s.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
}

// mail delivers a mail, filling in what every mail has, and returns what was
// sent because of it.
func (s *siege) mail(head, body string) []play.Letter {
	s.t.Helper()
	s.n++
	s.now = s.now.Add(time.Minute)
	head = strings.TrimRight(head, "\n")
	for _, f := range []string{"To: <" + own + ">", "Date: " + s.now.Format(time.RFC1123Z), fmt.Sprintf("Message-ID: <%d@mail.example>", s.n),
		"MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"} {
		name, _, _ := strings.Cut(f, ":")
		if !strings.Contains("\n"+head, "\n"+name+":") {
			head += "\n" + f
		}
	}
	return s.raw([]byte(strings.ReplaceAll(head+"\n\n"+body, "\n", "\r\n")))
}

func (s *siege) raw(raw []byte) []play.Letter {
	s.t.Helper()
	if err := s.Receive(raw); err != nil {
		s.t.Fatal(err)
	}
	return s.left()
}

// left is what was sent since the last look.
func (s *siege) left() []play.Letter {
	s.t.Helper()
	list, err := s.Sent()
	if err != nil {
		s.t.Fatal(err)
	}
	s.all = append(s.all, list...)
	return list
}

func (s *siege) wait(d time.Duration) []play.Letter {
	s.t.Helper()
	s.now = s.now.Add(d)
	if err := s.deliver(); err != nil {
		s.t.Fatal(err)
	}
	return s.left()
}

// complain lets the complainant complain, and returns the number.
func (s *siege) complain(subject, text string) string {
	s.t.Helper()
	s.mail("From: Jan Jansen <"+jan+">\nSubject: "+subject, text)
	cases := s.cases()
	return cases[len(cases)-1].Number
}

func (s *siege) cases() []complaint.Case {
	s.t.Helper()
	var list []complaint.Case
	if err := s.db.View(s.t.Context(), func(tx *store.Tx) error {
		return tx.Cases(false, func(c complaint.Case) error { list = append(list, c); return nil })
	}); err != nil {
		s.t.Fatal(err)
	}
	return list
}

func (s *siege) one(number string) complaint.Case {
	s.t.Helper()
	for _, c := range s.cases() {
		if c.Number == number {
			return c
		}
	}
	s.t.Fatalf("no case %s", number)
	return complaint.Case{}
}

func (s *siege) became() string {
	s.t.Helper()
	word, err := s.Became()
	if err != nil {
		s.t.Fatal(err)
	}
	return word
}

// last is the last mail to somebody.
func (s *siege) last(to string) play.Letter {
	s.t.Helper()
	for _, l := range slices.Backward(s.all) {
		if l.To == to {
			return l
		}
	}
	s.t.Fatalf("no mail to %s", to)
	return play.Letter{}
}

func (s *siege) sentTo(to string) (n int) {
	for _, l := range s.all {
		if l.To == to {
			n++
		}
	}
	return n
}

// answer is the head of a reply to a mail of ours, with typed behind the subject.
func answer(from string, l play.Letter, typed string) string {
	return strings.TrimRight(fmt.Sprintf("From: <%s>\nIn-Reply-To: <%s>\nReferences: <%s>\nSubject: Re: %s %s", from, l.MessageID, l.MessageID, l.Subject, typed), " ")
}

var pressable = regexp.MustCompile(`href="mailto:[^"?]*\?([^"]*)"`)

// button returns subject and body of the mail that the first button opens whose
// subject begins so.
func (s *siege) button(l play.Letter, begins string) (subject, body string) {
	s.t.Helper()
	page := strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(string(l.Raw))
	for _, m := range pressable.FindAllStringSubmatch(page, -1) {
		v, err := url.ParseQuery(strings.ReplaceAll(html.UnescapeString(m[1]), "+", "%2B"))
		if err != nil {
			s.t.Fatal(err)
		}
		if strings.HasPrefix(v.Get("subject"), begins) {
			return v.Get("subject"), strings.ReplaceAll(v.Get("body"), "\r\n", "\n")
		}
	}
	s.t.Fatalf("no button %q in %s", begins, l.Subject)
	return "", ""
}

var challengeCode = regexp.MustCompile(`#ja ([0-9A-Z]{8})`)

// challenges returns the codes for #ja that these mails hold.
func challenges(list []play.Letter) (codes []string) {
	for _, l := range list {
		if m := challengeCode.FindStringSubmatch(l.Text); m != nil {
			codes = append(codes, m[1])
		}
	}
	return codes
}

// only checks that nobody else got mail.
func only(t *testing.T, what string, list []play.Letter, allowed ...string) {
	t.Helper()
	for _, l := range list {
		if !slices.Contains(allowed, l.To) {
			t.Errorf("%s: mail to %s: %s", what, l.To, l.Subject)
		}
	}
}

const (
	failed    = "Authentication-Results: mx.academie.example; dmarc=fail header.from=academie.example\n"
	elsewhere = "Authentication-Results: mx.academie.example; dmarc=pass header.from=kwaad.example\n"
	foreign   = "Authentication-Results: mx.kwaad.example; dmarc=pass header.from=academie.example\n"
	buried    = "X-Spam: no\nAuthentication-Results: mx.academie.example; dmarc=pass header.from=academie.example\n"
	relayed   = "ARC-Authentication-Results: i=1; mx.academie.example; dmarc=pass header.from=academie.example\n" + foreign
)

// security.md, Who sent this?: whatever a stranger writes in the name of staff,
// nothing happens but mail to the registered address, and to D when it is a lie.
func TestSpoofedStaff(t *testing.T) {
	for name, results := range map[string]string{"fail": failed, "of another domain": elsewhere, "of another server": foreign,
		"buried": buried, "ARC": relayed} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := besiege(t, true)
			number := s.complain("Klacht", "Het lokaal was koud.")
			before := s.one(number)
			notice := s.last(bas)
			for _, subject := range []string{"#neem [" + number + "]", "#antwoord [" + number + "]", "#ingetrokken [" + number + "]",
				"#status [" + number + "]", "#overzicht", "#help", "#registreer Mal <" + mal + ">", "#registreer intern", "#betreft Bea Bos [" + number + "]"} {
				list := s.mail(results+"From: Bas <"+bas+">\nReply-To: <"+mal+">\nSender: <"+mal+">\nSubject: "+subject, "Tekst van mal.")
				only(t, subject, list, bas, dewi)
				for _, l := range list {
					if strings.Contains(l.Text, "koud") || strings.Contains(l.Text, "Tekst van mal") {
						t.Errorf("%s: content in %s", subject, l.Subject)
					}
				}
			}
			only(t, "reply", s.mail(results+answer(bas, notice, "#ingetrokken"), "x"), bas, dewi) // he knows the Message-ID
			if after := s.one(number); after.State != before.State || after.Handler != before.Handler || len(after.Outbound) > 0 || len(s.cases()) != 1 {
				t.Errorf("something was done: %+v", after)
			}
			only(t, "later", s.wait(time.Hour), bas, dewi)
		})
	}
}

// security.md: T = fail gives a notice without a code to the registered address
// and D, at most one a day, however long it goes on; the rest is counted.
func TestForgedNotices(t *testing.T) {
	s := besiege(t, true)
	number := s.complain("Klacht", "Het lokaal was koud.")
	var notices []time.Time
	for range 40 { // every three hours, for five days
		s.now = s.now.Add(3 * time.Hour)
		list := s.mail(failed+"From: <"+bas+">\nSubject: #neem ["+number+"]", "x")
		if s.became() != "refused: dmarc fail" {
			t.Fatal(s.became())
		}
		only(t, "forged", list, bas, dewi)
		if len(list) > 0 {
			notices = append(notices, s.now)
			if len(list) != 2 || list[0].To == list[1].To {
				t.Errorf("%d notices at once", len(list))
			}
		}
		for _, l := range list {
			if strings.Contains(string(l.Raw), "Code:") || len(challenges(list)) > 0 || strings.Contains(l.Text, "koud") {
				t.Errorf("a notice with more than it says: %s", l.Text)
			}
		}
	}
	for i := 1; i < len(notices); i++ {
		if notices[i].Sub(notices[i-1]) < 24*time.Hour {
			t.Errorf("two notices within a day: %v %v", notices[i-1], notices[i])
		}
	}
	if len(notices) < 4 {
		t.Errorf("%d notices in five days: it goes on and nobody hears of it", len(notices))
	}
	if n := s.unproven(bas, "refuse"); n != 40 {
		t.Errorf("%d of 40 are counted", n)
	}
}

func (s *siege) unproven(person, action string) (n int) {
	s.t.Helper()
	if err := s.db.View(s.t.Context(), func(tx *store.Tx) (err error) {
		n, err = tx.CountUnproven(person, action, time.Unix(0, 0))
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return n
}

// security.md 11: nothing is answered that the mail server calls forged, also
// when it asks for nothing.
func TestForgedNote(t *testing.T) {
	s := besiege(t, true)
	number := s.complain("Klacht", "Het lokaal was koud.")
	before := len(s.all)
	s.mail(failed+"From: <"+bas+">\nSubject: zomaar wat", "Geld terug graag.")
	s.mail(failed+"From: <"+bas+">\nSubject: over ["+number+"]", "Beste Jan,\n\nGeld terug.")
	for _, l := range s.all[before:] {
		t.Errorf("answered: %s %s", l.To, l.Subject)
	}
}

// A mail bomb in the name of staff: a few mails an hour, whatever it asks for.
func TestMailBomb(t *testing.T) {
	for name, head := range map[string]string{
		"commands": "Subject: #neem [%s]", "reading": "Subject: #status [%s]", "choice": "Subject: hallo %s", "wrong codes": "Subject: #ja ABCD%04[2]d [%[1]s]",
		"registrations": "Subject: #registreer Mal <mal@kwaad.example> %.0s", "notes": "Subject: over [%s]", "nonsense": "Subject: #blub [%s]",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := besiege(t, false)
			number := s.complain("Klacht", "Het lokaal was koud.")
			at, before := s.now, len(s.all)
			for i := range 40 {
				s.mail("From: <"+bas+">\n"+strings.TrimSuffix(fmt.Sprintf(head+"\x00", number, i), "\x00"), fmt.Sprintf("Beste Jan,\n\n#neem nummer %d", i))
			}
			if name == "choice" && s.now.Sub(at) > time.Hour {
				t.Fatal("too slow to be a bomb")
			}
			if n := len(s.all) - before; n > 3 {
				t.Errorf("%d mails", n)
			}
		})
	}
}

// A Message-ID of ours that got about proves nothing of anybody else.
func TestLeakedMessageID(t *testing.T) {
	s := besiege(t, true)
	number := s.complain("Klacht", "Het lokaal was koud.")
	notice := s.last(bas)
	for _, from := range []string{mal, jan, bea, tess, tom} {
		before := len(s.all)
		s.mail(answer(from, notice, "#ingetrokken"), "Zo is het.")
		for _, l := range s.all[before:] {
			if l.To == mal && l.Subject != "Je klacht is ontvangen ["+s.cases()[len(s.cases())-1].Number+"]" {
				t.Errorf("%s: %s", from, l.Subject)
			}
		}
		if c := s.one(number); c.State == complaint.Closed || c.Resolution != "" {
			t.Fatalf("%s: it ran", from)
		}
		if from == mal && !s.audited(number, "token of another person") {
			t.Error("not on record")
		}
	}
}

// Whose words are these? Bas answers a mail of ours and has C in Cc: C knows the
// Message-ID then. He writes to Bas past us under that id and our subject, with a
// command behind it and our address in Reply-To. Bas answers, and has typed nothing.
func TestBorrowedMessageID(t *testing.T) {
	s := besiege(t, true)
	number := s.complain("Klacht", "Het lokaal was koud.")
	notice := s.last(bas)
	s.mail(answer(bas, notice, "")+"\nCc: <"+jan+">", "Beste Jan,\n\nIk zoek het uit.")
	list := s.mail(answer(bas, notice, "#ingetrokken"), "Waar gaat dit over?\n\n> Kun je dit bevestigen?")
	if s.became() != "refused: no token" || len(challenges(list)) != 1 || !s.one(number).Open() {
		t.Errorf("became %q", s.became())
	}
	subject, body := s.button(notice, "#neem") // what C cannot have borrowed
	s.mail("From: <"+bas+">\nSubject: "+subject, body)
	if s.one(number).Handler != bas {
		t.Errorf("became %q", s.became())
	}
}

// security.md, K: use by another From is audited.
func TestOtherPersonsToken(t *testing.T) {
	s := besiege(t, true)
	number := s.complain("Klacht", "Het lokaal was koud.")
	subject, body := s.button(s.last(bas), "#neem")
	s.mail("From: <"+bea+">\nSubject: "+subject, body)
	if s.became() != "refused: no token" {
		t.Errorf("became %q", s.became())
	}
	if c := s.one(number); c.Handler != "" {
		t.Errorf("handler %q", c.Handler)
	}
	if !s.audited(number, "token of another person") {
		t.Error("not on record")
	}
}

func (s *siege) audited(number, words string) bool {
	s.t.Helper()
	found := false
	id := s.one(number).ID
	if err := s.db.View(s.t.Context(), func(tx *store.Tx) error {
		list, err := tx.Events(id)
		for _, e := range list {
			found = found || strings.Contains(e.Event+" "+e.Detail, words)
		}
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return found
}

// A code is good for one person, one case and one command, till it ends.
func TestCodes(t *testing.T) {
	for name, abuse := range map[string]func(s *siege, number, other, code string) (head, body string){
		"another case": func(_ *siege, _, other, code string) (string, string) {
			return "From: <" + bas + ">\nSubject: #neem [" + other + "]", code
		},
		"another command": func(_ *siege, number, _, code string) (string, string) {
			return "From: <" + bas + ">\nSubject: #ingetrokken [" + number + "]", code
		},
		"one more command": func(_ *siege, number, _, code string) (string, string) {
			return "From: <" + bas + ">\nSubject: #neem #ernst ernstig [" + number + "]", code
		},
		"another value": func(_ *siege, number, _, code string) (string, string) {
			return "From: <" + bas + ">\nSubject: #neem Bea Bos [" + number + "]", code
		},
		"quoted": func(_ *siege, number, _, code string) (string, string) {
			return "From: <" + bas + ">\nSubject: #neem [" + number + "]", "Zie onder.\n\nOp 2 november 2026 om 9:00 schreef Jan <" + jan + ">:\n> " + code
		},
		"quoted by Outlook": func(_ *siege, number, _, code string) (string, string) {
			return "From: <" + bas + ">\nSubject: #neem [" + number + "]", "Zie onder.\n\n________________________________\nVan: Jan <" + jan + ">\nVerzonden: maandag 2 november 2026 9:00\nAan: Bas\nOnderwerp: x\n\n" + code
		},
		"too old": func(s *siege, number, _, code string) (string, string) {
			s.now = s.now.AddDate(0, 0, 45)
			return "From: <" + bas + ">\nSubject: #neem [" + number + "]", code
		},
		"another role": func(s *siege, number, _, code string) (string, string) {
			s.hire([]complaint.Person{
				{Name: "Dewi de Boer", Address: dewi, Roles: []complaint.Role{complaint.Directeur}},
				{Name: "Bas Bakker", Address: bas, Roles: []complaint.Role{complaint.Trainer}},
				{Name: "Bea Bos", Address: bea, Roles: []complaint.Role{complaint.Binnendienst}}})
			return "From: <" + bas + ">\nSubject: #neem [" + number + "]", code
		},
		"after closing": func(s *siege, number, _, code string) (string, string) {
			s.mail(answer(bea, s.last(bea), "#geenklacht vraag"), "")
			if s.one(number).State != complaint.Closed {
				s.t.Fatal("not closed")
			}
			return "From: <" + bas + ">\nSubject: #neem [" + number + "]", code
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := besiege(t, true)
			other := s.complain("Eerste", "Iets anders.")
			number := s.complain("Klacht", "Het lokaal was koud.")
			_, code := s.button(s.last(bas), "#neem")
			head, body := abuse(s, number, other, strings.TrimSpace(code))
			s.mail(head, body)
			if got := s.became(); got != "refused: no token" {
				t.Errorf("became %q", got)
			}
			if s.one(number).Handler+s.one(other).Handler != "" {
				t.Error("it ran")
			}
		})
	}
}

// A code of one's own that works does so again, and a mail runs once: by its
// Message-ID, by its content, and as Exchange rebuilds it.
func TestOnce(t *testing.T) {
	s := besiege(t, true)
	number := s.complain("Klacht", "Het lokaal was koud.")
	subject, body := s.button(s.last(bas), "#antwoord")
	date := s.now.Format(time.RFC1123Z)
	head := "From: <" + bas + ">\nDate: " + date + "\nMessage-ID: <een@mail.example>\nSubject: " + subject
	text := "Excuses.\n\n" + body
	s.mail(head, text)
	if s.became() != "command" {
		t.Fatal(s.became())
	}
	for name, mail := range map[string][2]string{
		"the same":                 {head, text},
		"traced anew":              {"Received: from a by b; " + date + "\n" + head, text},
		"wrapped and encoded anew": {strings.Replace(head, "Subject: ", "Subject:\n ", 1) + "\nContent-Transfer-Encoding: quoted-printable", strings.ReplaceAll(text, "Excuses.", "Excuse=73.=20=20")},
		"another text, same id":    {head, "Geld terug.\n\n" + body},
	} {
		s.mail(mail[0], mail[1])
		if got := s.became(); strings.HasPrefix(got, "command") {
			t.Errorf("%s: became %q", name, got)
		}
	}
	s.wait(time.Hour)
	if n := len(s.one(number).Outbound); n != 1 {
		t.Errorf("%d letters", n)
	}
	s.mail("From: <"+bas+">\nSubject: "+subject, "Nog iets.\n\n"+body) // the same button, another mail
	if s.became() != "command" {
		t.Errorf("a code may be used again: %q", s.became())
	}
}

// #ja: single use, this person, 24 hours, exactly this command; and a mail that
// led to two questions runs once.
func TestChallenge(t *testing.T) {
	s := besiege(t, false)
	number := s.complain("Klacht", "Het lokaal was koud.")
	head := "From: <" + bas + ">\nMessage-ID: <een@mail.example>\nSubject: #antwoord [" + number + "]"
	codes := challenges(s.mail(head, "Excuses."))
	codes = append(codes, challenges(s.mail(head, "Excuses. Met groet van de gateway."))...)
	if len(codes) != 2 {
		t.Fatalf("%d challenges", len(codes))
	}
	for _, from := range []string{bea, dewi, tess, mal, jan} {
		only(t, from, s.mail("From: <"+from+">\nSubject: #ja "+codes[0], ""), from, bas, bea, dewi) // mal and jan: a complaint, a reply
	}
	if n := len(s.one(number).Outbound); n != 0 {
		t.Fatal("somebody else's yes counted")
	}
	s.mail("From: <"+bas+">\nSubject: #ja AAAAAAAA", "")
	for _, code := range []string{codes[0], codes[0], strings.ToLower(codes[0]), codes[1]} {
		s.mail("From: <"+bas+">\nSubject: #ja "+code, "")
	}
	if n := len(s.one(number).Outbound); n != 1 {
		t.Errorf("%d letters of one mail", n)
	}
	late := challenges(s.mail("From: <"+bas+">\nSubject: #ingetrokken ["+number+"]", ""))
	s.now = s.now.Add(24 * time.Hour)
	s.mail("From: <"+bas+">\nSubject: #ja "+late[0], "")
	if s.one(number).State == complaint.Closed {
		t.Error("a code of yesterday")
	}
}

// security.md, Gate.
func TestGate(t *testing.T) {
	s := besiege(t, true)
	number := s.complain("Klacht", "Het lokaal was koud.")
	subject, body := s.button(s.last(bas), "#neem")
	untouched := func(what string) {
		t.Helper()
		if h := s.one(number).Handler; h != "" {
			t.Fatalf("%s: %s", what, h)
		}
	}
	pass := strings.Replace(elsewhere, "kwaad.example", "academie.example", 1)
	s.mail(pass+"From: <"+bas+">\nFrom: <"+mal+">\nSubject: "+subject, body)
	untouched("two From")
	s.mail(pass+"From: <"+bas+">, <"+mal+">\nSubject: "+subject, body)
	untouched("two mailboxes")
	s.mail(pass+"From: <"+mal+">\nSender: <"+bas+">\nReply-To: <"+bas+">\nSubject: "+subject, body)
	untouched("Sender and Reply-To")
	s.mail(pass+"From: \"bas@academie.example\" <"+mal+">\nSubject: "+subject, body)
	untouched("a name that is an address")
	s.mail(pass+"From: <ba\u017f@academie.example>\nSubject: "+subject, body)
	untouched("a long s")
	s.mail("From: <"+bas+">\nAuto-Submitted: auto-replied\nSubject: "+subject, body)
	untouched("automatic")
	s.mail("From: <"+strings.ToUpper(alias)+">\nSubject: "+subject, body)
	if s.became() != "command" || s.one(number).Handler != bas {
		t.Errorf("an alias is he: %q", s.became())
	}
}

// security.md, Gate: INTERNALDATE within 7 days.
func TestOldCommand(t *testing.T) {
	s := besiege(t, true)
	number := s.complain("Klacht", "Het lokaal was koud.")
	subject, body := s.button(s.last(bas), "#neem")
	raw := "Authentication-Results: mx.academie.example; dmarc=pass header.from=academie.example\r\nFrom: <" + bas + ">\r\nTo: <" + own + ">\r\nMessage-ID: <oud@mail.example>\r\nSubject: " + subject + "\r\n\r\n" + body
	box := store.Box{Name: "INBOX", UIDValidity: 2}
	if _, _, err := s.desk.Unseen(t.Context(), box, []uint32{1}); err != nil {
		t.Fatal(err)
	}
	register, err := s.desk.Receive(t.Context(), box, []desk.Delivery{{UID: 1, Received: s.now.AddDate(0, 0, -8), Raw: []byte(raw)}})
	if err == nil {
		err = register()
	}
	if err != nil {
		t.Fatal(err)
	}
	if s.one(number).Handler != "" {
		t.Error("a week is over")
	}
}

// security.md 11: T = fail of anybody: registered, not answered, a task for B.
func TestForgedComplaint(t *testing.T) {
	s := besiege(t, true)
	list := s.mail("Authentication-Results: mx.academie.example; dmarc=fail header.from=voorbeeld.example\nFrom: <"+jan+">\nSubject: Klacht", "Het lokaal was koud.")
	only(t, "forged", list, bas, bea, dewi)
	if c := s.cases()[0]; c.Withheld != complaint.WithheldForged || !strings.Contains(s.last(bas).Text, "niet van de afzender") {
		t.Errorf("withheld %q:\n%s", c.Withheld, s.last(bas).Text)
	}
}
