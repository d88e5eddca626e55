package peers

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

const long = 20 * time.Second // for a condition that is met in a moment

func TestPutIsSeenByIMAP(t *testing.T) {
	d := StartDovecot(t, DovecotOptions{})
	at := time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC)
	d.Put("klachten@example.nl", []byte("Subject: een\r\n\r\nhallo\r\n"), at)

	c := login(t, d, nil)
	box, err := c.Select("INBOX", nil).Wait()
	if err != nil || box.NumMessages != 1 {
		t.Fatalf("select: %v, %+v", err, box)
	}
	got, err := c.Fetch(imap.SeqSetNum(1), &imap.FetchOptions{InternalDate: true}).Collect()
	if err != nil || !got[0].InternalDate.Equal(at) {
		t.Fatalf("fetch: %v, %v, want %v", err, got, at)
	}
	if n := d.Count("klachten", "INBOX"); n != 1 {
		t.Errorf("count: %d", n)
	}
	if _, err := c.Select("Sent", nil).Wait(); err != nil { // it is made now
		t.Error(err)
	}
	if folders := d.Folders("klachten"); len(folders) != 1 || folders[0] != "Sent" {
		t.Errorf("folders: %q", folders)
	}
}

func TestIdleHearsOfPut(t *testing.T) {
	d := StartDovecot(t, DovecotOptions{})
	news := make(chan uint32, 10)
	c := login(t, d, &imapclient.UnilateralDataHandler{Mailbox: func(m *imapclient.UnilateralDataMailbox) {
		if m.NumMessages != nil {
			news <- *m.NumMessages
		}
	}})
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	idle, err := c.Idle()
	if err != nil {
		t.Fatal(err)
	}
	d.Put("klachten", []byte("Subject: een\n\nhallo\n"), time.Now())
	select {
	case <-news:
	case <-time.After(long):
		t.Error("nothing heard")
	}
	if err := idle.Close(); err != nil {
		t.Error(err)
	}
}

func TestRestartKeepsMailAndPorts(t *testing.T) {
	d := StartDovecot(t, DovecotOptions{})
	d.Put("klachten", []byte("Subject: een\n\nhallo\n"), time.Now())
	c := login(t, d, nil)
	d.Restart()
	if err := c.Noop().Wait(); err == nil {
		t.Error("the connection lives on")
	}
	if box, err := login(t, d, nil).Select("INBOX", nil).Wait(); err != nil || box.NumMessages != 1 {
		t.Errorf("select: %v, %+v", err, box)
	}
	d.Stop()
	if conn, err := net.Dial("tcp", d.IMAPAddr); err == nil {
		_ = conn.Close()
		t.Error("stopped and still there")
	}
	d.Start()
	login(t, d, nil)
}

