package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"klachtd/internal/vault"
)

// prepare makes the folder and the file for their owner alone, and refuses
// what others may read (security.md 25).
func prepare(f Files) error {
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return fmt.Errorf("make folder of the database: %w", err)
	}
	if err := CheckModes(f); err != nil {
		return err
	}
	file, err := os.OpenFile(f.DB, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	return file.Close()
}

// CheckModes says whose the folder is when it is not ours, and which of the files
// that are there others may read.
func CheckModes(f Files) error {
	info, err := os.Stat(f.Dir)
	if err != nil {
		return fmt.Errorf("look at folder of the database: %w", err)
	}
	if err := ours(f.Dir, info); err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s has mode %04o: %w; run: chmod 700 %s", f.Dir, info.Mode().Perm(), ErrLax, f.Dir)
	}
	if info, err := os.Stat(f.Copies); err == nil && info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s has mode %04o: %w; run: chmod 700 %s", f.Copies, info.Mode().Perm(), ErrLax, f.Copies)
	}
	for _, name := range []string{f.DB, f.DB + "-wal", f.DB + "-shm", f.Keys, f.Master, f.Lock, f.Mark, filepath.Join(f.Dir, "klachtd.erased")} {
		info, err := os.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return fmt.Errorf("look at files of the database: %w", err)
		}
		lax := fs.FileMode(0o077)
		if name == f.Master && f.MasterGiven {
			lax = 0o037
		}
		if info.Mode().Perm()&lax != 0 {
			return fmt.Errorf("%s has mode %04o: %w; run: chmod 600 %s", name, info.Mode().Perm(), ErrLax, name)
		}
	}
	return nil
}

// ours keeps root out of another user's folder: of what root makes anew there, such as
// the keys at a rotation, the daemon could read nothing, and root would follow
// whatever link that user had put there.
func ours(dir string, info fs.FileInfo) error {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || stat.Uid == 0 || os.Geteuid() != 0 {
		return nil // others are refused by the system
	}
	id := strconv.FormatUint(uint64(stat.Uid), 10)
	owner, err := user.LookupId(id)
	if err != nil {
		return fmt.Errorf("%s belongs to user %s: %w; run klachtd as that user", dir, id, ErrOwner)
	}
	return fmt.Errorf("%s belongs to %s: %w; run: runuser -u %s -- klachtd", dir, owner.Username, ErrOwner, owner.Username)
}

// hasKeys refuses a database whose keys are gone: with new ones nothing that is
// in it could ever be read again. The keys are older than its first page.
func hasKeys(f Files) error {
	info, err := os.Stat(f.DB)
	if err != nil || info.Size() == 0 { // not made yet; what is wrong with the path is said when it is opened
		if k, err := os.Stat(f.Keys); err == nil && k.Size() > vault.Fresh {
			return fmt.Errorf("%w: %s is missing while %s holds keys of cases; put the database back, or move both keys and master key away to begin anew", ErrLost, f.DB, f.Keys)
		}
		return nil
	}
	if _, err := os.Stat(f.Keys); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s is missing while %s is there; put the keys back", vault.ErrNoKey, f.Keys, f.DB)
	}
	return nil
}

func takeLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock %s: %w", path, ErrInUse)
		}
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return f, nil
}
