package bot_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pendamping/bot"
	"pendamping/bot/faketelegram"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
)

// files returns a person's files, in the order of their notas.
func (o *owner) files() (list []store.File) {
	o.h.t.Helper()
	ctx := context.Background()
	tx := o.h.db.Begin(time.Now(), 0)
	defer tx.Rollback(ctx)
	receipts, _ := o.receipts()
	for _, r := range receipts {
		files, err := tx.Files(ctx, r.ID)
		o.h.ok(err)
		list = append(list, files...)
	}
	return list
}

// fetched waits until every file is here, and compares the files with what was sent.
func (o *owner) fetched(n int) {
	o.h.t.Helper()
	o.h.until("all files are fetched", func() bool {
		list, err := o.h.db.FilesToFetch(context.Background(), 0, 10)
		return err == nil && len(list) == 0 && len(o.files()) == n
	})
	for _, f := range o.files() {
		data, _, ok := o.h.telegram.File(f.FileID)
		sum := sha256.Sum256(data)
		if !ok || f.SHA256 != hex.EncodeToString(sum[:]) || f.Size != int64(len(data)) {
			o.h.t.Errorf("file %d is kept as %s, %d bytes; %d were sent", f.ID, f.SHA256, f.Size, len(data))
		}
	}
}

func TestFilesAreFetched(t *testing.T) {
	for i, fault := range []faketelegram.Fault{
		{Kind: faketelegram.FaultSlow, Method: "getFile", Delay: time.Millisecond},
		{Kind: faketelegram.FaultStatus, Method: "getFile", Status: 500},
		{Kind: faketelegram.FaultStatus, Method: "getFile", Status: 429},
		{Kind: faketelegram.FaultTruncate, Method: "file"},
		{Kind: faketelegram.FaultReset, Method: "file"},
		{Kind: faketelegram.FaultHTML, Method: "file"},
	} {
		t.Run(fmt.Sprint(fault.Method, " ", fault.Kind, i), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			fault.Count = 1
			active := h.telegram.Fail(fault)
			h.start()
			p := h.owners(1)[0]
			p.SendPhoto(picture(1), "")
			p.SendPhoto(picture(2), "")
			h.settle() // nobody waits for the bytes
			p.fetched(2)
			if active.Hits() != 1 {
				t.Errorf("%d calls went wrong, want 1", active.Hits())
			}
			h.verified()
		})
	}
}

// A file that changes while it is downloaded keeps the change: a voice note that was removed from its nota stays
// removed.
func TestFetchKeepsWhatChangedMeanwhile(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := newHouse(t)
	slow := h.telegram.Fail(faketelegram.Fault{
		Kind: faketelegram.FaultSlow, Method: "getFile", Delay: patient, Count: 1,
	})
	h.start()
	p := h.owners(1)[0]
	p.SendPhoto(picture(1), "")
	h.settle()
	within, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	h.ok(slow.Wait(within, 1))
	f := p.files()[0]
	tx := h.db.Begin(time.Now(), 0)
	defer tx.Rollback(ctx)
	f.Receipt = 0
	h.ok(tx.PutFile(ctx, "file.withdrawn", &f)) // holds the chain
	slow.Stop()
	behind := testdb.Connect(t, h.Postgres)
	h.until("who fetched has read the file and waits for the chain", func() bool {
		var waiting int
		h.ok(behind.QueryRow(ctx, `select count(*) from pg_stat_activity
			where datname = current_database() and wait_event_type = 'Lock'`).Scan(&waiting))
		return waiting > 0
	})
	_, err := tx.Commit(ctx, 0, nil, nil)
	h.ok(err)
	h.until("the bytes are here", func() bool {
		f, err = h.db.Begin(time.Now(), 0).File(ctx, f.ID)
		return err == nil && f.SHA256 != ""
	})
	if f.Receipt != 0 {
		t.Errorf("the file is with nota %d again", f.Receipt)
	}
	h.verified()
}

// What a killed process has not downloaded, the next one does.
func TestFilesAcrossProcesses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	hang := h.telegram.Fail(faketelegram.Fault{Kind: faketelegram.FaultHang, Method: "file"})
	a := h.start()
	p := h.owners(1)[0]
	p.SendPhoto(picture(1), "")
	h.settle()
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	h.ok(hang.Wait(ctx, 1))
	a.stop()
	h.telegram.Heal()
	h.start()
	p.fetched(1)
}

