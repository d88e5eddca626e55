package command

// A Word is a command, by its English name; that is what is stored and logged.
type Word string

// The commands of procedure.md 3.
const (
	Help          Word = "help"
	Status        Word = "status"
	List          Word = "list"
	Take          Word = "take"
	Assign        Word = "assign"
	Reply         Word = "reply"
	Spoke         Word = "spoke"
	Category      Word = "category"
	Cause         Word = "cause"
	Severity      Word = "severity"
	About         Word = "about"
	Consult       Word = "consult"
	Response      Word = "response"
	Extend        Word = "extend"
	Finding       Word = "finding"
	Close         Word = "close"
	Approve       Word = "approve"
	Return        Word = "return"
	Reopen        Word = "reopen"
	Merge         Word = "merge"
	Split         Word = "split"
	NotAComplaint Word = "notacomplaint"
	Withdrawn     Word = "withdrawn"
	Action        Word = "action"
	Done          Word = "done"
	Effect        Word = "effect"
	External      Word = "external"
	Complainant   Word = "complainant"
	Received      Word = "received"
	Language      Word = "language"
	Wait          Word = "wait"
	Waive         Word = "waive"
	Away          Word = "away"
	Privacy       Word = "privacy"
	Hold          Word = "hold"
	Register      Word = "register"
	Yes           Word = "yes"
	Stop          Word = "stop"
	Undo          Word = "undo"
)

// Value says what may follow a word.
type Value int

// The kinds of value. What is chosen from a list of the configuration or from
// the staff is picked by the caller, with Pick and PickPerson.
const (
	NoValueTaken Value = iota
	Person             // a name or an address of staff
	Subject            // of #betreft: a name, an address or a course
	Choice             // one of Rule.Options, and nothing else
	ListWord           // from a list of the configuration
	Date               // ParseDate
	CaseNumber
	ActionNumber // of a measure, M-12, or a choice, or words, with a date
	ChoiceDate   // one of Rule.Options, then perhaps a date or more
	DatePerson   // until a date, and a name; or one of Rule.Options
	Address      // a mail address
	Identity     // a name or an address of anybody, or one of Rule.Options
	Code         // of a receipt or a challenge
	AnyText      // whatever; it is not used
)

// Body says what a command does with the text of the mail.
type Body int

// No body; perhaps one; one that explains and is shared with others that it
// explains; one that must be there and belongs to this command alone.
const (
	NoBodyTaken Body = iota
	MayHaveBody
	ExplainingBody
	NeedsBody
)

// A Rule is what the grammar knows of a word.
type Rule struct {
	Word    Word
	Dutch   string
	English string
	Also    []string // other spellings that are taken
	Value   Value
	Must    bool // the value may not be missing
	Way     Way  // of the date, where Value is one or ends in one
	Options []Option
	Body    Body
	Case    bool // it is about a case: a number or a thread has to name it
	Repeat  bool // it may stand twice, with other values
}

// Rule returns what the grammar knows of w; the zero Rule for what is no word.
func (w Word) Rule() Rule {
	for _, r := range rules {
		if r.Word == w {
			return r
		}
	}
	return Rule{}
}

// Dutch is the word as Dutch staff type it, without the mark.
func (w Word) Dutch() string { return w.Rule().Dutch }

// Find looks a word up in any of its spellings, without regard to case, accents
// and hyphens.
func Find(written string) (Rule, bool) {
	key := foldWord(written)
	if key == "" {
		return Rule{}, false
	}
	i, ok := byWord[key]
	if !ok {
		return Rule{}, false
	}
	return rules[i], true
}

// byWord leads from each spelling, folded, to its place in rules.
var byWord = indexWords()

func indexWords() map[string]int {
	index := map[string]int{}
	for i, r := range rules {
		for _, s := range r.spellings() {
			index[foldWord(s)] = i
		}
	}
	return index
}

func (r Rule) spellings() []string {
	return append([]string{r.Dutch, r.English}, r.Also...)
}

