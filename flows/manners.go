package flows

import (
	"context"
	"slices"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/manners"
	"pendamping/store"
)

// amidForms are the conversations in which a greeting or a question is told from an answer: elsewhere people write
// whole letters.
var amidForms = []string{"receipt", "entry"}

// manner answers what people say that is no answer: a greeting, a question, a complaint about the bot. While a question
// is open, it takes only what can't answer it.
func manner(ctx context.Context, t *dialog.Turn) (taken bool, err error) {
	if t.Event.Card != "" || t.Again {
		return false, nil
	}
	open := t.Session.Form.Form
	if thanks, yes := dialog.Small(t.Event.Text); thanks && !yes && slices.Contains(amidForms, open) {
		said, waits, err := unsent(ctx, t)
		if err != nil {
			return false, err
		}
		if !waits {
			said = store.Say("thanks")
		}
		return true, t.Restate(ctx, said)
	}
	if n := manners.Number(t.Event.Text); n != "" && open == "" && commands(t, "nota") {
		return true, command(ctx, t, "/nota "+n)
	}
	m, ok := manners.Meant(t.Event.Text)
	if !ok || open != "" && !(m.Amid && slices.Contains(amidForms, open)) {
		return false, nil
	}
	if m.Open != "" && commands(t, m.Open) {
		return true, command(ctx, t, "/"+m.Open)
	}
	who, err := t.Adviser(ctx, t.Who.Person)
	if err != nil {
		return false, err
	}
	said := store.Say("manners."+m.Name, "Name", who.Name, "Role", string(who.Role))
	if open != "" {
		return true, t.Restate(ctx, said)
	}
	leads := m.Leads
	if leads == nil {
		leads = usualLeads
	}
	lead(t, said, leads)
	return true, nil
}

// puzzled answers words that nothing could use, the second time with whom to ask and where to go.
func puzzled(ctx context.Context, t *dialog.Turn, before bool) error {
	t.Session.Puzzled = true
	if !before {
		return t.Unknown(ctx, "unknown.words")
	}
	who, err := t.Adviser(ctx, t.Who.Person)
	if err != nil {
		return err
	}
	said := store.Say("unknown.again", "Name", who.Name, "Role", string(who.Role))
	if t.Session.Form.Form != "" {
		return t.Restate(ctx, said)
	}
	lead(t, said, usualLeads)
	return nil
}

// commands reports whether the person has a command.
func commands(t *dialog.Turn, name string) bool {
	_, ok := t.Find(func(f dialog.Flow) bool { return f.Command == name })
	return ok
}

// usualLeads are the commands that most people need, the first that a role has first.
var usualLeads = []string{"tugas", "tinjau", "saldo", "nota", "progres", "laporan", "bantuan"}

// mostLeads is how many of them one message offers.
const mostLeads = 3

// lead says something, and offers the first flows of a list that the role has.
func lead(t *dialog.Turn, said store.Text, names []string) {
	var row []store.Button
	for _, name := range names {
		f, ok := t.Find(func(f dialog.Flow) bool { return f.Name == name })
		if ok && len(row) < mostLeads {
			row = append(row, store.Button{Text: store.Say("menu." + f.Name), Data: dialog.Data(f.Name)})
		}
	}
	t.Show(form.Screen{Body: []store.Text{said}, Buttons: [][]store.Button{row}})
}
