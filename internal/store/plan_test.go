package store

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The outbox is looked at all the time: no look may read all the letters that
// ever were.
func TestOutboxUsesItsIndex(t *testing.T) {
	db, err := Open(Options{Path: filepath.Join(t.TempDir(), "state", "klachtd.db"), Lock: true}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, query := range []string{claimLetters, nextLetter, unsureLetters, freeLetters, doubtLetters, countWaiting, countStuck, oldestLetter, releaseHeld} {
		rows, err := db.conn.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, nil, nil, nil)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		for rows.Next() {
			var a, b, c int
			var step string
			if err := rows.Scan(&a, &b, &c, &step); err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(step, "SCAN letter") && !strings.Contains(step, "letter_waiting") {
				t.Errorf("%s\n\t%s", query, step)
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
}
