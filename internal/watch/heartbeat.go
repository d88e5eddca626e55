package watch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// beatTime bounds one heartbeat.
const beatTime = 10 * time.Second

// A Heart asks an address elsewhere to say that all is well: when it falls silent,
// somebody there is woken. The address is a secret, mostly, and is never shown.
type Heart struct {
	url    string
	client *http.Client
}

// NewHeart returns a Heart; nil for an empty address, which beats nowhere. roots
// are the certificates to trust; nil: the system's.
func NewHeart(address string, roots *x509.CertPool) *Heart {
	if address == "" {
		return nil
	}
	t := &http.Transport{DisableKeepAlives: true, TLSHandshakeTimeout: beatTime,
		DialContext:     loopbackOnly((&net.Dialer{}).DialContext),
		TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	t.DialTLSContext = func(ctx context.Context, network, to string) (net.Conn, error) {
		d := tls.Dialer{Config: t.TLSClientConfig}
		return d.DialContext(ctx, network, to)
	}
	return &Heart{url: address, client: &http.Client{Transport: t, Timeout: beatTime,
		// what answers elsewhere is not who was asked
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

type dialer = func(ctx context.Context, network, to string) (net.Conn, error)

// loopbackOnly dials without TLS to this machine alone (security.md 24).
func loopbackOnly(dial dialer) dialer {
	return func(ctx context.Context, network, to string) (net.Conn, error) {
		c, err := dial(ctx, network, to)
		if err != nil {
			return nil, err
		}
		if a, ok := c.RemoteAddr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
			c.Close()
			return nil, ErrNotLoopback
		}
		return c, nil
	}
}

// Beat asks once.
func (h *Heart) Beat(ctx context.Context) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url, nil)
	if err != nil {
		return errors.New("heartbeat: alerts.heartbeat_url cannot be asked") // the reason quotes it
	}
	req.Header.Set("User-Agent", "klachtd")
	answer, err := h.client.Do(req)
	if err != nil {
		var quoting *url.Error // names the address
		if errors.As(err, &quoting) {
			err = quoting.Err
		}
		return fmt.Errorf("heartbeat: %w", err)
	}
	answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("heartbeat: it answered %d", answer.StatusCode)
	}
	return nil
}

// Beats reports whether a heart is to beat: there was a good pass since it did so
// the last time, and nothing is the matter, not even for a moment: while letters
// wait for a mail server that is down, no alarm can leave by it, so it is the
// silence that tells.
func (w *Watch) Beats() bool {
	if len(w.Ills()) > 0 {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.good[IMAP].After(w.beaten) || !w.bad[IMAP].IsZero() || !w.bad[SMTP].IsZero() {
		return false
	}
	w.beaten = w.good[IMAP]
	return true
}
