package bot_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"pendamping/bot/faketelegram"
	"pendamping/store"
)

// files are a person's files, in the order of their notas.
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

// fetched waits until everything is here, and compares it with what was sent.
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

// What one process has not fetched when it is killed, the next does.
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

// Telegram gives bots no file above 20 MB: the person is told, nothing waits for it for ever.
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

// A file whose size Telegram did not tell can turn out to be too large when it is fetched.
func TestTooLargeToFetch(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	big := h.telegram.Fail(faketelegram.Fault{Kind: faketelegram.FaultStatus, Method: "getFile", Status: 400, Words: "Bad Request: file is too big"})
	h.start()
	p := h.owners(1)[0]
	p.SendPhoto(picture(1), "")
	p.hears("file.toolarge")
	p.SendPhoto(picture(2), "") // wakes who fetches
	h.until("the second is refused too", func() bool { return p.heard("file.toolarge") == 2 })
	if big.Hits() != 2 {
		t.Errorf("asked %d times for two files", big.Hits())
	}
	h.verified()
}
