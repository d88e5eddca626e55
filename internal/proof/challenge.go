package proof

import (
	"crypto/hmac"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// ChallengeLife is how long the code of a challenge holds.
const ChallengeLife = 24 * time.Hour

// challengeBits in bytes: eight letters of five bits.
const challengeBits = 5

// Keyed is a keyed hash over the parts, each kept apart from the next; vault's
// Hash is one. With forty bits alone a stolen table could be searched through in
// an afternoon, so these hashes need a key that is not in the table.
type Keyed func(purpose string, parts ...string) []byte

// A Challenge is what is stored of the question that went to a registered address.
type Challenge struct {
	Hash    []byte // over code, person, case and command
	Person  string // registered address
	Case    int64
	Command string // all of it: words, values and what goes with them, or a hash of that
	Expires time.Time
	Used    bool // single use; whoever runs the command sets it in the same transaction
}

// NewChallenge draws a code of eight letters for #ja CODE, bound to exactly this
// command, case and person. The code goes to the registered address and is not kept.
func NewChallenge(random io.Reader, key Keyed, person string, caseID int64, command string, now time.Time) (Challenge, string, error) {
	var bits [challengeBits]byte
	if _, err := io.ReadFull(random, bits[:]); err != nil {
		return Challenge{}, "", fmt.Errorf("new challenge: %w", err)
	}
	code := coding.EncodeToString(bits[:])
	c := Challenge{Person: person, Case: caseID, Command: command, Expires: now.Add(ChallengeLife)}
	c.Hash = c.hash(key, code)
	return c, code, nil
}

// hash binds: a code moved to another row, or a row with another command, fits no more.
func (c Challenge) hash(key Keyed, code string) []byte {
	return key("challenge", canonical(code), strings.ToLower(c.Person), strconv.FormatInt(c.Case, 10), c.Command)
}

// Check says whether this code, from this person, answers the challenge. Codes are
// compared in constant time, and read in lower case, with spaces, with O for 0.
func (c Challenge) Check(key Keyed, code, person string, now time.Time) Reason {
	same := hmac.Equal(c.Hash, c.hash(key, code))
	switch {
	case !same:
		return Unknown
	case !strings.EqualFold(c.Person, person) || person == "":
		return OtherPerson
	case c.Used:
		return UsedToken
	case !now.Before(c.Expires):
		return Expired
	}
	return OK
}

// Answered finds the challenge that a code answers: its place in the list, or -1
// and why there is none. Every one is tried, so that time does not tell which.
func Answered(list []Challenge, key Keyed, code, person string, now time.Time) (int, Reason) {
	found, reason := -1, Unknown
	for i, c := range list {
		switch r := c.Check(key, code, person, now); {
		case r == OK:
			found, reason = i, OK
		case r != Unknown && found < 0:
			reason = r
		}
	}
	return found, reason
}
