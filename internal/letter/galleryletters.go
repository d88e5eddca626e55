package letter

import (
	"time"

	"klachtd/internal/complaint"
)

// intake are the letters about what came in, and about what did not arrive.
func (s scene) intake() []sample {
	plain, taken, closed, calm := openCase(), openCase(), openCase(), s.calm()
	taken.Handler, taken.Promises = bas.Address, nil
	closed.State, closed.ClosedAt, closed.Promises = complaint.Closed, galleryTime, nil
	stub := Original{At: calm.At}
	to := func(p complaint.Party, l complaint.Letter) complaint.Letter {
		l.To = p
		return l
	}
	takes := orders(complaint.OrderTake, complaint.OrderReply, complaint.OrderAssign, complaint.OrderAbout)
	handle := orders(complaint.OrderReply, complaint.OrderClose, complaint.OrderExtend)
	late := func(n string, p complaint.PromiseKind, due complaint.Day, late, severe bool) complaint.Reminder {
		return complaint.Reminder{Number: n, Promise: p, Due: due, Late: late, Severe: severe}
	}
	return []sample{
		{"acknowledgement", to(jan, complaint.Letter{Kind: complaint.LetterAcknowledgement}), plain, calm},
		{"notice", to(bas, complaint.Letter{Kind: complaint.LetterNotice, Next: takes}), plain, calm},
		{"notice-mine", to(bas, complaint.Letter{Kind: complaint.LetterNotice, Next: handle, Missing: []complaint.OrderKind{complaint.OrderCategory, complaint.OrderFinding}}), taken, s.original()},
		{"notice-withheld", to(bas, complaint.Letter{Kind: complaint.LetterNotice, Withheld: complaint.WithheldLimit, NamedNumber: "K2026-111118", OwnDomain: true, Next: append([]complaint.Order{{Kind: complaint.OrderMerge, Value: "K2026-111118"}}, takes...)}), plain, calm},
		{"notice-held", to(bas, complaint.Letter{Kind: complaint.LetterNotice, AckHeld: true, Next: takes}), plain, calm},
		{"notice-stub", to(bas, complaint.Letter{Kind: complaint.LetterNotice, Withheld: complaint.WithheldUnreadable, Unreadable: complaint.UnreadableSize, Next: takes}), plain, stub},
		{"copy", to(dewi, complaint.Letter{Kind: complaint.LetterCopy, Next: takes}), plain, s.original()},
		{"copy-deputy", to(bas, complaint.Letter{Kind: complaint.LetterCopy, AsksOwner: true, Next: takes}), plain, calm},
		{"followup", to(bas, complaint.Letter{Kind: complaint.LetterFollowup, Next: takes}), plain, calm},
		{"followup-unproven", to(bas, complaint.Letter{Kind: complaint.LetterFollowup, Unproven: true, AfterClose: true, Next: orders(complaint.OrderReopen, complaint.OrderReply, complaint.OrderStatus)}), closed, calm},
		{"undelivered", to(bas, complaint.Letter{Kind: complaint.LetterUndelivered, Next: takes,
			Lost: complaint.Loss{Letter: complaint.LetterAcknowledgement, To: jan.Address, Why: complaint.Bounced}}), plain, Original{}},
		{"undelivered-closing", to(bas, complaint.Letter{Kind: complaint.LetterUndelivered, Next: takes,
			Lost: complaint.Loss{Letter: complaint.LetterClosing, To: jan.Address, Why: complaint.Uncertain}}), plain, Original{}},
		{"reminders", to(bas, complaint.Letter{Kind: complaint.LetterReminders, Filtered: 2, Actions: []complaint.Due{{Number: "M-12", Day: "2026-11-30"}},
			Next: []complaint.Order{{Kind: complaint.OrderDone, Value: "M-12"}}, Reminders: []complaint.Reminder{
				late("K2026-482931", complaint.React, "2026-11-20", true, true), late("K2026-111118", complaint.Resolve, "2026-11-30", false, false)}}), complaint.Case{}, Original{}},
		{"account", to(dewi, complaint.Letter{Kind: complaint.LetterAccount, Account: sampleAccount(s.works)}), complaint.Case{}, Original{}},
		{"digest", to(dewi, complaint.Letter{Kind: complaint.LetterDigest, Next: orders(complaint.OrderList), Digest: s.week()}), complaint.Case{}, Original{}},
		{"digest-quiet", to(dewi, complaint.Letter{Kind: complaint.LetterDigest, Next: orders(complaint.OrderList),
			Digest: &complaint.Digest{Until: sampleTime, Came: 4, Accounted: 4, Trail: 1482, Head: sampleHead}}), complaint.Case{}, Original{}},
		{"digest-deputy", to(bas, complaint.Letter{Kind: complaint.LetterDigest, Next: orders(complaint.OrderList),
			Digest: &complaint.Digest{Until: sampleTime, Partial: true, Tasks: sampleWeek().Tasks[:1]}}), complaint.Case{}, Original{}},
		{"alarm", to(complaint.Party{Address: "beheer@academie.example"}, complaint.Letter{Kind: complaint.LetterAlarm,
			Alarm: complaint.Alarm{Kind: complaint.AlarmHeld, Count: 31}}), complaint.Case{}, Original{}},
	}
}

