package message

import (
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
