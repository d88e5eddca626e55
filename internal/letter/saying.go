package letter

// A saying is what the people of the gallery write and type in one language.
type saying struct {
	subject, text, contact      string // of Jan's message; what stands under it when contact data is to be left out
	letter, asked               string // of the office, to Jan and to the director
	reason, again               string // why it takes longer, and why once more
	praise, gone, yes, key      string // of the director; of an end without a letter; an answer; what Tess says
	sour                        string // of Jan, who is not content
	refund                      string // why the director does not agree
	course, category, cause     string
	other                       string // another category
	slip, near                  string // a mistyped value, and what it may be
	effect                      string // what an improvement did, as the report says it
	closing, late, unknown, fix string // commands as they were typed, and the word that was meant
}

// sayings has an entry for each of languages.
var sayings = map[Language]saying{
	Dutch: {
		subject: "Trainer steeds te laat",
		text: "Beste academie,\n\nDe trainer van de cursus Excel kwam drie keer meer dan een half uur te laat. De laatste keer konden we " +
			"het examenonderdeel niet afmaken. Zie ook https://foto.example/album?id=12.\n\n  Ik wil graag dat die les wordt ingehaald.\n\nGroet,\nJan\n",
		contact: "Bel me op 06-12345678 of mail jan@voorbeeld.example, liefst voor 01-12-2026 om 10.00 uur.\r\n",
		letter: "Beste Jan,\n\nWat vervelend dat de les steeds te laat begon. We halen hem in op zaterdag 12 december.\n" +
			"Kijk op https://academie.example/rooster of het uitkomt.\n\nGroet,\nBas",
		asked:  "De trainer zegt dat de sleutel van de zaal steeds weg was.\nMogen we een extra les aanbieden?",
		reason: "De trainer is ziek. We willen haar eerst spreken.", again: "De trainer is nog ziek.",
		praise: "Goed opgelost.", gone: "Jan belde: het is opgelost.", yes: "Dat mag.", key: "De sleutel was er niet.",
		effect: "Werkt: 14 in de 365 dagen ervoor, 1 in de 225 dagen erna.",
		sour:   "De les is nog steeds niet ingehaald.", refund: "Noem ook het geld terug.", course: "Excel gevorderd", category: "Trainer", cause: "Planning", other: "Organisatie",
		slip: "#categorie trainr", near: "Inhoud", closing: "#afgehandeld", late: "#uitstel gisteren", unknown: "#afhandele", fix: "afhandelen",
	},
	English: {
		subject: "Trainer late every time",
		text: "Dear academy,\n\nThe trainer of the Excel course was more than half an hour late three times. The last time we could not " +
			"finish the exam. See also https://foto.example/album?id=12.\n\n  I would like to have that lesson again.\n\nRegards,\nJan\n",
		contact: "Call me on 06-12345678 or write to jan@voorbeeld.example, before 01-12-2026 if you can.\r\n",
		letter: "Dear Jan,\n\nWe are sorry that the lesson began late every time. You can have it again on Saturday 12 December.\n" +
			"Look at https://academie.example/rooster to see if that suits you.\n\nRegards,\nBas",
		asked:  "The trainer says that the key of the room was gone each time.\nMay we offer an extra lesson?",
		reason: "The trainer is ill. We want to talk to her first.", again: "The trainer is still ill.",
		praise: "Well done.", gone: "Jan called: it has been solved.", yes: "You may.", key: "The key was not there.",
		effect: "Works: 14 in the 365 days before, 1 in the 225 days after.",
		sour:   "I still have not had that lesson.", refund: "Name the refund too.", course: "Advanced Excel", category: "Trainer", cause: "Planning", other: "Organisation",
		slip: "#category trainr", near: "Content", closing: "#close", late: "#extend yesterday", unknown: "#clos", fix: "close",
	},
}
