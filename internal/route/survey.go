package route

import (
	"crypto/subtle"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"klachtd/internal/complaint"
	"klachtd/internal/message"
)

// answerLink is the subject of an answer to the question to C as our link fills it
// in, whatever words stand around: a number, the case, the code.
var answerLink = regexp.MustCompile(`(?i)\b(\d{1,3})\s*\[?K\d{4}-\d{6,}\]?\s+code\s+([a-z0-9]{10})\b`)

// linked reads such a subject; false when it is none. The score may be any number:
// people change what they send.
func linked(subject string) (score int, code string, ok bool) {
	m := answerLink.FindStringSubmatch(subject)
	if m == nil {
		return 0, "", false
	}
	score, err := strconv.Atoi(m[1])
	return score, strings.ToLower(m[2]), err == nil
}

func isScore(n int) bool { return complaint.MinScore <= n && n <= complaint.MaxScore }

// knowsCode reports whether a subject holds the code of this case.
func knowsCode(c complaint.Case, code string) bool {
	return c.Survey.Code != "" && subtle.ConstantTimeCompare([]byte(c.Survey.Code), []byte(code)) == 1
}

// answers makes a reply of the complainant an answer to the question, when it is
// one: by the link, or as a reply to the question whose first line is a score. Any
// other reply is a later mail, which a person reads.
func (v *Verdict) answers(m message.Message, c complaint.Case, sent Sent) {
	score, code, byLink := linked(m.Subject)
	byLink = byLink && knowsCode(c, code)
	switch {
	case byLink:
		v.Proven, v.Reason = true, ""
	case sent.Kind == complaint.LetterSatisfaction || sent.Kind == complaint.LetterSatisfactionReminder:
		score = firstScore(m.NewText)
	default:
		return
	}
	if isScore(score) {
		v.What, v.Score, v.Text = Answered, score, explained(m.NewText)
	}
}

// byCode takes an answer with the code of a case from another address, and one
// that leads nowhere any more: neither is a complaint, and neither is answered
// (security.md 18, 19). What somebody adds in words to the latter is one.
func (k Known) byCode(m message.Message, from complaint.Party) (v Verdict, done bool, err error) {
	score, code, ok := linked(m.Subject)
	if !ok {
		return Verdict{}, false, nil
	}
	v = Verdict{What: Answered, Folder: Handled, From: from, Reason: "answer to a question that is gone"}
	c, found, err := k.number(complaint.FindNumber(m.Subject))
	switch {
	case err != nil:
		return v, false, err
	case found && knowsCode(c, code) && isScore(score):
		v.CaseID, v.Score, v.Text, v.Reason, v.Other = c.ID, score, explained(m.NewText), "from another address", true
		return v, true, nil
	}
	return v, explained(m.NewText) == "", nil
}

// maxExplanation is how much of an explanation is kept with the score, in bytes;
// the mail itself is kept whole.
const maxExplanation = 16 << 10

// explained is what C wrote beside the score.
func explained(text string) string {
	text = strings.TrimSpace(text)
	if firstScore(text) != 0 { // the score is known; what follows it explains
		first, rest, _ := strings.Cut(text, "\n")
		if bare(first) {
			text = strings.TrimSpace(rest)
		}
	}
	for len(text) > maxExplanation {
		text = strings.ToValidUTF8(text[:maxExplanation], "")
	}
	return text
}

// contents are the words of the scores, as people write them.
var contents = [...][]string{
	1: {"heel ontevreden", "zeer ontevreden", "erg ontevreden", "helemaal niet tevreden", "absoluut niet tevreden", "very dissatisfied", "very unsatisfied", "not satisfied at all", "één", "one"},
	2: {"ontevreden", "niet tevreden", "dissatisfied", "unsatisfied", "not satisfied", "twee", "two"},
	3: {"neutraal", "niet tevreden niet ontevreden", "niet tevreden en niet ontevreden", "niet tevreden maar ook niet ontevreden", "neutral", "neither satisfied nor dissatisfied", "drie", "three"},
	4: {"tevreden", "satisfied", "vier", "four"},
	5: {"heel tevreden", "zeer tevreden", "erg tevreden", "helemaal tevreden", "super tevreden", "very satisfied", "vijf", "five"},
}

var (
	opening = regexp.MustCompile(`^(?:(?:mijn|my) )?(?:(?:antwoord|answer|cijfer|score|beoordeling|rating)(?: is)?|ik ben|we zijn|wij zijn|ben|i am|i'm|we are|(?:ik geef|wij geven|we geven|i give|i rate)(?: jullie| u| het| you| it| this)?)? ?[:=]? ?(?:een |a )?`)
	digits  = regexp.MustCompile(`^(\d{1,3})(?: ?/ ?5| ?(?:van|uit|op|out of|of) (?:de )?(?:5|vijf|five)| ster(?:ren)?| stars?)?(?:$| ?- )`)
	unclear = regexp.MustCompile(`^\d+(?:[.,]\d|[.)] *[a-z])`) // four and a half; the first point of a list
	closing = regexp.MustCompile(`(?:[.,;!:(]| omdat | want | because | maar | but ).*$`)
)

// firstScore reads a score from the first line of a text: a number alone, "een 4",
// "4/5", "heel tevreden". 0 when it is none: a number in a sentence is not read,
// since it may be anything.
func firstScore(text string) int {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	line := strings.ToLower(strings.Join(strings.Fields(first), " "))
	if len(line) > 300 {
		return 0
	}
	line = line[len(opening.FindString(line)):]
	if unclear.MatchString(line) {
		return 0
	}
	short := strings.TrimSpace(closing.ReplaceAllString(line, ""))
	if strings.HasPrefix(short, "niet tevreden") && strings.Contains(line, "niet ontevreden") {
		short = "neutraal"
	}
	if m := digits.FindStringSubmatch(short); m != nil {
		n, _ := strconv.Atoi(m[1])
		if isScore(n) {
			return n
		}
		return 0
	}
	for n, words := range contents {
		if slices.Contains(words, short) {
			return n
		}
	}
	return 0
}

// bare reports whether a line holds a score and nothing that explains it.
func bare(line string) bool {
	return len(strings.Fields(line)) <= 6 && !strings.ContainsAny(strings.TrimRight(strings.TrimSpace(line), ".!"), ".,;!:(")
}
