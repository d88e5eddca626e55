package store

import (
	"strings"
	"time"
)

// Acknowledged counts the acknowledgements of the last day: to this address, to
// its domain, and in all, of which in the last hour (security.md 12).
type Acknowledged struct{ Address, Domain, Hour, Day int }

// acked counts those of the last hour and day. It is read once a transaction: in a
// flood each message would else count all that came before.
type acked struct{ hour, day int }

// Acknowledged returns the counts for an address.
func (tx *Tx) Acknowledged(address string) (Acknowledged, error) {
	var a Acknowledged
	day := ms(tx.now.Add(-24 * time.Hour))
	if tx.acked == nil {
		tx.acked = &acked{}
		// ids count up, so that the rows need not be fetched
		_, err := tx.one("count acknowledgements", `SELECT
			(SELECT coalesce(max(id) - min(id) + 1, 0) FROM acknowledged WHERE at > ?),
			(SELECT coalesce(max(id) - min(id) + 1, 0) FROM acknowledged WHERE at > ?)`,
			[]any{ms(tx.now.Add(-time.Hour)), day}, &tx.acked.hour, &tx.acked.day)
		if err != nil {
			return a, err
		}
	}
	a.Hour, a.Day = tx.acked.hour, tx.acked.day
	person, domain := tx.addressHashes(address)
	_, err := tx.one("count acknowledgements", `SELECT
		(SELECT count(*) FROM acknowledged WHERE address = ?1 AND at > ?3),
		(SELECT count(*) FROM acknowledged WHERE domain = ?2 AND at > ?3)`,
		[]any{person, domain, day}, &a.Address, &a.Domain)
	return a, err
}

// AddAcknowledged counts one more, and forgets what is older than a day.
func (tx *Tx) AddAcknowledged(address string) error {
	person, domain := tx.addressHashes(address)
	err := tx.exec("count acknowledgement", "INSERT INTO acknowledged(at, address, domain) VALUES (?, ?, ?)", ms(tx.now), person, domain)
	if err != nil {
		return err
	}
	if tx.acked != nil {
		tx.acked.hour++
		tx.acked.day++
	}
	if tx.forgot {
		return nil
	}
	tx.forgot = true // once a transaction
	return tx.exec("forget acknowledgements", "DELETE FROM acknowledged WHERE at <= ?", ms(tx.now.Add(-24*time.Hour)))
}

func (tx *Tx) addressHashes(address string) (person, domain []byte) {
	address = strings.ToLower(address)
	_, host, _ := strings.Cut(address, "@")
	return tx.db.vault.Hash("address", address)[:16], tx.db.vault.Hash("domain", host)[:16]
}
