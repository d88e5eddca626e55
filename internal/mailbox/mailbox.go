// Package mailbox keeps the complaints mailbox over IMAP: it waits for messages, fetches them without marking
// them, hands them to the house and files them afterwards. What a message means, which messages were handed over
// before and where each belongs is the house's to know.
package mailbox

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-sasl"
)

// Options says which mailbox, how to reach it and within which bounds.
type Options struct {
	Host string
	Port int
	// TLS is "implicit", "starttls" or "none"; none is for loopback addresses alone (security.md 24).
	TLS     string
	RootCAs *x509.CertPool // nil: the system's

	Username, Password string
	// Auth gives the words of a login, by one of the mechanisms that the server offers; nil: the password.
	Auth func(ctx context.Context, offers func(mechanism string) bool) (sasl.Client, error)

	Mailbox string            // INBOX
	Folders map[string]string // folder key ("handled", "automatic", ...) to name, "/" between levels; made when missing
	Since   time.Time         // messages received before it are left alone

	Poll    time.Duration // beside IDLE, or where there is none; 1 minute
	IdleFor time.Duration // how long one IDLE lasts at most; 9 minutes
	Silence time.Duration // how long a server may say nothing to a command; 1 minute
	Connect time.Duration // from dialling until logged in; 30 seconds

	BatchBytes int64 // 4 MiB
	BatchCount int   // 25
	MaxSize    int64 // 50 MiB; of a larger message only the first 512 KiB are fetched

	// Step is called between every two steps, never by two goroutines at once; a test ends the process there. nil: nothing.
	Step func(name string)
	// Passed is told by Run how each pass ended, and when a connection broke between two; nil is well. nil: nobody is told.
	Passed func(err error)
	// Dial opens the connection; nil: TCP with keep-alive.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Box is a mailbox as its UIDs are valid: another UIDVALIDITY is another box.
type Box struct {
	Name        string
	UIDValidity uint32
}

// Delivery is one message as it lies in the box.
type Delivery struct {
	UID      uint32
	Received time.Time // INTERNALDATE; the present moment when the server would not tell
	Size     int64     // of the whole message
	Raw      []byte
	Partial  bool // Raw is the beginning, the header alone or nothing: too large, or the server cannot deliver it
}

// Filing is the wish to have a message in a folder.
type Filing struct {
	UID    uint32
	Folder string // a key of Options.Folders
}

// House is what the mailbox asks of the rest of the house. What returns nil is on disk.
type House struct {
	// Unseen says which of these messages were never handed over; suspects crashed the process before and come
	// last, one at a time.
	Unseen func(ctx context.Context, b Box, uids []uint32) (fresh, suspects []uint32, err error)
	// Receive reads a batch and returns what registers it. It is called while the batch before is being
	// registered; never twice at the same time, nor are two batches registered at the same time.
	Receive func(ctx context.Context, b Box, batch []Delivery) (register func() error, err error)
	// ToFile says what is still to be filed.
	ToFile func(ctx context.Context, b Box) ([]Filing, error)
	// Filed notes that these messages have left the box.
	Filed func(ctx context.Context, b Box, uids []uint32) error
}

const (
	setSize   = 500       // UIDs a command; servers refuse or cut longer lines (libraries.md 1.1, 14)
	headBytes = 512 << 10 // what is fetched of a message that is too large or cannot be delivered
)

// Mailbox is one mailbox on one server. Its methods may be called from several goroutines.
type Mailbox struct {
	o   Options
	h   House
	now func() time.Time
	log *slog.Logger

	mu      sync.Mutex       // held during a pass and while Run waits
	s       *session         // nil: not connected
	next    uint32           // the first UID that no pass has looked at; 0: look at all
	odd     map[uint32]int   // messages whose fetch failed, with the number of failures of their own
	oddBox  Box              // the box that odd and next belong to
	folders map[string]error // the folders that could not be made
	said    string           // the last warning of filing, and when it was given
	saidAt  time.Time

	sideMu sync.Mutex // the side line is for Append and Search
	side   *session
}

// New checks the options and returns a Mailbox; it does not connect. now is the wall clock, for deadlines.
func New(o Options, h House, now func() time.Time, log *slog.Logger) (*Mailbox, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	o.fill()
	return &Mailbox{o: o, h: h, now: now, log: log.With("component", "mailbox"), odd: map[uint32]int{}}, nil
}

func (o *Options) check() error {
	switch o.TLS {
	case "implicit", "starttls":
	case "none":
		if ip := net.ParseIP(o.Host); o.Host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return fmt.Errorf("imap.tls: none is for loopback addresses alone, and imap.host is %s: use implicit or starttls", o.Host)
		}
	default:
		return fmt.Errorf("imap.tls: %q is not one of implicit, starttls, none", o.TLS)
	}
	if o.Host == "" || o.Port <= 0 || o.Port > 65535 {
		return errors.New("imap.host and imap.port: both are needed, the port from 1 to 65535")
	}
	for key, name := range o.Folders {
		if name == "" || strings.ContainsAny(name, "*%\r\n\x00") {
			return fmt.Errorf("imap.folders.%s: %q cannot be the name of a folder", key, name)
		}
		if strings.EqualFold(name, o.Mailbox) {
			return fmt.Errorf("imap.folders.%s: %s is the mailbox itself; name another folder", key, name)
		}
	}
	return nil
}

func (o *Options) fill() {
	set := func(d *time.Duration, to time.Duration) {
		if *d <= 0 {
			*d = to
		}
	}
	set(&o.Poll, time.Minute)
	set(&o.IdleFor, 9*time.Minute)
	set(&o.Silence, time.Minute)
	set(&o.Connect, 30*time.Second)
	if o.Mailbox == "" {
		o.Mailbox = "INBOX"
	}
	if o.BatchBytes <= 0 {
		o.BatchBytes = 4 << 20
	}
	if o.BatchCount <= 0 {
		o.BatchCount = 25
	}
	o.BatchCount = min(o.BatchCount, 100) // the client library holds 128 answers at most
	if o.MaxSize <= 0 {
		o.MaxSize = 50 << 20
	}
	if o.Step == nil {
		o.Step = func(string) {}
	}
	if o.Passed == nil {
		o.Passed = func(error) {}
	}
	if o.Dial == nil {
		o.Dial = dial
	}
}

// Close ends the connections. It waits for a pass that is under way; end its context first.
func (m *Mailbox) Close() error {
	m.mu.Lock()
	m.hangUp()
	m.mu.Unlock()
	m.sideMu.Lock()
	m.side.logout()
	m.side = nil
	m.sideMu.Unlock()
	return nil
}

// hangUp ends the connection of the passes.
func (m *Mailbox) hangUp() {
	m.s.logout()
	m.s = nil
}
