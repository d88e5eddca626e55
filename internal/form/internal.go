package form

// A Filler is who fills in a field of the internal form.
type Filler string

// The fillers: the daemon by itself, the complainant by the external form, the
// binnendienst (or whoever handles the case), the directeur.
const (
	Daemon      Filler = "daemon"
	Complainant Filler = "complainant"
	Office      Filler = "office"
	Director    Filler = "director"
)

// Keys of the internal form that are used elsewhere.
const (
	Category   = "categorie"
	Cause      = "oorzaak"
	Severity   = "ernst"
	Finding    = "oordeel"
	Cost       = "kosten"
	Structural = "incidenteel of structureel"
	Lesson     = "leerpunt"
	Message    = "bericht aan de cursist"
	ReceivedOn = "ontvangen op"
	Channel    = "kanaal"
	ReceivedBy = "ontvangen door"
)

// A Field of the internal form.
type Field struct {
	Key     string
	Section string // A to K, procedure.md 7
	Label   string // as it stands before the colon
	By      Filler
}

// Sections are the headings of the internal form, A to K.
var Sections = []struct{ Letter, Title string }{
	{"A", "Ontvangst"}, {"B", "Wat de cursist invulde"}, {"C", "Beoordeling"}, {"D", "Registratie"}, {"E", "Oplossing"}, {"F", "Terugkoppeling"},
	{"G", "Analyse"}, {"H", "Leren"}, {"I", "Verbeteren"}, {"J", "Externe instanties en afwijkingen"}, {"K", "Bewaren"},
}

// Internal returns the fields of the internal form in their order (procedure.md 7).
// Nothing but category, finding and result is needed for closing (procedure.md 3).
func Internal() []Field { return append([]Field(nil), internal...) }

