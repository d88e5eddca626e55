package deliver

import (
	"context"
	"errors"
	"maps"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// A SIGTERM in the middle: what was sent is known, and nothing else is taken.
func TestStopInTheMiddle(t *testing.T) {
	for _, perMinute := range []int{0, 1_000_000} {
		ctx, cancel := context.WithCancel(t.Context())
		var came atomic.Int64
		s := newSink(t, hooks{dot: func(net.Conn, []byte) error {
			if came.Add(1) == 17 {
				cancel()
			}
			return nil
		}})
		o := newOffice(t)
		o.add(60)
		n, err := o.worker(Options{Server: s.where(), MaxConnections: 4, PerMinute: perMinute}).Pass(ctx)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Pass: %v", err)
		}
		got := o.states()
		if sent := len(s.got()); sent < 17 || sent > 30 || got[store.Sent] != sent || got[store.Due] != 60-sent || n != sent {
			t.Errorf("the server took %d, Pass counts %d, and %v", sent, n, got)
		}
	}
}

// A server that says nothing at all does not hold us when we are to stop.
func TestSilentServer(t *testing.T) {
	for name, where := range map[string]func() Server{
		"no greeting": func() Server { s, _ := listening(t, "", func(string) string { return "" }); return s },
		"no answer":   func() Server { s, _ := listening(t, "220 hallo", func(string) string { return "" }); return s },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			o := newOffice(t)
			o.add(20)
			begin := time.Now()
			_, err := o.worker(Options{Server: where(), MaxConnections: 2}).Pass(ctx)
			if took := time.Since(begin); err == nil || took > 10*time.Second {
				t.Errorf("Pass: %v after %v", err, took)
			}
			if got := o.states(); got[store.Due] != 20 || o.letter(1).Attempts != 0 {
				t.Errorf("%v, want all due and none tried", got)
			}
		})
	}
}

// One that falls silent in the middle gets a moment, and then its letter's fate is written down.
func TestSilentInTheMiddle(t *testing.T) {
	for step, want := range map[string]store.LetterState{"RCPT": store.Due, ".": store.Unsure} {
		t.Run(step, func(t *testing.T) {
			t.Parallel() // each waits for the grace
			ctx, cancel := context.WithCancel(t.Context())
			data := false
			where, _ := listening(t, "220 hallo", func(line string) string {
				verb, _, _ := strings.Cut(line, " ")
				switch {
				case verb == step:
					cancel()
					return ""
				case data:
					return ""
				case verb == "DATA":
					data = true
					return "354 go on"
				}
				return "250 ok"
			})
			o := newOffice(t)
			o.add(3)
			if _, err := o.worker(Options{Server: where}).Pass(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("Pass: %v", err)
			}
			if l, got := o.letter(1), o.states(); l.State != want || got[store.Due]+got[want] < 3 {
				t.Errorf("the letter is %s, want %s; all: %v", l.State, want, got)
			}
		})
	}
}

