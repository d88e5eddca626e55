package mailworld

import (
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// session is one IMAP connection. It guards the library's server where that would stumble.
type session struct {
	*imapmemserver.UserSession // nil until somebody logged in
	world                      *World
}

var _ interface {
	imapserver.SessionMove
	imapserver.SessionNamespace
} = (*session)(nil)

// Login looks the user up by address.
func (s *session) Login(address, password string) error {
	user := s.world.users[strings.ToLower(address)]
	if user == nil || user.Login(strings.ToLower(address), password) != nil {
		return imapserver.ErrAuthFailed
	}
	s.UserSession = imapmemserver.NewUserSession(user)
	return nil
}

// Move does nothing for messages that are gone; the library would send an answer that no client can read.
func (s *session) Move(w *imapserver.MoveWriter, set imap.NumSet, dest string) error {
	s.world.moving.Lock()
	defer s.world.moving.Unlock()
	if some, err := s.some(set); err != nil || !some {
		return err
	}
	return s.UserSession.Move(w, set, dest)
}

// Copy does nothing for messages that are gone, for the same reason.
func (s *session) Copy(set imap.NumSet, dest string) (*imap.CopyData, error) {
	s.world.moving.Lock()
	defer s.world.moving.Unlock()
	if some, err := s.some(set); err != nil || !some {
		return nil, err
	}
	return s.UserSession.Copy(set, dest)
}

// Expunge waits for moves, which would otherwise find nothing after they looked.
func (s *session) Expunge(w *imapserver.ExpungeWriter, uids *imap.UIDSet) error {
	s.world.moving.Lock()
	defer s.world.moving.Unlock()
	return s.UserSession.Expunge(w, uids)
}

// glance is when an idling session first looks for news of its own accord.
const glance = 5 * time.Millisecond

// Idle looks for news itself too, ever less often: the library hears of what arrives
// once it listens, and what came after it said that it would is told with the next
// mail, which may never come.
func (s *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	done := make(chan error, 1)
	go func() { done <- s.UserSession.Idle(w, stop) }()
	for wait := glance; ; wait *= 2 {
		select {
		case err := <-done:
			return err
		case <-time.After(wait):
			if err := s.Poll(w, true); err != nil {
				return err
			}
		}
	}
}

// some says whether the set holds any message that is there.
func (s *session) some(set imap.NumSet) (bool, error) {
	criteria := &imap.SearchCriteria{}
	switch set := set.(type) {
	case imap.UIDSet:
		criteria.UID = []imap.UIDSet{append(imap.UIDSet(nil), set...)}
	case imap.SeqSet:
		criteria.SeqNum = []imap.SeqSet{append(imap.SeqSet(nil), set...)}
	}
	data, err := s.UserSession.Search(imapserver.NumKindUID, criteria, &imap.SearchOptions{})
	if err != nil {
		return false, err
	}
	return data.Count > 0, nil
}

// Mails returns what is in a mailbox, in the order of arrival; nothing when there is no such mailbox.
func (w *World) Mails(address, mailbox string) ([]Mail, error) {
	var password string
	for _, u := range w.o.Users {
		if strings.EqualFold(u.Address, address) {
			password = u.Password
		}
	}
	// The library shows its messages to IMAP sessions alone.
	conn, err := w.dialIMAP()
	if err != nil {
		return nil, err
	}
	c := imapclient.New(conn, nil)
	defer c.Close()
	if err := c.Login(address, password).Wait(); err != nil {
		return nil, fmt.Errorf("look into %s: %w", mailbox, err)
	}
	return look(c, mailbox)
}

// dialIMAP reaches our own server, also where it listens on something that is not a network.
func (w *World) dialIMAP() (net.Conn, error) {
	if d, ok := w.imapL.(interface{ Dial() (net.Conn, error) }); ok {
		return d.Dial()
	}
	return net.Dial("tcp", w.IMAPAddr())
}

func look(c *imapclient.Client, mailbox string) ([]Mail, error) {
	list, err := c.List("", mailbox, nil).Collect()
	if err != nil || len(list) == 0 {
		return nil, err
	}
	sel, err := c.Select(mailbox, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil || sel.NumMessages == 0 {
		return nil, err
	}
	body := &imap.FetchItemBodySection{Peek: true}
	msgs, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{
		UID: true, InternalDate: true, Flags: true, BodySection: []*imap.FetchItemBodySection{body},
	}).Collect()
	if err != nil {
		return nil, err
	}
	mails := make([]Mail, 0, len(msgs))
	for _, m := range msgs {
		mail := Mail{UID: uint32(m.UID), At: m.InternalDate, Raw: m.FindBodySection(body)}
		for _, f := range m.Flags {
			mail.Flags = append(mail.Flags, string(f))
		}
		mails = append(mails, mail)
	}
	return mails, nil
}
