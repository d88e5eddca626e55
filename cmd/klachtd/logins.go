package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emersion/go-sasl"

	"klachtd/internal/config"
	"klachtd/internal/token"
)

// logins are the sources of tokens: one for each application, so that IMAP and
// SMTP share what they ask for.
type logins struct {
	wall    func() time.Time // tokens end by it
	sources map[config.OAuth2]*token.Source
}

func newLogins(wall func() time.Time) *logins {
	return &logins{wall, map[config.OAuth2]*token.Source{}}
}

// An authFunc is what mailbox and deliver log in by instead of a password.
type authFunc = func(context.Context, func(mechanism string) bool) (sasl.Client, error)

// auth logs in as user by o; nil without o, for a login by password. Where the
// provider refuses a token until somebody mends something the error is also refused.
func (l *logins) auth(o *config.OAuth2, user string, refused error) authFunc {
	if o == nil {
		return nil
	}
	key := *o
	key.ClientSecret, key.ExpiresOn = config.Secret{}, config.Date{}
	s := l.sources[key]
	if s == nil {
		s = token.New(token.Options{Google: o.Provider == config.ProviderGoogle, TokenURL: o.TokenURL, Tenant: o.Tenant, ClientID: o.ClientID,
			Secret: o.ClientSecret.Reveal(), CertificateFile: o.CertificateFile, TokenFile: o.TokenFile, Now: l.wall})
		l.sources[key] = s
	}
	return func(ctx context.Context, offers func(string) bool) (sasl.Client, error) {
		client, err := s.Login(ctx, user, offers)
		if errors.Is(err, token.ErrRefused) {
			return nil, fmt.Errorf("%w: %w", refused, err)
		}
		return client, err
	}
}

// refused reports whether a provider gives no token until a person mends something.
func (l *logins) refused() bool {
	for _, s := range l.sources {
		if s.Refused() != nil {
			return true
		}
	}
	return false
}
