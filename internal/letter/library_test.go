package letter

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/mail"
	"strings"
	"testing"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"klachtd/internal/complaint"
)

// wireOf is what a client of the library says to a server that takes everything.
func wireOf(t *testing.T, say func(c *smtp.Client) error) string {
	t.Helper()
	ours, theirs := net.Pipe()
	heard := make(chan string)
	go func() {
		defer theirs.Close()
		var all strings.Builder
		fmt.Fprint(theirs, "220 hallo\r\n")
		for lines := bufio.NewScanner(theirs); lines.Scan(); fmt.Fprint(theirs, "250 goed\r\n") {
			all.WriteString(lines.Text() + "\n")
		}
		heard <- all.String()
	}()
	c, err := smtp.NewClient(ours, "mx.voorbeeld.example")
	if err == nil {
		err = say(c)
	}
	ours.Close()
	wire := <-heard
	if err != nil {
		t.Fatal(err)
	}
	return wire
}

// security.md 2: the libraries take an address with parameters of SMTP in it and
// put it on the wire as it is; a mail of ours cannot be written to it.
func TestLibraryLetsParametersThrough(t *testing.T) {
	const evil = `"x> ORCPT=rfc822;y"@voorbeeld.example`
	parsed, err := mail.ParseAddress("Jan <" + evil + ">")
	if err != nil {
		t.Fatal("net/mail has learned: ", err)
	}
	if err := gomail.NewMsg().To(parsed.String()); err != nil {
		t.Fatal("go-mail has learned: ", err)
	}
	for _, to := range []string{evil, parsed.Address, "x@voorbeeld.example> NOTIFY=NEVER ORCPT=rfc822;<y"} {
		wire := wireOf(t, func(c *smtp.Client) error {
			if err := c.Mail("<klachten@academie.example>"); err != nil {
				return err
			}
			return c.Rcpt("<" + to + ">")
		})
		if !strings.Contains(wire, "RCPT TO:<"+to+">") {
			t.Errorf("the library has learned: %q", wire)
		}
		s := sampleLetters()[0]
		s.l.To = complaint.Party{Name: "Jan", Address: to}
		if _, err := newBook(t, false).Write(s.l, s.c, s.o, envelope); err == nil {
			t.Errorf("a mail to %q is written", to)
		}
	}
}

// security.md 3: the library writes a line end in the name of a field, in a value
// that is said to be ready, or in a Content-ID as it is; we give it none of those,
// and the same value in each place of a mail of ours makes no field.
func TestLibraryLetsLinesThrough(t *testing.T) {
	const evil = "a\r\nBcc: x@slachtoffer.example\r\nX: b"
	for name, fill := range map[string]func(m *gomail.Msg){
		"a name":       func(m *gomail.Msg) { m.SetGenHeader(gomail.Header(evil), "waarde") },
		"a value":      func(m *gomail.Msg) { m.SetGenHeaderPreformatted("X-Veld", evil) },
		"a Content-ID": func(m *gomail.Msg) { attach(t, m, evil) },
	} {
		m := gomail.NewMsg()
		fill(m)
		m.SetBodyString(gomail.TypeTextPlain, "tekst")
		var raw bytes.Buffer
		if _, err := m.WriteTo(&raw); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(raw.String(), "\r\nBcc: x@slachtoffer.example\r\n") {
			t.Errorf("%s: the library has learned", name)
		}
	}
	for _, s := range everyLetter(t) {
		raw := write(t, s.book, filled(s.sample, evil))
		head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
		if bytes.Contains(head, []byte("Bcc")) {
			t.Errorf("%s: a field of its own", s.name)
		}
		checkBytes(t, s.name, raw)
	}
	e := envelope
	e.InReplyTo, e.References = "a@b\r\nBcc: x@slachtoffer.example", []string{evil, "<a@b>\r\nBcc: x@slachtoffer.example"}
	s := sampleLetters()[0]
	m, err := newBook(t, false).Write(s.l, s.c, s.o, e)
	if err != nil || bytes.Contains(m.Raw, []byte("Bcc")) {
		t.Errorf("an id of the sender: %v\n%s", err, m.Raw)
	}
}

// attach gives the library a file with this Content-ID.
func attach(t *testing.T, m *gomail.Msg, id string) {
	t.Helper()
	if err := m.AttachReader("a.pdf", strings.NewReader("x"), gomail.WithFileContentID(id)); err != nil {
		t.Fatal(err)
	}
}

// What the library for mail takes for an address goes into RCPT TO as it stands,
// parameters and all; ours does not get so far (security.md 2).
func TestLibraryTakesParameters(t *testing.T) {
	b := newBook(t, false)
	s := sampleLetters()[0]
	for _, to := range []string{`"x> ORCPT=rfc822;y"@voorbeeld.example`, `"a b"@voorbeeld.example`, "a@[127.0.0.1]"} {
		m := gomail.NewMsg()
		if err := m.To(to); err != nil {
			t.Errorf("the library has become strict: %q: %v", to, err)
		}
		s.l.To = complaint.Party{Address: to}
		if _, err := b.Write(s.l, s.c, s.o, envelope); err == nil {
			t.Errorf("%q was written to", to)
		}
	}
}
