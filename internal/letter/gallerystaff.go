package letter

import "klachtd/internal/complaint"

// toStaff are letters about what people did.
func (s scene) toStaff() []sample {
	c, calm := s.busyCase(), s.calm()
	calm.Text += s.contact
	fresh := s.busyCase()
	fresh.Handler, fresh.State, fresh.Promises = "", complaint.New, []complaint.Promise{{Kind: complaint.Take, Due: "2026-11-25"}, {Kind: complaint.React, Due: "2026-11-30"}}
	put := s.busyCase()
	put.State, put.Promises = complaint.AwaitingApproval, append(put.Promises, complaint.Promise{Kind: complaint.Approve, Due: "2026-11-25"})
	over := s.busyCase()
	over.State, over.Resolution = complaint.Closed, complaint.Resolved
	ended := func(how complaint.Resolution) complaint.Case {
		c := over
		c.Resolution = how
		return c
	}
	handle := orders(complaint.OrderReply, complaint.OrderClose, complaint.OrderExtend, complaint.OrderSpoke, complaint.OrderConsult, complaint.OrderCategory)
	decide := orders(complaint.OrderApprove, complaint.OrderReturn, complaint.OrderStatus)
	look := orders(complaint.OrderStatus, complaint.OrderList, complaint.OrderHelp)
	l := func(k complaint.LetterKind, to complaint.Party, next []complaint.Order, change func(*complaint.Letter)) complaint.Letter {
		v := complaint.Letter{Kind: k, To: to, By: bas.Address, Next: next}
		if change != nil {
			change(&v)
		}
		return v
	}
	missing := func(v *complaint.Letter) { v.Missing = []complaint.OrderKind{complaint.OrderFinding} }
	body := func(v *complaint.Letter) { v.Body = s.asked }
	own := orders(complaint.OrderResponse)
	return []sample{
		{"concerned", l(complaint.LetterConcerned, tess, own, func(v *complaint.Letter) { v.Copy = complaint.CopyFull }), c, calm},
		{"concerned-notice", l(complaint.LetterConcerned, tess, own, func(v *complaint.Letter) { v.Copy = complaint.CopyNotice }), c, calm},
		{"concerned-redacted", l(complaint.LetterConcerned, tess, own, func(v *complaint.Letter) { v.Copy, v.Body = complaint.CopyRedacted, s.asked }), c, calm},
		{"outcome", l(complaint.LetterOutcome, noor, look, func(v *complaint.Letter) {
			v.Body, v.Comment, v.Finding = s.letter, s.praise, complaint.Founded
		}), over, calm},
		{"outcome-concerned", l(complaint.LetterOutcome, tess, own, func(v *complaint.Letter) { v.Finding = complaint.Founded }), over, calm},
		{"outcome-withdrawn", l(complaint.LetterOutcome, noor, look, func(v *complaint.Letter) { v.Body = s.gone }), ended(complaint.Withdrawn), calm},
		{"outcome-not-a-complaint", l(complaint.LetterOutcome, noor, look, func(v *complaint.Letter) { v.Body = s.asked }), ended(complaint.NotComplaint), calm},
		{"outcome-ruling", l(complaint.LetterOutcome, noor, look, func(v *complaint.Letter) { v.Body = s.refund }), ended(complaint.OoaRuling), calm},
		{"assigned", l(complaint.LetterAssigned, noor, handle, missing), c, calm},
		{"handover", l(complaint.LetterHandover, noor, look, func(v *complaint.Letter) { v.Handler = bas.Address }), c, calm},
		{"handover-nobody", l(complaint.LetterHandover, noor, orders(complaint.OrderTake, complaint.OrderAssign, complaint.OrderStatus), nil), fresh, calm},
		{"reopened", l(complaint.LetterReopened, noor, handle, body), c, calm},
		{"consult", l(complaint.LetterConsult, dewi, orders(complaint.OrderStatus, complaint.OrderSpoke, complaint.OrderReply), body), c, calm},
		{"consulted", l(complaint.LetterConsulted, bas, handle, func(v *complaint.Letter) { v.By, v.Body = dewi.Address, s.yes }), c, calm},
		{"response", l(complaint.LetterResponse, bas, handle, func(v *complaint.Letter) { v.By, v.Body = tess.Address, s.key }), c, calm},
		{"approval", l(complaint.LetterApproval, dewi, decide, func(v *complaint.Letter) { v.Body, v.Finding, v.Files = s.letter, complaint.Founded, 1 }), put, s.original()},
		{"approval-delay", l(complaint.LetterApproval, dewi, decide, func(v *complaint.Letter) { v.Body, v.Day = s.again, "2027-01-11" }), put, calm},
		{"returned", l(complaint.LetterReturned, bas, handle, func(v *complaint.Letter) {
			v.By, v.Body, v.Comment = dewi.Address, s.letter, s.refund
		}), c, calm},
		{"returned-stopped", l(complaint.LetterReturned, bas, handle, func(v *complaint.Letter) { v.By = dewi.Address }), c, calm},
		{"copy_ask", l(complaint.LetterCopyAsk, dewi, orders(complaint.OrderApprove, complaint.OrderWait, complaint.OrderStatus), func(v *complaint.Letter) {
			v.About = []complaint.Concern{{Name: tess.Name, Address: tess.Address, Copy: complaint.CopyWaiting}}
		}), c, calm},
		{"group", l(complaint.LetterGroup, dewi, orders(complaint.OrderStatus, complaint.OrderList), sampleGroup), c, calm},
		{"severe", l(complaint.LetterSevere, dewi, handle, body), c, calm},
		{"delayed", l(complaint.LetterDelayed, bas, handle, func(v *complaint.Letter) { v.By, v.Day = "", "2026-12-28" }), c, calm},
		{"delayed-agreed", l(complaint.LetterDelayed, bas, handle, func(v *complaint.Letter) { v.By, v.Day = dewi.Address, "2026-12-28" }), c, calm},
		{"overdue", l(complaint.LetterOverdue, dewi, handle, func(v *complaint.Letter) { v.Day = "2026-12-14" }), c, calm},
	}
}

