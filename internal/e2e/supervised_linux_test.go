package e2e

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// A listener is systemd's end of the socket.
type listener struct {
	mu   sync.Mutex
	said []string // datagrams
}

func listen(t *testing.T) (*listener, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	noError(t, err)
	t.Cleanup(func() { c.Close() })
	l := &listener{}
	go func() {
		for b := make([]byte, 4096); ; {
			n, err := c.Read(b)
			if err != nil {
				return
			}
			l.mu.Lock()
			l.said = append(l.said, string(b[:n]))
			l.mu.Unlock()
		}
	}()
	return l, path
}

// times counts the datagrams with this line.
func (l *listener) times(line string) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range l.said {
		if strings.Contains("\n"+s+"\n", "\n"+line+"\n") {
			n++
		}
	}
	return n
}

// TestSupervised: systemd hears when the daemon is ready, that it lives, when it
// reads its configuration anew and by which moment, and that it stops (sd_notify(3);
// interface.md The daemon).
func TestSupervised(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	l, path := listen(t)
	k := a.run("NOTIFY_SOCKET="+path, "WATCHDOG_USEC=300000")
	until(t, "READY", func() bool { return l.times("READY=1") == 1 })
	until(t, "signs of life", func() bool { return l.times("WATCHDOG=1") >= 3 })
	k.idles(1)
	k.hup(taken, 1)
	until(t, "READY again", func() bool { return l.times("READY=1") == 2 })
	want(t, "RELOADING", l.times("RELOADING=1"), 1)
	a.set["imap.tls"] = "sometimes"
	a.write()
	k.hup(notTaken, 1)
	until(t, "READY after a refusal", func() bool { return l.times("READY=1") == 3 })
	lives := l.times("WATCHDOG=1")
	until(t, "signs of life after it", func() bool { return l.times("WATCHDOG=1") >= lives+2 })
	want(t, "STOPPING", l.times("STOPPING=1"), 0)
	k.stop()
	until(t, "STOPPING", func() bool { return l.times("STOPPING=1") == 1 })

	l.mu.Lock()
	defer l.mu.Unlock()
	if !strings.HasPrefix(l.said[0], "READY=1\nSTATUS=") && !strings.HasPrefix(l.said[1], "READY=1\nSTATUS=") {
		t.Errorf("it began with %q", l.said[:2])
	}
	var at int64
	for _, text := range l.said {
		if rest, ok := strings.CutPrefix(text, "RELOADING=1\nMONOTONIC_USEC="); ok {
			now, _, _ := strings.Cut(rest, "\n")
			usec, err := strconv.ParseInt(now, 10, 64)
			if err != nil || usec <= at {
				t.Errorf("%q after %d", text, at)
			}
			at = usec
		}
		if strings.Contains(text, "@") {
			t.Errorf("an address in %q", text)
		}
	}
}

// TestJournal: what journald reads says of each line how grave it is, also of the
// last one before an end; what goes elsewhere has nothing before it (interface.md
// The daemon).
func TestJournal(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	a.write()
	for _, tt := range []struct {
		here        bool // JOURNAL_STREAM names the file that stderr is
		verb        string
		prefix, log string
	}{{true, "cycle", "<7>", `{"time"`}, {true, "wat", "<3>", "klachtd: "}, {false, "cycle", "", `{"time"`}, {false, "wat", "", "klachtd: "}} {
		file, err := os.Create(filepath.Join(t.TempDir(), "journal"))
		noError(t, err)
		defer file.Close()
		info, err := file.Stat()
		noError(t, err)
		stat := info.Sys().(*syscall.Stat_t)
		if !tt.here {
			stat.Ino++
		}
		d.Put("klachten", grievance("jan@voorbeeld.example", "Het lokaal was koud, "+tt.prefix), time.Now())
		cmd := exec.Command(binary, tt.verb, "-c", a.config())
		cmd.Env = append(os.Environ(), fmt.Sprintf("JOURNAL_STREAM=%d:%d", stat.Dev, stat.Ino))
		cmd.Stderr = file
		_ = cmd.Run() // one of the verbs is none
		text, err := os.ReadFile(file.Name())
		noError(t, err)
		if !strings.Contains("\n"+string(text), "\n"+tt.prefix+tt.log) {
			t.Errorf("%+v: %s", tt, text)
		}
	}
}

// TestHeartbeat: an address elsewhere is asked after a good pass, at most once a
// minute, by the daemon as by a single pass, and never shown (interface.md The daemon).
func TestHeartbeat(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	var mu sync.Mutex
	asked, gone := map[string]int{}, false
	elsewhere := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if gone {
			out.WriteHeader(http.StatusNotFound)
			return
		}
		asked[fmt.Sprint(r.Method, " ", r.URL.Path)]++
	}))
	defer elsewhere.Close()
	a := open(t, d, s, "klachten")
	a.set["alerts.heartbeat_url"] = elsewhere.URL + "/geheim"
	a.set["imap.poll"] = "1s"
	k := a.run()
	until(t, "a heartbeat", func() bool { mu.Lock(); defer mu.Unlock(); return asked["GET /geheim"] > 0 })
	k.idles(4) // passes enough for more
	k.stop()
	mu.Lock()
	if asked["GET /geheim"] != 1 {
		t.Errorf("asked %v by the daemon, want once", asked)
	}
	mu.Unlock()
	a.cycle()
	mu.Lock()
	gone = true
	mu.Unlock()
	a.cycle() // no answer is no failure of the pass
	a.set["smtp.port"] = nobodyListens(t)
	d.Put("klachten", grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
	if o := a.verb("cycle"); o.code != 1 {
		t.Errorf("letters wait: status %d", o.code)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(asked) != 1 || asked["GET /geheim"] != 2 || strings.Contains(k.log.String(), "geheim") {
		t.Errorf("asked %v, want twice; the log shows the address: %v", asked, strings.Contains(k.log.String(), "geheim"))
	}
}
