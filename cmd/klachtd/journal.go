package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"syscall"

	"klachtd/internal/config"
)

// logger writes to stderr: text on a terminal, JSON elsewhere, unless told
// otherwise; for journald with the level before each line.
func logger(l config.Log, w io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: l.Level.Slog()}
	to := func(w io.Writer) slog.Handler {
		if l.Format == config.FormatText || l.Format == config.FormatAuto && terminal(w) {
			return slog.NewTextHandler(w, o)
		}
		return slog.NewJSONHandler(w, o)
	}
	j, ok := w.(journal)
	if !ok {
		return slog.New(to(w))
	}
	p := &prefixed{w: j}
	return slog.New(leveled{to(p), p})
}

func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// A journal is a stderr that journald reads: what begins with <3> is an error there
// (sd-daemon(3)), so that `journalctl -p err` shows what matters.
type journal struct{ io.Writer }

// journalOf returns w as a journal when JOURNAL_STREAM says that it is one: the
// variable is handed down to programs whose stderr goes elsewhere too (systemd.exec(5)).
func journalOf(w *os.File, getenv func(string) (string, bool)) io.Writer {
	said, ok := getenv("JOURNAL_STREAM")
	if !ok {
		return w
	}
	info, err := w.Stat()
	if err != nil {
		return w
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || said != fmt.Sprintf("%d:%d", stat.Dev, stat.Ino) {
		return w
	}
	return journal{w}
}

// priority is a level as syslog counts.
func priority(l slog.Level) string {
	switch {
	case l >= slog.LevelError:
		return "<3>"
	case l >= slog.LevelWarn:
		return "<4>"
	case l >= slog.LevelInfo:
		return "<6>"
	}
	return "<7>"
}

// prefixed writes something before each write, in one with it.
type prefixed struct {
	mu     sync.Mutex // held from setting the prefix to the write
	w      io.Writer
	prefix string
}

func (p *prefixed) Write(line []byte) (int, error) {
	if _, err := p.w.Write(append([]byte(p.prefix), line...)); err != nil {
		return 0, err
	}
	return len(line), nil
}

// leveled sets the prefix to the level of each record.
type leveled struct {
	slog.Handler
	to *prefixed
}

// Handle is slog.Handler's.
func (h leveled) Handle(ctx context.Context, r slog.Record) error {
	h.to.mu.Lock()
	defer h.to.mu.Unlock()
	h.to.prefix = priority(r.Level)
	return h.Handler.Handle(ctx, r)
}

// WithAttrs is slog.Handler's.
func (h leveled) WithAttrs(list []slog.Attr) slog.Handler {
	return leveled{h.Handler.WithAttrs(list), h.to}
}

// WithGroup is slog.Handler's.
func (h leveled) WithGroup(name string) slog.Handler {
	return leveled{h.Handler.WithGroup(name), h.to}
}
