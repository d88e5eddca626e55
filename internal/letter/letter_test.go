package letter

import (
	"bytes"
	"crypto/rand"
	"regexp"
	"slices"
	"strings"
	"testing"

	"klachtd/internal/complaint"
)

// security.md 15, 21, K: the marks of automatic mail, a subject of fixed words
// and the number, one recipient, our own id among the references.
func TestHeaders(t *testing.T) {
	fixed := regexp.MustCompile(`^[A-Za-z :-]+( \[K2026-482931\])?$`)
	for _, s := range everyLetter(t) {
		h := open(t, write(t, s.book, filled(s.sample, hostile))).header
		want := "auto-generated"
		suppress := "All"
		switch s.l.Kind {
		case complaint.LetterAcknowledgement:
			want = "auto-replied"
		case complaint.LetterReply, complaint.LetterDelay, complaint.LetterClosing: // a person's
			want, suppress = "", ""
		}
		if got := h.Get("Auto-Submitted"); got != want {
			t.Errorf("%s: Auto-Submitted: %s", s.name, got)
		}
		if got := h.Get("X-Auto-Response-Suppress"); got != suppress {
			t.Errorf("%s: X-Auto-Response-Suppress: %s", s.name, got)
		}
		for _, name := range []string{"Precedence", "User-Agent", "X-Mailer", "Reply-To", "Cc", "Bcc"} {
			if h.Get(name) != "" {
				t.Errorf("%s: has %s", s.name, name)
			}
		}
		if got := h.Get("Subject"); !fixed.MatchString(got) {
			t.Errorf("%s: Subject: %s", s.name, got)
		}
		to, err := h.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != s.l.To.Address {
			t.Errorf("%s: To %v, %v", s.name, to, err)
		}
		if id := "<" + envelope.ID + ">"; h.Get("Message-ID") != id || !strings.HasSuffix(h.Get("References"), id) {
			t.Errorf("%s: Message-ID %s, References %s", s.name, h.Get("Message-ID"), h.Get("References"))
		}
	}
}

// security.md 14: the sender's Message-ID goes in only when it is one.
func TestForeignIDs(t *testing.T) {
	b := newBook(t, false)
	s := sampleLetters()[0]
	for id, fits := range map[string]bool{
		"a.b-c@voorbeeld.example": true, "CA+x=_y/z@mail.voorbeeld.example": true, "x@[192.0.2.1]": true, "x@[IPv6:2001:db8::1]": true,
		strings.Repeat("a", 245) + "@b.nl": true, strings.Repeat("a", 246) + "@b.nl": false,
		"": false, "a": false, "a@": false, "@b": false, "a b@c": false, "a@b@c": false, "a..b@c": false, "a@b>\r\nBcc: <x@y": false,
		"\"a b\"@c": false, "é@c": false, "a@b c": false, "a@[]": false, "<a@b": false,
	} {
		e := envelope
		e.InReplyTo = id
		m, err := b.Write(s.l, s.c, s.o, e)
		if err != nil {
			t.Errorf("%q: %v", id, err)
			continue
		}
		h := open(t, m.Raw).header
		if got := h.Get("In-Reply-To") == "<"+id+">"; got != fits {
			t.Errorf("%q: In-Reply-To %q", id, h.Get("In-Reply-To"))
		}
		if got := strings.HasPrefix(h.Get("References"), "<"+id+"> "); got != fits {
			t.Errorf("%q: References %q", id, h.Get("References"))
		}
		checkBytes(t, id, m.Raw)
	}
	if e := (Envelope{ID: envelope.ID, References: []string{"a@b", "kapot>", "c@d"}, InReplyTo: "c@d"}); true {
		m, err := b.Write(s.l, s.c, s.o, e)
		if err != nil {
			t.Fatal(err)
		}
		if got := open(t, m.Raw).header.Get("References"); got != "<a@b> <c@d> <"+envelope.ID+">" {
			t.Errorf("References %s", got)
		}
	}
}

// security.md 2: what is no plain address is not written to, and errors name nobody (23).
func TestRecipients(t *testing.T) {
	b := newBook(t, false)
	s := sampleLetters()[0]
	for _, to := range []string{"", "jan", "\"x> ORCPT=rfc822;a\"@y.example", "jan@voorbeeld.example, piet@y.example", "jan@voorbeeld.example\r\nBcc: x@y", "jan@192.0.2.1", "jän@x.example"} {
		s.l.To = complaint.Party{Name: "Jan", Address: to}
		_, err := b.Write(s.l, s.c, s.o, envelope)
		if err == nil || to != "" && strings.Contains(err.Error(), to) {
			t.Errorf("%q: %v", to, err)
		}
	}
	for _, id := range []string{"", "a b@c", "a=@b", "a@b\r\n"} {
		if _, err := b.Write(sampleLetters()[0].l, s.c, s.o, Envelope{ID: id}); err == nil {
			t.Errorf("Message-ID %q was taken", id)
		}
	}
}

