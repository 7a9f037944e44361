package postgres_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pendamping/store"
	"pendamping/store/postgres"
)

// picture keeps a nota with a picture whose bytes are here.
func picture(
	t testing.TB, tx *postgres.Tx, g group, state store.ReceiptState, seller string, sha byte,
) (store.Receipt, store.File) {
	t.Helper()
	r := store.Receipt{
		Recipient: g.recipient.ID, State: state, By: g.chair.ID, Begun: noon, Submitted: noon, Day: "2026-11-20",
		Total: 195_000, Seller: seller,
		Hands: []store.ID{g.chair.ID},
	}
	ok(t, tx.AddReceipt(t.Context(), "receipt.submitted", &r))
	f := store.File{
		Recipient: g.recipient.ID, Receipt: r.ID, Kind: "photo", FileID: "f", UniqueID: fmt.Sprintf("u%d-%d", r.ID,
			sha),
		SHA256: fmt.Sprintf("%064x", int(sha)), At: noon,
	}
	ok(t, tx.AddFile(t.Context(), "file.kept", &f))
	return r, f
}

func TestLooks(t *testing.T) {
	db, _ := open(t)
	var files [3]store.File
	var notas [3]store.Receipt
	var a, b group
	do(t, db, func(tx *postgres.Tx) {
		a, b = addGroup(t, tx, "A"), addGroup(t, tx, "B")
		notas[0], files[0] = picture(t, tx, a, store.Submitted, "TB Jaya", 1)
		notas[1], files[1] = picture(t, tx, b, store.Submitted, "tb jaya", 1)
		notas[2], files[2] = picture(t, tx, b, store.Submitted, "Toko Lain", 3)
	})
	todo, err := db.FilesToLook(t.Context(), nil, 10)
	if ok(t, err); len(todo) != 3 {
		t.Fatalf("%d pictures to look at, want 3", len(todo))
	}
	keep := func(l store.Look) {
		do(t, db, func(tx *postgres.Tx) { ok(t, tx.KeepLook(t.Context(), l)) })
	}
	keep(store.Look{File: files[0].ID, Flaws: []string{"dark"}, Prints: []store.Print{
		{Hash: 0xaaaa_bbbb_cccc_dddd, Shape: [4]uint64{1, 1 << 63, 3, 4}},
	}, Fine: []byte{1, 2}})
	for range 2 { // kept twice it is kept once
		keep(store.Look{
			File: files[2].ID, Prints: []store.Print{{Hash: 0xffff_ffff_ffff_ffff}}, Alike: []store.ID{files[0].ID},
		})
	}
	if todo, err = db.FilesToLook(t.Context(), nil, 10); err != nil || len(todo) != 1 || todo[0].ID != files[1].ID {
		t.Errorf("still to look at: %+v, %v", todo, err)
	}
	for _, c := range []struct {
		probe uint64
		want  store.ID
	}{
		{0xaaaa_0000_0000_0000, files[0].ID}, {0x0000_bbbb_0000_0000, files[0].ID},
		{0x0000_0000_cccc_0000, files[0].ID},
		{0x0000_0000_0000_dddd, files[0].ID}, {0xbbbb_aaaa_dddd_cccc, 0}, {0xffff_0000_0000_0000, files[2].ID},
	} {
		got, err := db.Resembling(t.Context(), files[1].ID, []uint64{1, c.probe})
		if ok(t, err); (c.want == 0) != (len(got) == 0) || len(got) > 0 && (got[0].File != c.want || len(got) > 1) {
			t.Errorf("probe %x finds %+v, want %d", c.probe, got, c.want)
		}
	}
	got, err := db.Resembling(t.Context(), files[1].ID, []uint64{0xaaaa_0000_0000_0000})
	ok(t, err)
	wantSame(t, []store.Look{
		{File: files[0].ID, Prints: []store.Print{{Hash: 0xaaaa_bbbb_cccc_dddd, Shape: [4]uint64{1, 1 << 63, 3, 4}}}},
	}, got)
	if got, err := db.Resembling(t.Context(), files[0].ID, []uint64{0xaaaa_bbbb_cccc_dddd}); err != nil ||
		len(got) != 0 {
		t.Errorf("a picture resembles itself: %+v, %v", got, err)
	}
	fines, err := db.Fines(t.Context(), []store.ID{files[0].ID, files[1].ID})
	if ok(t, err); len(fines) != 1 || string(fines[files[0].ID]) != "\x01\x02" {
		t.Errorf("signatures are %v", fines)
	}

	tx := db.Begin(noon, 0)
	defer tx.Rollback(t.Context())
	likes, err := tx.Matches(t.Context(), notas[0].ID)
	ok(t, err)
	wantSame(t, []store.Match{
		{Kind: store.MatchFile, File: files[0].ID, Other: notas[1].ID, Picture: files[1].ID},
		{Kind: store.MatchNear, File: files[0].ID, Other: notas[2].ID, Picture: files[2].ID},
	}, likes)
	twin, err := tx.Matches(t.Context(), notas[1].ID)
	ok(t, err)
	wantSame(t, []store.Match{{Kind: store.MatchFile, File: files[1].ID, Other: notas[0].ID, Picture: files[0].ID}},
		twin)
	queue, err := tx.ToReview(t.Context(), a.mentor, nil)
	ok(t, err)
	wantSame(t, []store.Waiting{{
		Receipt: notas[0].ID, Version: 1, Recipient: a.recipient.ID, Number: 1, Submitted: noon,
		Flags: []string{"dark", "file", "near", "twin"},
	}}, queue)

	notas[2].State = store.Cancelled // what was struck out is no reuse
	do(t, db, func(tx *postgres.Tx) { ok(t, tx.PutReceipt(t.Context(), "receipt.reversed", &notas[2])) })
	tx = db.Begin(noon, 0)
	defer tx.Rollback(t.Context())
	if likes, err = tx.Matches(t.Context(), notas[0].ID); err != nil || len(likes) != 1 ||
		likes[0].Other != notas[1].ID {
		t.Errorf("with the other cancelled it is like %+v, %v", likes, err)
	}
	if queue, err = tx.ToReview(t.Context(), a.mentor, nil); err != nil || slices.Contains(queue[0].Flags, "near") {
		t.Errorf("with the other cancelled its flags are %+v, %v", queue, err)
	}
}

