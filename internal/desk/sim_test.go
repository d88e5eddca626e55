package desk_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
	"klachtd/internal/play"
	"klachtd/internal/store"
)

// usualSeeds is how many years are played where nobody says how many.
const usualSeeds = 20

// TestYears plays years of an ordinary, messy academy and looks after each step
// whether what must hold still does (security.md 46, as far as it goes without
// mail servers). `make sim` plays more of them, SEED=n one with its diary.
func TestYears(t *testing.T) {
	slow(t)
	if one := os.Getenv("KLACHTD_SIM_SEED"); one != "" {
		seed, err := strconv.ParseUint(one, 10, 64)
		if err != nil {
			t.Fatalf("SEED=%s: want a number", one)
		}
		s := newYear(t, seed)
		err = s.play()
		t.Log("\n" + strings.Join(s.diary, "\n"))
		s.verdict(err)
		return
	}
	seeds, err := strconv.ParseUint(cmp.Or(os.Getenv("KLACHTD_SIM_SEEDS"), strconv.Itoa(usualSeeds)), 10, 64)
	if err != nil {
		t.Fatalf("SEEDS: want a number: %v", err)
	}
	for seed := uint64(1); seed <= seeds; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			s := newYear(t, seed)
			s.verdict(s.play())
		})
	}
}

// The same seed gives the same year: a failing one can be looked at again.
func TestYearsRepeat(t *testing.T) {
	slow(t)
	a, b := newYear(t, 7), newYear(t, 7)
	if err := errors.Join(a.play(), b.play()); err != nil {
		t.Fatal(err)
	}
	for i := range a.diary {
		if i >= len(b.diary) || a.diary[i] != b.diary[i] {
			t.Fatalf("line %d: %q", i, a.diary[i])
		}
	}
	for _, what := range []string{"registered", "followup", "answered", "command", "refused", "automatic", "bounce", "duplicate"} {
		if a.became[what] == 0 {
			t.Errorf("in a whole year no message was %s: %v", what, a.became)
		}
	}
}

// A year in which something is broken is found out: each of these takes away what
// one of the rules rests on.
func TestYearsFindFaults(t *testing.T) {
	slow(t)
	for fault, want := range map[string]string{
		"no reminders":        "nobody was told",
		"wrong recipient":     "may not go to",
		"wrong words":         "holds the words of",
		"letters twice":       "acknowledgements",
		"everybody is proven": "impostor",
		"answers machines":    "want one of [\"automatic\"]",
		"no receipts":         "0 receipts",
		"loses mail":          "accounted for",
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			var err error
			for seed := uint64(1); seed <= 5 && err == nil; seed++ {
				s := newYear(t, seed)
				s.fault = fault
				err = s.play()
			}
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %q", err, want)
			}
		})
	}
}

// slow skips what goes on for years where the race detector makes it take five
// times as long: a year has no two things at once. `make test` plays it without.
func slow(t *testing.T) {
	if raced {
		t.Skip("make sim plays it, and so does make test")
	}
}

// A year is an academy's, from its first working day on.
type year struct {
	*world
	seed   uint64
	rand   *rand.Rand
	fault  string
	queue  []plan
	diary  []string
	became map[string]int
	n      int // messages so far

	cases     []complaint.Case // as they stood after the last step, without those that were erased
	erased    int
	names     []string // numbers, in the order of registration: K1, K2, …
	complains int      // messages that are a complaint of their own
	people    map[string]*cursist
	boxes     map[string][]play.Letter // what each address got
	away      map[string]time.Time     // staff on holiday, till when
	told      map[string]complaint.Day // the last day that a mail to staff named a case
	secret    map[string]string        // canary: the address of who wrote it
}

// A plan is something that somebody will do.
type plan struct {
	at time.Time
	do func() error
}

func newYear(t *testing.T, seed uint64) *year {
	w := newWorld(t, map[string]string{"proven": "yes", "digest": "yes", "deputy": "tess@academie.example", "second": "Bea Bos <bea@academie.example>"})
	w.now = time.Date(2026, 1, 5, 7, 0, 0, 0, amsterdam)
	return &year{world: w, seed: seed, rand: rand.New(rand.NewPCG(seed, 46)), became: map[string]int{}, boxes: map[string][]play.Letter{},
		people: map[string]*cursist{}, away: map[string]time.Time{}, told: map[string]complaint.Day{}, secret: map[string]string{}}
}

// verdict reports a year that failed, with the end of its diary.
func (y *year) verdict(err error) {
	if err == nil {
		return
	}
	y.t.Errorf("%s\n\t%v\nagain: make sim SEED=%d", strings.Join(y.diary[max(0, len(y.diary)-40):], "\n"), err, y.seed)
}

// play lets the year pass and returns the first thing that did not hold.
func (y *year) play() error {
	end := y.now.AddDate(1, 0, 0)
	for day := y.now; day.Before(end); day = day.AddDate(0, 0, 1) {
		y.plan(at(day, 9, 30), y.workday)
		y.plan(at(day, 12, 30), func() error { return nil })
	}
	y.invent(at(y.now, 9, 0), end.AddDate(0, -2, 0))
	for len(y.queue) > 0 {
		next := y.queue[0]
		y.queue = y.queue[1:]
		if next.at.After(end) {
			break
		}
		if err := errors.Join(y.clock(next.at), y.look(nil), next.do(), y.look(nil)); err != nil {
			return fmt.Errorf("%s: %w", y.now.Format(time.DateTime), err)
		}
	}
	return y.atTheEnd()
}

