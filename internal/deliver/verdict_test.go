package deliver

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func reply(code int, atFrom bool) error {
	return &sendError{err: &textproto.Error{Code: code, Msg: "so it is"}, atFrom: atFrom}
}

// security.md 39
func TestVerdict(t *testing.T) {
	down := &sendError{err: &net.OpError{Op: "write", Err: errors.New("broken pipe")}}
	for _, tt := range []struct {
		name     string
		attempts int // before this one
		age      time.Duration
		err      error
		state    store.LetterState
		wait     time.Duration
		failure  complaint.Failure
	}{
		{"accepted", 0, 0, nil, store.Sent, 0, ""},
		{"accepted at last", 30, 5 * 24 * time.Hour, nil, store.Sent, 0, ""},
		{"4xx", 0, 0, reply(451, false), store.Due, time.Minute, ""},
		{"the second time", 1, time.Minute, reply(452, false), store.Due, 5 * time.Minute, ""},
		{"the third time", 2, time.Hour, reply(450, false), store.Due, 15 * time.Minute, ""},
		{"the fourth time", 3, time.Hour, reply(450, false), store.Due, time.Hour, ""},
		{"the fifth time", 4, time.Hour, reply(450, false), store.Due, 4 * time.Hour, ""},
		{"ever after", 25, 4 * 24 * time.Hour, reply(450, false), store.Due, 4 * time.Hour, ""},
		{"the last day", 30, 5 * 24 * time.Hour, reply(450, false), store.Due, 4 * time.Hour, ""},
		{"given up", 30, 5*24*time.Hour + time.Second, reply(450, false), store.FailedFor, 0, complaint.GivenUp},
		{"first tried after six days", 0, 6 * 24 * time.Hour, reply(451, false), store.Due, time.Minute, ""},
		{"tried five times since", 4, 6 * 24 * time.Hour, reply(451, false), store.Due, 4 * time.Hour, ""},
		{"tried six times since", 5, 6 * 24 * time.Hour, reply(451, false), store.FailedFor, 0, complaint.GivenUp},
		{"5xx", 0, 0, reply(550, false), store.FailedFor, 0, complaint.Refused},
		{"too large", 0, 0, reply(552, false), store.FailedFor, 0, complaint.Refused},
		{"after five days 5xx", 30, 6 * 24 * time.Hour, reply(554, false), store.FailedFor, 0, complaint.Refused},
		{"the server goes", 0, 0, reply(421, false), store.Due, time.Minute, ""},
		{"connection lost", 0, 0, down, store.Due, time.Minute, ""},
		{"not known at all", 0, 0, errors.New("what is this"), store.Due, time.Minute, ""},
		{"not known for five days", 30, 6 * 24 * time.Hour, io.ErrUnexpectedEOF, store.FailedFor, 0, complaint.GivenUp},
		// security.md 37
		{"no answer to the last dot", 0, 0, &sendError{err: io.EOF, unknown: true}, store.Unsure, 0, ""},
		{"no answer after five days", 30, 6 * 24 * time.Hour, &sendError{err: io.EOF, unknown: true}, store.Unsure, 0, ""},
		// about us: no letter is to blame
		{"login wanted", 0, 0, reply(530, false), store.Due, time.Minute, ""},
		{"login refused", 0, 0, reply(535, false), store.Due, time.Minute, ""},
		{"our sender refused", 0, 0, reply(550, true), store.Due, time.Minute, ""},
		{"our sender refused for five days", 30, 6 * 24 * time.Hour, reply(553, true), store.FailedFor, 0, complaint.GivenUp},
	} {
		now := start.Add(tt.age)
		l := store.Letter{ID: 7, Attempts: tt.attempts, CreatedAt: start}
		o := verdict(l, "250 ok", tt.err, now, 0)
		if o.State != tt.state || o.Failure != tt.failure || o.Letter.ID != 7 {
			t.Errorf("%s: %s %q, want %s %q", tt.name, o.State, o.Failure, tt.state, tt.failure)
		}
		if tt.state == store.Due && !o.NextAt.Equal(now.Add(tt.wait)) {
			t.Errorf("%s: waits %v, want %v", tt.name, o.NextAt.Sub(now), tt.wait)
		}
		if (tt.err == nil) != (o.Words == "250 ok") {
			t.Errorf("%s: the words are %q", tt.name, o.Words)
		}
	}
}

// Jitter makes a wait longer by a tenth at most, never shorter.
func TestJitter(t *testing.T) {
	for jitter, want := range map[float64]time.Duration{0: time.Minute, 0.5: 63 * time.Second, 1: 66 * time.Second} {
		if o := verdict(store.Letter{CreatedAt: start}, "", io.EOF, start, jitter); o.NextAt.Sub(start) != want {
			t.Errorf("%v: %v, want %v", jitter, o.NextAt.Sub(start), want)
		}
	}
}

// security.md 39: a failed login is a pause, no hammering.
func TestPause(t *testing.T) {
	steps := []time.Duration{5 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, 15 * time.Minute}
	for _, tt := range []struct {
		err  error
		want []time.Duration
	}{
		{ErrConnect, steps},
		{ErrLogin, steps[3:]}, {ErrSender, steps[3:]}, {ErrTLS, steps[3:]},
	} {
		for n, want := range tt.want {
			if got := pause(n, fmt.Errorf("connect: %w", tt.err)); got != want {
				t.Errorf("%v, failure %d: %v, want %v", tt.err, n, got, want)
			}
		}
		if !connection(fmt.Errorf("connect: %w", tt.err)) {
			t.Errorf("%v ends the loop", tt.err)
		}
	}
	if connection(store.ErrCorrupt) {
		t.Error("a damaged database does not end the loop")
	}
}

// RFC 5321, 4.5.2
func TestStuffed(t *testing.T) {
	long := strings.Repeat(".een regel\r\n", 2*pieceSize/12)
	for in, want := range map[string]string{
		"":                    "",
		"geen punt.\r\n":      "geen punt.\r\n",
		".":                   "..\r\n",
		"a\r\n.\r\nb\r\n":     "a\r\n..\r\nb\r\n",
		"..a\r\n..b\r\n.\r\n": "...a\r\n...b\r\n..\r\n",
		"\r\n\r\n.":           "\r\n\r\n..\r\n",
		long:                  strings.ReplaceAll(long, ".", ".."),
	} {
		raw, got := []byte(in), ""
		for piece, left := stuffed(nil, raw); len(piece) > 0; piece, left = stuffed(piece[:0], left) {
			got += string(piece)
			if len(piece) > pieceSize+len("..een regel\r\n") {
				t.Errorf("a piece of %d bytes", len(piece))
			}
		}
		if got != want || string(raw) != in {
			t.Errorf("%.50q: %.50q, want %.50q", in, got, want)
		}
	}
}
