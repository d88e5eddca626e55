// Package letter puts a decided letter into words: template, text and HTML, MIME
// bytes, Message-ID. Text and HTML are made from one source, so that they cannot
// say different things. Whether and to whom a letter goes is decided elsewhere.
package letter

import (
	"encoding/base32"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"text/template"
	"time"

	"klachtd/internal/complaint"
	"klachtd/templates"
)

// Academy is what the mails say of the academy itself.
type Academy struct {
	Name       string
	Phone      string // of the binnendienst; may be empty, as may Hours and PrivacyURL
	Hours      string
	PrivacyURL string
	Formal     bool // u instead of je
	Zone       *time.Location
	From       complaint.Party // whom the mails come from
	Office     []string        // names of the binnendienst
}

// An Original is what a letter may show of the message that it is about. The
// acknowledgement shows nothing of it.
type Original struct {
	From        complaint.Party
	Subject     string
	Text        string
	At          time.Time
	MessageID   string
	Attachments []Attachment
	OthersInCc  []string // shown to the binnendienst, never written to (security.md 18)
}

// An Attachment is a file of the message.
type Attachment struct {
	Name        string
	ContentType string
	Size        int64
	Data        []byte
}

// An Envelope is what makes this mail this one.
type Envelope struct {
	ID         string // Message-ID without angle brackets
	Date       time.Time
	InReplyTo  string   // left out when it is no proper Message-ID (security.md 14)
	References []string // of our own mails
}

// A Mail is a letter in words.
type Mail struct {
	Subject string
	Raw     []byte
}

// A Book holds the templates of all letters.
type Book struct {
	a     Academy
	forms map[complaint.LetterKind]*template.Template
}

// kinds are all letters there are.
var kinds = []complaint.LetterKind{complaint.LetterAcknowledgement, complaint.LetterNotice, complaint.LetterCopy,
	complaint.LetterFollowup, complaint.LetterUndelivered, complaint.LetterReminders, complaint.LetterAlarm}

// shared is the file with what several letters say.
const shared = "nl/shared.txt"

// New reads the templates, those of overrides in place of the built-in ones
// file by file, and writes each letter once with hostile sample data: a template
// that cannot be used is found now. overrides may be nil.
func New(overrides fs.FS, a Academy) (*Book, error) {
	b := &Book{a: a, forms: map[complaint.LetterKind]*template.Template{}}
	common, err := source(overrides, shared)
	if err != nil {
		return nil, err
	}
	for _, k := range kinds {
		name := "nl/" + string(k) + ".txt"
		text, err := source(overrides, name)
		if err != nil {
			return nil, err
		}
		t := template.New(name).Option("missingkey=error").Funcs(functions)
		if t, err = t.Parse(text); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		if _, err = t.New(shared).Parse(common); err != nil {
			return nil, fmt.Errorf("read %s: %w", shared, err)
		}
		b.forms[k] = t
	}
	return b, b.try()
}

// source returns the text of a template file. Comment lines begin with ##.
func source(overrides fs.FS, name string) (string, error) {
	var text []byte
	err := fs.ErrNotExist
	if overrides != nil {
		text, err = fs.ReadFile(overrides, name)
	}
	if overrides == nil || err != nil && isMissing(err) {
		text, err = fs.ReadFile(templates.FS, name)
	}
	if err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	return strings.ReplaceAll(string(text), "\r\n", "\n"), nil
}

// Write puts a letter into words. c is the case it is about, the zero Case for
// letters of no case.
func (b *Book) Write(l complaint.Letter, c complaint.Case, o Original, e Envelope) (Mail, error) {
	form, ok := b.forms[l.Kind]
	if !ok {
		return Mail{}, fmt.Errorf("write: no template for %q", l.Kind)
	}
	d, files := b.data(l, c, o)
	var text strings.Builder
	if err := form.Execute(&text, d); err != nil {
		return Mail{}, fmt.Errorf("write %s: %w", l.Kind, explain(err))
	}
	subject, blocks, err := parse(text.String())
	if err != nil {
		return Mail{}, fmt.Errorf("write %s: %w", l.Kind, err)
	}
	raw, err := b.compose(l, subject, renderText(blocks), renderHTML(subject, blocks), files, e)
	if err != nil {
		return Mail{}, fmt.Errorf("write %s: %w", l.Kind, err)
	}
	return Mail{Subject: subject, Raw: raw}, nil
}

// NewID returns a Message-ID with 128 random bits: who knows it has had the mail
// (security.md, K).
func NewID(random io.Reader, domain string) (string, error) {
	var bits [16]byte
	if _, err := io.ReadFull(random, bits[:]); err != nil {
		return "", fmt.Errorf("new Message-ID: %w", err)
	}
	word := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(bits[:])
	return strings.ToLower(word) + "@" + strings.ToLower(domain), nil
}
