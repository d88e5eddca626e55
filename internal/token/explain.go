package token

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"

	"golang.org/x/oauth2"
)

// remedies say what to mend, by the number of Microsoft's error.
var remedies = map[string]string{
	"90002":   "the provider knows no such tenant: check oauth2.tenant",
	"900023":  "the provider knows no such tenant: check oauth2.tenant",
	"700016":  "no application of that id in this tenant: check oauth2.client_id and oauth2.tenant",
	"7000215": "the secret is wrong: oauth2.client_secret_file must hold the secret's value, not its id",
	"7000222": "the secret has expired: make a new one, write it to oauth2.client_secret_file, and its day to expires_on",
	"700027":  "the provider does not know the certificate, or it has expired: upload the one in oauth2.certificate_file",
	"50034":   "the account is not in this tenant: check oauth2.tenant",
	"53003":   "a conditional access policy forbids it: exempt this application",
	"65001":   "the administrator has not consented: grant IMAP.AccessAsApp and SMTP.SendAsApp",
}

// codes say it by the error of RFC 6749, 5.2.
var codes = map[string]string{
	"invalid_client":         "the provider does not take the client: check oauth2.client_id and the secret",
	"unauthorized_client":    "the application may not ask in this way: check its permissions and the administrator's consent",
	"invalid_scope":          "the application has no permission for the mailbox: grant IMAP.AccessAsApp and SMTP.SendAsApp",
	"invalid_request":        "the provider does not understand the request: check oauth2.tenant and oauth2.client_id",
	"unsupported_grant_type": "the provider does not give tokens in this way: check oauth2.provider",
}

var aadsts = regexp.MustCompile(`AADSTS(\d{4,8})\b`)

// explain puts the provider's refusal into words of ours: its own may hold anything.
func (s *Source) explain(err error) error {
	if errors.Is(err, ErrRefused) {
		return err
	}
	var said *oauth2.RetrieveError
	if !errors.As(err, &said) {
		var sent *url.Error
		if errors.As(err, &sent) { // without the address, that may hold a tenant
			return fmt.Errorf("ask for a token: %w", sent.Err)
		}
		return errors.New("ask for a token: the answer holds none")
	}
	status := 0
	if said.Response != nil {
		status = said.Response.StatusCode
	}
	if status == 429 || status >= 500 {
		return fmt.Errorf("ask for a token: the provider answered %d; it is asked again", status)
	}
	if m := aadsts.FindStringSubmatch(said.ErrorDescription); m != nil {
		if remedy := remedies[m[1]]; remedy != "" {
			return fmt.Errorf("%w: %s (AADSTS%s)", ErrRefused, remedy, m[1])
		}
		return fmt.Errorf("%w: the provider answered AADSTS%s; look it up at login.microsoftonline.com/error", ErrRefused, m[1])
	}
	if said.ErrorCode == "invalid_grant" {
		if s.o.Google {
			return fmt.Errorf("%w: the refresh token has expired or was revoked: get a new one into oauth2.token_file (docs/google.md)", ErrRefused)
		}
		return fmt.Errorf("%w: the provider does not take the credentials: check the secret or certificate", ErrRefused)
	}
	if remedy := codes[said.ErrorCode]; remedy != "" {
		return fmt.Errorf("%w: %s (%s)", ErrRefused, remedy, said.ErrorCode)
	}
	return fmt.Errorf("%w: the provider answered %d to the request for one: check the keys under oauth2", ErrRefused, status)
}
