package mailbox

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
)

func TestPause(t *testing.T) {
	for _, tt := range []struct {
		n      int
		login  bool
		chance float64
		want   time.Duration
	}{
		{1, false, 0, time.Second},
		{1, false, 1, 750 * time.Millisecond},
		{2, false, 0, 2 * time.Second},
		{5, false, 0.5, 14 * time.Second},
		{9, false, 0, 256 * time.Second},
		{10, false, 0, 5 * time.Minute},
		{1000, false, 0, 5 * time.Minute},
		{1, true, 0, time.Minute},
		{3, true, 0, 4 * time.Minute},
		{5, true, 0, 15 * time.Minute},
		{1000, true, 1, 11*time.Minute + 15*time.Second},
	} {
		if got := pause(tt.n, tt.login, tt.chance); got != tt.want {
			t.Errorf("pause(%d, %v, %v) = %v, want %v", tt.n, tt.login, tt.chance, got, tt.want)
		}
	}
}

// running runs the mailbox until the test ends it.
func running(t *testing.T, m *Mailbox) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- m.Run(ctx) }()
	return func() {
		start := time.Now()
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		if d := time.Since(start); d > 2*time.Second {
			t.Errorf("Run ended after %v", d)
		}
	}
}

func TestRunTakesNewMessages(t *testing.T) {
	for _, tt := range []struct {
		name    string
		without []imap.Cap
		within  time.Duration
	}{
		{"IDLE", nil, 0},
		{"no IDLE", []imap.Cap{imap.CapIdle}, time.Minute},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, h := newWorld(t, tt.without...), newMemory()
				h.arrived = make(chan int, 100)
				w.put(t, "een")
				stop := running(t, newMailbox(t, w.options(), h))
				<-h.arrived
				for _, name := range []string{"twee", "drie", "vier"} {
					time.Sleep(25 * time.Minute) // over the end of an IDLE
					synctest.Wait()
					start := time.Now()
					w.put(t, name)
					<-h.arrived
					if d := time.Since(start); d > tt.within {
						t.Errorf("%s came after %v", name, d)
					}
				}
				synctest.Wait()
				stop()
				equal(t, "filed", w.in(t, "Klachten/Verwerkt"), []string{"drie", "een", "twee", "vier"})
			})
		})
	}
}

// A server that offers IDLE and never says anything in it is looked at all the same.
func TestRunPollsBesideIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newMemory()
		f := newFake(t, func(*fake, int, string) (string, bool) { return "", false })
		f.gone = true
		stop := running(t, newMailbox(t, f.options(), h))
		time.Sleep(10 * time.Second)
		f.mu.Lock()
		f.gone = false
		f.mu.Unlock()
		time.Sleep(time.Minute)
		synctest.Wait()
		stop()
		if len(h.got) != 1 || f.seen("IDLE") != 2 {
			t.Errorf("%d handed over, %d IDLE", len(h.got), f.seen("IDLE"))
		}
	})
}
