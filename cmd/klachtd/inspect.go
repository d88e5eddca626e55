package main

import (
	"errors"
	"fmt"
	"io"
	"os"

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
// cannot be parsed still gives its line; a file that cannot be read is an error.
func (c inspectCmd) Run(e env) error {
	var errs []error
	for _, name := range c.Files {
		raw, err := readMessage(name)
		if err != nil {
			errs = append(errs, usage{err})
			continue
		}
		line, err := marshal(message.Describe(name, message.Parse(raw)))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if _, err := fmt.Fprintln(e.stdout, line); err != nil {
			return err
		}
	}
	return errors.Join(errs...)
}

func readMessage(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder; name the messages in it", name)
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxMessage+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return raw, nil
}
