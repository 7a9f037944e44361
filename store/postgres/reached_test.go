package postgres_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"pendamping/store"
	"pendamping/store/postgres"
)

func (f *field) tx(t *testing.T) *postgres.Tx {
	t.Helper()
	tx := f.db.Begin(noon, 0)
	t.Cleanup(func() { tx.Rollback(context.Background()) })
	return tx
}

// same compares what was read.
func same[T any](t *testing.T, what string, want T) func(got T, err error) {
	t.Helper()
	return func(got T, err error) {
		t.Helper()
		ok(t, err)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s:\n%s", what, diff)
		}
	}
}

func TestPartsOf(t *testing.T) {
	f := newField(t)
	for _, c := range []struct {
		province string
		of       store.Audience
		by       string
		want     []store.Part
	}{
		{"", store.Audience{}, "province", []store.Part{{Value: "Jawa Barat", Chats: 6}, {Value: "Papua", Chats: 1}}},
		{"Jawa Barat", store.Audience{}, "regency", []store.Part{
			{Value: "Garut", Chats: 4}, {Value: "Sumedang", Chats: 2},
		}},
		{"Papua", store.Audience{}, "regency", []store.Part{{Value: "Jayapura", Chats: 1}}},
		// Rina has a group in each
		{"", store.Audience{Regency: "Garut"}, "wave", []store.Part{{Value: "1", Chats: 3}, {Value: "2", Chats: 2}}},
		{"", store.Audience{}, "role", []store.Part{
			{Value: "anggota", Chats: 1}, {Value: "ketua", Chats: 4}, {Value: "pendamping", Chats: 2},
		}},
		{"", store.Audience{Regency: "Sumedang"}, "role", []store.Part{
			{Value: "ketua", Chats: 1}, {Value: "pendamping", Chats: 1},
		}},
		{"", store.Audience{Wave: "3"}, "province", nil},
	} {
		same(t, c.by, c.want)(f.tx(t).PartsOf(t.Context(), c.province, "", c.of, c.by))
	}
	mentors, err := f.tx(t).PartsOf(t.Context(), "", "", store.Audience{}, "mentor")
	ok(t, err)
	if len(mentors) != 3 || mentors[0] != (store.Part{Value: "0", Chats: 1}) {
		t.Errorf("mentors: %v", mentors)
	}
}

func TestSaidTo(t *testing.T) {
	f := newField(t)
	first, second := f.launch(t, store.Broadcast{Words: "Satu"}), f.launch(t, store.Broadcast{Words: "Dua"})
	f.outcome(t, first.ID, store.Sent, ketuaA, ketuaB)
	rows := f.rows(t, second.ID)
	ok(t, f.db.KeepOutcomes(t.Context(), noon, []store.DeliveryOutcome{
		{ID: rows[ketuaA], State: store.Sent, SentID: 777},
	}))
	same(t, "the first", first.ID)(f.tx(t).SaidTo(t.Context(), ketuaA, ketuaA))
	same(t, "the second", second.ID)(f.tx(t).SaidTo(t.Context(), ketuaA, 777))
	for _, other := range []struct {
		chat    int64
		message int
	}{{ketuaA, ketuaB}, {ketuaB, 777}, {ketuaC, ketuaC}} {
		if id, err := f.tx(t).SaidTo(t.Context(), other.chat, other.message); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("message %d of %d is %d, %v", other.message, other.chat, id, err)
		}
	}
}

