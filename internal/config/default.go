package config

import "time"

// Default returns the configuration that an empty file would give. It does not
// pass the checks: what is required has no default.
func Default() Config {
	return Config{
		Academy: Academy{AddressForm: FormJe, Timezone: "Europe/Amsterdam", Language: LanguageNL},
		IMAP: IMAP{
			Server:  Server{Port: 993, TLS: TLSImplicit},
			Mailbox: "INBOX",
			Poll:    time.Minute,
			Folders: Folders{
				Handled:    "Klachten/Verwerkt",
				Automatic:  "Klachten/Automatisch",
				Spam:       "Klachten/Spam",
				Quarantine: "Klachten/Quarantaine",
			},
		},
		SMTP: SMTP{
			Server:         Server{Port: 465, TLS: TLSImplicit},
			MaxConnections: 4,
			SaveSent:       SaveAuto,
		},
		Database:       Database{Path: "state/klachtd.db"},
		Backup:         Backup{KeepDays: 30},
		Log:            Log{Level: LevelInfo, Format: FormatAuto},
		Authentication: Authentication{Profile: ProfileNone, ReceivedAbove: 1},
		Procedure: Procedure{
			ReactWithinDays:      7,
			ResolveWithinDays:    28,
			Severe:               Severe{ReactWithinDays: 2, ResolveWithinDays: 14},
			RetentionMonths:      6,
			KeepFiledDays:        90,
			SurveyAfterDays:      7,
			DefaultExtensionDays: 14,
			ClosingApproval:      ApproveSevere,
			EmployeeCopy:         CopyFull,
			UndoMinutes:          5,
			Categories: []string{"Inhoud", "Trainer", "Organisatie", "Communicatie", "Locatie",
				"Facturatie", "Certificering", "Overig"},
			Causes: []string{"Mens", "Methode", "Lesmateriaal", "Middelen", "Communicatie",
				"Planning", "Extern", "Onbekend"},
		},
		Limits: Limits{
			AcksPerAddressPerDay: 3,
			AcksPerDomainPerDay:  10,
			AcksPerHour:          30,
			AcksPerDay:           150,
			Burst:                20,
		},
		Schedule: Schedule{
			Deadlines: "0 8 * * *",
			Delays:    "0 12 * * *",
			Survey:    "0 10 * * MON-FRI",
			Digest:    "0 8 * * MON",
			Retention: "0 3 * * *",
		},
	}
}
