package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// patience bounds every wait; what is waited for takes a moment.
const patience = 30 * time.Second

// Who there is in every test. The mailbox that klachtd logs in to may have
// another name; this is its address.
const (
	address   = "klachten@academie.example"
	handler   = "bas@academie.example"
	directeur = "dewi@academie.example"
)

// Names of folders, as configured.
const (
	handled    = "Klachten/Verwerkt"
	automatic  = "Klachten/Automatisch"
	spam       = "Klachten/Spam"
	quarantine = "Klachten/Quarantaine"
)

// An academy is one configuration with its state folder and its mailbox.
type academy struct {
	tb   testing.TB
	dir  string // of the configuration; the state is in dir/state
	user string // of the mailbox
	set  map[string]string
	tail string // written below the rest of the configuration
}

// open makes an academy that reads the mailbox of user on d and sends to s.
// Either may be nil, for a test that sets the servers itself.
func open(tb testing.TB, d *peers.Dovecot, s *peers.Sink, user string) *academy {
	tb.Helper()
	a := &academy{tb: tb, dir: tb.TempDir(), user: user, set: map[string]string{
		"academy.name":  "Academie Voorbeeld",
		"imap.host":     "127.0.0.1",
		"imap.tls":      "none",
		"imap.username": user,
		"imap.password": peers.Password,
		// not the day of the first start, so that no test minds midnight
		"imap.since":        time.Now().AddDate(0, 0, -2).Format(time.DateOnly),
		"smtp.host":         "127.0.0.1",
		"smtp.tls":          "none",
		"smtp.username":     address,
		"smtp.password":     peers.Password,
		"smtp.from.address": address,
		"log.level":         "debug",
		// nothing by the clock, whenever the test runs
		"schedule.deadlines": `"0 0 29 2 *"`,
		"schedule.digest":    `"0 0 29 2 *"`,
		"test_mode":          "true",
	}, tail: staff}
	for _, limit := range []string{"acks_per_address_per_day", "acks_per_domain_per_day", "acks_per_hour", "acks_per_day", "burst"} {
		a.set["limits."+limit] = "10000"
	}
	if d != nil {
		a.set["imap.port"] = strconv.Itoa(d.Port())
	}
	if s != nil {
		a.set["smtp.port"] = strconv.Itoa(s.Port())
	}
	return a
}

const staff = `staff:
  - {name: Dewi de Boer, email: dewi@academie.example, role: directeur}
  - {name: Bas Bakker, email: bas@academie.example, role: binnendienst}
  - {name: Tess Trainer, email: tess@academie.example, role: trainer, deputy: true}
`

// yaml writes dotted keys as nested ones.
func (a *academy) yaml() string {
	var b strings.Builder
	var open []string
	for _, key := range slices.Sorted(maps.Keys(a.set)) {
		path := strings.Split(key, ".")
		depth := 0
		for depth < len(path)-1 && depth < len(open) && path[depth] == open[depth] {
			depth++
		}
		for ; depth < len(path)-1; depth++ {
			fmt.Fprintf(&b, "%s%s:\n", strings.Repeat("  ", depth), path[depth])
		}
		open = path[:len(path)-1]
		fmt.Fprintf(&b, "%s%s: %s\n", strings.Repeat("  ", depth), path[depth], a.set[key])
	}
	return b.String() + a.tail
}

func (a *academy) config() string { return filepath.Join(a.dir, "config.yaml") }

func (a *academy) state(name string) string { return filepath.Join(a.dir, "state", name) }

// write writes the configuration.
func (a *academy) write() {
	a.tb.Helper()
	if err := os.WriteFile(a.config(), []byte(a.yaml()), 0o600); err != nil {
		a.tb.Fatal(err)
	}
}

// An outcome is how a verb ended.
type outcome struct {
	code           int // -1: killed
	stdout, stderr string
}

