package bot_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"pendamping/bot/faketelegram"
	"pendamping/flows/join"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
)

// mentors enters mentors with a group each, who wrote to the bot before.
func (h *house) mentors(n int) (accounts []int64) {
	h.t.Helper()
	ctx := context.Background()
	tx := h.db.Begin(time.Now(), 0)
	program := store.Program{Code: "TKM-PEMULA", Edition: 1, Rules: store.DefaultRules()}
	h.ok(tx.AddProgram(ctx, "program.added", &program))
	for i := range n {
		account := int64(7001 + i)
		p := store.Person{Key: fmt.Sprint("m", i), Role: store.Mentor, Code: fmt.Sprint("PDP-", i),
			Name: fmt.Sprintf("Nama PDP-%04d", i), Account: account}
		h.ok(tx.AddPerson(ctx, "person.added", &p))
		h.ok(tx.AddConsent(ctx, "consent.given", &store.Consent{
			Person: p.ID, Notice: join.Notice, Given: tx.Now(), Source: "paper",
		}))
		h.ok(tx.AddRecipient(ctx, "recipient.added", &store.Recipient{
			Code: fmt.Sprint("KLP-", i), Name: fmt.Sprint("Kelompok ", i), Program: program.ID, Zone: "Asia/Jakarta",
			Grant: 5_000_000, Disbursed: "2026-10-01", Mentor: p.ID,
		}))
		h.telegram.User(account, fmt.Sprintf("Orang-Rahasia-%d", account)).Started()
		accounts = append(accounts, account)
	}
	_, err := tx.Commit(ctx, 0, nil, nil)
	h.ok(err)
	return accounts
}

// Processes are killed at random while 1,100 morning cards are sent, twenty times (300 cards, six times, without
// PENDAMPING_FULL). Each mentor gets exactly one card, or the outbox lists it as unknown.
func TestCardsKilled(t *testing.T) {
	h := newHouse(t)
	mentors, times := 300, 6
	if testdb.Full() {
		mentors, times = 1100, 20
	}
	accounts := h.mentors(mentors)
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	defer cancel()
	morning := time.Date(2026, 11, 24, 0, 10, 0, 0, time.UTC) // 07.10 WIB
	begun := time.Now()
	next := func() plan {
		return plan{addresses: h.addresses, From: morning.Add(time.Since(begun)), Round: 50 * time.Millisecond}
	}
	told := func() (n int) {
		for _, a := range accounts {
			n += len(cardsOf(h, a))
		}
		return n
	}
	kills := 0
	for ; kills < times; kills++ {
		cmd := h.child(ctx, next())
		before := told()
		if kills%4 > 0 { // some get to work, and others are killed while they start
			h.until("cards go out", func() bool { return told() > before || told() > mentors-50 })
		}
		time.Sleep(time.Duration(rand.IntN(150)) * time.Millisecond)
		h.ok(cmd.Process.Kill())
		_ = cmd.Wait()
	}
	cmd := h.child(ctx, next())
	h.until("the outbox is empty", func() bool {
		backlog, err := h.db.Backlog(ctx, time.Now().AddDate(10, 0, 0))
		return err == nil && backlog[store.Queued] == 0 && told() > mentors-100
	})
	h.ok(cmd.Process.Kill())
	_ = cmd.Wait()
	twice, missed, unknown := 0, 0, h.unknown()
	for _, a := range accounts {
		switch n := len(cardsOf(h, a)); {
		case n > 1:
			twice++
		case n == 0 && !unknown[a]:
			missed++
		}
	}
	if twice+missed > 0 {
		t.Errorf("%d got two cards, %d none that is not listed as unknown", twice, missed)
	}
	t.Logf("%d kills, %d cards, %d unknown", kills, told(), len(unknown))
}

func cardsOf(h *house, account int64) (cards []faketelegram.Message) {
	for _, m := range h.telegram.Messages(account) {
		if m.FromBot && len(m.Buttons) > 0 {
			cards = append(cards, m)
		}
	}
	return cards
}

// unknown returns the chats of messages whose outcome is unknown.
func (h *house) unknown() map[int64]bool {
	h.t.Helper()
	chats := map[int64]bool{}
	rows, err := testdb.Connect(h.t, h.Postgres).Query(context.Background(),
		`select chat from outbox where state = 'unknown'`)
	h.ok(err)
	defer rows.Close()
	for rows.Next() {
		var chat int64
		h.ok(rows.Scan(&chat))
		chats[chat] = true
	}
	h.ok(rows.Err())
	return chats
}
