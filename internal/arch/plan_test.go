package arch

// The plan, as docs/architecture.md draws it. A room that does not exist yet
// may stand here; a room that stands not here may not exist.
var plan = map[string]room{
	"cmd": {imports: everything, mayGo: true, mayAsk: true},

	// in and out
	"mailbox":  {mayGo: true},
	"schedule": {imports: "store"},
	"watch":    {mayListen: true},
	"deliver":  {imports: "complaint store", mayGo: true},

	// the desk and what it leans on
	"desk":   {imports: "message route letter store complaint proof report"},
	"route":  {imports: "message complaint proof command form"},
	"letter": {imports: "complaint templates command"},
	"store":  {imports: "complaint vault", maySQL: true},

	// leaves
	"archive":   {},
	"complaint": {std: "errors fmt slices strings time"},
	"message":   {},
	"command":   {},
	"form":      {},
	"proof":     {},
	"config":    {},
	"report":    {},
	"export":    {},
	"token":     {},
	"vault":     {},
	"templates": {},

	// on loopback, for the demo and the tests
	"mailworld": {mayGo: true, mayAsk: true, mayListen: true},
	"play":      {imports: "complaint"},

	// for tests alone: nothing that is shipped imports them
	"arch":    {tests: true},
	"peers":   {tests: true, mayGo: true, mayAsk: true},
	"hostile": {tests: true},
	"e2e":     {tests: true, imports: everything, mayGo: true, mayAsk: true},
	"bench":   {tests: true, imports: everything, mayGo: true, mayAsk: true},
}

// A room is what one package may do. Files ending in _test.go are free.
type room struct {
	imports   string // rooms it may import, separated by spaces; or everything
	std       string // if set: the only packages outside the house it may import
	mayGo     bool   // may start goroutines
	mayAsk    bool   // may ask the environment and the clock, and end the process
	maySQL    bool   // may know SQL
	mayListen bool   // may open a socket that others connect to
	tests     bool   // is for tests alone
}

// everything that is shipped; a room for tests may import those for tests too
const everything = "*"

// asks are the functions that reach outside a value: what a room that may not
// ask gets as an argument instead.
var asks = []string{
	"os.Getenv", "os.LookupEnv", "os.Environ", "os.ExpandEnv",
	"os.Exit", "log.Fatal", "log.Fatalf", "log.Fatalln",
	"time.Now", "time.Since", "time.Until",
}

// listens are the functions that open a door, and runs those that start another
// program: what is shipped does neither (packaging/klachtd.service relies on it),
// but for the demo's servers on loopback, and the figures on loopback that are off
// unless asked for.
var (
	listens = []string{"net.Listen", "net.ListenTCP", "net.ListenUDP", "net.ListenUnix", "net.ListenUnixgram", "net.ListenPacket", "net.ListenIP", "net.ListenMulticastUDP",
		"net.ListenConfig", "net.FileListener", "crypto/tls.Listen", "net/http.ListenAndServe", "net/http.ListenAndServeTLS", "syscall.Listen"}
	runs = []string{"os.StartProcess", "syscall.StartProcess", "syscall.ForkExec", "syscall.Exec"}
)

// sqlPackages are known to the store alone.
var sqlPackages = []string{"database/sql", "github.com/mattn/go-sqlite3"}

// openers unpack, show or fetch: what becomes of attachments and links in no
// room that mail goes through (security.md 8). An export packs, a report draws,
// figures, heartbeats and requests for tokens go over HTTP.
var (
	openers = []string{"archive/", "compress/", "image", "image/", "net/http", "net/rpc", "plugin"}
	mayOpen = []string{"cmd", "report", "watch", "export", "token"}
)

// vagueNames say nothing about what is in a file.
var vagueNames = []string{"util", "utils", "helper", "helpers", "common", "misc"}
