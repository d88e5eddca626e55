package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"klachtd/internal/watch"
)

// reload reads and checks the whole new configuration with its templates, and makes
// a house of it that shares the database. When anything of it is wrong nothing has
// changed, and the log says what (security.md 45).
func (d *daemon) reload() *house {
	d.reloading()
	next, err := d.furnish()
	d.house.watch.Reloaded(err == nil)
	if err == nil {
		return next
	}
	for line := range strings.Lines(err.Error()) {
		d.house.log.Error("configuration not taken; the one from before goes on", "why", clean(strings.TrimSpace(line)))
	}
	d.tell("READY=1", "STATUS=a new configuration was refused; see the log")
	return nil
}

func (d *daemon) furnish() (*house, error) {
	old := d.house
	before, err := lookAt(old.cfg.Path)
	if err != nil {
		return nil, err
	}
	cfg, err := configured{Config: old.cfg.Path}.load(d.env)
	if err != nil {
		return nil, err
	}
	if err := old.cfg.Takes(cfg); err != nil {
		return nil, err
	}
	next, err := build(cfg, old, d.now, d.now, logger(cfg.Log, d.stderr))
	if err != nil {
		return nil, err
	}
	if next.door, err = openDoor(cfg.Metrics.Listen, old.watch, d.door); err == nil {
		err = before.still()
	}
	if err != nil {
		if next.door != d.door {
			next.door.close()
		}
		return nil, errors.Join(err, next.leave())
	}
	return next, nil
}

// succeed hands over from a house that has ended, and makes next the one that runs.
func (d *daemon) succeed(next *house) error {
	err := d.house.leave()
	next.worker.Inherit(d.house.worker)
	d.house = next
	return err
}

// A writing is how a file was at one moment.
type writing struct {
	path string
	size int64
	at   time.Time
}

// mostRead is more than a configuration may be long.
const mostRead = 1 << 20

// lookAt remembers how a configuration is, and refuses one whose last line has no
// end: whoever writes it may not be done.
func lookAt(path string) (writing, error) {
	info, err := os.Stat(path)
	if err != nil {
		return writing{}, usage{err}
	}
	w := writing{path, info.Size(), info.ModTime()}
	if !info.Mode().IsRegular() || info.Size() > mostRead {
		return w, nil // which is said when it is read
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return w, usage{err}
	}
	if n := len(text); n > 0 && text[n-1] != '\n' {
		line := strings.Count(string(text), "\n") + 1
		return w, usage{fmt.Errorf("%s:%d: the last line has no end, so that it may be half of the file; end it with a new line", path, line)}
	}
	return w, nil
}

// still refuses a file that was written while it was read.
func (w writing) still() error {
	info, err := os.Stat(w.path)
	if err == nil && info.Size() == w.size && info.ModTime().Equal(w.at) {
		return nil
	}
	return usage{fmt.Errorf("%s: it was being written; reload again when it is whole", w.path)}
}

// A door is where figures are asked for; nil: there is none.
type door struct {
	address string
	stop    func()
	ended   chan struct{}
}

// openDoor opens the door at an address; "" is none, and the one from before stays
// as it is at its own.
func openDoor(address string, w *watch.Watch, before *door) (*door, error) {
	switch {
	case address == "":
		return nil, nil
	case before != nil && before.address == address:
		return before, nil
	}
	l, err := watch.Listen(address)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	d := &door{address, stop, make(chan struct{})}
	go func() {
		_ = w.Serve(ctx, l) // ends when it is told to
		close(d.ended)
	}()
	return d, nil
}

func (d *door) close() {
	if d != nil {
		d.stop()
		<-d.ended
	}
}

// moveTo closes d, unless next is the same.
func (d *door) moveTo(next *door) *door {
	if next != d {
		d.close()
	}
	return next
}
