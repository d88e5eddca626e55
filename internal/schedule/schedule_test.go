package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var amsterdam = func() *time.Location {
	z, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err)
	}
	return z
}()

// there is a moment by the clock on the wall in Amsterdam.
func there(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, amsterdam)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// office runs jobs that only write down when they ran.
type office struct {
	t     *testing.T
	clock time.Time
	last  map[string]time.Time
	ran   []string // job and the moment it was scheduled for
	fails map[string]func() error
	s     *Schedule
}

func newOffice(t *testing.T, clock time.Time, specs ...string) *office {
	t.Helper()
	o := &office{t: t, clock: clock, last: map[string]time.Time{}, fails: map[string]func() error{}}
	var jobs []Job
	for i, spec := range specs {
		name := fmt.Sprintf("job%d", i)
		jobs = append(jobs, Job{Name: name, Spec: spec, Run: func(_ context.Context, at time.Time) error {
			if f := o.fails[name]; f != nil {
				if err := f(); err != nil {
					return err
				}
			}
			o.ran = append(o.ran, name+" "+at.In(amsterdam).Format("01-02 15:04"))
			o.last[name] = at
			return nil
		}})
	}
	s, err := New(jobs, amsterdam, Memory{
		Last: func(_ context.Context, name string) (time.Time, bool, error) {
			at, ran := o.last[name]
			return at, ran, nil
		},
		Note: func(_ context.Context, name string, at time.Time) error {
			o.last[name] = at
			return nil
		},
	}, func() time.Time { return o.clock }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	o.s = s
	return o
}

// until runs what is due each so often up to a moment.
func (o *office) until(end time.Time, step time.Duration) {
	o.t.Helper()
	for !o.clock.After(end) {
		if _, err := o.s.RunDue(o.t.Context()); err != nil {
			o.t.Fatalf("%v: %v", o.clock, err)
		}
		o.clock = o.clock.Add(step)
	}
}

func (o *office) wantRan(what string, want ...string) {
	o.t.Helper()
	if !slices.Equal(o.ran, want) {
		o.t.Errorf("%s: ran %q, want %q", what, o.ran, want)
	}
	o.ran = nil
}

// security.md 44: a job owes nothing from before the first start, catches up
// once after downtime, and is keyed by the moment it was scheduled for.
func TestOnceAPeriod(t *testing.T) {
	o := newOffice(t, there(t, "2026-11-23 09:00"), "0 8 * * *")
	o.until(there(t, "2026-11-24 07:59"), time.Minute)
	o.wantRan("before its first hour")
	o.until(there(t, "2026-11-24 12:00"), time.Minute)
	o.wantRan("its hour", "job0 11-24 08:00")
	o.clock = there(t, "2026-11-30 13:37") // days of downtime
	o.until(there(t, "2026-11-30 14:00"), time.Minute)
	o.wantRan("after days away", "job0 11-30 08:00")
	o.until(there(t, "2026-12-01 07:59"), time.Minute)
	o.wantRan("the rest of the day")
	o.until(there(t, "2026-12-01 08:00"), time.Minute)
	o.wantRan("the next day", "job0 12-01 08:00")
}

// The moment of the first start itself is no moment of the past.
func TestFirstStartAtItsHour(t *testing.T) {
	o := newOffice(t, there(t, "2026-11-23 08:00"), "0 8 * * *")
	o.until(there(t, "2026-11-24 07:00"), time.Hour)
	o.wantRan("the first day")
	o.until(there(t, "2026-11-24 09:00"), time.Hour)
	o.wantRan("the second", "job0 11-24 08:00")
}

// security.md 44, over both changes of the clock: once a period, whatever the clock does.
func TestOverTheChangeOfTheClock(t *testing.T) {
	for _, tt := range []struct {
		name, spec, from, until string
		want                    []string
	}{
		{"a quarter that is skipped", "30 2 * * *", "2026-03-28 01:00", "2026-03-30 12:00",
			[]string{"job0 03-28 02:30", "job0 03-29 03:30", "job0 03-30 02:30"}},
		{"an hour that comes twice", "30 2 * * *", "2026-10-24 01:00", "2026-10-26 12:00",
			[]string{"job0 10-24 02:30", "job0 10-25 02:30", "job0 10-26 02:30"}},
		{"daily in spring", "0 8 * * *", "2026-03-28 09:00", "2026-03-30 12:00",
			[]string{"job0 03-29 08:00", "job0 03-30 08:00"}},
		{"daily in autumn", "0 8 * * *", "2026-10-24 09:00", "2026-10-26 12:00",
			[]string{"job0 10-25 08:00", "job0 10-26 08:00"}},
		{"weekly in spring", "0 8 * * 0", "2026-03-22 09:00", "2026-04-05 12:00",
			[]string{"job0 03-29 08:00", "job0 04-05 08:00"}},
		{"weekly in autumn", "0 8 * * 0", "2026-10-18 09:00", "2026-11-01 12:00",
			[]string{"job0 10-25 08:00", "job0 11-01 08:00"}},
		{"at midnight", "0 0 * * *", "2026-10-24 12:00", "2026-10-26 12:00",
			[]string{"job0 10-25 00:00", "job0 10-26 00:00"}},
	} {
		for _, step := range []time.Duration{time.Minute, 10 * time.Minute, time.Hour} {
			o := newOffice(t, there(t, tt.from), tt.spec)
			o.until(there(t, tt.until), step)
			o.wantRan(fmt.Sprintf("%s, looking each %v", tt.name, step), tt.want...)
		}
	}
}

// Down for the whole of the skipped or doubled hour: once all the same.
func TestDownOverTheChange(t *testing.T) {
	for from, want := range map[string]string{"2026-03-28": "03-29 03:30", "2026-10-24": "10-25 02:30"} {
		o := newOffice(t, there(t, from+" 12:00"), "30 2 * * *")
		o.until(there(t, from+" 12:00"), time.Minute)
		o.clock = there(t, from+" 12:00").AddDate(0, 0, 1)
		o.until(o.clock.Add(3*time.Hour), time.Minute)
		o.wantRan(from, "job0 "+want)
	}
}

// A clock that goes back runs nothing a second time.
func TestClockGoesBack(t *testing.T) {
	o := newOffice(t, there(t, "2026-11-23 07:00"), "0 8 * * *")
	o.until(there(t, "2026-11-23 08:05"), time.Minute)
	o.clock = there(t, "2026-11-23 07:55")
	o.until(there(t, "2026-11-23 08:30"), time.Minute)
	o.wantRan("twice 08:00 on the wall", "job0 11-23 08:00")
}

// security.md 44: a job that fails or panics stays due and stops no other one.
func TestJobFails(t *testing.T) {
	for name, fail := range map[string]func() error{
		"error": func() error { return errors.New("as the test wants it") },
		"panic": func() error { panic("kanarie") },
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, there(t, "2026-11-23 07:00"), "0 8 * * *", "0 8 * * *")
			o.until(o.clock, time.Minute)
			o.clock = there(t, "2026-11-23 08:00")
			o.fails["job0"] = fail
			for range 3 {
				names, err := o.s.RunDue(t.Context())
				if err == nil || !strings.Contains(err.Error(), "job0") || strings.Contains(err.Error(), "kanarie") {
					t.Errorf("RunDue: %v, %v", names, err)
				}
			}
			o.wantRan("beside one that fails", "job1 11-23 08:00")
			delete(o.fails, "job0")
			names, err := o.s.RunDue(t.Context())
			if err != nil || !slices.Equal(names, []string{"job0"}) {
				t.Errorf("RunDue: %v, %v", names, err)
			}
			o.wantRan("when it goes well again", "job0 11-23 08:00")
		})
	}
}

