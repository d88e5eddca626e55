package command

// An Option is one word of a fixed list.
type Option struct {
	Code    string // what is stored
	Dutch   string
	English string
	Also    []string
}

// The fixed lists of procedure.md 3.
var (
	Severities = []Option{
		{Code: "low", Dutch: "laag", English: "low"},
		{Code: "normal", Dutch: "normaal", English: "normal"},
		{Code: "severe", Dutch: "ernstig", English: "severe"},
	}
	Findings = []Option{
		{Code: "upheld", Dutch: "gegrond", English: "upheld"},
		{Code: "partly", Dutch: "deels", English: "partly", Also: []string{"deels gegrond", "gedeeltelijk", "gedeeltelijk gegrond", "partly upheld"}},
		{Code: "unfounded", Dutch: "ongegrond", English: "unfounded", Also: []string{"niet gegrond", "not upheld"}},
		{Code: "not_applicable", Dutch: "nvt", English: "na", Also: []string{"niet van toepassing", "not applicable", "geen oordeel"}},
	}
	Reasons = []Option{
		{Code: "question", Dutch: "vraag", English: "question"},
		{Code: "compliment", Dutch: "compliment", English: "compliment"},
		{Code: "spam", Dutch: "spam", English: "spam"},
		{Code: "duplicate", Dutch: "dubbel", English: "duplicate"},
	}
	ExternalSteps = []Option{
		{Code: "referred", Dutch: "verwezen", English: "referred"},
		{Code: "filed", Dutch: "ingediend", English: "filed"},
		{Code: "ruling", Dutch: "uitspraak", English: "ruling"},
		{Code: "carried_out", Dutch: "uitgevoerd", English: "carriedout"},
	}
	Languages = []Option{
		{Code: "nl", Dutch: "nl", English: "nl", Also: []string{"nederlands", "dutch"}},
		{Code: "en", Dutch: "en", English: "en", Also: []string{"engels", "english"}},
	}
	PrivacySteps = []Option{
		{Code: "access", Dutch: "inzage", English: "access"},
		{Code: "erase", Dutch: "wissen", English: "erase"},
		{Code: "done", Dutch: "gedaan", English: "done"},
	}
	// Promises are those that the directeur can waive.
	Promises = []Option{
		{Code: "acknowledge", Dutch: "bevestiging", English: "acknowledgement", Also: []string{"ontvangstbevestiging"}},
		{Code: "take", Dutch: "behandelaar", English: "handler"},
		{Code: "react", Dutch: "reactie", English: "reaction", Also: []string{"persoonlijke reactie"}},
		{Code: "answer", Dutch: "antwoord", English: "answer"},
		{Code: "copy_concerned", Dutch: "kopie", English: "copy"},
		{Code: "feedback", Dutch: "resultaat", English: "result", Also: []string{"terugkoppeling", "feedback"}},
		{Code: "internal_feedback", Dutch: "intern", English: "internal", Also: []string{"interne terugkoppeling", "internal feedback"}},
		{Code: "cause", Dutch: "oorzaak", English: "cause"},
		{Code: "satisfaction", Dutch: "tevredenheid", English: "satisfaction"},
		{Code: "call", Dutch: "bellen", English: "call"},
		{Code: "improvement", Dutch: "verbetering", English: "improvement"},
	}
	Off      = []Option{{Code: "off", Dutch: "uit", English: "off"}}
	NoAction = []Option{{Code: "none", Dutch: "geen", English: "none"}}
	Internal = []Option{{Code: "internal", Dutch: "intern", English: "internal"}}
)
