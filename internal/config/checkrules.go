package config

import (
	"slices"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

func (c *checker) staff() {
	if len(c.cfg.Staff) == 0 {
		c.bad("staff", "nobody there; list one directeur and at least one binnendienst")
		return
	}
	seen := map[string]string{}
	for i, s := range c.cfg.Staff {
		at := item("staff", i)
		c.required(at+".name", s.Name, "write the name of the employee")
		c.required(at+".email", s.Email, "write the address of the employee")
		c.required(at+".role", string(s.Role), "use "+choice(s.Role.words()))
		c.staffAddress(at+".email", s.Email, seen)
		for j, a := range s.Aliases {
			field := item(at+".aliases", j)
			c.required(field, a, "write an address or leave the item out")
			c.staffAddress(field, a, seen)
		}
		for j, r := range s.Also {
			if r == s.Role || slices.Contains(s.Also[:j], r) {
				c.bad(item(at+".also", j), "%s is a role of this person already; leave it out", c.quote(item(at+".also", j)))
			}
		}
	}
	c.roles()
}

// staffAddress checks one address: each must lead to one person and to none of our own mailboxes.
func (c *checker) staffAddress(field, address string, seen map[string]string) {
	if address == "" {
		return
	}
	c.address(field, address)
	c.notOurs(field, address)
	key := strings.ToLower(address)
	if other, ok := seen[key]; ok {
		c.bad(field, "%s is %s already; an address belongs to one person, once", c.quote(field), other)
		return
	}
	seen[key] = field
}

// roles checks that each task has its people.
func (c *checker) roles() {
	directeurs, deputies := 0, 0
	for i, s := range c.cfg.Staff {
		at := item("staff", i)
		// An unreadable role may have been any: counting would mislead.
		if c.spoilt(at+".role") || c.said[at+".role"] || c.unreadable(at+".also", len(s.Also)) {
			return
		}
		if s.Has(RoleDirecteur) {
			if directeurs++; directeurs > 1 {
				c.bad(at+".role", "a second directeur; there is exactly one")
			}
		}
		if s.Deputy {
			if deputies++; deputies > 1 {
				c.bad(at+".deputy", "a second deputy; there is at most one")
			}
			if s.Has(RoleDirecteur) {
				c.bad(at+".deputy", "the directeur cannot stand in for the directeur; choose somebody else")
			}
		}
	}
	binnendienst := len(c.cfg.Binnendienst())
	switch {
	case directeurs == 0 && binnendienst == 0:
		c.bad("staff", "no directeur and no binnendienst; give these roles to somebody")
	case directeurs == 0:
		c.bad("staff", "no directeur; give one person role: directeur")
	case binnendienst == 0:
		c.bad("staff", "no binnendienst; give at least one person role: binnendienst or also: [binnendienst]")
	}
}

// unreadable reports whether a list, or one of its n items, could not be read.
func (c *checker) unreadable(field string, n int) bool {
	for i := range n {
		if c.spoilt(item(field, i)) {
			return true
		}
	}
	return c.spoilt(field)
}

func (c *checker) authentication() {
	a := &c.cfg.Authentication
	if a.Profile == ProfileRFC8601 && len(a.AuthservIDs) == 0 {
		state := "missing"
		if c.given("authentication.authserv_ids") {
			state = "empty"
		}
		c.bad("authentication.authserv_ids", "%s; profile rfc8601 needs the name that your mail server writes in Authentication-Results, such as [mx.example.nl]", state)
	}
	for i, id := range a.AuthservIDs {
		field := item("authentication.authserv_ids", i)
		if strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == ';' || r == '"' }) {
			c.bad(field, "%s is not a server's name; write one word such as mx.example.nl", c.quote(field))
		}
	}
	c.unique("authentication.authserv_ids", a.AuthservIDs)
	c.within("authentication.received_above", a.ReceivedAbove, 0, 20)
	for i, d := range a.Domains {
		field := item("authentication.domains", i)
		if d != "" && !validDomain(d) {
			c.bad(field, "%s is not a domain; write one such as example.nl", c.quote(field))
		}
	}
	c.unique("authentication.domains", a.Domains)
}

