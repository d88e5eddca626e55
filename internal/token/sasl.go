package token

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/emersion/go-sasl"
)

// Login returns one attempt to log in as user: by OAUTHBEARER (RFC 7628) where
// the server offers it, else by XOAUTH2. A token that the server refuses is not used again.
func (s *Source) Login(ctx context.Context, user string, offers func(mechanism string) bool) (sasl.Client, error) {
	access, err := s.Token(ctx)
	if err != nil {
		return nil, err
	}
	if offers(sasl.OAuthBearer) {
		return &attempt{s, access, sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: user, Token: access})}, nil
	}
	return &attempt{s, access, &xoauth2{user, access}}, nil
}

// An attempt tells the source when the server answers with a challenge: after
// the token that is how both mechanisms refuse.
type attempt struct {
	source *Source
	access string
	sasl.Client
}

func (a *attempt) Next(challenge []byte) ([]byte, error) {
	a.source.spoil(a.access)
	return a.Client.Next(challenge)
}

var errNotTaken = errors.New("the server does not take the token")

// xoauth2 is the mechanism of Google and Microsoft before there was a standard.
type xoauth2 struct{ user, access string }

func (x *xoauth2) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.access + "\x01\x01"), nil
}

// Next answers the server's reasons with nothing, after which it refuses.
func (x *xoauth2) Next(challenge []byte) ([]byte, error) {
	if !json.Valid(challenge) {
		return nil, errNotTaken
	}
	return []byte{}, nil
}
