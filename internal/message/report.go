package message

import (
	"bytes"
	"path"
	"strings"

	gomessage "github.com/emersion/go-message"
)

// readReport finds delivery reports and read receipts: those of RFC 3464, and
// those of programs that write to people only.
func readReport(m *Message, w *walker, h gomessage.Header) {
	// Their parts alone make no report: they hang on the mail of a person at times.
	machine := w.report || isNullReturn(h) || isAutoSubmitted(h)
	switch {
	case w.mdn && machine || len(w.status) == 0 && w.reportType == "disposition-notification":
		m.Receipt = true
		return
	case w.feedback && machine || w.reportType == "feedback-report":
		// An abuse report: by a machine, about mail, but about no delivery.
		m.AutoSubmitted, m.Certain = true, true
		return
	}
	words := bounceWords(m, w, h)
	switch {
	case len(w.status) > 0 && (w.report || isDaemon(m, h) || isNullReturn(h)):
		m.Bounce = true
		known, final := statusFailed(w.status)
		m.BounceFailed = final || !known && words != delayed
	case w.report && w.reportType == "delivery-status": // its second part was lost
		m.Bounce, m.BounceFailed = true, words != delayed
	default:
		m.Bounce = words != notBounce
		m.BounceFailed = words == failed
	}
	if m.Bounce {
		m.BounceFor = reportedID(m, w)
	}
}

// statusFailed reads the recipients of delivery reports (RFC 3464 2.3): failed is
// final whatever its status; without an action a status of class 5 is. known is
// false when none of them says anything.
func statusFailed(reports [][]byte) (known, final bool) {
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
					return true, true
				}
				known = known || action != "" || status != ""
				action, status = "", ""
			}
		}
	}
	return known, false
}

// reportedID finds the Message-ID of the mail that a report is about: in the mail
// or header that it returns, in its fields, in its text, in files, and at last in
// what it says it answers (Gmail).
func reportedID(m *Message, w *walker) string {
	if id := returnedID(w.original, "Message-Id", "X-Microsoft-Original-Message-Id"); id != "" {
		return id
	}
	for _, report := range w.status {
		if id := lineID(string(report), "original-message-id:", "x-original-message-id:"); id != "" {
			return id
		}
	}
	if id := lineID(m.Text, "message-id:", "original-message-id:", "x-original-message-id:"); id != "" {
		return id
	}
	for _, a := range m.Attachments {
		if id := attachedID(a); id != "" {
			return id
		}
	}
	for _, list := range [][]string{m.InReplyTo, m.References} {
		if len(list) > 0 {
			return list[len(list)-1]
		}
	}
	return ""
}

// attachedID looks into a returned mail that goes by another type: Exchange makes
// text files of the parts of a report that passes through it.
func attachedID(a Attachment) string {
	kind, _, _ := strings.Cut(a.ContentType, "/")
	ending := strings.ToLower(path.Ext(a.Name))
	if kind != "text" && kind != "message" && ending != ".eml" && ending != ".txt" {
		return ""
	}
	data, _ := a.content.bytes(maxHeader)
	return lineID(decodeMixed(data), "message-id:", "original-message-id:", "x-original-message-id:")
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
