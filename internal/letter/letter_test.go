package letter

import (
	"bytes"
	"crypto/rand"
	"flag"
	"io"
	"mime"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset"

	"klachtd/internal/complaint"
)

var update = flag.Bool("update", false, "write the goldens anew")

func academy(formal bool) Academy {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err)
	}
	return Academy{Name: "Academie Voorbeeld", Phone: "020 123 45 67", Hours: "ma-vr 9-17 uur",
		PrivacyURL: "https://academie.example/privacy", Formal: formal, Zone: zone, Office: []string{"Bas Bakker"},
		From: complaint.Party{Name: "Klachten Academie Voorbeeld", Address: "klachten@academie.example"}}
}

func book(t testing.TB, formal bool) *Book {
	t.Helper()
	b, err := New(nil, academy(formal))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var sampleCase = complaint.Case{Number: "K2026-482932", Kind: complaint.External, ReactBy: "2026-11-30", ResolveBy: "2026-12-21",
	Complainant: complaint.Party{Name: "Jan Jansen", Address: "jan@voorbeeld.example"},
	Promises: []complaint.Promise{{Kind: complaint.Take, Due: "2026-11-25"}, {Kind: complaint.Answer, Due: "2026-11-30"},
		{Kind: complaint.Acknowledge, Due: "2026-11-23"}}}

func sampleOriginal() Original {
	return Original{
		From: sampleCase.Complainant, Subject: "Trainer steeds te laat", MessageID: "abc.1@voorbeeld.example",
		At: time.Date(2026, 11, 23, 8, 12, 0, 0, time.UTC),
		Text: "Beste academie,\n\nDe trainer van de cursus Excel kwam drie keer meer dan een half uur te laat. De laatste keer konden we het examenonderdeel niet afmaken.\n\n" +
			"Ik wil graag dat die les wordt ingehaald.\n\nGroet,\nJan",
		Attachments: []Attachment{{Name: "rooster.pdf", ContentType: "application/pdf", Size: 20_480, Data: bytes.Repeat([]byte("x"), 20_480)},
			{Name: "opname.exe", ContentType: "application/octet-stream", Size: 3, Data: []byte("MZx")}},
		OthersInCc: []string{"piet@voorbeeld.example"},
	}
}

// hostile is what a sender might write to become something else in our mail.
const hostile = "\r\nBcc: slachtoffer@x.example\r\n\r\n# Kop **vet** <a href=\"https://kwaad.example\">hier</a> <img src=x> | cel\n- punt\n= a | b\n" +
	"? vraag:\n! let op\n~ klein\n## weg\n{{.Number}} https://kwaad.example/a www.kwaad.example mailto:x@y.example \uE041\uF000https://kwaad.example\uF001hier\uF002\u202e"

func hostileOriginal() Original {
	o := sampleOriginal()
	o.From.Name, o.Subject, o.Text, o.MessageID = hostile, hostile, hostile, "a b\r\nBcc: x@y.example"
	o.Attachments = []Attachment{{Name: hostile, ContentType: "text/html\r\nX: y", Size: 1, Data: []byte("x")}}
	o.OthersInCc = []string{"x@y.example"}
	return o
}

var bas = complaint.Party{Name: "Bas Bakker", Address: "bas@academie.example"}

// samples are letters worth looking at.
func samples() map[string]complaint.Letter {
	dewi := complaint.Party{Name: "Dewi de Boer", Address: "directeur@academie.example"}
	return map[string]complaint.Letter{
		"acknowledgement": {Kind: complaint.LetterAcknowledgement, To: sampleCase.Complainant},
		"notice":          {Kind: complaint.LetterNotice, To: bas},
		"notice-withheld": {Kind: complaint.LetterNotice, To: bas, Withheld: complaint.WithheldLimit, NamedNumber: "K2026-111113", OwnDomain: true},
		"notice-stub":     {Kind: complaint.LetterNotice, To: bas, Withheld: complaint.WithheldUnreadable, Unreadable: complaint.UnreadableBroken},
		"notice-held":     {Kind: complaint.LetterNotice, To: bas, AckHeld: true},
		"copy":            {Kind: complaint.LetterCopy, To: dewi},
		"copy-deputy":     {Kind: complaint.LetterCopy, To: bas, AsksOwner: true},
		"followup":        {Kind: complaint.LetterFollowup, To: bas},
		"followup-doubt":  {Kind: complaint.LetterFollowup, To: bas, Unproven: true, AfterClose: true},
		"undelivered": {Kind: complaint.LetterUndelivered, To: bas,
			Lost: complaint.Loss{Letter: complaint.LetterAcknowledgement, To: sampleCase.Complainant.Address, Why: complaint.Bounced}},
		"reminders": {Kind: complaint.LetterReminders, To: bas, Filtered: 2, Reminders: []complaint.Reminder{
			{Number: "K2026-482932", Promise: complaint.React, Due: "2026-11-20", Late: true, Severe: true},
			{Number: "K2026-111113", Promise: complaint.Resolve, Due: "2026-11-30"}}},
		"alarm": {Kind: complaint.LetterAlarm, To: complaint.Party{Address: "beheer@academie.example"}, Alarm: complaint.Alarm{Kind: complaint.AlarmHeld, Count: 31}},
	}
}

var envelope = Envelope{ID: "q3f5example@academie.example", Date: time.Date(2026, 11, 23, 8, 12, 1, 0, time.UTC), InReplyTo: "abc.1@voorbeeld.example"}

func write(t testing.TB, b *Book, l complaint.Letter, o Original) (*message.Entity, []byte) {
	t.Helper()
	e := envelope
	if l.Kind != complaint.LetterAcknowledgement {
		e.InReplyTo = ""
	} else {
		e.InReplyTo = o.MessageID
	}
	m, err := b.Write(l, sampleCase, o, e)
	if err != nil {
		t.Fatal(err)
	}
	entity, err := message.Read(bytes.NewReader(m.Raw))
	if err != nil {
		t.Fatal(err)
	}
	return entity, m.Raw
}

// parts returns the text, the page and the names of the files.
func parts(t testing.TB, e *message.Entity) (text, page string, files []string) {
	t.Helper()
	err := e.Walk(func(_ []int, p *message.Entity, err error) error {
		if err != nil {
			return err
		}
		kind, params, _ := p.Header.ContentType()
		disposition, dp, _ := p.Header.ContentDisposition()
		switch {
		case disposition == "attachment":
			name, _ := new(mime.WordDecoder).DecodeHeader(dp["filename"] + params[""])
			files = append(files, name)
		case kind == "text/plain":
			data, err := io.ReadAll(p.Body)
			text = string(data)
			return err
		case kind == "text/html":
			data, err := io.ReadAll(p.Body)
			page = string(data)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return text, page, files
}

// Each letter looks as it did when somebody last looked at it.
func TestGoldens(t *testing.T) {
	for name, l := range samples() {
		for _, formal := range []bool{false, true} {
			if formal && l.Kind != complaint.LetterAcknowledgement {
				continue
			}
			t.Run(name, func(t *testing.T) {
				e, _ := write(t, book(t, formal), l, sampleOriginal())
				text, page, files := parts(t, e)
				var head strings.Builder
				for _, h := range []string{"From", "To", "Subject", "Date", "Message-Id", "In-Reply-To", "References", "Auto-Submitted",
					"X-Auto-Response-Suppress", "Precedence", "Sensitivity"} {
					if v, _ := e.Header.Text(h); v != "" {
						head.WriteString(h + ": " + v + "\n")
					}
				}
				for _, f := range files {
					head.WriteString("File: " + f + "\n")
				}
				if formal {
					name += "-u"
				}
				golden(t, name+".txt", head.String()+"\n"+strings.ReplaceAll(text, "\r\n", "\n"))
				golden(t, name+".html", strings.ReplaceAll(page, "\r\n", "\n"))
			})
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s is not as it was; look at it and run go test -update ./internal/letter\n%s", path, got)
	}
}

var (
	anchor = regexp.MustCompile(`href="([^"]*)"`)
	tag    = regexp.MustCompile(`<[a-zA-Z/!][^>]*>`)
)

// security.md 3, 14: a value makes neither header, nor markup, nor link.
func TestHostile(t *testing.T) {
	b := book(t, false)
	for name, l := range samples() {
		calm := sampleOriginal()
		calm.Attachments = calm.Attachments[:1]
		calm.Text, calm.Subject = "woord", "woord"
		o := hostileOriginal()
		wantEntity, _ := write(t, b, l, calm)
		_, wantPage, _ := parts(t, wantEntity)
		entity, raw := write(t, b, l, o)
		text, page, _ := parts(t, entity)

		if n, m := entity.Header.Len(), wantEntity.Header.Len(); n > m {
			t.Errorf("%s: %d headers instead of %d", name, n, m)
		}
		head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
		if entity.Header.Has("Bcc") || bytes.Contains(head, []byte("\nBcc:")) {
			t.Errorf("%s: a header was injected", name)
		}
		if got, want := anchor.FindAllString(page, -1), anchor.FindAllString(wantPage, -1); strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: links %v instead of %v", name, got, want)
		}
		quoteless := func(page string) string {
			return strings.ReplaceAll(strings.Join(tag.FindAllString(page, -1), ""), "<br>", "")
		}
		if quoteless(page) != quoteless(wantPage) {
			t.Errorf("%s: the page has another structure", name)
		}
		if strings.ContainsAny(text+page, "\u202e\uE041\uF000") {
			t.Errorf("%s: characters that play tricks are left in", name)
		}
		for _, live := range []string{"https://kwaad", "www.kwaad", "mailto:x"} {
			if strings.Contains(page, live) {
				t.Errorf("%s: %q would become a link", name, live)
			}
		}
		for _, line := range bytes.SplitAfter(raw, []byte("\n")) { // security.md 3
			if !bytes.HasSuffix(line, []byte("\r\n")) && len(line) > 0 || len(line) > 1000 {
				t.Errorf("%s: line %q", name, line)
			}
		}
	}
}

// security.md 14, 22: the acknowledgement holds nothing that the sender wrote,
// is small, and goes to one address.
func TestAcknowledgementIsFree(t *testing.T) {
	b := book(t, false)
	l := samples()["acknowledgement"]
	l.To.Name = hostile
	_, calm := write(t, b, l, Original{MessageID: envelope.InReplyTo})
	o := hostileOriginal()
	o.MessageID = envelope.InReplyTo
	_, wild := write(t, b, l, o)
	strip := func(raw []byte) string { // the boundary is drawn anew
		return regexp.MustCompile(`[0-9a-f]{40,}`).ReplaceAllString(string(raw), "")
	}
	if strip(calm) != strip(wild) {
		t.Error("what the sender writes changes the acknowledgement")
	}
	if len(wild) > 8_000 {
		t.Errorf("%d bytes", len(wild))
	}
	entity, _ := write(t, b, l, hostileOriginal())
	if entity.Header.Has("In-Reply-To") {
		t.Error("answers what is no Message-ID")
	}
	if to := entity.Header.Get("To"); to != "<jan@voorbeeld.example>" {
		t.Errorf("To: %s", to)
	}
}

// security.md 15, 21: marks of an automatic mail; the subject holds fixed words and the number.
func TestHeaders(t *testing.T) {
	b := book(t, false)
	for name, l := range samples() {
		e, raw := write(t, b, l, hostileOriginal())
		want := "auto-generated"
		if l.Kind == complaint.LetterAcknowledgement {
			want = "auto-replied"
		}
		if got := e.Header.Get("Auto-Submitted"); got != want {
			t.Errorf("%s: Auto-Submitted: %s", name, got)
		}
		if e.Header.Get("X-Auto-Response-Suppress") != "All" || e.Header.Has("Precedence") || e.Header.Has("User-Agent") || e.Header.Has("X-Mailer") {
			t.Errorf("%s: wrong marks:\n%s", name, raw[:400])
		}
		if id := e.Header.Get("Message-Id"); id != "<"+envelope.ID+">" || !strings.Contains(e.Header.Get("References"), id) {
			t.Errorf("%s: Message-ID %s, References %s", name, id, e.Header.Get("References"))
		}
		subject, _ := e.Header.Text("Subject")
		if strings.Contains(subject, "kwaad") || strings.Contains(subject, "Trainer") || strings.Contains(subject, "#") {
			t.Errorf("%s: Subject: %s", name, subject)
		}
	}
}

// security.md 8: originals up to 10 MB, programs never.
func TestSort(t *testing.T) {
	big := make([]byte, 6<<20)
	files, attached, left := sort([]Attachment{
		{Name: "a.pdf", Size: 6 << 20, Data: big}, {Name: "b.pdf", Size: 6 << 20, Data: big}, {Name: "c.pdf", Size: 10, Data: make([]byte, 10)},
		{Name: "d.pdf.EXE ", Size: 1, Data: []byte("x")}, {Name: "e", ContentType: "application/x-msdownload", Size: 1, Data: []byte("x")},
		{Name: "winmail.dat", Size: 1, Data: []byte("x")}, {Name: "half.jpg", Size: 9, Data: []byte("x")},
	})
	if len(files) != 2 || files[0].Name != "a.pdf" || files[1].Name != "c.pdf" || len(attached) != 2 || len(left) != 5 {
		t.Errorf("along: %d, named: %v", len(files), left)
	}
}

// An academy's own text replaces ours file by file; a mistake in it names file and line.
func TestOverrides(t *testing.T) {
	own := fstest.MapFS{"nl/alarm.txt": {Data: []byte("Subject: Alarm\n\nHelp {{.Academy}}")}}
	b, err := New(own, academy(false))
	if err != nil {
		t.Fatal(err)
	}
	e, _ := write(t, b, samples()["alarm"], Original{})
	if text, _, _ := parts(t, e); strings.TrimSpace(text) != "Help Academie Voorbeeld" {
		t.Errorf("text: %q", text)
	}
	for want, text := range map[string]string{
		"nl/alarm.txt:3": "Subject: A\n\n{{.Nothing}}",
		"nl/alarm.txt:2": "Subject: A\n{{if}}",
		"first line":     "Help",
		"the subject":    "Subject: \n",
	} {
		own["nl/alarm.txt"].Data = []byte(text)
		if _, err := New(own, academy(false)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v does not name %q", text, err, want)
		}
	}
}

func TestNewID(t *testing.T) {
	a, err := NewID(rand.Reader, "Academie.example")
	if err != nil || !regexp.MustCompile(`^[a-z2-7]{26}@academie\.example$`).MatchString(a) || !validID(a) {
		t.Errorf("%q, %v", a, err)
	}
}

// What a value holds never changes what stands around it.
func FuzzValue(f *testing.F) {
	f.Add("gewoon")
	f.Add(hostile)
	f.Add("**|<b>\uE02A\uF000http://x\uF001y\uF002")
	b, err := New(nil, academy(false))
	if err != nil {
		f.Fatal(err)
	}
	count := func(t *testing.T, o Original) (links, tags int) {
		e, _ := write(t, b, complaint.Letter{Kind: complaint.LetterNotice, To: bas}, o)
		_, page, _ := parts(t, e)
		return len(anchor.FindAllString(page, -1)), len(tag.FindAllString(strings.ReplaceAll(page, "<br>", ""), -1))
	}
	f.Fuzz(func(t *testing.T, s string) {
		links, tags := count(t, Original{From: complaint.Party{Name: "w"}, Subject: "w", Text: "w"})
		l, n := count(t, Original{From: complaint.Party{Name: "w" + s}, Subject: "w" + s, Text: "w" + s})
		if l != links || n != tags {
			t.Errorf("%d links and %d tags instead of %d and %d", l, n, links, tags)
		}
	})
}

func BenchmarkAcknowledgement(b *testing.B) {
	book := book(b, false)
	l, o := samples()["acknowledgement"], sampleOriginal()
	for b.Loop() {
		if _, err := book.Write(l, sampleCase, o, envelope); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNotice(b *testing.B) {
	book := book(b, false)
	l, o := samples()["notice"], sampleOriginal()
	for b.Loop() {
		if _, err := book.Write(l, sampleCase, o, envelope); err != nil {
			b.Fatal(err)
		}
	}
}