// Telegram gives bots no file above 20 MB. The person is told, and nothing waits for such a file for ever.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	p := h.owners(1)[0]
	p.SendDocument("nota.pdf", "application/pdf", make([]byte, 20<<20+1), "")
	h.settle()
	if p.heard("file.toolarge") != 1 {
		t.Errorf("they see %+v", p.answers())
	}
	p.SendDocument("nota.pdf", "application/pdf", make([]byte, 20<<20), "")
	h.settle()
	p.fetched(1)
}

// A file whose size Telegram didn't tell may turn out to be too large while it is downloaded.
func TestTooLargeToFetch(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	big := h.telegram.Fail(faketelegram.Fault{
		Kind: faketelegram.FaultStatus, Method: "getFile", Status: 400, Words: "Bad Request: file is too big",
	})
	h.start()
	p := h.owners(1)[0]
	p.SendPhoto(picture(1), "")
	p.hears("file.toolarge")
	p.SendPhoto(picture(2), "") // wakes the download
	h.until("the second is refused too", func() bool { return p.heard("file.toolarge") == 2 })
	if big.Hits() != 2 {
		t.Errorf("asked %d times for two files", big.Hits())
	}
	h.verified()
}

// A file may have more bytes than announced. No more than Telegram lets a bot download are read, nothing is kept, and
// the sender is told.
func TestLargerThanAnnounced(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	endless := h.telegram.Fail(faketelegram.Fault{Kind: faketelegram.FaultEndless, Method: "file"})
	h.start()
	p := h.owners(1)[0]
	p.SendPhoto(picture(1), "")
	p.hears("file.toolarge")
	if n := endless.Hits(); n != 1 {
		t.Errorf("fetched %d times", n)
	}
	if err := filepath.WalkDir(h.Media, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			t.Errorf("%s is left", path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, f := range p.files() {
		if f.SHA256 != "" {
			t.Errorf("file %d is kept as %s", f.ID, f.SHA256)
		}
	}
	h.verified()
}

// Every URL that is called contains the token, so no redirect is followed, and a call that met one is made again.
func TestRedirectsAreNotFollowed(t *testing.T) {
	for _, method := range []string{"getUpdates", "sendMessage", "getFile", "file"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			var followed atomic.Int64
			elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter,
				*http.Request) {
				followed.Add(1)
			}))
			defer elsewhere.Close()
			h := newHouse(t)
			redirect := h.telegram.Fail(faketelegram.Fault{
				Kind: faketelegram.FaultRedirect, Method: method, To: elsewhere.URL, Count: 1,
			})
			h.start()
			p := h.owners(1)[0]
			p.SendPhoto(picture(1), "")
			h.settle()
			p.fetched(1)
			if redirect.Hits() != 1 || followed.Load() != 0 {
				t.Errorf("redirected %d times, followed %d times", redirect.Hits(), followed.Load())
			}
			h.verified()
		})
	}
}

// When the media folder can't be written, because the disk is full, it is logged once and counted, and after hours
// the sender hears once a nota that the picture has to be sent again. Everything is downloaded once the folder can be
// written.
func TestMediaCanNotBeWritten(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var ahead atomic.Int64
	a := h.start(
		func(c *bot.Config) { c.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) } })
	incoming := filepath.Join(h.Media, "incoming")
	h.ok(os.Remove(incoming))
	h.ok(os.WriteFile(incoming, nil, 0o600)) // a file in place of the folder, which not even root can write into
	p := h.owners(1)[0]
	p.SendPhoto(picture(1), "")
	h.settle()
	h.until("it is logged", func() bool { return h.logged("media: the bytes of files can't be kept") == 1 })
	if _, body := a.get("/metrics"); !strings.Contains(body, "pendamping_files_waiting 1\n") {
		t.Error("the metrics do not count the file that waits")
	}
	if code, body := a.get("/readyz"); code != 200 || !strings.Contains(body, "media") {
		t.Errorf("ready: %d %q, want 200 and that media can't be written", code, body)
	}
	if n := p.heard("file.again"); n > 0 {
		t.Error("asked at once")
	}
	ahead.Store(int64(7 * time.Hour))
	p.hears("file.again")
	h.ok(os.Remove(incoming))
	h.ok(os.Mkdir(incoming, 0o700))
	p.SendPhoto(picture(2), "")
	p.fetched(2)
	h.settle()
	if n := p.heard("file.again"); n != 1 {
		t.Errorf("asked %d times, want once", n)
	}
	if began, ended := h.logged("media: the bytes of files can't be kept"),
		h.logged("media: bytes of files are kept again"); began != 1 || ended != 1 {
		t.Errorf("one episode is logged %d times, and its end %d times", began, ended)
	}
	h.verified()
}
