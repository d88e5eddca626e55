package archive

import (
	"bytes"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A postmark is the line "From sender date" that an mbox has before each message.
// The first message may have none.
type postmark []byte

const (
	weekday = `(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)`
	month   = `(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)`
	clock   = `\d{1,2}:\d\d(?::\d\d)?`
	year    = `(?:19|20)\d\d`
)

// dates are asctime's, with a zone before or after the year or none, and those of
// RFC 5322.
var dates = regexp.MustCompile(`(?:^| )(` +
	weekday + ` +` + month + ` +\d{1,2} +` + clock + `(?: +[A-Za-z0-9+-]{1,6}){0,2}? +` + year + `(?: +[+-]\d{4})?` + `|` +
	weekday + `, +\d{1,2} +` + month + ` +` + year + ` +` + clock + `(?: +[+-]\d{4})?)(?:\s|$)`)

// maxPostmark is the longest line that is taken for one.
const maxPostmark = 1000

func (p postmark) rest() string {
	if len(p) > maxPostmark || !bytes.HasPrefix(p, []byte("From ")) {
		return ""
	}
	return strings.TrimSpace(string(p[len("From "):]))
}

func (p postmark) dated() bool { return dates.MatchString(p.rest()) }

// short says whether there is at most a sender: Mozilla's "From -" and its like.
func (p postmark) short() bool {
	return bytes.HasPrefix(p, []byte("From ")) && len(p) <= maxPostmark && !strings.ContainsAny(p.rest(), " \t")
}

func (p postmark) plausible() bool { return p.dated() || p.short() }

var postmarkLayouts = []string{"Mon Jan 2 15:04:05 2006", "Mon Jan 2 15:04:05 2006 -0700", "Mon Jan 2 15:04:05 -0700 2006",
	"Mon Jan 2 15:04:05 MST 2006", "Mon Jan 2 15:04 2006"}

// date is when the message was put into the mbox; zero when that does not say.
func (p postmark) date() time.Time {
	m := dates.FindStringSubmatch(p.rest())
	if m == nil {
		return time.Time{}
	}
	text := strings.Join(strings.Fields(m[1]), " ")
	for _, layout := range postmarkLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	t, _ := mail.ParseDate(text) // zero when it is none either
	return t
}

// left finds what the programs that write mboxes mark as none of the messages.
// A sender's own header cannot say so: theirs stand above what a mail server adds.
func (p part) left(n int) Left {
	if n == 1 && bytes.Contains(p.raw[:min(len(p.raw), 2000)], []byte("\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA")) &&
		received(p.raw).IsZero() && (bytes.Contains(p.raw, []byte("\nX-IMAP: ")) || bytes.Contains(p.raw, []byte("\nX-IMAPbase: "))) {
		return Internal
	}
	if !bytes.HasPrefix(p.mark, []byte("From - ")) {
		return ""
	}
	for line := range bytes.Lines(p.raw) {
		name, value, _ := strings.Cut(string(line[:min(len(line), 100)]), ":")
		switch {
		case name == "X-Mozilla-Status":
			flags, err := strconv.ParseUint(strings.TrimSpace(value), 16, 32)
			if err == nil && flags&0x0008 != 0 {
				return Deleted // until the folder is compacted
			}
		case name != "X-Account-Key" && name != "X-UIDL" && !strings.HasPrefix(name, "X-Mozilla-"):
			return ""
		}
	}
	return ""
}
