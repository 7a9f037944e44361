package flows_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/join"
	"pendamping/store"
)

// albumSent is an album as its sender sees it.
type albumSent struct {
	group   string
	pages   []string // unique ids
	caption int      // which page has the words; -1: none
	amount  int
}

// TestAlbums sends albums of 2 to 10 pictures in any order, the pages of several mixed and late, some delivered again
// and some sent a second time, with the caption on any page, to people with one recipient or two: no page is lost or
// doubled, no page lands with another album, and a caption says what its own nota cost.
func TestAlbums(t *testing.T) {
	g := newGround(t)
	var number int64
	rapid.Check(t, func(rt *rapid.T) {
		number++
		a := newAlbumist(t, g, number, rapid.Bool().Draw(rt, "two recipients"))
		var albums []albumSent
		var events []form.Event
		for i := range rapid.IntRange(1, 3).Draw(rt, "albums") {
			n := rapid.IntRange(2, 10).Draw(rt, "pages")
			s := albumSent{group: fmt.Sprintf("%d-%d", number, i), caption: rapid.IntRange(-1, n-1).Draw(rt, "caption"),
				amount: 100_000 + 1000*i}
			for page := range n {
				id := fmt.Sprintf("u%s-%d", s.group, page)
				s.pages = append(s.pages, id)
				e := form.Event{Kind: form.Picture, Album: s.group, Files: []store.File{{
					Kind: "photo", FileID: "f" + id, UniqueID: id, Width: 10, Height: 10, Album: s.group,
				}}}
				if page == s.caption {
					e.Text = fmt.Sprintf("semen %drb TB Jaya, kemarin, bahan", s.amount/1000)
				}
				events = append(events, e)
			}
			albums = append(albums, s)
		}
		events = rapid.Permutation(events).Draw(rt, "order")
		for i, e := range events {
			a.does(e)
			if rapid.IntRange(0, 3).Draw(rt, "answers") == 0 {
				a.places()
			}
			if rapid.IntRange(0, 3).Draw(rt, "again") == 0 {
				a.again(rapid.IntRange(0, len(a.sent)-1).Draw(rt, "which"))
			}
			if rapid.IntRange(0, 5).Draw(rt, "sent twice") == 0 {
				a.does(events[rapid.IntRange(0, i).Draw(rt, "what")])
			}
			if rapid.IntRange(0, 9).Draw(rt, "lost") == 0 {
				a.session = dialog.Session{}
			}
		}
		a.places()
		a.check(rt, albums)
	})
}

// albumist is somebody who sends albums, and the bot around them.
type albumist struct {
	t          testing.TB
	g          *ground
	account    int64
	two        bool
	recipients []store.ID
	session    dialog.Session
	sent       []form.Event
	buttons    []string
	place      string // a button that says whose the held pictures are
	now        time.Time
}

func newAlbumist(t testing.TB, g *ground, number int64, two bool) *albumist {
	a := &albumist{t: t, g: g, account: 7_000_000 + number, two: two, now: walkStart}
	tx := g.db.Begin(a.now, 0)
	for i := range 2 {
		if i == 1 && !two {
			break
		}
		code := fmt.Sprintf("ALB-%d-%d", number, i)
		r := store.Recipient{Code: code, Name: code, Program: g.program, Grant: 20_000_000, Disbursed: "2026-11-10",
			Zone: "Asia/Jakarta"}
		a.must(tx.AddRecipient(t.Context(), "recipient.added", &r))
		p := store.Person{Key: code, Role: store.Treasurer, Code: code, Name: code, Recipient: r.ID, Account: a.account}
		a.must(tx.AddPerson(t.Context(), "person.added", &p))
		a.must(tx.AddConsent(t.Context(), "consent.given", &store.Consent{
			Person: p.ID, Notice: join.Notice, Given: a.now, Source: "paper",
		}))
		a.recipients = append(a.recipients, r.ID)
	}
	_, err := tx.Commit(t.Context(), 0, nil, nil)
	a.must(err)
	return a
}

func (a *albumist) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

// does sends something new.
func (a *albumist) does(e form.Event) {
	e.Update, e.Account, e.Chat, e.Message = a.account*1000+int64(len(a.sent)), a.account, a.account, 1000+len(a.sent)
	a.sent = append(a.sent, e)
	a.turn(e)
}

// again delivers an update once more, as Telegram may.
func (a *albumist) again(i int) {
	if a.session.Took(a.sent[i].Update) { // of others the inbox knows
		a.turn(a.sent[i])
	}
}

func (a *albumist) turn(e form.Event) {
	a.now = a.now.Add(100 * time.Millisecond)
	tx := a.g.db.Begin(a.now, 0)
	defer tx.Rollback(a.t.Context())
	res, err := flows.Turn(a.t.Context(), tx, a.g.setting, a.session, clone(e))
	a.must(err)
	if tx.Written() {
		_, err = tx.Commit(a.t.Context(), 0, nil, nil)
		a.must(err)
	}
	a.session = res.Session
	a.buttons = nil
	for _, m := range res.Messages {
		for _, b := range slices.Concat(m.Buttons...) {
			a.buttons = append(a.buttons, b.Data)
			if strings.HasPrefix(b.Data, "place:") {
				a.place = b.Data
			}
		}
	}
}

// places says whose the held pictures are, if that was ever asked.
func (a *albumist) places() {
	if a.place != "" {
		a.does(form.Event{Kind: form.Press, Press: a.place})
	}
}

func (a *albumist) check(rt *rapid.T, albums []albumSent) {
	tx := a.g.db.Begin(a.now, 0)
	defer tx.Rollback(a.t.Context())
	where := map[string][]store.ID{} // the notas that show a page
	words := map[store.ID][]string{}
	for _, of := range a.recipients {
		list, err := tx.Receipts(a.t.Context(), of, "", 1000, 0)
		a.must(err)
		for _, r := range list {
			files, err := tx.Files(a.t.Context(), r.ID)
			a.must(err)
			for _, f := range files {
				where[f.UniqueID] = append(where[f.UniqueID], r.ID)
				words[r.ID] = append(words[r.ID], f.Words)
			}
		}
	}
	taken := map[store.ID]string{}
	for _, s := range albums {
		for _, page := range s.pages {
			of := where[page]
			if len(of) != 1 || of[0] != where[s.pages[0]][0] {
				rt.Fatalf("page %s of album %s is in notas %v, the first in %v", page, s.group, of, where[s.pages[0]])
			}
		}
		nota := where[s.pages[0]][0]
		if other := taken[nota]; other != "" {
			rt.Fatalf("albums %s and %s are one nota", other, s.group)
		}
		taken[nota] = s.group
		want := fmt.Sprintf("semen %drb TB Jaya, kemarin, bahan", s.amount/1000)
		for _, said := range words[nota] {
			if said != "" && said != want || said != "" && s.caption < 0 {
				rt.Fatalf("nota of album %s has the caption %q", s.group, said)
			}
		}
		if s.caption >= 0 && !slices.Contains(words[nota], want) {
			rt.Fatalf("the caption of album %s is lost", s.group)
		}
	}
}
