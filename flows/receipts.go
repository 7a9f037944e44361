package flows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/form"
	"pendamping/store"
)

// perPage is how many notas a page of the list shows: what a small phone shows without scrolling.
const perPage = 6

// receiptList shows a recipient's notas with their states, newest first; arg is the page, from 0, or a nota's number typed
// after the command.
func receiptList(ctx context.Context, tx store.Tx, who Who, arg string) (form.Screen, error) {
	if who.For.ID == 0 {
		return chooseGroup(ctx, tx, who)
	}
	if n, ok := strings.CutPrefix(arg, "#"); ok || (arg != "" && !strings.HasPrefix(arg, "p")) {
		r, err := tx.ReceiptByNumber(ctx, who.For.ID, numberOf(n))
		if err != nil {
			return form.Screen{}, err
		}
		return card(ctx, tx, who, r, who.For)
	}
	all, err := tx.CountReceipts(ctx, who.For.ID, "")
	if err != nil {
		return form.Screen{}, err
	}
	page := pageOf(strings.TrimPrefix(arg, "p"), all, perPage)
	list, err := tx.Receipts(ctx, who.For.ID, "", perPage, page*perPage)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{store.Say("nota.head", "Group", who.For.Name, "Count", strconv.Itoa(all))}}
	if all == 0 {
		s.Body = append(s.Body, store.Say("nota.empty"))
	}
	var row []store.Button
	for _, r := range list {
		s.Body = append(s.Body, inList(r))
		row = append(row, store.Button{Text: store.Say("nota.pick", "Number", number(r), "State", string(r.State)), Data: "n:" + idText(r.ID)})
		if len(row) == 3 {
			s.Buttons, row = append(s.Buttons, row), nil
		}
	}
	if len(row) > 0 {
		s.Buttons = append(s.Buttons, row)
	}
	if ways := pages("nota:p", page, all, perPage); len(ways) > 0 {
		s.Buttons = append(s.Buttons, ways)
	}
	if records(who.Role) {
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("nota.blank"), Data: "blank:"}})
	}
	return s, nil
}

// inList is a nota as one line of a list.
func inList(r store.Receipt) store.Text {
	return store.Say("nota.line", "Number", number(r), "State", string(r.State), "Amount", amount(r), "Seller", r.Seller,
		"Day", string(r.Day), "Behalf", mark(r.Behalf))
}

// pages are the buttons that turn the pages of a list.
func pages(data string, page, all, per int) []store.Button {
	var row []store.Button
	if page > 0 {
		row = append(row, store.Button{Text: store.Say("page.newer"), Data: fmt.Sprint(data, page-1)})
	}
	if (page+1)*per < all {
		row = append(row, store.Button{Text: store.Say("page.older"), Data: fmt.Sprint(data, page+1)})
	}
	return row
}

// amount is a nota's total where it counts; a cancelled one has none.
func amount(r store.Receipt) string {
	if r.State == store.Cancelled || r.Total == 0 {
		return ""
	}
	return r.Total.String()
}

// receiptCard shows one nota.
func receiptCard(ctx context.Context, tx store.Tx, who Who, arg string) (form.Screen, error) {
	r, of, err := ownReceipt(ctx, tx, who, idOf(arg))
	if err != nil {
		return form.Screen{}, err
	}
	return card(ctx, tx, who, r, of)
}

func card(ctx context.Context, tx store.Tx, who Who, r store.Receipt, of store.Recipient) (form.Screen, error) {
	files, err := tx.Files(ctx, r.ID)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{store.Say("card.head", "Number", number(r), "State", string(r.State), "Group", behalf(who, of))}}
	if r.State != store.Unfinished && r.Seller != "" {
		s.Body = append(s.Body, store.Say("receipt.amount.label", "Value", r.Total.String()),
			store.Say("receipt.seller.label", "Value", r.Seller), store.Say("receipt.day.label", "Value", string(r.Day)))
		rules, plan, err := rulesAndPlan(ctx, tx, of)
		if err != nil {
			return s, err
		}
		ls := lines(rules, plan)
		for _, it := range r.Items {
			s.Body = append(s.Body, store.Say("card.item", "Item", it.Item, "Volume", strings.TrimSpace(quantity(it.Volume, it.Unit)), "Price", priced(it),
				"Amount", it.Amount.String(), "Line", lineOf(ls, chosen(it)).name))
		}
		if r.Kind == store.KindKuitansi {
			s.Body = append(s.Body, checklist(rules, r))
		}
		s.Body = append(s.Body, store.Say("receipt.kind.label", "Value", string(r.Kind)), store.Say("receipt.payment.label", "Value", r.Payment))
	}
	if r.State == store.Returned {
		s.Body = append(s.Body, returnedFor(r))
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
	pages := pictures(files)
	s.Body = append(s.Body, store.Say("card.files", "Count", strconv.Itoa(len(pages)), "Voices", count(len(files)-len(pages))))
	remarks, err := remarksOn(ctx, tx, who, r)
	if err != nil {
		return s, err
	}
	s.Body = append(s.Body, remarks.body...)
	id := idText(r.ID)
	// The first button says which nota the card is about, so that replying to it finds the nota.
	first := []store.Button{{Text: store.Say("card.refresh"), Data: "n:" + id}}
	if len(files) > 0 {
		first = append(first, store.Button{Text: store.Say("card.photo"), Data: "photo:" + id})
	}
	s.Buttons = append(s.Buttons, first)
	if who.mayNota(finishNota, r) {
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("receipt.resume"), Data: "receipt:" + id}})
	}
	if r.State == store.Returned && r.Review.Reason != "" && who.mayNota(changeNota, r) {
		s.Buttons = append(s.Buttons, []store.Button{fixOf(r)})
	}
	var ways []store.Button
	if who.mayNota(changeNota, r) {
		ways = append(ways, store.Button{Text: store.Say("form.change"), Data: "receipt:" + id + ":" + form.Change})
	}
	if who.mayNota(voidNota, r) {
		ways = append(ways, store.Button{Text: store.Say("card.void"), Data: "void:" + id})
	}
	if len(ways) > 0 {
		s.Buttons = append(s.Buttons, ways)
	}
	if who.mayNota(verifyNota, r) {
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("card.review"), Data: "tinjau:" + id}})
	}
	if r.State == store.Verified && who.mayNota(returnNota, r) {
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("review.return"), Data: fmt.Sprintf("reasons:%d:%d", r.ID, r.Version)}})
	}
	s.Buttons = append(s.Buttons, remarks.ways...)
	if who.mayNota(objectNota, r) && !remarks.own {
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("card.object"), Data: "object:" + id}})
	}
	if who.Role != store.Coordinator { // who has no list of notas
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("card.list"), Data: "nota:p0"}})
	}
	return s, nil
}

