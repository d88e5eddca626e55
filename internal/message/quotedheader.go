package message

import (
	"strings"
)

// A field of a header that a mail program put in the text: Outlook ("Van: …
// Verzonden: … Aan: … Onderwerp: …", with the labels between asterisks where bold
// text was made plain), Gmail and Apple Mail above what they pass on, Samsung,
// Zimbra (From, To, Sent, Subject), GMX and web.de (the date first), Lotus Notes.
type headerField uint8

const (
	noField   headerField = 0
	fromField headerField = 1 << iota
	dateField
	toField
	subjectField
	otherField

	// sentField is beside dateField where the label is one of mail, not of letters:
	// "Verzonden", not "Datum". rawField is a field that no person writes.
	sentField
	rawField
)

// fieldLabels are their names: the four languages of the clients here, then some
// that telephones of people here are set to (es, it, pt, pl, da, sv, tr).
var fieldLabels = map[string]headerField{
	"van": fromField, "from": fromField, "von": fromField, "de": fromField, "afzender": fromField, "absender": fromField,
	"expéditeur": fromField, "da": fromField, "od": fromField, "fra": fromField, "från": fromField, "kimden": fromField,

	"datum": dateField, "date": dateField, "fecha": dateField, "data": dateField, "tarih": dateField, "dato": dateField,

	"verzonden": dateField | sentField, "verzonden op": dateField | sentField, "verzonden om": dateField | sentField,
	"verstuurd": dateField | sentField, "verstuurd op": dateField | sentField, "sent": dateField | sentField, "sent at": dateField | sentField,
	"sent on": dateField | sentField, "date sent": dateField | sentField, "gesendet": dateField | sentField, "gesendet am": dateField | sentField,
	"envoyé": dateField | sentField, "envoyé le": dateField | sentField, "date d'envoi": dateField | sentField,
	"enviado": dateField | sentField, "enviado el": dateField | sentField, "enviada em": dateField | sentField, "inviato": dateField | sentField,
	"wysłano": dateField | sentField, "sendt": dateField | sentField, "skickat": dateField | sentField, "gönderilme": dateField | sentField,
	"gönderildi": dateField | sentField,

	"aan": toField, "to": toField, "an": toField, "à": toField, "naar": toField, "ontvanger": toField, "empfänger": toField,
	"destinataire": toField, "para": toField, "a": toField, "do": toField, "til": toField, "till": toField, "kime": toField,

	"onderwerp": subjectField, "subject": subjectField, "betreff": subjectField, "objet": subjectField, "betreft": subjectField,
	"sujet": subjectField, "asunto": subjectField, "oggetto": subjectField, "assunto": subjectField, "temat": subjectField,
	"emne": subjectField, "ämne": subjectField, "konu": subjectField,

	"cc": otherField, "kopie": otherField, "bcc": otherField, "kopie (cc)": otherField, "copie à": otherField, "cci": otherField,
	"bijlagen": otherField, "bijlage": otherField, "attachments": otherField, "anlagen": otherField, "pièces jointes": otherField,
	"prioriteit": otherField, "importance": otherField, "urgentie": otherField, "priority": otherField, "wichtigkeit": otherField,
	"priorität": otherField, "gevoeligheid": otherField, "sensitivity": otherField, "reply-to": otherField, "antwoord aan": otherField,
	"beantwoorden aan": otherField, "antwoordadres": otherField, "antwort an": otherField, "répondre à": otherField,
	"message-id": otherField | rawField, "mime-version": otherField | rawField, "content-type": otherField | rawField,
	"organisatie": otherField, "organization": otherField, "belang": otherField,
}

// fieldOf reads "Van: …", "*Van:* …", "Van : …" and "> Van: …".
func fieldOf(line string) (field headerField, value string) {
	line = strings.TrimLeft(line, " \t*>\u00a0")
	n := strings.IndexByte(line[:min(len(line), 40)], ':')
	if n <= 0 {
		return noField, ""
	}
	label := strings.Trim(line[:n], " *\t\u00a0\u202f")
	if len(label) > 24 {
		return noField, ""
	}
	if strings.Contains(label, "’") {
		label = strings.ReplaceAll(label, "’", "'")
	}
	field, ok := fieldLabels[label]
	if !ok {
		field = fieldLabels[strings.ToLower(label)]
	}
	return field, line[n+1:]
}

