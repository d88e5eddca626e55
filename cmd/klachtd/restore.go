package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"klachtd/internal/store"
)

type restoreCmd struct {
	configured
	File  string `arg:"" help:"A file that klachtd backup made."`
	Older bool   `help:"Also when the database that is there has come further than the backup."`
}

// Help is what `klachtd restore --help` says besides.
func (restoreCmd) Help() string {
	return `The daemon must be stopped. klachtd.keys and the master key stay where they are; when they are lost, put copies of them back first. The backup is looked
through before anything is touched, what was erased since is erased in it, and it takes the place of the database in one step: stopped before that,
nothing has happened. From then on klachtd registers and sends nothing, until klachtd recover has looked through the mailbox.`
}

// Run restores a backup.
func (c restoreCmd) Run(e env) error {
	cfg, err := c.load(e)
	if err != nil {
		return err
	}
	from, err := filepath.Abs(c.File)
	if err != nil {
		return usage{err}
	}
	p := growth(e, "copied", cfg.Database.Path+".restore", from)
	got, err := store.Restore{Options: storeOptions(cfg, true), From: from, Older: c.Older, Now: e.now, Step: failpoint()}.Run(e.ctx)
	p.end()
	switch {
	case errors.Is(err, context.Canceled):
		return errors.New("stopped; nothing was changed")
	case errors.Is(err, store.ErrNotOurs), errors.Is(err, store.ErrNewer), errors.Is(err, store.ErrCorrupt), errors.Is(err, fs.ErrNotExist):
		return usage{err} // the file is wrong
	case err != nil:
		return err
	}
	erased := ""
	if got.Gone > 0 {
		erased = fmt.Sprintf("; %d of them were erased since, and are not restored", got.Gone)
	}
	_, err = fmt.Fprintf(e.stdout, "restored: %s%s\nNothing is sent before `klachtd recover` has looked through the mailbox.\n", holds(got), erased)
	return err
}
