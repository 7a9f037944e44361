package flows_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/join"
	"pendamping/store"
)

// TestManyDecideAtOnce lets ten coordinators decide the same nota at the same moment, again and again: one
// of them decides, and each of the others is told who did.
func TestManyDecideAtOnce(t *testing.T) {
	g := newGround(t)
	ctx := t.Context()
	ok := func(err error) {
		if err != nil {
			t.Error(err)
		}
	}
	tx := g.db.Begin(walkStart, 0)
	person := func(role store.Role, of store.ID, account int64) store.Person {
		p := store.Person{Key: fmt.Sprint(role, account), Role: role, Code: fmt.Sprint(account),
			Name: fmt.Sprint(account), Recipient: of, Account: account}
		ok(tx.AddPerson(ctx, "person.added", &p))
		ok(tx.AddConsent(ctx, "consent.given", &store.Consent{
			Person: p.ID, Notice: join.Notice, Given: walkStart, Source: "paper",
		}))
		return p
	}
	r := store.Recipient{Code: "T", Name: "Maju Jaya", Program: g.program, Grant: 20_000_000, Disbursed: "2026-11-10",
		Zone: "Asia/Jakarta"}
	ok(tx.AddRecipient(ctx, "recipient.added", &r))
	treasurer := person(store.Treasurer, r.ID, 9900)
	const reviewers, notas = 10, 8
	for i := range reviewers {
		person(store.Coordinator, 0, 9901+int64(i))
	}
	var list []store.Receipt
	for i := range notas {
		n := store.Receipt{
			Recipient: r.ID, State: store.Submitted, Kind: store.KindNota, Payment: "tunai",
			Seller: fmt.Sprint("Toko ", i), Day: "2026-11-20", Total: 10_000,
			Items: []store.Item{{Amount: 10_000, Pos: "BAHAN"}}, By: treasurer.ID, Hands: []store.ID{treasurer.ID},
			Begun: walkStart, Submitted: walkStart,
		}
		ok(tx.AddReceipt(ctx, "receipt.submitted", &n))
		list = append(list, n)
	}
	_, err := tx.Commit(ctx, 0, nil, nil)
	ok(err)

	// press is what the bot does with a button: a turn that comes too late is dropped and done anew.
	press := func(account int64, data string) (said []string) {
		for {
			tx := g.db.Begin(walkStart, 0)
			res, err := flows.Turn(ctx, tx, g.setting, dialog.Session{}, form.Event{
				Kind: form.Press, Press: data, Account: account, Chat: account, Message: 5,
			})
			if err == nil && tx.Written() {
				_, err = tx.Commit(ctx, 0, nil, deliveries(res))
			}
			tx.Rollback(ctx)
			if errors.Is(err, store.ErrConflict) {
				continue
			}
			ok(err)
			for _, m := range res.Messages {
				if m.Chat == account && len(m.Body) > 0 {
					said = append(said, m.Body[0].ID)
				}
			}
			return said
		}
	}
	for _, n := range list {
		var mu sync.Mutex
		first := map[string]int{}
		var all sync.WaitGroup
		for i := range reviewers {
			data := fmt.Sprintf("verify:%d:%d", n.ID, n.Version)
			if i%2 == 1 {
				data = fmt.Sprintf("give:%d:%d:jumlah", n.ID, n.Version)
			}
			all.Go(func() {
				said := press(9901+int64(i), data)
				mu.Lock()
				defer mu.Unlock()
				first[said[0]]++
			})
		}
		all.Wait()
		if first["review.decided"] != 1 || first["review.overtaken"] != reviewers-1 {
			t.Errorf("nota %d: %v", n.Number, first)
		}
		tx := g.db.Begin(walkStart, 0)
		now, err := tx.Receipt(ctx, n.ID)
		ok(err)
		tx.Rollback(ctx)
		if now.Version != n.Version+1 || now.Review.By == 0 || string(now.State) != now.Review.Verdict {
			t.Errorf("nota %d is %+v", n.Number, now)
		}
	}
}
