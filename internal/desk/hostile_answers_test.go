package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/desk"
	"klachtd/internal/play"
	"klachtd/internal/store"
)

const beheer = "beheer@academie.example"

// A mark says that a mail wants no answer by itself.
type mark struct {
	name, head string
	from       string        // "": whoever writes
	age        time.Duration // since it was received
	filed      string        // what it becomes when it is never registered
	forged     bool
}

var marks = []mark{
	{name: "Auto-Submitted: auto-generated", head: "Auto-Submitted: auto-generated", filed: "automatic"},
	{name: "Auto-Submitted: auto-replied", head: "Auto-Submitted: auto-replied", filed: "automatic"},
	{name: "Auto-Submitted: anything", head: "Auto-Submitted: x-mal", filed: "automatic"},
	{name: "MDN", head: "Content-Type: multipart/report; report-type=disposition-notification; boundary=b", filed: "automatic"},
	{name: "DSN", head: "Content-Type: multipart/report; report-type=delivery-status; boundary=b", filed: "bounce"},
	{name: "null return path", head: "Return-Path: <>"},
	{name: "null return path of a robot", head: "Return-Path: <>", from: "postmaster@kwaad.example", filed: "automatic"},
	{name: "List-Id", head: "List-Id: <lijst.kwaad.example>"},
	{name: "List-Owner", head: "List-Owner: <mailto:mal@kwaad.example>"},
	{name: "Precedence: bulk", head: "Precedence: bulk"},
	{name: "Precedence: list", head: "Precedence: list"},
	{name: "Precedence: junk", head: "Precedence: junk"},
	{name: "suppress: All", head: "X-Auto-Response-Suppress: All"},
	{name: "suppress: AutoReply", head: "X-Auto-Response-Suppress: AutoReply"},
	{name: "suppress: OOF", head: "X-Auto-Response-Suppress: DR, OOF"},
	{name: "mailer-daemon", from: "MAILER-DAEMON@kwaad.example"},
	{name: "noreply", from: "no-reply@kwaad.example"},
	{name: "owner-", from: "owner-lijst@kwaad.example"},
	{name: "-request", from: "lijst-request@kwaad.example"},
	{name: "-bounces", from: "lijst-bounces@kwaad.example"},
	{name: "our address", from: strings.ToUpper(own)},
	{name: "no address of ours", head: "To: iedereen@elders.example\nCc: <mal@kwaad.example>"},
	{name: "nobody in To", head: "To: undisclosed-recipients:;"},
	{name: "spam", head: "X-Spam-Flag: YES", filed: "spam"},
	{name: "spam, rspamd", head: "X-Spam: Yes", filed: "spam"},
	{name: "spam, Exchange", head: "X-MS-Exchange-Organization-SCL: 6", filed: "spam"},
	{name: "T = fail", forged: true},
	{name: "49 hours", age: 49 * time.Hour},
	{name: "26 hops", head: strings.TrimSuffix(strings.Repeat("Received: from a.kwaad.example by b.kwaad.example; Mon, 2 Nov 2026 08:00:00 +0100\n", 26), "\n")},
}

// write is a mail with the mark, and what came of it.
func (m mark) write(s *siege, from, head, text string) []play.Letter {
	s.t.Helper()
	if m.from != "" {
		from = m.from
	}
	head = "From: <" + from + ">\n" + head
	if m.head != "" {
		head += "\n" + m.head
	}
	if m.forged {
		head = "Authentication-Results: mx.academie.example; dmarc=fail header.from=" + from[strings.IndexByte(from, '@')+1:] + "\n" + head
	}
	s.age = m.age
	defer func() { s.age = 0 }()
	return s.mail(head, text)
}

