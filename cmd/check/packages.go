package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"pendamping/store/embedded/testdb"
)

// everything is the pattern for all packages.
const everything = "./..."

// takeWords are the flags of go test and go build whose value may be the next argument.
var takeWords = strings.Fields(`
	bench benchtime blockprofile blockprofilerate count covermode coverpkg coverprofile cpu cpuprofile exec fuzz
	fuzzminimizetime fuzztime list memprofile memprofilerate mutexprofile mutexprofilefraction o outputdir parallel run
	shuffle skip timeout trace vet
	asmflags buildmode compiler gccgoflags gcflags installsuffix ldflags mod modfile overlay p pgo pkgdir tags toolexec`)

// sorted takes arguments for go test apart: flags, the packages, all where none is named, and what follows -args, the
// tests' own. The error is flag.ErrHelp where help is asked for, and else names a word that go test would not know what
// to do with.
func sorted(args []string) (flags, packages, own []string, err error) {
	value := false // the argument is the value of the flag before it
	for i, arg := range args {
		name := strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-")
		switch {
		case value:
			flags, value = append(flags, arg), false
		case arg == "help" || arg != name && slices.Contains([]string{"h", "help"}, name):
			return nil, nil, nil, flag.ErrHelp
		case arg != name && name == "args":
			own = args[i:]
		case arg != name:
			flags, value = append(flags, arg), slices.Contains(takeWords, strings.TrimPrefix(name, "test."))
		case arg == "." || strings.HasPrefix(arg, "./") || arg == "pendamping" || strings.HasPrefix(arg, "pendamping/"):
			packages = append(packages, arg)
		default:
			return nil, nil, nil, stranger(arg)
		}
		if own != nil {
			break
		}
	}
	if packages == nil {
		packages = []string{everything}
	}
	return flags, packages, own, nil
}

// stranger says of an argument what may stand in its place.
func stranger(arg string) error {
	where := filepath.Clean(strings.TrimSuffix(arg, "/..."))
	if dir, err := os.Stat(where); err == nil && dir.IsDir() && filepath.IsLocal(where) {
		return fmt.Errorf("%q is no package: did you mean ./%s?", arg, arg)
	}
	return fmt.Errorf("nothing is to be done with %q: here stand go test's flags with their values, "+
		"packages like ./flows, or alone licences or help", arg)
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

// The race detector has nothing to find in stillRooms, which start no goroutine or none of their own: cmd/pendamping
// starts the program itself, under limits of memory that the detector needs more than. In knownRooms it finds what it
// finds in bot's tests too, and makes them several times slower; at full length it watches these as well.
var (
	stillRooms = []string{"pendamping/flows", "pendamping/locales", "pendamping/cmd/check", "pendamping/cmd/pendamping"}
	knownRooms = []string{
		"pendamping/store/postgres", "pendamping/store/redis", "pendamping/store/embedded", "pendamping/cmd",
	}
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
