package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"klachtd/internal/config"
	"klachtd/internal/export"
	"klachtd/internal/store"
)

type exportCmd struct {
	configured
	Number string `arg:"" help:"The case, like K2026-482935."`
	Out    string `short:"o" required:"" placeholder:"FILE.zip" help:"What to write; a file that is there already is left alone."`
	Notes  bool   `help:"Also the notes of staff among themselves."`
	Force  bool   `help:"Overwrite FILE.zip when it is there."`
}

// Run writes one dossier for the person it is about, beside a running daemon. That
// is on record before the file is in its place, so that it is removed with the case.
func (c exportCmd) Run(e env) error {
	cfg, err := c.load(e)
	if err != nil {
		return err
	}
	out, err := filepath.Abs(c.Out)
	if err != nil {
		return usage{fmt.Errorf("-o %s: %w", clean(c.Out), err)}
	}
	if err := c.free(out); err != nil {
		return err
	}
	db, err := openExisting(cfg, e)
	if err != nil {
		return err
	}
	if err := errors.Join(c.write(e, cfg, db, out), db.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "%s is written; read %s in it before it goes to anybody\n", clean(c.Out), export.PeopleName)
	return err
}

// write makes the file beside its name, puts it on record, and gives it its name.
func (c exportCmd) write(e env, cfg config.Config, db *store.DB, out string) error {
	temp, err := os.CreateTemp(filepath.Dir(out), ".klachtd-*") // 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", clean(c.Out), err)
	}
	defer os.Remove(temp.Name()) // once it has its name this finds nothing, or its other name
	hash, id := sha256.New(), int64(0)
	err = db.View(e.ctx, func(tx *store.Tx) error {
		k, err := known(tx, c.Number)
		if err != nil {
			return err
		}
		id = k.ID
		d, err := exported(tx, k, cfg, c.Notes)
		if err != nil {
			return err
		}
		return d.Write(io.MultiWriter(temp, hash))
	})
	if err = errors.Join(err, temp.Sync(), temp.Close()); err == nil {
		err = db.Update(e.ctx, func(tx *store.Tx) error {
			return tx.AddExport(id, store.Export{Path: out, SHA256: hash.Sum(nil)})
		})
	}
	if err == nil {
		err = c.place(temp.Name(), out)
	}
	if err != nil {
		return err
	}
	return db.View(context.WithoutCancel(e.ctx), func(tx *store.Tx) error {
		_, there, err := tx.Case(id)
		if err == nil && !there { // erased between the record and the name: nobody else will find the file
			err = errors.Join(errors.New("the case was erased meanwhile"), os.Remove(out))
		}
		return err
	})
}

// free refuses a name that is taken.
func (c exportCmd) free(out string) error {
	if _, err := os.Lstat(out); err == nil && !c.Force {
		return fmt.Errorf("%s is there already; name another file, or say --force", clean(c.Out))
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("write %s: %w", clean(c.Out), err)
	}
	return nil
}

// place gives the finished file its name. A link fails when somebody has taken the
// name meanwhile; where the disk knows no links it is looked at once more.
func (c exportCmd) place(temp, out string) error {
	if !c.Force {
		err := os.Link(temp, out)
		if err == nil {
			return nil
		}
		if taken := c.free(out); taken != nil {
			return taken
		}
	}
	if err := os.Rename(temp, out); err != nil {
		return fmt.Errorf("write %s: %w", clean(c.Out), err)
	}
	return nil
}

// unlinkExport removes an export of a case that is erased, when it is the very file
// that was written there.
func unlinkExport(path string, sum []byte) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil || !bytes.Equal(hash.Sum(nil), sum) {
		return false
	}
	return os.Remove(path) == nil
}
