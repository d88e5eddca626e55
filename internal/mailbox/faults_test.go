package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
)

// cutConn ends after so many bytes in one direction, in the middle of a packet if need be.
type cutConn struct {
	net.Conn
	in, out int
}

func (c *cutConn) Read(p []byte) (int, error) {
	if c.in == 0 {
		c.Conn.Close()
		return 0, io.EOF
	}
	n, err := c.Conn.Read(p[:min(len(p), c.in)])
	c.in -= n
	return n, err
}

func (c *cutConn) Write(p []byte) (int, error) {
	if len(p) > c.out {
		c.Conn.Write(p[:c.out])
		c.Conn.Close()
		return c.out, io.ErrClosedPipe
	}
	c.out -= len(p)
	return c.Conn.Write(p)
}

// security.md 38: whatever byte of the session is the last, nothing is lost and nothing comes twice.
func TestCutAfterAnyByte(t *testing.T) {
	const never = 1 << 30
	for _, without := range [][]imap.Cap{nil, {imap.CapMove}} {
		for _, direction := range []string{"in", "out"} {
			step := 1
			if without != nil {
				step = 5
			}
			for n, whole := 0, false; !whole; n += step {
				synctest.Test(t, func(t *testing.T) {
					w, h := newWorld(t, without...), newMemory()
					w.put(t, "een", "twee", "drie")
					o := w.options()
					conns := 0
					o.Dial = func(context.Context, string, string) (net.Conn, error) {
						c, err := w.line.Dial()
						if conns++; err != nil || conns > 1 {
							return c, err
						}
						if direction == "in" {
							return &cutConn{Conn: c, in: n, out: never}, nil
						}
						return &cutConn{Conn: c, in: never, out: n}, nil
					}
					m := newMailbox(t, o, h)
					for try := 0; ; try++ {
						_, err := m.Pass(t.Context())
						if err == nil {
							break
						}
						if strings.Contains(err.Error(), "handed over twice") || try > 3 {
							t.Fatalf("%s, cut after %d: %v", direction, n, err)
						}
					}
					equal(t, fmt.Sprintf("%s, cut after %d, handed over", direction, n), h.bodies(), []string{"drie", "een", "twee"})
					for _, d := range h.got {
						if d.Partial || len(d.Raw) != len(letterWith(subject(d.Raw), 300)) {
							t.Fatalf("%s, cut after %d: %d bytes", direction, n, len(d.Raw))
						}
					}
					filed := w.in(t, "Klachten/Verwerkt")
					if without == nil || len(filed) == 3 { // a COPY whose answer was lost is made again
						equal(t, fmt.Sprintf("%s, cut after %d, filed", direction, n), filed, []string{"drie", "een", "twee"})
					}
					equal(t, "left in the box", w.in(t, "INBOX"), nil)
					whole = conns == 1
				})
				if t.Failed() {
					return
				}
			}
		}
	}
}

// A server that falls silent at any command is given up after Options.Silence, and ends at once with the context.
func TestSilentServer(t *testing.T) {
	for _, at := range []string{"HELLO", "CAPABILITY", "LOGIN", "LIST", "SELECT", "UID SEARCH", "UID FETCH 7 (UID BODY", "UID FETCH", "UID MOVE", "IDLE", "DONE"} {
		t.Run(at, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newMemory()
				f := newFake(t, func(f *fake, conn int, line string) (string, bool) {
					if at == "CAPABILITY" && line == "HELLO" {
						return "* OK hello\r\n", true
					}
					return "", conn == 1 && strings.HasPrefix(line, at)
				})
				m := newMailbox(t, f.options(), h)
				start := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
				defer cancel()
				if err := m.Run(ctx); err != nil {
					t.Errorf("Run: %v", err)
				}
				if d := time.Since(start); d > 5*time.Minute+2*time.Second {
					t.Errorf("ended after %v", d)
				}
				if f.conns < 2 && at != "IDLE" || len(h.got) != 1 || h.got[0].Partial || h.filed != 1 {
					t.Errorf("%d connections, %d handed over, %d filed", f.conns, len(h.got), h.filed)
				}
			})
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t, func(f *fake, conn int, line string) (string, bool) { return "", strings.HasPrefix(line, at) })
				m := newMailbox(t, f.options(), newMemory())
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				start := time.Now()
				m.Run(ctx)
				if d := time.Since(start); d > 12*time.Second {
					t.Errorf("ended after %v", d)
				}
			})
		})
	}
}

