package receipt

import (
	"context"
	"slices"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// mostApart is how many pictures are known that came in a private conversation, each or each album with its own button.
const mostApart = 20

// InPrivate answers a picture or file in a conversation that the group may not know of. It may be evidence against
// those who read the notas, so only a button of its sender makes it one. Not taken means that it is a further page of a
// nota.
func InPrivate(ctx context.Context, t *dialog.Turn) (taken bool, err error) {
	if _, card := CardOf(t.Event.Card); card {
		return false, nil
	}
	switch t.Event.Kind {
	case form.Picture, form.Document, form.Other:
	default:
		return false, nil
	}
	name := t.Session.Form.Form
	if t.Session.Screen == 0 && name == "" { // the chat is new, or its session was lost
		if name, err = t.LostPrivate(ctx); name == "" || err != nil {
			return false, err
		}
	} else if !t.Private() {
		return false, nil
	}
	if t.Event.Album != "" {
		if done, err := inAlbum(ctx, t); done || err != nil {
			return true, err
		}
	}
	said := store.Say("private.picture", "Form", name)
	choices, err := recipients(ctx, t)
	if err != nil {
		return true, err
	}
	if len(choices) == 0 || len(t.Event.Files) == 0 || Unfit(t.Event.Files) != "" {
		return true, t.Restate(ctx, said)
	}
	list := t.Session.Apart
	if last := len(list) - 1; last >= 0 && t.Event.Album != "" && list[last].Album == t.Event.Album {
		e := &list[last]
		e.Files = append(e.Files, t.Event.Files...)
		if e.Words == "" {
			e.Words = t.Event.Text
		}
		return true, nil // the first of the album was answered
	}
	came := dialog.Early{Files: t.Event.Files, Words: t.Event.Text, Album: t.Event.Album, Message: t.Event.Message}
	list = append(list, came)
	t.Session.Apart = list[max(0, len(list)-mostApart):]
	ways := [][]store.Button{{{Text: store.Say("private.nota"), Data: dialog.Data("isnota", came.Message)}}}
	if t.Session.Form.Form != "" {
		ways = append(ways, []store.Button{{Text: store.Say("private.goon", "Form", name), Data: dialog.Data("goon")}})
	}
	t.Show(form.Screen{Body: []store.Text{said}, Buttons: ways})
	return true, nil
}

// IsNota makes a nota of a picture that came in a private conversation, as its sender says by the button.
func IsNota(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	message := arg.Number()
	i := slices.IndexFunc(t.Session.Apart, func(e dialog.Early) bool { return e.Message == message })
	if i < 0 && t.TappedTwice() {
		return form.Screen{}, nil
	}
	t.AsNewMessage() // what stands there tells what became of the picture, also if the conversation goes on
	if i < 0 {
		return form.Screen{}, t.Restate(ctx, store.Say("private.gone"))
	}
	came := t.Session.Apart[i]
	t.Session.Apart = slices.Delete(slices.Clone(t.Session.Apart), i, i+1)
	t.Tap()
	pressed := t.Event
	defer func() { t.Event = pressed }()
	t.Event = form.Event{
		Update: pressed.Update, Account: pressed.Account, Chat: pressed.Chat,
		Kind: form.Picture, Text: came.Words, Files: came.Files, Message: came.Message,
	}
	return form.Screen{}, Photo(ctx, t)
}

// GoOn asks the question of the conversation in hand again.
func GoOn(ctx context.Context, t *dialog.Turn, _ dialog.Args) (form.Screen, error) {
	if t.Session.Form.Form == "" {
		return form.Screen{}, t.Stale(ctx)
	}
	return form.Screen{}, t.Restate(ctx)
}
