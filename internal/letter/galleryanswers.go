package letter

import (
	"slices"
	"time"

	"klachtd/internal/complaint"
)

// answers are what a command gets, and questions about one.
func (s scene) answers() []sample {
	return slices.Concat(s.receipts(), []sample{s.lastReceipt()}, s.refusals(), s.others())
}

// answer is a letter to who gave a command, with what one does next.
func answer(k complaint.LetterKind, change func(*complaint.Letter)) complaint.Letter {
	l := complaint.Letter{Kind: k, To: bas, Next: orders(complaint.OrderReply, complaint.OrderClose, complaint.OrderExtend)}
	change(&l)
	return l
}

// galleryItems are the cases of a list.
var galleryItems = []complaint.Item{
	{Number: "K2026-482931", State: complaint.InProgress, Handler: bas.Address, Promise: complaint.Answer, Due: "2026-11-20", Late: true},
	{Number: "K2026-111118", State: complaint.New, Severe: true, Promise: complaint.Take, Due: "2026-11-24"},
	{Number: "K2026-222222", State: complaint.WithDirector, Handler: noor.Address, Promise: complaint.Resolve, Due: "2026-12-21"},
}

func (s scene) receipts() []sample {
	c := s.busyCase()
	return []sample{
		{"receipt", answer(complaint.LetterReceipt, func(v *complaint.Letter) {
			v.Receipt = complaint.Receipt{
				Lines: []complaint.Line{
					{Order: complaint.Order{Kind: complaint.OrderReply}},
					{Order: complaint.Order{Kind: complaint.OrderCategory, Value: s.other}, Old: s.category, New: s.other},
					{Order: complaint.Order{Kind: complaint.OrderFinding, Value: complaint.Founded}, New: complaint.Founded}},
				Letters: []complaint.Outgoing{{Kind: complaint.LetterReply, To: jan, At: galleryTime.Add(5 * time.Minute), Ref: 2}},
				Kind:    complaint.Resolve, Due: "2026-12-14"}
		}), c, s.original()},
		{"receipt-assigned", answer(complaint.LetterReceipt, func(v *complaint.Letter) {
			v.Receipt = complaint.Receipt{
				Lines: []complaint.Line{{Order: complaint.Order{Kind: complaint.OrderAssign, Person: noor}, Old: bas.Address, New: noor.Address},
					{Order: complaint.Order{Kind: complaint.OrderAbout, Person: tess}, New: tess.Address}},
				Letters: []complaint.Outgoing{{Kind: complaint.LetterAssigned, To: noor}, {Kind: complaint.LetterConcerned, To: tess}},
				Kind:    complaint.Answer, Due: "2026-11-20"}
		}), c, Original{}},
		{"receipt-note", answer(complaint.LetterReceipt, func(v *complaint.Letter) {
			v.Receipt = complaint.Receipt{Note: true, Hints: []complaint.Hint{complaint.HintMeantForC, complaint.HintInBody}}
			v.Next = orders(complaint.OrderReply, complaint.OrderTake, complaint.OrderStatus)
		}), c, Original{}},
		{"receipt-mailed", answer(complaint.LetterReceipt, func(v *complaint.Letter) {
			v.Receipt = complaint.Receipt{Note: true, Hints: []complaint.Hint{complaint.HintMailed}}
			v.Next = orders(complaint.OrderMailed, complaint.OrderClose, complaint.OrderStatus)
		}), c, Original{}},
		{"receipt-all", answer(complaint.LetterReceipt, func(v *complaint.Letter) {
			v.Receipt = complaint.Receipt{Lines: []complaint.Line{{Order: complaint.Order{Kind: complaint.OrderTake}, New: bas.Address}}, Card: true, Help: true, List: true,
				Hints: []complaint.Hint{complaint.HintCauseRepeats}, Kind: complaint.Answer, Due: "2026-11-20"}
			v.Items, v.May = galleryItems, []complaint.OrderKind{complaint.OrderReply, complaint.OrderClose, complaint.OrderExtend}
		}), c, Original{}},
	}
}

// lastReceipt is of commands that bring cases together, and see to what comes after.
func (s scene) lastReceipt() sample {
	line := func(k complaint.OrderKind, value, was, now string) complaint.Line {
		return complaint.Line{Order: complaint.Order{Kind: k, Value: value}, Old: was, New: now}
	}
	return sample{"receipt-after", answer(complaint.LetterReceipt, func(v *complaint.Letter) {
		v.Receipt = complaint.Receipt{
			Lines: []complaint.Line{line(complaint.OrderMerge, "K2026-111118", "", "K2026-111118"),
				line(complaint.OrderExternal, complaint.OutsideFiled, string(complaint.Closed), string(complaint.Escalated)),
				line(complaint.OrderAction, "", "", "M7"), line(complaint.OrderPrivacy, "", "", "2026-12-23"),
				line(complaint.OrderHold, "", "2027-01-04", "2027-05-23")},
			Letters: []complaint.Outgoing{{Kind: complaint.LetterOutside, To: dewi}}, Kind: complaint.Request, Due: "2026-12-23",
			Hints: []complaint.Hint{complaint.HintSilent}}
		v.Next = orders(complaint.OrderStatus, complaint.OrderExternal, complaint.OrderReply)
	}), s.busyCase(), Original{}}
}

