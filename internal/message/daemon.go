package message

import (
	"strings"

	gomessage "github.com/emersion/go-message"
)

// Delivery reports without a standard form: who may hand one in, and the words by
// which one is known. People forward reports and quote them, so the words count in
// the mail of a mail system alone.

type verdict int

const (
	notBounce verdict = iota
	delayed
	failed
)

// isDaemon says that the sender is a mail system for certain: by its address, by
// the name that mail systems go by, or by a field that only they write.
func isDaemon(m *Message, h gomessage.Header) bool {
	if h.Has("X-Failed-Recipients") || h.Has("X-Ms-Exchange-Message-Is-Ndr") {
		return true
	}
	for _, a := range m.From {
		local, _, _ := strings.Cut(strings.ToLower(a.Address), "@")
		switch local {
		case "mailer-daemon", "mail-daemon", "mdaemon", "mailerdaemon", "mailer_daemon",
			"microsoftexchange329e71ec88ae4615bbc36ab6ce41109e":
			return true
		}
		if hasPrefix(a.Name, []string{"mail delivery s", "mail deliver system", "mailer-daemon", "mailer daemon", "mail-daemon"}) {
			return isMailRole(local) || isNullReturn(h)
		}
	}
	return false
}

// isMailRole finds addresses behind which a mail system or the person who looks
// after it stands. A noreply is none: web forms send the words of people from it.
func isMailRole(local string) bool {
	switch local {
	case "postmaster", "post_master", "post-master", "mailadmin", "mailsystem", "mail-system", "mailmaster", "sysadmin", "system", "root", "mail",
		"administrator", "mailerdaemon", "mail.delivery", "postoffice", "daemon", "bounce", "bounces",
		"double-bounce", "mailer":
		return true
	}
	return false
}

// hasRole says that a From address is of the kind that mail systems use.
func hasRole(m *Message) bool {
	for _, a := range m.From {
		if local, _, _ := strings.Cut(strings.ToLower(a.Address), "@"); isMailRole(local) {
			return true
		}
	}
	return false
}

// How the subjects of reports begin. What follows may be the subject of the mail
// that was not delivered, so it is not looked at.
var (
	delaySubjects = []string{
		"warning: message", "warning: could not send message", "delayed mail", "delivery delayed", "message delayed", "mail delivery delayed",
		"mail delivery warning", "delivery status notification (delay)", "delivery status notification: delayed", "bezorging vertraagd", "vertraagd:",
		"levering vertraagd", "zustellung verzögert", "verzögert:", "transient delivery", "delivery delay",
	}
	failSubjects = []string{
		"undeliver", "mail delivery", "mail undeliverable", "mail could not", "mail system error", "mail failure", "delivery status", "delivery failure",
		"delivery failed", "delivery has failed", "delivery report", "delivery notification", "delivery error", "delivery problem", "email delivery",
		"e-mail delivery", "email not delivered", "failure notice", "failure delivery", "failed mail", "failed delivery", "failed to deliver", "permanent delivery",
		"returned mail", "returned to sender", "returned:", "message delivery", "message undeliver", "message could not", "message not delivered",
		"message you sent", "message status - undeliverable", "message rejected", "message blocked", "your message could not", "your message couldn't",
		"your mail could not", "non-delivery", "non delivery", "nondeliverable", "non-remis", "non remis", "échec de la remise", "échec de remise",
		"notification d'état de remise", "message non distribué", "avis de non-remise", "rejected:", "rejected mail", "not delivered", "unable to deliver",
		"could not deliver", "cannot deliver", "could not send message", "notice: mail delivery", "[postmaster]", "[bounce]", "bounced mail",
		"**message you sent blocked", "invalid recipient", "unknown user", "user unknown", "smtp error",
		"onbestelbaar", "niet bezorgd", "niet afgeleverd", "bezorging mislukt", "mislukte bezorging", "bezorgen mislukt", "bericht niet bezorgd",
		"e-mail niet bezorgd", "mail niet bezorgd", "postvak vol", "mailbox vol", "mailbox full", "mailbox is full", "quota exceeded", "over quota",
		"unzustellbar", "nicht zugestellt", "nicht zustellbar", "zustellung fehlgeschlagen", "fehlgeschlagene zustellung", "nachricht unzustellbar",
	}
)

