package main

import "time"

// How far two clocks may be apart: beyond drift somebody hears of it, from wrong on
// dates, codes and what may still be acknowledged go wrong.
const (
	drift = 2 * time.Minute
	wrong = time.Hour
)

// apart compares a server's clock, which showed at some moment between from and to,
// with ours.
func (r *checklist) apart(whose string, at, from, to time.Time) {
	by, way := time.Duration(0), ""
	switch {
	case at.Before(from):
		by, way = from.Sub(at), "behind"
	case at.After(to):
		by, way = at.Sub(to), "ahead of"
	}
	say := r.warn
	switch {
	case by <= drift:
		r.ok("clock: %s and ours agree", whose)
		return
	case by >= wrong:
		say = r.bad
	}
	say("clock: %s is %s %s ours; let this machine keep time by NTP (timedatectl set-ntp true): terms, codes and acknowledgements go by its clock", whose, by.Round(time.Second), way)
}

// future looks at when the newest message arrived by the server's clock: that can
// only show that ours is behind. Programs may give what they put there a date of
// their own, hence never more than a warning.
func (r *checklist) future(newest, now time.Time) {
	if by := newest.Sub(now); by > drift {
		r.warn("clock: the newest message of the mailbox arrived %s from now, by the server's clock; if no program has put it there, let this machine keep time by NTP (timedatectl set-ntp true)", by.Round(time.Second))
	}
}
