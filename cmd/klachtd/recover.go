package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"klachtd/internal/config"
	"klachtd/internal/desk"
	"klachtd/internal/mailbox"
	"klachtd/internal/store"
)

type recoverCmd struct{ configured }

// Help is what `klachtd recover --help` says besides.
func (recoverCmd) Help() string {
	return `After a restore the database does not know what came in and what was sent since the backup was made. This looks through the folders of the mailbox and
through Sent: complaints are registered anew, with the number that they had where a mail tells it; what staff told klachtd by mail is not carried out
again; nobody is acknowledged twice. Where nobody can know whether somebody was written to, it becomes a task. The daemon must be stopped. Stopped
half-way it can be run again.`
}

// A recovering is one run of the verb.
type recovering struct {
	env    env
	cfg    config.Config
	db     *store.DB
	box    *mailbox.Mailbox
	desk   *desk.Desk
	step   func(string)
	clock  time.Time // zero: the one on the wall
	looked int
	what   string // is being done with them
	told   time.Time
}

// Run recovers.
func (c recoverCmd) Run(e env) (err error) {
	cfg, err := c.load(e)
	if err != nil {
		return err
	}
	if err := there(cfg); err != nil {
		return err
	}
	r := &recovering{env: e, cfg: cfg, step: failpoint()}
	defer func() { err = errors.Join(err, r.close()) }()
	if err := r.open(); err != nil {
		return err
	}
	if !r.db.Behind() {
		_, err := fmt.Fprintln(e.stdout, "nothing to recover: the database is as new as it ever was")
		return err
	}
	got, err := r.run(e.ctx)
	if errors.Is(err, context.Canceled) {
		return errors.New("stopped before the end; nothing is sent yet, run it again")
	} else if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.stdout, "%d messages looked at: %d cases made anew, %d with the number that they had; %d messages joined to cases; %d mails of ours known again; %d mails with commands not carried out again; %d letters that may have been sent, which are tasks now\n",
		r.looked, got.Cases, got.Kept, got.Joined, got.Sent, got.Commands, got.Unsure)
	return err
}

func (r *recovering) now() time.Time {
	if !r.clock.IsZero() {
		return r.clock
	}
	return r.env.now()
}

func (r *recovering) open() error {
	book, err := openBook(r.cfg)
	if err != nil {
		return err
	}
	if r.db, err = store.Open(storeOptions(r.cfg, true), r.now); err != nil {
		return err
	}
	since, err := startOf(r.db, r.cfg)
	if err != nil {
		return err
	}
	r.desk = desk.New(deskOptions(r.cfg, since, r.step), r.db, book, logger(r.cfg.Log, r.env.stderr))
	o, err := mailboxOptions(r.cfg, newLogins(r.env.now), since, r.step)
	if err != nil {
		return err
	}
	r.box, err = mailbox.New(o, mailbox.House{}, r.env.now, slog.New(slog.DiscardHandler))
	return err
}

func (r *recovering) close() error {
	r.screenEnd()
	var errs []error
	if r.box != nil {
		errs = append(errs, r.box.Close())
	}
	if r.db != nil {
		errs = append(errs, r.db.Close())
	}
	return errors.Join(errs...)
}

// run looks through the mailbox twice: what later messages say of a number must be
// known when the first one is registered. Sent comes last: what was sent belongs to
// cases that are there then.
func (r *recovering) run(ctx context.Context) (desk.Recovered, error) {
	found, err := r.desk.Recover(ctx)
	if err != nil {
		return desk.Recovered{}, err
	}
	r.step("recover: begun")
	err = r.through(ctx, found.Since(), func(filed bool, m mailbox.Delivery) error {
		return found.Learn(ctx, filed, m.Received, m.Raw)
	})
	if err != nil {
		return desk.Recovered{}, err
	}
	r.looked, r.what = 0, "registered"
	err = r.through(ctx, found.Since(), func(filed bool, m mailbox.Delivery) error {
		return found.Take(ctx, filed, m.Received, m.Raw, m.Partial)
	})
	if err != nil {
		return desk.Recovered{}, err
	}
	r.clock = found.Until()
	err = found.Catch(ctx)
	r.clock = time.Time{}
	if err != nil {
		return desk.Recovered{}, err
	}
	r.step("recover: caught up")
	got, err := found.Settle(ctx)
	if err != nil {
		return got, err
	}
	r.step("recover: settled")
	if _, err := r.desk.Attend(ctx); err != nil {
		return got, err
	}
	r.step("recover: attended")
	return got, r.db.Recovered(ctx, storeOptions(r.cfg, true))
}

// through hands over each message of the mailbox and of the folders of ours.
func (r *recovering) through(ctx context.Context, since time.Time, f func(filed bool, m mailbox.Delivery) error) error {
	for _, folder := range []string{"handled", "automatic", "spam", "quarantine", r.cfg.IMAP.Mailbox, r.cfg.IMAP.Folders.Sent} {
		filed := folder == "handled"
		err := r.box.Through(ctx, folder, since, func(m mailbox.Delivery) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			r.looked++
			r.tick()
			defer r.step("recover: looked")
			return f(filed, m)
		})
		if ctx.Err() != nil {
			return context.Canceled
		}
		if folder == r.cfg.IMAP.Folders.Sent && errors.Is(err, mailbox.ErrFolder) {
			fmt.Fprintln(r.env.stderr, "klachtd: no Sent folder was found; what was sent is not known from there (imap.folders.sent)")
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tick shows on a terminal how far it is, five times a second at most.
func (r *recovering) tick() {
	now := r.env.now()
	if !terminal(r.env.stderr) || now.Sub(r.told) < 200*time.Millisecond {
		return
	}
	r.told = now
	fmt.Fprintf(r.env.stderr, "\r\x1b[K%d messages %s", r.looked, cmp.Or(r.what, "read"))
}

func (r *recovering) screenEnd() {
	if !r.told.IsZero() {
		fmt.Fprint(r.env.stderr, "\r\x1b[K")
	}
}
