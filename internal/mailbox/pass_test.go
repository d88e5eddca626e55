package mailbox

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

func TestPassFilesWhatItHandedOver(t *testing.T) {
	for _, tt := range []struct {
		name    string
		without []imap.Cap
		inbox   []string // what stays behind
	}{
		{"all capabilities", nil, nil},
		{"no MOVE", []imap.Cap{imap.CapMove}, nil},
		{"no MOVE, no UIDPLUS", []imap.Cap{imap.CapMove, imap.CapUIDPlus}, []string{"een", "twee"}},
		{"nothing but IMAP4rev1", []imap.Cap{imap.CapMove, imap.CapUIDPlus, imap.CapIdle, imap.CapNamespace, imap.CapLiteralPlus, imap.CapSASLIR}, []string{"een", "twee"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, h := newWorld(t, tt.without...), newMemory()
				w.put(t, "een", "twee")
				m := newMailbox(t, w.options(), h)
				mustPass(t, m, 2)
				mustPass(t, m, 0)
				equal(t, "handed over", h.bodies(), []string{"een", "twee"})
				equal(t, "filed", w.in(t, "Klachten/Verwerkt"), []string{"een", "twee"})
				equal(t, "left in the box", w.in(t, "INBOX"), tt.inbox)
				if h.filed != 2 {
					t.Errorf("noted %d, want 2", h.filed)
				}
				mails, _ := w.Mails(address, "Klachten/Verwerkt")
				if slices.Contains(mails[0].Flags, `\Seen`) {
					t.Error("the message was marked as seen")
				}
			})
		})
	}
}

// The steps are where a test may end the process (security.md 34).
func TestSteps(t *testing.T) {
	for _, tt := range []struct {
		without []imap.Cap
		filing  string
	}{
		{nil, "moved"},
		{[]imap.Cap{imap.CapMove}, "copied, marked, moved"},
		{[]imap.Cap{imap.CapMove, imap.CapUIDPlus}, "copied, moved"},
	} {
		synctest.Test(t, func(t *testing.T) {
			w, h := newWorld(t, tt.without...), newMemory()
			w.put(t, "een")
			var steps []string
			o := w.options()
			o.Step = func(name string) { steps = append(steps, strings.TrimPrefix(name, "mailbox: ")) }
			mustPass(t, newMailbox(t, o, h), 1)
			want := "selected, searched, fetched, handed over, before move, " + tt.filing + ", noted"
			if got := strings.Join(steps, ", "); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// security.md 43: what came before Since is not touched, on the moment, not on the day.
func TestPassLeavesOldMessagesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, h := newWorld(t), newMemory()
		o := w.options()
		o.Since = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		for name, at := range map[string]time.Time{
			"vorig jaar": o.Since.AddDate(-1, 0, 0), "zelfde dag": o.Since.Add(-time.Hour),
			"op tijd": o.Since, "later": o.Since.AddDate(0, 1, 0),
		} {
			w.Put(address, "INBOX", letterWith(name, 0), at)
		}
		m := newMailbox(t, o, h)
		mustPass(t, m, 2)
		equal(t, "handed over", h.bodies(), []string{"later", "op tijd"})
		equal(t, "left in the box", w.in(t, "INBOX"), []string{"vorig jaar", "zelfde dag"})
		r, err := m.Check(t.Context())
		if err != nil || r.Messages != 2 || r.Recent != 0 {
			t.Errorf("Check: %+v, %v", r, err)
		}
	})
}

func TestPassBoundsBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, h := newWorld(t), newMemory()
		o := w.options()
		o.BatchBytes, o.BatchCount, o.MaxSize = 4000, 3, 600_000
		for range 4 {
			w.put(t, "klein")
		}
		w.Put(address, "INBOX", letterWith("groot", 3500), time.Now())
		w.Put(address, "INBOX", letterWith("te groot", 700_000), time.Now())
		w.put(t, "klein")
		m := newMailbox(t, o, h)
		mustPass(t, m, 7)
		if want := []int{3, 2, 1, 1}; !slices.Equal(h.batches, want) {
			t.Errorf("batches of %v, want %v", h.batches, want)
		}
		for _, d := range h.got {
			large := subject(d.Raw) == "te groot"
			if d.Partial != large || large && (len(d.Raw) != headBytes || d.Size < 700_000) {
				t.Errorf("%s: partial %v, %d bytes of %d", subject(d.Raw), d.Partial, len(d.Raw), d.Size)
			}
		}
	})
}

func TestPassManyMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, h := newWorld(t), newMemory()
		for range 1200 {
			w.put(t, "een van velen")
		}
		m := newMailbox(t, w.options(), h)
		mustPass(t, m, 1200)
		if n := len(w.in(t, "Klachten/Verwerkt")); n != 1200 {
			t.Errorf("%d filed", n)
		}
	})
}

// security.md 5: who crashed us before comes last and alone.
func TestPassSuspectsLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, h := newWorld(t), newMemory()
		w.put(t, "verdacht", "goed", "goed", "verdacht")
		h.suspects = map[uint32]bool{1: true, 4: true}
		m := newMailbox(t, w.options(), h)
		mustPass(t, m, 4)
		if want := []int{2, 1, 1}; !slices.Equal(h.batches, want) {
			t.Errorf("batches of %v, want %v", h.batches, want)
		}
	})
}

// security.md 35
func TestPassAfterRebuild(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, h := newWorld(t), newMemory()
		h.folder = func(Delivery) string { return "" }
		w.put(t, "oud")
		m := newMailbox(t, w.options(), h)
		mustPass(t, m, 1)
		if err := w.Rebuild(address, "INBOX"); err != nil {
			t.Fatal(err)
		}
		w.put(t, "nieuw", "nieuwer")
		m.Close()
		mustPass(t, m, 2)
		if len(h.seen) != 2 {
			t.Errorf("%d boxes, want 2", len(h.seen))
		}
	})
}

func TestHouseRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, h := newWorld(t), newMemory()
		w.put(t, "een")
		h.refuse = errors.New("disk full")
		m := newMailbox(t, w.options(), h)
		if n, err := m.Pass(t.Context()); n != 0 || !errors.Is(err, h.refuse) {
			t.Errorf("Pass: %d, %v", n, err)
		}
		equal(t, "left in the box", w.in(t, "INBOX"), []string{"een"})
		h.refuse = nil
		mustPass(t, m, 1)
	})
}

// A folder of ours that somebody renamed is made anew, and what was moved before
// stays where it is now (procedure.md 8).
func TestFolderRenamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, h := newWorld(t), newMemory()
		w.put(t, "een")
		m := newMailbox(t, w.options(), h)
		mustPass(t, m, 1)
		conn, err := w.line.Dial()
		if err != nil {
			t.Fatal(err)
		}
		user := imapclient.New(conn, nil)
		defer user.Close()
		if err := user.Login(address, password).Wait(); err != nil {
			t.Fatal(err)
		}
		if err := user.Rename("Klachten/Verwerkt", "Archief", nil).Wait(); err != nil {
			t.Fatal(err)
		}
		w.put(t, "twee")
		mustPass(t, m, 1)
		mustPass(t, m, 0)
		equal(t, "renamed", w.in(t, "Archief"), []string{"een"})
		equal(t, "made anew", w.in(t, "Klachten/Verwerkt"), []string{"twee"})
		equal(t, "left in the box", w.in(t, "INBOX"), nil)
		equal(t, "handed over", h.bodies(), []string{"een", "twee"})
	})
}

func TestSideLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, h := newWorld(t), newMemory()
		m := newMailbox(t, w.options(), h)
		at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		for _, folder := range []string{"", "handled", "Elders/Diep"} {
			id := "<brief@example.org>"
			if n, err := m.Search(t.Context(), folder, id); n != 0 || err != nil {
				t.Errorf("Search %q before: %d, %v", folder, n, err)
			}
			if err := m.Append(t.Context(), folder, letterWith("brief", 9000), at); err != nil {
				t.Errorf("Append %q: %v", folder, err)
			}
			if n, err := m.Search(t.Context(), folder, id); n != 1 || err != nil {
				t.Errorf("Search %q after: %d, %v", folder, n, err)
			}
			time.Sleep(time.Hour) // the line is made anew
		}
		mails, _ := w.Mails(address, "Sent")
		if len(mails) != 1 || !mails[0].At.Equal(at) || !slices.Equal(mails[0].Flags, []string{`\Seen`}) {
			t.Errorf("in Sent: %+v", mails)
		}
	})
}

