package bot_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"sync"
	"testing"
	"time"

	"pendamping/bot"
	"pendamping/bot/faketelegram"
	"pendamping/flows/join"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
)

// crowd enters members of groups, who wrote to the bot before, and a coordinator. It returns the accounts.
func (h *house) crowd(n int) (accounts []int64, coordinator store.ID) {
	h.t.Helper()
	ctx := context.Background()
	tx := h.db.Begin(time.Now(), 0)
	program := store.Program{Code: "TKM-PEMULA", Edition: 1, Rules: store.DefaultRules()}
	h.ok(tx.AddProgram(ctx, "program.added", &program))
	boss := store.Person{Key: "k", Role: store.Coordinator, Code: "KOR", Name: "Nama Koordinator", Account: 6999}
	h.ok(tx.AddPerson(ctx, "person.added", &boss))
	r := store.Recipient{Code: "KLP", Name: "Kelompok", Program: program.ID, Zone: "Asia/Jakarta"}
	h.ok(tx.AddRecipient(ctx, "recipient.added", &r))
	_, err := tx.Commit(ctx, 0, nil, nil)
	h.ok(err)
	_, err = testdb.Connect(h.t, h.Postgres).Exec(ctx, `
		insert into persons (id, version, key, role, code, name, recipient, organisation, province, regency, wa, account)
		select 900000000 + n, 1, 'c' || n, 'anggota', 'KLP', 'Nama ' || n, $1, '', '', '', '', 7000 + n from generate_series(1, $2::bigint) n`, int64(r.ID), n)
	h.ok(err)
	for i := range n {
		account := int64(7001 + i)
		h.telegram.User(account, fmt.Sprintf("Orang-Rahasia-%d", account)).Started()
		accounts = append(accounts, account)
	}
	return accounts, boss.ID
}

// launch begins an announcement to everybody.
func (h *house) launch(by store.ID) store.Broadcast {
	h.t.Helper()
	ctx := context.Background()
	tx := h.db.Begin(time.Now(), 0)
	b := store.Broadcast{
		By: by, State: store.BroadcastRunning, Words: "Pengumuman untuk <b>semua</b>", At: tx.Now(), Launched: tx.Now(),
	}
	h.ok(tx.AddBroadcast(ctx, "broadcast.launched", &b))
	n, err := tx.Launch(ctx, b, "", "", func(string) time.Time { return tx.Now() })
	h.ok(err)
	b.Count = n
	h.ok(tx.PutBroadcast(ctx, "broadcast.counted", &b))
	_, err = tx.Commit(ctx, 0, nil, nil)
	h.ok(err)
	return b
}

func (h *house) broadcast(id store.ID) (store.Broadcast, store.Tally) {
	h.t.Helper()
	tx := h.db.Begin(time.Now(), 0)
	defer tx.Rollback(context.Background())
	b, err := tx.Broadcast(context.Background(), id)
	h.ok(err)
	tally, err := tx.TallyOf(context.Background(), id)
	h.ok(err)
	return b, tally
}

func (h *house) change(id store.ID, state store.BroadcastState) {
	h.t.Helper()
	ctx := context.Background()
	for {
		tx := h.db.Begin(time.Now(), 0)
		b, err := tx.Broadcast(ctx, id)
		h.ok(err)
		b.State = state
		h.ok(tx.PutBroadcast(ctx, "broadcast.changed", &b))
		if state == store.BroadcastCancelled {
			_, err = tx.Drop(ctx, id)
			h.ok(err)
		}
		if _, err = tx.Commit(ctx, 0, nil, nil); err == nil {
			return
		}
	}
}

// announced counts the announcements that each account got.
func (h *house) announced(accounts []int64) map[int64]int {
	got := map[int64]int{}
	for _, a := range accounts {
		for _, m := range h.telegram.Messages(a) {
			if m.FromBot {
				got[a]++
			}
		}
	}
	return got
}

