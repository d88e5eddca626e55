package store

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"klachtd/internal/vault"
)

// A State is what Look found.
type State struct {
	Exists  bool
	Version int    // schema
	InUse   bool   // a klachtd holds the lock
	Behind  bool   // it is older than it once was (security.md 42)
	Free    uint64 // bytes on the disk that holds the folder, or will
	All     uint64 // of that disk; 0 when it does not say
	Closed  string // the folder that we may not write to; "": none
}

// Look says whether Open would work, and changes nothing. A database that is
// not there yet is fine.
func Look(o Options) (State, error) {
	var s State
	f := o.Files()
	ground := standing(f.Dir)
	if s.Free, s.All = room(ground); !mayWrite(ground) {
		s.Closed = ground
	}
	dir, err := os.Stat(f.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	} else if err != nil {
		return s, fmt.Errorf("look at folder of the database: %w", err)
	} else if !dir.IsDir() {
		return s, fmt.Errorf("%s is not a folder", f.Dir)
	}
	if err := CheckModes(f); err != nil {
		return s, err
	}
	if err := hasKeys(f); err != nil {
		return s, err
	}
	if err := vault.Check(f.Master, f.Keys); err != nil {
		return s, err
	}
	s.InUse = locked(f.Lock)
	info, err := os.Stat(f.DB)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return s, nil
	} else if err != nil {
		return s, fmt.Errorf("look at database: %w", err)
	}
	s.Exists = true
	mark, found := readMark(f.Mark)
	return s, named(o.Path, s.lookInside(o.Path, mark, found))
}

// standing is the nearest folder above that is there, the folder itself first.
func standing(dir string) string {
	for {
		up := filepath.Dir(dir)
		if _, err := os.Stat(dir); err == nil || up == dir {
			return dir
		}
		dir = up
	}
}

// mayWrite asks whether we may make files in a folder: W_OK and X_OK of access(2),
// which go by the user that asks, and change nothing.
func mayWrite(dir string) bool { return syscall.Access(dir, 2|1) == nil }

// room returns how many bytes a disk has left and has in all; 0, 0 when it does not say.
func room(dir string) (free, all uint64) {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return 0, 0
	}
	return disk.Bavail * uint64(disk.Bsize), disk.Blocks * uint64(disk.Bsize)
}

// A Disk is how much the database takes and how much is left, in bytes; what the
// system does not tell is 0.
type Disk struct{ Used, Free, All uint64 }

// Disk looks at the files.
func (db *DB) Disk() Disk {
	var d Disk
	d.Free, d.All = room(filepath.Dir(db.path))
	for _, name := range []string{db.path, db.path + "-wal"} {
		if info, err := os.Stat(name); err == nil {
			d.Used += uint64(info.Size())
		}
	}
	return d
}

// traceless is how a database is opened so that no log and no index is left behind,
// as a mere reader of a file in WAL mode would: without a log nothing but the file
// is opened, with one its index is only read. Only a log that has lost its index
// gets a new one.
func traceless(path string) string {
	dsn := fmt.Sprintf(readDSN, escape(path))
	if _, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		dsn += "&immutable=1"
	} else if _, err := os.Stat(path + "-shm"); err == nil {
		dsn += "&readonly_shm=1"
	}
	return dsn
}

func (s *State) lookInside(path string, mark Mark, found bool) error {
	db, err := sql.Open("sqlite3", traceless(path))
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	defer db.Close()
	if err := db.QueryRow("PRAGMA user_version").Scan(&s.Version); err != nil {
		return fmt.Errorf("open database: %w", explain(err))
	}
	if s.Version > Version {
		return fmt.Errorf("%w: it has schema %d, this program knows %d", ErrNewer, s.Version, Version)
	}
	var result string
	if err := db.QueryRow("PRAGMA quick_check(1)").Scan(&result); err != nil {
		return fmt.Errorf("check database: %w", explain(err))
	}
	if result != "ok" {
		return fmt.Errorf("check database: %w", ErrCorrupt)
	}
	if s.Version == 0 {
		return nil
	}
	var turn, behind string
	if err := db.QueryRow("SELECT coalesce((SELECT value FROM meta WHERE key = ?), ''), coalesce((SELECT value FROM meta WHERE key = ?), '')", metaTurn, metaBehind).
		Scan(&turn, &behind); err != nil {
		return fmt.Errorf("check database: %w", explain(err))
	}
	have, _ := parseMark(turn)
	s.Behind = behind != "" || isBehind(have, mark, found)
	return nil
}

func locked(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	return errors.Is(syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB), syscall.EWOULDBLOCK)
}
