package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"klachtd/internal/store"
)

// run runs the loops until ctx ends or one of them cannot go on. They share
// nothing: they meet in the database.
func (h *house) run(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var wg sync.WaitGroup
	h.expect()
	defer h.release()
	debug.FreeOSMemory() // most of what the start needed it needed once
	for name, loop := range map[string]func(context.Context) error{
		"mailbox": h.box.Run, "deliver": h.worker.Run, "schedule": h.schedule.Run, "desk": h.attend, "clock": h.keepTime, "forget": h.forget, "keep": h.keep, "look": h.look, "heartbeat": h.heartbeats,
	} {
		wg.Go(func() {
			if err := loop(ctx); err != nil && ctx.Err() == nil {
				stop(fmt.Errorf("%s: %w", name, err))
			}
		})
	}
	select {
	case <-ctx.Done():
	case err := <-h.failed:
		stop(fmt.Errorf("database: %w", err))
	}
	wg.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// attend makes failed letters somebody's task as soon as they fail.
func (h *house) attend(ctx context.Context) error {
	for {
		if _, err := h.desk.Attend(ctx); h.grave(err) != nil && ctx.Err() == nil {
			h.log.Error("failed letters wait", "component", "desk", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-h.db.Failed():
		}
	}
}

// keepTime notes once a minute how far the clock has come, so that a later pass
// cannot be made before it.
func (h *house) keepTime(ctx context.Context) error {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	last := h.wall()
	for {
		now := h.wall()
		if jumped(last, now) {
			h.log.Error("the clock has jumped; nothing is erased or acknowledged until `klachtd release`")
			if err := h.desk.ClockJumped(ctx); h.grave(err) != nil && ctx.Err() == nil {
				h.log.Error("cannot stop erasures", "err", err)
			}
		}
		last = now
		h.watch.Heard("clock")
		if err := h.notePass(ctx); h.grave(err) != nil && ctx.Err() == nil {
			h.log.Error("cannot note the time", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// jumped reports whether the clock on the wall went another way than time did
// between two looks of one process: back by 5 minutes, or ahead by 26 hours
// (security.md 44).
func jumped(last, now time.Time) bool {
	passed := now.Sub(last) // by the monotonic clock
	by := now.Round(0).Sub(last.Round(0)) - passed
	return by <= -5*time.Minute || by >= 26*time.Hour
}

// forget goes on with the erasures that were begun: each minute there is a look
// whether there are any.
func (h *house) forget(ctx context.Context) error {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		if err := h.desk.Forget(ctx); h.grave(err) != nil && ctx.Err() == nil {
			h.log.Error("an erasure could not be finished; it is tried again", "component", "desk", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (h *house) notePass(ctx context.Context) error {
	return h.db.Update(ctx, func(tx *store.Tx) error { return tx.SetLastPass() })
}
