package desk

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"klachtd/internal/complaint"
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

// stillPlanned gives up what may not be erased any more, and leaves for later what
// is on its way into the mailbox.
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
			if keeping, err := tx.Keeping(e.CaseID); err != nil {
				return err
			} else if keeping {
				continue // a copy would come into a folder that has been looked through
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
