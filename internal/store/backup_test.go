package store

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
	"klachtd/internal/vault"
)

// backedUp makes a backup of what the house has now.
func (h *house) backedUp(name string) string {
	h.t.Helper()
	to := filepath.Join(filepath.Dir(filepath.Dir(h.o.Path)), name)
	if _, err := Backup(h.t.Context(), h.o, to, h.clock, h.clock.AddDate(0, 0, -30)); err != nil {
		h.t.Fatal(err)
	}
	return to
}

// restored puts a backup back and opens it.
func (h *house) restored(from string, older bool) Contents {
	h.t.Helper()
	h.close()
	c, err := Restore{Options: h.o, From: from, Older: older, Now: func() time.Time { return h.clock }}.Run(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	h.reopen()
	return c
}

func (h *house) erase(c *complaint.Case, contents ...[]byte) {
	h.t.Helper()
	h.update(func(tx *Tx) error { return tx.DestroyCase(c.ID, contents) })
	if done, err := h.Shred(h.t.Context(), c.ID); !done || err != nil {
		h.t.Fatalf("shred: %v, %v", done, err)
	}
}

// interface.md, backup: a consistent copy while the daemon works, for its owner's
// eyes alone, of what is there and not of what was; it overwrites nothing.
func TestBackup(t *testing.T) {
	h := newHouse(t)
	fill(h)
	gone := h.addCase("K2026-000002")
	h.erase(gone)
	to := h.backedUp("copy.db")
	info, err := os.Stat(to)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	h.addCase("K2026-000003") // the daemon goes on
	c, err := inspect(t.Context(), to, h.vault)
	if err != nil || c.Cases != 1 || c.Version != Version || c.Gone != 0 || c.Mark.Turn == 0 || !c.Mark.At.Equal(start) {
		t.Errorf("%+v, %v", c, err)
	}
	raw, err := os.ReadFile(to)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"jan@voorbeeld.example", "Jan Jansen", "Koud lokaal", "K2026-000002"} {
		if bytes.Contains(raw, []byte(word)) {
			t.Errorf("%q is to be read in the copy", word)
		}
	}
	if pages := raw[36:40]; !bytes.Equal(pages, make([]byte, 4)) { // sqlite.org/fileformat.html 1.3: freelist pages
		t.Errorf("free pages: %v", pages)
	}
	_, err = Backup(t.Context(), h.o, to, h.clock, h.clock)
	if again, _ := os.ReadFile(to); !errors.Is(err, ErrExists) || !bytes.Equal(again, raw) {
		t.Errorf("a second one: %v", err)
	}
	if list, err := os.ReadDir(filepath.Dir(to)); err != nil || len(list) != 2 {
		t.Errorf("beside it lies %v, %v", list, err)
	}
}

