package receipt

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/approval"
	"pendamping/flows/budget"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// PerPage is how many notas a page of the list shows: what a small phone shows without scrolling.
const PerPage = 6

// List shows a recipient's notas with their states, newest first; arg is the page, from 0, or a nota's number typed
// after the command.
func List(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	if who.For.ID == 0 {
		return dialog.ChooseGroup(ctx, tx, who)
	}
	if n, ok := strings.CutPrefix(string(arg), "#"); ok || arg != "" && !arg.IsPage() {
		r, err := tx.ReceiptByNumber(ctx, who.For.ID, dialog.NumberOf(n))
		if err != nil {
			return form.Screen{}, err
		}
		return card(ctx, tx, who, r, who.For)
	}
	all, err := tx.CountReceipts(ctx, who.For.ID, "")
	if err != nil {
		return form.Screen{}, err
	}
	page := arg.Page(all, PerPage)
	list, err := tx.Receipts(ctx, who.For.ID, "", PerPage, page*PerPage)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{store.Say("nota.head", "Group", who.For.Name, "Count", strconv.Itoa(all))}}
	if all == 0 {
		s.Body = append(s.Body, store.Say("nota.empty"))
	}
	var row []store.Button
	for _, r := range list {
		s.Body = append(s.Body, InList(r))
		row = append(
			row,
			store.Button{
				Text: store.Say("nota.pick", "Number", dialog.Number(r), "State", string(r.State)),
				Data: dialog.Data("n", r.ID),
			},
		)
		if len(row) == 3 {
			s.Buttons, row = append(s.Buttons, row), nil
		}
	}
	if len(row) > 0 {
		s.Buttons = append(s.Buttons, row)
	}
	if ways := dialog.Pages(dialog.PageIn("nota"), page, all, PerPage); len(ways) > 0 {
		s.Buttons = append(s.Buttons, ways)
	}
	if dialog.Records(who.Role) {
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("nota.blank"), Data: dialog.Data("blank")}})
	}
	return s, nil
}

// InList is a nota as one line of a list.
func InList(r store.Receipt) store.Text {
	return store.Say("nota.line", "Number", dialog.Number(r), "State", string(r.State), "Amount", dialog.Amount(r),
		"Seller", r.Seller,
		"Day", string(r.Day), "Behalf", dialog.Mark(r.Behalf))
}

// Show shows one nota.
func Show(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	r, of, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	return card(ctx, t.Tx, t.Who, r, of)
}

func card(ctx context.Context, tx store.Tx, who dialog.Who, r store.Receipt, of store.Recipient) (form.Screen, error) {
	files, err := tx.Files(ctx, r.ID)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{
		store.Say("card.head", "Number", dialog.Number(r), "State", string(r.State), "Group", dialog.Behalf(who, of)),
	}}
	if r.State != store.Unfinished && r.Seller != "" {
		s.Body = append(s.Body, store.Say("receipt.amount.label", "Value", r.Total.String()),
			store.Say("receipt.seller.label", "Value", r.Seller),
			store.Say("receipt.day.label", "Value", string(r.Day)))
		rules, plan, err := budget.RulesAndPlan(ctx, tx, of)
		if err != nil {
			return s, err
		}
		ls := Lines(rules, plan)
		for _, it := range r.Items {
			s.Body = append(s.Body, store.Say("card.item", "Item", it.Item,
				"Volume", strings.TrimSpace(dialog.Quantity(it.Volume, it.Unit)), "Price", priced(it),
				"Amount", it.Amount.String(), "Line", LineOf(ls, Chosen(it)).Name))
		}
		if r.Kind == store.KindKuitansi {
			s.Body = append(s.Body, Checklist(rules, r))
		}
		s.Body = append(s.Body, store.Say("receipt.kind.label", "Value", string(r.Kind)),
			store.Say("receipt.payment.label", "Value", r.Payment))
	}
	if r.State == store.Returned {
		s.Body = append(s.Body, ReturnedFor(r))
	}
	if r.Reason != "" {
		s.Body = append(s.Body, store.Say("receipt.reason.label", "Value", r.Reason))
	}
	switch {
	case r.Behalf:
		s.Body = append(s.Body, store.Say("card.behalf"))
	case len(r.Sponsors) > 0:
		s.Body = append(s.Body, store.Say("card.sponsored"))
	case of.Mentor != 0 && slices.Contains(r.Hands, of.Mentor):
		s.Body = append(s.Body, store.Say("card.helped"))
	}
	pages := Pictures(files)
	s.Body = append(s.Body, store.Say("card.files", "Count", strconv.Itoa(len(pages)),
		"Voices", dialog.Count(len(files)-len(pages))))
	remarks, err := approval.RemarksOn(ctx, tx, who, r)
	if err != nil {
		return s, err
	}
	s.Body = append(s.Body, remarks.Body...)
	id := dialog.IDText(r.ID)
	// The first button says which nota the card is about, so that replying to it finds the nota.
	first := []store.Button{{Text: store.Say("card.refresh"), Data: dialog.Data("n", id)}}
	if len(files) > 0 {
		first = append(first, store.Button{Text: store.Say("card.photo"), Data: dialog.Data("photo", id)})
	}
	s.Buttons = append(s.Buttons, first)
	if who.MayNota(dialog.FinishNota, r) {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("receipt.resume"), Data: dialog.Data("receipt", id),
		}})
	}
	if r.State == store.Returned && r.Review.Reason != "" && who.MayNota(dialog.ChangeNota, r) {
		s.Buttons = append(s.Buttons, []store.Button{FixOf(r)})
	}
	var ways []store.Button
	if who.MayNota(dialog.ChangeNota, r) {
		ways = append(ways, store.Button{Text: store.Say("form.change"), Data: dialog.Data("receipt", id, form.Change)})
	}
	if who.MayNota(dialog.VoidNota, r) {
		ways = append(ways, store.Button{Text: store.Say("card.void"), Data: dialog.Data("void", id)})
	}
	if len(ways) > 0 {
		s.Buttons = append(s.Buttons, ways)
	}
	if who.MayNota(dialog.VerifyNota, r) {
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("card.review"), Data: dialog.Data("tinjau", id)}})
	}
	if r.State == store.Verified && who.MayNota(dialog.ReturnNota, r) {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("review.return"), Data: dialog.Data("reasons", r.ID, r.Version),
		}})
	}
	s.Buttons = append(s.Buttons, remarks.Ways...)
	if who.MayNota(dialog.ObjectNota, r) && !remarks.Own {
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("card.object"), Data: dialog.Data("object", id)}})
	}
	if who.Role != store.Coordinator { // who has no list of notas
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("card.list"), Data: dialog.Data("nota", "p0")}})
	}
	return s, nil
}

