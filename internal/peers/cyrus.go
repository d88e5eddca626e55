package peers

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-smtp"
)

const cyrusBin = "usr/lib/cyrus/bin"

// Cyrus is a Cyrus IMAP and LMTP server of the test's own, as Debian sets it up:
// folders under INBOX, with a dot between them. Any user may log in, with Password;
// a mailbox is made at its first login.
type Cyrus struct {
	IMAPAddr string // 127.0.0.1:port; plain
	LMTPAddr string

	tb   testing.TB
	own  owner
	dir  string
	bin  string
	env  []string
	proc *process
}

// StartCyrus starts a Cyrus that ends with the test. Where it was not unpacked the
// test is skipped.
func StartCyrus(tb testing.TB) *Cyrus {
	tb.Helper()
	master, env := unpacked(tb, filepath.Join(cyrusBin, "master"))
	own, err := whoami()
	if err != nil {
		tb.Fatal("cyrus: ", err)
	}
	c := &Cyrus{tb: tb, own: own, dir: workDir(tb, "cyrus"), bin: filepath.Dir(master), env: env}
	for _, sub := range []string{"", "conf", "conf/db", "conf/proc", "conf/lock", "conf/log", "conf/msg", "conf/ptclient", "conf/quota", "conf/user", "spool"} {
		c.mkdir(sub)
	}
	c.serveLogins()
	tb.Cleanup(func() {
		c.Stop()
		tell(tb, filepath.Join(c.dir, "out"))
	})
	for range 5 {
		c.IMAPAddr, c.LMTPAddr = freeAddr(tb), freeAddr(tb)
		if err = c.start(master); err == nil {
			return c
		}
	}
	tb.Fatal("cyrus: ", err)
	return nil
}

func (c *Cyrus) mkdir(name string) {
	c.tb.Helper()
	name = filepath.Join(c.dir, name)
	err := os.MkdirAll(name, 0o755)
	if err == nil {
		err = os.Chown(name, c.own.uid, c.own.gid)
	}
	if err != nil {
		c.tb.Fatal(err)
	}
}

func (c *Cyrus) start(master string) error {
	conf, services := filepath.Join(c.dir, "imapd.conf"), filepath.Join(c.dir, "cyrus.conf")
	r := strings.NewReplacer("@DIR", c.dir, "@BIN", c.bin, "@USER", c.own.user, "@CONF", conf, "@IMAP", c.IMAPAddr, "@LMTP", c.LMTPAddr)
	for name, text := range map[string]string{conf: cyrusConf, services: cyrusServices} {
		if err := os.WriteFile(name, []byte(r.Replace(text)), 0o644); err != nil {
			return err
		}
	}
	p, err := launchWith(c.env, c.dir, c.own.cred, master, "-C", conf, "-M", services, "-p", filepath.Join(c.dir, "pid"))
	if err != nil {
		return err
	}
	if err := p.answers(c.IMAPAddr, c.LMTPAddr); err != nil {
		p.kill()
		return fmt.Errorf("%w: %s", err, lastLine(filepath.Join(c.dir, "out")))
	}
	c.proc = p
	return nil
}

// Stop ends the server at once. Mail stays.
func (c *Cyrus) Stop() {
	if c.proc != nil {
		c.proc.kill()
		c.proc = nil
	}
}

// Port is that of IMAPAddr.
func (c *Cyrus) Port() int { return atoi(portOf(c.IMAPAddr)) }

// serveLogins is who Cyrus asks whether a password is right: saslauthd's protocol,
// which is four strings (user, password, service, realm), each behind its length
// in two bytes, and one such string for an answer.
func (c *Cyrus) serveLogins() {
	c.tb.Helper()
	path := filepath.Join(c.dir, "mux")
	l, err := net.Listen("unix", path)
	if err == nil {
		err = os.Chmod(path, 0o777) // the password is no secret
	}
	if err != nil {
		c.tb.Fatal("cyrus: ", err)
	}
	c.tb.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				var said [4][]byte
				for i := range said {
					var size uint16
					if binary.Read(conn, binary.BigEndian, &size) != nil {
						return
					}
					said[i] = make([]byte, size)
					if _, err := io.ReadFull(conn, said[i]); err != nil {
						return
					}
				}
				answer := "\x00\x02NO"
				if string(said[1]) == Password {
					answer = "\x00\x02OK"
				}
				_, _ = io.WriteString(conn, answer)
			}()
		}
	}()
}

