package nudge

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/letter"
	"pendamping/flows/when"
	"pendamping/store"
)

// looksBack is for how long letters are listed, and how many nudges a page shows.
const (
	looksBack     = 90 * 24 * time.Hour
	nudgesPerPage = 6
)

// answeredState is above what is known of a delivery: somebody wrote back.
const answeredState store.DeliveryState = "answered"

// outcomes are what can have become of a letter, the best first: a group stands as its best letter does.
var outcomes = []store.DeliveryState{
	answeredState, store.Sent, store.Queued, store.Unknown, store.Unreachable, store.Withdrawn,
}

// outcomeOf is what became of a letter, as its writer is told.
func outcomeOf(p store.Posted) store.DeliveryState {
	switch {
	case p.Answered:
		return answeredState
	case p.State == store.Acknowledged:
		return store.Sent
	case p.State == store.Failed:
		return store.Unreachable
	}
	return p.State
}

// batch is one nudge.
type batch struct {
	id      store.ID
	letters []store.Posted // oldest first
}

// batchesOf are a mentor's nudges, newest first.
func batchesOf(ctx context.Context, tx store.Tx, who dialog.Who) (list []batch, err error) {
	posted, err := tx.Posted(ctx, who.ID, tx.Now().Add(-looksBack))
	for _, p := range posted {
		id := cmp.Or(p.Batch, p.ID)
		if n := len(list); n == 0 || list[n-1].id != id {
			list = append(list, batch{id: id})
		}
		b := &list[len(list)-1]
		b.letters = slices.Insert(b.letters, 0, p)
	}
	return list, err
}

// ownBatch is one of a mentor's nudges.
func ownBatch(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (batch, error) {
	list, err := batchesOf(ctx, tx, who)
	if err != nil {
		return batch{}, err
	}
	i := slices.IndexFunc(list, func(b batch) bool { return b.id == id })
	if i < 0 {
		return batch{}, store.ErrNotFound
	}
	return list[i], nil
}

// groups are the recipients of a nudge in their order, each with how it stands.
func (b batch) groups() (ids []store.ID, stand map[store.ID]store.DeliveryState) {
	stand = map[store.ID]store.DeliveryState{}
	for _, p := range b.letters {
		was, seen := stand[p.Recipient]
		if !seen {
			ids = append(ids, p.Recipient)
		}
		if f := outcomeOf(p); !seen || slices.Index(outcomes, f) < slices.Index(outcomes, was) {
			stand[p.Recipient] = f
		}
	}
	return ids, stand
}

// tally counts the groups of a nudge: who was answered by was reached too.
func (b batch) tally() store.Text {
	n := map[store.DeliveryState]int{}
	_, stand := b.groups()
	for _, f := range stand {
		n[f]++
	}
	return store.Say("nudges.tally", "Sent", strconv.Itoa(n[store.Sent]+n[answeredState]),
		"Answered", dialog.Count(n[answeredState]),
		"Waiting", dialog.Count(n[store.Queued]+n[store.Unknown]), "Off", dialog.Count(n[store.Unreachable]),
		"Cancelled", dialog.Count(n[store.Withdrawn]))
}

// about is what a nudge says: the code of its words.
func (b batch) about() string { return cmp.Or(b.letters[0].Template, ownWords) }

// when is when a nudge goes out, or went.
func (b batch) when(who dialog.Who) string { return who.Moment(when.GoesAt(b.letters[0].Letter)) }

// head says what a nudge is about and when it goes out, or went.
func (b batch) head(who dialog.Who) store.Text {
	return store.Say("nudges.card", "Cause", b.about(), "At", b.when(who))
}

// List lists what a mentor wrote to her groups; arg is a page, or a nudge to look into.
func List(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	if arg != "" && !arg.IsPage() {
		b, err := ownBatch(ctx, tx, who, arg.ID())
		if err != nil {
			return form.Screen{}, err
		}
		return nudgeCard(ctx, tx, who, b)
	}
	list, err := batchesOf(ctx, tx, who)
	if err != nil {
		return form.Screen{}, err
	}
	if len(list) == 0 {
		return form.Screen{
			Body:    []store.Text{store.Say("nudges.none")},
			Buttons: [][]store.Button{{{Text: store.Say("menu.ingatkan"), Data: dialog.Data("ingatkan")}}},
		}, nil
	}
	s := form.Screen{Body: []store.Text{store.Say("nudges.head")}}
	page := arg.Page(len(list), nudgesPerPage)
	for i, b := range dialog.OnPage(list, page, nudgesPerPage) {
		n := strconv.Itoa(page*nudgesPerPage + i + 1)
		s.Body = append(s.Body, store.Say("nudges.line", "Number", n, "Cause", b.about(), "At", b.when(who)), b.tally())
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("nudges.choice", "Number", n, "Cause", b.about()), Data: dialog.Data("nudges", b.id),
		}})
	}
	if ways := dialog.Pages(dialog.PageIn("nudges"), page, len(list), nudgesPerPage); len(ways) > 0 {
		s.Buttons = append(s.Buttons, ways)
	}
	return s, nil
}

