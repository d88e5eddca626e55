package store

import (
	"database/sql"
	"time"

	"klachtd/internal/complaint"
)

// HouseLetters calls f with each letter of no case that has left the outbox, and
// its bytes: it may name a case all the same.
func (tx *Tx) HouseLetters(f func(l Letter, raw []byte) error) error {
	list, err := tx.letters("SELECT " + letterColumns + " FROM letter WHERE case_id IS NULL AND state IN ('sent', 'failed') ORDER BY id")
	for _, l := range list {
		if err != nil {
			break
		}
		var raw []byte
		if raw, err = tx.Body(l); err == nil {
			err = f(l, raw)
		}
	}
	return err
}

// DropHouseLetters deletes letters of no case.
func (tx *Tx) DropHouseLetters(ids []int64) error {
	return tx.exec("erase letters", "DELETE FROM letter WHERE case_id IS NULL AND state IN ('sent', 'failed') AND id IN (SELECT value FROM json_each(?))", list(ids))
}

// Prune deletes what belongs to no case and has had its time: letters that left
// before then, commands that nobody confirmed, what senders could not prove.
func (tx *Tx) Prune(before time.Time) error {
	for _, s := range []struct {
		query string
		at    time.Time
	}{
		{"DELETE FROM letter WHERE case_id IS NULL AND state IN ('sent', 'failed') AND created_at < ?", before},
		{"DELETE FROM challenge WHERE expires < ?", tx.now.AddDate(0, 0, -3)}, // as far as Challenges looks back
		{"DELETE FROM unproven WHERE at < ?", before},
	} {
		if err := tx.exec("prune", s.query, ms(s.at)); err != nil {
			return err
		}
	}
	return nil
}

// AskCopies notes that a letter asks a person to delete what he was sent.
func (tx *Tx) AskCopies(letterID int64, person string) error {
	return tx.exec("ask for copies", "INSERT INTO copies_asked(letter_id, person, asked_at) VALUES (?, ?, ?)", letterID, tx.person(person), ms(tx.now))
}

// CopiesAsked is how many letters asked a person that and were not answered.
func (tx *Tx) CopiesAsked(person string) (n int, err error) {
	_, err = tx.one("count copies", "SELECT count(*) FROM copies_asked WHERE person = ? AND deleted_at IS NULL", []any{tx.person(person)}, &n)
	return n, err
}

// CopiesDeleted notes that he has.
func (tx *Tx) CopiesDeleted(person string) error {
	return tx.exec("note deleted copies", "UPDATE copies_asked SET deleted_at = ? WHERE person = ? AND deleted_at IS NULL", ms(tx.now), tx.person(person))
}

// A Filed is a message that was filed and belongs to no case.
type Filed struct {
	Content  []byte
	Received time.Time
}

// FiledBefore returns what was filed into a folder before then, belongs to no case
// and was not looked for yet: at most n, the oldest first.
func (tx *Tx) FiledBefore(folder string, before time.Time, n int) ([]Filed, error) {
	var list []Filed
	err := tx.each("read receipts", `SELECT content, received_at FROM receipt WHERE folder = ? AND at < ? AND case_id IS NULL AND erased = 0
		ORDER BY at LIMIT ?`, []any{folder, ms(before), n}, func(rows *sql.Rows) error {
		var r Filed
		var at sql.NullInt64
		err := rows.Scan(&r.Content, &at)
		r.Received = fromMS(at)
		list = append(list, r)
		return fatal("read receipts", err)
	})
	return list, err
}

// ForgetFiled notes that these were removed, or are not where they were filed.
func (tx *Tx) ForgetFiled(folder string, filed []Filed) error {
	for _, r := range filed {
		err := tx.exec("forget filed", "UPDATE receipt SET erased = 2, reason = '' WHERE content = ? AND folder = ? AND case_id IS NULL AND erased = 0", r.Content, folder)
		if err != nil {
			return err
		}
	}
	return nil
}

// metaClock is since when nothing may be erased.
const metaClock = "clock_stopped"

// ClockStopped returns since when the clock is not to be trusted: nothing is erased
// and nobody acknowledged; zero when it is (security.md 44).
func (tx *Tx) ClockStopped() (time.Time, error) { return tx.metaTime(metaClock) }

// StopClock notes that it jumped.
func (tx *Tx) StopClock() error {
	tx.Audit(Entry{Event: "clock stopped"})
	return tx.setMeta(metaClock, tx.now)
}

// TrustClock lets things go on.
func (tx *Tx) TrustClock() error { return tx.setMeta(metaClock, time.Time{}) }

// LettersTo returns to whom of these letters mail was accepted, and on which days.
func LettersTo(letters []Letter, zone *time.Location) map[string][]complaint.Day {
	days := map[string][]complaint.Day{}
	for _, l := range letters {
		if l.SentAt.IsZero() {
			continue
		}
		list := days[l.To]
		if day := complaint.DayOf(l.SentAt, zone); len(list) == 0 || list[len(list)-1] != day {
			days[l.To] = append(list, day)
		}
	}
	return days
}
