package mailbox

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Run keeps the mailbox until the context ends, and returns nil then: pass after pass, with IDLE between them
// where the server has it, and a new connection after a pause when something went wrong.
func (m *Mailbox) Run(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer m.hangUp()
	failures := 0
	for ctx.Err() == nil {
		n, err := m.pass(ctx)
		if n > 0 {
			m.log.Info("messages handed over", "messages", n)
		}
		if _, soft := errors.AsType[*filingError](err); soft {
			m.warnUnfiled(err)
			err = nil
		}
		if err == nil {
			m.o.Passed(nil)
			failures = 0
			err = m.await(ctx)
		}
		if err == nil || ctx.Err() != nil {
			continue
		}
		m.o.Passed(err)
		failures++
		d := pause(failures, errors.Is(err, ErrLogin), rand.Float64()) //nolint:gosec // jitter need not be secret
		level := slog.LevelWarn
		if errors.Is(err, ErrLogin) || errors.Is(err, ErrTLS) {
			level = slog.LevelError // does not pass by itself
		}
		m.log.Log(ctx, level, "mailbox out of reach or out of order; trying again", "err", err, "failures", failures, "pause", d.Round(time.Millisecond))
		sleep(ctx, d)
	}
	return nil
}

// warnUnfiled logs an error that comes with every pass, and again only when it changed or an hour went by.
func (m *Mailbox) warnUnfiled(err error) {
	if now := m.now(); err.Error() != m.said || now.Sub(m.saidAt) >= time.Hour {
		m.said, m.saidAt = err.Error(), now
		m.log.Warn("some messages could not be filed; they are registered, and filing is tried again", "err", err)
	}
}

// pause is how long to wait after the nth failure in a row, with chance from 0 to 1. A refused login waits
// longer: whoever hammers a server with a wrong password is locked out.
func pause(n int, login bool, chance float64) time.Duration {
	d, most := time.Second, 5*time.Minute
	if login {
		d, most = time.Minute, 15*time.Minute
	}
	for ; n > 1 && d < most; n-- {
		d *= 2
	}
	d = min(d, most)
	return d - time.Duration(chance*float64(d)/4)
}

// await returns when there may be something new: the server said so, or it is time to look. IDLE only
// shortens the wait; looking from time to time is what can be relied on (libraries.md 1.1, 12).
func (m *Mailbox) await(ctx context.Context) error {
	s := m.s
	if s == nil || s.dead {
		return errCut
	}
	select {
	case <-s.news: // came during the pass
		return s.noop(ctx)
	default:
	}
	idle, err := m.idle(ctx, s)
	if err != nil {
		return err
	}
	wait := m.o.Poll
	if idle != nil {
		wait = min(wait, m.o.IdleFor)
	}
	told, err := m.listen(ctx, s, wait)
	if err != nil || ctx.Err() != nil {
		s.dead = true // not worth a DONE: the connection ends here
		s.cut()
		return err
	}
	if idle == nil {
		err = s.noop(ctx) // so that the server looks too
	} else {
		err = s.do(ctx, "idle", func(*imapclient.Client) error {
			if err := idle.Close(); err != nil {
				return err
			}
			return idle.Wait()
		})
		if err != nil { // while IDLE is on, any other command would block for ever
			s.dead = true
			s.cut()
		}
	}
	if !told {
		m.next = 0 // look at everything
	}
	return err
}

// listen waits until the server tells of a message, the time is over, the connection breaks or the context ends.
func (m *Mailbox) listen(ctx context.Context, s *session, d time.Duration) (told bool, err error) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-s.news:
		m.o.Step("mailbox: told")
		return true, nil
	case <-s.c.Closed():
		return false, errCut
	case <-t.C:
	case <-ctx.Done():
	}
	return false, nil
}

// idle begins an IDLE, or not: a server may offer it and refuse it.
func (m *Mailbox) idle(ctx context.Context, s *session) (*imapclient.IdleCommand, error) {
	if !s.caps.Has(imap.CapIdle) {
		return nil, nil
	}
	m.o.Step("mailbox: waiting")
	var idle *imapclient.IdleCommand
	err := s.do(ctx, "idle", func(c *imapclient.Client) (err error) {
		idle, err = c.Idle()
		return err
	})
	if refused(err) {
		return nil, nil
	}
	return idle, err
}

func (s *session) noop(ctx context.Context) error {
	return s.do(ctx, "noop", func(c *imapclient.Client) error { return c.Noop().Wait() })
}
