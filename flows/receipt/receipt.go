// Package receipt takes a nota from a photo in a chat to the card that a mentor looks at: its number, questions,
// pictures and list.
package receipt

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/budget"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/store"
)

// Enter asks what is missing of a nota that is kept and numbered already, and sends it. About one that was sent before,
// it asks what to change and keeps a new version. about is the nota's id, possibly with the question to ask:
// "123:amount".
func Enter(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	subject, asked := about.Word(), about.Rest()
	kept, of, err := inHand(ctx, tx, who, subject)
	if err != nil {
		return nil, err
	}
	if kept.Locked {
		return nil, form.Fixable{Why: store.Say("lpj.closed", "Group", of.Name)}
	}
	if !who.MayNota(dialog.FinishNota, kept) && !who.MayNota(dialog.ChangeNota, kept) {
		return nil, form.Fixable{Why: store.Say("receipt.gone", "Number", dialog.Number(kept))}
	}
	who.ActsFor(tx, of)
	rules, plan, err := budget.RulesAndPlan(ctx, tx, of)
	if err != nil {
		return nil, err
	}
	said := Said(kept)
	read, ls := dialog.Reading(who.Today), Lines(rules, plan)
	old := func(name string) string { return "" }
	if kept.State != store.Unfinished {
		old = func(name string) string { return Shown(kept, ls, name) }
	}
	picks, papers, ways := choices(ls), kinds(), payments()
	// what doesn't change with the answers is made once: questions are asked for after each
	date := parse.Date(who.Today)
	days := slices.Concat(offered(who.Read, "day", date), dialog.Recent(who.Today))
	questions := func(d *draft) ([]form.Question, error) {
		d.lines = ls
		amount := form.Ask("amount", &d.Total, parse.Rupiah).
			Extract(func(s string) []store.Rupiah { return read(s).Amount }).
			Unsure(parse.Approximate).Refuse(limit(rules, of)).
			Offer(offered(who.Read, "amount", parse.Rupiah)...).Previous(old("amount"))
		day := form.Ask("day", &d.Day, date).Extract(func(s string) []store.Day { return dayIn(read(s), of) }).
			Offer(days...).Refuse(dialog.NotLater(who.Today)).Previous(old("day"))
		switch { // what is written nowhere is not asked for
		case d.Kind == store.KindNone:
			amount.Worded("receipt.paid")
			day.Worded("receipt.bought")
		case d.undated != "":
			day.Worded("receipt.bought")
		default:
			day.Or(store.Say("receipt.undated.yes"), "undated", "yes")
		}
		qs := []form.Question{
			amount,
			form.Ask("seller", &d.Seller,
				sellers(read)).Extract(func(s string) []string { return some(read(s).Seller) }).Exclusive().
				Offer(offered(who.Read, "seller", form.Text)...).Previous(old("seller")),
			form.Pick("undated", &d.undated, undatedChoices).Extract(saysUndated).Default("").Hidden(),
			day,
			form.Pick("line", &d.line,
				picks).Extract(func(s string) []string { return guess(ls, read(s)) }).Previous(old("line")),
			form.Ask("item", &d.Item,
				form.Text).Extract(func(s string) []string { return things(read(s)) }).Exclusive().Default(
				"").Quiet().Previous(
				old("item")),
			form.Ask("volume", &d.volume,
				volumes).Extract(func(s string) []string {
				return some(dialog.Quantity(read(s).Volume,
					read(s).Unit))
			}).Default("").Quiet().Previous(old("volume")),
			form.Pick("kind", &d.Kind, papers).Wide(2).
				Extract(func(s string) []store.Kind { return some(store.Kind(read(s).Kind)) }).
				Default(cmp.Or(kept.Kind, store.KindNota)).Previous(old("kind")),
			form.Pick("payment", &d.Payment, ways).Wide(2).
				Extract(func(s string) []string { return some(read(s).Payment) }).
				Default("tunai").Previous(old("payment")),
		}
		qs = append(qs, d.checklist(rules)...)
		if d.Kind == store.KindNone {
			qs = append(qs, form.Ask("reason", &d.Reason, form.Text).Exclusive().Previous(old("reason")))
		}
		qs = append(qs, d.split(picks)...)
		qs = append(qs, form.Photo("page", &d.pages).Extra())
		head := []store.Text{store.Say("receipt.head", "Number", dialog.Number(kept), "Group", dialog.Behalf(who, of))}
		if d.lacksDay() {
			head = append(head, store.Say("receipt.undated.label"))
		}
		if kept.State == store.Returned {
			return append(qs, form.ReviewAs(store.Say("receipt.mended"), head...)), nil
		}
		return append(qs, form.Review(head...)), nil
	}
	submit := func(ctx context.Context, d draft, s form.State) (form.Screen, error) {
		now, _, err := dialog.OwnReceipt(ctx, tx, who, kept.ID)
		if err != nil {
			return form.Screen{}, err
		}
		if now.State != kept.State { // sent or given up meanwhile, on another phone
			return form.Screen{Body: []store.Text{store.Say("receipt.gone", "Number", dialog.Number(kept))}}, nil
		}
		return send(ctx, tx, who, of, rules, now, d, s)
	}
	park := func(ctx context.Context, s form.State) (form.Screen, error) {
		return keepDraft(ctx, tx, who, kept.ID, s)
	}
	cancel := func(ctx context.Context, s form.State) (form.Screen, error) {
		return discard(ctx, t, kept.ID, s.Answers)
	}
	f := form.New("receipt", questions, submit).Knowing(said, asked).OnCancel(cancel)
	if kept.State == store.Unfinished {
		f = f.OnPark(park)
	}
	return f, nil
}

