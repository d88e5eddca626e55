package complaint

// Decide says what an event leads to. cases is the case it is about; none for a
// complaint that is new and for a fresh mail of staff. What it is given is not changed.
func Decide(cases []Case, e Event, p Policy) Decision {
	switch e := e.(type) {
	case Received:
		return buttons(receive(e, p), p, DayOf(e.Now, p.Zone))
	case Ordered:
		d := buttons(order(cases, e, p), p, DayOf(e.Now, p.Zone))
		for i := range d.Also {
			d.Also[i] = buttons(d.Also[i], p, DayOf(e.Now, p.Zone))
		}
		return d
	case Asked:
		return asked(e, p)
	}
	if len(cases) == 0 {
		return Decision{}
	}
	c := cases[0].clone()
	switch e := e.(type) {
	case Followed:
		return spoil(buttons(follow(c, e, p), p, DayOf(e.Now, p.Zone)), RefusedChanged)
	case Noted:
		return buttons(noted(c, e, p), p, DayOf(e.Now, p.Zone))
	case Undelivered:
		return spoil(buttons(undelivered(c, e, p), p, DayOf(e.Now, p.Zone)), RefusedChanged)
	case Delivered:
		return spoil(delivered(c, e), RefusedSent)
	case Surveyed:
		return spoil(survey(c, e, p), RefusedChanged)
	case Scored:
		return spoil(buttons(scored(c, e, p), p, DayOf(e.Now, p.Zone)), RefusedChanged)
	case Ticked:
		return spoil(buttons(tick(c, e.Now, p), p, DayOf(e.Now, p.Zone)), RefusedChanged)
	case Gathered:
		today := DayOf(e.Now, p.Zone)
		return buttons(gathered(c, e.Others, p, today), p, today)
	case Foretold:
		return spoil(foretell(c, e.Now, p), RefusedChanged)
	case Released:
		return Decision{Cases: []Case{c}, Notes: []Note{{Event: "released"}}}
	}
	return Decision{Cases: []Case{c}}
}
