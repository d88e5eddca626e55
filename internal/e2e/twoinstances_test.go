package e2e

import (
	"strconv"
	"strings"
	"testing"

	"klachtd/internal/peers"
)

// TestTwoInstances: two klachtds on real servers, each with a mail in its box that
// seems to come from the other, exchange one message at most: an acknowledgement
// each, that the other files (security.md 15, 16).
func TestTwoInstances(t *testing.T) {
	t.Parallel()
	d := peers.StartDovecot(t, peers.DovecotOptions{})
	p := peers.StartPostfix(t, d, peers.PostfixOptions{Domains: []string{"academie.example", "school.example", "voorbeeld.example"}})
	const there = "bezwaar@school.example"
	one, two := open(t, d, nil, "klachten"), open(t, d, nil, "bezwaar")
	two.set["academy.name"], two.set["smtp.from.address"], two.set["smtp.username"] = "School Elders", there, there
	two.tail = "staff:\n  - {name: Noor Noord, email: noor@school.example, role: directeur}\n  - {name: Piet Post, email: piet@school.example, role: binnendienst}\n"
	var daemons []*daemon
	for _, a := range []*academy{one, two} {
		a.set["smtp.port"] = strconv.Itoa(p.Port())
		k := a.run()
		k.idles(1)
		daemons = append(daemons, k)
	}
	at := func(to string, raw []byte) []byte {
		return []byte(strings.Replace(string(raw), "To: <"+address, "To: <"+to, 1))
	}
	postTo(t, p, there, address, at(address, grievance(there, "Het lokaal was koud.")))
	postTo(t, p, address, there, at(there, grievance(address, "De gang was koud.")))
	for _, user := range []string{"klachten", "bezwaar"} {
		d.WaitCount(user, automatic, 1, patience)
		d.WaitCount(user, handled, 1, patience)
	}
	// somebody else's complaint, after which all that they had to say has been said
	for i, to := range []string{address, there} {
		postTo(t, p, "jan@voorbeeld.example", to, at(to, grievance("jan@voorbeeld.example", "De koffie was op.")))
		d.WaitCount("jan", "", i+1, patience)
	}
	for _, user := range []string{"bas", "dewi", "piet", "noor"} {
		d.WaitCount(user, "", 2, patience)
	}
	for i, user := range []string{"klachten", "bezwaar"} {
		d.WaitCount(user, handled, 2, patience)
		daemons[i].stop()
		if got := filed(d, user); got != "inbox 0, handled 2, automatic 1, spam 0, quarantine 0" {
			t.Errorf("%s: %s", user, got)
		}
		ack := d.Mails(user, automatic)[0]
		if field(t, ack, "Auto-Submitted") != "auto-replied" || field(t, ack, "X-Auto-Response-Suppress") != "All" || !strings.HasPrefix(field(t, ack, "Subject"), acknowledged) {
			t.Errorf("%s got\n%s", user, ack)
		}
	}
}
