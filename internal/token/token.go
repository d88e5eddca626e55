// Package token logs in to a mail server by OAuth2: it asks the provider for
// access tokens, keeps each for as long as it is good, and puts it into the words
// of XOAUTH2 or OAUTHBEARER. No token, secret or answer of the provider is in any
// error.
package token

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// ErrRefused means that the provider gives no token until a person mends
// something; which is in the error.
var ErrRefused = errors.New("no token")

// Options say whose tokens, and how we show who we are.
type Options struct {
	Google   bool   // a refresh token in TokenFile; else Microsoft 365, client credentials
	TokenURL string // of the provider; empty: the real one
	Tenant   string // Microsoft: id or domain
	ClientID string
	Secret   string // or, for Microsoft, a PEM file with an RSA key and its certificate:

	CertificateFile string
	TokenFile       string // Google: the refresh token; written anew when the provider changes it

	Now func() time.Time // wall time: tokens end by it
}

// A Source gives tokens. It may be used by several at once, and should be shared
// by all that log in with the same options.
type Source struct {
	o    Options
	http *http.Client

	mu       sync.Mutex
	now      oauth2.Token
	failures int
	rest     time.Time // nothing is asked before
	err      error     // why
}

// New returns a source. It reads no file and asks nobody yet.
func New(o Options) *Source {
	return &Source{o: o, http: &http.Client{Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse // a token endpoint does not move
	}}}
}

// early is how long before its end a token is not used any more.
const early = 2 * time.Minute

// Token returns an access token that is good for two minutes at least. After a
// failure the same error comes back without asking anybody, for half a minute at
// first and a quarter of an hour at most; ErrRefused is in it when waiting does not help.
func (s *Source) Token(ctx context.Context) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.o.Now()
	if s.now.AccessToken != "" && now.Add(early).Before(s.now.Expiry) {
		return s.now.AccessToken, nil
	}
	if s.err != nil && now.Before(s.rest) {
		return "", s.err
	}
	t, err := s.ask(ctx)
	if err != nil {
		if ctx.Err() != nil { // we end; that is not the provider's failure
			return "", context.Cause(ctx)
		}
		s.err = err
		s.rest = now.Add(min(30*time.Second<<min(s.failures, 5), 15*time.Minute))
		s.failures++
		return "", err
	}
	s.now, s.err, s.failures = *t, nil, 0
	return t.AccessToken, nil
}

// Refused returns why there is no token, when a person has to mend it; nil else.
func (s *Source) Refused() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if errors.Is(s.err, ErrRefused) {
		return s.err
	}
	return nil
}

// spoil forgets a token that a mail server did not take: it may have been revoked.
func (s *Source) spoil(access string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now.AccessToken == access {
		s.now = oauth2.Token{}
	}
}

// ask makes one request.
func (s *Source) ask(ctx context.Context) (*oauth2.Token, error) {
	ctx = context.WithValue(ctx, oauth2.HTTPClient, s.http)
	var t *oauth2.Token
	var err error
	if s.o.Google {
		t, err = s.refresh(ctx)
	} else {
		t, err = s.credentials(ctx)
	}
	if err != nil {
		return nil, s.explain(err)
	}
	life := time.Duration(t.ExpiresIn) * time.Second
	if life <= 0 { // RFC 6749, 5.1: it may leave it out
		life = 10 * time.Minute
	}
	t.Expiry = s.o.Now().Add(life)
	return t, nil
}

// Endpoints of the providers.
const (
	microsoft      = "https://login.microsoftonline.com/%s/oauth2/v2.0/token"
	microsoftScope = "https://outlook.office365.com/.default"
	google         = "https://oauth2.googleapis.com/token"
)

func (s *Source) endpoint() string {
	switch {
	case s.o.TokenURL != "":
		return s.o.TokenURL
	case s.o.Google:
		return google
	}
	return fmt.Sprintf(microsoft, s.o.Tenant)
}

// credentials are those of the application itself (RFC 6749, 4.4), shown by a
// secret or by a signature (RFC 7523, 2.2).
func (s *Source) credentials(ctx context.Context) (*oauth2.Token, error) {
	c := clientcredentials.Config{ClientID: s.o.ClientID, ClientSecret: s.o.Secret, TokenURL: s.endpoint(),
		Scopes: []string{microsoftScope}, AuthStyle: oauth2.AuthStyleInParams}
	if s.o.CertificateFile != "" {
		signed, err := s.assertion()
		if err != nil {
			return nil, err
		}
		c.EndpointParams = map[string][]string{
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
			"client_assertion":      {signed},
		}
	}
	return c.Token(ctx)
}

// refresh trades the refresh token for an access token (RFC 6749, 6).
func (s *Source) refresh(ctx context.Context) (*oauth2.Token, error) {
	kept, err := readRefresh(s.o.TokenFile)
	if err != nil {
		return nil, err
	}
	c := oauth2.Config{ClientID: s.o.ClientID, ClientSecret: s.o.Secret,
		Endpoint: oauth2.Endpoint{TokenURL: s.endpoint(), AuthStyle: oauth2.AuthStyleInParams}}
	t, err := c.TokenSource(ctx, &oauth2.Token{RefreshToken: kept}).Token()
	if err != nil {
		return nil, err
	}
	if t.RefreshToken != "" && t.RefreshToken != kept {
		// The old one may be void from now on: what cannot be kept ends at the next start.
		if err := writeRefresh(s.o.TokenFile, t.RefreshToken); err != nil {
			return nil, err
		}
	}
	return t, nil
}
