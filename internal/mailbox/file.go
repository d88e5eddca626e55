package mailbox

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// refusals is how often a folder may refuse a set in one pass, while the set is halved to find the message at fault.
const refusals = 32

// file moves what the house wants moved. What stands in its way while the connection lives becomes p.problem, so
// that registration goes on; an error means that the pass must end.
func (p *pass) file(ctx context.Context) error {
	p.unfiled = 0
	todo, err := p.h.ToFile(ctx, p.box)
	if err != nil {
		return fmt.Errorf("ask what to file: %w", err)
	}
	byFolder := map[string][]uint32{}
	for _, f := range todo {
		byFolder[f.Folder] = append(byFolder[f.Folder], f.UID)
	}
	for _, key := range slices.Sorted(maps.Keys(byFolder)) {
		if p.stuck[key] {
			continue
		}
		uids := byFolder[key]
		slices.Sort(uids)
		t := &target{pass: p, key: key, patience: refusals}
		if err := t.file(ctx, slices.Compact(uids)); err != nil {
			p.stuck[key] = true
			p.problem = errors.Join(p.problem, err)
		}
		if t.broken != nil {
			return t.broken
		}
	}
	return nil
}

// target is one folder that messages go to.
type target struct {
	*pass
	key      string
	patience int
	broken   error // nothing can be filed any more: no connection, no house
}

func (t *target) file(ctx context.Context, uids []uint32) error {
	if err := t.repair(ctx); err != nil || t.broken != nil {
		return err
	}
	var failed error
	for set := range slices.Chunk(uids, setSize) {
		if err := t.moveSet(ctx, set); err != nil {
			failed = err
		}
		if t.broken != nil || t.patience <= 0 {
			break
		}
	}
	return failed
}

// repair tries once more to make a folder that could not be made.
func (t *target) repair(ctx context.Context) error {
	s, err := t.session(ctx)
	if err != nil {
		t.broken = err
		return nil
	}
	problem := t.folderProblem(t.key)
	name, known := s.names[t.key]
	if problem == nil || !known {
		return problem
	}
	if err := s.ensure(ctx, name); err == nil {
		delete(t.folders, t.key)
		return nil
	} else if s.dead {
		t.broken = err
	}
	return problem
}

// moveSet moves a set, once more after a failure, then by halves: one message that the server will not move
// must not keep the others.
func (t *target) moveSet(ctx context.Context, set []uint32) error {
	left, err := t.try(ctx, set)
	if err != nil && len(left) > 0 {
		left, err = t.try(ctx, left)
	}
	if err == nil || t.broken != nil || len(left) == 0 {
		return nil
	}
	t.patience--
	if len(left) == 1 || t.patience <= 0 {
		return fmt.Errorf("folder %s: %w", t.o.Folders[t.key], err)
	}
	half := len(left) / 2
	first := t.moveSet(ctx, left[:half])
	if t.broken != nil || t.patience <= 0 {
		return first
	}
	return errors.Join(first, t.moveSet(ctx, left[half:]))
}

// try moves a set and notes what left the box. An error of MOVE does not say what happened (libraries.md 1.1,
// 19), so the box is asked which messages are still there.
func (t *target) try(ctx context.Context, set []uint32) (left []uint32, err error) {
	s, err := t.session(ctx)
	if err != nil {
		t.broken = err
		return nil, err
	}
	t.o.Step("mailbox: before move")
	err = t.move(ctx, s, set, s.names[t.key])
	if err == nil {
		t.o.Step("mailbox: moved")
		return nil, t.note(ctx, set)
	}
	if s, t.broken = t.session(ctx); t.broken != nil {
		return nil, err
	}
	if isGone(err) {
		_ = s.ensure(ctx, s.names[t.key]) // somebody removed the folder; the next try says whether this helped
	}
	left, failed := s.search(ctx, &imap.SearchCriteria{UID: []imap.UIDSet{uidSet(set)}})
	if failed != nil {
		t.broken = failed
		return nil, failed
	}
	gone := slices.DeleteFunc(slices.Clone(set), func(u uint32) bool {
		_, there := slices.BinarySearch(left, u)
		return there
	})
	if noted := t.note(ctx, gone); noted != nil {
		return nil, noted
	}
	return left, err
}

// move takes a set out of the box into a folder. The client's own fallback for servers without MOVE does not
// wait for COPY to succeed and expunges what others marked (libraries.md 1.1, 4), so this is done step by step.
func (t *target) move(ctx context.Context, s *session, set []uint32, name string) error {
	if s.caps.Has(imap.CapMove) && s.c.Caps().Has(imap.CapMove) {
		return s.do(ctx, "move", func(c *imapclient.Client) error {
			_, err := c.Move(uidSet(set), name).Wait()
			return err
		})
	}
	toCopy := slices.DeleteFunc(slices.Clone(set), func(u uint32) bool { return t.copied[u] })
	if len(toCopy) > 0 {
		err := s.do(ctx, "copy", func(c *imapclient.Client) error {
			_, err := c.Copy(uidSet(toCopy), name).Wait()
			return err
		})
		if err != nil {
			return err
		}
		for _, u := range toCopy {
			t.copied[u] = true
		}
		t.o.Step("mailbox: copied")
	}
	ctx, cancel := lingering(ctx, lastWords) // a copy whose original stays would be a second message
	defer cancel()
	err := s.do(ctx, "mark deleted", func(c *imapclient.Client) error {
		flags := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}
		return c.Store(uidSet(set), flags, nil).Close()
	})
	if err != nil || !s.caps.Has(imap.CapUIDPlus) {
		return err // without UIDPLUS the mark must do: a plain EXPUNGE would remove what others marked
	}
	t.o.Step("mailbox: marked")
	return s.do(ctx, "expunge", func(c *imapclient.Client) error { return c.UIDExpunge(uidSet(set)).Close() })
}

// lastWords is how long the server may take to remove what was copied once we are to stop.
const lastWords = 2 * time.Second

// lingering is a context that ends a while after ctx does.
func lingering(ctx context.Context, while time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(while, cancel) })
	return longer, func() { stop(); cancel() }
}

// note tells the house what left the box. Not even the end of the context keeps it from being noted.
func (t *target) note(ctx context.Context, uids []uint32) error {
	if len(uids) == 0 {
		return nil
	}
	if err := t.h.Filed(context.WithoutCancel(ctx), t.box, uids); err != nil {
		t.broken = fmt.Errorf("note what was filed: %w", err)
		return t.broken
	}
	t.filed += len(uids)
	for _, u := range uids {
		delete(t.copied, u)
	}
	t.o.Step("mailbox: noted")
	return nil
}
