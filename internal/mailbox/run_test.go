package mailbox

import (
	"context"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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

// A server that can do something else at each connection, as one of several behind
// one name: what is done goes by the connection at hand, each message is handed over
// once, and none is removed in a way that this one cannot (security.md 32).
func TestCapabilitiesChange(t *testing.T) {
	for _, order := range [][]string{
		{"IMAP4rev1 IDLE MOVE UIDPLUS", "IMAP4rev1 UIDPLUS", "IMAP4rev1", "IMAP4rev1 IDLE MOVE"},
		{"IMAP4rev1", "IMAP4rev1 IDLE MOVE UIDPLUS"},
	} {
		synctest.Test(t, func(t *testing.T) {
			h, at := newMemory(), 0
			f := newFake(t, func(f *fake, _ int, line string) (string, bool) {
				if line == "HELLO" {
					f.caps = order[at]
					return "", false
				}
				uid := strconv.Itoa(7 + at)
				return strings.NewReplacer("UID 7", "UID "+uid, "SEARCH 7", "SEARCH "+uid, "UIDNEXT 8", "UIDNEXT 99").Replace(f.plain(line)), true
			})
			var last net.Conn
			o := f.options()
			o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
				c, err := f.dial(ctx, network, address)
				last = c
				return c, err
			}
			stop := running(t, newMailbox(t, o, h))
			for i, caps := range order {
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				f.mu.Lock()
				lines := strings.Join(f.lines, "\n")
				f.mu.Unlock()
				if len(h.got) != i+1 {
					t.Fatalf("connection %d (%s): %d handed over\n%s", i+1, caps, len(h.got), lines)
				}
				can := strings.Fields(caps)
				for verb, wanted := range map[string]bool{
					"UID MOVE": slices.Contains(can, "MOVE"), "UID COPY": !slices.Contains(can, "MOVE"),
					"UID EXPUNGE": slices.Contains(can, "UIDPLUS") && !slices.Contains(can, "MOVE"), "IDLE": slices.Contains(can, "IDLE"),
				} {
					if strings.Contains("\n"+lines, "\n"+verb) != wanted {
						t.Errorf("connection %d (%s): %s: want %v\n%s", i+1, caps, verb, wanted, lines)
					}
				}
				if strings.Contains("\n"+lines, "\nEXPUNGE") {
					t.Errorf("connection %d (%s): a plain EXPUNGE", i+1, caps)
				}
				f.mu.Lock()
				f.lines, f.gone, at = nil, false, min(at+1, len(order)-1)
				f.mu.Unlock()
				last.Close()
			}
			synctest.Wait()
			stop()
		})
	}
}

// Run tells how each pass went, also that a connection broke between two.
func TestRunTellsHowItGoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t, func(*fake, int, string) (string, bool) { return "", false })
		var mu sync.Mutex
		var told []bool
		var last net.Conn
		o := f.options()
		o.Passed = func(err error) { mu.Lock(); defer mu.Unlock(); told = append(told, err == nil) }
		var refuse atomic.Bool
		refuse.Store(true)
		o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			if refuse.Load() {
				return nil, errors.New("connection refused")
			}
			c, err := f.dial(ctx, network, address)
			mu.Lock()
			last = c
			mu.Unlock()
			return c, err
		}
		stop := running(t, newMailbox(t, o, newMemory()))
		synctest.Wait()
		refuse.Store(false)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		refuse.Store(true)
		mu.Lock()
		last.Close()
		mu.Unlock()
		synctest.Wait()
		refuse.Store(false)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		stop()
		mu.Lock()
		defer mu.Unlock()
		if want := []bool{false, true, false, true}; !slices.Equal(told, want) {
			t.Errorf("told %v, want %v", told, want)
		}
	})
}
