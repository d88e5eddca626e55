package store

import (
	"context"
	"crypto/hmac"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// An Entry is what the audit trail keeps of something that happened (security.md 31).
// It never holds content: no name, address, number of a case or text of anybody.
type Entry struct {
	Event  string // a fixed word of ours: registered, sent, exported
	What   string // more of them: the kind of a letter, the commands; "" when there is nothing to add
	CaseID int64  // 0: of no case
	By     string // registered address of who of the staff did it, kept as a keyed hash; "" nobody of them
	Count  int    // how many; 0 where nothing was counted
}

// An AuditRow is a row of the trail as it is kept.
type AuditRow struct {
	N      int64 // counts up by one from 1
	At     time.Time
	Event  string
	What   string
	CaseID int64
	Person []byte // by PersonHash; nil: nobody of the staff
	Count  int
	Hash   []byte // HeadSize bytes; that of the last row is the head
}

// HeadSize is the size of a row's hash: HMAC-SHA-256 cut off at half its length,
// which RFC 2104 section 5 allows.
const HeadSize = 16

// AuditPurpose is the purpose of the keyed hash of a row. Where the hashing key
// changes with the master key, the trail can no longer be verified.
const AuditPurpose = "audit"

// tail is where the trail ends, as far as this process knows.
type tail struct {
	n    int64
	hash []byte
}

// Audit adds a row to the audit trail, with this transaction's moment. It is
// written at the commit, or not at all: never without what it is about. What is
// no word of ours, and so might be somebody's text, stands there as "?".
func (tx *Tx) Audit(e Entry) {
	e.Event, e.What = fixed(e.Event), fixed(e.What)
	tx.trail = append(tx.trail, e)
}

// Audit is Tx.Audit in a transaction of its own, for what changes nothing else here.
func (db *DB) Audit(ctx context.Context, e Entry) error {
	return db.Update(ctx, func(tx *Tx) error { tx.Audit(e); return nil })
}

// PersonHash is the keyed hash under which the trail knows a member of staff.
func (tx *Tx) PersonHash(address string) []byte { return tx.person(address) }

// maxWords bounds what a row may say.
const maxWords = 120

// fixed lets only what looks like words of ours through.
func fixed(s string) string {
	if len(s) > maxWords {
		return "?"
	}
	for _, c := range []byte(s) {
		switch {
		case c >= 'a' && c <= 'z', c == ' ', c == ',', c == '-', c == '_':
		default:
			return "?"
		}
	}
	return s
}

// addTrail writes the rows of this transaction, and returns where the trail ends then.
func (tx *Tx) addTrail() (tail, error) {
	end := tx.db.tail
	for _, e := range tx.trail {
		r := AuditRow{N: end.n + 1, At: tx.now, Event: e.Event, What: e.What, CaseID: e.CaseID, Count: e.Count}
		if e.By != "" {
			r.Person = tx.person(e.By)
		}
		r.Hash = tx.link(end.hash, r)
		err := tx.exec("write audit trail", "INSERT INTO audit(n, at, event, what, case_id, person, count, hash) VALUES (?, ?, ?, ?, nullif(?, 0), ?, ?, ?)",
			r.N, ms(r.At), r.Event, r.What, r.CaseID, r.Person, r.Count, r.Hash)
		if err != nil {
			return tail{}, err
		}
		end = tail{r.N, r.Hash}
	}
	return end, nil
}

// link is the hash of a row over that of the one before it.
func (tx *Tx) link(before []byte, r AuditRow) []byte {
	num := func(n int64) string { return strconv.FormatInt(n, 10) }
	return tx.db.vault.Hash(AuditPurpose, string(before), num(r.N), num(r.At.UnixMilli()), r.Event, r.What,
		num(r.CaseID), string(r.Person), num(int64(r.Count)))[:HeadSize]
}

// readTail reads where the trail ends, when another process has written it further.
func (db *DB) readTail() error {
	var t tail
	err := db.conn.QueryRowContext(context.Background(), lastAudit).Scan(&t.n, &t.hash)
	if err != nil {
		return fmt.Errorf("read end of the audit trail: %w", explain(err))
	}
	db.tail = t
	return nil
}

const lastAudit = "SELECT coalesce(max(n), 0), (SELECT hash FROM audit ORDER BY n DESC LIMIT 1) FROM audit"

// AuditHead returns the number and the hash of the last row that is on disk: who
// keeps them elsewhere can tell later whether the trail was cut (security.md 31).
// 0 and nil when there is none yet.
func (tx *Tx) AuditHead() (n int64, head []byte, err error) {
	_, err = tx.one("read end of the audit trail", lastAudit, nil, &n, &head)
	return n, head, err
}

// AuditRows calls f with each row of the trail, in order.
func (tx *Tx) AuditRows(f func(AuditRow) error) error {
	return tx.auditRows("", nil, f)
}

// AuditRowsOf is AuditRows for one case.
func (tx *Tx) AuditRowsOf(caseID int64, f func(AuditRow) error) error {
	return tx.auditRows(" WHERE case_id = ?", []any{caseID}, f)
}

func (tx *Tx) auditRows(where string, args []any, f func(AuditRow) error) error {
	return tx.each("read audit trail", "SELECT n, at, event, what, coalesce(case_id, 0), person, count, hash FROM audit"+where+" ORDER BY n", args,
		func(rows *sql.Rows) error {
			var r AuditRow
			var at sql.NullInt64
			if err := rows.Scan(&r.N, &at, &r.Event, &r.What, &r.CaseID, &r.Person, &r.Count, &r.Hash); err != nil {
				return fatal("read audit trail", err)
			}
			r.At = fromMS(at)
			return f(r)
		})
}

// A Fault is a place where the trail is not as it was written.
type Fault struct {
	N   int64 // of the row
	Why FaultKind
}

// A FaultKind says what is wrong with a row.
type FaultKind string

// The kinds.
const (
	RowMissing FaultKind = "missing" // it was taken out
	RowForeign FaultKind = "foreign" // its number never was one
	RowChanged FaultKind = "changed" // it, or the row before it, is another one than was written here
)

// An AuditSum is what looking through the trail came to.
type AuditSum struct {
	Rows   int64   // that are there
	Faults []Fault // the first of them, at most maxFaults
	More   bool    // there are more
	Head   []byte  // the hash of the last row; nil when there is none
	Found  int64   // the number of the row that has the hash that was asked for; 0: none
}

// maxFaults is how many faults are told: one row out of its place makes three.
const maxFaults = 20

// VerifyAudit looks through the whole trail. head is one that was kept elsewhere,
// or nil: when it is not found the trail was cut, or written anew. progress is
// called now and then with the number of rows seen.
func (tx *Tx) VerifyAudit(head []byte, progress func(rows int64)) (AuditSum, error) {
	var sum AuditSum
	fault := func(n int64, why FaultKind) {
		if sum.More = len(sum.Faults) == maxFaults; !sum.More {
			sum.Faults = append(sum.Faults, Fault{n, why})
		}
	}
	next := int64(1)
	err := tx.AuditRows(func(r AuditRow) error {
		switch {
		case r.N < next: // below 1: the others come in order
			fault(r.N, RowForeign)
			return nil
		case r.N > next:
			for ; next < r.N && !sum.More; next++ {
				fault(next, RowMissing)
			}
			next = r.N + 1
		default:
			if !hmac.Equal(r.Hash, tx.link(sum.Head, r)) {
				fault(r.N, RowChanged)
			} else if len(head) > 0 && hmac.Equal(head, r.Hash) {
				sum.Found = r.N
			}
			next++
		}
		sum.Rows++
		sum.Head = r.Hash
		if sum.Rows%progressRows == 0 {
			progress(sum.Rows)
		}
		return nil
	})
	return sum, err
}

// progressRows is how many rows lie between two words about how far it is.
const progressRows = 100_000

// NumberOf returns the number of a case; "" when it is gone.
func (tx *Tx) NumberOf(caseID int64) (number string, err error) {
	_, err = tx.one("look up number", "SELECT number FROM cases WHERE id = ?", []any{caseID}, &number)
	return number, err
}

// AuditedCase returns the id under which the trail knows the case with this number,
// also when it was erased; false when there never was one.
func (tx *Tx) AuditedCase(number string) (id int64, found bool, err error) {
	number = strings.ToUpper(number)
	found, err = tx.one("look up case", `SELECT id FROM cases WHERE number = ?1 UNION ALL
		SELECT case_id FROM erasure WHERE number = ?2 AND case_id IS NOT NULL LIMIT 1`, []any{number, tx.numberHash(number)}, &id)
	return id, found, err
}
