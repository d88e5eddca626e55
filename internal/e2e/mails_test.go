package e2e

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"klachtd/internal/peers"
)

var letters atomic.Int64 // so that each has a Message-ID of its own

// letter completes a mail: the head may hold any field, the rest is as usual.
func letter(head, body string) []byte {
	head = strings.TrimSpace(head)
	add := func(name, value string) {
		if !strings.Contains("\n"+strings.ToLower(head), "\n"+strings.ToLower(name)+":") {
			head += "\n" + name + ": " + value
		}
	}
	add("To", "<"+address+">")
	add("Date", time.Now().Format(time.RFC1123Z))
	add("Message-ID", fmt.Sprintf("<%d@post.example>", letters.Add(1)))
	add("MIME-Version", "1.0")
	add("Content-Type", "text/plain; charset=utf-8")
	add("Content-Transfer-Encoding", "8bit")
	return []byte(strings.ReplaceAll(head+"\n\n"+body+"\n", "\n", "\r\n"))
}

// grievance is a plain complaint.
func grievance(from, body string) []byte {
	return letter("From: "+from+"\nSubject: Klacht", body)
}

// absence is a notice that no person wrote.
func absence(from string) []byte {
	return letter("From: "+from+"\nSubject: Afwezig\nAuto-Submitted: auto-replied", "Ik ben met vakantie.")
}

// field is a decoded field of a mail.
func field(tb testing.TB, raw []byte, name string) string {
	tb.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		tb.Fatalf("%v in %q", err, raw)
	}
	value, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get(name))
	if err != nil {
		tb.Fatal(err)
	}
	return value
}

// words is a mail as text, its quoted-printable undone; good enough to look for words.
func words(raw []byte) string {
	text, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(raw)))
	if err != nil {
		return string(raw)
	}
	return string(text)
}

// to gives the mails to one address whose subject begins so.
func to(s *peers.Sink, who, subject string) []peers.Mail {
	return slices.DeleteFunc(s.To(who), func(m peers.Mail) bool {
		return !bytes.Contains(m.Raw, []byte("\nSubject: "+subject))
	})
}

// Beginnings of the subjects of our letters.
const (
	acknowledged = "Je klacht is ontvangen"
	noticed      = "Nieuwe klacht"
	copied       = "Kopie van een klacht"
	followed     = "Nieuw bericht bij een klacht"
	lost         = "Bericht niet aangekomen"
)

var aNumber = regexp.MustCompile(`K\d{4}-\d{6}`)

// want fails the test when a number is not what it should be.
func want(tb testing.TB, what string, got, want int) {
	tb.Helper()
	if got != want {
		tb.Errorf("%s: %d, want %d", what, got, want)
	}
}

// filed says how many mails stand in each folder, for one comparison.
func filed(d *peers.Dovecot, user string) string {
	return fmt.Sprintf("inbox %d, handled %d, automatic %d, spam %d, quarantine %d", d.Count(user, ""),
		d.Count(user, handled), d.Count(user, automatic), d.Count(user, spam), d.Count(user, quarantine))
}
