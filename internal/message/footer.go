package message

import (
	"strings"
)

// maxFooter is how many of the last paragraphs may be a footer: a disclaimer in
// two languages, and a word about trees.
const maxFooter = 5

// dropFooter drops the last paragraphs that no person wrote: about who may read
// the mail, about paper, of a virus scanner, of a mailing list. Something must be
// left above them.
func (c *cutter) dropFooter() {
	end := len(c.lines)
	for range maxFooter {
		start, stop := c.lastParagraph(end)
		if start <= 0 || !c.isFooter(start, stop) {
			break
		}
		end = start
	}
	if end == len(c.lines) || !c.hasAbove(end) {
		return
	}
	c.mark(end, len(c.lines))
	if i := c.lastKept(end); i > 0 && isRule(c.lines[i]) {
		c.mark(i, end)
	}
}

// lastKept is the last line above end that says something and was not dropped;
// -1: there is none.
func (c *cutter) lastKept(end int) int {
	i := end - 1
	for i >= 0 && (c.drop[i] || isBlank(c.lines[i])) {
		i--
	}
	return i
}

func (c *cutter) hasAbove(end int) bool {
	i := c.lastKept(end)
	for i >= 0 && isRule(c.lines[i]) {
		i = c.lastKept(i)
	}
	return i >= 0
}

// lastParagraph is the last one above end, of no more than 60 lines.
func (c *cutter) lastParagraph(end int) (start, stop int) {
	stop = c.lastKept(end) + 1
	for start = stop; start > 0 && start > stop-60; start-- {
		if line := c.lines[start-1]; c.drop[start-1] || isBlank(line) || isRule(line) && start < stop {
			break
		}
	}
	return start, stop
}

// isFooter looks at the first lines of a paragraph.
func (c *cutter) isFooter(start, stop int) bool {
	var parts []string
	for _, line := range c.lines[start:min(stop, start+12)] {
		parts = append(parts, strings.TrimSpace(line[:min(len(line), 4*maxMarked)]))
	}
	text := strings.ToLower(strings.TrimLeft(strings.Join(parts, " "), "*_-=# "))
	return isDisclaimer(text) || isNotice(text)
}

// isDisclaimer finds the paragraph about who may read a mail: it speaks of the
// mail at once and has at least two of the words of lawyers. A complaint that only
// says that it is confidential has one.
func isDisclaimer(text string) bool {
	if len(text) < 80 {
		return isDisclaimerHeading(text)
	}
	if !isDisclaimerHeading(text) && !hasPrefixFold(text, "de informatie ", "de in dit ", "dit e-mail", "dit bericht ", "deze e-mail", "deze email", "deze mail ",
		"dit mailbericht", "de inhoud van d", "aan dit bericht ", "aan deze e-mail ", "aan de inhoud ", "indien u n", "als u n", "this e-mail", "this email",
		"this message", "the information ", "the contents of this ", "the content of this ", "this communication", "if you are not", "if you have received",
		"diese e-mail", "diese nachricht", "die information", "der inhalt dieser", "ce message", "ce courriel", "cet e-mail", "cet email",
		"les informations ", "le contenu de ce", "privileged") {
		return false
	}
	return countWords(text, legalWords) >= 2
}

func isDisclaimerHeading(text string) bool {
	if len(text) > 80 {
		text = text[:80]
	}
	for _, heading := range [...]string{"disclaimer", "vertrouwelijkheidsclausule", "vertrouwelijkheidsverklaring", "confidentiality notice",
		"confidentiality:", "legal notice", "vertraulichkeitshinweis", "haftungsausschluss", "avis de confidentialité", "clause de confidentialité", "proclaimer"} {
		if after, ok := strings.CutPrefix(text, heading); ok {
			return after == "" || strings.ContainsAny(after[:1], " :.*_-")
		}
	}
	return false
}

var legalWords = []string{
	"vertrouwelijk", "uitsluitend bestemd", "uitsluitend voor", "uitsluitend bedoeld", "geadresseerde", "rechten worden ontleend", "rechten ontleend",
	"openbaarmaking", "verspreiding", "vermenigvuldiging", "niet toegestaan", "aansprakelijk", "ten onrechte", "abusievelijk", "per abuis",
	"te vernietigen", "te verwijderen", "afzender te ", "niet voor u bestemd",
	"confidential", "intended solely", "intended only", "intended recipient", "intended for", "privileged", "disclosure", "dissemination",
	"distribution", "prohibited", "liability", "liable", "in error", "unauthori", "addressee", "notify the sender", "delete",
	"vertraulich", "rechtlich geschützt", "adressat", "empfänger", "irrtümlich", "unbefugt", "nicht gestattet", "vernichten", "haftung",
	"confidentiel", "destinataire", "destiné exclusivement", "par erreur", "détruire", "interdit", "diffusion", "responsabilité",
}

func countWords(text string, words []string) (n int) {
	for _, word := range words {
		if strings.Contains(text, word) {
			n++
		}
	}
	return n
}

// isNotice finds the one about paper, a virus scanner's, and a mailing list's.
func isNotice(text string) bool {
	if len(text) > maxMarked {
		return false
	}
	switch {
	case strings.Contains(text, "print") && (strings.Contains(text, "milieu") || strings.Contains(text, "environment") ||
		strings.Contains(text, "umwelt") || strings.Contains(text, "environnement")):
		return hasPrefixFold(text, "denk ", "denkt u ", "please consider ", "think ", "consider ", "bitte ", "pensez ", "spaar ", "bespaar ", "is het ", "do you ",
			"before printing ", "avant d'imprimer ", "merci de ", "p ", "save ")
	case strings.HasPrefix(text, "virusvrij") || strings.HasPrefix(text, "virus-free") || strings.HasPrefix(text, "virenfrei") || strings.HasPrefix(text, "sans virus"):
		return len(text) < 100
	case strings.Contains(text, "avast") || strings.Contains(text, "avg"):
		return strings.Contains(text, "virus") && hasPrefixFold(text, "dit e-mailbericht", "this email has been checked", "diese e-mail wurde", "deze e-mail is gecontroleerd")
	case strings.Contains(text, " mailing list"):
		return strings.Contains(text, "http") && strings.Contains(text, "@") && len(strings.Fields(text)) < 20
	}
	return false
}
