package serve_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pendamping/cmd/internal/doctor"
	"pendamping/cmd/internal/officetest"
	"pendamping/cmd/internal/serve"
	"pendamping/cmd/internal/settings"
	"pendamping/store/embedded"
	"pendamping/store/embedded/testdb"
	"pendamping/store/media"
)

// served is what a start ended with: "" when it served until it was told to stop.
func served(t *testing.T, s settings.Settings) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var log onServing = func() { stop() }
	if err := serve.Run(ctx, s, officetest.Box, time.Now, slog.New(slog.NewJSONHandler(log, nil))); err != nil {
		return err.Error()
	}
	return ""
}

// onServing is a log that is called when the bot serves.
type onServing func()

func (f onServing) Write(b []byte) (int, error) {
	if strings.Contains(string(b), `"msg":"serving"`) {
		f()
	}
	return len(b), nil
}

func fetch(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// A start with another folder of photographs than the database's, or with another bot's token, is refused in one
// line, and doctor says so.
func TestStartWithWhatIsAnothers(t *testing.T) {
	dir := t.TempDir()
	s := officetest.Settings(t, testdb.Database(t, officetest.Migrate))
	s.Listen, s.Media, s.Rate = "127.0.0.1:0", filepath.Join(dir, "media"), 28
	if said := served(t, s); said != "" {
		t.Fatalf("the first start: %s", said)
	}
	kept, err := media.Open(s.Media)
	if err != nil {
		t.Fatal(err)
	}
	hash, _, err := kept.Put(t.Context(), strings.NewReader("nota"))
	if err != nil {
		t.Fatal(err)
	}
	mark := filepath.Join(s.Media, ".pendamping")
	if _, err := os.Stat(mark); err != nil {
		t.Fatalf("the folder has no mark: %v", err)
	}
	conn := testdb.Connect(t, s.Database)
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`insert into files (id, version, kind, file_id, unique_id, name, words, mime, size, width, height, sha256, album, message, at)
		values (1, 1, 'photo', 'f', 'u', '', '', 'image/jpeg', 4, 1, 1, $1, '', 1, now())`, hash)
	if said := served(t, s); said != "" {
		t.Errorf("the same folder: %s", said)
	}
	refused := func(name string, s settings.Settings, want, advice string) {
		t.Helper()
		if said := served(t, s); !strings.HasPrefix(said, want) || strings.Contains(said, "\n") {
			t.Errorf("%s: want one line that begins with %q, got %q", name, want, said)
		}
		var out strings.Builder
		if doctor.Examine(t.Context(), s, officetest.Box, time.Now(), &out) || !strings.Contains(out.String(), advice) {
			t.Errorf("%s: the doctor overlooks it:\n%s", name, out.String())
		}
	}
	other := s
	other.Media = filepath.Join(dir, "lain")
	refused("an empty folder", other, "MEDIA_URL: of 1 files that the database knows 0 are in this folder",
		"fail  media folder: of 1 files")
	foreign, err := media.Open(other.Media)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := foreign.SetMark(""); err != nil {
		t.Fatal(err)
	}
	refused("a folder of another database", other, "MEDIA_URL: this folder belongs to another database",
		"fail  media folder: this folder")

	if err := os.Remove(mark); err != nil {
		t.Fatal(err)
	}
	exec(`update installation set media = ''`) // as an older program left it
	if said := served(t, s); said != "" {
		t.Errorf("a folder without a mark that has the files: %s", said)
	}
	if _, err := os.Stat(mark); err != nil {
		t.Errorf("it has no mark then: %v", err)
	}

	exec(`update installation set bot = 77`)
	refused("another bot's database", s,
		"TELEGRAM_TOKEN: this token is that of bot 1, and the database is that of bot 77", "fail  bot: this token")
}

// While Telegram is away at the start, the process listens, says what it waits for, logs it once, and can be stopped.
func TestStartWithoutTelegram(t *testing.T) {
	away := httptest.NewServer(nil)
	away.Close()
	free := httptest.NewServer(nil)
	address := strings.TrimPrefix(free.URL, "http://")
	free.Close()
	s := officetest.Settings(t, testdb.Database(t, officetest.Migrate))
	s.API, s.Listen, s.Rate = away.URL, address, 28
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var log strings.Builder
	ended := make(chan error, 1)
	go func() { ended <- serve.Run(ctx, s, officetest.Box, time.Now, slog.New(slog.NewJSONHandler(&log, nil))) }()
	for serve.Health(ctx, s) != nil {
		select {
		case err := <-ended:
			t.Fatalf("it ended: %v", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
	if code, body := fetch(t, "http://"+address+"/readyz"); code != 503 ||
		body != "no: starting: waits for telegram\n" {
		t.Errorf("/readyz says %d %q", code, body)
	}
	time.Sleep(time.Second) // several tries
	stop()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
	if n := strings.Count(log.String(), "telegram does not answer yet"); n != 1 {
		t.Errorf("logged %d times:\n%s", n, log.String())
	}
	if err := serve.Health(t.Context(), s); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("nobody listens, and health says %v", err)
	}
}

// Every check says that a Redis Cluster is well, and every conversation would fail on it.
func TestRedisClusterIsRefused(t *testing.T) {
	cluster, err := embedded.StartRedis(t.Context(), embedded.Options{Throwaway: true, Cluster: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Stop)
	s := officetest.Settings(t, testdb.Database(t, officetest.Migrate))
	s.Redis, s.Token = cluster.URL, "2:b" // the wrong token ends the start where the cluster does not
	err = serve.Run(t.Context(), s, officetest.Box, time.Now, slog.New(slog.DiscardHandler))
	if err == nil || !strings.HasPrefix(err.Error(), "REDIS_URL: it is a Redis Cluster") ||
		strings.Contains(err.Error(), "\n") {
		t.Errorf("want one line that names the cluster, got %v", err)
	}
	var out strings.Builder
	if doctor.Examine(t.Context(), s, officetest.Box, time.Now(), &out) ||
		!strings.Contains(out.String(), "fail  redis: it is a Redis Cluster") {
		t.Errorf("the doctor overlooks it:\n%s", out.String())
	}
}

// A Redis that answers and takes nothing, as a replica does, is not well.
func TestReadOnlyRedisIsRefused(t *testing.T) {
	replica, err := embedded.StartRedis(t.Context(), embedded.Options{Throwaway: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(replica.Stop)
	u, err := url.Parse(replica.URL)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "REPLICAOF 127.0.0.1 1\r\n")
	if said, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.HasPrefix(said, "+OK") {
		t.Fatalf("it is no replica: %q, %v", said, err)
	}
	s := officetest.Settings(t, testdb.Database(t, officetest.Migrate))
	s.Redis, s.Token = replica.URL, "2:b" // as above
	err = serve.Run(t.Context(), s, officetest.Box, time.Now, slog.New(slog.DiscardHandler))
	if err == nil || !strings.HasPrefix(err.Error(), "REDIS_URL: ") ||
		!strings.Contains(err.Error(), "read only replica") || strings.Contains(err.Error(), "\n") {
		t.Errorf("want one line that names the replica, got %v", err)
	}
	var out strings.Builder
	if doctor.Examine(t.Context(), s, officetest.Box, time.Now(), &out) ||
		!strings.Contains(out.String(), "fail  redis: ") {
		t.Errorf("the doctor overlooks it:\n%s", out.String())
	}
}
