package desk_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/desk"
	"klachtd/internal/store"
)

// alarmed tells of what the loops see and returns the first lines of the alarms
// that went out since the last time.
func (s *siege) alarmed(seen ...complaint.Alarm) (heads []string) {
	s.t.Helper()
	if err := s.desk.Alarms(s.t.Context(), seen); err != nil {
		s.t.Fatal(err)
	}
	if err := s.deliver(); err != nil {
		s.t.Fatal(err)
	}
	sent, err := s.Sent()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, l := range sent {
		if l.To == "beheer@academie.example" {
			heads = append(heads, firstLine(l.Text))
		}
	}
	return heads
}

// unreadable hands over a message that is over the limits.
func (s *siege) unreadable(uid uint32) {
	s.t.Helper()
	raw := fmt.Appendf(nil, "From: <jan@voorbeeld.example>\r\nTo: <%s>\r\nSubject: Klacht\r\nMessage-ID: <%d@mail.example>\r\n\r\nKoud.\r\n", own, uid)
	register, err := s.desk.Receive(s.t.Context(), store.Box{Name: "INBOX", UIDValidity: 4}, []desk.Delivery{{UID: uid, Received: s.now, Raw: raw, Partial: true}})
	if err == nil {
		err = register()
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// post puts a letter of the house in the outbox.
func (s *siege) post(to string, notBefore time.Time) {
	s.t.Helper()
	err := s.db.Update(s.t.Context(), func(tx *store.Tx) error {
		return tx.AddLetter(&store.Letter{Kind: complaint.LetterReminders, State: store.Due, From: own, To: to,
			MessageID: to, NotBefore: notBefore}, []byte("Subject: werk\r\n\r\nWerk.\r\n"))
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// waitingFor counts the letters in the outbox for an address.
func (s *siege) waitingFor(to string) (n int) {
	s.t.Helper()
	letters, err := s.db.Claim(s.t.Context(), 100, time.Second)
	if err == nil {
		err = s.db.Unclaim(s.t.Context(), letters)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	for _, l := range letters {
		if l.To == to {
			n++
		}
	}
	return n
}

func firstLine(text string) string {
	for i, r := range text {
		if r == '\n' || r == '\r' {
			return text[:i]
		}
	}
	return text
}

// What goes on is told when it begins and once a day, never twice in an hour, over
// restarts too; what ended and begins anew is told again.
func TestLastingAlarms(t *testing.T) {
	const (
		away = "Het klachtenpostvak is niet te bereiken"
		full = "De schijf van de server is bijna vol"
	)
	fetch, disk := complaint.Alarm{Kind: complaint.AlarmFetch, Count: 1}, complaint.Alarm{Kind: complaint.AlarmDisk, Count: 90}
	s := besiege(t, false)
	start := s.now
	for _, step := range []struct {
		after   time.Duration // since the start
		restart bool
		seen    []complaint.Alarm
		want    []string
	}{
		{0, false, nil, nil},
		{time.Minute, false, []complaint.Alarm{fetch}, []string{away}},
		{2 * time.Minute, false, []complaint.Alarm{fetch, disk}, []string{full}},
		{3 * time.Minute, true, []complaint.Alarm{fetch, disk}, nil},
		{4 * time.Minute, false, []complaint.Alarm{disk}, nil},
		{5 * time.Minute, false, []complaint.Alarm{fetch, disk}, nil}, // anew, within the hour
		{62 * time.Minute, true, []complaint.Alarm{fetch, disk}, []string{away}},
		{23 * time.Hour, false, []complaint.Alarm{fetch, disk}, nil},
		{24*time.Hour + 2*time.Minute, true, []complaint.Alarm{fetch, disk}, []string{away, full}},
		{25 * time.Hour, false, nil, nil},
		{26 * time.Hour, false, []complaint.Alarm{fetch}, []string{away}},
		{-50 * time.Hour, false, []complaint.Alarm{fetch}, []string{away}}, // the clock was set back
	} {
		s.now = start.Add(step.after)
		if step.restart {
			if err := s.db.Close(); err != nil {
				t.Fatal(err)
			}
			s.open()
		}
		if got := s.alarmed(step.seen...); !slices.Equal(got, step.want) {
			t.Errorf("after %v: %q, want %q", step.after, got, step.want)
		}
	}
}

// What happens often within an hour is one alarm at once, and one for the rest when
// the hour is over.
func TestAlarmsOfWhatHappenedAreCounted(t *testing.T) {
	s := besiege(t, false)
	start := s.now
	for uid := range uint32(3) {
		s.unreadable(uid + 1)
	}
	if got, want := s.alarmed(), []string{"Een bericht kon niet worden verwerkt"}; !slices.Equal(got, want) {
		t.Errorf("at once: %q, want %q", got, want)
	}
	s.now = start.Add(59 * time.Minute)
	if got := s.alarmed(); len(got) > 0 {
		t.Errorf("within the hour: %q", got)
	}
	s.now = start.Add(time.Hour)
	if got, want := s.alarmed(), []string{"2 berichten konden niet worden verwerkt"}; !slices.Equal(got, want) {
		t.Errorf("after it: %q, want %q", got, want)
	}
	s.now = start.Add(3 * time.Hour)
	if got := s.alarmed(); len(got) > 0 {
		t.Errorf("later: %q", got)
	}
}

// security.md 39: a letter that the mail server does not take is told after four
// hours, and one that is not to leave yet is no such letter.
func TestAlarmOfAStuckLetter(t *testing.T) {
	const stuck = "Een mail wacht al meer dan vier uur"
	s := besiege(t, false)
	start := s.now
	s.post("bas@academie.example", time.Time{})
	s.post("tess@academie.example", start.Add(12*time.Hour))
	alarms := func(after time.Duration) int {
		s.now = start.Add(after)
		if err := s.desk.Alarms(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		return s.waitingFor("beheer@academie.example")
	}
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{3 * time.Hour, 0}, {4*time.Hour + time.Minute, 1}, {6 * time.Hour, 1}, {28 * time.Hour, 2}} {
		if got := alarms(step.after); got != step.want {
			t.Errorf("after %v: %d alarms in the outbox, want %d", step.after, got, step.want)
		}
	}
	got := s.alarmed()
	if len(got) != 2 || got[0] != stuck {
		t.Errorf("%q", got)
	}
}
