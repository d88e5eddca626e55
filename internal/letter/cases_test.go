package letter

import (
	"time"

	"klachtd/internal/complaint"
)

var (
	noor = complaint.Party{Name: "Noor de Wit", Address: "noor@academie.example"}
	tess = complaint.Party{Name: "Tess Trainer", Address: "tess@academie.example"}
)

// staffName is the academy's list of staff.
func staffName(address string) string {
	for _, p := range []complaint.Party{bas, dewi, noor, tess} {
		if p.Address == address {
			return p.Name
		}
	}
	return ""
}

// busyCase is one in which people have been at work for three weeks.
func busyCase() complaint.Case {
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }
	return complaint.Case{
		Number: "K2026-482931", Kind: complaint.External, State: complaint.InProgress, Severity: complaint.Normal, Complainant: jan,
		Owner: dewi.Address, Handler: bas.Address, ReceivedAt: at(2, 8), ReactedAt: at(4, 10),
		ReactBy: "2026-11-09", ResolveBy: "2026-11-30", ExpectedOn: "2026-12-14",
		Concerned: []complaint.Concern{{Name: tess.Name, Address: tess.Address, Copy: complaint.CopySent}},
		Promises: []complaint.Promise{{Kind: complaint.Resolve, Due: "2026-12-14"}, {Kind: complaint.Answer, Due: "2026-11-20"},
			{Kind: complaint.Take, Due: "2026-11-04", FulfilledAt: at(3, 9)}},
		Dossier: complaint.Dossier{
			Course: "Excel gevorderd", Category: complaint.Judgement{Value: "Trainer", By: bas.Address}, ProposedCause: complaint.Judgement{Value: "Planning"},
			Form:          map[string]complaint.FormValue{"telefoon": {Value: "06 12 34 56 78"}},
			Talks:         []complaint.Remark{{By: bas.Address, At: at(5, 9), Day: "2026-11-05"}},
			Responses:     []complaint.Remark{{By: tess.Address, At: at(9, 9)}},
			Consultations: []complaint.Consultation{{By: bas.Address, At: at(10, 9), AnsweredBy: dewi.Address, AnsweredAt: at(11, 9)}},
			Extensions:    []complaint.Extension{{By: bas.Address, On: "2026-11-16", Until: "2026-12-14"}},
			Outbound:      []complaint.Outbound{{Ref: 1, Kind: complaint.LetterReply, By: bas.Address, AcceptedAt: at(4, 10)}},
		},
	}
}

func orders(kinds ...complaint.OrderKind) []complaint.Order {
	var list []complaint.Order
	for _, k := range kinds {
		list = append(list, complaint.Order{Kind: k})
	}
	return list
}

const (
	typedText = "Beste Jan,\n\nWat vervelend dat de les steeds te laat begon. We halen hem in op zaterdag 12 december.\n" +
		"Kijk op https://academie.example/rooster of het uitkomt.\n\nGroet,\nBas"
	asked = "De trainer zegt dat de sleutel van de zaal steeds weg was.\nMogen we een extra les aanbieden?"
)

// toComplainantSamples are letters with a person behind them, and the one without.
func toComplainantSamples() []sample {
	c, calm := busyCase(), original()
	calm.Enclosed = Enclosure{}
	files := original()
	closed := busyCase()
	closed.State, closed.Handler = complaint.Closed, noor.Address
	l := func(k complaint.LetterKind) complaint.Letter {
		return complaint.Letter{Kind: k, To: jan, By: bas.Address, Body: typedText, Ref: 2}
	}
	reply, delay, end, none := l(complaint.LetterReply), l(complaint.LetterDelay), l(complaint.LetterClosing), l(complaint.LetterClosing)
	reply.Files = 1
	delay.Day, delay.Body = "2027-01-04", "De trainer is ziek. We willen haar eerst spreken."
	end.Finding = complaint.Partly
	none.Finding, none.By = complaint.NoFinding, ""
	auto := complaint.Letter{Kind: complaint.LetterDelayAutomatic, To: jan, Day: "2026-12-28"}
	return []sample{
		{"reply", reply, c, files}, {"delay", delay, c, calm}, {"delay_automatic", auto, c, Original{}},
		{"closing", end, closed, calm}, {"closing-bare", none, closed, calm},
	}
}

