package main

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/nl"

	"klachtd/internal/complaint"
)

// holidays says which days are public holidays in the Netherlands (Algemene
// termijnenwet, article 3), on the day itself and on the day they are kept.
func holidays() func(complaint.Day) bool {
	c := cal.NewBusinessCalendar()
	c.AddHoliday(nl.Holidays...)
	return func(d complaint.Day) bool {
		y, m, day := d.Date()
		actual, observed, _ := c.IsHoliday(time.Date(y, m, day, 12, 0, 0, 0, time.UTC))
		return actual || observed
	}
}