// security.md 11, 13: each sign that a mail wants no answer, on a complaint, on a
// reply with our Message-ID and on one with the number: nobody outside gets
// anything. What is registered is a task of the binnendienst the same day.
func TestNeverAnswered(t *testing.T) {
	for _, m := range marks {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			s := besiege(t, true)
			number := s.complain("Klacht", "Het lokaal was koud.")
			ack := s.last(jan)
			before := s.one(number)
			list := m.write(s, mal, "Subject: Nog een klacht", "De koffie was koud.")
			fresh := s.cases()[1:]
			if m.filed != "" {
				if got := s.became(); !strings.HasPrefix(got, m.filed) || len(fresh) > 0 || len(list) > 0 {
					t.Errorf("became %q, %d cases, %d mails", got, len(fresh), len(list))
				}
			} else if len(fresh) != 1 {
				t.Fatalf("became %q", s.became())
			} else {
				owed(t, s, fresh[0])
			}
			only(t, "a complaint", list, bas, bea, dewi)
			only(t, "a reply", m.write(s, jan, "Subject: Re: "+ack.Subject+"\nIn-Reply-To: <"+ack.MessageID+">", "En de thee ook."), bas, bea, dewi)
			only(t, "a number", m.write(s, jan, "Subject: over ["+number+"]", "En de soep ook."), bas, bea, dewi)
			for _, c := range s.cases() { // whatever it joined, nothing was acknowledged, nothing taken as done
				if c.ID == before.ID && (c.State != before.State || len(c.Outbound) > 0 || c.ReactedAt != before.ReactedAt) {
					t.Errorf("%+v", c)
				}
			}
			only(t, "later", s.wait(25*time.Hour), bas, bea, dewi)
		})
	}
}

// owed checks that an acknowledgement that was withheld is a task today.
func owed(t *testing.T, s *siege, c complaint.Case) {
	t.Helper()
	p := c.Promise(complaint.Acknowledge)
	if p == nil || !p.Open() || p.Due != complaint.DayOf(c.ReceivedAt, amsterdam) || c.Withheld == "" {
		t.Errorf("withheld %q, owed %+v", c.Withheld, p)
	}
	for _, who := range []string{bas, bea} {
		if l := s.last(who); !strings.Contains(l.Subject, c.Number) || !strings.Contains(l.Text, "ontvangstbevestiging") || !strings.Contains(l.Text, "vandaag") {
			t.Errorf("%s does not read that it is up to him:\n%s", who, l.Text)
		}
	}
}

// security.md 11: staff are answered by a command alone; with a sign of a machine
// on it nothing runs, and nobody hears of it but staff.
func TestMarkedStaff(t *testing.T) {
	for _, m := range marks {
		if m.from != "" {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			s := besiege(t, true)
			number := s.complain("Klacht", "Het lokaal was koud.")
			list := m.write(s, bas, "Subject: #status ["+number+"]", "")
			only(t, "#status", list, bas, dewi)
			if m.filed != "" && m.filed != "spam" && len(list) > 0 { // whoever proves who he is is above the server's mark
				t.Errorf("answered: %+v", list)
			}
			if m.forged && (s.last(bas).Text != "" && len(challenges(list)) > 0 || strings.Contains(lines(list, number), "koud")) {
				t.Errorf("a code or content:\n%s", lines(list, number))
			}
		})
	}
}

