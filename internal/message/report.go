package message

import (
	"bytes"
	"strings"

	gomessage "github.com/emersion/go-message"
)

// readReport finds delivery reports and read receipts: those of RFC 3464, and
// those of programs that write to people only.
func readReport(m *Message, w *walker, h gomessage.Header) {
	switch {
	case w.mdn:
		m.Receipt = true
		return
	case w.feedback:
		// An abuse report: by a machine, about mail, but about no delivery.
		m.AutoSubmitted, m.Certain = true, true
		return
	case len(w.status) > 0 && (w.report || isDaemon(m, h) || isNullReturn(h)):
		m.Bounce = true
		m.BounceFailed = statusFailed(w.status)
	default:
		words := bounceWords(m, h)
		m.Bounce = words != notBounce
		m.BounceFailed = words == failed
	}
	if m.Bounce {
		m.BounceFor = reportedID(m, w)
	}
}

// isDaemon says that the sender is a mail system: nobody else may hand in a
// report that has no standard form, since people forward those. A postmaster is
// a person at times, so he needs a field of a machine beside his name.
func isDaemon(m *Message, h gomessage.Header) bool {
	if h.Has("X-Failed-Recipients") {
		return true
	}
	for _, a := range m.From {
		local, _, _ := strings.Cut(strings.ToLower(a.Address), "@")
		switch local {
		case "mailer-daemon", "mail-daemon", "mdaemon", "mailerdaemon",
			"microsoftexchange329e71ec88ae4615bbc36ab6ce41109e":
			return true
		case "postmaster":
			return isNullReturn(h) || isAutoSubmitted(h)
		}
	}
	return false
}

// statusFailed reads the recipients of delivery reports (RFC 3464 2.3): failed is
// final whatever its status; without an action a status of class 5 is.
func statusFailed(reports [][]byte) bool {
	for _, report := range reports {
		action, status := "", ""
		for line := range bytes.Lines(append(report[:len(report):len(report)], '\n', '\n')) {
			key, value, _ := strings.Cut(strings.ToLower(string(bytes.TrimSpace(line))), ":")
			switch strings.TrimSpace(key) {
			case "action":
				action = firstWord(value)
			case "status":
				status = strings.TrimSpace(value)
			case "":
				if action == "failed" || action == "" && strings.HasPrefix(status, "5") {
					return true
				}
				action, status = "", ""
			}
		}
	}
	return false
}

type verdict int

const (
	notBounce verdict = iota
	delayed
	failed
)

// delayWords and failWords open reports without a standard form. They are looked
// for near the top of the text of a mail system's mail only.
var (
	delayWords = []string{
		"warning: message", "this is a warning message only", "message delayed", "delivery delayed",
		"delivery incomplete", "has not yet been delivered", "has not been delivered yet", "will be retried", "you do not need to resend",
		"could not be delivered for", "delivery is delayed", "vertraagd", "delivery status notification (delay)",
		"wordt nog geprobeerd", "wird weiterhin versucht",
	}
	failWords = []string{
		"this is the qmail-send program", "i wasn't able to deliver your message", "message could not be delivered",
		"unable to deliver your message", "unable to deliver message", "mail delivery failed", "delivery has failed",
		"delivery to the following recipient", "could not be delivered", "couldn't be delivered", "wasn't delivered", "was not delivered",
		"had permanent fatal errors", "cannot be delivered", "can't be delivered", "undeliverable", "undelivered mail",
		"returned mail", "failure notice", "delivery failure", "delivery status notification (failure)",
		"non remis", "unzustellbar", "konnte nicht zugestellt", "onbestelbaar", "kon niet worden bezorgd",
		"kan niet worden bezorgd", "kon niet worden afgeleverd", "niet afgeleverd", "niet bezorgd", "mailbox is full",
		"mailbox full", "quota exceeded", "over quota", "postvak is vol", "mailbox is vol", "user unknown",
		"delivery to these recipients failed", "address not found", "adres niet gevonden",
	}
)

func bounceWords(m *Message, h gomessage.Header) verdict {
	if !isDaemon(m, h) || autoSubject(m.Subject) {
		return notBounce
	}
	low := strings.ToLower(m.Subject + "\n" + m.Text[:min(len(m.Text), 3000)])
	for _, words := range delayWords {
		if strings.Contains(low, words) {
			return delayed
		}
	}
	for _, words := range failWords {
		if strings.Contains(low, words) {
			return failed
		}
	}
	if h.Has("X-Failed-Recipients") {
		return failed
	}
	return notBounce
}

// reportedID finds the Message-ID of the mail that a report is about: in the mail
// or header that it returns, in its fields, in its text, and at last in what it
// says it answers (Gmail).
func reportedID(m *Message, w *walker) string {
	if id := returnedID(w.original, "Message-Id", "X-Microsoft-Original-Message-Id"); id != "" {
		return id
	}
	for _, report := range w.status {
		if id := lineID(string(report), "original-message-id:", "x-original-message-id:"); id != "" {
			return id
		}
	}
	if id := lineID(m.Text, "message-id:"); id != "" {
		return id
	}
	for _, list := range [][]string{m.InReplyTo, m.References} {
		if len(list) > 0 {
			return list[len(list)-1]
		}
	}
	return m.OriginalID
}

// returnedID reads the id in a returned header.
func returnedID(original []byte, fields ...string) string {
	if original == nil {
		return ""
	}
	var ignored Message // its own problems are not ours
	e := readEntity(&ignored, original, false)
	for _, f := range fields {
		if id := firstOf(readIDs(e.header.Get(f))); id != "" {
			return id
		}
	}
	return ""
}

// lineID finds the first line that begins with one of the names, in lower case,
// and has an id on it or on the next one.
func lineID(text string, names ...string) string {
	wanted := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(strings.TrimLeft(line, "> \t|"))
		if wanted {
			wanted = false
			if id := firstOf(readIDs(line)); id != "" && strings.HasPrefix(line, "<") {
				return id
			}
		}
		for _, name := range names {
			if len(line) >= len(name) && strings.EqualFold(line[:len(name)], name) {
				if id := firstOf(readIDs(line[len(name):])); id != "" {
					return id
				}
				wanted = true
			}
		}
	}
	return ""
}
