package complaint

import "testing"

// TestQuiet: a complaint that was old when it was imported has its terms; what is
// over by then is waived, with the mails that are not written, and nobody hears of it.
func TestQuiet(t *testing.T) {
	for _, tt := range []struct {
		name, at, now string
		waived        string
	}{
		{"three days", "2026-11-23 09:00:00", "2026-11-26 09:00:00", "acknowledge copy_owner take"},
		{"the last day of a term", "2026-11-23 09:00:00", "2026-11-30 23:59:00", "acknowledge copy_owner take"},
		{"the day after", "2026-11-23 09:00:00", "2026-12-01 00:00:00", "acknowledge copy_owner take react"},
		{"a year", "2025-11-23 09:00:00", "2026-11-23 09:00:00", "acknowledge copy_owner take react resolve delay"},
		{"today, before imap.since", "2026-11-23 09:00:00", "2026-11-23 10:00:00", "acknowledge copy_owner"},
	} {
		e := received(tt.at)
		e.Now, e.Quiet, e.Withheld = at(tt.now), true, WithheldOld
		d := Decide(nil, e, policy())
		c, waived := d.Cases[0], ""
		for _, p := range c.Promises {
			if p.WaivedBy != "" {
				waived += " " + string(p.Kind)
			}
			if (p.WaivedBy == "") != p.Open() || (p.Reason == "") != p.Open() || p.Due == "" {
				t.Errorf("%s: %+v", tt.name, p)
			}
		}
		if waived != " "+tt.waived {
			t.Errorf("%s: waived%s, want %s", tt.name, waived, tt.waived)
		}
		if len(d.Letters) > 0 || c.ResolveBy != DayOf(e.At, amsterdam).Add(28) {
			t.Errorf("%s: letters %s, %+v", tt.name, letters(d), c)
		}
		if d := Decide([]Case{c}, Followed{Now: at(tt.now), At: at(tt.at), Quiet: true}, policy()); len(d.Letters) > 0 {
			t.Errorf("%s: after a follow-up: %s", tt.name, letters(d))
		}
		u := Undelivered{Now: at(tt.now), Letter: LetterCopy, To: "dewi@academie.example", Promise: CopyOwner, Why: Bounced, Quiet: true}
		if d := Decide([]Case{c}, u, policy()); len(d.Letters) > 0 {
			t.Errorf("%s: after a bounce: %s", tt.name, letters(d))
		}
	}
}

// An old follow-up owes an answer only while the answer's term runs.
func TestQuietAnswer(t *testing.T) {
	c := Decide(nil, received("2026-11-23 09:00:00"), policy()).Cases[0]
	for now, owed := range map[string]bool{"2026-12-01 09:00:00": true, "2026-12-02 09:00:00": false} { // due on Tuesday the 1st
		d := Decide([]Case{c}, Followed{Now: at(now), At: at("2026-11-24 09:00:00"), Quiet: true}, policy())
		if got := d.Cases[0].Promise(Answer) != nil; got != owed {
			t.Errorf("%s: owed %v, want %v", now, got, owed)
		}
	}
}

// TestRecovered: of a case that was made anew after a restore, what is known to have
// been acknowledged has been; the rest is as in an import (security.md 42).
func TestRecovered(t *testing.T) {
	e := received("2026-11-23 09:00:00")
	e.Now, e.Quiet, e.AcknowledgedAt = at("2026-11-24 09:00:00"), true, at("2026-11-23 09:01:00")
	d := Decide(nil, e, policy())
	c := d.Cases[0]
	if p := c.Promise(Acknowledge); !p.FulfilledAt.Equal(e.AcknowledgedAt) || p.WaivedBy != "" {
		t.Errorf("%+v", p)
	}
	if p := c.Promise(CopyOwner); p.WaivedBy != "import" || len(d.Letters) > 0 || d.Notes[len(d.Notes)-1].Event != "recovered" {
		t.Errorf("%+v, letters %s, %+v", p, letters(d), d.Notes)
	}
}
