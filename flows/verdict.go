package flows

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// audience are who hears about a nota: who entered or sent it, and the bendahara or owner; each account once, and never the one
// who speaks.
func audience(ctx context.Context, tx store.Tx, who Who, r store.Receipt, of store.Recipient) ([]store.Person, error) {
	members, err := tx.Members(ctx, of.ID)
	if err != nil {
		return nil, err
	}
	var list []store.Person
	add := func(p store.Person) {
		heard := slices.ContainsFunc(list, func(o store.Person) bool { return o.Account == p.Account })
		if reachable(p) && !heard && !who.is(p.ID) {
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

// verdictKey is the key of a message about a nota that was returned, verifiedKey of the one that has all of a recipient's
// that were verified: twenty decisions make one message.
func verdictKey(r store.Receipt) string  { return "verdict:" + idText(r.ID) }
func verifiedKey(r store.Receipt) string { return "verified:" + idText(r.Recipient) }
func (t *turn) undoUntil() time.Time     { return t.tx.Now().Add(undoFor) }
func numbersIn(m store.Message) (list []string) {
	return strings.Split(m.Body[0].Data["Numbers"], ", ")
}

// tellVerified lets the group know, once the decision can't be taken back.
func (t *turn) tellVerified(r store.Receipt, of store.Recipient) error {
	to, err := audience(t.ctx, t.tx, t.who, r, of)
	if err != nil {
		return err
	}
	for _, p := range to {
		numbers := []string{"#" + number(r)}
		waiting, err := t.tx.Queued(t.ctx, p.Account, verifiedKey(r))
		if err == nil {
			numbers = append(numbersIn(waiting), numbers...)
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		t.tell([]store.Message{verifiedNews(p.Account, r, of, numbers, t.undoUntil())})
	}
	return nil
}

func verifiedNews(chat int64, r store.Receipt, of store.Recipient, numbers []string, due time.Time) store.Message {
	return store.Message{
		Chat: chat, Key: verifiedKey(r), Due: due, Quiet: true,
		Body:    []store.Text{store.Say("verdict.verified", "Numbers", strings.Join(numbers, ", "), "Group", of.Name)},
		Buttons: [][]store.Button{{{Text: store.Say("menu.nota"), Data: "nota:p0"}}},
	}
}

// tellReturned sends a nota back to its people: the picture, the reason, and one button for exactly that fix.
func (t *turn) tellReturned(r store.Receipt, of store.Recipient, voice *store.File) error {
	to, err := audience(t.ctx, t.tx, t.who, r, of)
	if err != nil {
		return err
	}
	files, err := t.tx.Files(t.ctx, r.ID)
	if err != nil {
		return err
	}
	var picture []store.Shown
	if p := pictures(files); len(p) > 0 {
		picture = []store.Shown{shownAs(p[0])}
	}
	why := []store.Text{
		store.Say("verdict.returned", "Number", number(r), "Group", of.Name, "Amount", r.Total.String(), "Seller", r.Seller), returnedFor(r),
	}
	for _, p := range to {
		for _, m := range byVoice(p.Account, voice) {
			m.Key, m.Due = verdictKey(r)+":voice", t.undoUntil()
			t.tell([]store.Message{m})
		}
		t.tell([]store.Message{{
			Chat: p.Account, Key: verdictKey(r), Due: t.undoUntil(), Body: why, Files: picture, Buttons: [][]store.Button{{fixOf(r)}},
		}})
	}
	return nil
}

// fixOf is the one button that mends exactly what a nota was returned for.
func fixOf(r store.Receipt) store.Button {
	id := idText(r.ID)
	i := slices.IndexFunc(reasons, func(o reason) bool { return o.code == r.Review.Reason })
	if i < 0 {
		return store.Button{Text: store.Say("verdict.fix"), Data: "receipt:" + id + ":" + form.Change}
	}
	fix := store.Button{Text: store.Say("reason." + reasons[i].code + ".fix"), Data: "receipt:" + id + ":" + reasons[i].fix}
	if reasons[i].fix == "void" {
		fix.Data = "void:" + id
	}
	return fix
}

// returnedFor says in plain words why a nota was returned.
func returnedFor(r store.Receipt) store.Text {
	if r.Review.Reason != "" {
		return store.Say("reason." + r.Review.Reason + ".told")
	}
	return store.Say("verdict.words", "Words", r.Review.Words)
}

// byVoice is a voice note for somebody, if there is one.
func byVoice(chat int64, voice *store.File) []store.Message {
	if voice == nil {
		return nil
	}
	return []store.Message{{Chat: chat, Files: []store.Shown{shownAs(*voice)}}}
}

// untell takes back what waits to be said about a decision that holds no more: it was taken back, or the nota has changed since.
func untell(ctx context.Context, tx store.Tx, who Who, r store.Receipt, of store.Recipient, state store.ReceiptState) (tell []store.Message, err error) {
	to, err := audience(ctx, tx, who, r, of)
	if err != nil {
		return nil, err
	}
	for _, p := range to {
		if state == store.Returned {
			for _, key := range []string{verdictKey(r), verdictKey(r) + ":voice"} {
				if err := tx.Withdraw(ctx, p.Account, key); err != nil {
					return nil, err
				}
			}
			continue
		}
		waiting, err := tx.Queued(ctx, p.Account, verifiedKey(r))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		numbers := slices.DeleteFunc(numbersIn(waiting), func(n string) bool { return n == "#"+number(r) })
		if len(numbers) > 0 {
			tell = append(tell, verifiedNews(p.Account, r, of, numbers, waiting.Due))
		} else if err := tx.Withdraw(ctx, p.Account, verifiedKey(r)); err != nil {
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
	return untell(ctx, tx, Who{}, r, of, r.State)
}
