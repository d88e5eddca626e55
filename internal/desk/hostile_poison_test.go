package desk_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"klachtd/internal/complaint"
	"klachtd/internal/desk"
	"klachtd/internal/letter"
	"klachtd/internal/store"
)

// poisoned opens a desk whose rules fail while the nth message of a batch is read,
// as they would on a mail that nobody has thought of; 0: none.
func (s *siege) poisoned(n *int) {
	s.t.Helper()
	staff := []complaint.Person{{Name: "Dewi de Boer", Address: dewi, Roles: []complaint.Role{complaint.Directeur}},
		{Name: "Bas Bakker", Address: bas, Roles: []complaint.Role{complaint.Binnendienst}}}
	book := books.of(s.t, staff, letter.Academy{Name: "Academie Voorbeeld", Zone: amsterdam, Names: func(string) string { return "" },
		From: complaint.Party{Name: "Klachten", Address: own}})
	reading := 0
	s.desk = desk.New(desk.Options{
		Step: func(name string) {
			switch name {
			case "desk: reading":
				reading++
			case "desk: read":
				reading = -1
			case "desk: committed":
				reading = 0
			}
		},
		Policy: complaint.Policy{Zone: amsterdam, ReactDays: 7, ResolveDays: 28, SevereReactDays: 2, SevereResolveDays: 14, Staff: staff,
			ExtensionDays: 14, RetentionMonths: 6, SurveyDays: 7, Holiday: func(complaint.Day) bool {
				if reading == *n {
					panic("KANARIEPANIEK")
				}
				return false
			}},
		Own: []string{own}, Limits: desk.Limits{PerAddress: 300, PerDomain: 1000, PerHour: 3000, PerDay: 15000, Burst: 2000},
		Alerts: complaint.Party{Address: "beheer@academie.example"},
	}, s.db, book, slog.New(slog.NewTextHandler(&s.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
}

// security.md 5, 6: a message that fails is undone and leaves the others of its
// batch alone. Each time counts, in a transaction of its own before it is read; from
// the second time on it is a suspect; after the third it is not read again, but
// put aside, with a case before a person and an alarm. What the failure said is
// nowhere to be read (23).
func TestFailsThrice(t *testing.T) {
	s := besiege(t, false)
	poison := 2
	s.poisoned(&poison)
	box := store.Box{Name: "INBOX", UIDValidity: 9}
	in := func(uid uint32, from string) desk.Delivery {
		return desk.Delivery{UID: uid, Received: s.now, Raw: fmt.Appendf(nil, "From: <%s>\r\nTo: <%s>\r\nSubject: Klacht\r\nMessage-ID: <%d@mail.example>\r\n\r\nHet was koud %[3]d.\r\n", from, own, uid)}
	}
	pass := func(mails ...desk.Delivery) {
		t.Helper()
		register, err := s.desk.Receive(t.Context(), box, mails)
		if err == nil {
			err = register()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	unseen := func() (fresh, suspects []uint32) {
		t.Helper()
		fresh, suspects, err := s.desk.Unseen(t.Context(), box, []uint32{1, 2, 3})
		if err != nil {
			t.Fatal(err)
		}
		return fresh, suspects
	}
	if fresh, suspects := unseen(); len(fresh) != 3 || len(suspects) != 0 {
		t.Fatalf("fresh %v, suspects %v", fresh, suspects)
	}
	pass(in(1, jan), in(2, "gif@kwaad.example"), in(3, "piet@voorbeeld.example"))
	if n := len(s.cases()); n != 2 {
		t.Fatalf("%d cases beside the poison", n)
	}
	poison = 1
	for try := 2; try <= 3; try++ {
		if fresh, suspects := unseen(); len(fresh) != 0 || fmt.Sprint(suspects) != "[2]" {
			t.Errorf("before try %d: fresh %v, suspects %v", try, fresh, suspects)
		}
		pass(in(2, "gif@kwaad.example"))
		if n := len(s.cases()); n != 2 {
			t.Errorf("%d cases after try %d", n, try)
		}
	}
	unseen()
	pass(in(2, "gif@kwaad.example"))
	if _, suspects := unseen(); len(suspects) != 0 {
		t.Errorf("suspects %v after it was put aside", suspects)
	}
	if err := s.deliver(); err != nil {
		t.Fatal(err)
	}
	s.left()
	if got := s.desk.Tally(); got.Registered != 2 || got.Quarantined != 1 || len(s.cases()) != 3 {
		t.Errorf("%+v, %d cases", got, len(s.cases()))
	}
	if s.sentTo("gif@kwaad.example") != 0 || s.sentTo("beheer@academie.example") != 1 {
		t.Errorf("%d to the sender, %d alarms", s.sentTo("gif@kwaad.example"), s.sentTo("beheer@academie.example"))
	}
	if log := s.log.String(); strings.Contains(log, "KANARIE") || strings.Contains(log, "kwaad.example") || strings.Count(log, "class=panic") != 3 {
		t.Errorf("log: %s", log)
	}
}
