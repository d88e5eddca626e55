// Package mailworld is a small world of mail on loopback: an IMAP and an SMTP server in memory, for the demo, the
// tests and a simulator. It plays the servers and the people's mailboxes; what klachtd does with them is none of
// its business.
package mailworld

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-smtp"
)

// User has a mailbox and logs in with address and password, at both servers.
type User struct {
	Address, Password string
}

// Passed is a message that the SMTP server took for one recipient.
type Passed struct {
	At       time.Time
	From, To string // as in the envelope; From may be empty
	Raw      []byte
}

// Mail is a message in a mailbox.
type Mail struct {
	UID   uint32
	At    time.Time // INTERNALDATE
	Flags []string
	Raw   []byte
}

// Options says who lives in the world and how it behaves.
type Options struct {
	Users   []User
	Refuse  func(from, to string) *smtp.SMTPError // refuses a recipient; nil: nobody
	Seen    func(Passed)                          // called for each recipient, after the mail was put in a mailbox
	Now     func() time.Time                      // nil: time.Now
	Without []imap.Cap                            // capabilities that the IMAP server does not say it has
	// AuthservID is under which the SMTP server writes over a mail who was logged in when he sent it (RFC 8601); what
	// somebody else wrote under that name it takes away. Empty: it does neither.
	AuthservID string
	// IMAP and SMTP are listened on; nil: 127.0.0.1, on a free port.
	IMAP, SMTP net.Listener
}

// World is two running servers.
type World struct {
	o         Options
	imap      *imapserver.Server
	smtp      *smtp.Server
	imapL     net.Listener
	smtpL     net.Listener
	serving   sync.WaitGroup
	users     map[string]*imapmemserver.User // by address, in lower case
	moving    sync.Mutex                     // two moves in opposite directions would lock each other out
	mu        sync.Mutex
	elsewhere []Passed
}

// Start starts both servers.
func Start(o Options) (*World, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	w := &World{o: o, imapL: o.IMAP, smtpL: o.SMTP, users: map[string]*imapmemserver.User{}}
	for _, u := range o.Users {
		user := imapmemserver.NewUser(strings.ToLower(u.Address), u.Password)
		for _, name := range []string{"INBOX", "Sent"} {
			if err := user.Create(name, nil); err != nil {
				return nil, fmt.Errorf("user %s: %w", u.Address, err)
			}
		}
		w.users[strings.ToLower(u.Address)] = user
	}
	if err := w.listen(); err != nil {
		return nil, err
	}
	w.imap = imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &session{world: w}, &imapserver.GreetingData{}, nil
		},
		Caps:         w.caps(),
		InsecureAuth: true, // it listens on loopback
		Logger:       log.New(io.Discard, "", 0),
	})
	w.smtp = w.newSMTP()
	w.serving.Go(func() { _ = w.imap.Serve(w.imapL) }) // ends with an error when it is closed
	w.serving.Go(func() { _ = w.smtp.Serve(w.smtpL) })
	return w, nil
}

func (w *World) listen() (err error) {
	if w.imapL == nil {
		if w.imapL, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return fmt.Errorf("IMAP: %w", err)
		}
	}
	if w.smtpL == nil {
		if w.smtpL, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			w.imapL.Close()
			return fmt.Errorf("SMTP: %w", err)
		}
	}
	return nil
}

func (w *World) caps() imap.CapSet {
	caps := imap.CapSet{}
	for _, c := range []imap.Cap{
		imap.CapIMAP4rev1, imap.CapIdle, imap.CapMove, imap.CapUIDPlus, imap.CapSpecialUse, imap.CapLiteralPlus,
		imap.CapNamespace, imap.CapUnselect, imap.CapSASLIR,
	} {
		caps[c] = struct{}{}
	}
	for _, c := range w.o.Without {
		delete(caps, c)
	}
	return caps
}

// IMAPAddr is the IMAP server's host:port.
func (w *World) IMAPAddr() string { return w.imapL.Addr().String() }

// SMTPAddr is the SMTP server's host:port.
func (w *World) SMTPAddr() string { return w.smtpL.Addr().String() }

// Put drops a mail into a mailbox, with this INTERNALDATE. A mailbox that is not there is made.
func (w *World) Put(address, mailbox string, raw []byte, at time.Time) error {
	user, err := w.user(address)
	if err != nil {
		return err
	}
	opts := &imap.AppendOptions{Time: at}
	_, err = user.Append(mailbox, bytes.NewReader(bytes.Clone(raw)), opts)
	if a, ok := errors.AsType[*imap.Error](err); ok && a.Code == imap.ResponseCodeTryCreate {
		if err := user.Create(mailbox, nil); err != nil {
			return fmt.Errorf("make %s: %w", mailbox, err)
		}
		_, err = user.Append(mailbox, bytes.NewReader(bytes.Clone(raw)), opts)
	}
	return err
}

// Rebuild removes a mailbox and makes it again, empty: its UIDVALIDITY is another one then.
func (w *World) Rebuild(address, mailbox string) error {
	user, err := w.user(address)
	if err != nil {
		return err
	}
	if err := user.Delete(mailbox); err != nil {
		return err
	}
	return user.Create(mailbox, nil)
}

// Elsewhere returns the mails to addresses that have no mailbox here.
func (w *World) Elsewhere() []Passed {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]Passed(nil), w.elsewhere...)
}

// Close ends both servers and their connections.
func (w *World) Close() error {
	err := errors.Join(w.imap.Close(), w.smtp.Close())
	w.imapL.Close() // a server that had not begun to serve does not know its listener
	w.smtpL.Close()
	w.serving.Wait()
	return err
}

func (w *World) user(address string) (*imapmemserver.User, error) {
	if u := w.users[strings.ToLower(address)]; u != nil {
		return u, nil
	}
	return nil, fmt.Errorf("nobody here has the address %s", address)
}