// Pictures are the files that show the paper; the others are voice notes.
func Pictures(files []store.File) []store.File {
	return slices.DeleteFunc(slices.Clone(files), func(f store.File) bool { return f.Kind == "voice" })
}

// Void cancels a nota that was sent, with a reason: a reversal, not a deletion.
func Void(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	r, of, err := dialog.OwnReceipt(ctx, tx, who, about.ID())
	if err != nil {
		return nil, err
	}
	if r.Locked {
		return nil, form.Fixable{Why: store.Say("lpj.closed", "Group", of.Name)}
	}
	if !who.MayNota(dialog.VoidNota, r) {
		return nil, form.Fixable{Why: store.Say("receipt.gone", "Number", dialog.Number(r))}
	}
	who.ActsFor(tx, of)
	type reason struct{ Words string }
	questions := func(v *reason) ([]form.Question, error) {
		return []form.Question{
			form.Ask("reason", &v.Words, form.Text).Exclusive(),
			form.Review(store.Say("receipt.head", "Number", dialog.Number(r)), store.Say("receipt.amount.label",
				"Value", r.Total.String())),
		}, nil
	}
	submit := func(ctx context.Context, v reason, _ form.State) (form.Screen, error) {
		before, err := tx.Balance(ctx, r.Recipient)
		if err != nil {
			return form.Screen{}, err
		}
		kept := r
		r.State, r.Reason = store.Cancelled, v.Words
		Signs(who, &r)
		if err := tx.PutReceipt(ctx, "receipt.reversed", &r); err != nil {
			return form.Screen{}, err
		}
		tell, err := unsay(ctx, tx, kept, of)
		return form.Screen{Tell: tell, Body: []store.Text{
			store.Say("receipt.reversed", "Number", dialog.Number(r)),
			store.Say("receipt.left", "Left", before.With(kept, r).Left.String()),
		}}, err
	}
	return form.New("void", questions, submit), nil
}

// Blank begins a nota for a purchase without paper.
func Blank(ctx context.Context, t *dialog.Turn, _ dialog.Args) (form.Screen, error) {
	if t.Again {
		return form.Screen{}, nil
	}
	if t.Session.Form.Form == "receipt" {
		r, _, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, dialog.Subject(t.Session.Form))
		if err == nil && r.State == store.Unfinished && r.Kind == store.KindNone {
			return form.Screen{}, t.Restate(ctx) // the second of two taps
		}
	}
	choices, err := recipients(ctx, t)
	if err != nil {
		return form.Screen{}, err
	}
	for _, w := range choices {
		if w.For.ID == t.Who.For.ID {
			if closed, err := shut(ctx, t, w); closed || err != nil {
				return form.Screen{}, err
			}
			r, err := number(ctx, t, store.Receipt{Kind: store.KindNone}, nil, "")
			if err != nil {
				return form.Screen{}, err
			}
			t.AsNewMessage()
			return form.Screen{}, t.Open(
				ctx, "receipt", dialog.IDText(r.ID), store.Say("nota.blank.begun", "Number", dialog.Number(r)),
			)
		}
	}
	return form.Screen{}, t.Stale(ctx)
}

// Picture shows the pictures of a nota again.
func Picture(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	r, _, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	files, err := t.Tx.Files(ctx, r.ID)
	if err != nil {
		return form.Screen{}, err
	}
	for _, s := range dialog.Albums(Pictures(files), store.Say("card.photo.caption", "Number", dialog.Number(r),
		"Count", strconv.Itoa(len(Pictures(files))))) {
		t.Show(s)
	}
	for _, f := range files {
		if f.Kind == "voice" {
			t.Show(form.Screen{Body: []store.Text{store.Say("card.voice.caption", "Number", dialog.Number(r))},
				Files: []store.Shown{dialog.ShownAs(f)}})
		}
	}
	return form.Screen{}, nil
}
