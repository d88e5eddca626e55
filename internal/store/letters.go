package store

import (
	"database/sql"
	"errors"
	"slices"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/vault"
)

// A Letter is a mail of ours: one that waits in the outbox, or has left it.
type Letter struct {
	ID        int64
	CaseID    int64 // 0: of no case
	Kind      complaint.LetterKind
	State     LetterState
	PromiseID int64 // kept when it is accepted; 0: none
	CreatedAt time.Time
	SentAt    time.Time
	Failure   complaint.Failure
	Attempts  int

	From      string // envelope
	To        string
	Subject   string
	MessageID string    // without angle brackets
	Roles     string    // of the member of staff it went to: its tokens end when they change
	NotBefore time.Time // held back till then; zero: not. It is not read back
	Ref       int       // of a letter to the complainant that a person wrote; 0: none
	Enclosure int64     // what goes along with others too; 0: nothing
	EncloseAt int       // where in the letter's bytes it belongs
	Outcome   string    // the server's last words
	Void      bool      // it proves nothing any more, whoever answers it
}

// A LetterState is where a letter stands.
type LetterState string

// The states: held waits for a person, due for its moment, claimed is about to
// be sent, sending stands between DATA and its answer, uncertain never got one.
const (
	Held      LetterState = "held"
	Due       LetterState = "due"
	Claimed   LetterState = "claimed"
	Sending   LetterState = "sending"
	Unsure    LetterState = "uncertain"
	Sent      LetterState = "sent"
	FailedFor LetterState = "failed"
)

// Delivery says where the letter is for those who read the register: queued, sent or failed.
func (s LetterState) Delivery() string {
	switch s {
	case Sent:
		return "sent"
	case FailedFor:
		return "failed"
	}
	return "queued"
}

type sealedLetter struct {
	From      string `json:"from"`
	To        string `json:"to"`
	Subject   string `json:"subject"`
	MessageID string `json:"message_id"`
	Roles     string `json:"roles,omitempty"`
}

// AddEnclosure keeps what goes along with several letters about a case.
func (tx *Tx) AddEnclosure(caseID int64, raw []byte) (int64, error) {
	id := tx.nextID("enclosure")
	sealed, err := tx.sealOnce(caseID, place("enclosure.sealed", id), raw)
	if err != nil {
		return 0, err
	}
	return id, tx.exec("add enclosure", "INSERT INTO enclosure(id, case_id, sealed) VALUES (?, ?, ?)", id, caseID, sealed)
}

// AddLetter puts a letter in the outbox, to be sent from now on unless held.
// raw is what will be sent, the enclosure apart: the same bytes each time
// (security.md 36).
func (tx *Tx) AddLetter(l *Letter, raw []byte) error {
	l.ID = tx.nextID("letter")
	sealed, err := tx.seal(l.CaseID, place("letter.sealed", l.ID), sealedLetter{l.From, l.To, l.Subject, l.MessageID, l.Roles})
	if err != nil {
		return err
	}
	next := tx.now
	if l.NotBefore.After(next) {
		next = l.NotBefore
	}
	err = tx.exec("add letter", `INSERT INTO letter(id, case_id, kind, state, promise_id, ref, token, created_at, next_at, sealed)
		VALUES (?, nullif(?, 0), ?, ?, nullif(?, 0), ?, ?, ?, ?, ?)`,
		l.ID, l.CaseID, l.Kind, l.State, l.PromiseID, l.Ref, tx.token(l.MessageID), ms(tx.now), ms(next), sealed)
	if err != nil {
		return err
	}
	tx.due = tx.due || l.State == Due
	body, err := tx.sealOnce(l.CaseID, place("body.sealed", l.ID), raw)
	if err != nil {
		return err
	}
	return tx.exec("add letter", "INSERT INTO body(letter_id, sealed, enclosure_id, enclose_at) VALUES (?, ?, nullif(?, 0), ?)",
		l.ID, body, l.Enclosure, l.EncloseAt)
}

// token is the keyed hash under which a Message-ID of ours is known
// (security.md, K: stored only as a hash). 16 bytes keep the index small.
func (tx *Tx) token(messageID string) []byte {
	return tx.db.vault.Hash("message-id", messageID)[:16]
}

const letterColumns = "id, coalesce(case_id, 0), kind, state, coalesce(promise_id, 0), created_at, sent_at, coalesce(failure, ''), attempts, ref, sealed, outcome"

