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
		{name: "a dot of a flag", source: connects, sample: "fail", args: []string{"-run", ".", "-skip", ".", "."},
			out: "no tests to run"},
		{name: "takes arguments", source: connects, sample: "fail", args: []string{"-run", "Nothing", "."},
			out: "no tests to run"},
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

// TestArguments wants that whatever go test has no use for is refused at once in one line, and help is given at once:
// nothing is there to be run, so whatever goes on says something else.
func TestArguments(t *testing.T) {
	program := build(t)
	for _, c := range []struct {
		args string
		code int
		out  string
	}{
		{"flows/parse", 1, `check: "flows/parse" is no package: did you mean ./flows/parse?`},
		{"-count 2 flows/...", 1, `check: "flows/..." is no package: did you mean ./flows/...?`},
		{"flows/nothing", 1, `check: nothing is to be done with "flows/nothing": here stand`},
		{"licenses", 1, `check: nothing is to be done with "licenses": here stand`},
		{"licences ./flows", 1, `check: nothing is to be done with "licences": here stand`},
		{"-v 2 ./flows", 1, `check: nothing is to be done with "2": here stand`},
		{"-run -count 2", 1, `check: nothing is to be done with "2": here stand`},
		{"-count=2 3", 1, `check: nothing is to be done with "3": here stand`},
		{"../other", 1, `check: nothing is to be done with "../other": here stand`},
		{"-h", 0, "Check runs every test of this repository"},
		{"-help", 0, "	go run ./cmd/check licences "},
		{"--help", 0, "	go run ./cmd/check help "},
		{"-count 2 help", 0, "code is that of go test.\n"},
		{"-run help ./flows", 1, "go vet has found something: exec"},
		{"-run ./flows -count 2 --timeout 5m -test.skip Nota -tags x -p 1 ./flows", 1,
			"go vet has found something: exec"},
		{"./flows -args -h what", 1, "go vet has found something: exec"},
	} {
		cmd := exec.Command(program, strings.Fields(c.args)...)
		cmd.Dir = t.TempDir()
		for name, text := range map[string]string{
			"flows/parse/notes.txt": "", "go.mod": "module pendamping\n\ngo 1.26\n",
		} {
			if err := os.MkdirAll(filepath.Join(cmd.Dir, filepath.Dir(name)), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(cmd.Dir, name), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		cmd.Env = append(os.Environ(), "PATH=") // with nothing that could be run
		out, _ := cmd.CombinedOutput()
		if code := cmd.ProcessState.ExitCode(); code != c.code || !strings.Contains(string(out), c.out) {
			t.Errorf("check %s ends with %d and does not say %q:\n%s", c.args, code, c.out, out)
		}
		if c.code != 0 && strings.Count(string(out), "\n") != 1 && !strings.Contains(c.out, "go vet") {
			t.Errorf("check %s does not say one line:\n%s", c.args, out)
		}
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
