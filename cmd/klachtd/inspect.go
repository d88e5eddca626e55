package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"klachtd/internal/message"
)

type inspectCmd struct {
	JSON  bool     `name:"json" help:"Print one JSON object a line (there is no other form)."`
	Files []string `arg:"" help:"Messages (.eml files)." placeholder:"FILE"`
}

// maxMessage is how much of a file is read; beyond it is over the limits anyhow
// (security.md 4).
const maxMessage = 50 << 20

// Run prints what klachtd sees in each file, in the order given. A message that
// cannot be parsed still gives its line; a file that cannot be read is an error,
// and the others get theirs.
func (c inspectCmd) Run(e env) error {
	var errs []error
	for _, name := range c.Files {
		seen, err := inspect(name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		line, err := marshal(seen)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if _, err := fmt.Fprintln(e.stdout, line); err != nil {
			return err
		}
	}
	return errors.Join(errs...)
}

// inspect reads a file. A large one is not held in memory: it is mapped, and its
// pages are given back as the parser goes on.
func inspect(name string) (message.Inspection, error) {
	f, err := os.Open(name)
	if err != nil {
		return message.Inspection{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		return message.Inspection{}, fmt.Errorf("%s is a folder; name the messages in it", name)
	}
	if err == nil && info.Mode().IsRegular() && info.Size() > largeMessage {
		if m, ok := mapFile(f, min(info.Size(), maxMessage+1)); ok {
			defer m.close()
			return describeMapped(name, m)
		}
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxMessage+1))
	if err != nil {
		return message.Inspection{}, fmt.Errorf("read %s: %w", name, err)
	}
	return message.Describe(name, message.Parse(raw)), nil
}

// describeMapped reads what is mapped. Somebody may shorten the file meanwhile:
// that is an error like any other of reading, and not the end of the process.
func describeMapped(name string, m mapped) (seen message.Inspection, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		p := recover()
		if fault, ok := p.(interface{ Addr() uintptr }); ok && fault != nil {
			err = fmt.Errorf("read %s: it changed while it was read", name)
		} else if p != nil {
			panic(p)
		}
	}()
	return message.Describe(name, message.ParseMapped(m.raw, m.forget)), nil
}

// largeMessage is where mapping a file begins to pay, in bytes.
const largeMessage = 1 << 20
