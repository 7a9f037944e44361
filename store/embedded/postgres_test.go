package embedded_test

import (
	"bytes"
	"io"
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

func startPostgres(t *testing.T, o embedded.Options) *embedded.Postgres {
	t.Helper()
	o.Log = t.Output()
	began := time.Now()
	p, err := embedded.StartPostgres(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("started in %v", time.Since(began))
	t.Cleanup(p.Stop)
	return p
}

func ask(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var answer string
	if err := conn.QueryRow(t.Context(), sql).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func TestPostgresKeepsItsData(t *testing.T) {
	dir := folder(t)
	first := startPostgres(t, embedded.Options{Dir: dir})
	command(t, first.URL, "create table greeting as select 'halo' as words")
	if got := ask(t, first.URL, "show fsync"); got != "on" {
		t.Errorf("fsync is %s for data that are to last", got)
	}
	first.Stop()
	if _, err := pgx.Connect(t.Context(), first.URL); err == nil {
		t.Error("the server answers after Stop")
	}
	second := startPostgres(t, embedded.Options{Dir: dir})
	if got := ask(t, second.URL, "select words from greeting"); got != "halo" {
		t.Errorf("after a restart the words are %q", got)
	}
}

func TestPostgresIsMadeForText(t *testing.T) {
	p := startPostgres(t, embedded.Options{Throwaway: true})
	for _, c := range []struct{ sql, want string }{
		{"show server_encoding", "UTF8"},
		{"select datcollate from pg_database where datname = 'postgres'", "C"},
		{"show timezone", "UTC"},
		{"show listen_addresses", "127.0.0.1"},
		{"show unix_socket_directories", ""},
		{"show fsync", "off"},
	} {
		if got := ask(t, p.URL, c.sql); got != c.want {
			t.Errorf("%s: %q, want %q", c.sql, got, c.want)
		}
	}
	u, err := url.Parse(p.URL)
	if err != nil {
		t.Fatal(err)
	}
	if port, err := strconv.Atoi(u.Port()); err != nil || port >= 32768 {
		t.Errorf("port is %s, want one below 32768", u.Port())
	}
}

func TestThrowawayLeavesNothing(t *testing.T) {
	p := startPostgres(t, embedded.Options{Throwaway: true})
	data := ask(t, p.URL, "show data_directory")
	p.Stop()
	p.Stop() // a second call does nothing
	if _, err := os.Stat(filepath.Dir(data)); !os.IsNotExist(err) {
		t.Errorf("%s is still there (%v)", filepath.Dir(data), err)
	}
}

func TestKilledParentLeavesNoOrphan(t *testing.T) {
	for _, dir := range []string{"throwaway", folder(t)} {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			p := startParent(t, dir)
			data := ask(t, p.postgres, "show data_directory")
			pid := postmaster(t, data)
			sql, keys := session(t, p.postgres), dial(t, p.redis)
			p.kill(t)
			io.Copy(io.Discard, sql) // ends with the server
			io.Copy(io.Discard, keys)
			gone(pid)
			if dir != "throwaway" {
				return
			}
			for _, err := os.Stat(filepath.Dir(data)); err == nil; _, err = os.Stat(filepath.Dir(data)) {
				time.Sleep(10 * time.Millisecond) // no event tells when the sweeping shell is done
			}
		})
	}
}

func TestPostgresRecoversFromAKilledServer(t *testing.T) {
	dir := folder(t)
	first := startPostgres(t, embedded.Options{Dir: dir})
	command(t, first.URL, "create table greeting as select 'halo' as words")
	pid := postmaster(t, ask(t, first.URL, "show data_directory"))
	data := ask(t, first.URL, "show data_directory")
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-first.Done()
	first.Stop()
	// The file that a killed server leaves may name a process of somebody else's by now: here, this very test.
	stale, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	stale = bytes.Replace(stale, []byte(strconv.Itoa(pid)), []byte(strconv.Itoa(os.Getpid())), 1)
	if err := os.WriteFile(filepath.Join(data, "postmaster.pid"), stale, 0o600); err != nil {
		t.Fatal(err)
	}
	second := startPostgres(t, embedded.Options{Dir: dir})
	if got := ask(t, second.URL, "select words from greeting"); got != "halo" {
		t.Errorf("after a crash the words are %q", got)
	}
}

func TestFolderOfAnotherProcessIsRefused(t *testing.T) {
	dir := folder(t)
	startPostgres(t, embedded.Options{Dir: dir})
	_, err := embedded.StartPostgres(t.Context(), embedded.Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("error is %v, want one that says the folder is in use", err)
	}
}

func TestFolderInRootsHomeIsLinked(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root's servers run as somebody else")
	}
	dir := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	p := startPostgres(t, embedded.Options{Dir: dir})
	target, err := os.Readlink(filepath.Join(dir, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(target) })
	p.Stop()
	again := startPostgres(t, embedded.Options{Dir: dir})
	if got := filepath.Dir(ask(t, again.URL, "show data_directory")); got != target {
		t.Errorf("the second start uses %s, the first %s", got, target)
	}
	again.Stop()
}

func TestPostgresComesThroughNpm(t *testing.T) {
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("this machine has no npm")
	}
	p := startPostgres(t, embedded.Options{Throwaway: true, Fetched: true})
	if got := ask(t, p.URL, "select to_char(date '2026-08-17', 'DD Mon YYYY')"); got != "17 Aug 2026" {
		t.Errorf("the date is %q", got)
	}
}

func command(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

// folder is a temporary one that servers' users can enter, which t.TempDir is not.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "embedded-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
