// Package watch knows how the daemon is doing: it counts what passes, remembers
// what could not be reached and which loop was last heard of when, and tells
// whoever asks on loopback or waits for a heartbeat. Numbers alone: no content, no
// name, no address. What becomes an alarm by mail is decided elsewhere.
package watch

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// A Peer is a server that the daemon needs.
type Peer int

// The peers.
const (
	IMAP Peer = iota
	SMTP
	peers
)

// tooLong is how long a peer may be out of reach before somebody has to know.
const tooLong = 15 * time.Minute

// stale is how old figures may be: they are taken each minute.
const stale = 5 * time.Minute

// Build says what is running.
type Build struct{ Version, Commit, Go string }

// Figures are what the database and the disk say, as of one moment.
type Figures struct {
	Waiting int           // letters in the outbox
	Stuck   int           // of those, due for over four hours
	Oldest  time.Duration // how long the oldest one has been due; 0: none is
	Overdue int           // promises that are open and whose term is over
	Open    int           // cases that are open

	Held         bool  // acknowledgements wait for `klachtd release`
	ClockStopped bool  // the clock has jumped: nothing is erased or acknowledged
	Database     int64 // bytes, with its log
	DiskFree     int64 // bytes on the disk of the database
	DiskLow      bool
}

// Watch is what is known. Its methods may be called from several goroutines. It
// outlives a reload.
type Watch struct {
	now   func() time.Time
	build Build
	start time.Time

	mu       sync.Mutex
	counts   [counters]int
	good     [peers]time.Time // the last time that all went well
	bad      [peers]time.Time // since when it does not; zero: it does
	loops    map[string]loop
	figures  Figures
	taken    time.Time // when figures were
	beaten   time.Time // the good pass that was told last
	refused  bool      // the last reload was
	reloaded time.Time
}

type loop struct {
	heard    time.Time
	patience time.Duration
}

// New returns a Watch that begins now. now is the wall clock, monotonic.
func New(b Build, now func() time.Time) *Watch {
	return &Watch{now: now, build: b, start: now(), loops: map[string]loop{}}
}

// Count adds n to a counter.
func (w *Watch) Count(c Counter, n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.counts[c] += n
}

// Passed notes how a pass with a server ended; nil is well.
func (w *Watch) Passed(p Peer, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch now := w.now(); {
	case err == nil:
		w.good[p], w.bad[p] = now, time.Time{}
	case w.bad[p].IsZero():
		w.bad[p] = now
	}
}

// Failing returns for how long a server has been out of reach; 0: it is not.
func (w *Watch) Failing(p Peer) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failing(p)
}

func (w *Watch) failing(p Peer) time.Duration {
	if w.bad[p].IsZero() {
		return 0
	}
	return w.now().Sub(w.bad[p])
}

// TooLong returns Failing in whole minutes once somebody has to know of it; false before.
func (w *Watch) TooLong(p Peer) (minutes int, much bool) {
	d := w.Failing(p)
	return int(d.Minutes()), d >= tooLong
}

// Expect says that a loop is to be heard of at least once in patience; it counts
// as heard of now. A patience of 0 takes the loop out.
func (w *Watch) Expect(name string, patience time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.loops, name)
	if patience > 0 {
		w.loops[name] = loop{w.now(), patience}
	}
}

// Heard notes a sign of life of a loop that is expected.
func (w *Watch) Heard(name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if l, ok := w.loops[name]; ok {
		l.heard = w.now()
		w.loops[name] = l
	}
}

// Silent returns the loops that were not heard of for longer than expected.
func (w *Watch) Silent() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.silent()
}

func (w *Watch) silent() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(w.loops)) {
		if l := w.loops[name]; w.now().Sub(l.heard) > l.patience {
			names = append(names, name)
		}
	}
	return names
}

// Set notes new figures.
func (w *Watch) Set(f Figures) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.figures, w.taken = f, w.now()
}

// DiskLow returns the room on the disk in bytes, and whether that is little.
func (w *Watch) DiskLow() (free int64, low bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.figures.DiskFree, w.figures.DiskLow
}

// Reloaded notes whether a new configuration was taken.
func (w *Watch) Reloaded(taken bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused = !taken
	if taken {
		w.reloaded = w.now()
		w.counts[ReloadsTaken]++
	} else {
		w.counts[ReloadsRefused]++
	}
}

// Ills says what is the matter, a line each in words for whoever runs the machine;
// empty when all is well. Trouble with a server counts after 15 minutes.
func (w *Watch) Ills() (list []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	say := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if d := w.failing(IMAP); d >= tooLong {
		say("mailbox: out of reach for %v; see the log, or run: klachtd check", d.Round(time.Minute))
	}
	if d := w.failing(SMTP); d >= tooLong {
		say("letters: the mail server takes none for %v; see the log, or run: klachtd check", d.Round(time.Minute))
	}
	f := w.figures
	if f.Stuck > 0 {
		say("letters: %d have waited for more than four hours", f.Stuck)
	}
	if f.ClockStopped {
		say("clock: it has jumped; look at it, then run: klachtd release")
	}
	if f.DiskLow {
		say("disk: %d MB are left", f.DiskFree>>20)
	}
	since := w.taken
	if since.IsZero() {
		since = w.start
	}
	if d := w.now().Sub(since); d > stale {
		say("database: no figures for %v", d.Round(time.Minute))
	}
	for _, name := range w.silent() {
		say("loop %s: no sign of life", name)
	}
	return list
}

// Summary is one line for whoever looks at the process.
func (w *Watch) Summary() string {
	if ills := w.Ills(); len(ills) > 0 {
		return ills[0]
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	last := "no pass yet"
	if !w.good[IMAP].IsZero() {
		last = "last good pass at " + w.good[IMAP].Format("15:04:05")
	}
	if !w.bad[IMAP].IsZero() {
		last = "mailbox out of reach; trying again"
	}
	return fmt.Sprintf("%s; %d letters wait, %d promises overdue", last, w.figures.Waiting, w.figures.Overdue)
}
