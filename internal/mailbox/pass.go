package mailbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Pass connects if needed, fetches what was never handed over, hands it over and files what may be filed. It
// says how many messages were handed over. A folder that cannot be made is an ErrFolder, after all the rest is done.
func (m *Mailbox) Pass(ctx context.Context) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.pass(ctx)
}

func (m *Mailbox) pass(ctx context.Context) (int, error) {
	start := m.now()
	s, err := m.open(ctx)
	if err != nil {
		return 0, err
	}
	p := &pass{Mailbox: m, box: s.box, done: make(chan error, 1), copied: map[uint32]bool{}, stuck: map[string]bool{}}
	err = p.run(ctx)
	if errors.Is(err, errRebuilt) {
		m.next = 0
	}
	if p.handed > 0 || err != nil {
		m.log.Debug("pass", "messages", p.handed, "filed", p.filed, "duration", m.now().Sub(start).Round(time.Millisecond), "complete", err == nil)
	}
	return p.handed, err
}

// pass is one look at the box, from the search to the last filed message.
type pass struct {
	*Mailbox
	box     Box
	busy    int        // messages that the house is registering
	done    chan error // its answer
	handed  int
	missed  bool // a message was announced and not delivered: gone, or to be looked for again
	unfiled int  // handed over since the last filing
	filed   int
	copied  map[uint32]bool // copied, and still to be removed from the box
	stuck   map[string]bool // folders that are left alone until the next pass
	problem error           // why not everything could be filed
}

// letter is what is known of a message before it is fetched.
type letter struct {
	uid  uint32
	size int64
	at   time.Time
}

func (p *pass) run(ctx context.Context) error {
	from := p.next
	p.next = 0 // until all went well
	uids, known, next, err := p.look(ctx, from)
	if err != nil {
		return err
	}
	fresh, suspects, err := p.unseen(ctx, uids)
	if err != nil {
		return err
	}
	if known == nil {
		p.forgetOdd(fresh, suspects)
	}
	fine, odd := p.splitOdd(fresh)
	err = p.take(ctx, fine, known)
	if err == nil {
		_, more := p.splitOdd(fine)
		err = p.takeAlone(ctx, append(odd, more...))
	}
	if err == nil {
		err = p.takeAlone(ctx, suspects)
	}
	if waited := p.wait(); err == nil {
		err = waited
	}
	if err == nil {
		err = p.file(ctx)
	}
	if err != nil {
		return err
	}
	if p.problem != nil {
		return &filingError{p.problem}
	}
	if !p.missed {
		p.next = next
	}
	return nil
}

// forgetOdd drops what is known of odd messages that are no longer there.
func (p *pass) forgetOdd(fresh, suspects []uint32) {
	for u := range p.odd {
		if _, ok := slices.BinarySearch(fresh, u); !ok && !slices.Contains(suspects, u) {
			delete(p.odd, u)
		}
	}
}

// look finds the UIDs in the box that may be new, and the first UID that the next look can begin at. Where the
// box was looked through before, one FETCH says all there is to know, so that a new message costs one round trip.
func (p *pass) look(ctx context.Context, from uint32) (uids []uint32, known map[uint32]letter, next uint32, err error) {
	s, err := p.session(ctx)
	if err != nil {
		return nil, nil, 0, err
	}
	if from > 0 {
		var found []letter
		found, err = p.letters(ctx, s, imap.UIDSet{{Start: imap.UID(from), Stop: 0}})
		if err == nil {
			known = make(map[uint32]letter, len(found))
			next = from
			for _, l := range found {
				if l.uid >= from { // n:* names the last message even when its UID is below n
					known[l.uid] = l
					uids = append(uids, l.uid)
					next = max(next, l.uid+1)
				}
			}
			slices.Sort(uids)
			p.o.Step("mailbox: searched")
			return uids, known, next, nil
		}
		if ctx.Err() != nil {
			return nil, nil, 0, err
		}
		// one of them is odd: look the slow way
		if s, err = p.session(ctx); err != nil {
			return nil, nil, 0, err
		}
	}
	uids, err = p.search(ctx, s)
	if err != nil {
		return nil, nil, 0, err
	}
	next = s.uidNext
	if n := len(uids); n > 0 {
		next = max(next, uids[n-1]+1)
	}
	p.o.Step("mailbox: searched")
	return uids, nil, next, nil
}

// search asks for all messages that are not too old. SEARCH compares days in a time zone of the server's
// choice, hence a day more; the moment itself is compared later.
func (p *pass) search(ctx context.Context, s *session) ([]uint32, error) {
	uids, err := p.since(ctx, s)
	if err != nil || len(uids) > 0 {
		return uids, err
	}
	// A server whose SEARCH finds nothing at all would look like an empty mailbox for ever (libraries.md 1.1, 19).
	if box := s.c.Mailbox(); box != nil && box.NumMessages > 0 {
		first, err := s.search(ctx, &imap.SearchCriteria{SeqNum: []imap.SeqSet{imap.SeqSetNum(1)}})
		if err != nil {
			return nil, err
		}
		if box := s.c.Mailbox(); len(first) == 0 && box != nil && box.NumMessages > 0 {
			return nil, errSearch
		}
	}
	return nil, nil
}

// search is a plain UID SEARCH, without the RETURN that some servers get wrong.
func (s *session) search(ctx context.Context, criteria *imap.SearchCriteria) ([]uint32, error) {
	var uids []uint32
	err := s.do(ctx, "search", func(c *imapclient.Client) error {
		data, err := c.UIDSearch(criteria, nil).Wait()
		if err != nil {
			return err
		}
		for _, u := range data.AllUIDs() {
			uids = append(uids, uint32(u))
		}
		return nil
	})
	slices.Sort(uids)
	return uids, err
}

// unseen asks the house in portions, so that its question to the database stays small.
func (p *pass) unseen(ctx context.Context, uids []uint32) (fresh, suspects []uint32, err error) {
	for set := range slices.Chunk(uids, 2*setSize) {
		f, s, err := p.h.Unseen(ctx, p.box, set)
		if err != nil {
			return nil, nil, fmt.Errorf("ask what is new: %w", err)
		}
		fresh, suspects = append(fresh, f...), append(suspects, s...)
	}
	slices.Sort(fresh)
	return fresh, suspects, nil
}

// session is the connection, made anew when it broke; the box must still be the same one.
func (p *pass) session(ctx context.Context) (*session, error) {
	s, err := p.open(ctx)
	if err != nil {
		return nil, err
	}
	if s.box != p.box {
		return nil, errRebuilt
	}
	return s, nil
}
