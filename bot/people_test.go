package bot_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"slices"
	"strings"
	"time"

	"pendamping/bot/faketelegram"
	"pendamping/flows/join"
	"pendamping/store"
)

// owner is the owner of a single business, and what they see of the bot.
type owner struct {
	*faketelegram.User
	h         *house
	recipient store.ID
	person    store.ID
}

// owners enters owners of single businesses who have joined, and presses Start for nobody.
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
			Code: code, Name: "Usaha " + code, Single: true, Program: program.ID, Province: "Jawa Barat",
			Regency: "Garut", Wave: "I",
			Zone: "Asia/Jakarta", Grant: 5_000_000, Disbursed: store.DayOf(time.Now().AddDate(0, 0, -9), time.UTC),
		}
		h.ok(tx.AddRecipient(ctx, "recipient.added", &r))
		p := store.Person{Key: store.PersonKey("", store.Owner, code, "x"), Role: store.Owner, Code: code,
			Name: "Nama " + code, Recipient: r.ID, Account: account}
		h.ok(tx.AddPerson(ctx, "person.added", &p))
		h.ok(tx.AddConsent(ctx, "consent.given", &store.Consent{
			Person: p.ID, Notice: join.Notice, Given: tx.Now(), Source: "paper",
		}))
		list[i] = &owner{h.telegram.User(account, fmt.Sprintf("Orang-Rahasia-%d", account)), h, r.ID, p.ID}
	}
	_, err := tx.Commit(ctx, 0, nil, nil)
	h.ok(err)
	return list
}

// answers returns what the bot said to them, in order.
func (o *owner) answers() []faketelegram.Message {
	var list []faketelegram.Message
	for _, m := range o.Messages() {
		if m.FromBot && !m.Deleted {
			list = append(list, m)
		}
	}
	return list
}

// heard counts the messages that contain a sentence, without its data.
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

// puzzled counts how often the bot said to them that it does not understand, in either of its two sentences.
func (o *owner) puzzled() int {
	n := 0
	for _, m := range o.answers() {
		if strings.Contains(m.Text, "belum paham") {
			n++
		}
	}
	return n
}

// sentence returns the words of a sentence up to its first data.
func (h *house) sentence(id string) string {
	words, _, _ := strings.Cut(h.words.Text("id", id, map[string]string{"Number": "\x00", "Group": "\x00"}), "\x00")
	return strings.ReplaceAll(words, "<b>", "")
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

// receipts returns their notas, the oldest first, each with the pictures it shows as indices of those they sent.
func (o *owner) receipts() (list []store.Receipt, shown []int) {
	o.h.t.Helper()
	var sent []string
	for _, m := range o.Messages() {
		if !m.FromBot && m.Photo != nil {
			sent = append(sent, m.Photo.UniqueID)
		}
	}
	ctx := context.Background()
	tx := o.h.db.Begin(time.Now(), 0)
	defer tx.Rollback(ctx)
	newest, err := tx.Receipts(ctx, o.recipient, "", 1000, 0)
	o.h.ok(err)
	for _, r := range slices.Backward(newest) {
		list = append(list, r)
		files, err := tx.Files(ctx, r.ID)
		o.h.ok(err)
		for _, f := range files {
			shown = append(shown, slices.Index(sent, f.UniqueID))
		}
	}
	return list, shown
}

// inOrder checks that each of n pictures became one nota, numbered in the order in which the pictures came.
func (o *owner) inOrder(n int) {
	o.h.t.Helper()
	want := make([]int, n)
	for i := range want {
		want[i] = i
	}
	o.inThisOrder(want...)
}

// inThisOrder is inOrder for pictures that were handled in another order than they came.
func (o *owner) inThisOrder(want ...int) {
	o.h.t.Helper()
	list, shown := o.receipts()
	if !slices.Equal(shown, want) || len(list) != len(want) {
		o.h.t.Errorf("%d: %d notas show the pictures %v, want %v", o.ID(), len(list), shown, want)
	}
	for i, r := range list {
		if r.Number != i+1 {
			o.h.t.Errorf("%d: nota %d has the number %d", o.ID(), i+1, r.Number)
		}
	}
}

// picture returns a small picture, another one for each number.
func picture(n int) []byte {
	img := image.NewGray(image.Rect(0, 0, 16, 9))
	img.Pix[0], img.Pix[1] = byte(n), byte(n>>8)
	var out bytes.Buffer
	_ = png.Encode(&out, img)
	return out.Bytes()
}

// verified checks the audit trail, in which the last event of each record shows its state.
func (h *house) verified() {
	h.t.Helper()
	r, err := h.db.Verify(context.Background(), time.Now(), nil)
	h.ok(err)
	if r.Break != "" {
		h.t.Errorf("the audit trail is broken: %s", r.Break)
	}
}
