package e2e

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"klachtd/internal/peers"
)

// secure makes an academy whose servers are asked for TLS.
func secure(t *testing.T, d *peers.Dovecot, s *peers.Sink, kind, user string) *academy {
	t.Helper()
	a := open(t, d, s, user)
	a.set["imap.tls"], a.set["smtp.tls"] = kind, kind
	a.set["imap.ca_file"], a.set["smtp.ca_file"] = d.CAFile(), s.CAFile()
	if kind == "implicit" {
		a.set["imap.port"] = strconv.Itoa(d.TLSPort())
	}
	return a
}

// TestTLS: from the first byte and by STARTTLS, with certificates verified
// against ca_file (security.md 24).
func TestTLS(t *testing.T) {
	t.Parallel()
	d := peers.StartDovecot(t, peers.DovecotOptions{TLS: true})
	for _, kind := range []string{"implicit", "starttls"} {
		s := peers.StartSink(t, peers.SinkOptions{TLS: true, Implicit: kind == "implicit"})
		a := secure(t, d, s, kind, "klachten-"+kind)
		if o := a.verb("check"); o.code != 0 {
			t.Errorf("%s: check: status %d\n%s", kind, o.code, o.stdout+o.stderr)
		}
		d.Put(a.user, grievance("jan@voorbeeld.example", "Het lokaal was koud."), time.Now())
		if got := a.cycle(); got.Registered != 1 || got.Sent != 3 {
			t.Errorf("%s: %+v", kind, got)
		}
	}
}

// TestTLSRefused: an expired certificate, one of an authority that nobody
// trusts, and a server without TLS are refused in one line, by the pass and by
// check; afterwards nothing is lost (security.md 24).
func TestTLSRefused(t *testing.T) {
	t.Parallel()
	good, goodSink := peers.StartDovecot(t, peers.DovecotOptions{TLS: true}), peers.StartSink(t, peers.SinkOptions{TLS: true, Implicit: true})
	old, oldSink := peers.StartDovecot(t, peers.DovecotOptions{TLS: true, Expired: true}), peers.StartSink(t, peers.SinkOptions{TLS: true, Implicit: true, Expired: true})
	plain, plainSink := peers.StartDovecot(t, peers.DovecotOptions{}), peers.StartSink(t, peers.SinkOptions{})
	for _, c := range []struct {
		name string
		set  map[string]string
		says []string
	}{
		{"imap expired", map[string]string{"imap.port": strconv.Itoa(old.TLSPort()), "imap.ca_file": old.CAFile()}, []string{"certificate of 127.0.0.1 has expired"}},
		{"imap expired starttls", map[string]string{"imap.port": strconv.Itoa(old.Port()), "imap.ca_file": old.CAFile(), "imap.tls": "starttls"}, []string{"certificate of 127.0.0.1 has expired"}},
		{"imap stranger", map[string]string{"imap.ca_file": goodSink.CAFile()}, []string{"imap.ca_file"}},
		{"imap no ca_file", map[string]string{"imap.ca_file": `""`}, []string{"imap.ca_file"}},
		{"imap no starttls", map[string]string{"imap.port": strconv.Itoa(plain.Port()), "imap.tls": "starttls"}, []string{"imap.tls"}},
		{"imap no tls", map[string]string{"imap.port": strconv.Itoa(plain.Port())}, []string{"imap.tls"}},
		{"smtp expired", map[string]string{"smtp.port": strconv.Itoa(oldSink.Port()), "smtp.ca_file": oldSink.CAFile()}, []string{"SMTP", "certificate", "expired"}},
		{"smtp stranger", map[string]string{"smtp.ca_file": good.CAFile()}, []string{"SMTP", "certificate", "smtp.ca_file"}},
		{"smtp no ca_file", map[string]string{"smtp.ca_file": `""`}, []string{"SMTP", "certificate", "smtp.ca_file"}},
		{"smtp no starttls", map[string]string{"smtp.port": strconv.Itoa(plainSink.Port()), "smtp.tls": "starttls"}, []string{"SMTP", "smtp.tls"}},
		{"smtp no tls", map[string]string{"smtp.port": strconv.Itoa(plainSink.Port())}, []string{"SMTP", "smtp.tls"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			user := strings.ReplaceAll(c.name, " ", "-")
			a := secure(t, good, goodSink, "implicit", user)
			mail := grievance(user+"@voorbeeld.example", "Het lokaal was koud.")
			for _, d := range []*peers.Dovecot{good, old, plain} {
				d.Put(user, mail, time.Now())
			}
			for key, value := range c.set {
				a.set[key] = value
			}
			a.refused(1, c.says...)
			if n := len(to(plainSink, user+"@voorbeeld.example", "")) + len(to(oldSink, user+"@voorbeeld.example", "")); n > 0 {
				t.Errorf("%d letters went to a server that was not to be trusted", n)
			}
			b := secure(t, good, goodSink, "implicit", user)
			b.dir = a.dir // the same database, mended
			b.cycle()
			want(t, "cases in the end", len(b.cases()), 1)
			want(t, "acknowledgements in the end", len(to(goodSink, user+"@voorbeeld.example", acknowledged)), 1)
		})
	}
}

// refused wants `cycle` to end with this status and one line that says these
// words, and `check` to say the same.
func (a *academy) refused(code int, says ...string) {
	a.tb.Helper()
	o := a.verb("cycle", "--json")
	lines := o.complaints()
	if o.code != code || len(lines) != 1 {
		a.tb.Errorf("cycle: status %d, want %d with one line:\n%s", o.code, code, strings.Join(lines, "\n"))
	}
	a.allSaid("cycle", strings.Join(lines, "\n"), says)
	c := a.verb("check")
	said := c.stderr
	if points := strings.HasPrefix(c.stdout, "ok "); points && c.code != 1 || !points && c.code != code {
		a.tb.Errorf("check: status %d, after\n%s", c.code, c.stdout)
	}
	for line := range strings.Lines(c.stdout) {
		if strings.HasPrefix(line, "error ") {
			said += line
		}
	}
	a.allSaid("check", said, says)
}

func (a *academy) allSaid(who, text string, says []string) {
	a.tb.Helper()
	for _, word := range says {
		if !strings.Contains(text, word) {
			a.tb.Errorf("%s does not say %q: %s", who, word, text)
		}
	}
}
