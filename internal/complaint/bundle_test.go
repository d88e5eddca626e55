package complaint

import (
	"fmt"
	"strings"
	"testing"
)

// calendar plays the days after a complaint of Monday 2 March 2026 and says who
// is reminded of what.
func calendar(c Case, p Policy, from, to Day) map[Day]string {
	said := map[Day]string{}
	since := from.Add(-1)
	for day := from; day <= to; day = day.Add(1) {
		var words []string
		for _, l := range Bundle([]Case{c}, nil, since, day, 0, p) {
			name, _, _ := strings.Cut(l.To.Address, "@")
			for _, r := range l.Reminders {
				late := ""
				if r.Late {
					late = " late"
				}
				words = append(words, fmt.Sprintf("%s %s%s", name, r.Promise, late))
			}
		}
		if p.Workday(day) {
			since = day
		}
		if len(words) > 0 {
			said[day] = strings.Join(words, ", ")
		}
	}
	return said
}

// The right-hand column of procedure.md 1, day by day. Sundays and Saturdays are
// spoken of on the Friday before.
func TestReminders(t *testing.T) {
	p := policy()
	c := Decide(nil, received("2026-03-02 09:00:00"), p).Cases[0]
	c.Handler = "bas@academie.example"
	c.Promise(Acknowledge).FulfilledAt = c.ReceivedAt
	c.Promise(CopyOwner).FulfilledAt = c.ReceivedAt

	want := map[Day]string{ // react by Mon 9 March, resolve by Mon 30 March, take by Wed 4 March
		"2026-03-05": "dewi take late, bas react",
		"2026-03-06": "bas react", // T-2 falls on Saturday 7
		"2026-03-09": "dewi react, bas react",
		"2026-03-10": "dewi react late", "2026-03-11": "dewi react late", "2026-03-12": "dewi react late", "2026-03-13": "dewi react late",
		"2026-03-16": "dewi react late", "2026-03-17": "dewi react late", "2026-03-18": "dewi react late", "2026-03-19": "dewi react late",
		"2026-03-20": "dewi react late, bas resolve",
		"2026-03-23": "dewi react late, bas resolve", "2026-03-24": "dewi react late", "2026-03-25": "dewi react late", "2026-03-26": "dewi react late",
		"2026-03-27": "dewi react late, bas resolve", // T-3 falls on 27; T-1 on Sunday 29 is said here too
		"2026-03-30": "dewi react late, dewi resolve, bas resolve",
	}
	got := calendar(c, p, "2026-03-02", "2026-03-30")
	for day := Day("2026-03-02"); day <= "2026-03-30"; day = day.Add(1) {
		if got[day] != want[day] {
			t.Errorf("%s %s: %q, want %q", day, day.Weekday(), got[day], want[day])
		}
	}
}

// What is kept is not spoken of; what lay behind when the promise was made is skipped.
func TestRemindersSkipped(t *testing.T) {
	p := policy()
	c := Decide(nil, received("2026-03-02 09:00:00"), p).Cases[0]
	for i := range c.Promises {
		c.Promises[i].FulfilledAt = c.ReceivedAt
	}
	if said := calendar(c, p, "2026-03-02", "2026-04-30"); len(said) > 0 {
		t.Errorf("kept promises are spoken of: %v", said)
	}
	c.Promises = []Promise{{Kind: React, MadeOn: "2026-03-08", Due: "2026-03-09"}}
	c.Handler = "bas@academie.example"
	if got := calendar(c, p, "2026-03-02", "2026-03-09"); len(got) != 1 || got["2026-03-09"] != "dewi react, bas react" {
		t.Errorf("points that lay behind: %v", got)
	}
}

// Days missed by downtime become one reminder a promise, and one mail a person.
func TestRemindersAfterDowntime(t *testing.T) {
	p := policy()
	c := Decide(nil, received("2026-03-02 09:00:00"), p).Cases[0]
	c.Handler = "bas@academie.example"
	list := Bundle([]Case{c, c}, nil, "2026-03-03", "2026-03-27", 2, p)
	seen := map[string]int{}
	for _, l := range list {
		seen[l.To.Address]++
		count := map[string]int{}
		for _, r := range l.Reminders {
			count[fmt.Sprint(r.Promise)]++
		}
		for kind, n := range count {
			if n != 2 {
				t.Errorf("%s hears %d times of %s", l.To.Address, n, kind)
			}
		}
		if office := strings.HasPrefix(l.To.Address, "b"); office != (l.Filtered == 2) {
			t.Errorf("%s is told of %d filtered messages", l.To.Address, l.Filtered)
		}
	}
	for who, n := range seen {
		if n != 1 {
			t.Errorf("%s gets %d mails", who, n)
		}
	}
}

func TestNoRemindersOnFreeDays(t *testing.T) {
	p := policy()
	c := Decide(nil, received("2026-03-27 09:00:00"), p).Cases[0] // react by Good Friday
	c.Handler = "bas@academie.example"
	got := calendar(c, p, "2026-03-27", "2026-04-07")
	for _, free := range []Day{"2026-03-28", "2026-03-29", "2026-04-03", "2026-04-04", "2026-04-05", "2026-04-06"} {
		if got[free] != "" {
			t.Errorf("%s: %s", free, got[free])
		}
	}
	if !strings.Contains(got["2026-04-02"], "dewi react") || !strings.Contains(got["2026-04-02"], "bas react") {
		t.Errorf("the last day is free and not spoken of before: %v", got)
	}
	if got["2026-04-07"] != "dewi react late" {
		t.Errorf("after Easter: %q", got["2026-04-07"])
	}
}

// Who has no address reads no delay letter: somebody is reminded to tell him.
func TestDelayByPhone(t *testing.T) {
	f := open(t, "2026-11-23 09:00:00")
	f.c.Complainant.Address = ""
	f.says("bea", "De monteur is ziek.", take, Order{Kind: OrderExtend, Day: "2027-01-08"})
	if d := f.c.Promise(Delay); d == nil || d.Due != "2026-12-21" {
		t.Fatalf("the delay: %+v", d)
	}
	for _, day := range []Day{"2026-12-18", "2026-12-21", "2026-12-22"} {
		told := 0
		for _, l := range Bundle([]Case{f.c}, nil, day.Add(-1), day, 0, f.p) {
			for _, r := range l.Reminders {
				if r.Promise == Delay && r.Due == "2026-12-21" {
					told++
				}
			}
		}
		if told != 1 {
			t.Errorf("%s: %d people are reminded", day, told)
		}
	}
}
