package desk

import (
	"sync"

	"klachtd/internal/store"
)

// counted are the messages whose first attempt was counted by this process and
// that have not been handed over since. An earlier process may have died of what
// it had counted; this one is alive, so these are no suspects.
type counted struct {
	mu   sync.Mutex // reading a batch and registering the one before go side by side
	uids map[store.Box]map[uint32]bool
}

// split moves suspects that are none to the fresh ones, and says which of those
// are still to be counted.
func (c *counted) split(b store.Box, fresh, suspects []uint32) (all, others, count []uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	count = fresh
	for _, uid := range suspects {
		if c.uids[b][uid] {
			all = append(all, uid)
		} else {
			others = append(others, uid)
		}
	}
	return append(all, fresh...), others, count
}

func (c *counted) add(b store.Box, uids []uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.uids == nil {
		c.uids = map[store.Box]map[uint32]bool{}
	}
	if c.uids[b] == nil {
		c.uids[b] = map[uint32]bool{}
	}
	for _, uid := range uids {
		c.uids[b][uid] = true
	}
}

// without returns those that are not counted.
func (c *counted) without(b store.Box, uids []uint32) []uint32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []uint32
	for _, uid := range uids {
		if !c.uids[b][uid] {
			list = append(list, uid)
		}
	}
	return list
}

func (c *counted) remove(b store.Box, uids []uint32) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, uid := range uids {
		delete(c.uids[b], uid)
	}
}

func (c *counted) all() map[store.Box][]uint32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := map[store.Box][]uint32{}
	for b, uids := range c.uids {
		for uid := range uids {
			list[b] = append(list[b], uid)
		}
	}
	return list
}
