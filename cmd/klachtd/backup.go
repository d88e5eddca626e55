package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"klachtd/internal/store"
)

type backupCmd struct {
	configured
	Output string `short:"o" required:"" placeholder:"FILE" help:"The file to make. One that is there already is not overwritten."`
}

// Help is what `klachtd backup --help` says besides.
func (backupCmd) Help() string {
	return `The copy is consistent, made while the daemon goes on, and read again before it gets its name. Its content is encrypted: it is worth nothing without
klachtd.keys and the master key. The keys are copied too, into backup.keys_folder, where a copy is removed after backup.keep_days; keep those apart
from the copies of the database, and for no longer: what is erased can be read for as long as somebody has an old copy of the keys.`
}

// Run makes a backup beside a running daemon.
func (c backupCmd) Run(e env) error {
	cfg, err := c.load(e)
	if err != nil {
		return err
	}
	if err := there(cfg); err != nil {
		return err
	}
	to, err := filepath.Abs(c.Output)
	if err != nil {
		return usage{fmt.Errorf("-o: %w", err)}
	}
	now := e.now()
	p := growth(e, "copied", store.Part(to), cfg.Database.Path)
	got, err := store.Backup(e.ctx, storeOptions(cfg, false), to, now, now.AddDate(0, 0, -cfg.Backup.KeepDays))
	p.end()
	switch {
	case errors.Is(err, store.ErrExists):
		return usage{err}
	case errors.Is(err, context.Canceled):
		return errors.New("stopped; no backup was made")
	case err != nil:
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "%s: %s; the keys are copied to %s\n", c.Output, holds(got), cfg.Backup.KeysFolder)
	return err
}

func holds(c store.Contents) string {
	return fmt.Sprintf("%d cases, %d messages, %d letters, schema %d", c.Cases, c.Messages, c.Letters, c.Version)
}

// A progress shows on a terminal how a file grows to the size of another.
type progress struct {
	end func()
}

func growth(e env, word, growing, whole string) progress {
	if !terminal(e.stderr) {
		return progress{func() {}}
	}
	ctx, stop := context.WithCancel(e.ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				fmt.Fprint(e.stderr, "\r\x1b[K")
				return
			case <-tick.C:
			}
			if all := size(whole); all > 0 {
				fmt.Fprintf(e.stderr, "\r\x1b[K%s %d of %d MB", word, size(growing)>>20, all>>20)
			}
		}
	}()
	return progress{func() { stop(); <-done }}
}

func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
