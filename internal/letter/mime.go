package letter

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	mail "github.com/wneessen/go-mail"

	"klachtd/internal/complaint"
)

// headerSensitivity tells mail programs how the mail is to be treated.
const headerSensitivity = mail.Header("Sensitivity")

// compose makes the bytes: alternative text and HTML, files around them, and the
// headers of a mail that no person sent (security.md 15).
func (b *Book) compose(l complaint.Letter, subject, text, page string, files []Attachment, e Envelope) ([]byte, error) {
	m := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithEncoding(mail.EncodingQP))
	if err := m.FromFormat(wash(b.a.From.Name), b.a.From.Address); err != nil {
		return nil, errors.New("the sender address cannot be used")
	}
	if l.Kind == complaint.LetterAcknowledgement {
		l.To.Name = "" // no byte of the sender's choice (security.md 14)
	}
	if err := m.AddToFormat(oneLine(l.To.Name), l.To.Address); err != nil {
		return nil, errors.New("the receiver's address cannot be used") // the error would name it
	}
	m.Subject(subject)
	m.SetMessageIDWithValue(e.ID)
	m.SetDateWithValue(e.Date)
	m.SetGenHeader(mail.HeaderReferences, references(e)...)
	if validID(e.InReplyTo) {
		m.SetGenHeader(mail.HeaderInReplyTo, "<"+e.InReplyTo+">")
	}
	automatic := "auto-generated"
	if l.Kind == complaint.LetterAcknowledgement {
		automatic = "auto-replied" // RFC 3834, 5
	} else {
		m.SetGenHeader(headerSensitivity, "Company-Confidential")
	}
	m.SetGenHeader("Auto-Submitted", automatic)
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	m.SetBodyString(mail.TypeTextPlain, text)
	m.AddAlternativeString(mail.TypeTextHTML, page)
	for _, f := range files {
		m.AttachReadSeeker(oneLine(f.Name), bytes.NewReader(f.Data), mail.WithFileContentType(contentType(f.ContentType)))
	}
	var raw bytes.Buffer
	raw.Grow(len(text) + len(page) + 4096 + size(files)*7/5)
	if _, err := m.WriteTo(&raw); err != nil {
		return nil, fmt.Errorf("compose: %w", err)
	}
	return raw.Bytes(), nil
}

// references are those of ours and, for the complainant, his own; ours is among
// them, since some providers replace Message-IDs (security.md, K).
func references(e Envelope) []string {
	var ids []string
	for _, id := range append([]string{e.InReplyTo}, append(e.References, e.ID)...) {
		if validID(id) {
			ids = append(ids, "<"+id+">")
		}
	}
	return []string{strings.Join(ids, " ")}
}

// validID is the strict grammar of RFC 5322, 3.6.4, without its obsolete forms,
// up to 250 bytes (security.md 14).
func validID(id string) bool {
	left, right, ok := strings.Cut(id, "@")
	return ok && len(id) <= 250 && dotAtom(left) && dotAtom(right)
}

func dotAtom(s string) bool {
	for _, atom := range strings.Split(s, ".") {
		if atom == "" {
			return false
		}
		for i := range len(atom) {
			c := atom[i]
			if !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0) {
				return false
			}
		}
	}
	return true
}

func oneLine(s string) string { return strings.Join(strings.Fields(wash(s)), " ") }

// contentType is that of the file when it is a plain type/subtype.
func contentType(t string) mail.ContentType {
	main, sub, ok := strings.Cut(t, "/")
	if !ok || !dotAtom(main) || !dotAtom(sub) || main == "multipart" || main == "message" {
		return mail.TypeAppOctetStream
	}
	return mail.ContentType(t)
}

func size(files []Attachment) int {
	n := 0
	for _, f := range files {
		n += len(f.Data)
	}
	return n
}

// A file is an attachment as a letter names it.
type file struct {
	Name, Size Text
	Why        Text // it does not go along
}

// maxFiles is how much goes along with a copy, in bytes (security.md 8).
const maxFiles = 10 << 20

// sort says which files go along and which are only named (security.md 8).
func sort(all []Attachment) (files []Attachment, attached, left []file) {
	room := maxFiles
	for _, a := range all {
		f := file{Name: Text(a.Name), Size: bytesInWords(a.Size)}
		switch {
		case runs(a):
			f.Why = "kan een programma zijn en gaat daarom niet mee"
		case strings.EqualFold(a.Name, "winmail.dat") || a.ContentType == "application/ms-tnef":
			f.Why = "is door Outlook ingepakt; vraag de afzender de bestanden los te sturen"
		case int64(len(a.Data)) < a.Size || len(a.Data) > room:
			f.Why = "is te groot om mee te sturen"
		default:
			room -= len(a.Data)
			files, attached = append(files, a), append(attached, f)
			continue
		}
		left = append(left, f)
	}
	return files, attached, left
}

// programs are endings of files that a computer may run when somebody opens them.
var programs = strings.Fields(`.ade .adp .apk .app .appx .appxbundle .bat .cab .chm .cmd .com .cpl .dll .dmg .docm .exe .hta
	.img .ins .iso .isp .jar .js .jse .lib .lnk .mde .msc .msi .msix .msp .mst .nsh .pif .pptm .ps1 .psm1 .py .reg .scr
	.sct .sh .shb .sys .url .vb .vbe .vbs .vhd .vhdx .vxd .wsc .wsf .wsh .xll .xlsm`)

func runs(a Attachment) bool {
	switch a.ContentType {
	case "application/x-msdownload", "application/x-msdos-program", "application/x-executable", "application/x-sh",
		"application/javascript", "text/javascript", "application/x-ms-installer", "application/hta":
		return true
	}
	return slices.Contains(programs, strings.ToLower(path.Ext(strings.TrimRight(a.Name, ". "))))
}

func bytesInWords(n int64) Text {
	switch {
	case n >= 1<<20:
		return Text(fmt.Sprintf("%d MB", (n+1<<19)>>20))
	case n >= 1<<10:
		return Text(fmt.Sprintf("%d kB", (n+1<<9)>>10))
	}
	return Text(fmt.Sprintf("%d bytes", n))
}

func isMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// explain keeps what a template error says of file and line.
func explain(err error) error {
	return errors.New(strings.TrimPrefix(err.Error(), "template: "))
}
