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

	"klachtd/internal/config"
	"klachtd/internal/mailbox"
	"klachtd/internal/message"
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
	tokens *logins // one for both servers, as the daemon has
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
	r := &checklist{w: e.stdout, tokens: newLogins(e.now)}
	r.ok("configuration: %s", cfg.Path)
	for _, w := range cfg.Warnings {
		r.warn("%s", w)
	}
	r.people(cfg)
	r.days(cfg, e.now())
	r.logins(cfg, e.now())
	if _, err := openBook(cfg); err != nil {
		r.bad("%v", err)
	} else {
		r.ok("templates: every one renders")
	}
	r.database(cfg)
	r.rights(cfg)
	box, err := mailboxOf(cfg, e, r.tokens)
	if err != nil {
		return err
	}
	defer box.Close()
	if err := c.servers(e, cfg, r, box); err != nil {
		return err
	}
	if r.errors > 0 {
		return fmt.Errorf("%d of these points must be mended first", r.errors)
	}
	return nil
}

// servers asks both. What refused us once is not asked again for another point: it
// counts refusals (security.md 39).
func (c checkCmd) servers(e env, cfg config.Config, r *checklist, box *mailbox.Mailbox) error {
	read, send := r.imap(e, cfg, box), r.smtp(e, cfg)
	if !read {
		box = nil
	}
	r.authentication(e.ctx, cfg, box)
	switch {
	case c.Probe == "":
		return nil
	case !(message.Address{Address: c.Probe}).Valid():
		return usage{fmt.Errorf("--probe: %q: %w", c.Probe, errProbe)}
	case !read || !send:
		r.warn("probe: not sent: mend first what is said above of imap and smtp")
		return nil
	}
	return c.probe(e, cfg, r, box)
}

// mailboxOf is a mailbox to look at, with nobody behind it to hand messages to.
func mailboxOf(cfg config.Config, e env, l *logins) (*mailbox.Mailbox, error) {
	since := midnight(e.now().In(cfg.Academy.Zone))
	if !cfg.IMAP.Since.IsZero() {
		since = cfg.IMAP.Since.In(cfg.Academy.Zone)
	}
	o, err := mailboxOptions(cfg, l, since, nil)
	if err != nil {
		return nil, err
	}
	return mailbox.New(o, mailbox.House{}, e.now, slog.New(slog.DiscardHandler))
}

// imap says what the mailbox is like; false when it could not be looked at.
func (r *checklist) imap(e env, cfg config.Config, box *mailbox.Mailbox) bool {
	ctx, cancel := context.WithTimeout(e.ctx, checkTime)
	defer cancel()
	found, err := box.Check(ctx)
	if err != nil {
		r.bad("imap: %v", err)
		return false
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
	switch {
	case cfg.IMAP.Folders.Sent != "":
	case found.Sent != "":
		r.ok("folder: %s is where the server keeps what was sent", found.Sent)
	default:
		r.warn("folder: the server marks none as Sent; name it: imap.folders.sent")
	}
	stays := "erased messages stay"
	if !found.Move {
		stays = "handled and erased messages stay"
	}
	for _, cap := range []struct {
		name, without string
		has           bool
	}{
		{"IDLE", fmt.Sprintf("new mail is noticed at the next poll, every %s", cfg.IMAP.Poll), found.Idle},
		{"MOVE", "messages are copied and then removed", found.Move},
		{"UIDPLUS", stays + " in the mailbox, marked as deleted, until another program removes them", found.UIDPlus},
	} {
		if !cap.has {
			r.warn("imap: the server has no %s: %s", cap.name, cap.without)
		}
	}
	r.future(found.Newest, e.now())
	return true
}

// smtp logs in and reads the server's clock; false when nothing can be sent.
func (r *checklist) smtp(e env, cfg config.Config) bool {
	ctx, cancel := context.WithTimeout(e.ctx, checkTime)
	defer cancel()
	server, err := serverOf(cfg, r.tokens)
	if err == nil {
		err = server.Check(ctx)
	}
	if err != nil {
		r.bad("smtp: %v", err)
		return false
	}
	r.ok("smtp: %s", cmp.Or(strings.TrimSpace("logged in at "+cfg.SMTP.Host), "connected"))
	before := e.now()
	if at, err := server.Clock(ctx); err == nil && !at.IsZero() {
		r.apart("the SMTP server's", at, before, e.now())
	} else if err == nil {
		r.ok("clock: the SMTP server tells no time in its greeting; --probe compares with the mailbox's")
	}
	return true
}

var errProbe = errors.New("not an address that mail can be sent to")