// Somebody reads the mailbox in a mail program meanwhile: word of a flag must not pass for the answer about a message,
// which would date it today and leave it without its bytes.
func TestFlagChangesMeanwhile(t *testing.T) {
	for _, during := range []string{"RFC822.SIZE", "BODY"} {
		synctest.Test(t, func(t *testing.T) {
			h := newMemory()
			told := false
			f := newFake(t, func(f *fake, conn int, line string) (string, bool) {
				if f.gone || !strings.HasPrefix(line, "UID FETCH 7") {
					return "", false
				}
				answer := "* 1 FETCH (UID 7 RFC822.SIZE 200 INTERNALDATE \"01-Mar-2026 10:00:00 +0100\")\r\nTAG OK x\r\n"
				if strings.Contains(line, "BODY") {
					answer = f.plain(line)
				}
				if strings.Contains(line, during) && !told {
					told = true
					answer = "* 1 FETCH (UID 7 FLAGS (\\Seen))\r\n" + answer
				}
				return answer, true
			})
			m := newMailbox(t, f.options(), h)
			var got []Delivery
			err := m.Through(t.Context(), "", time.Time{}, func(d Delivery) error {
				got = append(got, d)
				return nil
			})
			told = false
			if _, passed := m.Pass(t.Context()); err != nil || passed != nil {
				t.Fatal(err, passed)
			}
			want := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
			if got = append(got, h.got...); len(got) != 2 || !told {
				t.Fatalf("%d messages came", len(got))
			}
			for _, d := range got {
				if !d.Received.Equal(want) || d.Partial || string(d.Raw) != f.raw {
					t.Errorf("%s: came %+v, want the whole message of %v", during, d, want)
				}
			}
		})
	}
}

// security.md 4, 6: a message that the server cannot deliver reaches the house with what can be had, and the others come first.
func TestOddMessage(t *testing.T) {
	for name, tt := range map[string]struct {
		body   string // the answer to the body of UID 8
		header string
		raw    string
	}{
		"connection cut":    {"* 2 FETCH (UID 8 BODY[]<0> {500}\r\nFrom: " + cut, "* 2 FETCH (UID 8 BODY[HEADER]<0> {8}\r\nA: b\r\n\r\n)\r\nTAG OK x\r\n", "A: b\r\n\r\n"},
		"answer unreadable": {"* 2 FETCH (UID 8 X-GM-MSGID 5)\r\n", "TAG NO [SERVERBUG] secret text\r\n", ""},
		"refused":           {"TAG NO [SERVERBUG] secret text\r\n", "", ""},
		"no bytes":          {"* 2 FETCH (UID 8 BODY[]<0> {0}\r\n)\r\nTAG OK x\r\n", "TAG NO x\r\n", ""},
		"left out":          {"TAG OK x\r\n", "TAG OK x\r\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newMemory()
				f := newFake(t, func(f *fake, conn int, line string) (string, bool) {
					set, items, _ := strings.Cut(strings.TrimPrefix(line, "UID FETCH "), " ")
					odd := !f.gone && strings.HasPrefix(line, "UID FETCH ") && strings.Contains(set, "8")
					switch {
					case strings.HasPrefix(line, "UID SEARCH") && strings.Contains(line, "UID 8"):
						return "* SEARCH 8\r\nTAG OK x\r\n", true
					case strings.HasPrefix(line, "UID SEARCH") && !f.gone:
						return "* SEARCH 7 8\r\nTAG OK x\r\n", true
					case odd && strings.Contains(items, "HEADER"):
						return tt.header, true
					case odd && strings.Contains(items, "BODY"):
						return tt.body, true
					case odd:
						return "* 1 FETCH (UID 7 RFC822.SIZE 200 INTERNALDATE \"01-Mar-2026 10:00:00 +0100\")\r\n* 2 FETCH (UID 8 RFC822.SIZE 500 INTERNALDATE \"01-Mar-2026 10:00:00 +0100\")\r\nTAG OK x\r\n", true
					}
					return "", false
				})
				m := newMailbox(t, f.options(), h)
				n, err := m.Pass(t.Context())
				if err != nil || n != 2 || len(h.got) != 2 {
					t.Fatalf("Pass: %d, %v", n, err)
				}
				if h.got[0].UID != 7 || h.got[0].Partial {
					t.Errorf("first came %+v", h.got[0])
				}
				d := h.got[1]
				if d.UID != 8 || !d.Partial || string(d.Raw) != tt.raw || d.Received.IsZero() {
					t.Errorf("then came %+v", d)
				}
			})
		})
	}
}

// A server that announces 100 bytes and sends many more cannot make the batch larger than it may be.
func TestLyingSize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newMemory()
		large := strings.Repeat("x", 3000)
		f := newFake(t, func(f *fake, conn int, line string) (string, bool) {
			switch {
			case strings.HasPrefix(line, "UID SEARCH") && !f.gone:
				return "* SEARCH 1 2 3\r\nTAG OK x\r\n", true
			case strings.HasPrefix(line, "UID FETCH") && !strings.Contains(line, "BODY") && !f.gone:
				all := ""
				for u := 1; u <= 3; u++ {
					all += fmt.Sprintf("* %d FETCH (UID %d RFC822.SIZE 100)\r\n", u, u)
				}
				return all + "TAG OK x\r\n", true
			case strings.HasPrefix(line, "UID FETCH") && !f.gone:
				all := ""
				for u, set := 1, strings.Fields(line)[2]; u <= 3; u++ {
					if set == "1:3" || strings.Contains(set, fmt.Sprint(u)) {
						all += fmt.Sprintf("* %d FETCH (UID %d BODY[]<0> {%d}\r\n%s)\r\n", u, u, len(large), large)
					}
				}
				return all + "TAG OK x\r\n", true
			}
			return "", false
		})
		o := f.options()
		o.BatchBytes = 4000
		mustPass(t, newMailbox(t, o, h), 3)
		if got := fmt.Sprint(h.batches); got != "[1 1 1]" {
			t.Errorf("batches of %s", got)
		}
	})
}