// LetterByID returns the letter of ours with this Message-ID; false when it is none of ours.
func (tx *Tx) LetterByID(messageID string) (Letter, bool, error) {
	list, err := tx.letters("SELECT "+letterColumns+" FROM letter WHERE token = ?", tx.token(messageID))
	if err != nil || len(list) == 0 {
		return Letter{}, false, err
	}
	return list[0], true, nil
}

// Letters returns the letters about a case, in order.
func (tx *Tx) Letters(caseID int64) ([]Letter, error) {
	return tx.letters("SELECT "+letterColumns+" FROM letter WHERE case_id = ? ORDER BY id", caseID)
}

// SentAfter returns the letters that were accepted, or were and came back, of
// those with a higher id.
func (tx *Tx) SentAfter(id int64) ([]Letter, error) {
	return tx.letters("SELECT "+letterColumns+" FROM letter WHERE id > ? AND sent_at IS NOT NULL ORDER BY id", id)
}

// ToKeep returns at most n letters with a higher id of which a copy is still to go
// to the Sent folder, the oldest first.
func (tx *Tx) ToKeep(after int64, n int) ([]Letter, error) {
	return tx.letters("SELECT "+letterColumns+" FROM letter INDEXED BY letter_to_keep WHERE to_keep IS NOT NULL AND id > ? ORDER BY id LIMIT ?", after, n)
}

// Keep takes a letter for as long as the lease, to put a copy of it into Sent. It
// reports whether that may be done: not when the erasure of its case has begun. As
// long as the lease runs such an erasure does not look through the mailbox (security.md 28).
func (tx *Tx) Keep(l Letter, lease time.Duration) (bool, error) {
	if erasing, err := tx.IsErasing(l.CaseID); err != nil || erasing {
		return false, err
	}
	return true, tx.exec("keep copy", "UPDATE letter SET to_keep = ? WHERE id = ? AND to_keep IS NOT NULL", ms(tx.now.Add(lease)), l.ID)
}

// NotKept gives a letter back that Keep took.
func (tx *Tx) NotKept(l Letter) error {
	return tx.exec("keep copy", "UPDATE letter SET to_keep = 1 WHERE id = ? AND to_keep IS NOT NULL", l.ID)
}

// Keeping reports whether a copy of a letter about the case is on its way to Sent
// right now.
func (tx *Tx) Keeping(caseID int64) (is bool, err error) {
	_, err = tx.one("look up copies", "SELECT EXISTS (SELECT 1 FROM letter WHERE case_id = ? AND to_keep > ?)", []any{caseID, ms(tx.now)}, &is)
	return is, err
}

// Kept notes that the copy of a letter is in the Sent folder.
func (tx *Tx) Kept(l Letter) error {
	return tx.exec("keep copy", "UPDATE letter SET to_keep = NULL WHERE id = ?", l.ID)
}

// Body returns the bytes of a letter.
func (tx *Tx) Body(l Letter) (raw []byte, err error) {
	var enclosure int64
	var at int
	found := false
	err = tx.each("read letter", "SELECT sealed, coalesce(enclosure_id, 0), enclose_at FROM body WHERE letter_id = ?", []any{l.ID}, func(rows *sql.Rows) error {
		var sealed sql.RawBytes // opened from where it is: a copy of each letter would be the most that sending one takes
		if err := rows.Scan(&sealed, &enclosure, &at); err != nil {
			return fatal("read letter", err)
		}
		found = true
		raw, err = tx.openBytes(l.CaseID, place("body.sealed", l.ID), sealed)
		return err
	})
	if err != nil {
		return nil, err
	} else if !found {
		return nil, errors.New("read letter: its body is gone")
	}
	if enclosure == 0 {
		return raw, nil
	}
	along, err := tx.enclosure(l.CaseID, enclosure)
	if err != nil {
		return nil, err
	}
	if at > len(raw) {
		return nil, errors.New("read letter: not as it was written")
	}
	return slices.Insert(raw, at, along...), nil
}

func (tx *Tx) enclosure(caseID, id int64) (raw []byte, err error) {
	err = tx.each("read enclosure", "SELECT sealed FROM enclosure WHERE id = ?", []any{id}, func(rows *sql.Rows) error {
		var sealed sql.RawBytes
		if err := rows.Scan(&sealed); err != nil {
			return fatal("read enclosure", err)
		}
		raw, err = tx.openBytes(caseID, place("enclosure.sealed", id), sealed)
		return err
	})
	return raw, err
}