// week is sampleWeek with what improvements brought.
func (s scene) week() *complaint.Digest {
	d := sampleWeek()
	d.Verdicts = []string{s.worked, s.waits}
	return d
}

// sampleWeek is a week in which something is to be done.
func sampleWeek() *complaint.Digest {
	task := func(number string, p complaint.PromiseKind, due complaint.Day, late, severe bool, k complaint.OrderKind) complaint.Task {
		return complaint.Task{Number: number, Promise: p, Due: due, Late: late, Severe: severe, Order: complaint.Order{Kind: k}}
	}
	until := time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
	return &complaint.Digest{From: until.AddDate(0, 0, -7), Until: until, Trail: 1482, Head: sampleHead,
		Tasks: []complaint.Task{
			task("K2026-482931", complaint.Approve, "2026-11-24", false, true, complaint.OrderApprove),
			task("K2026-111118", complaint.React, "2026-11-20", true, false, complaint.OrderStatus),
			task("K2026-224466", complaint.Cause, "2026-11-27", false, false, complaint.OrderCause)},
		Open: 5, Severe: 1, Waiting: 1, Late: 1, New: 3, Closed: 2, EraseSoon: 2, EraseFirst: "2026-12-07",
		Kept:   []complaint.KeptTerms{{Kind: complaint.Acknowledge, InTime: 3, Of: 3}, {Kind: complaint.React, InTime: 2, Of: 3}, {Kind: complaint.Resolve, InTime: 2, Of: 2}},
		Scores: [...]int{0, 0, 1, 0, 2, 1}, Improvements: []complaint.Due{{Number: "M-3", Day: "2026-11-26"}},
		Came: 27, Accounted: 27, Unproven: 1, Filtered: []complaint.Tally{{Name: bas.Address, N: 1}},
		Became:   []complaint.Tally{{Name: "registered", N: 3}, {Name: "followup", N: 9}, {Name: "answered", N: 4}, {Name: "command", N: 8}, {Name: "automatic", N: 2}, {Name: "spam", N: 1}},
		Commands: []complaint.Tally{{Name: bas.Address, N: 7}, {Name: dewi.Address, N: 1}}}
}

// toComplainant are letters with a person behind them, and the one without.
func (s scene) toComplainant() []sample {
	c, calm := s.busyCase(), s.calm()
	files := s.original()
	closed := s.busyCase()
	closed.State, closed.Handler = complaint.Closed, noor.Address
	asking := closed
	asking.Survey.Code, asking.Promises = "h7k2m9qxab", []complaint.Promise{{Kind: complaint.Call, Due: "2026-11-27"}}
	l := func(k complaint.LetterKind) complaint.Letter {
		return complaint.Letter{Kind: k, To: jan, By: bas.Address, Body: s.letter, Ref: 2}
	}
	reply, delay, end, none := l(complaint.LetterReply), l(complaint.LetterDelay), l(complaint.LetterClosing), l(complaint.LetterClosing)
	reply.Files = 1
	delay.Day, delay.Body = "2027-01-04", s.reason
	end.Finding = complaint.Partly
	none.Finding, none.By = complaint.NoFinding, ""
	auto := complaint.Letter{Kind: complaint.LetterDelayAutomatic, To: jan, Day: "2026-12-28"}
	return []sample{
		{"reply", reply, c, files}, {"delay", delay, c, calm}, {"delay_automatic", auto, c, Original{}},
		{"closing", end, closed, calm}, {"closing-bare", none, closed, calm},
		{"satisfaction", complaint.Letter{Kind: complaint.LetterSatisfaction, To: jan}, asking, Original{}},
		{"satisfaction_reminder", complaint.Letter{Kind: complaint.LetterSatisfactionReminder, To: jan}, asking, Original{}},
		{"external", complaint.Letter{Kind: complaint.LetterExternal, To: jan}, asking, Original{}},
	}
}