// complaints are the lines in which klachtd says what is wrong.
func (o outcome) complaints() []string {
	var list []string
	for line := range strings.Lines(o.stderr) {
		if strings.HasPrefix(line, "klachtd: ") {
			list = append(list, strings.TrimSpace(line))
		}
	}
	return list
}

// verb writes the configuration and runs a verb with it to its end.
func (a *academy) verb(args ...string) outcome {
	a.tb.Helper()
	return a.verbWith(nil, args...)
}

// verbWith is verb with more in the environment.
func (a *academy) verbWith(env []string, args ...string) outcome {
	a.tb.Helper()
	a.write()
	return run(a.tb, env, append(args, "-c", a.config())...)
}

// run runs the binary to its end.
func run(tb testing.TB, env []string, args ...string) outcome {
	tb.Helper()
	return runCommand(tb, env, binary, args...)
}

func runCommand(tb testing.TB, env []string, name string, args ...string) outcome {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if ctx.Err() != nil || err != nil && !errors.As(err, &exit) {
		tb.Fatalf("%s %s: %v (%v)\n%s", name, strings.Join(args, " "), err, ctx.Err(), stderr.String())
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// A summary is what `cycle --json` prints.
type summary struct {
	Fetched, Registered, Followups, Commands, Refused, Automatic, Bounces int
	Spam, Quarantined, Notes, Duplicates, Sent, Waiting                   int
	Jobs                                                                  []string
}

// became is the sum of what the messages became.
func (s summary) became() int {
	return s.Registered + s.Followups + s.Commands + s.Refused + s.Automatic + s.Bounces + s.Spam + s.Quarantined + s.Notes + s.Duplicates
}

// cycle makes a pass that must succeed.
func (a *academy) cycle(args ...string) summary {
	a.tb.Helper()
	o := a.verb(append([]string{"cycle", "--json"}, args...)...)
	if o.code != 0 {
		a.tb.Fatalf("cycle: exit status %d\n%s", o.code, o.stderr)
	}
	return a.summary(o)
}

func (a *academy) summary(o outcome) summary {
	a.tb.Helper()
	var s summary
	decode(a.tb, o.stdout, &s)
	if s.Fetched != s.became() {
		a.tb.Errorf("cycle: fetched is not the sum of what became: %+v", s)
	}
	return s
}

func decode(tb testing.TB, text string, v any) {
	tb.Helper()
	if err := json.Unmarshal([]byte(text), v); err != nil {
		tb.Fatalf("%v in %q", err, text)
	}
}

// A dossier is what the tests look at of `cases --json` and `show --json`.
type dossier struct {
	Number, State, Kind, Subject string
	Complainant                  struct{ Name, Email string }
	Promises                     []struct {
		Kind, Due   string
		FulfilledAt *string `json:"fulfilled_at"`
	}
	Timeline []struct{ Event string }
	Messages []struct {
		Direction, From, Text, Delivery string
		To, Attachments                 []string
		MessageID                       string `json:"message_id"`
	}
}

// kept reports whether a promise is there and kept.
func (d dossier) kept(kind string) bool {
	for _, p := range d.Promises {
		if p.Kind == kind {
			return p.FulfilledAt != nil
		}
	}
	return false
}

// cases is the register.
func (a *academy) cases() []dossier {
	a.tb.Helper()
	o := a.verb("cases", "--json")
	if o.code != 0 {
		a.tb.Fatalf("cases: exit status %d\n%s", o.code, o.stderr)
	}
	var list []dossier
	decode(a.tb, o.stdout, &list)
	return list
}

// show is one case with all that belongs to it.
func (a *academy) show(number string) dossier {
	a.tb.Helper()
	o := a.verb("show", number, "--json")
	if o.code != 0 {
		a.tb.Fatalf("show: exit status %d\n%s", o.code, o.stderr)
	}
	var d dossier
	decode(a.tb, o.stdout, &d)
	return d
}
