package flows_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// stored keeps what f writes, at the beginning of the walk.
func (c *court) stored(f func(tx store.Tx)) {
	c.t.Helper()
	tx := c.g.db.Begin(walkStart, 0)
	defer tx.Rollback(c.t.Context())
	f(tx)
	if _, err := tx.Commit(c.t.Context(), 0, nil, nil); err != nil {
		c.t.Fatal(err)
	}
}

// A change of the mentor, or of the mentor's phone, is none of the group's: nobody of it stops it, or reads of it, by a
// made-up button. Who had the phone stops it by the ticket that came with the news.
func TestMentorIsNotTheGroupsToStop(t *testing.T) {
	const ticket = "aabbccdd"
	for name, test := range map[string]struct {
		kind  store.HandoverKind
		state store.HandoverState
		press string
		says  string // in place of "stale"
	}{
		"another mentor":         {store.MentorMoves, store.HandoverDone, "notus:{H1}::1:y", ""},
		"another mentor, ticket": {store.MentorMoves, store.HandoverDone, "notus:{H1}:" + ticket + ":1:y", ""},
		"mentor's phone":         {store.PhoneLost, store.HandoverDone, "notus:{H1}::1:y", ""},
		"mentor's phone, asks":   {store.PhoneLost, store.HandoverDone, "notus:{H1}", ""},
		"mentor's phone, ticket": {
			store.PhoneLost, store.HandoverDone, "notus:{H1}:" + ticket + ":1:y", "notus.done",
		},
		"leave":                    {store.MentorLeaves, store.HandoverAsked, "notus:{H1}", ""},
		"leave, agree":             {store.MentorLeaves, store.HandoverAsked, "agree:{H1}", ""},
		"refused leave":            {store.MentorLeaves, store.HandoverDeclined, "notus:{H1}", ""},
		"refused leave, agree":     {store.MentorLeaves, store.HandoverDeclined, "agree:{H1}", ""},
		"officer, not done yet":    {store.OfficerMoves, store.HandoverAsked, "notus:{H1}", ""},
		"officer":                  {store.OfficerMoves, store.HandoverDone, "notus:{H1}::1:y", "notus.done"},
		"phone of the treasurer's": {"treasurer", store.HandoverDone, "notus:{H1}::1:y", "notus.done"},
		"yes without its question": {store.OfficerMoves, store.HandoverDone, "notus:{H1}::y", "notus.sure"},
		"yes of another version":   {store.OfficerMoves, store.HandoverDone, "notus:{H1}::2:y", "notus.sure"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourt(t)
			ctx := t.Context()
			var h store.Handover
			c.stored(func(tx store.Tx) {
				of, err := tx.Recipient(ctx, flows.IDOf(c.ids.Replace("{G}")))
				if err != nil {
					t.Fatal(err)
				}
				budi, err := tx.PersonByCode(ctx, store.Coordinator, "KOR-1")
				if err != nil {
					t.Fatal(err)
				}
				sri, err := tx.PersonByCode(ctx, store.Treasurer, "A")
				if err != nil {
					t.Fatal(err)
				}
				h = store.Handover{
					Recipient: of.ID, Kind: test.kind, State: test.state, From: of.Mentor, Reason: "sakit",
					Answer: "nanti", By: budi.ID, At: tx.Now(),
					Decided: budi.ID, DecidedAt: tx.Now().Add(-time.Hour), Ticket: ticket,
				}
				switch test.kind {
				case "treasurer":
					h.Kind, h.From = store.PhoneLost, sri.ID
				case store.OfficerMoves:
					h.From, h.To, h.Role = 0, sri.ID, store.Treasurer
				case store.MentorMoves:
					h.From, h.To = budi.ID, of.Mentor
				}
				if err := tx.AddHandover(ctx, "handover.done", &h); err != nil {
					t.Fatal(err)
				}
			})
			said, _, wrote := c.does("Wati", form.Event{
				Kind: form.Press, Press: strings.ReplaceAll(test.press, "{H1}", store.Rupiah(h.ID).String()),
			})
			if test.says == "" {
				test.says = "stale"
			}
			if said != test.says || wrote != (test.says == "notus.done") {
				t.Errorf("%q is said, written: %v; want %q", said, wrote, test.says)
			}
		})
	}
}