func (s scene) refusals() []sample {
	c := s.busyCase()
	refusal := func(reason complaint.Reason, o complaint.Order, change func(*complaint.Refusal)) complaint.Refusal {
		r := complaint.Refusal{Order: o, Reason: reason}
		change(&r)
		return r
	}
	return []sample{
		{"refused", answer(complaint.LetterRefused, func(v *complaint.Letter) {
			v.Refusals = []complaint.Refusal{refusal(complaint.RefusedValue, complaint.Order{Kind: complaint.OrderCategory, Words: s.slip},
				func(r *complaint.Refusal) { r.Allowed = []string{s.category, s.near} })}
			v.Next = nil
		}), c, Original{}},
		{"refused-close", answer(complaint.LetterRefused, func(v *complaint.Letter) {
			v.Refusals = []complaint.Refusal{refusal(complaint.RefusedMissing, complaint.Order{Kind: complaint.OrderClose, Words: s.closing}, func(r *complaint.Refusal) {
				r.Missing = []complaint.OrderKind{complaint.OrderCategory, complaint.OrderFinding, complaint.OrderClose}
				r.Fix = orders(complaint.OrderClose)
			})}
		}), c, Original{}},
		{"refused-two", answer(complaint.LetterRefused, func(v *complaint.Letter) {
			v.Refusals = []complaint.Refusal{refusal(complaint.RefusedDate, complaint.Order{Kind: complaint.OrderExtend, Words: s.late},
				func(r *complaint.Refusal) { r.Day = "2026-12-14" }),
				refusal(complaint.RefusedWord, complaint.Order{Words: s.unknown}, func(r *complaint.Refusal) {
					r.Allowed, r.Fix = []string{s.fix}, orders(complaint.OrderClose)
				})}
		}), c, Original{}},
	}
}

// others are answers to questions, and questions to staff.
func (s scene) others() []sample {
	c, over := s.busyCase(), s.busyCase()
	over.State, over.ClosedAt, over.EraseOn, over.Cause = complaint.Closed, galleryTime, "2027-05-23", complaint.Judgement{Value: s.cause}
	over.Promises, over.Finding = []complaint.Promise{{Kind: complaint.Improvement, Due: "2026-12-23"}}, complaint.Judgement{Value: complaint.Founded}
	return []sample{
		{"help", answer(complaint.LetterHelp, func(v *complaint.Letter) { v.May = sampleOrders[:24] }), c, Original{}},
		{"help-bare", answer(complaint.LetterHelp, func(v *complaint.Letter) {
			v.May, v.To = []complaint.OrderKind{complaint.OrderRegister, complaint.OrderHelp}, tess
			v.Next = []complaint.Order{{Kind: complaint.OrderHelp}, {Kind: complaint.OrderRegister}, {Kind: complaint.OrderRegister, Value: complaint.RegisterInternal}}
		}), complaint.Case{}, Original{}},
		{"card", answer(complaint.LetterCard, func(v *complaint.Letter) { v.Missing = []complaint.OrderKind{complaint.OrderFinding} }), c, Original{}},
		{"card-closed", answer(complaint.LetterCard, func(v *complaint.Letter) {
			v.Next = orders(complaint.OrderCause, complaint.OrderReopen, complaint.OrderReply)
		}), over, Original{}},
		{"list", answer(complaint.LetterList, func(v *complaint.Letter) { v.Items, v.Rest, v.Next = galleryItems, 4, orders(complaint.OrderHelp) }), complaint.Case{}, Original{}},
		{"list-empty", answer(complaint.LetterList, func(v *complaint.Letter) {
			v.Next = orders(complaint.OrderHelp, complaint.OrderList, complaint.OrderRegister)
		}), complaint.Case{}, Original{}},
		{"choice", answer(complaint.LetterChoice, func(v *complaint.Letter) {
			v.Day = "2026-11-24"
			v.Next = []complaint.Order{{Kind: complaint.OrderRegister, Person: jan}, {Kind: complaint.OrderRegister, Value: complaint.RegisterInternal, Person: bas},
				{Kind: complaint.OrderNotComplaint}}
		}), complaint.Case{}, s.calm()},
		{"challenge", answer(complaint.LetterChallenge, func(v *complaint.Letter) {
			v.Receipt.Lines = []complaint.Line{{Order: complaint.Order{Kind: complaint.OrderAssign, Person: noor}}, {Order: complaint.Order{Kind: complaint.OrderSeverity, Value: "severe"}}}
		}), c, Original{}},
		{"forged", answer(complaint.LetterForged, func(v *complaint.Letter) { v.By = bas.Address }), c, Original{}},
		{"forged-director", answer(complaint.LetterForged, func(v *complaint.Letter) { v.By, v.To = bas.Address, dewi }), complaint.Case{}, Original{}},
	}
}
