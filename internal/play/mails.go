package play

import (
	"fmt"
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
	case Bounce:
		to, ok := pl.last[strings.ToLower(s.Arg)]
		if !ok {
			return nil, fmt.Errorf("%s got no mail that could come back", s.Arg)
		}
		return pl.complete(report(s.Arg, to.MessageID)), nil
	}
	return pl.complete(strings.TrimLeft(s.Body, "\n")), nil
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
