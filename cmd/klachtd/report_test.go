package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/store"
)

// A report that is cut short leaves the file as it was, and no half one beside it.
func TestReportIsCutShort(t *testing.T) {
	dir, now := t.TempDir(), time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	config := filepath.Join(dir, "config.yaml")
	text := `academy: {name: Academie Voorbeeld}
imap: {host: 127.0.0.1, port: 1, tls: none, username: klachten, password: geen}
smtp: {host: 127.0.0.1, port: 1, tls: none, from: {name: Klachten, address: klachten@academie.example}}
staff:
  - {name: Dewi de Boer, email: directeur@academie.example, role: directeur}
  - {name: Bas Bakker, email: bas@academie.example, role: binnendienst}
`
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(store.Options{Path: filepath.Join(dir, "state", "klachtd.db"), Lock: true}, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(t.Context(), func(tx *store.Tx) error {
		for i := range 1500 {
			c := complaint.Case{Number: fmt.Sprintf("K2026-%06d", i), Kind: complaint.External, State: complaint.New, Severity: complaint.Normal,
				ReceivedAt: now, ReactBy: "2026-11-30", ResolveBy: "2026-12-21", ExpectedOn: "2026-12-21"}
			if err := tx.AddCase(&c, time.UTC); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || db.Close() != nil {
		t.Fatal(err)
	}
	report := func(ctx context.Context, out string) (int, string) {
		var stdout, stderr strings.Builder
		e := env{ctx, &stdout, &stderr, os.LookupEnv, func() time.Time { return now }}
		return execute(e, []string{"report", "-c", config, "-o", out}), stderr.String()
	}
	out := filepath.Join(dir, "report.csv")
	if code, words := report(t.Context(), out); code != 0 {
		t.Fatal(code, words)
	}
	before, err := os.ReadFile(out)
	if err != nil || strings.Count(string(before), "\n") != 1501 {
		t.Fatalf("%d bytes, %v", len(before), err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	for _, name := range []string{out, filepath.Join(dir, "other.html")} {
		if code, words := report(ended, name); code != 1 || words != "klachtd: stopped before the end; it can be run again\n" {
			t.Errorf("cut short: %d %s", code, words)
		}
	}
	after, err := os.ReadFile(out)
	if err != nil || string(after) != string(before) {
		t.Errorf("the report that was there is another one (%v)", err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	hidden, _ := filepath.Glob(filepath.Join(dir, ".klachtd-*"))
	if err != nil || len(files) != 3 || len(hidden) != 0 {
		t.Errorf("left behind: %v %v", files, hidden)
	}
}

// Who waits at a terminal is told how far it is, once a second, and the line goes.
func TestProgress(t *testing.T) {
	var shown strings.Builder
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	p := meter{to: &shown, now: func() time.Time { return now }, began: now, last: now}
	for n := 1; n <= 6; n++ {
		now = now.Add(400 * time.Millisecond)
		p.rows(n * 1000)
	}
	p.end()
	if got, want := shown.String(), "\r3000 complaints read, 1 s \r6000 complaints read, 2 s \r\x1b[K"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
