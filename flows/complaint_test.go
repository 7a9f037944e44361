package flows_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/join"
	"pendamping/store"
)

// says has an account write or press one thing after the other at a time, until a conversation ends, and returns what
// is said at last, to itself and to others. A button of a form is "q:%d:WHAT".
func (c *court) says(account int64, at time.Time, things ...string) (said, others []store.Message) {
	c.t.Helper()
	ctx := c.t.Context()
	tx := c.g.db.Begin(at, 0)
	defer tx.Rollback(ctx)
	s := dialog.Session{}
	var told []store.Delivery
	for _, thing := range things {
		e := form.Event{Kind: form.Words, Text: thing, Account: account, Chat: account, Message: 5}
		if press, of, ok := strings.Cut(thing, ":"); ok {
			e.Kind, e.Text, e.Press = form.Press, "", thing
			if press == "q" {
				e.Press = fmt.Sprintf("q:"+of, s.Screen)
			}
		}
		res, err := flows.Turn(ctx, tx, c.g.setting, s, e)
		if err != nil {
			c.t.Fatal(err)
		}
		told = deliveries(res)
		if s, said = res.Session, res.Messages; s.Form.Form == "" {
			break
		}
	}
	if _, err := tx.Commit(ctx, 0, nil, told); err != nil {
		c.t.Fatal(err)
	}
	own := func(m store.Message) bool { return m.Chat == account }
	return slices.DeleteFunc(slices.Clone(said), func(m store.Message) bool { return !own(m) }),
		slices.DeleteFunc(said, own)
}

// tells has an account tell of something that is not about money.
func (c *court) tells(account int64, at time.Time) (said, others []store.Message) {
	return c.says(account, at, "/lapor", "q:%d:=lain", "Timbangan kami rusak", "q:%d:ok")
}

// joined adds a member of a group who has agreed to the notice.
func (c *court) joined(tx store.Tx, name string, of store.ID, account int64) {
	c.t.Helper()
	p := store.Person{Key: name, Role: store.Member, Code: "A", Name: name, Recipient: of, Account: account}
	if err := tx.AddPerson(c.t.Context(), "person.added", &p); err != nil {
		c.t.Fatal(err)
	}
	consent := store.Consent{Person: p.ID, Notice: join.Notice, Given: tx.Now(), Source: "paper"}
	if err := tx.AddConsent(c.t.Context(), "consent.given", &consent); err != nil {
		c.t.Fatal(err)
	}
}

