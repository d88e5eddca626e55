package main

import (
	"testing"
	"time"

	"klachtd/internal/config"
	"klachtd/internal/desk"
)

const smallConfig = `academy: {name: Academie Voorbeeld}
imap: {host: imap.example.nl, username: klachten@example.nl, password: x}
smtp: {host: smtp.example.nl, username: klachten@example.nl, password: x, from: {address: klachten@example.nl}}
staff:
  - {name: Dewi de Boer, email: directeur@example.nl, role: directeur}
  - {name: Bas Bakker, email: bas@example.nl, role: binnendienst}
`

// security.md 12: the limits are those of the configuration, each its own, and
// those of interface.md where it says nothing.
func TestLimitsAreConfigured(t *testing.T) {
	for lines, want := range map[string]desk.Limits{
		"": {PerAddress: 3, PerDomain: 10, PerHour: 30, PerDay: 150, Burst: 20},
		"limits: {acks_per_address_per_day: 1, acks_per_domain_per_day: 2, acks_per_hour: 4, acks_per_day: 5, burst: 6}\n": {PerAddress: 1, PerDomain: 2, PerHour: 4, PerDay: 5, Burst: 6},
	} {
		cfg, err := config.Parse("config.yaml", []byte(smallConfig+lines), t.TempDir(), func(string) (string, bool) { return "", false })
		if err != nil {
			t.Fatal(err)
		}
		if got := deskOptions(cfg, time.Time{}, nil).Limits; got != want {
			t.Errorf("%q: %+v, want %+v", lines, got, want)
		}
	}
}
