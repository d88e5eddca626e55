package letter

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
)

var update = flag.Bool("update", false, "write the goldens anew")

func academy(formal bool) Academy {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err)
	}
	return Academy{Name: "Academie Voorbeeld", Phone: "020 123 45 67", Hours: "ma-vr 9-17 uur", Formal: formal, Zone: zone,
		PrivacyURL: "https://academie.example/privacy", Office: []string{"Bas Bakker", "Noor de Wit"},
		From: complaint.Party{Name: "Klachten Academie Voorbeeld", Address: "klachten@academie.example"}, Names: staffName,
		Categories: []string{"Inhoud", "Trainer", "Organisatie", "Overig"}, Causes: []string{"Mens", "Methode", "Planning"},
		ExternalBodies: []ExternalBody{
			{Name: "Ooa", Address: "Postbus 90600, 2509 LP Den Haag", URL: "https://ooa.example", Fee: "€ 50, die u terugkrijgt als u gelijk krijgt", VerifiedOn: "2026-11-01"},
			{Name: "Geschillencommissie Opleidingen", URL: "https://geschillen.example/opleidingen"}}}
}

func newBook(t testing.TB, formal bool) *Book {
	t.Helper()
	b, err := New(nil, academy(formal))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var (
	bas      = complaint.Party{Name: "Bas Bakker", Address: "bas@academie.example"}
	dewi     = complaint.Party{Name: "Dewi de Boer", Address: "directeur@academie.example"}
	jan      = complaint.Party{Name: "Jan Jansen", Address: "jan@voorbeeld.example"}
	envelope = Envelope{ID: "q3f5example@academie.example", Date: time.Date(2026, 11, 23, 8, 12, 1, 0, time.UTC)}
)

func openCase() complaint.Case {
	return complaint.Case{Number: "K2026-482931", Kind: complaint.External, ReactBy: "2026-11-30", ResolveBy: "2026-12-21", Complainant: jan,
		Promises: []complaint.Promise{{Kind: complaint.Take, Due: "2026-11-25"}, {Kind: complaint.Answer, Due: "2026-11-30"}}}
}

func original() Original {
	return Original{
		From: jan, Subject: "Trainer steeds te laat", MessageID: "abc.1@voorbeeld.example",
		At: time.Date(2026, 11, 23, 8, 2, 0, 0, time.UTC),
		Text: "Beste academie,\r\n\r\nDe trainer van de cursus Excel kwam drie keer meer dan een half uur te laat. De laatste keer konden we " +
			"het examenonderdeel niet afmaken. Zie ook https://foto.example/album?id=12.\r\n\r\n  Ik wil graag dat die les wordt ingehaald.\r\n\r\nGroet,\r\nJan\r\n",
		Enclosed: enclose(Attachment{Name: "rooster één.pdf", ContentType: "application/pdf", Size: 20_480, Data: bytes.Repeat([]byte("%PDF"), 5_120)},
			Attachment{Name: "opname.exe", ContentType: "application/octet-stream", Size: 2_150_000, Data: []byte("MZx")},
			Attachment{Name: "winmail.dat", ContentType: "application/ms-tnef", Size: 12, Data: []byte("x\x9f>\x22tnef12345")},
			Attachment{Name: "les.mov", ContentType: "video/quicktime", Size: 12_300_000}),
		OthersInCc: []string{"Piet Pietersen <piet@voorbeeld.example>"},
	}
}

// enclose draws the same boundary each time.
func enclose(all ...Attachment) Enclosure {
	e, err := Enclose(all, strings.NewReader(strings.Repeat("b", 30)))
	if err != nil {
		panic(err)
	}
	return e
}

// A sample is a letter worth looking at.
type sample struct {
	name string
	l    complaint.Letter
	c    complaint.Case
	o    Original
}

func sampleLetters() []sample {
	plain, taken, closed, calm := openCase(), openCase(), openCase(), original()
	taken.Handler, taken.Promises = bas.Address, nil
	closed.State, closed.ClosedAt, closed.Promises = complaint.Closed, envelope.Date, nil
	calm.Enclosed, calm.OthersInCc = Enclosure{}, nil
	stub := Original{From: complaint.Party{}, At: calm.At}
	wild := original()
	wild.From.Name, wild.Subject, wild.Text, wild.OthersInCc = hostile, hostile, hostile, []string{hostile}
	wild.Enclosed = enclose(Attachment{Name: hostile, ContentType: "text/html\r\nX: y", Size: 1, Data: []byte("x")})
	to := func(p complaint.Party, l complaint.Letter) complaint.Letter {
		l.To = p
		return l
	}
	takes := orders(complaint.OrderTake, complaint.OrderReply, complaint.OrderAssign, complaint.OrderAbout)
	late := func(n string, p complaint.PromiseKind, due complaint.Day, late, severe bool) complaint.Reminder {
		return complaint.Reminder{Number: n, Promise: p, Due: due, Late: late, Severe: severe}
	}
	return slices.Concat([]sample{
		{"acknowledgement", to(jan, complaint.Letter{Kind: complaint.LetterAcknowledgement}), plain, calm},
		{"notice", to(bas, complaint.Letter{Kind: complaint.LetterNotice, Next: takes}), plain, calm},
		{"notice-mine", to(bas, complaint.Letter{Kind: complaint.LetterNotice}), taken, original()},
		{"notice-withheld", to(bas, complaint.Letter{Kind: complaint.LetterNotice, Withheld: complaint.WithheldLimit, NamedNumber: "K2026-111118", OwnDomain: true}), plain, calm},
		{"notice-held", to(bas, complaint.Letter{Kind: complaint.LetterNotice, AckHeld: true}), plain, calm},
		{"notice-stub", to(bas, complaint.Letter{Kind: complaint.LetterNotice, Withheld: complaint.WithheldUnreadable, Unreadable: complaint.UnreadableSize}), plain, stub},
		{"notice-hostile", to(bas, complaint.Letter{Kind: complaint.LetterNotice}), plain, wild},
		{"copy", to(dewi, complaint.Letter{Kind: complaint.LetterCopy, Next: takes}), plain, original()},
		{"copy-deputy", to(bas, complaint.Letter{Kind: complaint.LetterCopy, AsksOwner: true}), plain, calm},
		{"followup", to(bas, complaint.Letter{Kind: complaint.LetterFollowup, Next: takes}), plain, calm},
		{"followup-unproven", to(bas, complaint.Letter{Kind: complaint.LetterFollowup, Unproven: true, AfterClose: true}), closed, calm},
		{"undelivered", to(bas, complaint.Letter{Kind: complaint.LetterUndelivered, Next: takes,
			Lost: complaint.Loss{Letter: complaint.LetterAcknowledgement, To: jan.Address, Why: complaint.Bounced}}), plain, Original{}},
		{"undelivered-closing", to(bas, complaint.Letter{Kind: complaint.LetterUndelivered, Next: takes,
			Lost: complaint.Loss{Letter: complaint.LetterClosing, To: jan.Address, Why: complaint.Uncertain}}), plain, Original{}},
		{"reminders", to(bas, complaint.Letter{Kind: complaint.LetterReminders, Filtered: 2, Reminders: []complaint.Reminder{
			late("K2026-482931", complaint.React, "2026-11-20", true, true), late("K2026-111118", complaint.Resolve, "2026-11-30", false, false)}}), complaint.Case{}, Original{}},
		{"alarm", to(complaint.Party{Address: "beheer@academie.example"}, complaint.Letter{Kind: complaint.LetterAlarm,
			Alarm: complaint.Alarm{Kind: complaint.AlarmHeld, Count: 31}}), complaint.Case{}, Original{}},
	}, toComplainantSamples(), staffSamples(), answerSamples())
}

// Each letter looks as it did when somebody last looked at it, in both forms of
// address (go test -run Goldens ./internal/letter -update).
func TestGoldens(t *testing.T) {
	for _, formal := range []bool{false, true} {
		b := newBook(t, formal)
		for _, s := range sampleLetters() {
			name := s.name
			if formal {
				name += "-u"
			}
			t.Run(name, func(t *testing.T) {
				p := open(t, write(t, b, s))
				compare(t, name+".txt", p.head+"\n"+p.text)
				compare(t, name+".html", p.html)
			})
		}
	}
}

func compare(t *testing.T, name, got string) {
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
		t.Errorf("%s is not as it was; look at it, and run with -update\n%s", path, got)
	}
}

