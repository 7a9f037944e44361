package receipt

import (
	"context"
	"slices"
	"strconv"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// Card is the key of the one message that shows a group how far its notas are; it is changed in its place.
const Card = "room"

// hush is how long a person who may not file notas in a group is not told so again.
const hush = time.Hour

// InGroupChat files a photo of a group chat for the person who asked for it there. What there is to say goes to their
// private chat; the group is told how many notas there are.
func InGroupChat(ctx context.Context, t *dialog.Turn) error {
	if t.Again {
		return nil
	}
	of, err := t.Tx.RoomOf(ctx, t.Event.GroupChat)
	if err != nil {
		return err
	}
	choices, err := filers(ctx, t, of)
	if err != nil {
		return err
	}
	if len(choices) == 0 {
		return guest(t)
	}
	if of != 0 {
		choices = slices.DeleteFunc(choices, func(w dialog.Who) bool { return w.For.ID != of })
	}
	if len(choices) == 0 {
		return t.Unknown(ctx, "room.other")
	}
	if id := Unfit(t.Event.Files); id != "" {
		return t.Unknown(ctx, id)
	}
	if of == 0 && len(choices) > 1 {
		t.Session.GroupChat = t.Event.GroupChat
		return hold(ctx, t, choices)
	}
	if err := t.Become(ctx, choices[0]); err != nil {
		return err
	}
	if t.Event.Album != "" {
		if done, err := inAlbum(ctx, t); done || err != nil {
			return err
		}
	}
	if again, err := sentAgain(ctx, t); again || err != nil {
		return err
	}
	if filed, err := filed(ctx, t); filed || err != nil {
		return err
	}
	if of == 0 {
		if err := t.Tx.PutRoom(ctx, t.Event.GroupChat, t.Who.For.ID); err != nil {
			return err
		}
	}
	return begin(ctx, t, t.Event.Files, t.Event.Text)
}

// filers are the recipients that the account may enter notas for, where a room of that recipient, or of nobody, asks.
func filers(ctx context.Context, t *dialog.Turn, of store.ID) (list []dialog.Who, err error) {
	if len(t.Account.People) == 0 {
		return nil, nil
	}
	if t.Who, err = dialog.Know(ctx, t.Tx, &t.Account, t.Active(), t.Session.For, t.Setting); err != nil {
		return nil, err
	}
	speaks := t.Who
	if of != 0 {
		t.Who.For = store.Recipient{} // the room says whose its notas are, whomever a mentor spoke for last
	}
	list, err = recipients(ctx, t)
	t.Who = speaks
	return slices.DeleteFunc(list, func(w dialog.Who) bool { return w.Consent == "" }), err
}

// filed knows a picture of the group that has its nota: several people may ask for the same one.
func filed(ctx context.Context, t *dialog.Turn) (bool, error) {
	f, known, err := known(ctx, t)
	if !known || f.Receipt == 0 || err != nil {
		return false, err
	}
	r, _, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, f.Receipt)
	if err != nil || r.State == store.Cancelled {
		return false, err
	}
	return true, t.Restate(ctx, store.Say("photo.again", "Number", dialog.Number(r)))
}

// guest tells a group where notas are filed when somebody asked who may not: of the person it says nothing.
func guest(t *dialog.Turn) error {
	t.Asker = dialog.Stranger
	if now := t.Tx.Now(); now.Sub(t.Session.Guest) >= hush {
		t.Session.Guest = now
		t.Tell([]store.Message{
			{Chat: t.Event.GroupChat, Topic: t.Event.Topic, Key: "guest", Body: []store.Text{
				store.Say("room.guest", "Bot", t.Setting.Bot),
			}},
		})
	}
	return nil
}

// bindHeld makes the chat that held pictures came from a room of the recipient that was chosen for them.
func bindHeld(ctx context.Context, t *dialog.Turn, w dialog.Who) error {
	chat := t.Session.GroupChat
	t.Session.GroupChat = 0
	if chat == 0 {
		return nil
	}
	of, err := t.Tx.RoomOf(ctx, chat)
	if err != nil || of != 0 {
		return err
	}
	t.Who.For.Roomed = true
	return t.Tx.PutRoom(ctx, chat, w.For.ID)
}

// counts notes that the number of a recipient's notas changes, or of those that are complete.
func counts(ctx context.Context, t *dialog.Turn, recipient store.ID) (err error) {
	if t.Counted != recipient {
		t.Counted = recipient
		if t.Who.For.ID == recipient && !t.Who.For.Roomed && t.Event.GroupChat == 0 {
			return nil // known with the account; nobody needs to be asked
		}
		t.GroupChats, err = t.Tx.Rooms(ctx, recipient)
	}
	return err
}

// Ended notes what a conversation about a nota changed by its end.
func Ended(ctx context.Context, t *dialog.Turn, in form.State) error {
	if in.Form != "receipt" && in.Form != "void" {
		return nil
	}
	if t.Who.Role != store.Mentor {
		return counts(ctx, t, t.Who.For.ID)
	}
	r, err := t.Tx.Receipt(ctx, dialog.Subject(in)) // a mentor may go on with a nota of any of her groups
	if err != nil {
		return err
	}
	return counts(ctx, t, r.Recipient)
}

// Progress shows a recipient's group chats how many notas there are and how many are complete: no amounts, no names.
func Progress(ctx context.Context, t *dialog.Turn) error {
	if len(t.GroupChats) == 0 {
		return nil
	}
	var n [3]int
	for i, state := range []store.ReceiptState{"", store.Cancelled, store.Unfinished} {
		var err error
		if n[i], err = t.Tx.CountReceipts(ctx, t.Counted, state); err != nil {
			return err
		}
	}
	kept, lacking := n[0]-n[1], n[2]
	m := store.Message{Key: Card, Quiet: true, Body: []store.Text{
		store.Say("room.card", "Count", strconv.Itoa(kept), "Complete", strconv.Itoa(kept-lacking)),
	}}
	if lacking > 0 {
		m.Buttons = [][]store.Button{
			{{Text: store.Say("room.open", "Bot", t.Setting.Bot), URL: "https://t.me/" + t.Setting.Bot}},
		}
	}
	for _, m.Chat = range t.GroupChats {
		if m.Topic = 0; m.Chat == t.Event.GroupChat {
			m.Topic = t.Event.Topic // the first card stands where a photo was filed, and is changed there
		}
		t.Tell([]store.Message{m})
	}
	return nil
}
