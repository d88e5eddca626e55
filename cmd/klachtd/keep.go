package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/config"
	"klachtd/internal/store"
	"klachtd/internal/vault"
)

// selfKeeping are the hosts that put what they send into Sent themselves.
var selfKeeping = []string{".office365.com", ".outlook.com", ".gmail.com", ".googlemail.com", ".google.com"}

// keeps returns which letters we put into Sent ourselves: those to the complainant
// that say more than that his complaint has arrived; nil where the server does it,
// or nobody wants it (smtp.save_sent).
func keeps(s config.SMTP) func(complaint.LetterKind) bool {
	host := strings.ToLower(s.Host)
	for _, h := range selfKeeping {
		if s.SaveSent == config.SaveAuto && strings.HasSuffix(host, h) {
			return nil
		}
	}
	if s.SaveSent == config.SaveNo {
		return nil
	}
	return func(k complaint.LetterKind) bool { return k.ToComplainant() && k != complaint.LetterAcknowledgement }
}

// keepAtOnce bounds what one look puts into Sent.
const keepAtOnce = 20

// keepSent puts copies of letters into Sent, each once: one that is there
// already, from before a crash, is not put there again.
func (h *house) keepSent(ctx context.Context) error {
	for {
		var list []store.Letter
		err := h.db.View(ctx, func(tx *store.Tx) (err error) {
			list, err = tx.ToKeep(keepAtOnce)
			return err
		})
		if err != nil || len(list) == 0 {
			return err
		}
		for _, l := range list {
			if err := h.keepOne(ctx, l); err != nil {
				return fmt.Errorf("put a letter into the Sent folder: %w", err)
			}
		}
	}
}

func (h *house) keepOne(ctx context.Context, l store.Letter) error {
	var raw []byte
	err := h.db.View(ctx, func(tx *store.Tx) (err error) {
		raw, err = tx.Body(l)
		return err
	})
	if err == nil {
		err = h.putIntoSent(ctx, l, raw)
	} else if errors.Is(err, vault.ErrErased) {
		err = nil // meanwhile
	}
	if err != nil {
		return err
	}
	return h.db.Update(ctx, func(tx *store.Tx) error { return tx.Kept(l) })
}

func (h *house) putIntoSent(ctx context.Context, l store.Letter, raw []byte) error {
	n, err := h.box.Search(ctx, h.cfg.IMAP.Folders.Sent, l.MessageID)
	if err != nil || n > 0 {
		return err
	}
	h.step("keep: before append")
	err = h.box.Append(ctx, h.cfg.IMAP.Folders.Sent, raw, l.SentAt)
	h.step("keep: after append")
	return err
}

// keepEach is how often there is a look for copies to make.
const keepEach = 20 * time.Second

// keep goes on with the copies for Sent. What fails is logged when it begins and
// when it is over, and tried again ever more slowly: it holds up nothing else.
func (h *house) keep(ctx context.Context) error {
	failed := 0
	for {
		switch err := h.keepSent(ctx); {
		case ctx.Err() != nil:
			return nil
		case h.grave(err) != nil && failed == 0:
			h.log.Error("copies of letters wait for the Sent folder; see imap.folders.sent and smtp.save_sent", "component", "mailbox", "err", err)
			failed++
		case err != nil:
			failed++
		case failed > 0:
			h.log.Info("copies of letters are in the Sent folder again", "component", "mailbox")
			failed = 0
		}
		timer := time.NewTimer(keepEach << min(failed, 6))
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-timer.C:
		}
	}
}
