package message

import (
	"strings"
)

// replies says that a message answers one, by its fields or its subject.
func replies(m Message) bool {
	if len(m.InReplyTo) > 0 || len(m.References) > 0 {
		return true
	}
	switch subjectPrefix(m.Subject) {
	case "re", "aw", "antw", "antwort", "antwoord", "betr", "sv", "vs", "rép", "odp", "ynt":
		return true
	}
	return false
}

// forwards says that the subject is one of a passed on mail.
func forwards(subject string) bool {
	switch subjectPrefix(subject) {
	case "fw", "fwd", "wg", "tr", "doorst", "doorgest", "doorgestuurd", "weitergeleitet", "transf", "i", "rv", "vb", "vl":
		return true
	}
	return false
}

// subjectPrefix is what a mail program put before the colon of a subject, in lower
// case, without the tags of mail servers and lists ("[EXTERN] ") and a count, as
// in "Re[2]:" and "AW (3):".
func subjectPrefix(subject string) string {
	subject = strings.TrimSpace(subject)
	for range 3 {
		if !strings.HasPrefix(subject, "[") {
			break
		}
		_, after, ok := strings.Cut(subject, "]")
		if !ok {
			return ""
		}
		subject = strings.TrimSpace(after)
	}
	prefix, _, ok := strings.Cut(subject[:min(len(subject), 24)], ":")
	if !ok {
		return ""
	}
	prefix = strings.TrimRight(prefix, " .[]()0123456789*\u00a0\u202f")
	return strings.ToLower(prefix)
}

func hasPrefixFold(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if len(s) >= len(p) && strings.EqualFold(s[:len(p)], p) {
			return true
		}
	}
	return false
}
