package deliver

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"klachtd/internal/store"
)

// certificate is signed by itself, for 127.0.0.1 or another name, until a moment.
func certificate(t *testing.T, name string, until time.Time) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: until.Add(-48 * time.Hour), NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	if ip := net.ParseIP(name); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{name}
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
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, pool
}

// security.md 24
func TestTLS(t *testing.T) {
	soon, past := time.Now().Add(time.Hour), time.Now().Add(-time.Hour)
	for _, tt := range []struct {
		name, host string
		until      time.Time
		trusted    bool
		want       error
	}{
		{"good", "127.0.0.1", soon, true, nil},
		{"expired", "127.0.0.1", past, true, ErrTLS},
		{"another name", "smtp.elders.example", soon, true, ErrTLS},
		{"signed by nobody", "127.0.0.1", soon, false, ErrTLS},
	} {
		for _, mode := range []string{"implicit", "starttls"} {
			t.Run(tt.name+" "+mode, func(t *testing.T) {
				conf, pool := certificate(t, tt.host, tt.until)
				l, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					t.Fatal(err)
				}
				if mode == "implicit" {
					l = tls.NewListener(l, conf)
				}
				s := serve(t, l, hooks{login: func(user, password string) error { return nil }}, func(s *smtp.Server) {
					s.AllowInsecureAuth = false
					if mode == "starttls" {
						s.TLSConfig = conf
					}
				})
				where := s.where()
				where.TLS, where.Username, where.Password = mode, "klachten", "geheim"
				where.RootCAs = x509.NewCertPool()
				if tt.trusted {
					where.RootCAs = pool
				}
				o := newOffice(t)
				o.add(1)
				n, err := o.worker(Options{Server: where}).Pass(t.Context())
				if !errors.Is(err, tt.want) || (n == 1) != (tt.want == nil) || len(s.got()) != n {
					t.Errorf("%d letters, %v, want %v", n, err, tt.want)
				}
				if tt.want != nil && o.states()[store.Due] != 1 {
					t.Errorf("%v, want it due", o.states())
				}
			})
		}
	}
}

// listening answers each connection line by line, and keeps what it heard.
func listening(t *testing.T, greeting string, answer func(line string) string) (Server, func() string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var heard strings.Builder
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			serving.Go(func() {
				defer c.Close()
				stop := context.AfterFunc(t.Context(), func() { c.Close() })
				defer stop()
				if greeting != "" {
					c.Write([]byte(greeting + "\r\n"))
				}
				for in := bufio.NewScanner(c); in.Scan(); {
					mu.Lock()
					heard.WriteString(in.Text() + "\n")
					mu.Unlock()
					if a := answer(in.Text()); a != "" {
						c.Write([]byte(a + "\r\n"))
					}
				}
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		serving.Wait()
	})
	return (&sink{t: t, addr: l.Addr().String()}).where(), func() string {
		mu.Lock()
		defer mu.Unlock()
		return heard.String()
	}
}

// security.md 24: where STARTTLS is wanted and not offered, nothing is said in plain.
func TestNoSTARTTLS(t *testing.T) {
	where, heard := listening(t, "220 hallo", func(line string) string {
		switch verb, _, _ := strings.Cut(line, " "); verb {
		case "EHLO":
			return "250-hallo\r\n250 AUTH PLAIN"
		case "STARTTLS":
			return "454 not now"
		}
		return "250 ok"
	})
	where.TLS, where.Username, where.Password = "starttls", "klachten", "geheim"
	o := newOffice(t)
	o.add(1)
	if _, err := o.worker(Options{Server: where}).Pass(t.Context()); !errors.Is(err, ErrConnect) {
		t.Errorf("got %v, want ErrConnect", err)
	}
	for _, word := range []string{"AUTH", "MAIL", "RCPT", "DATA"} {
		if strings.Contains(heard(), word) {
			t.Errorf("said in plain: %q", heard())
		}
	}
	if o.states()[store.Due] != 1 {
		t.Errorf("%v, want it due", o.states())
	}
}

// A server without TLS where it is wanted from the first byte, and the reverse.
func TestPlainServerWhereTLSIsWanted(t *testing.T) {
	s := newSink(t, hooks{})
	where := s.where()
	where.TLS = "implicit"
	if err := where.Check(t.Context()); !errors.Is(err, ErrConnect) || !strings.Contains(err.Error(), "smtp.tls") {
		t.Errorf("got %v, want ErrConnect and a word about smtp.tls", err)
	}
}

// security.md 39: a failed login is a pause, no hammering; the letters stay due.
func TestWrongPassword(t *testing.T) {
	s := newSink(t, hooks{login: func(user, password string) error {
		if password != "geheim" {
			return smtp.ErrAuthFailed
		}
		return nil
	}})
	where := s.where()
	where.Username, where.Password = "klachten", "fout"
	o := newOffice(t)
	o.add(30)
	lines := make(chan string, 100)
	w := New(Options{Server: where}, o.db, o.now, time.Now, slog.New(slog.NewTextHandler(writer(lines), nil)))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	line := <-lines
	for _, word := range []string{"letters wait", "pause=5m0s", "smtp.password"} {
		if !strings.Contains(line, word) {
			t.Errorf("the log says %q, want %q in it", line, word)
		}
	}
	if strings.Contains(line, "fout\"") || strings.Contains(line, "voorbeeld.example") { // security.md 23, 24
		t.Errorf("the log says %q", line)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
	if got := o.states(); got[store.Due] != 30 || s.connections() != 1 || o.letter(1).Attempts != 0 {
		t.Errorf("%v after %d connections, want all due after one", got, s.connections())
	}
	if err := where.Check(t.Context()); !errors.Is(err, ErrLogin) {
		t.Errorf("Check: %v, want ErrLogin", err)
	}
	where.Password = "geheim"
	if err := where.Check(t.Context()); err != nil {
		t.Errorf("Check: %v", err)
	}
	o.pass(o.worker(Options{Server: where}), 30)
}

// writer hands each line of a log to the test.
type writer chan string

func (w writer) Write(p []byte) (int, error) {
	w <- string(p)
	return len(p), nil
}

func TestSendPastTheOutbox(t *testing.T) {
	s := newSink(t, hooks{})
	words, err := s.where().Send(t.Context(), "klachten@academie.example", "bas@academie.example", body("proef@academie.example"))
	if err != nil || !strings.HasPrefix(words, "250") || len(s.got()) != 1 || s.got()[0].raw != string(body("proef@academie.example")) {
		t.Errorf("%q, %v, %+v", words, err, s.got())
	}
	s.set(hooks{rcpt: func(net.Conn, string) error { return refuse(550) }})
	if _, err := s.where().Send(t.Context(), "klachten@academie.example", "bas@academie.example", body("x")); err == nil {
		t.Error("a refusal is no error")
	}
}
