package deliver

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"time"
)

// greetingSize is as long as a line of an answer may be (RFC 5321, 4.5.3.1.5).
const greetingSize = 512

// Clock says what time it is at the server, as far as its greeting tells: many
// servers put a date there (RFC 5321, 4.2 leaves the words to them). The zero time
// is that of one that tells none. It connects, reads one line, and leaves.
func (s Server) Clock(ctx context.Context) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	where := net.JoinHostPort(s.Host, fmt.Sprint(s.Port))
	raw, err := (&net.Dialer{}).DialContext(ctx, "tcp", where)
	if err != nil {
		return time.Time{}, fmt.Errorf("%w to SMTP server %s: %w", ErrConnect, where, err)
	}
	defer raw.Close()
	plain := raw
	defer context.AfterFunc(ctx, func() { plain.Close() })()
	if s.TLS == "implicit" {
		secure := tls.Client(raw, &tls.Config{ServerName: s.Host, RootCAs: s.RootCAs, MinVersion: tls.VersionTLS12})
		if err := secure.HandshakeContext(ctx); err != nil {
			return time.Time{}, fmt.Errorf("%w to SMTP server %s: %w", ErrConnect, where, err)
		}
		raw = secure
	}
	line, err := bufio.NewReader(io.LimitReader(raw, greetingSize)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return time.Time{}, fmt.Errorf("greeting of SMTP server %s: %w", where, err)
	}
	_, _ = io.WriteString(raw, "QUIT\r\n") // a courtesy
	return dateIn(line), nil
}

// greetingDate is a date of RFC 5322, 3.3 with its zone as a number: without one
// it is no moment.
var greetingDate = regexp.MustCompile(`\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}\b`)

// dateIn finds the date in a greeting; zero when there is none.
func dateIn(line string) time.Time {
	t, err := time.Parse("2 Jan 2006 15:04:05 -0700", greetingDate.FindString(line))
	if err != nil {
		return time.Time{}
	}
	return t
}
