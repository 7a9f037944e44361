package flows

import (
	"slices"
	"strconv"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// Card is the key of the one message that shows a group how far its notas are; it is changed in its place.
const Card = "room"

// hush is how long a person who may not file notas in a group is not told so again.
const hush = time.Hour

// inRoom files a photo of a group chat for the person who asked for it there. What there is to say goes to their private
// chat; the group is told how many notas there are.
func (t *turn) inRoom() error {
	if t.again {
		return nil
	}
	of, err := t.tx.RoomOf(t.ctx, t.e.Room)
	if err != nil {
		return err
	}
	choices, err := t.filers(of)
	if err != nil {
		return err
	}
	if len(choices) == 0 {
		return t.guest()
	}
	if of != 0 {
		choices = slices.DeleteFunc(choices, func(w Who) bool { return w.For.ID != of })
	}
	if len(choices) == 0 {
		return t.unknown("room.other")
	}
	if id := unfit(t.e.Files); id != "" {
		return t.unknown(id)
	}
	if of == 0 && len(choices) > 1 {
		t.s.Room = t.e.Room
		return t.hold(choices)
	}
	if err := t.become(choices[0]); err != nil {
		return err
	}
	if t.e.Album != "" {
		if done, err := t.inAlbum(); done || err != nil {
			return err
		}
	}
	if again, err := t.sentAgain(); again || err != nil {
		return err
	}
	if filed, err := t.filed(); filed || err != nil {
		return err
	}
	if of == 0 {
		if err := t.tx.PutRoom(t.ctx, t.e.Room, t.who.For.ID); err != nil {
			return err
		}
	}
	return t.begin(t.e.Files, t.e.Text)
}

// filers are the recipients that the account may enter notas for, where a room of that recipient, or of nobody, asks.
func (t *turn) filers(of store.ID) (list []Who, err error) {
	if len(t.acc.People) == 0 {
		return nil, nil
	}
	if t.who, err = know(t.ctx, t.tx, &t.acc, t.active(), t.s.For, t.set); err != nil {
		return nil, err
	}
	speaks := t.who
	if of != 0 {
		t.who.For = store.Recipient{} // the room says whose its notas are, whomever a mentor spoke for last
	}
	list, err = t.recipients()
	t.who = speaks
	return slices.DeleteFunc(list, func(w Who) bool { return w.Consent == "" }), err
}

// become lets the account speak as one of its persons; what is in hand as another is put aside.
func (t *turn) become(w Who) (err error) {
	if w.ID == t.who.ID && w.For.ID == t.who.For.ID {
		t.who = w
		return nil
	}
	if t.who, err = know(t.ctx, t.tx, &t.acc, t.who.Person, t.who.For.ID, t.set); err != nil { // who puts it aside
		return err
	}
	if err := t.putAside(); err != nil {
		return err
	}
	if t.acc.Active != w.ID && len(t.acc.People) > 1 {
		t.acc.Active = w.ID
		if err := t.tx.PutAccount(t.ctx, t.acc); err != nil {
			return err
		}
	}
	t.who = w
	if w.Role == store.Mentor {
		t.s.For = w.For.ID
	}
	return nil
}

// filed knows a picture of the group that has its nota: several people may ask for the same one.
func (t *turn) filed() (bool, error) {
	f, known, err := t.known()
	if !known || f.Receipt == 0 || err != nil {
		return false, err
	}
	r, _, err := ownReceipt(t.ctx, t.tx, t.who, f.Receipt)
	if err != nil || r.State == store.Cancelled {
		return false, err
	}
	return true, t.restate(store.Say("photo.again", "Number", number(r)))
}

// guest tells a group where notas are filed when somebody asked who may not: of the person it says nothing.
func (t *turn) guest() error {
	t.asker = Stranger
	if now := t.tx.Now(); now.Sub(t.s.Guest) >= hush {
		t.s.Guest = now
		t.tell([]store.Message{{Chat: t.e.Room, Key: "guest", Body: []store.Text{store.Say("room.guest", "Bot", t.set.Bot)}}})
	}
	return nil
}

// bindHeld makes the chat that held pictures came from a room of the recipient that was chosen for them.
func (t *turn) bindHeld(w Who) error {
	chat := t.s.Room
	t.s.Room = 0
	if chat == 0 {
		return nil
	}
	of, err := t.tx.RoomOf(t.ctx, chat)
	if err != nil || of != 0 {
		return err
	}
	t.who.For.Roomed = true
	return t.tx.PutRoom(t.ctx, chat, w.For.ID)
}

// counts notes that the number of a recipient's notas changes, or of those that are complete.
func (t *turn) counts(recipient store.ID) (err error) {
	if t.counted != recipient {
		t.counted = recipient
		if t.who.For.ID == recipient && !t.who.For.Roomed && t.e.Room == 0 {
			return nil // known with the account; nobody needs to be asked
		}
		t.rooms, err = t.tx.Rooms(t.ctx, recipient)
	}
	return err
}

// ended notes what a conversation about a nota changed by its end.
func (t *turn) ended(in form.State) error {
	if in.Form != "receipt" && in.Form != "void" {
		return nil
	}
	if t.who.Role != store.Mentor {
		return t.counts(t.who.For.ID)
	}
	r, err := t.tx.Receipt(t.ctx, subject(in)) // a mentor may go on with a nota of any of her groups
	if err != nil {
		return err
	}
	return t.counts(r.Recipient)
}

// progress shows a recipient's group chats how many notas there are and how many are complete: no amounts, no names.
func (t *turn) progress() error {
	if len(t.rooms) == 0 {
		return nil
	}
	var n [3]int
	for i, state := range []store.ReceiptState{"", store.Cancelled, store.Unfinished} {
		var err error
		if n[i], err = t.tx.CountReceipts(t.ctx, t.counted, state); err != nil {
			return err
		}
	}
	kept, unfinished := n[0]-n[1], n[2]
	m := store.Message{Key: Card, Quiet: true, Body: []store.Text{
		store.Say("room.card", "Count", strconv.Itoa(kept), "Complete", strconv.Itoa(kept-unfinished)),
	}}
	if unfinished > 0 {
		m.Buttons = [][]store.Button{{{Text: store.Say("room.open", "Bot", t.set.Bot), URL: "https://t.me/" + t.set.Bot}}}
	}
	for _, m.Chat = range t.rooms {
		t.tell([]store.Message{m})
	}
	return nil
}