// Who joins while an announcement holds gets it, once; who had it, who is not in its audience and who comes too late
// don't.
func TestMissed(t *testing.T) {
	f := newField(t)
	today := store.Day("2026-11-23")
	holds := f.launch(t, store.Broadcast{Words: "Berlaku", Until: today, Audience: store.Audience{Regency: "Garut"}})
	f.launch(t, store.Broadcast{Words: "Tidak berlaku", Audience: store.Audience{Regency: "Garut"}})
	recalled := f.launch(t, store.Broadcast{Words: "Ditarik", Until: today})
	recalled.Recalled = noon
	do(t, f.db, func(tx *postgres.Tx) { ok(t, tx.PutBroadcast(t.Context(), "broadcast.recalled", &recalled)) })
	person := func(account int64, of store.ID) store.Person {
		p := store.Person{Key: time.Unix(account, 0).String(), Role: store.Member, Code: "X", Name: "Baru",
			Account: account, Recipient: of}
		do(t, f.db, func(tx *postgres.Tx) { ok(t, tx.AddPerson(t.Context(), "person.added", &p)) })
		return p
	}
	missed := func(p store.Person, day store.Day) (ids []store.ID) {
		list, err := f.tx(t).Missed(t.Context(), p, day)
		ok(t, err)
		for _, b := range list {
			ids = append(ids, b.ID)
		}
		return ids
	}
	here, elsewhere := person(111, f.groups[0].ID), person(112, f.groups[2].ID)
	for what, c := range map[string]struct {
		got, want []store.ID
	}{
		"who joined":            {missed(here, today), []store.ID{holds.ID}},
		"too late":              {missed(here, today.Add(1)), nil},
		"not in the audience":   {missed(elsewhere, today), nil},
		"who has a row already": {missed(f.members[0], today), nil},
	} {
		if !cmp.Equal(c.got, c.want) {
			t.Errorf("%s: %v, want %v", what, c.got, c.want)
		}
	}
	for _, want := range []bool{true, false} {
		do(t, f.db, func(tx *postgres.Tx) {
			same(t, "launched", want)(tx.LaunchTo(t.Context(), holds.ID, here.Account, "en", noon.Add(time.Hour)))
		})
	}
	if got := missed(here, today); got != nil {
		t.Errorf("missed after it was launched: %v", got)
	}
	same(t, "the next row", noon)(f.db.NextBulk(t.Context(), noon))
	var language string
	var due time.Time
	ok(t, f.conn.QueryRow(t.Context(), `select language, due from outbox where broadcast = $1 and chat = 111`,
		holds.ID).Scan(&language, &due))
	if language != "en" || !due.Equal(noon.Add(time.Hour)) {
		t.Errorf("the row's language is %q, due %v", language, due)
	}
}

// What is unknown is sent again only when somebody decides so.
func TestRetry(t *testing.T) {
	f := newField(t)
	b := f.launch(t, store.Broadcast{Words: "Halo"})
	list, err := f.db.ClaimBulk(t.Context(), 1, noon, 100, nil)
	ok(t, err)
	if len(list) != 7 {
		t.Fatalf("%d claimed", len(list))
	}
	f.outcome(t, b.ID, store.Sent, ketuaA, anggotaA, ketuaB, rina, lina)
	if _, err := f.db.Recover(t.Context(), 2, 1000); err != nil { // the claimer never joined, and so it is gone
		t.Fatal(err)
	}
	want := store.Tally{store.Sent: 5, store.Unknown: 2}
	same(t, "after the kill", want)(f.tx(t).TallyOf(t.Context(), b.ID))
	list, err = f.db.ClaimBulk(t.Context(), 1, noon, 100, nil)
	ok(t, err)
	if len(list) != 0 {
		t.Errorf("%d unknown ones were claimed", len(list))
	}
	do(t, f.db, func(tx *postgres.Tx) { same(t, "put back", 2)(tx.Retry(t.Context(), b.ID)) })
	do(t, f.db, func(tx *postgres.Tx) { same(t, "put back twice", 0)(tx.Retry(t.Context(), b.ID)) })
	list, err = f.db.ClaimBulk(t.Context(), 1, noon, 100, nil)
	ok(t, err)
	got := map[int64]bool{}
	for _, d := range list {
		got[d.Message.Chat] = true
	}
	if !cmp.Equal(got, map[int64]bool{ketuaC: true, ketuaD: true}) {
		t.Errorf("claimed after that: %v", got)
	}
}

func TestUnderstoodIn(t *testing.T) {
	f := newField(t)
	b := f.launch(t, store.Broadcast{Words: "Halo", Ack: true})
	f.outcome(t, b.ID, store.Sent, ketuaA, anggotaA, ketuaB, ketuaC, rina)
	for i, chat := range []int64{ketuaA, ketuaC, ketuaA} {
		do(t, f.db, func(tx *postgres.Tx) { same(t, "acknowledged", i < 2)(tx.Acknowledge(t.Context(), b.ID, chat)) })
	}
	same(t, "understood", []store.Understood{
		{
			Province: "Jawa Barat", Regency: "Garut", Got: 4, Acknowledged: 1,
		}, {Province: "Jawa Barat", Regency: "Sumedang", Got: 1, Acknowledged: 1},
	})(f.tx(t).UnderstoodIn(t.Context(), b.ID))
}

