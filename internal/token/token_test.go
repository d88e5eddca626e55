package token

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
)

// A provider answers requests for tokens as it is told.
type provider struct {
	*httptest.Server
	asked  []url.Values
	status int
	answer string
}

func newProvider(t *testing.T) *provider {
	p := &provider{status: 200}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		p.asked = append(p.asked, r.PostForm)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(p.status)
		fmt.Fprint(w, p.answer)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *provider) grant(access, refresh string, seconds int) {
	p.status, p.answer = 200, fmt.Sprintf(`{"access_token":%q,"refresh_token":%q,"token_type":"Bearer","expires_in":%d}`, access, refresh, seconds)
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSecret(t *testing.T) {
	p := newProvider(t)
	p.grant("acc-1", "", 3600)
	now := time.Now()
	s := New(Options{TokenURL: p.URL, Tenant: "t", ClientID: "app", Secret: "geheim", Now: func() time.Time { return now }})
	for range 2 {
		if got, err := s.Token(t.Context()); got != "acc-1" || err != nil {
			t.Fatal(got, err)
		}
	}
	if len(p.asked) != 1 {
		t.Errorf("asked %d times for one token", len(p.asked))
	}
	want := url.Values{"grant_type": {"client_credentials"}, "client_id": {"app"}, "client_secret": {"geheim"}, "scope": {microsoftScope}}
	if p.asked[0].Encode() != want.Encode() {
		t.Errorf("asked %v", p.asked[0])
	}
	p.grant("acc-2", "", 3600)
	now = now.Add(time.Hour - early + time.Second)
	if got, err := s.Token(t.Context()); got != "acc-2" || err != nil {
		t.Errorf("shortly before the end: %q, %v", got, err)
	}
	s.spoil("acc-1")
	p.grant("acc-3", "", 3600)
	if got, _ := s.Token(t.Context()); got != "acc-2" {
		t.Errorf("an old token spoils the new one: %q", got)
	}
	s.spoil("acc-2")
	if got, _ := s.Token(t.Context()); got != "acc-3" {
		t.Errorf("a refused token is used again: %q", got)
	}
}

// The real endpoints, of which no test may ask anything.
func TestEndpoints(t *testing.T) {
	for want, o := range map[string]Options{
		"https://login.microsoftonline.com/academie.example/oauth2/v2.0/token": {Tenant: "academie.example"},
		"https://oauth2.googleapis.com/token":                                  {Google: true},
	} {
		if got := New(o).endpoint(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// pair writes a key and a certificate for it, or for another key.
func pair(t *testing.T, own bool) (string, *rsa.PrivateKey, []byte) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	signer := key
	if !own {
		if signer, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			t.Fatal(err)
		}
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "klachtd"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &signer.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return file(t, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))+
		string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))), key, der
}

