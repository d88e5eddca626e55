package message

import (
	"reflect"
	"strings"
	"testing"
)

// security.md 2: an address is written to only after this grammar.
func TestAddressValid(t *testing.T) {
	for _, tt := range []struct {
		address string
		valid   bool
	}{
		{"jan@post.example", true},
		{"jan.de-vries+klacht@mail.post.example", true},
		{"o'neil@post.example", true},
		{`"x> ORCPT=..."@y.example`, false},
		{"jan.@post.example", false},
		{".jan@post.example", false},
		{"ja..n@post.example", false},
		{"jan@post..example", false},
		{"jan@-post.example", false},
		{"jan@[192.0.2.1]", false},
		{"jan@192.0.2.1", false},
		{"jan", false},
		{"@post.example", false},
		{"jan@", false},
		{"jan piet@post.example", false},
		{"jan@post.example\r\nRCPT TO:<x@y.example>", false},
		{"jané@post.example", false},
		{strings.Repeat("a", 65) + "@post.example", false},
		{"a@" + strings.Repeat("a.", 126) + "example", false},
	} {
		if got := (Address{Address: tt.address}).Valid(); got != tt.valid {
			t.Errorf("%q: got %v", tt.address, got)
		}
	}
}

func TestReadAddresses(t *testing.T) {
	for _, tt := range []struct {
		field string
		want  []Address
	}{
		{"jan@POST.Example", []Address{{"", "jan@post.example"}}},
		{"Vries, de, Jan <jan@x.example>", []Address{{"Vries, de, Jan", "jan@x.example"}}},
		{"Jan [ouder] <jan@x.example>", []Address{{"Jan [ouder]", "jan@x.example"}}},
		{"jan@x.example <jan@x.example>", []Address{{"jan@x.example", "jan@x.example"}}},
		{"jan.@x.example", []Address{{"", "jan.@x.example"}}},
		{"MAILER-DAEMON (Mail System)", []Address{{"", "MAILER-DAEMON"}}},
		{"undisclosed-recipients:;", nil},
		{"Jan", []Address{{"", "Jan"}}},
		{"=?utf-8?Q?Jan_<jan@x.example>?=", []Address{{"Jan", "jan@x.example"}}},
		{`"=?utf-8?Q?Ren=C3=A9e?=" <r@x.example>`, []Address{{"Renée", "r@x.example"}}},
		{"Ren\xe9e <r@x.example>", []Address{{"Renée", "r@x.example"}}},
		// security.md 1: two mailboxes are two, however they are written.
		{"<a@x.example> <b@y.example>", []Address{{"", "a@x.example"}, {"", "b@y.example"}}},
		{"a@x.example b@y.example", []Address{{"", "a@x.example"}, {"", "b@y.example"}}},
		{"a@x.example, b@y.example", []Address{{"", "a@x.example"}, {"", "b@y.example"}}},
		{"<a@x.example> b@y.example", []Address{{"", "a@x.example"}, {"", "b@y.example"}}},
		// A name cannot grow into an address.
		{"=?utf-8?Q?a=40x.example=2C?= <b@y.example>", []Address{{"a@x.example,", "b@y.example"}}},
		{"\"Jan <a@x.example>\" <b@y.example>", []Address{{"Jan <a@x.example>", "b@y.example"}}},
		{"<@relay.example:jan@x.example>", []Address{{"", "jan@x.example"}}},
		{"<>", nil},
		{"Jan (ouder <jan@x.example>", []Address{{"Jan ouder", "jan@x.example"}}},
	} {
		if got := readAddresses(tt.field); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q: got %+v, want %+v", tt.field, got, tt.want)
		}
	}
}

func TestReadIDs(t *testing.T) {
	for _, tt := range []struct {
		field string
		want  []string
	}{
		{"<a@x> <b@y>", []string{"a@x", "b@y"}},
		{"a@x", []string{"a@x"}},
		{"<[uuid]@x>,<b@y>", []string{"[uuid]@x", "b@y"}},
		{"<a@x><b@y>", []string{"a@x", "b@y"}},
		{"Your message of Monday <a@x>", []string{"a@x"}},
		{"<a b@x> <c@x>", []string{"c@x"}},
		{"geen", nil},
		{"<" + strings.Repeat("a", 251) + ">", nil},
	} {
		if got := readIDs(tt.field); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q: got %q, want %q", tt.field, got, tt.want)
		}
	}
}

