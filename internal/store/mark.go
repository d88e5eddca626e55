package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// A Mark is how far a database has come: its commits are counted. Beside it stands
// the high-water mark, written after each commit: a database with fewer commits than
// its mark is an older one that was put in its place (security.md 42).
type Mark struct {
	Turn int64     // commits
	At   time.Time // the moment of the last one
}

// Keys of meta.
const (
	metaTurn   = "turn"        // commits, and the moment of the last one
	metaBehind = "behind"      // the database is older than it once was: how far it had come
	metaVoid   = "void_before" // letters up to then prove nothing any more
)

// ErrBehind says that the database is older than it once was.
var ErrBehind = errors.New("database is older than it once was; see `klachtd recover`")

const markBytesLong = 64

// parseMark reads a mark; false when it is none.
func parseMark(text string) (m Mark, ok bool) {
	var ms int64
	if n, err := fmt.Sscanf(text, "%d %d", &m.Turn, &ms); n < 2 || err != nil || m.Turn < 0 {
		return Mark{}, false
	}
	if ms != 0 {
		m.At = time.UnixMilli(ms).UTC()
	}
	return m, true
}

func (m Mark) String() string {
	var ms int64
	if !m.At.IsZero() {
		ms = m.At.UnixMilli()
	}
	return fmt.Sprintf("%d %d", m.Turn, ms)
}

// readMark reads the high-water mark; false when there is none that can be read.
func readMark(path string) (Mark, bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Mark{}, false
	}
	return parseMark(string(text))
}

// makeMark writes a high-water mark, on disk when it returns.
func makeMark(path string, m Mark) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("make high-water mark: %w", err)
	}
	_, err = f.WriteAt(markLine(m), 0)
	if err := errors.Join(err, f.Sync(), f.Close(), syncDir(filepath.Dir(path))); err != nil {
		return fmt.Errorf("make high-water mark: %w", err)
	}
	return nil
}

func markLine(m Mark) []byte { return fmt.Appendf(nil, "%-*s\n", markBytesLong-1, m.String()) }

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// meta reads a value; "" when there is none.
func (tx *Tx) meta(key string) (value string, err error) {
	_, err = tx.one("read "+key, "SELECT value FROM meta WHERE key = ?", []any{key}, &value)
	return value, err
}

func (tx *Tx) writeMeta(key, value string) error {
	return tx.exec("write "+key, "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", key, value)
}

// findMark holds the database against its high-water mark, which was read before it.
// With lock it writes down what it found. A mark that is missing beside a database
// that has counted commits was left behind: that may be any copy of it.
func (db *DB) findMark(path string, mark Mark, found, lock bool) error {
	var have Mark
	err := db.View(context.Background(), func(tx *Tx) error {
		turn, err := tx.meta(metaTurn)
		if err != nil {
			return err
		}
		have, _ = parseMark(turn)
		behind, err := tx.meta(metaBehind)
		if err != nil {
			return err
		}
		db.behind = behind != "" || isBehind(have, mark, found)
		void, err := tx.meta(metaVoid)
		if ms, parsed := strconv.ParseInt(void, 10, 64); parsed == nil {
			db.void = time.UnixMilli(ms)
		}
		return err
	})
	db.high = mark
	switch {
	case err != nil:
		return err
	case db.behind && lock:
		return db.fallBehind(have)
	case db.behind:
		return nil
	case !found:
		if err := makeMark(path, have); err != nil {
			return err
		}
	}
	if db.mark, err = os.OpenFile(path, os.O_WRONLY, 0); err != nil {
		return fmt.Errorf("open high-water mark: %w", err)
	}
	return nil
}

func isBehind(have, mark Mark, found bool) bool {
	return have.Turn < mark.Turn || !found && have.Turn > 0
}

// fallBehind writes down that the database is an older one: from now on nothing is
// sent, and what our letters proved they prove no more (security.md, K). What was
// erased since is erased anew.
func (db *DB) fallBehind(have Mark) error {
	return db.Update(context.Background(), func(tx *Tx) error {
		was, err := tx.meta(metaBehind)
		if err != nil || was != "" {
			return err
		}
		tx.Audit(Entry{Event: "behind"})
		return errors.Join(tx.writeMeta(metaBehind, have.String()), tx.Void(), tx.forget(), tx.keepIDs())
	})
}

// Void ends all tokens and codes that were given out so far (security.md, K).
func (tx *Tx) Void() error {
	tx.db.void = tx.now
	return errors.Join(tx.writeMeta(metaVoid, strconv.FormatInt(tx.now.UnixMilli(), 10)),
		tx.exec("void challenges", "UPDATE challenge SET expires = ? WHERE used_at IS NULL AND expires > ?1", ms(tx.now)))
}

// Behind reports whether the database is older than it once was: messages are
// registered, and nothing is sent, nor erased, until Recovered.
func (db *DB) Behind() bool { return db.behind }

// Gap is what a database that is behind has forgotten: from how far it had come to
// the high-water mark. The second one is zero when that is not known.
func (tx *Tx) Gap() (from, to Mark, err error) {
	was, err := tx.meta(metaBehind)
	from, _ = parseMark(was)
	return from, tx.db.high, err
}

// Recovered ends that. The commits go on above the mark, so that it is known again
// when an older database is put in its place.
func (db *DB) Recovered(ctx context.Context, o Options) error {
	err := db.Update(ctx, func(tx *Tx) error {
		db.turn = max(db.turn, db.high.Turn)
		return tx.exec("recovered", "DELETE FROM meta WHERE key = ?", metaBehind)
	})
	if err != nil {
		return err
	}
	db.behind = false
	path := o.Files().Mark
	if err := makeMark(path, Mark{db.turn, db.now()}); err != nil {
		return err
	}
	if db.mark, err = os.OpenFile(path, os.O_WRONLY, 0); err != nil {
		return fmt.Errorf("open high-water mark: %w", err)
	}
	return nil
}

// count counts the commit that is about to be made, if it changes anything.
func (tx *Tx) count() error {
	db := tx.db
	var changes int64
	if _, err := tx.one("count changes", "SELECT total_changes()", nil, &changes); err != nil || changes == db.changes {
		return err
	}
	db.turn++
	if err := tx.writeMeta(metaTurn, Mark{db.turn, tx.now}.String()); err != nil {
		return err
	}
	db.changes = changes + 1
	tx.counted = true
	return nil
}

// raiseMark writes the mark, without waiting for the disk: it may lag behind after a
// power cut, and is right again with the next commit.
func (tx *Tx) raiseMark() {
	if tx.counted && tx.db.mark != nil {
		_, _ = tx.db.mark.WriteAt(markLine(Mark{tx.db.turn, tx.now}), 0)
	}
}

func missing(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}