func (tx *Tx) letters(query string, args ...any) ([]Letter, error) {
	var list []Letter
	err := tx.each("read letters", query, args, func(rows *sql.Rows) error {
		var l Letter
		var created, sent sql.NullInt64
		var sealed, outcome []byte
		err := rows.Scan(&l.ID, &l.CaseID, &l.Kind, &l.State, &l.PromiseID, &created, &sent, &l.Failure, &l.Attempts, &l.Ref, &sealed, &outcome)
		if err != nil {
			return fatal("read letters", err)
		}
		l.CreatedAt, l.SentAt = fromMS(created), fromMS(sent)
		l.Void = !l.CreatedAt.After(tx.db.void)
		var s sealedLetter
		err = tx.open(l.CaseID, place("letter.sealed", l.ID), sealed, &s)
		if errors.Is(err, vault.ErrErased) {
			return nil // as its case
		} else if err != nil {
			return err
		}
		l.From, l.To, l.Subject, l.MessageID, l.Roles = s.From, s.To, s.Subject, s.MessageID, s.Roles
		if outcome != nil {
			plain, err := tx.openBytes(l.CaseID, place("letter.outcome", l.ID), outcome)
			if err != nil {
				return err
			}
			l.Outcome = string(plain)
		}
		list = append(list, l)
		return nil
	})
	return list, err
}

// Unattended returns letters of which the case has to hear: those that failed,
// and those with a Ref that were accepted.
func (tx *Tx) Unattended() ([]Letter, error) {
	return tx.letters("SELECT " + letterColumns + " FROM letter WHERE state = 'failed' AND attended = 0" +
		" UNION ALL SELECT " + letterColumns + " FROM letter WHERE state = 'sent' AND ref > 0 AND attended = 0 LIMIT 100")
}

// TakeBack keeps letters of a case with this Ref from leaving the outbox; it
// reports how many were still there.
func (tx *Tx) TakeBack(caseID int64, ref int) (n int, err error) {
	err = tx.each("take back letter", `UPDATE letter SET state = 'failed', failure = ?, attended = 1
		WHERE case_id = ? AND ref = ? AND state IN ('due', 'held') RETURNING id`, []any{TakenBack, caseID, ref},
		func(rows *sql.Rows) error { n++; return nil })
	if n > 0 {
		tx.Audit(Entry{Event: "taken back", CaseID: caseID, Count: n})
	}
	return n, err
}

// TakenBack is why a letter never left that its writer took back.
const TakenBack complaint.Failure = "taken_back"

// Attended notes that the case has heard of it.
func (tx *Tx) Attended(id int64) error {
	return tx.exec("attend letter", "UPDATE letter SET attended = 1 WHERE id = ?", id)
}

// FailLetter notes that a letter did not arrive, though it was accepted.
// It reports whether that is news. Of a letter that failed next_at is when.
func (tx *Tx) FailLetter(l Letter, why complaint.Failure) (bool, error) {
	if l.State == FailedFor {
		return false, nil
	}
	tx.auditLetter(l, FailedFor, why)
	return true, tx.exec("fail letter", "UPDATE letter SET state = 'failed', failure = ?, attended = 1, next_at = ? WHERE id = ?", why, ms(tx.now), l.ID)
}

// Release lets held letters go and returns their cases.
func (tx *Tx) Release() ([]int64, error) {
	var cases []int64
	err := tx.each("release letters", releaseHeld,
		[]any{ms(tx.now)}, func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			cases = append(cases, id)
			return fatal("release letters", err)
		})
	tx.due = tx.due || len(cases) > 0
	tx.Audit(Entry{Event: "release", Count: len(cases)})
	return cases, err
}

// Waiting counts the letters that have not left the outbox, held ones too.
func (tx *Tx) Waiting() (int, error) {
	var n int
	_, err := tx.one("count letters", countWaiting, nil, &n)
	return n, err
}

// Stuck counts letters that have been due for longer than d; one that is not to
// leave yet is not among them.
func (tx *Tx) Stuck(d time.Duration) (int, error) {
	var n int
	_, err := tx.one("count letters", countStuck,
		[]any{ms(tx.now.Add(-d))}, &n)
	return n, err
}

// OldestDue returns when the oldest letter that is due was put in the outbox; zero
// when none is due.
func (tx *Tx) OldestDue() (time.Time, error) {
	var at sql.NullInt64
	_, err := tx.one("look up outbox", oldestLetter, []any{ms(tx.now)}, &at)
	return fromMS(at), err
}
