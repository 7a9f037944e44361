package cash

import (
	"context"
	"slices"
	"strconv"

	"pendamping/flows/budget"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/lpj"
	"pendamping/flows/parse"
	"pendamping/store"
)

// entryKinds are the movements of the book that are not notas, in the order of the menu.
var entryKinds = []store.EntryKind{
	store.EntryGrant, store.EntryWithdraw, store.EntryFee, store.EntryRefund, store.EntryDeposit,
}

// entriesPerPage is how many movements a page of the book shows: two rows of buttons.
const entriesPerPage = 10

// Book shows the movements of the book that are not notas, newest first, and offers to enter one; arg is the page, "p0"
// first.
func Book(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	if who.For.ID == 0 {
		return dialog.ChooseGroup(ctx, tx, who)
	}
	list, err := tx.Entries(ctx, who.For.ID)
	if err != nil {
		return form.Screen{}, err
	}
	changes, err := tx.HandoversOf(ctx, who.For.ID)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{store.Say("kas.head", "Group", who.For.Name)}}
	page := arg.Page(len(list), entriesPerPage)
	shown := dialog.OnPage(list, page, entriesPerPage)
	var looks [][]store.Button
	for i, e := range shown {
		s.Body = append(s.Body, entryLine(e, changes))
		if i%5 == 0 {
			looks = append(looks, nil)
		}
		looks[len(looks)-1] = append(looks[len(looks)-1],
			store.Button{Text: store.Say("kas.pick", "Number", strconv.Itoa(e.Number)), Data: dialog.Data("k", e.ID)})
	}
	s.Body = append(s.Body, store.Say("kas.ask"))
	for i, k := range entryKinds {
		b := store.Button{Text: store.Say("entry.kind." + string(k)), Data: dialog.Data("entry", k)}
		if i%2 == 0 {
			s.Buttons = append(s.Buttons, nil)
		}
		s.Buttons[len(s.Buttons)-1] = append(s.Buttons[len(s.Buttons)-1], b)
	}
	s.Buttons = append(s.Buttons, looks...)
	if ways := dialog.Pages(dialog.PageIn("kas"), page, len(list), entriesPerPage); len(ways) > 0 {
		s.Buttons = append(s.Buttons, ways)
	}
	return s, nil
}

// entryLine is a movement in a list; changes are those of the recipient's people.
func entryLine(e store.Entry, changes []store.Handover) store.Text {
	return store.Say("kas.line", "Number", strconv.Itoa(e.Number), "Kind", string(e.Kind), "Amount", e.Amount.String(),
		"Day", string(e.Day), "State", string(e.State),
		"Strange", dialog.Mark(dialog.EnteredByStopped(changes, e.By, e.At)))
}

// Entry asks for a movement of the book and its proof.
func Entry(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	kind := store.EntryKind(string(about))
	if !slices.Contains(entryKinds, kind) {
		return nil, store.ErrNotFound
	}
	if who.For.ID == 0 {
		return nil, form.Fixable{Why: store.Say("kelompok.first")}
	}
	if !who.May(dialog.EnterBook, dialog.Shut(who.For)) {
		return nil, form.Fixable{Why: store.Say("lpj.closed", "Group", who.For.Name)}
	}
	rules, _, err := budget.RulesAndPlan(ctx, tx, who.For)
	if err != nil {
		return nil, err
	}
	var shares []form.Choice[string]
	for _, s := range rules.Split {
		shares = append(shares, form.Choice[string]{Value: s.Pos, Text: store.Say("entry.pos.choice", "Pos", s.Pos)})
	}
	type proved struct {
		store.Entry
		Proof []store.File
	}
	read := dialog.Reading(who.Today)
	questions := func(e *proved) ([]form.Question, error) {
		qs := []form.Question{
			form.Ask("amount", &e.Amount, parse.Rupiah).Unsure(parse.Approximate).Refuse(dialog.Most(rules, who.For)).
				Extract(func(s string) []store.Rupiah { return read(s).Amount }),
			form.Ask("day", &e.Day,
				parse.Date(who.Today)).Offer(dialog.Recent(who.Today)...).Refuse(dialog.NotLater(who.Today)).
				Extract(func(s string) []store.Day { return read(s).Day }),
		}
		if kind == store.EntryRefund {
			qs = append(qs, form.Pick("pos", &e.Pos, shares))
		}
		proof := form.Photo("proof", &e.Proof)
		if kind != store.EntryDeposit { // the treasury's receipt is what an auditor asks for first
			proof = proof.Optional()
		}
		return append(qs, proof, form.Ask("note", &e.Note, form.Text).Exclusive().Default("").Quiet(),
			form.Review(store.Say("entry.head", "Kind", string(kind), "Group", dialog.Behalf(who, who.For)))), nil
	}
	submit := func(ctx context.Context, e proved, _ form.State) (form.Screen, error) {
		e.Kind, e.Recipient, e.State, e.By, e.At = kind, who.For.ID, store.EntryStands, who.ID, tx.Now()
		if err := tx.AddEntry(ctx, "entry.added", &e.Entry); err != nil {
			return form.Screen{}, err
		}
		for i := range e.Proof {
			f := e.Proof[i]
			f.Recipient, f.Entry, f.By, f.At = who.For.ID, e.ID, who.ID, tx.Now()
			if err := tx.AddFile(ctx, "file.kept", &f); err != nil {
				return form.Screen{}, err
			}
		}
		b, err := tx.Balance(ctx, who.For.ID)
		if err != nil {
			return form.Screen{}, err
		}
		tell, err := lpj.Joined(ctx, tx, who, who.For)
		return form.Screen{
			Tell: tell,
			Body: []store.Text{
				store.Say("entry.done", "Number", strconv.Itoa(e.Number), "Kind", string(kind),
					"Amount", e.Amount.String()),
				store.Say("receipt.left", "Left", b.Left.String()),
			},
			Buttons: [][]store.Button{{
				{Text: store.Say("menu.kas"), Data: dialog.Data("kas")},
				{Text: store.Say("menu.saldo"), Data: dialog.Data("saldo")},
			}},
		}, err
	}
	return form.New("entry", questions, submit), nil
}
