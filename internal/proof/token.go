package proof

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"io"
	"strings"
	"time"
)

// crockford is Crockford's base32: no I, L, O and U, which are misread.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var coding = base32.NewEncoding(crockford).WithPadding(base32.NoPadding)

// TokenDays is how long a token holds, in calendar days.
const TokenDays = 45

// A Hash is what is stored of a code or a Message-ID. A plain SHA-256 suffices:
// both hold 128 random bits, so there is no dictionary to try and a key would
// protect nothing. (Challenge codes are short, and theirs is keyed.)
type Hash [sha256.Size]byte

// codeLength is that of 128 bits in letters of five.
const codeLength = 26

// NewCode draws a code of 128 bits, one word for a line "Code: …". The code goes
// into the mail, its hash into the store.
func NewCode(random io.Reader) (code string, h Hash, err error) {
	var bits [16]byte
	if _, err := io.ReadFull(random, bits[:]); err != nil {
		return "", Hash{}, fmt.Errorf("new code: %w", err)
	}
	code = coding.EncodeToString(bits[:])
	return code, HashCode(code), nil
}

// HashCode is the hash under which a code is stored and looked up, whatever its
// case and with O for 0 and I or L for 1.
func HashCode(code string) Hash {
	return sha256.Sum256([]byte("klachtd code\x00" + canonical(code)))
}

// HashID is the hash of a Message-ID that was issued, with or without brackets. Its
// case does not matter: some gateways change it.
func HashID(id string) Hash {
	id = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(id), "<"), ">")
	return sha256.Sum256([]byte("klachtd message id\x00" + strings.ToLower(id)))
}

// canonical undoes what people and mail programs do to a code.
func canonical(code string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case 'O', 'o':
			return '0'
		case 'I', 'i', 'L', 'l':
			return '1'
		case ' ', '-', '\t', '\u00a0', '\u2007', '\u202f', '\u2010', '\u2011', '\u200b', '\ufeff':
			return -1
		}
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, code)
}

// A Token is what is stored of a code or Message-ID that one person was given.
type Token struct {
	Hash    Hash
	Person  string // registered address
	Case    int64  // 0: of no case
	Command string // what a code is for; "": the Message-ID of a mail about the case, good for any
	Purpose string // of the mail that carried it, so that its subject is known
	Expires time.Time
	Ended   bool // by a change of role, by closing, or by a restore
}

// NewToken binds a hash to its person, case and command.
func NewToken(h Hash, person string, caseID int64, command, purpose string, issued time.Time) Token {
	return Token{Hash: h, Person: person, Case: caseID, Command: command, Purpose: purpose,
		Expires: issued.AddDate(0, 0, TokenDays)}
}

// Why a token or a code does not hold; OK is that it does.
const (
	OK           Reason = ""
	Unknown      Reason = "token unknown"
	OtherPerson  Reason = "token of another person" // is audited
	OtherCase    Reason = "token for another case"
	OtherCommand Reason = "token for another command"
	Expired      Reason = "token expired"
	EndedToken   Reason = "token ended"
	UsedToken    Reason = "token used" // challenges alone
)

// A Use is what somebody wants to do with a token.
type Use struct {
	Person  string // registered address of the sender
	Case    int64
	Command string
	At      time.Time
}

// Check says whether the token holds for this use. It may be used again for the
// same command; whether that runs a second time is not the token's to say.
func (t Token) Check(u Use) Reason {
	switch {
	case t.Hash == Hash{}:
		return Unknown
	case !strings.EqualFold(t.Person, u.Person) || u.Person == "":
		return OtherPerson
	case t.Case != u.Case:
		return OtherCase
	case t.Command != "" && t.Command != u.Command:
		return OtherCommand
	case t.Ended:
		return EndedToken
	case !u.At.Before(t.Expires):
		return Expired
	}
	return OK
}
