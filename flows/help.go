package flows

import (
	"context"
	"slices"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// help says what the person can do here.
func help(_ context.Context, t *dialog.Turn, _ dialog.Args) (form.Screen, error) {
	s := form.Screen{Body: []store.Text{store.Say("bantuan.head", "Name", t.Who.Name)}}
	if dialog.Records(t.Who.Role) {
		s.Body = append(s.Body, store.Say("bantuan.photo"))
	}
	for _, f := range Menu(t.Who.Role) {
		s.Body = append(s.Body, store.Say("bantuan.line", "Command", f.Command, "What", "command."+f.Name))
	}
	s.Body = append(s.Body, store.Say("bantuan.safe"))
	return s, nil
}

// more offers what the home keyboard has no room for.
func more(_ context.Context, t *dialog.Turn, _ dialog.Args) (form.Screen, error) {
	s := form.Screen{Body: []store.Text{store.Say("lainnya.head")}}
	for _, f := range Menu(t.Who.Role) {
		// What holds an announcement is on its card: without one it has nothing to do.
		if slices.Contains(f.Home, t.Who.Role) || f.Name == "jeda" || f.Name == "lanjut" {
			continue
		}
		last := len(s.Buttons) - 1
		if last < 0 || len(s.Buttons[last]) == 2 {
			s.Buttons, last = append(s.Buttons, nil), last+1
		}
		s.Buttons[last] = append(s.Buttons[last], store.Button{
			Text: store.Say("menu." + f.Name), Data: dialog.Data(f.Name),
		})
	}
	return s, nil
}

// languages asks for the language.
func languages(context.Context, *dialog.Turn, dialog.Args) (form.Screen, error) {
	var row []store.Button
	for _, l := range dialog.Spoken {
		row = append(row, store.Button{Text: store.Say("bahasa.choice." + l), Data: dialog.Data("bahasa", l)})
	}
	return form.Screen{Body: []store.Text{store.Say("bahasa.ask")}, Buttons: [][]store.Button{row}}, nil
}