// sampleGroup are two other cases about the same course.
func sampleGroup(v *complaint.Letter) {
	v.Items = append(v.Items, galleryItems[1], galleryItems[1])
	v.Items[0].Number = "K2026-224466"
	for _, i := range v.Items {
		v.Next = append([]complaint.Order{{Kind: complaint.OrderMerge, Value: i.Number}}, v.Next...)
	}
}

// toAftercare are letters about what comes after a closing: how content C is, and
// the way outside.
func (s scene) toAftercare() []sample {
	over, calm := s.busyCase(), s.calm()
	over.State, over.Resolution = complaint.Closed, complaint.Resolved
	low, away := over, s.busyCase()
	low.Promises = []complaint.Promise{{Kind: complaint.Call, Due: "2026-11-27"}}
	away.State = complaint.Escalated
	after := orders(complaint.OrderSpoke, complaint.OrderReopen, complaint.OrderReply)
	look := orders(complaint.OrderExternal, complaint.OrderReply, complaint.OrderStatus)
	l := func(k complaint.LetterKind, to complaint.Party, next []complaint.Order) complaint.Letter {
		return complaint.Letter{Kind: k, To: to, By: bas.Address, Next: next}
	}
	sour, other := l(complaint.LetterScore, bas, after), l(complaint.LetterScore, bas, after)
	sour.Score, sour.Body = 2, s.sour
	other.Score, other.Unproven = 5, true
	filed, ruling := l(complaint.LetterOutside, dewi, look), l(complaint.LetterOutside, dewi, look)
	filed.Step, filed.Day = complaint.OutsideFiled, "2026-11-20"
	ruling.Step, ruling.Day, ruling.Body = complaint.OutsideRuling, "2026-12-21", s.refund
	standIn := l(complaint.LetterStandIn, noor, orders(complaint.OrderList, complaint.OrderHelp, complaint.OrderRegister))
	standIn.Day = "2026-12-24"
	leaving := complaint.Letter{Kind: complaint.LetterRetentionAhead, To: dewi, Items: []complaint.Item{
		{Number: "K2026-482931", Due: "2026-12-23", Severe: true}, {Number: "K2026-111118", Due: "2026-12-24"}}}
	erased := complaint.Letter{Kind: complaint.LetterCertificate, To: dewi, Erased: complaint.Erasure{From: galleryTime, Until: galleryTime, Cases: 2, Exports: 1, Strayed: 1,
		Messages: 11, Looked: 8, Folders: []complaint.FolderCount{{Folder: "Klachten/Verwerkt", Count: 9}, {Folder: "Sent", Count: 2}}}}
	short := erased
	short.Erased.Provider, short.Erased.Marked = complaint.Microsoft, true
	short.Erased.Left = []complaint.LeftBehind{{Folder: "INBOX", Count: 1, Why: complaint.LeftOther}, {Folder: "Sent", Count: 2, Why: complaint.LeftRefused}}
	again := erased
	again.Erased.Cases, again.Erased.Messages, again.Erased.Folders, again.Erased.Provider = 0, 1, erased.Erased.Folders[1:], complaint.Google
	mine := complaint.Letter{Kind: complaint.LetterDeleteCopies, To: tess, Next: []complaint.Order{{Kind: complaint.OrderPrivacy, Value: complaint.PrivacyDone}},
		Copies: []complaint.Copies{{Number: "K2026-482931", Days: []complaint.Day{"2026-05-11", "2026-05-18"}}}}
	none := complaint.Case{}
	return []sample{
		{"retention_ahead", leaving, none, Original{}}, {"certificate", erased, none, Original{}}, {"certificate-left", short, none, Original{}},
		{"certificate-again", again, none, Original{}}, {"delete_copies", mine, none, Original{}},
		{"stand_in", standIn, complaint.Case{}, Original{}},
		{"score", sour, low, calm}, {"score-other", other, over, calm},
		{"outside", filed, away, calm}, {"outside-ruling", ruling, away, calm},
	}
}
