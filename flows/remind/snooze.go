package remind

import (
	"context"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// snoozes are for how many days a person puts reminders off, by what they say.
var snoozes = map[string]int{"tomorrow": 0, "week": 6, "done": 2}

// Settings puts reminders off, or shows which can be switched off; arg is one of snoozes, or "off:NAME", "on:NAME".
func Settings(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	me := first(t.Who)
	if days, ok := snoozes[string(arg)]; ok {
		until := t.Who.Today.Add(days)
		s := form.Screen{Body: []store.Text{store.Say("pengingat."+string(arg), "Day", string(until.Add(1)))}}
		return s, t.Tx.PutHold(ctx, store.Hold{Person: me, Kind: holdAll, Until: until})
	}
	to, name := arg.Word(), arg.Rest()
	holds, err := t.Tx.Holds(ctx, []store.ID{me})
	if err != nil {
		return form.Screen{}, err
	}
	off := map[string]bool{}
	for _, h := range holds {
		off[h.Kind] = h.Until >= t.Who.Today
	}
	s := form.Screen{Body: []store.Text{store.Say("pengingat.head")}}
	for _, r := range reminders() {
		if !r.optional {
			s.Body = append(s.Body, store.Say("pengingat.fixed", "What", "pengingat."+r.Name))
			continue
		}
		if r.Name == name && (to == "off" || to == "on") {
			h := store.Hold{Person: me, Kind: name}
			if off[name] = to == "off"; off[name] {
				h.Until = forever
			}
			if err := t.Tx.PutHold(ctx, h); err != nil {
				return s, err
			}
		}
		word, state := "off", "on"
		if off[r.Name] {
			word, state = "on", "off"
		}
		s.Body = append(s.Body, store.Say("pengingat.line", "What", "pengingat."+r.Name, "State", state))
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("pengingat.turn", "What", "pengingat."+r.Name, "To", word),
			Data: dialog.Data("pengingat", word, r.Name),
		}})
	}
	return s, nil
}

// first is the first of the account's persons, in whose name one human counts once.
func first(w dialog.Who) store.ID {
	id := w.ID
	for _, p := range w.Account.People {
		id = min(id, p.ID)
	}
	return id
}
