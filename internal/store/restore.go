package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"klachtd/internal/vault"
)

// ErrOverNewer says that a backup is older than the database that it would replace.
var ErrOverNewer = errors.New("the database that is there has come further")

// Names beside the database while one is restored: the copy that is made ready, and
// what was there before.
const (
	madeReady = ".restore"
	setAside  = ".before"
)

// A Restore puts a backup in the place of the database.
type Restore struct {
	Options
	From  string
	Older bool // also in the place of one that has come further
	Now   func() time.Time
	Step  func(string) // called between the steps; nil: nothing
}

// Run restores. The backup is copied, looked through, and made ready beside the
// database: what was erased since is erased in it, and it is marked as one that has
// forgotten something (security.md 28, 42). Then it takes the place in one step; cut
// off before that, nothing has happened. Contents are those of the backup.
func (r Restore) Run(ctx context.Context) (c Contents, err error) {
	if r.Step == nil {
		r.Step = func(string) {}
	}
	f := r.Files()
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return c, fmt.Errorf("make folder of the database: %w", err)
	}
	if err := CheckModes(f); err != nil {
		return c, err
	}
	lock, err := takeLock(f.Lock)
	if err != nil {
		return c, err
	}
	defer lock.Close()
	if err := errors.Join(tidy(f), vault.Settle(f.Master, f.Keys)); err != nil {
		return c, err
	}
	if err := r.keysThere(f); err != nil {
		return c, err
	}
	v, err := vault.Open(f.Master, f.Keys)
	if err != nil {
		return c, err
	}
	v.KeepCopies(f.Copies)
	c, err = r.run(ctx, f, v)
	return c, errors.Join(err, v.Close())
}

func (r Restore) keysThere(f Files) error {
	for path, what := range map[string]string{f.Keys: "the keys (copies of them are in " + f.Copies + ")", f.Master: "the master key"} {
		if missing(path) {
			return fmt.Errorf("%w: %s is missing: put back %s first; without it nothing in a backup can be read", vault.ErrNoKey, path, what)
		}
	}
	return nil
}

func (r Restore) run(ctx context.Context, f Files, v *vault.Vault) (c Contents, err error) {
	ready := f.DB + madeReady
	defer func() {
		if err != nil {
			err = errors.Join(err, tidy(f))
		}
	}()
	if err := r.fetch(ctx, f, ready); err != nil {
		return c, cut(ctx, err)
	}
	r.Step("store: backup copied")
	if c, err = inspect(ctx, ready, v); err != nil {
		return c, cut(ctx, fmt.Errorf("%s: %w; nothing was changed", r.From, unnamed(err, ready)))
	}
	if err := r.notOlder(f, c); err != nil {
		return c, err
	}
	if err := r.makeReady(ctx, ready, v); err != nil {
		return c, cut(ctx, err)
	}
	r.Step("store: backup made ready")
	if err := r.swap(ctx, f, ready); err != nil {
		return c, err
	}
	r.Step("store: backup in place")
	return c, tidy(f)
}

// fetch copies the backup. One that has a log beside it was not made by `klachtd
// backup`, and lacks what stands in that.
func (r Restore) fetch(ctx context.Context, f Files, ready string) error {
	in, err := os.Open(r.From)
	if err != nil {
		return fmt.Errorf("open backup: %w", err)
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return errors.Join(fmt.Errorf("%s %w", r.From, ErrNotOurs), err)
	}
	if there, err := os.Stat(f.DB); err == nil && os.SameFile(info, there) {
		return fmt.Errorf("%s is the database itself", r.From)
	}
	if log, err := os.Stat(r.From + "-wal"); err == nil && log.Size() > 0 {
		return fmt.Errorf("%s has a log beside it: it is the file of a database in use, not a backup; make one with `klachtd backup`", r.From)
	}
	head := make([]byte, 16)
	if _, err := io.ReadFull(in, head); err != nil || string(head) != "SQLite format 3\x00" {
		return fmt.Errorf("%s %w; nothing was changed", r.From, ErrNotOurs)
	}
	out, err := os.OpenFile(ready, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("copy backup: %w", err)
	}
	_, err = io.Copy(out, reading{ctx, io.MultiReader(bytes.NewReader(head), in)})
	if err := errors.Join(err, out.Sync(), out.Close()); err != nil {
		return fmt.Errorf("copy backup: %w", explain(err))
	}
	return nil
}

// reading ends with its context.
type reading struct {
	ctx context.Context
	io.Reader
}

func (r reading) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// unnamed takes the name of the copy out of an error: people know that of the backup.
func unnamed(err error, _ string) error {
	for _, known := range []error{ErrNotOurs, ErrNewer, ErrCorrupt} {
		if errors.Is(err, known) {
			return known
		}
	}
	if errors.Is(err, vault.ErrNoKey) {
		return fmt.Errorf("%w: the keys are older than the backup, or another klachtd's", vault.ErrNoKey)
	}
	return fmt.Errorf("%w: these keys do not open it: they are another klachtd's", err)
}

