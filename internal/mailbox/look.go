package mailbox

import (
	"context"
	"io"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Sought says which messages of a folder are looked at. With both ids empty: any.
type Sought struct {
	MessageID string // the message with this Message-ID
	Answers   string // messages that name this Message-ID in In-Reply-To or References
	Latest    int    // at most so many, the newest
}

// A Glimpse is what Look shows of one message.
type Glimpse struct {
	Raw      []byte    // its beginning
	Received time.Time // INTERNALDATE, by the server's clock
}

// lookBytes is what is fetched of a message to look at: its header, and all of a small one.
const lookBytes = 512 << 10

// Look returns the beginnings of some messages, up to 512 KiB of each, oldest first; folder as for Append. It
// changes nothing: the messages are fetched with PEEK from a folder that is opened read-only, and are handed to
// nobody. A folder that is not there holds none.
func (m *Mailbox) Look(ctx context.Context, folder string, what Sought) ([]Glimpse, error) {
	m.sideMu.Lock()
	defer m.sideMu.Unlock()
	s, uids, err := m.find(ctx, folder, what.criteria())
	uids = uids[max(0, len(uids)-what.Latest):]
	if err != nil || len(uids) == 0 {
		return nil, err
	}
	found := map[uint32]Glimpse{}
	section := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Offset: 0, Size: lookBytes}}
	err = s.do(ctx, "look", func(c *imapclient.Client) error {
		cmd := c.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{section}})
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			// After a short literal neither msg nor cmd may be touched again (libraries.md 1.1, 3).
			if err := beginning(msg, found); err != nil {
				return err
			}
		}
		return cmd.Close()
	})
	if err != nil {
		return nil, err
	}
	var list []Glimpse
	for _, uid := range uids {
		if g, ok := found[uid]; ok {
			list = append(list, g)
		}
	}
	return list, nil
}

func (w Sought) criteria() *imap.SearchCriteria {
	field := func(key, id string) imap.SearchCriteria {
		return imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: key, Value: id}}}
	}
	var c imap.SearchCriteria
	if w.MessageID != "" {
		c = field("Message-ID", w.MessageID)
	}
	if w.Answers != "" {
		c.Or = [][2]imap.SearchCriteria{{field("In-Reply-To", w.Answers), field("References", w.Answers)}}
	}
	return &c
}

// beginning reads one message of the answer to a FETCH.
func beginning(msg *imapclient.FetchMessageData, found map[uint32]Glimpse) error {
	var uid uint32
	var g Glimpse
	for item := msg.Next(); item != nil; item = msg.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			uid = uint32(item.UID)
		case imapclient.FetchItemDataInternalDate:
			g.Received = item.Time
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil {
				continue
			}
			size := item.Literal.Size()
			g.Raw = make([]byte, min(size, lookBytes)) // a server may send more than was asked for
			if _, err := io.ReadFull(item.Literal, g.Raw); err != nil {
				return errShort
			}
			if n, err := io.Copy(io.Discard, item.Literal); err != nil || n+int64(len(g.Raw)) != size {
				return errShort
			}
		}
	}
	if uid != 0 && len(g.Raw) > 0 {
		found[uid] = g
	}
	return nil
}
