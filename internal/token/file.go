package token

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// readRefresh reads a refresh token: the only line of a file, or
// {"refresh_token": "..."} as the tools of the providers write it.
func readRefresh(path string) (string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%w: read oauth2.token_file: %w", ErrRefused, err)
	}
	text := strings.TrimSpace(string(raw))
	if strings.HasPrefix(text, "{") {
		var held struct {
			RefreshToken string `json:"refresh_token"`
		}
		if err := json.Unmarshal([]byte(text), &held); err != nil {
			return "", fmt.Errorf("%w: %s is not the JSON that it begins as", ErrRefused, path)
		}
		text = held.RefreshToken
	}
	if text == "" || strings.ContainsAny(text, " \r\n\t") {
		return "", fmt.Errorf("%w: %s holds no refresh token: one line, or {\"refresh_token\": \"...\"}", ErrRefused, path)
	}
	return text, nil
}

// writeRefresh puts a new refresh token in the place of the old one, whole or not at all.
func writeRefresh(path, refresh string) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%w: the provider changed the refresh token and it cannot be kept: %w; klachtd must be able to write oauth2.token_file and its folder", ErrRefused, err)
		}
	}()
	f, err := os.CreateTemp(filepath.Dir(path), ".token-*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if info, err := os.Stat(path); err == nil && os.Geteuid() == 0 { // klachtd check as root: the daemon has to read it
		if old, ok := info.Sys().(*syscall.Stat_t); ok {
			_ = f.Chown(int(old.Uid), int(old.Gid)) // where that cannot be, it is root's as it was
		}
	}
	if _, err = f.WriteString(refresh + "\n"); err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}

// readPair reads and checks a PEM file with an RSA key and its certificate.
func readPair(path string) (*rsa.PrivateKey, *x509.Certificate, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	var key *rsa.PrivateKey
	var cert *x509.Certificate
	for block, rest := pem.Decode(raw); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "CERTIFICATE":
			if cert == nil { // the first is the key's, others are of who signed it
				if cert, err = x509.ParseCertificate(block.Bytes); err != nil {
					return nil, nil, fmt.Errorf("%s: certificate: %w", path, err)
				}
			}
		case "PRIVATE KEY":
			held, err := x509.ParsePKCS8PrivateKey(block.Bytes)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: private key: %w", path, err)
			}
			key, _ = held.(*rsa.PrivateKey)
		case "RSA PRIVATE KEY":
			if key, err = x509.ParsePKCS1PrivateKey(block.Bytes); err != nil {
				return nil, nil, fmt.Errorf("%s: private key: %w", path, err)
			}
		}
	}
	switch {
	case key == nil:
		return nil, nil, fmt.Errorf("%s holds no RSA private key (PRIVATE KEY or RSA PRIVATE KEY, without a passphrase)", path)
	case cert == nil:
		return nil, nil, fmt.Errorf("%s holds no certificate", path)
	case !key.PublicKey.Equal(cert.PublicKey):
		return nil, nil, fmt.Errorf("%s: the key is not the certificate's", path)
	}
	return key, cert, nil
}

// assertion signs who we are, for ten minutes: PS256, with the thumbprint that
// Microsoft finds the certificate by.
func (s *Source) assertion() (string, error) {
	key, cert, err := readPair(s.o.CertificateFile)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrRefused, err)
	}
	thumb := sha256.Sum256(cert.Raw)
	now := s.o.Now()
	var id [16]byte
	rand.Read(id[:])
	signed := bytes.Join([][]byte{
		part(map[string]any{"alg": "PS256", "typ": "JWT", "x5t#S256": base64.RawURLEncoding.EncodeToString(thumb[:])}),
		part(map[string]any{"aud": s.endpoint(), "iss": s.o.ClientID, "sub": s.o.ClientID, "jti": base64.RawURLEncoding.EncodeToString(id[:]),
			"iat": now.Unix(), "nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(10 * time.Minute).Unix()}),
	}, []byte("."))
	sum := sha256.Sum256(signed)
	signature, err := rsa.SignPSS(rand.Reader, key, crypto.SHA256, sum[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	if err != nil {
		return "", fmt.Errorf("%w: sign with %s: %w", ErrRefused, s.o.CertificateFile, err)
	}
	return string(signed) + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

func part(v map[string]any) []byte {
	raw, _ := json.Marshal(v) // strings and numbers: it cannot fail
	return base64.RawURLEncoding.AppendEncode(nil, raw)
}
