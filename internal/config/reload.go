package config

import "errors"

// Takes says why a klachtd that runs with c cannot go on with next: what is fixed
// from its start on differs. Each reason is an *Error with file and line
// (security.md 45); nil: it can.
func (c Config) Takes(next Config) error {
	var errs []error
	for _, fixed := range []struct {
		field  string
		differ bool
	}{
		{"database.path", c.Database.Path != next.Database.Path},
		{"database.master_key_file", c.Database.MasterKeyFile != next.Database.MasterKeyFile},
		// an erasure reaches the copies of the keys in the folder that it was started with
		{"backup.keys_folder", c.Backup.KeysFolder != next.Backup.KeysFolder && c.Database.Path == next.Database.Path},
		{"test_mode", c.TestMode != next.TestMode},
	} {
		if fixed.differ {
			errs = append(errs, &Error{File: next.Path, Line: next.line(fixed.field), Field: fixed.field,
				Problem: "cannot change while klachtd runs; put it back, or stop klachtd and start it again"})
		}
	}
	return errors.Join(errs...)
}

// line is where a field stands, else where it would belong.
func (c Config) line(field string) int {
	for ; field != ""; field = parent(field) {
		if n := c.Lines[field]; n > 0 {
			return n
		}
	}
	return 1
}
