package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"klachtd/internal/complaint"
	"klachtd/internal/config"
	"klachtd/internal/desk"
	"klachtd/internal/mailbox"
)

type eraseCmd struct {
	configured
	Number string `arg:"" help:"The case, like K2026-482935."`
	Reason string `required:"" placeholder:"TEXT" help:"Why; it is kept with the record of the erasure."`
	Yes    bool   `help:"Do not ask on a terminal."`
}

// Run erases one case, beside a running daemon.
func (c eraseCmd) Run(e env) error {
	cfg, err := c.load(e)
	if err != nil {
		return err
	}
	if strings.TrimSpace(c.Reason) == "" {
		return usage{errors.New("--reason: say why, in a few words")}
	}
	number := complaint.FindNumber(c.Number)
	if number == "" {
		return usage{fmt.Errorf("%q is no number of a case like K2026-482935", c.Number)}
	}
	if err := c.confirm(e, number); err != nil {
		return err
	}
	db, err := openExisting(cfg, e)
	if err != nil {
		return err
	}
	book, err := openBook(cfg)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	log, step := logger(cfg.Log, e.stderr), failpoint()
	o, err := mailboxOptions(cfg, newLogins(e.now), e.now(), step)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	box, err := mailbox.New(o, mailbox.House{}, e.now, slog.New(slog.DiscardHandler))
	if err != nil {
		return errors.Join(err, db.Close())
	}
	options := deskOptions(cfg, e.now(), step)
	options.Clear = func(ctx context.Context, what desk.Hunt, by desk.Hunter) (desk.Hunted, error) {
		return clearing(ctx, box, cfg, what, by)
	}
	finished, err := desk.New(options, db, book, log).Erase(e.ctx, number, c.Reason)
	err = errors.Join(err, box.Close(), db.Close())
	switch {
	case errors.Is(err, desk.ErrNoCase), errors.Is(err, desk.ErrBarred):
		return fmt.Errorf("%s: %w", number, err)
	case err != nil:
		return fmt.Errorf("%s: not finished; the daemon goes on with it: %w", number, err)
	case !finished:
		return fmt.Errorf("%s: not finished, since it is being read or mailed right now; the daemon goes on with it", number)
	}
	_, err = fmt.Fprintf(e.stdout, "%s is erased; the certificate goes to the directeur\n", number)
	return err
}

// confirm asks, when somebody is there to be asked.
func (c eraseCmd) confirm(e env, number string) error {
	if c.Yes || !terminal(e.stdout) || !terminal(os.Stdin) {
		return nil
	}
	fmt.Fprintf(e.stderr, "Erase %s for good, here and in the mailbox? Type the number again: ", number)
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the answer: %w", err)
	}
	if !strings.EqualFold(strings.TrimSpace(line), number) {
		return errors.New("nothing was erased")
	}
	return nil
}

// clearing lets the desk remove messages from the mailbox.
func clearing(ctx context.Context, box *mailbox.Mailbox, cfg config.Config, what desk.Hunt, by desk.Hunter) (desk.Hunted, error) {
	got, err := box.Erase(ctx, mailbox.Hunt(what), mailbox.Hunter{
		Judge: func(raw []byte, partial bool) mailbox.Finding {
			of, remove := by.Judge(raw, partial)
			return mailbox.Finding{Of: of, Remove: remove}
		},
		Removed: by.Removed,
	})
	told := desk.Hunted{Folders: got.Folders, Marked: got.Marked}
	for _, l := range got.Left {
		told.Left = append(told.Left, desk.Left(l))
	}
	switch {
	case got.Google:
		told.Provider = complaint.Google
	case within(cfg.IMAP.Host, microsoftServers):
		told.Provider = complaint.Microsoft
	}
	return told, err
}
