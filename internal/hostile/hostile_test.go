package hostile

import (
	"bytes"
	"testing"
	"time"
)

// The corpus is large enough, every message of it is another one, and the same
// seed gives the same bytes, another seed others.
func TestCorpus(t *testing.T) {
	o := Options{Seed: 1, To: "klachten@academie.example", Staff: "bas@academie.example", At: time.Unix(1_800_000_000, 0).UTC(), Beacon: "127.0.0.1:1"}
	one, same := Corpus(o), Corpus(o)
	o.Seed++
	other := Corpus(o)
	wild, alike := 0, 0
	seen := map[string]string{}
	for i, m := range one {
		if m.Kind != Good {
			wild++
		}
		if !bytes.Equal(m.Raw, same[i].Raw) {
			t.Errorf("%s: the same seed gives another message", m.Kind)
		}
		if bytes.Equal(m.Raw, other[i].Raw) {
			alike++
		}
		if before, twice := seen[string(m.Raw)]; twice {
			t.Errorf("a message of %q is one of %q", m.Kind, before)
		}
		seen[string(m.Raw)] = m.Kind
		if (m.From != "") != (m.Fate == Answered || m.Fate == Quarantined) {
			t.Errorf("%s: %s, from %q", m.Kind, m.Fate, m.From)
		}
	}
	if wild < 250 || len(one)-wild < wild/10 || alike > 2 {
		t.Errorf("%d hostile of %d messages, %d the same with another seed", wild, len(one), alike)
	}
	t.Logf("%d hostile messages in %d kinds", wild, len(kinds()))
}
