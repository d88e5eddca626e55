package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
)

// versionLine falls back on what the Go command wrote down when the build gave nothing.
func versionLine() string {
	v, c := version, commit
	if info, ok := debug.ReadBuildInfo(); ok {
		v = cmp.Or(v, info.Main.Version)
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				c = cmp.Or(c, s.Value)
			}
		}
	}
	return fmt.Sprintf("klachtd %s (commit %s, %s)", cmp.Or(v, "unknown"), cmp.Or(c, "unknown"), runtime.Version())
}