func TestReadDate(t *testing.T) {
	for field, want := range map[string]string{
		"Mon, 2 Nov 2026 10:00:00 +0100":         "2026-11-02T10:00:00+01:00",
		"2 Nov 2026 10:00 +0100 (CET)":           "2026-11-02T10:00:00+01:00",
		"ma, 2 nov. 2026 10:00:00 +0100":         "2026-11-02T10:00:00+01:00",
		"maandag 2 maart 2026 10:00:00 +0100":    "2026-03-02T10:00:00+01:00",
		"Mon, 2 Nov 2026 10:00:00 GMT+1":         "2026-11-02T10:00:00+01:00",
		"Mon, 2 Nov 2026 10:00:00 GMT":           "2026-11-02T10:00:00Z",
		"Mon, 2 Nov 2026 10:00:00 +0100 (GMT+2)": "2026-11-02T10:00:00+01:00",
		"2026-11-02T10:00:00+01:00":              "2026-11-02T10:00:00+01:00",
		"Mon Nov  2 10:00:00 2026":               "2026-11-02T10:00:00Z",
		"gisteren":                               "",
		"Mon, 2 Nov 0026 10:00:00 +0100":         "",
		"":                                       "",
	} {
		got := ""
		if date := Describe("", Message{Date: readDate(field)}).Date; date != nil {
			got = *date
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", field, got, want)
		}
	}
}

func TestDecodeWords(t *testing.T) {
	for field, want := range map[string]string{
		"=?UTF-8?b?S2xhY2h0?=":                   "Klacht",
		"=?utf-8?Q?a?= =?utf-8?Q?b?= c":          "ab c",
		"=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=":     "café",
		"x=?iso-8859-1*nl?q?=E9=E9n?=y":          "xéény",
		"=?windows-1252?Q?=80_5?=":               "€ 5",
		"=?utf-8?Q?=C3=A9=C3=A9n woord?=":        "één woord",
		"=?utf-8?B?S2xhY2h0?=, =?utf-8?Q?twee?=": "Klacht, twee",
		"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=":     "日本",
		"=?gb2312?B?suLK1A==?=":                  "测试",
		"=?x?y":                                  "=?x?y",
		"50% =? korting":                         "50% =? korting",
		"=?utf-8?X?abc?=":                        "=?utf-8?X?abc?=",
		"=?utf-8?B?S2xhY2h0":                     "=?utf-8?B?S2xhY2h0",
	} {
		if got := decodeWords(field); got != want {
			t.Errorf("%q: got %q, want %q", field, got, want)
		}
	}
}

// security.md 9: a file name from mail never becomes a path.
func TestSafeName(t *testing.T) {
	for name, want := range map[string]string{
		"../../etc/passwd":                "passwd",
		`C:\map\brief.pdf`:                "brief.pdf",
		"brief\u202efdp.exe":              "brieffdp.exe",
		"a\x00b\r\nc.txt":                 "abc.txt",
		"..":                              "",
		".bashrc":                         "bashrc",
		"map/":                            "",
		"een  twee.doc ":                  "een twee.doc",
		strings.Repeat("é", 100) + ".pdf": strings.Repeat("é", 58) + ".pdf",
	} {
		if got := safeName(name); got != want || len(got) > maxName {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestReadMediaType(t *testing.T) {
	for _, tt := range []struct{ field, value, key, want string }{
		{`attachment; filename="a;b.pdf"`, "attachment", "filename", "a;b.pdf"},
		{`attachment; filename=mijn brief.pdf`, "attachment", "filename", "mijn brief.pdf"},
		{`attachment; filename*=utf-8''caf%C3%A9.pdf; filename=x.pdf`, "attachment", "filename", "café.pdf"},
		{`attachment; filename*1=b.pdf; filename*0=a`, "attachment", "filename", "ab.pdf"},
		{`attachment; filename*=windows-1252''%80.pdf`, "attachment", "filename", "€.pdf"},
		{`TEXT/Plain (x); Charset="UTF-8"`, "text/plain", "charset", "UTF-8"},
		{`multipart/mixed; boundary="a\"b"`, "multipart/mixed", "boundary", `a"b`},
		{`attachment; filename="C:\map\b.pdf"`, "attachment", "filename", `C:\map\b.pdf`},
		{`attachment; filename="open`, "attachment", "filename", "open"},
	} {
		got := readMediaType(tt.field)
		if got.value != tt.value || got.params[tt.key] != tt.want {
			t.Errorf("%s: got %+v", tt.field, got)
		}
	}
}