// What the texts of reports say, above the copy of the mail.
var (
	delayWords = []string{
		"this is a warning message only", "has not yet been delivered", "has not been delivered yet", "could not yet be delivered", "not been delivered to",
		"will be retried", "will continue to try", "will continue trying", "will keep trying", "still trying", "still being retried",
		"you do not need to resend", "do not need to resend", "no action is required on your part", "could not be delivered for", "delivery is delayed",
		"has been delayed", "delivery incomplete", "is vertraagd", "wordt vertraagd", "nog niet bezorgd", "nog niet afgeleverd", "nog steeds geprobeerd",
		"wordt nog geprobeerd", "opnieuw proberen", "opnieuw geprobeerd", "wird weiterhin versucht", "noch nicht zugestellt",
	}
	failWords = []string{
		"this is the qmail-send program", "i wasn't able to deliver", "was not able to deliver", "not been able to deliver", "message could not be delivered",
		"unable to deliver", "mail delivery failed", "delivery has failed", "delivery failed", "delivery to the following", "could not be delivered",
		"couldn't be delivered", "wasn't delivered", "was not delivered", "not be delivered", "had permanent fatal errors", "permanent error", "permanent failure",
		"permanently failed", "failed permanently", "cannot be delivered", "can't be delivered", "cannot deliver", "undeliverable", "undelivered", "returned mail",
		"returned to sender", "failure notice", "delivery failure", "did not reach", "non remis", "n'a pas pu être", "unzustellbar", "konnte nicht zugestellt",
		"nicht zugestellt werden", "onbestelbaar", "niet worden bezorgd", "niet bezorgd", "niet worden afgeleverd", "niet afgeleverd", "mailbox is full",
		"mailbox full", "mailbox for", "quota exceeded", "over quota", "exceeded the quota", "exceeded storage", "exceeds the maximum", "insufficient disk",
		"postvak is vol", "postvak vol", "mailbox is vol", "mailbox vol", "user unknown", "unknown user", "no such user", "user not found", "unknown address",
		"address not found", "adres niet gevonden", "does not exist", "bestaat niet", "bounced", "has been rejected", "was rejected", "has been blocked", "were not delivered",
		"delivery errors", "delivery problems", "error sending your mail", "trouble delivering", "could not be sent", "not listed in", "failure reasons",
		"empfänger unbekannt", "host unknown", "transcript of session follows", "returning message to sender", "invalid recipient", "recipient rejected",
	}
)

// bounceWords finds reports by their words. Of a mail system for certain the
// subject or the text is enough. Of others the subject has to be that of a report,
// and two of these have to agree with it: an address of the kind that mail systems
// use, an empty return path or the field of a machine, the mail that is returned.
func bounceWords(m *Message, w *walker, h gomessage.Header) verdict {
	if autoSubject(m.Subject) {
		return notBounce
	}
	lateTitle, title := hasPrefix(m.Subject, delaySubjects), hasPrefix(m.Subject, failSubjects)
	if !isDaemon(m, h) {
		if !title && !lateTitle {
			return notBounce // most mail ends here
		}
		machine := isNullReturn(h) || isAutoSubmitted(h)
		if count(hasRole(m), machine, w.original != nil || lineID(m.Text, "message-id:", "original-message-id:") != "") < 2 {
			return notBounce
		}
	}
	low := strings.Join(strings.Fields(strings.ToLower(aboveCopy(m.Text))), " ")
	switch {
	case lateTitle || containsAny(low, delayWords):
		return delayed
	case title || h.Has("X-Failed-Recipients") || containsAny(low, failWords):
		return failed
	}
	return notBounce
}

func count(facts ...bool) (n int) {
	for _, f := range facts {
		if f {
			n++
		}
	}
	return n
}

// aboveCopy is the text of a report without the mail that it returns, in which
// the words of reports may stand too, and within 3,000 bytes.
func aboveCopy(text string) string {
	text = text[:min(len(text), 3000)]
	end := 0
	for line := range strings.Lines(text) {
		low := strings.ToLower(strings.TrimLeft(line, "> \t|"))
		if end > 0 && hasPrefix(low, []string{"return-path:", "received:", "from:", "message-id:", "mime-version:", "dkim-signature:", "subject:"}) {
			return text[:end]
		}
		end += len(line)
	}
	return text
}