// Put hands in a mail for a user by LMTP, with its sender; it arrives now.
func (c *Cyrus) Put(user, from string, raw []byte) {
	c.tb.Helper()
	c.with(user, func(*imapclient.Client) error { return nil }) // makes the mailbox
	conn, err := net.Dial("tcp", c.LMTPAddr)
	if err != nil {
		c.tb.Fatal("put mail: ", err)
	}
	defer conn.Close()
	l := smtp.NewClientLMTP(conn)
	l.CommandTimeout = startWithin
	var w io.WriteCloser
	if err = errors.Join(l.Hello("localhost"), l.Mail(from, nil), l.Rcpt(user, nil)); err == nil {
		w, err = l.Data()
	}
	if err == nil {
		_, werr := io.Copy(w, bytes.NewReader(raw))
		err = errors.Join(werr, w.Close())
	}
	if err != nil {
		c.tb.Fatal("put mail: ", err)
	}
}

// Count is the number of mails in a folder, by its name on the server, that are not
// marked as deleted; 0 when there is no such folder.
func (c *Cyrus) Count(user, folder string) int {
	c.tb.Helper()
	n := 0
	c.with(user, func(i *imapclient.Client) error {
		list, err := i.List("", folder, nil).Collect()
		if err != nil || len(list) == 0 {
			return err
		}
		if _, err = i.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
			return err
		}
		found, err := i.UIDSearch(&imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagDeleted}}, nil).Wait()
		if err == nil {
			n = len(found.AllUIDs())
		}
		return err
	})
	return n
}

// WaitCount waits until a folder holds n mails.
func (c *Cyrus) WaitCount(user, folder string, n int, timeout time.Duration) {
	c.tb.Helper()
	end := time.Now().Add(timeout)
	for have := c.Count(user, folder); have != n; have = c.Count(user, folder) {
		if time.Now().After(end) {
			c.tb.Fatalf("folder %q of %s holds %d mails, want %d", folder, user, have, n)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// with logs in for a moment.
func (c *Cyrus) with(user string, f func(*imapclient.Client) error) {
	c.tb.Helper()
	i, err := imapclient.DialInsecure(c.IMAPAddr, nil)
	if err != nil {
		c.tb.Fatal("cyrus: ", err)
	}
	defer i.Close()
	if err = i.Login(user, Password).Wait(); err == nil {
		err = f(i)
	}
	if err != nil {
		c.tb.Fatal("cyrus: ", err)
	}
}

const cyrusConf = `
cyrus_user: @USER
configdirectory: @DIR/conf
proc_path: @DIR/conf/proc
mboxname_lockpath: @DIR/conf/lock
defaultpartition: default
partition-default: @DIR/spool
altnamespace: no
unixhierarchysep: no
virtdomains: off
servername: localhost
allowplaintext: yes
sasl_mech_list: PLAIN LOGIN
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: @DIR/mux
autocreate_post: yes
autocreate_quota: 0
autocreate_inbox_folders: Sent
autocreate_subscribe_folders: Sent
xlist-sent: Sent
idlesocket: @DIR/idle
lmtpsocket: @DIR/lmtp
notifysocket: @DIR/notify
duplicatesuppression: no
expunge_mode: immediate
delete_mode: immediate
`

const cyrusServices = `
START {
  recover cmd="@BIN/ctl_cyrusdb -C @CONF -r"
  idled cmd="@BIN/idled -C @CONF"
}
SERVICES {
  imap cmd="@BIN/imapd -C @CONF" listen="@IMAP" prefork=1
  lmtp cmd="@BIN/lmtpd -C @CONF -a" listen="@LMTP" prefork=1
}
EVENTS {
}
`
