package desk

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/letter"
	"klachtd/internal/message"
	"klachtd/internal/store"
)

// A Hunt says which messages are to be removed from the mailbox; see package mailbox.
type Hunt struct {
	IDs    []string
	Days   []time.Time
	Folder string
	Before time.Time
}

// A Hunter is what a hunt asks: whether a message is one of those (0: no) and may
// go; and it tells what went.
type Hunter struct {
	Judge   func(raw []byte, partial bool) (of int64, remove bool)
	Removed func(ctx context.Context, folder string, of []int64) error
}

// Hunted is what is left to tell after a hunt.
type Hunted struct {
	Folders  int
	Left     []Left
	Marked   bool
	Provider complaint.Provider
}

// A Left is a message that was found and is still there.
type Left struct {
	Of      int64
	Folder  string
	Refused bool
}

// clearPause is how long the mailbox is left alone after it could not be cleared.
const clearPause = 15 * time.Minute

// Forget brings erasures that were begun further: first the mailbox is cleared,
// then the rows are deleted, the keys destroyed and the log emptied, and then
// the certificate goes out. Each step is written down, and may be done again
// (security.md 27 to 29). What cannot be done now is left for the next call.
func (d *Desk) Forget(ctx context.Context) error {
	open, err := d.erasures(ctx)
	if err != nil || len(open) == 0 {
		return err
	}
	if stopped, err := d.clockStopped(ctx); err != nil || stopped {
		return err
	}
	for _, step := range []struct {
		state store.ErasureState
		do    func(context.Context, []store.Erasure) error
	}{
		{store.Planned, d.clear}, {store.Cleared, d.destroy}, {store.Destroyed, d.shred}, {store.Shredded, d.certify},
	} {
		list := slices.DeleteFunc(slices.Clone(open), func(e store.Erasure) bool { return e.State != step.state })
		if len(list) == 0 {
			continue
		}
		if err := step.do(ctx, list); err != nil {
			return fmt.Errorf("forget: %w", err)
		}
		if open, err = d.erasures(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) erasures(ctx context.Context) (list []store.Erasure, err error) {
	err = d.db.View(ctx, func(tx *store.Tx) error {
		list, err = tx.Erasures()
		return err
	})
	return list, err
}

// begin plans the erasure of cases, one transaction a case: from now on it is a row,
// and what has to be found in the mailbox stands in it.
func (d *Desk) begin(ctx context.Context, cases []complaint.Case, r store.Record) error {
	named, err := d.naming(ctx, cases)
	if err != nil {
		return err
	}
	for _, c := range cases {
		err := d.db.Update(ctx, func(tx *store.Tx) error {
			if erasing, err := tx.IsErasing(c.ID); err != nil || erasing {
				return err
			}
			if now, found, err := tx.Case(c.ID); err != nil || !found {
				return err
			} else if why, err := d.keeps(tx, now, r.Asked); err != nil || why != "" {
				return err
			}
			letters, err := tx.Letters(c.ID)
			if err != nil {
				return err
			}
			e := store.Erasure{CaseID: c.ID, Record: r}
			e.Number, e.Copies = c.Number, store.LettersTo(letters, d.o.Policy.Zone)
			if e.Wanted, err = d.wanted(tx, c.ID, letters); err != nil {
				return err
			}
			for _, n := range named[c.ID] {
				e.Letters, e.Wanted = append(e.Letters, n.id), append(e.Wanted, n.wanted)
			}
			return tx.AddErasure(&e)
		})
		if err != nil {
			return err
		}
		d.o.Step("desk: planned an erasure")
	}
	return nil
}

// wanted are the messages about a case: what came in, and what we sent, of which a
// copy may lie in the Sent folder.
func (d *Desk) wanted(tx *store.Tx, caseID int64, letters []store.Letter) ([]store.Wanted, error) {
	var list []store.Wanted
	add := func(id string, at time.Time, content []byte) {
		same := func(w store.Wanted) bool { return w.MessageID == id && bytes.Equal(w.Content, content) }
		if !slices.ContainsFunc(list, same) {
			list = append(list, store.Wanted{MessageID: id, Received: at, Content: content})
		}
	}
	err := tx.RawMessages(caseID, func(raw []byte) (bool, error) {
		m := message.Parse(raw)
		add(m.MessageID, time.Time{}, tx.Content(m.Fingerprint[:]))
		return false, nil
	})
	if err != nil {
		return nil, err
	}
	receipts, err := tx.ReceiptsOf(caseID)
	if err != nil {
		return nil, err
	}
	for _, r := range receipts {
		if i := slices.IndexFunc(list, func(w store.Wanted) bool { return bytes.Equal(w.Content, r.Content) }); i >= 0 {
			list[i].Received = r.ReceivedAt
			continue
		}
		add(r.MessageID, r.ReceivedAt, r.Content)
	}
	for _, l := range letters {
		raw, err := tx.Body(l)
		if err != nil {
			return nil, err
		}
		m := message.Parse(raw)
		add(l.MessageID, l.SentAt, tx.Content(m.Fingerprint[:]))
	}
	return list, nil
}

// A naming is a letter of no case that names one all the same: reminders, lists, a
// question about the mail that opened it.
type naming struct {
	id     int64
	wanted store.Wanted
}

// naming looks for letters of the house that name one of the cases.
func (d *Desk) naming(ctx context.Context, cases []complaint.Case) (map[int64][]naming, error) {
	found := map[int64][]naming{}
	err := d.db.View(ctx, func(tx *store.Tx) error {
		ids := map[int64][]string{} // of the messages that opened them
		for _, c := range cases {
			messages, err := tx.Messages(c.ID)
			if err != nil {
				return err
			}
			for _, m := range messages {
				if m.MessageID != "" {
					ids[c.ID] = append(ids[c.ID], "<"+m.MessageID+">")
				}
			}
		}
		return tx.HouseLetters(func(l store.Letter, raw []byte) error {
			m := message.Parse(raw)
			for _, c := range cases {
				answers := slices.ContainsFunc(ids[c.ID], func(id string) bool { return slices.Contains(m.InReplyTo, strings.Trim(id, "<>")) })
				if answers || strings.Contains(m.Text, c.Number) || strings.Contains(m.Subject, c.Number) {
					found[c.ID] = append(found[c.ID], naming{l.ID, store.Wanted{MessageID: l.MessageID, Received: l.SentAt, Content: tx.Content(m.Fingerprint[:])}})
				}
			}
			return nil
		})
	})
	return found, err
}

// clear removes the messages of all that is planned from the mailbox, in one walk
// through its folders. What somebody holds meanwhile is given up first.
func (d *Desk) clear(ctx context.Context, list []store.Erasure) error {
	list, err := d.stillPlanned(ctx, list)
	if err != nil || len(list) == 0 {
		return err
	}
	h := newHunting(d, list)
	var told Hunted
	if d.o.Clear != nil {
		if d.now(ctx).Before(d.clearNext) {
			return nil
		}
		if told, err = d.o.Clear(ctx, h.hunt(), Hunter{Judge: h.judge, Removed: h.removed}); err != nil {
			d.clearNext = d.now(ctx).Add(clearPause)
			return err
		}
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		for _, e := range h.list {
			e.State, e.Looked, e.Marked, e.Provider, e.Left = store.Cleared, told.Folders, told.Marked, told.Provider, leftOf(e.ID, told.Left)
			if _, err := tx.SaveErasure(*e, store.Planned); err != nil {
				return err
			}
		}
		return nil
	})
	d.o.Step("desk: cleared the mailbox")
	return err
}

// now is the moment of a look.
func (d *Desk) now(ctx context.Context) (now time.Time) {
	_ = d.db.View(ctx, func(tx *store.Tx) error { now = tx.Now(); return nil })
	return now
}

func leftOf(id int64, all []Left) []complaint.LeftBehind {
	counts := map[complaint.LeftBehind]int{}
	for _, l := range all {
		if l.Of == id {
			why := complaint.LeftOther
			if l.Refused {
				why = complaint.LeftRefused
			}
			counts[complaint.LeftBehind{Folder: l.Folder, Why: why}]++
		}
	}
	var list []complaint.LeftBehind
	for l, n := range counts {
		l.Count = n
		list = append(list, l)
	}
	return list
}

// stillPlanned gives up what may not be erased any more.
func (d *Desk) stillPlanned(ctx context.Context, list []store.Erasure) (kept []store.Erasure, err error) {
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		kept = nil
		for _, e := range list {
			may, err := d.stillMay(tx, e)
			if err != nil {
				return err
			}
			if !may {
				if err := tx.DropErasure(e.ID); err != nil {
					return err
				}
				continue
			}
			kept = append(kept, e)
		}
		return nil
	})
	return kept, err
}