// security.md 12, 16: programs that answer without a sign of being one, each time
// from another address: of one domain, of ever new ones, of a big provider. The
// limits end it; every mail is registered, and each that is not answered is owed.
func TestStorm(t *testing.T) {
	for name, tt := range map[string]struct {
		address string // of the nth
		mails   int
		apart   time.Duration
		acks    int
	}{
		"one domain":            {"a#@kwaad.example", 14, time.Minute, 10},
		"one domain, two days":  {"a#@kwaad.example", 30, 100 * time.Minute, 20},
		"new domains, an hour":  {"a@kwaad#.example", 34, time.Minute, 30},
		"a big provider":        {"a#@gmail.com", 14, time.Minute, 14},
		"new domains, one day":  {"a@kwaad#.example", 156, 3 * time.Minute, 150},
		"one address, any case": {"a@kwaad.example", 5, time.Minute, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &siege{world: newWorld(t, nil)} // with the limits of interface.md
			s.now = time.Date(2026, 11, 2, 9, 0, 0, 0, amsterdam)
			for i := range tt.mails {
				s.now = s.now.Add(tt.apart - time.Minute) // mail takes one
				from := strings.Replace(tt.address, "#", fmt.Sprint(i), 1)
				if i%2 == 1 {
					from = "A" + from[1:]
				}
				only(t, from, s.mail("From: <"+from+">\nSubject: Afwezig", fmt.Sprint("Ik ben er niet, nummer ", i, ".")), from, bas, dewi)
			}
			acks, day, hour := acknowledgements(s), 0, 0
			for i, at := range acks {
				day = max(day, within(acks[:i+1], at, 24*time.Hour))
				hour = max(hour, within(acks[:i+1], at, time.Hour))
			}
			if strings.HasPrefix(name, "one domain") && day > 10 || day > 150 || hour > 30 || len(acks) != tt.acks {
				t.Errorf("%d acknowledgements, %d in a day, %d in an hour", len(acks), day, hour)
			}
			cases := s.cases()
			if len(cases) != tt.mails {
				t.Errorf("%d cases", len(cases))
			}
			open := 0
			for _, c := range cases {
				if p := c.Promise(complaint.Acknowledge); p.Open() {
					open++
					if c.Withheld != complaint.WithheldLimit {
						t.Errorf("%s: withheld %q", c.Number, c.Withheld)
					}
				}
			}
			if open != tt.mails-len(acks) || s.sentTo(bas) < tt.mails {
				t.Errorf("%d of %d owed, %d told", open, tt.mails-len(acks), s.sentTo(bas))
			}
		})
	}
}

// acknowledgements are the moments at which one was sent.
func acknowledgements(s *siege) (list []time.Time) {
	s.t.Helper()
	for _, c := range s.cases() {
		if p := c.Promise(complaint.Acknowledge); !p.Open() && p.WaivedBy == "" {
			list = append(list, p.FulfilledAt)
		}
	}
	return list
}

func within(list []time.Time, at time.Time, d time.Duration) (n int) {
	for _, t := range list {
		if at.Sub(t) < d {
			n++
		}
	}
	return n
}

// security.md 12: 20 new messages in one pass are a busy day, one more is a flood:
// registered, held, one alert, and let go once.
func TestBurst(t *testing.T) {
	for fresh, held := range map[uint32]bool{20: false, 21: true} {
		t.Run(fmt.Sprint(fresh), func(t *testing.T) {
			t.Parallel()
			s := &siege{world: newWorld(t, nil)}
			s.now = time.Date(2026, 11, 2, 9, 0, 0, 0, amsterdam)
			box := store.Box{Name: "INBOX", UIDValidity: 9}
			var uids []uint32
			var batch []desk.Delivery
			for i := range fresh {
				uids = append(uids, i+1)
				batch = append(batch, desk.Delivery{UID: i + 1, Received: s.now, Raw: fmt.Appendf(nil,
					"From: a@voorbeeld%d.example\r\nTo: %s\r\nMessage-ID: <%d@mail.example>\r\nSubject: Klacht\r\n\r\nHet was koud.\r\n", i, own, i)})
			}
			for range 2 { // a pass that is cut off comes back
				if _, _, err := s.desk.Unseen(t.Context(), box, uids); err != nil {
					t.Fatal(err)
				}
			}
			register, err := s.desk.Receive(t.Context(), box, batch)
			if err == nil {
				err = register()
			}
			if err != nil {
				t.Fatal(err)
			}
			s.wait(0)
			want := int(fresh)
			if held {
				want = 0
			}
			if len(s.cases()) != int(fresh) || len(acknowledgements(s)) != want || s.sentTo(beheer) != 1-min(want, 1) {
				t.Errorf("%d cases, %d acknowledged, %d alerts", len(s.cases()), len(acknowledgements(s)), s.sentTo(beheer))
			}
			s.mail("From: <later@elders.example>\nSubject: Klacht", "Later.") // what comes meanwhile waits too
			for range 2 {
				if err := s.Release(); err != nil {
					t.Fatal(err)
				}
				s.left()
			}
			outside := 0
			for _, l := range s.all {
				if !slices.Contains([]string{bas, dewi, beheer}, l.To) {
					outside++
				}
			}
			if outside != int(fresh)+1 || len(acknowledgements(s)) != outside {
				t.Errorf("%d mails to complainants, %d acknowledged", outside, len(acknowledgements(s)))
			}
		})
	}
}
