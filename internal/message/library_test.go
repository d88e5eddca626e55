package message

import (
	"mime"
	"net/mail"
	"strings"
	"testing"

	gomessage "github.com/emersion/go-message"
	gomail "github.com/emersion/go-message/mail"
)

// security.md 5: the library's reader of ids takes time that grows with the square
// of the parentheses. Our own goes through a field once, and before that a field is
// cut at 16 KiB: it is done with the same message, read many times over, before the
// library is with one.
func TestLibraryIsQuadratic(t *testing.T) {
	const n, times = 96 << 10, 5
	value := strings.Repeat("(", n)
	library := make(chan struct{})
	go func() {
		defer close(library)
		var h gomessage.Header
		h.Set("Message-Id", value)
		_, _ = (&gomail.Header{Header: h}).MessageID() // an error, some seconds later
	}()
	raw := []byte("From: jan@post.example\nMessage-ID: " + value + "\nReferences: " + value + "\nTo: " + value + "\n\nTekst.")
	for range times {
		if m := Parse(raw); m.Problem != fieldTooLarge || m.Text != "Tekst." {
			t.Fatalf("got %q, %q", m.Problem, m.Text)
		}
	}
	select {
	case <-library:
		t.Error("the library was faster: it has learned, or we have forgotten")
	default:
	}
	<-library
}

// security.md 1, 2: the library gives one sender where there are none or two, and
// takes quoted commands for an address.
func TestLibraryLetsSendersThrough(t *testing.T) {
	if a, err := mail.ParseAddress(`"x> ORCPT=rfc822;y"@post.example`); err != nil || (Address{Address: a.Address}).Valid() {
		t.Errorf("net/mail: %v, %v", a, err)
	}
	m, err := mail.ReadMessage(strings.NewReader("From: jan@post.example\nFrom: piet@post.example\n\n"))
	if err != nil {
		t.Fatal(err)
	}
	if list, err := m.Header.AddressList("From"); err != nil || len(list) != 1 {
		t.Errorf("net/mail has learned: %v, %v", list, err)
	}
	ours := Parse([]byte("From: jan@post.example\nFrom: piet@post.example\n\n"))
	if ours.FromFields != 2 || len(ours.From) != 2 {
		t.Errorf("got %d fields, %v", ours.FromFields, ours.From)
	}
}

// The standard library reads these as addresses; as one to write to they are refused
// (security.md 2).
func TestLibraryTakesAddresses(t *testing.T) {
	for _, s := range []string{`"x> ORCPT=rfc822;y"@voorbeeld.example`, `"a b"@voorbeeld.example`, "a@[127.0.0.1]"} {
		if _, err := mail.ParseAddress("<" + s + ">"); err != nil {
			t.Errorf("the library has become strict: %q: %v", s, err)
		}
		m := Parse([]byte("From: <" + s + ">\r\n\r\nx"))
		if len(m.From) == 1 && m.From[0].Valid() {
			t.Errorf("%q may be written to", s)
		}
	}
}

// An encoded word may hold line ends, and the library gives them out; what is read
// from a field here holds none (security.md 3).
func TestLibraryDecodesLineEnds(t *testing.T) {
	const word = "=?utf-8?q?Klacht=0D=0ABcc:_x@evil.example?="
	got, err := new(mime.WordDecoder).DecodeHeader(word)
	if err != nil || !strings.Contains(got, "\r\n") {
		t.Errorf("the library has become strict: %q, %v", got, err)
	}
	m := Parse([]byte("From: =?utf-8?q?Jan=0D=0AX:_y?= <jan@voorbeeld.example>\r\nSubject: " + word + "\r\n\r\nx"))
	if strings.ContainsAny(m.Subject+m.From[0].Name, "\r\n") {
		t.Errorf("%q from %q", m.Subject, m.From[0].Name)
	}
}

// The parser of addresses goes over a field again for each level of comments: what
// it gets is bounded before (security.md 4), whatever version it is of.
func TestLibraryGetsLittle(t *testing.T) {
	for _, bomb := range []string{strings.Repeat("(", 1<<20), strings.Repeat("a@b.example,", 1<<17), strings.Repeat("\"", 1<<20)} {
		m := Parse([]byte("From: jan@voorbeeld.example\r\nTo: " + bomb + "\r\nSubject: Klacht\r\n\r\nx"))
		if !m.Limit {
			t.Errorf("%.20s…: parsed whole: %q", bomb, m.Problem)
		}
	}
}