// nudgeCard is one nudge: how it stands with each group, and what can be done about it.
func nudgeCard(ctx context.Context, tx store.Tx, who dialog.Who, b batch) (form.Screen, error) {
	s := form.Screen{
		Body:    []store.Text{b.head(who)},
		Buttons: [][]store.Button{{{Text: store.Say("card.refresh"), Data: dialog.Data("nudges", b.id)}}},
	}
	ids, stand := b.groups()
	for _, id := range ids {
		of, err := tx.Recipient(ctx, id)
		if err != nil {
			return s, err
		}
		at := ""
		if stand[id] == store.Queued {
			i := slices.IndexFunc(b.letters, func(p store.Posted) bool {
				return p.Recipient == id &&
					outcomeOf(p) == store.Queued
			})
			if due := b.letters[i].Due; due.After(tx.Now()) {
				at = who.Moment(due)
			}
		}
		s.Body = append(s.Body, store.Say("nudges.group", "Group", of.Name, "State", string(stand[id]), "At", at))
		if !who.Theirs(of) {
			continue // another mentor has the group now
		}
		ways, err := b.ways(ctx, tx, of, stand[id])
		if err != nil {
			return s, err
		}
		s.Buttons = append(s.Buttons, ways...)
	}
	if len(waitingLetters(tx, who, b)) > 0 {
		s.Buttons = append(s.Buttons, []store.Button{
			{
				Text: store.Say("nudges.move"), Data: dialog.Data("nudgemove", b.id),
			}, {Text: store.Say("nudges.stop"), Data: dialog.Data("nudgestop", b.id)},
		})
	}
	s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("nudge.sent"), Data: dialog.Data("nudges")}})
	return s, nil
}

// ways are the buttons for a group: each thread in which there is an answer, or the text for WhatsApp.
func (b batch) ways(
	ctx context.Context, tx store.Tx, of store.Recipient, state store.DeliveryState,
) (rows [][]store.Button, err error) {
	for _, p := range b.letters {
		if p.Recipient != of.ID {
			continue
		}
		if state == store.Unreachable {
			return [][]store.Button{
				{{Text: store.Say("nudges.text", "Group", of.Name), Data: dialog.Data("nudgetext", p.ID)}},
			}, nil
		}
		if p.Answered {
			to, err := tx.Person(ctx, p.To)
			if err != nil {
				return rows, err
			}
			rows = append(rows, []store.Button{{
				Text: store.Say("nudges.thread", "Name", to.Name, "Group", of.Name),
				Data: dialog.Data("thread", p.ID),
			}})
		}
	}
	return rows, nil
}

// Text gives a letter as a message of its own, ready to be forwarded on WhatsApp to somebody whom the bot can't reach.
func Text(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	l, err := t.Tx.Letter(ctx, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	of, err := dialog.Recipient(ctx, t.Tx, t.Who.Account, l.Recipient)
	if err != nil {
		return form.Screen{}, err
	}
	if !t.Who.Theirs(of) || !t.Who.May(dialog.SeeLetter, dialog.Open, l.By) {
		return form.Screen{}, store.ErrNotFound
	}
	to, err := t.Tx.Person(ctx, l.To)
	if err != nil {
		return form.Screen{}, err
	}
	t.AsNewMessage()
	t.Show(form.Screen{Body: []store.Text{store.Say("nudges.forward", "Name", to.Name, "Group", of.Name, "WA", to.WA)}})
	if l.Voice == 0 {
		return form.Screen{
			Body: []store.Text{letter.Words(l, to, of), store.Say("letter.signed", "Name", t.Who.Name)},
		}, nil
	}
	f, err := t.Tx.File(ctx, l.Voice)
	if err != nil {
		return form.Screen{}, err
	}
	return form.Screen{
		Body:  []store.Text{store.Say("letter.signed", "Name", t.Who.Name)},
		Files: []store.Shown{dialog.ShownAs(f)},
	}, nil
}
