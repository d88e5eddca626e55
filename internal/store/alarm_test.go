package store

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"klachtd/internal/complaint"
)

// What is remembered of an alarm is there after a restart, a kind apart.
func TestAlarmIsRemembered(t *testing.T) {
	h := newHouse(t)
	want := AlarmState{Told: start.Truncate(time.Millisecond), Since: start.Add(-time.Hour), Count: 3}
	h.update(func(tx *Tx) error { return tx.SetAlarm(complaint.AlarmFetch, want) })
	h.reopen()
	look := func(k complaint.AlarmKind) (s AlarmState) {
		h.view(func(tx *Tx) (err error) { s, err = tx.Alarm(k); return err })
		return s
	}
	if got := look(complaint.AlarmFetch); !got.Told.Equal(want.Told) || !got.Since.Equal(want.Since) || got.Count != 3 {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := look(complaint.AlarmOutbox); got != (AlarmState{}) {
		t.Errorf("of another kind: %+v", got)
	}
	h.update(func(tx *Tx) error { return tx.SetAlarm(complaint.AlarmHeld, AlarmState{Told: start}) })
	counted := func() (kinds []complaint.AlarmKind) {
		h.view(func(tx *Tx) (err error) { kinds, err = tx.CountedAlarms(); return err })
		return kinds
	}
	if got := counted(); !slices.Equal(got, []complaint.AlarmKind{complaint.AlarmFetch}) {
		t.Errorf("counted %q", got)
	}
	h.update(func(tx *Tx) error { return tx.SetAlarm(complaint.AlarmFetch, AlarmState{}) })
	if got := counted(); len(got) > 0 {
		t.Errorf("counted %q after it was told", got)
	}
	if got := look(complaint.AlarmFetch); got != (AlarmState{}) {
		t.Errorf("after its end: %+v", got)
	}
}

// The oldest letter is the one that has been due longest; what is held or is not to
// leave yet does not count.
func TestOldestDue(t *testing.T) {
	h := newHouse(t)
	oldest := func() (at time.Time) {
		h.view(func(tx *Tx) (err error) { at, err = tx.OldestDue(); return err })
		return at
	}
	add := func(id string, state LetterState, notBefore time.Time) {
		h.update(func(tx *Tx) error {
			return tx.AddLetter(&Letter{Kind: complaint.LetterReminders, State: state, From: "klachten@academie.example",
				To: "bas@academie.example", MessageID: id, NotBefore: notBefore}, []byte("brief"))
		})
	}
	first := h.clock
	add("held@academie.example", Held, time.Time{})
	add("later@academie.example", Due, first.Add(2*time.Hour))
	if at := oldest(); !at.IsZero() {
		t.Errorf("nothing is due, and it says %v", at)
	}
	h.clock = first.Add(time.Hour)
	add("now@academie.example", Due, time.Time{})
	if at := oldest(); !at.Equal(first.Add(time.Hour)) {
		t.Errorf("%v", at)
	}
	h.clock = first.Add(2 * time.Hour)
	if at := oldest(); !at.Equal(first) {
		t.Errorf("%v, want the one that waited for its moment", at)
	}
	if d := h.Disk(); d.Used == 0 || d.Free == 0 || d.All < d.Free {
		t.Errorf("%+v", d)
	}
}

// A master key that systemd gives may show the rights of its access list as those of
// the group, and no more; one that it did not give may not (security.md 25).
func TestMasterKeyOfSystemd(t *testing.T) {
	h := newHouse(t)
	h.close()
	f := h.o.Files()
	given := filepath.Join(t.TempDir(), "klachtd.master")
	if err := os.Rename(f.Master, given); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		mode  os.FileMode
		given bool
		lax   bool
	}{{0o400, true, false}, {0o440, true, false}, {0o460, true, true}, {0o444, true, true}, {0o400, false, false}, {0o440, false, true}} {
		if err := os.Chmod(given, tt.mode); err != nil {
			t.Fatal(err)
		}
		o := h.o
		o.MasterFile, o.MasterGiven = given, tt.given
		if _, err := Look(o); errors.Is(err, ErrLax) != tt.lax || err != nil && !tt.lax {
			t.Errorf("%+v: %v", tt, err)
		}
	}
	h.reopenWith(given)
}

// reopenWith opens the database with a master key that is elsewhere.
func (h *house) reopenWith(master string) {
	h.t.Helper()
	h.o.MasterFile, h.o.MasterGiven = master, true
	if err := os.Chmod(master, 0o440); err != nil {
		h.t.Fatal(err)
	}
	h.reopen()
}
