package e2e

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/desk"
	"klachtd/internal/hostile"
	letterroom "klachtd/internal/letter"
	"klachtd/internal/store"
)

// peak is the most memory that the daemon ever had, in bytes (VmHWM, proc(5)).
func (d *daemon) peak() int64 {
	d.tb.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.cmd.Process.Pid))
	noError(d.tb, err)
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kib, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	noError(d.tb, err)
	return kib << 10
}

// slowest gives the messages to a desk of its own, one by one, and says of which
// kind the one was that took most CPU, from its bytes to the commit.
func slowest(t *testing.T, mails []hostile.Message) (kind string, most time.Duration) {
	t.Helper()
	d := newDesk(t)
	runtime.LockOSThread() // whose time is counted, without the other tests
	defer runtime.UnlockOSThread()
	box := store.Box{Name: "INBOX", UIDValidity: 1}
	for i, m := range mails {
		uid, raw := uint32(i+1), m.Raw
		in := desk.Delivery{UID: uid, Received: time.Now(), Raw: raw}
		if len(raw) > 50<<20 { // as the mailbox does
			in.Raw, in.Partial = raw[:512<<10], true
		}
		before := threadTime(t)
		_, _, err := d.Unseen(t.Context(), box, []uint32{uid})
		noError(t, err)
		register, err := d.Receive(t.Context(), box, []desk.Delivery{in})
		noError(t, err)
		noError(t, register())
		if took := threadTime(t) - before; took > most {
			kind, most = m.Kind, took
		}
	}
	if got := d.Tally(); got.Registered+got.Quarantined < len(mails)/2 {
		t.Errorf("the desk that is measured: %+v", got)
	}
	return kind, most
}

// threadTime is the CPU that this thread has used, its share of the rest of the
// process included as far as it did the work itself (getrusage(2)).
func threadTime(t *testing.T) time.Duration {
	t.Helper()
	const thread = 1 // RUSAGE_THREAD
	var u syscall.Rusage
	noError(t, syscall.Getrusage(thread, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// newDesk is a desk as the daemon has one, on a database of its own.
func newDesk(t *testing.T) *desk.Desk {
	t.Helper()
	db, err := store.Open(store.Options{Path: filepath.Join(t.TempDir(), "state", "klachtd.db")}, time.Now)
	noError(t, err)
	t.Cleanup(func() { db.Close() })
	from := complaint.Party{Name: "Klachten", Address: address}
	book, err := letterroom.New(nil, letterroom.Academy{Name: "Academie Voorbeeld", Zone: time.UTC, From: from, Names: func(string) string { return "" }})
	noError(t, err)
	return desk.New(desk.Options{Own: []string{address}, Alerts: from,
		Limits: desk.Limits{PerAddress: 10_000, PerDomain: 10_000, PerHour: 10_000, PerDay: 10_000, Burst: 10_000},
		Policy: complaint.Policy{Zone: time.UTC, ReactDays: 7, ResolveDays: 28, SevereReactDays: 2, SevereResolveDays: 14, ExtensionDays: 14, RetentionMonths: 6, SurveyDays: 7,
			Staff: []complaint.Person{{Name: "Dewi de Boer", Address: directeur, Roles: []complaint.Role{complaint.Directeur}},
				{Name: "Bas Bakker", Address: handler, Roles: []complaint.Role{complaint.Binnendienst}}}},
	}, db, book, slog.New(slog.DiscardHandler))
}
