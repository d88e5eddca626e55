package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// fillDatabase writes 100,000 cases, each with its message, letters and receipt,
// as registration does.
func fillDatabase(tb testing.TB, s *site) {
	const cases, batch = 100_000, 500
	db, err := store.Open(store.Options{Path: s.database(), Lock: true}, time.Now)
	if err != nil {
		tb.Fatal(err)
	}
	box := store.Box{Name: "OLD", UIDValidity: 1}
	raw := ownMails(1)[0]
	day := complaint.DayOf(time.Now(), time.UTC)
	for n := 0; n < cases; n += batch {
		err := db.Update(context.Background(), func(tx *store.Tx) error {
			for i := n; i < n+batch; i++ {
				if err := fillCase(tx, box, i, day, raw); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		tb.Fatal(err)
	}
	if files, err := filepath.Glob(s.database() + "*"); err != nil || len(files) == 0 {
		tb.Fatalf("no database: %v", err)
	}
}

func fillCase(tx *store.Tx, box store.Box, i int, day complaint.Day, raw []byte) error {
	number, err := tx.NewNumber(time.Now().Year(), "", func(n int) (int, error) { return rand.IntN(n), nil })
	if err != nil {
		return err
	}
	c := complaint.Case{Number: number, Kind: complaint.External, State: complaint.InProgress, Severity: complaint.Normal,
		Complainant: complaint.Party{Name: "Oud", Address: fmt.Sprintf("oud%d@voorbeeld.example", i)}, Subject: "Oud",
		Owner: "directeur@academie.example", Handler: "bas@academie.example",
		ReceivedAt: tx.Now(), ReactBy: day, ResolveBy: day, ExpectedOn: day}
	for _, k := range []complaint.PromiseKind{complaint.Acknowledge, complaint.CopyOwner, complaint.Take, complaint.React, complaint.Resolve, complaint.Delay} {
		c.Promises = append(c.Promises, complaint.Promise{Kind: k, MadeOn: day, Due: day.Add(7)})
	}
	if err := tx.AddCase(&c, time.UTC); err != nil {
		return err
	}
	for _, k := range []complaint.LetterKind{complaint.LetterAcknowledgement, complaint.LetterNotice, complaint.LetterCopy} {
		l := store.Letter{CaseID: c.ID, Kind: k, State: store.Sent, From: "a@b.example", To: c.Complainant.Address,
			Subject: "Oud", MessageID: fmt.Sprintf("%d.%s@oud.example", i, k)}
		if err := tx.AddLetter(&l, raw); err != nil {
			return err
		}
	}
	if err := tx.AddMessage(store.Message{CaseID: c.ID, Direction: "in", At: tx.Now(), From: c.Complainant.Address, Text: string(raw), Raw: raw}); err != nil {
		return err
	}
	return tx.AddReceipt(box, store.Receipt{UID: uint32(i + 1), ReceivedAt: tx.Now(),
		Content: tx.Content(fmt.Append(nil, i)), Became: "registered", CaseID: c.ID, Folder: "handled"})
}