// security.md 36: the same letter is the same bytes, with and without attachments.
func TestSameBytes(t *testing.T) {
	one, two := newBook(t, false), newBook(t, false)
	for _, s := range sampleLetters() {
		if !bytes.Equal(write(t, one, s), write(t, two, s)) {
			t.Errorf("%s: differs", s.name)
		}
	}
}

// security.md 8, 9: originals to 10 MB, programs never, the rest by name and why.
func TestAttachments(t *testing.T) {
	half := make([]byte, 6_000_000)
	list, along := choose([]Attachment{
		{Name: "a.pdf", ContentType: "application/pdf", Size: 6_000_000, Data: half}, {Name: "b.pdf", Size: 6_000_000, Data: half},
		{Name: "c.jpg", ContentType: "IMAGE/JPEG", Size: 1, Data: []byte("x")}, {Name: "d.pdf.EXE. ", Size: 1, Data: []byte("x")},
		{Name: "e.pdf", ContentType: "Application/X-MSDownload", Size: 1, Data: []byte("x")}, {Name: "f\u202efdp.js", Size: 1, Data: []byte("x")},
		{Name: "../../winmail.dat", ContentType: "application/ms-tnef", Size: 1, Data: []byte("x")},
		{Name: "weg.jpg", Size: 9}, {Name: "mail.eml", ContentType: "message/rfc822", Size: 1, Data: []byte("x")},
		{Name: "pagina.html", ContentType: "text/html", Size: 1, Data: []byte("x")}, {ContentType: "x/y; charset=z", Size: 1, Data: []byte("x")},
		{Name: strings.Repeat("é", 400) + ".pdf", Size: 1, Data: []byte("x")}, {Name: "leeg.txt", ContentType: "text/plain"},
	})
	var got, left []string
	for _, f := range along {
		got = append(got, f.Name[:min(len(f.Name), 12)]+" "+f.ContentType)
	}
	for _, f := range list {
		left = append(left, string(f.Left))
	}
	want := []string{"a.pdf application/pdf", "c.jpg image/jpeg", "winmail.dat application/ms-tnef", "mail.eml application/octet-stream",
		"pagina.html application/octet-stream", "bijlage application/octet-stream", "éééééé application/octet-stream", "leeg.txt text/plain"}
	if !slices.Equal(got, want) {
		t.Errorf("along %q, want %q", got, want)
	}
	if want := []string{"", "size", "", "executable", "executable", "executable", "", "missing", "", "", "", "", ""}; !slices.Equal(left, want) {
		t.Errorf("left %q, want %q", left, want)
	}
	if !list[6].Winmail || list[6].Name != "winmail.dat" {
		t.Errorf("winmail: %+v", list[6])
	}
	s := sampleLetters()[2]
	s.o.Enclosed = enclose(along...)
	raw := write(t, newBook(t, false), s)
	checkBytes(t, "attachments", raw)
	if o := open(t, raw); len(o.files) != len(along) || o.files[0] != "a.pdf" {
		t.Errorf("files %q", o.files)
	}
}

// Ten thousand lines do not make a mail of ten thousand lines.
func TestLongText(t *testing.T) {
	s := sampleLetters()[1]
	s.o.Text, s.o.Subject = strings.Repeat("é", maxText), strings.Repeat("S", 16<<10)
	o := open(t, write(t, newBook(t, false), s))
	if len(o.text) > maxText+4096 || !strings.Contains(o.text, "De tekst is langer") || strings.Contains(o.text, "\ufffd") {
		t.Errorf("%d bytes", len(o.text))
	}
}

func TestNewID(t *testing.T) {
	ok := regexp.MustCompile(`^[a-z2-7]{26}@academie\.example$`)
	one, err := NewID(rand.Reader, "academie.example")
	two, _ := NewID(rand.Reader, "academie.example")
	if err != nil || !ok.MatchString(one) || one == two {
		t.Errorf("%q, %q, %v", one, two, err)
	}
	for _, domain := range []string{"", "a b", "x>\r\nBcc: y", "é.nl"} {
		if _, err := NewID(rand.Reader, domain); err == nil {
			t.Errorf("%q was taken", domain)
		}
	}
	if _, err := NewID(strings.NewReader("short"), "academie.example"); err == nil {
		t.Error("too few bits were taken")
	}
}

func BenchmarkAcknowledgement(b *testing.B) { benchmark(b, 0) }
func BenchmarkNotice(b *testing.B)          { benchmark(b, 1) }

func benchmark(b *testing.B, n int) {
	book, s := newBook(b, false), sampleLetters()[n]
	b.ReportAllocs()
	for b.Loop() {
		write(b, book, s)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		newBook(b, false)
	}
}