var internal = []Field{
	{Key: "nummer", Section: "A", Label: "Nummer", By: Daemon},
	{Key: ReceivedOn, Section: "A", Label: "Ontvangen op", By: Daemon},
	{Key: Channel, Section: "A", Label: "Kanaal", By: Daemon},
	{Key: ReceivedBy, Section: "A", Label: "Ontvangen door", By: Daemon},
	{Key: "soort", Section: "A", Label: "Soort", By: Daemon},
	{Key: "ontvangstbevestiging", Section: "A", Label: "Ontvangstbevestiging", By: Daemon},
	{Key: "bewijs van bevestiging", Section: "A", Label: "Bewijs van bevestiging", By: Daemon},

	{Key: Name, Section: "B", Label: "Naam", By: Complainant},
	{Key: Email, Section: "B", Label: "E-mail", By: Complainant},
	{Key: Phone, Section: "B", Label: "Telefoon", By: Complainant},
	{Key: GoodMoment, Section: "B", Label: "Gunstig moment", By: Complainant},
	{Key: Organisation, Section: "B", Label: "Organisatie", By: Complainant},
	{Key: Course, Section: "B", Label: "Cursus", By: Complainant},
	{Key: Location, Section: "B", Label: "Locatie", By: Complainant},
	{Key: StartDate, Section: "B", Label: "Startdatum", By: Complainant},
	{Key: Employee, Section: "B", Label: "Betrokken medewerker", By: Complainant},
	{Key: IncidentDate, Section: "B", Label: "Datum voorval", By: Complainant},
	{Key: Description, Section: "B", Label: "Omschrijving", By: Complainant},
	{Key: DiscussedWith, Section: "B", Label: "Eerder besproken met", By: Complainant},
	{Key: When, Section: "B", Label: "Wanneer", By: Complainant},
	{Key: Result, Section: "B", Label: "Resultaat", By: Complainant},
	{Key: DesiredSolution, Section: "B", Label: "Gewenste oplossing", By: Complainant},
	{Key: AnswerBy, Section: "B", Label: "Antwoord per", By: Complainant},
	{Key: ShareName, Section: "B", Label: "Naam delen met betrokkene", By: Complainant},
	{Key: Urgency, Section: "B", Label: "Spoed en waarom", By: Complainant},
	{Key: "aangevuld door", Section: "B", Label: "Aangevuld door", By: Daemon},

	{Key: "klacht of iets anders", Section: "C", Label: "Klacht of iets anders", By: Office},
	{Key: "gesprekken", Section: "C", Label: "Gesprekken", By: Office},
	{Key: Severity, Section: "C", Label: "Ernst", By: Office},
	{Key: "zelf oplosbaar", Section: "C", Label: "Zelf oplosbaar", By: Office},
	{Key: "overleg", Section: "C", Label: "Overleg", By: Office},

	{Key: "bevestigd door", Section: "D", Label: "Bevestigd door", By: Daemon},
	{Key: "probleemeigenaar", Section: "D", Label: "Probleemeigenaar", By: Daemon},
	{Key: "behandelaar", Section: "D", Label: "Behandelaar", By: Office},
	{Key: "betrokkene", Section: "D", Label: "Betrokkene", By: Office},
	{Key: "kopieën", Section: "D", Label: "Kopieën", By: Daemon},

	{Key: "termijnen", Section: "E", Label: "Termijnen", By: Daemon},
	{Key: "uitstel", Section: "E", Label: "Uitstel", By: Daemon},
	{Key: "reactie van betrokkene", Section: "E", Label: "Reactie van betrokkene", By: Office},
	{Key: Finding, Section: "E", Label: "Oordeel", By: Office},
	{Key: "motivering", Section: "E", Label: "Motivering", By: Office},
	{Key: "oplossing", Section: "E", Label: "Oplossing", By: Office},
	{Key: Cost, Section: "E", Label: "Kosten", By: Office},
	{Key: "uitgevoerd", Section: "E", Label: "Uitgevoerd", By: Office},

	{Key: Message, Section: "F", Label: "Bericht aan de cursist", By: Office},
	{Key: "geschreven op", Section: "F", Label: "Geschreven op", By: Daemon},
	{Key: "geschreven door", Section: "F", Label: "Geschreven door", By: Daemon},
	{Key: "bewijs van terugkoppeling", Section: "F", Label: "Bewijs van terugkoppeling", By: Daemon},
	{Key: "akkoord", Section: "F", Label: "Akkoord", By: Director},
	{Key: "intern teruggekoppeld", Section: "F", Label: "Intern teruggekoppeld", By: Daemon},
	{Key: "tevreden", Section: "F", Label: "Tevreden", By: Office},

	{Key: Category, Section: "G", Label: "Categorie", By: Office},
	{Key: "symptoom", Section: "G", Label: "Symptoom", By: Office},
	{Key: Cause, Section: "G", Label: "Oorzaak", By: Director},
	{Key: "toelichting oorzaak", Section: "G", Label: "Toelichting oorzaak", By: Director},
	{Key: Structural, Section: "G", Label: "Incidenteel of structureel", By: Office},

	{Key: "scores", Section: "H", Label: "Scores", By: Complainant},
	{Key: "toelichting", Section: "H", Label: "Toelichting", By: Complainant},
	{Key: Lesson, Section: "H", Label: "Leerpunt", By: Office},

	{Key: "maatregelen", Section: "I", Label: "Maatregelen", By: Director},
	{Key: "geen maatregel omdat", Section: "I", Label: "Geen maatregel omdat", By: Director},

	{Key: "externe instanties", Section: "J", Label: "Externe instanties", By: Office},
	{Key: "afwijkingen van de procedure", Section: "J", Label: "Afwijkingen van de procedure", By: Daemon},

	{Key: "bewaren tot", Section: "K", Label: "Bewaren tot", By: Daemon},
	{Key: "vastgehouden", Section: "K", Label: "Vastgehouden", By: Director},
	{Key: "verzoeken", Section: "K", Label: "Verzoeken", By: Office},
	{Key: "heropend", Section: "K", Label: "Heropend", By: Daemon},
}
