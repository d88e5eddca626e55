//go:build failpoints

package main

import (
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"syscall"
)

// failpoint ends the process, as a power failure would, at the nth step of all
// (KLACHTD_FAIL_AT=n), or of those of one name (KLACHTD_FAIL_STEP). With KLACHTD_FAIL_LOG each step is named in that file, so
// that a test knows how many there are.
func failpoint() func(string) {
	at, _ := strconv.Atoi(os.Getenv("KLACHTD_FAIL_AT"))
	only := os.Getenv("KLACHTD_FAIL_STEP")
	var hits atomic.Int64
	log, err := os.OpenFile(os.Getenv("KLACHTD_FAIL_LOG"), os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		log = nil
	}
	return func(name string) {
		if only != "" && name != only {
			return
		}
		n := hits.Add(1)
		if log != nil {
			fmt.Fprintln(log, n, name)
		}
		if int(n) == at {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL) // does not return
			select {}
		}
	}
}
