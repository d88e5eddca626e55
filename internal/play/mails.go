package play

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// message makes the bytes of what comes in at a step.
func (pl *player) message(s Step) ([]byte, error) {
	pl.n++
	switch s.Verb {
	case Reply:
		to, ok := pl.last[strings.ToLower(s.Arg)]
		if !ok {
			return nil, fmt.Errorf("%s got no mail to reply to", s.Arg)
		}
		head := fmt.Sprintf("From: <%s>\nSubject: Re: %s\nIn-Reply-To: <%s>\nReferences: <%s>\n",
			s.Arg, to.Subject, to.MessageID, to.MessageID)
		return pl.complete(head + s.Body), nil
	case Command:
		from, typed, _ := strings.Cut(s.Arg, " ")
		to, ok := pl.last[strings.ToLower(from)]
		if !ok {
			return nil, fmt.Errorf("%s got no mail to reply to", from)
		}
		head := fmt.Sprintf("From: <%s>\nSubject: Re: %s %s\nIn-Reply-To: <%s>\nReferences: <%s>\n",
			from, to.Subject, typed, to.MessageID, to.MessageID)
		return pl.complete(head + "\n" + strings.TrimLeft(s.Body, "\n")), nil
	case Press:
		from, word, _ := strings.Cut(s.Arg, " ")
		owner, rest, passedOn := strings.Cut(word, " ")
		if passedOn = passedOn && strings.Contains(owner, "@"); !passedOn {
			owner, rest = from, word
		}
		return pl.press(from, owner, rest, s.Body)
	case Confirm:
		from, asked, _ := strings.Cut(s.Arg, " ")
		code, err := pl.challenge(cmp.Or(asked, from))
		return pl.complete(fmt.Sprintf("From: <%s>\nSubject: #ja %s\n\n", from, code)), err
	case Bounce:
		to, ok := pl.last[strings.ToLower(s.Arg)]
		if !ok {
			return nil, fmt.Errorf("%s got no mail that could come back", s.Arg)
		}
		return pl.complete(report(s.Arg, to.MessageID)), nil
	}
	return pl.complete(strings.TrimLeft(s.Body, "\n")), nil
}

var (
	button = regexp.MustCompile(`href="mailto:([^"?]*)\?([^"]*)"`)
	yes    = regexp.MustCompile(`#ja ([0-9A-Za-z]{4}[ -]?[0-9A-Za-z]{4})`)
)

// press writes the mail that a button of a mail to owner opens, with what is typed above the rest.
func (pl *player) press(from, owner, word, typed string) ([]byte, error) {
	var offers []string
	for _, l := range slices.Backward(pl.all) {
		if !strings.EqualFold(l.To, owner) {
			continue
		}
		subject, body, offered := Opens(l.Raw, pl.long(word), typed)
		if subject != "" {
			return pl.complete(fmt.Sprintf("From: <%s>\nSubject: %s\n\n%s", from, subject, body)), nil
		}
		offers = append(offers, offered...)
	}
	return nil, fmt.Errorf("%s has no button %q, but %q", owner, word, offers)
}

// Opens returns the mail that a button of a mail of ours opens: the first whose
// subject begins with word, with what is typed filled in; subject is "" when
// there is none. offers are the subjects that there are.
func Opens(raw []byte, word, typed string) (subject, body string, offers []string) {
	for _, link := range button.FindAllStringSubmatch(page(raw), -1) {
		values, err := url.ParseQuery(strings.ReplaceAll(html.UnescapeString(link[2]), "+", "%2B"))
		if err != nil {
			return "", "", append(offers, err.Error())
		}
		offers = append(offers, values.Get("subject"))
		if subject, ok := pressed(values.Get("subject"), word); ok {
			return subject, fill(strings.ReplaceAll(values.Get("body"), "\r\n", "\n"), strings.TrimSpace(typed)), offers
		}
	}
	return "", "", offers
}

// pressed says whether a button opens a mail with a subject that begins with
// words; where it leaves the value open, what stands behind the command is typed.
func pressed(subject, words string) (string, bool) {
	word, value, _ := strings.Cut(words, " ")
	if strings.HasSuffix(subject, " "+word+" ") && value != "" {
		return subject + value, true
	}
	return subject, strings.HasPrefix(subject, words)
}

// page is the HTML of a mail of ours, "" when it has none.
func page(raw []byte) string {
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return ""
	}
	return pageIn(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
}

func pageIn(kind, encoding string, body io.Reader) string {
	kind, params, err := mime.ParseMediaType(kind)
	switch {
	case err != nil:
		return ""
	case strings.HasPrefix(kind, "multipart/"):
		for parts := multipart.NewReader(body, params["boundary"]); ; {
			p, err := parts.NextRawPart()
			if err != nil {
				return ""
			}
			if s := pageIn(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p); s != "" {
				return s
			}
		}
	case kind != "text/html":
		return ""
	case strings.EqualFold(encoding, "quoted-printable"):
		body = quotedprintable.NewReader(body)
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return ""
	}
	return string(data)
}

// fill types into the body that a button opens: lines like `Oordeel: deels` behind
// their label, the rest above the line with the code.
func fill(body, typed string) string {
	var rest []string
	for line := range strings.SplitSeq(typed, "\n") {
		label, value, labelled := strings.Cut(line, ":")
		empty := "\n" + label + ":\n"
		if labelled && strings.Contains("\n"+body, empty) {
			body = strings.TrimPrefix(strings.Replace("\n"+body, empty, "\n"+label+":"+value+"\n", 1), "\n")
			continue
		}
		rest = append(rest, line)
	}
	above, code, proves := strings.Cut(body, "Code:")
	if !proves { // of a letter to somebody outside
		return strings.TrimLeft(strings.TrimRight(above, "\n")+"\n"+strings.Join(rest, "\n"), "\n")
	}
	return strings.TrimRight(above, "\n") + "\n" + strings.Join(rest, "\n") + "\n\nCode:" + code
}

// challenge finds the code in the last mail that asks for it.
func (pl *player) challenge(to string) (string, error) {
	for _, l := range slices.Backward(pl.all) {
		if m := yes.FindStringSubmatch(l.Text); strings.EqualFold(l.To, to) && m != nil {
			return m[1], nil
		}
	}
	return "", fmt.Errorf("%s was not asked for a code", to)
}

// complete fills in the headers that every mail has and nobody wants to read
// in a scenario, and writes CRLF.
func (pl *player) complete(text string) []byte {
	text = pl.long(text)
	head, body, _ := strings.Cut(text, "\n\n")
	add := func(name, value string) {
		if !strings.Contains("\n"+strings.ToLower(head), "\n"+strings.ToLower(name)+":") {
			head += "\n" + name + ": " + value
		}
	}
	head = strings.TrimRight(head, "\n")
	add("To", "<"+pl.w.Address()+">")
	add("Date", pl.now.Format(time.RFC1123Z))
	add("Message-ID", fmt.Sprintf("<%d.%d@mail.example>", pl.now.Unix(), pl.n))
	add("MIME-Version", "1.0")
	add("Content-Type", "text/plain; charset=utf-8")
	add("Content-Transfer-Encoding", "8bit")
	return []byte(strings.ReplaceAll(head+"\n\n"+body, "\n", "\r\n"))
}

// report is a delivery report as a mail server writes it (RFC 3464).
func report(to, messageID string) string {
	return fmt.Sprintf(`Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mail.example>
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

The mail system: unknown user.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; %s
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 unknown user

--b
Content-Type: text/rfc822-headers

Message-ID: <%s>
Subject: (returned)

--b--
`, to, messageID)
}