// However many accounts tell of however much, a coordinator hears of it a few times a day, can read each, and is told
// of every one that comes after they have read.
func TestComplaintsAreBounded(t *testing.T) {
	c := newCourt(t)
	ctx := t.Context()
	const accounts, first = 40, 5000
	c.stored(func(tx store.Tx) {
		of, err := tx.RecipientByCode(ctx, "A")
		if err != nil {
			t.Fatal(err)
		}
		for i := range accounts {
			c.joined(tx, fmt.Sprintf("Anggota %d", i), of.ID, int64(first+i))
		}
	})
	told, sent := 0, 0
	for i := range accounts {
		for n := range 7 {
			account, at := int64(first+i), walkStart.Add(time.Duration(i*10+n)*time.Second)
			if n >= 5 {
				if said, _ := c.says(account, at, "/lapor", "q:%d:=lain"); said[0].Body[0].ID != "complaint.enough" {
					t.Fatalf("the complaint %d of an account: %s", n+1, said[0].Body[0].ID)
				}
				continue
			}
			said, others := c.tells(account, at)
			told += len(others)
			if id := said[0].Body[0].ID; id != "complaint.done" {
				t.Fatalf("the complaint %d of an account: %s", n+1, id)
			}
			sent++
		}
	}
	if told > 2 {
		t.Errorf("a coordinator heard of %d complaints %d times in one day", sent, told)
	}
	c.stored(func(tx store.Tx) {
		of, err := tx.RecipientByCode(ctx, "A")
		if err != nil {
			t.Fatal(err)
		}
		c.joined(tx, "Anggota lain", of.ID, first+accounts)
	})
	keys := map[string]bool{}
	for i := range 5 { // of money each is heard of at once, however much is unread
		topic := []string{"pungli", "potongan"}[i%2]
		_, others := c.says(first+accounts, walkStart.Add(time.Duration(1000+i)*time.Second), "/lapor", "q:%d:="+topic,
			"Ada yang meminta uang", "q:%d:ok")
		if len(others) != 1 {
			t.Fatalf("%d messages about a complaint of money", len(others))
		}
		keys[others[0].Key] = true
		sent++
	}
	if len(keys) != 5 {
		t.Errorf("complaints of money take each other's place: %v", keys)
	}
	if said, _ := c.tells(first, walkStart.Add(24*time.Hour+time.Minute)); said[0].Body[0].ID != "complaint.done" {
		t.Errorf("a day later: %s", said[0].Body[0].ID)
	}
	read := map[string]bool{}
	var said []store.Message
	show := func(press string) {
		tx := c.g.db.Begin(walkStart.Add(25*time.Hour), 0)
		defer tx.Rollback(ctx)
		e := form.Event{Kind: form.Press, Press: press, Account: c.acts["Budi"], Chat: c.acts["Budi"], Message: 5}
		res, err := flows.Turn(ctx, tx, c.g.setting, dialog.Session{}, e)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Commit(ctx, 0, nil, nil); err != nil {
			t.Fatal(err)
		}
		said = slices.DeleteFunc(res.Messages, func(m store.Message) bool { return m.Chat != c.acts["Budi"] })
	}
	for page := 0; page*20 < sent+1; page++ {
		show(fmt.Sprintf("laporan:p%d", page))
		for _, b := range slices.Concat(said[0].Buttons...) {
			if b.Text.ID == "laporan.choice" {
				read[b.Data] = true
			}
		}
	}
	if len(read) != sent+1 {
		t.Fatalf("%d of %d complaints are in the list", len(read), sent+1)
	}
	for data := range read {
		show(data)
		if !strings.HasPrefix(said[0].Body[0].ID, "laporan.card") {
			t.Fatalf("%s shows %s", data, said[0].Body[0].ID)
		}
	}
	for i := range 3 { // each is heard of when nothing else waits
		_, others := c.tells(int64(first+10+i), walkStart.Add(26*time.Hour))
		if len(others) != 1 {
			t.Fatalf("%d messages about one complaint", len(others))
		}
		show(others[0].Buttons[0][0].Data)
	}
}

