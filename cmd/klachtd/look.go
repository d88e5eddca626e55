package main

import (
	"context"
	"runtime"
	"strings"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/config"
	"klachtd/internal/desk"
	"klachtd/internal/store"
	"klachtd/internal/watch"
)

// How long a loop may give no sign of life before it counts as dead: far longer
// than any step takes that has a deadline of its own.
const (
	minutely = 10 * time.Minute // what is done each minute
	working  = time.Hour        // what waits for servers
)

// expect says which loops are to be heard of.
func (h *house) expect() {
	h.watch.Expect("mailbox", h.cfg.IMAP.Poll+working)
	h.watch.Expect("deliver", working)
	h.watch.Expect("schedule", working)
	h.watch.Expect("clock", minutely)
	h.watch.Expect("look", minutely)
}

// release is for the end of the loops.
func (h *house) release() {
	for _, name := range []string{"mailbox", "deliver", "schedule", "clock", "look"} {
		h.watch.Expect(name, 0)
	}
}

// heard takes each step of a loop for a sign of life.
func heard(w *watch.Watch, step func(string)) func(string) {
	return func(name string) {
		if loop, _, _ := strings.Cut(name, ":"); loop != "desk" {
			w.Heard(loop)
		} else { // who is at the desk: the mailbox or a job
			w.Heard("mailbox")
			w.Heard("schedule")
		}
		step(name)
	}
}

