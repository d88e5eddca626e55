package letter

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"

	"klachtd/internal/complaint"
)

// A digest shows its charts in the mail itself: each picture is there under the name
// that the HTML asks for, has words for who sees none, and stands in the text part
// as lines. What is empty is a sentence (RFC 2387, RFC 2392).
func TestPictures(t *testing.T) {
	b := newBook(t, false)
	png := bytes.Repeat([]byte("png"), 500)
	o := Original{Pictures: []Picture{
		{Name: "open", Title: "Open klachten", Words: "Eén klacht is \"te laat\".", Bars: []string{"███ K2026-482931: 3 dagen", "█ nog een"}, PNG: png, Width: 340},
		{Name: "year", Title: "Het jaar", Words: "Er kwam nog geen klacht."},
	}}
	l := complaint.Letter{Kind: complaint.LetterDigest, To: dewi, Digest: sampleWeek(), Next: orders(complaint.OrderList)}
	m, err := b.Write(l, complaint.Case{}, o, withCodes(b, l))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	leaves(t, m.Raw, parts)
	html, text := parts["text/html"], parts["text/plain"]
	for _, want := range []string{`src="cid:open.` + envelope.ID + `"`, `alt="Open klachten. Eén klacht is &#34;te laat&#34;."`, "<p>Er kwam nog geen klacht.</p>"} {
		if !strings.Contains(html, want) {
			t.Errorf("the HTML lacks %s", want)
		}
	}
	for _, want := range []string{"Open klachten\n-------------\n\n███ K2026-482931: 3 dagen\n█ nog een", "Het jaar\n--------\n\nEr kwam nog geen klacht."} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, text)
		}
	}
	if parts["<open."+envelope.ID+">"] != string(png) || len(parts) != 3 {
		t.Errorf("%d parts, the picture %d bytes", len(parts), len(parts["<open."+envelope.ID+">"]))
	}
}

// withCodes is the envelope of the tests with a code for each button.
func withCodes(b *Book, l complaint.Letter) Envelope {
	e := coded(b.Buttons(l, complaint.Case{}, envelope.Date))
	e.ID, e.Date = envelope.ID, envelope.Date
	return e
}

// leaves gathers the parts of a mail that hold no others, by their Content-ID or type.
func leaves(t *testing.T, raw []byte, into map[string]string) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	leavesIn(t, m.Header.Get("Content-Type"), m.Body, into)
}

func leavesIn(t *testing.T, kind string, body io.Reader, into map[string]string) {
	t.Helper()
	_, params, err := mime.ParseMediaType(kind)
	if err != nil {
		t.Fatal(err)
	}
	for parts := multipart.NewReader(body, params["boundary"]); ; {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if strings.HasPrefix(name, "multipart/") {
			leavesIn(t, p.Header.Get("Content-Type"), p, into)
			continue
		}
		var from io.Reader = p
		if p.Header.Get("Content-Transfer-Encoding") == "base64" {
			from = base64.NewDecoder(base64.StdEncoding, p)
		}
		data, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		if id := p.Header.Get("Content-ID"); id != "" {
			name = id
		}
		into[name] = strings.ReplaceAll(string(data), "\r\n", "\n")
	}
}
