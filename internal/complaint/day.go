package complaint

import "time"

// A Day is a calendar day in the academy's zone, written 2026-11-22; "" is no
// day. Days compare with < and > in the order of time. A term ends at 24:00 of
// its last day (procedure.md 1).
type Day string

const dayLayout = "2006-01-02"

// DayOf returns the day on which t falls in zone.
func DayOf(t time.Time, zone *time.Location) Day { return Day(t.In(zone).Format(dayLayout)) }

// Add returns the day n calendar days later; n may be negative. It counts
// days, not hours, so that a change of the clock moves nothing.
func (d Day) Add(n int) Day { return Day(d.noon().AddDate(0, 0, n).Format(dayLayout)) }

// AddMonths returns the same day n calendar months later, or the last day of that
// month when it has no such day: 31 August and half a year is 28 (29) February.
func (d Day) AddMonths(n int) Day {
	y, m, day := d.Date()
	first := time.Date(y, m+time.Month(n), 1, 12, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Day(first.AddDate(0, 0, min(day, last)-1).Format(dayLayout))
}

// Date returns year, month and day of the month.
func (d Day) Date() (int, time.Month, int) { return d.noon().Date() }

// Weekday returns the day of the week.
func (d Day) Weekday() time.Weekday { return d.noon().Weekday() }

// Sub returns the number of calendar days from e to d.
func (d Day) Sub(e Day) int { return int(d.noon().Sub(e.noon()) / (24 * time.Hour)) }

// noon is a moment on d, in UTC where no day has 23 or 25 hours. Something
// that is no day counts as the first of all days.
func (d Day) noon() time.Time {
	t, err := time.Parse(dayLayout, string(d))
	if err != nil {
		return time.Time{}
	}
	return t.Add(12 * time.Hour)
}

// Workday reports whether people work on d: not on Saturday and Sunday, not on
// public holidays (procedure.md 1).
func (p Policy) Workday(d Day) bool {
	if w := d.Weekday(); w == time.Saturday || w == time.Sunday {
		return false
	}
	return p.Holiday == nil || !p.Holiday(d)
}

// AddWorkdays returns the nth working day after d, n at least 1.
func (p Policy) AddWorkdays(d Day, n int) Day {
	for n > 0 {
		d = d.Add(1)
		if p.Workday(d) {
			n--
		}
	}
	return d
}

// workdayBefore returns d, or the last working day before it when d is free:
// what would fall on a free day goes the working day before.
func (p Policy) workdayBefore(d Day) Day {
	for !p.Workday(d) {
		d = d.Add(-1)
	}
	return d
}
