package message

import (
	"slices"
	"strings"
)

// An older is where an older mail begins in the text.
type older struct {
	end        int // the line after its divider, header or attribution; 0: there is none
	divider    divider
	marked     bool // HTML says that one begins here
	header     quotedHeader
	attributed bool
}

func (o older) begins() bool { return o.end > 0 || o.marked || o.header.end > 0 }

// olderAt looks for a divider, a header or an attribution that begins at line i.
func (c *cutter) olderAt(i int, answer bool) (o older) {
	o.divider = dividerAt(c.lines[i])
	start := i
	if _, o.marked = slices.BinarySearch(c.older, i); o.marked {
		o.end = i // nothing of it is a header yet
	}
	if o.divider != noDivider || isRule(c.lines[i]) {
		start = c.next(i + 1)
		if o.divider != noDivider {
			o.end = i + 1
		}
	}
	if start < len(c.lines) && start <= i+4 {
		if h := c.headerAt(start); h.end > 0 {
			o.header, o.end = h, h.end
			return o
		}
	}
	if o.divider == noDivider && start == i {
		if end, ok := c.attributionFrom(i, answer); ok {
			o.end, o.attributed = end, true
		}
	}
	return o
}

// attributionFrom finds an attribution that begins at line i, above text without
// quote marks.
func (c *cutter) attributionFrom(i int, answer bool) (end int, ok bool) {
	for last := i; last < min(i+maxAttribution, len(c.lines)); last++ {
		line := strings.TrimRight(c.lines[last], " \t*\u00a0\u202f")
		if c.drop[last] || line == "" {
			return 0, false
		}
		if !strings.HasSuffix(line, ":") {
			continue
		}
		from, found := c.attribution(last)
		if !found || from != i {
			return 0, false
		}
		parts := make([]string, 0, maxAttribution)
		for k := from; k <= last; k++ {
			parts = append(parts, bare(c.lines[k]))
		}
		return last + 1, isUnmarkedAttribution(strings.Join(parts, " "), answer)
	}
	return 0, false
}

// dropForwardHeader sees to mail that is passed on without a word above it: that
// is what the sender has to say, so it stays, with whatever it quotes itself, and
// only its header goes.
func (c *cutter) dropForwardHeader(answer, forward bool) bool {
	start := c.skipEmpty(0)
	last := min(start+1, len(c.lines))
	if start < len(c.lines) && isSignatureMark(c.lines[start]) {
		last = min(start+maxSignature, len(c.lines)) // his signature is all that stands above it
	}
	for i := start; i < last; i++ {
		if end, ok := c.forwardAt(i, answer, forward); ok {
			c.mark(0, c.skipMarked(end))
			return true
		}
	}
	return false
}

// forwardAt reports whether a passed on mail begins at line i, and where its
// header ends.
func (c *cutter) forwardAt(i int, answer, forward bool) (end int, ok bool) {
	o := c.olderAt(i, answer)
	if o.header.squeezed {
		o.end = i // its header is on one line with the rest
	}
	return o.end, o.begins() && (o.divider == passedOver || forward || o.divider == answered && !answer)
}

// skipMarked goes over blank lines, with a quote mark or without.
func (c *cutter) skipMarked(i int) int {
	for i > 0 && i < len(c.lines) && isBlank(unquoted(c.lines[i])) {
		i++
	}
	return i
}

// skipEmpty goes over lines from i that say nothing: blank ones, and what a
// telephone adds.
func (c *cutter) skipEmpty(i int) int {
	for i < len(c.lines) && (isBlank(c.lines[i]) || isDeviceLine(c.lines[i]) || isRule(c.lines[i]) && !c.olderAt(i, true).begins()) {
		i++
	}
	return i
}

// dropHistory drops everything from where an older mail begins that has no quote
// marks. With marks, dropQuotes did it and what is between them stays.
func (c *cutter) dropHistory(answer bool) {
	above := false // whether the sender wrote something above
	for i := 0; i < len(c.lines); i++ {
		if c.drop[i] || isBlank(c.lines[i]) {
			continue
		}
		o := c.olderAt(i, answer)
		if !o.begins() || o.divider == noDivider && !c.isCertain(o, answer, i) {
			above = above || !isDeviceLine(c.lines[i])
			continue
		}
		if !answer && !above && o.divider == noDivider {
			return // "Van: … Aan: …" heads his own letter
		}
		if next := c.next(o.end); next < len(c.lines) && c.drop[next] {
			c.mark(i, o.end)
			i = o.end - 1
			continue
		}
		c.mark(i, len(c.lines))
		return
	}
}

// isCertain weighs what begins at line i without a divider. Where nothing is
// answered it must be what a program wrote beyond doubt: people head their letters
// too, and forms on web sites give their fields such names.
func (c *cutter) isCertain(o older, answer bool, i int) bool {
	if o.attributed || o.marked {
		return true
	}
	if answer {
		return o.header.isProgrammed() || isRule(c.lines[i])
	}
	return o.header.isProgrammed() && c.endsHeader(o.header.end) && !c.isForm(o.header.end)
}

// endsHeader finds the blank line below a header, or below the rest of a subject.
func (c *cutter) endsHeader(i int) bool {
	return i+1 >= len(c.lines) || isBlank(c.lines[i]) || isBlank(c.lines[i+1])
}

// isForm finds the field of a form that holds what somebody wrote in it.
func (c *cutter) isForm(i int) bool {
	if i = c.next(i); i == len(c.lines) {
		return false
	}
	return hasPrefixFold(bare(c.lines[i]), "bericht:", "uw bericht:", "message:", "message body:", "vraag:", "opmerking:", "opmerkingen:",
		"toelichting:", "klacht:", "uw klacht:", "omschrijving:", "nachricht:", "naam:", "name:", "telefoon:")
}
