package route

import (
	"slices"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
	"klachtd/internal/proof"
)

// fresh is a complaint of its own.
func (k Known) fresh(m message.Message, from complaint.Party, usable bool, number string) Verdict {
	v := Verdict{What: Complaint, Folder: Handled, From: from, Kind: complaint.External, NamedNumber: number}
	if _, staff := k.Policy.Employee(from.Address); staff && usable {
		v.Kind = complaint.Internal
	} else {
		v.OwnDomain = usable && k.ownDomain(from.Address)
	}
	if !usable && len(m.From) > 0 {
		v.From = complaint.Party{Name: m.From[0].Name} // shown, never written to
	}
	if k.Partial || m.Limit {
		v.What, v.Folder = Quarantined, Quarantine
		v.Unreadable, v.Reason = complaint.UnreadableSize, "over the limits"
	}
	v.Form = filledIn(m.Text)
	v.Withheld = k.withheld(m, from, usable)
	v.OthersInCc = k.others(m, from)
	return v
}

const (
	maxAge  = 48 * time.Hour
	maxHops = 25
)

// withheld says why this complaint may not be acknowledged by itself (security.md 11).
func (k Known) withheld(m message.Message, from complaint.Party, usable bool) complaint.Withheld {
	switch {
	case !usable:
		return complaint.WithheldSender
	case k.isOwn(from.Address):
		return complaint.WithheldOwn
	case k.forged():
		return complaint.WithheldForged
	case m.Suppress || m.AutoSubmitted:
		return complaint.WithheldAutomatic
	case !slices.ContainsFunc(slices.Concat(m.To, m.Cc), func(a message.Address) bool { return k.isOwn(a.Address) }):
		return complaint.WithheldNotAddressed
	case Old(k.Now, k.Received, k.Since):
		return complaint.WithheldOld
	case m.Received > maxHops:
		return complaint.WithheldHops
	}
	return ""
}

// forged says that our own mail server calls the sender a lie: nothing of that is
// answered by itself (security.md 11).
func (k Known) forged() bool { return k.Proof.Transport.Evidence == proof.Fail }

// Old says whether a message came in too long ago for mail about it: over 48
// hours, or before since (security.md 11).
func Old(now, received, since time.Time) bool {
	return now.Sub(received) > maxAge || received.Before(since)
}

func (k Known) isOwn(address string) bool {
	return slices.ContainsFunc(k.Own, func(own string) bool { return strings.EqualFold(own, address) })
}

func (k Known) ownDomain(address string) bool {
	return !Shared(address) &&
		slices.ContainsFunc(k.Own, func(own string) bool { return strings.EqualFold(domain(own), domain(address)) })
}

func domain(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// others are the people whom the sender had in To or Cc beside us.
func (k Known) others(m message.Message, from complaint.Party) []string {
	var list []string
	for _, a := range slices.Concat(m.To, m.Cc) {
		if len(list) < 20 && a.Valid() && !k.isOwn(a.Address) && !strings.EqualFold(a.Address, from.Address) {
			list = append(list, a.Address)
		}
	}
	return list
}
