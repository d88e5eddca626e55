package e2e

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// peak is the most memory that the daemon ever had, in bytes (VmHWM, proc(5)).
func (d *daemon) peak() int64 {
	d.tb.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.cmd.Process.Pid))
	noError(d.tb, err)
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	kib, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	noError(d.tb, err)
	return kib << 10
}

// cpu is what the daemon has used until now, of all its threads (stat, proc(5)).
func (d *daemon) cpu() time.Duration {
	d.tb.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", d.cmd.Process.Pid))
	noError(d.tb, err)
	_, rest, _ := strings.Cut(string(text), ") ")
	f := strings.Fields(rest) // from field 3 on: utime is 14, stime 15, in hundredths of a second
	user, err := strconv.ParseInt(f[11], 10, 64)
	noError(d.tb, err)
	system, err := strconv.ParseInt(f[12], 10, 64)
	noError(d.tb, err)
	return time.Duration(user+system) * 10 * time.Millisecond
}