// mailDomains lower-cases the domains; when none are given, it takes those of the staff's addresses.
func mailDomains(given []string, staff []Staff) []string {
	var out []string
	for _, d := range given {
		out = append(out, strings.ToLower(d))
	}
	if len(out) > 0 {
		return out
	}
	for _, s := range staff {
		for _, a := range s.Addresses() {
			_, d, _ := strings.Cut(strings.ToLower(a), "@")
			if !slices.Contains(out, d) {
				out = append(out, d)
			}
		}
	}
	return out
}

func (c *checker) procedure() {
	p := &c.cfg.Procedure
	for _, list := range []struct {
		field string
		words []string
	}{{"procedure.categories", p.Categories}, {"procedure.causes", p.Causes}} {
		if len(list.words) == 0 {
			c.bad(list.field, "empty; list at least one, or leave the key out for the defaults")
		}
		c.unique(list.field, list.words)
	}
	for i, b := range p.ExternalBodies {
		at := item("procedure.external_bodies", i)
		c.required(at+".name", b.Name, "write the name of the body")
		if b.Address == "" && b.URL == "" {
			c.bad(at, "needs an address or a url, so that people can get there")
		}
		c.web(at+".url", b.URL)
		c.required(at+".verified_on", b.VerifiedOn.String(), "write the date on which somebody looked whether this is still right")
	}
}

// numbers checks every number that has no room of its own.
func (c *checker) numbers() {
	p, l := c.cfg.Procedure, c.cfg.Limits
	const maxDays, maxAcks = 3650, 1_000_000
	for _, n := range []struct {
		field            string
		value, low, high int
	}{
		{"procedure.react_within_days", p.ReactWithinDays, 1, maxDays},
		{"procedure.resolve_within_days", p.ResolveWithinDays, 1, maxDays},
		{"procedure.severe.react_within_days", p.Severe.ReactWithinDays, 1, maxDays},
		{"procedure.severe.resolve_within_days", p.Severe.ResolveWithinDays, 1, maxDays},
		{"procedure.retention_months", p.RetentionMonths, 1, 1200},
		{"procedure.keep_filed_days", p.KeepFiledDays, 1, maxDays},
		{"backup.keep_days", c.cfg.Backup.KeepDays, 1, 365},
		{"procedure.survey_after_days", p.SurveyAfterDays, 1, maxDays},
		{"procedure.default_extension_days", p.DefaultExtensionDays, 1, maxDays},
		{"procedure.undo_minutes", p.UndoMinutes, 0, 24 * 60},
		{"limits.acks_per_address_per_day", l.AcksPerAddressPerDay, 1, maxAcks},
		{"limits.acks_per_domain_per_day", l.AcksPerDomainPerDay, 1, maxAcks},
		{"limits.acks_per_hour", l.AcksPerHour, 1, maxAcks},
		{"limits.acks_per_day", l.AcksPerDay, 1, maxAcks},
		{"limits.burst", l.Burst, 1, maxAcks},
	} {
		c.within(n.field, n.value, n.low, n.high)
	}
}

func (c *checker) schedule() {
	s := c.cfg.Schedule
	for _, job := range []struct{ key, expr string }{
		{"deadlines", s.Deadlines}, {"delays", s.Delays}, {"survey", s.Survey}, {"digest", s.Digest}, {"retention", s.Retention},
	} {
		c.cron("schedule."+job.key, job.expr)
	}
}

// cron checks that an expression is one and that it fires.
func (c *checker) cron(field, expr string) {
	// The zone is the academy's, and TZ= without a space makes the parser panic.
	// @every counts from the start of the process, so it has no fixed moments.
	if strings.Contains(expr, "TZ=") || strings.HasPrefix(expr, "@every") {
		c.bad(field, "%s is not allowed; use five fields such as \"0 8 * * MON\", without TZ= or @every", c.quote(field))
		return
	}
	schedule, err := cron.ParseStandard(expr)
	spec, ok := schedule.(*cron.SpecSchedule)
	if err != nil || !ok {
		c.bad(field, "%s is not a cron expression; use five fields such as \"0 8 * * MON\" (minute, hour, day, month, weekday 0-6)", c.quote(field))
		return
	}
	// From a fixed day: an expression is right or wrong whenever it is looked at.
	// The parser searches five years ahead, which holds a 29 February.
	if spec.Next(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		c.bad(field, "%s never comes; there is no such day", c.quote(field))
		return
	}
	const twoAtNight = 1 << 2
	if spec.Hour&twoAtNight != 0 {
		c.warn(field, "runs between 02:00 and 03:00, an hour that is skipped in March and comes twice in October; better choose another")
	}
}