// What a stopped officer wrote into the LPJ and the book, besides notas, is counted for its reviewer, until the change
// is settled as right.
func TestStoppedOfficersWordsAreMarked(t *testing.T) {
	c := newCourt(t)
	ctx := t.Context()
	tx := c.g.db.Begin(walkStart, 0)
	defer tx.Rollback(ctx)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	of, err := tx.Recipient(ctx, flows.IDOf(c.ids.Replace("{G}")))
	must(err)
	wati, err := tx.PersonByCode(ctx, store.Member, "A")
	must(err)
	joko, err := tx.PersonByCode(ctx, store.Chair, "A")
	must(err)
	h := store.Handover{
		Recipient: of.ID, Kind: store.OfficerMoves, Role: store.Treasurer, State: store.HandoverDone, To: wati.ID,
		By: of.Mentor, At: tx.Now().Add(-time.Hour),
		DecidedAt: tx.Now().Add(-time.Hour),
	}
	must(tx.AddHandover(ctx, "handover.done", &h))
	must(tx.AddEntry(ctx, "entry.added", &store.Entry{
		Recipient: of.ID, Kind: store.EntryWithdraw, Amount: 100, Day: "2026-11-20", By: wati.ID, At: tx.Now(),
	}))
	must(tx.AddChapter(ctx, "chapter.written", &store.Chapter{
		Recipient: of.ID, Code: "latar", Text: "x", By: wati.ID, At: tx.Now(),
	}))
	for _, want := range []struct {
		state store.HandoverState
		n     int
	}{{store.HandoverDone, 0}, {store.HandoverObjected, 2}, {store.HandoverUpheld, 0}, {store.HandoverRestored, 2}} {
		h.State = want.state
		if want.state != store.HandoverDone {
			h.Objected, h.ObjectedAt = joko.ID, tx.Now()
			if want.state != store.HandoverObjected {
				h.Decided, h.DecidedAt = joko.ID, tx.Now().Add(time.Hour)
			}
			must(tx.PutHandover(ctx, "handover."+string(want.state), &h))
		}
		n, err := flows.Strangers(ctx, tx, of)
		must(err)
		card, err := flows.PlanCard(ctx, tx, store.Plan{
			Recipient: of.ID, State: store.PlanProposed, By: wati.ID, At: tx.Now(),
		})
		must(err)
		if slices.Contains(card, "flag.disowned") != (want.n > 0) {
			t.Errorf("%s: the plan's card says %v", want.state, card)
		}
		if n != want.n {
			t.Errorf("%s: %d are marked, want %d", want.state, n, want.n)
		}
	}
}

// What coordinators are told of a change that was stopped waits under a key of that change alone: of two both are said,
// whatever else comes meanwhile, and one that was settled before it was said is not asked any more.
func TestStoppedChangesHaveTheirKeys(t *testing.T) {
	c := newCourt(t)
	ctx := t.Context()
	budi := c.acts["Budi"]
	press := func(account int64, data string) (told store.Message) { // to Budi
		t.Helper()
		tx := c.g.db.Begin(walkStart.Add(time.Minute), 0)
		defer tx.Rollback(ctx)
		e := form.Event{Kind: form.Press, Press: data, Account: account, Chat: account, Message: 5}
		res, err := flows.Turn(ctx, tx, c.g.setting, dialog.Session{}, e)
		if err == nil {
			_, err = tx.Commit(ctx, 0, nil, deliveries(res))
		}
		if err != nil {
			t.Fatal(err)
		}
		if i := slices.IndexFunc(res.Messages, func(m store.Message) bool { return m.Chat == budi }); i >= 0 {
			told = res.Messages[i]
		}
		return told
	}
	waits := func(m store.Message) bool {
		t.Helper()
		tx := c.g.db.Begin(walkStart.Add(time.Minute), 0)
		defer tx.Rollback(ctx)
		kept, err := tx.Queued(ctx, budi, m.Key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			t.Fatal(err)
		}
		return err == nil && len(m.Buttons) > 0 && kept.Buttons[0][0].Data == m.Buttons[0][0].Data
	}
	var told []store.Message
	for _, kind := range []store.HandoverKind{store.OfficerMoves, store.PhoneLost} {
		var h store.Handover
		c.stored(func(tx store.Tx) {
			of, err := tx.RecipientByCode(ctx, "A")
			if err != nil {
				t.Fatal(err)
			}
			sri, err := tx.Account(ctx, c.acts["Sri"])
			if err != nil {
				t.Fatal(err)
			}
			h = store.Handover{
				Recipient: of.ID, Kind: kind, Role: store.Treasurer, To: sri.People[0].ID, State: store.HandoverDone,
				By: of.Mentor,
				At: tx.Now(), DecidedAt: tx.Now(),
			}
			if kind == store.PhoneLost {
				h.From, h.To, h.Role = h.To, 0, ""
			}
			if err := tx.AddHandover(ctx, "handover.done", &h); err != nil {
				t.Fatal(err)
			}
		})
		told = append(told, press(c.acts["Wati"], "notus:"+dialog.IDText(h.ID)+"::1:y"))
	}
	c.tells(c.acts["Ani"], walkStart.Add(time.Minute))
	for i, m := range told {
		if !waits(m) {
			t.Errorf("change %d: %v does not wait under %q", i, m.Body, m.Key)
		}
	}
	press(budi, told[0].Buttons[1][0].Data)
	if waits(told[0]) || !waits(told[1]) {
		t.Errorf("one of two was settled: it is asked %v, the other %v", waits(told[0]), waits(told[1]))
	}
	news := map[string]bool{} // for coordinators who may not settle it
	for i, topic := range []string{dialog.PeopleTopic, dialog.PeopleTopic, dialog.OtherTopic} {
		complaint := store.Complaint{ID: store.ID(i + 1), Topic: topic, Province: "Jawa Barat"}
		who := dialog.Who{Zone: c.g.setting.Zone}
		said, err := dialog.TellCoordinators(ctx, c.g.db.Begin(walkStart, 0), who, complaint)
		if err != nil || len(said) != 1 {
			t.Fatal(said, err)
		}
		news[said[0].Key] = true
	}
	if len(news) != 3 || news[""] {
		t.Errorf("the news of two changes and of something else have the keys %v", news)
	}
}
