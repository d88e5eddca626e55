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
// Message-ID survive, does Sent hold it once.
func (c checkCmd) probe(e env, cfg config.Config, r *report, box *mailbox.Mailbox) error {
	if !(message.Address{Address: c.Probe}).Valid() {
		return usage{fmt.Errorf("--probe: %q: %w", c.Probe, errProbe)}
	}
	from := cfg.SMTP.From.Address
	_, host, _ := strings.Cut(from, "@")
	id, err := letter.NewID(rand.Reader, host)
	if err != nil {
		return err
	}
	server, err := serverOf(cfg)
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
		if find(e.ctx, box, cfg.IMAP.Mailbox, id, c.Wait) > 0 {
			r.ok("probe: arrived in %s with the Message-ID it was given", cfg.IMAP.Mailbox)
		} else {
			r.warn("probe: not seen in %s within %s under the Message-ID it was given; if it is there, the server replaces Message-IDs", cfg.IMAP.Mailbox, c.Wait)
		}
	}
	switch n := find(e.ctx, box, cfg.IMAP.Folders.Sent, id, 0); n {
	case 0:
		r.ok("probe: the server keeps no copy in Sent by itself")
	case 1:
		r.ok("probe: Sent holds it once")
	default:
		r.warn("probe: Sent holds it %d times; set smtp.save_sent: no", n)
	}
	return nil
}

// find looks for a Message-ID in a folder until it is there or the time is up.
func find(ctx context.Context, box *mailbox.Mailbox, folder, id string, wait time.Duration) int {
	ctx, cancel := context.WithTimeout(ctx, wait+checkTime)
	defer cancel()
	patience := time.NewTimer(wait)
	defer patience.Stop()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		n, err := box.Search(ctx, folder, id)
		if err == nil && n > 0 {
			return n
		}
		select {
		case <-patience.C:
			return 0
		case <-ctx.Done():
			return 0
		case <-tick.C:
		}
	}
}

// probeMail is made of fixed words; both addresses are of the strict grammar.
func probeMail(from, to, id string, now time.Time) []byte {
	return fmt.Appendf(nil, "From: <%s>\r\nTo: <%s>\r\nSubject: klachtd probe\r\nDate: %s\r\nMessage-ID: <%s>\r\n"+
		"Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"+
		"This is a test of the complaints mailbox. Nothing needs to be done.\r\n", from, to, now.Format(time.RFC1123Z), id)
}