// Those who got it and said nothing are reminded, in answer to it; who blocked the bot since is not.
func TestRemind(t *testing.T) {
	f := newField(t)
	b := f.launch(t, store.Broadcast{Words: "Halo", Ack: true})
	f.outcome(t, b.ID, store.Sent, ketuaA, ketuaB, ketuaC, ketuaD, lina)
	do(t, f.db, func(tx *postgres.Tx) {
		_, err := tx.Acknowledge(t.Context(), b.ID, ketuaA)
		ok(t, err)
	})
	ok(t, f.db.Unreachable(t.Context(), noon, ketuaC, "blocked"))
	morning := map[string]time.Time{"Asia/Jakarta": noon.Add(2 * time.Hour), "Asia/Jayapura": noon.Add(time.Hour)}
	m := store.Message{Class: store.Nudge, Key: "paham:1", Body: []store.Text{store.Say("greeting", "Name", "Ibu")}}
	do(t, f.db, func(tx *postgres.Tx) {
		same(t, "reminded", 3)(tx.Remind(t.Context(), b.ID, m, func(zone string) time.Time { return morning[zone] }))
	})
	got := map[int64]int{}
	for _, at := range []time.Time{noon.Add(time.Hour), noon.Add(2 * time.Hour)} {
		list, err := f.db.Claim(t.Context(), 1, at, store.Nudge, 10)
		ok(t, err)
		if at.Equal(noon.Add(time.Hour)) && (len(list) != 1 || list[0].Message.Chat != ketuaD) {
			t.Errorf("first in the east: %v", list)
		}
		for _, d := range list {
			got[d.Message.Chat] = d.Message.ReplyTo
			if d.Message.Key != m.Key || !cmp.Equal(d.Message.Body, m.Body) {
				t.Errorf("reminded with %+v", d.Message)
			}
		}
	}
	if want := map[int64]int{ketuaB: ketuaB, ketuaD: ketuaD, lina: lina}; !cmp.Equal(got, want) {
		t.Errorf("reminded %v, want %v", got, want)
	}
}

func TestUnreachedOf(t *testing.T) {
	f := newField(t)
	ok(t, f.db.Unreachable(t.Context(), noon, ketuaB, "blocked"))
	b := f.launch(t, store.Broadcast{Words: "Halo"})
	unreached := func(b store.Broadcast, province string, want ...store.Unreached) {
		t.Helper()
		same(t, "unreached", want)(f.tx(t).UnreachedOf(t.Context(), b, province, ""))
	}
	of := func(mentor store.ID, group string) store.Unreached {
		return store.Unreached{Mentor: mentor, Group: group}
	}
	unreached(b, "", of(f.garut.ID, "Kelompok B")) // the others still wait for it
	f.outcome(t, b.ID, store.Sent, anggotaA, rina)
	f.outcome(t, b.ID, store.Failed, ketuaA, ketuaC)
	f.outcome(t, b.ID, store.Unknown, ketuaD) // it has no mentor to tell
	unreached(b, "", of(f.garut.ID, "Kelompok B"), of(f.sumedang.ID, "Kelompok C"))
	unreached(b, "Papua")
	b.Audience.Regency = "Sumedang"
	unreached(b, "", of(f.sumedang.ID, "Kelompok C"))
}

func TestNewestProgram(t *testing.T) {
	f := newField(t)
	same(t, "the only", f.program)(f.tx(t).NewestProgram(t.Context()))
	next := f.program
	next.Edition, next.Rules.ApproveOver = 2, 5
	other := store.Program{Code: "LAIN", Edition: 1, Rules: store.DefaultRules()}
	do(t, f.db, func(tx *postgres.Tx) {
		ok(t, tx.AddProgram(t.Context(), "program.added", &other))
		ok(t, tx.AddProgram(t.Context(), "program.added", &next))
	})
	same(t, "the newest", next)(f.tx(t).NewestProgram(t.Context()))
}

