package letter

import (
	"strings"

	"klachtd/internal/complaint"
)

// A trial is a letter about a case, to try a template with.
type trial struct {
	l complaint.Letter
	c complaint.Case
}

// sampleCase has the longest dates there are.
func sampleCase(l complaint.Letter) complaint.Case {
	c := complaint.Case{Number: complaint.Number(2026, 0, 48293), State: complaint.InProgress, Handler: l.To.Address,
		ReactBy: "2026-09-30", ResolveBy: "2026-09-23",
		Promises: []complaint.Promise{{Kind: complaint.Take, Due: "2026-09-30"}, {Kind: complaint.Answer, Due: "2026-09-30"}}}
	if l.AfterClose {
		c.State, c.ClosedAt = complaint.Closed, sampleTime
	}
	if l.Unproven {
		c.Handler, c.Promises = "", nil
	}
	return c
}

// samples are letters that together take every way through the built-in template.
func samples(kind complaint.LetterKind) []trial {
	l := complaint.Letter{Kind: kind, To: complaint.Party{Name: "Bas Bakker", Address: strings.Repeat("bas.", 15) + "bas@academie.example"}}
	var list []trial
	add := func(change func(*complaint.Letter)) {
		v := l
		change(&v)
		list = append(list, trial{v, sampleCase(v)})
	}
	add(func(*complaint.Letter) {})
	switch kind {
	case complaint.LetterNotice, complaint.LetterCopy:
		for _, w := range sampleWithheld {
			add(func(v *complaint.Letter) { v.Withheld, v.Unreadable = w, complaint.UnreadableSize })
		}
		add(func(v *complaint.Letter) {
			v.AckHeld, v.OwnDomain, v.AsksOwner, v.Unproven = true, true, true, true
			v.NamedNumber, v.Unreadable = complaint.Number(2026, 0, 11111), complaint.UnreadableBroken
		})
	case complaint.LetterFollowup:
		add(func(v *complaint.Letter) { v.Unproven = true })
		add(func(v *complaint.Letter) { v.AfterClose = true })
	case complaint.LetterUndelivered:
		for i, k := range kinds {
			add(func(v *complaint.Letter) { v.Lost = complaint.Loss{Letter: k, To: hostile, Why: sampleFailures[i%4]} })
		}
	case complaint.LetterReminders:
		for n := range samplePromises {
			add(func(v *complaint.Letter) {
				v.Filtered, v.Reminders, v.Actions = n, sampleReminders(n), sampleActions(n)
			})
		}
	case complaint.LetterDigest, complaint.LetterAccount:
		for _, d := range sampleDigests() {
			add(func(v *complaint.Letter) {
				v.Account, v.Digest, v.Next = sampleAccount(hostile), d, orders(complaint.OrderList)
			})
		}
	case complaint.LetterAlarm:
		for n, k := range [...]complaint.AlarmKind{complaint.AlarmQuarantine, complaint.AlarmHeld, complaint.AlarmOutbox, complaint.AlarmClock,
			complaint.AlarmFetch, complaint.AlarmToken, complaint.AlarmToken, complaint.AlarmDisk, complaint.AlarmRecovered, complaint.AlarmLogin} {
			add(func(v *complaint.Letter) { v.Alarm = complaint.Alarm{Kind: k, Count: n} })
		}
	case complaint.LetterCertificate, complaint.LetterDeleteCopies:
		return append(list, samplesOfForgetting(l)...)
	case complaint.LetterScore:
		return append(list, samplesOfScores(l)...)
	case complaint.LetterOutside:
		for n, step := range [...]string{complaint.OutsideReferred, complaint.OutsideFiled, complaint.OutsideRuling} {
			s := sampleRound(l, n)
			s.l.Step = step
			list = append(list, s)
		}
	default:
		for n := range rounds(kind) {
			list = append(list, sampleRound(l, n))
		}
	}
	return list
}

// samplesOfScores are each answer to the question how content C is.
func samplesOfScores(l complaint.Letter) (list []trial) {
	for n := complaint.MinScore; n <= complaint.MaxScore; n++ {
		l.Score, l.Body, l.Unproven = n, hostile, n%2 == 0
		list = append(list, trial{l, sampleDossier(hostile, n, complaint.Call)})
	}
	return list
}

// samplesOfForgetting take every way through the certificate, and ask for copies.
func samplesOfForgetting(l complaint.Letter) (list []trial) {
	l.Copies = []complaint.Copies{{Number: complaint.Number(2026, 0, 48293), Days: []complaint.Day{"2026-09-30", "2026-09-23"}}}
	for n, p := range [...]complaint.Provider{"", complaint.Google, complaint.Microsoft} {
		l.Erased = complaint.Erasure{From: sampleTime, Until: sampleTime, Cases: n, Messages: n, Looked: n, Marked: n == 1, Provider: p,
			Folders: []complaint.FolderCount{{Folder: hostile, Count: n}},
			Left:    []complaint.LeftBehind{{Folder: hostile, Count: n, Why: complaint.LeftOther}, {Folder: "INBOX", Count: n, Why: complaint.LeftRefused}}}
		list = append(list, trial{l, complaint.Case{}})
	}
	return list
}

