// Command klachtd turns a complaints mailbox into registered complaints, and
// keeps watch over every promise of the academy's complaints procedure.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // machines without zone files

	"github.com/alecthomas/kong"
)

// Set by the build (see the Makefile).
var version, commit string

// env is what a verb gets of the world.
type env struct {
	ctx    context.Context
	stdout io.Writer
	stderr io.Writer
	getenv func(string) (string, bool)
	now    func() time.Time
}

// usage marks an error in the words, the configuration or a file: exit status 2.
type usage struct{ error }

func (u usage) Unwrap() error { return u.error }

type cli struct {
	Run       runCmd       `cmd:"" help:"Be the daemon: register, answer, deliver, watch the terms. SIGTERM ends it cleanly, SIGHUP reads the configuration anew, whole or not at all."`
	Cycle     cycleCmd     `cmd:"" help:"Make one full pass and exit."`
	Demo      demoCmd      `cmd:"" help:"Play the whole product on this machine with nothing set up."`
	Check     checkCmd     `cmd:"" help:"Say whether this configuration can work. Changes nothing."`
	Inspect   inspectCmd   `cmd:"" help:"Show what klachtd sees in messages. Needs no configuration."`
	Cases     casesCmd     `cmd:"" help:"Show the complaints register."`
	Show      showCmd      `cmd:"" help:"Show one dossier."`
	Report    reportCmd    `cmd:"" help:"Write the management report of a period."`
	Import    importCmd    `cmd:"" help:"Take in .eml files, Maildirs and mboxes as if they had arrived when they did. Tells nobody about what is older than 48 hours."`
	Export    exportCmd    `cmd:"" help:"Write one dossier for the person it is about (AVG art. 15): every message, the form, the timeline."`
	Person    personCmd    `cmd:"" help:"Say which cases hold a person, by the e-mail address (AVG art. 15). The audit trail keeps that it was asked, not about whom."`
	Erase     eraseCmd     `cmd:"" help:"Erase one dossier now, in the database and in the mailbox, at the request of the person (AVG art. 17)."`
	Audit     auditCmd     `cmd:"" help:"Show the audit trail, or verify that nobody has changed it."`
	Backup    backupCmd    `cmd:"" help:"Copy the database, beside a running daemon."`
	Restore   restoreCmd   `cmd:"" help:"Put a backup in the place of the database. Nothing is sent before recover."`
	Recover   recoverCmd   `cmd:"" help:"After a restore: look through the mailbox for what the database has forgotten, then let it work again."`
	Key       keyCmd       `cmd:"" help:"The master key."`
	Release   releaseCmd   `cmd:"" help:"Let held acknowledgements go."`
	Templates templatesCmd `cmd:"" help:"Write each mail as it would go out, to look at before going live. Works without a configuration."`
	Card      cardCmd      `cmd:"" help:"Write the commands of staff on one page, to print. Works without a configuration."`
	Version   versionCmd   `cmd:"" help:"Show version, commit and Go version."`
	Complete  completeCmd  `cmd:"" hidden:""`
	Manual    manualCmd    `cmd:"" hidden:""`
}

const description = `Reads a complaints mailbox over IMAP, registers and answers complaints, and watches the terms of the complaints procedure.

Without -c the configuration is $KLACHTD_CONFIG, else ./config.yaml, else /etc/klachtd/config.yaml.

Exit status: 0 done; 1 it could not be done; 2 the words, the configuration or a file are wrong.`

// garbage lets memory grow more between two collections than Go does by itself:
// there is little of it, and messages come in bursts. The limit makes collections
// more frequent where there is much.
func garbage() {
	debug.SetGCPercent(200)
	debug.SetMemoryLimit(32 << 20)
}

func main() {
	garbage()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	code := execute(env{ctx, os.Stdout, journalOf(os.Stderr, os.LookupEnv), os.LookupEnv, time.Now}, os.Args[1:])
	stop()
	os.Exit(code)
}

// execute runs one verb and returns the exit status.
func execute(e env, args []string) int {
	done := false
	parser, err := kong.New(&cli{}, kong.Name("klachtd"), kong.Description(description), kong.UsageOnError(),
		kong.Writers(e.stdout, e.stderr), kong.Exit(func(int) { done = true }), kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return complain(e, err)
	}
	if len(args) == 0 {
		_, _ = parser.Parse([]string{"--help"}) // prints it
		return 2
	}
	k, err := parser.Parse(args)
	if done { // help was asked for, and is printed
		return 0
	}
	if err != nil {
		return complain(e, misused(err))
	}
	err = k.Run(e, parser.Model)
	if errors.Is(err, context.Canceled) && e.ctx.Err() != nil { // a signal, and the verb had no words of its own for it
		err = errors.New("stopped before the end; it can be run again")
	}
	return complain(e, err)
}

// complain prints the reason, a line a problem, and returns the exit status.
func complain(e env, err error) int {
	if err == nil {
		return 0
	}
	level := ""
	if _, ok := e.stderr.(journal); ok {
		level = priority(slog.LevelError)
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintln(e.stderr, level+"klachtd:", strings.TrimRight(clean(line), "\n"))
	}
	var u usage
	if errors.As(err, &u) {
		return 2
	}
	return 1
}

type versionCmd struct{}

func (versionCmd) Run(e env) error {
	_, err := fmt.Fprintln(e.stdout, versionLine())
	return err
}
