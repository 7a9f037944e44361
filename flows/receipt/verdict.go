package receipt

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// Audience are who hears about a nota: who entered or sent it, and the bendahara or owner; each account once, and never
// the one who speaks.
func Audience(
	ctx context.Context, tx store.Tx, who dialog.Who, r store.Receipt, of store.Recipient,
) ([]store.Person, error) {
	members, err := tx.Members(ctx, of.ID)
	if err != nil {
		return nil, err
	}
	var list []store.Person
	add := func(p store.Person) {
		heard := slices.ContainsFunc(list, func(o store.Person) bool { return o.Account == p.Account })
		if dialog.Reachable(p) && !heard && !who.Is(p.ID) {
			list = append(list, p)
		}
	}
	for _, id := range append([]store.ID{r.By}, r.Hands...) {
		by, err := tx.Person(ctx, id)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		add(by)
	}
	for _, p := range members {
		if p.Role == store.Treasurer || p.Role == store.Owner {
			add(p)
		}
	}
	return list, nil
}

// VerdictKey is the key of a message about a nota that was returned, VerifiedKey of the one that has all of a
// recipient's that were verified: twenty decisions make one message.
func VerdictKey(r store.Receipt) string { return "verdict:" + dialog.IDText(r.ID) }

// VerifiedKey is the key of the message that names a recipient's verified notas.
func VerifiedKey(r store.Receipt) string { return "verified:" + dialog.IDText(r.Recipient) }

// NumbersIn are the numbers of the notas that such a message names.
func NumbersIn(m store.Message) (list []string) {
	return strings.Split(m.Body[0].Data["Numbers"], ", ")
}

// VerifiedNews tells an officer which notas were verified, at the time that is due.
func VerifiedNews(chat int64, r store.Receipt, of store.Recipient, numbers []string, due time.Time) store.Message {
	return store.Message{
		Chat: chat, Key: VerifiedKey(r), Due: due, Quiet: true,
		Body:    []store.Text{store.Say("verdict.verified", "Numbers", strings.Join(numbers, ", "), "Group", of.Name)},
		Buttons: [][]store.Button{{{Text: store.Say("menu.nota"), Data: dialog.Data("nota", "p0")}}},
	}
}

// FixOf is the one button that mends exactly what a nota was returned for.
func FixOf(r store.Receipt) store.Button {
	id := dialog.IDText(r.ID)
	i := slices.IndexFunc(Reasons, func(o Reason) bool { return o.Code == r.Review.Reason })
	if i < 0 {
		return store.Button{Text: store.Say("verdict.fix"), Data: dialog.Data("receipt", id, form.Change)}
	}
	fix := store.Button{
		Text: store.Say("reason." + Reasons[i].Code + ".fix"), Data: dialog.Data("receipt", id, Reasons[i].fix),
	}
	if Reasons[i].fix == "void" {
		fix.Data = dialog.Data("void", id)
	}
	return fix
}

// ReturnedFor says in plain words why a nota was returned.
func ReturnedFor(r store.Receipt) store.Text {
	if r.Review.Reason != "" {
		return store.Say("reason." + r.Review.Reason + ".told")
	}
	return store.Say("verdict.words", "Words", r.Review.Words)
}

// Untell takes back what waits to be said about a decision that holds no more: it was taken back, or the nota has
// changed since.
func Untell(
	ctx context.Context, tx store.Tx, who dialog.Who, r store.Receipt, of store.Recipient, state store.ReceiptState,
) (tell []store.Message, err error) {
	to, err := Audience(ctx, tx, who, r, of)
	if err != nil {
		return nil, err
	}
	for _, p := range to {
		if state == store.Returned {
			for _, key := range []string{VerdictKey(r), VerdictKey(r) + ":voice"} {
				if err := tx.Withdraw(ctx, p.Account, key); err != nil {
					return nil, err
				}
			}
			continue
		}
		waiting, err := tx.Queued(ctx, p.Account, VerifiedKey(r))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		numbers := slices.DeleteFunc(NumbersIn(waiting), func(n string) bool { return n == "#"+dialog.Number(r) })
		if len(numbers) > 0 {
			tell = append(tell, VerifiedNews(p.Account, r, of, numbers, waiting.Due))
		} else if err := tx.Withdraw(ctx, p.Account, VerifiedKey(r)); err != nil {
			return nil, err
		}
	}
	return tell, nil
}

// unsay takes back what waits to be said about a decision on a nota that its people change now.
func unsay(ctx context.Context, tx store.Tx, r store.Receipt, of store.Recipient) ([]store.Message, error) {
	if r.State != store.Returned && r.State != store.Verified {
		return nil, nil
	}
	return Untell(ctx, tx, dialog.Who{}, r, of, r.State)
}
