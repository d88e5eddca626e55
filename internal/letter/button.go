package letter

import "klachtd/internal/complaint"

// A Button is an offer.
type Button struct{ Command string }

// Buttons are stubs.
func (b *Book) Buttons(l complaint.Letter, c complaint.Case) []Button { return nil }
