package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What the image ships has the text of each licence, of what is fixed too.
func TestLicenceTexts(t *testing.T) {
	t.Chdir("../..")
	var out strings.Builder
	if err := licenceTexts(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"github.com/go-telegram-bot-api/telegram-bot-api/v5, MIT", "github.com/jackc/pgx/v5, MIT",
		"github.com/redis/go-redis/v9, BSD-2-Clause",
		"Copyright (c) 2013-2021 Jack Christensen", "golang.org/x/image, BSD-3-Clause",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it lacks %q", want)
		}
	}
}

func TestLicence(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"mit", "LICENSE", "Permission is hereby granted,\nfree of charge, to any person", "MIT"},
		{"bsd", "LICENSE.md", "Redistribution and use in source and binary\nforms, with or without", "BSD-2-Clause"},
		{"bsd with a third clause", "LICENSE",
			"Redistribution and use in source and binary forms … used to\nendorse or promote products derived from",
			"BSD-3-Clause"},
		{"apache", "LICENSE.txt", "   Apache License\n   Version 2.0, January 2004", "Apache-2.0"},
		{"copying", "COPYING",
			"Permission to use, copy, modify, and distribute this software for any purpose with or without fee is hereby granted", "ISC"},
		{"agpl", "LICENSE", "GNU AFFERO GENERAL PUBLIC LICENSE\n Version 3", ""},
		{"gpl that quotes MIT", "LICENSE",
			"GNU General Public License\nVersion 2 … Permission is hereby granted, free of charge", ""},
		{"own words", "LICENSE", "All rights reserved.", ""},
		{"none", "README", "Permission is hereby granted, free of charge", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, c.file), []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			got, text, err := licence(dir)
			if got != c.want || (err == nil) != (c.want != "") || got != "" && text != c.text {
				t.Errorf("it is %q, %v; want %q", got, err, c.want)
			}
		})
	}
}
