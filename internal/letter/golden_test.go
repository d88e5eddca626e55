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
	return newBookIn(t, academy(formal), Dutch)
}

func newBookIn(t testing.TB, a Academy, in Language) *Book {
	t.Helper()
	a.Language = in
	b, err := New(nil, a)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var envelope = Envelope{ID: "q3f5example@academie.example", Date: galleryTime}

// enclose draws the same boundary each time.
func enclose(all ...Attachment) Enclosure {
	e, err := Enclose(all, strings.NewReader(strings.Repeat("b", 30)))
	if err != nil {
		panic(err)
	}
	return e
}

// sampleLetters are those of the gallery, and one whose sender tries everything.
func sampleLetters() []sample { return sampleLettersIn(Dutch) }

func sampleLettersIn(in Language) []sample {
	list, err := galleryOf(in)
	if err != nil {
		panic(err)
	}
	wild := play(in).original()
	wild.From.Name, wild.Subject, wild.Text, wild.OthersInCc = hostile, hostile, hostile, []string{hostile}
	wild.Enclosed = enclose(Attachment{Name: hostile, ContentType: "text/html\r\nX: y", Size: 1, Data: []byte("x")})
	return append(list, sample{"notice-hostile", complaint.Letter{Kind: complaint.LetterNotice, To: bas}, openCase(), wild})
}

func play(in Language) scene {
	s, err := sceneOf(in)
	if err != nil {
		panic(err)
	}
	return s
}

// Each letter looks as it did when somebody last looked at it, in both forms of
// address and in English (go test -run Goldens ./internal/letter -update).
func TestGoldens(t *testing.T) {
	for _, tt := range []struct {
		suffix string
		formal bool
		in     Language
	}{{"", false, Dutch}, {"-u", true, Dutch}, {"-en", false, English}} {
		b := newBookIn(t, academy(tt.formal), tt.in)
		for _, s := range sampleLettersIn(tt.in) {
			name := s.name + tt.suffix
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
	e := coded(b.Buttons(s.l, s.c, envelope.Date))
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
