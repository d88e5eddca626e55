// Package store remembers everything that is known, in SQLite: one file of code
// a table, and the only SQL there is. Content is sealed with the key of its case
// before it gets here on disk. What the rows mean is decided elsewhere.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/mattn/go-sqlite3"

	"klachtd/internal/vault"
)

// Errors that a caller may want to tell apart.
var (
	ErrOwner   = errors.New("what root writes there its owner cannot read")
	ErrInUse   = errors.New("database is in use by another klachtd; stop that one first")
	ErrNewer   = errors.New("database was made by a newer klachtd")
	ErrLax     = errors.New("others may read it")
	ErrCorrupt = errors.New("database is damaged")
	ErrFull    = errors.New("disk is full")
	ErrLost    = errors.New("database is lost")
)

// The options of each connection (security.md 27). BEGIN takes the write lock
// at once: a transaction that reads first would else fail instead of wait.
const (
	writeDSN = "file:%s?_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_foreign_keys=on&_secure_delete=on&_txlock=immediate&_cache_size=-6000&_mutex=no"
	readDSN  = "file:%s?mode=ro&_query_only=true&_synchronous=FULL&_busy_timeout=5000&_foreign_keys=on&_secure_delete=on"
)

// DB is the open database: one writer, readers beside it.
type DB struct {
	path    string
	vault   *vault.Vault
	now     func() time.Time
	lock    *os.File
	died    []string // what the process before was busy with when it ended
	write   *sql.DB
	conn    *sql.Conn // the one connection of write, with its prepared statements
	read    *sql.DB
	mu      sync.Mutex // held by the writing transaction
	stmts   map[string]*sql.Stmt
	sealed  []byte           // of Tx.sealOnce
	ids     map[string]int64 // the last id of each table that numbers its rows here
	boxes   map[string]int64
	tail    tail          // of the audit trail
	version int64         // data_version: another one when another process has written
	bell    chan struct{} // letters were made due
	failed  chan struct{} // letters have failed

	mark    *os.File // the high-water mark; nil: not to be written
	high    Mark     // as it stood when the database was opened
	turn    int64    // the last commit that was counted
	changes int64    // of rows, by this connection, when it was
	behind  bool     // the database is older than it once was
	void    time.Time
}

// Options say where the files are and how the database is to be opened.
type Options struct {
	Path       string // the database; beside it klachtd.keys and the lock
	MasterFile string // empty: klachtd.master beside the database
	KeysFolder string // with copies of the keys; empty: keys beside the database
	// MasterGiven says that systemd gives the master key and guards it: its access
	// list shows as rights of the group (systemd.exec(5), LoadCredential=).
	MasterGiven bool
	Lock        bool // for those that run passes; refuses a second one (security.md 41)
}

// Files are the paths that belong to a database.
type Files struct {
	Dir, DB, Keys, Master, Lock, Mark, Copies string
	MasterGiven                               bool // others may read it as far as systemd lets them
}

// Files returns the paths.
func (o Options) Files() Files {
	dir := filepath.Dir(o.Path)
	f := Files{Dir: dir, DB: o.Path, Keys: filepath.Join(dir, "klachtd.keys"),
		Master: o.MasterFile, Lock: filepath.Join(dir, "klachtd.lock"), Mark: filepath.Join(dir, "klachtd.mark"), Copies: o.KeysFolder,
		MasterGiven: o.MasterGiven && o.MasterFile != ""}
	if f.Copies == "" {
		f.Copies = filepath.Join(dir, "keys")
	}
	if f.Master == "" {
		f.Master = filepath.Join(dir, "klachtd.master")
	}
	return f
}

// Open opens the database, makes it when it is not there, and brings an older
// one up to date. now is read once a transaction. With Lock, what an earlier
// process had claimed is free again and what it was sending is uncertain.
func Open(o Options, now func() time.Time) (*DB, error) {
	f := o.Files()
	if err := prepare(f); err != nil {
		return nil, err
	}
	db := &DB{path: o.Path, now: now, stmts: map[string]*sql.Stmt{}, boxes: map[string]int64{},
		bell: make(chan struct{}, 1), failed: make(chan struct{}, 1)}
	if err := db.open(o, f); err != nil {
		return nil, errors.Join(named(o.Path, err), db.Close())
	}
	return db, nil
}

