package store

import (
	"time"

	"klachtd/internal/complaint"
)

// Superseded is why a letter to staff was never sent that a restore made pointless.
const Superseded complaint.Failure = "superseded"

// Unsent returns the letters that have not left the outbox, as far as is known here.
func (tx *Tx) Unsent() ([]Letter, error) {
	return tx.letters("SELECT " + letterColumns + " FROM letter WHERE " + waiting + " ORDER BY id")
}

// Settled notes what became of a letter that was not sent from here. One that was
// superseded is nobody's task.
func (tx *Tx) Settled(l Letter, state LetterState, why complaint.Failure, words string) error {
	if err := tx.finishLetter(Outcome{Letter: l, State: state, Failure: why, Words: words}); err != nil || why != Superseded {
		return err
	}
	return tx.Attended(l.ID)
}

// AddSent notes a letter about a case that was sent and is not known here any more.
// l gets its ID. Without raw nothing but its head is known.
func (tx *Tx) AddSent(l *Letter, raw []byte, at time.Time) error {
	l.State = Sent
	if err := tx.AddLetter(l, raw); err != nil {
		return err
	}
	return tx.exec("note letter", "UPDATE letter SET sent_at = ?1, created_at = ?1, attended = 1 WHERE id = ?2", ms(at), l.ID)
}

// Unreserve lets a number be given that was reserved, unless an erased case had it.
func (tx *Tx) Unreserve(number string) error {
	return tx.exec("unreserve number", "DELETE FROM meta WHERE key = ? AND value = ''", tx.reserved(number))
}
