// Package archive reads messages out of what other programs keep them in: .eml
// files, Maildirs and mboxes, one message at a time. It changes nothing there, and
// what a message means is not its business.
package archive

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A Message is one message of an archive.
type Message struct {
	File     string    // its path
	N        int       // which one of an mbox, from 1; 0: the file is one message
	Raw      []byte    // at most Limits.Message bytes
	Size     int64     // of the whole, in bytes
	Partial  bool      // over Limits.Message: Raw is its beginning
	Received time.Time // of the newest Received field; zero when none has a date
	Kept     time.Time // when the archive says that it got it: poor evidence; zero when it says nothing
	Left     Left      // why it is no mail that came in; "" when it may be
}

// Left says why a message of an archive is to be left alone.
type Left string

// What is no mail that came in, by the mark of the program that keeps it.
const (
	Draft    Left = "a draft"
	Deleted  Left = "deleted in the mail program"
	Internal Left = "a note of the mail program to itself"
)

// Limits bound what is in memory of a message, in bytes.
type Limits struct {
	Message int64 // of a larger one only the beginning is read (security.md 4)
	Head    int64 // how much that is
}

// ErrUnknown says that a file is no mail of a form that is known here. Files that
// were only come across in a folder give it too.
var ErrUnknown = errors.New("no mail: want .eml, a Maildir or an mbox")

// Read goes through a file or a folder with all below it, in the order of the
// names. What cannot be read is an error that names it, and the rest goes on.
func Read(path string, l Limits) iter.Seq2[Message, error] {
	return func(yield func(Message, error) bool) {
		r := reader{limits: l, yield: yield}
		info, err := os.Stat(path)
		switch {
		case err != nil:
			r.fail(path, err)
		case info.IsDir():
			r.walk(path)
		case info.Mode().IsRegular():
			r.file(path, named)
		default:
			r.fail(path, ErrUnknown)
		}
	}
}

// A reader is one Read. Its methods return false when nobody wants to go on.
type reader struct {
	limits Limits
	yield  func(Message, error) bool
}

func (r reader) fail(path string, err error) bool {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err // which names the path as well
	}
	return r.yield(Message{File: path}, fmt.Errorf("%s: %w", path, err))
}

// walk reads a folder. Links to folders are not followed: they may lead round.
func (r reader) walk(root string) {
	_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		more := true
		switch {
		case err != nil:
			more = r.fail(path, err)
			if d != nil && d.IsDir() && more {
				return fs.SkipDir
			}
		case d.IsDir():
			if path != root && !wanted(path, d.Name()) {
				return fs.SkipDir
			}
		case inMaildir(path):
			more = r.maildir(path, d.Name())
		default:
			more = r.found(path, d)
		}
		if !more {
			return fs.SkipAll
		}
		return nil
	})
}

// wanted leaves out what is being delivered, and hidden folders other than those
// of Maildir++.
func wanted(path, name string) bool {
	if name == "tmp" && isFolder(filepath.Dir(path), "cur") {
		return false
	}
	return !strings.HasPrefix(name, ".") || isFolder(path, "cur")
}

func inMaildir(path string) bool {
	dir := filepath.Dir(path)
	name := filepath.Base(dir)
	return (name == "cur" || name == "new") && isFolder(filepath.Dir(dir), "cur") && isFolder(filepath.Dir(dir), "new")
}

func isFolder(dir, name string) bool {
	info, err := os.Stat(filepath.Join(dir, name))
	return err == nil && info.IsDir()
}

// found reads a file that was come across in a folder.
func (r reader) found(path string, d fs.DirEntry) bool {
	if strings.HasPrefix(d.Name(), ".") {
		return true
	}
	info, err := os.Stat(path) // what a link leads to
	switch {
	case err != nil:
		return r.fail(path, err)
	case !info.Mode().IsRegular():
		return true
	}
	return r.file(path, comeAcross)
}

// How somebody came to a file: it decides what is taken for a message.
type how int

const (
	named      how = iota // what looks like a message is one
	comeAcross            // only what is called one; an mbox may have any name
)

func (r reader) file(path string, h how) bool {
	f, err := os.Open(path)
	if err != nil {
		return r.fail(path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return r.fail(path, err)
	}
	head := make([]byte, 1024)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return r.fail(path, err)
	}
	head = skipBlank(head[:n])
	ext := strings.ToLower(filepath.Ext(path))
	switch {
	case isMbox(head), ext == ".mbox" && (info.Size() == 0 || bytes.HasPrefix(head, []byte("From ")) || isField(head)):
		return r.mbox(f, path, info)
	case info.Size() == 0 && ext == "":
		return true // an mbox with nothing in it
	case ext == ".eml", h == named && (isField(head) || info.Size() == 0):
		return r.single(f, path, info, "")
	}
	return r.fail(path, ErrUnknown)
}

// isMbox says whether a file begins as an mbox does.
func isMbox(head []byte) bool {
	line, rest, _ := bytes.Cut(head, []byte{'\n'})
	p := postmark(line)
	return p.dated() || p.short() && isKnownField(rest)
}

// maildir reads a file of a Maildir: one message, whatever is in it.
func (r reader) maildir(path, name string) bool {
	if strings.HasPrefix(name, ".") {
		return true
	}
	f, err := os.Open(path)
	if err != nil {
		return r.fail(path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return r.fail(path, err)
	}
	return r.single(f, path, info, flagged(name))
}

// flagged reads the letters after ":2," (and what stands for the colon where a
// file system has none).
func flagged(name string) Left {
	i := strings.LastIndex(name, "2,")
	if i < 1 || !strings.ContainsRune(":;!-", rune(name[i-1])) {
		return ""
	}
	switch flags := name[i+2:]; {
	case strings.ContainsRune(flags, 'D'):
		return Draft
	case strings.ContainsRune(flags, 'T'):
		return Deleted
	}
	return ""
}

func (r reader) single(f *os.File, path string, info fs.FileInfo, left Left) bool {
	m := Message{File: path, Size: info.Size(), Kept: info.ModTime(), Left: left}
	keep := r.limits.Message
	if m.Partial = m.Size > keep; m.Partial {
		keep = r.limits.Head
	}
	raw := bytes.NewBuffer(make([]byte, 0, min(keep, m.Size)+bytes.MinRead)) // so that it never grows
	if _, err := raw.ReadFrom(io.LimitReader(f, keep)); err != nil {
		return r.fail(path, err)
	}
	m.Raw = raw.Bytes()
	if len(bytes.TrimSpace(m.Raw)) == 0 {
		return r.fail(path, errors.New("nothing is in it"))
	}
	m.Received = received(m.Raw)
	return r.yield(m, nil)
}

func (r reader) mbox(f *os.File, path string, info fs.FileInfo) bool {
	s := newSplitter(f, f, info.Size(), r.limits)
	for n := 1; ; n++ {
		p, err := s.next()
		if errors.Is(err, io.EOF) {
			return true
		} else if err != nil {
			return r.fail(path, err)
		}
		m := Message{File: path, N: n, Raw: p.raw, Size: p.size, Partial: p.partial, Kept: p.mark.date(), Left: p.left(n)}
		if m.Kept.IsZero() {
			m.Kept = info.ModTime()
		}
		m.Received = received(m.Raw)
		if !r.yield(m, nil) {
			return false
		}
	}
}
