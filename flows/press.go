package flows

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"

	"pendamping/flows/dialog"
	"pendamping/flows/join"
	"pendamping/flows/receipt"
	"pendamping/store"
)

func press(ctx context.Context, t *dialog.Turn) error {
	t.Pressed = t.Event.Press
	name, arg := dialog.Parse(renewed(t.Event.Press))
	if name == dialog.InForm {
		if screen := int64(arg.ID()); screen == 0 || screen != t.Session.Screen || t.Session.Form.Form == "" {
			return t.Stale(ctx)
		}
		t.Event.Press = arg.Rest()
		taken, err := t.Take(ctx)
		if !taken && err == nil {
			return t.Stale(ctx)
		}
		return err
	}
	if err := asTheirs(ctx, t, name, arg); err != nil {
		return err
	}
	if done, err := speaks(ctx, t, name, arg.Rest()); done || err != nil {
		return err
	}
	f, ok := t.Find(func(f dialog.Flow) bool { return f.Name == name })
	if !ok {
		return t.Stale(ctx)
	}
	if f.Do == nil {
		t.AsNewMessage()
		err := t.Open(ctx, f.Name, arg.Rest())
		if errors.Is(err, store.ErrNotFound) {
			return t.Stale(ctx)
		}
		return err
	}
	if f.Once && t.Again {
		return nil
	}
	screen, err := f.Do(ctx, t, arg)
	if errors.Is(err, store.ErrNotFound) {
		return t.Stale(ctx)
	}
	t.Show(screen)
	return err
}

// aboutNota are the buttons that come with messages about a nota, to whichever of the account's persons.
var aboutNota = []string{"n", "receipt", "void", "photo", "drop", "restore"}

// asTheirs lets the account speak as that one of its persons whose nota a button is about, where it is not the one who
// speaks: what came to an account of two groups is answered without choosing first.
func asTheirs(ctx context.Context, t *dialog.Turn, name string, arg dialog.Args) error {
	if t.Again || len(t.Account.People) < 2 || !slices.Contains(aboutNota, name) {
		return nil
	}
	id := arg.ID()
	_, _, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, id)
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	r, err := t.Tx.Receipt(ctx, id)
	theirs := func(p store.Person) bool { return p.Recipient == r.Recipient && dialog.Records(p.Role) }
	if errors.Is(err, store.ErrNotFound) || err == nil && !slices.ContainsFunc(t.Account.People, theirs) {
		return nil
	}
	if err == nil {
		err = t.PutAside(ctx)
	}
	if err == nil {
		_, err = receipt.Another(ctx, t, r.ID)
	}
	t.Became = store.Say("peran.now", "Role", string(t.Who.Role), "Group", t.Who.For.Name)
	return err
}

// command answers a command; one that only shows something leaves the conversation in hand and restates its question.
func command(ctx context.Context, t *dialog.Turn, text string) error {
	name, args := strings.TrimPrefix(text, "/"), ""
	if i := strings.IndexFunc(name, unicode.IsSpace); i >= 0 {
		name, args = name[:i], name[i:]
	}
	name, _, _ = strings.Cut(strings.ToLower(name), "@")
	args = strings.TrimSpace(args)
	switch name {
	case "start":
		return join.Start(ctx, t)
	case "batal", "cancel":
		return t.Cancel(ctx)
	}
	if done, err := speaks(ctx, t, name, args); done || err != nil {
		return err
	}
	f, ok := t.Find(func(f dialog.Flow) bool { return f.Command == name })
	if !ok {
		return t.Unknown(ctx, "unknown.command")
	}
	if f.Do == nil {
		t.Event.Text, t.Event.HTML = args, afterCommand(t.Event.HTML)
		return t.Open(ctx, f.Name, "")
	}
	screen, err := f.Do(ctx, t, dialog.Args(args))
	if errors.Is(err, store.ErrNotFound) {
		return t.Unknown(ctx, "unknown.record")
	}
	if err != nil {
		return err
	}
	if len(screen.Body) == 0 {
		return t.Restate(ctx)
	}
	return t.ShowBeside(ctx, screen)
}

// afterCommand is what follows a command, with its formatting; "" where it can't be told apart.
func afterCommand(html string) string {
	i := strings.IndexFunc(html, unicode.IsSpace)
	if i < 0 || !strings.HasPrefix(html, "/") {
		return ""
	}
	return strings.TrimSpace(html[i:])
}
