package flows

import (
	"context"
	"strings"

	"pendamping/flows/broadcast"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/invite"
	"pendamping/flows/receipt"
	"pendamping/store"
)

// Turn takes one event of one chat: what is written to tx, the session and the messages that result belong together. An
// update that the session already took shows the question again and changes nothing.
func Turn(ctx context.Context, tx store.Tx, set dialog.Setting, s dialog.Session, e form.Event) (Result, error) {
	set.Home = home
	t := &dialog.Turn{
		Tx: tx, Setting: set, Flows: All(), Session: s, Before: s.Form, Event: e,
		Again: e.Update != 0 && s.Took(e.Update),
	}
	if !t.Again && e.Update != 0 {
		t.Session.Take(e.Update)
	}
	err := run(ctx, t)
	if err == nil {
		err = receipt.Progress(ctx, t)
	}
	if s.Lost() && t.Who.Role != "" && len(t.Out) > 0 {
		t.Out[0].Menu = t.Who.Role // somebody who was enrolled on paper never pressed start
	}
	if len(t.Out) > 0 && !t.Reminded {
		t.Session.Said = tx.Now()
	}
	if t.Again {
		t.Session = s // whatever was chosen since stands
	}
	res := Result{
		Session: t.Session, Messages: append(t.Out, t.Others...), Language: t.Account.Language,
		Asker: t.Asker, Bears: t.Bears, LetIn: t.LetIn,
		PutOut: t.Event.GroupChat == 0 && t.Asker != dialog.Known && len(t.Account.People) == 0 &&
			t.LetIn == 0 && t.Session.Proving.Invite == 0,
	}
	for i, m := range res.Messages {
		res.Messages[i].Secret = invite.Secret(m)
	}
	return res, err
}

// Result is what a turn leads to, beside the records: the session to keep and what to say, in the account's language.
type Result struct {
	Session  dialog.Session
	Messages []store.Message
	Language string
	Asker    dialog.Asker
	Bears    string // what a dialog.Bearer has in hand: the answers about it are counted too
	LetIn    int64  // the account that has an invitation which fits, also before it has shown whose it is; 0: nobody's
	PutOut   bool   // the account has no invitation that fits, or not any more
}

func run(ctx context.Context, t *dialog.Turn) (err error) {
	if t.Account, err = t.Tx.Account(ctx, t.Event.Account); err != nil {
		return err
	}
	if t.Event.GroupChat != 0 {
		return receipt.InGroupChat(ctx, t)
	}
	t.Outside(dialog.Stranger) // until something says more of them
	for i := range t.Event.Files {
		t.Event.Files[i].Message = t.Event.Message
	}
	if done, err := door(ctx, t); done || err != nil {
		return err
	}
	p := t.Active()
	if t.Who, err = dialog.Know(ctx, t.Tx, &t.Account, p, t.Session.For, t.Setting); err != nil {
		return err
	}
	t.Who.Read = t.Session.Read
	if done, err := movedAway(ctx, t); done || err != nil {
		return err
	}
	if t.Again && t.Session.Form.Form != "" {
		return t.Restate(ctx)
	}
	if t.Session.Lost() || (t.Session.Form.Form == "" && len(t.Session.Taken) == 1) {
		if resumed, err := receipt.Resume(ctx, t); resumed || err != nil {
			return err
		}
	}
	return route(ctx, t)
}

func route(ctx context.Context, t *dialog.Turn) error {
	e, before := t.Event, t.Session.Puzzled
	t.Session.Puzzled = false
	switch {
	case e.Kind == form.PrintedWords:
		return receipt.Reading(ctx, t)
	case e.Kind == form.Press:
		return press(ctx, t)
	case e.Edited:
		if taken, err := receipt.Edited(ctx, t); taken || err != nil {
			return err
		}
		t.Event.Edited = false // a picture in the place of what nothing is kept of
	case e.Kind == form.Words && strings.HasPrefix(e.Text, "/"):
		return command(ctx, t, e.Text)
	case e.Kind == form.Words:
		if parked, err := receipt.TypedCancel(ctx, t); parked || err != nil {
			return err
		}
		data, ok, err := t.Typed(ctx, e.Text)
		if err != nil {
			return err
		}
		if _, value, _ := strings.Cut(strings.TrimPrefix(data, dialog.InForm+":"), ":"); ok &&
			strings.HasPrefix(value, "=") {
			// "kemarin" is a button's word, and may be another nota's day.
			if asked, err := receipt.Doubtful(ctx, t); asked || err != nil {
				return err
			}
		}
		if ok {
			t.Event.Kind, t.Event.Press = form.Press, data
			return press(ctx, t)
		}
		if taken, err := word(ctx, t); taken || err != nil {
			return err
		}
		if f, ok := menu(t, e.Text); ok {
			if f.Command == "" {
				screen, err := f.Do(ctx, t, "")
				if err != nil {
					return err
				}
				return t.ShowBeside(ctx, screen)
			}
			return command(ctx, t, "/"+f.Command)
		}
		if t.Says("form.cancel") || t.Session.Form.Form == "receipt" && t.Says("photo.not") {
			return t.Cancel(ctx)
		}
		if t.Session.Form.Form != "" {
			if taken, err := manner(ctx, t); taken || err != nil {
				return err
			}
		}
		if asked, err := receipt.Doubtful(ctx, t); asked || err != nil {
			return err
		}
	}
	if taken, err := receipt.InPrivate(ctx, t); taken || err != nil {
		return err
	}
	if id := receipt.Unfit(e.Files); id != "" {
		return t.Unknown(ctx, id)
	}
	if name, about := dialog.Parse(e.Card); name == "reply" && (e.Kind == form.Words || e.Kind == form.Voice) {
		return t.Answer(ctx, "reply", about.Rest())
	}
	if e.Kind == form.Words || e.Kind == form.Voice {
		about, ok, err := broadcast.Wondered(ctx, t)
		if err != nil {
			return err
		}
		if ok {
			return t.Answer(ctx, "tanya", about)
		}
	}
	if id, ok := receipt.CardOf(e.Card); ok && e.Kind != form.Voice {
		return receipt.Reply(ctx, t, id)
	}
	if t.Session.Form.Form != "" {
		if taken, err := t.Take(ctx); taken || err != nil {
			return err
		}
	}
	switch e.Kind {
	case form.Picture, form.Document:
		return receipt.Photo(ctx, t)
	case form.Voice:
		return receipt.Voice(ctx, t)
	case form.Words:
		if taken, err := manner(ctx, t); taken || err != nil {
			return err
		}
		thanks, yes := dialog.Small(e.Text)
		if agrees, no := dialog.Answered(e.Text); t.Session.Form.Form == "" && (yes || agrees || no) {
			if open, err := unanswered(ctx, t); open || err != nil {
				return err
			}
		}
		if thanks || yes || dialog.BareWords(e.Text) == "kirim" {
			if said, waits, err := unsent(ctx, t); waits || err != nil {
				if err != nil {
					return err
				}
				return t.Restate(ctx, said)
			}
		}
		if thanks || yes {
			return t.Unknown(ctx, "thanks")
		}
		if t.Session.Form.Form == "" && invite.SpeaksOfCode(t) {
			return t.Unknown(ctx, "unknown.code")
		}
		return puzzled(ctx, t, before)
	}
	return t.Unknown(ctx, "unknown."+string(e.Kind))
}
