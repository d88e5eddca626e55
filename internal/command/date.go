package command

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A Day is a calendar day in the academy's zone, written 2026-11-22.
type Day string

const dayLayout = "2006-01-02"

// time is noon on d; something that is no day counts as the first of all days.
func (d Day) time() time.Time {
	t, _ := time.Parse(dayLayout, string(d))
	return t.Add(12 * time.Hour)
}

func (d Day) add(years, months, days int) Day {
	return Day(d.time().AddDate(years, months, days).Format(dayLayout))
}

// Way says on which side of today a date has to lie; today itself is on both.
type Way int

// Either side, ahead of today, back.
const (
	Either Way = iota
	Ahead
	Back
)

// A DateProblem is what is wrong with a date; "" is nothing.
type DateProblem string

// The problems. With InPast, InFuture and TooFar the day is given as read.
const (
	NotADate  DateProblem = "not_a_date"
	NoSuchDay DateProblem = "no_such_day" // 31 February; a weekday that is another
	InPast    DateProblem = "in_past"
	InFuture  DateProblem = "in_future"
	TooFar    DateProblem = "too_far" // more than ten years away: a slip of the keys
)

var (
	isoDate    = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$`)
	dutchDate  = regexp.MustCompile(`^(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}|\d{2}))?$`)
	wordDate   = regexp.MustCompile(`^(\d{1,2})(?:e|de|ste|st|nd|rd|th)?[. -]*(?:of )?([a-z]{3,9})\.?(?:[ ,-]+(\d{4}))?$`)
	monthFirst = regexp.MustCompile(`^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?(?:[ ,]+(\d{4}))?$`)
	stepDate   = regexp.MustCompile(`^(\+|-|over |in )?(\d{1,3}) ?(d|dag|dagen|day|days|w|wk|week|weken|weeks|m|mnd|maand|maanden|month|months)( geleden| ago)?$`)
)

var months = map[string]time.Month{
	"jan": 1, "januari": 1, "january": 1, "feb": 2, "februari": 2, "february": 2, "mrt": 3, "mar": 3, "maa": 3, "maart": 3, "march": 3,
	"apr": 4, "april": 4, "mei": 5, "may": 5, "jun": 6, "juni": 6, "june": 6, "jul": 7, "juli": 7, "july": 7,
	"aug": 8, "augustus": 8, "august": 8, "sep": 9, "sept": 9, "september": 9, "okt": 10, "oct": 10, "oktober": 10, "october": 10,
	"nov": 11, "november": 11, "dec": 12, "december": 12,
}

var weekdays = map[string]time.Weekday{
	"zondag": 0, "zo": 0, "sunday": 0, "sun": 0, "maandag": 1, "ma": 1, "monday": 1, "mon": 1,
	"dinsdag": 2, "di": 2, "tuesday": 2, "tue": 2, "woensdag": 3, "wo": 3, "wednesday": 3, "wed": 3,
	"donderdag": 4, "do": 4, "thursday": 4, "thu": 4, "vrijdag": 5, "vr": 5, "friday": 5, "fri": 5,
	"zaterdag": 6, "za": 6, "saturday": 6, "sat": 6,
}

var nearDays = map[string]int{
	"vandaag": 0, "today": 0, "nu": 0, "now": 0, "morgen": 1, "tomorrow": 1, "overmorgen": 2,
	"gisteren": -1, "yesterday": -1, "eergisteren": -2,
}

// dayWords stand before a date and say nothing.
var dayWords = []string{"tot en met", "tot", "t/m", "tm", "until", "till", "op", "on", "per", "by", "vanaf", "uiterlijk"}

// farthest is how many years a date may lie away.
const farthest = 10

// ParseDate reads a date as staff write it: 2026-12-01, 1-12-2026, 1-12-26, 1-12,
// "1 december", "vr 4 dec 2026", "December 1, 2026", +14d, +2w, "over 2 weken", morgen, vandaag,
// gisteren, vrijdag, and their English twins; 12/1 is 12 January. Without a
// year, and for a weekday, it is the nearest on the way that is asked (Either:
// ahead), a weekday never today. Steps of months are clamped to the end of the
// month. today is a day in the academy's zone.
func ParseDate(value string, today Day, way Way) (Day, DateProblem) {
	text := strings.Trim(fold(normal(value)), " .,;:")
	for _, w := range dayWords {
		if rest, ok := strings.CutPrefix(text, w+" "); ok {
			text = strings.TrimLeft(rest, " ")
			break
		}
	}
	day, problem := readDate(text, today, way)
	if problem != "" {
		return day, problem
	}
	switch {
	case day < today.add(-farthest, 0, 0) || day > today.add(farthest, 0, 0):
		return day, TooFar
	case way == Ahead && day < today:
		return day, InPast
	case way == Back && day > today:
		return day, InFuture
	}
	return day, ""
}

func readDate(text string, today Day, way Way) (Day, DateProblem) {
	if n, ok := nearDays[text]; ok {
		return today.add(0, 0, n), ""
	}
	if w, ok := weekdays[text]; ok {
		return weekday(w, today, way), ""
	}
	first, rest, _ := strings.Cut(text, " ")
	if w, ok := weekdays[strings.TrimRight(first, ".,")]; ok && rest != "" {
		day, problem := calendarDate(rest, today, way)
		if problem == "" && day.time().Weekday() != w {
			return "", NoSuchDay
		}
		return day, problem
	}
	if m := stepDate.FindStringSubmatch(text); m != nil {
		return step(m, today, way)
	}
	return calendarDate(text, today, way)
}

// calendarDate reads the forms that name day and month.
func calendarDate(text string, today Day, way Way) (Day, DateProblem) {
	if m := isoDate.FindStringSubmatch(text); m != nil {
		return dateOf(m[1], m[2], m[3], today, way)
	}
	if m := dutchDate.FindStringSubmatch(text); m != nil {
		return dateOf(m[3], m[2], m[1], today, way)
	}
	if m := wordDate.FindStringSubmatch(text); m != nil {
		if month, ok := months[m[2]]; ok {
			return dateOf(m[3], strconv.Itoa(int(month)), m[1], today, way)
		}
	}
	if m := monthFirst.FindStringSubmatch(text); m != nil {
		if month, ok := months[m[1]]; ok {
			return dateOf(m[3], strconv.Itoa(int(month)), m[2], today, way)
		}
	}
	return "", NotADate
}

// weekday is the next, or the last, such day before or after today.
func weekday(w time.Weekday, today Day, way Way) Day {
	ahead := (int(w-today.time().Weekday())+6)%7 + 1
	if way == Back {
		ahead -= 7
		if ahead == 0 {
			ahead = -7
		}
	}
	return today.add(0, 0, ahead)
}

func step(m []string, today Day, way Way) (Day, DateProblem) {
	n, _ := strconv.Atoi(m[2])
	back := m[1] == "-" || m[4] != ""
	if back && m[1] != "-" && m[1] != "" {
		return "", NotADate
	}
	if m[1] == "" && m[4] == "" && way == Back {
		return "", NotADate // "2 weken" of what is behind us says neither
	}
	if back {
		n = -n
	}
	switch m[3][0] {
	case 'd':
		return today.add(0, 0, n), ""
	case 'w':
		return today.add(0, 0, 7*n), ""
	}
	return clamped(today, n), ""
}

// clamped is n months later, on the last day of the month when it is shorter.
func clamped(d Day, n int) Day {
	t := d.time()
	last := time.Date(t.Year(), t.Month()+time.Month(n)+1, 0, 12, 0, 0, 0, time.UTC)
	day := time.Date(last.Year(), last.Month(), min(t.Day(), last.Day()), 12, 0, 0, 0, time.UTC)
	return Day(day.Format(dayLayout))
}

// dateOf makes a day of its parts; without a year it is the nearest on the way.
func dateOf(year, month, day string, today Day, way Way) (Day, DateProblem) {
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	if year != "" {
		y, _ := strconv.Atoi(year)
		if len(year) == 2 {
			y += 2000
		}
		return validDay(y, m, d)
	}
	y := today.time().Year()
	for _, near := range nearYears(y, way) {
		got, problem := validDay(near, m, d)
		if problem == "" && (way == Back && got <= today || way != Back && got >= today) {
			return got, ""
		}
	}
	return "", NoSuchDay
}

// nearYears are the years to try for a date without one, nearest first; 29
// February may be eight years away.
func nearYears(y int, way Way) []int {
	var years []int
	for i := range 9 {
		if way == Back {
			i = -i
		}
		years = append(years, y+i)
	}
	return years
}

func validDay(y, m, d int) (Day, DateProblem) {
	t := time.Date(y, time.Month(m), d, 12, 0, 0, 0, time.UTC)
	if y < 1 || y > 9999 || t.Year() != y || int(t.Month()) != m || t.Day() != d {
		return "", NoSuchDay
	}
	return Day(t.Format(dayLayout)), ""
}
