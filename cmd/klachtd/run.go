package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

type runCmd struct{ configured }

// Run is the daemon. It ends when it is told to, or when the database fails;
// SIGHUP has it read its configuration anew.
func (c runCmd) Run(e env) error {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP) // first of all: unheard it would end the process
	defer signal.Stop(hup)
	cfg, err := c.load(e)
	if err != nil {
		return err
	}
	log := logger(cfg.Log, e.stderr)
	h, err := build(cfg, nil, e.now, e.now, log)
	if err != nil {
		return err
	}
	d := &daemon{env: e, hup: hup, supervisor: supervisorOf(e.getenv, os.Getpid()), house: h}
	if d.door, err = openDoor(cfg.Metrics.Listen, h.watch, nil); err != nil {
		return errors.Join(err, h.close())
	}
	log.Info("started", "version", versionLine())
	err = d.live()
	d.house.log.Info("stopped")
	return errors.Join(err, d.house.close())
}

// A daemon is a house that runs, and is furnished anew when it is told to.
type daemon struct {
	env
	supervisor

	hup   <-chan os.Signal
	house *house
	door  *door
}

// live runs the house until it ends, and each new one after it.
func (d *daemon) live() error {
	ctx, stop := context.WithCancel(d.ctx)
	context.AfterFunc(d.ctx, func() { d.tell("STOPPING=1", "STATUS=stopping") })
	pulse := make(chan struct{})
	go func() {
		d.pulse(ctx, d.house.watch.Silent, d.house.watch.Summary)
		close(pulse)
	}()
	defer func() {
		stop()
		<-pulse
		d.door.close()
	}()
	for {
		next, err := d.untilReload()
		if next == nil || err != nil || d.ctx.Err() != nil {
			return err
		}
		next.log.Info("configuration taken", "file", next.cfg.Path)
	}
}

// untilReload runs the house until it ends, or has made place for the next one,
// which it returns.
func (d *daemon) untilReload() (next *house, err error) {
	ctx, stop := context.WithCancel(d.ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- d.house.run(ctx) }()
	d.tell("READY=1", "STATUS="+d.house.watch.Summary())
	for next == nil {
		select {
		case err := <-ended:
			return nil, err
		case <-d.hup:
			next = d.reload()
		}
	}
	stop()
	err = <-ended
	d.door = d.door.moveTo(next.door)
	next.door = nil
	return next, errors.Join(err, d.succeed(next))
}
