package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// permissive are the licences under which a module may be linked, each by words that its text has and no other's.
var permissive = []struct{ name, words string }{
	{"Apache-2.0", "Apache License Version 2.0"},
	{"MPL-2.0", "Mozilla Public License"},
	{"BlueOak-1.0.0", "Blue Oak Model License"},
	{"OFL-1.1", "SIL OPEN FONT LICENSE"},
	{"BSD-3-Clause", "to endorse or promote products derived from"},
	{"BSD-2-Clause", "Redistribution and use in source and binary forms"},
	{"ISC", "distribute this software for any purpose with or without fee is hereby granted"},
	{"MIT", "Permission is hereby granted, free of charge"},
}

// copyleft are words of licences that ask more of who passes the program on.
var copyleft = []string{"GNU GENERAL PUBLIC LICENSE Version", "GNU LESSER GENERAL PUBLIC LICENSE Version",
	"GNU AFFERO GENERAL PUBLIC LICENSE Version"}

// licences lists the licence of every module that our programs link, and fails on one that has none or none that is
// permissive.
func licences(ctx context.Context) error {
	dirs, err := linked(ctx)
	if err != nil {
		return err
	}
	var errs []error
	under := map[string][]string{}
	for _, module := range slices.Sorted(maps.Keys(dirs)) {
		name, _, err := licence(dirs[module])
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", module, err))
			continue
		}
		under[name] = append(under[name], module)
	}
	for _, name := range slices.Sorted(maps.Keys(under)) {
		say("%s: %s", name, strings.Join(under[name], ", "))
	}
	return errors.Join(errs...)
}

// licenceTexts writes the licence of every module that our programs link, whole, for whoever passes the binary on. Most
// licences ask for that.
func licenceTexts(ctx context.Context, w io.Writer) error {
	dirs, err := linked(ctx)
	if err != nil {
		return err
	}
	for _, module := range slices.Sorted(maps.Keys(dirs)) {
		name, text, err := licence(dirs[module])
		if err != nil {
			return fmt.Errorf("%s: %w", module, err)
		}
		if _, err := fmt.Fprintf(w, "%s\n%s, %s\n\n%s\n\n", strings.Repeat("=", 80), module, name,
			strings.TrimSpace(text)); err != nil {
			return err
		}
	}
	return nil
}

// linked are the folders of the modules that our programs link, by the modules' names.
func linked(ctx context.Context) (map[string]string, error) {
	list := command(ctx, nil, "go", "list", "-deps", "-f",
		"{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Dir}}{{end}}{{end}}", "./cmd/...")
	list.Stdout = nil
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("listing modules: %w", err)
	}
	dirs := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if module, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			dirs[module] = dir
		}
	}
	return dirs, nil
}

// licence names the licence in a module's folder, and gives its text.
func licence(dir string) (name, text string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", "", err
	}
	found := false
	for _, e := range entries {
		file := strings.ToLower(e.Name())
		if e.IsDir() || !strings.HasPrefix(file, "licen") && !strings.HasPrefix(file, "copying") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return "", "", err
		}
		found = true
		if known, ok := recognise(string(b)); ok {
			return known, string(b), nil
		}
	}
	if !found {
		return "", "", errors.New("it has no licence")
	}
	return "", "", errors.New("its licence is none of those that cmd/check knows as permissive")
}

// recognise tells which permissive licence a text is.
func recognise(text string) (string, bool) {
	words := strings.ToLower(strings.Join(strings.Fields(text), " "))
	has := func(part string) bool { return strings.Contains(words, strings.ToLower(part)) }
	if slices.ContainsFunc(copyleft, has) {
		return "", false
	}
	for _, l := range permissive {
		if has(l.words) {
			return l.name, true
		}
	}
	return "", false
}
