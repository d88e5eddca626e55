package mailbox

import (
	"context"
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// sideRest is how long the side line may lie unused before it is no longer trusted.
const sideRest = time.Minute

// Append puts a copy of a message into a folder, as read, with this date. The folder is a key of
// Options.Folders or a name; "" is the folder that the server marks as Sent.
func (m *Mailbox) Append(ctx context.Context, folder string, raw []byte, at time.Time) error {
	m.sideMu.Lock()
	defer m.sideMu.Unlock()
	s, name, err := m.sideLine(ctx, folder)
	if err != nil {
		return err
	}
	put := func() error {
		return s.do(ctx, "append", func(c *imapclient.Client) error {
			cmd := c.Append(name, int64(len(raw)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}, Time: at})
			_, werr := cmd.Write(raw)
			cerr := cmd.Close()
			if _, err := cmd.Wait(); err != nil {
				return err
			}
			if werr != nil {
				return werr
			}
			return cerr
		})
	}
	err = put()
	if isGone(err) {
		if made := s.ensure(ctx, name); made != nil {
			return fmt.Errorf("%w: %s: %w: make it by hand", ErrFolder, name, made)
		}
		err = put()
	}
	return err
}

// Search says how many messages in a folder hold this Message-ID; folder as for Append. A folder that is not
// there holds none.
func (m *Mailbox) Search(ctx context.Context, folder, messageID string) (int, error) {
	m.sideMu.Lock()
	defer m.sideMu.Unlock()
	_, uids, err := m.find(ctx, folder, Sought{MessageID: messageID}.criteria())
	return len(uids), err
}

// find opens a folder on the side line, read-only, and searches it.
func (m *Mailbox) find(ctx context.Context, folder string, criteria *imap.SearchCriteria) (*session, []uint32, error) {
	s, name, err := m.sideLine(ctx, folder)
	if err != nil {
		return nil, nil, err
	}
	if err := s.sel(ctx, name, true); err != nil {
		if refused(err) {
			if there, listed := s.exists(ctx, name); listed == nil && !there {
				return s, nil, nil
			}
		}
		return nil, nil, err
	}
	uids, err := s.search(ctx, criteria)
	return s, uids, err
}

// sideLine returns the second connection, which leaves the first in its IDLE, and the name of a folder on it. A
// connection that rested long may be dead without a sign, and a message that was sent into it may have arrived
// or not: it is made anew instead.
func (m *Mailbox) sideLine(ctx context.Context, folder string) (*session, string, error) {
	if s := m.side; s != nil && (s.dead || m.now().Sub(s.used) > sideRest) {
		s.cut()
		m.side = nil
	}
	if m.side == nil {
		s, err := m.connect(ctx)
		if err != nil {
			return nil, "", err
		}
		if err := s.learnNames(ctx, m.o.Folders); err != nil {
			s.cut()
			return nil, "", err
		}
		m.side = s
	}
	m.side.used = m.now()
	if folder == "" {
		name, err := m.side.sent(ctx)
		return m.side, name, err
	}
	if name, ok := m.side.names[folder]; ok {
		return m.side, name, nil
	}
	return m.side, m.side.serverName(folder), nil
}
