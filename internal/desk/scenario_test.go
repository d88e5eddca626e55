package desk_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/desk"
	"klachtd/internal/letter"
	"klachtd/internal/message"
	"klachtd/internal/play"
	"klachtd/internal/proof"
	"klachtd/internal/schedule"
	"klachtd/internal/store"
)

// Most behaviour is told in testdata/*.txt, in words that the office can read.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			p, err := play.Parse(file, string(text), amsterdam)
			if err != nil {
				t.Fatal(err)
			}
			if err := play.Run(p, newWorld(t, p.Academy)); err != nil {
				t.Error(err)
			}
		})
	}
}

var amsterdam = func() *time.Location {
	z, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err)
	}
	return z
}()

const own = "klachten@academie.example"

// world plays on the desk itself: real rules, real database, real templates; the
// mailbox and the mail server are played by the test.
type world struct {
	t        *testing.T
	db       *store.DB
	desk     *desk.Desk
	schedule *schedule.Schedule
	now      time.Time
	age      time.Duration // how long mail was on its way
	uid      uint32
	seen     map[int64]bool // letters that were shown
	refused  map[string]bool
	accepted []store.Letter // by the mail server; who looks at them takes them out
	proven   bool           // the mail server says of mail from within whose it is
	digest   bool           // the directeur gets one on Mondays
	approval complaint.Approval
	copies   complaint.CopyForm
	mailbox  folders
	step     func(string)
	path     string
	options  desk.Options
	book     *letter.Book
}

// newWorld is the academy that the scenarios know: Dewi de Boer is directeur,
// Bas at the office, Tess a trainer. The block `academy` changes it.
func newWorld(t *testing.T, academy map[string]string) *world {
	w := &world{t: t, seen: map[int64]bool{}, refused: map[string]bool{}, now: time.Date(2026, 1, 1, 0, 0, 0, 0, amsterdam),
		approval: complaint.ApproveSevere, copies: complaint.CopyFull}
	staff := []complaint.Person{
		{Name: "Dewi de Boer", Address: "directeur@academie.example", Roles: []complaint.Role{complaint.Directeur}},
		{Name: "Bas Bakker", Address: "bas@academie.example", Roles: []complaint.Role{complaint.Binnendienst}},
		{Name: "Tess Trainer", Address: "tess@academie.example", Roles: []complaint.Role{complaint.Trainer}},
	}
	limits := desk.Limits{PerAddress: 3, PerDomain: 10, PerHour: 30, PerDay: 150, Burst: 20}
	for key, value := range academy {
		switch key {
		case "second": // somebody else at the office
			name, address, named := strings.Cut(strings.TrimSuffix(value, ">"), " <")
			if !named {
				name, address = "Bea Bos", value
			}
			staff = append(staff, complaint.Person{Name: name, Address: address, Roles: []complaint.Role{complaint.Binnendienst}})
		case "deputy":
			staff[2].Deputy = value == staff[2].Address
		case "alias": // of Bas
			staff[1].Aliases = []string{value}
		case "proven":
			w.proven = value == "yes"
		case "digest":
			w.digest = value == "yes"
		case "approval":
			w.approval = complaint.Approval(value)
		case "copy":
			w.copies = complaint.CopyForm(value)
		case "burst", "per_address", "per_domain", "per_hour", "per_day":
			into := map[string]*int{"burst": &limits.Burst, "per_address": &limits.PerAddress, "per_domain": &limits.PerDomain, "per_hour": &limits.PerHour, "per_day": &limits.PerDay}
			if _, err := fmt.Sscan(value, into[key]); err != nil {
				t.Fatal(err)
			}
		default:
			t.Fatalf("academy: %q is not known", key)
		}
	}
	w.build(staff, limits)
	return w
}

// books are tried once for all worlds with the same staff: the trying takes long
// under the race detector.
var books library

type library struct {
	mu   sync.Mutex
	kept map[string]*letter.Book
}