// TestLook: messages are found by id, by what they answer, or as the newest, and stay as they were.
func TestLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		m := newMailbox(t, w.options(), newMemory())
		w.put(t, "een", "twee", "drie")
		for _, field := range []string{"In-Reply-To: <een@example.org>", "References: <nul@example.org> <een@example.org>"} {
			w.Put(address, "INBOX", append([]byte(field+"\r\n"), letterWith("antwoord", lookBytes+64<<10)...), time.Now())
		}
		for _, tt := range []struct {
			folder string
			what   Sought
			want   []string
		}{
			{"INBOX", Sought{Latest: 9}, []string{"een", "twee", "drie", "antwoord", "antwoord"}},
			{"INBOX", Sought{Latest: 3}, []string{"drie", "antwoord", "antwoord"}},
			{"INBOX", Sought{MessageID: "twee@example.org", Latest: 9}, []string{"twee"}},
			{"INBOX", Sought{Answers: "een@example.org", Latest: 9}, []string{"antwoord", "antwoord"}},
			{"INBOX", Sought{Answers: "twee@example.org", Latest: 9}, nil},
			{"Weg", Sought{Latest: 9}, nil},
		} {
			list, err := m.Look(t.Context(), tt.folder, tt.what)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, g := range list {
				if len(g.Raw) > lookBytes {
					t.Errorf("%d bytes", len(g.Raw))
				}
				if !g.Received.Equal(time.Now()) {
					t.Errorf("received at %s", g.Received)
				}
				_, rest, _ := strings.Cut(string(g.Raw), "Subject: ")
				subject, _, _ := strings.Cut(rest, "\r\n")
				got = append(got, subject)
			}
			equal(t, fmt.Sprintf("%+v", tt), got, tt.want)
		}
		mails, _ := w.Mails(address, "INBOX")
		for _, mail := range mails {
			if len(mail.Flags) > 0 {
				t.Errorf("message %d is marked: %v", mail.UID, mail.Flags)
			}
		}
	})
}

func TestCheckChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, h := newWorld(t, imap.CapMove), newMemory()
		w.put(t, "een")
		w.Put(address, "Klachten/Verwerkt", letterWith("eerder", 0), time.Now())
		r, err := newMailbox(t, w.options(), h).Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := []FolderReport{{"handled", "Klachten/Verwerkt", true}, {"quarantine", "Klachten/Quarantaine", false}}
		if !r.Idle || r.Move || !r.UIDPlus || r.Messages != 1 || r.Recent != 1 || r.Sent != "Sent" || !r.Newest.Equal(time.Now()) || !slices.Equal(r.Folders, want) {
			t.Errorf("got %+v", r)
		}
		equal(t, "in the box", w.in(t, "INBOX"), []string{"een"})
		if r, _ := newMailbox(t, w.options(), h).Check(t.Context()); r.Folders[1].Exists {
			t.Error("Check made a folder")
		}
	})
}

func TestWrongPassword(t *testing.T) {
	for _, caps := range [][]imap.Cap{nil, {imap.CapSASLIR}} {
		synctest.Test(t, func(t *testing.T) {
			w, h := newWorld(t, caps...), newMemory()
			o := w.options()
			o.Password = "onjuist"
			_, err := newMailbox(t, o, h).Pass(t.Context())
			if !errors.Is(err, ErrLogin) || strings.Contains(err.Error(), o.Password) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// security.md 24
func TestOptionsRefused(t *testing.T) {
	good := Options{Host: "imap.example.org", Port: 993, TLS: "implicit"}
	for _, tt := range []struct {
		name   string
		change func(*Options)
		want   string
	}{
		{"good", func(*Options) {}, ""},
		{"plain to a host", func(o *Options) { o.TLS = "none" }, "loopback"},
		{"plain to an address", func(o *Options) { o.TLS, o.Host = "none", "192.0.2.1" }, "loopback"},
		{"plain to loopback", func(o *Options) { o.TLS, o.Host = "none", "::1" }, ""},
		{"no such TLS", func(o *Options) { o.TLS = "ssl" }, "imap.tls"},
		{"no host", func(o *Options) { o.Host = "" }, "imap.host"},
		{"wildcard folder", func(o *Options) { o.Folders = map[string]string{"spam": "Spam*"} }, "imap.folders.spam"},
		{"the mailbox itself", func(o *Options) { o.Mailbox, o.Folders = "INBOX", map[string]string{"spam": "Inbox"} }, "imap.folders.spam"},
	} {
		o := good
		tt.change(&o)
		err := o.check()
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}
