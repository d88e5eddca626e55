package letter

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"klachtd/internal/complaint"
)

var (
	weekdays = [...]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"}
	months   = [...]string{"", "januari", "februari", "maart", "april", "mei", "juni", "juli",
		"augustus", "september", "oktober", "november", "december"}
)

// A date is a day in words: "maandag 30 november 2026". "" is no day.
type date complaint.Day

func (d date) String() string {
	if d == "" {
		return ""
	}
	day := complaint.Day(d)
	y, m, n := day.Date()
	return fmt.Sprintf("%s %d %s %d", weekdays[day.Weekday()], n, months[m], y)
}

// Short leaves the day of the week out.
func (d date) Short() string {
	_, rest, _ := strings.Cut(d.String(), " ")
	return rest
}

// English is for the one line that the acknowledgement has in it.
func (d date) English() string {
	day := complaint.Day(d)
	y, m, n := day.Date()
	return fmt.Sprintf("%s %d %s %d", day.Weekday(), n, m, y)
}

// A moment is a time in words, in its own zone.
type moment struct{ at time.Time }

func (m moment) String() string {
	if m.at.IsZero() {
		return ""
	}
	y, month, n := m.at.Date()
	return fmt.Sprintf("%s %d %s %d om %d.%02d uur", weekdays[m.at.Weekday()], n, months[month], y, m.at.Hour(), m.at.Minute())
}

// A size is a number of bytes in words.
type size int64

func (s size) String() string {
	switch {
	case s == 1:
		return "1 byte"
	case s < 1000:
		return strconv.FormatInt(int64(s), 10) + " bytes"
	case s < 1_000_000:
		return strconv.FormatInt((int64(s)+500)/1000, 10) + " kB"
	}
	return strings.Replace(strconv.FormatFloat(float64(s)/1e6, 'f', 1, 64), ".", ",", 1) + " MB"
}

// enumerate writes names as one does: a, b en c.
func enumerate(names []string) setting {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return setting(names[0])
	default:
		return setting(strings.Join(names[:n-1], ", ") + " en " + names[n-1])
	}
}