// An interruption leaves nothing, and what was left by a kill is taken over.
func TestBackupStopped(t *testing.T) {
	h := newHouse(t)
	h.addCase("K2026-000001")
	to := filepath.Join(t.TempDir(), "copy.db")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Backup(ctx, h.o, to, h.clock, h.clock); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	if list, err := os.ReadDir(filepath.Dir(to)); err != nil || len(list) != 0 {
		t.Errorf("left: %v, %v", list, err)
	}
	if err := os.WriteFile(Part(to), []byte("half"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Backup(t.Context(), h.o, to, h.clock, h.clock.AddDate(0, 0, -1)); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 || !missing(Part(to)) {
		t.Errorf("%v, %v", info, err)
	}
}

// security.md 28: a restored backup cannot show the case, nor can one that comes with
// an older copy of the keys; its number is not given again, its messages are known.
func TestRestoreAfterErasure(t *testing.T) {
	for _, how := range []string{"restore", "with older keys", "by hand"} {
		keysToo := how == "with older keys"
		h := newHouse(t)
		c := fill(h)
		h.addCase("K2026-000002")
		h.clock = h.clock.Add(time.Hour)
		old := h.backedUp("old.db")
		keys, err := os.ReadFile(h.o.Files().Keys)
		if err != nil {
			t.Fatal(err)
		}
		last := h.addCase("K2026-000003") // which the backup does not know; its key is there
		late := tx0(h, "later")
		h.erase(c, late)
		if keysToo { // from elsewhere, where nobody could reach them
			h.close()
			if err := os.WriteFile(h.o.Files().Keys, keys, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if how == "by hand" {
			h.close()
			if err := os.Rename(old, h.o.Path); err != nil {
				t.Fatal(err)
			}
			h.reopen()
		} else if got := h.restored(old, true); got.Cases != 2 || got.Gone != map[bool]int{false: 1, true: 0}[keysToo] {
			t.Errorf("%+v", got)
		}
		if n := h.number("SELECT count(*) FROM cases"); n != 1 {
			t.Errorf("%d cases", n)
		}
		if _, err := h.vault.Key(c.ID); !errors.Is(err, vault.ErrErased) {
			t.Errorf("its key: %v", err)
		}
		h.update(func(tx *Tx) error {
			for _, content := range [][]byte{tx.Content([]byte("a")), late} {
				if r, found, err := tx.ReceiptByContent(content); !found || !r.Erased || r.CaseID != 0 || err != nil {
					t.Errorf("a message of it: %+v, %v, %v", r, found, err)
				}
			}
			n := 100000
			number, err := tx.NewNumber(2026, c.Number, func(int) (int, error) { n++; return n, nil })
			if number == c.Number || err != nil {
				t.Errorf("its number is given again: %v", err)
			}
			fresh := aCase(number)
			if err := tx.AddCase(fresh, time.UTC); err != nil || fresh.ID <= last.ID && !keysToo {
				t.Errorf("case %d: %v", fresh.ID, err)
			}
			return nil
		})
	}
}

func tx0(h *house, text string) (content []byte) {
	h.view(func(tx *Tx) error { content = tx.Content([]byte(text)); return nil })
	return content
}

// Nothing is overwritten by what is no backup, of a newer program, of another
// klachtd, or older than what is there.
func TestRestoreRefuses(t *testing.T) {
	h := newHouse(t)
	h.addCase("K2026-000001")
	good := h.backedUp("good.db")
	h.addCase("K2026-000002")
	other := newHouse(t)
	other.addCase("K2026-000009")
	foreign := other.backedUp("foreign.db")
	dir := filepath.Dir(good)
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	raw, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	torn := bytes.Clone(raw)
	copy(torn[len(torn)-3*4096:], bytes.Repeat([]byte{0xAA}, 2*4096))
	newerOne := write("newer.db", raw)
	runSQL(t, newerOne, "PRAGMA user_version=99;")
	alien := filepath.Join(dir, "alien.db")
	runSQL(t, alien, "CREATE TABLE x(y); PRAGMA user_version=3;")
	logged := write("logged.db", raw)
	write("logged.db-wal", []byte("frames"))
	h.close()
	before, err := os.ReadFile(h.o.Path)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{
		write("text", []byte("geen database, maar een brief van Jan")): ErrNotOurs, write("empty", nil): ErrNotOurs, dir: ErrNotOurs, alien: ErrNotOurs,
		newerOne: ErrNewer, write("torn.db", torn): ErrCorrupt, good: ErrOverNewer, foreign: nil, logged: nil, h.o.Path: nil, filepath.Join(dir, "nowhere"): os.ErrNotExist,
	} {
		_, err := Restore{Options: h.o, From: path, Now: time.Now}.Run(t.Context())
		if err == nil || want != nil && !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", filepath.Base(path), err, want)
		}
		if err != nil && strings.Contains(err.Error(), madeReady) {
			t.Errorf("%s: names the copy: %v", filepath.Base(path), err)
		}
		after, err := os.ReadFile(h.o.Path)
		if err != nil || !bytes.Equal(after, before) {
			t.Fatalf("%s: the database was touched (%v)", filepath.Base(path), err)
		}
		left(t, filepath.Dir(h.o.Path))
	}
	h.reopen()
	if _, err := (Restore{Options: h.o, From: good, Older: true, Now: time.Now}).Run(t.Context()); !errors.Is(err, ErrInUse) {
		t.Errorf("beside the daemon: %v", err)
	}
	for _, name := range []string{h.o.Files().Keys, h.o.Files().Master} {
		h.close()
		if err := os.Rename(name, name+".away"); err != nil {
			t.Fatal(err)
		}
		if _, err := (Restore{Options: h.o, From: good, Older: true, Now: time.Now}).Run(t.Context()); !errors.Is(err, vault.ErrNoKey) {
			t.Errorf("without %s: %v", name, err)
		}
		if !missing(name) {
			t.Errorf("%s was made anew", name)
		}
		if err := os.Rename(name+".away", name); err != nil {
			t.Fatal(err)
		}
	}
}

// left fails when a restore left something beside the database.
func left(t *testing.T, dir string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if strings.Contains(e.Name(), madeReady) || strings.Contains(e.Name(), setAside) {
			t.Errorf("left behind: %s", e.Name())
		}
	}
}

// Another command that has the database open must end first.
func TestRestoreBesideAnother(t *testing.T) {
	h := newHouse(t)
	h.addCase("K2026-000001")
	good := h.backedUp("good.db")
	h.close()
	o := h.o
	o.Lock = false
	verb, err := Open(o, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer verb.Close()
	if _, err := (Restore{Options: h.o, From: good, Older: true, Now: time.Now}).Run(t.Context()); !errors.Is(err, ErrInUse) {
		t.Errorf("got %v", err)
	}
}

// Killed at each step a restore has either happened or not.
func TestRestoreCutOff(t *testing.T) {
	for _, damaged := range []bool{false, true} {
		for _, at := range []string{"backup copied", "backup made ready", "old database set aside", "old log set aside", "backup in place", ""} {
			h := newHouse(t)
			h.addCase("K2026-000001")
			good := h.backedUp("good.db")
			h.addCase("K2026-000002")
			if damaged { // a log that no database reads away
				h.sql("PRAGMA wal_checkpoint(TRUNCATE)")
				h.close()
				if err := os.WriteFile(h.o.Path+"-wal", []byte("frames"), 0o600); err != nil {
					t.Fatal(err)
				}
			} else {
				h.close()
			}
			func() {
				defer func() {
					if p := recover(); p != nil && p != any(at) {
						panic(p)
					}
				}()
				_, err := Restore{Options: h.o, From: good, Older: true, Now: time.Now, Step: func(step string) {
					if step == "store: "+at {
						panic(at)
					}
				}}.Run(t.Context())
				if err != nil || at != "" {
					t.Errorf("no step %q: %v", at, err)
				}
			}()
			h.reopen()
			want, behind := 2, at == "backup in place" || at == ""
			if behind {
				want = 1
			}
			if n := h.number("SELECT count(*) FROM cases"); n != want || h.Behind() != behind {
				t.Errorf("at %q: %d cases, behind %v", at, n, h.Behind())
			}
			left(t, filepath.Dir(h.o.Path))
			h.close()
		}
	}
}

// security.md 42: a database that is older than it once was, however it came there,
// gives nothing to send and voids what was given out; after Recovered it goes on, and
// knows the next one.
func TestBehind(t *testing.T) {
	for name, put := range map[string]func(h *house, old []byte) error{
		"an older file":     func(h *house, old []byte) error { return os.WriteFile(h.o.Path, old, 0o600) },
		"without its mark":  func(h *house, _ []byte) error { return os.Remove(h.o.Files().Mark) },
		"a mark of nothing": func(h *house, _ []byte) error { return os.WriteFile(h.o.Files().Mark, nil, 0o600) },
	} {
		h := newHouse(t)
		h.addLetters(2)
		h.close()
		h.reopen()
		if h.Behind() {
			t.Fatal("behind after a start")
		}
		h.close()
		old, err := os.ReadFile(h.o.Path)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // it happens again
			h.reopen()
			h.clock = h.clock.Add(time.Hour)
			h.addCase(complaint.Number(2026, 0, int(h.clock.Unix()%90000)+1))
			h.close()
			if err := put(h, old); err != nil {
				t.Fatal(err)
			}
			for range 2 { // a restart changes nothing
				h.clock = h.clock.Add(time.Minute)
				h.reopen()
				list, err := h.Claim(t.Context(), 10, time.Hour)
				_, due, err2 := h.NextDue(t.Context())
				if !h.Behind() || len(list) != 0 || due || err != nil || err2 != nil {
					t.Errorf("%s: behind %v, %d letters, %v, %v, %v", name, h.Behind(), len(list), due, err, err2)
				}
				h.view(func(tx *Tx) error {
					for _, l := range tx.must(tx.letters("SELECT " + letterColumns + " FROM letter")) {
						if !l.Void {
							t.Errorf("%s: a letter still proves something", name)
						}
					}
					return nil
				})
				h.addCase(complaint.Number(2026, 0, int(h.clock.Unix()%90000)+1)) // it registers
				h.close()
			}
			h.reopen()
			h.view(func(tx *Tx) error {
				from, _, err := tx.Gap()
				if !from.At.Equal(start) && name == "an older file" || err != nil {
					t.Errorf("%s: from %v, %v", name, from, err)
				}
				return nil
			})
			if err := h.Recovered(t.Context(), h.o); err != nil {
				t.Fatal(err)
			}
			if list, err := h.Claim(t.Context(), 10, time.Millisecond); len(list) != 2 || err != nil {
				t.Errorf("%s: %d letters after recovery, %v", name, len(list), err)
			}
			h.close()
			h.reopen()
			if h.Behind() {
				t.Errorf("%s: still behind", name)
			}
			h.close()
		}
	}
}

func (tx *Tx) must(list []Letter, err error) []Letter {
	if err != nil {
		panic(err)
	}
	return list
}

// A commit that changes nothing is not counted, and the mark is there at each commit.
func TestMarkFollows(t *testing.T) {
	h := newHouse(t)
	h.addCase("K2026-000001")
	first, _ := readMark(h.o.Files().Mark)
	h.update(func(*Tx) error { return nil })
	if m, found := readMark(h.o.Files().Mark); m != first || !found || m.Turn == 0 {
		t.Errorf("%v, %v", m, first)
	}
	_ = h.Update(t.Context(), func(tx *Tx) error { return errors.Join(tx.Hold(), errors.New("no")) })
	h.clock = h.clock.Add(time.Minute)
	h.update(func(tx *Tx) error { return tx.Hold() })
	m, _ := readMark(h.o.Files().Mark)
	if m.Turn != first.Turn+1 || !m.At.Equal(h.clock) {
		t.Errorf("%v after %v", m, first)
	}
	text := ""
	if err := h.conn.QueryRowContext(t.Context(), "SELECT value FROM meta WHERE key = 'turn'").Scan(&text); err != nil || text != m.String() {
		t.Errorf("the database says %q, its mark %q (%v)", text, m, err)
	}
}
