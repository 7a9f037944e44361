package sample_test

import (
	"bytes"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"pendamping/flows/look/sample"
)

func TestAll(t *testing.T) {
	all := sample.All("2026-11-23")
	names := map[string]bool{}
	for _, s := range all {
		if names[s.Name] || s.Title == "" {
			t.Errorf("%q: name not its own, or no title", s.Name)
		}
		names[s.Name] = true
		m, err := jpeg.Decode(bytes.NewReader(s.JPEG))
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		if b := m.Bounds(); max(b.Dx(), b.Dy()) < 900 || max(b.Dx(), b.Dy()) > 1200 {
			t.Errorf("%s: %v", s.Name, b)
		}
		if len(s.JPEG) > 200<<10 {
			t.Errorf("%s: %d KB", s.Name, len(s.JPEG)>>10)
		}
		if dir := os.Getenv("SAMPLES_DIR"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, s.Name+".jpg"), s.JPEG, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
