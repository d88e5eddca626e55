package complaint

// An Account is what the directeur reads of a quarter or a year, beside the report
// that goes along: the questions that auditors ask (procedure.md 5; ISO 10002 8.2
// to 8.6). Numbers and categories, no name and no word of a complaint.
type Account struct {
	From, Until Day
	Yearly      bool

	Received, Closed, InTime int // InTime: of Closed
	Severe, Outside          int // of Received: severe; went to the Ooa
	Days                     int // the median of how long closed cases took
	Asked, Answered          int // of the question how content C is
	Mean                     float64
	Categories               []Tally
	Improvements             []Improved
}

// An Improved is an improvement action with what is known of its effect.
type Improved struct {
	Number    string // M-12
	Due, Done Day
	Effect    string // a sentence; "" while it is not carried out
}
