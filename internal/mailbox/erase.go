package mailbox

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// A Hunt says which messages are looked for in order to remove them.
type Hunt struct {
	IDs    []string    // messages with these Message-IDs
	Days   []time.Time // messages without one, received on one of these days
	Folder string      // a key of Options.Folders: there alone; "": in every folder
	Before time.Time   // with Folder: messages received before it, whatever their ids
}

// A Finding is what the house makes of a message that was found.
type Finding struct {
	Of     int64 // the house's; 0: none of those that are looked for
	Remove bool  // false: it is left where it is, and told of
}

// A Hunter is what a hunt asks of the house. Nothing is removed before Judge said so.
type Hunter struct {
	// Judge looks at a message; of one that is larger than Options.MaxSize at its beginning.
	Judge func(raw []byte, partial bool) Finding
	// Removed notes that messages have left a folder: for each what Finding.Of said. What returns nil is on disk.
	Removed func(ctx context.Context, folder string, of []int64) error
}

// Hunted is what is left to tell after a hunt.
type Hunted struct {
	Folders int    // that were looked through
	Left    []Left // found, and still there
	Marked  bool   // the server has no UIDPLUS: messages were marked as deleted, and are still there
	Google  bool   // labels, not folders: what was found went by way of the trash
}

// A Left is a message that was found and is still there.
type Left struct {
	Of      int64
	Folder  string
	Refused bool // it should have been removed; else the house said that it stays
}

// rounds is how often all folders are looked through at most: a message may be moved meanwhile.
const rounds = 3

// Erase looks for messages in every folder and removes those that the house agrees to: by UID EXPUNGE of those
// alone, never by a plain EXPUNGE (security.md 32). Then it looks again, until nothing is found that it could
// remove. It works on a connection of its own; cut off anywhere, it can be begun again.
func (m *Mailbox) Erase(ctx context.Context, what Hunt, by Hunter) (Hunted, error) {
	s, err := m.connect(ctx)
	if err != nil {
		return Hunted{}, err
	}
	defer s.logout()
	if err := s.learnNames(ctx, m.o.Folders); err != nil {
		return Hunted{}, err
	}
	h := &hunt{Mailbox: m, s: s, what: what, by: by}
	h.told.Google = s.caps.Has("X-GM-EXT-1")
	h.told.Marked = !s.caps.Has(imap.CapUIDPlus)
	if err := h.list(ctx); err != nil {
		return Hunted{}, err
	}
	for range rounds {
		h.removed, h.told.Left = 0, nil
		for _, name := range h.folders {
			if err := h.folder(ctx, name); err != nil {
				return h.told, fmt.Errorf("erase in the mailbox: %w", err)
			}
		}
		if h.removed == 0 {
			break
		}
		m.o.Step("mailbox: erased")
	}
	h.told.Folders = len(h.folders)
	return h.told, nil
}

// hunt is one call of Erase.
type hunt struct {
	*Mailbox
	s       *session
	what    Hunt
	by      Hunter
	folders []string
	trash   string // of Google, as is junk
	junk    string
	told    Hunted
	removed int // in this round
}

// list finds the folders that can hold messages. Where folders are labels, the one
// that holds every message comes first: from there a message goes to the trash, and
// loses its labels with that.
func (h *hunt) list(ctx context.Context) error {
	if h.what.Folder != "" {
		h.folders = []string{h.s.names[h.what.Folder]}
		return nil
	}
	var list []*imap.ListData
	err := h.s.do(ctx, "list", func(c *imapclient.Client) (err error) {
		list, err = c.List("", "*", nil).Collect()
		return err
	})
	if err != nil {
		return err
	}
	var last []string
	for _, f := range list {
		switch {
		case slices.Contains(f.Attrs, imap.MailboxAttrNoSelect), slices.Contains(f.Attrs, imap.MailboxAttrNonExistent):
		case h.told.Google && slices.Contains(f.Attrs, imap.MailboxAttrTrash):
			h.trash = f.Mailbox
			last = append(last, f.Mailbox)
		case h.told.Google && slices.Contains(f.Attrs, imap.MailboxAttrJunk):
			h.junk = f.Mailbox
			h.folders = append(h.folders, f.Mailbox)
		case h.told.Google && slices.Contains(f.Attrs, imap.MailboxAttrAll):
			h.folders = slices.Insert(h.folders, 0, f.Mailbox)
		default:
			h.folders = append(h.folders, f.Mailbox)
		}
	}
	h.folders = append(h.folders, last...)
	return nil
}

// folder looks through one folder.
func (h *hunt) folder(ctx context.Context, name string) error {
	if err := h.s.sel(ctx, name, true); refused(err) {
		if there, listed := h.s.exists(ctx, name); listed == nil && !there {
			return nil // somebody removed it meanwhile, with all that was in it
		}
		return err
	} else if err != nil {
		return err
	}
	uids, err := h.find(ctx)
	if err != nil || len(uids) == 0 {
		return err
	}
	var mine []uint32
	of := map[uint32]int64{}
	for _, uid := range uids {
		raw, partial, err := h.fetch(ctx, uid)
		if err != nil {
			return err
		}
		if len(raw) == 0 {
			continue // gone meanwhile
		}
		switch f := h.by.Judge(raw, partial); {
		case f.Of == 0:
		case f.Remove:
			mine, of[uid] = append(mine, uid), f.Of
		default:
			h.told.Left = append(h.told.Left, Left{Of: f.Of, Folder: name})
		}
	}
	if len(mine) == 0 {
		return nil
	}
	box := h.s.box
	if err := h.s.sel(ctx, name, false); err != nil {
		return err
	}
	if h.s.box != box {
		return nil // its UIDs mean something else now: the next round looks again
	}
	return h.remove(ctx, name, mine, of)
}

