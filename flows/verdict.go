package flows

import (
	"errors"
	"slices"
	"strings"
	"time"

	"pendamping/store"
)

// audience are who hears about a nota: who entered it, and the bendahara or owner; each account once, and never the one who
// speaks.
func (t *turn) audience(r store.Receipt, of store.Recipient) ([]store.Person, error) {
	members, err := t.tx.Members(t.ctx, of.ID)
	if err != nil {
		return nil, err
	}
	var list []store.Person
	add := func(p store.Person) {
		heard := slices.ContainsFunc(list, func(o store.Person) bool { return o.Account == p.Account })
		if reachable(p) && !heard && !t.who.is(p.ID) {
			list = append(list, p)
		}
	}
	by, err := t.tx.Person(t.ctx, r.By)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	add(by)
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
	to, err := t.audience(r, of)
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
	to, err := t.audience(r, of)
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
	why := append([]store.Text{store.Say("verdict.returned", "Number", number(r), "Amount", r.Total.String(), "Seller", r.Seller)}, returnedFor(r)...)
	fix := store.Button{Text: store.Say("verdict.fix"), Data: "receipt:" + idText(r.ID) + ":change"}
	if i := slices.IndexFunc(reasons, func(o reason) bool { return o.code == r.Review.Reason }); i >= 0 {
		fix = store.Button{Text: store.Say("reason." + reasons[i].code + ".fix"), Data: "receipt:" + idText(r.ID) + ":" + reasons[i].fix}
		if reasons[i].fix == "void" {
			fix.Data = "void:" + idText(r.ID)
		}
	}
	for _, p := range to {
		for _, m := range byVoice(p.Account, voice) {
			m.Key, m.Due = verdictKey(r)+":voice", t.undoUntil()
			t.tell([]store.Message{m})
		}
		t.tell([]store.Message{{
			Chat: p.Account, Key: verdictKey(r), Due: t.undoUntil(), Body: why, Files: picture, Buttons: [][]store.Button{{fix}},
		}})
	}
	return nil
}

// returnedFor says in plain words why a nota was returned; a voice note speaks for itself.
func returnedFor(r store.Receipt) []store.Text {
	switch {
	case r.Review.Reason != "":
		return []store.Text{store.Say("reason." + r.Review.Reason + ".told")}
	case r.Review.Words != "":
		return []store.Text{store.Say("verdict.words", "Words", r.Review.Words)}
	}
	return nil
}

// byVoice is a voice note for somebody, if there is one.
func byVoice(chat int64, voice *store.File) []store.Message {
	if voice == nil {
		return nil
	}
	return []store.Message{{Chat: chat, Files: []store.Shown{shownAs(*voice)}}}
}

// untell takes back what waits to be said about a decision that was taken back.
func (t *turn) untell(r store.Receipt, of store.Recipient, state store.ReceiptState) error {
	to, err := t.audience(r, of)
	if err != nil {
		return err
	}
	for _, p := range to {
		if state == store.Returned {
			if err := errors.Join(t.tx.Withdraw(t.ctx, p.Account, verdictKey(r)), t.tx.Withdraw(t.ctx, p.Account, verdictKey(r)+":voice")); err != nil {
				return err
			}
			continue
		}
		waiting, err := t.tx.Queued(t.ctx, p.Account, verifiedKey(r))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		numbers := slices.DeleteFunc(numbersIn(waiting), func(n string) bool { return n == "#"+number(r) })
		if len(numbers) == 0 {
			err = t.tx.Withdraw(t.ctx, p.Account, verifiedKey(r))
		} else {
			t.tell([]store.Message{verifiedNews(p.Account, r, of, numbers, waiting.Due)})
		}
		if err != nil {
			return err
		}
	}
	return nil
}
