package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"klachtd/internal/complaint"
)

const canary = "kanarie"

// canaries is a case with the word in each field that can hold content.
func canaries(h *house) *complaint.Case {
	c := aCase("K2026-000001")
	c.Complainant = complaint.Party{Name: "Kanarie Naam", Address: canary + "@voorbeeld.example"}
	c.Subject, c.Owner, c.Handler = "kanarie onderwerp", canary+"1@academie.example", canary+"2@academie.example"
	c.Concerned = []complaint.Concern{{Name: canary, Address: canary + "3@academie.example", Text: canary}}
	c.Category, c.Closings = complaint.Judgement{Value: canary, Text: canary}, []complaint.Closing{{Text: canary}}
	c.Promises[1].WaivedBy, c.Promises[1].Reason = canary+"4@academie.example", "kanarie reden"
	h.update(func(tx *Tx) error {
		if err := tx.AddCase(c, time.UTC); err != nil {
			return err
		}
		letter := &Letter{CaseID: c.ID, Kind: complaint.LetterAcknowledgement, State: Due, PromiseID: c.Promises[0].ID,
			From: "klachten-kanarie@academie.example", To: canary + "@voorbeeld.example", Subject: "kanarie",
			MessageID: "kanarie5@academie.example"}
		house := &Letter{Kind: complaint.LetterReminders, State: Due, To: canary + "6@academie.example",
			Subject: "kanarie", MessageID: "kanarie7@academie.example"}
		return errors.Join(
			tx.AddEvent(c.ID, complaint.Note{Actor: canary + "8@academie.example", Event: "noted", Detail: "kanarie detail"}),
			tx.AddMessage(Message{CaseID: c.ID, Direction: "in", At: start, From: canary + "@voorbeeld.example",
				To: []string{canary + "@academie.example"}, Subject: "kanarie", MessageID: "kanarie9@mail.example", Text: "kanarie tekst",
				Attachments: []Attachment{{Name: "kanarie.pdf", ContentType: "application/kanarie", SHA256: canary}},
				Raw:         bytes.Repeat([]byte("kanarie rauw\r\n"), 40_000)}), // two chunks
			enclose(tx, letter),
			tx.AddLetter(letter, []byte("Subject: kanarie\r\n\r\nkanarie")),
			tx.AddLetter(house, []byte("Subject: kanarie\r\n\r\nkanarie")),
			tx.AddReceipt(Box{"INBOX", 1}, Receipt{UID: 1, ReceivedAt: start, Content: tx.Content([]byte(canary)),
				Became: "registered", CaseID: c.ID, Folder: "handled"}),
			tx.AddAcknowledged(canary+"@"+canary+".example"),
			commanded(tx, c, house))
	})
	h.settle("250 ok kanarie")
	return c
}

// commanded leaves what the work by mail leaves: codes, challenges, choices.
func commanded(tx *Tx, c *complaint.Case, l *Letter) error {
	person := canary + "10@academie.example"
	return errors.Join(
		tx.AddCodes(l.ID, []Code{{Hash: [32]byte{1}, Number: c.Number, Command: "#wijs " + canary}}),
		tx.AddChallenge(Challenge{CaseID: c.ID, Hash: tx.Keyed("challenge", canary), Expires: start, Person: person, Command: canary, Held: []byte(canary)}),
		tx.AddChallenge(Challenge{Hash: tx.Keyed("challenge", canary), Expires: start, Person: person, Command: canary, Held: []byte(canary)}),
		tx.AddUnproven(person, "refuse"),
		tx.SetExecuted(canary+"11@mail.example"),
		tx.AddExport(c.ID, Export{Path: "/home/" + canary + "/kanarie.zip", SHA256: []byte(canary)}),
		tx.AddChoice(&Choice{At: start, Due: "2026-11-24", By: person, Raw: []byte("Subject: kanarie\r\n\r\nkanarie")}))
}

// enclose gives a letter something to go along.
func enclose(tx *Tx, l *Letter) (err error) {
	l.Enclosure, err = tx.AddEnclosure(l.CaseID, []byte("kanarie bijlage"))
	return err
}

// settle sends all that is due, with the server's words.
func (h *house) settle(words string) {
	h.t.Helper()
	ctx := context.Background()
	letters, err := h.Claim(ctx, 100, time.Hour)
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.Turn(ctx, nil, letters); err != nil {
		h.t.Fatal(err)
	}
	var done []Outcome
	for _, l := range letters {
		done = append(done, Outcome{Letter: l, State: Sent, Words: words})
	}
	if _, err := h.Turn(ctx, done, nil); err != nil {
		h.t.Fatal(err)
	}
}

