package flows

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"pendamping/flows/form"
	"pendamping/store"
)

func (t *turn) press() error {
	t.pressed = t.e.Press
	name, rest, _ := strings.Cut(t.e.Press, ":")
	if name == inForm {
		screen, value, _ := strings.Cut(rest, ":")
		if n, err := strconv.ParseInt(screen, 10, 64); err != nil || n != t.s.Screen || t.s.Form.Form == "" {
			return t.stale()
		}
		t.e.Press = value
		taken, err := t.take()
		if !taken && err == nil {
			return t.stale()
		}
		return err
	}
	if err := t.asTheirs(name, rest); err != nil {
		return err
	}
	if done, err := t.special(name, rest); done || err != nil {
		return err
	}
	f, ok := t.find(func(f Flow) bool { return f.Name == name })
	if !ok {
		return t.stale()
	}
	if f.Do != nil {
		if t.again {
			return nil
		}
		err := f.Do(t, rest)
		if errors.Is(err, store.ErrNotFound) {
			return t.stale()
		}
		return err
	}
	if f.Show == nil {
		t.e.Message = 0
		err := t.open(f.Name, rest)
		if errors.Is(err, store.ErrNotFound) {
			return t.stale()
		}
		return err
	}
	screen, err := f.Show(t.ctx, t.tx, t.who, rest)
	if errors.Is(err, store.ErrNotFound) {
		return t.stale()
	}
	t.show(screen)
	return err
}

// aboutNota are the buttons that come with messages about a nota, to whichever of the account's persons.
var aboutNota = []string{"n", "receipt", "void", "photo"}

// asTheirs lets the account speak as that one of its persons whose nota a button is about, where it is not the one who speaks:
// what came to an account of two groups is answered without choosing first.
func (t *turn) asTheirs(name, arg string) error {
	if t.again || len(t.acc.People) < 2 || !slices.Contains(aboutNota, name) {
		return nil
	}
	id, _, _ := strings.Cut(arg, ":")
	_, _, err := ownReceipt(t.ctx, t.tx, t.who, idOf(id))
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	r, err := t.tx.Receipt(t.ctx, idOf(id))
	theirs := func(p store.Person) bool { return p.Recipient == r.Recipient && records(p.Role) }
	if errors.Is(err, store.ErrNotFound) || err == nil && !slices.ContainsFunc(t.acc.People, theirs) {
		return nil
	}
	if err == nil {
		err = t.putAside()
	}
	if err == nil {
		_, err = t.another(r.ID)
	}
	t.became = store.Say("peran.now", "Role", string(t.who.Role), "Group", t.who.For.Name)
	return err
}

// inForm begins the data of a form's buttons: q:SCREEN:VALUE.
const inForm = "q"

// stale answers a button of an earlier question. One that ended something says again what it did.
func (t *turn) stale() error {
	if t.pressed == t.s.Tapped && t.pressed != "" {
		return nil // the second of two quick taps
	}
	t.e.Message = 0
	if t.pressed == t.s.Done.Press {
		t.show(form.Screen{Body: []store.Text{t.s.Done.Said}})
		return nil
	}
	return t.restate(store.Say("stale"))
}

// command answers a command; one that only shows something leaves the conversation in hand and restates its question.
func (t *turn) command(text string) error {
	name, args := strings.TrimPrefix(text, "/"), ""
	if i := strings.IndexFunc(name, unicode.IsSpace); i >= 0 {
		name, args = name[:i], name[i:]
	}
	name, _, _ = strings.Cut(strings.ToLower(name), "@")
	args = strings.TrimSpace(args)
	switch name {
	case "start":
		return t.start()
	case "batal", "cancel":
		return t.cancel()
	case "bahasa":
		if done, err := t.special(name, args); done || err != nil {
			return err
		}
	}
	f, ok := t.find(func(f Flow) bool { return f.Command == name })
	if !ok {
		return t.unknown("unknown.command")
	}
	if f.Do != nil {
		err := f.Do(t, args)
		if errors.Is(err, store.ErrNotFound) {
			return t.unknown("unknown.record")
		}
		if err != nil {
			return err
		}
		return t.restate()
	}
	if f.Show == nil {
		t.e.Text, t.e.HTML = args, afterCommand(t.e.HTML)
		return t.open(f.Name, "")
	}
	screen, err := f.Show(t.ctx, t.tx, t.who, args)
	if errors.Is(err, store.ErrNotFound) {
		return t.unknown("unknown.record")
	}
	if err != nil {
		return err
	}
	t.show(screen)
	return t.restate()
}

// afterCommand is what follows a command, with its formatting; "" where it can't be told apart.
func afterCommand(html string) string {
	i := strings.IndexFunc(html, unicode.IsSpace)
	if i < 0 || !strings.HasPrefix(html, "/") {
		return ""
	}
	return strings.TrimSpace(html[i:])
}

func (t *turn) cancel() error {
	if words := t.s.Meant.Words; words != "" {
		t.s.Meant = meant{}
		return t.restate(store.Say("meant.dropped", "Words", words))
	}
	if t.s.Form.Form != "" {
		f, err := t.form()
		if err != nil {
			return err
		}
		if f != nil {
			screen, err := f.Cancel(t.ctx, t.s.Form)
			if err != nil {
				return err
			}
			return t.follow(f, form.Step{Outcome: form.Cancelled, Screen: screen})
		}
	}
	t.show(form.Screen{Body: []store.Text{store.Say("cancel.nothing")}})
	return nil
}