func (b *library) of(t *testing.T, staff []complaint.Person, a letter.Academy) *letter.Book {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := fmt.Sprint(a.From, staff)
	if b.kept[key] == nil {
		book, err := letter.New(nil, a)
		if err != nil {
			t.Fatal(err)
		}
		if b.kept == nil {
			b.kept = map[string]*letter.Book{}
		}
		b.kept[key] = book
	}
	return b.kept[key]
}

func (w *world) build(staff []complaint.Person, limits desk.Limits) {
	t, log := w.t, slog.New(slog.DiscardHandler)
	clock := func() time.Time { return w.now }
	w.path = filepath.Join(t.TempDir(), "state", "klachtd.db")
	t.Cleanup(func() {
		if err := w.db.Close(); err != nil {
			t.Error(err)
		}
	})
	w.book = books.of(t, staff, letter.Academy{Name: "Academie Voorbeeld", Phone: "020 123 45 67", Zone: amsterdam,
		Office: []string{"Bas Bakker"}, Names: nameIn(staff), From: complaint.Party{Name: "Klachten Academie Voorbeeld", Address: own}})
	w.options = desk.Options{
		Policy: complaint.Policy{Zone: amsterdam, ReactDays: 7, ResolveDays: 28, Staff: staff,
			SevereReactDays: 2, SevereResolveDays: 14, ExtensionDays: 14, RetentionMonths: 6, SurveyDays: 7, UndoMinutes: 5,
			Approval: w.approval, EmployeeCopy: w.copies,
			Categories: []string{"Inhoud", "Trainer", "Organisatie", "Communicatie", "Locatie", "Facturatie", "Certificering", "Overig"},
			Causes:     []string{"Mens", "Methode", "Lesmateriaal", "Middelen", "Communicatie", "Planning", "Extern", "Onbekend"}},
		Authentication: w.authentication(),
		Limits:         limits, Own: []string{own, "klacht@academie.example"},
		Alerts: complaint.Party{Address: "beheer@academie.example"}, KeepFiled: 90, Clear: w.mailbox.clear,
		Unlink: func(path string, _ []byte) bool { return os.Remove(path) == nil },
		Step: func(name string) {
			if w.step != nil {
				w.step(name)
			}
		},
	}
	w.open()
	jobs := []schedule.Job{{Name: desk.Deadlines, Spec: "0 8 * * *", Run: w.desk.Remind},
		{Name: desk.Delays, Spec: "0 12 * * *", Run: w.desk.Tick},
		{Name: desk.Survey, Spec: "0 10 * * MON-FRI", Run: w.desk.Survey},
		{Name: desk.Retention, Spec: "0 3 * * *", Run: w.desk.Retain}}
	if w.digest {
		jobs = append(jobs, schedule.Job{Name: desk.Digest, Spec: "0 8 * * MON", Run: w.desk.Digest})
	}
	var err error
	w.schedule, err = schedule.New(jobs, amsterdam,
		schedule.Memory{
			Last: func(ctx context.Context, name string) (at time.Time, ran bool, err error) {
				err = w.db.View(ctx, func(tx *store.Tx) error {
					run, found, err := tx.JobRun(name)
					at, ran = run.Scheduled, found
					return err
				})
				return at, ran, err
			},
			Note: func(ctx context.Context, name string, at time.Time) error {
				return w.db.Update(ctx, func(tx *store.Tx) error { return tx.SetJobRun(name, at) })
			},
		}, clock, log)
	if err != nil {
		t.Fatal(err)
	}
}

// open opens the database and sits down at the desk.
func (w *world) open() {
	var err error
	if w.db, err = store.Open(store.Options{Path: w.path, Lock: true}, func() time.Time { return w.now }); err != nil {
		w.t.Fatal(err)
	}
	w.desk = desk.New(w.options, w.db, w.book, slog.New(slog.DiscardHandler))
}

// nameIn says what somebody of the staff is called.
func nameIn(staff []complaint.Person) func(string) string {
	return func(address string) string {
		s, _ := complaint.Policy{Staff: staff}.Employee(address)
		return s.Name
	}
}