// together is how many Message-IDs are asked for at once: a search walks through a folder as often as there are
// questions, and a line may not become too long (libraries.md 1.1, 14).
const together = 16

// find searches the folder that is open.
func (h *hunt) find(ctx context.Context) ([]uint32, error) {
	var found []uint32
	add := func(c *imap.SearchCriteria) error {
		uids, err := h.s.search(ctx, c)
		found = append(found, uids...)
		return err
	}
	if !h.what.Before.IsZero() {
		if err := add(&imap.SearchCriteria{Before: h.what.Before}); err != nil {
			return nil, err
		}
	}
	for ids := range slices.Chunk(h.what.IDs, together) {
		err := add(anyOf(ids))
		if refused(err) { // too much for this server
			for _, id := range ids {
				if err = add(anyOf([]string{id})); err != nil {
					return nil, err
				}
			}
		}
		if err != nil {
			return nil, err
		}
	}
	for _, day := range h.what.Days {
		// SEARCH compares days in a zone of the server's choice: a day more on both sides
		without := imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID"}}}
		err := add(&imap.SearchCriteria{Since: day.AddDate(0, 0, -1), Before: day.AddDate(0, 0, 2), Not: []imap.SearchCriteria{without}})
		if err != nil {
			return nil, err
		}
	}
	slices.Sort(found)
	return slices.Compact(found), nil
}

// anyOf asks for messages with one of these Message-IDs, as a tree: servers bound how deep an OR may go.
func anyOf(ids []string) *imap.SearchCriteria {
	if len(ids) == 1 {
		return &imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: ids[0]}}}
	}
	half := len(ids) / 2
	return &imap.SearchCriteria{Or: [][2]imap.SearchCriteria{{*anyOf(ids[:half]), *anyOf(ids[half:])}}}
}

// fetch returns a message as it was fetched when it was handed over: whole, or the
// beginning of one that is too large.
func (h *hunt) fetch(ctx context.Context, uid uint32) (raw []byte, partial bool, err error) {
	p := &pass{Mailbox: h.Mailbox, box: h.s.box}
	letters, err := p.letters(ctx, h.s, uidSet([]uint32{uid}))
	if err != nil || len(letters) == 0 {
		return nil, false, err
	}
	got, _, err := p.bodiesOn(ctx, h.s, letters[:1])
	if err != nil || len(got) == 0 {
		return nil, false, err
	}
	return got[0].Raw, got[0].Partial, nil
}

// remove takes messages out of the folder that is open, and looks whether they went.
func (h *hunt) remove(ctx context.Context, name string, mine []uint32, of map[uint32]int64) error {
	for set := range slices.Chunk(mine, setSize) {
		if err := h.expunge(ctx, name, set); h.s.dead || err != nil && !refused(err) {
			return err
		}
		left, err := h.s.search(ctx, &imap.SearchCriteria{UID: []imap.UIDSet{uidSet(set)}})
		if err != nil {
			return err
		}
		var gone []int64
		for _, uid := range set {
			if slices.Contains(left, uid) {
				h.told.Left = append(h.told.Left, Left{Of: of[uid], Folder: name, Refused: true})
			} else {
				gone = append(gone, of[uid])
			}
		}
		if len(gone) == 0 {
			continue
		}
		if h.removed += len(gone); h.byTrash(name) {
			continue // it is in the trash now, and counts when it leaves that
		}
		if err := h.by.Removed(context.WithoutCancel(ctx), name, gone); err != nil {
			return fmt.Errorf("note what was erased: %w", err)
		}
		h.o.Step("mailbox: erased in a folder")
	}
	return nil
}

// byTrash reports whether a message leaves this folder by way of the trash.
func (h *hunt) byTrash(name string) bool { return h.trash != "" && name != h.trash && name != h.junk }

// expunge removes a set. Google keeps what is expunged anywhere but in its trash and
// its spam; without UIDPLUS the mark must do, since a plain EXPUNGE would remove what
// others marked.
func (h *hunt) expunge(ctx context.Context, name string, set []uint32) error {
	if h.byTrash(name) {
		return h.s.do(ctx, "move to the trash", func(c *imapclient.Client) error {
			_, err := c.Move(uidSet(set), h.trash).Wait()
			return err
		})
	}
	err := h.s.do(ctx, "mark deleted", func(c *imapclient.Client) error {
		flags := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}
		return c.Store(uidSet(set), flags, nil).Close()
	})
	if err != nil || h.told.Marked {
		return err
	}
	h.o.Step("mailbox: marked to erase")
	return h.s.do(ctx, "expunge", func(c *imapclient.Client) error { return c.UIDExpunge(uidSet(set)).Close() })
}
