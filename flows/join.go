package flows

import (
	"context"
	"errors"
	"slices"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/invite"
	"pendamping/flows/join"
	"pendamping/flows/lpj"
	"pendamping/flows/objection"
	"pendamping/flows/receipt"
	"pendamping/store"
)

// door lets in who is invited and has agreed to the notice. done means that the event went no further.
func door(ctx context.Context, t *dialog.Turn) (done bool, err error) {
	if code, ok := lpj.SealCode(t); ok {
		return true, lpj.CheckSeal(ctx, t, code)
	}
	if w, ok := join.Invitation(t); ok {
		if known, err := join.Join(ctx, t, w); known || err != nil {
			return true, err
		}
	}
	if arg, ok := join.Objects(t); ok && len(t.Account.People) == 0 {
		// A phone that was let go may say that it is not lost.
		if s, err := objection.NotUs(ctx, t, dialog.Args(arg)); !errors.Is(err, store.ErrNotFound) {
			t.Show(s)
			return true, err
		}
	}
	if done, err := join.Prove(ctx, t); done || err != nil {
		return true, err
	}
	if len(t.Account.People) == 0 {
		t.Asker = dialog.Stranger
		if s, ok, err := objection.Released(ctx, t); ok || err != nil {
			t.Show(s)
			return true, err
		}
		t.Show(form.Screen{Body: []store.Text{store.Say("join.stranger", "Code", dialog.Mark(invite.SpeaksOfCode(t)))}})
		return true, nil
	}
	p := t.Active()
	yes, no := t.Consents()
	if p.Consent != "" {
		if t.Event.Kind == form.Press && yes {
			return true, join.Agree(ctx, t, p)
		}
		return false, nil
	}
	switch {
	case yes:
		return true, join.Agree(ctx, t, p)
	case no:
		return true, join.Dissent(ctx, t, p)
	}
	waits := receipt.TooEarly(t, p)
	ask := join.ConsentScreen(p)
	noticed, err := t.Noticed(ctx)
	if err != nil {
		return true, err
	}
	if noticed && !strings.HasPrefix(t.Event.Text, "/") {
		again, err := t.ConsentAgain(ctx, p)
		if err != nil {
			return true, err
		}
		ask.Body = []store.Text{again}
	}
	ask.Body, ask.Buttons = append(waits, ask.Body...), dialog.ConsentButtons(t.EarlyPictures())
	t.Show(ask)
	if t.Event.Album != "" && len(waits) > 0 {
		t.Postpone(waits[0]) // ten pictures get one answer
	}
	return true, nil
}

// Knocks tells whether an event may let a stranger in, or asks or says what anybody may.
func Knocks(e form.Event) bool {
	t := dialog.Turn{Event: e}
	_, seal := lpj.SealCode(&t)
	_, invited := join.Invitation(&t)
	_, objects := join.Objects(&t)
	return seal || invited || objects
}

// home are the words on the home keyboard: what a role needs most, and where the rest is. More would cover half of a
// small phone.
func home(r store.Role) []store.Text {
	var list []store.Text
	for _, f := range Menu(r) {
		if slices.Contains(f.Home, r) {
			list = append(list, store.Say("menu."+f.Name))
		}
	}
	return append(list, store.Say("menu.lainnya"))
}

// speaks takes a language that stands behind the command or button for it.
func speaks(ctx context.Context, t *dialog.Turn, name, arg string) (done bool, err error) {
	if name != "bahasa" {
		return false, nil
	}
	if t.Again {
		return true, nil // the language was kept then, and another may have been chosen since
	}
	if arg = strings.ToLower(arg); slices.Contains(dialog.Spoken, arg) {
		return true, join.Speak(ctx, t, arg)
	}
	return false, nil
}
