package complaint

import "time"

// A Policy is what the academy has settled: terms, zone, holidays, people, and
// the choices that the procedure leaves.
type Policy struct {
	Zone        *time.Location
	Holiday     func(Day) bool // public holidays; nil: none
	ReactDays   int            // calendar days from receipt
	ResolveDays int            // calendar days from receipt
	Staff       []Person       // exactly one directeur, at least one binnendienst

	SevereReactDays   int      // working days from receipt
	SevereResolveDays int      // calendar days from receipt
	ExtensionDays     int      // calendar days that a delay is said to take when nobody says how long
	RetentionMonths   int      // from closing
	SurveyDays        int      // calendar days from closing to the question about satisfaction
	UndoMinutes       int      // how long a letter to C that a person wrote is held back; 0: not
	Approval          Approval // which closings the directeur approves first
	EmployeeCopy      CopyForm // how the employee concerned reads the complaint
	Categories        []string
	Causes            []string
}

// Approval says which closings the directeur approves first. "" is ApproveNever.
type Approval string

// The words of the configuration, procedure.closing_approval.
const (
	ApproveNever  Approval = "never"
	ApproveSevere Approval = "severe"
	ApproveAlways Approval = "always"
)

// CopyForm is the form in which the employee concerned reads the complaint. "" is CopyFull.
type CopyForm string

// The words of the configuration, procedure.employee_copy.
const (
	CopyNotice   CopyForm = "notice"   // that there is a complaint, and about what
	CopyRedacted CopyForm = "redacted" // what the binnendienst typed for him
	CopyFull     CopyForm = "full"     // the complaint without contact data
)

// undo is how long a letter to C is held back from now.
func (p Policy) undo(now time.Time) time.Time {
	if p.UndoMinutes <= 0 {
		return time.Time{}
	}
	return now.Add(time.Duration(p.UndoMinutes) * time.Minute)
}
