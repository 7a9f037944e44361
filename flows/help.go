package flows

import (
	"context"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// help says what the person can do here.
func help(_ context.Context, _ store.Tx, who dialog.Who, _ string) (form.Screen, error) {
	s := form.Screen{Body: []store.Text{store.Say("bantuan.head", "Name", who.Name)}}
	if dialog.Records(who.Role) {
		s.Body = append(s.Body, store.Say("bantuan.photo"))
	}
	for _, f := range Menu(who.Role) {
		s.Body = append(s.Body, store.Say("bantuan.line", "Command", f.Command, "What", "command."+f.Name))
	}
	s.Body = append(s.Body, store.Say("bantuan.safe"))
	return s, nil
}

// languages asks for the language.
func languages(context.Context, store.Tx, dialog.Who, string) (form.Screen, error) {
	var row []store.Button
	for _, l := range dialog.Spoken {
		row = append(row, store.Button{Text: store.Say("bahasa.choice." + l), Data: "bahasa:" + l})
	}
	return form.Screen{Body: []store.Text{store.Say("bahasa.ask")}, Buttons: [][]store.Button{row}}, nil
}
