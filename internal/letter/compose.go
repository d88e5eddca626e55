package letter

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"mime/quotedprintable"
	netmail "net/mail"
	"slices"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"klachtd/internal/complaint"
)

// compose makes the bytes of a mail (RFC 5322, RFC 2046): lines below 998 bytes,
// CRLF alone, 7 bits (security.md 3), one recipient (36).
func (b *edition) compose(l complaint.Letter, p page, e Envelope, replyTo string) ([]byte, error) {
	if !isPlainID(e.ID) {
		return nil, errID
	}
	if !validAddress(l.To.Address) {
		return nil, errRecipient
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(mailbox(b.academy.From))
	to := l.To
	if l.Kind.ToComplainant() && l.Kind.Automatic() {
		to.Name = "" // the sender chose it (security.md 14)
	}
	m.ToMailAddress(mailbox(to))
	m.Subject(subject(p))
	m.SetDateWithValue(e.Date.In(b.academy.Zone))
	m.SetMessageIDWithValue(e.ID)
	thread(m, e)
	declare(m, l.Kind)

	text, html := p.text(), p.html()
	var raw bytes.Buffer
	raw.Grow(2048 + len(text) + len(html) + len(html)/4)
	if _, err := m.WriteTo(&raw); err != nil {
		return nil, fmt.Errorf("compose: %w", err)
	}
	writeParts(&raw, boundary("alternative", e.ID), text, html)
	return raw.Bytes(), nil
}

// writeParts ends a header and writes what is the same in two forms (RFC 2046,
// 5.1.4). go-mail could: by way of four buffers for each of them, which was a
// tenth of what it takes to register a complaint.
func writeParts(raw *bytes.Buffer, boundary, text, html string) {
	fmt.Fprintf(raw, "Content-Type: multipart/alternative;\r\n boundary=%s\r\n", boundary)
	for _, part := range [...]struct{ kind, words string }{{"plain", text}, {"html", html}} {
		fmt.Fprintf(raw, "\r\n--%s\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Type: text/%s; charset=UTF-8\r\n\r\n", boundary, part.kind)
		writeQuoted(raw, part.words)
	}
	fmt.Fprintf(raw, "\r\n--%s--\r\n", boundary)
}

// writeQuoted writes words as quoted-printable (RFC 2045, 6.7), piece by piece: the
// encoder takes no string.
func writeQuoted(raw *bytes.Buffer, words string) {
	var piece [1024]byte
	quoted := quotedprintable.NewWriter(raw)
	for words != "" {
		n := copy(piece[:], words)
		_, _ = quoted.Write(piece[:n]) // a buffer takes it all
		words = words[n:]
	}
	_ = quoted.Close()
}

// mailbox leaves out of a name what has no place in a header.
func mailbox(p complaint.Party) *netmail.Address {
	name := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && unseen(r) {
			return -1
		}
		return r
	}, p.Name)
	return &netmail.Address{Name: name[:cutAt(name+" ", min(len(name), 100))], Address: p.Address}
}

// thread ties a mail to what it answers and to what went before. A foreign id
// goes in only when it is one; our own always does, since some providers replace
// Message-IDs (security.md 14, K).
func thread(m *gomail.Msg, e Envelope) {
	var refs []string
	for _, id := range append(slices.Clone(e.References), e.InReplyTo) {
		if validID(id) && !slices.Contains(refs, "<"+id+">") {
			refs = append(refs, "<"+id+">")
		}
	}
	if validID(e.InReplyTo) {
		m.SetGenHeader(gomail.HeaderInReplyTo, "<"+e.InReplyTo+">")
	}
	m.SetGenHeader(gomail.HeaderReferences, strings.Join(append(refs, "<"+e.ID+">"), " "))
}

// declare says that no person wrote this, and asks for no answer by a machine
// (RFC 3834 5, MS-OXCMAIL; security.md 15).
func declare(m *gomail.Msg, k complaint.LetterKind) {
	if !k.Automatic() {
		return
	}
	automatic := "auto-generated"
	if k == complaint.LetterAcknowledgement {
		automatic = "auto-replied"
	}
	m.SetGenHeader(gomail.Header("Auto-Submitted"), automatic)
	m.SetGenHeader(gomail.Header("X-Auto-Response-Suppress"), "All")
}

// boundary is made from the Message-ID: the same letter gives the same bytes, and
// no sender can guess it. 60 characters, as many as go-mail draws.
func boundary(part, id string) string {
	sum := sha256.Sum256([]byte(part + " " + id))
	return hex.EncodeToString(sum[:30])
}
