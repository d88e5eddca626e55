package mailbox

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Through sees every message of a folder since a moment, large and small, in batches,
// and leaves them as they were.
func TestThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		o := w.options()
		o.BatchCount, o.MaxSize = 2, 100<<10
		m := newMailbox(t, o, newMemory())
		w.Put(address, "Klachten/Verwerkt", letterWith("oud", 0), time.Now().AddDate(0, 0, -1))
		var want []string
		for n := range 5 {
			name := fmt.Sprint("brief", n)
			w.Put(address, "Klachten/Verwerkt", letterWith(name, n*40<<10), time.Now().Add(time.Duration(n)*time.Second))
			want = append(want, name)
		}
		through := func(folder string, since time.Time) (got []string, partial int) {
			err := m.Through(t.Context(), folder, since, func(d Delivery) error {
				_, rest, _ := strings.Cut(string(d.Raw), "Subject: ")
				subject, _, _ := strings.Cut(rest, "\r\n")
				if got = append(got, subject); d.Partial {
					partial++
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return got, partial
		}
		got, partial := through("handled", time.Now().Add(-time.Minute))
		equal(t, "since", got, want)
		if partial != 2 {
			t.Errorf("%d were cut off, want 2", partial)
		}
		got, _ = through("Klachten/Verwerkt", time.Time{})
		equal(t, "all", got, append([]string{"oud"}, want...))
		for _, folder := range []string{"", "Weg", "INBOX"} {
			if got, _ := through(folder, time.Time{}); len(got) != 0 {
				t.Errorf("%q: %v", folder, got)
			}
		}
		no := errors.New("no")
		if err := m.Through(t.Context(), "handled", time.Time{}, func(Delivery) error { return no }); !errors.Is(err, no) {
			t.Errorf("stopped: %v", err)
		}
		mails, _ := w.Mails(address, "Klachten/Verwerkt")
		for _, mail := range mails {
			if len(mail.Flags) > 0 {
				t.Errorf("message %d is marked: %v", mail.UID, mail.Flags)
			}
		}
	})
}
