package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// TestLesserServers: servers that cannot do all that Dovecot can get the same
// work done (issue "mailbox").
func TestLesserServers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, folders string
		o             peers.DovecotOptions
		warns         string // of check
		marked        int    // as deleted by erasing, and still there: without UIDPLUS there is no other way
	}{
		{"no IDLE", "inbox 0, handled 1, automatic 1, spam 0, quarantine 0",
			peers.DovecotOptions{Capability: "IMAP4rev1 LITERAL+ MOVE UIDPLUS NAMESPACE SPECIAL-USE"}, "no IDLE", 0},
		{"no MOVE", "inbox 0, handled 1, automatic 1, spam 0, quarantine 0",
			peers.DovecotOptions{Capability: "IMAP4rev1 LITERAL+ IDLE UIDPLUS NAMESPACE SPECIAL-USE"}, "no MOVE", 0},
		{"no UIDPLUS", "inbox 0, handled 1, automatic 1, spam 0, quarantine 0",
			peers.DovecotOptions{Capability: "IMAP4rev1 LITERAL+ IDLE MOVE NAMESPACE SPECIAL-USE"}, "no UIDPLUS: erased messages stay", 1},
		{"next to nothing", "inbox 2, handled 1, automatic 1, spam 0, quarantine 0", // marked as deleted there
			peers.DovecotOptions{Capability: "IMAP4rev1"}, "no UIDPLUS: handled and erased messages stay", 1},
		{"no SPECIAL-USE", "inbox 0, handled 1, automatic 1, spam 0, quarantine 0",
			peers.DovecotOptions{Capability: "IMAP4rev1 LITERAL+ IDLE MOVE UIDPLUS NAMESPACE"}, "folder: Sent is where the server keeps what was sent", 0},
		{"folders with slashes", "inbox 0, handled 1, automatic 1, spam 0, quarantine 0", peers.DovecotOptions{Separator: "/"}, "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, s := peers.StartDovecot(t, c.o), peers.StartSink(t, peers.SinkOptions{})
			a := open(t, d, s, "klachten")
			a.set["imap.poll"] = "1s"
			if o := a.verb("check"); o.code != 0 || !strings.Contains(o.stdout, c.warns) {
				t.Errorf("check: status %d\n%s", o.code, o.stdout+o.stderr)
			}
			k := a.run()
			d.Put("klachten", grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
			d.Put("klachten", absence("piet@voorbeeld.example"), time.Now())
			s.Wait(3, patience)
			k.filed(2)
			k.stop()
			if got := a.cycle(); got.Registered != 0 || got.Sent != 0 {
				t.Errorf("again: %+v", got)
			}
			if f := filed(d, "klachten"); f != c.folders {
				t.Error(f)
			}
			if o := a.verb("erase", a.cases()[0].Number, "--reason", "verzoek van de cursist"); o.code != 0 {
				t.Errorf("erase: status %d\n%s", o.code, o.stdout+o.stderr)
			}
			want(t, "handled messages after erasing", d.Count("klachten", handled), c.marked)
			a.cycle()
			proof := to(s, directeur, certificate)
			if len(proof) != 1 || strings.Contains(words(proof[0].Raw), "gemarkeerd") != (c.marked > 0) {
				t.Errorf("%d certificates, which should tell of %d messages that are only marked", len(proof), c.marked)
			}
		})
	}
}

// TestCheckChangesNothing: neither on the disk, before the first start and after,
// nor in the mailbox (interface.md The command).
func TestCheckChangesNothing(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	d.Put("klachten", grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
	if o := a.verb("check"); o.code != 0 {
		t.Errorf("status %d\n%s", o.code, o.stdout+o.stderr)
	}
	if _, err := os.Stat(a.state("")); err == nil {
		t.Error("check made the state folder")
	}
	if folders := d.Folders("klachten"); len(folders) > 0 {
		t.Errorf("check made folders: %v", folders)
	}
	want(t, "inbox", d.Count("klachten", ""), 1)
	if got := a.cycle(); got.Registered != 1 {
		t.Errorf("%+v", got)
	}
	before := a.files()
	if o := a.verb("check"); o.code != 0 || strings.Contains(o.stdout, "error") {
		t.Errorf("status %d\n%s", o.code, o.stdout+o.stderr)
	}
	if after := a.files(); after != before {
		t.Errorf("check changed the state folder: %.500s\nbefore: %.500s", after, before)
	}
	want(t, "letters", s.Count(), 3)
}

// files is the state folder as one text.
func (a *academy) files() string {
	a.tb.Helper()
	names, err := filepath.Glob(a.state("*"))
	noError(a.tb, err)
	var b bytes.Buffer
	for _, name := range names {
		text, err := os.ReadFile(name)
		noError(a.tb, err)
		b.WriteString(filepath.Base(name) + " ")
		b.Write(text)
	}
	return b.String()
}

// TestBothServersDown: a line for each, and nothing lost.
func TestBothServersDown(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	a.set["smtp.port"] = nobodyListens(t)
	d.Put("klachten", grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
	if o := a.verb("cycle"); o.code != 1 || len(o.complaints()) != 1 {
		t.Errorf("SMTP alone: status %d, %q", o.code, o.complaints())
	}
	a.set["imap.port"] = nobodyListens(t)
	if o := a.verb("cycle"); o.code != 1 || len(o.complaints()) != 2 {
		t.Errorf("both: status %d, %q", o.code, o.complaints())
	}
	a.mended(d, s, "jan@voorbeeld.example")
}

// TestDemo: the play on embedded servers comes out right, with nothing set up
// (interface.md Demo).
func TestDemo(t *testing.T) {
	t.Parallel()
	o := run(t, nil, "demo", "--once")
	if o.code != 0 || !strings.Contains(o.stdout, acknowledged) || !strings.Contains(o.stdout, noticed) {
		t.Errorf("status %d\n%s", o.code, o.stdout+o.stderr)
	}
}
