package letter

import "klachtd/internal/complaint"

// The account of a quarter or a year, like the digest, has no field that could hold
// what anybody wrote (security.md 22).
type (
	account struct {
		From, Until              date
		Yearly                   bool
		Received, Closed, InTime int
		Severe, Outside, Days    int
		Asked, Answered          int
		Mean                     setting
		Categories               []tally
		Improvements             []improved
	}

	improved struct {
		Number    setting
		Due, Done date
		Effect    setting // a sentence of figures
	}
)

func (b *edition) accountOf(a *complaint.Account) account {
	if a == nil {
		return account{}
	}
	out := account{From: b.date(a.From), Until: b.date(a.Until), Yearly: a.Yearly, Received: a.Received, Closed: a.Closed, InTime: a.InTime,
		Severe: a.Severe, Outside: a.Outside, Days: a.Days, Asked: a.Asked, Answered: a.Answered, Mean: b.decimal(a.Mean)}
	for _, c := range a.Categories {
		out.Categories = append(out.Categories, tally{Name: oneLine(c.Name), N: c.N})
	}
	for _, i := range a.Improvements {
		out.Improvements = append(out.Improvements, improved{setting(i.Number), b.date(i.Due), b.date(i.Done), setting(i.Effect)})
	}
	return out
}

// sampleAccount is one of a year with everything in it.
func sampleAccount(effect string) *complaint.Account {
	return &complaint.Account{From: "2026-01-01", Until: "2026-12-31", Yearly: true, Received: 31, Closed: 29, InTime: 27, Severe: 2, Outside: 1, Days: 12,
		Asked: 26, Answered: 14, Mean: 3.9, Categories: []complaint.Tally{{Name: "Organisatie", N: 12}, {Name: "Trainer", N: 9}, {Name: "Locatie", N: 6}, {Name: "Overig", N: 4}},
		Improvements: []complaint.Improved{{Number: "M-1", Due: "2026-06-01", Done: "2026-05-20", Effect: effect}, {Number: "M-3", Due: "2026-11-26"}}}
}
