package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"klachtd/internal/archive"
	"klachtd/internal/config"
	"klachtd/internal/desk"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

type importCmd struct {
	configured
	DryRun bool     `name:"dry-run" help:"Say for each message what would become of it, and why. Changes nothing."`
	JSON   bool     `name:"json" help:"Print one JSON object a message."`
	Paths  []string `arg:"" help:"An .eml file, a Maildir, an mbox, or a folder with any of them." placeholder:"PATH"`
}

// Help is what `klachtd import --help` says besides.
func (importCmd) Help() string {
	return `A complaint is registered with the day on which it arrived: that of its newest Received field, else its Date. What is older than 48 hours or than
imap.since is registered and nothing more: no acknowledgement, no notice, no copy, and no reminder of a term that is over already; ` + "`klachtd cases`" + ` shows it.
Terms that still run are watched. About what is younger everybody hears as usual, from the daemon. No command is run. A message that is known already is
left as it is, so an import that was stopped can be run again, beside the daemon too.

Drafts, deleted messages and copies of mail that we sent are left alone. Look at --dry-run first, and name the folders that hold mail of the mailbox
rather than all folders: spam that no server has marked looks like a complaint.`
}

// What of an archive is in memory at once (security.md 4, 5).
const (
	batchMessages = 50
	batchBytes    = 2 << 20
	headBytes     = 512 << 10
)

// An importing is one run of the verb.
type importing struct {
	env      env
	cmd      importCmd
	cfg      config.Config
	take     *desk.Import
	screen   *importScreen
	batch    []desk.Archived
	from     []archive.Message // of the batch, without the bytes
	bytes    int
	problems []error
	strange  int // files that are no mail
}

// Run imports, or says what importing would do.
func (c importCmd) Run(e env) error {
	cfg, err := c.load(e)
	if err != nil {
		return err
	}
	log := logger(cfg.Log, e.stderr)
	db, d, err := c.open(e, cfg, log)
	if err != nil {
		return err
	}
	i := &importing{env: e, cmd: c, cfg: cfg, take: d.Import(c.DryRun), screen: newImportScreen(e, c, cfg.Academy.Zone)}
	err = i.run()
	if db != nil {
		err = errors.Join(err, db.Close())
	}
	return err
}

// open wires what is needed. A dry run opens nothing for writing, and does
// without a database where there is none yet.
func (c importCmd) open(e env, cfg config.Config, log *slog.Logger) (db *store.DB, d *desk.Desk, err error) {
	defer func() {
		if err != nil && db != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	if c.DryRun {
		var since time.Time
		if db, since, err = openDry(e, cfg); err != nil {
			return db, nil, err
		}
		return db, desk.New(deskOptions(cfg, since, nil), db, nil, log), nil
	}
	book, err := openBook(cfg)
	if err != nil {
		return nil, nil, err
	}
	if db, err = store.Open(storeOptions(cfg, false), e.now); err != nil {
		return nil, nil, err
	}
	since, err := startOf(db, cfg)
	return db, desk.New(deskOptions(cfg, since, failpoint()), db, book, log), err
}

// openDry opens what there is for reading, and says from when on messages are new.
func openDry(e env, cfg config.Config) (db *store.DB, since time.Time, err error) {
	since = midnight(e.now().In(cfg.Academy.Zone)) // this would be the first start
	if info, err := os.Stat(cfg.Database.Path); err == nil && info.Size() > 0 {
		if db, err = store.OpenReader(storeOptions(cfg, false), e.now); err != nil {
			return nil, since, err
		}
		err = db.View(e.ctx, func(tx *store.Tx) error {
			first, err := tx.Started()
			if !first.IsZero() {
				since = midnight(first.In(cfg.Academy.Zone))
			}
			return err
		})
		if err != nil {
			return db, since, err
		}
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, since, err
	}
	if s := cfg.IMAP.Since; !s.IsZero() {
		since = s.In(cfg.Academy.Zone)
	}
	return db, since, nil
}

// run goes through all paths. What cannot be read or handled is named at the end;
// what was committed before an interruption stays.
func (i *importing) run() error {
	err := i.all()
	i.screen.end()
	if i.strange > 0 {
		fmt.Fprintf(i.env.stderr, "klachtd: %d other files left alone: no mail\n", i.strange)
	}
	if err == nil || errors.Is(err, context.Canceled) {
		err = errors.Join(err, i.screen.sum())
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("stopped before the end; what was taken in stays, and an import can be run again")
	}
	return errors.Join(append(i.problems, err)...)
}

func (i *importing) all() error {
	for _, path := range i.cmd.Paths {
		for m, err := range archive.Read(path, archive.Limits{Message: maxMessage, Head: headBytes}) {
			if i.env.ctx.Err() != nil {
				return context.Canceled
			}
			if err := i.one(m, err, path); err != nil {
				return err
			}
		}
	}
	return i.flush()
}

// one puts a message into the batch, and a full batch into the register.
func (i *importing) one(m archive.Message, err error, path string) error {
	switch {
	case errors.Is(err, archive.ErrUnknown) && filepath.Clean(m.File) != filepath.Clean(path):
		i.strange++
		return nil
	case err != nil:
		i.problems = append(i.problems, err)
		return nil
	case m.Left != "":
		if err := i.flush(); err != nil { // rows come in the order of the archive
			return err
		}
		return i.screen.show(m, desk.Fate{Became: desk.LeftAlone, Why: string(m.Left)})
	}
	if i.bytes+len(m.Raw) > batchBytes || len(i.batch) == batchMessages {
		if err := i.flush(); err != nil {
			return err
		}
	}
	i.batch = append(i.batch, desk.Archived{Received: m.Received, Kept: m.Kept, Raw: m.Raw, Partial: m.Partial})
	i.bytes += len(m.Raw)
	m.Raw = nil
	i.from = append(i.from, m)
	return nil
}

// patience is how often a database that somebody else writes to is waited for,
// five seconds each time.
const patience = 12

func (i *importing) flush() error {
	if len(i.batch) == 0 {
		return nil
	}
	var fates []desk.Fate
	var err error
	for range patience {
		fates, err = i.take.Take(i.env.ctx, i.env.now(), i.batch)
		if !errors.Is(err, store.ErrInUse) {
			break
		}
	}
	if err != nil {
		return err
	}
	for n, f := range fates {
		m := i.from[n]
		if f.Became == desk.Failed {
			i.problems = append(i.problems, fmt.Errorf("%s: %s", place(m), f.Why))
		}
		if err := i.screen.show(m, f); err != nil {
			return err
		}
	}
	clear(i.batch) // lets go of the bytes
	i.batch, i.from, i.bytes = i.batch[:0], i.from[:0], 0
	return nil
}

// place names a message for people: its file, and which one in an mbox.
func place(m archive.Message) string {
	if m.N == 0 {
		return m.File
	}
	return fmt.Sprintf("%s message %d", m.File, m.N)
}

// became are the words that are counted, in the order in which they are told.
var became = []route.What{route.Complaint, route.Followup, route.Note, route.Automatic, route.Bounce, route.Spam,
	route.Quarantined, route.Duplicate, desk.LeftAlone, desk.Failed}
