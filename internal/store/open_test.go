package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"klachtd/internal/complaint"
)

// house is an open database with a clock that the test moves.
type house struct {
	*DB
	t     testing.TB
	o     Options
	clock time.Time
}

var start = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, clock: start, o: Options{Path: filepath.Join(t.TempDir(), "state", "klachtd.db"), Lock: true}}
	h.reopen()
	t.Cleanup(h.close)
	return h
}

func (h *house) reopen() {
	h.t.Helper()
	h.close()
	db, err := Open(h.o, func() time.Time { return h.clock })
	if err != nil {
		h.t.Fatal(err)
	}
	h.DB = db
}

func (h *house) close() {
	h.t.Helper()
	if h.DB == nil {
		return
	}
	if err := h.DB.Close(); err != nil {
		h.t.Error(err)
	}
	h.DB = nil
}

func (h *house) update(f func(*Tx) error) {
	h.t.Helper()
	if err := h.Update(context.Background(), f); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) view(f func(*Tx) error) {
	h.t.Helper()
	if err := h.View(context.Background(), f); err != nil {
		h.t.Fatal(err)
	}
}

// sql runs a statement of the test's own beside the room's.
func (h *house) sql(query string, args ...any) {
	h.t.Helper()
	if _, err := h.conn.ExecContext(context.Background(), query, args...); err != nil {
		h.t.Fatalf("%s: %v", query, err)
	}
}

// number reads one figure.
func (h *house) number(query string, args ...any) (n int) {
	h.t.Helper()
	if err := h.conn.QueryRowContext(context.Background(), query, args...).Scan(&n); err != nil {
		h.t.Fatalf("%s: %v", query, err)
	}
	return n
}

// aCase is a new case with two promises.
func aCase(number string) *complaint.Case {
	return &complaint.Case{Number: number, Kind: complaint.External, State: complaint.New, Severity: complaint.Normal,
		Complainant: complaint.Party{Name: "Jan Jansen", Address: "jan@voorbeeld.example"}, Subject: "Koud lokaal",
		ReceivedAt: start, ReactBy: "2026-11-30", ResolveBy: "2026-12-21", ExpectedOn: "2026-12-21",
		Promises: []complaint.Promise{
			{Kind: complaint.Acknowledge, MadeOn: "2026-11-23", Due: "2026-11-23"},
			{Kind: complaint.React, MadeOn: "2026-11-23", Due: "2026-11-30"},
		}}
}

func (h *house) addCase(number string) *complaint.Case {
	h.t.Helper()
	c := aCase(number)
	h.update(func(tx *Tx) error { return tx.AddCase(c, time.UTC) })
	return c
}

// security.md 27
func TestPragmas(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	want := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1", "busy_timeout": "5000"}
	check := func(name string, c *sql.Conn, queryOnly string) {
		for pragma, value := range want {
			var got string
			if err := c.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(&got); err != nil || got != value {
				t.Errorf("%s: %s is %q (%v), want %q", name, pragma, got, err, value)
			}
		}
		var got string
		if err := c.QueryRowContext(ctx, "PRAGMA query_only").Scan(&got); err != nil || got != queryOnly {
			t.Errorf("%s: query_only is %q (%v), want %q", name, got, err, queryOnly)
		}
	}
	check("writer", h.conn, "0")
	if n := h.write.Stats().MaxOpenConnections; n != 1 {
		t.Errorf("%d writers may be open, want 1", n)
	}
	for i := range h.read.Stats().MaxOpenConnections { // all held at once, so each is another one
		c, err := h.read.Conn(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		check(fmt.Sprintf("reader %d", i), c, "1")
		if _, err := c.ExecContext(ctx, "DELETE FROM meta"); err == nil {
			t.Errorf("reader %d may write", i)
		}
	}
	if n := h.read.Stats().OpenConnections; n < 2 {
		t.Errorf("%d readers were open at once, want several", n)
	}
}

// security.md 25
func TestModesWhateverTheUmask(t *testing.T) {
	for _, mask := range []int{0, 0o022, 0o077} {
		old := syscall.Umask(mask)
		h := newHouse(t)
		h.addCase("K2026-000001")
		h.view(func(tx *Tx) error { _, err := tx.FirstStart(); _ = err; return nil })
		syscall.Umask(old)
		dir := filepath.Dir(h.o.Path)
		if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("umask %03o: folder has %v, %v", mask, info.Mode(), err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) < 6 {
			t.Errorf("umask %03o: %d files (%v), want database, wal, shm, keys, master, lock", mask, len(entries), err)
		}
		for _, e := range entries {
			if info, err := e.Info(); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("umask %03o: %s has %v, %v", mask, e.Name(), info.Mode(), err)
			}
		}
	}
}

