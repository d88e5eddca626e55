// Package deliver sends the letters that wait in the outbox over SMTP: claim,
// send, retry, give up. What they say was decided and written down before;
// what follows from a failure is decided elsewhere.
package deliver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// Options say where and how letters are sent.
type Options struct {
	Server         Server
	MaxConnections int // at once
	PerMinute      int // 0: no limit of our own
	// InSent reports whether the Sent folder holds this Message-ID; nil when
	// the server keeps no copies (security.md 37).
	InSent func(ctx context.Context, messageID string) (bool, error)
	// Keep reports whether a copy of such a letter belongs in the Sent folder; nil: of none.
	Keep func(complaint.LetterKind) bool
	Step func(string) // called between every two steps; nil: nothing
	// Passed is told by Run how each pass went with the server: nil, or ErrConnect
	// and its kin. nil: nobody is told.
	Passed func(error)
	// Told is told what became of a letter once that is on disk; nil: nobody is.
	Told func(store.LetterState)
}

// A Worker moves due letters from the outbox to the mail server.
type Worker struct {
	o    Options
	db   *store.DB
	now  func() time.Time // the procedure's clock: when a letter is due
	wall func() time.Time // the real one: pauses and pace
	log  *slog.Logger

	mu   sync.Mutex
	next time.Time       // no letter before this, for PerMinute
	done []store.Outcome // could not be written down yet
	back []store.Letter  // could not be given back yet
}

// New returns a Worker.
func New(o Options, db *store.DB, now, wall func() time.Time, log *slog.Logger) *Worker {
	if o.Step == nil {
		o.Step = func(string) {}
	}
	if o.Passed == nil {
		o.Passed = func(error) {}
	}
	if o.Told == nil {
		o.Told = func(store.LetterState) {}
	}
	o.MaxConnections = max(o.MaxConnections, 1)
	return &Worker{o: o, db: db, now: now, wall: wall, log: log.With("component", "deliver")}
}

const (
	// lease is how long a claimed letter is left to us; it outlasts one attempt.
	lease = 30 * time.Minute
	// claimed bounds what is taken at once.
	claimed = 200
	// perConnection is for how many letters another connection is worth its login.
	perConnection = 10
	// grace is how long a letter that is on its way may take once we are to stop.
	grace = 3 * time.Second
)

// Pass sends what is due until the outbox is empty or waits for a retry, and
// returns how many letters were accepted. Letters that fail are put back or
// given up; an error is one of the database, or ErrConnect and its kin.
func (w *Worker) Pass(ctx context.Context) (int, error) {
	if err := w.catchUp(ctx); err != nil {
		return 0, err
	}
	if err := w.settle(ctx); err != nil {
		return 0, err
	}
	sent := 0
	for ctx.Err() == nil {
		letters, err := w.db.Claim(ctx, claimed, lease)
		if err != nil {
			return sent, fmt.Errorf("claim letters: %w", err)
		}
		if len(letters) == 0 {
			return sent, nil
		}
		w.o.Step("deliver: claimed")
		n, err := w.sendAll(ctx, letters)
		sent += n
		if err != nil {
			return sent, err
		}
	}
	return sent, ctx.Err()
}

// Run sends what is due for as long as ctx lasts.
func (w *Worker) Run(ctx context.Context) error {
	failures := 0
	for ctx.Err() == nil {
		_, err := w.Pass(ctx)
		wait := w.untilNext(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err == nil:
			w.o.Passed(nil)
			failures = 0
		case connection(err):
			w.o.Passed(err)
			wait = pause(failures, err)
			level := slog.LevelError // somebody has to mend it
			if errors.Is(err, ErrConnect) {
				level = slog.LevelWarn // may pass
			}
			w.log.Log(ctx, level, "letters wait", "err", err, "pause", wait)
			failures++
		case errors.Is(err, store.ErrFull), errors.Is(err, store.ErrInUse):
			wait = time.Minute // somebody has to make room; it then goes on by itself
			w.log.Error("letters wait for the database", "err", err, "pause", wait)
		default:
			return err
		}
		bell := w.db.Bell()
		if failures > 0 {
			bell = nil // new letters are no reason to hammer
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-bell:
		case <-timer.C:
		}
		timer.Stop()
	}
	return nil
}

