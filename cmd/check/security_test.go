package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What SECURITY.md names as its proof is there: tests, fuzz targets and transcripts. Of tests of one name in several
// folders it says which one it means.
func TestSecurityNamesProofs(t *testing.T) {
	page, err := os.ReadFile("../../.github/SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	folders := map[string][]string{} // by test
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	err = filepath.WalkDir("../..", func(name string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		b, err := os.ReadFile(name)
		folder := filepath.ToSlash(strings.TrimPrefix(filepath.Dir(name), filepath.FromSlash("../../")))
		for _, m := range declared.FindAllSubmatch(b, -1) {
			folders[string(m[1])] = append(folders[string(m[1])], folder)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	proof := regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9]+)`(?: of `([a-z/]+)`)?")
	for _, m := range proof.FindAllStringSubmatch(string(page), -1) {
		named++
		switch in := folders[m[1]]; {
		case len(in) == 0:
			t.Errorf("there is no %s", m[1])
		case m[2] == "" && len(in) > 1:
			t.Errorf("%s is in %s: say which one is meant", m[1], strings.Join(in, " and "))
		case m[2] != "" && !slices.Contains(in, m[2]):
			t.Errorf("there is no %s in %s", m[1], m[2])
		}
	}
	if named < 30 {
		t.Errorf("it names %d tests", named)
	}
	named = 0
	scripts := regexp.MustCompile("transcripts? (`[^`]+`(?:(?:, | and )`[^`]+`)*)")
	for _, m := range scripts.FindAllStringSubmatch(string(page), -1) {
		for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(m[1], -1) {
			named++
			if found, err := filepath.Glob("../../flows/testdata/" + name[1] + ".txt"); err != nil || len(found) == 0 {
				t.Errorf("there is no transcript %s", name[1])
			}
		}
	}
	if named < 15 {
		t.Errorf("it names %d transcripts", named)
	}
}