// send keeps the nota: its first version as sent, or a new one of what was sent before.
func send(ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, rules store.Rules, kept store.Receipt,
	d draft, s form.State) (form.Screen, error) {
	r := kept
	r.Kind, r.Payment, r.Seller, r.Day, r.Total, r.Reason = d.Kind, d.Payment, d.Seller, d.Day, d.Total, d.Reason
	r.Items, r.Draft, r.Sources = d.items(), nil, sources(kept.Sources, who.ID, s)
	if r.Kind != store.KindNone {
		r.Reason = ""
	}
	what := map[store.ReceiptState]string{
		store.Unfinished: "receipt.submitted", store.Returned: "receipt.mended",
	}[kept.State]
	if kept.State == store.Unfinished {
		r.Submitted = tx.Now()
	}
	r.State = store.Submitted // whatever was decided before, it wants a new look
	Signs(who, &r)
	before, err := tx.Balance(ctx, of.ID)
	if err != nil {
		return form.Screen{}, err
	}
	after := before.With(kept, r)
	r.Flags = append(flags(rules, of, after, r), d.missing(rules)...)
	if err := tx.PutReceipt(ctx, cmp.Or(what, "receipt.changed"), &r); err != nil {
		return form.Screen{}, err
	}
	if err := keepPages(ctx, tx, who, r, d.pages); err != nil {
		return form.Screen{}, err
	}
	body := []store.Text{store.Say("receipt.done", "Number", dialog.Number(r), "Amount", r.Total.String(),
		"Seller", r.Seller, "Changed", changed(kept))}
	for _, f := range r.Flags {
		body = append(body, store.Say("receipt.flag."+f))
	}
	if kept.State == store.Returned || kept.State == store.Verified {
		body = append(body, store.Say("receipt.again"))
	}
	if kept.State == store.Returned {
		files, err := tx.Files(ctx, r.ID)
		if err != nil {
			return form.Screen{}, err
		}
		if Unmended(kept, r, files) {
			body = append(body, store.Say("receipt.same"))
		}
	}
	body = append(body, store.Say("receipt.left", "Left", after.Left.String()))
	tell, err := unsay(ctx, tx, kept, of)
	return form.Screen{Body: body, Tell: tell, Buttons: [][]store.Button{{
		{Text: store.Say("receipt.open"), Data: dialog.Data("n", r.ID)},
		{Text: store.Say("menu.saldo"), Data: dialog.Data("saldo")},
	}}}, err
}

// keepPages keeps further pictures of a nota.
func keepPages(ctx context.Context, tx store.Tx, who dialog.Who, r store.Receipt, pages []store.File) error {
	for _, f := range pages {
		f.Recipient, f.Receipt, f.By, f.At = r.Recipient, r.ID, who.ID, tx.Now()
		if err := tx.AddFile(ctx, "file.kept", &f); err != nil {
			return err
		}
	}
	return nil
}

