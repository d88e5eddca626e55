package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"klachtd/internal/desk"
	"klachtd/internal/store"
)

type cycleCmd struct {
	configured
	Now  string `placeholder:"TIME" help:"Set the procedure's clock (RFC 3339). Needs test_mode: true."`
	JSON bool   `name:"json" help:"Print what was done as one JSON object."`
}

// A summary is what one pass has done (interface.md, cycle).
type summary struct {
	Fetched     int      `json:"fetched"`
	Registered  int      `json:"registered"`
	Followups   int      `json:"followups"`
	Commands    int      `json:"commands"`
	Refused     int      `json:"refused"`
	Automatic   int      `json:"automatic"`
	Bounces     int      `json:"bounces"`
	Spam        int      `json:"spam"`
	Quarantined int      `json:"quarantined"`
	Notes       int      `json:"notes"`
	Duplicates  int      `json:"duplicates"`
	Sent        int      `json:"sent"`
	Waiting     int      `json:"waiting"`
	Jobs        []string `json:"jobs"`
}

// Run makes one pass.
func (c cycleCmd) Run(e env) error {
	cfg, err := c.load(e)
	if err != nil {
		return err
	}
	now, err := c.clock(e.now, cfg.TestMode)
	if err != nil {
		return err
	}
	h, err := build(cfg, nil, now, e.now, logger(cfg.Log, e.stderr))
	if err != nil {
		return err
	}
	if c.Now != "" {
		if err := h.notBefore(now()); err != nil {
			return errors.Join(err, h.close())
		}
	}
	s, err := h.cycle(e.ctx)
	if err == nil {
		err = h.beatOnce(e.ctx)
	}
	err = errors.Join(err, h.close())
	return errors.Join(err, c.print(e, s))
}

// clock is the procedure's clock: a fixed moment with --now.
func (c cycleCmd) clock(wall func() time.Time, test bool) (func() time.Time, error) {
	if c.Now == "" {
		return wall, nil
	}
	if !test {
		return nil, usage{errors.New("--now is for tests: it needs test_mode: true in the configuration")}
	}
	t, err := time.Parse(time.RFC3339, c.Now)
	if err != nil {
		return nil, usage{fmt.Errorf("--now: %q is no time like 2026-11-22T09:00:00+01:00", c.Now)}
	}
	return func() time.Time { return t }, nil
}

// notBefore refuses to go back behind what was written: terms would run backwards.
func (h *house) notBefore(t time.Time) error {
	return h.db.View(context.Background(), func(tx *store.Tx) error {
		last, err := tx.LastPass()
		if err == nil && t.Before(last) {
			return usage{fmt.Errorf("--now: the last pass was made at %s; a later one cannot come before it", last.Format(time.RFC3339))}
		}
		return err
	})
}

// cycle does everything once: fetch, register, file, run jobs, deliver. What
// one part could not do does not keep the others from their work.
func (h *house) cycle(ctx context.Context) (s summary, err error) {
	var fetchErr, jobErr, forgetErr, sendErr error
	s.Fetched, fetchErr = h.box.Pass(ctx)
	s.Jobs, jobErr = h.schedule.RunDue(ctx)
	forgetErr = h.desk.Forget(ctx)
	s.Sent, sendErr = h.deliver(ctx)
	if err := h.keepSent(ctx); h.grave(err) != nil {
		h.log.Warn("copies of letters wait for the Sent folder", "component", "mailbox", "err", err)
	}
	s.count(h.desk.Tally())
	err = errors.Join(fetchErr, jobErr, forgetErr, sendErr, h.notePass(context.WithoutCancel(ctx)))
	return s, errors.Join(err, h.db.View(ctx, func(tx *store.Tx) (err error) {
		s.Waiting, err = tx.Waiting()
		return err
	}))
}

// deliver sends until the outbox is empty or waits; what fails becomes a task,
// which is a letter too.
func (h *house) deliver(ctx context.Context) (sent int, err error) {
	for {
		n, err := h.worker.Pass(ctx)
		sent += n
		if err != nil {
			return sent, err
		}
		attended, err := h.desk.Attend(ctx)
		if err != nil || attended == 0 {
			return sent, err
		}
	}
}

func (s *summary) count(t desk.Tally) {
	s.Registered, s.Followups, s.Notes, s.Duplicates = t.Registered, t.Followups, t.Notes, t.Duplicates
	s.Commands, s.Refused = t.Commands, t.Refused
	s.Automatic, s.Bounces, s.Spam, s.Quarantined = t.Automatic, t.Bounces, t.Spam, t.Quarantined
}

func (c cycleCmd) print(e env, s summary) error {
	if s.Jobs == nil {
		s.Jobs = []string{}
	}
	if c.JSON {
		return json.NewEncoder(e.stdout).Encode(s)
	}
	_, err := fmt.Fprintf(e.stdout, "%d fetched: %d registered, %d follow-ups, %d commands, %d refused, %d notes, %d automatic, %d bounces, %d spam, %d quarantined, %d seen before; %d sent, %d waiting\n",
		s.Fetched, s.Registered, s.Followups, s.Commands, s.Refused, s.Notes, s.Automatic, s.Bounces, s.Spam, s.Quarantined, s.Duplicates, s.Sent, s.Waiting)
	return err
}
