package complaint

// Decide says what an event leads to. cases is the case it is about; none for a
// complaint that is new and for a fresh mail of staff. What it is given is not changed.
func Decide(cases []Case, e Event, p Policy) Decision {
	switch e := e.(type) {
	case Received:
		return buttons(receive(e, p), p, DayOf(e.Now, p.Zone))
	case Ordered:
		return buttons(order(cases, e, p), p, DayOf(e.Now, p.Zone))
	case Asked:
		return asked(e, p)
	}
	if len(cases) == 0 {
		return Decision{}
	}
	c := cases[0].clone()
	switch e := e.(type) {
	case Followed:
		return buttons(follow(c, e, p), p, DayOf(e.Now, p.Zone))
	case Noted:
		return buttons(noted(c, e, p), p, DayOf(e.Now, p.Zone))
	case Undelivered:
		return buttons(undelivered(c, e, p), p, DayOf(e.Now, p.Zone))
	case Delivered:
		return delivered(c, e)
	case Surveyed:
		return survey(c, e, p)
	case Scored:
		return buttons(scored(c, e, p), p, DayOf(e.Now, p.Zone))
	case Ticked:
		return buttons(tick(c, e.Now, p), p, DayOf(e.Now, p.Zone))
	case Released:
		return Decision{Cases: []Case{c}, Notes: []Note{{Event: "released"}}}
	}
	return Decision{Cases: []Case{c}}
}
