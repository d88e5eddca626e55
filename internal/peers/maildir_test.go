package peers

import (
	"slices"
	"testing"
)

// Mails that came within a second are in their order, whatever the digits.
func TestByArrival(t *testing.T) {
	want := []string{"1763922481.M999999P1.host", "1763922482.M99P7.host", "1763922482.M5123P14.host", "1763922482.M100000P2.host", "1763922482.M100001P1.host", "1763922483.M1P1.host"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, byArrival)
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
