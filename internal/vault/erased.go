package vault

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// An Erased is what is remembered outside the database of a case that was erased:
// keyed hashes alone, so that a database that is older forgets it again.
type Erased struct {
	ID       int64
	Number   []byte   // keyed hash of the number
	Contents [][]byte // keyed hashes of the messages
}

// The list of erased cases stands beside the keys file, a line a case: its id and
// hashes before its rows are deleted, its id alone once its key is destroyed. A line
// that was cut off says nothing.
const (
	erasing = "erasing"
	erased  = "erased"
)

func (v *Vault) listPath() string { return filepath.Join(filepath.Dir(v.path), "klachtd.erased") }

// AddErasing remembers cases that are about to be erased, on disk when it returns nil.
func (v *Vault) AddErasing(e Erased) error {
	line := fmt.Appendf(nil, "%s %d %x", erasing, e.ID, e.Number)
	for _, c := range e.Contents {
		line = fmt.Appendf(line, " %x", c)
	}
	return v.appendList(append(line, '\n'))
}

// SetErased notes that cases were erased for good.
func (v *Vault) SetErased(ids ...int64) error {
	var lines []byte
	for _, id := range ids {
		lines = fmt.Appendf(lines, "%s %d\n", erased, id)
	}
	return v.appendList(lines)
}

func (v *Vault) appendList(text []byte) error {
	f, err := os.OpenFile(v.listPath(), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("note erasure: %w", err)
	}
	fresh := false
	if info, err := f.Stat(); err == nil && info.Size() == 0 {
		fresh = true
	} else if err == nil {
		end := make([]byte, 1)
		if _, err := f.ReadAt(end, info.Size()-1); err == nil && end[0] != '\n' {
			text = append([]byte("\n"), text...) // the line before was cut off
		}
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("note erasure: %w", err)
	}
	if fresh {
		return syncDir(filepath.Dir(v.path))
	}
	return nil
}

// Erased returns the cases that were erased for good, in order.
func (v *Vault) Erased() ([]Erased, error) {
	f, err := os.Open(v.listPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("read list of erased cases: %w", err)
	}
	defer f.Close()
	list, err := readErased(f)
	if err != nil {
		return nil, fmt.Errorf("read list of erased cases: %w", err)
	}
	return list, nil
}

func readErased(r io.Reader) ([]Erased, error) {
	begun, done := map[int64]Erased{}, map[int64]bool{}
	var list []Erased
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, err
		}
		word, e, ok := parseErased(strings.Fields(line))
		switch {
		case !ok:
		case word == erasing:
			e.Contents = append(begun[e.ID].Contents, e.Contents...) // begun more than once
			begun[e.ID] = e
		case !done[e.ID]:
			done[e.ID] = true
			b := begun[e.ID]
			b.ID = e.ID
			list = append(list, b)
		}
	}
}

// parseErased reads a line; anything that is none is left out.
func parseErased(words []string) (word string, e Erased, ok bool) {
	if len(words) < 2 || words[0] != erasing && words[0] != erased {
		return "", e, false
	}
	id, err := strconv.ParseInt(words[1], 10, 64)
	if err != nil || id <= House {
		return "", e, false
	}
	e.ID = id
	for i, w := range words[2:] {
		hash, err := hex.DecodeString(w)
		if err != nil {
			return "", e, false
		}
		if i == 0 {
			e.Number = hash
		} else {
			e.Contents = append(e.Contents, hash)
		}
	}
	return words[0], e, true
}
