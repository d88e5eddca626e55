package message

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A foundPart is a part that is no text, before it is named and counted.
type foundPart struct {
	name, contentType, disposition string
	contentID                      string
	related                        bool // stands in a multipart/related
	content                        content
}

// partName is the name that the sender gave to a part, decoded.
func partName(t, disposition mediaType) string {
	for _, name := range [...]string{disposition.params["filename"], t.params["name"],
		disposition.params["name"], t.params["filename"]} {
		if name != "" {
			return safeName(decodeWords(name))
		}
	}
	return ""
}

// attach takes a part down as an attachment, and goes through it once.
func (w *walker) attach(f foundPart) {
	picture := strings.HasPrefix(f.contentType, "image/")
	a := Attachment{Name: f.name, ContentType: f.contentType, content: f.content}
	head := w.measure(&a)
	if picture && f.disposition != "attachment" && isPixel(head) {
		return // it counts readers; nobody sees it
	}
	if a.Name == "" {
		a.Name = parcels[f.contentType]
	}
	if a.Name == "" {
		a.Name = fmt.Sprintf("bijlage-%d%s", len(w.attached)+1, extensions[f.contentType])
	}
	a.Inline = picture && (f.disposition == "inline" || f.disposition != "attachment" && f.related)
	shown := ""
	if picture {
		shown = strings.ToLower(f.contentID)
	}
	w.attached, w.contentIDs = append(w.attached, a), append(w.contentIDs, shown)
}

// measure fills in size and hashes and returns the first bytes.
func (w *walker) measure(a *Attachment) (head []byte) {
	if w.buf == nil {
		w.buf = make([]byte, bufferSize)
	}
	sum := sha256.New()
	var lines *lineHash
	isText := strings.HasPrefix(a.ContentType, "text/") || strings.HasPrefix(a.ContentType, "message/")
	if isText && a.content.how != asLines { // whose lines are alike already
		lines = &lineHash{Hash: sha256.New()}
	}
	d := decoder{content: a.content, forget: w.forget}
	for piece := d.next(w.buf); piece != nil; piece = d.next(w.buf) {
		sum.Write(piece)
		if lines != nil {
			lines.add(piece)
		}
		if len(head) < pictureHead {
			head = append(head, piece[:min(len(piece), pictureHead-len(head))]...)
		}
		a.Size += int64(len(piece))
	}
	if d.problem != "" {
		w.m.wrong(d.problem)
	}
	a.SHA256 = hex.EncodeToString(sum.Sum(nil))
	a.words = a.SHA256
	if lines != nil {
		if words, ok := lines.sum(); ok {
			a.words = words
		}
	}
	return head
}

// pictureHead is how many bytes of a picture tell how large it is.
const pictureHead = 24

// attachments are what was attached, when all texts that may show them are known.
func (w *walker) attachments() []Attachment {
	shown := shownIDs(w.html)
	for i, id := range w.contentIDs {
		w.attached[i].Inline = w.attached[i].Inline || shown[id]
	}
	return w.attached
}

// shownIDs collects the Content-IDs that HTML texts show (RFC 2392).
func shownIDs(html []string) map[string]bool {
	ids := make(map[string]bool)
	for _, text := range html {
		for {
			i := strings.Index(text, "cid:")
			if i < 0 {
				break
			}
			text = text[i+4:]
			n := strings.IndexAny(text, "\"'>) \t\r\n")
			if n < 0 {
				n = len(text)
			}
			id := text[:min(n, maxID)]
			ids[strings.ToLower(id)] = true
			ids[strings.ToLower(string(percentDecode(id)))] = true
			text = text[n:]
		}
	}
	delete(ids, "")
	return ids
}

// isPixel finds pictures of one by one, by the first bytes of GIF and PNG.
func isPixel(b []byte) bool {
	switch {
	case len(b) >= 10 && string(b[:4]) == "GIF8":
		return binary.LittleEndian.Uint32(b[6:]) == 1|1<<16
	case len(b) >= 24 && string(b[:4]) == "\x89PNG":
		return binary.BigEndian.Uint64(b[16:]) == 1|1<<32
	}
	return false
}

// maxName is the longest file name that is kept: systems allow 255 bytes, and
// something may be put before it.
const maxName = 120

// safeName makes a name that is no path and shows as what it is (security.md 9).
func safeName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != '\u200d', r == utf8.RuneError:
			return -1 // Cf holds the bidi controls: "exe.fdp" shown as "pdf.exe"
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, name)
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	if len(name) <= maxName {
		return name
	}
	ext := path.Ext(name)
	if len(ext) > 20 {
		ext = ""
	}
	cut := maxName - len(ext)
	for cut > 0 && !utf8.RuneStart(name[cut]) {
		cut--
	}
	return strings.TrimRight(name[:cut], ". ") + ext
}

// parcels are types that hold a whole message of their own and are not opened; the
// programs that write them give them these names.
var parcels = map[string]string{
	"application/ms-tnef": "winmail.dat", "application/vnd.ms-tnef": "winmail.dat",
	"application/pkcs7-mime": "smime.p7m", "application/x-pkcs7-mime": "smime.p7m",
}

// extensions of common types; package mime would ask the machine's own tables,
// and machines differ.
var extensions = map[string]string{
	"image/jpeg": ".jpg", "image/jpg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp",
	"image/heic": ".heic", "image/tiff": ".tif", "image/bmp": ".bmp", "image/svg+xml": ".svg",
	"audio/mpeg": ".mp3", "audio/mp4": ".m4a", "video/mp4": ".mp4", "video/quicktime": ".mov",
	"text/plain": ".txt", "text/html": ".html", "text/calendar": ".ics", "application/ics": ".ics",
	"text/csv": ".csv", "text/vcard": ".vcf", "text/x-vcard": ".vcf", "text/xml": ".xml", "text/rtf": ".rtf",
	"message/rfc822": ".eml", "message/global": ".eml",
	"application/pdf": ".pdf", "application/zip": ".zip", "application/json": ".json", "application/xml": ".xml",
	"application/rtf": ".rtf", "application/msword": ".doc",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   ".docx",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         ".xlsx",
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
}
