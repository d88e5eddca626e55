package watch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"
)

// ErrNotLoopback says that figures are for this machine alone.
var ErrNotLoopback = errors.New("not a loopback address")

// Listen opens the door for those who ask: an address of this machine alone, such
// as 127.0.0.1:9817 or [::1]:9817.
func Listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("metrics.listen: %w", err)
	}
	if a, ok := l.Addr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
		l.Close()
		return nil, fmt.Errorf("metrics.listen: %s: %w; use one such as 127.0.0.1:9817", address, ErrNotLoopback)
	}
	return l, nil
}

// Serve answers /metrics and /healthz on l until ctx ends, and closes l. Whoever
// asks slowly or much is cut off.
func (w *Watch) Serve(ctx context.Context, l net.Listener) error {
	s := &http.Server{Handler: w.handler(), ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: log.New(io.Discard, "", 0)} // it would quote what was asked
	stop := context.AfterFunc(ctx, func() { s.Close() })
	defer stop()
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("metrics: %w", err)
	}
	return nil
}

func (w *Watch) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(out http.ResponseWriter, _ *http.Request) {
		out.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		_ = w.Metrics(out) // whoever asked is gone
	})
	mux.HandleFunc("GET /healthz", func(out http.ResponseWriter, _ *http.Request) {
		out.Header().Set("Content-Type", "text/plain; charset=utf-8")
		ills := w.Ills()
		if len(ills) == 0 {
			fmt.Fprintln(out, "ok")
			return
		}
		out.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(out, strings.Join(ills, "\n"))
	})
	return mux
}