// A correction comes to what was sent before it, once to each; what is refused is counted.
func TestAmend(t *testing.T) {
	f := newField(t)
	b := f.launch(t, store.Broadcast{Words: "Halo"})
	f.outcome(t, b.ID, store.Sent, ketuaA, ketuaB, ketuaC)
	rows := f.rows(t, b.ID)
	ok(t, f.db.KeepOutcomes(t.Context(), noon, []store.DeliveryOutcome{
		{ID: rows[lina], State: store.Sent, SentID: 9, Album: []int{7, 8}, Poll: "p1"},
	}))
	outdated := func() []store.Broadcast {
		list, err := f.tx(t).BroadcastsOutdated(t.Context())
		ok(t, err)
		return list
	}
	if list := outdated(); len(list) > 0 {
		t.Errorf("outdated before it was corrected: %v", list)
	}
	b.Edition = 1
	do(t, f.db, func(tx *postgres.Tx) { ok(t, tx.PutBroadcast(t.Context(), "broadcast.corrected", &b)) })
	if list := outdated(); len(list) != 1 || list[0].ID != b.ID {
		t.Errorf("outdated: %v", list)
	}
	list, err := f.db.ClaimBulk(t.Context(), 1, noon, 1, nil)
	ok(t, err)
	if len(list) != 1 || list[0].Edition != 1 {
		t.Fatalf("claimed %+v, to be said in its last edition", list)
	}
	ok(t, f.db.KeepOutcomes(t.Context(), noon, []store.DeliveryOutcome{
		{ID: list[0].ID, State: store.Sent, SentID: 5, Edition: 1},
	}))
	find := func(after int64, limit int) (chats []int64) {
		list, err := f.db.Outdated(t.Context(), b.ID, 1, after, limit)
		ok(t, err)
		for _, d := range list {
			chats = append(chats, d.Message.Chat)
			if d.Message.Chat == lina && (d.SentID != 9 || !cmp.Equal(d.Album, []int{7, 8})) {
				t.Errorf("an album: %+v", d)
			}
		}
		return chats
	}
	if got := find(0, 10); !cmp.Equal(got, []int64{ketuaA, ketuaB, ketuaC, lina}) {
		t.Errorf("to be corrected: %v", got)
	}
	if got := find(ketuaA, 2); !cmp.Equal(got, []int64{ketuaB, ketuaC}) {
		t.Errorf("to be corrected after the first: %v", got)
	}
	ok(t, f.db.KeepEdits(t.Context(), []store.DeliveryOutcome{{ID: rows[ketuaA], Edition: 1}, {
		ID: rows[ketuaB], Edition: 1, Reason: "message can't be edited",
	}, {ID: rows[lina], Edition: 1}}))
	if got := find(0, 10); !cmp.Equal(got, []int64{ketuaC}) {
		t.Errorf("to be corrected then: %v", got)
	}
	ok(t, f.db.KeepEdits(t.Context(), []store.DeliveryOutcome{{ID: rows[ketuaC], Edition: 1}}))
	same(t, "amendment", store.EditTally{Done: 4, Refused: 1})(f.tx(t).EditTallyOf(t.Context(), b.ID))
	same(t, "tally", store.Tally{store.Sent: 5, store.Queued: 2})(f.tx(t).TallyOf(t.Context(), b.ID))
}

// Claiming goes on behind what was claimed last, and yet whatever is given back is found again: everybody is sent each
// of two announcements once.
func TestClaimBulkGoesOn(t *testing.T) {
	f := newField(t)
	casts := []store.Broadcast{f.launch(t, store.Broadcast{Words: "Satu"}), f.launch(t, store.Broadcast{Words: "Dua"})}
	rnd := rand.New(rand.NewPCG(1, 2))
	held, sent := map[store.ID]store.Delivery{}, map[store.ID]bool{}
	for len(sent) < 14 {
		var outcomes []store.DeliveryOutcome
		for id := range held {
			switch rnd.IntN(4) {
			case 0:
				outcomes, sent[id] = append(outcomes, store.DeliveryOutcome{ID: id, State: store.Sent, SentID: 5}), true
			case 1:
				outcomes = append(outcomes, store.DeliveryOutcome{ID: id, State: store.Queued})
			default:
				continue
			}
			delete(held, id)
		}
		wanted := 1 + rnd.IntN(3)
		list, err := f.db.ClaimBulk(t.Context(), 1, noon, wanted, outcomes)
		ok(t, err)
		for _, d := range list {
			if _, twice := held[d.ID]; twice || sent[d.ID] {
				t.Fatalf("row %d is claimed a second time", d.ID)
			}
			held[d.ID] = d
		}
		if len(list) == 0 && len(held) == 0 && len(sent) < 14 {
			same(t, "the next row", noon)(f.db.NextBulk(t.Context(), noon))
		}
	}
	for _, b := range casts {
		same(t, "tally", store.Tally{store.Sent: 7})(f.tx(t).TallyOf(t.Context(), b.ID))
	}
}

