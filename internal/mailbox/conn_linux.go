package mailbox

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// userTimeout makes the kernel give up after 30 s on data that nobody acknowledges; its own patience is 15 minutes.
func userTimeout(_, _ string, c syscall.RawConn) error {
	var failed error
	err := c.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, 30_000)
	})
	if err != nil {
		return err
	}
	return failed
}
