package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// event is a line of go test -json (go doc test2json and go help buildjson).
type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64 // seconds
}

// counts are of tests, each subtest among them.
type counts struct{ passed, failed, skipped int }

func (c counts) String() string {
	s := fmt.Sprintf("%d passed", c.passed)
	if c.failed > 0 {
		s += fmt.Sprintf(", %d failed", c.failed)
	}
	if c.skipped > 0 {
		s += fmt.Sprintf(", %d skipped", c.skipped)
	}
	return s
}

// report follows one or more runs of go test: a line for each package when it ends, and all that a failed test said.
type report struct {
	out     io.Writer
	verbose bool // everything is shown as it comes

	mu       sync.Mutex
	running  map[string]*suite
	packages int
	sum      counts
}

// suite is a package whose tests run.
type suite struct {
	counts
	said map[string][]string // by test that has not ended; "" is the package's own
}

func newReport(out io.Writer, args []string) *report {
	loud := func(arg string) bool {
		name, value, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		name = strings.TrimPrefix(name, "test.")
		return strings.HasPrefix(arg, "-") && (name == "v" && value != "false" || name == "bench" || name == "fuzz")
	}
	return &report{out: out, verbose: slices.ContainsFunc(args, loud), running: map[string]*suite{}}
}

// read follows one run to its end.
func (r *report) read(from io.Reader) error {
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			r.line(line)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *report) line(line []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var e event
	if !bytes.HasPrefix(line, []byte("{")) || json.Unmarshal(line, &e) != nil {
		r.out.Write(line) // go's own words
		return
	}
	if e.Action == "build-output" {
		fmt.Fprint(r.out, e.Output)
	}
	if e.Package == "" {
		return
	}
	s := r.running[e.Package]
	if s == nil {
		s = &suite{said: map[string][]string{}}
		r.running[e.Package] = s
	}
	switch e.Action {
	case "output":
		if r.verbose {
			fmt.Fprint(r.out, e.Output)
		} else {
			s.said[e.Test] = append(s.said[e.Test], e.Output)
		}
	case "pass", "fail", "skip":
		if e.Test == "" {
			delete(r.running, e.Package)
			r.ended(s, e.Action)
			return
		}
		switch e.Action {
		case "pass":
			s.passed++
		case "skip":
			s.skipped++
		case "fail":
			s.failed++
			r.tell(s.said[e.Test])
		}
		delete(s.said, e.Test)
	}
}

// ended closes a package. One that fails without a failed test did not build, panicked or took too long: what its tests
// were saying then is shown.
func (r *report) ended(s *suite, action string) {
	if action == "fail" && s.failed == 0 {
		s.failed = 1
	}
	r.sum.passed, r.sum.failed, r.sum.skipped = r.sum.passed+s.passed, r.sum.failed+s.failed, r.sum.skipped+s.skipped
	r.packages++
	own := s.said[""]
	delete(s.said, "")
	if action == "fail" {
		for _, test := range slices.Sorted(maps.Keys(s.said)) {
			r.tell(s.said[test])
		}
		r.tell(own)
		return
	}
	for _, line := range own {
		if strings.HasPrefix(line, "ok  \t") && s.counts != (counts{}) {
			line = fmt.Sprintf("%s\t%s\n", strings.TrimSuffix(line, "\n"), s.counts)
		}
		if line != "PASS\n" && !strings.HasPrefix(line, "-test.shuffle ") {
			fmt.Fprint(r.out, line)
		}
	}
}

// tell shows what was said, without the marks of a verbose run.
func (r *report) tell(said []string) {
	for _, line := range said {
		if !strings.HasPrefix(line, "=== ") {
			fmt.Fprint(r.out, line)
		}
	}
}

// follow says every half minute what runs, until done is closed.
func (r *report) follow(done <-chan struct{}) {
	began := time.Now()
	tick := time.NewTicker(30 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
		}
		r.mu.Lock()
		var now []string
		for _, p := range slices.Sorted(maps.Keys(r.running)) {
			now = append(now, p+" ("+r.running[p].counts.String()+")")
		}
		r.mu.Unlock()
		if len(now) > 0 {
			say("after %v: %s", time.Since(began).Round(time.Second), strings.Join(now, ", "))
		}
	}
}