// rounds is how often it takes to show a kind all that there is for it to say.
func rounds(kind complaint.LetterKind) int {
	if kind == complaint.LetterReceipt || kind == complaint.LetterRefused {
		return max(len(kinds), len(sampleReasons), len(sampleOrders), len(sampleHints))
	}
	return max(len(states), len(copies)) + 1
}

// The words that the rules have, so that templates meet each of them.
var (
	samplePromises = [...]complaint.PromiseKind{complaint.Acknowledge, complaint.CopyOwner, complaint.Take, complaint.React,
		complaint.Answer, complaint.Resolve, complaint.Delay, complaint.CopyConcerned, complaint.Approve, complaint.Feedback,
		complaint.InternalFeedback, complaint.Cause, complaint.Satisfaction, complaint.Call, complaint.Improvement, complaint.Ruling,
		complaint.Request, complaint.Erase, complaint.Consult}
	sampleOrders = [...]complaint.OrderKind{complaint.OrderHelp, complaint.OrderStatus, complaint.OrderList, complaint.OrderTake,
		complaint.OrderAssign, complaint.OrderReply, complaint.OrderSpoke, complaint.OrderCategory, complaint.OrderCause,
		complaint.OrderSeverity, complaint.OrderAbout, complaint.OrderConsult, complaint.OrderResponse, complaint.OrderExtend,
		complaint.OrderFinding, complaint.OrderClose, complaint.OrderApprove, complaint.OrderReturn, complaint.OrderReopen,
		complaint.OrderNotComplaint, complaint.OrderWithdrawn, complaint.OrderWait, complaint.OrderRegister, complaint.OrderStop,
		complaint.OrderMailed, complaint.OrderWaive, complaint.OrderExternal, complaint.OrderComplainant, complaint.OrderReceived,
		complaint.OrderLanguage, complaint.OrderHold, complaint.OrderPrivacy, complaint.OrderAway, complaint.OrderUndo, complaint.OrderMerge, complaint.OrderSplit, complaint.OrderAction, complaint.OrderDone, complaint.OrderEffect}
	sampleReasons = [...]complaint.Reason{complaint.RefusedRight, complaint.RefusedOwnCase, complaint.RefusedState, complaint.RefusedTwice,
		complaint.RefusedContrary, complaint.RefusedTwoBodies, complaint.RefusedNoBody, complaint.RefusedMissing, complaint.RefusedValue,
		complaint.RefusedDate, complaint.RefusedPerson, complaint.RefusedNoAddress, complaint.RefusedNobody, complaint.RefusedNothing,
		complaint.RefusedSent, complaint.RefusedTooLate, complaint.RefusedNoCase, complaint.RefusedFresh, complaint.RefusedUnfit,
		complaint.RefusedWord, complaint.RefusedAmbiguous, complaint.RefusedTooMany, complaint.RefusedNoValue, complaint.RefusedNeedless,
		complaint.RefusedUnreadable, complaint.RefusedUnreachable, complaint.RefusedHeld, complaint.RefusedChanged}
	sampleHints = [...]complaint.Hint{complaint.HintCauseRepeats, complaint.HintProposed, complaint.HintNotStaff, complaint.HintWaitsForD,
		complaint.HintNoAck, complaint.HintMeantForC, complaint.HintMailed, complaint.HintInBody, complaint.HintNobodyToAsk, complaint.HintSilent, complaint.HintNewHandler, complaint.HintCommandLine, complaint.HintLinked}
	sampleFindings = [...]string{complaint.Founded, complaint.Partly, complaint.Unfounded, complaint.NoFinding}
)

