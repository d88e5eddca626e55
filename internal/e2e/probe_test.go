package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"klachtd/internal/mailworld"
	"klachtd/internal/peers"
)

// TestProbeReply: which profile the headers of a reply fit (interface.md The
// command), told from the reply itself, which stays where and as it was.
func TestProbeReply(t *testing.T) {
	t.Parallel()
	const (
		hop     = "Received: from a.example by mx.academie.example; Mon, 2 Nov 2026 10:00:00 +0100\r\n"
		results = "Authentication-Results: mx.academie.example; dmarc=pass header.from=academie.example\r\n"
		settled = "authentication: received_above is right for 1 of 1 recent mails"
	)
	for _, c := range []struct {
		name, head string
		set        map[string]string
		says       []string
	}{
		{"nothing to go by", hop, nil, []string{"the reply fits no profile", "authentication: profile none"}},
		{"RFC 8601", "Return-Path: <bas@academie.example>\r\n" + hop + hop + results, nil,
			[]string{"the reply fits profile rfc8601 with authserv_ids: [mx.academie.example] and received_above: 2"}},
		{"RFC 8601, as configured", hop + results, map[string]string{"profile": "rfc8601", "authserv_ids": "[mx.academie.example]"},
			[]string{"and received_above: 1", "it passes as configured (dmarc pass)", "forged headers prove nothing", "no recent mail has results"}},
		{"RFC 8601, wrongly configured", hop + hop + results, map[string]string{"profile": "rfc8601", "authserv_ids": "[mx.academie.example]"},
			[]string{"and received_above: 2", "its evidence is none: results not on top"}},
		{"RFC 8601 fails", strings.Replace(results, "pass", "fail", 1), map[string]string{"profile": "rfc8601", "authserv_ids": "[mx.academie.example]"},
			[]string{"the reply fits no profile", "results of mx.academie.example, with 0 Received", "its evidence is fail: dmarc fail"}},
		{"Exchange", hop + "X-MS-Exchange-Organization-AuthAs: Internal\r\n", map[string]string{"profile": "m365"},
			[]string{"the reply fits profile m365", "it passes as configured", "forged headers prove nothing"}},
		{"Google", strings.ReplaceAll(results, "mx.academie.example", "mx.google.com"), map[string]string{"profile": "google"},
			[]string{"the reply fits profile google", "it passes as configured"}},
		{"two senders", results + "From: dewi@academie.example\r\n", nil, []string{"the reply has not exactly one sender"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, w := probed(t, c.head)
			for key, value := range c.set {
				a.set["authentication."+key] = value
			}
			o := a.verb("check", "--probe", handler)
			for _, says := range append(c.says, "probe: accepted", "answer that mail", "clock: the mail server's and ours agree") {
				if !strings.Contains(o.stdout, says) {
					t.Errorf("check does not say %q", says)
				}
			}
			if o.code != 0 || t.Failed() {
				t.Errorf("status %d\n%s", o.code, o.stdout+o.stderr)
			}
			mails, err := w.Mails(address, "INBOX")
			noError(t, err)
			if len(mails) != 1 || len(mails[0].Flags) > 0 {
				t.Errorf("the reply did not stay as it was: %d, %+v", len(mails), mails)
			}
			if c.name == "RFC 8601, as configured" {
				if o := a.verb("check"); !strings.Contains(o.stdout, settled) {
					t.Errorf("check does not say %q\n%s", settled, o.stdout)
				}
				a.set["authentication.received_above"] = "4"
				if o := a.verb("check"); !strings.Contains(o.stdout, "set authentication.received_above: 1") {
					t.Errorf("check does not tell the right number\n%s", o.stdout)
				}
				a.set["authentication.authserv_ids"] = "[mx.elders.example]"
				if o := a.verb("check"); !strings.Contains(o.stdout, `results of "mx.academie.example" on top`) {
					t.Errorf("check does not name the server\n%s", o.stdout)
				}
			}
		})
	}
}