// libraries.md 1.1, 19: an error of MOVE says nothing about what happened to the messages.
func TestMoveError(t *testing.T) {
	for _, tt := range []struct {
		name  string
		moved bool // and yet the message is gone
		reply string
		filed int
	}{
		{"refused", false, "TAG NO [OVERQUOTA] secret text\r\n", 0},
		{"done, with an answer that breaks the connection", true, "* OK [COPYUID 14  ]\r\nTAG OK x\r\n", 1},
		{"not done, cut", false, cut, 1},
		{"refused although done", true, "TAG NO x\r\n", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newMemory()
				first := true
				f := newFake(t, func(f *fake, conn int, line string) (string, bool) {
					if !strings.HasPrefix(line, "UID MOVE") || !first && tt.filed == 1 {
						return "", false
					}
					first, f.gone = false, tt.moved
					return tt.reply, true
				})
				m := newMailbox(t, f.options(), h)
				n, err := m.Pass(t.Context())
				if n != 1 || (err == nil) != (tt.filed == 1) || h.filed != tt.filed {
					t.Fatalf("Pass: %d, %v; filed %d, want %d", n, err, h.filed, tt.filed)
				}
				if err != nil && (strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "OVERQUOTA")) {
					t.Errorf("error %q", err)
				}
			})
		})
	}
}

// A message that the server will not move does not keep the others.
func TestMoveHalves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, h := newWorld(t), newMemory()
		for range 20 {
			w.put(t, "een van velen")
		}
		moves := 0
		o := w.options()
		o.Dial = func(context.Context, string, string) (net.Conn, error) {
			c, err := w.line.Dial()
			return &refusing{Conn: c, moves: &moves}, err
		}
		m := newMailbox(t, o, h)
		n, err := m.Pass(t.Context())
		if n != 20 || err == nil || h.filed != 19 || len(h.wanted[Box{"INBOX", 1}]) != 1 {
			t.Errorf("Pass: %d, %v; %d filed", n, err, h.filed)
		}
	})
}

// refusing is a connection on which a MOVE of UID 13 turns into one that the server refuses.
type refusing struct {
	net.Conn
	moves *int
}

func (c *refusing) Write(p []byte) (int, error) {
	line := string(p)
	if tag, rest, _ := strings.Cut(line, " "); strings.HasPrefix(rest, "UID MOVE ") {
		var set imap.UIDSet
		for part := range strings.SplitSeq(strings.Fields(rest)[2], ",") {
			var a, b uint32
			if k, _ := fmt.Sscanf(part, "%d:%d", &a, &b); k < 2 {
				b = a
			}
			set.AddRange(imap.UID(a), imap.UID(b))
		}
		if set.Contains(13) {
			if _, err := io.WriteString(c.Conn, tag+" UID MOVE 13 Nergens\r\n"); err != nil {
				return 0, err
			}
			return len(p), nil
		}
	}
	return c.Conn.Write(p)
}

// Registration goes on when a folder cannot be made, and the error names it.
func TestFolderCannotBeMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newMemory()
		allowed := false
		f := newFake(t, func(f *fake, conn int, line string) (string, bool) {
			switch {
			case strings.HasPrefix(line, "LIST") && strings.Contains(line, "Verwerkt") && !allowed:
				return "TAG OK x\r\n", true
			case strings.HasPrefix(line, "CREATE"):
				return "TAG NO [NOPERM] secret text\r\n", true
			}
			return "", false
		})
		m := newMailbox(t, f.options(), h)
		n, err := m.Pass(t.Context())
		if n != 1 || !errors.Is(err, ErrFolder) || !strings.Contains(err.Error(), "Klachten/Verwerkt") || strings.Contains(err.Error(), "secret") {
			t.Fatalf("Pass: %d, %v", n, err)
		}
		allowed = true
		mustPass(t, m, 0)
		if h.filed != 1 {
			t.Errorf("%d filed", h.filed)
		}
	})
}

// libraries.md 1.1, 19: an empty search result in a full mailbox is not believed.
func TestSearchFindsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t, func(f *fake, conn int, line string) (string, bool) {
			return "* SEARCH\r\nTAG OK x\r\n", strings.HasPrefix(line, "UID SEARCH")
		})
		if _, err := newMailbox(t, f.options(), newMemory()).Pass(t.Context()); !errors.Is(err, errSearch) {
			t.Errorf("got %v", err)
		}
	})
}

// A server that never delivers anything is tried ever more rarely.
func TestRunBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var dials atomic.Int32
		o := newFake(t, nil).options()
		o.Dial = func(context.Context, string, string) (net.Conn, error) {
			dials.Add(1)
			return nil, errors.New("connection refused")
		}
		m := newMailbox(t, o, newMemory())
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		m.Run(ctx)
		if n := dials.Load(); n < 18 || n > 26 {
			t.Errorf("%d attempts in an hour", n)
		}
	})
}
