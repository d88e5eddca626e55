package deliver

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// What time it is at a server is told from its greeting, where that holds a date
// with its zone; read over TLS where the configuration asks for it.
func TestClock(t *testing.T) {
	shown := time.Date(2026, 11, 23, 17, 45, 9, 0, time.UTC)
	secure, roots := certificate(t, "127.0.0.1", time.Now().Add(time.Hour))
	for _, tt := range []struct {
		name, greeting string
		implicit       bool
		want           time.Time
	}{
		{"Exchange", "220 AM1.example Microsoft ESMTP MAIL Service ready at Mon, 23 Nov 2026 17:45:09 +0000\r\n", false, shown},
		{"Exim, over TLS", "220 mx.example ESMTP Exim 4.96 Mon, 23 Nov 2026 18:45:09 +0100\r\n", true, shown},
		{"the first line of two", "220-mx.example ESMTP Mon, 23 Nov 2026 18:45:09 +0100 \r\n220 welcome\r\n", false, shown},
		{"one digit", "220 mx.example 3 Nov 2026 18:45:09 +0100\n", false, time.Date(2026, 11, 3, 17, 45, 9, 0, time.UTC)},
		{"Postfix", "220 mx.example ESMTP Postfix\r\n", false, time.Time{}},
		{"no zone", "220 mx.example ESMTP Mon, 23 Nov 2026 17:45:09\r\n", false, time.Time{}},
		{"no such day", "220 mx.example 31 Nov 2026 17:45:09 +0000\r\n", false, time.Time{}},
		{"no end of a line", "220 " + strings.Repeat("x", 2*greetingSize) + " 23 Nov 2026 17:45:09 +0000\r\n", false, time.Time{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := greeter(t, tt.greeting, secure, roots, tt.implicit)
			if got, err := s.Clock(t.Context()); err != nil || !got.Equal(tt.want) {
				t.Errorf("%s, %v", got, err)
			}
		})
	}
	s := greeter(t, "", secure, x509.NewCertPool(), true)
	if _, err := s.Clock(t.Context()); !errors.Is(err, ErrConnect) {
		t.Errorf("a certificate of nobody's: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := greeter(t, "220 x\r\n", nil, nil, false).Clock(ctx); err == nil {
		t.Error("asked though the time was up")
	}
}

// greeter is a server that says one thing and waits for the end.
func greeter(t *testing.T, words string, secure *tls.Config, roots *x509.CertPool, implicit bool) Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: "none", RootCAs: roots}
	if implicit {
		s.TLS, l = "implicit", tls.NewListener(l, secure)
	}
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, words)
			_, _ = bufio.NewReader(conn).ReadString('\n') // QUIT
			conn.Close()
		}
	}()
	return s
}
