package letter

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"time"
	"unicode/utf8"

	"klachtd/internal/complaint"
	"klachtd/templates"
)

var kinds = [...]complaint.LetterKind{
	complaint.LetterAcknowledgement, complaint.LetterNotice, complaint.LetterCopy, complaint.LetterFollowup,
	complaint.LetterUndelivered, complaint.LetterReminders, complaint.LetterDigest, complaint.LetterAccount, complaint.LetterAlarm,
	complaint.LetterReply, complaint.LetterDelay, complaint.LetterDelayAutomatic, complaint.LetterClosing,
	complaint.LetterSatisfaction, complaint.LetterSatisfactionReminder, complaint.LetterExternal, complaint.LetterScore, complaint.LetterOutside, complaint.LetterStandIn,
	complaint.LetterConcerned, complaint.LetterOutcome, complaint.LetterAssigned, complaint.LetterHandover, complaint.LetterReopened,
	complaint.LetterConsult, complaint.LetterConsulted, complaint.LetterResponse, complaint.LetterApproval, complaint.LetterReturned,
	complaint.LetterCopyAsk, complaint.LetterSevere, complaint.LetterGroup, complaint.LetterDelayed, complaint.LetterOverdue,
	complaint.LetterRetentionAhead, complaint.LetterCertificate, complaint.LetterDeleteCopies,
	complaint.LetterReceipt, complaint.LetterRefused, complaint.LetterHelp, complaint.LetterCard, complaint.LetterList, complaint.LetterChoice,
	complaint.LetterChallenge, complaint.LetterForged,
}

const (
	sharedName = "shared" // pieces that several mails use
	ending     = ".txt"
	maxSource  = 64 << 10
)

// New reads the templates of every language and tries those that the academy wrote
// itself, with hostile values too. overrides holds files that replace the built-in
// ones, one by one; nil: none. An error names file and line.
func New(overrides fs.FS, a Academy) (*Book, error) {
	if a.Zone == nil {
		a.Zone = time.UTC
	}
	b := &Book{language: cmp.Or(a.Language, Dutch), editions: map[Language]*edition{}}
	if overrides != nil {
		if err := checkNames(overrides); err != nil {
			return nil, err
		}
	}
	for _, language := range languages {
		e := &edition{language: language, academy: a, mails: map[complaint.LetterKind]*template.Template{}, own: map[string]bool{}}
		if err := e.load(overrides); err != nil {
			return nil, err
		}
		b.editions[language] = e
	}
	if b.editions[b.language] == nil {
		return nil, fmt.Errorf("%s: %w", b.language, errLanguage)
	}
	return b, nil
}

// load reads the mails of one language and tries what the academy wrote itself, and
// the acknowledgement: how large that gets depends on the configuration. No
// configuration breaks the others, as a test shows, and trying takes its time.
func (b *edition) load(overrides fs.FS) error {
	about := settingsOf(b.academy, tongues[b.language])
	shared := template.New("").Funcs(template.FuncMap{
		"academy": func() settings { return about }, "tel": tel, "mailto": mailto, "web": web,
	})
	if err := b.parse(shared, nil, sharedName); err != nil {
		return err
	}
	if overrides != nil { // it may define some pieces anew and leave the others
		if err := b.parse(shared, overrides, sharedName); err != nil {
			return err
		}
	}
	for _, kind := range kinds {
		t, err := shared.Clone()
		if err != nil {
			return fmt.Errorf("clone %s: %w", sharedName, err)
		}
		if err := b.parse(t, overrides, string(kind)); err != nil {
			return err
		}
		b.mails[kind] = t.Lookup(b.fileOf(string(kind)))
		if kind != complaint.LetterAcknowledgement && !b.own[b.fileOf(string(kind))] && !b.own[b.fileOf(sharedName)] {
			continue
		}
		if err := b.try(kind); err != nil {
			return err
		}
	}
	return nil
}

func (b *edition) fileOf(name string) string { return path.Join(string(b.language), name+ending) }

