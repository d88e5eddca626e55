package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"klachtd/internal/config"
	"klachtd/internal/desk"
	"klachtd/internal/store"
)

type releaseCmd struct{ configured }

// Run lets held acknowledgements go, beside a running daemon.
func (c releaseCmd) Run(e env) error {
	cfg, err := c.load(e)
	if err != nil {
		return err
	}
	db, err := openExisting(cfg, e)
	if err != nil {
		return err
	}
	book, err := openBook(cfg)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	d := desk.New(deskOptions(cfg, e.now(), func(string) {}), db, book, logger(cfg.Log, e.stderr))
	n, err := d.Release(e.ctx)
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "%d acknowledgements released\n", n)
	return err
}

// openExisting opens a database that must be there already, without the lock:
// the short verbs work beside the daemon.
func openExisting(cfg config.Config, e env) (*store.DB, error) {
	if err := there(cfg); err != nil {
		return nil, err
	}
	return store.Open(storeOptions(cfg, false), e.now)
}

// there is an error when there is no database yet.
func there(cfg config.Config) error {
	if _, err := os.Stat(cfg.Database.Path); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: there is no database yet; it is made by `klachtd run` or `klachtd cycle`", cfg.Database.Path)
	}
	return nil
}

// view opens the database for reading and runs f.
func view(cfg config.Config, e env, f func(*store.Tx) error) error {
	db, err := openExisting(cfg, e)
	if err != nil {
		return err
	}
	return errors.Join(db.View(context.Background(), f), db.Close())
}
