// Package letter puts a decision's letter into words: template, text and HTML,
// MIME bytes, Message-ID. Who is written to, and when, was decided elsewhere.
package letter

import (
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/template"
	"time"

	"klachtd/internal/complaint"
)

// An Academy is what the mails say about the academy itself.
type Academy struct {
	Name       string
	Phone      string // of the binnendienst; may be empty, as may Hours, PrivacyURL and Office
	Hours      string
	PrivacyURL string
	Formal     bool     // u instead of je
	Language   Language // of the mails, where a case has no other; empty: Dutch
	Zone       *time.Location
	From       complaint.Party // the sender of all our mail
	Office     []string        // names of the binnendienst
	Spam       string          // the folder of what was put aside; empty: Klachten/Spam
	Quarantine string          // and of what could not be read; empty: Klachten/Quarantaine

	Names          func(address string) string // of staff, by address or alias; "" for others; nil: nobody is known
	ExternalBodies []ExternalBody              // where C may go who is not satisfied (procedure.md 2)
	Categories     []string                    // what `#categorie` chooses from, and `#oorzaak`; shown beside their buttons
	Causes         []string
	ExtensionDays  int // default_extension_days; 0: 14
}

// An ExternalBody handles complaints about the academy.
type ExternalBody struct {
	Name       string
	Address    string // of the post, or what else one needs to find it; may be empty, as may URL and Fee
	URL        string
	Fee        string
	VerifiedOn complaint.Day // when somebody last looked whether this is right; "" when not known
}

// An Attachment came with the complainant's message.
type Attachment struct {
	Name        string
	ContentType string
	Size        int64
	Data        []byte
	Read        func() []byte // gives Data once it is known that it goes along; nil: Data is there
}

// An Original is the message that a letter is about, as far as it may be shown.
// Everything in it comes from outside.
type Original struct {
	From       complaint.Party
	Subject    string
	Text       string
	At         time.Time
	MessageID  string
	Enclosed   Enclosure // what was attached
	OthersInCc []string
	Pictures   []Picture // of a digest: what its figures look like
}

// An Envelope is what makes two letters of the same words different mails.
type Envelope struct {
	ID         string // Message-ID, without brackets as all ids here
	Date       time.Time
	InReplyTo  string
	References []string

	Buttons       []Button // of Book.Buttons, for the same Date; nil: made here
	Codes         []string // of the buttons, as many as there are, in their order
	ChallengeCode string   // of a challenge: what `#ja` is to be followed by; Letter.Receipt.Lines are the commands
}

// A Mail is a letter as it is stored and sent.
type Mail struct {
	Subject    string
	Raw        []byte // without the enclosure
	EnclosedAt int    // where in Raw the bytes of Original.Enclosed belong; 0: nowhere
}

// A Book holds the templates, ready for use. It may be used by several at once.
type Book struct {
	language Language // where a case has no other
	editions map[Language]*edition
}

// An edition is the mails in one language.
type edition struct {
	language Language
	academy  Academy
	mails    map[complaint.LetterKind]*template.Template
	own      map[string]bool // files that are the academy's
}

var (
	errKind      = errors.New("there is no template of that name")
	errRecipient = errors.New("not an address that may be written to")
	errID        = errors.New("not a usable Message-ID")
	errShape     = errors.New("not the parts that were expected")
	errDomain    = errors.New("not the name of a domain")
	errLanguage  = errors.New("not a language that there are mails in")
	errCodes     = errors.New("not a code for each button")
)

// in is the edition that a letter is written in: one language for all, but for C
// the one of the case (procedure.md 3, taal).
func (b *Book) in(l complaint.Letter, c complaint.Case) *edition {
	if e := b.editions[Language(c.Language)]; e != nil && toComplainant(l.Kind) {
		return e
	}
	return b.editions[b.language]
}

// Write words a letter. The same arguments give the same bytes.
func (b *Book) Write(l complaint.Letter, c complaint.Case, o Original, e Envelope) (Mail, error) {
	return b.in(l, c).write(l, c, o, e)
}

func (b *edition) write(l complaint.Letter, c complaint.Case, o Original, e Envelope) (Mail, error) {
	p, encloses, err := b.fill(l, c, o, e)
	if err != nil {
		return Mail{}, fmt.Errorf("write %s: %w", l.Kind, err)
	}
	m := Mail{Subject: subject(p)}
	if m.Raw, err = b.compose(l, p, e, o.MessageID); err != nil {
		return Mail{}, fmt.Errorf("write %s: %w", l.Kind, err)
	}
	if len(o.Pictures) > 0 {
		if m.Raw, err = withPictures(m.Raw, o.Pictures, e); err != nil {
			return Mail{}, fmt.Errorf("write %s: %w", l.Kind, err)
		}
	}
	if l.Kind == complaint.LetterAccount && o.Enclosed.Bytes() != nil { // of no case: it goes along as it is
		with, at, err := o.Enclosed.around(m.Raw)
		if err != nil {
			return Mail{}, fmt.Errorf("write %s: %w", l.Kind, err)
		}
		m.Raw = slices.Insert(with, at, o.Enclosed.Bytes()...)
		return m, nil
	}
	if encloses && o.Enclosed.Bytes() != nil {
		if m.Raw, m.EnclosedAt, err = o.Enclosed.around(m.Raw); err != nil {
			return Mail{}, fmt.Errorf("write %s: %w", l.Kind, err)
		}
	}
	return m, nil
}

// fill executes the template of a letter and reads what came out. It reports
// whether the attachments go along.
func (b *edition) fill(l complaint.Letter, c complaint.Case, o Original, e Envelope) (page, bool, error) {
	t := b.mails[l.Kind]
	if t == nil {
		return page{}, false, errKind
	}
	data, err := b.data(l, c, o, e)
	if err != nil {
		return page{}, false, err
	}
	var out strings.Builder
	out.Grow(4096 + 2*min(len(o.Text), maxText) + 2*len(l.Body))
	if err := t.Execute(&out, data); err != nil {
		return page{}, false, err
	}
	p := read(out.String())
	p.language, p.pictures = b.language, picturesOf(o, e)
	return p, carries(l.Kind) && (fromC(l.Kind) || l.Files > 0), nil
}

// subject leaves the brackets out where there is no number.
func subject(p page) string {
	return strings.TrimSpace(strings.Replace(unmark(p.subject), "[]", "", 1))
}

// NewID draws a Message-ID with 128 random bits (security.md, K), without brackets.
func NewID(random io.Reader, domain string) (string, error) {
	var bits [16]byte
	if _, err := io.ReadFull(random, bits[:]); err != nil {
		return "", fmt.Errorf("new message id: %w", err)
	}
	if !isHost(domain) {
		return "", fmt.Errorf("new message id: %w", errDomain)
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(bits[:])) + "@" + domain, nil
}