// stillMay reports whether nothing came between: a hold, the Ooa, a reopening.
func (d *Desk) stillMay(tx *store.Tx, e store.Erasure) (bool, error) {
	if e.CaseID == 0 {
		return true, nil
	}
	c, found, err := tx.Case(e.CaseID)
	if err != nil || !found {
		return found, err
	}
	why, err := d.keeps(tx, c, e.Asked)
	if why != "" {
		return false, errors.Join(err, tx.AddEvent(c.ID, complaint.Note{Event: "erasure given up", Detail: string(why)}))
	}
	return err == nil, err
}

// hunting looks for the messages of several erasures at once.
type hunting struct {
	d         *Desk
	list      []*store.Erasure
	byContent map[string]*store.Erasure
	byID      map[string]*store.Erasure
}

func newHunting(d *Desk, list []store.Erasure) *hunting {
	h := &hunting{d: d, byContent: map[string]*store.Erasure{}, byID: map[string]*store.Erasure{}}
	for i := range list {
		e := &list[i]
		h.list = append(h.list, e)
		for _, w := range e.Wanted {
			h.byContent[string(w.Content)] = e
			if w.MessageID != "" {
				h.byID[w.MessageID] = e
			}
		}
	}
	return h
}

func (h *hunting) hunt() Hunt {
	what := Hunt{IDs: slices.Sorted(maps.Keys(h.byID))}
	for _, e := range h.list {
		for _, w := range e.Wanted {
			day := w.Received.Truncate(24 * time.Hour)
			if w.MessageID == "" && !day.IsZero() && !slices.ContainsFunc(what.Days, day.Equal) {
				what.Days = append(what.Days, day)
			}
		}
	}
	return what
}

