package mailbox

import (
	"context"
	"io"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// letters fetches UID, size and date of the messages of a set: never ENVELOPE, whose parser a sender can keep
// busy for minutes (libraries.md 1.1, 9).
func (p *pass) letters(ctx context.Context, s *session, set imap.UIDSet) ([]letter, error) {
	all, bare, err := p.sizes(ctx, s, set)
	if err != nil || len(bare) == 0 {
		return all, err
	}
	more, _, err := p.sizes(ctx, s, uidSet(bare))
	return append(all, more...), err
}

// sizes is letters in one FETCH. Word of a changed flag, which a server may say at any time, takes the place of the
// answer about that message (libraries.md 1.1, 25): it comes back as bare, to be asked about again.
func (p *pass) sizes(ctx context.Context, s *session, set imap.UIDSet) (all []letter, bare []uint32, err error) {
	err = s.do(ctx, "fetch sizes", func(c *imapclient.Client) error {
		cmd := c.Fetch(set, &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true})
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			var l letter
			answered := false
			for item := msg.Next(); item != nil; item = msg.Next() {
				switch item := item.(type) {
				case imapclient.FetchItemDataUID:
					l.uid = uint32(item.UID)
				case imapclient.FetchItemDataRFC822Size:
					l.size, answered = max(item.Size, 0), true
				case imapclient.FetchItemDataInternalDate:
					l.at, answered = item.Time, true
				}
			}
			if l.at.IsZero() {
				l.at = p.now()
			}
			switch {
			case l.uid == 0:
			case answered:
				all = append(all, l)
			default:
				bare = append(bare, l.uid)
			}
		}
		return cmd.Close()
	})
	if err != nil {
		return nil, nil, err
	}
	return all, bare, nil
}

// bodies fetches a batch in one streaming FETCH. A message counts when all its announced bytes came and the
// command ended well (libraries.md 1.1, 1). Messages that are larger than the server said come back as again,
// with their true size; those that are gone are left out.
func (p *pass) bodies(ctx context.Context, batch []letter) (got []Delivery, again []letter, err error) {
	s, err := p.session(ctx)
	if err != nil {
		return nil, nil, err
	}
	got, again, err = p.bodiesOn(ctx, s, batch)
	p.missed = p.missed || err == nil && len(got)+len(again) < len(batch)
	return got, again, err
}

// bodiesOn is bodies on a connection of the caller's choice.
func (p *pass) bodiesOn(ctx context.Context, s *session, batch []letter) (got []Delivery, again []letter, err error) {
	limit := p.o.MaxSize + 1 // whatever the server said of the sizes, this bounds what it sends
	if batch[0].size > p.o.MaxSize {
		limit = headBytes
	}
	r := &reader{p: p, alone: len(batch) == 1, want: make(map[uint32]letter, len(batch))}
	uids := make([]uint32, len(batch))
	var announced int64
	for i, l := range batch {
		uids[i], r.want[l.uid] = l.uid, l
		announced += l.size
	}
	r.room = max(p.o.BatchBytes, announced)
	section := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Offset: 0, Size: limit}}
	for ask := 0; ask < 2 && len(uids) > 0; ask++ {
		err = s.do(ctx, "fetch", func(c *imapclient.Client) error { return r.run(c, uidSet(uids), section) })
		if err != nil {
			return nil, nil, err
		}
		uids, r.bare = r.bare, nil
	}
	return r.got, r.again, nil
}

// remains is what can be had of a message that the server cannot deliver: its header, or nothing, but never
// for a message that is gone.
func (p *pass) remains(ctx context.Context, l letter) ([]Delivery, error) {
	s, err := p.session(ctx)
	if err != nil {
		return nil, err
	}
	there, err := s.search(ctx, &imap.SearchCriteria{UID: []imap.UIDSet{uidSet([]uint32{l.uid})}})
	if err != nil || len(there) == 0 {
		return nil, err
	}
	if l.at.IsZero() {
		l.at = p.now()
	}
	r := &reader{p: p, alone: true, want: map[uint32]letter{l.uid: l}}
	section := &imap.FetchItemBodySection{Peek: true, Specifier: imap.PartSpecifierHeader, Partial: &imap.SectionPartial{Offset: 0, Size: headBytes}}
	err = s.do(ctx, "fetch header", func(c *imapclient.Client) error { return r.run(c, uidSet([]uint32{l.uid}), section) })
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	d := Delivery{UID: l.uid, Received: l.at, Size: l.size, Partial: true}
	if err == nil && len(r.got) == 1 {
		d.Raw = r.got[0].Raw
	}
	return []Delivery{d}, nil
}

// reader reads the answers to one FETCH of bodies.
type reader struct {
	p     *pass
	want  map[uint32]letter
	alone bool  // the only one: it is kept, whatever its size
	room  int64 // bytes that may be kept
	kept  int64
	got   []Delivery
	again []letter
	bare  []uint32 // spoken of without their bytes, as by sizes
}

func (r *reader) run(c *imapclient.Client, set imap.UIDSet, section *imap.FetchItemBodySection) error {
	cmd := c.Fetch(set, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{section}})
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		var uid uint32
		answered := false
		for item := msg.Next(); item != nil; item = msg.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				uid = uint32(item.UID)
			case imapclient.FetchItemDataBodySection:
				answered = true
				if item.Literal == nil {
					continue
				}
				// After a short literal neither msg nor cmd may be touched again (libraries.md 1.1, 3).
				if err := r.literal(uid, item.Literal); err != nil {
					return err
				}
			}
		}
		if _, wanted := r.want[uid]; wanted && !answered {
			r.bare = append(r.bare, uid)
		}
	}
	return cmd.Close()
}

// literal keeps one body, or the head of one that is too large, or leaves one for later that does not fit.
func (r *reader) literal(uid uint32, lit imap.LiteralReader) error {
	size := lit.Size()
	l, wanted := r.want[uid]
	keep := size
	tooLarge := size > r.p.o.MaxSize || l.size > r.p.o.MaxSize
	if tooLarge {
		keep = min(size, headBytes)
	}
	switch {
	case !wanted || size == 0:
		keep = 0
	case !r.alone && size > l.size && r.kept+keep > r.room:
		delete(r.want, uid)
		r.again = append(r.again, letter{uid: uid, size: size, at: l.at})
		keep = 0
	}
	raw := make([]byte, keep)
	if _, err := io.ReadFull(lit, raw); err != nil {
		return errShort
	}
	n, err := io.Copy(io.Discard, lit)
	if err != nil || keep+n != size {
		return errShort
	}
	if keep > 0 || wanted && size == 0 && l.size == 0 { // a message may be empty, unless it was announced with bytes
		delete(r.want, uid) // a server may say it twice
		r.kept += keep
		d := Delivery{UID: uid, Received: l.at, Size: size, Raw: raw, Partial: tooLarge}
		if tooLarge {
			d.Size = max(size, l.size)
		}
		r.got = append(r.got, d)
	}
	return nil
}

func uidSet(uids []uint32) imap.UIDSet {
	var set imap.UIDSet
	for _, u := range uids {
		set.AddNum(imap.UID(u))
	}
	return set
}
