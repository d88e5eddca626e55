package letter

import (
	"path"
	"strings"
	"unicode"
)

// maxAttached is how many bytes of originals go along with one mail (procedure.md 2).
const maxAttached = 10_000_000

// Why an attachment does not go along.
const (
	leftExecutable = "executable"
	leftSize       = "size"
	leftMissing    = "missing"
)

// executable endings: what Windows, macOS or Linux runs or mounts on a double
// click, and what large mail services refuse for that reason.
var executable = set(`ade adp apk app appinstaller application appref-ms appx appxbundle bat cab chm cmd com cpl
	command deb desktop diagcab dll dmg ex ex_ exe gadget hta img inf ins iso isp jar jnlp js jse lib lnk mde mjs
	msc msi msix msixbundle msp mst nsh ocx pif pkg ps1 ps1xml ps2 psc1 psd1 psm1 py pyw reg rpm run scf scr sct
	settingcontent-ms sh shb sys url vb vbe vbs vhd vhdx vxd workflow ws wsc wsf wsh xll`)

var executableTypes = set(`application/bat application/hta application/java-archive application/javascript
	application/vnd.android.package-archive application/vnd.microsoft.portable-executable application/x-apple-diskimage
	application/x-bat application/x-csh application/x-debian-package application/x-dosexec application/x-elf
	application/x-executable application/x-iso9660-image application/x-java-archive application/x-javascript
	application/x-mach-binary application/x-ms-application application/x-ms-installer application/x-ms-shortcut
	application/x-msdos-program application/x-msdownload application/x-msi application/x-powershell application/x-rpm
	application/x-sh application/x-sharedlib application/x-shellscript application/x-vbs text/javascript text/vbscript
	text/x-powershell text/x-python text/x-sh`)

func set(words string) map[string]bool {
	s := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		s[w] = true
	}
	return s
}

// choose lists the attachments and picks those that go along: in their order,
// until 10 MB are full, never what runs (security.md 8).
func choose(all []Attachment) (list []file, along []Attachment) {
	room := int64(maxAttached)
	for _, a := range all {
		a.Name, a.ContentType = fileName(a.Name), contentType(a.ContentType)
		f := file{Name: line(a.Name), Size: size{bytes: a.Size}, Winmail: isWinmail(a)}
		n := max(int64(len(a.Data)), a.Size)
		if a.Read != nil && !runs(a) && n <= room {
			a.Data = a.Read()
			n = max(n, int64(len(a.Data)))
		}
		switch {
		case runs(a):
			f.Left = leftExecutable
		case n > room:
			f.Left = leftSize
		case n > int64(len(a.Data)): // a part of it would look like all of it
			f.Left = leftMissing
		default:
			room -= n
			along = append(along, a)
		}
		list = append(list, f)
	}
	return list, along
}

// runs looks at every ending of a name that Windows could take for the last one:
// it drops dots and spaces at the end.
func runs(a Attachment) bool {
	ending := strings.TrimPrefix(path.Ext(strings.TrimRight(a.Name, ". ")), ".")
	return executable[strings.ToLower(ending)] || executableTypes[a.ContentType]
}

// isWinmail finds the parcel in which Outlook sends its formatting and files (MS-OXTNEF).
func isWinmail(a Attachment) bool {
	return strings.EqualFold(a.Name, "winmail.dat") || a.ContentType == "application/ms-tnef"
}

// maxName is the longest name of a file in bytes: encoded for a header it stays
// below a line's 998 (security.md 3).
const maxName = 150

// fileName makes a name that is no path and shows as what it is (security.md 9).
func fileName(s string) string {
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	s = strings.Map(func(r rune) rune {
		switch {
		case r < ' ', r == 0x7f, r >= 0x80 && unseen(r):
			return -1
		case strings.ContainsRune(`"<>:|?*`, r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "_"))
	if len(s) > maxName {
		ending := path.Ext(s)
		if len(ending) > 20 {
			ending = ""
		}
		s = s[:cutAt(s, maxName-len(ending))] + ending
	}
	if s == "" {
		return "bijlage"
	}
	return s
}

// contentType lets a plain type/subtype through (RFC 2045 5.1), except what a
// mail program would show as part of our mail, or what may not be encoded (RFC 2046 5.2.1).
func contentType(s string) string {
	s = strings.ToLower(s)
	major, minor, found := strings.Cut(s, "/")
	if !found || len(s) > 100 || !isToken(major) || !isToken(minor) || major == "message" || major == "multipart" {
		return "application/octet-stream"
	}
	switch s {
	case "text/html", "application/xhtml+xml", "image/svg+xml", "text/calendar":
		return "application/octet-stream"
	}
	return s
}

func isToken(s string) bool {
	for i := range len(s) {
		if !isAlnum(s[i]) && strings.IndexByte("!#$&^_.+-", s[i]) < 0 {
			return false
		}
	}
	return s != ""
}
