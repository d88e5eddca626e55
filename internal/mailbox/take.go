package mailbox

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
)

// detailSize is of how many messages size and date are asked at once: some servers read a message whole to tell its
// size, and the first ones need not wait for that of all. No fewer than Options.BatchCount may be, for a batch ends
// where these do.
const detailSize = 100

const strikes = 3 // so often a message may fail alone before what is known of it is handed over

// pauses come before the second and third try of the messages that failed: what fails by itself often works later.
var pauses = [strikes]time.Duration{0, 2 * time.Second, 10 * time.Second}

// take fetches the messages in batches and hands each over while the next is fetched. A batch that fails is
// marked odd and left for takeAlone, so that one message cannot hold up the others.
func (p *pass) take(ctx context.Context, uids []uint32, known map[uint32]letter) error {
	for set := range slices.Chunk(uids, detailSize) {
		letters, err := p.details(ctx, set, known)
		if err != nil {
			return err
		}
		for len(letters) > 0 {
			n := p.portion(letters)
			batch := letters[:n:n]
			letters = letters[n:]
			got, again, err := p.bodies(ctx, batch)
			if err != nil {
				if err := p.suspect(ctx, err, batch); err != nil {
					return err
				}
				continue
			}
			letters = append(again, letters...)
			p.missing(batch, got, again)
			p.o.Step("mailbox: fetched")
			if err := p.hand(ctx, got); err != nil {
				return err
			}
		}
	}
	return nil
}

// details fetches size and date of messages, in UID order, without those that are gone or too old.
func (p *pass) details(ctx context.Context, set []uint32, known map[uint32]letter) ([]letter, error) {
	var letters []letter
	if known == nil {
		s, err := p.session(ctx)
		if err != nil {
			return nil, err
		}
		letters, err = p.letters(ctx, s, uidSet(set))
		if err != nil {
			blamed := make([]letter, len(set))
			for i, u := range set {
				blamed[i].uid = u
			}
			return nil, p.suspect(ctx, err, blamed)
		}
		p.missed = p.missed || len(letters) < len(set)
	}
	for _, u := range set {
		if l, ok := known[u]; ok {
			letters = append(letters, l)
		}
	}
	letters = slices.DeleteFunc(letters, func(l letter) bool { return l.at.Before(p.o.Since) })
	slices.SortFunc(letters, func(a, b letter) int { return int(int64(a.uid) - int64(b.uid)) })
	return letters, nil
}

// portion says how many of the letters make one batch.
func (p *pass) portion(letters []letter) int {
	var bytes int64
	for i, l := range letters {
		bytes += l.size
		if i > 0 && (i >= p.o.BatchCount || bytes > p.o.BatchBytes || l.size > p.o.MaxSize) || letters[0].size > p.o.MaxSize && i > 0 {
			return i
		}
	}
	return len(letters)
}

// suspect marks the messages of a failed fetch, to be fetched one by one. It returns an error when the fetch did
// not fail because of them: the context ended, or the server cannot be reached.
func (p *pass) suspect(ctx context.Context, err error, batch []letter) error {
	if ctx.Err() != nil {
		return err
	}
	for _, l := range batch {
		if _, ok := p.odd[l.uid]; !ok {
			p.odd[l.uid] = 0
		}
	}
	p.log.Warn("fetch failed; one by one now", "messages", len(batch), "err", err)
	_, err = p.session(ctx)
	return err
}

// missing marks the messages that the server left out of its answer, or gave without their bytes: they are gone,
// or it cannot read them.
func (p *pass) missing(batch []letter, got []Delivery, again []letter) {
	for _, l := range batch {
		_, known := p.odd[l.uid]
		if !known && !slices.ContainsFunc(got, func(d Delivery) bool { return d.UID == l.uid }) &&
			!slices.ContainsFunc(again, func(a letter) bool { return a.uid == l.uid }) {
			p.odd[l.uid] = 0
		}
	}
}

// splitOdd parts the messages whose fetch failed before from the others.
func (p *pass) splitOdd(uids []uint32) (fine, odd []uint32) {
	for _, u := range uids {
		if _, ok := p.odd[u]; ok {
			odd = append(odd, u)
		} else {
			fine = append(fine, u)
		}
	}
	return fine, odd
}

// takeAlone fetches and hands over messages one at a time, those that fail again after the others.
func (p *pass) takeAlone(ctx context.Context, uids []uint32) error {
	if err := p.wait(); err != nil {
		return err
	}
	for try := 0; len(uids) > 0 && try < strikes; try++ {
		if try > 0 && !sleep(ctx, pauses[try]) {
			return context.Cause(ctx)
		}
		var left []uint32
		for _, u := range uids {
			again, err := p.one(ctx, u)
			if err != nil {
				return err
			}
			if again {
				left = append(left, u)
			}
		}
		uids = left
	}
	return nil
}

// one fetches and hands over one message; again says that it failed and may be tried once more.
func (p *pass) one(ctx context.Context, uid uint32) (again bool, err error) {
	s, err := p.session(ctx)
	if err != nil {
		return false, err
	}
	l := letter{uid: uid}
	letters, err := p.letters(ctx, s, uidSet([]uint32{uid}))
	var got []Delivery
	if err == nil && len(letters) > 0 && !letters[0].at.Before(p.o.Since) {
		l = letters[0]
		got, _, err = p.bodies(ctx, letters[:1])
		if err == nil && len(got) == 0 {
			err = p.withheld(ctx, uid)
		}
	}
	if ctx.Err() != nil {
		return false, context.Cause(ctx)
	}
	if err != nil {
		p.odd[uid]++
		p.log.Warn("message cannot be fetched", "uid", uid, "time", p.odd[uid], "err", err)
		if p.odd[uid] < strikes {
			return true, nil
		}
		if got, err = p.remains(ctx, l); err != nil {
			return false, err
		}
	}
	if len(got) > 0 {
		p.o.Step("mailbox: fetched")
		if err := p.hand(ctx, got); err != nil {
			return false, err
		}
		if err := p.wait(); err != nil {
			return false, err
		}
	}
	delete(p.odd, uid)
	return false, nil
}

// withheld is an error when a message without bytes is there all the same: nobody moved it meanwhile.
func (p *pass) withheld(ctx context.Context, uid uint32) error {
	s, err := p.session(ctx)
	if err != nil {
		return err
	}
	there, err := s.search(ctx, &imap.SearchCriteria{UID: []imap.UIDSet{uidSet([]uint32{uid})}})
	if err == nil && len(there) > 0 {
		err = errNoBytes
	}
	return err
}

// hand gives a batch to the house, which reads it while it registers the one before, and does not wait until it is
// registered: the next batch is fetched meanwhile.
func (p *pass) hand(ctx context.Context, batch []Delivery) error {
	if len(batch) == 0 {
		return p.wait()
	}
	register, err := p.h.Receive(ctx, p.box, batch)
	if waited := p.wait(); waited != nil {
		return waited
	}
	if err != nil {
		return fmt.Errorf("hand over: %w", err)
	}
	if p.unfiled >= setSize {
		if err := p.file(ctx); err != nil {
			return err
		}
	}
	p.busy = len(batch)
	go func() { p.done <- register() }()
	return nil
}

// wait takes the house's answer to the batch it has.
func (p *pass) wait() error {
	if p.busy == 0 {
		return nil
	}
	n := p.busy
	p.busy = 0
	if err := <-p.done; err != nil {
		return fmt.Errorf("hand over: %w", err)
	}
	p.handed += n
	p.unfiled += n
	p.o.Step("mailbox: handed over")
	return nil
}

// sleep waits, and says whether it could sleep to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