// parse reads one file, the academy's own before ours.
func (b *edition) parse(into *template.Template, overrides fs.FS, name string) error {
	file := b.fileOf(name)
	src, err := fs.ReadFile(templates.Files, file)
	if err != nil {
		return fmt.Errorf("built-in template: %w", err)
	}
	if overrides != nil {
		own, err := fs.ReadFile(overrides, file)
		if err == nil {
			src, b.own[file] = own, true
		} else if !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("template: %w", err)
		}
	}
	text, err := plain(file, src)
	if err != nil {
		return err
	}
	if name != sharedName {
		if err := checkSubject(file, text); err != nil {
			return err
		}
	}
	if _, err := into.New(file).Parse(addressed(text, b.academy.Formal)); err != nil {
		return atFile(err)
	}
	return nil
}

// atFile leaves "template: " out before "nl/notice.txt:12: ...".
func atFile(err error) error {
	return errors.New(strings.TrimPrefix(err.Error(), "template: "))
}

// checkNames finds files that would never be read: a slip in a name would
// otherwise leave the built-in text in place without a word.
func checkNames(overrides fs.FS) error {
	if _, err := fs.ReadDir(overrides, "."); err != nil {
		return fmt.Errorf("templates: %w", err)
	}
	var known []string
	for _, k := range kinds {
		known = append(known, string(k))
	}
	known = append(known, sharedName)
	for _, dir := range [...]string{".", string(Dutch), string(English)} {
		entries, err := fs.ReadDir(overrides, dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("templates: %w", err)
		}
		for _, e := range entries {
			name, isTemplate := strings.CutSuffix(e.Name(), ending)
			switch {
			case !isTemplate:
			case !slices.Contains(known, name):
				return fmt.Errorf("%s: there is no mail of that name; there are %s", path.Join(dir, e.Name()), strings.Join(known, ", "))
			case dir == ".":
				return fmt.Errorf("%s: belongs in the folder %s or %s", e.Name(), Dutch, English)
			}
		}
	}
	return nil
}

// plain checks what stands in a file before it is taken for a template.
func plain(file string, src []byte) (string, error) {
	if len(src) > maxSource {
		return "", fmt.Errorf("%s: larger than %d bytes", file, maxSource)
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(src), "\ufeff"), "\r\n", "\n")
	n := 1
	for row := range strings.SplitSeq(text, "\n") {
		if !utf8.ValidString(row) {
			return "", fmt.Errorf("%s:%d: not UTF-8: save the file in that encoding", file, n)
		}
		if i := strings.IndexFunc(row, func(r rune) bool { return r != '\t' && (r < ' ' || r >= 0x7f && unseen(r)) }); i >= 0 {
			return "", fmt.Errorf("%s:%d: an invisible character after %q: delete it", file, n, row[:i])
		}
		n++
	}
	return text, nil
}

var action = regexp.MustCompile(`\{\{.*?\}\}`)

// checkSubject holds a subject to fixed words and the number, without a # that
// could be read as a command (security.md 21, procedure.md 3).
func checkSubject(file, text string) error {
	first, _, _ := strings.Cut(text, "\n")
	words, found := strings.CutPrefix(first, subjectPrefix)
	if !found || strings.TrimSpace(words) == "" {
		return fmt.Errorf("%s:1: the first line must be %q and the subject", file, subjectPrefix)
	}
	words = strings.ReplaceAll(words, "[{{.Number}}]", "")
	if action.MatchString(words) || strings.ContainsAny(words, "{}#*") {
		return fmt.Errorf("%s:1: a subject holds fixed words and [{{.Number}}], nothing else", file)
	}
	return nil
}

var forms = regexp.MustCompile(`\[([^\[\]|{}\n]*)\|([^\[\]|{}\n]*)\]`)

// addressed chooses the form of address: [je|u] becomes one of the two.
func addressed(text string, formal bool) string {
	if formal {
		return forms.ReplaceAllString(text, "$2")
	}
	return forms.ReplaceAllString(text, "$1")
}
