package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/config"
	"klachtd/internal/store"
	"klachtd/internal/vault"
)

// keeps returns which letters we put into Sent ourselves: those to the complainant
// that say more than that his complaint has arrived; nil where the server does it,
// or nobody wants it (smtp.save_sent).
func keeps(s config.SMTP) func(complaint.LetterKind) bool {
	if s.SaveSent == config.SaveNo || s.SaveSent == config.SaveAuto && keepsSent(s.Host) {
		return nil
	}
	return func(k complaint.LetterKind) bool { return k.ToComplainant() && k != complaint.LetterAcknowledgement }
}

const (
	keepAtOnce = 20              // letters that are looked up at a time
	keepLease  = 5 * time.Minute // what putting one there may take at most
	keepTries  = 3               // failures in a row after which the server is left alone
)

// keepSent puts copies of letters into Sent, each once: one that is there
// already, from before a crash, is not put there again. A letter that the server
// does not take holds up no other.
func (h *house) keepSent(ctx context.Context) error {
	if keeps(h.cfg.SMTP) == nil {
		return nil // what is owed from before it was switched off stays owed
	}
	var errs []error
	for after, failed := int64(0), 0; ; {
		var list []store.Letter
		err := h.db.View(ctx, func(tx *store.Tx) (err error) {
			list, err = tx.ToKeep(after, keepAtOnce)
			return err
		})
		if err != nil || len(list) == 0 {
			return errors.Join(append(errs, err)...)
		}
		for _, l := range list {
			after = l.ID
			err := h.keepOne(ctx, l)
			if err == nil {
				failed = 0
				continue
			}
			errs = append(errs, fmt.Errorf("put a letter into the Sent folder: %w", err))
			if failed++; failed >= keepTries || ctx.Err() != nil {
				return errors.Join(errs...)
			}
		}
	}
}

func (h *house) keepOne(ctx context.Context, l store.Letter) error {
	var raw []byte
	may := false
	err := h.db.Update(ctx, func(tx *store.Tx) (err error) {
		if may, err = tx.Keep(l, keepLease); err == nil && may {
			raw, err = tx.Body(l)
		}
		return err
	})
	if errors.Is(err, vault.ErrErased) || err == nil && !may {
		return nil // it is being forgotten
	} else if err != nil {
		return err
	}
	within, stop := context.WithTimeout(ctx, keepLease-time.Minute)
	defer stop()
	err = h.putIntoSent(within, l, raw)
	note := (*store.Tx).Kept
	if err != nil {
		note = (*store.Tx).NotKept
	}
	return errors.Join(err, h.db.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error { return note(tx, l) }))
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