func write(t testing.TB, b *Book, s sample) []byte {
	t.Helper()
	e := b.coded(s.l, s.c)
	e.ID, e.Date, e.InReplyTo = envelope.ID, envelope.Date, ""
	if s.l.Kind == complaint.LetterAcknowledgement {
		e.InReplyTo = s.o.MessageID
	}
	m, err := b.Write(s.l, s.c, s.o, e)
	if err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	if m.EnclosedAt == 0 {
		return m.Raw
	}
	return slices.Insert(m.Raw, m.EnclosedAt, s.o.Enclosed.Bytes()...)
}

// An opened mail, read by the standard library and not by what wrote it.
type opened struct {
	header     mail.Header
	head       string // as written, unfolded nowhere
	text, html string
	files      []string // names
	types      []string
}

func open(t testing.TB, raw []byte) opened {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(raw), "\r\n\r\n")
	o := opened{header: m.Header, head: strings.ReplaceAll(head, "\r\n", "\n") + "\n"}
	o.read(t, m.Header.Get("Content-Type"), m.Body)
	return o
}

func (o *opened) read(t testing.TB, kind string, body io.Reader) {
	t.Helper()
	_, params, err := mime.ParseMediaType(kind)
	if err != nil {
		t.Fatal(err)
	}
	for parts := multipart.NewReader(body, params["boundary"]); ; {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		name, _ := new(mime.WordDecoder).DecodeHeader(p.FileName())
		kind, _, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case kind == "multipart/alternative":
			o.read(t, p.Header.Get("Content-Type"), p)
		case name != "":
			o.files, o.types = append(o.files, name), append(o.types, kind)
		default:
			data, err := io.ReadAll(quotedprintable.NewReader(p))
			if err != nil {
				t.Fatal(err)
			}
			text := strings.ReplaceAll(string(data), "\r\n", "\n")
			if kind == "text/html" {
				o.html = text
			} else {
				o.text = text
			}
		}
	}
}
