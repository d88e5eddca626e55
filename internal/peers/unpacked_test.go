package peers

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

func TestCyrus(t *testing.T) {
	c := StartCyrus(t)
	c.Put("klachten", "jan@example.nl", []byte("Subject: een\r\n\r\nhallo\r\n"))
	c.WaitCount("klachten", "INBOX", 1, long)
	c.with("klachten", func(i *imapclient.Client) error {
		list, err := i.List("", "*", &imap.ListOptions{SelectSpecialUse: true}).Collect()
		if len(list) != 1 || list[0].Mailbox != "INBOX.Sent" || list[0].Delim != '.' {
			t.Errorf("Sent: %+v", list)
		}
		return err
	})
	if n := c.Count("klachten", "INBOX.Weg"); n != 0 {
		t.Errorf("a folder that is not there holds %d", n)
	}
	i, err := imapclient.DialInsecure(c.IMAPAddr, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer i.Close()
	if err := i.Login("klachten", "onjuist").Wait(); err == nil {
		t.Error("any password will do")
	}
}

func TestExim(t *testing.T) {
	s := StartSink(t, SinkOptions{})
	x := StartExim(t, s.Addr)
	c, err := smtp.Dial(x.SMTPAddr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	send := func(to string) error {
		return c.SendMail("jan@example.nl", []string{to}, strings.NewReader("Subject: een\r\n\r\nhallo\r\n"))
	}
	if err := send("bas@example.nl"); err == nil {
		t.Error("taken without a login")
	}
	roots := x509.NewCertPool()
	if pem, err := os.ReadFile(x.CAFile()); err != nil || !roots.AppendCertsFromPEM(pem) {
		t.Fatal(err)
	}
	if c, err = smtp.DialStartTLS(x.SMTPAddr, &tls.Config{RootCAs: roots, ServerName: "127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Auth(sasl.NewPlainClient("", "jan", "onjuist")); err == nil {
		t.Error("any password will do")
	}
	if err := c.Auth(sasl.NewPlainClient("", "jan", Password)); err != nil {
		t.Fatal(err)
	}
	for to, code := range map[string]int{"weg@example.nl": 550, "vol@example.nl": 451} {
		var refused *smtp.SMTPError
		if err := send(to); !errors.As(err, &refused) || refused.Code != code {
			t.Errorf("%s: %v, want %d", to, err, code)
		}
		if err := c.Reset(); err != nil {
			t.Fatal(err)
		}
	}
	if err := send("bas@example.nl"); err != nil {
		t.Fatal(err)
	}
	s.Wait(1, long)
}
