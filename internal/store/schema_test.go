package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
)

// A landed migration is never edited: files in the field were made by it.
func TestFirstSchemaIsFrozen(t *testing.T) {
	landed, err := migrations.ReadFile("migrations/0001.sql")
	if err != nil {
		t.Fatal(err)
	}
	if frozen := frozenSchema(t); string(landed) != frozen {
		t.Error("migrations/0001.sql differs from testdata/schema1.sql; put a change in a migration of its own")
	}
}

// Each number up to Version has its file, and there is no other.
func TestMigrationsAreNumbered(t *testing.T) {
	files, err := migrations.ReadDir("migrations")
	if err != nil || len(files) != Version {
		t.Errorf("%d migrations (%v) for schema %d", len(files), err, Version)
	}
}

func frozenSchema(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/schema1.sql")
	if err != nil {
		t.Fatal(err)
	}
	mark, schema, ok := strings.Cut(string(text), "\n\n")
	if !ok || !strings.Contains(mark, "DO NOT EDIT") {
		t.Fatal("testdata/schema1.sql has no mark")
	}
	return schema
}

// frozen puts a database in place as the first schema left it.
func frozen(t *testing.T) Options {
	t.Helper()
	o := Options{Path: filepath.Join(t.TempDir(), "state", "klachtd.db"), Lock: true}
	f := o.Files()
	if err := os.Mkdir(f.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	rows, err := os.ReadFile("testdata/rows1.sql")
	if err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"testdata/keys1.hex": f.Keys, "testdata/master1.hex": f.Master} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		data, err := hex.DecodeString(strings.Join(strings.Fields(string(text)), ""))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	runSQL(t, o.Path, frozenSchema(t)+"\nPRAGMA user_version=1;\nPRAGMA journal_mode=WAL;\n"+string(rows))
	return o
}

// runSQL runs a script on a file that no DB has open.
func runSQL(t *testing.T, path, script string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	file.Close()
	db, err := sql.Open("sqlite3", "file:"+escape(path))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(script); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestOpensFirstSchema(t *testing.T) {
	o := frozen(t)
	if s, err := Look(o); err != nil || !s.Exists || s.Version != 1 {
		t.Errorf("Look: %+v, %v", s, err)
	}
	h := &house{t: t, clock: start.AddDate(0, 0, 1), o: o}
	h.reopen()
	defer h.close()
	if v, err := h.schema(t.Context()); err != nil || v != Version {
		t.Errorf("schema %d, %v, want %d", v, err, Version)
	}
	h.view(func(tx *Tx) error {
		c, found, err := tx.CaseByNumber("K2026-000001")
		if err != nil || !found {
			t.Fatalf("the case: %v, %v", found, err)
		}
		if c.Complainant.Address != "jan@voorbeeld.example" || c.Subject != "Koud lokaal" || len(c.Promises) != 2 ||
			c.Promises[0].Evidence != "<een@academie.example> 250 ok" || c.Promises[1].Open() != true {
			t.Errorf("the case reads %+v", c)
		}
		letters, err := tx.Letters(c.ID)
		if err != nil || len(letters) != 2 || letters[0].State != Sent || letters[1].State != Due {
			t.Fatalf("letters: %+v, %v", letters, err)
		}
		if body, err := tx.Body(letters[1]); err != nil || string(body) != "Subject: twee\r\n\r\nHallo\r\n" {
			t.Errorf("body: %q, %v", body, err)
		}
		messages, err := tx.Messages(c.ID)
		if err != nil || len(messages) != 1 || messages[0].Text != "Het lokaal was koud." || messages[0].Attachments[0].Name != "foto.jpg" {
			t.Errorf("messages: %+v, %v", messages, err)
		}
		events, err := tx.Events(c.ID)
		if err != nil || len(events) != 1 || events[0].Actor != "bas@academie.example" {
			t.Errorf("events: %+v, %v", events, err)
		}
		became, err := tx.LastBecame()
		if err != nil || became != "registered" {
			t.Errorf("became %q, %v", became, err)
		}
		return nil
	})
	if c := h.addCase("K2026-000002"); c.ID != 2 {
		t.Errorf("the next case is %d, want 2", c.ID)
	}
}

// A file of a newer klachtd is refused, and each byte of it stays as it is.
func TestNewerIsRefused(t *testing.T) {
	o := frozen(t)
	runSQL(t, o.Path, "PRAGMA user_version=99; CREATE TABLE later (id INTEGER);")
	before := snapshot(t, o)
	if _, err := Open(o, time.Now); !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), "99") {
		t.Errorf("Open: %v, want ErrNewer", err)
	}
	if _, err := Look(o); !errors.Is(err, ErrNewer) {
		t.Errorf("Look: %v, want ErrNewer", err)
	}
	after := snapshot(t, o)
	delete(after, "klachtd.lock")
	if !maps.Equal(before, after) {
		t.Errorf("was %v, is %v", keys(before), keys(after))
	}
}

