package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/letter"
	"klachtd/internal/message"
	"klachtd/internal/proof"
	"klachtd/internal/route"
	"klachtd/internal/store"
)

// A Delivery is a message as the mailbox hands it over.
type Delivery struct {
	UID      uint32
	Received time.Time // INTERNALDATE
	Raw      []byte
	Partial  bool // only the beginning: the message is over the limits (security.md 4)
}

// maxAttempts is how often a message is tried before a person has to look at it
// (security.md 5).
const maxAttempts = 3

// Unseen says which messages were never handed over, and counts a first attempt
// for those before anything of them is read (security.md 5). A flood of new ones
// holds the acknowledgements until a person lets them go (security.md 12).
func (d *Desk) Unseen(ctx context.Context, b store.Box, uids []uint32) (fresh, suspects []uint32, err error) {
	fresh, suspects, err = d.db.Unseen(ctx, b, uids)
	if err != nil {
		return nil, nil, err
	}
	var count []uint32
	fresh, suspects, count = d.counted.split(b, fresh, suspects)
	if len(count) == 0 {
		return fresh, suspects, nil
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		if len(fresh) > d.o.Limits.Burst {
			if err := d.hold(tx, len(fresh)); err != nil {
				return err
			}
		}
		_, err := tx.CountAttempts(b, count)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("unseen: %w", err)
	}
	d.counted.add(b, count)
	d.o.Step("desk: attempts counted")
	return fresh, suspects, nil
}

func (d *Desk) hold(tx *store.Tx, fresh int) error {
	held, err := tx.HeldSince()
	if err != nil || !held.IsZero() {
		return err
	}
	d.log.Warn("acknowledgements held", "new", fresh, "burst", d.o.Limits.Burst)
	if err := d.alarm(tx, complaint.Alarm{Kind: complaint.AlarmHeld, Count: fresh}); err != nil {
		return err
	}
	return tx.Hold()
}

// Leave takes back the attempts of messages that were counted and not handed
// over: the process ends as it should, and they are no suspects.
func (d *Desk) Leave(ctx context.Context) error {
	for b, uids := range d.counted.all() {
		if err := d.db.Update(ctx, func(tx *store.Tx) error { return tx.TakeBackAttempts(b, uids) }); err != nil {
			return fmt.Errorf("leave: %w", err)
		}
	}
	return nil
}

// arrived is a delivery that has been read.
type arrived struct {
	Delivery
	m        message.Message
	evidence proof.Finding     // what the transport says about the sender
	along    *letter.Enclosure // of enclosed
	spent    bool              // tried too often: not read any more
	draft    *draft
	refused  bool // a proven command of which nothing was carried out
	err      error

	number   string        // that it had before a restore; "": none is known
	asked    bool          // nobody knows whether it was acknowledged before a restore
	acked    time.Time     // or when it was
	archived bool          // out of an archive, where no command may run (interface.md, import)
	quiet    bool          // and old: nobody is mailed about it
	verdict  route.Verdict // what it is, once handled
	first    store.Receipt // of the earlier one with the same content
}

// Receive reads a batch and returns what registers it: what could be handled is
// on disk when that returns nil. A message that fails is left for a later pass
// and stops no other one; the third time it becomes a stub that somebody has to
// look at (security.md 5, 6).
func (d *Desk) Receive(ctx context.Context, b store.Box, batch []Delivery) (register func() error, err error) {
	uids := make([]uint32, len(batch))
	for i, m := range batch {
		uids[i] = m.UID
	}
	attempts, err := d.countAttempts(ctx, b, uids)
	if err != nil {
		return nil, fmt.Errorf("receive: %w", err)
	}
	at, err := d.moment(ctx, batch)
	if err != nil {
		return nil, fmt.Errorf("receive: %w", err)
	}
	mails := make([]arrived, len(batch))
	for i, m := range batch {
		d.db.Busy(store.Reading, b, m.UID)
		d.o.Step("desk: reading")
		mails[i] = d.read(m, attempts[m.UID], at)
	}
	d.db.Busy(store.Reading, b, 0)
	d.o.Step("desk: read")
	return func() error {
		err := d.register(ctx, b, mails, uids)
		d.counted.remove(b, uids)
		if err != nil {
			// The database's fault, not theirs.
			back := d.db.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error { return tx.TakeBackAttempts(b, uids) })
			return fmt.Errorf("receive: %w", errors.Join(err, back))
		}
		d.o.Step("desk: committed")
		for _, a := range mails {
			if a.err != nil {
				d.log.Error("message not handled", "uid", a.UID, "attempt", attempts[a.UID], "class", class(a.err))
			}
		}
		return nil
	}, nil
}

