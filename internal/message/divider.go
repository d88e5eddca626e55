package message

import (
	"strings"
)

// What a divider says about the mail below it.
type divider uint8

const (
	noDivider  divider = iota
	answered           // the sender answers it
	passedOver         // he passes it on
)

// dividers are the words on the line between a mail and the older one, without
// their hyphens: Outlook's plain text, Samsung, Thunderbird, Proton ("-------
// Original Message -------"), Zimbra, eM Client ("------ Origineel bericht ------"),
// Roundcube ("-------- Oorspronkelijk bericht --------"), GMX and web.de, Gmail
// ("---------- Forwarded message ---------"), AOL and Orange ("-----E-mail
// d'origine-----").
var dividers = map[string]divider{
	"oorspronkelijk bericht": answered, "oorspronkelijke bericht": answered, "origineel bericht": answered,
	"originele bericht": answered, "oorspronkelijke e-mail": answered, "originele e-mail": answered, "beantwoord bericht": answered,
	"vorig bericht": answered, "oorspronkelijke afspraak": answered, "oorspronkelijk mailbericht": answered,
	"original message": answered, "original email": answered, "original e-mail": answered, "original mail": answered,
	"original appointment": answered, "reply message": answered, "replied message": answered,
	"ursprüngliche nachricht": answered, "originalnachricht": answered, "original-nachricht": answered,
	"original nachricht": answered, "originale nachricht": answered, "ursprünglicher termin": answered, "ursprüngliche e-mail": answered,
	"message d'origine": answered, "message original": answered, "message initial": answered, "e-mail d'origine": answered,
	"mail original": answered, "message originel": answered, "rendez-vous d'origine": answered,
	"messaggio originale": answered, "mensaje original": answered, "mensagem original": answered, "oryginalna wiadomość": answered,

	"forwarded message": passedOver, "forwarded mail": passedOver, "forwarded email": passedOver, "forwarded by": passedOver,
	"begin forwarded message": passedOver, "doorgestuurd bericht": passedOver, "doorgestuurde bericht": passedOver,
	"doorgezonden bericht": passedOver, "doorgestuurde e-mail": passedOver, "begin doorgestuurd bericht": passedOver,
	"begin doorgestuurde bericht": passedOver, "weitergeleitete nachricht": passedOver, "weitergeleitete e-mail": passedOver,
	"anfang der weitergeleiteten nachricht": passedOver, "anfang der weitergeleiteten e-mail": passedOver,
	"message transféré": passedOver, "message transmis": passedOver, "début du message transféré": passedOver,
	"début du message réexpédié": passedOver, "mail transféré": passedOver,
}

// bareDividers stand without hyphens: Apple Mail and the iPhone.
var bareDividers = []string{"begin ", "anfang der ", "début du "}

// dividerAt tells a divider from what people write: it has hyphens on both sides,
// or it is one of Apple's with its colon.
func dividerAt(line string) divider {
	if isGroupWise(line) {
		return answered
	}
	if line = unquoted(line); line == "" || !strings.ContainsAny(line[:1], "-=_*") && !strings.Contains(line[max(0, len(line)-4):], ":") {
		return noDivider
	}
	line = bare(line)
	if len(line) < 8 || len(line) > 200 {
		return noDivider
	}
	if hasPrefixFold(line, bareDividers...) && strings.HasSuffix(line, ":") {
		return dividers[strings.ToLower(strings.TrimSpace(strings.TrimSuffix(line, ":")))]
	}
	if words, ok := betweenHyphens(line); ok {
		if d := dividers[strings.TrimSuffix(strings.ToLower(words), ":")]; d != noDivider {
			return d
		}
		if isLotusForward(words) {
			return passedOver
		}
		if isAttribution(words) && hasClock(words) {
			return answered // Zoho: "---- On Mon, 02 Mar 2026 10:11:12 +0100 Jan <…> wrote ----"
		}
	}
	return noDivider
}

// betweenHyphens takes the hyphens off a divider: "-----Oorspronkelijk bericht-----".
func betweenHyphens(line string) (words string, ok bool) {
	if !strings.HasPrefix(line, "--") && !strings.HasPrefix(line, "==") && !strings.HasPrefix(line, "__") {
		return "", false
	}
	words = strings.Trim(line, "-=_ *")
	return words, words != "" && len(line)-len(words) >= 4
}

// isLotusForward finds Lotus Notes' "----- Forwarded by Jan/Academie on 02-03-2026
// 10:11 -----" in its languages.
func isLotusForward(words string) bool {
	return hasPrefixFold(words, "forwarded by ", "doorgestuurd door ", "weitergeleitet von ", "réacheminé par ") && hasClock(words)
}

// isGroupWise finds ">>> Jan <…> 2-11-2026 10:12 >>>", above text without marks.
func isGroupWise(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) < 300 && strings.HasPrefix(line, ">>> ") && strings.HasSuffix(line, " >>>") && hasClock(line)
}

// isRule finds the line that Outlook, its mobile apps and webmail draw above an
// older mail; Outlook on the web draws it with <hr>, of which nothing is left.
func isRule(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) >= 10 && (strings.Trim(line, "_") == "" || strings.Trim(line, "-") == "" || strings.Trim(line, "─") == "")
}
