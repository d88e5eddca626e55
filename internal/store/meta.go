package store

import (
	"database/sql"
	"strconv"
	"time"
)

// Keys of meta.
const (
	metaFirstStart = "first_start"
	metaLastPass   = "last_pass"
	metaHeld       = "acknowledgements_held"
	metaReminded   = "reminded"
)

func (tx *Tx) metaTime(key string) (time.Time, error) {
	var value string
	found, err := tx.one("read "+key, "SELECT value FROM meta WHERE key = ?", []any{key}, &value)
	if err != nil || !found {
		return time.Time{}, err
	}
	n, err := strconv.ParseInt(value, 10, 64)
	return fromMS(sql.NullInt64{Int64: n, Valid: err == nil}), err
}

func (tx *Tx) setMeta(key string, t time.Time) error {
	if t.IsZero() {
		return tx.exec("write "+key, "DELETE FROM meta WHERE key = ?", key)
	}
	return tx.exec("write "+key, "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
		key, strconv.FormatInt(t.UnixMilli(), 10))
}

// Started returns the moment of the first pass ever; zero before it.
func (tx *Tx) Started() (time.Time, error) { return tx.metaTime(metaFirstStart) }

// FirstStart returns the moment of the first pass ever; the first call sets it.
func (tx *Tx) FirstStart() (time.Time, error) {
	t, err := tx.Started()
	if err != nil || !t.IsZero() {
		return t, err
	}
	return tx.now, tx.setMeta(metaFirstStart, tx.now)
}

// LastPass returns the last moment that a pass has written; zero before the first.
func (tx *Tx) LastPass() (time.Time, error) { return tx.metaTime(metaLastPass) }

// SetLastPass notes the moment of a pass.
func (tx *Tx) SetLastPass() error { return tx.setMeta(metaLastPass, tx.now) }

// HeldSince returns since when acknowledgements are held; zero when they are not (security.md 12).
func (tx *Tx) HeldSince() (time.Time, error) { return tx.metaTime(metaHeld) }

// Hold holds acknowledgements from now on, until Unhold.
func (tx *Tx) Hold() error {
	tx.Audit(Entry{Event: "hold"})
	return tx.setMeta(metaHeld, tx.now)
}

// Unhold lets acknowledgements go again.
func (tx *Tx) Unhold() error { return tx.setMeta(metaHeld, time.Time{}) }

// Reminded returns when reminders were last looked for on a working day; zero before the first time.
func (tx *Tx) Reminded() (time.Time, error) { return tx.metaTime(metaReminded) }

// SetReminded notes that reminders were looked for.
func (tx *Tx) SetReminded() error { return tx.setMeta(metaReminded, tx.now) }

// A JobRun is the last time a job ran.
type JobRun struct {
	Scheduled time.Time // the moment it was scheduled for (security.md 44)
	RanAt     time.Time
}

// JobRun returns the last run of a job; false when it has none.
func (tx *Tx) JobRun(name string) (JobRun, bool, error) {
	var scheduled, ran sql.NullInt64
	found, err := tx.one("read job", "SELECT scheduled, ran_at FROM job WHERE name = ?", []any{name}, &scheduled, &ran)
	return JobRun{fromMS(scheduled), fromMS(ran)}, found, err
}

// SetJobRun notes that a job ran for a scheduled moment.
func (tx *Tx) SetJobRun(name string, scheduled time.Time) error {
	return tx.exec("write job", `INSERT INTO job(name, scheduled, ran_at) VALUES (?, ?, ?)
		ON CONFLICT DO UPDATE SET scheduled = excluded.scheduled, ran_at = excluded.ran_at`, name, ms(scheduled), ms(tx.now))
}
