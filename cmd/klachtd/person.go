package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
	"klachtd/internal/store"
)

type personCmd struct {
	configured
	Address string `arg:"" help:"An e-mail address."`
	JSON    bool   `name:"json" help:"Print a JSON array."`
}

// A personJSON is one element of `person --json` (interface.md).
type personJSON struct {
	Number     string   `json:"number"`
	State      string   `json:"state"`
	Roles      []string `json:"roles"`
	ReceivedAt *string  `json:"received_at"`
	ClosedAt   *string  `json:"closed_at"`
	Hold       *string  `json:"hold"`
	EraseOn    *string  `json:"erase_on"`
	Messages   int      `json:"messages"`
}

// Run says which cases hold a person, and leaves a row in the audit trail that does
// not say whom was asked for (security.md 30). Nobody's address stands in the
// database where it could be looked up: each case is opened and looked through.
func (c personCmd) Run(e env) error {
	cfg, err := c.load(e)
	if err != nil {
		return err
	}
	address := strings.TrimSpace(c.Address)
	if !(message.Address{Address: address}).Valid() {
		return usage{fmt.Errorf("%s is no e-mail address: want one like naam@voorbeeld.nl", clean(c.Address))}
	}
	db, err := openExisting(cfg, e)
	if err != nil {
		return err
	}
	var found []personJSON
	err = db.View(e.ctx, func(tx *store.Tx) error {
		found, err = holding(tx, address, cfg.Academy.Zone)
		return err
	})
	if err == nil {
		err = db.Audit(e.ctx, store.Entry{Event: "person", Count: len(found)})
	}
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	if c.JSON {
		return jsonArray(e.stdout, func(each func(any) error) error {
			for _, p := range found {
				if err := each(p); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return printPerson(e.stdout, found)
}

func printPerson(w io.Writer, found []personJSON) error {
	if len(found) == 0 {
		_, err := fmt.Fprintln(w, "no case holds this address")
		return err
	}
	const row = "%-13s  %-17s  %-10s  %-10s  %8s  %s\n"
	_, err := fmt.Fprintf(w, row, "number", "state", "received", "erased on", "messages", "as")
	for _, p := range found {
		if err != nil {
			break
		}
		erase := orDash(p.EraseOn)
		if p.Hold != nil {
			erase = "held"
		}
		_, err = fmt.Fprintf(w, row, p.Number, p.State, orDash(p.ReceivedAt)[:10], erase, fmt.Sprint(p.Messages), strings.Join(p.Roles, ", "))
	}
	return err
}

// holding returns the cases that hold an address, in the order of registration.
func holding(tx *store.Tx, address string, zone *time.Location) ([]personJSON, error) {
	var found []personJSON
	err := tx.Cases(false, func(c complaint.Case) error {
		h := holder{address: address, roles: rolesOf(c, address)}
		messages, err := tx.Messages(c.ID)
		if err != nil {
			return err
		}
		for _, m := range messages {
			h.look(m.From, m.To, m.Subject+"\n"+m.Text)
		}
		letters, err := tx.Letters(c.ID)
		if err != nil {
			return err
		}
		for _, l := range letters {
			h.look("", []string{l.To}, l.Subject)
		}
		if len(h.roles) > 0 {
			found = append(found, personJSON{Number: c.Number, State: string(c.State), Roles: h.roles, ReceivedAt: moment(c.ReceivedAt, zone),
				ClosedAt: moment(c.ClosedAt, zone), Hold: text(string(c.Hold.Until)), EraseOn: text(string(c.EraseOn)), Messages: h.n})
		}
		return nil
	})
	return found, err
}

// rolesOf are those that the register itself gives a person in a case.
func rolesOf(c complaint.Case, address string) []string {
	var roles []string
	for role, a := range map[string]string{"complainant": c.Complainant.Address, "owner": c.Owner, "handler": c.Handler} {
		if strings.EqualFold(a, address) {
			roles = append(roles, role)
		}
	}
	if slices.ContainsFunc(c.Concerned, func(m complaint.Concern) bool { return strings.EqualFold(m.Address, address) }) {
		roles = append(roles, "concerned")
	}
	slices.Sort(roles)
	return roles
}

// A holder gathers what the mails of a case say of an address.
type holder struct {
	address string
	roles   []string
	n       int // mails in which it stands
}

func (h *holder) look(from string, to []string, words string) {
	before := h.n
	add := func(role string) {
		h.n = before + 1
		if !slices.Contains(h.roles, role) {
			h.roles = append(h.roles, role)
		}
	}
	if strings.EqualFold(from, h.address) {
		add("sender")
	}
	if slices.ContainsFunc(to, func(a string) bool { return strings.EqualFold(a, h.address) }) {
		add("recipient")
	}
	if mentions(words, h.address) {
		add("named")
	}
}

// mentions reports whether an address stands in a text, not as the end or the
// beginning of a longer one.
func mentions(text, address string) bool {
	text, address = strings.ToLower(text), strings.ToLower(address)
	for {
		i := strings.Index(text, address)
		if i < 0 {
			return false
		}
		end := i + len(address)
		if (i == 0 || !inAddress(text[i-1])) && (end == len(text) || !inAddress(text[end]) || text[end] == '.' && (end+1 == len(text) || !inAddress(text[end+1]))) {
			return true
		}
		text = text[end:]
	}
}

func inAddress(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80 || strings.IndexByte(".-_+@%", c) >= 0
}
