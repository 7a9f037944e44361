package bot_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"strings"
	"time"

	"pendamping/bot/faketelegram"
	"pendamping/flows"
	"pendamping/store"
)

// owner is somebody with a business of their own, and what they see of the bot.
type owner struct {
	*faketelegram.User
	h         *house
	recipient store.ID
	person    store.ID
}

// owners enters so many owners of single businesses, all joined, and presses Start for nobody.
func (h *house) owners(n int) []*owner {
	h.t.Helper()
	ctx := context.Background()
	tx := h.db.Begin(time.Now(), 0)
	program := store.Program{Code: "TKM-PEMULA", Edition: 1, Rules: store.DefaultRules()}
	h.ok(tx.AddProgram(ctx, "program.added", &program))
	list := make([]*owner, n)
	for i := range list {
		code, account := fmt.Sprintf("PRG-%03d", i+1), int64(1001+i)
		r := store.Recipient{
			Code: code, Name: "Usaha " + code, Single: true, Program: program.ID, Province: "Jawa Barat", Regency: "Garut", Wave: "I",
			Zone: "Asia/Jakarta", Grant: 5_000_000, Disbursed: store.DayOf(time.Now().AddDate(0, 0, -9), time.UTC),
		}
		h.ok(tx.AddRecipient(ctx, "recipient.added", &r))
		p := store.Person{Key: store.PersonKey("", store.Owner, code, "x"), Role: store.Owner, Code: code, Name: "Nama " + code, Recipient: r.ID, Account: account}
		h.ok(tx.AddPerson(ctx, "person.added", &p))
		h.ok(tx.AddConsent(ctx, "consent.given", &store.Consent{Person: p.ID, Notice: flows.Notice, Given: tx.Now(), Source: "paper"}))
		list[i] = &owner{h.telegram.User(account, fmt.Sprintf("Orang-Rahasia-%d", account)), h, r.ID, p.ID}
	}
	_, err := tx.Commit(ctx, 0, nil, nil)
	h.ok(err)
	return list
}

// answers are what the bot said to them, in order.
func (o *owner) answers() []faketelegram.Message {
	var list []faketelegram.Message
	for _, m := range o.Messages() {
		if m.FromBot && !m.Deleted {
			list = append(list, m)
		}
	}
	return list
}

// heard counts the messages with a sentence in them; its data is cut off.
func (o *owner) heard(id string) int {
	n := 0
	words := o.h.sentence(id)
	for _, m := range o.answers() {
		if strings.Contains(m.Text, words) {
			n++
		}
	}
	return n
}

// sentence is the words of one without data, or up to where its data begins.
func (h *house) sentence(id string) string {
	words, _, _ := strings.Cut(h.words.Text("id", id, map[string]string{"Number": "\x00", "Group": ""}), "\x00")
	return words
}

// hears waits until the bot has said a sentence to them.
func (o *owner) hears(id string) {
	o.h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	defer cancel()
	if err := o.Wait(ctx, func([]faketelegram.Message) bool { return o.heard(id) > 0 }); err != nil {
		o.h.t.Fatalf("%d never hears %q; they see %+v\n%s", o.ID(), id, o.answers(), o.h.log)
	}
}

// receipts are their notas, the oldest first, each with the words that came with its picture.
func (o *owner) receipts() (list []store.Receipt, captions []string) {
	o.h.t.Helper()
	ctx := context.Background()
	tx := o.h.db.Begin(time.Now(), 0)
	defer tx.Rollback(ctx)
	newest, err := tx.Receipts(ctx, o.recipient, "", 1000, 0)
	o.h.ok(err)
	for i := len(newest) - 1; i >= 0; i-- {
		list = append(list, newest[i])
		files, err := tx.Files(ctx, newest[i].ID)
		o.h.ok(err)
		words := "no picture"
		if len(files) > 0 {
			words = files[0].Words
		}
		captions = append(captions, words)
	}
	return list, captions
}

// picture is a small picture, another for each number.
func picture(n int) []byte {
	img := image.NewGray(image.Rect(0, 0, 16, 9))
	img.Pix[0], img.Pix[1] = byte(n), byte(n>>8)
	var out bytes.Buffer
	_ = png.Encode(&out, img)
	return out.Bytes()
}
