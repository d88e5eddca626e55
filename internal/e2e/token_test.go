package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"klachtd/internal/peers"
)

// An issuer gives tokens for a refresh token that changes each time, and tells
// Dovecot whether one is good.
type issuer struct {
	*httptest.Server
	mu      sync.Mutex
	refresh string // what it takes
	asked   int
	revoked bool // it gives no token any more
	locked  bool // and no token is good
}

func (i *issuer) set(f func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	f()
}

func newIssuer(t *testing.T) *issuer {
	i := &issuer{refresh: "ref-0"}
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodGet {
			fmt.Fprintf(w, `{"active":%v,"email":"klachten@academie.example"}`, !i.locked && r.FormValue("token") == "acc-"+strconv.Itoa(i.asked))
			return
		}
		if i.revoked || r.FormValue("refresh_token") != i.refresh {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"error":"invalid_grant"}`)
			return
		}
		i.asked++
		i.refresh = "ref-" + strconv.Itoa(i.asked)
		fmt.Fprintf(w, `{"access_token":"acc-%d","refresh_token":%q,"expires_in":3600,"token_type":"Bearer"}`, i.asked, i.refresh)
	}))
	t.Cleanup(i.Close)
	return i
}

// TestTokens: the daemon logs in to Dovecot and Postfix by tokens that Dovecot
// really asks about, keeps the refresh token that changes, and says what to mend
// when the server or the provider refuses.
func TestTokens(t *testing.T) {
	t.Parallel()
	for name, extra := range map[string]string{"oauthbearer": "", "xoauth2": "auth_mechanisms = plain login xoauth2\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newIssuer(t)
			d := peers.StartDovecot(t, peers.DovecotOptions{TLS: true, Tokens: i.URL + "/?token=", Extra: extra})
			s := peers.StartSink(t, peers.SinkOptions{})
			p := peers.StartPostfix(t, d, peers.PostfixOptions{Sink: s.Addr, Domains: []string{"academie.example", "voorbeeld.example"}})
			a := open(t, d, nil, "klachten")
			a.byTokens(i, d, p)
			k := a.run()
			k.idles(1)
			post(t, p, "jan@voorbeeld.example", grievance("Jan Jansen <jan@voorbeeld.example>", "Het lokaal was koud."))
			d.WaitCount("jan", "", 1, patience)
			k.stop()
			want(t, "requests for a token of IMAP and SMTP together", i.asked, 1)
			if raw, err := os.ReadFile(filepath.Join(a.dir, "refresh")); err != nil || string(raw) != "ref-1\n" {
				t.Errorf("kept %q, %v", raw, err)
			}
			a.tokensRefused(i)
		})
	}
}

// byTokens has klachtd log in to both servers by what the issuer gives.
func (a *academy) byTokens(i *issuer, d *peers.Dovecot, p *peers.Postfix) {
	for name, text := range map[string]string{"refresh": "ref-0\n", "client": "geheim\n"} {
		if err := os.WriteFile(filepath.Join(a.dir, name), []byte(text), 0o600); err != nil {
			a.tb.Fatal(err)
		}
	}
	for _, section := range []string{"imap", "smtp"} {
		delete(a.set, section+".password")
		a.set[section+".username"] = address
		a.set[section+".ca_file"] = d.CAFile()
		for key, value := range map[string]string{"provider": "google", "client_id": "app", "client_secret_file": "client", "token_file": "refresh", "token_url": i.URL} {
			a.set[section+".oauth2."+key] = value
		}
	}
	a.set["imap.tls"], a.set["smtp.tls"] = "implicit", "starttls"
	a.set["imap.port"], a.set["smtp.port"] = strconv.Itoa(d.TLSPort()), strconv.Itoa(p.Port())
}

// tokensRefused has first the mail server and then the provider refuse.
func (a *academy) tokensRefused(i *issuer) {
	a.tb.Helper()
	i.set(func() { i.locked = true })
	a.says(a.verb("check"), "the provider gave a token and the server does not take it")
	i.set(func() { i.revoked = true })
	a.says(a.verb("check"), "the refresh token has expired or was revoked: get a new one into oauth2.token_file")
}

// says wants a check that failed and told so, without a secret.
func (a *academy) says(o outcome, text string) {
	a.tb.Helper()
	if o.code != 1 || !strings.Contains(o.stdout, "imap: ") || strings.Count(o.stdout, text) != 2 {
		a.tb.Errorf("exit status %d, want 1 and %q of both servers:\n%s%s", o.code, text, o.stdout, o.stderr)
	}
	if strings.Contains(o.stdout+o.stderr, "acc-") || strings.Contains(o.stdout+o.stderr, "ref-") || strings.Contains(o.stdout+o.stderr, "geheim") {
		a.tb.Errorf("a secret is shown:\n%s%s", o.stdout, o.stderr)
	}
}
