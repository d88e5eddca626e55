package main

import (
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"klachtd/internal/complaint"
	"klachtd/internal/config"
	"klachtd/internal/desk"
	"klachtd/internal/schedule"
	"klachtd/internal/store"
)

// hour is how check writes a moment.
const hour = "2006-01-02 15:04 MST"

func (r *checklist) people(cfg config.Config) {
	if _, ok := cfg.Deputy(); ok {
		r.ok("staff: %d, with a deputy for the directeur", len(cfg.Staff))
	} else {
		r.warn("staff: nobody stands in for the directeur; set deputy: true on one of them, for complaints about the directeur")
	}
	for _, b := range cfg.Procedure.ExternalBodies {
		if b.VerifiedOn.IsZero() {
			r.warn("external body %s: never verified; look at its address and fee and set verified_on", b.Name)
		}
	}
}

// holidaysShown are enough to see whose calendar it is.
const holidaysShown = 3

// days shows what zone, holidays, terms and schedule come to, as the next dates.
func (r *checklist) days(cfg config.Config, now time.Time) {
	p := policy(cfg)
	r.ok("clock: %s, time zone %s", now.In(p.Zone).Format(hour), p.Zone)
	today := complaint.DayOf(now, p.Zone)
	var free []string
	for d := today; len(free) < holidaysShown && d < today.Add(800); d = d.Add(1) {
		if p.Holiday(d) {
			free = append(free, string(d))
		}
	}
	r.ok("holidays: the next are %s", strings.Join(free, ", "))
	c := complaint.Decide(nil, complaint.Received{Now: now, At: now, Kind: complaint.External}, p).Cases[0]
	r.ok("terms: a complaint of today is to be taken by %s, answered in person by %s and solved by %s", c.Promise(complaint.Take).Due, c.ReactBy, c.ResolveBy)
	for _, j := range []struct{ name, spec string }{
		{desk.Deadlines, cfg.Schedule.Deadlines}, {desk.Delays, cfg.Schedule.Delays}, {desk.Survey, cfg.Schedule.Survey},
		{desk.Digest, cfg.Schedule.Digest}, {desk.Retention, cfg.Schedule.Retention},
	} {
		if next, err := schedule.Next(j.spec, now, p.Zone); err != nil || next.IsZero() {
			r.bad("schedule: %s never comes; change schedule.%s", j.name, j.name)
		} else {
			r.ok("schedule: %s next at %s", j.name, next.Format(hour))
		}
	}
}

// aheadOfTime is how many days before its end a login is worth a warning.
const aheadOfTime = 30

// logins says when the secrets end that tokens are asked for with.
func (r *checklist) logins(cfg config.Config, now time.Time) {
	var said []config.Date
	for _, l := range []struct {
		key string
		o   *config.OAuth2
	}{{"imap.oauth2", cfg.IMAP.OAuth2}, {"smtp.oauth2", cfg.SMTP.OAuth2}} {
		if l.o == nil || l.o.Provider != config.ProviderM365 || slices.Contains(said, l.o.ExpiresOn) {
			continue
		}
		said = append(said, l.o.ExpiresOn)
		left := daysLeft(l.o, cfg.Academy.Zone, now)
		switch {
		case l.o.ExpiresOn.IsZero():
			r.warn("login: %s.expires_on is not given: nobody is told before the secret or certificate ends", l.key)
		case left < 0:
			r.bad("login: the secret or certificate of %s ended on %s; make a new one in Entra (docs/microsoft365.md) and change expires_on", l.key, l.o.ExpiresOn)
		case left <= aheadOfTime:
			r.warn("login: the secret or certificate of %s ends in %d days, on %s; make a new one in Entra (docs/microsoft365.md) and change expires_on", l.key, left, l.o.ExpiresOn)
		default:
			r.ok("login: the secret or certificate of %s ends on %s; an alarm comes %d days before", l.key, l.o.ExpiresOn, aheadOfTime)
		}
	}
}

// little is how much room on the disk is worth a warning.
const little = 500 << 20

func (r *checklist) database(cfg config.Config) {
	s, err := store.Look(storeOptions(cfg, false))
	switch {
	case err != nil:
		r.bad("database: %v", err)
		return
	case !s.Exists:
		r.ok("database: %s will be made at the first start", cfg.Database.Path)
	case s.InUse:
		r.ok("database: %s, schema %d; a klachtd is at work on it", cfg.Database.Path, s.Version)
	default:
		r.ok("database: %s, schema %d", cfg.Database.Path, s.Version)
	}
	if s.Behind {
		r.bad("database: it is older than it once was; messages are registered, and nothing is sent before `klachtd recover`")
	}
	if s.Closed != "" {
		r.bad("rights: this user may not write to %s; run it as the daemon's user, or make the folder of the database for that user, 0700", s.Closed)
	} else {
		r.ok("rights: this user may write to the folder of the database")
	}
	switch {
	case s.All == 0: // it does not say
	case s.Free < little:
		r.warn("disk: only %d MB free for the database; klachtd waits when there is none left, and loses nothing", s.Free>>20)
	default:
		r.ok("disk: %d MB free for the database", s.Free>>20)
	}
}

// rights looks at the other folders that klachtd writes to.
func (r *checklist) rights(cfg config.Config) {
	var asked []string
	for _, o := range []*config.OAuth2{cfg.IMAP.OAuth2, cfg.SMTP.OAuth2} {
		if o == nil || o.TokenFile == "" || slices.Contains(asked, o.TokenFile) {
			continue
		}
		asked = append(asked, o.TokenFile)
		if dir := filepath.Dir(o.TokenFile); !mayWrite(dir) {
			r.bad("rights: this user may not write to %s, where oauth2.token_file is: a refresh token that the provider changes would be lost; make the folder that user's", dir)
		}
	}
}

// mayWrite asks whether we may make files in a folder: W_OK and X_OK of access(2).
func mayWrite(dir string) bool { return syscall.Access(dir, 2|1) == nil }