// smtp.per_minute
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &Worker{o: Options{PerMinute: 30}, wall: time.Now}
		begin := time.Now()
		for range 31 {
			if err := w.pace(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begin); took != time.Minute {
			t.Errorf("31 letters in %v, want one a two seconds", took)
		}
		time.Sleep(10 * time.Minute) // of the bubble: a rest is not saved up
		begin = time.Now()
		for range 3 {
			if err := w.pace(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begin); took != 4*time.Second {
			t.Errorf("three letters in %v after a rest", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin = time.Now()
		if err := w.pace(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != time.Second {
			t.Errorf("stopped after %v with %v", time.Since(begin), err)
		}
	})
}

// security.md 37: a letter that was accepted is not uncertain for as long as the
// pace holds the next one back, and the last one waits for nothing.
func TestPaceHoldsNoOutcomeBack(t *testing.T) {
	s := newSink(t, hooks{})
	o := newOffice(t)
	o.add(1)
	o.pass(o.worker(Options{Server: s.where(), PerMinute: 1}), 1) // else it takes a minute
	o.add(2)
	ctx, cancel := context.WithCancel(t.Context())
	w := o.worker(Options{Server: s.where(), PerMinute: 1})
	w.wall = func() time.Time {
		if len(s.got()) == 2 { // about to wait
			if got := o.states(); got[store.Sent] != 2 {
				t.Errorf("while waiting: %v", got)
			}
			cancel()
		}
		return time.Now()
	}
	if n, err := w.Pass(ctx); n != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("Pass: %d, %v", n, err)
	}
	if got := o.states(); got[store.Sent] != 2 || got[store.Due] != 1 {
		t.Errorf("%v", got)
	}
}

// security.md 40: what the mail server said is not lost when it cannot be written
// down at once.
func TestDatabaseDoesNotTakeIt(t *testing.T) {
	s := newSink(t, hooks{})
	o := newOffice(t)
	o.add(3)
	letters, err := o.db.Claim(t.Context(), 10, lease)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.db.Turn(t.Context(), nil, letters[:1]); err != nil { // one was begun
		t.Fatal(err)
	}
	w := o.worker(Options{Server: s.where()})
	stopped, cancel := context.WithCancel(t.Context())
	cancel() // stands for a database that takes nothing
	sent := store.Outcome{Letter: letters[0], State: store.Sent, Words: "250 ok"}
	if err := w.note(stopped, sent); err == nil {
		t.Error("noted")
	}
	if err := w.unclaim(stopped, letters[1:]); err == nil {
		t.Error("given back")
	}
	if _, err := w.Pass(stopped); err == nil {
		t.Error("a pass that could do nothing went well")
	}
	o.pass(w, 2)
	if got := o.states(); got[store.Sent] != 3 || len(s.got()) != 2 {
		t.Errorf("%v, and the server got %d", got, len(s.got()))
	}
}

// security.md 40: what a connection has sent while the commit of another failed is
// written down too.
func TestCommitOfAnotherConnectionFailed(t *testing.T) {
	s := newSink(t, hooks{})
	o := newOffice(t)
	o.add(3)
	letters, err := o.db.Claim(t.Context(), 10, lease)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.db.Turn(t.Context(), nil, letters[:1]); err != nil { // this connection's
		t.Fatal(err)
	}
	w := o.worker(Options{Server: s.where()})
	r := &round{w: w, letters: letters[1:], lines: 1, all: make(chan struct{}, 1), err: store.ErrFull}
	one := &turn{done: &store.Outcome{Letter: letters[0], State: store.Sent, Words: "250 ok"}}
	if err := r.take(t.Context(), one); !errors.Is(err, store.ErrFull) || one.more {
		t.Errorf("%v, and another letter: %v", err, one.more)
	}
	if err := w.unclaim(t.Context(), r.letters); err != nil {
		t.Fatal(err)
	}
	o.pass(w, 2)
	if got := o.states(); got[store.Sent] != 3 || len(s.got()) != 2 {
		t.Errorf("%v, and the server got %d", got, len(s.got()))
	}
}

// Run sends what comes in, for as long as it lasts.
func TestRun(t *testing.T) {
	came := make(chan struct{}, 10)
	s := newSink(t, hooks{dot: func(net.Conn, []byte) error { came <- struct{}{}; return nil }})
	o := newOffice(t)
	w := o.worker(Options{Server: s.where()})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	for range 3 {
		o.add(1) // rings the bell
		<-came
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
	if got := o.states(); got[store.Sent] != 3 {
		t.Errorf("%v", got)
	}
}

// A crash between DATA and its answer: the next process asks no server twice for
// what was merely claimed.
func TestAfterCrash(t *testing.T) {
	s := newSink(t, hooks{})
	o := newOffice(t)
	o.add(3)
	letters, err := o.db.Claim(t.Context(), 10, lease)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.db.Turn(t.Context(), []store.Outcome{{Letter: letters[2], State: store.FailedFor, Failure: complaint.Refused}}, letters[:1]); err != nil {
		t.Fatal(err)
	}
	o.restart()
	o.pass(o.worker(Options{Server: s.where(), InSent: func(context.Context, string) (bool, error) { return true, nil }}), 1)
	if got := o.states(); got[store.Sent] != 2 || got[store.FailedFor] != 1 || len(s.got()) != 1 {
		t.Errorf("%v, and the server got %d", got, len(s.got()))
	}
}

// Run tells how it goes with the server, and what became of each letter.
func TestRunTellsHowItGoes(t *testing.T) {
	s := newSink(t, hooks{mail: func(net.Conn, string) error { return refuse(553) }})
	o := newOffice(t)
	o.add(2)
	passed, told := make(chan error, 100), make(chan store.LetterState, 100)
	opts := Options{Server: s.where(), Passed: func(err error) { passed <- err }, Told: func(l store.LetterState) { told <- l }}
	run := func() (stop func()) {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- o.worker(opts).Run(ctx) }()
		return func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	}
	stop := run()
	if err := <-passed; !errors.Is(err, ErrSender) {
		t.Errorf("refused: %v", err)
	}
	stop()
	for len(told) > 0 {
		if l := <-told; l != store.Due {
			t.Errorf("refused: a letter is %s", l)
		}
	}
	s.set(hooks{})
	o.wait(time.Hour)
	stop = run()
	if err := <-passed; err != nil {
		t.Errorf("accepted: %v", err)
	}
	stop()
	for range 2 {
		if l := <-told; l != store.Sent {
			t.Errorf("accepted: a letter is %s", l)
		}
	}
}

// What a Worker could not write down is written down by the one after it.
func TestInherit(t *testing.T) {
	o := newOffice(t)
	o.add(2)
	w := o.worker(Options{})
	letters, err := o.db.Claim(t.Context(), 10, time.Hour)
	if err != nil || len(letters) != 2 {
		t.Fatalf("%d letters, %v", len(letters), err)
	}
	if _, err := o.db.Turn(t.Context(), nil, letters[:1]); err != nil {
		t.Fatal(err)
	}
	w.done = []store.Outcome{{Letter: letters[0], State: store.Sent, Words: "250 ok"}}
	w.back = letters[1:]
	next := o.worker(Options{})
	next.Inherit(w)
	if err := next.catchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := o.states(), (map[store.LetterState]int{store.Sent: 1, store.Due: 1}); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if err := w.catchUp(t.Context()); err != nil || len(w.done)+len(w.back) > 0 {
		t.Errorf("what was handed over stayed: %v", err)
	}
}
