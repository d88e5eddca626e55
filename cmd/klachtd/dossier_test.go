package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/config"
	"klachtd/internal/store"
)

// office is an academy with a database on disk, and the verbs over it.
type office struct {
	t    testing.TB
	path string // of the configuration
	now  time.Time
	cfg  config.Config
}

func newOffice(t testing.TB) *office {
	t.Helper()
	dir := t.TempDir()
	o := &office{t: t, path: filepath.Join(dir, "config.yaml"), now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	if err := os.WriteFile(o.path, []byte(smallConfig+"database: {path: state/klachtd.db}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var err error
	if o.cfg, err = config.Load(o.path, func(string) (string, bool) { return "", false }); err != nil {
		t.Fatal(err)
	}
	o.update(func(*store.Tx) error { return nil }) // there is a database
	return o
}

func (o *office) update(f func(*store.Tx) error) {
	o.t.Helper()
	db, err := store.Open(storeOptions(o.cfg, false), func() time.Time { return o.now })
	if err != nil {
		o.t.Fatal(err)
	}
	if err := errors.Join(db.Update(context.Background(), f), db.Close()); err != nil {
		o.t.Fatal(err)
	}
}

// verb runs one and returns its status and what it said.
func (o *office) verb(args ...string) (code int, stdout, stderr string) {
	o.t.Helper()
	var out, errs bytes.Buffer
	e := env{ctx: context.Background(), stdout: &out, stderr: &errs, getenv: func(string) (string, bool) { return "", false }, now: func() time.Time { return o.now }}
	code = execute(e, append(args, "-c", o.path))
	return code, out.String(), errs.String()
}

// fails expects a verb to end with this status and one line of reason that holds words.
func (o *office) fails(code int, words string, args ...string) {
	o.t.Helper()
	got, out, reason := o.verb(args...)
	if got != code || out != "" || !strings.Contains(reason, words) {
		o.t.Errorf("%q: status %d, %q, %q; want %d with %q", args, got, out, reason, code, words)
	}
}

// works expects a verb to end well and returns what it printed.
func (o *office) works(args ...string) string {
	o.t.Helper()
	code, out, reason := o.verb(args...)
	if code != 0 {
		o.t.Fatalf("%q: status %d, %q", args, code, reason)
	}
	return out
}

const (
	jan = "jan@voorbeeld.example"
	bas = "bas@example.nl"
)

// dossier registers a complaint of Jan about Tess, with a reply of ours, a note of
// the office and a mail by a lawyer.
func (o *office) dossier(number string) complaint.Case {
	o.t.Helper()
	c := complaint.Case{Number: number, Kind: complaint.External, State: complaint.New, Severity: complaint.Normal,
		Complainant: complaint.Party{Name: "Jan Jansen", Address: jan}, Subject: "Koud <b>lokaal</b>", Handler: bas,
		Concerned:  []complaint.Concern{{Name: "Tess Trainer", Address: "tess@example.nl"}},
		ReceivedAt: o.now, ReactBy: "2026-11-30", ResolveBy: "2026-12-21", ExpectedOn: "2026-12-21",
		Promises: []complaint.Promise{{Kind: complaint.React, MadeOn: "2026-11-23", Due: "2026-11-30"}}}
	raw := func(from, to, text string) []byte {
		return []byte("From: " + from + "\r\nTo: " + to + "\r\nSubject: Koud lokaal\r\nMessage-ID: <" + strings.Trim(text[:3], " ") + "@mail.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\n" + text + "\r\n")
	}
	o.update(func(tx *store.Tx) error {
		if err := tx.AddCase(&c, time.UTC); err != nil {
			return err
		}
		message := func(direction, from, text string) error {
			return tx.AddMessage(store.Message{CaseID: c.ID, Direction: direction, At: o.now, From: from, To: []string{"klachten@example.nl"},
				Subject: "Koud lokaal", Text: text, Raw: raw(from, "klachten@example.nl", text)})
		}
		tx.Audit(store.Entry{Event: "registered", CaseID: c.ID, By: bas})
		return errors.Join(
			message("in", jan, "Het lokaal was koud. Tess Trainer zei dat het hoorde; bel mij op 06-12345678 <script>alert(1)</script>"),
			message("note", bas, "Deze cursist belt vaker: interne kanarie."),
			message("in", "advocaat@kantoor.example", "Namens Jan schrijf ik, ook over piet@elders.example."),
			tx.AddEvent(c.ID, complaint.Note{Event: "registered"}),
			tx.AddEvent(c.ID, complaint.Note{Actor: bas, Event: "note", Detail: "interne kanarie"}),
			tx.AddEvent(c.ID, complaint.Note{Actor: bas, Event: "take", Detail: bas}),
			tx.AddLetter(&store.Letter{CaseID: c.ID, Kind: complaint.LetterAcknowledgement, State: store.Due, From: "klachten@example.nl", To: jan,
				Subject: "Ontvangen", MessageID: "ack@example.nl"}, raw("klachten@example.nl", jan, "Ontvangen.")),
			tx.AddLetter(&store.Letter{CaseID: c.ID, Kind: complaint.LetterNotice, State: store.Due, From: "klachten@example.nl", To: bas,
				Subject: "Nieuwe klacht", MessageID: "notice@example.nl"}, raw("klachten@example.nl", bas, "Interne kanarie.")))
	})
	o.settle()
	return c
}

// settle sends what is due.
func (o *office) settle() {
	o.t.Helper()
	db, err := store.Open(storeOptions(o.cfg, false), func() time.Time { return o.now })
	if err != nil {
		o.t.Fatal(err)
	}
	letters, err := db.Claim(context.Background(), 100, time.Hour)
	var done []store.Outcome
	for _, l := range letters {
		done = append(done, store.Outcome{Letter: l, State: store.Sent, Words: "250 ok"})
	}
	if err == nil {
		_, err = db.Turn(context.Background(), done, nil)
	}
	if err := errors.Join(err, db.Close()); err != nil {
		o.t.Fatal(err)
	}
}
