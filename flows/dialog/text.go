package dialog

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// Mark is a condition for a sentence.
func Mark(is bool) string {
	if is {
		return "1"
	}
	return ""
}

// Count is a number for a sentence that is left out when there is none.
func Count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// ChooseGroup asks a mentor which group a screen is about.
func ChooseGroup(ctx context.Context, tx store.Tx, who Who) (form.Screen, error) {
	list, err := tx.RecipientsOf(ctx, who.ID)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{store.Say("kelompok.head", "Count", strconv.Itoa(len(list)))}}
	if len(list) == 0 {
		s.Body = []store.Text{store.Say("kelompok.empty")}
	}
	for _, r := range list {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("kelompok.choice", "Group", r.Name, "Regency", r.Regency), Data: Data("for", r.ID),
		}})
	}
	return s, nil
}

// CalledByWord are the groups in whose name a word stands: "lurik" is enough for the only Lurik Sejahtera.
func CalledByWord(groups []store.Recipient, word string) (list []store.Recipient) {
	if word = BareWords(word); len(word) < shortestCall {
		return nil
	}
	for _, g := range groups {
		if WordSet(BareWords(g.Name))[word] {
			list = append(list, g)
		}
	}
	return list
}

// shortestCall is how many letters a word has at least that calls a group: "tkm" stands in many names.
const shortestCall = 4

// Most refuses an amount of nothing or less, and one that is more than the whole grant.
func Most(rules store.Rules, of store.Recipient) func(store.Rupiah) *store.Text {
	grant := max(of.Grant, rules.Amount)
	return func(v store.Rupiah) *store.Text {
		var t store.Text
		switch {
		case v <= 0:
			t = store.Say("receipt.amount.zero")
		case grant > 0 && v > grant:
			t = store.Say("entry.amount.ceiling", "Amount", v.String(), "Most", grant.String())
		default:
			return nil
		}
		return &t
	}
}

// UndoFor is how long a decision can be taken back; the message about it waits until then.
const UndoFor = time.Minute

// KeepVoice keeps a voice note about a nota with it.
func KeepVoice(ctx context.Context, tx store.Tx, who Who, r store.Receipt, said form.Told) (*store.File, error) {
	if len(said.Voice) == 0 {
		return nil, nil
	}
	f := said.Voice[0]
	f.Recipient, f.Receipt, f.By, f.At = r.Recipient, r.ID, who.ID, tx.Now()
	return &f, tx.AddFile(ctx, "file.kept", &f)
}

// Spoken are the languages that locales has.
var Spoken = []string{"id", "en"}

// Outside says what the answer is of, where nobody in the roster gets it.
func (t *Turn) Outside(a Asker) {
	if len(t.Account.People) == 0 {
		t.Asker = a
	}
}

// Bearer says that the answer is about what somebody has in hand who may not be in the roster: an invitation whose code
// fits, or a change in which they are replaced.
func (t *Turn) Bearer(what string, id store.ID) {
	if t.Outside(Bearer); t.Asker == Bearer {
		t.Bears = what + ":" + IDText(id)
	}
}

// IDText is a record's id in button data; IDOf reads it.
func IDText(id store.ID) string { return strconv.FormatInt(int64(id), 10) }

// PersonName reads a name; a number or a sentence is none.
func PersonName(text string) []string {
	found := form.Text(text)
	if len(found) != 1 || len([]rune(found[0])) > 60 || strings.ContainsAny(found[0], "0123456789/@:") {
		return nil
	}
	return found
}

// Clip shortens words that would not fit.
func Clip(words string, most int) string {
	if r := []rune(words); len(r) > most {
		return string(r[:most]) + "…"
	}
	return words
}

// InBrief reads why a plan should change, in few words.
func InBrief(text string) []string {
	if len([]rune(text)) > 200 {
		return nil
	}
	return form.Text(text)
}

// WithHands adds persons to those who had a hand in a record.
func WithHands(hands []store.ID, more ...store.ID) []store.ID {
	for _, id := range more {
		if id != 0 && !slices.Contains(hands, id) {
			hands = append(slices.Clone(hands), id)
		}
	}
	return hands
}

// Number is the number that a nota has within its recipient, in decimal.
func Number(r store.Receipt) string { return strconv.Itoa(r.Number) }

// Behalf is the group's name where a mentor enters something for it; it stands on every card.
func Behalf(w Who, of store.Recipient) string {
	if w.Role == store.Mentor {
		return of.Name
	}
	return ""
}

// OnPage is the part of a list that a page shows.
func OnPage[T any](list []T, page, per int) []T {
	return list[page*per : min((page+1)*per, len(list))]
}

// Pages are the buttons that turn the pages of a list; to makes the data of the one that leads to a page.
func Pages(to func(page int) string, page, all, per int) []store.Button {
	var row []store.Button
	if page > 0 {
		row = append(row, store.Button{Text: store.Say("page.newer"), Data: to(page - 1)})
	}
	if (page+1)*per < all {
		row = append(row, store.Button{Text: store.Say("page.older"), Data: to(page + 1)})
	}
	return row
}

// PageIn is the data of the button that leads to a page of a flow's list; Args.Page reads it.
func PageIn(name string) func(page int) string {
	return func(page int) string { return Data(name, Letter("p", store.ID(page))) }
}

// Amount is a nota's total where it counts; a cancelled one has none.
func Amount(r store.Receipt) string {
	if r.State == store.Cancelled || r.Total == 0 {
		return ""
	}
	return r.Total.String()
}

// Albums show pictures, as many at a time as Telegram takes (Bot API, sendMediaGroup); pictures and documents don't mix
// there.
func Albums(files []store.File, caption store.Text) []form.Screen {
	const most = 10
	var list []form.Screen
	for _, f := range files {
		s := ShownAs(f)
		n := len(list) - 1
		if n < 0 || len(list[n].Files) == most || list[n].Files[0].Kind != s.Kind {
			list = append(list, form.Screen{Body: []store.Text{caption}})
			n++
		}
		list[n].Files = append(list[n].Files, s)
	}
	return list
}

// ShownAs is a file as it can be sent again: what came as a document only as one.
func ShownAs(f store.File) store.Shown {
	if f.Kind == "photo" && f.Width == 0 {
		return store.Shown{ID: f.FileID, Kind: "document"}
	}
	return store.Shown{ID: f.FileID, Kind: f.Kind}
}

// ByVoice is a voice note for somebody, if there is one.
func ByVoice(chat int64, voice *store.File) []store.Message {
	if voice == nil {
		return nil
	}
	return []store.Message{{Chat: chat, Files: []store.Shown{ShownAs(*voice)}}}
}
