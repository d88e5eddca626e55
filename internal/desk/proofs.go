package desk

import (
	"encoding/hex"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/proof"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

// sentOf is what the reading of a mail has to know of a letter.
func sentOf(l store.Letter) route.Sent {
	s := route.Sent{LetterID: l.ID, CaseID: l.CaseID, To: l.To, MessageID: l.MessageID, Kind: l.Kind, Subject: l.Subject, At: l.CreatedAt, Roles: l.Roles, Void: l.Void}
	if l.Kind == complaint.LetterChoice {
		s.Choice = int64(l.Ref)
	}
	return s
}

// proofs are what the house knows of tokens, challenges and what ran before.
func (d *Desk) proofs(tx *store.Tx) route.Proof {
	return route.Proof{
		Keyed: tx.Keyed,
		Hash:  func(command string) string { return hex.EncodeToString(tx.CommandHash(command)) },
		ByCode: func(h proof.Hash) (route.Sent, string, bool, error) {
			l, command, found, err := tx.CodeLetter(h)
			return sentOf(l), hex.EncodeToString(command), found, err
		},
		Executed: tx.Executed,
		Shown:    tx.Shown,
		Counts: func(person string) (challenges, notices int, err error) {
			if challenges, err = tx.CountChallenges(person, tx.Now().Add(-time.Hour)); err != nil {
				return 0, 0, err
			}
			notices, err = tx.CountUnproven(person, noticed, tx.Now().Add(-24*time.Hour))
			return challenges, notices, err
		},
		Challenges: func(person string) ([]proof.Challenge, error) {
			list, err := tx.Challenges(person)
			var out []proof.Challenge
			for _, c := range list {
				out = append(out, proof.Challenge{Hash: c.Hash, Person: c.Person, Case: c.CaseID, Command: c.Command, Expires: c.Expires, Used: c.Used})
			}
			return out, err
		},
	}
}

// noProofs is a house that knows nothing.
var noProofs = route.Proof{
	Keyed:      func(string, ...string) []byte { return nil },
	Hash:       func(string) string { return "" },
	ByCode:     func(proof.Hash) (route.Sent, string, bool, error) { return route.Sent{}, "", false, nil },
	Executed:   func(string) (bool, error) { return false, nil },
	Shown:      func(string) (bool, error) { return false, nil },
	Counts:     func(string) (int, int, error) { return 0, 0, nil },
	Challenges: func(string) ([]proof.Challenge, error) { return nil, nil },
}