// judge lets go what has the content of a wanted message. The Message-ID alone is
// not enough: anybody can take that of another (security.md 28).
func (h *hunting) judge(raw []byte, _ bool) (int64, bool) {
	m := message.Parse(raw)
	if e := h.byContent[string(h.d.db.Content(m.Fingerprint[:]))]; e != nil {
		return e.ID, true
	}
	if e := h.byID[m.MessageID]; e != nil && m.MessageID != "" {
		return e.ID, false
	}
	return 0, false
}

// removed writes down what left a folder, so that the certificate is right when
// the process ends before all of it is done.
func (h *hunting) removed(ctx context.Context, folder string, of []int64) error {
	return h.d.db.Update(ctx, func(tx *store.Tx) error {
		for _, e := range h.list {
			n := 0
			for _, id := range of {
				if id == e.ID {
					n++
				}
			}
			if n == 0 {
				continue
			}
			if e.Removed == nil {
				e.Removed = map[string]int{}
			}
			e.Removed[folder] += n
			if _, err := tx.SaveErasure(*e, store.Planned); err != nil {
				return err
			}
		}
		return nil
	})
}

// destroy deletes the rows of each case, one transaction a case. Up to here a hold
// still stops it.
func (d *Desk) destroy(ctx context.Context, list []store.Erasure) error {
	for _, e := range list {
		err := d.db.Update(ctx, func(tx *store.Tx) error { return d.destroyOne(tx, e) })
		if err != nil {
			return err
		}
		d.o.Step("desk: destroyed a case")
	}
	return nil
}

func (d *Desk) destroyOne(tx *store.Tx, e store.Erasure) error {
	if leaving, err := tx.Leaving(e.CaseID); err != nil || leaving {
		return err // a mail about it is going out: the next time
	}
	from := e.State
	e.State = store.Destroyed
	if e.CaseID == 0 {
		e.State = store.Shredded
		_, err := tx.SaveErasure(e, from)
		return err
	}
	may, err := d.stillMay(tx, e)
	if err != nil {
		return err
	}
	if !may { // its messages are gone already; what is here stays
		return tx.GiveUp(e.ID)
	}
	first, err := tx.SaveErasure(e, from)
	if err != nil || !first {
		return err
	}
	c, found, err := tx.Case(e.CaseID)
	if err != nil || !found {
		return err
	}
	if err := d.keepAnonymous(tx, c); err != nil {
		return err
	}
	if err := d.unlink(tx, c); err != nil {
		return err
	}
	var contents [][]byte
	err = tx.RawMessages(c.ID, func(raw []byte) (bool, error) {
		m := message.Parse(raw)
		contents = append(contents, tx.Content(m.Fingerprint[:]))
		return false, nil
	})
	if err != nil {
		return err
	}
	return errors.Join(tx.DropHouseLetters(e.Letters), tx.DestroyCase(c.ID, contents))
}

