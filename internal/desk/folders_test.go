package desk_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"sync"

	"klachtd/internal/desk"
	"klachtd/internal/message"
)

// folders is a mailbox that is played: what stands in which folder.
type folders struct {
	mu    sync.Mutex
	held  map[string][][]byte
	fails error // of the next look
	stays bool  // nothing is removed
	looks int
}

func (f *folders) put(folder string, raw []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.held == nil {
		f.held = map[string][][]byte{}
	}
	f.held[folder] = append(f.held[folder], raw)
}

// holds reports in which folders a word stands.
func (f *folders) holds(word string) (in []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for name, list := range f.held {
		if slices.ContainsFunc(list, func(raw []byte) bool { return bytes.Contains(raw, []byte(word)) }) {
			in = append(in, name)
		}
	}
	slices.Sort(in)
	return in
}

// clear is desk.Options.Clear.
func (f *folders) clear(ctx context.Context, what desk.Hunt, by desk.Hunter) (desk.Hunted, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.looks++
	if err := f.fails; err != nil {
		f.fails = nil
		return desk.Hunted{}, err
	}
	told := desk.Hunted{Folders: len(f.held)}
	for name, list := range f.held {
		if what.Folder != "" && !strings.Contains(name, what.Folder) {
			continue
		}
		var kept [][]byte
		var gone []int64
		for _, raw := range list {
			sought := what.Folder != "" || slices.Contains(what.IDs, message.Parse(raw).MessageID) || message.Parse(raw).MessageID == "" && len(what.Days) > 0
			of, remove := int64(0), false
			if sought {
				of, remove = by.Judge(raw, false)
			}
			switch {
			case remove && !f.stays:
				gone = append(gone, of)
				continue
			case of != 0:
				told.Left = append(told.Left, desk.Left{Of: of, Folder: name, Refused: remove})
			}
			kept = append(kept, raw)
		}
		f.held[name] = kept
		if len(gone) > 0 {
			if err := by.Removed(ctx, name, gone); err != nil {
				return told, err
			}
		}
	}
	return told, nil
}
