// Package schedule calls a pass at its hour, once a period. What a pass does,
// and that it is noted in the same transaction, is left to those who hand it in.
package schedule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"
)

// A Job is one callable pass.
type Job struct {
	Name string
	Spec string // a cron expression, in the academy's zone
	// Run does the work for the moment it was scheduled for, and notes that it
	// ran for that moment; what it did and the note are one transaction.
	Run func(ctx context.Context, scheduled time.Time) error
}

// Memory is what is remembered of the jobs' runs.
type Memory struct {
	Last func(ctx context.Context, name string) (scheduled time.Time, ran bool, err error)
	Note func(ctx context.Context, name string, scheduled time.Time) error
}

// A Schedule knows which jobs are due.
type Schedule struct {
	jobs   []job
	zone   *time.Location
	memory Memory
	now    func() time.Time
	log    *slog.Logger
}

type job struct {
	Job
	at cron.Schedule
}

// New returns a Schedule. A wrong expression is an error.
func New(jobs []Job, zone *time.Location, m Memory, now func() time.Time, log *slog.Logger) (*Schedule, error) {
	s := &Schedule{zone: zone, memory: m, now: now, log: log.With("component", "schedule")}
	for _, j := range jobs {
		at, err := cron.ParseStandard(j.Spec)
		if err != nil {
			return nil, fmt.Errorf("schedule %s: %w", j.Name, err)
		}
		s.jobs = append(s.jobs, job{j, at})
	}
	return s, nil
}

// RunDue runs each job that is due, once, however many of its moments have
// passed, and returns the names of those that ran. A job that was never seen
// before owes nothing: it begins to count now (security.md 44). A job that fails
// stays due and stops no other one.
func (s *Schedule) RunDue(ctx context.Context) (names []string, err error) {
	var errs []error
	for _, j := range s.jobs {
		last, ran, err := s.memory.Last(ctx, j.Name)
		if err == nil && !ran {
			err = s.memory.Note(ctx, j.Name, s.now())
			last = s.now()
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("job %s: %w", j.Name, err))
			continue
		}
		due, ok := latest(j.at, last, s.now(), s.zone)
		if !ok {
			continue
		}
		if err := run(ctx, j.Job, due); err != nil {
			errs = append(errs, fmt.Errorf("job %s: %w", j.Name, err))
			continue
		}
		s.log.Info("job ran", "job", j.Name, "scheduled", due)
		names = append(names, j.Name)
	}
	return names, errors.Join(errs...)
}

// run turns a panic into an error: the job must run again, and so must the others.
func run(ctx context.Context, j Job, due time.Time) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("panic") // what it said may quote content
		}
	}()
	return j.Run(ctx, due)
}

// latest returns the last moment of the schedule after last and not after now.
// It is looked for on the clock on the wall, as if that never jumped, and then
// put on the line of time: an hour that summer time leaves out counts as the
// hour after, one that comes twice counts once.
func latest(at cron.Schedule, last, now time.Time, zone *time.Location) (time.Time, bool) {
	from, until := wall(last, zone), wall(now, zone)
	if a := until.AddDate(-1, 0, -1); from.Before(a) {
		from = a // after years away one run is as good as another
	}
	var due time.Time
	for t := at.Next(from); !t.IsZero() && !t.After(until); t = at.Next(t) {
		due = t
	}
	if due.IsZero() {
		return time.Time{}, false
	}
	return time.Date(due.Year(), due.Month(), due.Day(), due.Hour(), due.Minute(), due.Second(), 0, zone), true
}

// wall is what the clock on the wall shows, as a time without jumps.
func wall(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// Run runs what is due now and then each minute, for as long as ctx lasts. It
// waits for a job that is running.
func (s *Schedule) Run(ctx context.Context) error {
	pass := func() {
		if _, err := s.RunDue(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("job failed", "err", err)
		}
	}
	pass()
	logger := cron.DiscardLogger
	// Recover must be the inner one: a panic would else keep the job "running" for ever.
	c := cron.New(cron.WithLocation(s.zone), cron.WithChain(cron.SkipIfStillRunning(logger), cron.Recover(logger)))
	if _, err := c.AddFunc("* * * * *", pass); err != nil {
		return fmt.Errorf("schedule: %w", err)
	}
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
	return nil
}

// Next returns the next moment of an expression after t, for those who look ahead.
func Next(spec string, t time.Time, zone *time.Location) (time.Time, error) {
	at, err := cron.ParseStandard(spec)
	if err != nil {
		return time.Time{}, fmt.Errorf("schedule: %w", err)
	}
	return at.Next(t.In(zone)), nil
}
