package embedded

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// child is a running program that ends with this process.
type child struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	err  error         // how it ended; to be read once done is closed
}

// start runs the command until it ends by itself or is stopped.
func start(cmd *exec.Cmd) (*child, error) {
	c := &child{cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go c.wait(started)
	if err := <-started; err != nil {
		return nil, err
	}
	return c, nil
}

// wait starts the program and stays on its thread until the program has ended: the kernel takes the end of the thread
// that started a child for the end of the parent.
func (c *child) wait(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := c.cmd.Start()
	started <- err
	if err == nil {
		c.err = c.cmd.Wait()
		close(c.done)
	}
}

// stop asks the program to end and waits until it has; one that does not within ten seconds is killed.
func (c *child) stop(sig syscall.Signal) {
	_ = c.cmd.Process.Signal(sig)
	select {
	case <-c.done:
	case <-time.After(10 * time.Second):
		_ = syscall.Kill(-c.cmd.Process.Pid, syscall.SIGKILL)
		<-c.done
	}
}

// run runs a program to its end; its error carries the program's last words.
func run(ctx context.Context, a account, name string, args ...string) error {
	var said bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Dir = "/"
	// RUNLEVEL: installed services stay down
	cmd.Env = append(plainEnv(), "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1")
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.SysProcAttr = attributes(a, syscall.SIGKILL)
	c, err := start(cmd)
	if err != nil {
		return err
	}
	select {
	case <-c.done:
	case <-ctx.Done():
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-c.done
		return ctx.Err()
	}
	if c.err != nil {
		return fmt.Errorf("%s: %w: %s", name, c.err, lastLines(said.String()))
	}
	return nil
}

// plainEnv returns the environment less what is this program's own affair, its token above all, and with messages in
// English.
func plainEnv() []string {
	env := []string{"LC_ALL=C"}
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		switch lower := strings.ToLower(name); {
		case name == "PATH", name == "HOME", name == "TMPDIR", name == "SSL_CERT_FILE", name == "NODE_EXTRA_CA_CERTS",
			strings.HasPrefix(lower, "npm_config_"), strings.HasSuffix(lower, "_proxy"):
			env = append(env, pair)
		}
	}
	return env
}

// freePort returns a port of the loopback that nobody listens on, below the range that clients' own ends are taken
// from.
func freePort() (int, error) {
	const first, last = 20000, 32767
	for range 100 {
		port := first + rand.IntN(last-first+1)
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return port, l.Close()
		}
	}
	return 0, fmt.Errorf("no free port on 127.0.0.1 between %d and %d", first, last)
}

// poll asks until the answer is yes, the child has ended, or the context is done. Servers write down that they are
// ready, but tell nobody.
func (c *child) poll(ctx context.Context, ready func() bool) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ready() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-c.done:
			return errEnded
		case <-tick.C:
		}
	}
	return nil
}

// lastLines returns the end of what a program said, on one line.
func lastLines(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "; ")
}
