//go:build !failpoints

package main

// failpoint is where a test ends the process; this build has no tests in it.
func failpoint() func(string) { return func(string) {} }
