package letter

import (
	"strconv"

	"klachtd/internal/complaint"
)

type (
	// satisfaction is the question and its reminder.
	satisfaction struct {
		Number  number
		Answers []rating
	}

	// A rating is one of the five links of the question: it opens a mail whose
	// subject says all.
	rating struct {
		Score int
		Link  target
	}

	external struct {
		Number number
		CallBy date // somebody calls; "" when nobody is to
		Bodies []body
	}

	score struct {
		facts
		Score  int
		Text   passage
		Other  bool // from another address: not counted
		CallBy date
	}
)

// answersOf are the links of the question, the best first. The code in the subject
// is no secret of ours: it only says that whoever answers was asked.
func (b *edition) answersOf(c complaint.Case) []rating {
	var list []rating
	for n := complaint.MaxScore; n >= complaint.MinScore; n-- {
		list = append(list, rating{n, b.mailTo(b.answer(n, c), nil)})
	}
	return list
}

// answer is the subject of an answer to the question: the score, the number and
// the code of the case.
func (b *edition) answer(score int, c complaint.Case) string {
	return tongues[b.language].answer + " " + strconv.Itoa(score) + " [" + c.Number + "] code " + c.Survey.Code
}

func (b *edition) bodies() []body {
	var list []body
	for _, x := range b.academy.ExternalBodies {
		list = append(list, body{setting(x.Name), setting(x.Address), setting(x.URL), setting(x.Fee), b.date(x.VerifiedOn)})
	}
	return list
}
