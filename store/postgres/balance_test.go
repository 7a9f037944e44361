package postgres_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"pendamping/store"
	"pendamping/store/postgres"
)

// TestBalance compares a book of random notas and entries, added up by the database, with a sum by hand.
func TestBalance(t *testing.T) {
	db, _ := open(t)
	var g group
	var lines []store.PlanLine
	do(t, db, func(tx *postgres.Tx) {
		g = addGroup(t, tx, "A")
		p := store.Plan{Recipient: g.recipient.ID, Lines: []store.PlanLine{{Pos: "ALAT"}, {Pos: "BAHAN"}}}
		ok(t, tx.AddPlan(t.Context(), "plan.added", &p))
		lines = p.Lines
	})
	book := 0
	rapid.Check(t, func(rt *rapid.T) {
		book++
		tx := db.Begin(noon, 0)
		defer tx.Rollback(t.Context())
		of := store.Recipient{Code: fmt.Sprint("book ", book), Program: g.program.ID}
		ok(t, tx.AddRecipient(t.Context(), "recipient.added", &of))
		want := store.Balance{}
		pos := map[string]store.Rupiah{}
		posOf := rapid.SampledFrom([]string{"ALAT", "BAHAN", ""})
		amount := rapid.Int64Range(1, 1_000_000_000_000)
		for range rapid.IntRange(0, 6).Draw(rt, "notas") {
			r := store.Receipt{Recipient: of.ID, By: g.chair.ID, Day: "2026-11-23", Submitted: noon, Begun: noon}
			r.State = rapid.SampledFrom([]store.ReceiptState{
				store.Unfinished, store.Submitted, store.Cancelled,
			}).Draw(rt, "state")
			for range rapid.IntRange(1, 3).Draw(rt, "items") {
				i := store.Item{Amount: store.Rupiah(amount.Draw(rt, "amount")), Pos: posOf.Draw(rt, "pos")}
				i.Line = rapid.SampledFrom([]store.ID{0, lines[0].ID, lines[1].ID}).Draw(rt, "line")
				r.Items = append(r.Items, i)
				r.Total += i.Amount
				if r.State != store.Submitted {
					continue
				}
				want.Spent += i.Amount
				pos[i.Pos] += i.Amount
				if i.Line != 0 {
					if want.ByLine == nil {
						want.ByLine = map[store.ID]store.Rupiah{}
					}
					want.ByLine[i.Line] += i.Amount
				}
			}
			switch r.State {
			case store.Submitted:
				want.Submitted++
			case store.Unfinished:
				want.Unfinished++
			}
			ok(t, tx.AddReceipt(t.Context(), "receipt.added", &r))
		}
		for range rapid.IntRange(0, 8).Draw(rt, "entries") {
			e := store.Entry{Recipient: of.ID, Amount: store.Rupiah(amount.Draw(rt, "amount")), At: noon}
			e.Kind = rapid.SampledFrom([]store.EntryKind{
				store.EntryGrant, store.EntryWithdraw, store.EntryFee, store.EntryRefund, store.EntryDeposit,
			}).Draw(rt, "kind")
			e.State = rapid.SampledFrom([]store.EntryState{store.EntryStands, store.EntryCancelled}).Draw(rt, "state")
			if e.Kind == store.EntryRefund {
				e.Pos = posOf.Draw(rt, "pos")
			}
			ok(t, tx.AddEntry(t.Context(), "entry.added", &e))
			if e.State == store.EntryCancelled {
				continue
			}
			switch e.Kind {
			case store.EntryGrant:
				want.Received += e.Amount
			case store.EntryFee:
				want.Fees += e.Amount
				want.Spent += e.Amount
			case store.EntryRefund:
				want.Refunds += e.Amount
				want.Spent -= e.Amount
				pos[e.Pos] -= e.Amount
			case store.EntryDeposit:
				want.Deposited += e.Amount
			}
		}
		for _, name := range []string{"", "ALAT", "BAHAN"} {
			if sum, there := pos[name]; there {
				want.ByPos = append(want.ByPos, store.PosSum{Pos: name, Spent: sum})
			}
		}
		want.Left = want.Received - want.Spent - want.Deposited
		got, err := tx.Balance(t.Context(), of.ID)
		ok(t, err)
		wantSame(t, want, got)
		if got.Received != got.Spent+got.Deposited+got.Left {
			rt.Errorf("received %d is not spent %d, deposited %d and left %d", got.Received, got.Spent, got.Deposited,
				got.Left)
		}
	})
}