func staffSamples() []sample {
	c, calm := busyCase(), original()
	calm.Enclosed, calm.OthersInCc = Enclosure{}, nil
	calm.Text += "Bel me op 06-12345678 of mail jan@voorbeeld.example, liefst voor 01-12-2026 om 10.00 uur.\r\n"
	fresh := busyCase()
	fresh.Handler, fresh.State, fresh.Promises = "", complaint.New, []complaint.Promise{{Kind: complaint.Take, Due: "2026-11-25"}, {Kind: complaint.React, Due: "2026-11-30"}}
	put := busyCase()
	put.State, put.Promises = complaint.AwaitingApproval, append(put.Promises, complaint.Promise{Kind: complaint.Approve, Due: "2026-11-25"})
	over := busyCase()
	over.State, over.Resolution = complaint.Closed, complaint.Resolved
	withdrawn := over
	withdrawn.Resolution = complaint.Withdrawn
	handle := orders(complaint.OrderReply, complaint.OrderClose, complaint.OrderExtend, complaint.OrderSpoke, complaint.OrderConsult, complaint.OrderCategory)
	decide := orders(complaint.OrderApprove, complaint.OrderReturn, complaint.OrderStatus)
	l := func(k complaint.LetterKind, to complaint.Party, next []complaint.Order, change func(*complaint.Letter)) complaint.Letter {
		v := complaint.Letter{Kind: k, To: to, By: bas.Address, Next: next}
		if change != nil {
			change(&v)
		}
		return v
	}
	missing := func(v *complaint.Letter) { v.Missing = []complaint.OrderKind{complaint.OrderFinding} }
	body := func(v *complaint.Letter) { v.Body = asked }
	own := orders(complaint.OrderResponse)
	return []sample{
		{"concerned", l(complaint.LetterConcerned, tess, own, func(v *complaint.Letter) { v.Copy = complaint.CopyFull }), c, calm},
		{"concerned-notice", l(complaint.LetterConcerned, tess, own, func(v *complaint.Letter) { v.Copy = complaint.CopyNotice }), c, calm},
		{"concerned-redacted", l(complaint.LetterConcerned, tess, own, func(v *complaint.Letter) { v.Copy, v.Body = complaint.CopyRedacted, asked }), c, calm},
		{"outcome", l(complaint.LetterOutcome, noor, decide, func(v *complaint.Letter) {
			v.Body, v.Comment, v.Finding = typedText, "Goed opgelost.", complaint.Founded
		}), over, calm},
		{"outcome-concerned", l(complaint.LetterOutcome, tess, own, func(v *complaint.Letter) { v.Finding = complaint.Founded }), over, calm},
		{"outcome-withdrawn", l(complaint.LetterOutcome, noor, decide, func(v *complaint.Letter) { v.Body = "Jan belde: het is opgelost." }), withdrawn, calm},
		{"assigned", l(complaint.LetterAssigned, noor, handle, missing), c, calm},
		{"handover", l(complaint.LetterHandover, noor, decide, func(v *complaint.Letter) { v.Handler = bas.Address }), c, calm},
		{"handover-nobody", l(complaint.LetterHandover, noor, orders(complaint.OrderTake, complaint.OrderAssign, complaint.OrderStatus), nil), fresh, calm},
		{"reopened", l(complaint.LetterReopened, noor, handle, body), c, calm},
		{"consult", l(complaint.LetterConsult, dewi, orders(complaint.OrderStatus, complaint.OrderSpoke, complaint.OrderReply), body), c, calm},
		{"consulted", l(complaint.LetterConsulted, bas, handle, func(v *complaint.Letter) { v.By, v.Body = dewi.Address, "Dat mag." }), c, calm},
		{"response", l(complaint.LetterResponse, bas, handle, func(v *complaint.Letter) { v.By, v.Body = tess.Address, "De sleutel was er niet." }), c, calm},
		{"approval", l(complaint.LetterApproval, dewi, decide, func(v *complaint.Letter) { v.Body, v.Finding, v.Files = typedText, complaint.Founded, 1 }), put, original()},
		{"approval-delay", l(complaint.LetterApproval, dewi, decide, func(v *complaint.Letter) { v.Body, v.Day = "De trainer is nog ziek.", "2027-01-11" }), put, calm},
		{"returned", l(complaint.LetterReturned, bas, handle, func(v *complaint.Letter) {
			v.By, v.Body, v.Comment = dewi.Address, typedText, "Noem ook het geld terug."
		}), c, calm},
		{"returned-stopped", l(complaint.LetterReturned, bas, handle, func(v *complaint.Letter) { v.By = dewi.Address }), c, calm},
		{"copy_ask", l(complaint.LetterCopyAsk, dewi, orders(complaint.OrderApprove, complaint.OrderWait, complaint.OrderStatus), func(v *complaint.Letter) {
			v.About = []complaint.Concern{{Name: tess.Name, Address: tess.Address, Copy: complaint.CopyWaiting}}
		}), c, calm},
		{"severe", l(complaint.LetterSevere, dewi, handle, body), c, calm},
		{"delayed", l(complaint.LetterDelayed, bas, handle, func(v *complaint.Letter) { v.By, v.Day = "", "2026-12-28" }), c, calm},
		{"delayed-agreed", l(complaint.LetterDelayed, bas, handle, func(v *complaint.Letter) { v.By, v.Day = dewi.Address, "2026-12-28" }), c, calm},
		{"overdue", l(complaint.LetterOverdue, dewi, handle, func(v *complaint.Letter) { v.Day = "2026-12-14" }), c, calm},
	}
}