// rules is the table of procedure.md 3.
var rules = []Rule{
	{Word: Help, Dutch: "help", English: "help", Also: []string{"hulp", "commando's"}, Value: AnyText},
	{Word: Status, Dutch: "status", English: "status", Also: []string{"toon", "show"}, Value: AnyText, Case: true},
	{Word: List, Dutch: "overzicht", English: "list", Also: []string{"lijst", "overview"}, Value: AnyText},
	{Word: Take, Dutch: "neem", English: "take", Also: []string{"nemen", "pak", "oppakken"}, Value: Person, Case: true},
	{Word: Assign, Dutch: "wijs", English: "assign", Also: []string{"toewijzen", "toewijs", "wijstoe"}, Value: Person, Must: true, Case: true},
	{Word: Reply, Dutch: "antwoord", English: "reply", Also: []string{"antwoorden", "beantwoord", "mail"}, Body: NeedsBody, Case: true},
	{Word: Spoke, Dutch: "gesproken", English: "spoke", Also: []string{"gebeld", "spoken", "called"}, Value: Date, Way: Back, Body: MayHaveBody, Case: true},
	{Word: Category, Dutch: "categorie", English: "category", Also: []string{"kategorie"}, Value: ListWord, Must: true, Body: ExplainingBody, Case: true},
	{Word: Cause, Dutch: "oorzaak", English: "cause", Value: ListWord, Must: true, Body: ExplainingBody, Case: true},
	{Word: Severity, Dutch: "ernst", English: "severity", Value: Choice, Must: true, Options: Severities, Body: ExplainingBody, Case: true},
	{Word: About, Dutch: "betreft", English: "about", Also: []string{"betrokken", "betrokkene", "concerns"}, Value: Subject, Must: true, Body: MayHaveBody, Case: true, Repeat: true},
	{Word: Consult, Dutch: "overleg", English: "consult", Also: []string{"overleggen"}, Body: NeedsBody, Case: true},
	{Word: Response, Dutch: "reactie", English: "response", Also: []string{"reageer", "respond"}, Body: NeedsBody, Case: true},
	{Word: Extend, Dutch: "uitstel", English: "extend", Also: []string{"uitstellen", "verleng", "verlengen", "extension"}, Value: Date, Must: true, Way: Ahead, Body: NeedsBody, Case: true},
	{Word: Finding, Dutch: "oordeel", English: "finding", Also: []string{"bevinding"}, Value: Choice, Must: true, Options: Findings, Body: ExplainingBody, Case: true},
	{Word: Close, Dutch: "afgehandeld", English: "close", Also: []string{"afhandelen", "gesloten", "sluit", "sluiten", "closed"}, Body: NeedsBody, Case: true},
	{Word: Approve, Dutch: "akkoord", English: "approve", Also: []string{"accoord", "goedgekeurd", "goedkeuren", "approved"}, Body: MayHaveBody, Case: true},
	{Word: Return, Dutch: "terug", English: "return", Also: []string{"terugsturen", "returned"}, Body: NeedsBody, Case: true},
	{Word: Reopen, Dutch: "heropen", English: "reopen", Also: []string{"heropenen", "heropend"}, Body: NeedsBody, Case: true},
	{Word: Merge, Dutch: "samenvoegen", English: "merge", Also: []string{"voegsamen"}, Value: CaseNumber, Must: true, Case: true, Repeat: true},
	{Word: Split, Dutch: "splits", English: "split", Also: []string{"splitsen"}, Value: CaseNumber, Body: MayHaveBody, Case: true},
	{Word: NotAComplaint, Dutch: "geenklacht", English: "notacomplaint", Also: []string{"nocomplaint"}, Value: ChoiceDate, Must: true, Options: Reasons, Body: MayHaveBody, Case: true},
	{Word: Withdrawn, Dutch: "ingetrokken", English: "withdrawn", Also: []string{"intrekken", "intrekking", "withdraw"}, Body: MayHaveBody, Case: true},
	{Word: Action, Dutch: "maatregel", English: "action", Also: []string{"verbetermaatregel", "measure"}, Value: ActionNumber, Way: Ahead, Options: NoAction, Body: MayHaveBody},
	{Word: Done, Dutch: "klaar", English: "done", Also: []string{"gereed"}, Value: ActionNumber, Must: true, Way: Back, Body: MayHaveBody, Repeat: true},
	{Word: Effect, Dutch: "effect", English: "effect", Value: ActionNumber, Must: true, Body: MayHaveBody, Repeat: true},
	{Word: External, Dutch: "ooa", English: "external", Also: []string{"extern"}, Value: ChoiceDate, Must: true, Options: ExternalSteps, Body: MayHaveBody, Case: true},
	{Word: Complainant, Dutch: "klager", English: "complainant", Also: []string{"cursist"}, Value: Address, Must: true, Case: true},
	{Word: Received, Dutch: "ontvangen", English: "received", Also: []string{"ontvangst"}, Value: Date, Must: true, Way: Back, Case: true},
	{Word: Language, Dutch: "taal", English: "language", Value: Choice, Must: true, Options: Languages, Case: true},
	{Word: Wait, Dutch: "wacht", English: "wait", Also: []string{"wachten"}, Body: NeedsBody, Case: true},
	{Word: Waive, Dutch: "vrijstelling", English: "waive", Also: []string{"vrijstellen", "waiver"}, Value: Choice, Options: Promises, Body: NeedsBody, Case: true, Repeat: true},
	{Word: Away, Dutch: "afwezig", English: "away", Also: []string{"afwezigheid", "absent"}, Value: DatePerson, Must: true, Way: Ahead, Options: Off},
	{Word: Privacy, Dutch: "avg", English: "privacy", Also: []string{"gdpr"}, Value: Choice, Must: true, Options: PrivacySteps, Body: MayHaveBody, Case: true},
	{Word: Hold, Dutch: "bewaren", English: "hold", Also: []string{"bewaar", "vasthouden"}, Value: DatePerson, Must: true, Way: Ahead, Options: Off, Body: NeedsBody, Case: true},
	{Word: Register, Dutch: "registreer", English: "register", Also: []string{"registreren", "registratie"}, Value: Identity, Options: Internal, Body: NeedsBody},
	{Word: Yes, Dutch: "ja", English: "yes", Also: []string{"bevestig", "confirm"}, Value: Code, Must: true},
	{Word: Stop, Dutch: "stop", English: "stop", Value: Code},
	{Word: Undo, Dutch: "ongedaan", English: "undo", Also: []string{"ongedaanmaken"}, Value: Code},
}
