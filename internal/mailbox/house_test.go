package mailbox

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"klachtd/internal/mailworld"
)

const (
	address  = "klachten@academie.example"
	password = "geheim"
)

var folders = map[string]string{"handled": "Klachten/Verwerkt", "quarantine": "Klachten/Quarantaine"}

// memory is a house that keeps everything in memory.
type memory struct {
	mu       sync.Mutex
	suspects map[uint32]bool
	got      []Delivery
	batches  []int
	wanted   map[Box]map[uint32]string // what waits to be filed
	seen     map[Box]map[uint32]bool
	filed    int
	refuse   error    // of Receive
	arrived  chan int // told of each batch, if not nil
	folder   func(Delivery) string
	noted    []uint32
}

func newMemory() *memory {
	return &memory{
		wanted: map[Box]map[uint32]string{}, seen: map[Box]map[uint32]bool{}, suspects: map[uint32]bool{},
		folder: func(d Delivery) string {
			if d.Partial {
				return "quarantine"
			}
			return "handled"
		},
	}
}

func (h *memory) house() House {
	return House{Unseen: h.unseen, Receive: func(ctx context.Context, b Box, batch []Delivery) (func() error, error) {
		return func() error { return h.receive(ctx, b, batch) }, nil
	}, ToFile: h.toFile, Filed: h.filedNow}
}

func (h *memory) unseen(_ context.Context, b Box, uids []uint32) (fresh, suspects []uint32, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, u := range uids {
		switch {
		case h.seen[b][u]:
		case h.suspects[u]:
			suspects = append(suspects, u)
		default:
			fresh = append(fresh, u)
		}
	}
	return fresh, suspects, nil
}

func (h *memory) receive(_ context.Context, b Box, batch []Delivery) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.refuse != nil {
		return h.refuse
	}
	if h.seen[b] == nil {
		h.seen[b], h.wanted[b] = map[uint32]bool{}, map[uint32]string{}
	}
	for _, d := range batch {
		if h.seen[b][d.UID] {
			return fmt.Errorf("message %d was handed over twice", d.UID)
		}
		h.seen[b][d.UID] = true
		if key := h.folder(d); key != "" {
			h.wanted[b][d.UID] = key
		}
		h.got = append(h.got, d)
	}
	h.batches = append(h.batches, len(batch))
	if h.arrived != nil {
		h.arrived <- len(batch)
	}
	return nil
}

func (h *memory) toFile(_ context.Context, b Box) ([]Filing, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var todo []Filing
	for u, key := range h.wanted[b] {
		todo = append(todo, Filing{UID: u, Folder: key})
	}
	return todo, nil
}

func (h *memory) filedNow(_ context.Context, b Box, uids []uint32) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, u := range uids {
		delete(h.wanted[b], u)
		h.noted = append(h.noted, u)
	}
	h.filed += len(uids)
	return nil
}

// bodies are the texts that were handed over, sorted.
func (h *memory) bodies() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []string
	for _, d := range h.got {
		all = append(all, subject(d.Raw))
	}
	slices.Sort(all)
	return all
}

func subject(raw []byte) string {
	_, after, _ := strings.Cut(string(raw), "Subject: ")
	line, _, _ := strings.Cut(after, "\r\n")
	return line
}

func letterWith(subject string, size int) []byte {
	raw := "From: C <c@example.org>\r\nTo: " + address + "\r\nSubject: " + subject + "\r\nMessage-ID: <" + subject + "@example.org>\r\n\r\n"
	for len(raw) < size {
		raw += strings.Repeat("klacht ", 10) + "\r\n"
	}
	return []byte(raw)
}

// wire is a listener whose connections are pipes, so that everything runs in a synctest bubble.
type wire struct {
	conns chan net.Conn
	gone  chan struct{}
	once  sync.Once
}

func newWire() *wire { return &wire{conns: make(chan net.Conn), gone: make(chan struct{})} }

func (l *wire) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.gone:
		return nil, net.ErrClosed
	}
}

func (l *wire) Close() error   { l.once.Do(func() { close(l.gone) }); return nil }
func (l *wire) Addr() net.Addr { return &net.UnixAddr{Name: "wire", Net: "unix"} }

func (l *wire) Dial() (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.gone:
		return nil, net.ErrClosed
	}
}

// world is a mailworld on wires.
type world struct {
	*mailworld.World
	line *wire
}

func newWorld(t *testing.T, without ...imap.Cap) *world {
	t.Helper()
	line := newWire()
	w, err := mailworld.Start(mailworld.Options{
		Users: []mailworld.User{{Address: address, Password: password}}, Without: without, IMAP: line, SMTP: newWire(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return &world{World: w, line: line}
}

func (w *world) put(t *testing.T, subjects ...string) {
	t.Helper()
	for _, s := range subjects {
		if err := w.Put(address, "INBOX", letterWith(s, 300), time.Now()); err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) in(t *testing.T, mailbox string) []string {
	t.Helper()
	mails, err := w.Mails(address, mailbox)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, m := range mails {
		all = append(all, subject(m.Raw))
	}
	slices.Sort(all)
	return all
}

func (w *world) options() Options {
	return Options{
		Host: "localhost", Port: 143, TLS: "none", Username: address, Password: password, Folders: folders,
		Dial: func(context.Context, string, string) (net.Conn, error) { return w.line.Dial() },
	}
}

func newMailbox(t *testing.T, o Options, h *memory) *Mailbox {
	t.Helper()
	m, err := New(o, h.house(), time.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func mustPass(t *testing.T, m *Mailbox, want int) {
	t.Helper()
	n, err := m.Pass(t.Context())
	if err != nil || n != want {
		t.Fatalf("Pass: %d messages, %v; want %d", n, err, want)
	}
}

func equal(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}
