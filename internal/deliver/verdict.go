package deliver

import (
	"errors"
	"net/textproto"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// waits are how long a letter waits after its nth attempt; after the last the
// last again (security.md 39).
var waits = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour}

// giveUpAfter is how long a letter is tried in all. One that was held, or waited for
// a server that was away, gets each of waits all the same: a server back from days
// of absence, or one that greylists, refuses the first attempt.
const giveUpAfter = 5 * 24 * time.Hour

// verdict says what becomes of a letter after an attempt. An error we do not
// know counts as passing: a lost letter costs more than a late one. jitter is
// from 0 to 1 and spreads the attempts.
func verdict(l store.Letter, words string, err error, now time.Time, jitter float64) store.Outcome {
	o := store.Outcome{Letter: l, Words: words}
	if err == nil {
		o.State = store.Sent
		return o
	}
	o.Words = err.Error()
	var send *sendError
	var reply *textproto.Error
	switch {
	case errors.As(err, &send) && send.unknown:
		o.State = store.Unsure
	case errors.As(err, &reply) && reply.Code/100 == 5 && !aboutUs(send, reply):
		o.State, o.Failure = store.FailedFor, complaint.Refused
	case l.Attempts >= len(waits) && now.Sub(l.CreatedAt) > giveUpAfter:
		o.State, o.Failure = store.FailedFor, complaint.GivenUp
	default:
		wait := waits[min(l.Attempts, len(waits)-1)]
		o.State, o.NextAt = store.Due, now.Add(wait+time.Duration(jitter*float64(wait)/10))
	}
	return o
}

// aboutUs reports whether a refusal is about our login or sender address: no
// letter is to blame, and somebody can mend it.
func aboutUs(send *sendError, reply *textproto.Error) bool {
	switch reply.Code {
	case 530, 534, 535, 538:
		return true
	}
	return send != nil && send.atFrom
}

// pause is how long all letters wait after the nth failure in a row to connect
// or to log in, n from 0: no hammering.
func pause(n int, err error) time.Duration {
	steps := []time.Duration{5 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute}
	if errors.Is(err, ErrLogin) || errors.Is(err, ErrSender) || errors.Is(err, ErrTLS) {
		steps = steps[3:]
	}
	return steps[min(n, len(steps)-1)]
}
