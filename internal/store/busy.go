package store

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// A Stage is what is being done with a message; reading one and registering
// another go side by side.
type Stage int

// The stages.
const (
	Reading Stage = iota
	Registering
	stages
)

// markBytes is the room of one stage in the lock file.
const markBytes = 256

// Busy notes which message is being worked on, 0 for none, so that the next
// process knows under which one this one died: it takes that one last (security.md
// 6). The note stands in the lock file, outlives the process and not the machine,
// and costs no transaction; without it a message would only be looked at later.
func (db *DB) Busy(s Stage, b Box, uid uint32) {
	if db.lock == nil {
		return
	}
	mark := ""
	if uid != 0 {
		mark = markOf(b, uid)
	}
	// A note that cannot be written is none.
	_, _ = db.lock.WriteAt(fmt.Appendf(nil, "%-*.*s\n", markBytes-1, markBytes-1, mark), int64(s)*markBytes)
}

// markOf has the mailbox's name last: it may be cut off.
func markOf(b Box, uid uint32) string { return fmt.Sprintf("%d %d %q", uid, b.UIDValidity, b.Name) }

// readMarks returns what the process before was busy with when it ended.
func readMarks(f *os.File) []string {
	text := make([]byte, int(stages)*markBytes)
	n, _ := f.ReadAt(text, 0) // an empty file, mostly
	var marks []string
	for line := range strings.Lines(string(text[:n])) {
		if mark := strings.Trim(line, "\x00 \n"); mark != "" {
			marks = append(marks, mark)
		}
	}
	return marks
}

// lastOf puts the messages that the process before died under behind the others.
func (db *DB) lastOf(b Box, suspects []uint32) []uint32 {
	slices.SortStableFunc(suspects, func(x, y uint32) int { return db.diedUnder(b, x) - db.diedUnder(b, y) })
	return suspects
}

func (db *DB) diedUnder(b Box, uid uint32) int {
	mark := markOf(b, uid)
	if slices.Contains(db.died, mark[:min(len(mark), markBytes-1)]) {
		return 1
	}
	return 0
}
