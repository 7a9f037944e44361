package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"pendamping/store/embedded/testdb"
)

// everything is the pattern for all packages.
const everything = "./..."

// takeWords are go test's flags whose next argument may look like a package.
var takeWords = []string{"-run", "-skip", "-bench", "-fuzz", "-list"}

// sorted takes arguments for go test apart: flags, the packages, all where none is named, and what follows -args, the tests' own.
func sorted(args []string) (flags, packages, own []string) {
	for i, arg := range args {
		if arg == "-args" || arg == "--args" {
			own = args[i:]
			break
		}
		switch {
		case i > 0 && slices.Contains(takeWords, args[i-1]):
			flags = append(flags, arg)
		case arg == "." || strings.HasPrefix(arg, "./") || arg == "pendamping" || strings.HasPrefix(arg, "pendamping/"):
			packages = append(packages, arg)
		default:
			flags = append(flags, arg)
		}
	}
	if packages == nil {
		packages = []string{everything}
	}
	return flags, packages, own
}

// sources are the Go files in the folders.
func sources(dirs []string) []string {
	var files []string
	for _, dir := range dirs {
		match, _ := filepath.Glob(filepath.Join(dir, "*.go"))
		files = append(files, match...)
	}
	return files
}

// racy reports whether the race detector can be built here: it needs a C compiler.
func racy(ctx context.Context) bool {
	out, err := exec.CommandContext(ctx, "go", "env", "CGO_ENABLED", "CC").Output()
	if err != nil {
		return false
	}
	cgo, compiler, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	name, _, _ := strings.Cut(compiler, " ")
	_, err = exec.LookPath(name)
	return cgo == "1" && err == nil
}

// The race detector has nothing to find in stillRooms, which start no goroutine or none of their own: cmd/pendamping starts the program
// itself, under limits of memory that the detector needs more than. In knownRooms it finds what it finds in bot's tests too, and makes
// them several times slower; at full length it watches these as well.
var (
	stillRooms = []string{"pendamping/flows", "pendamping/locales", "pendamping/cmd/check", "pendamping/cmd/pendamping"}
	knownRooms = []string{"pendamping/store/postgres", "pendamping/store/redis", "pendamping/store/embedded", "pendamping/cmd"}
)

// split are the packages of patterns: those that the race detector watches, and those of the still rooms.
func split(ctx context.Context, patterns []string) (busy, still []string, err error) {
	list := command(ctx, nil, "go", append([]string{"list"}, patterns...)...)
	list.Stdout = nil
	out, err := list.Output()
	if err != nil {
		return nil, nil, fmt.Errorf("listing packages: %w", err)
	}
	rooms := stillRooms
	if !testdb.Full() {
		rooms = slices.Concat(stillRooms, knownRooms)
	}
	for _, p := range strings.Fields(string(out)) {
		if slices.ContainsFunc(rooms, func(r string) bool { return p == r || strings.HasPrefix(p, r+"/") }) {
			still = append(still, p)
		} else {
			busy = append(busy, p)
		}
	}
	return busy, still, nil
}
