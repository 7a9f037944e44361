package main_test

import (
	"bufio"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"pendamping/store/embedded/testdb"
)

// connects is a test that passes when both servers are there, and goes on as the named variable says.
const connects = `package sample

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"testing"
)

func TestServers(t *testing.T) {
	for _, name := range []string{"DATABASE_URL", "REDIS_URL"} {
		u, err := url.Parse(os.Getenv(name))
		if err != nil {
			t.Fatal(err)
		}
		conn, err := net.Dial("tcp", u.Host)
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
	}
	fmt.Println("at", os.Getenv("DATABASE_URL"), os.Getenv("REDIS_URL"))
	switch os.Getenv("SAMPLE") {
	case "fail":
		t.Error("as asked")
	case "panic":
		panic("as asked")
	case "hang":
		select {}
	}
}
`

func TestCheck(t *testing.T) {
	program := build(t)
	database, redis := testdb.Postgres(t), testdb.Redis(t)
	for _, c := range []struct {
		name, source, sample string
		args                 []string
		code                 int
		out                  string // in what is said on either stream
	}{
		{name: "passes", source: connects, out: "ok  \tsample"},
		{name: "counts", source: connects, out: "1 passed, 0 failed, 0 skipped\n"},
		{name: "fails", source: connects, sample: "fail", code: 1, out: "FAIL\tsample"},
		{name: "counts what failed", source: connects, sample: "fail", code: 1, out: "0 passed, 1 failed, 0 skipped\n"},
		{name: "says why", source: connects, sample: "fail", code: 1, out: ": as asked\n--- FAIL: TestServers"},
		{name: "panics", source: connects, sample: "panic", code: 1, out: "panic: as asked"},
		{name: "does not build", source: connects + "\nvar _ int = \"word\"\n", code: 1, out: "cannot use"},
		{name: "aloud", source: connects, args: []string{"-v", "."}, out: "--- PASS: TestServers"},
		{name: "a dot of a flag", source: connects, sample: "fail", args: []string{"-run", ".", "-skip", ".", "."}, out: "no tests to run"},
		{name: "takes arguments", source: connects, sample: "fail", args: []string{"-run", "Nothing", "."}, out: "no tests to run"},
		{name: "unformatted", source: connects + "\n\n\n", code: 1, out: "sample_test.go"},
		{name: "vet", source: connects + "\nvar _ = fmt.Sprintf(\"%d\", \"word\")\n", code: 1, out: "wrong type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd := command(t, program, c.source, c.sample, c.args...)
			cmd.Env = append(cmd.Env, "DATABASE_URL="+database, "REDIS_URL="+redis)
			out, err := cmd.CombinedOutput()
			if got := cmd.ProcessState.ExitCode(); got != c.code {
				t.Errorf("exit code is %d (%v), want %d", got, err, c.code)
			}
			if !strings.Contains(string(out), c.out) {
				t.Errorf("it does not say %q:\n%s", c.out, out)
			}
		})
	}
}

func TestCheckEndsItsChildren(t *testing.T) {
	cmd := command(t, build(t), connects, "hang", "-v", ".")
	cmd.Env = append(cmd.Env, "DATABASE_URL=", "REDIS_URL=") // on servers of its own
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var servers []string
	for lines := bufio.NewScanner(out); servers == nil && lines.Scan(); {
		if where, ok := strings.CutPrefix(lines.Text(), "at "); ok {
			servers = strings.Fields(where)
		}
	}
	if len(servers) != 2 {
		t.Fatalf("the test says %q, want two servers", servers)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit code is %d, want 130", code)
	}
	for _, server := range servers {
		u, err := url.Parse(server)
		if err != nil {
			t.Fatal(err)
		}
		if conn, err := net.Dial("tcp", u.Host); err == nil {
			conn.Close()
			t.Errorf("%s still answers", u.Scheme)
		}
	}
}

func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "check")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return program
}

// command runs the program in a module that has one test.
func command(t *testing.T, program, source, sample string, args ...string) *exec.Cmd {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module sample\n\ngo 1.26\n", "sample_test.go": source} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if len(args) == 0 {
		args = []string{"."}
	}
	cmd := exec.Command(program, append([]string{"-race=false"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "SAMPLE="+sample)
	return cmd
}
