package approval

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// How the book of a recipient stands with the one who answers for it.
const (
	bookNone    = "none"    // not approved
	BookStands  = "stands"  // approved as it is
	bookChanged = "changed" // approved as it was
	bookWaits   = "waits"   // signed on paper, which nobody else has looked at
)

// NotTrue is the reason of a review that found a signature on paper not to be what it should.
const NotTrue = "wrong"

// BookHash is what an approval is of: the counted notas and the standing entries, in the order of their numbers, as
// SHA-256 in hex.
func BookHash(receipts []store.Receipt, entries []store.Entry) string {
	type nota struct {
		Number int
		Total  store.Rupiah
		Day    store.Day
		Seller string
		Items  []store.Item
	}
	type movement struct {
		Number int
		Kind   store.EntryKind
		Amount store.Rupiah
		Day    store.Day
		Pos    string
	}
	var book struct {
		Notas   []nota
		Entries []movement
	}
	for _, r := range receipts {
		if r.State.Counts() {
			book.Notas = append(book.Notas, nota{r.Number, r.Total, r.Day, r.Seller, r.Items})
		}
	}
	for _, e := range entries {
		if e.State == store.EntryStands {
			book.Entries = append(book.Entries, movement{e.Number, e.Kind, e.Amount, e.Day, e.Pos})
		}
	}
	slices.SortFunc(book.Notas, func(a, b nota) int { return a.Number - b.Number })
	slices.SortFunc(book.Entries, func(a, b movement) int { return a.Number - b.Number })
	b, err := json.Marshal(book)
	if err != nil {
		return "" // of plain values it can always be made
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// hashNow returns the hash of a recipient's book as it is now.
func hashNow(ctx context.Context, tx store.Tx, of store.ID) (string, error) {
	receipts, err := tx.Receipts(ctx, of, "", dialog.Entire, 0)
	if err != nil {
		return "", err
	}
	entries, err := tx.Entries(ctx, of)
	return BookHash(receipts, entries), err
}

// Approved tells how a book stands, with its newest approval.
func Approved(ctx context.Context, tx store.Tx, of store.Recipient) (state string, a store.Approval, err error) {
	a, err = tx.Approval(ctx, of.ID)
	if errors.Is(err, store.ErrNotFound) {
		return bookNone, store.Approval{}, nil
	}
	if err != nil {
		return "", a, err
	}
	if a.Review.Reason == NotTrue {
		return bookNone, a, nil
	}
	hash, err := hashNow(ctx, tx, of.ID)
	switch {
	case err != nil:
		return "", a, err
	case hash != a.Book:
		return bookChanged, a, nil
	case a.Paper != 0 && a.Review.By == 0:
		return bookWaits, a, nil
	}
	return BookStands, a, nil
}

// approvalLine says how a book stands that is in that state.
func approvalLine(who dialog.Who, of store.Recipient, state string, a store.Approval) store.Text {
	return store.Say("saldo.approved", "State", state, "Day", string(store.DayOf(a.At, who.Zone)),
		"Paper", dialog.Mark(a.Paper != 0), "Single", dialog.Mark(of.Single))
}

// Approval is how the book stands, and the button with which somebody may approve it as it is now.
func Approval(ctx context.Context, tx store.Tx, who dialog.Who) (line store.Text, way []store.Button, err error) {
	state, a, err := Approved(ctx, tx, who.For)
	line = approvalLine(who, who.For, state, a)
	if err != nil || state == BookStands || state == bookWaits {
		return line, nil, err
	}
	if who.May(dialog.ApproveBook, dialog.None) {
		return line, []store.Button{{Text: store.Say("saldo.approve"), Data: dialog.Data("approve")}}, nil
	}
	may, err := maySign(ctx, tx, who)
	if may {
		way = []store.Button{
			{Text: store.Say("saldo.sign", "Single", dialog.Mark(who.For.Single)), Data: dialog.Data("approve")},
		}
	}
	return line, way, err
}

// judged are all who verified something of the book that somebody may approve, or the LPJ, and who is known to be the
// same human: the sponsors of a verifier are the coordinators who proposed them, and with whom they shared an account.
func judged(ctx context.Context, tx store.Tx, who dialog.Who) (list []store.ID, err error) {
	if !who.May(dialog.ApproveBook, dialog.None) {
		return nil, nil
	}
	notas, err := tx.Receipts(ctx, who.For.ID, store.Verified, dialog.Entire, 0)
	if err != nil {
		return nil, err
	}
	for _, r := range notas {
		list = dialog.WithHands(list, r.Review.By)
	}
	plan, err := tx.Plan(ctx, who.For.ID)
	if err != nil {
		return nil, err
	}
	r, err := dialog.Newest(ctx, tx, who.For.ID)
	if err != nil {
		return nil, err
	}
	return dialog.Sponsored(ctx, tx, dialog.WithHands(list, plan.Review.By, r.Review.By))
}

// Approves tells whether somebody, or who is known to be the same human, answers for a recipient's book by the newest
// approval: what is in it is for another one to verify, whichever came first. A signature on paper is not the word of
// who entered it.
func Approves(ctx context.Context, tx store.Tx, w dialog.Who, of store.ID) (bool, error) {
	a, err := tx.Approval(ctx, of)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && Gave(w, a), err
}

// Gave tells whether an approval is the word of somebody, or of who is known to be the same human.
func Gave(w dialog.Who, a store.Approval) bool {
	return a.ID != 0 && a.Paper == 0 && a.Review.Reason != NotTrue &&
		(w.Is(a.By) || slices.Contains(w.EverySponsor(), a.By))
}

// maySign tells whether a mentor may enter a signature on paper: the one who should approve can't do so here.
func maySign(ctx context.Context, tx store.Tx, who dialog.Who) (bool, error) {
	if !who.Behalf() || !who.May(dialog.SignBook, dialog.None) {
		return false, nil
	}
	list, err := tx.Members(ctx, who.For.ID)
	return err == nil && !slices.ContainsFunc(list, func(p store.Person) bool {
		return dialog.Reachable(p) && (p.Role == store.Chair || p.Role == store.Owner)
	}), err
}

// Approve shows what the one who answers for the book puts their name to; arg names the book that they looked at, and
// then approves it.
func Approve(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	if who.For.ID == 0 {
		return dialog.ChooseGroup(ctx, tx, who)
	}
	paper, err := maySign(ctx, tx, who)
	if err != nil {
		return form.Screen{}, err
	}
	judges, err := judged(ctx, tx, who)
	if err != nil {
		return form.Screen{}, err
	}
	switch {
	case paper, who.May(dialog.ApproveBook, dialog.None, judges...):
	case who.May(dialog.ApproveBook, dialog.None): // but for what they verified
		return form.Screen{Body: []store.Text{store.Say("approve.judged", "Group", who.For.Name)}}, nil
	default:
		return form.Screen{}, store.ErrNotFound
	}
	state, a, err := Approved(ctx, tx, who.For)
	if err != nil {
		return form.Screen{}, err
	}
	if state == BookStands || state == bookWaits {
		return form.Screen{
			Body:    []store.Text{approvalLine(who, who.For, state, a)},
			Buttons: [][]store.Button{{{Text: store.Say("menu.saldo"), Data: dialog.Data("saldo")}}},
		}, nil
	}
	hash, err := hashNow(ctx, tx, who.For.ID)
	if err != nil {
		return form.Screen{}, err
	}
	b, err := tx.Balance(ctx, who.For.ID)
	if err != nil {
		return form.Screen{}, err
	}
	if arg != "" && string(arg) == ShortHash(hash) && !paper {
		return keepApproval(ctx, tx, who, store.Approval{Book: hash, Notas: b.Submitted, Spent: b.Spent, Left: b.Left})
	}
	s := form.Screen{Body: statement(who, b)}
	if arg != "" && string(arg) != ShortHash(hash) {
		s.Body = append([]store.Text{store.Say("approve.changed")}, s.Body...)
	}
	if paper {
		s.Body = append(s.Body, store.Say("approve.paper", "Single", dialog.Mark(who.For.Single)))
		s.Buttons = [][]store.Button{{{Text: store.Say("approve.photo"), Data: dialog.Data("paper", ShortHash(hash))}}}
		return s, nil
	}
	s.Buttons = [][]store.Button{{
		{
			Text: store.Say("approve.yes"), Data: dialog.Data("approve", ShortHash(hash)),
		}, {Text: store.Say("approve.no"), Data: dialog.Data("saldo")},
	}}
	return s, nil
}

// ShortHash is enough of a hash to know the book that was shown.
func ShortHash(hash string) string { return hash[:8] }

// statement is what an approval says, with the figures it is about.
func statement(who dialog.Who, b store.Balance) []store.Text {
	single := dialog.Mark(who.For.Single)
	body := []store.Text{
		store.Say("approve.head", "Group", who.For.Name, "Single", single),
		store.Say("saldo.received", "Amount", b.Received.String()),
		store.Say("saldo.spent", "Amount", b.Spent.String()),
	}
	if b.Deposited != 0 {
		body = append(body, store.Say("saldo.deposited", "Amount", b.Deposited.String()))
	}
	return append(body, store.Say("saldo.left", "Amount", b.Left.String()),
		store.Say("approve.count", "Count", strconv.Itoa(b.Submitted),
			"Unverified", dialog.Count(b.Submitted-b.Verified), "Unfinished", dialog.Count(b.Unfinished)),
		store.Say("approve.words", "Single", single))
}

// keepApproval keeps the word of who answers for the book.
func keepApproval(ctx context.Context, tx store.Tx, who dialog.Who, a store.Approval) (form.Screen, error) {
	a.Recipient, a.By, a.At, a.Sponsors = who.For.ID, who.ID, tx.Now(), who.Proposers()
	if err := tx.AddApproval(ctx, "book.approved", &a); err != nil {
		return form.Screen{}, err
	}
	tell, err := signLPJ(ctx, tx, who, who.For)
	return form.Screen{
		Body: []store.Text{store.Say("approve.done", "Group", who.For.Name,
			"Day", string(store.DayOf(a.At, who.Zone)), "Single", dialog.Mark(who.For.Single))},
		Buttons: [][]store.Button{{{Text: store.Say("menu.saldo"), Data: dialog.Data("saldo")}}},
		Tell:    tell,
	}, err
}
