package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"klachtd/internal/config"
	"klachtd/internal/letter"
	"klachtd/internal/mailbox"
	"klachtd/internal/message"
)

// probe sends one mail and looks for it: does the server let us, does the
// Message-ID survive, does Sent hold it once, and which profile fits: the probe's
// own headers when it comes back to us, else those of a reply.
func (c checkCmd) probe(e env, cfg config.Config, r *checklist, box *mailbox.Mailbox) error {
	if !(message.Address{Address: c.Probe}).Valid() {
		return usage{fmt.Errorf("--probe: %q: %w", c.Probe, errProbe)}
	}
	from := cfg.SMTP.From.Address
	_, host, _ := strings.Cut(from, "@")
	id, err := letter.NewID(rand.Reader, host)
	if err != nil {
		return err
	}
	server, err := serverOf(cfg, newLogins(e.now))
	if err != nil {
		return err
	}
	words, err := server.Send(e.ctx, from, c.Probe, probeMail(from, c.Probe, id, e.now()))
	if err != nil {
		r.bad("probe: sending is not allowed or failed: %v", err)
		return nil
	}
	r.ok("probe: accepted (%s)", words)
	if slices.Contains(cfg.Own(), strings.ToLower(c.Probe)) {
		c.arrived(e.ctx, cfg, r, box, id)
	} else {
		c.answered(e.ctx, cfg, r, box, id)
	}
	r.inSent(e.ctx, cfg, box, id)
	return nil
}

// arrived looks at the probe where it comes back to us.
func (c checkCmd) arrived(ctx context.Context, cfg config.Config, r *checklist, box *mailbox.Mailbox, id string) {
	switch raw, err := look(ctx, cfg, box, mailbox.Sought{MessageID: id, Latest: 1}, c.Wait); {
	case err != nil:
		r.warn("probe: the mailbox could not be looked at: %v", err)
	case raw == nil:
		r.warn("probe: not seen in %s within %s under the Message-ID it was given; if it is there, the server replaces Message-IDs", cfg.IMAP.Mailbox, c.Wait)
	default:
		r.ok("probe: arrived in %s with the Message-ID it was given", cfg.IMAP.Mailbox)
		r.fits(ctx, cfg, "it", raw)
	}
}

// answered looks at the reply of whoever has the address.
func (c checkCmd) answered(ctx context.Context, cfg config.Config, r *checklist, box *mailbox.Mailbox, id string) {
	r.ok("probe: answer that mail within %s (--wait) to see which profile fits; a klachtd that runs takes the answer for a message to handle", c.Wait)
	switch raw, err := look(ctx, cfg, box, mailbox.Sought{Answers: id, Latest: 1}, c.Wait); {
	case err != nil:
		r.warn("probe: the mailbox could not be looked at: %v", err)
	case raw == nil:
		r.warn("probe: no reply to it in %s within %s", cfg.IMAP.Mailbox, c.Wait)
	default:
		r.fits(ctx, cfg, "the reply", raw)
	}
}

// inSent says how often Sent holds the probe.
func (r *checklist) inSent(ctx context.Context, cfg config.Config, box *mailbox.Mailbox, id string) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	n, err := box.Search(ctx, cfg.IMAP.Folders.Sent, id)
	switch {
	case err != nil:
		r.warn("probe: Sent could not be looked at: %v", err)
	case n == 0:
		r.ok("probe: the server keeps no copy in Sent by itself")
	case n == 1:
		r.ok("probe: Sent holds it once")
	default:
		r.warn("probe: Sent holds it %d times; set smtp.save_sent: no", n)
	}
}

// look waits for a message, wherever a klachtd that runs may have put it meanwhile;
// nil when the time is up. It does not try again after an error: a refused login
// is not for knocking on.
func look(ctx context.Context, cfg config.Config, box *mailbox.Mailbox, what mailbox.Sought, wait time.Duration) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, wait+checkTime)
	defer cancel()
	patience := time.NewTimer(wait)
	defer patience.Stop()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		for _, folder := range []string{cfg.IMAP.Mailbox, "handled", "automatic"} {
			list, err := box.Look(ctx, folder, what)
			if err != nil {
				return nil, err
			}
			if len(list) > 0 {
				return list[len(list)-1], nil
			}
		}
		select {
		case <-patience.C:
			return nil, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
		}
	}
}

// probeMail is made of fixed words; both addresses are of the strict grammar.
func probeMail(from, to, id string, now time.Time) []byte {
	return fmt.Appendf(nil, "From: <%s>\r\nTo: <%s>\r\nSubject: klachtd probe\r\nDate: %s\r\nMessage-ID: <%s>\r\n"+
		"Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"+
		"This is a test of the complaints mailbox. Nothing needs to be done; an answer is looked at for the marks that mail servers put on it.\r\n", from, to, now.Format(time.RFC1123Z), id)
}