// sampleRound is a letter of a new kind with the nth of everything; each third
// one has nothing, each other one hostile words.
func sampleRound(l complaint.Letter, n int) trial {
	if n%3 == 2 {
		return trial{l, complaint.Case{State: states[n%len(states)], Dossier: complaint.Dossier{Resolution: complaint.NotComplaint}, Concerned: []complaint.Concern{{Address: l.To.Address}}}}
	}
	words := "Beste Jan,\n\nWe halen de les in."
	if n%2 == 1 {
		words = hostile
	}
	o := complaint.Order{Kind: sampleOrders[n%len(sampleOrders)], Words: words, Ref: 1}
	full := complaint.Order{Kind: o.Kind, Value: words, Person: complaint.Party{Name: words, Address: words}, Day: "2026-09-30", Ref: 2}
	l.Body, l.Comment, l.By, l.Handler, l.Day, l.Files = words, words, words, words, "2026-09-30", n
	l.Finding, l.Copy = sampleFindings[n%len(sampleFindings)], [...]complaint.CopyForm{complaint.CopyFull, complaint.CopyNotice, complaint.CopyRedacted}[n%3]
	l.Next, l.May, l.Missing, l.Rest = []complaint.Order{o, full}, []complaint.OrderKind{o.Kind}, []complaint.OrderKind{complaint.OrderCategory, complaint.OrderFinding}, n
	if l.Kind == complaint.LetterHelp {
		l.May = sampleOrders[:]
	}
	due := samplePromises[n%len(samplePromises)]
	l.Items = []complaint.Item{{Number: complaint.Number(2026, 0, n), State: states[n%len(states)], Severe: n%2 == 0, Handler: words, Promise: due, Due: "2026-09-30", Late: n%2 == 1}}
	l.Refusals = []complaint.Refusal{{Order: o, Reason: sampleReasons[n%len(sampleReasons)], State: states[n%len(states)],
		Missing: []complaint.OrderKind{complaint.OrderCategory, complaint.OrderFinding, complaint.OrderClose}, Allowed: []string{words, "gegrond"},
		Day: "2026-09-30", Fix: []complaint.Order{o, full}}}
	l.Receipt = complaint.Receipt{Kind: due, Due: "2026-09-30", Hints: []complaint.Hint{sampleHints[n%len(sampleHints)]}, Note: n%2 == 0,
		Card: true, Help: true, List: true,
		Lines: []complaint.Line{{Order: o}, {Order: full, Old: string(states[n%len(states)]), New: string(copies[n%len(copies)])}, {Order: full, Old: words, New: words}},
		Letters: []complaint.Outgoing{{Kind: kinds[n%len(kinds)], To: l.To, At: sampleTime, Ref: 1}, {Kind: kinds[n%len(kinds)],
			To: complaint.Party{Name: words, Address: "jan@voorbeeld.example"}}}}
	return trial{l, sampleDossier(words, n, due)}
}

// sampleDossier is a case in which everything has happened.
func sampleDossier(words string, n int, due complaint.PromiseKind) complaint.Case {
	said := []complaint.Remark{{By: words, At: sampleTime, Text: words}, {By: words, Day: "2026-09-30"}}
	c := complaint.Case{Number: complaint.Number(2026, 0, 48293), State: states[n%len(states)], Severity: complaint.Severe, Handler: words,
		Complainant: complaint.Party{Name: words, Address: "jan@voorbeeld.example"}, ReceivedAt: sampleTime, ClosedAt: sampleTime,
		ReactBy: "2026-09-30", ResolveBy: "2026-09-30", ExpectedOn: "2026-09-30",
		Promises: []complaint.Promise{{Kind: due, Due: "2026-09-30"}, {Kind: complaint.React, Due: "2026-09-01"}, {Kind: complaint.Answer, Due: "2026-09-30"}},
		Dossier: complaint.Dossier{RegisteredBy: words, Course: words, Category: complaint.Judgement{Value: words}, Finding: complaint.Judgement{Value: words},
			ProposedCause: complaint.Judgement{Value: words}, EraseOn: "2026-09-30", Talks: said, Responses: said,
			Consultations: []complaint.Consultation{{By: words, At: sampleTime, AnsweredBy: words, AnsweredAt: sampleTime}},
			Extensions:    []complaint.Extension{{On: "2026-09-30", Until: "2026-09-30"}, {By: words, On: "2026-09-30", Until: "2026-09-30"}},
			Outbound:      []complaint.Outbound{{Kind: complaint.LetterReply, By: words, AcceptedAt: sampleTime}},
			Closings:      []complaint.Closing{{By: words, At: sampleTime}},
			Form:          map[string]complaint.FormValue{"omschrijving": {Value: words}}}}
	for _, cp := range copies {
		c.Concerned = append(c.Concerned, complaint.Concern{Name: words, Address: words, Copy: cp})
	}
	if n%2 == 0 {
		c.RegisteredBy, c.Cause = "", complaint.Judgement{Value: words}
		c.Complainant.Address = "" // as that of the empty original
	}
	return c
}

var sampleWithheld = [...]complaint.Withheld{
	complaint.WithheldAutomatic, complaint.WithheldSender, complaint.WithheldOwn, complaint.WithheldNotAddressed, complaint.WithheldSpam,
	complaint.WithheldOld, complaint.WithheldHops, complaint.WithheldForged, complaint.WithheldLimit, complaint.WithheldUnreadable, complaint.WithheldNoAddress,
	complaint.WithheldUnclaimed, complaint.WithheldRecovered,
}

var sampleFailures = [...]complaint.Failure{complaint.Refused, complaint.GivenUp, complaint.Bounced, complaint.Uncertain}

func sampleActions(n int) []complaint.Due {
	return []complaint.Due{{Number: "M-12", Day: "2026-09-30", Late: n%2 == 0}}
}

func sampleReminders(n int) []complaint.Reminder {
	return []complaint.Reminder{{Number: complaint.Number(2026, 0, n), Promise: samplePromises[n], Due: "2026-09-30", Late: n%2 == 0, Severe: n%3 == 0}}
}