// A quotedHeader is one in the text.
type quotedHeader struct {
	end  int         // the line after it
	seen headerField // its fields, in one
	sure bool        // the time of day of the mail is in it
	mail bool        // an address is in it

	squeezed bool // all in one line, which may go on with the mail itself
}

// all four are in what nearly every program writes.
const allFields = fromField | dateField | toField | subjectField

// maxHeaderLines is enough for the long To field of a whole class.
const maxHeaderLines = 60

// headerAt finds a header in the text that starts at line i: From and two more of
// date, To and Subject, in any order, with nothing between them but the rest of
// long lines, and blank ones where HTML had a paragraph for each. end is 0 when
// there is none.
func (c *cutter) headerAt(i int) (h quotedHeader) {
	field, value := fieldOf(c.lines[i])
	if field&allFields == 0 && !strings.HasPrefix(c.lines[i], "-----") {
		return h
	}
	if h.seen, h.sure = fieldsWithin(c.lines[i]); h.isWhole() && h.sure {
		h.end, h.squeezed = i+1, true
		return h
	}
	if field == noField {
		return quotedHeader{}
	}
	h = quotedHeader{}
	h.take(field, value)
	end, last := i+1, field
	for k := i + 1; k < len(c.lines) && k < i+maxHeaderLines; k++ {
		field, value = fieldOf(c.lines[k])
		switch {
		case h.lacks(field):
			h.take(field, value)
			end, last = k+1, field
		case isBlank(unquoted(c.lines[k])):
			if !c.goesOn(k, h) {
				k = len(c.lines)
			}
		case field != noField || !isRestOfField(c.lines[k-1], c.lines[k]):
			k = len(c.lines)
		default:
			h.take(last, c.lines[k])
			end = k + 1
		}
	}
	if h.isWhole() {
		h.end = end
	}
	return h
}

func (h quotedHeader) isWhole() bool {
	if h.seen&fromField == 0 {
		return false
	}
	rest := h.seen & (dateField | toField | subjectField)
	return rest&(rest-1) != 0 // at least two
}

// lacks reports whether field is one that the header may go on with.
func (h quotedHeader) lacks(field headerField) bool {
	return field&otherField != 0 || field != noField && h.seen&field&allFields == 0
}

// take adds a field, or the rest of one.
func (h *quotedHeader) take(field headerField, value string) {
	value = value[:min(len(value), 2*maxMarked)]
	h.seen |= field
	h.sure = h.sure || field&dateField != 0 && hasClock(value)
	h.mail = h.mail || field&(fromField|toField) != 0 && strings.Contains(value, "@")
}

// isProgrammed reports whether a program wrote it beyond doubt. A letter may well
// begin "Van: Anna Bos, anna@post.example", "Aan: …", "Datum: 2 maart 2026".
func (h quotedHeader) isProgrammed() bool {
	return h.sure || h.seen&rawField != 0 || h.seen&sentField != 0 && (h.mail || h.seen&allFields == allFields)
}

// goesOn reports whether the header goes on below the blank line k.
func (c *cutter) goesOn(k int, h quotedHeader) bool {
	if k+1 >= len(c.lines) {
		return false
	}
	field, _ := fieldOf(c.lines[k+1])
	return h.lacks(field)
}

// isRestOfField finds the rest of a field, a list of addresses mostly.
func isRestOfField(above, line string) bool {
	above = strings.TrimRight(above, " \t\u00a0")
	switch {
	case isBlank(unquoted(above)):
		return false
	case strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t"):
		return true
	case strings.HasSuffix(above, ",") || strings.HasSuffix(above, ";"):
		return true
	}
	return len(above) >= 60 || len(line) < 200 && strings.Contains(line, "@") || strings.HasSuffix(above, ":")
}

// fieldsWithin finds the fields of a header that was squeezed into one line, as
// Samsung does ("-------- Original message --------From: Jan <…> Date: …").
func fieldsWithin(line string) (seen headerField, sure bool) {
	if len(line) < 40 || strings.Count(line[:min(len(line), 2*maxMarked)], ":") < 3 {
		return 0, false
	}
	before := ""
	for word := range strings.FieldsSeq(line[:min(len(line), 2*maxMarked)]) {
		word = strings.Trim(word, "*>-")
		if word == ":" { // French: "Envoyé :"
			word = before + ":"
		}
		if label, ok := strings.CutSuffix(word, ":"); ok {
			seen |= fieldLabels[strings.ToLower(label)]
		}
		before = word
	}
	return seen, hasClock(line[:min(len(line), 2*maxMarked)]) && seen&allFields == allFields
}
