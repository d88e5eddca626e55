package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// A part that was written to, can be written to, is shared or comes from no file
// would not be the same again.
func TestUnchangedSpans(t *testing.T) {
	const smaps = `00400000-00eaa000 r-xp 00000000 fe:00 1001                               /usr/bin/klachtd
Rss:                9624 kB
Private_Dirty:         0 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me 
00eaa000-01942000 r--p 00aaa000 fe:00 1001                               /usr/bin/klachtd
Anonymous:             0 kB
01942000-01945000 r--p 01542000 fe:00 1001                               /usr/bin/klachtd
Anonymous:             4 kB
01945000-01af2000 rw-p 01545000 fe:00 1001                               /usr/bin/klachtd
Anonymous:             0 kB
7f0000000000-7f0000001000 r--s 00000000 fe:00 1002                       /var/lib/with spaces.db-shm
Anonymous:             0 kB
7f0000002000-7f0000003000 ---p 00000000 fe:00 1003                       /usr/lib/libc.so.6
Anonymous:             0 kB
7ffc00000000-7ffc00001000 r-xp 00000000 00:00 0                          [vdso]
Anonymous:             0 kB
`
	want := []span{{0x400000, 0xeaa000}, {0xeaa000, 0x1942000}}
	if got := unchanged(strings.NewReader(smaps)); !slices.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
	if got := unchanged(strings.NewReader("Anonymous: 0 kB\nnonsense\n\n")); len(got) != 0 {
		t.Errorf("%x, want none", got)
	}
}

func TestGiveBack(t *testing.T) {
	if _, err := os.Stat("/proc/self/smaps"); err != nil {
		t.Skip("SKIPPED: this system does not tell where memory comes from")
	}
	before := resident(t)
	giveBack()
	if after := resident(t); after >= before {
		t.Errorf("%s kB of files in memory, then %s kB", before, after)
	}
}

// resident is how much of files the process has in memory, as /proc tells, in kB:
// all with as many digits, so that they compare.
func resident(t *testing.T) string {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "RssFile:")
	words := strings.Fields(rest)
	if len(words) == 0 {
		t.Skip("SKIPPED: this system does not tell how much of files is in memory")
	}
	return strings.Repeat("0", max(0, 12-len(words[0]))) + words[0]
}