// security.md 26: nothing that is content is readable in any file, neither while
// the database is open, nor after, and nothing of it is lost.
func TestCanaries(t *testing.T) {
	h := newHouse(t)
	c := canaries(h)
	look := func(when string) {
		entries, err := os.ReadDir(filepath.Dir(h.o.Path))
		if err != nil || len(entries) < 4 {
			t.Fatal(entries, err)
		}
		for _, e := range entries {
			data, err := os.ReadFile(filepath.Join(filepath.Dir(h.o.Path), e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			if i := bytes.Index(bytes.ToLower(data), []byte(canary)); i >= 0 {
				t.Errorf("%s: the canary sings in %s at %d: %q", when, e.Name(), i, data[max(0, i-40):i+20])
			}
		}
	}
	look("open")
	h.sql("PRAGMA wal_checkpoint(TRUNCATE)")
	look("after a checkpoint")
	h.close()
	look("closed")
	h.reopen()
	h.view(func(tx *Tx) error {
		got, found, err := tx.Case(c.ID)
		if err != nil || !found || got.Complainant != c.Complainant || got.Subject != c.Subject || got.Owner != c.Owner ||
			got.Handler != c.Handler || !slices.Equal(got.Concerned, c.Concerned) || got.Category != c.Category || got.Promises[1].Reason != "kanarie reden" ||
			got.Promises[0].Evidence != "<kanarie5@academie.example> 250 ok kanarie" {
			t.Errorf("the case reads %+v, %v", got, err)
		}
		events, err := tx.Events(c.ID)
		if err != nil || len(events) != 1 || events[0].Detail != "kanarie detail" || events[0].Actor != canary+"8@academie.example" {
			t.Errorf("the timeline reads %+v, %v", events, err)
		}
		messages, err := tx.Messages(c.ID)
		if err != nil || len(messages) != 1 || messages[0].Text != "kanarie tekst" || messages[0].Attachments[0].Name != "kanarie.pdf" {
			t.Errorf("the message reads %+v, %v", messages, err)
		}
		letters, err := tx.SentAfter(0)
		if err != nil || len(letters) != 2 || letters[0].To != canary+"@voorbeeld.example" || letters[1].Outcome != "250 ok kanarie" {
			t.Errorf("the letters read %+v, %v", letters, err)
		}
		l, found, err := tx.LetterByID("kanarie7@academie.example")
		if err != nil || !found || l.CaseID != 0 || l.Kind != complaint.LetterReminders {
			t.Errorf("by Message-ID: %+v, %v, %v", l, found, err)
		}
		return nil
	})
}

// security.md 26: what is sealed opens in its own table, column and row, with
// the key of its own case, and nowhere else.
func TestMovedRowsDoNotOpen(t *testing.T) {
	read := map[string]func(tx *Tx, id int64) error{
		"case":     func(tx *Tx, id int64) error { _, _, err := tx.Case(id); return err },
		"events":   func(tx *Tx, id int64) error { _, err := tx.Events(id); return err },
		"messages": func(tx *Tx, id int64) error { _, err := tx.Messages(id); return err },
		"raw": func(tx *Tx, id int64) error {
			return tx.RawMessages(id, func([]byte) (bool, error) { return false, nil })
		},
		"letters":   func(tx *Tx, id int64) error { _, err := tx.Letters(id); return err },
		"challenge": func(tx *Tx, _ int64) error { _, err := tx.Challenges(canary); return err },
		"choice":    func(tx *Tx, id int64) error { _, _, err := tx.Choice(id); return err },
		"exports":   func(tx *Tx, id int64) error { _, err := tx.Exports(id); return err },
		"body": func(tx *Tx, id int64) error {
			_, err := tx.Body(Letter{ID: 1, CaseID: id})
			return err
		},
	}
	for _, tt := range []struct{ what, move string }{
		{"case", "UPDATE cases SET sealed = (SELECT sealed FROM cases WHERE id = 2) WHERE id = 1"},
		{"case", "UPDATE promise SET sealed = (SELECT sealed FROM promise WHERE id = 2) WHERE id = 1"},
		{"case", "UPDATE letter SET outcome = (SELECT outcome FROM letter WHERE id = 2) WHERE id = 1"},
		{"events", "UPDATE event SET sealed = (SELECT sealed FROM cases WHERE id = 1)"},
		{"events", "UPDATE event SET sealed = (SELECT sealed FROM event WHERE id = 2) WHERE id = 1"},
		{"events", "UPDATE event SET case_id = 1 WHERE id = 2"},
		{"messages", "UPDATE message SET sealed = (SELECT sealed FROM message WHERE id = 2) WHERE id = 1"},
		{"messages", "UPDATE message SET case_id = 1 WHERE id = 2"},
		{"raw", "UPDATE chunk SET n = 1 - n"},
		{"raw", "UPDATE chunk SET sealed = (SELECT sealed FROM chunk WHERE message_id = 2 AND n = 0) WHERE message_id = 1 AND n = 0"},
		{"letters", "UPDATE letter SET case_id = 1, kind = 'notice' WHERE id = 2"},
		{"letters", "UPDATE letter SET sealed = outcome WHERE id = 1"},
		{"letters", "UPDATE letter SET case_id = 1 WHERE id = 3"}, // of the house
		{"challenge", "UPDATE challenge SET sealed = (SELECT sealed FROM challenge WHERE id = 2) WHERE id = 1"},
		{"challenge", "UPDATE challenge SET case_id = 2 WHERE id = 1"},
		{"challenge", "UPDATE challenge SET case_id = NULL WHERE id = 1"},
		{"exports", "UPDATE export SET sealed = (SELECT sealed FROM export WHERE id = 2) WHERE id = 1"},
		{"exports", "UPDATE export SET case_id = 1 WHERE id = 2"},
		{"choice", "UPDATE choice SET sealed = (SELECT sealed FROM choice WHERE id = 2) WHERE id = 1"},
		{"choice", "UPDATE choice SET raw = (SELECT raw FROM choice WHERE id = 2) WHERE id = 1"},
		{"choice", "UPDATE choice SET raw = sealed WHERE id = 1"},
		{"body", "UPDATE body SET sealed = (SELECT sealed FROM body WHERE letter_id = 2) WHERE letter_id = 1"},
		{"body", "UPDATE body SET sealed = (SELECT sealed FROM letter WHERE id = 1) WHERE letter_id = 1"},
	} {
		t.Run(tt.what+" "+tt.move, func(t *testing.T) {
			h := newHouse(t)
			two(h)
			h.view(func(tx *Tx) error { return read[tt.what](tx, 1) })
			h.sql(tt.move)
			err := h.View(t.Context(), func(tx *Tx) error { return read[tt.what](tx, 1) })
			if err == nil {
				t.Error("it opened")
			}
			if err != nil && bytes.Contains([]byte(err.Error()), []byte(canary)) {
				t.Errorf("the error quotes content: %v", err)
			}
		})
	}
}

// two fills two cases alike, so that each row has its counterpart: ids 1 and 2.
func two(h *house) {
	for _, number := range []string{"K2026-000001", "K2026-000002"} {
		c := aCase(number)
		c.Promises = c.Promises[:1]
		c.Promises[0].Reason = "kanarie"
		h.update(func(tx *Tx) error {
			if err := tx.AddCase(c, time.UTC); err != nil {
				return err
			}
			return errors.Join(
				tx.AddEvent(c.ID, complaint.Note{Actor: "bas@academie.example", Event: "noted"}),
				tx.AddChallenge(Challenge{CaseID: c.ID, Hash: []byte{1}, Expires: start, Person: canary, Command: canary, Held: []byte(canary)}),
				tx.AddChoice(&Choice{At: start, Due: "2026-11-24", By: canary, Raw: []byte(canary)}),
				tx.AddExport(c.ID, Export{Path: canary}),
				tx.AddMessage(Message{CaseID: c.ID, Direction: "in", At: start, Text: canary, Raw: bytes.Repeat([]byte(canary), 60_000)}),
				tx.AddLetter(&Letter{CaseID: c.ID, Kind: complaint.LetterAcknowledgement, State: Due, PromiseID: c.Promises[0].ID,
					MessageID: number + "@academie.example"}, []byte(canary)))
		})
	}
	h.update(func(tx *Tx) error {
		return tx.AddLetter(&Letter{Kind: complaint.LetterReminders, State: Due, MessageID: "huis@academie.example"}, []byte(canary))
	})
	h.settle("250 ok")
}

// security.md 4: a raw message lies in chunks, each sealed for itself, and comes
// back whole.
func TestChunks(t *testing.T) {
	h := newHouse(t)
	c := h.addCase("K2026-000001")
	raw := bytes.Repeat([]byte("kanarie rauw\r\n"), 3*chunkSize/14+1)
	h.update(func(tx *Tx) error {
		return tx.AddMessage(Message{CaseID: c.ID, Direction: "in", At: start, Raw: raw})
	})
	if n := h.number("SELECT count(*) FROM chunk"); n != 4 {
		t.Errorf("%d chunks of %d bytes", n, len(raw))
	}
	if n := h.number("SELECT max(length(sealed)) FROM chunk"); n > chunkSize+100 {
		t.Errorf("a chunk of %d bytes", n)
	}
	if n := h.number("SELECT count(*) FROM chunk WHERE instr(sealed, CAST('kanarie' AS BLOB)) > 0"); n != 0 {
		t.Errorf("%d chunks can be read", n)
	}
	h.view(func(tx *Tx) error {
		return tx.RawMessages(c.ID, func(got []byte) (bool, error) {
			if !bytes.Equal(got, raw) {
				t.Errorf("%d bytes came back of %d", len(got), len(raw))
			}
			return true, nil
		})
	})
}
