package desk

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"klachtd/internal/complaint"
	"klachtd/internal/letter"
	"klachtd/internal/message"
	"klachtd/internal/store"
)

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
	if err := d.unlinkExports(tx, &e); err != nil {
		return err
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

// unlinkExports removes the files that were written of a case. One that is gone, or
// that may not be touched, is told on the certificate.
func (d *Desk) unlinkExports(tx *store.Tx, e *store.Erasure) error {
	list, err := tx.Exports(e.CaseID)
	for _, x := range list {
		if d.o.Unlink != nil && d.o.Unlink(x.Path, x.SHA256) {
			e.Exports++
		} else {
			e.Strayed++
		}
	}
	return err
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
		total.Exports += e.Exports
		total.Strayed += e.Strayed
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
