package receipt

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/store"
)

// draft is a nota as far as it is known.
type draft struct {
	store.Receipt
	Item    string
	line    string // what was chosen: "LINE" of the plan or "=POS"
	volume  string // as typed: "3 sak"
	parts   []part
	undated string       // "yes": the paper has no date
	signed  string       // whether a kuitansi is signed: "yes" or "no"
	stamp   string       // whether a paper has the meterai that it needs
	pages   []store.File // further pictures, as a reviewer asked for
	lines   []Line
}

// part is what "Bagi" takes from the total for another line.
type part struct {
	amount store.Rupiah
	line   string
}

// items are the lines of the book that the draft makes; they sum to its total.
func (d draft) items() []store.Item {
	first := d.find(d.line).item()
	first.Item, first.Amount = d.Item, d.Total
	if v := parse.Volume(d.volume); len(v) == 1 {
		first.Volume, first.Unit = v[0].Volume, v[0].Unit
	}
	list := []store.Item{first}
	for _, p := range d.parts {
		if p.amount == 0 {
			break
		}
		it := d.find(p.line).item()
		it.Amount = p.amount
		list[0].Amount -= p.amount
		list = append(list, it)
	}
	list[0].Price = each(list[0])
	return list
}

// each is the price of one unit, where an item's amount is a whole number of rupiah for each; else 0.
func each(it store.Item) store.Rupiah {
	thousandths := int64(it.Amount) * 1000
	if it.Volume <= 0 || thousandths%int64(it.Volume) != 0 {
		return 0
	}
	return store.Rupiah(thousandths / int64(it.Volume))
}

// priced is the price of one unit for a card; "" is none.
func priced(it store.Item) string {
	if it.Price == 0 {
		return ""
	}
	return it.Price.String()
}

// keepDraft puts an unfinished nota aside with what was said so far.
func keepDraft(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID, s form.State) (form.Screen, error) {
	kept, _, err := dialog.OwnReceipt(ctx, tx, who, id)
	if err != nil {
		return form.Screen{}, err
	}
	pages, _ := s.Answer("page") // a picture is kept where pictures are, not in a draft
	if err := keepPages(ctx, tx, who, kept, pages.Files); err != nil {
		return form.Screen{}, err
	}
	b, err := json.Marshal(slices.DeleteFunc(slices.Clone(s.Answers),
		func(a form.Answer) bool { return a.Name == "page" }))
	if err != nil {
		return form.Screen{}, fmt.Errorf("draft of a nota: %w", err)
	}
	kept.Draft = b
	if err := tx.PutReceipt(ctx, "receipt.parked", &kept); err != nil {
		return form.Screen{}, err
	}
	return form.Screen{
		Body:    []store.Text{store.Say("receipt.parked", "Number", dialog.Number(kept))},
		Buttons: [][]store.Button{{{Text: store.Say("receipt.resume"), Data: dialog.Data("receipt", kept.ID)}}},
	}, nil
}

// Said are the answers that a kept nota stands for: its draft, or what was sent.
func Said(r store.Receipt) []form.Answer {
	if r.State == store.Unfinished {
		var answers []form.Answer
		if json.Unmarshal(r.Draft, &answers) != nil { // never put aside, or a draft of another time: asked again
			return nil
		}
		return answers
	}
	answers := []form.Answer{
		{Name: "amount", Text: r.Total.Typed()}, {Name: "seller", Text: r.Seller}, {Name: "day", Text: string(r.Day)},
		{Name: "kind", Text: string(r.Kind)}, {Name: "payment", Text: r.Payment},
	}
	for i, it := range r.Items {
		n := ""
		if i > 0 {
			n = strconv.Itoa(i + 1)
			answers = append(answers, form.Answer{Name: "part" + n, Text: it.Amount.Typed()})
		} else {
			if it.Item != "" {
				answers = append(answers, form.Answer{Name: "item", Text: it.Item})
			}
			if it.Volume != 0 {
				answers = append(answers, form.Answer{Name: "volume", Text: dialog.Quantity(it.Volume, it.Unit)})
			}
		}
		answers = append(answers, form.Answer{Name: "line" + n, Text: Chosen(it)})
	}
	for name, flag := range map[string]string{"signed": "signed", "stamp": "stamp"} {
		if r.State == store.Returned && r.Review.Reason == askedAgain[name] {
			continue // asked again
		}
		text := "yes"
		if slices.Contains(r.Flags, flag) {
			text = "no"
		}
		answers = append(answers, form.Answer{Name: name, Text: text})
	}
	if slices.Contains(r.Flags, undated) {
		answers = append(answers, form.Answer{Name: undated, Text: "yes"})
	}
	if r.Reason != "" {
		answers = append(answers, form.Answer{Name: "reason", Text: r.Reason})
	}
	return answers
}

// askedAgain are the reasons of a return after which a part of the checklist is asked again.
var askedAgain = map[string]string{"signed": "tandatangan", "stamp": "meterai"}

// Shown is a value of a sent nota as its line in the review has it, to stand beside a change.
func Shown(r store.Receipt, lines []Line, name string) string {
	switch name {
	case "line":
		return LineOf(lines, Chosen(r.Items[0])).Name
	case "item":
		return r.Items[0].Item
	case "volume":
		return dialog.Quantity(r.Items[0].Volume, r.Items[0].Unit)
	case "amount":
		return r.Total.String()
	case "seller":
		return r.Seller
	case "day":
		return string(r.Day)
	case "kind":
		return string(r.Kind)
	case "payment":
		return r.Payment
	case "reason":
		return r.Reason
	}
	return ""
}
