package message

import (
	"strings"
	"testing"
)

func TestDeviceLine(t *testing.T) {
	for _, line := range []string{
		"Verstuurd vanaf mijn iPhone", "Verzonden vanaf mijn Galaxy", "Verzonden vanuit Outlook voor Android", "Verzonden vanuit Mail voor Windows 10",
		"Outlook voor iOS downloaden", "Outlook voor iOS<https://aka.example/x> downloaden", "Download Outlook voor Android", "Verzonden met Proton Mail beveiligde e-mail.",
		"Verstuurd vanaf mijn Android apparaat met K-9 Mail. Excuseer mijn beknoptheid.", "Verzonden vanaf Yahoo Mail op Android",
		"Sent from my iPhone", "Sent from my iPhone, please excuse typos", "Get Outlook for iOS<https://aka.example/x>", "[Get Outlook for Android](https://aka.example/x)",
		"Sent from Yahoo Mail on Android", "Sent with [Proton Mail](https://proton.example/) secure email.", "Sent via the Samsung Galaxy S21, an AT&T 5G smartphone. Sorry for typos",
		"Von meinem iPhone gesendet", "Gesendet von Mail für Windows", "Outlook für Android beziehen", "Gesendet mit der GMX Mail App",
		"Diese Nachricht wurde von meinem Android Mobiltelefon mit WEB.DE Mail gesendet.", "Envoyé de mon iPhone", "Télécharger Outlook pour iOS", "Envoyé à partir de Outlook pour Android",
	} {
		if got := newText("Prima zo.\n\n"+line+"\n", false, false); got != "Prima zo." {
			t.Errorf("%q stays: %q", line, got)
		}
	}
	for _, line := range []string{
		"Verzonden via PostNL op 2 maart, nooit aangekomen.", "Verzonden met de post van maandag", "Vanaf mijn iPhone kon ik niet inloggen.",
		"Outlook voor Android werkt niet met uw website", "Von meinem Handy aus konnte ich mich nicht anmelden.", "Sent from the office by your trainer",
		"Met mijn iPhone lukte het wel", "Verstuurd vanaf mijn iPhone? Nee, dat klopt niet, want ik heb er geen", "Gesendet von der Akademie",
	} {
		if got := newText("Prima zo.\n\n"+line, false, false); got != "Prima zo.\n\n"+line {
			t.Errorf("%q goes", line)
		}
	}
	const inside = "Dit stond eronder:\nSent from my iPhone\nDus u had hem wel."
	if got := newText(inside, false, false); got != inside {
		t.Errorf("amid the text: got %q", got)
	}
}

func TestSignature(t *testing.T) {
	long := strings.Repeat("nog een regel\n", 40) + "slot"
	for _, tt := range []struct{ name, text, want string }{
		{"rfc", "Prima.\n-- \nAnna\n06 12345678", "Prima."},
		{"trimmed", "Prima.\n\n--\nAnna\n06 12345678", "Prima."},
		{"lines that the sender drew", "Punten:\n--\neen\n--\ntwee", "Punten:\n--\neen\n--\ntwee"},
		{"drawn, then a signature", "Punten:\n--\neen\n--\ntwee\n-- \nAnna", "Punten:\n--\neen\n--\ntwee"},
		{"too long for one", "Prima.\n-- \n" + long, "Prima.\n-- \n" + long},
		{"up to a quote", "> vraag\n\nJa.\n-- \nAnna\n\n> meer", "Ja."},
		{"closing", "Prima.\n\nMet vriendelijke groet,\nAnna Bos\n06 12345678", "Prima.\n\nMet vriendelijke groet,\nAnna Bos\n06 12345678"},
		{"dashes", "Prima -- echt.\n--- \nAnna", "Prima -- echt.\n--- \nAnna"},
	} {
		if got := newText(tt.text, true, false); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := newText("-- \nAnna Bos\nDe zaal was koud.", false, false); got != "-- \nAnna Bos\nDe zaal was koud." {
		t.Errorf("nothing above it: got %q", got)
	}
}

func TestFooter(t *testing.T) {
	for _, footer := range []string{
		"De informatie in dit e-mailbericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde.",
		"Disclaimer", "DISCLAIMER: zie www.academie.example/disclaimer",
		"Aan dit bericht kunnen geen rechten worden ontleend. Is het niet voor u bestemd, dan verzoeken wij u het te verwijderen.",
		"This message is intended only for the addressee.\nIf you received it in error, please delete it.",
		"CONFIDENTIALITY NOTICE: this message is for the intended recipient.",
		"Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, vernichten Sie diese Mail bitte sofort.",
		"Ce message est confidentiel et réservé à son destinataire. Si vous l'avez reçu par erreur, merci de le détruire.",
		"Denk aan het milieu voordat u deze e-mail print.", "Please consider the environment before printing this email.",
		"Virusvrij.www.avast.example", "_______________________________________________\nlijst mailing list\nlijst@lists.example\nhttps://lists.example/lijst",
	} {
		text := "Graag een gesprek.\n\nAnna\n\n" + footer
		if got := newText(text, false, false); got != "Graag een gesprek.\n\nAnna" {
			t.Errorf("%q stays: %q", footer, got)
		}
		if got := newText(footer, false, false); got != footer {
			t.Errorf("%q is all there is: got %q", footer, got)
		}
	}
	for _, own := range []string{
		"Dit bericht is vertrouwelijk. Ik wil niet dat mijn docent het leest, want hij weet niet dat ik een klacht heb.",
		"De informatie op uw website klopt niet en uw docent is daarvoor aansprakelijk.",
		"Als u niet antwoordt, ga ik naar de rechter, want u bent aansprakelijk.",
		"Ik moest alles printen, dat is slecht voor het milieu.",
		"This email is confidential, please do not show it to the trainer because I still have to take the exam.",
	} {
		text := "Graag een gesprek.\n\n" + own
		if got := newText(text, false, false); got != text {
			t.Errorf("%q goes: %q", own, got)
		}
	}
}