// authentication is that of an academy whose mail server says whose mail it is,
// where the scenario says `proven: yes`; else nothing is known.
func (w *world) authentication() proof.Config {
	if !w.proven {
		return proof.Config{Profile: proof.ProfileNone}
	}
	return proof.Config{Profile: proof.ProfileRFC8601, AuthservIDs: []string{"mx.academie.example"}}
}

func (w *world) Address() string       { return own }
func (w *world) Refuse(address string) { w.refused[strings.ToLower(address)] = true }
func (w *world) Say(string)            {}

func (w *world) Clock(t time.Time) error {
	w.now = t
	_, err := w.schedule.RunDue(w.t.Context())
	return errors.Join(err, w.desk.Forget(w.t.Context()), w.deliver())
}

func (w *world) Receive(raw []byte) error {
	if from := message.Parse(raw).From; w.proven && len(from) == 1 && strings.HasSuffix(from[0].Address, "@academie.example") &&
		!strings.Contains(string(raw), "Authentication-Results:") {
		raw = append([]byte("Authentication-Results: mx.academie.example; dmarc=pass header.from=academie.example\r\n"), raw...)
	}
	w.uid++
	box := store.Box{Name: "INBOX", UIDValidity: 1}
	ctx := w.t.Context()
	fresh, _, err := w.desk.Unseen(ctx, box, []uint32{w.uid})
	if err != nil || len(fresh) != 1 {
		return fmt.Errorf("unseen: %v %w", fresh, err)
	}
	register, err := w.desk.Receive(ctx, box, []desk.Delivery{{UID: w.uid, Received: w.now.Add(-w.age), Raw: raw}})
	if err != nil {
		return err
	}
	if err := register(); err != nil {
		return err
	}
	w.mailbox.put("Klachten/Verwerkt", raw)
	return w.deliver()
}

// deliver is a mail server that takes everything but what is refused.
func (w *world) deliver() error {
	ctx := w.t.Context()
	for {
		due, err := w.db.Claim(ctx, 100, time.Hour)
		if err != nil {
			return err
		}
		var done []store.Outcome
		for _, l := range due {
			o := store.Outcome{Letter: l, State: store.Sent, Words: "250 ok"}
			if w.refused[strings.ToLower(l.To)] {
				o.State, o.Failure, o.Words = store.FailedFor, complaint.Refused, "550 no"
			} else {
				w.accepted = append(w.accepted, l)
			}
			done = append(done, o)
		}
		if _, err := w.db.Turn(ctx, done, nil); err != nil {
			return err
		}
		attended, err := w.desk.Attend(ctx)
		if err != nil || len(due)+attended == 0 {
			return err
		}
	}
}

func (w *world) Release() error {
	if _, err := w.desk.Release(w.t.Context()); err != nil {
		return err
	}
	return w.deliver()
}

func (w *world) Sent() ([]play.Letter, error) {
	var list []play.Letter
	err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		sent, err := tx.SentAfter(0)
		for _, l := range sent {
			if w.seen[l.ID] {
				continue
			}
			raw, err := tx.Body(l)
			if err != nil {
				return err
			}
			m := message.Parse(raw)
			text := m.Text
			for _, f := range m.Attachments {
				text += "\n(bijlage: " + f.Name + ")"
			}
			list = append(list, play.Letter{To: l.To, Subject: m.Subject, MessageID: m.MessageID, Text: text, Raw: raw})
			w.seen[l.ID] = true
		}
		return err
	})
	return list, err
}

func (w *world) Cases() ([]play.Entry, error) {
	var list []play.Entry
	err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		return tx.Cases(false, func(c complaint.Case) error {
			look := play.Look(c)
			events, err := tx.Events(c.ID)
			for _, e := range events { // the audit trail: event:refused is what the last refusal was about
				look.Facts["event:"+strings.ReplaceAll(e.Event, " ", "_")] = strings.ReplaceAll(cmp.Or(e.Detail, "-"), " ", "_")
			}
			list = append(list, look)
			return err
		})
	})
	return list, err
}

func (w *world) Became() (string, error) {
	var word string
	err := w.db.View(w.t.Context(), func(tx *store.Tx) (err error) {
		word, err = tx.LastBecame()
		return err
	})
	return word, err
}
