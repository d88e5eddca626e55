package store

import (
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
	h.update(func(tx *Tx) error { return tx.SetAlarm(complaint.AlarmFetch, AlarmState{}) })
	if got := look(complaint.AlarmFetch); got != (AlarmState{}) {
		t.Errorf("after its end: %+v", got)
	}
}