func connection(err error) bool {
	return errors.Is(err, ErrConnect) || errors.Is(err, ErrLogin) || errors.Is(err, ErrTLS) || errors.Is(err, ErrSender)
}

// look is how often the outbox is looked at without a ring: `klachtd release`
// is another process.
const look = 10 * time.Second

func (w *Worker) untilNext(ctx context.Context) time.Duration {
	at, waiting, err := w.db.NextDue(ctx)
	if err != nil || !waiting {
		return look
	}
	return max(0, min(look, at.Sub(w.now())))
}

// settle looks after letters of which nobody knows whether they arrived: those
// found in Sent did; one without a person behind it is sent once more; any
// other waits for a person (security.md 37).
func (w *Worker) settle(ctx context.Context) error {
	unsure, err := w.db.UnsureLetters(ctx)
	if err != nil {
		return fmt.Errorf("settle letters: %w", err)
	}
	for _, l := range unsure {
		found := false
		if w.o.InSent != nil {
			if found, err = w.o.InSent(ctx, l.MessageID); err != nil {
				w.log.Warn("cannot look in the Sent folder", "letter", l.ID)
				continue // later: nothing is sent on a guess
			}
		}
		switch {
		case found:
			err = w.note(ctx, store.Outcome{Letter: l.Letter, State: store.Sent, Words: "found in the Sent folder"})
		case l.Kind.Automatic() && l.Again == 0:
			err = w.db.SendAgain(ctx, l.Letter, w.now())
		default:
			err = w.note(ctx, store.Outcome{Letter: l.Letter, State: store.FailedFor, Failure: "uncertain", Words: "no answer to the last dot"})
		}
		if err != nil {
			return fmt.Errorf("settle letter %d: %w", l.ID, err)
		}
		w.o.Step("deliver: settled")
	}
	return nil
}

func (w *Worker) note(ctx context.Context, o store.Outcome) error {
	_, err := w.turn(ctx, []store.Outcome{o}, nil)
	return err
}

// turn writes down what became of letters. What the database does not take is
// kept until it does: the mail server has said it already.
func (w *Worker) turn(ctx context.Context, done []store.Outcome, begin []store.Letter) ([][]byte, error) {
	for i, o := range done {
		done[i].Keep = o.State == store.Sent && w.o.Keep != nil && w.o.Keep(o.Letter.Kind)
	}
	bodies, err := w.db.Turn(ctx, done, begin)
	if err != nil {
		w.mu.Lock()
		w.done = append(w.done, done...)
		w.mu.Unlock()
		return bodies, err
	}
	for _, o := range done {
		w.o.Told(o.State)
	}
	return bodies, nil
}

func (w *Worker) unclaim(ctx context.Context, letters []store.Letter) error {
	err := w.db.Unclaim(ctx, letters)
	if err != nil {
		w.back = append(w.back, letters...)
		return fmt.Errorf("give back letters: %w", err)
	}
	return nil
}

// Inherit takes over what a Worker that has ended still had to write down, before
// this one begins: its letters would else be uncertain.
func (w *Worker) Inherit(from *Worker) {
	w.done, w.back = append(w.done, from.done...), append(w.back, from.back...)
	w.next = from.next
	from.done, from.back = nil, nil
}

// catchUp does what the database did not take in an earlier pass.
func (w *Worker) catchUp(ctx context.Context) error {
	done, back := w.done, w.back
	w.done, w.back = nil, nil
	if _, err := w.turn(ctx, done, nil); err != nil {
		w.back = back
		return fmt.Errorf("note letters: %w", err)
	}
	return w.unclaim(ctx, back)
}
