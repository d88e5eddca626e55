package watch

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

func TestHeartbeat(t *testing.T) {
	var asked atomic.Int32
	answer := func(out http.ResponseWriter, in *http.Request) {
		asked.Add(1)
		switch {
		case in.Method != http.MethodGet || in.Header.Get("User-Agent") != "klachtd":
			out.WriteHeader(http.StatusTeapot)
		case in.URL.Path == "/elsewhere":
			http.Redirect(out, in, "/", http.StatusFound)
		case in.URL.Path != "/":
			out.WriteHeader(http.StatusInternalServerError)
		}
	}
	plain, secure := httptest.NewServer(http.HandlerFunc(answer)), httptest.NewUnstartedServer(http.HandlerFunc(answer))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // a refused handshake is wanted
	secure.StartTLS()
	defer plain.Close()
	defer secure.Close()
	trusted := x509.NewCertPool()
	trusted.AddCert(secure.Certificate())
	nobody := httptest.NewServer(nil)
	nobody.Close()
	for _, tt := range []struct {
		name, url, want string
		roots           *x509.CertPool
		asks            int32
	}{
		{"plain to this machine", plain.URL, "", nil, 1},
		{"TLS", secure.URL, "", trusted, 1},
		{"a certificate of nobody", secure.URL + "/geheim", "certificate", nil, 0},
		{"an error there", plain.URL + "/geheim", "it answered 500", nil, 1},
		{"sent elsewhere", plain.URL + "/elsewhere", "it answered 302", nil, 1},
		{"nobody listens", nobody.URL + "/geheim", "connection refused", nil, 0},
	} {
		asked.Store(0)
		err := NewHeart(tt.url, tt.roots).Beat(t.Context())
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v shows the address", tt.name, err)
		}
		if n := asked.Load(); n != tt.asks {
			t.Errorf("%s: asked %d times, want %d", tt.name, n, tt.asks)
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := NewHeart(plain.URL+"/geheim", nil).Beat(ended); err == nil || strings.Contains(err.Error(), "geheim") {
		t.Errorf("at the end: %v", err)
	}
	if NewHeart("", nil) != nil {
		t.Error("a heart that beats nowhere")
	}
}

// far is a connection to another machine.
type far struct {
	net.Conn
	closed bool
}

func (*far) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 80} }
func (f *far) Close() error       { f.closed = true; return nil }

// security.md 24: without TLS to this machine alone, whatever a name resolves to.
func TestHeartbeatWithoutTLSStaysHere(t *testing.T) {
	to := &far{}
	c, err := loopbackOnly(func(context.Context, string, string) (net.Conn, error) { return to, nil })(t.Context(), "tcp", "localhost:80")
	if !errors.Is(err, ErrNotLoopback) || c != nil || !to.closed {
		t.Errorf("%v, %v, closed %v", c, err, to.closed)
	}
}