func TestUnsent(t *testing.T) {
	f := newField(t)
	b := f.launch(t, store.Broadcast{Words: "Halo", Audience: store.Audience{Regency: "Sumedang"}})
	unsent := func(wantWaiting, wantUnderWay bool) {
		t.Helper()
		waiting, underWay, err := f.tx(t).Unsent(t.Context(), b.ID)
		ok(t, err)
		if waiting != wantWaiting || underWay != wantUnderWay {
			t.Errorf("waiting %v, under way %v", waiting, underWay)
		}
	}
	unsent(true, false)
	_, err := f.db.ClaimBulk(t.Context(), 1, noon, 1, nil)
	ok(t, err)
	unsent(true, true)
	_, err = f.db.ClaimBulk(t.Context(), 1, noon, 9, nil)
	ok(t, err)
	unsent(false, true)
	f.outcome(t, b.ID, store.Sent, ketuaC, lina)
	unsent(false, false)
}

// Votes are counted whichever comes first, the poll's row or its answer; what is taken back counts no more.
func TestVotes(t *testing.T) {
	f := newField(t)
	b := f.launch(t, store.Broadcast{Question: "Kapan?", Options: []string{"Senin", "Selasa"}})
	rows := f.rows(t, b.ID)
	ok(t, f.db.Voted(t.Context(), "early", []int{1}))
	ok(t, f.db.Voted(t.Context(), "of nobody", []int{0}))
	ok(t, f.db.KeepOutcomes(t.Context(), noon, []store.DeliveryOutcome{
		{
			ID: rows[ketuaA], State: store.Sent, SentID: 1, Poll: "early",
		}, {ID: rows[ketuaB], State: store.Sent, SentID: 2, Poll: "late"},
		{ID: rows[ketuaC], State: store.Sent, SentID: 3, Poll: "undecided"},
	}))
	ok(t, f.db.Voted(t.Context(), "late", []int{1}))
	ok(t, f.db.Voted(t.Context(), "undecided", []int{0}))
	same(t, "votes", map[int]int{0: 1, 1: 2})(f.tx(t).VotesOf(t.Context(), b.ID))
	ok(t, f.db.Voted(t.Context(), "undecided", nil))
	same(t, "after one was taken back", map[int]int{1: 2})(f.tx(t).VotesOf(t.Context(), b.ID))
}

func TestDeliveredOf(t *testing.T) {
	f := newField(t)
	b := f.launch(t, store.Broadcast{Words: "Halo", Audience: store.Audience{Regency: "Garut"}})
	f.outcome(t, b.ID, store.Sent, ketuaA, rina)
	ok(t, f.db.KeepOutcomes(t.Context(), noon, []store.DeliveryOutcome{
		{ID: f.rows(t, b.ID)[ketuaB], State: store.Failed, Reason: "Bad Request"},
	}))
	garut := func(name, group string, role store.Role, state store.DeliveryState, reason string) store.Delivered {
		d := store.Delivered{Name: name, Group: group, Role: role, Province: "Jawa Barat", Regency: "Garut",
			State: state, Reason: reason}
		if state != store.Queued {
			d.At = noon
		}
		return d
	}
	list, err := f.tx(t).DeliveredOf(t.Context(), b.ID)
	ok(t, err)
	for i := range list {
		if !list[i].At.IsZero() {
			list[i].At = list[i].At.UTC()
		}
	}
	same(t, "delivered", []store.Delivered{
		garut("Nama P1", "", store.Mentor, store.Sent, ""), garut("Nama A", "Kelompok A", store.Chair, store.Sent, ""),
		garut("Nama A", "Kelompok A", store.Member, store.Queued, ""), garut("Nama B", "Kelompok B", store.Chair,
			store.Failed, "Bad Request"),
	})(list, nil)
}
