package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"
)

func versionLine() string {
	v, c := revision()
	return fmt.Sprintf("klachtd %s (commit %s, %s)", v, c, runtime.Version())
}

// revision is what is running. It falls back on what the Go command wrote down when
// the build gave nothing.
func revision() (v, c string) {
	v, c = version, commit
	if info, ok := debug.ReadBuildInfo(); ok {
		v = cmp.Or(v, info.Main.Version)
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				c = cmp.Or(c, s.Value)
			}
		}
	}
	return cmp.Or(v, "unknown"), cmp.Or(c, "unknown")
}
