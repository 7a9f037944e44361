package main

import (
	"bytes"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"pendamping/cmd/internal/officetest"
	"pendamping/store/embedded/testdb"
)

// serving is a bot that runs in a process of its own, as an operator runs it.
type serving struct {
	t      *testing.T
	env    []string
	listen string
	cmd    *exec.Cmd
	log    bytes.Buffer // complete once it has ended
	ended  chan error
	family func() (one, all int64) // see watch
}

// startServe imports so many owners and runs the bot against a Bot API, by webhook or by polling.
func startServe(t *testing.T, telegram http.Handler, people int, webhook bool) *serving {
	t.Helper()
	server := httptest.NewServer(telegram)
	t.Cleanup(server.Close)
	dir := t.TempDir()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &serving{t: t, listen: free.Addr().String(), ended: make(chan error, 1)}
	free.Close()
	s.env = append(os.Environ(), asMain+"=1", "TELEGRAM_TOKEN=1:a", "TELEGRAM_API_URL="+server.URL,
		"DATABASE_URL="+testdb.Database(t, officetest.Migrate),
		"REDIS_URL="+testdb.Redis(t), "LISTEN_ADDR="+s.listen, "MEDIA_URL=file://"+filepath.Join(dir, "media"),
		"READ_PICTURES=false")
	if webhook {
		s.env = append(s.env, "PUBLIC_URL=http://"+s.listen)
	}
	roster := filepath.Join(dir, "roster.csv")
	if err := os.WriteFile(roster, owners(people), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := s.command("import", roster).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s.cmd = s.command("serve")
	s.cmd.Stdout, s.cmd.Stderr = &s.log, &s.log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { s.ended <- s.cmd.Wait() }()
	s.family = watch(s.cmd.Process.Pid)
	return s
}

// command is this program with the bot's settings, and more of them.
func (s *serving) command(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = s.env
	return cmd
}

// until waits for something that it does, and fails when it ends instead.
func (s *serving) until(done func() bool) {
	s.t.Helper()
	for !done() {
		select {
		case err := <-s.ended:
			s.t.Fatalf("it has ended before: %v\n%s", err, s.log.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// stop ends it as an operator does.
func (s *serving) stop() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Errorf("it has ended before: %v", err)
	}
	if err := <-s.ended; err != nil {
		s.t.Errorf("it ended with %v\n%s", err, s.log.String())
	}
}
