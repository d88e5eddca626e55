package deliver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/textproto"
	"slices"
	"sync"
	"time"

	"klachtd/internal/store"
)

// A round sends one claim of letters over some connections. What one connection
// has sent is committed together with what it begins next, and with whatever the
// others have ready at that moment: one commit for all of them (security.md 37).
type round struct {
	w *Worker

	mu      sync.Mutex // guards waiting and lines
	waiting []*turn
	lines   int           // connections that will still ask
	all     chan struct{} // rings when all of them wait

	commit  sync.Mutex     // held by whoever commits for all that wait; guards what follows
	letters []store.Letter // claimed and not begun
	sent    int
	err     error // ends the round
}

// A turn is what a connection asks for: write down what I did, give me the next.
type turn struct {
	done   *store.Outcome // nil the first time
	letter store.Letter
	raw    []byte
	more   bool
	err    error // of the commit that it was for
}

// sendAll sends claimed letters over as many connections as they are worth.
func (w *Worker) sendAll(ctx context.Context, letters []store.Letter) (int, error) {
	lines := min(w.o.MaxConnections, 1+(len(letters)-1)/perConnection)
	r := &round{w: w, letters: letters, lines: lines, all: make(chan struct{}, 1)}
	errs := make([]error, lines)
	var wg sync.WaitGroup
	for i := range lines {
		wg.Go(func() {
			errs[i] = r.line(ctx)
			r.leave()
		})
	}
	wg.Wait()
	left, err := r.letters, errors.Join(errs...)
	if err := w.unclaim(context.WithoutCancel(ctx), left); err != nil {
		return r.sent, err
	}
	if r.err != nil {
		return r.sent, r.err
	}
	if len(left) == 0 && !errors.Is(err, ErrSender) {
		return r.sent, nil // where one connection failed another did the work
	}
	return r.sent, err
}

// line is one connection's share of the round.
func (r *round) line(ctx context.Context) error {
	conn, err := r.w.o.Server.dial(ctx)
	if err != nil {
		return err
	}
	defer func() { conn.quit() }()
	t := &turn{}
	for {
		if over, err := r.wait(ctx, t); over {
			return err
		}
		if err := r.take(ctx, t); err != nil || !t.more {
			return err
		}
		r.w.o.Step("deliver: begun")
		words, sendErr := r.send(ctx, conn, t)
		r.w.o.Step("deliver: answered")
		o := verdict(t.letter, words, sendErr, r.w.now(), rand.Float64()) //nolint:gosec // jitter need not be secret
		t.done = &o
		level := slog.LevelInfo
		if sendErr == nil {
			level = slog.LevelDebug // the register shows what was sent
		}
		r.w.log.Log(ctx, level, "letter tried", "case", t.letter.CaseID, "letter", t.letter.ID, "kind", t.letter.Kind,
			"attempt", t.letter.Attempts+1, "state", o.State)
		if sendErr == nil {
			continue
		}
		if aboutSender(sendErr) {
			return errors.Join(r.last(t), fmt.Errorf("%w by the SMTP server; check smtp.from and smtp.username", ErrSender))
		}
		if !refusal(sendErr) || conn.reset() != nil {
			again, err := r.w.o.Server.dial(ctx)
			if err != nil {
				return errors.Join(r.last(t), err)
			}
			conn.raw.Close()
			conn = again
		}
	}
}

// send hands in a letter. One that is on its way when ctx ends gets a moment, so
// that its fate is known.
func (r *round) send(ctx context.Context, c *smtpConn, t *turn) (string, error) {
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, func() { c.raw.Close() }) })
	defer stop()
	return c.send(t.letter.From, t.letter.To, t.raw)
}

// refusal reports whether the server answered, so that the connection can go on.
func refusal(err error) bool {
	var reply *textproto.Error
	return errors.As(err, &reply) && reply.Code != 421
}

func aboutSender(err error) bool {
	var send *sendError
	var reply *textproto.Error
	return errors.As(err, &send) && errors.As(err, &reply) && reply.Code/100 == 5 && aboutUs(send, reply)
}

