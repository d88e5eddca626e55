package mailbox

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Report is what Check found.
type Report struct {
	Idle, Move, UIDPlus, SpecialUse bool // what the server offers
	Box                             Box
	Messages                        int // in the mailbox
	Recent                          int // of these, received at Options.Since or later
	Folders                         []FolderReport
	Sent                            string    // the folder that the server marks as Sent; "": none
	Newest                          time.Time // INTERNALDATE of the last message; zero when there is none
}

// FolderReport says of one configured folder whether it is there or would be made.
type FolderReport struct {
	Key, Name string // Name as the server has it
	Exists    bool
}

// Check connects, logs in and looks around on a connection of its own. It changes nothing.
func (m *Mailbox) Check(ctx context.Context) (Report, error) {
	s, err := m.connect(ctx)
	if err != nil {
		return Report{}, err
	}
	defer s.logout()
	r := Report{
		Idle: s.caps.Has(imap.CapIdle), Move: s.caps.Has(imap.CapMove),
		UIDPlus: s.caps.Has(imap.CapUIDPlus), SpecialUse: s.caps.Has(imap.CapSpecialUse),
	}
	if err := s.learnNames(ctx, m.o.Folders); err != nil {
		return r, err
	}
	for _, key := range slices.Sorted(maps.Keys(m.o.Folders)) {
		there, err := s.exists(ctx, s.names[key])
		if err != nil {
			return r, err
		}
		r.Folders = append(r.Folders, FolderReport{Key: key, Name: s.names[key], Exists: there})
	}
	if r.Sent, err = s.sent(ctx); err != nil && s.dead {
		return r, err
	}
	if err := m.enter(ctx, s, true); err != nil {
		return r, err
	}
	r.Box, r.Messages = s.box, s.messages
	if r.Recent, err = m.recent(ctx, s, r.Messages); err != nil {
		return r, err
	}
	r.Newest, err = s.newest(ctx)
	return r, err
}

// newest says when the last message of the mailbox arrived, by the server's clock.
func (s *session) newest(ctx context.Context) (at time.Time, err error) {
	uids, err := s.search(ctx, &imap.SearchCriteria{UID: []imap.UIDSet{imap.UIDSetNum(0)}}) // 0 is written as *
	if err != nil || len(uids) == 0 {
		return at, err
	}
	err = s.do(ctx, "fetch date", func(c *imapclient.Client) error {
		list, err := c.Fetch(uidSet(uids[len(uids)-1:]), &imap.FetchOptions{UID: true, InternalDate: true}).Collect()
		for _, msg := range list {
			at = msg.InternalDate
		}
		return err
	})
	return at, err
}

// recent counts the messages since Options.Since.
func (m *Mailbox) recent(ctx context.Context, s *session, all int) (int, error) {
	if m.o.Since.IsZero() {
		return all, nil
	}
	uids, err := m.since(ctx, s)
	return len(uids), err
}

// since finds the messages since Options.Since. SEARCH compares days in a time zone of the server's choice, hence a
// day more; only for those around the first day is the moment itself asked.
func (m *Mailbox) since(ctx context.Context, s *session) ([]uint32, error) {
	if m.o.Since.IsZero() {
		return s.search(ctx, &imap.SearchCriteria{})
	}
	day := m.o.Since.UTC().AddDate(0, 0, -1)
	uids, err := s.search(ctx, &imap.SearchCriteria{Since: day})
	if err != nil || len(uids) == 0 {
		return uids, err
	}
	near, err := s.search(ctx, &imap.SearchCriteria{Since: day, Before: day.AddDate(0, 0, 3)})
	if err != nil {
		return nil, err
	}
	old := map[uint32]bool{}
	for set := range slices.Chunk(near, setSize) {
		err := s.do(ctx, "fetch dates", func(c *imapclient.Client) error {
			list, err := c.Fetch(uidSet(set), &imap.FetchOptions{UID: true, InternalDate: true}).Collect()
			for _, msg := range list {
				if msg.InternalDate.Before(m.o.Since) {
					old[uint32(msg.UID)] = true
				}
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(uids, func(u uint32) bool { return old[u] }), nil
}
