// Package message reads raw mail into the few fields that klachtd uses: who,
// what, which words are new, what is attached, whether a person wrote it. It is
// total: any bytes give a Message. What a message means for a case, and whether
// its sender is who he says, is left to route and proof.
package message

import (
	"bytes"
	"io"
	"time"
)

// An Address is one mailbox of an address field. The local part is as it was
// written, the domain in lower case; Address is never empty, but may be nonsense:
// ask Valid before anything is sent to it.
type Address struct{ Name, Address string }

// An Attachment is what a person would call one.
type Attachment struct {
	Name        string // decoded and safe: no path, no control or bidi characters, never empty
	ContentType string // type/subtype in lower case
	Size        int64  // decoded bytes
	Inline      bool   // a picture shown in the body
	SHA256      string // of what is decoded, lower-case hex

	content content // where it is in the raw message
	words   string  // for the fingerprint: SHA256, but of text without regard to its line ends
}

// Open reads the content, decoded as far as it could be, out of the raw message
// that was given to Parse and that has to be there still, unchanged.
func (a Attachment) Open() io.Reader { return &contentReader{d: decoder{content: a.content}} }

// A Message is what klachtd sees in a mail. Everything in it comes from the
// sender, apart from Problem, and proves nothing.
type Message struct {
	Problem string // the class of what is wrong, "" when nothing; fixed words, never the input (security.md 23)
	Limit   bool   // Problem is a limit of security.md 4: a person looks at the original

	MessageID  string    // without angle brackets; "" when absent or not an id
	Date       time.Time // zero when absent or unreadable
	FromFields int       // From fields: more than one is never staff (security.md 1)
	FromHidden bool      // From is an address in an encoded word alone, which others do not see (RFC 2047 5): nobody's identity
	From       []Address // each mailbox of each From field
	To         []Address
	Cc         []Address
	ReplyTo    []Address
	Subject    string   // decoded, one line, no control characters
	InReplyTo  []string // ids without brackets, as are References
	References []string
	OriginalID string // X-Microsoft-Original-Message-ID: Exchange Online replaces ids

	NullReturn    bool // Return-Path: <>
	AutoSubmitted bool // any automatic mail (interface.md, auto_submitted)
	Certain       bool // certainly written by a machine: filed, not registered (security.md B)
	Suppress      bool // no automatic answer may go out (security.md 11)

	Bounce       bool   // a delivery report: failed, delayed or relayed
	BounceFor    string // the Message-ID of the mail that the report is about
	BounceFailed bool   // that mail will not arrive: not merely delayed, relayed or delivered
	Receipt      bool   // a read receipt (RFC 8098)
	List, Spam   bool   // interface.md
	Received     int    // number of Received fields

	Text        string  // the body as plain UTF-8, LF line ends
	NewText     string  // lines of Text: without quoted mail, forwarded headers, signature
	PassedOn    Address // who wrote what is passed on here, as the text has it; empty: nobody
	Attachments []Attachment
	Fingerprint [32]byte // over the content, not the trace (security.md 32)
}

// Limits of one message. Up to the first of each pair is ordinary mail, over it
// a person is told (security.md 4); the hard ones end the reading.
const (
	maxMessage   = 50 << 20
	maxHeader    = 256 << 10
	maxField     = 16 << 10
	maxParts     = 200
	hardMaxParts = 500
	maxDepth     = 10
	hardMaxDepth = 20
	maxText      = 8 << 20 // of text in all; a novel is one
)

// What can be wrong, in the words of Message.Problem.
const (
	tooLarge        = "message too large"
	headerTooLarge  = "header too large"
	fieldTooLarge   = "header field too large"
	tooManyParts    = "too many parts"
	tooDeep         = "parts nested too deep"
	textTooLong     = "text too long"
	noMessage       = "no message"
	noHeader        = "no header"
	brokenHeader    = "broken header"
	brokenMultipart = "broken multipart"
	brokenEncoding  = "broken transfer encoding"
	unknownEncoding = "unknown transfer encoding"
	unknownCharset  = "unknown charset"
	partOfMessage   = "part of a message"
)

// Parse reads a message, whatever it is, and never changes it. The attachments
// keep hold of raw, for Open.
func Parse(raw []byte) Message { return ParseMapped(raw, nil) }

// ParseMapped is Parse for a file that is mapped into memory: forget is called
// after each megabyte that was gone through, when the pages may be given back.
func ParseMapped(raw []byte, forget func()) Message {
	var m Message
	if len(raw) > maxMessage {
		raw = raw[:maxMessage]
		m.over(tooLarge)
	}
	if len(bytes.TrimSpace(raw)) == 0 {
		m.wrong(noMessage)
	}
	if bytes.IndexByte(raw, '\n') < 0 && bytes.IndexByte(raw, '\r') >= 0 {
		raw = bytes.ReplaceAll(raw, []byte{'\r'}, []byte{'\n'})
	}
	e := readEntity(&m, raw, true)
	readFields(&m, e.header)
	w := walker{m: &m, forget: forget}
	text, older := takeMarks(w.join(w.walk(e, 1, container{})))
	m.Text = text
	m.Attachments = w.attachments()
	m.NewText = newWords(text, older, replies(m), forwards(m.Subject))
	m.PassedOn = passedOn(m.Text)
	readReport(&m, &w, e.header)
	readAutomatic(&m, e.header)
	m.Fingerprint = fingerprint(&m, e.header.Get("Date"))
	return m
}

// wrong notes what is wrong; the first finding stays.
func (m *Message) wrong(class string) {
	if m.Problem == "" {
		m.Problem = class
	}
}

// over notes a crossed limit, which outranks what is merely wrong.
func (m *Message) over(class string) {
	if !m.Limit {
		m.Problem, m.Limit = class, true
	}
}