func TestCertificate(t *testing.T) {
	path, key, der := pair(t, true)
	p := newProvider(t)
	p.grant("acc", "", 3600)
	now := time.Unix(1_800_000_000, 0)
	s := New(Options{TokenURL: p.URL, ClientID: "app", CertificateFile: path, Now: func() time.Time { return now }})
	if _, err := s.Token(t.Context()); err != nil {
		t.Fatal(err)
	}
	form := p.asked[0]
	if form.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" || form.Has("client_secret") {
		t.Errorf("asked %v", form)
	}
	parts := strings.Split(form.Get("client_assertion"), ".")
	if len(parts) != 3 {
		t.Fatalf("%d parts", len(parts))
	}
	var head, claims map[string]any
	for i, into := range []*map[string]any{&head, &claims} {
		raw, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil || json.Unmarshal(raw, into) != nil {
			t.Fatalf("part %d: %v %s", i, err, raw)
		}
	}
	thumb := sha256.Sum256(der)
	if head["alg"] != "PS256" || head["x5t#S256"] != base64.RawURLEncoding.EncodeToString(thumb[:]) {
		t.Errorf("head %v", head)
	}
	if claims["aud"] != p.URL || claims["iss"] != "app" || claims["sub"] != "app" || claims["jti"] == "" || claims["exp"] != float64(1_800_000_600) {
		t.Errorf("claims %v", claims)
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPSS(&key.PublicKey, crypto.SHA256, sum[:], signature, nil); err != nil {
		t.Error(err)
	}
	if foreign, _, _ := pair(t, false); true {
		s := New(Options{TokenURL: p.URL, CertificateFile: foreign, Now: time.Now})
		if _, err := s.Token(t.Context()); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), "the key is not the certificate's") {
			t.Error(err)
		}
	}
	for text, want := range map[string]string{"": "holds no RSA private key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n": "private key"} {
		if _, _, err := readPair(file(t, text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// A refresh token that the provider changes is kept, also over a restart.
func TestRotation(t *testing.T) {
	p := newProvider(t)
	now := time.Now()
	for _, first := range []string{"ref-1\n", `{"refresh_token": "ref-1", "client_id": "x"}`} {
		p.asked = nil
		o := Options{Google: true, TokenURL: p.URL, ClientID: "app", Secret: "geheim", TokenFile: file(t, first), Now: func() time.Time { return now }}
		p.grant("acc-1", "ref-2", 3600)
		if got, err := New(o).Token(t.Context()); got != "acc-1" || err != nil {
			t.Fatal(got, err)
		}
		p.grant("acc-2", "", 3600)
		if got, err := New(o).Token(t.Context()); got != "acc-2" || err != nil {
			t.Fatal(got, err)
		}
		if len(p.asked) != 2 || p.asked[0].Get("refresh_token") != "ref-1" || p.asked[1].Get("refresh_token") != "ref-2" {
			t.Errorf("asked %v", p.asked)
		}
		info, err := os.Stat(o.TokenFile)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v %v", info.Mode(), err)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(o.TokenFile), ".token-*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
	for _, bad := range []string{"", "two words", "{", "{}"} {
		o := Options{Google: true, TokenURL: p.URL, TokenFile: file(t, bad), Now: time.Now}
		if _, err := New(o).Token(t.Context()); !errors.Is(err, ErrRefused) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// A check by root leaves the file with the user of the daemon, who has to read it.
func TestRotationByRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: only root can give a file to somebody else")
	}
	p, path := newProvider(t), file(t, "ref-1\n")
	if err := os.Chown(path, 61234, 61235); err != nil {
		t.Fatal(err)
	}
	p.grant("acc-1", "ref-2", 3600)
	_, err := New(Options{Google: true, TokenURL: p.URL, ClientID: "app", Secret: "geheim", TokenFile: path, Now: time.Now}).Token(t.Context())
	info, serr := os.Stat(path)
	if err != nil || serr != nil {
		t.Fatal(err, serr)
	}
	if stat := info.Sys().(*syscall.Stat_t); stat.Uid != 61234 || stat.Gid != 61235 {
		t.Errorf("it is of %d:%d now", stat.Uid, stat.Gid)
	}
}

// Each refusal names what to mend and nothing that the provider or we sent.
func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		name, answer string
		status       int
		google       bool
		want         string // "" after "no token: " where a person must act
		passing      bool
	}{
		{"wrong tenant", `{"error":"invalid_request","error_description":"AADSTS90002: Tenant 'canary' not found."}`, 400, false, "check oauth2.tenant (AADSTS90002)", false},
		{"wrong secret", `{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret canary"}`, 401, false, "must hold the secret's value, not its id", false},
		{"expired secret", `{"error":"invalid_client","error_description":"AADSTS7000222: canary"}`, 401, false, "the secret has expired", false},
		{"unknown number", `{"error":"invalid_client","error_description":"AADSTS1234567: canary"}`, 401, false, "AADSTS1234567; look it up", false},
		{"revoked", `{"error":"invalid_grant","error_description":"canary"}`, 400, true, "expired or was revoked", false},
		{"wrong client", `{"error":"invalid_client"}`, 401, true, "check oauth2.client_id", false},
		{"own words", `{"error":"canary"}`, 400, true, "answered 400", false},
		{"no JSON", `<html>canary</html>`, 403, true, "answered 403", false},
		{"malformed", `{"access_token": 5, "canary": true}`, 200, true, "the answer holds none", true},
		{"no token", `{"token_type":"canary"}`, 200, true, "the answer holds none", true},
		{"busy", `canary`, 503, true, "answered 503; it is asked again", true},
		{"too often", `canary`, 429, false, "answered 429; it is asked again", true},
		{"elsewhere", `canary`, 302, false, "answered 302", false},
	} {
		p := newProvider(t)
		p.status, p.answer = tt.status, tt.answer
		s := New(Options{Google: tt.google, TokenURL: p.URL, ClientID: "canary", Secret: "canary", TokenFile: file(t, "canary"), Now: time.Now})
		_, err := s.Token(t.Context())
		if err == nil || !strings.Contains(err.Error(), tt.want) || errors.Is(err, ErrRefused) == tt.passing || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
		if (s.Refused() == nil) != tt.passing {
			t.Errorf("%s: refused is %v", tt.name, s.Refused())
		}
	}
	p := newProvider(t)
	p.Close()
	if _, err := New(Options{TokenURL: p.URL, Now: time.Now}).Token(t.Context()); err == nil || errors.Is(err, ErrRefused) {
		t.Errorf("nobody there: %v", err)
	}
}

// After a failure nobody is asked for a while, for longer each time; a mended one works at once after that.
func TestNoHammering(t *testing.T) {
	p := newProvider(t)
	p.status, p.answer = 401, `{"error":"invalid_client"}`
	start := time.Now()
	now := start
	s := New(Options{TokenURL: p.URL, Now: func() time.Time { return now }})
	for range 24 * 3600 / 5 {
		if _, err := s.Token(t.Context()); !errors.Is(err, ErrRefused) {
			t.Fatal(err)
		}
		now = now.Add(5 * time.Second)
	}
	if n := len(p.asked); n < 96 || n > 101 { // each quarter of an hour, and a few more at first
		t.Errorf("asked %d times in a day", n)
	}
	p.grant("acc", "", 3600)
	now = now.Add(15 * time.Minute)
	if got, err := s.Token(t.Context()); got != "acc" || err != nil || s.Refused() != nil {
		t.Error(got, err, s.Refused())
	}
}

// Both mechanisms, and what they do when the server does not take the token.
func TestLogin(t *testing.T) {
	p := newProvider(t)
	p.grant("acc", "", 3600)
	s := New(Options{TokenURL: p.URL, Now: time.Now})
	for _, tt := range []struct{ offered, mechanism, first, answer string }{
		{"XOAUTH2", "XOAUTH2", "user=k@example.nl\x01auth=Bearer acc\x01\x01", ""},
		{sasl.OAuthBearer, sasl.OAuthBearer, "n,a=k@example.nl,\x01auth=Bearer acc\x01\x01", "\x01"},
		{"PLAIN", "XOAUTH2", "user=k@example.nl\x01auth=Bearer acc\x01\x01", ""},
	} {
		n := len(p.asked)
		c, err := s.Login(t.Context(), "k@example.nl", func(m string) bool { return m == tt.offered })
		if err != nil {
			t.Fatal(err)
		}
		mechanism, first, err := c.Start()
		if err != nil || mechanism != tt.mechanism || string(first) != tt.first {
			t.Errorf("%s: %s %q %v", tt.offered, mechanism, first, err)
		}
		if len(p.asked) > n+1 {
			t.Errorf("%s: asked twice", tt.offered)
		}
		_, _ = c.Next([]byte(`{"status":"401","schemes":"bearer"}`))
		if s.now.AccessToken != "" {
			t.Errorf("%s: a refused token is kept", tt.offered)
		}
	}
}
