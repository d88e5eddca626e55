package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/vault"
)

// Contents is what a database file was found to hold.
type Contents struct {
	Version  int  // schema
	Mark     Mark // how far it had come
	Cases    int
	Messages int
	Letters  int
	Gone     int // of the cases those that were erased since
}

// Part is the file in which a backup grows before it gets its name.
func Part(to string) string { return to + ".part" }

// ErrExists says that a file is there already.
var ErrExists = errors.New("is there already; nothing is overwritten")

// Backup writes a consistent copy of the database, beside whoever works with it: of
// what it holds alone, without free pages, in which more might stand. The copy is
// read again before it gets its name, 0600. The keys are copied too, into their own
// folder, and copies of them from before keep are removed (security.md 26).
func Backup(ctx context.Context, o Options, to string, now, keep time.Time) (Contents, error) {
	f := o.Files()
	if !missing(to) {
		return Contents{}, fmt.Errorf("%s %w", to, ErrExists)
	}
	if err := errors.Join(CheckModes(f), hasKeys(f)); err != nil {
		return Contents{}, err
	}
	if info, err := os.Stat(f.DB); err != nil || info.Size() == 0 {
		return Contents{}, fmt.Errorf("%s: there is no database yet", f.DB)
	}
	v, err := vault.Open(f.Master, f.Keys)
	if err != nil {
		return Contents{}, err
	}
	v.KeepCopies(f.Copies)
	if err := audited(ctx, o, f, now); err != nil {
		return Contents{}, errors.Join(cut(ctx, err), v.Close())
	}
	c, err := backup(ctx, f, v, to, now, keep)
	return c, errors.Join(err, v.Close())
}

// audited notes in the audit trail that a copy is being made, and so in the copy too;
// in a database of an older klachtd it does not: opening that would change it.
func audited(ctx context.Context, o Options, f Files, now time.Time) error {
	raw, err := sql.Open("sqlite3", traceless(f.DB))
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	var version int
	err = raw.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version)
	if err := errors.Join(explain(err), raw.Close()); err != nil || version != Version {
		return named(f.DB, err)
	}
	o.Lock = false
	db, err := Open(o, func() time.Time { return now })
	if err != nil {
		return err
	}
	return errors.Join(db.Audit(ctx, Entry{Event: "backup"}), db.Close())
}

func backup(ctx context.Context, f Files, v *vault.Vault, to string, now, keep time.Time) (c Contents, err error) {
	db, err := sql.Open("sqlite3", fmt.Sprintf("file:%s?mode=rw&_busy_timeout=5000&_txlock=immediate", escape(f.DB)))
	if err != nil {
		return c, fmt.Errorf("open database: %w", err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	part, err := openPart(Part(to))
	if err != nil {
		return c, err
	}
	defer part.Close()
	placed := false
	defer func() {
		if !placed {
			err = errors.Join(err, os.Remove(Part(to)))
		}
	}()
	// Without free pages, in a file that is there, empty, and nobody else's to read.
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", Part(to)); err != nil {
		return c, cut(ctx, fmt.Errorf("copy database: %w", explain(err)))
	}
	if err := part.Sync(); err != nil {
		return c, fmt.Errorf("copy database: %w", err)
	}
	if c, err = inspect(ctx, Part(to), v); err != nil {
		return c, cut(ctx, fmt.Errorf("the copy is no good: %w", err))
	}
	if err := copyKeys(ctx, db, v, now, keep); err != nil {
		return c, err
	}
	if err := giveName(Part(to), to); err != nil {
		return c, err
	}
	placed = true
	return c, nil
}

// cut says that somebody stopped it, when that is why.
func cut(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// openPart makes the file in which the copy grows, or takes over one that was left
// behind; not one in which another process is writing.
func openPart(path string) (*os.File, error) {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s %w", path, ErrExists)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make backup: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: another backup is being written there", path), f.Close())
	}
	if err := errors.Join(f.Chmod(0o600), f.Truncate(0), remove(path+"-journal")); err != nil {
		return nil, errors.Join(fmt.Errorf("make backup: %w", err), f.Close())
	}
	return f, nil
}

// copyKeys copies the keys while nobody makes or destroys any: both is done in a
// transaction that writes.
func copyKeys(ctx context.Context, db *sql.DB, v *vault.Vault, now, keep time.Time) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return cut(ctx, fmt.Errorf("copy keys: %w", explain(err)))
	}
	defer tx.Rollback()
	if err := v.Copy(now); err != nil {
		return err
	}
	_, err = v.Prune(keep)
	return err
}

// giveName gives a file its name, unless something has it meanwhile.
func giveName(from, to string) error {
	err := os.Link(from, to)
	switch {
	case err == nil:
		err = os.Remove(from)
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s %w", to, ErrExists)
	case missing(to): // a file system without links
		err = os.Rename(from, to)
	}
	if err == nil {
		err = syncDir(filepath.Dir(to))
	}
	if err != nil {
		return fmt.Errorf("name the backup: %w", err)
	}
	return nil
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// ErrNotOurs says that a file is no database of klachtd.
var ErrNotOurs = errors.New("is no database of klachtd")

// inspect reads a database file through and changes nothing: its pages, its schema,
// and each case with its key. Nobody else may have it open.
func inspect(ctx context.Context, path string, v *vault.Vault) (c Contents, err error) {
	raw, err := sql.Open("sqlite3", fmt.Sprintf("file:%s?mode=ro&immutable=1&_query_only=true", escape(path)))
	if err != nil {
		return c, fmt.Errorf("open database: %w", err)
	}
	defer raw.Close()
	var id int
	if err := raw.QueryRowContext(ctx, "PRAGMA user_version").Scan(&c.Version); err != nil {
		return c, named(path, fmt.Errorf("open database: %w", explain(err)))
	}
	if err := raw.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE name IN ('meta', 'cases', 'letter')").Scan(&id); err != nil || id != 3 || c.Version < 1 {
		return c, errors.Join(fmt.Errorf("%s %w", path, ErrNotOurs), explain(err))
	}
	if c.Version > Version {
		return c, fmt.Errorf("%s: %w: it has schema %d, this program knows %d; install the newer klachtd first", path, ErrNewer, c.Version, Version)
	}
	var result string
	if err := raw.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&result); err != nil || result != "ok" {
		return c, fmt.Errorf("%s: %w", path, errors.Join(ErrCorrupt, explain(err)))
	}
	db := &DB{vault: v, now: func() time.Time { return time.Time{} }, read: raw}
	err = db.View(ctx, func(tx *Tx) error {
		_, err := tx.one("count rows", "SELECT (SELECT count(*) FROM cases), (SELECT count(*) FROM message), (SELECT count(*) FROM letter)", nil, &c.Cases, &c.Messages, &c.Letters)
		if err != nil {
			return err
		}
		turn, err := tx.meta(metaTurn)
		c.Mark, _ = parseMark(turn)
		if err != nil {
			return err
		}
		n := 0
		err = tx.Brief(func(complaint.Case) error { n++; return ctx.Err() })
		c.Gone = c.Cases - n
		return err
	})
	return c, err
}
