package app_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pendamping/bot/faketelegram"
	"pendamping/cmd/internal/app"
	"pendamping/store/embedded/testdb"
	"pendamping/store/media"
)

// served is what a start ended with: "" when it served until it was told to stop.
func served(t *testing.T, s app.Settings) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var log onServing = func() { stop() }
	if err := app.Serve(ctx, s, box, time.Now, slog.New(slog.NewJSONHandler(log, nil))); err != nil {
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

// A start with another folder of photographs than the database's, or with another bot's token, is refused in one line, and doctor says so.
func TestStartWithWhatIsAnothers(t *testing.T) {
	tg := faketelegram.New("1:a")
	server := httptest.NewServer(tg)
	t.Cleanup(server.Close)
	dir := t.TempDir()
	s := app.Settings{
		Token: "1:a", API: server.URL, Database: testdb.Database(t, migrate), Redis: testdb.Redis(t), Listen: "127.0.0.1:0",
		Zone: "Asia/Jakarta", Media: filepath.Join(dir, "media"), Rate: 28,
	}
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
	refused := func(name string, s app.Settings, want, doctor string) {
		t.Helper()
		if said := served(t, s); !strings.HasPrefix(said, want) || strings.Contains(said, "\n") {
			t.Errorf("%s: want one line that begins with %q, got %q", name, want, said)
		}
		var out strings.Builder
		if app.Doctor(t.Context(), s, box, time.Now(), &out) || !strings.Contains(out.String(), doctor) {
			t.Errorf("%s: the doctor overlooks it:\n%s", name, out.String())
		}
	}
	other := s
	other.Media = filepath.Join(dir, "lain")
	refused("an empty folder", other, "MEDIA_URL: of 1 files that the database knows 0 are in this folder", "fail  media folder: of 1 files")
	foreign, err := media.Open(other.Media)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := foreign.SetMark(""); err != nil {
		t.Fatal(err)
	}
	refused("a folder of another database", other, "MEDIA_URL: this folder belongs to another database", "fail  media folder: this folder")

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
	refused("another bot's database", s, "TELEGRAM_TOKEN: this token is that of bot 1, and the database is that of bot 77", "fail  bot: this token")
}

// While Telegram is away at the start, the process listens, says what it waits for, logs it once, and can be stopped.
func TestStartWithoutTelegram(t *testing.T) {
	away := httptest.NewServer(nil)
	away.Close()
	free := httptest.NewServer(nil)
	address := strings.TrimPrefix(free.URL, "http://")
	free.Close()
	s := app.Settings{
		Token: "1:a", API: away.URL, Database: testdb.Database(t, migrate), Redis: testdb.Redis(t), Listen: address,
		Zone: "Asia/Jakarta", Media: t.TempDir(), Rate: 28,
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var log strings.Builder
	ended := make(chan error, 1)
	go func() { ended <- app.Serve(ctx, s, box, time.Now, slog.New(slog.NewJSONHandler(&log, nil))) }()
	for app.Health(ctx, s) != nil {
		select {
		case err := <-ended:
			t.Fatalf("it ended: %v", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
	if code, body := fetch(t, "http://"+address+"/readyz"); code != 503 || body != "no: starting: waits for telegram\n" {
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
	if err := app.Health(t.Context(), s); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("nobody listens, and health says %v", err)
	}
}
