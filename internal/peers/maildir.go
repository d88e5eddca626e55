package peers

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// mailCount numbers the mails that are put, so that their files sort as they came.
var mailCount atomic.Int64

// Put lays a mail straight into a user's INBOX, as if it had arrived at that
// time: its INTERNALDATE. Its bytes are taken as they are.
func (d *Dovecot) Put(user string, raw []byte, at time.Time) {
	d.tb.Helper()
	box := d.box(user, "")
	for _, sub := range []string{"", "tmp", "new", "cur"} {
		d.mkdir(filepath.Join(box, sub))
	}
	name := fmt.Sprintf("%d.M%09dP%d.peers", at.Unix(), mailCount.Add(1), os.Getpid())
	tmp := filepath.Join(box, "tmp", name)
	err := os.WriteFile(tmp, raw, 0o600)
	if err == nil {
		err = os.Chtimes(tmp, at, at)
	}
	if err == nil {
		err = os.Chown(tmp, d.own.uid, d.own.gid)
	}
	if err == nil {
		err = os.Rename(tmp, filepath.Join(box, "new", name))
	}
	if err != nil {
		d.tb.Fatal("put mail: ", err)
	}
}

// Count is the number of mails in a folder, "" or "INBOX" for the inbox;
// folders in folders with a slash, "Klachten/Verwerkt". What is marked as
// deleted and not expunged counts.
func (d *Dovecot) Count(user, folder string) int {
	d.tb.Helper()
	return len(d.files(user, folder))
}

// Mails gives the mails of a folder as they are stored, oldest first.
func (d *Dovecot) Mails(user, folder string) [][]byte {
	d.tb.Helper()
	for range 100 {
		mails, err := readAll(d.files(user, folder))
		if err == nil {
			return mails
		}
		if !errors.Is(err, fs.ErrNotExist) { // moved or marked meanwhile
			d.tb.Fatal("read mails: ", err)
		}
	}
	d.tb.Fatalf("folder %q of %s does not come to rest", folder, user)
	return nil
}

// Wait waits until a folder holds n mails, and gives them. The test fails when
// there are more, or when it takes too long.
func (d *Dovecot) Wait(user, folder string, n int, timeout time.Duration) [][]byte {
	d.tb.Helper()
	d.WaitCount(user, folder, n, timeout)
	return d.Mails(user, folder)
}

// WaitCount is Wait that reads no mail. It spends a tenth of its time on looking
// at most, so that a benchmark may wait for a large folder.
func (d *Dovecot) WaitCount(user, folder string, n int, timeout time.Duration) {
	d.tb.Helper()
	end := time.Now().Add(timeout)
	for wait := time.Millisecond; ; wait = min(2*wait, 20*time.Millisecond) {
		start := time.Now()
		have := d.Count(user, folder)
		if have == n {
			return
		}
		if have > n || time.Now().After(end) {
			d.tb.Fatalf("folder %q of %s holds %d mails, want %d", folder, user, have, n)
		}
		time.Sleep(max(wait, 10*time.Since(start)))
	}
}

// Folders names a user's folders besides INBOX, with slashes, sorted. Sent is
// there once a client has asked for it.
func (d *Dovecot) Folders(user string) []string {
	d.tb.Helper()
	entries, err := os.ReadDir(d.box(user, ""))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		d.tb.Fatal("folders: ", err)
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutPrefix(e.Name(), "."); ok && e.IsDir() {
			names = append(names, strings.ReplaceAll(name, ".", "/"))
		}
	}
	return names
}

// ResetUIDValidity makes the server forget which mail had which UID in the
// INBOX: a new UIDVALIDITY, and UIDs from 1 on. It cuts all connections.
func (d *Dovecot) ResetUIDValidity(user string) {
	d.tb.Helper()
	running := d.proc != nil
	d.Stop()
	box := d.box(user, "")
	// dovecot-uidvalidity stays: it is what the next value is counted from
	stale, err := filepath.Glob(filepath.Join(box, "dovecot.index*"))
	if err != nil {
		d.tb.Fatal(err)
	}
	locks, err := filepath.Glob(filepath.Join(box, "*.lock")) // of a server that was killed
	if err != nil {
		d.tb.Fatal(err)
	}
	stale = append(stale, locks...)
	for _, name := range append(stale, filepath.Join(box, "dovecot-uidlist")) {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			d.tb.Fatal("reset uidvalidity: ", err)
		}
	}
	if running {
		d.Start()
	}
}

// box is the Maildir of a user's folder.
func (d *Dovecot) box(user, folder string) string {
	name, _, _ := strings.Cut(strings.ToLower(user), "@")
	dir := filepath.Join(d.dir, "box", name)
	if folder == "" || strings.EqualFold(folder, "INBOX") {
		return dir
	}
	return filepath.Join(dir, "."+strings.ReplaceAll(folder, "/", "."))
}

// files are the paths of a folder's mails, by the time they came.
func (d *Dovecot) files(user, folder string) []string {
	d.tb.Helper()
	box := d.box(user, folder)
	var paths []string
	// new before cur: a mail that moves between the two looks is seen twice
	// rather than not at all, and sorted out by its name
	seen := map[string]bool{}
	for _, sub := range []string{"new", "cur"} {
		entries, err := os.ReadDir(filepath.Join(box, sub))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			d.tb.Fatal("list mails: ", err)
		}
		for _, e := range entries {
			key, _, _ := strings.Cut(e.Name(), ":")
			if !seen[key] {
				seen[key] = true
				paths = append(paths, filepath.Join(box, sub, e.Name()))
			}
		}
	}
	slices.SortFunc(paths, func(a, b string) int { return byArrival(filepath.Base(a), filepath.Base(b)) })
	return paths
}

// delivered is how Dovecot names a mail: seconds, and microseconds without zeros before them.
var delivered = regexp.MustCompile(`^(\d+)\.M(\d+)P`)

// byArrival compares the names of two mails by when they came.
func byArrival(a, b string) int {
	x, y := delivered.FindStringSubmatch(a), delivered.FindStringSubmatch(b)
	if x == nil || y == nil || x[1] != y[1] {
		return strings.Compare(a, b)
	}
	return cmp.Or(atoi(x[2])-atoi(y[2]), strings.Compare(a, b))
}

func readAll(paths []string) ([][]byte, error) {
	mails := make([][]byte, 0, len(paths))
	for _, name := range paths {
		raw, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		mails = append(mails, raw)
	}
	return mails, nil
}
