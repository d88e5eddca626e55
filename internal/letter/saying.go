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
	works, worked, waits        string // what improvements brought, in the words of a report
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
		sour: "De les is nog steeds niet ingehaald.", refund: "Noem ook het geld terug.", course: "Excel gevorderd", category: "Trainer", cause: "Planning", other: "Organisatie",
		works:  "Werkt: 9 in de 365 dagen ervoor, 1 in de 225 dagen erna (0,01 tot 1,1 keer zo vaak past bij deze aantallen).",
		worked: "M-1 (Planning), uitgevoerd op 20 mei 2026. Werkt: 11 in de 365 dagen ervoor, 1 in de 187 dagen erna (0,01 tot 1,0 keer zo vaak past bij deze aantallen).",
		waits: "M-2 (Mens), uitgevoerd op 2 november 2026. Nog niet bekend: 24 in de 365 dagen ervoor, 1 in de 21 dagen erna " +
			"(0,03 tot 3,9 keer zo vaak past bij deze aantallen). Een halvering is over ongeveer 63 weken te zien.",
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
		sour: "I still have not had that lesson.", refund: "Name the refund too.", course: "Advanced Excel", category: "Trainer", cause: "Planning", other: "Organisation",
		works:  "Works: 9 in the 365 days before, 1 in the 225 days after (0.01 to 1.1 times as often fits these counts).",
		worked: "M-1 (Planning), done on 20 May 2026. Works: 11 in the 365 days before, 1 in the 187 days after (0.01 to 1.0 times as often fits these counts).",
		waits: "M-2 (Person), done on 2 November 2026. Not yet known: 24 in the 365 days before, 1 in the 21 days after " +
			"(0.03 to 3.9 times as often fits these counts). A halving shows in about 63 weeks.",
		slip: "#category trainr", near: "Content", closing: "#close", late: "#extend yesterday", unknown: "#clos", fix: "close",
	},
}
