package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// errEnded means that a server ended before it was ready.
var errEnded = errors.New("it ended before it was ready")

// Postgres is a running PostgreSQL cluster of this process.
type Postgres struct {
	// URL is the connection string of the cluster's database "postgres", as its superuser.
	URL string

	server *child
	folder *folder
	end    syscall.Signal
}

// StartPostgres starts a cluster and returns when it answers, after recovery where the last end was a hard one. The
// context bounds the start, not the life. A first start makes the cluster; a later one with the same Dir goes on with
// its data. The error says in one line what to install where PostgreSQL can neither be found nor fetched.
func StartPostgres(ctx context.Context, o Options) (*Postgres, error) {
	a, err := serverAccount()
	if err != nil {
		return nil, err
	}
	f, err := o.open(ctx, a, "postgres")
	if err != nil {
		return nil, err
	}
	p := &Postgres{folder: f, end: syscall.SIGINT} // SIGINT: end sessions, write everything, end
	if o.Throwaway {
		p.end = syscall.SIGQUIT // at once
	}
	if err := p.start(ctx, o, a); err != nil {
		f.close()
		return nil, err
	}
	return p, nil
}

func (p *Postgres) start(ctx context.Context, o Options, a account) error {
	data := filepath.Join(p.folder.path, "data")
	major, err := clusterVersion(data)
	if err != nil {
		return err
	}
	bin, err := o.findPostgres(ctx, a, major)
	if err != nil {
		return err
	}
	if major == 0 {
		if err := p.makeCluster(ctx, o, a, bin, data); err != nil {
			return fmt.Errorf("making a PostgreSQL cluster: %w", err)
		}
	}
	// The lock says that no server works here, so this file is a killed one's. Its number may be another process's by
	// now.
	if err := os.Remove(filepath.Join(data, "postmaster.pid")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for try := 0; ; try++ {
		said, err := p.serve(ctx, o, a, bin, data)
		// Another process may take the port between the look and the start.
		if errors.Is(err, errEnded) && strings.Contains(said, "Address already in use") && try < 5 {
			continue
		}
		if err != nil && said != "" {
			err = fmt.Errorf("%w: %s", err, lastLines(said))
		}
		if err != nil {
			return fmt.Errorf("starting PostgreSQL: %w", err)
		}
		return nil
	}
}

// clusterVersion returns the major version that made the cluster, 0 when there is none yet.
func clusterVersion(data string) (int, error) {
	version, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(version)))
}

// makeCluster runs initdb beside data and renames the result, so that a half-made cluster never counts as one.
func (p *Postgres) makeCluster(ctx context.Context, o Options, a account, bin postgresBin, data string) error {
	half := data + ".half"
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	args := []string{"-D", half, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"}
	if o.Throwaway {
		args = append(args, "--no-sync")
	}
	if err := run(ctx, a, filepath.Join(bin.dir, "initdb"), args...); err != nil {
		return err
	}
	return os.Rename(half, data)
}

// serve starts the server on a free port and waits until it answers. It returns what the server wrote to its log.
func (p *Postgres) serve(
	ctx context.Context, o Options, a account, bin postgresBin, data string,
) (said string, err error) {
	port, err := freePort()
	if err != nil {
		return "", err
	}
	settings := []string{
		"listen_addresses=127.0.0.1", "port=" + strconv.Itoa(port),
		"unix_socket_directories=", // a socket's path has at most 107 bytes, which a folder of the caller's may exceed
		"timezone=UTC", "log_timezone=UTC", "max_connections=400",
	}
	if o.Throwaway {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off",
			"autovacuum=off", "wal_level=minimal", "max_wal_senders=0",
			"jit=off", "checkpoint_timeout=1h", "max_wal_size=4GB",
			"dynamic_shared_memory_type=mmap") // in the folder, so that nothing is left in /dev/shm by a hard end
	}
	cmd := exec.Command(filepath.Join(bin.dir, "postgres"), "-D", data)
	for _, s := range settings {
		cmd.Args = append(cmd.Args, "-c", s)
	}
	log, err := os.Create(filepath.Join(p.folder.path, "log"))
	if err != nil {
		return "", err
	}
	defer log.Close()
	cmd.Dir = "/"
	cmd.Env = plainEnv()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.ExtraFiles = p.folder.inherited()
	cmd.SysProcAttr = attributes(a, p.end)
	if p.server, err = start(cmd); err != nil {
		return "", err
	}
	p.URL = fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port)
	err = p.server.poll(ctx, func() bool { return postmasterReady(data, cmd.Process.Pid) })
	if err == nil {
		err = p.answers(ctx, data)
	}
	if err != nil {
		p.server.stop(p.end)
		words, _ := os.ReadFile(log.Name())
		return string(words), err
	}
	return "", nil
}

// postmasterReady reports whether the server of that process number has written that it takes connections. A port that
// answers would prove less: it may be another cluster's.
func postmasterReady(data string, pid int) bool {
	status, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return false
	}
	lines := strings.Split(string(status), "\n") // 1: process number, 8: status
	return len(lines) >= 8 && strings.TrimSpace(lines[0]) == strconv.Itoa(pid) && strings.TrimSpace(lines[7]) == "ready"
}

// answers asks the server behind the URL whether it is the one that keeps this data.
func (p *Postgres) answers(ctx context.Context, data string) error {
	conn, err := pgx.Connect(ctx, p.URL)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var dir string
	if err := conn.QueryRow(ctx, "select current_setting('data_directory')").Scan(&dir); err != nil {
		return err
	}
	if dir != data {
		return fmt.Errorf("another cluster answers on its port: %s", dir)
	}
	return nil
}

// Done is closed when the server has ended, by Stop or by itself.
func (p *Postgres) Done() <-chan struct{} { return p.server.done }

// Stop ends the server and waits until it has ended. A second call does nothing.
func (p *Postgres) Stop() {
	p.server.stop(p.end)
	p.folder.close()
}
