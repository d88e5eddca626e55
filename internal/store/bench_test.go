package store

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"

	"klachtd/internal/complaint"
)

// BenchmarkRegister is one transaction of 50 cases as registration writes them.
func BenchmarkRegister(b *testing.B) {
	h := newHouse(b)
	raw, letter := bytes.Repeat([]byte("regel tekst\r\n"), 800), bytes.Repeat([]byte("regel brief\r\n"), 400)
	n := 0
	for b.Loop() {
		h.update(func(tx *Tx) error {
			for range 50 {
				n++
				if err := register(tx, n, raw, letter); err != nil {
					return err
				}
			}
			return nil
		})
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "cases/s")
}

func register(tx *Tx, n int, raw, letter []byte) error {
	return tx.Savepoint(func() error {
		c := aCase(complaint.Number(2026, n, n))
		if err := tx.AddCase(c, time.UTC); err != nil {
			return err
		}
		tx.Audit(Entry{Event: "registered", What: "owner", CaseID: c.ID})
		errs := []error{
			tx.AddEvent(c.ID, complaint.Note{Event: "registered", Detail: "via de mail"}),
			tx.AddMessage(Message{CaseID: c.ID, Direction: "in", At: start, From: c.Complainant.Address, Subject: c.Subject,
				Text: "Het lokaal was koud.", Raw: raw}),
			tx.AddReceipt(inbox, Receipt{UID: uint32(n), ReceivedAt: start, Content: tx.Content(fmt.Append(nil, n)),
				Became: "registered", CaseID: c.ID, Folder: "handled"}),
			tx.AddAcknowledged(c.Complainant.Address),
		}
		for i, kind := range []complaint.LetterKind{complaint.LetterAcknowledgement, complaint.LetterNotice, complaint.LetterCopy} {
			errs = append(errs, tx.AddLetter(&Letter{CaseID: c.ID, Kind: kind, State: Due, To: c.Complainant.Address,
				MessageID: fmt.Sprintf("%d.%d@academie.example", n, i)}, letter))
		}
		return errors.Join(errs...)
	})
}

// BenchmarkTurn is one commit for four connections: what they sent, and what they begin.
func BenchmarkTurn(b *testing.B) {
	h := newHouse(b)
	h.addLetters(8)
	letters, err := h.Claim(b.Context(), 8, time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	var done []Outcome
	for _, l := range letters[:4] {
		done = append(done, Outcome{Letter: l, State: Sent, Words: "250 ok"})
	}
	for b.Loop() {
		if _, err := h.Turn(b.Context(), done, letters[4:]); err != nil {
			b.Fatal(err)
		}
	}
}
