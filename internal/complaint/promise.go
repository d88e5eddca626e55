package complaint

import "time"

// A PromiseKind names something that is owed (procedure.md 1).
type PromiseKind string

// The kinds of interface.md.
const (
	Acknowledge PromiseKind = "acknowledge"
	CopyOwner   PromiseKind = "copy_owner"
	Take        PromiseKind = "take"
	React       PromiseKind = "react"
	Answer      PromiseKind = "answer"
	Resolve     PromiseKind = "resolve"
	Delay       PromiseKind = "delay"

	CopyConcerned    PromiseKind = "copy_concerned"
	Approve          PromiseKind = "approve"
	Feedback         PromiseKind = "feedback"
	InternalFeedback PromiseKind = "internal_feedback"
	Cause            PromiseKind = "cause"
	Satisfaction     PromiseKind = "satisfaction"
	Call             PromiseKind = "call"
	Improvement      PromiseKind = "improvement"
	Ruling           PromiseKind = "ruling"
	Request          PromiseKind = "request"
	Erase            PromiseKind = "erase"

	// Consult stands in reminders alone: a question to D that is not answered.
	Consult PromiseKind = "consult"
)

// A Promise is something that is owed by a day. Reminders, register and digest
// read these and nothing else.
type Promise struct {
	ID          int64 // given by the store; 0 until saved
	Kind        PromiseKind
	MadeOn      Day
	Due         Day // the last day of the term
	FulfilledAt time.Time
	Evidence    string // the Message-ID that kept it and the server's reply
	BouncedAt   time.Time
	WaivedBy    string
	Reason      string
}

// Open reports whether the promise is still owed.
func (p Promise) Open() bool { return p.FulfilledAt.IsZero() && p.WaivedBy == "" }

// Terms in working days that the procedure fixes (procedure.md 1).
const (
	takeDays   = 2
	answerDays = 5
)

// promisesOnReceipt are what a complaint received on day is owed from its first
// moment. What was received on an earlier day gets no term that ends before the
// next working day.
func (p Policy) promisesOnReceipt(received, today Day) []Promise {
	earliest := Day("")
	if received < today {
		earliest = p.AddWorkdays(today, 1)
	}
	resolve := max(p.resolveBy(received, Normal), earliest)
	list := []Promise{
		{Kind: Acknowledge, Due: received},
		{Kind: CopyOwner, Due: received},
		{Kind: Take, Due: max(p.AddWorkdays(received, takeDays), earliest)},
		{Kind: React, Due: max(p.reactBy(received, Normal), earliest)},
		{Kind: Resolve, Due: resolve},
		{Kind: Delay, Due: resolve},
	}
	for i := range list {
		list[i].MadeOn = today
	}
	return list
}
