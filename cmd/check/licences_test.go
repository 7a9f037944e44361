package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLicence(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"mit", "LICENSE", "Permission is hereby granted,\nfree of charge, to any person", "MIT"},
		{"bsd", "LICENSE.md", "Redistribution and use in source and binary\nforms, with or without", "BSD-2-Clause"},
		{"bsd with a third clause", "LICENSE", "Redistribution and use in source and binary forms … used to\nendorse or promote products derived from", "BSD-3-Clause"},
		{"apache", "LICENSE.txt", "   Apache License\n   Version 2.0, January 2004", "Apache-2.0"},
		{"copying", "COPYING", "Permission to use, copy, modify, and distribute this software for any purpose with or without fee is hereby granted", "ISC"},
		{"agpl", "LICENSE", "GNU AFFERO GENERAL PUBLIC LICENSE\n Version 3", ""},
		{"gpl that quotes MIT", "LICENSE", "GNU General Public License\nVersion 2 … Permission is hereby granted, free of charge", ""},
		{"own words", "LICENSE", "All rights reserved.", ""},
		{"none", "README", "Permission is hereby granted, free of charge", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, c.file), []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			got, err := licence(dir)
			if got != c.want || (err == nil) != (c.want != "") {
				t.Errorf("it is %q, %v; want %q", got, err, c.want)
			}
		})
	}
}