// countAttempts counts suspects, in a transaction of its own before anything is
// parsed. The others were counted when they were announced.
func (d *Desk) countAttempts(ctx context.Context, b store.Box, uids []uint32) (map[uint32]int, error) {
	n := map[uint32]int{}
	suspects := d.counted.without(b, uids)
	if len(suspects) > 0 {
		err := d.db.Update(ctx, func(tx *store.Tx) (err error) {
			n, err = tx.CountAttempts(b, suspects)
			return err
		})
		if err != nil {
			return nil, err
		}
		d.o.Step("desk: attempt counted")
	}
	for _, uid := range uids {
		n[uid] = max(n[uid], 1)
	}
	return n, nil
}

// A moment is what the drafts of a batch need to know.
type moment struct {
	now  time.Time
	held bool        // acknowledgements wait for release
	used map[int]int // numbers issued, by year of receipt
}

func (d *Desk) moment(ctx context.Context, batch []Delivery) (moment, error) {
	m := moment{used: map[int]int{}}
	err := d.db.View(ctx, func(tx *store.Tx) error {
		since, err := tx.HeldSince()
		if err != nil {
			return err
		}
		m.now, m.held = tx.Now(), !since.IsZero()
		for _, in := range batch {
			year := in.Received.In(d.o.Policy.Zone).Year()
			if _, known := m.used[year]; known {
				continue
			}
			if m.used[year], err = tx.UsedNumbers(year); err != nil {
				return err
			}
		}
		return nil
	})
	return m, err
}

// read parses a message and drafts the answer. A panic is an error of that message.
func (d *Desk) read(in Delivery, attempt int, at moment) (a arrived) {
	a = arrived{Delivery: in, spent: attempt > maxAttempts}
	if a.spent {
		return a
	}
	defer func() {
		if p := recover(); p != nil {
			a.err = errPanic
		}
	}()
	a.m = message.Parse(in.Raw)
	a.evidence = route.Evidence(a.m, in.Raw, in.Partial, d.o.Policy, d.o.Authentication)
	a.draft = d.draft(&a, at)
	return a
}

// errPanic stands for what a panic said: it may quote the message, so it is not kept.
var errPanic = errors.New("panic")

// class names an error for the log without its text, which may quote the message.
func class(err error) string {
	if errors.Is(err, errPanic) {
		return "panic"
	}
	return fmt.Sprintf("%T", err)
}

// register writes down what the messages of a batch became, each in a savepoint.
func (d *Desk) register(ctx context.Context, b store.Box, mails []arrived, uids []uint32) error {
	var tally Tally
	err := d.db.Update(ctx, func(tx *store.Tx) error {
		held, err := tx.HeldSince()
		if err != nil {
			return err
		}
		done := slices.Clone(uids)
		for i := range mails {
			a := &mails[i]
			d.db.Busy(store.Registering, b, a.UID)
			if a.err == nil {
				a.err = tx.Savepoint(func() error { return d.handle(tx, b, a, !held.IsZero(), &tally) })
			}
			var fatal store.Fatal
			if errors.As(a.err, &fatal) {
				return a.err
			}
			if a.err != nil {
				done = slices.DeleteFunc(done, func(uid uint32) bool { return uid == a.UID })
			}
		}
		d.db.Busy(store.Registering, b, 0)
		d.o.Step("desk: before commit")
		return tx.ForgetAttempts(b, done)
	})
	if err == nil {
		d.tally.add(tally)
		d.o.Counted(tally)
	}
	return err
}

func (t *Tally) add(o Tally) {
	t.Registered += o.Registered
	t.Followups += o.Followups
	t.Notes += o.Notes
	t.Commands += o.Commands
	t.Refused += o.Refused
	t.Duplicates += o.Duplicates
	t.Automatic += o.Automatic
	t.Bounces += o.Bounces
	t.Spam += o.Spam
	t.Quarantined += o.Quarantined
}