// What a coordinator opens or closes is hidden from no other: who has not opened it hears of it each morning until they
// have, for two weeks; of what nobody has opened, for good.
func TestComplaintsAreNotHidden(t *testing.T) {
	c := newCourt(t)
	ctx := t.Context()
	const hadi = 5000
	c.stored(func(tx store.Tx) {
		p := store.Person{
			Key: "hadi", Role: store.Coordinator, Code: "KOR-3", Name: "Hadi", Province: "JAWA BARAT", Account: hadi,
		}
		if err := tx.AddPerson(ctx, "person.added", &p); err != nil {
			t.Fatal(err)
		}
		consent := store.Consent{Person: p.ID, Notice: join.Notice, Given: tx.Now(), Source: "paper"}
		if err := tx.AddConsent(ctx, "consent.given", &consent); err != nil {
			t.Fatal(err)
		}
	})
	budi := c.acts["Budi"]
	var cards []string // by topic, and then what Budi does: nothing, opens, closes
	for i, topic := range []string{"pungli", "potongan", "lain"} {
		for n := range 3 {
			account := c.acts[[]string{"Sri", "Wati", "Ani"}[n]]
			at := walkStart.Add(time.Duration(3*i+n) * time.Minute)
			c.says(account, at, "/lapor", "q:%d:="+topic, "Ada yang tidak benar", "q:%d:ok")
		}
	}
	c.stored(func(tx store.Tx) {
		list, err := tx.ComplaintsIn(ctx, "", "")
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range slices.Backward(list) {
			cards = append(cards, dialog.IDText(l.ID))
		}
	})
	for i, card := range cards {
		if i%3 > 0 {
			c.says(budi, walkStart.Add(time.Hour), "laporan:"+card)
		}
		if i%3 > 1 {
			c.says(budi, walkStart.Add(time.Hour), "answer:"+card, "Sudah kami periksa", "q:%d:=closed", "q:%d:ok")
		}
	}
	// morning is what each coordinator reads on a day: how many, about money, and closed.
	morning := func(days int) (said map[int64]string) {
		t.Helper()
		at := walkStart.AddDate(0, 0, days).Add(-time.Hour)
		said = map[int64]string{}
		for _, r := range flows.Rounds(at, []string{"Asia/Jakarta"}, c.g.setting.Zone) {
			if r.What != dialog.RoundUnread {
				continue
			}
			tx := c.g.db.Begin(at, 0)
			defer tx.Rollback(ctx)
			list, err := flows.MakeRound(ctx, tx, r, c.g.setting)
			if err == nil {
				_, err = tx.Commit(ctx, 0, nil, nil)
			}
			for _, m := range list {
				if err == nil {
					m, _, err = flows.Needed(ctx, c.g.db.Begin(at, 0), c.g.setting, m)
				}
				if err == nil {
					d := m.Body[0].Data
					said[m.Chat] = strings.TrimSpace(d["Count"] + " " + d["Money"] + " " + d["Closed"])
				}
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		return said
	}
	said, _ := c.says(hadi, walkStart.Add(2*time.Hour), "laporan:")
	request := func(b store.Button) bool { return b.Text.ID != "laporan.choice" }
	for i, b := range slices.DeleteFunc(slices.Concat(said[0].Buttons...), request) {
		d := b.Text.Data
		money, closed := d["Topic"] != "lain", d["State"] == "closed"
		if (i < 6) != money || d["Unread"] == "" || closed != (d["Name"] == "Budi") {
			t.Errorf("row %d of the list is %v", i, d)
		}
	}
	for _, d := range []struct {
		day        int
		hadi, budi string
	}{{1, "9 6 3", "3 2"}, {1, "", ""}, {2, "7 4 2", "3 2"}, {13, "7 4 2", "3 2"}, {15, "5 3", "3 2"}} {
		if d.day == 2 {
			for _, card := range cards[1:3] {
				c.says(hadi, walkStart.AddDate(0, 0, 1), "laporan:"+card)
			}
		}
		if said := morning(d.day); said[hadi] != d.hadi || said[budi] != d.budi || said[c.acts["Sari"]] != "" {
			t.Errorf("on day %d it is said: %v", d.day, said)
		}
	}
	for _, card := range cards {
		c.says(budi, walkStart.AddDate(0, 0, 16), "laporan:"+card)
	}
	for n, want := range []int{2, 1, 1} { // Budi reads each; Hadi doesn't, and hears once a day that there is more
		_, others := c.tells(c.acts["Joko"], walkStart.AddDate(0, 0, 16).Add(time.Duration(n)*time.Minute))
		if len(others) != want || others[0].Chat != budi {
			t.Errorf("complaint %d is told to %v", n, others)
		}
		c.says(budi, walkStart.AddDate(0, 0, 16).Add(time.Duration(n)*time.Minute), others[0].Buttons[0][0].Data)
	}
}

// Of a group's requests about personal data a coordinator hears at once where none waits, else once a day; withdrawals
// and the morning's card are beside that.
func TestRequestsAreBounded(t *testing.T) {
	c := newCourt(t)
	told := 0
	for i := range 20 {
		account := int64(6000 + i)
		c.stored(func(tx store.Tx) {
			of, err := tx.RecipientByCode(t.Context(), "A")
			if err != nil {
				t.Fatal(err)
			}
			c.joined(tx, fmt.Sprintf("Anggota %d", i), of.ID, account)
		})
		_, others := c.says(account, walkStart, "erase:", "Hapus semuanya", "q:%d:ok")
		told += len(others)
	}
	if told > 2 {
		t.Errorf("a coordinator heard of 20 requests %d times", told)
	}
}

// Somebody of a group answers a letter so often within a day, and is told then when they may write again.
func TestAnswersAreBounded(t *testing.T) {
	c := newCourt(t)
	told := 0
	for i := range 15 {
		said, others := c.says(c.acts["Sri"], walkStart.Add(time.Duration(i)*time.Minute),
			"reply:"+c.ids.Replace("{L}"), "Baik, Bu", "q:%d:ok")
		if told += len(others); (i >= 10) != (said[0].Body[0].ID == "reply.enough") {
			t.Fatalf("answer %d: %s", i+1, said[0].Body[0].ID)
		}
	}
	if told != 10 {
		t.Errorf("the mentor has %d messages", told)
	}
}

// Who was told of a complaint reads it, also when the place of its group is corrected before, and so does who
// coordinates the new place.
func TestComplaintOfAMovedGroup(t *testing.T) {
	c := newCourt(t)
	ctx := t.Context()
	_, told := c.tells(c.acts["Sri"], walkStart)
	if len(told) == 0 || told[0].Chat != c.acts["Budi"] {
		t.Fatalf("it is told to %v", told)
	}
	c.stored(func(tx store.Tx) {
		of, err := tx.RecipientByCode(ctx, "A")
		if err != nil {
			t.Fatal(err)
		}
		of.Province, of.Regency = "Jawa Timur", "Malang"
		if err := tx.PutRecipient(ctx, "recipient.imported", &of); err != nil {
			t.Fatal(err)
		}
	})
	said, _ := c.says(c.acts["Budi"], walkStart.Add(time.Hour), told[0].Buttons[0][0].Data)
	if len(said) == 0 || said[0].Body[0].ID != "laporan.card" {
		t.Errorf("who was told of it reads %v", said)
	}
	said, _ = c.says(c.acts["Sari"], walkStart.Add(time.Hour), "laporan:")
	if len(said) == 0 || len(said[0].Buttons) == 0 || said[0].Buttons[0][0].Data != told[0].Buttons[0][0].Data {
		t.Fatalf("who coordinates the new place reads %v", said)
	}
	c.stored(func(tx store.Tx) {
		sari, err := tx.PersonByCode(ctx, store.Coordinator, "KOR-2")
		if err != nil {
			t.Fatal(err)
		}
		unread, err := dialog.Unread(ctx, tx, sari)
		if err != nil || len(unread) != 1 {
			t.Errorf("who coordinates the new place is reminded of %v, %v", unread, err)
		}
	})
}

// Who coordinates two places reads what a message is about, as whichever of the two they speak.
func TestComplaintOfTheOtherPlace(t *testing.T) {
	c := newCourt(t)
	ctx := t.Context()
	budi := c.acts["Budi"]
	c.stored(func(tx store.Tx) {
		p := store.Person{
			Key: "garut", Role: store.Coordinator, Code: "KOR-4", Name: "Budi", Province: "Banten", Account: budi,
		}
		err := tx.AddPerson(ctx, "person.added", &p)
		consent := store.Consent{Person: p.ID, Notice: join.Notice, Given: tx.Now(), Source: "paper"}
		of, failed := tx.RecipientByCode(ctx, "A")
		of.Province, of.Regency = "Banten", "Lebak"
		err = errors.Join(err, failed, tx.AddConsent(ctx, "consent.given", &consent),
			tx.PutRecipient(ctx, "recipient.imported", &of))
		if err != nil {
			t.Fatal(err)
		}
	})
	_, told := c.tells(c.acts["Sri"], walkStart)
	if len(told) != 1 || told[0].Chat != budi {
		t.Fatalf("it is told to %v", told)
	}
	card := told[0].Buttons[0][0].Data
	said, _ := c.says(budi, walkStart.Add(time.Hour), "laporan:")
	if len(said) != 1 || len(said[0].Buttons) != 1 || said[0].Buttons[0][0].Data != card {
		t.Errorf("behind the morning's button is %v", said)
	}
	c.stored(func(tx store.Tx) { // as the other one again
		first, err := tx.PersonByCode(ctx, store.Coordinator, "KOR-1")
		if err = errors.Join(err, tx.PutAccount(ctx, store.Account{ID: budi, Active: first.ID})); err != nil {
			t.Fatal(err)
		}
	})
	said, _ = c.says(budi, walkStart.Add(2*time.Hour), card)
	if n := len(said) - 1; n < 0 || !slices.ContainsFunc(said[n].Body, func(t store.Text) bool {
		return t.ID == "laporan.card"
	}) {
		t.Errorf("behind the complaint's button is %v", said)
	}
}
