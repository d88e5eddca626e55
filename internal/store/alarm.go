package store

import (
	"database/sql"
	"errors"
	"time"

	"klachtd/internal/complaint"
)

// An AlarmState is what is remembered of one kind of alarm, so that a restart
// tells nobody twice.
type AlarmState struct {
	Told  time.Time // when it was told last; zero: never
	Since time.Time // what lasts was there since then when it was told; zero: it has ended, or does not last
	Count int       // what has come since then and was not told
}

// Keys of meta, before the kind.
const (
	metaAlarmTold  = "alarm_told "
	metaAlarmSince = "alarm_since "
	metaAlarmCount = "alarm_count "
)

// Alarm returns what is remembered of a kind of alarm.
func (tx *Tx) Alarm(k complaint.AlarmKind) (s AlarmState, err error) {
	var told, since, count error
	s.Told, told = tx.metaTime(metaAlarmTold + string(k))
	s.Since, since = tx.metaTime(metaAlarmSince + string(k))
	_, count = tx.one("read alarm", "SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?", []any{metaAlarmCount + string(k)}, &s.Count)
	return s, errors.Join(told, since, count)
}

// CountedAlarms are the kinds of which something came that was not told.
func (tx *Tx) CountedAlarms() (kinds []complaint.AlarmKind, err error) {
	err = tx.each("read alarms", "SELECT substr(key, ?2) FROM meta WHERE key >= ?1 AND key < ?3 ORDER BY key",
		[]any{metaAlarmCount, len(metaAlarmCount) + 1, metaAlarmCount + "~"}, func(rows *sql.Rows) error {
			var k complaint.AlarmKind
			err := rows.Scan(&k)
			kinds = append(kinds, k)
			return fatal("read alarms", err)
		})
	return kinds, err
}

// SetAlarm remembers it.
func (tx *Tx) SetAlarm(k complaint.AlarmKind, s AlarmState) error {
	count := tx.exec("write alarm", "DELETE FROM meta WHERE key = ?", metaAlarmCount+string(k))
	if s.Count > 0 {
		count = tx.exec("write alarm", "INSERT INTO meta(key, value) VALUES (?1, CAST(?2 AS TEXT)) ON CONFLICT DO UPDATE SET value = excluded.value",
			metaAlarmCount+string(k), s.Count)
	}
	return errors.Join(tx.setMeta(metaAlarmTold+string(k), s.Told), tx.setMeta(metaAlarmSince+string(k), s.Since), count)
}
