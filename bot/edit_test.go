package bot_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pendamping/bot"
	"pendamping/bot/faketelegram"
	"pendamping/flows/broadcast"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
)

// boss is the coordinator of a crowd, who pressed Start and sees an announcement's progress.
func (h *house) boss(cast store.Broadcast) *faketelegram.User {
	h.t.Helper()
	u := h.telegram.User(6999, "Koordinator")
	u.Started()
	m := broadcast.Progress(cast, store.Tally{store.Queued: cast.Count}, time.Now(), 0)
	m.Chat = u.ID()
	h.ok(h.db.Queue(context.Background(), time.Now(), []store.Delivery{{Message: m}}))
	return u
}

// words returns the bot's messages to somebody that still exist, the oldest first.
func words(u *faketelegram.User) (list []string) {
	for _, m := range u.Messages() {
		if m.FromBot && !m.Deleted {
			list = append(list, m.Text)
		}
	}
	return list
}

// edit puts an announcement into its next edition.
func (h *house) edit(id store.ID, how func(*store.Broadcast)) {
	h.t.Helper()
	ctx := context.Background()
	tx := h.db.Begin(time.Now(), 0)
	defer tx.Rollback(ctx)
	b, err := tx.Broadcast(ctx, id)
	h.ok(err)
	b.Edition++
	how(&b)
	h.ok(tx.PutBroadcast(ctx, "broadcast.corrected", &b))
	_, err = tx.Commit(ctx, 0, nil, nil)
	h.ok(err)
}

func (h *house) done(id store.ID) func() bool {
	return func() bool { b, _ := h.broadcast(id); return b.State == store.BroadcastDone && b.EditedTo == b.Edition }
}

// A correction reaches everybody although its process is killed midway and Telegram fails, and counts who has blocked
// the bot since. After a recall nothing of the announcement is left.
func TestEditsKilled(t *testing.T) {
	h := newHouse(t)
	accounts, by := h.crowd(300)
	cast := h.launch(by)
	boss := h.boss(cast)
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	defer cancel()
	p := plan{addresses: h.addresses, Round: -1, Rate: 300}
	one := h.child(ctx, p)
	h.until("it is sent", h.done(cast.ID))
	blocker := h.telegram.User(accounts[7], "")
	blocker.Block(true)
	for _, kind := range []faketelegram.FaultKind{
		faketelegram.FaultStatus, faketelegram.FaultGhost, faketelegram.FaultReset,
	} {
		h.telegram.Fail(faketelegram.Fault{Kind: kind, Method: "editMessageText", Probability: 0.01})
	}
	right := func() (n int) {
		for _, a := range accounts {
			if list := words(h.telegram.User(a, "")); len(list) == 1 && strings.HasPrefix(list[0], "Yang benar") {
				n++
			}
		}
		return n
	}
	h.edit(cast.ID, func(b *store.Broadcast) { b.Words = "Yang benar" })
	h.until("some are corrected", func() bool { return right() > 50 })
	h.ok(one.Process.Kill())
	_ = one.Wait()
	two := h.child(ctx, p)
	defer func() { _ = two.Process.Kill(); _ = two.Wait() }()
	h.until("all are corrected", h.done(cast.ID))
	if got := right(); got != len(accounts)-1 {
		t.Errorf("%d are corrected, want all but the one who left", got)
	}
	h.until("it is told", func() bool {
		return strings.Contains(strings.Join(words(boss), "\n"), "Ralat sudah sampai ke 299 orang")
	})
	h.until("what could not be changed is told", func() bool {
		return strings.Contains(strings.Join(words(boss), "\n"),
			"1 pesan tidak bisa diubah")
	})
	h.edit(cast.ID, func(b *store.Broadcast) { b.Recalled = time.Now() })
	h.until("it is taken back", h.done(cast.ID))
	left := 0
	for _, a := range accounts {
		left += len(words(h.telegram.User(a, "")))
	}
	if left != 1 {
		t.Errorf("%d messages are left, want that of the one who left", left)
	}
}

// While an announcement is sent, and at its end, the coordinator's message is edited in place, by one process only.
func TestProgressInPlace(t *testing.T) {
	h := newHouse(t)
	_, by := h.crowd(240)
	cast := h.launch(by)
	boss := h.boss(cast)
	for range 2 {
		h.start(func(c *bot.Config) { c.Rate = 30 })
	}
	card := func() faketelegram.Message { return boss.Messages()[0] }
	h.until("the card is there", func() bool { return len(boss.Messages()) > 0 })
	h.until("the card shows the pace", func() bool { return strings.Contains(card().Text, "pesan/detik") })
	h.until("it ends", h.done(cast.ID))
	h.until("the card shows the end", func() bool {
		return strings.Contains(card().Text, "240 dari 240") && strings.Contains(card().Text, "Selesai")
	})
	if n, edits := len(boss.Messages()), card().Edited; n != 1 || edits > 8 {
		t.Errorf("%d messages, edited %d times in about 8 seconds", n, edits)
	}
}

// An album and its words are two calls, and each takes a token.
func TestAlbumTakesItsTokens(t *testing.T) {
	h := newHouse(t)
	accounts, by := h.crowd(30)
	sender := h.telegram.User(6998, "Pengirim")
	sender.SendAlbum(faketelegram.Photo{Data: []byte("satu")}, faketelegram.Photo{Data: []byte("dua")})
	var files []string
	for _, m := range sender.Messages() {
		files = append(files, "photo:"+m.Photo.ID)
	}
	var mu sync.Mutex
	var calls []time.Time
	h.seen = func(method string, params map[string]string) {
		if chat, _ := strconv.ParseInt(params["chat_id"], 10, 64); slices.Contains(accounts, chat) {
			mu.Lock()
			defer mu.Unlock()
			calls = append(calls, time.Now())
		}
	}
	b := h.launch(by)
	_, err := testdb.Connect(t, h.Postgres).Exec(context.Background(), `update broadcasts set files = $1 where id = $2`,
		files, int64(b.ID))
	h.ok(err)
	h.start(func(c *bot.Config) { c.Rate = 20 })
	h.until("it ends", h.done(b.ID))
	got := h.announced(accounts)
	for _, a := range accounts {
		if got[a] != 3 {
			t.Errorf("%d got %d messages, want two pictures and the words", a, got[a])
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if len(calls) != 60 {
		t.Fatalf("%d calls, want two for each", len(calls))
	}
	if took, least := calls[59].Sub(calls[0]), time.Second*58/20; took < least {
		t.Errorf("60 calls in %v, want at least %v", took, least)
	}
}
