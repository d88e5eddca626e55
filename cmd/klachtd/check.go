package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/config"
	"klachtd/internal/mailbox"
	"klachtd/internal/schedule"
	"klachtd/internal/store"
)

type checkCmd struct {
	configured
	Probe string        `placeholder:"ADDRESS" help:"Send one mail there and see what becomes of it."`
	Wait  time.Duration `default:"30s" help:"How long to wait for the probe, or an answer to it, to arrive."`
}

// checkTime bounds one point that asks a server.
const checkTime = time.Minute

// A checklist prints points as they are found.
type checklist struct {
	w      io.Writer
	errors int
}

func (r *checklist) ok(format string, args ...any)   { r.point("ok", format, args...) }
func (r *checklist) warn(format string, args ...any) { r.point("warning", format, args...) }
func (r *checklist) bad(format string, args ...any) {
	r.errors++
	r.point("error", format, args...)
}

func (r *checklist) point(kind, format string, args ...any) {
	text := clean(fmt.Sprintf(format, args...))
	fmt.Fprintf(r.w, "%-8s %s\n", kind, strings.ReplaceAll(text, "\n", "\n         "))
}

// Run says of each point whether it can work.
func (c checkCmd) Run(e env) error {
	cfg, err := c.load(e)
	if err != nil {
		return err
	}
	r := &checklist{w: e.stdout}
	r.ok("configuration: %s", cfg.Path)
	for _, w := range cfg.Warnings {
		r.warn("%s", w)
	}
	r.people(cfg)
	r.days(cfg, e.now())
	if _, err := openBook(cfg); err != nil {
		r.bad("%v", err)
	} else {
		r.ok("templates: every one renders")
	}
	r.database(cfg)
	box, err := mailboxOf(cfg, e)
	if err != nil {
		return err
	}
	defer box.Close()
	r.imap(e.ctx, cfg, box)
	r.smtp(e, cfg)
	r.authentication(e.ctx, cfg, box)
	if c.Probe != "" {
		if err := c.probe(e, cfg, r, box); err != nil {
			return err
		}
	}
	if r.errors > 0 {
		return fmt.Errorf("%d of these points must be mended first", r.errors)
	}
	return nil
}

func (r *checklist) people(cfg config.Config) {
	if _, ok := cfg.Deputy(); ok {
		r.ok("staff: %d, with a deputy for the directeur", len(cfg.Staff))
	} else {
		r.warn("staff: nobody stands in for the directeur; set deputy: true on one of them, for complaints about the directeur")
	}
	for _, b := range cfg.Procedure.ExternalBodies {
		if b.VerifiedOn.IsZero() {
			r.warn("external body %s: never verified; look at its address and fee and set verified_on", b.Name)
		}
	}
}

// days shows what zone, holidays and schedule come to.
func (r *checklist) days(cfg config.Config, now time.Time) {
	p := policy(cfg)
	today := complaint.DayOf(now, p.Zone)
	free := today
	for p.Holiday != nil && !p.Holiday(free) && free < today.Add(400) {
		free = free.Add(1)
	}
	r.ok("clock: %s; the next public holiday is %s", now.In(p.Zone).Format("2006-01-02 15:04 MST"), free)
	if next, err := schedule.Next(cfg.Schedule.Deadlines, now, p.Zone); err == nil {
		r.ok("schedule: reminders next at %s", next.Format("2006-01-02 15:04 MST"))
	}
}

// little is how much room on the disk is worth a warning.
const little = 500 << 20

func (r *checklist) database(cfg config.Config) {
	s, err := store.Look(storeOptions(cfg, false))
	switch {
	case err != nil:
		r.bad("database: %v", err)
		return
	case !s.Exists:
		r.ok("database: %s will be made at the first start", cfg.Database.Path)
	case s.InUse:
		r.ok("database: %s, schema %d; a klachtd is at work on it", cfg.Database.Path, s.Version)
	default:
		r.ok("database: %s, schema %d", cfg.Database.Path, s.Version)
	}
	if s.Behind {
		r.bad("database: it is older than it once was; messages are registered, and nothing is sent before `klachtd recover`")
	}
	if s.Free > 0 && s.Free < little {
		r.warn("disk: only %d MB free for the database", s.Free>>20)
	}
}

// mailboxOf is a mailbox to look at, with nobody behind it to hand messages to.
func mailboxOf(cfg config.Config, e env) (*mailbox.Mailbox, error) {
	since := midnight(e.now().In(cfg.Academy.Zone))
	if !cfg.IMAP.Since.IsZero() {
		since = cfg.IMAP.Since.In(cfg.Academy.Zone)
	}
	o, err := mailboxOptions(cfg, newLogins(e.now), since, nil)
	if err != nil {
		return nil, err
	}
	return mailbox.New(o, mailbox.House{}, e.now, slog.New(slog.DiscardHandler))
}

func (r *checklist) imap(ctx context.Context, cfg config.Config, box *mailbox.Mailbox) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	found, err := box.Check(ctx)
	if err != nil {
		r.bad("imap: %v", err)
		return
	}
	r.ok("imap: logged in at %s; %s holds %d messages, %d of them new enough to be handled", cfg.IMAP.Host, cfg.IMAP.Mailbox, found.Messages, found.Recent)
	if found.Recent > cfg.Limits.Burst {
		r.warn("imap: more than limits.burst (%d) new messages: their acknowledgements will be held until `klachtd release`", cfg.Limits.Burst)
	}
	for _, f := range found.Folders {
		if f.Exists {
			r.ok("folder: %s is there", f.Name)
		} else {
			r.ok("folder: %s will be made", f.Name)
		}
	}
	for _, cap := range []struct {
		name, without string
		has           bool
	}{
		{"IDLE", fmt.Sprintf("new mail is noticed at the next poll, every %s", cfg.IMAP.Poll), found.Idle},
		{"MOVE", "messages are copied and then removed", found.Move},
		{"UIDPLUS", "without MOVE, handled messages stay in the mailbox, marked as deleted", found.UIDPlus || found.Move},
	} {
		if !cap.has {
			r.warn("imap: the server has no %s: %s", cap.name, cap.without)
		}
	}
}

func (r *checklist) smtp(e env, cfg config.Config) {
	server, err := serverOf(cfg, newLogins(e.now))
	if err == nil {
		ctx, cancel := context.WithTimeout(e.ctx, checkTime)
		defer cancel()
		err = server.Check(ctx)
	}
	if err != nil {
		r.bad("smtp: %v", err)
		return
	}
	r.ok("smtp: %s", cmp.Or(strings.TrimSpace("logged in at "+cfg.SMTP.Host), "connected"))
}

var errProbe = errors.New("not an address that mail can be sent to")