func (d *Desk) keepAnonymous(tx *store.Tx, c complaint.Case) error {
	year, course, place := complaint.Totals(c, d.o.Policy)
	return errors.Join(tx.AddAnonymous(complaint.Anonymize(c, tx.Now(), d.o.Policy)),
		tx.AddTotal(year, store.Course, course), tx.AddTotal(year, store.Location, place))
}

// unlink takes the number of a case out of what goes on without it.
func (d *Desk) unlink(tx *store.Tx, c complaint.Case) error {
	drop := func(list []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(n string) bool { return n == c.Number })
	}
	for _, number := range c.Links {
		other, found, err := tx.CaseByNumber(number)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		other.Links = drop(other.Links)
		if err := tx.SaveCase(&other); err != nil {
			return err
		}
	}
	actions, err := tx.Actions()
	if err != nil {
		return err
	}
	for _, a := range actions {
		if slices.Contains(a.Cases, c.Number) {
			a.Cases = drop(a.Cases)
			if err := tx.SaveAction(a); err != nil {
				return err
			}
		}
	}
	return nil
}

// shred destroys the keys and empties the log. While somebody reads in the log that
// is left for the next call.
func (d *Desk) shred(ctx context.Context, list []store.Erasure) error {
	var ids []int64
	for _, e := range list {
		ids = append(ids, e.CaseID)
	}
	done, err := d.db.Shred(ctx, ids...)
	d.o.Step("desk: shredded")
	if err != nil || !done {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		for _, e := range list {
			e.State = store.Shredded
			if _, err := tx.SaveErasure(e, store.Destroyed); err != nil {
				return err
			}
		}
		return nil
	})
}

// certify writes the certificate for all that came to its end, and asks those who
// were sent mails about it to delete them.
func (d *Desk) certify(ctx context.Context, list []store.Erasure) error {
	err := d.db.Update(ctx, func(tx *store.Tx) error {
		var mine []store.Erasure
		for _, e := range list {
			done := e
			done.State = store.Certified
			first, err := tx.SaveErasure(done, store.Shredded)
			if err != nil {
				return err
			}
			if first {
				mine = append(mine, e)
			}
		}
		total, copies := summed(mine)
		total.Until = tx.Now()
		if total.Cases+total.Messages+len(total.Left) == 0 {
			return nil // what turned up again was gone again
		}
		if err := d.say(tx, d.o.Policy.Certificate(total)); err != nil {
			return err
		}
		for _, l := range d.o.Policy.DeleteCopies(copies) {
			id, err := d.said(tx, l, letter.Original{})
			if err != nil {
				return err
			}
			if err := tx.AskCopies(id, l.To.Address); err != nil {
				return err
			}
		}
		return nil
	})
	d.o.Step("desk: certified")
	return err
}

// summed adds up what erasures did.
func summed(list []store.Erasure) (complaint.Erasure, map[string][]complaint.Copies) {
	var total complaint.Erasure
	copies := map[string][]complaint.Copies{}
	folders, left := map[string]int{}, map[complaint.LeftBehind]int{}
	for _, e := range list {
		if e.CaseID != 0 {
			total.Cases++
		}
		if total.From.IsZero() || e.MadeAt.Before(total.From) {
			total.From = e.MadeAt
		}
		for name, n := range e.Removed {
			folders[name] += n
			total.Messages += n
		}
		for _, l := range e.Left {
			n := l.Count
			l.Count = 0
			left[l] += n
		}
		total.Looked, total.Marked = max(total.Looked, e.Looked), total.Marked || e.Marked
		total.Provider = cmp.Or(total.Provider, e.Provider)
		for address, days := range e.Copies {
			copies[address] = append(copies[address], complaint.Copies{Number: e.Number, Days: days})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(folders)) {
		total.Folders = append(total.Folders, complaint.FolderCount{Folder: name, Count: folders[name]})
	}
	for l, n := range left {
		l.Count = n
		total.Left = append(total.Left, l)
	}
	slices.SortFunc(total.Left, func(a, b complaint.LeftBehind) int {
		return cmp.Or(cmp.Compare(a.Folder, b.Folder), cmp.Compare(a.Why, b.Why))
	})
	return total, copies
}
