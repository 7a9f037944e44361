package main

import "testing"

// Benchmarks have the usual garbage collection, and so has whoever asks for a setting.
func TestCollectsLazily(t *testing.T) {
	for _, c := range []struct {
		set   string
		flags []string
		want  int
	}{
		{"", nil, 1}, {"", []string{"-run", "Nota", "-benchtime=1s"}, 0}, {"", []string{"--test.bench=."}, 0},
		{"off", nil, 0},
	} {
		t.Setenv("GOGC", c.set)
		if got := lazily(c.flags); len(got) != c.want {
			t.Errorf("with GOGC=%q and %q: %q, want %d settings", c.set, c.flags, got, c.want)
		}
	}
}
