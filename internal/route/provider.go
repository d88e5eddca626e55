package route

import "strings"

// shared are domains under which everybody can have an address: many senders
// there are no storm of one (security.md 12), and one of them is no colleague.
var shared = map[string]bool{
	"gmail.com": true, "googlemail.com": true, "hotmail.com": true, "hotmail.nl": true, "outlook.com": true,
	"outlook.nl": true, "live.nl": true, "live.com": true, "msn.com": true, "icloud.com": true, "me.com": true,
	"mac.com": true, "yahoo.com": true, "yahoo.nl": true, "ziggo.nl": true, "kpnmail.nl": true, "kpnplanet.nl": true,
	"planet.nl": true, "home.nl": true, "hetnet.nl": true, "upcmail.nl": true, "chello.nl": true, "casema.nl": true,
	"quicknet.nl": true, "xs4all.nl": true, "caiway.nl": true, "caiway.net": true, "tele2.nl": true, "online.nl": true,
	"solcon.nl": true, "freedom.nl": true, "proton.me": true, "protonmail.com": true, "gmx.net": true, "gmx.de": true,
	"web.de": true, "t-online.de": true, "telenet.be": true, "skynet.be": true, "proximus.be": true, "fastmail.com": true,
}

// Shared reports whether the address is with one of the big providers.
func Shared(address string) bool { return shared[strings.ToLower(domain(address))] }