func TestResetUIDValidity(t *testing.T) {
	d := StartDovecot(t, DovecotOptions{})
	for i := range 3 {
		d.Put("klachten", fmt.Appendf(nil, "Subject: %d\n\nhallo\n", i), time.Now())
	}
	before, err := login(t, d, nil).Select("INBOX", nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	d.ResetUIDValidity("klachten")
	after, err := login(t, d, nil).Select("INBOX", nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	if before.UIDValidity == after.UIDValidity || after.UIDNext != 4 || after.NumMessages != 3 {
		t.Errorf("before %d, after %d with UIDNEXT %d and %d mails", before.UIDValidity, after.UIDValidity, after.UIDNext, after.NumMessages)
	}
}

func TestCapabilityAndSeparator(t *testing.T) {
	d := StartDovecot(t, DovecotOptions{Capability: "IMAP4rev1 UIDPLUS", Separator: "/"})
	c := login(t, d, nil)
	if caps := c.Caps(); caps.Has(imap.CapMove) || caps.Has(imap.CapIdle) || !caps.Has(imap.CapUIDPlus) {
		t.Errorf("capabilities: %v", caps)
	}
	if err := c.Create("Klachten/Verwerkt", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(d.Folders("klachten"), " "); got != "Klachten/Verwerkt" {
		t.Errorf("folders: %s", got)
	}
}

func TestTLS(t *testing.T) {
	d := StartDovecot(t, DovecotOptions{TLS: true})
	trust := trusting(t, d.CAFile())
	for name, dial := range map[string]func(*tls.Config) (*imapclient.Client, error){
		"implicit": func(c *tls.Config) (*imapclient.Client, error) {
			return imapclient.DialTLS(d.IMAPSAddr, &imapclient.Options{TLSConfig: c})
		},
		"starttls": func(c *tls.Config) (*imapclient.Client, error) {
			return imapclient.DialStartTLS(d.IMAPAddr, &imapclient.Options{TLSConfig: c})
		},
	} {
		c, err := dial(trust)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := c.Login("klachten", Password).Wait(); err != nil {
			t.Errorf("%s: login: %v", name, err)
		}
		_ = c.Close()
		if c, err := dial(&tls.Config{ServerName: "localhost", MinVersion: tls.VersionTLS12}); err == nil {
			_ = c.Close()
			t.Errorf("%s: trusted without the authority", name)
		}
	}
}

func TestExpiredCertificate(t *testing.T) {
	d := StartDovecot(t, DovecotOptions{TLS: true, Expired: true})
	_, err := tls.Dial("tcp", d.IMAPSAddr, trusting(t, d.CAFile()))
	var invalid x509.CertificateInvalidError
	if !errors.As(err, &invalid) || invalid.Reason != x509.Expired {
		t.Errorf("got %v, want expired", err)
	}
}

func TestWrongPassword(t *testing.T) {
	d := StartDovecot(t, DovecotOptions{})
	c, err := imapclient.DialInsecure(d.IMAPAddr, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login("klachten", "fout").Wait(); err == nil {
		t.Error("let in")
	}
}

// In through Postfix, over LMTP, out of the mailbox; and what Postfix refuses.
func TestPostfix(t *testing.T) {
	sink := StartSink(t, SinkOptions{})
	d := StartDovecot(t, DovecotOptions{TLS: true})
	p := StartPostfix(t, d, PostfixOptions{Sink: sink.Addr})
	mail := "From: jan@example.org\r\nTo: klachten@example.nl\r\nSubject: koud\r\nMessage-ID: <1@example.org>\r\n\r\nHet was koud.\r\n"

	t.Run("to the mailbox", func(t *testing.T) {
		if err := send(p.SMTPAddr, "jan@example.org", "klachten@example.nl", mail); err != nil {
			t.Fatal(err)
		}
		got := d.Wait("klachten", "INBOX", 1, long)
		if !bytes.Contains(got[0], []byte("Het was koud.")) || !bytes.Contains(got[0], []byte("Return-Path: <jan@example.org>")) {
			t.Errorf("got %s", got[0])
		}
	})
	t.Run("to the sink", func(t *testing.T) {
		if err := send(p.SMTPAddr, "klachten@example.nl", "jan@example.org", mail); err != nil {
			t.Fatal(err)
		}
		got := sink.Wait(1, long)[0]
		if got.From != "klachten@example.nl" || len(got.To) != 1 || got.To[0] != "jan@example.org" || !bytes.Contains(got.Raw, []byte("koud")) {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("refused at once", func(t *testing.T) {
		for to, code := range map[string]int{
			"vol@example.org": 452, "vol@example.nl": 452, "weg@example.org": 550, "weg@example.nl": 550,
		} {
			var got *smtp.SMTPError
			if err := send(p.SMTPAddr, "klachten@example.nl", to, mail); !errors.As(err, &got) || got.Code != code {
				t.Errorf("%s: got %v, want %d", to, err, code)
			}
		}
	})
	t.Run("refused later", func(t *testing.T) {
		if err := send(p.SMTPAddr, "bounces@example.nl", "later-weg@example.org", mail); err != nil {
			t.Fatal(err)
		}
		dsn := d.Wait("bounces", "", 1, long)[0]
		for _, part := range []string{"Return-Path: <>", "report-type=delivery-status", "Final-Recipient: rfc822; later-weg@example.org", "Status: 5.1.1", "<1@example.org>"} {
			if !bytes.Contains(dsn, []byte(part)) {
				t.Errorf("no %q in %s", part, dsn)
			}
		}
	})
	t.Run("with login and TLS", func(t *testing.T) {
		trust := trusting(t, d.CAFile())
		for name, dial := range map[string]func() (*smtp.Client, error){
			"implicit": func() (*smtp.Client, error) { return smtp.DialTLS(p.SMTPSAddr, trust) },
			"starttls": func() (*smtp.Client, error) { return smtp.DialStartTLS(p.SMTPAddr, trust) },
		} {
			for password, want := range map[string]bool{Password: true, "fout": false} {
				c, err := dial()
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				if err := c.Auth(sasl.NewPlainClient("", "klachten@example.nl", password)); (err == nil) != want {
					t.Errorf("%s, password %s: %v", name, password, err)
				}
				_ = c.Close()
			}
		}
	})
	t.Run("restart keeps the queue", func(t *testing.T) {
		d.Stop()
		if err := send(p.SMTPAddr, "jan@example.org", "wachten@example.nl", mail); err != nil {
			t.Fatal(err)
		}
		p.Restart()
		d.Start()
		d.Wait("wachten", "", 1, long)
	})
}

func TestSinkHooks(t *testing.T) {
	s := StartSink(t, SinkOptions{})
	try := func() error { return send(s.Addr, "a@example.nl", "b@example.org", "Subject: x\r\n\r\n.x\r\n") }
	code := func(err error) int {
		var e *smtp.SMTPError
		if errors.As(err, &e) {
			return e.Code
		}
		return 0
	}
	s.OnRcpt(func(string, string) error { return Refusal(452, smtp.EnhancedCode{4, 2, 2}, "full") })
	if err := try(); code(err) != 452 || s.Count() != 0 {
		t.Errorf("refused: %v, %d", err, s.Count())
	}
	s.OnRcpt(nil)
	s.OnMail(func(context.Context, Mail) error { return ErrCut })
	if err := try(); err == nil || code(err) != 0 || s.Count() != 0 {
		t.Errorf("cut before: %v, %d", err, s.Count())
	}
	s.OnMail(nil)
	s.OnReply(func(Mail) error { return ErrCut })
	if err := try(); err == nil || code(err) != 0 || s.Count() != 1 {
		t.Errorf("cut after: %v, %d", err, s.Count())
	}
	s.OnReply(nil)
	asked, answer := make(chan bool, 1), make(chan error, 1)
	s.OnMail(func(ctx context.Context, _ Mail) error {
		asked <- true
		<-ctx.Done()
		return ErrCut
	})
	go func() { answer <- try() }()
	<-asked
	s.Stop()
	if err := <-answer; err == nil {
		t.Error("stopped and still taken")
	}
	if all := s.To("b@example.org"); len(all) != 1 || string(all[0].Raw) != "Subject: x\r\n\r\n.x\r\n" {
		t.Errorf("kept: %+v", all)
	}
}

func TestSinkTLS(t *testing.T) {
	s := StartSink(t, SinkOptions{TLS: true, Implicit: true, NoRaw: true})
	c, err := smtp.DialTLS(s.Addr, trusting(t, s.CAFile()))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Auth(sasl.NewPlainClient("", "x", Password)); err != nil {
		t.Error(err)
	}
	if err := c.SendMail("a@example.nl", []string{"b@example.org"}, strings.NewReader("x")); err != nil {
		t.Error(err)
	}
	if m := s.Wait(1, long)[0]; m.Raw != nil {
		t.Errorf("got %+v", m)
	}
}

// The servers end, and their folders go, when who started them is killed.
func TestNothingOutlivesItsStarter(t *testing.T) {
	if os.Getenv("KLACHTD_PEERS_STARTER") != "" {
		d := StartDovecot(t, DovecotOptions{})
		p := StartPostfix(t, d, PostfixOptions{})
		fmt.Println("started", d.IMAPAddr, p.SMTPAddr, d.dir, p.dir)
		select {} // until killed
	}
	StartPostfix(t, StartDovecot(t, DovecotOptions{}), PostfixOptions{}) // or skip
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	starter := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestNothingOutlivesItsStarter$")
	starter.Env = append(os.Environ(), "KLACHTD_PEERS_STARTER=1")
	out, err := starter.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := starter.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	fields := strings.Fields(line)
	if err != nil || len(fields) != 5 {
		t.Fatalf("starter said %q: %v", line, err)
	}
	if err := starter.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = starter.Wait()
	end := time.Now().Add(long)
	for _, addr := range fields[1:3] {
		until(t, end, func() bool {
			conn, err := net.Dial("tcp", addr)
			if err == nil {
				_ = conn.Close()
			}
			return err != nil
		}, addr+" still answers")
	}
	for _, dir := range fields[3:] {
		until(t, end, func() bool { _, err := os.Stat(dir); return err != nil }, dir+" is still there")
	}
}

func until(t *testing.T, end time.Time, met func() bool, otherwise string) {
	t.Helper()
	for !met() {
		if time.Now().After(end) {
			t.Fatal(otherwise)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func login(t *testing.T, d *Dovecot, h *imapclient.UnilateralDataHandler) *imapclient.Client {
	t.Helper()
	c, err := imapclient.DialInsecure(d.IMAPAddr, &imapclient.Options{UnilateralDataHandler: h})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.Login("klachten@example.nl", Password).Wait(); err != nil {
		t.Fatal(err)
	}
	return c
}

func send(addr, from, to, raw string) error {
	c, err := smtp.Dial(addr)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.SendMail(from, []string{to}, strings.NewReader(raw))
}

func trusting(t *testing.T, caFile string) *tls.Config {
	t.Helper()
	ca, err := os.ReadFile(caFile)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	return &tls.Config{RootCAs: pool, ServerName: "localhost", MinVersion: tls.VersionTLS12}
}