// A migration that fails leaves no half of it behind.
func TestMigrationFails(t *testing.T) {
	o := Options{Path: filepath.Join(t.TempDir(), "state", "klachtd.db")}
	if err := os.Mkdir(filepath.Dir(o.Path), 0o700); err != nil {
		t.Fatal(err)
	}
	runSQL(t, o.Path, "CREATE TABLE receipt (id INTEGER)") // of something else
	writeKeys(t, o)
	if db, err := Open(o, time.Now); err == nil {
		db.Close()
		t.Fatal("opened")
	} else if !strings.Contains(err.Error(), "migrate to 1") {
		t.Errorf("got %v", err)
	}
	db, err := sql.Open("sqlite3", "file:"+escape(o.Path))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var tables, version int
	row := db.QueryRowContext(context.Background(), "SELECT count(*), (SELECT user_version FROM pragma_user_version) FROM sqlite_schema")
	if err := row.Scan(&tables, &version); err != nil || tables != 1 || version != 0 {
		t.Errorf("%d tables, schema %d (%v), want 1 and 0", tables, version, err)
	}
}

// writeKeys puts keys beside a database that was made without any.
func writeKeys(t *testing.T, o Options) {
	t.Helper()
	other := newHouse(t)
	other.close()
	from, to := other.o.Files(), o.Files()
	for a, b := range map[string]string{from.Keys: to.Keys, from.Master: to.Master} {
		data, err := os.ReadFile(a)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(b, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// fill writes what testdata/rows1.sql holds, and a row in every other table.
func fill(h *house) *complaint.Case {
	c := h.addCase("K2026-000001")
	h.update(func(tx *Tx) error {
		ack := &Letter{CaseID: c.ID, Kind: complaint.LetterAcknowledgement, State: Due, PromiseID: c.Promises[0].ID,
			From: "klachten@academie.example", To: "jan@voorbeeld.example", Subject: "een", MessageID: "een@academie.example"}
		return errors.Join(
			tx.AddEvent(c.ID, complaint.Note{Actor: "bas@academie.example", Event: "noted", Detail: "belt morgen"}),
			tx.AddMessage(Message{CaseID: c.ID, Direction: "in", At: start, From: "jan@voorbeeld.example",
				To: []string{"klachten@academie.example"}, Subject: "Koud lokaal", MessageID: "m1@mail.example",
				Text: "Het lokaal was koud.", Attachments: []Attachment{{Name: "foto.jpg", ContentType: "image/jpeg", Size: 3}},
				Raw: []byte("Subject: Koud lokaal\r\n\r\nHet lokaal was koud.\r\n")}),
			tx.AddLetter(ack, []byte("Subject: een\r\n\r\nHallo\r\n")),
			tx.AddReceipt(Box{"INBOX", 7}, Receipt{UID: 1, ReceivedAt: start, Content: tx.Content([]byte("a")),
				Became: "registered", CaseID: c.ID, Folder: "handled"}),
			tx.AddAcknowledged("jan@voorbeeld.example"),
			tx.SetJobRun("deadlines", start))
	})
	sent, err := h.Claim(context.Background(), 1, time.Hour)
	if err != nil || len(sent) != 1 {
		h.t.Fatal(sent, err)
	}
	if _, err := h.Turn(context.Background(), []Outcome{{Letter: sent[0], State: Sent, Words: "250 ok"}}, nil); err != nil {
		h.t.Fatal(err)
	}
	h.update(func(tx *Tx) error {
		return tx.AddLetter(&Letter{CaseID: c.ID, Kind: complaint.LetterNotice, State: Due, From: "klachten@academie.example",
			To: "bas@academie.example", Subject: "twee", MessageID: "twee@academie.example"}, []byte("Subject: twee\r\n\r\nHallo\r\n"))
	})
	return c
}
