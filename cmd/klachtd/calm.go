package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"
)

// calm is how long after the last pass over mailbox or outbox giveBack is called:
// long enough to cost nothing while there is work.
const calm = time.Second

// giveBack returns to the system what a start or a burst took and nobody uses now:
// free memory, and those pages of the program that can be read from its file again.
// Where the system does not tell which those are, they stay.
func giveBack() {
	debug.FreeOSMemory()
	f, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer f.Close()
	for _, s := range unchanged(f) {
		s.drop()
	}
}

// A span is a part of the process's memory.
type span struct{ from, to uintptr }

// unchanged finds in the format of /proc/PID/smaps (proc_pid_smaps(5)) the spans that
// are still what the file says that they came from, and can become nothing else.
func unchanged(smaps io.Reader) []span {
	var list []span
	var s span
	fits := false
	for lines := bufio.NewScanner(smaps); lines.Scan(); {
		field, rest, _ := strings.Cut(lines.Text(), " ")
		switch {
		case !strings.HasSuffix(field, ":"): // FROM-TO rwxp OFFSET DEVICE INODE PATH
			var mode, offset, device string
			var inode uint64
			n, _ := fmt.Sscanf(field+" "+rest, "%x-%x %s %s %s %d", &s.from, &s.to, &mode, &offset, &device, &inode)
			fits = n == 6 && inode != 0 && strings.HasPrefix(mode, "r-") && strings.HasSuffix(mode, "p")
		case field == "Anonymous:" && fits && strings.TrimSpace(rest) == "0 kB":
			list = append(list, s)
		}
	}
	return list
}