// Who looks at what: one's own recipients' notas, and what another reviewer had a hand in.
func TestToReview(t *testing.T) {
	db, _ := open(t)
	do(t, db, func(tx *postgres.Tx) {
		ctx := t.Context()
		g := addGroup(t, tx, "A")
		g.mentor.Organisation = "Dinas"
		ok(t, tx.PutPerson(ctx, "person.changed", &g.mentor))
		person := func(role store.Role, key, organisation, province string) store.Person {
			p := store.Person{Key: key, Role: role, Code: key, Organisation: organisation, Province: province}
			ok(t, tx.AddPerson(ctx, "person.added", &p))
			return p
		}
		colleague, stranger := person(store.Mentor, "c", "Dinas", ""), person(store.Mentor, "s", "Kampus", "")
		near, far := person(store.Coordinator, "n", "", "jawa barat"), person(store.Coordinator, "f", "", "Bali")
		add := func(state store.ReceiptState, hands ...store.ID) {
			ok(t, tx.AddReceipt(ctx, "receipt.submitted", &store.Receipt{
				Recipient: g.recipient.ID, State: state, By: hands[0], Hands: hands, Begun: noon, Submitted: noon,
				Day: "2026-11-20", Total: 1,
				Review: store.Review{By: near.ID},
			}))
		}
		add(store.Submitted, g.chair.ID)
		add(store.Submitted, g.chair.ID, g.mentor.ID)
		add(store.Verified, g.chair.ID)
		add(store.Submitted, g.mentor.ID)
		for _, c := range []struct {
			who   store.Person
			hands []store.ID
			want  string
		}{
			{g.mentor, []store.ID{g.mentor.ID}, "[1]"},
			{g.mentor, []store.ID{g.mentor.ID, g.chair.ID}, "[]"}, // one account for both
			{colleague, []store.ID{colleague.ID}, "[2 4]"},
			{stranger, nil, "[]"},
			{near, nil, "[2 4]"},
			{far, nil, "[]"},
		} {
			list, err := tx.ToReview(ctx, c.who, c.hands)
			ok(t, err)
			got := []int{}
			for _, w := range list {
				got = append(got, w.Number)
			}
			for _, w := range list {
				if helped := slices.Contains(w.Flags, "helped"); helped != (w.Number%2 == 0) {
					t.Errorf("nota %d: a mentor had a hand in it: %v", w.Number, helped)
				}
			}
			if fmt.Sprint(got) != c.want {
				t.Errorf("%s %s is to look at %v, want %s", c.who.Role, c.who.Key, got, c.want)
			}
		}
	})
}

// Who looks for pictures that are alike waits for another who does, and then sees what that one kept: of two papers
// looked at side by side one finds the other. The root of the hour waits for neither.
func TestLockLooks(t *testing.T) {
	db, conn := open(t)
	var files [2]store.File
	do(t, db, func(tx *postgres.Tx) {
		g := addGroup(t, tx, "A")
		for i := range files {
			_, files[i] = picture(t, tx, g, store.Submitted, "TB Jaya", byte(i+1))
		}
	})
	const print = 0xaaaa_bbbb_cccc_dddd
	first := db.Begin(noon, 0)
	defer first.Rollback(t.Context())
	ok(t, first.LockLooks(t.Context()))
	locked, found := make(chan struct{}), make(chan []store.Look, 1)
	go func() {
		second := db.Begin(noon, 0)
		defer second.Rollback(context.WithoutCancel(t.Context()))
		ok(t, second.LockLooks(t.Context()))
		close(locked)
		list, err := db.Resembling(t.Context(), files[1].ID, []uint64{print})
		ok(t, err)
		found <- list
	}()
	// The second waits in the server, which says so.
	for waiting := false; !waiting; {
		select {
		case <-locked:
			t.Fatal("two look for alike pictures at once")
		default:
		}
		ok(t, conn.QueryRow(t.Context(), `
			select exists (select from pg_locks where locktype = 'advisory' and not granted
				and database = (select oid from pg_database where datname = current_database()))`).Scan(&waiting))
	}
	_, err := db.KeepRoot(t.Context(), noon)
	ok(t, err)
	ok(t, first.KeepLook(t.Context(), store.Look{File: files[0].ID, Prints: []store.Print{{Hash: print}}}))
	_, err = first.Commit(t.Context(), 0, nil, nil)
	ok(t, err)
	if list := <-found; len(list) != 1 || list[0].File != files[0].ID {
		t.Errorf("the second finds %+v, want the picture of the first", list)
	}
}