// probed is an academy in the embedded world, in which bas answers a probe at
// once, and the server puts head on top of his answer.
func probed(t *testing.T, head string) (*academy, *mailworld.World) {
	t.Helper()
	return sees(t, func(w *mailworld.World, p mailworld.Passed) error {
		m, err := mail.ReadMessage(bytes.NewReader(p.Raw))
		if err != nil || p.To != handler {
			return fmt.Errorf("not a probe: %w", err)
		}
		reply := fmt.Sprintf("%sFrom: Bas <%s>\r\nTo: <%s>\r\nSubject: Re: klachtd probe\r\nIn-Reply-To: %s\r\n\r\nHier.\r\n", head, handler, address, m.Header.Get("Message-ID"))
		return w.Put(address, "INBOX", []byte(reply), time.Now())
	})
}

// sees is an academy in the embedded world, with somebody who sees each mail pass.
func sees(t *testing.T, seen func(*mailworld.World, mailworld.Passed) error) (*academy, *mailworld.World) {
	t.Helper()
	var w *mailworld.World
	ready := make(chan struct{})
	w, err := mailworld.Start(mailworld.Options{
		Users: []mailworld.User{{Address: address, Password: peers.Password}, {Address: handler, Password: peers.Password}},
		Seen: func(p mailworld.Passed) {
			<-ready
			if err := seen(w, p); err != nil {
				t.Error(err)
			}
		},
	})
	noError(t, err)
	close(ready)
	t.Cleanup(func() { w.Close() })
	a := open(t, nil, nil, address)
	_, a.set["imap.port"], err = net.SplitHostPort(w.IMAPAddr())
	noError(t, err)
	_, a.set["smtp.port"], err = net.SplitHostPort(w.SMTPAddr())
	noError(t, err)
	return a, w
}

// TestProbeComesBack: by an address that leads to our own mailbox, under another
// Message-ID, to a mailbox whose clock is wrong; and what refused us is not asked again.
func TestProbeComesBack(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, id string
		late     time.Duration
		code     int
		says     []string
	}{
		{"as it was sent", "", 0, 0, []string{"with the Message-ID it was given", "clock: the mail server's and ours agree", "Sent holds it 2 times"}},
		{"Message-ID replaced", "anders@mx.academie.example", 0, 0, []string{"the server has replaced the Message-ID", "Sent holds it under another Message-ID"}},
		{"two hours ago", "", 2 * time.Hour, 1, []string{"error    clock: the mail server's is 2h0m", "behind ours"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, _ := sees(t, func(w *mailworld.World, p mailworld.Passed) error {
				raw := string(p.Raw)
				if c.id != "" {
					_, after, _ := strings.Cut(raw, "\r\nMessage-ID: <")
					id, _, _ := strings.Cut(after, ">")
					raw = strings.Replace(raw, "Message-ID: <"+id+">", "Message-ID: <"+c.id+">", 1)
				}
				at := time.Now().Add(-c.late)
				return errors.Join(w.Put(address, "INBOX", []byte(raw), at), w.Put(address, "Sent", []byte(raw), at), w.Put(address, "Sent", []byte(raw), at))
			})
			o := a.verb("check", "--probe", handler)
			for _, says := range append(c.says, handler+" leads to our own mailbox; name it in imap.addresses") {
				if !strings.Contains(o.stdout, says) {
					t.Errorf("check does not say %q", says)
				}
			}
			if o.code != c.code || t.Failed() {
				t.Errorf("status %d\n%s", o.code, o.stdout+o.stderr)
			}
			a.set["imap.password"] = "onjuist"
			if o := a.verb("check", "--probe", handler); o.code != 1 || strings.Count(o.stdout, "login refused") != 1 || !strings.Contains(o.stdout, "probe: not sent") {
				t.Errorf("a refused login: status %d\n%s", o.code, o.stdout+o.stderr)
			}
		})
	}
}

// TestProbeUnanswered: nobody answers, and check says so and ends.
func TestProbeUnanswered(t *testing.T) {
	t.Parallel()
	d, s := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	a := open(t, d, s, "klachten")
	if o := a.verb("check", "--probe", "iemand@elders.example", "--wait", "1s"); o.code != 0 || !strings.Contains(o.stdout, "no reply to it in INBOX within 1s") {
		t.Errorf("status %d\n%s", o.code, o.stdout+o.stderr)
	}
}
