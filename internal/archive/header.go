package archive

import (
	"bytes"
	"net/mail"
	"strings"
	"time"
)

// maxHeader bounds what is read of a header, in bytes.
const maxHeader = 256 << 10

// received returns the date of the newest Received field, which is the topmost
// one; of the next when that has none.
func received(raw []byte) time.Time {
	var field []byte
	for line := range bytes.Lines(raw[:min(len(raw), maxHeader)]) {
		if len(field) > 0 && (line[0] == ' ' || line[0] == '\t') {
			if len(field) < 8<<10 {
				field = append(field, line...)
			}
			continue
		}
		if t := dateOf(field); !t.IsZero() {
			return t
		}
		field = field[:0]
		if len(trimLineEnd(line)) == 0 {
			return time.Time{}
		}
		const name = "Received:"
		if len(line) > len(name) && bytes.EqualFold(line[:len(name)], []byte(name)) {
			field = append(field, line[:min(len(line), 8<<10)]...)
		}
	}
	return dateOf(field)
}

// dateOf reads the date after the last semicolon of a Received field (RFC 5322 3.6.7).
func dateOf(field []byte) time.Time {
	i := bytes.LastIndexByte(field, ';')
	if i < 0 || len(field)-i > 200 {
		return time.Time{}
	}
	text, _, _ := strings.Cut(string(field[i+1:]), "(")
	t, err := mail.ParseDate(strings.Join(strings.Fields(text), " "))
	if err != nil || t.Year() < 1971 || t.Year() > 2200 {
		return time.Time{}
	}
	return t
}

// isField says whether b begins with a header field of any name (RFC 5322 3.6.8).
func isField(b []byte) bool {
	i := bytes.IndexByte(b, ':')
	if i < 1 || i > 76 {
		return false
	}
	for _, c := range bytes.TrimRight(b[:i], " \t") {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}

// firstFields are those that a message is known to begin with.
var firstFields = strings.Fields(`Return-Path Received Delivered-To Envelope-To From To Cc Date Subject Sender Reply-To
	Message-ID MIME-Version References In-Reply-To Status Authentication-Results DKIM-Signature Received-SPF Mailing-List
	Bcc Importance Precedence Organization User-Agent Thread-Topic Auto-Submitted Lines`)

// isKnownField says whether b begins with a field that mail is known to have. What
// stands before a colon in a text is none.
func isKnownField(b []byte) bool {
	if !isField(b) {
		return false
	}
	name, _, _ := bytes.Cut(b, []byte{':'})
	name = bytes.ToLower(bytes.TrimRight(name, " \t"))
	for _, prefix := range []string{"x-", "content-", "list-", "resent-", "arc-"} {
		if bytes.HasPrefix(name, []byte(prefix)) {
			return true
		}
	}
	for _, known := range firstFields {
		if strings.EqualFold(known, string(name)) {
			return true
		}
	}
	return false
}
