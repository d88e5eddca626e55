//go:build !linux

package mailbox

import "syscall"

// userTimeout does nothing where TCP_USER_TIMEOUT is unknown; the limit on silence holds there too.
func userTimeout(_, _ string, _ syscall.RawConn) error { return nil }