func answerSamples() []sample {
	c, over := busyCase(), busyCase()
	over.State, over.ClosedAt, over.EraseOn, over.Cause = complaint.Closed, envelope.Date, "2027-05-23", complaint.Judgement{Value: "Planning"}
	over.Promises, over.Finding = []complaint.Promise{{Kind: complaint.Improvement, Due: "2026-12-23"}}, complaint.Judgement{Value: complaint.Founded}
	next := orders(complaint.OrderReply, complaint.OrderClose, complaint.OrderExtend)
	items := []complaint.Item{
		{Number: "K2026-482931", State: complaint.InProgress, Handler: bas.Address, Promise: complaint.Answer, Due: "2026-11-20", Late: true},
		{Number: "K2026-111118", State: complaint.New, Severe: true, Promise: complaint.Take, Due: "2026-11-24"},
		{Number: "K2026-222222", State: complaint.WithDirector, Handler: noor.Address, Promise: complaint.Resolve, Due: "2026-12-21"},
	}
	l := func(k complaint.LetterKind, change func(*complaint.Letter)) complaint.Letter {
		v := complaint.Letter{Kind: k, To: bas, Next: next}
		change(&v)
		return v
	}
	refusal := func(reason complaint.Reason, o complaint.Order, change func(*complaint.Refusal)) complaint.Refusal {
		r := complaint.Refusal{Order: o, Reason: reason}
		if change != nil {
			change(&r)
		}
		return r
	}
	held := envelope.Date.Add(5 * time.Minute)
	return []sample{
		{"receipt", l(complaint.LetterReceipt, func(v *complaint.Letter) {
			v.Receipt = complaint.Receipt{
				Lines: []complaint.Line{
					{Order: complaint.Order{Kind: complaint.OrderReply}},
					{Order: complaint.Order{Kind: complaint.OrderCategory, Value: "Organisatie"}, Old: "Trainer", New: "Organisatie"},
					{Order: complaint.Order{Kind: complaint.OrderFinding, Value: complaint.Founded}, New: complaint.Founded}},
				Letters: []complaint.Outgoing{{Kind: complaint.LetterReply, To: jan, At: held, Ref: 2}},
				Kind:    complaint.Resolve, Due: "2026-12-14"}
		}), c, original()},
		{"receipt-assigned", l(complaint.LetterReceipt, func(v *complaint.Letter) {
			v.Receipt = complaint.Receipt{
				Lines: []complaint.Line{{Order: complaint.Order{Kind: complaint.OrderAssign, Person: noor}, Old: bas.Address, New: noor.Address},
					{Order: complaint.Order{Kind: complaint.OrderAbout, Person: tess}, New: tess.Address}},
				Letters: []complaint.Outgoing{{Kind: complaint.LetterAssigned, To: noor}, {Kind: complaint.LetterConcerned, To: tess}},
				Kind:    complaint.Answer, Due: "2026-11-20"}
		}), c, Original{}},
		{"receipt-note", l(complaint.LetterReceipt, func(v *complaint.Letter) {
			v.Receipt = complaint.Receipt{Note: true, Hints: []complaint.Hint{complaint.HintMeantForC, complaint.HintInBody}}
			v.Next = orders(complaint.OrderReply, complaint.OrderTake, complaint.OrderStatus)
		}), c, Original{}},
		{"receipt-mailed", l(complaint.LetterReceipt, func(v *complaint.Letter) {
			v.Receipt = complaint.Receipt{Note: true, Hints: []complaint.Hint{complaint.HintMailed}}
			v.Next = orders(complaint.OrderMailed, complaint.OrderClose, complaint.OrderStatus)
		}), c, Original{}},
		{"receipt-all", l(complaint.LetterReceipt, func(v *complaint.Letter) {
			v.Receipt = complaint.Receipt{Lines: []complaint.Line{{Order: complaint.Order{Kind: complaint.OrderTake}, New: bas.Address}}, Card: true, Help: true, List: true,
				Hints: []complaint.Hint{complaint.HintCauseRepeats}, Kind: complaint.Answer, Due: "2026-11-20"}
			v.Items, v.May = items, []complaint.OrderKind{complaint.OrderReply, complaint.OrderClose, complaint.OrderExtend}
		}), c, Original{}},
		{"refused", l(complaint.LetterRefused, func(v *complaint.Letter) {
			v.Refusals = []complaint.Refusal{refusal(complaint.RefusedValue, complaint.Order{Kind: complaint.OrderCategory, Words: "#categorie trainr"},
				func(r *complaint.Refusal) { r.Allowed = []string{"Trainer", "Inhoud"} })}
			v.Next = nil
		}), c, Original{}},
		{"refused-close", l(complaint.LetterRefused, func(v *complaint.Letter) {
			v.Refusals = []complaint.Refusal{refusal(complaint.RefusedMissing, complaint.Order{Kind: complaint.OrderClose, Words: "#afgehandeld"}, func(r *complaint.Refusal) {
				r.Missing = []complaint.OrderKind{complaint.OrderCategory, complaint.OrderFinding, complaint.OrderClose}
				r.Fix = orders(complaint.OrderClose)
			})}
		}), c, Original{}},
		{"refused-two", l(complaint.LetterRefused, func(v *complaint.Letter) {
			v.Refusals = []complaint.Refusal{refusal(complaint.RefusedDate, complaint.Order{Kind: complaint.OrderExtend, Words: "#uitstel gisteren"},
				func(r *complaint.Refusal) { r.Day = "2026-12-14" }),
				refusal(complaint.RefusedWord, complaint.Order{Words: "#afhandele"}, func(r *complaint.Refusal) {
					r.Allowed, r.Fix = []string{"afhandelen"}, orders(complaint.OrderClose)
				})}
		}), c, Original{}},
		{"help", l(complaint.LetterHelp, func(v *complaint.Letter) { v.May = sampleOrders[:24] }), c, Original{}},
		{"help-bare", l(complaint.LetterHelp, func(v *complaint.Letter) {
			v.May, v.To = []complaint.OrderKind{complaint.OrderRegister, complaint.OrderHelp}, tess
			v.Next = []complaint.Order{{Kind: complaint.OrderHelp}, {Kind: complaint.OrderRegister}, {Kind: complaint.OrderRegister, Value: complaint.RegisterInternal}}
		}), complaint.Case{}, Original{}},
		{"card", l(complaint.LetterCard, func(v *complaint.Letter) { v.Missing = []complaint.OrderKind{complaint.OrderFinding} }), c, Original{}},
		{"card-closed", l(complaint.LetterCard, func(v *complaint.Letter) {
			v.Next = orders(complaint.OrderCause, complaint.OrderReopen, complaint.OrderReply)
		}), over, Original{}},
		{"list", l(complaint.LetterList, func(v *complaint.Letter) { v.Items, v.Rest, v.Next = items, 4, orders(complaint.OrderHelp) }), complaint.Case{}, Original{}},
		{"list-empty", l(complaint.LetterList, func(v *complaint.Letter) {
			v.Next = orders(complaint.OrderHelp, complaint.OrderList, complaint.OrderRegister)
		}), complaint.Case{}, Original{}},
		{"choice", l(complaint.LetterChoice, func(v *complaint.Letter) {
			v.Day = "2026-11-24"
			v.Next = []complaint.Order{{Kind: complaint.OrderRegister, Person: jan}, {Kind: complaint.OrderRegister, Value: complaint.RegisterInternal, Person: bas},
				{Kind: complaint.OrderNotComplaint}}
		}), complaint.Case{}, Original{}},
		{"challenge", l(complaint.LetterChallenge, func(v *complaint.Letter) {
			v.Receipt.Lines = []complaint.Line{{Order: complaint.Order{Kind: complaint.OrderAssign, Person: noor}}, {Order: complaint.Order{Kind: complaint.OrderSeverity, Value: "severe"}}}
		}), c, Original{}},
		{"forged", l(complaint.LetterForged, func(v *complaint.Letter) { v.By = bas.Address }), c, Original{}},
		{"forged-director", l(complaint.LetterForged, func(v *complaint.Letter) { v.By, v.To = bas.Address, dewi }), complaint.Case{}, Original{}},
	}
}