// Two processes share an announcement while Telegram fails in every way, people have blocked the bot, and each
// process is killed and paused once. Everybody has exactly one message, or is listed as unknown or unreachable.
func TestBroadcastKilled(t *testing.T) {
	h := newHouse(t)
	people, step := 1200, 100 // how many get it between two kills
	if testdb.Full() {
		people, step = 3000, 300
	}
	accounts, by := h.crowd(people)
	for i, a := range accounts {
		if i%50 == 3 {
			h.telegram.User(a, "").Block(true)
		}
	}
	for kind, p := range map[faketelegram.FaultKind]float64{
		faketelegram.FaultStatus: 0.01, faketelegram.FaultReset: 0.002, faketelegram.FaultGhost: 0.002,
		faketelegram.FaultHTML: 0.001,
	} {
		h.telegram.Fail(faketelegram.Fault{Kind: kind, Method: "sendMessage", Probability: p})
	}
	cast := h.launch(by)
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	defer cancel()
	p := plan{addresses: h.addresses, Round: -1, Rate: 400}
	one, two := h.child(ctx, p), h.child(ctx, p)
	sent := func() int { _, tally := h.broadcast(cast.ID); return tally[store.Sent] }
	for kill := range 4 {
		before := sent()
		h.until("it goes on", func() bool { return sent() > before+step })
		time.Sleep(time.Duration(rand.IntN(100)) * time.Millisecond)
		if kill == 2 {
			h.change(cast.ID, store.BroadcastPaused)
			time.Sleep(2 * time.Second)
			still := sent()
			time.Sleep(500 * time.Millisecond)
			if now := sent(); now != still {
				t.Errorf("paused two seconds ago, and %d more are sent", now-still)
			}
			h.change(cast.ID, store.BroadcastRunning)
		}
		victim := &one
		if kill%2 == 1 {
			victim = &two
		}
		h.ok((*victim).Process.Kill())
		_ = (*victim).Wait()
		*victim = h.child(ctx, p)
	}
	h.until("it ends", func() bool { b, _ := h.broadcast(cast.ID); return b.State == store.BroadcastDone })
	for _, cmd := range []**exec.Cmd{&one, &two} {
		h.ok((*cmd).Process.Kill())
		_ = (*cmd).Wait()
	}
	states := map[int64]store.DeliveryState{}
	rows, err := testdb.Connect(t, h.Postgres).Query(ctx, `select chat, state from outbox where broadcast = $1`,
		int64(cast.ID))
	h.ok(err)
	for rows.Next() {
		var chat int64
		var state store.DeliveryState
		h.ok(rows.Scan(&chat, &state))
		states[chat] = state
	}
	h.ok(rows.Err())
	got := h.announced(accounts)
	count := map[store.DeliveryState]int{}
	for i, a := range accounts {
		count[states[a]]++
		switch {
		case got[a] > 1:
			t.Errorf("%d got %d", a, got[a])
		case states[a] == store.Sent && got[a] != 1:
			t.Errorf("%d is told to have it and has %d", a, got[a])
		case states[a] == store.Unreachable && (got[a] > 0 || i%50 != 3), states[a] != store.Sent &&
			states[a] != store.Unreachable && states[a] != store.Unknown:
			t.Errorf("%d is %s and has %d", a, states[a], got[a])
		}
	}
	t.Logf("%v", count)
}

// A cancelled announcement stops at once, and what was not sent is reported.
func TestBroadcastCancelled(t *testing.T) {
	h := newHouse(t)
	accounts, by := h.crowd(300)
	cast := h.launch(by)
	h.start(func(c *bot.Config) { c.Rate = 50 })
	h.until("some are sent", func() bool { return len(h.announced(accounts)) > 20 })
	h.change(cast.ID, store.BroadcastCancelled)
	h.until("none is under way", func() bool { _, tally := h.broadcast(cast.ID); return tally[store.Queued] == 0 })
	_, tally := h.broadcast(cast.ID)
	if got := len(h.announced(accounts)); tally[store.Sent] != got || tally[store.Withdrawn] != 300-got || got > 250 {
		t.Errorf("%d got it, and the tally is %v", got, tally)
	}
}

// The preview of an announcement and the question below it are two messages, and Telegram takes one a second for a
// chat.
func TestPreviewKeepsTheRate(t *testing.T) {
	h := newHouse(t)
	_, by := h.crowd(3)
	tx := h.db.Begin(time.Now(), 0)
	h.ok(tx.AddConsent(context.Background(), "consent.given", &store.Consent{
		Person: by, Notice: join.Notice, Given: tx.Now(), Source: "paper",
	}))
	_, err := tx.Commit(context.Background(), 0, nil, nil)
	h.ok(err)
	boss := h.telegram.User(6999, "Koordinator")
	boss.Started()
	var mu sync.Mutex
	var calls []time.Time
	h.seen = func(method string, params map[string]string) {
		if method == "sendMessage" && params["chat_id"] == "6999" {
			mu.Lock()
			defer mu.Unlock()
			calls = append(calls, time.Now())
		}
	}
	h.start()
	boss.Send("/umumkan Rapat besok")
	h.until("she is asked for whom", func() bool { return len(words(boss)) == 1 })
	boss.Send("Semua (3 orang)")
	h.until("she is shown what they get, and asked", func() bool { return len(words(boss)) == 3 })
	mu.Lock()
	defer mu.Unlock()
	if apart := calls[2].Sub(calls[1]); apart < time.Second {
		t.Errorf("%v apart", apart)
	}
}
