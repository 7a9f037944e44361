package flows

import (
	"errors"
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
	if done, err := t.special(name, rest); done || err != nil {
		return err
	}
	f, ok := find(t.who.Role, func(f Flow) bool { return f.Name == name })
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
	f, ok := find(t.who.Role, func(f Flow) bool { return f.Command == name })
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