// last writes down what was done and asks for nothing more.
func (r *round) last(t *turn) error {
	if t.done == nil {
		return nil
	}
	o := *t.done
	t.done = nil
	if err := r.w.note(context.Background(), o); err != nil {
		return fmt.Errorf("finish letter %d: %w", o.Letter.ID, err)
	}
	if o.State == store.Sent {
		r.commit.Lock()
		r.sent++
		r.commit.Unlock()
	}
	return nil
}

// wait holds a connection back for PerMinute, and reports whether that is the
// end of it. What was sent is written down before: until then it is uncertain.
func (r *round) wait(ctx context.Context, t *turn) (over bool, err error) {
	if r.w.o.PerMinute == 0 {
		return false, nil
	}
	if err := r.last(t); err != nil {
		return true, err
	}
	r.commit.Lock()
	empty := len(r.letters) == 0
	r.commit.Unlock()
	return empty || r.w.pace(ctx) != nil, nil
}

// patience is how long a commit waits for the other connections: about as long
// as a commit takes, so that a slow server costs nothing and a fast one saves
// most of the commits.
const patience = 2 * time.Millisecond

// take has one commit made for all connections that wait for one, this one
// among them, and returns with the next letter in t.
func (r *round) take(ctx context.Context, t *turn) error {
	r.mu.Lock()
	r.waiting = append(r.waiting, t)
	r.ringWhenAll()
	r.mu.Unlock()

	r.commit.Lock()
	defer r.commit.Unlock()
	if r.done(t) {
		return t.err
	}
	timer := time.NewTimer(patience)
	select {
	case <-r.all:
	case <-timer.C:
	}
	timer.Stop()
	r.mu.Lock()
	ready := r.waiting
	r.waiting = nil
	r.mu.Unlock()
	r.turn(ctx, ready)
	return t.err
}

// done reports whether another connection's commit was for t too.
func (r *round) done(t *turn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !slices.Contains(r.waiting, t)
}

// ringWhenAll is called with mu held.
func (r *round) ringWhenAll() {
	select {
	case <-r.all: // an old ring
	default:
	}
	if len(r.waiting) >= r.lines {
		r.all <- struct{}{}
	}
}

// leave tells that a connection asks no more.
func (r *round) leave() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines--
	if len(r.waiting) > 0 {
		r.ringWhenAll()
	}
}

// turn makes the commit. After one that failed nothing more is begun, but what the
// other connections did meanwhile is written down all the same, or kept until it can be.
func (r *round) turn(ctx context.Context, ready []*turn) {
	var done []store.Outcome
	for _, t := range ready {
		if t.done != nil {
			done = append(done, *t.done)
		}
		t.done, t.raw, t.more = nil, nil, false
	}
	n := min(len(ready), len(r.letters))
	if ctx.Err() != nil || r.err != nil {
		n = 0 // we are to stop: nothing new
	}
	begin := r.letters[:n]
	// Without cancel: what was sent is written down also while we stop.
	bodies, err := r.w.turn(context.WithoutCancel(ctx), done, begin)
	if err != nil {
		r.err = cmp.Or(r.err, fmt.Errorf("note letters: %w", err))
	}
	for _, t := range ready {
		t.err = r.err
	}
	if err != nil {
		return
	}
	r.letters = r.letters[n:]
	for i, l := range begin {
		ready[i].letter, ready[i].raw, ready[i].more = l, bodies[i], true
	}
	for _, o := range done {
		if o.State == store.Sent {
			r.sent++
		}
	}
}

// pace waits until another letter may go under PerMinute.
func (w *Worker) pace(ctx context.Context) error {
	w.mu.Lock()
	now := w.wall()
	if w.next.Before(now) {
		w.next = now
	}
	wait := w.next.Sub(now)
	w.next = w.next.Add(time.Minute / time.Duration(w.o.PerMinute))
	w.mu.Unlock()
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