// notOlder refuses a backup that would replace what has come further.
func (r Restore) notOlder(f Files, c Contents) error {
	if r.Older || missing(f.DB) {
		return nil
	}
	db, err := sql.Open("sqlite3", traceless(f.DB))
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	defer db.Close()
	var cases int
	var turn string
	err = db.QueryRow("SELECT (SELECT count(*) FROM cases), coalesce((SELECT value FROM meta WHERE key = ?), '')", metaTurn).Scan(&cases, &turn)
	if err != nil { // damaged, or empty: nothing that could be lost
		return nil
	}
	have, _ := parseMark(turn)
	if have.Turn > c.Mark.Turn || have.Turn == 0 && cases > 0 {
		return fmt.Errorf("%w: it has %d cases, last written to %s; the backup has %d, %s. --older restores it all the same", ErrOverNewer,
			cases, have.when(), c.Cases, c.Mark.when())
	}
	return nil
}

func (m Mark) when() string {
	if m.At.IsZero() {
		return "at an unknown moment"
	}
	return "at " + m.At.Format(time.RFC3339)
}

// makeReady works on the copy: erases in it what was erased since, and marks it.
func (r Restore) makeReady(ctx context.Context, ready string, v *vault.Vault) error {
	db := &DB{path: ready, now: r.Now, vault: v, stmts: map[string]*sql.Stmt{}, boxes: map[string]int64{},
		bell: make(chan struct{}, 1), failed: make(chan struct{}, 1)}
	err := db.connect(ready)
	if err == nil {
		err = db.Update(ctx, func(tx *Tx) error {
			tx.Audit(Entry{Event: "restore"})
			turn, err := tx.meta(metaTurn)
			if err != nil {
				return err
			}
			was, err := tx.meta(metaBehind)
			if err == nil && was == "" { // else it had forgotten something already
				have, _ := parseMark(turn)
				err = tx.writeMeta(metaBehind, have.String())
			}
			return errors.Join(err, tx.Void(), tx.forget(), tx.keepIDs())
		})
	}
	if err == nil {
		_, err = db.conn.ExecContext(ctx, "PRAGMA journal_mode = DELETE") // nothing is left in a log
	}
	db.vault = nil // its owner closes it
	if err := errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("make the backup ready: %w", err)
	}
	return nil
}

// swap puts the copy in the place of the database. What was there is kept aside until
// then; nobody else may have it open.
func (r Restore) swap(ctx context.Context, f Files, ready string) error {
	if err := setFree(ctx, f.DB); err != nil {
		return err
	}
	if !missing(f.DB) {
		if err := os.Link(f.DB, f.DB+setAside); err != nil {
			return fmt.Errorf("set the old database aside: %w", err)
		}
		r.Step("store: old database set aside")
	}
	for _, end := range []string{"-wal", "-shm"} { // of a damaged one; the new one must not be read with them
		if err := os.Rename(f.DB+end, f.DB+setAside+end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("set the old database aside: %w", err)
		}
	}
	r.Step("store: old log set aside")
	if err := os.Rename(ready, f.DB); err != nil {
		return fmt.Errorf("put the backup in place: %w", err)
	}
	if err := syncDir(f.Dir); err != nil {
		return fmt.Errorf("put the backup in place: %w", err)
	}
	return nil
}

// setFree writes the log of the database into it and removes it, which works only
// when nobody else has it open. A damaged one is left as it is.
func setFree(ctx context.Context, path string) error {
	if missing(path) {
		return nil
	}
	db, err := sql.Open("sqlite3", fmt.Sprintf("file:%s?mode=rw&_busy_timeout=1000", escape(path)))
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	var mode string
	if err := explain(db.QueryRowContext(ctx, "PRAGMA journal_mode = DELETE").Scan(&mode)); errors.Is(err, ErrInUse) || err == nil && mode == "wal" {
		return fmt.Errorf("%s: %w; end the other command first", path, ErrInUse)
	}
	return nil
}

// tidy removes what a restore that was cut off has left behind. One that had not come
// as far as its last step has changed nothing: the log of the old database goes back.
func tidy(f Files) error {
	aside := f.DB + setAside
	old, err := os.Stat(aside)
	if err == nil {
		there, err := os.Stat(f.DB)
		if errors.Is(err, fs.ErrNotExist) || err == nil && os.SameFile(old, there) {
			for _, end := range []string{"-wal", "-shm", ""} {
				if err := os.Rename(aside+end, f.DB+end); err != nil && !errors.Is(err, fs.ErrNotExist) {
					return fmt.Errorf("put the old database back: %w", err)
				}
			}
		}
	}
	for _, name := range []string{aside, aside + "-wal", aside + "-shm", f.DB + madeReady, f.DB + madeReady + "-wal", f.DB + madeReady + "-shm", f.DB + madeReady + "-journal"} {
		if err := remove(name); err != nil {
			return fmt.Errorf("remove what a restore left behind: %w", err)
		}
	}
	return nil
}
