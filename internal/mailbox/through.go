package mailbox

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Through hands over every message of a folder that was received since then, in the order in which they came into
// it, a batch in memory at once. It changes nothing: they are fetched with PEEK from a folder that is opened
// read-only. The folder is a key of Options.Folders or a name; "" is the one that the server marks as Sent. One that
// is not there holds none.
func (m *Mailbox) Through(ctx context.Context, folder string, since time.Time, f func(Delivery) error) error {
	s, err := m.connect(ctx)
	if err != nil {
		return err
	}
	defer s.logout()
	if err := s.learnNames(ctx, m.o.Folders); err != nil {
		return err
	}
	name, ok := s.names[folder]
	switch {
	case folder == "":
		if name, err = s.sent(ctx); err != nil {
			return err
		}
	case !ok:
		name = s.serverName(folder)
	}
	if err := s.sel(ctx, name, true); refused(err) {
		if there, listed := s.exists(ctx, name); listed == nil && !there {
			return nil
		}
		return err
	} else if err != nil {
		return err
	}
	c := &imap.SearchCriteria{}
	if !since.IsZero() {
		c.Since = since.AddDate(0, 0, -1) // SEARCH compares days in a zone of the server's choice
	}
	uids, err := s.search(ctx, c)
	if err != nil {
		return err
	}
	slices.Sort(uids)
	p := &pass{Mailbox: m, box: s.box}
	for set := range slices.Chunk(uids, setSize) {
		if err := p.through(ctx, s, set, since, f); err != nil {
			return fmt.Errorf("look through %s: %w", name, err)
		}
	}
	return nil
}

func (p *pass) through(ctx context.Context, s *session, set []uint32, since time.Time, f func(Delivery) error) error {
	letters, err := p.letters(ctx, s, uidSet(set))
	if err != nil {
		return err
	}
	letters = slices.DeleteFunc(letters, func(l letter) bool { return l.at.Before(since) })
	slices.SortFunc(letters, func(a, b letter) int { return int(int64(a.uid) - int64(b.uid)) })
	for len(letters) > 0 {
		n := p.portion(letters)
		got, again, err := p.bodiesOn(ctx, s, letters[:n:n])
		if err != nil {
			return err
		}
		slices.SortFunc(got, func(a, b Delivery) int { return int(int64(a.UID) - int64(b.UID)) })
		for _, d := range got {
			if err := f(d); err != nil {
				return err
			}
		}
		letters = append(again, letters[n:]...)
	}
	return nil
}
