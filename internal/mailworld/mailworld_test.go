package mailworld

import (
	"bytes"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

const (
	klachten = "Klachten@academie.example"
	secret   = "geheim"
	mail     = "From: c@example.org\r\nSubject: hallo\r\n\r\nDag\r\n"
)

func start(t *testing.T, o Options) *World {
	t.Helper()
	o.Users = []User{{klachten, secret}, {"bas@academie.example", "ook geheim"}}
	w, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

func open(t *testing.T, w *World, o *imapclient.Options) *imapclient.Client {
	t.Helper()
	c, err := imapclient.DialInsecure(w.IMAPAddr(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Login(strings.ToLower(klachten), secret).Wait(); err != nil {
		t.Fatal(err)
	}
	return c
}

func send(t *testing.T, w *World, to ...string) error {
	t.Helper()
	c, err := smtp.Dial(w.SMTPAddr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.SendMail("c@example.org", to, strings.NewReader(mail))
}

func TestMailArrives(t *testing.T) {
	var mu sync.Mutex
	var seen []string
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	w := start(t, Options{
		Now:  func() time.Time { return now },
		Seen: func(p Passed) { mu.Lock(); defer mu.Unlock(); seen = append(seen, p.To) },
		Refuse: func(_, to string) *smtp.SMTPError {
			if to == "vol@example.org" {
				return &smtp.SMTPError{Code: 452, Message: "full"}
			}
			return nil
		},
	})
	told := make(chan uint32, 10)
	c := open(t, w, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				told <- *d.NumMessages
			}
		},
	}})
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	idle, err := c.Idle()
	if err != nil {
		t.Fatal(err)
	}
	to := []string{"KLACHTEN@academie.example", "elders@example.org"}
	if err := send(t, w, to...); err != nil {
		t.Fatal(err)
	}
	if n := <-told; n != 1 {
		t.Errorf("told of %d messages", n)
	}
	idle.Close()
	mails, err := w.Mails(klachten, "INBOX")
	if err != nil || len(mails) != 1 || mails[0].UID != 1 || !mails[0].At.Equal(now) || !bytes.HasSuffix(mails[0].Raw, []byte(mail)) {
		t.Errorf("in the mailbox: %+v, %v", mails, err)
	}
	if e := w.Elsewhere(); len(e) != 1 || e[0].To != "elders@example.org" || string(e[0].Raw) != mail {
		t.Errorf("elsewhere: %+v", e)
	}
	err = send(t, w, "vol@example.org")
	if err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("refused recipient: %v", err)
	}
	mu.Lock()
	defer mu.Unlock()
	if strings.Join(seen, " ") != strings.Join(to, " ") {
		t.Errorf("seen %q", seen)
	}
}

func TestLogins(t *testing.T) {
	w := start(t, Options{})
	for _, tt := range []struct {
		address, password string
		ok                bool
	}{
		{klachten, secret, true}, {strings.ToUpper(klachten), secret, true},
		{klachten, "ook geheim", false}, {"niemand@academie.example", secret, false},
	} {
		c, err := smtp.Dial(w.SMTPAddr())
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Auth(sasl.NewPlainClient("", tt.address, tt.password)); (err == nil) != tt.ok {
			t.Errorf("SMTP, %s: %v", tt.address, err)
		}
		c.Close()
		i, err := imapclient.DialInsecure(w.IMAPAddr(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := i.Login(tt.address, tt.password).Wait(); (err == nil) != tt.ok {
			t.Errorf("IMAP, %s: %v", tt.address, err)
		}
		i.Close()
	}
}

func TestMoveOfVanished(t *testing.T) {
	w := start(t, Options{})
	if err := w.Put(klachten, "INBOX", []byte(mail), time.Now()); err != nil {
		t.Fatal(err)
	}
	c := open(t, w, nil)
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	for _, uid := range []imap.UID{1, 1, 99} {
		if _, err := c.Move(imap.UIDSetNum(uid), "Sent").Wait(); err != nil {
			t.Fatalf("MOVE %d: %v", uid, err)
		}
		if _, err := c.Copy(imap.UIDSetNum(99), "Sent").Wait(); err != nil {
			t.Fatalf("COPY: %v", err)
		}
	}
	for box, want := range map[string]int{"INBOX": 0, "Sent": 1, "Nergens": 0} {
		if mails, err := w.Mails(klachten, box); err != nil || len(mails) != want {
			t.Errorf("%s: %d mails, %v; want %d", box, len(mails), err, want)
		}
	}
}

func TestRebuildChangesUIDValidity(t *testing.T) {
	w := start(t, Options{})
	before, err := open(t, w, nil).Select("INBOX", nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Rebuild(klachten, "INBOX"); err != nil {
		t.Fatal(err)
	}
	after, err := open(t, w, nil).Select("INBOX", nil).Wait()
	if err != nil || after.UIDValidity == before.UIDValidity {
		t.Errorf("UIDVALIDITY %d, then %d, %v", before.UIDValidity, after.UIDValidity, err)
	}
}

func TestCloseAtOnce(t *testing.T) {
	for range 50 {
		w, err := Start(Options{})
		if err != nil {
			t.Fatal(err)
		}
		w.Close()
		if c, err := net.Dial("tcp", w.SMTPAddr()); err == nil {
			c.Close()
			t.Error("the SMTP server still listens")
		}
	}
}

// TestVouch: what the server says of the sender stands on top, and nothing that he
// has said himself.
func TestVouch(t *testing.T) {
	const forged = "Subject: a\r\nauthentication-results: mx; dmarc=pass\r\n\theader.from=x\r\nFrom: x\r\n\r\nAuthentication-Results: in the text\r\n"
	const rest = "Subject: a\r\nFrom: x\r\n\r\nAuthentication-Results: in the text\r\n"
	if got := string(Vouch([]byte(forged), "mx", "bas@academie.example")); got != "Authentication-Results: mx; auth=pass smtp.auth=bas@academie.example\r\n"+rest {
		t.Errorf("%q", got)
	}
	if got := string(Vouch([]byte(forged), "mx", "")); got != "Authentication-Results: mx; auth=none\r\n"+rest {
		t.Errorf("%q", got)
	}
}

// TestVouched: of mail by SMTP the server says who was logged in, or that nobody was.
func TestVouched(t *testing.T) {
	w := start(t, Options{AuthservID: "mx.academie.example"})
	c, err := smtp.Dial(w.SMTPAddr())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Auth(sasl.NewPlainClient("", "BAS@academie.example", "ook geheim")); err != nil {
		t.Fatal(err)
	}
	for _, send := range []func() error{
		func() error {
			return c.SendMail("c@example.org", []string{"elders@example.net"}, strings.NewReader(mail))
		},
		func() error { return send(t, w, "elders@example.net") },
	} {
		if err := send(); err != nil {
			t.Fatal(err)
		}
	}
	for i, result := range []string{"auth=pass smtp.auth=bas@academie.example", "auth=none"} {
		if raw := w.Elsewhere()[i].Raw; !bytes.HasPrefix(raw, []byte("Authentication-Results: mx.academie.example; "+result+"\r\n")) {
			t.Errorf("%q", raw)
		}
	}
}
