package main

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// A supervisor is systemd, which wants to hear how the service is doing
// (sd_notify(3)); the zero value is none.
type supervisor struct {
	socket   string
	watchdog time.Duration // how long it waits for a sign of life; 0: it does not
}

// supervisorOf reads what systemd says in the environment.
func supervisorOf(getenv func(string) (string, bool), pid int) supervisor {
	var s supervisor
	s.socket, _ = getenv("NOTIFY_SOCKET")
	usec, _ := getenv("WATCHDOG_USEC")
	n, err := strconv.ParseInt(usec, 10, 64)
	if whose, ok := getenv("WATCHDOG_PID"); err == nil && n > 0 && (!ok || whose == strconv.Itoa(pid)) {
		s.watchdog = time.Duration(n) * time.Microsecond
	}
	return s
}

// tell sends lines such as READY=1 in one datagram. That it does not arrive changes
// nothing here.
func (s supervisor) tell(lines ...string) {
	if s.socket == "" {
		return
	}
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: s.socket, Net: "unixgram"})
	if err != nil {
		return
	}
	defer c.Close()
	_ = c.SetWriteDeadline(time.Now().Add(time.Second))
	_, _ = c.Write([]byte(strings.Join(lines, "\n")))
}

// reloading says that a new configuration is being read, and when that began by the
// clock that systemd goes by.
func (s supervisor) reloading() {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) != nil {
		return
	}
	s.tell("RELOADING=1", fmt.Sprintf("MONOTONIC_USEC=%d", t.Nano()/1000), "STATUS=reading the configuration")
}

// pulse tells how the house is doing until ctx ends, and gives the signs of life
// that systemd waits for: only while each loop gives its own.
func (s supervisor) pulse(ctx context.Context, silent func() []string, summary func() string) {
	if s.socket == "" {
		return
	}
	every := 30 * time.Second
	if s.watchdog > 0 {
		every = min(every, s.watchdog/3)
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		lines := []string{"STATUS=" + summary()}
		if s.watchdog > 0 && len(silent()) == 0 {
			lines = append(lines, "WATCHDOG=1")
		}
		s.tell(lines...)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
