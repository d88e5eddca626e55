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

// A probing is one probe that was sent.
type probing struct {
	checkCmd
	*checklist
	cfg  config.Config
	box  *mailbox.Mailbox
	now  func() time.Time
	id   string
	sent time.Time
}

// probe sends one mail and looks for it: does the server let us, does the
// Message-ID survive, does Sent hold it once, and which profile fits: the probe's
// own headers when it comes back to us, else those of a reply.
func (c checkCmd) probe(e env, cfg config.Config, r *checklist, box *mailbox.Mailbox) error {
	from := cfg.SMTP.From.Address
	_, host, _ := strings.Cut(from, "@")
	id, err := letter.NewID(rand.Reader, host)
	if err != nil {
		return err
	}
	server, err := serverOf(cfg, r.tokens)
	if err != nil {
		return err
	}
	p := probing{checkCmd: c, checklist: r, cfg: cfg, box: box, now: e.now, id: id, sent: e.now()}
	words, err := server.Send(e.ctx, from, c.Probe, probeMail(from, c.Probe, id, p.sent))
	if err != nil {
		r.bad("probe: sending is not allowed or failed: %v; check that smtp.username may send as smtp.from", err)
		return nil
	}
	r.ok("probe: accepted (%s)", words)
	own := slices.Contains(cfg.Own(), strings.ToLower(c.Probe))
	if !own {
		r.ok("probe: answer that mail within %s (--wait) to see which profile fits; a klachtd that runs takes the answer for a message to handle", c.Wait)
	}
	p.seen(e.ctx, own)
	p.inSent(e.ctx)
	return nil
}

// seen looks at what comes of the probe in the mailbox: itself, or an answer.
func (p probing) seen(ctx context.Context, own bool) {
	g, err := p.look(ctx)
	switch {
	case err != nil:
		p.warn("probe: the mailbox could not be looked at: %v", err)
		return
	case g == nil && own:
		p.warn("probe: not seen in %s within %s; look where it went: a filter of the server, the folder for spam", p.cfg.IMAP.Mailbox, p.Wait)
		return
	case g == nil:
		p.warn("probe: no reply to it in %s within %s", p.cfg.IMAP.Mailbox, p.Wait)
		return
	}
	p.apart("the mail server's", g.Received, p.sent, p.now())
	m := message.Parse(g.Raw)
	if len(m.From) != 1 || !strings.EqualFold(m.From[0].Address, p.cfg.SMTP.From.Address) || len(m.InReplyTo) > 0 {
		p.fits(ctx, p.cfg, "the reply", g.Raw)
		return
	}
	if !own {
		p.warn("probe: %s leads to our own mailbox; name it in imap.addresses, or what is written to it is not acknowledged", p.Probe)
	}
	if m.MessageID == p.id {
		p.ok("probe: arrived in %s with the Message-ID it was given", p.cfg.IMAP.Mailbox)
	} else {
		p.warn("probe: arrived in %s, and the server has replaced the Message-ID; answers are told by References instead, which it left", p.cfg.IMAP.Mailbox)
	}
	p.fits(ctx, p.cfg, "it", g.Raw)
}

// sentShown bounds how many copies of one probe are counted.
const sentShown = 10

// inSent says how often Sent holds the probe.
func (p probing) inSent(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	list, err := p.box.Look(ctx, p.cfg.IMAP.Folders.Sent, mailbox.Sought{Answers: p.id, Latest: sentShown})
	replaced := slices.ContainsFunc(list, func(g mailbox.Glimpse) bool { return message.Parse(g.Raw).MessageID != p.id })
	if err != nil {
		p.warn("probe: Sent could not be looked at: %v", err)
		return
	}
	p.copies(p.cfg.SMTP, len(list), replaced)
}

// copies says what it means for smtp.save_sent that the server has put a mail into
// Sent n times by itself, or not.
func (r *checklist) copies(s config.SMTP, n int, replaced bool) {
	ours := keeps(s) != nil
	switch {
	case replaced:
		r.warn("probe: Sent holds it under another Message-ID: whether an uncertain letter went out cannot be seen there, and is left to a person")
		if ours {
			r.warn("probe: the server puts what is sent into Sent by itself; set smtp.save_sent: no, or copies are double")
		}
	case n == 0 && ours:
		r.ok("probe: the server keeps no copy in Sent by itself; klachtd puts letters with content there")
	case n == 0 && s.SaveSent == config.SaveNo:
		r.ok("probe: the server keeps no copy in Sent by itself, and smtp.save_sent is no")
	case n == 0:
		r.warn("probe: the server keeps no copy in Sent by itself, though this provider is known to; if Sent stays empty, set smtp.save_sent: yes")
	case n > 1:
		r.warn("probe: Sent holds it %d times, and none of them is ours; look for a rule of the server that copies what is sent, and set smtp.save_sent: no", n)
	case ours:
		r.warn("probe: Sent holds it once, put there by the server; set smtp.save_sent: no, or copies may be double")
	default:
		r.ok("probe: Sent holds it once")
	}
}

// look waits for the probe or an answer to it, wherever a klachtd that runs may have
// put it meanwhile; nil when the time is up. Both name the probe in References. It
// does not try again after an error: a refused login is not for knocking on.
func (p probing) look(ctx context.Context) (*mailbox.Glimpse, error) {
	ctx, cancel := context.WithTimeout(ctx, p.Wait+checkTime)
	defer cancel()
	patience := time.NewTimer(p.Wait)
	defer patience.Stop()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		for _, folder := range []string{p.cfg.IMAP.Mailbox, "handled", "automatic"} {
			list, err := p.box.Look(ctx, folder, mailbox.Sought{Answers: p.id, Latest: 1})
			if err != nil {
				return nil, err
			}
			if len(list) > 0 {
				return &list[0], nil
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

// probeMail is made of fixed words; both addresses are of the strict grammar. Like
// every mail of ours it names its own id in References, which servers leave alone.
func probeMail(from, to, id string, now time.Time) []byte {
	return fmt.Appendf(nil, "From: <%[1]s>\r\nTo: <%[2]s>\r\nSubject: klachtd probe\r\nDate: %[3]s\r\nMessage-ID: <%[4]s>\r\nReferences: <%[4]s>\r\n"+
		"Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"+
		"This is a test of the complaints mailbox. Nothing needs to be done; an answer is looked at for the marks that mail servers put on it.\r\n", from, to, now.Format(time.RFC1123Z), id)
}