// pictures are the files that show the paper; the others are voice notes.
func pictures(files []store.File) []store.File {
	return slices.DeleteFunc(slices.Clone(files), func(f store.File) bool { return f.Kind == "voice" })
}

// void cancels a nota that was sent, with a reason: a reversal, not a deletion.
func void(ctx context.Context, tx store.Tx, who Who, about string) (form.Form, error) {
	r, of, err := ownReceipt(ctx, tx, who, idOf(about))
	if err != nil {
		return nil, err
	}
	if r.Locked {
		return nil, form.Mend{Why: store.Say("lpj.closed", "Group", of.Name)}
	}
	if !who.mayNota(voidNota, r) {
		return nil, form.Mend{Why: store.Say("receipt.gone", "Number", number(r))}
	}
	who.actsFor(tx, of)
	type reason struct{ Words string }
	questions := func(v *reason) ([]form.Question, error) {
		return []form.Question{
			form.Ask("reason", &v.Words, form.Text).Whole(),
			form.Review(store.Say("receipt.head", "Number", number(r)), store.Say("receipt.amount.label", "Value", r.Total.String())),
		}, nil
	}
	submit := func(ctx context.Context, v reason, _ form.State) (form.Screen, error) {
		before, err := tx.Balance(ctx, r.Recipient)
		if err != nil {
			return form.Screen{}, err
		}
		kept := r
		r.State, r.Reason = store.Cancelled, v.Words
		who.signs(&r)
		if err := tx.PutReceipt(ctx, "receipt.reversed", &r); err != nil {
			return form.Screen{}, err
		}
		tell, err := unsay(ctx, tx, kept, of)
		return form.Screen{Tell: tell, Body: []store.Text{
			store.Say("receipt.reversed", "Number", number(r)),
			store.Say("receipt.left", "Left", before.With(kept, r).Left.String()),
		}}, err
	}
	return form.New("void", questions, submit), nil
}

// blank begins a nota for a purchase without paper.
func (t *turn) blank() error {
	if t.again {
		return nil
	}
	if t.s.Form.Form == "receipt" {
		r, _, err := ownReceipt(t.ctx, t.tx, t.who, subject(t.s.Form))
		if err == nil && r.State == store.Unfinished && r.Kind == store.KindNone {
			return t.restate() // the second of two taps
		}
	}
	choices, err := t.recipients()
	if err != nil {
		return err
	}
	for _, w := range choices {
		if w.For.ID == t.who.For.ID {
			if shut, err := t.shut(w); shut || err != nil {
				return err
			}
			r, err := t.number(store.Receipt{Kind: store.KindNone}, nil, "")
			if err != nil {
				return err
			}
			t.e.Message = 0
			return t.open("receipt", idText(r.ID), store.Say("nota.blank.begun", "Number", number(r)))
		}
	}
	return t.stale()
}

// picture shows the pictures of a nota again.
func (t *turn) picture(arg string) error {
	r, _, err := ownReceipt(t.ctx, t.tx, t.who, idOf(arg))
	if errors.Is(err, store.ErrNotFound) {
		return t.stale()
	}
	if err != nil {
		return err
	}
	files, err := t.tx.Files(t.ctx, r.ID)
	if err != nil {
		return err
	}
	for _, s := range albums(pictures(files), store.Say("card.photo.caption", "Number", number(r), "Count", strconv.Itoa(len(pictures(files))))) {
		t.show(s)
	}
	for _, f := range files {
		if f.Kind == "voice" {
			t.show(form.Screen{Body: []store.Text{store.Say("card.voice.caption", "Number", number(r))}, Files: []store.Shown{shownAs(f)}})
		}
	}
	return nil
}

// albums show pictures, as many at a time as Telegram takes (Bot API, sendMediaGroup); pictures and documents don't mix there.
func albums(files []store.File, caption store.Text) []form.Screen {
	const most = 10
	var list []form.Screen
	for _, f := range files {
		s := shownAs(f)
		n := len(list) - 1
		if n < 0 || len(list[n].Files) == most || list[n].Files[0].Kind != s.Kind {
			list = append(list, form.Screen{Body: []store.Text{caption}})
			n++
		}
		list[n].Files = append(list[n].Files, s)
	}
	return list
}

// shownAs is a file as it can be sent again: what came as a document only as one.
func shownAs(f store.File) store.Shown {
	if f.Kind == "photo" && f.Width == 0 {
		return store.Shown{ID: f.FileID, Kind: "document"}
	}
	return store.Shown{ID: f.FileID, Kind: f.Kind}
}
