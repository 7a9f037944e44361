package embedded_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"pendamping/store/embedded"
)

// parentOf makes this test program a mere parent of servers in the folder it names, or of throwaway ones ("throwaway").
const parentOf = "EMBEDDED_TEST_PARENT_OF"

func TestMain(m *testing.M) {
	if dir := os.Getenv(parentOf); dir != "" {
		if err := beParent(embedded.Options{Dir: dir, Throwaway: dir == "throwaway"}); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// beParent starts both servers, says where they are and waits to be killed.
func beParent(o embedded.Options) error {
	p, err := embedded.StartPostgres(context.Background(), o)
	if err != nil {
		return err
	}
	r, err := embedded.StartRedis(context.Background(), o)
	if err != nil {
		return err
	}
	fmt.Println(p.URL)
	fmt.Println(r.URL)
	_, err = io.Copy(io.Discard, os.Stdin) // its end is the test's
	return err
}

// parent is another process that runs both servers.
type parent struct {
	cmd             *exec.Cmd
	postgres, redis string
}

func startParent(t *testing.T, dir string) *parent {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), parentOf+"="+dir)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	read := func() string {
		if !lines.Scan() || !strings.Contains(lines.Text(), "://") {
			t.Fatalf("the parent says %q", lines.Text())
		}
		return lines.Text()
	}
	return &parent{cmd, read(), read()}
}

// kill ends the parent without giving it a chance to end its children.
func (p *parent) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.cmd.Wait()
}

// session opens a session with PostgreSQL whose end tells that the server has ended. A connection on which nobody says
// who he is would hold up the server's own end for the minute of its authentication_timeout.
func session(t *testing.T, url string) net.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn.PgConn().Conn()
}

// dial opens a connection to Redis whose end tells that the server has ended.
func dial(t *testing.T, server string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address(t, server))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// address is the host and port in a server's URL.
func address(t *testing.T, server string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

// gone waits until the process has ended.
func gone(pid int) {
	for !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err == nil && strings.Contains(string(stat), ") Z ") {
			return // ended; whoever adopted it has not asked yet
		}
		time.Sleep(10 * time.Millisecond) // no event tells a process that is not the parent
	}
}

// postmaster is the number of the cluster's first process.
func postmaster(t *testing.T, data string) int {
	t.Helper()
	status, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(status), "\n")
	pid, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	return pid
}