// look looks each minute at how things are, for the figures and the alarms.
func (h *house) look(ctx context.Context) error {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		h.watch.Heard("look")
		if f, err := h.figures(ctx); h.grave(err) == nil {
			h.watch.Set(f)
		} else if ctx.Err() == nil {
			h.log.Error("cannot look at the database", "err", err)
		}
		if err := h.desk.Alarms(ctx, h.seen()); h.grave(err) != nil && ctx.Err() == nil {
			h.log.Error("cannot write an alarm", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// heartbeats asks alerts.heartbeat_url after a good pass, at most once a minute.
func (h *house) heartbeats(ctx context.Context) error {
	heart, failed := watch.NewHeart(h.cfg.Alerts.HeartbeatURL, nil), time.Time{}
	for heart != nil {
		select {
		case <-ctx.Done():
			return nil
		case <-h.good:
		}
		if !h.watch.Beats() {
			continue
		}
		failed = h.beat(ctx, heart, failed)
		pause := time.NewTimer(time.Minute)
		select {
		case <-ctx.Done():
		case <-pause.C:
		}
		pause.Stop()
	}
	<-ctx.Done()
	return nil
}

// beatOnce is for a single pass that went well.
func (h *house) beatOnce(ctx context.Context) error {
	heart := watch.NewHeart(h.cfg.Alerts.HeartbeatURL, nil)
	if heart == nil {
		return nil
	}
	f, err := h.figures(ctx)
	if err != nil {
		return err
	}
	h.watch.Set(f)
	h.watch.Passed(watch.IMAP, nil)
	if h.watch.Beats() {
		h.beat(ctx, heart, time.Time{})
	}
	return nil
}

// beat has the heart beat, and logs that it cannot once an hour. It returns when
// that was logged last.
func (h *house) beat(ctx context.Context, heart *watch.Heart, failed time.Time) time.Time {
	err := heart.Beat(ctx)
	if err == nil || ctx.Err() != nil {
		return time.Time{}
	}
	h.watch.Count(watch.HeartbeatsFailed, 1)
	if now := h.wall(); failed.IsZero() || now.Sub(failed) >= time.Hour {
		h.log.Warn("the heartbeat was not answered; it is asked again after the next pass", "err", err)
		return now
	}
	return failed
}

// diskLow is how little room is worth an alarm; on a small disk a tenth of it.
const diskLow = 256 << 20

func (h *house) figures(ctx context.Context) (watch.Figures, error) {
	disk := h.db.Disk()
	f := watch.Figures{Database: int64(disk.Used), DiskFree: int64(disk.Free),
		DiskLow: disk.All > 0 && disk.Free < min(diskLow, disk.All/10)}
	err := h.db.View(ctx, func(tx *store.Tx) (err error) {
		if f.Waiting, err = tx.Waiting(); err != nil {
			return err
		}
		if f.Stuck, err = tx.Stuck(desk.StuckAfter); err != nil {
			return err
		}
		oldest, err := tx.OldestDue()
		if err == nil && !oldest.IsZero() {
			f.Oldest = max(0, tx.Now().Sub(oldest))
		}
		if err != nil {
			return err
		}
		held, err := tx.HeldSince()
		if err != nil {
			return err
		}
		stopped, err := tx.ClockStopped()
		f.Held, f.ClockStopped = !held.IsZero(), !stopped.IsZero()
		if err != nil || h.cfg.Metrics.Listen == "" { // nobody asks for the rest
			return err
		}
		return h.owed(tx, &f)
	})
	return f, err
}

// owed counts what is open and what is late.
func (h *house) owed(tx *store.Tx, f *watch.Figures) error {
	today := complaint.DayOf(tx.Now(), h.cfg.Academy.Zone)
	return tx.Owed(func(c complaint.Case) error {
		if c.State != complaint.Closed {
			f.Open++
		}
		for _, p := range c.Promises {
			if p.Open() && p.Kind != complaint.Erase && p.Due < today {
				f.Overdue++
			}
		}
		return nil
	})
}

// seen is what goes on outside the database and is worth an alarm.
func (h *house) seen() (list []complaint.Alarm) {
	if minutes, long := h.watch.TooLong(watch.IMAP); long {
		list = append(list, complaint.Alarm{Kind: complaint.AlarmFetch, Count: minutes})
	}
	if days, soon := endsSoon(h.cfg, h.wall()); soon {
		list = append(list, complaint.Alarm{Kind: complaint.AlarmToken, Count: days})
	}
	if h.logins.refused() {
		list = append(list, complaint.Alarm{Kind: complaint.AlarmLogin})
	}
	if free, low := h.watch.DiskLow(); low {
		list = append(list, complaint.Alarm{Kind: complaint.AlarmDisk, Count: int(free >> 20)})
	}
	return list
}

// ahead are the days before a login ends on which somebody hears of it: twice in
// time to do it quietly, and each day of the last week.
func ahead(days int) bool { return days == 30 || days == 14 || days <= 7 }

// endsSoon says in how many days the first of the logins ends of which somebody is
// to hear today; a negative number is days ago.
func endsSoon(cfg config.Config, now time.Time) (days int, soon bool) {
	for _, o := range []*config.OAuth2{cfg.IMAP.OAuth2, cfg.SMTP.OAuth2} {
		if o == nil || o.ExpiresOn.IsZero() {
			continue
		}
		left := daysLeft(o, cfg.Academy.Zone, now)
		if ahead(left) && (!soon || left < days) {
			days, soon = left, true
		}
	}
	return days, soon
}

// daysLeft counts the days until a login ends.
func daysLeft(o *config.OAuth2, zone *time.Location, now time.Time) int {
	// a day of summer time has 23 or 25 hours
	return int(o.ExpiresOn.In(zone).Sub(midnight(now.In(zone))).Round(24*time.Hour) / (24 * time.Hour))
}

// tallied counts what became of a batch of messages.
func tallied(w *watch.Watch) func(desk.Tally) {
	return func(t desk.Tally) {
		for c, n := range map[watch.Counter]int{
			watch.Registered: t.Registered, watch.Followups: t.Followups, watch.Notes: t.Notes, watch.Commands: t.Commands, watch.Refused: t.Refused,
			watch.Duplicates: t.Duplicates, watch.Automatic: t.Automatic, watch.Bounces: t.Bounces, watch.Spam: t.Spam, watch.Quarantined: t.Quarantined,
		} {
			w.Count(c, n)
		}
	}
}

// posted counts what became of a letter.
func posted(w *watch.Watch) func(store.LetterState) {
	return func(s store.LetterState) {
		switch s {
		case store.Sent:
			w.Count(watch.LettersSent, 1)
		case store.FailedFor:
			w.Count(watch.LettersFailed, 1)
		}
	}
}

func built() watch.Build {
	v, c := revision()
	return watch.Build{Version: v, Commit: c, Go: runtime.Version()}
}