func (db *DB) open(o Options, f Files) (err error) {
	if o.Lock {
		if db.lock, err = takeLock(f.Lock); err != nil {
			return err
		}
		db.died = readMarks(db.lock)
		if err = errors.Join(tidy(f), vault.Settle(f.Master, f.Keys)); err != nil {
			return err
		}
	}
	if err = hasKeys(f); err != nil {
		return err
	}
	if db.vault, err = vault.Open(f.Master, f.Keys); err != nil {
		return err
	}
	db.vault.KeepCopies(f.Copies)
	mark, found := readMark(f.Mark) // before the database: it is never ahead of that
	if err = db.connect(o.Path); err != nil {
		return err
	}
	if err = db.findMark(f.Mark, mark, found, o.Lock); err != nil {
		return err
	}
	if err = db.fillBriefs(context.Background()); err != nil {
		return err
	}
	if o.Lock {
		return db.recoverOutbox()
	}
	return nil
}

// connect opens the connections and brings the database up to date.
func (db *DB) connect(path string) (err error) {
	if db.write, err = sql.Open("sqlite3", fmt.Sprintf(writeDSN, escape(path))); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	db.write.SetMaxOpenConns(1)
	ctx := context.Background()
	if db.conn, err = db.write.Conn(ctx); err != nil {
		return fmt.Errorf("open database: %w", explain(err))
	}
	// A checkpoint writes every page once more: not too often. 4000 pages are 16 MB
	// of log. What a savepoint would undo stays in memory, and so in no other file.
	for _, pragma := range []string{"PRAGMA wal_autocheckpoint = 4000", "PRAGMA temp_store = MEMORY"} {
		if _, err = db.conn.ExecContext(ctx, pragma); err != nil {
			return fmt.Errorf("open database: %w", explain(err))
		}
	}
	if err := db.migrate(ctx); err != nil {
		return err
	}
	if db.read, err = sql.Open("sqlite3", fmt.Sprintf(readDSN, escape(path))); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	db.read.SetMaxOpenConns(4)
	db.read.SetMaxIdleConns(1)
	return nil
}

// Close closes the database and lets go of the lock.
func (db *DB) Close() error {
	var errs []error
	if db.read != nil {
		errs = append(errs, db.read.Close())
	}
	for _, s := range db.stmts {
		errs = append(errs, s.Close())
	}
	if db.conn != nil {
		errs = append(errs, db.conn.Close())
	}
	if db.write != nil {
		errs = append(errs, db.write.Close())
	}
	if db.vault != nil {
		errs = append(errs, db.vault.Close())
	}
	if db.mark != nil {
		errs = append(errs, db.mark.Close())
	}
	if db.lock != nil {
		errs = append(errs, db.lock.Close())
	}
	return errors.Join(errs...)
}

// Bell rings when letters have become due. It holds one ring.
func (db *DB) Bell() <-chan struct{} { return db.bell }

// Failed rings when letters have failed and wait to become somebody's task.
func (db *DB) Failed() <-chan struct{} { return db.failed }

func ring(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// named says which file is damaged and what to do.
func named(path string, err error) error {
	if errors.Is(err, ErrCorrupt) {
		return fmt.Errorf("%s: %w; put a backup in its place, nothing was changed", path, err)
	}
	return err
}

// escape writes a path so that it can stand in a file: URI.
func escape(path string) string {
	var b []byte
	for i := range len(path) {
		switch c := path[i]; c {
		case '%', '?', '#':
			b = fmt.Appendf(b, "%%%02x", c)
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

// explain gives SQLite's errors the names above. The driver returns the value
// type; a pointer never matches.
func explain(err error) error {
	if errors.Is(err, syscall.ENOSPC) { // the keys file
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case sqlite3.ErrFull:
		return fmt.Errorf("%w: %w", ErrFull, err)
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	case sqlite3.ErrBusy:
		return fmt.Errorf("%w: %w", ErrInUse, err)
	}
	return err
}
