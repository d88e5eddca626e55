package mailbox

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// certificate is signed by itself, for a name and a time.
func certificate(t *testing.T, name string, from, until time.Time) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: from, NotAfter: until, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// security.md 24
func TestTLS(t *testing.T) {
	for _, tt := range []struct {
		name    string
		host    string // in the certificate
		until   time.Duration
		trusted bool
		want    string // in the error; "": none
	}{
		{"good", "imap.example.org", time.Hour, true, ""},
		{"another name", "imap.example.net", time.Hour, true, "imap.host"},
		{"expired", "imap.example.org", -time.Hour, true, "expired"},
		{"signed by nobody", "imap.example.org", time.Hour, false, "imap.ca_file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cert, pool := certificate(t, tt.host, time.Now().Add(-48*time.Hour), time.Now().Add(tt.until))
			if !tt.trusted {
				pool = x509.NewCertPool()
			}
			listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}})
			if err != nil {
				t.Fatal(err)
			}
			f, h := newFake(t, func(*fake, int, string) (string, bool) { return "", false }), newMemory()
			t.Cleanup(func() { listener.Close() })
			f.serving.Go(func() {
				if c, err := listener.Accept(); err == nil {
					f.serve(1, c)
				}
			})
			o := f.options()
			o.TLS, o.Host, o.RootCAs = "implicit", "imap.example.org", pool
			o.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
				return dial(ctx, network, listener.Addr().String())
			}
			n, err := newMailbox(t, o, h).Pass(t.Context())
			if tt.want == "" && (err != nil || n != 1) {
				t.Errorf("Pass: %d, %v", n, err)
			}
			if tt.want != "" && (!errors.Is(err, ErrTLS) || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want ErrTLS and %q", err, tt.want)
			}
		})
	}
}

func TestStartTLS(t *testing.T) {
	cert, pool := certificate(t, "imap.example.org", time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	users, user := imapmemserver.New(), imapmemserver.NewUser(address, password)
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	users.AddUser(user)
	server := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return users.NewSession(), &imapserver.GreetingData{}, nil
		},
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}},
		Logger:    log.New(io.Discard, "", 0),
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go server.Serve(listener)
	t.Cleanup(func() { listener.Close(); server.Close() })
	o := Options{Host: "imap.example.org", Port: 143, TLS: "starttls", Username: address, Password: password, Folders: folders, RootCAs: pool}
	o.Dial = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return dial(ctx, network, listener.Addr().String())
	}
	if _, err := user.Append("INBOX", bytes.NewReader(letterWith("een", 200_000)), &imap.AppendOptions{}); err != nil {
		t.Fatal(err)
	}
	h := newMemory()
	mustPass(t, newMailbox(t, o, h), 1)
	o.RootCAs = x509.NewCertPool()
	if _, err := newMailbox(t, o, h).Pass(t.Context()); !errors.Is(err, ErrTLS) {
		t.Errorf("got %v", err)
	}
}

// What is wrong with the port or with STARTTLS is said, and said in time.
func TestTLSPort(t *testing.T) {
	for _, tt := range []struct {
		name, tls, hello, starttls, want string
		secure                           bool
	}{
		{"TLS wanted, plain port", "implicit", "", "", "does not speak TLS", true},
		{"STARTTLS refused", "starttls", "", "TAG NO x\r\n", "refuses STARTTLS", true},
		{"STARTTLS ignored", "starttls", "", "", "imap.tls", false},
		{"silent port", "starttls", "\x00", "", "imap.tls", false},
		{"PREAUTH before TLS", "starttls", "* PREAUTH [CAPABILITY IMAP4rev1] x\r\n", "", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t, func(_ *fake, _ int, line string) (string, bool) {
					switch {
					case line == "HELLO" && tt.hello == "\x00":
						return "", true
					case line == "HELLO" && tt.hello != "":
						return tt.hello, true
					case line == "STARTTLS":
						return tt.starttls, true
					}
					return "", false
				})
				o := f.options()
				o.TLS, o.Host = tt.tls, "imap.example.org"
				start := time.Now()
				_, err := newMailbox(t, o, newMemory()).Pass(t.Context())
				if err == nil || !strings.Contains(err.Error(), tt.want) || errors.Is(err, ErrTLS) != tt.secure {
					t.Errorf("got %v", err)
				}
				if d := time.Since(start); d > 31*time.Second {
					t.Errorf("said after %v", d)
				}
			})
		})
	}
}

func TestLoginRefusedAndCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for reply, want := range map[string]bool{
			"TAG NO [AUTHENTICATIONFAILED] jan@example.org\r\n" + cut: true,
			"TAG NO [UNAVAILABLE] later\r\n":                          false,
			cut:                                                       false,
		} {
			f := newFake(t, func(_ *fake, _ int, line string) (string, bool) { return reply, strings.HasPrefix(line, "LOGIN") })
			_, err := newMailbox(t, f.options(), newMemory()).Pass(t.Context())
			if err == nil || errors.Is(err, ErrLogin) != want || strings.Contains(err.Error(), "jan") {
				t.Errorf("%q: got %v", reply, err)
			}
		}
	})
}