// A memory that fails is an error of that job alone.
func TestMemoryFails(t *testing.T) {
	forgets := errors.New("forgets")
	ran := 0
	run := func(context.Context, time.Time) error { ran++; return nil }
	s, err := New([]Job{{"a", "* * * * *", run}, {"b", "* * * * *", run}}, amsterdam, Memory{
		Last: func(_ context.Context, name string) (time.Time, bool, error) {
			if name == "a" {
				return time.Time{}, false, forgets
			}
			return there(t, "2026-11-23 08:00"), true, nil
		},
	}, func() time.Time { return there(t, "2026-11-23 09:00") }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	names, err := s.RunDue(t.Context())
	if !errors.Is(err, forgets) || !slices.Equal(names, []string{"b"}) || ran != 1 {
		t.Errorf("%v, %v, %d ran", names, err, ran)
	}
}

func TestBadExpression(t *testing.T) {
	if _, err := New([]Job{{Name: "deadlines", Spec: "60 * * * *"}}, amsterdam, Memory{}, time.Now, slog.New(slog.DiscardHandler)); err == nil ||
		!strings.Contains(err.Error(), "deadlines") {
		t.Errorf("got %v", err)
	}
	if _, err := Next("nooit", time.Now(), amsterdam); err == nil {
		t.Error("Next takes anything")
	}
}

func TestNext(t *testing.T) {
	at, err := Next("0 8 * * 1-5", there(t, "2026-11-27 09:00"), amsterdam)
	if want := there(t, "2026-11-30 08:00"); err != nil || !at.Equal(want) {
		t.Errorf("got %v, %v, want %v", at, err, want)
	}
}

// After years away a job runs once, and what last came up more than a year ago not at all.
func TestYearsAway(t *testing.T) {
	o := newOffice(t, there(t, "2026-11-23 09:00"), "0 * * * *", "0 8 1 1 *", "0 8 29 2 *")
	o.until(o.clock, time.Minute)
	o.clock = there(t, "2029-11-23 09:00")
	o.until(o.clock, time.Minute)
	slices.Sort(o.ran)
	o.wantRan("after three years", "job0 11-23 09:00", "job1 01-01 08:00")
}

// Run looks each minute, survives a panic, waits for a job that is running, and
// ends with ctx.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ran []time.Time
		busy := false
		job := func(_ context.Context, _ time.Time) error {
			ran = append(ran, time.Now())
			if len(ran) == 2 {
				panic("as the test wants it")
			}
			busy = true
			time.Sleep(20 * time.Second) // of the bubble
			busy = false
			return nil
		}
		began := time.Now()
		last := began
		s, err := New([]Job{{"job", "* * * * *", job}}, time.UTC, Memory{
			Last: func(context.Context, string) (time.Time, bool, error) { return last, true, nil },
		}, time.Now, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute+10*time.Second)
		defer cancel()
		if err := s.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
		if busy {
			t.Error("Run left a job at work")
		}
		for i, at := range ran {
			if want := began.Add(time.Duration(i+1) * time.Minute); !at.Equal(want) {
				t.Errorf("run %d at %v, want %v", i, at, want)
			}
		}
		if len(ran) != 5 {
			t.Errorf("%d runs in five minutes", len(ran))
		}
	})
}