// security.md 25
func TestLaxModesAreRefused(t *testing.T) {
	h := newHouse(t)
	h.close()
	f := h.o.Files()
	if err := os.Mkdir(f.Copies, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		path      string
		lax, good os.FileMode
	}{
		{f.Dir, 0o750, 0o700}, {f.Dir, 0o701, 0o700}, {f.DB, 0o640, 0o600}, {f.DB, 0o602, 0o600},
		{f.Keys, 0o604, 0o600}, {f.Master, 0o660, 0o600}, {f.Lock, 0o644, 0o600},
		{f.Mark, 0o644, 0o600}, {f.Copies, 0o755, 0o700},
	} {
		if err := os.Chmod(tt.path, tt.lax); err != nil {
			t.Fatal(err)
		}
		_, err := Open(h.o, time.Now)
		if want := fmt.Sprintf("chmod %o %s", tt.good, tt.path); !errors.Is(err, ErrLax) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s %o: got %v, want ErrLax and %q", tt.path, tt.lax, err, want)
		}
		if err := os.Chmod(tt.path, tt.good); err != nil {
			t.Fatal(err)
		}
	}
	h.reopen()
}

// security.md 41
func TestLock(t *testing.T) {
	h := newHouse(t)
	if _, err := Open(h.o, time.Now); !errors.Is(err, ErrInUse) {
		t.Errorf("second klachtd: got %v, want ErrInUse", err)
	}
	if s, err := Look(h.o); err != nil || !s.InUse {
		t.Errorf("Look: %+v, %v, want in use", s, err)
	}
	beside := h.o
	beside.Lock = false
	db, err := Open(beside, time.Now) // `klachtd cases` while the daemon runs
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	h.addCase("K2026-000001")
	h.reopen()
}

// A path is a path, not a part of SQLite's URI.
func TestOddPath(t *testing.T) {
	h := &house{t: t, clock: start, o: Options{Path: filepath.Join(t.TempDir(), "a?b#c%20 d", "klachtd.db")}}
	h.reopen()
	defer h.close()
	h.addCase("K2026-000001")
	if _, err := os.Stat(h.o.Path); err != nil {
		t.Error(err)
	}
	if s, err := Look(h.o); err != nil || !s.Exists || s.Version != Version {
		t.Errorf("Look: %+v, %v", s, err)
	}
}

// A database without its keys would never be readable again: nothing is made anew.
func TestKeysGone(t *testing.T) {
	h := newHouse(t)
	h.addCase("K2026-000001")
	h.close()
	f := h.o.Files()
	for _, gone := range [][]string{{f.Master}, {f.Keys}, {f.Master, f.Keys}} {
		kept := map[string][]byte{}
		for _, path := range gone {
			data, err := os.ReadFile(path)
			if err = errors.Join(err, os.Remove(path)); err != nil {
				t.Fatal(err)
			}
			kept[path] = data
		}
		_, lookErr := Look(h.o)
		db, err := Open(h.o, time.Now)
		if err == nil {
			db.Close()
		}
		if err == nil || lookErr == nil || !strings.Contains(err.Error(), "put") {
			t.Errorf("without %v: Open: %v, Look: %v", gone, err, lookErr)
		}
		for path, data := range kept {
			if _, err := os.Stat(path); err == nil {
				t.Errorf("%s was made anew", path)
			}
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	h.reopen()
}

// Root does not work in the folder of the user whom the daemon runs as: what a
// rotation writes anew would be root's, and the daemon could not start (security.md 25).
func TestRootInAnothersFolder(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: only root can make a folder for somebody else")
	}
	h := newHouse(t)
	h.close()
	dir := h.o.Files().Dir
	for owner, says := range map[int]string{65534: "runuser -u nobody -- klachtd", 61234: "run klachtd as that user"} {
		if err := os.Chown(dir, owner, owner); err != nil {
			t.Fatal(err)
		}
		_, opened := Open(h.o, time.Now)
		_, read := OpenReader(h.o, time.Now)
		_, looked := Look(h.o)
		for verb, err := range map[string]error{"open": opened, "read": read, "look": looked} {
			if !errors.Is(err, ErrOwner) || !strings.Contains(err.Error(), says) {
				t.Errorf("%s, user %d: %v", verb, owner, err)
			}
		}
	}
	if err := os.Chown(dir, 0, 0); err != nil {
		t.Fatal(err)
	}
	h.reopen()
}
