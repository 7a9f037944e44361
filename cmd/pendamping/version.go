package main

import (
	"fmt"
	"runtime/debug"
	"strings"
)

// release is the version of an image, in which the Go tool saw no repository: see Dockerfile.
var release string

// version names the module's version or commit as the Go tool noted it: "pendamping 1a2b3c4d5e6f
// (2026-11-30T08:00:00Z, changed) go1.26".
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "pendamping"
	}
	of := map[string]string{}
	for _, s := range info.Settings {
		of[s.Key] = s.Value
	}
	name, when := info.Main.Version, of["vcs.time"]
	if commit := of["vcs.revision"]; len(commit) >= 12 {
		name = commit[:12]
	}
	if of["vcs.modified"] == "true" {
		when += ", changed"
	}
	if release != "" {
		name = release
	}
	if when != "" {
		when = " (" + strings.TrimPrefix(when, ", ") + ")"
	}
	return fmt.Sprintf("pendamping %s%s %s", name, when, info.GoVersion)
}
