package message

import (
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"

	gomessage "github.com/emersion/go-message"
)

// readFields fills in what the header of the message says.
func readFields(m *Message, h gomessage.Header) {
	m.MessageID = firstOf(readIDs(h.Get("Message-Id")))
	m.Date = readDate(h.Get("Date"))
	m.FromFields = len(h.Values("From"))
	m.From = addresses(h, "From")
	m.FromHidden = len(m.From) > 0 && !slices.ContainsFunc(h.Values("From"), func(v string) bool { return len(scanAddresses(v)) > 0 })
	m.To = addresses(h, "To")
	m.Cc = addresses(h, "Cc")
	m.ReplyTo = addresses(h, "Reply-To")
	m.Subject = oneLine(decodeWords(h.Get("Subject")))
	m.InReplyTo = ids(h, "In-Reply-To")
	m.References = ids(h, "References")
	m.OriginalID = firstOf(readIDs(h.Get("X-Microsoft-Original-Message-Id")))
	m.Received = len(h.Values("Received"))
}

func addresses(h gomessage.Header, field string) []Address {
	var all []Address
	for _, v := range h.Values(field) {
		all = append(all, readAddresses(v)...)
	}
	return all
}

func ids(h gomessage.Header, field string) []string {
	var all []string
	for _, v := range h.Values(field) {
		all = append(all, readIDs(v)...)
	}
	return all
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// oneLine makes a decoded value fit for one line: white space of any kind is a
// space, control characters are gone (security.md 3).
func oneLine(s string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(clean)
}

// maxID is the longest Message-ID that is taken for one (security.md 14).
const maxID = 250

// readIDs returns the ids in the value of an id field, without brackets.
// go-message's own reader is quadratic in comments and refuses ids that are
// about (libraries.md 4), so an id is what stands between brackets without
// white space; where there are none at all, each word with an @.
func readIDs(value string) []string {
	var found []string
	rest := value
	for {
		open := strings.IndexByte(rest, '<')
		if open < 0 {
			break
		}
		rest = rest[open+1:]
		n := strings.IndexAny(rest, "<> \t")
		if n < 0 {
			break
		}
		if rest[n] == '>' && isID(rest[:n]) {
			found = append(found, rest[:n])
		}
		rest = rest[n:]
	}
	if found != nil || strings.ContainsAny(value, "<>") {
		return found
	}
	for word := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' }) {
		if strings.Contains(word, "@") && isID(word) {
			found = append(found, word)
		}
	}
	return found
}

// isID says whether s can stand as an id in our records: nothing that would
// break a line or a list, and valid UTF-8 of a sane length.
func isID(s string) bool {
	if len(s) == 0 || len(s) > maxID {
		return false
	}
	for _, r := range s {
		if r <= ' ' || r == 0x7f || r == unicode.ReplacementChar {
			return false
		}
	}
	return true
}

// readDate reads a Date field: RFC 5322 and what is met beside it. A moment that
// cannot be is no date.
func readDate(value string) time.Time {
	value = strings.TrimSpace(value)
	if value == "" || len(value) > 200 {
		return time.Time{}
	}
	t, err := mail.ParseDate(value)
	if value, _, _ = strings.Cut(value, "("); err != nil || strings.TrimRight(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != value ||
		strings.Contains(value, "GMT") || strings.Contains(value, "UTC") {
		if other, ok := readOddDate(value); ok {
			t, err = other, nil
		}
	}
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return time.Time{}
	}
	if _, offset := t.Zone(); offset <= -24*3600 || offset >= 24*3600 {
		return t.UTC()
	}
	return t
}

var oddLayouts = []string{
	"2 Jan 2006 15:04:05 -0700", "2 Jan 06 15:04:05 -0700", "2 Jan 06 15:04 -0700", "2 Jan 2006 15:04 -0700", "2 Jan 2006 15:04:05", "2 Jan 2006 15:04",
	"Jan 2 15:04:05 2006", "Jan 2 15:04:05 -0700 2006", "Jan 2 2006 15:04:05 -0700",
	time.RFC3339, "2006-01-02 15:04:05 -0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05",
}

// readOddDate reads dates in Dutch, German or French words, "GMT+1" as the offset
// that it means (net/mail reads it as UTC), ctime and ISO 8601.
func readOddDate(value string) (time.Time, bool) {
	words := strings.Fields(strings.ReplaceAll(value, ",", " "))
	kept := words[:0]
	for i, word := range words {
		low := strings.ToLower(strings.TrimRight(word, "."))
		switch {
		case i == 0 && isWeekday(low):
		case months[low] != "":
			kept = append(kept, months[low])
		case low == "gmt" || low == "utc" || low == "z":
			kept = append(kept, "+0000")
		case zones[low] != "":
			kept = append(kept, zones[low])
		case strings.HasPrefix(low, "gmt") || strings.HasPrefix(low, "utc"):
			kept = append(kept, offset(low[3:]))
		default:
			kept = append(kept, word)
		}
	}
	joined := strings.Join(kept, " ")
	for _, layout := range oddLayouts {
		if t, err := time.Parse(layout, joined); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// zones are the names of RFC 5322 4.3 and of Europe, which net/mail takes for UTC.
var zones = map[string]string{
	"ut": "+0000", "est": "-0500", "edt": "-0400", "cst": "-0600", "cdt": "-0500", "mst": "-0700", "mdt": "-0600",
	"pst": "-0800", "pdt": "-0700", "wet": "+0000", "west": "+0100", "bst": "+0100", "cet": "+0100", "cest": "+0200",
	"met": "+0100", "mest": "+0200", "mez": "+0100", "mesz": "+0200", "eet": "+0200", "eest": "+0300", "msk": "+0300",
}

// offset writes +1, +01 or +01:00 as +0100.
func offset(s string) string {
	sign, hours := s[:1], strings.ReplaceAll(s[1:], ":", "")
	switch len(hours) {
	case 1:
		return sign + "0" + hours + "00"
	case 2:
		return sign + hours + "00"
	}
	return sign + hours
}

func isWeekday(low string) bool {
	const weekdays = " ma di wo do vr za zo mo mi fr sa so mon tue wed thu fri sat sun lun mar mer jeu ven sam dim" +
		" maandag dinsdag woensdag donderdag vrijdag zaterdag zondag montag dienstag mittwoch donnerstag freitag" +
		" samstag sonntag monday tuesday wednesday thursday friday saturday sunday lundi mardi mercredi jeudi" +
		" vendredi samedi dimanche "
	return strings.Contains(weekdays, " "+low+" ")
}

var months = func() map[string]string {
	table := make(map[string]string)
	for month, names := range map[string]string{
		"Jan": "jan january januari januar janv janvier", "Feb": "feb february februari februar févr fév février",
		"Mar": "mar march mrt maart mär märz mars", "Apr": "apr april avr avril", "May": "may mei mai",
		"Jun": "jun june juni juin", "Jul": "jul july juli juil juillet", "Aug": "aug august augustus août",
		"Sep": "sep sept september septembre", "Oct": "oct october okt oktober octobre",
		"Nov": "nov november novembre", "Dec": "dec december dez dezember déc décembre",
	} {
		for name := range strings.FieldsSeq(names) {
			table[name] = month
		}
	}
	return table
}()
