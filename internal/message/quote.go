package message

import (
	"strings"
)

// What mail programs write around the mail that they quote, in Dutch, English,
// German and French.

func isBlank(line string) bool { return strings.TrimSpace(line) == "" }

func isQuoted(line string) bool {
	return strings.HasPrefix(strings.TrimLeft(line, " \t"), ">") && !isGroupWise(line)
}

// isGroupWise finds ">>> Jan <…> 2-11-2026 10:12 >>>", above text without marks.
func isGroupWise(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) < 300 && strings.HasPrefix(line, ">>> ") && strings.HasSuffix(line, " >>>") && hasClock(line)
}

// isUnderscores finds the rule that Outlook draws above an older mail.
func isUnderscores(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) >= 10 && strings.Trim(line, "_") == ""
}

// attributions: how the line above a quote begins, and what else is in it.
var attributions = []struct{ begin, verb string }{
	{"op ", "schreef"}, {"op ", "heeft"}, {"op ", "geschreven"}, {"on ", "wrote"}, {"am ", "schrieb"}, {"le ", "a écrit"},
	{"le ", "a ecrit"}, {"il ", "ha scritto"}, {"el ", "escribió"},
}

// isAttribution finds "Op ma 2 nov. 2026 om 10:12 schreef Jan <…>:" in what stood
// on some lines, and the same with the name first, as Proton has it, on one.
func isAttribution(line string, lines int) bool {
	if len(line) > 400 || !strings.HasSuffix(line, ":") && !strings.HasSuffix(line, ": ") {
		return false
	}
	low := strings.ToLower(line)
	if !strings.ContainsAny(low, "0123456789@") {
		return false
	}
	for _, a := range attributions {
		if strings.HasPrefix(low, a.begin) && strings.Contains(low, a.verb) && strings.ContainsAny(low, "0123456789") {
			return true
		}
	}
	if lines > 1 || !strings.Contains(low, "@") && !hasClock(low) {
		return false
	}
	for _, end := range [...]string{"schreef:", "wrote:", "schrieb:", "a écrit :", "a écrit:", "het volgende geschreven:"} {
		if strings.HasSuffix(low, end) {
			return true
		}
	}
	return strings.Contains(low, " schreef op ")
}

// hasClock tells the line of a mail program, which has a time of day and a year or
// an address in it, from "Op 12 oktober schreef uw docent mij:". Only where quote
// marks follow is less enough.
func hasClock(line string) bool {
	clock, digits, year := false, 0, strings.Contains(line, "@")
	for i := range len(line) {
		if c := line[i]; '0' <= c && c <= '9' {
			digits++
			year = year || digits == 4
			continue
		}
		if digits > 0 && digits < 3 && (line[i] == ':' || line[i] == '.') && i+2 < len(line) &&
			'0' <= line[i+1] && line[i+1] <= '5' && '0' <= line[i+2] && line[i+2] <= '9' {
			clock = true
		}
		digits = 0
	}
	return clock && year
}

// between takes the hyphens off a divider: "-----Oorspronkelijk bericht-----".
func between(line string) string {
	line = strings.TrimSpace(line)
	if !strings.HasPrefix(line, "--") {
		return ""
	}
	return strings.ToLower(strings.Trim(line, "- \t"))
}

func isDivider(line string) bool {
	if isGroupWise(line) {
		return true
	}
	switch between(line) {
	case "oorspronkelijk bericht", "origineel bericht", "oorspronkelijke bericht", "original message", "originele e-mail",
		"ursprüngliche nachricht", "originalnachricht", "message d'origine", "message original", "reply message",
		"beantwoord bericht", "vorig bericht":
		return true
	}
	return false
}

func isForwardDivider(line string) bool {
	low := strings.ToLower(strings.TrimSpace(line))
	switch strings.TrimSuffix(low, ":") {
	case "begin doorgestuurd bericht", "begin forwarded message", "anfang der weitergeleiteten nachricht",
		"début du message transféré", "begin doorgestuurde bericht":
		return true
	}
	switch between(line) {
	case "forwarded message", "doorgestuurd bericht", "doorgestuurde bericht", "weitergeleitete nachricht",
		"message transféré", "doorgezonden bericht", "forwarded mail":
		return true
	}
	return false
}

// The names of header fields in the text of a mail.
var (
	fromLabels  = []string{"van", "from", "von", "de"}
	otherLabels = []string{
		"verzonden", "verstuurd", "datum", "aan", "onderwerp", "cc", "kopie", "sent", "date", "to", "subject",
		"gesendet", "an", "betreff", "envoyé", "à", "objet", "bcc", "bijlagen", "attachments", "prioriteit",
		"importance", "urgentie", "reply-to", "antwoord aan", "beantwoorden aan", "antwort an",
		"from", "van", "von", "de",
	}
)

// isHeaderLine finds "Van: …", "*Van:* …" and "Van : …".
func isHeaderLine(line string, labels []string) bool {
	line = strings.TrimLeft(line, " \t*>\u00a0")
	label, _, ok := strings.Cut(line[:min(len(line), 30)], ":")
	if !ok {
		return false
	}
	label = strings.ToLower(strings.Trim(label, " *\u00a0\t"))
	for _, l := range labels {
		if label == l {
			return true
		}
	}
	return false
}

// isDeviceLine finds what telephones and programs put under a mail.
func isDeviceLine(line string) bool {
	line = strings.TrimSpace(line)
	if len(line) > 160 {
		return false
	}
	return hasPrefixFold(line,
		"verstuurd vanaf mijn ", "verzonden vanaf mijn ", "verzonden vanuit ", "verstuurd vanuit ", "verstuurd met ",
		"verzonden met ", "verzonden via ", "verstuurd via ", "vanaf mijn ", "outlook voor ios downloaden",
		"outlook voor android downloaden", "download outlook voor ", "sent from my ", "sent from outlook", "sent from mail for",
		"sent from yahoo", "sent with proton", "sent from proton", "sent via ", "get outlook for ", "gesendet mit ",
		"von meinem ", "gesendet von ", "envoyé de mon ", "envoyé depuis ", "télécharger outlook")
}

// isDisclaimer finds the paragraph about who may read a mail.
func isDisclaimer(paragraph string) bool {
	low := strings.ToLower(strings.TrimLeft(paragraph, "*_-= "))
	if hasPrefixFold(low, "disclaimer", "vertrouwelijkheidsclausule", "confidentiality notice") {
		return true
	}
	if !hasPrefixFold(low, "de informatie ", "dit e-mailbericht ", "dit bericht ", "deze e-mail ", "this e-mail ", "this email ",
		"this message ", "the information ", "the contents of this ", "de inhoud van d", "diese e-mail ", "ce message ", "aan dit bericht ") {
		return false
	}
	for _, word := range [...]string{"vertrouwelijk", "uitsluitend bestemd", "geadresseerde", "geen rechten worden ontleend",
		"confidential", "intended solely", "intended recipient", "vertraulich", "confidentiel"} {
		if strings.Contains(low, word) {
			return true
		}
	}
	return false
}
