package flows

import (
	"context"
	"errors"
	"slices"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/handover"
	"pendamping/flows/invite"
	"pendamping/flows/join"
	"pendamping/flows/lpj"
	"pendamping/flows/privacy"
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
		if s, err := handover.NotUs(ctx, t, dialog.Args(arg)); !errors.Is(err, store.ErrNotFound) {
			t.Show(s)
			return true, err
		}
	}
	if done, err := join.Prove(ctx, t); done || err != nil {
		return true, err
	}
	if len(t.Account.People) == 0 {
		t.Asker = dialog.Stranger
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

// home are the words on the home keyboard.
func home(r store.Role) []store.Text {
	var list []store.Text
	for _, f := range Menu(r) {
		if f.Home {
			list = append(list, store.Say("menu."+f.Name))
		}
	}
	return list
}

// special handles the buttons that touch the session itself.
func special(ctx context.Context, t *dialog.Turn, name, arg string) (done bool, err error) {
	if t.Again && slices.Contains([]string{"place", "one", "each", "apart", "blank", "bahasa", "meant"}, name) {
		return true, nil // what it wrote then was committed with its answer, and there may be other pictures now
	}
	switch name {
	case "consent": // agreed long ago
		if arg == "no" { // they mean something by it, but not a withdrawal before they were asked
			s, err := privacy.Screen(ctx, t, "ask")
			t.Show(s)
			return true, err
		}
		return true, join.Start(ctx, t)
	case "role":
		return true, join.SpeakAs(ctx, t, arg)
	case "for":
		return true, join.SpeakFor(ctx, t, arg)
	case "place":
		return true, receipt.Place(ctx, t, arg)
	case "one":
		return true, receipt.PlaceOne(ctx, t, arg)
	case "each":
		return true, receipt.Each(ctx, t)
	case "apart":
		return true, receipt.Apart(ctx, t, arg)
	case "meant":
		return true, receipt.Means(ctx, t, arg)
	case "blank":
		return true, receipt.Blank(ctx, t)
	case "photo":
		return true, receipt.Picture(ctx, t, arg)
	case "bahasa":
		if arg = strings.ToLower(arg); slices.Contains(dialog.Spoken, arg) {
			return true, join.Speak(ctx, t, arg)
		}
	}
	return false, nil
}
