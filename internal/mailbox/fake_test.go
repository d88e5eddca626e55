package mailbox

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// fake is a scripted IMAP server. What the script does not answer is answered as a plain server with one
// message, UID 7, would.
type fake struct {
	caps    string
	raw     string
	gone    bool // the message was moved
	answer  func(f *fake, conn int, line string) (reply string, ok bool)
	mu      sync.Mutex
	conns   int
	lines   []string
	silent  chan struct{}
	serving sync.WaitGroup
}

const cut = "CUT" // at the end of a reply: the connection ends

func newFake(t *testing.T, answer func(f *fake, conn int, line string) (string, bool)) *fake {
	f := &fake{caps: "IMAP4rev1 IDLE MOVE UIDPLUS", raw: string(letterWith("een", 200)), answer: answer, silent: make(chan struct{})}
	t.Cleanup(func() { close(f.silent); f.serving.Wait() })
	return f
}

func (f *fake) options() Options {
	return Options{Host: "localhost", Port: 143, TLS: "none", Username: address, Password: password, Folders: folders, Dial: f.dial}
}

func (f *fake) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	f.mu.Lock()
	f.conns++
	n := f.conns
	f.mu.Unlock()
	f.serving.Go(func() { f.serve(n, theirs) })
	return ours, nil
}

func (f *fake) serve(n int, c net.Conn) {
	defer c.Close()
	out := make(chan string, 100) // a pipe has no buffer, and a client may write while we do
	defer close(out)
	f.serving.Go(func() {
		for s := range out {
			s, ended := strings.CutSuffix(s, cut)
			if _, err := io.WriteString(c, s); err != nil || ended {
				c.Close()
			}
		}
	})
	hello, ok := f.answer(f, n, "HELLO")
	if !ok {
		hello = "* OK [CAPABILITY " + f.caps + "] ready\r\n"
	}
	out <- hello
	lines := bufio.NewScanner(c)
	for lines.Scan() {
		tag, line, _ := strings.Cut(lines.Text(), " ")
		f.mu.Lock()
		f.lines = append(f.lines, line)
		reply, ok := f.answer(f, n, line)
		if !ok {
			reply = f.plain(line)
		}
		f.mu.Unlock()
		out <- strings.ReplaceAll(reply, "TAG", tag)
	}
}

// plain is what a simple server answers.
func (f *fake) plain(line string) string {
	verb := line
	for _, v := range []string{"UID SEARCH", "UID FETCH", "UID MOVE", "UID COPY", "UID STORE", "UID EXPUNGE"} {
		if strings.HasPrefix(line, v) {
			verb = v
		}
	}
	if verb == line {
		verb, _, _ = strings.Cut(line, " ")
	}
	ok := "TAG OK done\r\n"
	switch verb {
	case "CAPABILITY":
		return "* CAPABILITY " + f.caps + "\r\n" + ok
	case "LOGIN":
		return "TAG OK [CAPABILITY " + f.caps + "] welcome\r\n"
	case "LIST":
		if strings.HasSuffix(line, ` "" ""`) {
			return "* LIST (\\Noselect) \"/\" \"\"\r\n" + ok
		}
		return "* LIST () \"/\" " + line[strings.LastIndex(line, " ")+1:] + "\r\n" + ok
	case "SELECT":
		return fmt.Sprintf("* %d EXISTS\r\n* OK [UIDVALIDITY 5] x\r\n* OK [UIDNEXT 8] x\r\nTAG OK [READ-WRITE] done\r\n", f.exists())
	case "UID SEARCH":
		if f.exists() == 0 {
			return "* SEARCH\r\n" + ok
		}
		return "* SEARCH 7\r\n" + ok
	case "UID FETCH":
		if f.exists() == 0 {
			return ok
		}
		if strings.Contains(line, "BODY") {
			return fmt.Sprintf("* 1 FETCH (UID 7 BODY[]<0> {%d}\r\n%s)\r\n", len(f.raw), f.raw) + ok
		}
		return fmt.Sprintf("* 1 FETCH (UID 7 RFC822.SIZE %d INTERNALDATE \"%s\")\r\n", len(f.raw), time.Now().Format("_2-Jan-2006 15:04:05 -0700")) + ok
	case "UID MOVE", "UID EXPUNGE":
		f.gone = true
		return "* 1 EXPUNGE\r\n" + ok
	case "IDLE":
		return "+ idling\r\n"
	case "LOGOUT":
		return "* BYE\r\n" + ok + cut
	}
	return ok
}

func (f *fake) exists() int {
	if f.gone {
		return 0
	}
	return 1
}

// seen counts the lines that begin so.
func (f *fake) seen(prefix string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, l := range f.lines {
		if strings.HasPrefix(l, prefix) {
			n++
		}
	}
	return n
}
