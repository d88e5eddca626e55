package store

import (
	"errors"
	"os"
	"testing"
	"time"

	"klachtd/internal/vault"
)

// security.md 26: a new master key opens all that the old one did, killed at each step
// of the change; the old one opens nothing any more, nor do copies of the keys it wrapped.
func TestRotate(t *testing.T) {
	for _, at := range []string{"new master key", "new keys begun", "new keys", "keys in place", "master key in place", ""} {
		h := newHouse(t)
		c := fill(h)
		h.backedUp("good.db")
		content := tx0(h, "a")
		f := h.o.Files()
		old, err := os.ReadFile(f.Master)
		if err != nil {
			t.Fatal(err)
		}
		if err := Rotate(t.Context(), h.o, "", time.Now, nil); !errors.Is(err, ErrInUse) {
			t.Errorf("beside the daemon: %v", err)
		}
		h.close()
		func() {
			defer func() {
				if p := recover(); p != nil && p != any(at) {
					panic(p)
				}
			}()
			err := Rotate(t.Context(), h.o, "", func() time.Time { return h.clock.Add(time.Hour) }, func(step string) {
				if step == "vault: "+at {
					panic(at)
				}
			})
			if err != nil || at != "" {
				t.Errorf("no step %q: %v", at, err)
			}
		}()
		for range 2 {
			h.reopen()
			h.view(func(tx *Tx) error {
				got, found, err := tx.Case(c.ID)
				if !found || got.Complainant.Address != c.Complainant.Address || err != nil {
					t.Errorf("at %q: %v, %v", at, found, err)
				}
				if sum, err := tx.VerifyAudit(nil, nil); err != nil || len(sum.Faults) > 0 {
					t.Errorf("at %q: the audit trail: %+v, %v", at, sum, err)
				}
				if _, found, err := tx.ReceiptByContent(content); !found || err != nil {
					t.Errorf("at %q: what is known by a hash is unknown", at)
				}
				return nil
			})
			h.close()
		}
		if at != "" {
			continue
		}
		list, err := os.ReadDir(f.Copies)
		if err != nil || len(list) != 1 || list[0].Name() != "klachtd.keys.20261123T100000Z" {
			t.Errorf("copies: %v, %v", list, err)
		}
		if err := os.WriteFile(f.Master, old, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(h.o, time.Now); !errors.Is(err, vault.ErrMaster) {
			t.Errorf("with the old master key: %v", err)
		}
	}
}
