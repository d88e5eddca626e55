package mailbox

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/emersion/go-imap/v2"
)

var (
	// ErrLogin means that the server does not accept the name or the password.
	ErrLogin = errors.New("login refused")
	// ErrTLS means that no trustworthy TLS connection could be made.
	ErrTLS = errors.New("no secure connection")
	// ErrFolder means that a folder is missing and cannot be made.
	ErrFolder = errors.New("folder missing")
)

var (
	errSilent    = errors.New("the server fell silent")
	errCut       = errors.New("the connection was cut")
	errShort     = errors.New("a message was cut off")
	errNoBytes   = errors.New("the server gives no bytes of a message that is there")
	errAnswer    = errors.New("the server's answer could not be understood")
	errRebuilt   = errors.New("the mailbox was rebuilt on the server; everything in it is looked at again")
	errSearch    = errors.New("the server says that the mailbox holds messages, and its search finds none")
	errWatchdog  = errors.New("it took too long")
	errPlainHost = errors.New("imap.tls is none and the address is not on loopback: use implicit or starttls")
)

// filingError is a filing that did not work while the connection lives: nothing that stands in the way of registration.
type filingError struct{ err error }

func (e *filingError) Error() string { return "file messages: " + e.err.Error() }
func (e *filingError) Unwrap() error { return e.err }

// answerError is a server's NO or BAD. It says the code and not the text, which may quote anything.
type answerError struct{ answer *imap.Error }

func (e *answerError) Error() string {
	if e.answer.Code != "" {
		return fmt.Sprintf("the server answered %s [%s]", e.answer.Type, e.answer.Code)
	}
	return fmt.Sprintf("the server answered %s", e.answer.Type)
}

// code is the response code of an answer, or "".
func code(err error) imap.ResponseCode {
	if a, ok := errors.AsType[*answerError](err); ok {
		return a.answer.Code
	}
	return ""
}

// refused says whether the server understood and said no, so that the connection lives on.
func refused(err error) bool {
	_, ok := errors.AsType[*answerError](err)
	return ok
}

// tlsError puts a failed handshake into words that say what to do. The names that stand in the certificate are
// no secret; the rest of the library's text adds nothing.
func tlsError(host string, err error) error {
	var (
		invalid x509.CertificateInvalidError
		name    x509.HostnameError
		unknown x509.UnknownAuthorityError
		record  tls.RecordHeaderError
		verify  *tls.CertificateVerificationError
		alert   tls.AlertError
	)
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Errorf("%w: the certificate of %s has expired or is not valid yet: renew it, or check this machine's clock", ErrTLS, host)
	case errors.As(err, &name):
		return fmt.Errorf("%w: the certificate of %s is for another name: set imap.host to a name in the certificate", ErrTLS, host)
	case errors.As(err, &unknown):
		return fmt.Errorf("%w: the certificate of %s is signed by nobody this machine trusts: set imap.ca_file", ErrTLS, host)
	case errors.As(err, &record):
		return fmt.Errorf("%w: %s does not speak TLS on this port: check imap.port and imap.tls", ErrTLS, host)
	case errors.As(err, &verify):
		return fmt.Errorf("%w: the certificate of %s is not valid", ErrTLS, host)
	case errors.As(err, &alert):
		return fmt.Errorf("%w: %s refuses the TLS handshake: it may be too old for TLS 1.2", ErrTLS, host)
	}
	return nil
}
