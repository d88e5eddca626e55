package message

import (
	"strings"
)

// maxSignature is how many lines are taken for a signature where the mark does
// not say so for certain.
const maxSignature = 10

// isSignatureMark finds "-- " (RFC 3676 4.3), and what is left of it where its
// space was taken off: HTML, and mail servers that trim lines.
func isSignatureMark(line string) bool {
	switch line {
	case "-- ", "--", "--\u00a0", "-- \u00a0":
		return true
	}
	return false
}

// dropSignature drops what follows the mark, up to a quote. Without its space it
// may be a line that the sender drew, so then little may follow, and no second
// one. It also drops the line that telephones add, at the end and above a quote.
func (c *cutter) dropSignature(answer bool) {
	above, drawn := false, c.countDrawn()
	for i := 0; i < len(c.lines); i++ {
		line := c.lines[i]
		if c.drop[i] || !isSignatureMark(line) || !above && !answer {
			above = above || !c.drop[i] && !isBlank(line)
			continue
		}
		limit := maxSignature
		if line == "-- " {
			limit *= 3
		} else if drawn > 1 {
			continue
		}
		if end := c.signatureEnd(i+1, limit); end > 0 {
			c.mark(i, end)
			i = end - 1
		}
	}
	c.dropDeviceLines()
}

// countDrawn counts the marks without a space that are left.
func (c *cutter) countDrawn() (n int) {
	for i, line := range c.lines {
		if !c.drop[i] && line != "-- " && isSignatureMark(line) {
			n++
		}
	}
	return n
}

// signatureEnd is where the signature ends that begins at line i; 0: it has more
// lines than limit, blank ones not counted, so it is none.
func (c *cutter) signatureEnd(i, limit int) int {
	end, said := i, 0
	for ; end < len(c.lines) && !c.drop[end]; end++ {
		if !isBlank(c.lines[end]) {
			said++
		}
		if said > limit || end-i > 10*maxSignature {
			return 0
		}
	}
	return end
}

// dropDeviceLines drops the lines of programs that stand last, or right above what
// is quoted, where they may have drawn a line too.
func (c *cutter) dropDeviceLines() {
	last, cut := true, false
	for i := len(c.lines) - 1; i >= 0; i-- {
		switch {
		case isBlank(c.lines[i]):
		case c.drop[i]:
			last, cut = true, true
		case last && (isDeviceLine(c.lines[i]) || cut && isRule(c.lines[i])):
			c.mark(i, i+1)
		default:
			last = false
		}
	}
}

// deviceBegins are how programs begin the line that they add, when nothing else
// can begin so.
var deviceBegins = []string{
	"verstuurd vanaf mijn ", "verzonden vanaf mijn ", "download outlook voor ", "downloaden outlook voor ", "sent from my ", "sent from outlook",
	"sent from mail for", "sent from yahoo", "sent with proton", "sent from proton", "get outlook for ", "gesendet von meinem ", "gesendet von mail für ",
	"laden sie outlook für ", "holen sie sich outlook für ", "envoyé de mon ", "envoyé depuis mon ", "télécharger outlook", "téléchargez outlook",
	"obtenez outlook", "obtenir outlook",
}

// deviceEnds end it where its beginning may well begin a complaint, as in "Vanaf
// mijn iPhone kon ik niet inloggen".
var deviceEnds = []struct{ begin, end string }{
	{"vanaf mijn ", "verzonden"}, {"vanaf mijn ", "verstuurd"}, {"van mijn ", "verzonden"}, {"van mijn ", "verstuurd"},
	{"von meinem ", "gesendet"}, {"von meiner ", "gesendet"}, {"von samsung ", "gesendet"}, {"diese nachricht wurde ", "gesendet"},
	{"diese e-mail wurde ", "gesendet"}, {"outlook voor ", "downloaden"}, {"outlook voor ", "ophalen"}, {"outlook für ", "beziehen"},
	{"outlook für ", "herunterladen"}, {"outlook für ", "laden"}, {"dit bericht is ", "verzonden"}, {"dit bericht is ", "verstuurd"},
}

// deviceVerbs begin one too when the name of a program or a thing is in it:
// "Verzonden via PostNL" is no such line.
var (
	deviceVerbs = []string{
		"verzonden van", "verstuurd van", "verzonden met ", "verstuurd met ", "verzonden via ", "verstuurd via ", "sent from ", "sent with ", "sent via ", "sent using ", "gesendet mit ", "gesendet von ", "gesendet über ",
		"gesendet aus ", "envoyé à partir ", "envoyé depuis ", "envoyé avec ", "envoyé par ", "envoyé via ",
	}
	deviceNames = []string{
		"iphone", "ipad", "ipod", "android", "samsung", "galaxy", "huawei", "honor", "xiaomi", "redmi", "oneplus", "fairphone", "nokia", "motorola",
		"pixel", "blackberry", "xperia", "smartphone", "telefoon", "toestel", "mobiel", "mobile", "handy", "tablet", "appareil", "téléphone",
		"outlook", "gmail", "yahoo", "proton", "tutanota", "tuta", "hotmail", "webmail", "mail app", "mail voor windows", "mail for windows",
		"mail für windows", "courrier pour windows", "k-9", "thunderbird", "bluemail", "aqua mail", "spark", "em client", "emclient", "gmx",
		"web.de", "windows phone", "airmail", "mailbird", "orange", "ziggo mail", "kpn mail",
	}
)

// maxDeviceLine is the longest such line, with the addresses of shops in it.
const maxDeviceLine = 240

// isDeviceLine finds what telephones and programs put under a mail.
func isDeviceLine(line string) bool {
	if len(line) > maxDeviceLine || len(line) < 10 {
		return false
	}
	line = bare(line)
	if before, after, ok := strings.Cut(line, "<"); ok { // where the link leads
		_, after, _ = strings.Cut(after, ">")
		line = strings.TrimSpace(before) + after
	}
	line = strings.TrimLeft(line, "[ -_")
	if len(line) > 140 || !isShort(line) {
		return false
	}
	if hasPrefixFold(line, deviceBegins...) {
		return true
	}
	low := strings.ToLower(line)
	first, _, _ := strings.Cut(low, ". ")
	for _, d := range deviceEnds {
		if strings.HasPrefix(low, d.begin) && strings.HasSuffix(strings.TrimRight(first, ".!"), d.end) {
			return true
		}
	}
	if !hasPrefixFold(low, deviceVerbs...) {
		return false
	}
	for _, name := range deviceNames {
		if strings.Contains(low, name) {
			return true
		}
	}
	return false
}

// isShort tells such a line from a sentence that begins as it does: nothing but
// an excuse for its brevity comes after it.
func isShort(line string) bool {
	first, rest, _ := strings.Cut(line, ". ") // not the point of WEB.DE
	if n := strings.IndexAny(first, ",?!;"); n >= 0 {
		first, rest = first[:n], first[n:]+rest
	}
	if len(strings.Fields(first)) > 14 {
		return false
	}
	low := strings.ToLower(rest)
	for _, excuse := range [...]string{"excu", "kort", "brevity", "kürze", "typo", "typefout", "tik", "spel", "sorry", "desktop"} {
		if strings.Contains(low, excuse) {
			return true
		}
	}
	return strings.Trim(rest, " !") == ""
}
