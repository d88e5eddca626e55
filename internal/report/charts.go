package report

import (
	"fmt"
	"strings"
)

// maxOpen is how many open cases stand in the chart: the most pressing ones.
const maxOpen = 12

// OpenChart shows open cases by age against their terms, most pressing first.
func OpenChart(f Figures, l Language) Chart {
	c := Chart{Name: "open", Title: l.say("Open klachten en hun termijn", "Open complaints and their terms")}
	if len(f.Open) == 0 {
		c.Words = l.say("Er zijn geen open klachten.", "There are no open complaints.")
		if f.OpenErased > 0 {
			c.Words = l.erasedSince(f.OpenErased)
		}
		return c
	}
	shown := f.Open[:min(maxOpen, len(f.Open))]
	a := across{legend: openLegend(shown, l)}
	most := 0
	for _, o := range shown {
		most = max(most, o.Age, o.Age+o.Left)
	}
	var words []string
	for _, o := range shown {
		term := o.Age + o.Left
		r := lying{name: o.Number, bold: o.Severe, track: float64(max(0, term)), mark: float64(max(0, term)), value: l.left(o.Left)}
		r.parts = []part{{float64(min(o.Age, max(0, term))), bar}, {float64(max(0, o.Age-max(0, term))), late}}
		a.rows = append(a.rows, r)
		line := o.Number + ": " + l.sayf("%s oud, %s", "%s old, %s", l.days(o.Age), l.left(o.Left)) + l.severely(o)
		words = append(words, line)
		c.Bars = append(c.Bars, blocks(float64(o.Age-max(0, -o.Left)), float64(most), wideBlocks, "█")+blocks(float64(-o.Left), float64(most), wideBlocks, "▓")+" "+line)
	}
	a.note = l.others(f.Open[len(shown):])
	if f.OpenErased > 0 {
		a.note = strings.TrimSpace(a.note + " " + l.erasedSince(f.OpenErased))
	}
	if a.note != "" {
		c.Bars = append(c.Bars, a.note)
	}
	c.Words = openWords(f.Open, l) + " " + strings.Join(words, "; ") + "."
	if a.note != "" {
		c.Words += " " + a.note
	}
	c.draw = a
	return c
}

// openLegend names what is there: the most pressing case stands first.
func openLegend(shown []Open, l Language) []legend {
	list := []legend{{bar, l.say("dagen sinds ontvangst", "days since receipt")}, {ink, l.say("einde termijn", "end of term")}}
	if shown[0].Late() {
		list = append(list, legend{late, l.say("te laat", "late")})
	}
	if shown[len(shown)-1].Left > 0 {
		list = append(list, legend{track, l.say("nog te gaan", "still to go")})
	}
	return list
}

func openWords(open []Open, l Language) string {
	overdue := 0
	for _, o := range open {
		overdue += one(o.Late())
	}
	if overdue == 0 {
		return l.sayf("%s open, alle binnen hun termijn.", "%s open, all within their terms.", l.complaints(len(open)))
	}
	return l.sayf("%s open, waarvan %d te laat.", "%s open, %d of them late.", l.complaints(len(open)), overdue)
}

// erasedSince says how many were open then, and are gone now.
func (l Language) erasedSince(n int) string {
	return l.sayf("%s van toen: inmiddels gewist.", "%s of that time: erased since.", l.complaints(n))
}

func (l Language) left(n int) string {
	switch {
	case n < 0:
		return l.sayf("%s te laat", "%s late", l.days(-n))
	case n == 0:
		return l.say("laatste dag", "last day")
	}
	return l.sayf("nog %s", "%s left", l.days(n))
}

func (l Language) severely(o Open) string {
	if o.Severe {
		return l.say(", ernstig", ", severe")
	}
	return ""
}

// others says what stands not in the chart.
func (l Language) others(rest []Open) string {
	if len(rest) == 0 {
		return ""
	}
	overdue := 0
	for _, o := range rest {
		overdue += one(o.Late())
	}
	if overdue == 0 {
		return l.sayf("En nog %d, alle met meer tijd.", "And %d more, all with more time.", len(rest))
	}
	return l.sayf("En nog %d, waarvan %d te laat.", "And %d more, %d of them late.", len(rest), overdue)
}

// YearChart shows twelve months: received, closed, and of those in time.
func YearChart(f Figures, l Language) Chart {
	c := Chart{Name: "year", Title: l.say("De laatste twaalf maanden", "The last twelve months")}
	var sum Month
	most := 0
	for _, m := range f.Months {
		sum.Received, sum.Closed, sum.InTime = sum.Received+m.Received, sum.Closed+m.Closed, sum.InTime+m.InTime
		most = max(most, m.Received, m.Closed)
	}
	if most == 0 {
		c.Words = l.say("In deze twaalf maanden is geen klacht ontvangen of afgehandeld.", "In these twelve months no complaint was received or closed.")
		return c
	}
	u := upright{legend: []legend{{pale, l.say("ontvangen", "received")}, {bar, l.say("op tijd afgehandeld", "closed in time")}}}
	if sum.Closed > sum.InTime {
		u.legend = append(u.legend, legend{late, l.say("te laat afgehandeld", "closed late")})
	}
	var words []string
	for i, m := range f.Months {
		p := pair{name: l.shortMonth(m.From), left: []part{{float64(m.Received), pale}}, right: []part{{float64(m.InTime), bar}, {float64(m.Closed - m.InTime), late}}}
		if i == 0 || m.From.Time().Month() == 1 {
			p.under = fmt.Sprint(m.From.Time().Year())
		}
		u.pairs = append(u.pairs, p)
		words = append(words, fmt.Sprintf("%s %d, %d, %d", l.shortMonth(m.From), m.Received, m.Closed, m.InTime))
		c.Bars = append(c.Bars, strings.TrimSpace(counted(m.Received, most, "░")+" "+
			l.sayf("%s: %d ontvangen, %d afgehandeld, %d op tijd", "%s: %d received, %d closed, %d in time", l.shortMonth(m.From), m.Received, m.Closed, m.InTime)))
	}
	if f.Months[0].From.Time().Month() == 12 {
		u.pairs[0].under = "" // it would touch that of January
	}
	c.Words = l.sayf("In twaalf maanden, tot en met %s, %s ontvangen en %d afgehandeld, waarvan %d op tijd. Per maand (ontvangen, afgehandeld, op tijd): %s.",
		"In twelve months, up to %s, %s received and %d closed, %d of them in time. By month (received, closed, in time): %s.",
		l.month(f.Period.To), l.complaints(sum.Received), sum.Closed, sum.InTime, strings.Join(words, "; "))
	c.draw = u
	return c
}

