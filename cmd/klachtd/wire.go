package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"klachtd/internal/config"
	"klachtd/internal/deliver"
	"klachtd/internal/desk"
	"klachtd/internal/letter"
	"klachtd/internal/mailbox"
	"klachtd/internal/schedule"
	"klachtd/internal/store"
	"klachtd/internal/watch"
)

// A house is everything wired together.
type house struct {
	cfg      config.Config
	log      *slog.Logger
	db       *store.DB
	book     *letter.Book
	desk     *desk.Desk
	box      *mailbox.Mailbox
	worker   *deliver.Worker
	logins   *logins
	schedule *schedule.Schedule
	wall     func() time.Time
	step     func(string)
	watch    *watch.Watch
	door     *door         // of a house that is to take over: where figures will be asked for
	good     chan struct{} // rings after a good pass over the mailbox
	quiet    *time.Timer   // gives memory back a while after the last pass
	failed   chan error    // the first error after which nothing may go on
}

// build wires the house; with a house from before it shares the database, which that
// one keeps when building fails. now is the procedure's clock, wall the real one. It
// stays one straight function: the order is the order of the rooms.
func build(cfg config.Config, before *house, now, wall func() time.Time, log *slog.Logger) (h *house, err error) {
	h = &house{cfg: cfg, log: log, wall: wall, good: make(chan struct{}, 1), quiet: time.AfterFunc(calm, giveBack), failed: make(chan error, 1)}
	if before == nil {
		h.step, h.watch = failpoint(), watch.New(built(), wall)
	} else {
		h.step, h.watch = before.step, before.watch
	}
	defer func() {
		switch {
		case err != nil && before != nil:
			err = errors.Join(err, h.leave())
		case err != nil:
			err = errors.Join(err, h.close())
		}
	}()
	if h.book, err = openBook(cfg); err != nil {
		return h, err
	}
	if before != nil {
		h.db = before.db
	} else if h.db, err = store.Open(storeOptions(cfg, true), now); err != nil {
		return h, err
	}
	since, err := startOf(h.db, cfg)
	if err != nil {
		return h, err
	}
	step := heard(h.watch, h.step)
	options := deskOptions(cfg, since, step)
	options.Counted = tallied(h.watch)
	options.Clear = func(ctx context.Context, what desk.Hunt, by desk.Hunter) (desk.Hunted, error) {
		return clearing(ctx, h.box, cfg, what, by)
	}
	h.desk = desk.New(options, h.db, h.book, log)

	h.logins = newLogins(wall)
	box, err := mailboxOptions(cfg, h.logins, since, step)
	if err != nil {
		return h, err
	}
	box.Passed = h.passed(watch.IMAP, "mailbox")
	if h.box, err = mailbox.New(box, h.hands(), wall, log); err != nil {
		return h, err
	}
	server, err := serverOf(cfg, h.logins)
	if err != nil {
		return h, err
	}
	h.worker = deliver.New(deliver.Options{Server: server, MaxConnections: cfg.SMTP.MaxConnections,
		PerMinute: cfg.SMTP.PerMinute, InSent: h.inSent(), Keep: keeps(cfg.SMTP), Step: step, Passed: h.passed(watch.SMTP, "deliver"), Told: posted(h.watch)}, h.db, now, wall, log)

	h.schedule, err = schedule.New(h.jobs(), cfg.Academy.Zone, h.memory(), now, log)
	return h, err
}

// jobs are what is done at its hour; nothing while the database is older than it once
// was: it would be done a second time (security.md 42).
func (h *house) jobs() []schedule.Job {
	if h.db.Behind() {
		h.log.Error("the database is older than it once was: messages are registered, nothing is sent, erased or due, until `klachtd recover`")
		return nil
	}
	at := h.cfg.Schedule
	return []schedule.Job{
		{Name: desk.Deadlines, Spec: at.Deadlines, Run: h.desk.Remind},
		{Name: desk.Delays, Spec: at.Delays, Run: h.desk.Tick},
		{Name: desk.Survey, Spec: at.Survey, Run: h.desk.Survey},
		{Name: desk.Digest, Spec: at.Digest, Run: h.desk.Digest},
		{Name: desk.Retention, Spec: at.Retention, Run: h.retain},
	}
}