func at(day time.Time, hour, minute int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, amsterdam)
}

// plan puts something in the order of time; of one moment what was planned first.
func (y *year) plan(at time.Time, do func() error) {
	i, _ := slices.BinarySearchFunc(y.queue, at, func(p plan, at time.Time) int {
		if p.at.After(at) {
			return 1
		}
		return -1
	})
	y.queue = slices.Insert(y.queue, i, plan{at, do})
}

// later plans something within some days, in the hours that people are awake.
func (y *year) later(days int, do func() error) {
	day := y.now.AddDate(0, 0, y.rand.IntN(days+1))
	when := at(day, 9+y.rand.IntN(12), y.rand.IntN(60))
	if !when.After(y.now) {
		when = y.now.Add(time.Duration(2+y.rand.IntN(50)) * time.Minute)
	}
	y.plan(when, do)
}

func (y *year) chance(percent int) bool { return y.rand.IntN(100) < percent }

func (y *year) one(list ...string) string { return list[y.rand.IntN(len(list))] }

func (y *year) clock(now time.Time) error {
	if y.fault == "no reminders" {
		y.now = now
		return y.deliver()
	}
	return y.Clock(now)
}

func (y *year) note(format string, args ...any) {
	y.diary = append(y.diary, y.now.Format("2006-01-02 15:04 ")+y.short(fmt.Sprintf(format, args...)))
}

// short gives the cases the names K1, K2, …: numbers differ from year to year.
func (y *year) short(s string) string {
	for i, number := range y.names {
		s = strings.ReplaceAll(s, number, fmt.Sprintf("K%d", i+1))
	}
	return s
}

func (y *year) register() []complaint.Case {
	var list []complaint.Case
	err := y.db.View(y.t.Context(), func(tx *store.Tx) error {
		return tx.Cases(false, func(c complaint.Case) error {
			list = append(list, c)
			return nil
		})
	})
	if err != nil {
		y.t.Fatal(err)
	}
	return list
}

// A posted message is one that somebody sent, with what may become of it.
type posted struct {
	who    string // who really sent it
	from   string
	head   string // further headers, each with its line end
	body   string
	forged bool
	fates  []string
}

// post has a message handled, and looks at what came of it.
func (y *year) post(p posted) error {
	y.n++
	raw := fmt.Appendf(nil, "From: <%s>\r\nTo: <%s>\r\nDate: %s\r\nMessage-ID: <%d.%d@mail.example>\r\nMIME-Version: 1.0\r\n", p.from, own, y.now.Format(time.RFC1123Z), y.now.Unix(), y.n)
	if !strings.Contains(p.head, "Content-Type:") {
		p.head += "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
	}
	raw = append(raw, p.head+"\r\n"+strings.ReplaceAll(p.body, "\n", "\r\n")...)
	if p.forged && y.fault != "everybody is proven" {
		raw = append([]byte("Authentication-Results: mx.academie.example; dmarc="+y.one("fail", "none")+" header.from=academie.example\r\n"), raw...)
	}
	if y.fault == "answers machines" {
		raw = []byte(strings.Replace(string(raw), "Auto-Submitted: auto-replied\r\n", "", 1))
	}
	if y.fault == "loses mail" && y.n == 20 {
		return nil
	}
	if err := y.Receive(raw); err != nil {
		return err
	}
	became, err := y.Became()
	if err != nil {
		return err
	}
	subject := drawn.ReplaceAllString(message.Parse(raw).Subject, "code …")
	y.note("%s writes as %s: %q: %s", p.who, p.from, subject, became)
	what, _, _ := strings.Cut(became, ":")
	y.became[what]++
	if !slices.Contains(p.fates, what) {
		return fmt.Errorf("the message of %s became %q, want one of %q", p.who, became, p.fates)
	}
	if err := y.look(&p); err != nil || !y.chance(3) {
		return err
	}
	return y.again(raw)
}

// drawn is what stands in the answer to the question how content somebody is.
var drawn = regexp.MustCompile(`code [a-z0-9]+`)

// again hands over the same message once more, as after a restart or from a
// server that delivers twice: nothing happens.
func (y *year) again(raw []byte) error {
	if err := y.Receive(raw); err != nil {
		return err
	}
	became, err := y.Became()
	what, _, _ := strings.Cut(became, ":")
	y.became[what]++
	y.n++
	y.note("the same again: %s", became)
	if err == nil && what != "duplicate" {
		err = fmt.Errorf("the same message again became %q", became)
	}
	return errors.Join(err, y.look(&posted{who: "again", fates: []string{"duplicate"}}))
}

// broken is what a mail server makes of our mails when something is wrong with it.
func (y *year) broken(sent []store.Letter) []store.Letter {
	var list []store.Letter
	for _, l := range sent {
		switch {
		case y.fault == "wrong recipient" && l.Kind == complaint.LetterReply:
			l.To = "buur@voorbeeld.example"
		case y.fault == "wrong words" && l.Kind == complaint.LetterNotice:
			l.To = "tess@academie.example"
		case y.fault == "letters twice" && l.Kind == complaint.LetterAcknowledgement:
			list = append(list, l)
		case y.fault == "no receipts" && l.Kind == complaint.LetterReceipt:
			continue
		}
		list = append(list, l)
	}
	return list
}
