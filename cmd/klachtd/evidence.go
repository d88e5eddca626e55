package main

import (
	"context"
	"net"
	"slices"
	"strings"
	"time"

	"klachtd/internal/config"
	"klachtd/internal/mailbox"
	"klachtd/internal/message"
	"klachtd/internal/proof"
)

// dnsTime bounds one question for a key.
const dnsTime = 10 * time.Second

// evidenceOf is how the transport of a message is judged.
func evidenceOf(ctx context.Context, cfg config.Config) proof.Config {
	a := cfg.Authentication
	return proof.Config{Profile: proof.Profile(a.Profile), AuthservIDs: a.AuthservIDs, ReceivedAbove: a.ReceivedAbove,
		Domains: a.Domains, LookupTXT: func(name string) ([]string, error) {
			ctx, cancel := context.WithTimeout(ctx, dnsTime)
			defer cancel()
			return net.DefaultResolver.LookupTXT(ctx, name)
		}}
}

// senderOf says whose logins count for an address: a member of staff's own, and
// that of our mailbox.
func senderOf(cfg config.Config, address string) proof.Sender {
	s := proof.Sender{Address: address}
	if member, ok := cfg.StaffByAddress(address); ok {
		s.Logins = member.Addresses()
	}
	if slices.Contains(cfg.Own(), strings.ToLower(address)) {
		s.Logins = append(s.Logins, cfg.SMTP.Username)
	}
	return s
}

// recently is how many messages are looked at for the right received_above.
const recently = 20

// authentication looks at how commands are proven: forged headers must prove
// nothing, and recent mail must have its results where they are looked for; box is
// nil when there is none to look into.
func (r *checklist) authentication(ctx context.Context, cfg config.Config, box *mailbox.Mailbox) {
	e := evidenceOf(ctx, cfg)
	if e.Profile == proof.ProfileNone {
		r.ok("authentication: profile none: each command costs one mail more, to confirm it")
		return
	}
	e.LookupTXT = nil // the samples name keys that are not there
	passed, tried := 0, 0
	for _, member := range cfg.Staff {
		for _, raw := range proof.Forged(member.Email, e) {
			tried++
			if proof.Transport(raw, senderOf(cfg, member.Email), e).Evidence == proof.Pass {
				passed++
			}
		}
	}
	if passed > 0 {
		r.bad("authentication: %d of %d forged headers would pass profile %s; set authentication.profile: none", passed, tried, e.Profile)
		return
	}
	r.ok("authentication: profile %s; %d forged headers prove nothing", e.Profile, tried)
	if e.Profile != proof.ProfileRFC8601 || box == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	var mails []mailbox.Glimpse
	for _, folder := range []string{cfg.IMAP.Mailbox, "handled"} {
		list, err := box.Look(ctx, folder, mailbox.Sought{Latest: recently})
		if err != nil {
			return // what the mailbox cannot do was said
		}
		mails = append(mails, list...)
	}
	r.resultsAbove(mails, e)
}

// resultsAbove tells the right received_above from recent mail.
func (r *checklist) resultsAbove(mails []mailbox.Glimpse, e proof.Config) {
	counts, own, foreign := map[int]int{}, 0, ""
	for _, g := range mails {
		id, received, ok := proof.TopResults(g.Raw)
		switch {
		case ok && slices.ContainsFunc(e.AuthservIDs, func(o string) bool { return strings.EqualFold(o, id) }):
			counts[received]++
			own++
		case ok:
			foreign = id
		}
	}
	most := e.ReceivedAbove
	for n, times := range counts {
		if times > counts[most] || times == counts[most] && n < most {
			most = n
		}
	}
	switch {
	case own == 0 && foreign != "":
		r.warn("authentication: recent mail has results of %q on top, and none of authserv_ids; if that is your own mail server, name it there", foreign)
	case own == 0:
		r.warn("authentication: no recent mail has results of %s on top; commands cost one mail more", strings.Join(e.AuthservIDs, ", "))
	case most != e.ReceivedAbove:
		r.warn("authentication: %d of %d recent mails have %d Received fields above the results; set authentication.received_above: %d", counts[most], own, most, most)
	default:
		r.ok("authentication: received_above is right for %d of %d recent mails", counts[most], own)
	}
}

// fits says which profiles would take a message as proof of its sender.
func (r *checklist) fits(ctx context.Context, cfg config.Config, what string, raw []byte) {
	m := message.Parse(raw)
	if m.FromFields != 1 || len(m.From) != 1 || !m.From[0].Valid() {
		r.warn("probe: %s has not exactly one sender", what)
		return
	}
	e, from := evidenceOf(ctx, cfg), senderOf(cfg, m.From[0].Address)
	list := proof.Fits(raw, from, e)
	for _, f := range list {
		r.ok("probe: %s fits profile %s", what, f)
	}
	if len(list) == 0 {
		r.warn("probe: %s fits no profile; profile none is complete and costs one mail more a command", what)
	}
	if id, received, ok := proof.TopResults(raw); ok && len(list) == 0 {
		r.ok("probe: on top of it stand results of %s, with %d Received fields above", id, received)
	}
	if e.Profile == proof.ProfileNone {
		return
	}
	if f := proof.Transport(raw, from, e); f.Evidence == proof.Pass {
		r.ok("probe: it passes as configured (%s)", f.Reason)
	} else {
		r.warn("probe: as configured, with profile %s, its evidence is %s: %s", e.Profile, f.Evidence, f.Reason)
	}
}
