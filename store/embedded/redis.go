package embedded

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// Databases is how many logical databases a throwaway Redis has, so that every test can have its own.
const Databases = 4096

// Redis is a running Redis of this process.
type Redis struct {
	// URL is the connection string of database 0.
	URL string

	server *child
	mini   *miniredis.Miniredis
	folder *folder
	end    syscall.Signal
}

// StartRedis starts a real Redis and returns when it answers. The context bounds the start, not the life. With a Dir
// every write is kept there (an append-only file, on the disk within a second). The error says in one line what to
// install where Redis can neither be found nor fetched.
func StartRedis(ctx context.Context, o Options) (*Redis, error) {
	a, err := serverAccount()
	if err != nil {
		return nil, err
	}
	program, err := o.findRedis(ctx, a)
	if err != nil {
		return nil, err
	}
	return startRedis(ctx, o, a, program)
}

// StartAnyRedis starts the machine's own Redis, or one in this process that forgets everything at the end where the
// machine has none. It fetches nothing.
func StartAnyRedis(ctx context.Context, o Options) (*Redis, error) {
	program, err := installedRedis()
	if err != nil || o.Fetched {
		return startMini(o)
	}
	a, err := serverAccount()
	if err != nil {
		return nil, err
	}
	return startRedis(ctx, o, a, program)
}

func startMini(o Options) (*Redis, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	m := miniredis.NewMiniRedis()
	m.ClockTTL(true) // else nothing ever expires
	if err := m.StartAddr(fmt.Sprintf("127.0.0.1:%d", port)); err != nil {
		return nil, fmt.Errorf("starting Redis in this process: %w", err)
	}
	o.say("no redis-server here: a small one in this process stands in for it, and forgets at the end")
	return &Redis{URL: "redis://" + m.Addr() + "/0", mini: m}, nil
}

func startRedis(ctx context.Context, o Options, a account, program redisServer) (*Redis, error) {
	f, err := o.open(ctx, a, "redis")
	if err != nil {
		return nil, err
	}
	r := &Redis{folder: f, end: syscall.SIGTERM}
	if o.Throwaway {
		r.end = syscall.SIGKILL
	}
	for try := 0; ; try++ {
		said, err := r.serve(ctx, o, a, program)
		// Another process may take the port between the look and the start.
		if errors.Is(err, errEnded) && strings.Contains(said, "Address already in use") && try < 5 {
			continue
		}
		if err != nil && said != "" {
			err = fmt.Errorf("%w: %s", err, lastLines(said))
		}
		if err != nil {
			f.close()
			return nil, fmt.Errorf("starting Redis: %w", err)
		}
		return r, nil
	}
}

// serve starts the server on a free port and waits until it answers. It returns what the server wrote to its log.
func (r *Redis) serve(ctx context.Context, o Options, a account, program redisServer) (said string, err error) {
	port, err := freePort()
	if err != nil {
		return "", err
	}
	cmd := exec.Command(program.path, "--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--dir", r.folder.path,
		"--save", "", "--daemonize", "no", "--loglevel", "notice")
	if o.Throwaway {
		cmd.Args = append(cmd.Args, "--appendonly", "no")
		if o.Cluster {
			// its bus takes the port 10000 above
			cmd.Args = append(cmd.Args, "--cluster-enabled", "yes", "--cluster-port", "0")
		} else {
			cmd.Args = append(cmd.Args, "--databases", strconv.Itoa(Databases))
		}
	} else {
		cmd.Args = append(cmd.Args, "--appendonly", "yes", "--appendfsync", "everysec")
	}
	log, err := os.Create(filepath.Join(r.folder.path, "log"))
	if err != nil {
		return "", err
	}
	defer log.Close()
	cmd.Dir = "/"
	cmd.Env = append(plainEnv(), program.env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = r.folder.inherited()
	cmd.SysProcAttr = attributes(a, r.end)
	if r.server, err = start(cmd); err != nil {
		return "", err
	}
	r.URL = fmt.Sprintf("redis://127.0.0.1:%d/0", port)
	if err := r.answers(ctx); err != nil {
		r.server.stop(r.end)
		words, _ := os.ReadFile(log.Name())
		return string(words), err
	}
	return "", nil
}

// answers waits until the server behind the URL is our own and has its data loaded.
func (r *Redis) answers(ctx context.Context) error {
	options, err := redis.ParseURL(r.URL)
	if err != nil {
		return err
	}
	client := redis.NewClient(options)
	defer client.Close()
	process := fmt.Sprintf("process_id:%d\r\n", r.server.cmd.Process.Pid)
	return r.server.poll(ctx, func() bool {
		conn, err := net.Dial("tcp", options.Addr) // the client would try five times and complain about each
		if err != nil {
			return false
		}
		conn.Close()
		info, err := client.Info(ctx, "server", "persistence").Result()
		return err == nil && strings.Contains(info, process) && strings.Contains(info, "\r\nloading:0\r\n")
	})
}

// Real reports whether this is a Redis server and not one in this process that stands in for it.
func (r *Redis) Real() bool { return r.mini == nil }

// Stop ends the server and waits until it has ended. A second call does nothing.
func (r *Redis) Stop() {
	if r.mini != nil {
		r.mini.Close()
		return
	}
	r.server.stop(r.end)
	r.folder.close()
}