// retain is the job `retention`, which removes old copies of the keys too (security.md 26).
func (h *house) retain(ctx context.Context, scheduled time.Time) error {
	return errors.Join(h.desk.Retain(ctx, scheduled), h.db.PruneKeys(scheduled.AddDate(0, 0, -h.cfg.Backup.KeepDays)))
}

// passed notes how a pass with a server ended, and that its loop is alive.
func (h *house) passed(p watch.Peer, loop string) func(error) {
	return func(err error) {
		h.watch.Passed(p, err)
		h.watch.Heard(loop)
		h.quiet.Reset(calm)
		if p != watch.IMAP || err != nil {
			return
		}
		select {
		case h.good <- struct{}{}:
		default:
		}
	}
}

func (h *house) close() error {
	err := h.leave()
	if h.db != nil {
		err = errors.Join(err, h.db.Close())
	}
	return err
}

// leave is close without the database, which a next house goes on with.
func (h *house) leave() error {
	h.quiet.Stop()
	var errs []error
	if h.box != nil {
		errs = append(errs, h.box.Close())
	}
	if h.desk != nil {
		errs = append(errs, h.desk.Leave(context.Background()))
	}
	return errors.Join(errs...)
}

// hands are what the mailbox may ask of the desk and the store.
func (h *house) hands() mailbox.House {
	return mailbox.House{
		Unseen: func(ctx context.Context, b mailbox.Box, uids []uint32) ([]uint32, []uint32, error) {
			fresh, suspects, err := h.desk.Unseen(ctx, store.Box(b), uids)
			return fresh, suspects, h.grave(err)
		},
		Receive: func(ctx context.Context, b mailbox.Box, batch []mailbox.Delivery) (func() error, error) {
			in := make([]desk.Delivery, len(batch))
			for i, m := range batch {
				in[i] = desk.Delivery{UID: m.UID, Received: m.Received, Raw: m.Raw, Partial: m.Partial}
			}
			register, err := h.desk.Receive(ctx, store.Box(b), in)
			return func() error {
				err := h.grave(register())
				if err == nil {
					h.watch.Count(watch.Fetched, len(in))
				}
				return err
			}, h.grave(err)
		},
		ToFile: func(ctx context.Context, b mailbox.Box) ([]mailbox.Filing, error) {
			var list []mailbox.Filing
			err := h.db.ToFile(ctx, store.Box(b), func(uid uint32, folder string) {
				list = append(list, mailbox.Filing{UID: uid, Folder: folder})
			})
			return list, h.grave(err)
		},
		Filed: func(ctx context.Context, b mailbox.Box, uids []uint32) error {
			err := h.grave(h.db.Filed(ctx, store.Box(b), uids))
			if err == nil {
				h.watch.Count(watch.Filed, len(uids))
			}
			return err
		},
	}
}

// grave passes an error on, and ends the process when the database itself
// fails for another reason than that there is no room or it is being used: what
// is not surely on disk must not be built on (security.md 40).
func (h *house) grave(err error) error {
	var fatal store.Fatal
	if errors.As(err, &fatal) && !errors.Is(err, store.ErrFull) && !errors.Is(err, store.ErrInUse) && !errors.Is(err, context.Canceled) {
		select {
		case h.failed <- err:
		default:
		}
	}
	return err
}

func (h *house) memory() schedule.Memory {
	return schedule.Memory{
		Last: func(ctx context.Context, name string) (at time.Time, ran bool, err error) {
			h.watch.Heard("schedule")
			err = h.db.View(ctx, func(tx *store.Tx) error {
				run, found, err := tx.JobRun(name)
				at, ran = run.Scheduled, found
				return err
			})
			return at, ran, err
		},
		Note: func(ctx context.Context, name string, at time.Time) error {
			return h.db.Update(ctx, func(tx *store.Tx) error { return tx.SetJobRun(name, at) })
		},
	}
}

// inSent looks for an uncertain letter where the server keeps copies by itself;
// elsewhere the Sent folder proves nothing (security.md 37).
func (h *house) inSent() func(context.Context, string) (bool, error) {
	if !keepsSent(h.cfg.SMTP.Host) {
		return nil
	}
	return func(ctx context.Context, id string) (bool, error) {
		n, err := h.box.Search(ctx, h.cfg.IMAP.Folders.Sent, id)
		return n > 0, err
	}
}
