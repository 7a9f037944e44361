package flows_test

import (
	"fmt"
	"strings"
	"testing"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/join"
	"pendamping/store"
)

// TestTwentyReviews lets a mentor decide twenty notas, one in five returned for a preset reason, and counts what it
// takes.
func TestTwentyReviews(t *testing.T) {
	g := newGround(t)
	ctx := t.Context()
	tx := g.db.Begin(walkStart, 0)
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	person := func(role store.Role, of store.ID, account int64) store.Person {
		p := store.Person{
			Key: fmt.Sprint(role, account), Role: role, Code: "T", Name: string(role), Recipient: of, Account: account,
		}
		ok(tx.AddPerson(ctx, "person.added", &p))
		ok(tx.AddConsent(ctx, "consent.given", &store.Consent{
			Person: p.ID, Notice: join.Notice, Given: walkStart, Source: "paper",
		}))
		return p
	}
	mentor := person(store.Mentor, 0, 8801)
	r := store.Recipient{Code: "T", Name: "Maju Jaya", Program: g.program, Grant: 20_000_000, Disbursed: "2026-11-10",
		Zone: "Asia/Jakarta", Mentor: mentor.ID}
	ok(tx.AddRecipient(ctx, "recipient.added", &r))
	treasurer := person(store.Treasurer, r.ID, 8802)
	const notas = 20
	for i := range notas {
		n := store.Receipt{
			Recipient: r.ID, State: store.Submitted, Kind: store.KindNota, Payment: "tunai",
			Seller: fmt.Sprint("Toko ", i), Day: "2026-11-20",
			Total: store.Rupiah(10_000 + i), Items: []store.Item{{Amount: store.Rupiah(10_000 + i), Pos: "BAHAN"}},
			By:    treasurer.ID,
			Hands: []store.ID{treasurer.ID}, Begun: walkStart, Submitted: walkStart,
		}
		ok(tx.AddReceipt(ctx, "receipt.submitted", &n))
		ok(tx.AddFile(ctx, "file.kept", &store.File{
			Recipient: r.ID, Receipt: n.ID, Kind: "photo", FileID: "f", Width: 1, At: walkStart,
		}))
	}
	_, err := tx.Commit(ctx, 0, nil, nil)
	ok(err)

	var session dialog.Session
	var buttons []string
	taps, messages, told := 0, 0, map[string]bool{}
	type cost struct{ taps, messages int }
	each := map[cost]int{} // what one review takes, and how many take that
	does := func(e form.Event) {
		e.Update, e.Account, e.Chat, e.Message = int64(taps+1), 8801, 8801, 5
		tx := g.db.Begin(walkStart, 0)
		defer tx.Rollback(ctx)
		res, err := flows.Turn(ctx, tx, g.setting, session, e)
		ok(err)
		if tx.Written() {
			_, err = tx.Commit(ctx, 0, nil, deliveries(res))
			ok(err)
		}
		session = res.Session
		for _, m := range res.Messages {
			if m.Chat != 8801 {
				told[m.Key] = true
				continue
			}
			messages++
			buttons = nil
			for _, row := range m.Buttons {
				for _, b := range row {
					buttons = append(buttons, b.Data)
				}
			}
		}
	}
	press := func(prefix string) {
		t.Helper()
		for _, b := range buttons {
			if strings.HasPrefix(b, prefix) {
				taps++
				does(form.Event{Kind: form.Press, Press: b})
				return
			}
		}
		t.Fatalf("no button %s among %v", prefix, buttons)
	}
	does(form.Event{Kind: form.Words, Text: "/tinjau"})
	for i := range notas {
		before := cost{taps, messages}
		if i%5 == 4 {
			press("reasons:")
			press("give:")
		} else {
			press("verify:")
		}
		each[cost{taps - before.taps, messages - before.messages}]++
	}
	tx = g.db.Begin(walkStart, 0)
	defer tx.Rollback(ctx)
	b, err := tx.Balance(ctx, r.ID)
	ok(err)
	if b.Verified != 16 || b.Returned != 4 {
		t.Errorf("%d verified and %d returned of %d", b.Verified, b.Returned, notas)
	}
	t.Logf(
		"%d notas: %d taps, %d messages to the mentor (each decision: its card changed, the next picture, the next card), %d to the group", notas, taps, messages, len(told))
	for c, n := range each {
		t.Logf("%d reviews: %d tap(s), %d messages each", n, c.taps, c.messages)
		if c.taps > 2 || c.messages > 4 {
			t.Errorf("a review takes %d taps and %d messages", c.taps, c.messages)
		}
	}
	if taps > notas*3/2 || len(told) != 5 { // one for all that were verified, one for each that was returned
		t.Errorf("%d taps, and the group is told %v", taps, told)
	}
}