// Signs notes that the person had a hand in a nota. So had whoever began it with a picture, and the sponsors of both.
func Signs(w dialog.Who, r *store.Receipt) {
	for _, id := range w.Proposers() {
		if !slices.Contains(r.Hands, id) {
			r.Sponsors = dialog.WithHands(r.Sponsors, id)
		}
	}
	r.Sponsors = slices.DeleteFunc(slices.Clone(r.Sponsors), func(id store.ID) bool { return id == w.ID || id == r.By })
	r.Hands = dialog.WithHands(dialog.WithHands(r.Hands, r.By, w.ID), r.Sponsors...)
}

func changed(kept store.Receipt) string {
	if kept.State == store.Unfinished {
		return ""
	}
	return "1"
}

// sources adds which messages answered what, so that editing one later finds the nota.
func sources(list []store.Source, person store.ID, s form.State) []store.Source {
	list = slices.Clone(list)
	for _, a := range s.Answers {
		if a.Message == 0 {
			continue
		}
		src := store.Source{Person: person, Message: a.Message, Name: a.Name}
		if !slices.Contains(list, src) {
			list = append(list, src)
		}
	}
	return list
}

// about names a nota that was just begun, with what its questions need to know: its number and recipient. Answering
// them reads nothing; what is kept is read when the nota is sent, put aside or given up.
func about(r store.Receipt) string { return fmt.Sprintf("%d-%d-%d", r.ID, r.Number, r.Recipient) }

// inHand is the nota that a conversation is about, with its recipient.
func inHand(ctx context.Context, tx store.Tx, who dialog.Who, subject string) (store.Receipt, store.Recipient, error) {
	id, rest, known := strings.Cut(subject, "-")
	n, recipient, _ := strings.Cut(rest, "-")
	if known && recipient == dialog.IDText(who.For.ID) {
		return store.Receipt{ID: dialog.IDOf(id), Number: dialog.NumberOf(n), Recipient: who.For.ID,
			State: store.Unfinished, Locked: who.For.Closed}, who.For, nil
	}
	return dialog.OwnReceipt(ctx, tx, who, dialog.IDOf(id))
}

// maxParts is how many lines one nota may be split over.
const maxParts = 6

// split asks for the parts of a nota that mixes lines. Only the next free part is offered, behind the change button.
func (d *draft) split(picks []form.Choice[string]) []form.Question {
	var qs []form.Question
	if len(d.parts) == 0 {
		d.parts = make([]part, maxParts)
	}
	left := d.Total
	for i := range d.parts {
		p := &d.parts[i]
		n := strconv.Itoa(i + 2)
		rest := left
		refuse := func(v store.Rupiah) *store.Text { return partOf(v, rest) }
		ask := form.Ask("part"+n, &p.amount, parse.Rupiah).As("part").Default(0).Quiet().Refuse(refuse)
		if p.amount != 0 {
			ask = form.Ask("part"+n, &p.amount, parse.Rupiah).As("share").Default(0).Quiet().Refuse(refuse)
		}
		qs = append(qs, ask)
		if p.amount == 0 {
			break
		}
		qs = append(qs, form.Pick("line"+n, &p.line, picks).As("partline"))
		left -= p.amount
	}
	return qs
}

func partOf(v, total store.Rupiah) *store.Text {
	if v < 0 || (v >= total && v != 0) {
		t := store.Say("receipt.part.toomuch", "Total", total.String())
		return &t
	}
	return nil
}

// checklist asks for what makes a paper valid beyond what it says: a kuitansi's signature, and the meterai.
func (d *draft) checklist(rules store.Rules) []form.Question {
	yesNo := func(name string) []form.Choice[string] {
		var list []form.Choice[string]
		for _, v := range []string{"yes", "no"} {
			list = append(list, form.Choice[string]{Value: v, Text: store.Say("receipt." + name + "." + v)})
		}
		return list
	}
	var qs []form.Question
	if d.Kind == store.KindKuitansi {
		qs = append(qs, form.Pick("signed", &d.signed, yesNo("signed")).Wide(2))
	}
	if NeedsStamp(rules, d.Kind, d.Total) {
		qs = append(qs, form.Pick("stamp", &d.stamp, yesNo("stamp")).Wide(2))
	}
	return qs
}
