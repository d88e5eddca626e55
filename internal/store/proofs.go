package store

import (
	"bytes"
	"database/sql"
	"strings"
	"time"
)

// A Code is what a button of a letter proves with: a hash of its 128 random bits
// and the command that it is good for (security.md, K).
type Code struct {
	Hash    [32]byte
	Number  string // of the case; "": about none
	Command string
}

// AddCodes keeps the codes that stand in a letter.
func (tx *Tx) AddCodes(letterID int64, codes []Code) error {
	if len(codes) == 0 {
		return nil
	}
	const row = "(?, ?, (SELECT id FROM cases WHERE number = ?), ?)"
	args := make([]any, 0, 4*len(codes))
	for _, c := range codes {
		args = append(args, bytes.Clone(c.Hash[:]), letterID, c.Number, tx.CommandHash(c.Command))
	}
	return tx.exec("add codes", "INSERT INTO code(hash, letter_id, case_id, command) VALUES "+row+strings.Repeat(", "+row, len(codes)-1), args...)
}

// CommandHash is the keyed hash under which a command is known.
func (tx *Tx) CommandHash(command string) []byte { return tx.db.vault.Hash("command", command)[:16] }

// CodeLetter returns the letter in which a code stood, with the case that the
// code is about, and the hash of the command that it is good for; false when no
// such code was given out.
func (tx *Tx) CodeLetter(hash [32]byte) (l Letter, command []byte, found bool, err error) {
	var id, caseID int64
	found, err = tx.one("look up code", "SELECT letter_id, coalesce(case_id, 0), command FROM code WHERE hash = ?", []any{hash[:]}, &id, &caseID, &command)
	if err != nil || !found {
		return Letter{}, nil, false, err
	}
	list, err := tx.letters("SELECT "+letterColumns+" FROM letter WHERE id = ?", id)
	if err != nil || len(list) == 0 {
		return Letter{}, nil, false, err
	}
	list[0].CaseID = caseID
	return list[0], command, true, nil
}

// A Challenge is a command that waits for its code (security.md, Who sent this?).
type Challenge struct {
	ID      int64     `json:"-"` // what has a column stands there alone: the sealed copy would never learn that it was used
	CaseID  int64     `json:"-"` // 0: about no case
	Hash    []byte    `json:"-"`
	Expires time.Time `json:"-"`
	Used    bool      `json:"-"`

	Person  string `json:"person"`  // registered address
	Command string `json:"command"` // what the code is bound to
	Held    []byte `json:"held"`    // what is needed to run it
}

func (tx *Tx) person(address string) []byte {
	return tx.db.vault.Hash("person", strings.ToLower(address))[:16]
}

// AddChallenge keeps a command until its code comes, or its time is over.
func (tx *Tx) AddChallenge(c Challenge) error {
	id := tx.nextID("challenge")
	sealed, err := tx.seal(c.CaseID, place("challenge.sealed", id), c)
	if err != nil {
		return err
	}
	tx.Audit(Entry{Event: "challenge", CaseID: c.CaseID}) // not whom: the case may be about him
	return tx.exec("add challenge", "INSERT INTO challenge(id, case_id, person, hash, at, expires, sealed) VALUES (?, nullif(?, 0), ?, ?, ?, ?, ?)",
		id, c.CaseID, tx.person(c.Person), c.Hash, ms(tx.now), ms(c.Expires), sealed)
}

// Challenges returns those of the last days to a person, the newest first.
func (tx *Tx) Challenges(person string) ([]Challenge, error) {
	var list []Challenge
	err := tx.each("read challenges", `SELECT id, coalesce(case_id, 0), hash, expires, used_at, sealed FROM challenge
		WHERE person = ? AND at > ? ORDER BY id DESC LIMIT 100`, []any{tx.person(person), ms(tx.now.AddDate(0, 0, -3))},
		func(rows *sql.Rows) error {
			var c Challenge
			var expires, used sql.NullInt64
			var sealed []byte
			if err := rows.Scan(&c.ID, &c.CaseID, &c.Hash, &expires, &used, &sealed); err != nil {
				return fatal("read challenges", err)
			}
			c.Expires, c.Used = fromMS(expires), used.Valid
			err := tx.open(c.CaseID, place("challenge.sealed", c.ID), sealed, &c)
			list = append(list, c)
			return err
		})
	return list, err
}

// UseChallenge notes that a code was used: it is so once. What was held is forgotten.
func (tx *Tx) UseChallenge(c Challenge) error {
	c.Held = nil
	sealed, err := tx.seal(c.CaseID, place("challenge.sealed", c.ID), c)
	if err != nil {
		return err
	}
	return tx.exec("use challenge", "UPDATE challenge SET used_at = ?, sealed = ? WHERE id = ?", ms(tx.now), sealed, c.ID)
}

// CountChallenges is how many went to a person since then and were not answered:
// who answers them has asked for them.
func (tx *Tx) CountChallenges(person string, since time.Time) (n int, err error) {
	_, err = tx.one("count challenges", "SELECT count(*) FROM challenge WHERE person = ? AND at > ? AND used_at IS NULL", []any{tx.person(person), ms(since)}, &n)
	return n, err
}

// AddUnproven notes what a sender could not prove.
func (tx *Tx) AddUnproven(person, action string) error {
	tx.Audit(Entry{Event: "not proven", What: action, By: person})
	return tx.exec("note unproven", "INSERT INTO unproven(at, person, action) VALUES (?, ?, ?)", ms(tx.now), tx.person(person), action)
}

// CountUnproven counts those of a person since then.
func (tx *Tx) CountUnproven(person, action string, since time.Time) (n int, err error) {
	_, err = tx.one("count unproven", "SELECT count(*) FROM unproven WHERE person = ? AND action = ? AND at > ?",
		[]any{tx.person(person), action, ms(since)}, &n)
	return n, err
}

// Executed reports whether the commands of a mail with this Message-ID ran.
func (tx *Tx) Executed(messageID string) (ran bool, err error) {
	if messageID == "" {
		return false, nil
	}
	_, err = tx.one("look up command", "SELECT EXISTS (SELECT 1 FROM executed WHERE token = ?)", []any{tx.token(messageID)}, &ran)
	return ran, err
}

// SetExecuted notes that they ran.
func (tx *Tx) SetExecuted(messageID string) error {
	if messageID == "" {
		return nil
	}
	return tx.exec("note command", "INSERT INTO executed(token, at) VALUES (?, ?) ON CONFLICT DO NOTHING", tx.token(messageID), ms(tx.now))
}

// SetShown notes that somebody else than its reader has seen the Message-ID of a
// letter, and Shown reports it. They stand among what was executed, as words that
// no Message-ID can be.
func (tx *Tx) SetShown(messageID string) error { return tx.SetExecuted("shown " + messageID) }

// Shown reports whether SetShown was called.
func (tx *Tx) Shown(messageID string) (bool, error) { return tx.Executed("shown " + messageID) }

// Keyed is a keyed hash over parts, for what must be found and not be read.
func (tx *Tx) Keyed(purpose string, parts ...string) []byte {
	return tx.db.vault.Hash(purpose, parts...)
}