// maxNames is how many names stand in a chart; the rest is one bar.
const maxNames = 10

// CausesChart shows the causes as a Pareto chart: most first, with what they are
// together up to there.
func CausesChart(f Figures, l Language) Chart {
	c := Chart{Name: "causes", Title: l.say("Oorzaken", "Causes")}
	named, without := f.Causes, 0
	if n := len(named); n > 0 && named[n-1].Name == "" {
		named, without = named[:n-1], named[n-1].N
	}
	if len(named) == 0 {
		c.Words = l.say("Van geen klacht uit deze periode is de oorzaak al benoemd.", "Of no complaint of this period the cause has been named yet.")
		return c
	}
	sum, together, most := named.Sum(), 0, max(named[0].N, without)
	var a across
	var words []string
	for i, n := range fold(named, l) {
		together += n.N
		side := l.sayf("samen %s", "together %s", percent(together, sum))
		if i == 0 {
			side = percent(together, sum)
		}
		a.rows = append(a.rows, lying{name: n.Name, parts: []part{{float64(n.N), bar}}, value: fmt.Sprint(n.N), side: side})
		words = append(words, fmt.Sprintf("%s %d (%s)", n.Name, n.N, side))
		c.Bars = append(c.Bars, fmt.Sprintf("%s %s: %d (%s)", counted(n.N, most, "█"), n.Name, n.N, side))
	}
	if without > 0 {
		a.rows = append(a.rows, lying{name: l.named(""), parts: []part{{float64(without), pale}}, value: fmt.Sprint(without)})
		words = append(words, l.named("")+" "+fmt.Sprint(without))
		c.Bars = append(c.Bars, fmt.Sprintf("%s %s: %d", counted(without, most, "░"), l.named(""), without))
	}
	c.Words = l.sayf("Oorzaken van %s: %s.", "Causes of %s: %s.", l.complaints(f.Causes.Sum()), strings.Join(words, "; "))
	c.draw = a
	return c
}

// fold makes names fit to be read, and one bar of those beyond maxNames.
func fold(t Tally, l Language) Tally {
	var list Tally
	for i, c := range t {
		if i >= maxNames && len(t) > maxNames+1 {
			return append(list, Count{l.sayf("%d andere", "%d others", len(t)-i), t[i:].Sum()})
		}
		list = append(list, Count{plain(c.Name), c.N})
	}
	return list
}

// ContentChart shows how content people are, best first.
func ContentChart(f Figures, l Language) Chart {
	c := Chart{Name: "content", Title: l.say("Tevredenheid", "Satisfaction")}
	k := f.Content
	if k.Answered == 0 {
		c.Words = l.say("Nog niemand heeft gezegd hoe tevreden hij is.", "Nobody has said yet how content they are.")
		if k.Asked > 0 {
			c.Words = l.sayf("Het is %s gevraagd; nog niemand heeft geantwoord.", "It was asked %s; nobody has answered yet.", l.many(k.Asked, "keer", "keer", "time", "times"))
		}
		return c
	}
	most := 0
	for _, n := range k.Scores {
		most = max(most, n)
	}
	a := across{note: l.sayf("Gemiddeld %s van 5: %s op %s.", "On average %s of 5: %s to %s.", l.decimal(k.Mean(), 1),
		l.many(k.Answered, "antwoord", "antwoorden", "answer", "answers"), l.many(max(k.Asked, k.Answered), "vraag", "vragen", "question", "questions"))}
	var words []string
	for score := 5; score >= 1; score-- {
		n, t, sign := k.Scores[score-1], bar, "█"
		if score <= 2 {
			t, sign = late, "▓"
		}
		name := l.score(score)
		a.rows = append(a.rows, lying{name: name, parts: []part{{float64(n), t}}, value: fmt.Sprint(n)})
		words = append(words, fmt.Sprintf("%s: %d", name, n))
		c.Bars = append(c.Bars, strings.TrimSpace(fmt.Sprintf("%s %s: %d", counted(n, most, sign), name, n)))
	}
	c.Words = a.note + " " + strings.Join(words, "; ") + "."
	c.Bars = append(c.Bars, a.note)
	c.draw = a
	return c
}

func (l Language) score(n int) string {
	w := [...][2]string{{"1 zeer ontevreden", "1 very dissatisfied"}, {"2 ontevreden", "2 dissatisfied"}, {"3 neutraal", "3 neutral"},
		{"4 tevreden", "4 satisfied"}, {"5 zeer tevreden", "5 very satisfied"}}[n-1]
	return l.say(w[0], w[1])
}
