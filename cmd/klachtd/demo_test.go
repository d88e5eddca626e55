package main

import (
	"bytes"
	"testing"
	"time"
)

// TestDemoAnyDay: the play comes out right on whatever day it is played, over
// holidays, a change of the clock and the turn of the year (interface.md Demo).
func TestDemoAnyDay(t *testing.T) {
	for month := range 12 {
		begin := time.Date(2027, time.Month(month+1), 3+2*month, 3, 0, 0, 0, time.UTC)
		t.Run(begin.Format(time.DateOnly), func(t *testing.T) {
			t.Parallel()
			var shown bytes.Buffer
			e := env{ctx: t.Context(), stdout: &shown, now: func() time.Time { return begin }}
			if err := (demoCmd{Once: true}).Run(e); err != nil {
				t.Errorf("%v\n%s", err, shown.String())
			}
		})
	}
}
