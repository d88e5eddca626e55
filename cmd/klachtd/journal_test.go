package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"

	"klachtd/internal/config"
)

// What journald reads has the level before each line, also of loggers made of one,
// and the reason of an end is an error there.
func TestJournalGetsLevels(t *testing.T) {
	var out bytes.Buffer
	log := logger(config.Log{Level: config.LevelDebug, Format: config.FormatAuto}, journal{&out})
	log.Debug("a")
	log.With("component", "desk").Info("b\nc")
	log.WithGroup("g").Warn("d", "k", 1)
	log.Error("e")
	complain(env{stderr: journal{&out}}, errors.New("f\ng"))
	var got []string
	for line := range strings.Lines(out.String()) {
		got = append(got, line[:4])
	}
	if want := "<7>{ <6>{ <4>{ <3>{ <3>k <3>k"; strings.Join(got, " ") != want {
		t.Errorf("%q, want %q\n%s", got, want, out.String())
	}
}

func TestLogFormats(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	terminal, err := os.OpenFile("/dev/null", os.O_WRONLY, 0) // a device, as a terminal is
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	for _, tt := range []struct {
		format config.LogFormat
		w      *os.File
		want   byte
	}{{config.FormatAuto, file, '{'}, {config.FormatJSON, file, '{'}, {config.FormatText, file, 't'}} {
		if err := errors.Join(tt.w.Truncate(0), func() error { _, err := tt.w.Seek(0, io.SeekStart); return err }()); err != nil {
			t.Fatal(err)
		}
		logger(config.Log{Level: config.LevelInfo, Format: tt.format}, tt.w).Info("x")
		text, err := os.ReadFile(tt.w.Name())
		if err != nil || len(text) == 0 || text[0] != tt.want {
			t.Errorf("%s: %q, %v", tt.format, text, err)
		}
	}
	if h := fmt.Sprintf("%T", logger(config.Log{Level: config.LevelInfo, Format: config.FormatAuto}, terminal).Handler()); h != "*slog.TextHandler" {
		t.Errorf("on a terminal: %s", h)
	}
}

// JOURNAL_STREAM counts where it names this very stream, and nowhere else.
func TestJournalIsRecognized(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	info, err := w.Stat()
	if err != nil {
		t.Fatal(err)
	}
	stat := info.Sys().(*syscall.Stat_t)
	for said, want := range map[string]bool{fmt.Sprintf("%d:%d", stat.Dev, stat.Ino): true, fmt.Sprintf("%d:%d", stat.Dev, stat.Ino+1): false, "": false} {
		_, is := journalOf(w, func(string) (string, bool) { return said, said != "" }).(journal)
		if is != want {
			t.Errorf("JOURNAL_STREAM=%q: %v", said, is)
		}
	}
}
