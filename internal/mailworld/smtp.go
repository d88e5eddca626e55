package mailworld

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"strings"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

func (w *World) newSMTP() *smtp.Server {
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &sending{world: w}, nil }))
	s.Domain = "localhost"
	s.AllowInsecureAuth = true // it listens on loopback
	s.MaxMessageBytes = 64 << 20
	s.MaxRecipients = 100
	s.ErrorLog = log.New(io.Discard, "", 0)
	return s
}

// sending is one SMTP connection. A login is offered and not asked for.
type sending struct {
	world *World
	login string // "" when there was none
	from  string
	to    []string
}

// AuthMechanisms names the one mechanism there is.
func (s *sending) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth checks address and password.
func (s *sending) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, address, password string) error {
		user, err := s.world.user(address)
		if err != nil || user.Login(strings.ToLower(address), password) != nil {
			return smtp.ErrAuthFailed
		}
		s.login = strings.ToLower(address)
		return nil
	}), nil
}

// Mail takes the sender.
func (s *sending) Mail(from string, _ *smtp.MailOptions) error {
	s.from = from
	return nil
}

// Rcpt takes or refuses a recipient.
func (s *sending) Rcpt(to string, _ *smtp.RcptOptions) error {
	if refuse := s.world.o.Refuse; refuse != nil {
		if err := refuse(s.from, to); err != nil {
			return err
		}
	}
	s.to = append(s.to, to)
	return nil
}

// Data takes the message and delivers it.
func (s *sending) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if id := s.world.o.AuthservID; id != "" {
		raw = Vouch(raw, id, s.login)
	}
	for _, to := range s.to {
		if err := s.world.deliver(Passed{At: s.world.o.Now(), From: s.from, To: to, Raw: raw}); err != nil {
			return errors.New("delivery failed")
		}
	}
	return nil
}

// Vouch writes over a mail who was logged in at the server of that name when he
// sent it, as RFC 8601 has it, and takes away each Authentication-Results field
// that came along; login "" is nobody.
func Vouch(raw []byte, id, login string) []byte {
	result := "auth=none"
	if login != "" {
		result = "auth=pass smtp.auth=" + login
	}
	out := fmt.Appendf(nil, "Authentication-Results: %s; %s\r\n", id, result)
	drop, body := false, false
	for line := range bytes.Lines(raw) {
		folded := line[0] == ' ' || line[0] == '\t'
		switch name, _, _ := bytes.Cut(line, []byte(":")); {
		case body:
		case len(bytes.TrimSpace(line)) == 0:
			body, drop = true, false
		case !folded:
			drop = bytes.EqualFold(bytes.TrimSpace(name), []byte("Authentication-Results"))
		}
		if body || !drop {
			out = append(out, line...)
		}
	}
	return out
}

// Reset forgets the message that was begun.
func (s *sending) Reset() { s.from, s.to = "", nil }

// Logout ends the session.
func (s *sending) Logout() error { return nil }

// deliver puts a mail where it belongs, with the return path on top as final delivery does (RFC 5321, 4.4).
func (w *World) deliver(p Passed) error {
	if _, err := w.user(p.To); err == nil {
		raw := append(fmt.Appendf(nil, "Return-Path: <%s>\r\n", p.From), p.Raw...)
		if err := w.Put(p.To, "INBOX", raw, p.At); err != nil {
			return err
		}
	} else {
		w.mu.Lock()
		w.elsewhere = append(w.elsewhere, p)
		w.mu.Unlock()
	}
	if w.o.Seen != nil {
		w.o.Seen(p)
	}
	return nil
}
