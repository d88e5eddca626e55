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
// may be a line that the sender drew, so then little may follow. It also drops the
// line that telephones add, at the end and above a quote.
func (c *cutter) dropSignature(answer bool) {
	above := false
	for i := 0; i < len(c.lines); i++ {
		line := c.lines[i]
		if c.drop[i] || !isSignatureMark(line) || !above && !answer {
			above = above || !c.drop[i] && !isBlank(line)
			continue
		}
		end, words := i+1, 0
		for ; end < len(c.lines) && !c.drop[end]; end++ {
			if !isBlank(c.lines[end]) {
				words++
			}
		}
		if words <= maxSignature || line == "-- " && words <= 3*maxSignature {
			c.mark(i, end)
		}
		i = end - 1
	}
	c.dropDeviceLines()
}

// dropDeviceLines drops the lines of programs that stand last, or right above what
// is quoted.
func (c *cutter) dropDeviceLines() {
	last := true
	for i := len(c.lines) - 1; i >= 0; i-- {
		switch {
		case isBlank(c.lines[i]):
		case c.drop[i]:
			last = true
		case last && isDeviceLine(c.lines[i]):
			c.mark(i, i+1)
		default:
			last = false
		}
	}
}

// deviceBegins are how programs begin the line that they add, when nothing else
// can begin so.
var deviceBegins = []string{
	"verstuurd vanaf mijn ", "verzonden vanaf mijn ", "vanaf mijn iphone", "vanaf mijn ipad", "outlook voor ios", "outlook voor android",
	"download outlook voor ", "downloaden outlook voor ", "outlook downloaden voor ", "outlook voor mac", "haal outlook voor ",
	"sent from my ", "sent from outlook", "sent from mail for", "sent from yahoo", "sent with proton", "sent from proton",
	"sent from gmail", "sent with gmail", "sent from samsung", "get outlook for ", "sent from bluemail", "sent via the samsung", "sent from the new outlook",
	"von meinem iphone", "von meinem ipad", "von meinem android", "von meinem samsung", "von meinem smartphone", "von meinem handy",
	"von meinem mobiltelefon", "gesendet von meinem ", "gesendet von mail ", "gesendet von outlook", "von samsung mobile gesendet",
	"diese nachricht wurde von meinem ", "outlook für ", "laden sie outlook für ", "holen sie sich outlook für ",
	"envoyé de mon ", "envoyé depuis mon ", "télécharger outlook", "téléchargez outlook", "obtenez outlook", "obtenir outlook",
}

// deviceVerbs begin one too when the name of a program or a thing is in it:
// "Verzonden via PostNL" is no such line.
var (
	deviceVerbs = []string{
		"verzonden van", "verstuurd van", "verzonden met ", "verstuurd met ", "verzonden via ", "verstuurd via ", "dit bericht is verzonden ",
		"dit bericht is verstuurd ", "sent from ", "sent with ", "sent via ", "sent using ", "gesendet mit ", "gesendet von ", "gesendet über ",
		"gesendet aus ", "von meinem ", "envoyé à partir ", "envoyé depuis ", "envoyé avec ", "envoyé par ", "envoyé via ", "this email was sent ",
		"diese e-mail wurde ", "met ",
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
	if n := strings.IndexByte(line, '<'); n > 0 { // where the link leads
		line = strings.TrimSpace(line[:n])
	}
	line = strings.TrimLeft(line, "[ -_")
	if len(line) > 140 {
		return false
	}
	if hasPrefixFold(line, deviceBegins...) {
		return isShort(line)
	}
	if !hasPrefixFold(line, deviceVerbs...) || !isShort(line) {
		return false
	}
	low := strings.ToLower(line)
	for _, name := range deviceNames {
		if strings.Contains(low, name) {
			return true
		}
	}
	return false
}

// isShort tells such a line from a sentence that begins as it does: nothing but
// an excuse for its brevity comes after a first sentence.
func isShort(line string) bool {
	first, rest, _ := strings.Cut(line, ". ")
	if len(strings.Fields(first)) > 14 {
		return false
	}
	low := strings.ToLower(rest)
	for _, excuse := range [...]string{"excu", "kort", "brevity", "kürze", "typo", "typefout", "tik", "spel"} {
		if strings.Contains(low, excuse) {
			return true
		}
	}
	return rest == "" && !strings.ContainsAny(strings.TrimRight(line, ".!"), "?!;,")
}
