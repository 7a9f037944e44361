package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pendamping/store"
	"pendamping/store/postgres"
)

func names(people []store.Person) string {
	var all []string
	for _, p := range people {
		all = append(all, p.Name)
	}
	return strings.Join(all, " ")
}

func TestPeople(t *testing.T) {
	db, _ := open(t)
	tx := db.Begin(noon, 0)
	defer tx.Rollback(t.Context())
	g := addGroup(t, tx, "A")
	ctx := t.Context()
	for i, p := range []store.Person{
		{Name: "anggota", Role: store.Member, Recipient: g.recipient.ID},
		{Name: "bendahara", Role: store.Treasurer, Recipient: g.recipient.ID},
		{Name: "sekretaris", Role: store.Secretary, Recipient: g.recipient.ID},
		{Name: "everywhere", Role: store.Coordinator},
		{Name: "jabar", Role: store.Coordinator, Province: "JAWA BARAT"},
		{Name: "garut", Role: store.Coordinator, Province: "Jawa Barat", Regency: "Garut"},
		{Name: "aceh", Role: store.Coordinator, Province: "Aceh"},
		{Name: "twice", Role: store.Mentor, Code: "P-A", Account: 4711},
	} {
		p.Key = "name:" + p.Name
		if p.Role == store.Coordinator {
			p.Account = int64(9000 + i)
		}
		ok(t, tx.AddPerson(ctx, "person.added", &p))
		ok(t, tx.AddConsent(ctx, "consent.given", &store.Consent{
			Person: p.ID, Notice: "1", Given: noon, Source: "paper",
		}))
	}
	for _, c := range []struct {
		want string
		find func() ([]store.Person, error)
	}{
		{"Pak Asep sekretaris bendahara anggota",
			func() ([]store.Person, error) { return tx.Members(ctx, g.recipient.ID) }},
		{"garut jabar everywhere", func() ([]store.Person, error) {
			return tx.Coordinators(ctx, "Jawa Barat",
				"Garut")
		}},
		{"jabar everywhere", func() ([]store.Person, error) { return tx.Coordinators(ctx, "Jawa Barat", "") }},
		{"everywhere", func() ([]store.Person, error) { return tx.Coordinators(ctx, "Bali", "Garut Kota") }},
		{"everywhere jabar garut", func() ([]store.Person, error) { return tx.CoordinatorsIn(ctx, []string{""}) }},
		{"Pak Asep twice", func() ([]store.Person, error) { a, err := tx.Account(ctx, 4711); return a.People, err }},
		{"Bu Rina", func() ([]store.Person, error) {
			p, err := tx.PersonByCode(ctx, store.Mentor, "P-A")
			return []store.Person{p}, err
		}},
		{"jabar", func() ([]store.Person, error) {
			p, err := tx.PersonByKey(ctx, "name:jabar")
			return []store.Person{p}, err
		}},
	} {
		got, err := c.find()
		ok(t, err)
		if names(got) != c.want {
			t.Errorf("got %s, want %s", names(got), c.want)
		}
	}
	if _, err := tx.PersonByKey(ctx, ""); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a person without a key: %v", err)
	}
}

func TestConsent(t *testing.T) {
	db, _ := open(t)
	tx := db.Begin(noon, 0)
	defer tx.Rollback(t.Context())
	g := addGroup(t, tx, "A")
	want := func(notice string) {
		t.Helper()
		a, err := tx.Account(t.Context(), g.chair.Account)
		ok(t, err)
		if a.People[0].Consent != notice {
			t.Errorf("consented to %q, want %q", a.People[0].Consent, notice)
		}
	}
	want("")
	old := store.Consent{Person: g.chair.ID, Notice: "1", Given: noon, Source: "paper"}
	ok(t, tx.AddConsent(t.Context(), "consent.given", &old))
	want("1")
	newer := store.Consent{Person: g.chair.ID, Notice: "2", Given: noon.Add(time.Hour), Source: "chat"}
	ok(t, tx.AddConsent(t.Context(), "consent.given", &newer))
	want("2")
	newer.Withdrawn = noon.Add(2 * time.Hour)
	ok(t, tx.PutConsent(t.Context(), "consent.withdrawn", &newer))
	want("") // an older consent does not come back to life
}

func TestInvites(t *testing.T) {
	db, conn := open(t)
	var g group
	var i, later store.Invite
	do(t, db, func(tx *postgres.Tx) {
		g = addGroup(t, tx, "A")
		i = store.Invite{Person: g.chair.ID, Token: "tOkEn_-1", Code: "K7QM-22XA", Expires: noon.Add(time.Hour)}
		ok(t, tx.AddInvite(t.Context(), "invite.added", &i))
		ok(t, tx.AddInvite(t.Context(), "invite.added", &store.Invite{Person: g.mentor.ID, Expires: noon}))
	})
	tx := db.Begin(noon.Add(time.Minute), 0)
	// newer, though it expires sooner
	later = store.Invite{Person: g.chair.ID, Token: "t2", Code: "ABCD2345", Expires: noon}
	ok(t, tx.AddInvite(t.Context(), "invite.added", &later))
	_, err := tx.Commit(t.Context(), 0, nil, nil)
	ok(t, err)

	tx = db.Begin(noon, 0)
	for code, want := range map[string]store.ID{
		"tOkEn_-1": i.ID, "K7QM-22XA": i.ID, "k7qm22xa": i.ID, " k7 qm–22xa": 0, "k7 Qm - 22 xA\n": i.ID,
		"token_-1": 0, "abcd-2345": later.ID, "": 0, "-": 0, "K7QM": 0,
	} {
		got, err := tx.InviteByCode(t.Context(), code)
		if got.ID != want || (want == 0) != errors.Is(err, store.ErrNotFound) {
			t.Errorf("%q finds invitation %d (%v), want %d", code, got.ID, err, want)
		}
	}
	got, err := tx.InviteOf(t.Context(), g.chair.ID)
	ok(t, err)
	if got.ID != later.ID {
		t.Errorf("newest invitation is %d, want %d", got.ID, later.ID)
	}

	// What is kept needs the key: it is not the plain hash, another key finds nothing, and without one nothing is kept.
	var plain int
	ok(t,
		conn.QueryRow(t.Context(),
			`select count(*) from invites where token = sha256('tOkEn_-1') or code = sha256('K7QM22XA')`).Scan(&plain))
	if plain != 0 {
		t.Error("a token or a code is kept as its plain hash, which can be searched for")
	}
	db.UseInviteKey([]byte("another"))
	for _, code := range []string{"tOkEn_-1", "K7QM-22XA"} {
		if got, err := db.Begin(noon, 0).InviteByCode(t.Context(), code); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%q is found with another key: %d, %v", code, got.ID, err)
		}
	}
	db.UseInviteKey(nil)
	tx = db.Begin(noon, 0)
	if _, err := tx.InviteByCode(t.Context(), "K7QM-22XA"); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("without a key: %v", err)
	}
	if err := tx.AddInvite(t.Context(), "invite.added", &store.Invite{
		Person: g.chair.ID, Token: "t3", Code: "ABCD2346", Expires: noon,
	}); err == nil {
		t.Error("an invitation was made without a key")
	}
	// One from before there was a key is still found.
	db.UseInviteKey([]byte("test"))
	_,
		err = conn.Exec(t.Context(),
		`update invites set token = sha256('older'), code = sha256('WXYZ2345') where id = $1`, later.ID)
	ok(t, err)
	for _, code := range []string{"older", "wxyz-2345"} {
		if got, err := db.Begin(noon, 0).InviteByCode(t.Context(), code); err != nil || got.ID != later.ID {
			t.Errorf("%q of an older version finds %d, %v", code, got.ID, err)
		}
	}

	// Neither secret stands anywhere in the database.
	var found int
	ok(t, conn.QueryRow(t.Context(), `
		select count(*)
		from (select i::text as words from invites i union all select body from events union all select value from personal) all_of_it
		where words ilike '%tOkEn_-1%' or words ilike '%K7QM%' or words ilike '%abcd2345%'`).Scan(&found))
	if found != 0 {
		t.Errorf("%d rows hold a token or a code", found)
	}
}

func TestGuesses(t *testing.T) {
	db, _ := open(t)
	for i := range 4 {
		tx := db.Begin(noon.Add(time.Duration(i)*10*time.Minute), 0)
		ok(t, tx.AddGuess(t.Context(), 7))
		ok(t, tx.AddGuess(t.Context(), 8))
		_, err := tx.Commit(t.Context(), 0, nil, nil)
		ok(t, err)
	}
	want := func(account int64, since time.Duration, times ...time.Duration) {
		t.Helper()
		list, err := db.Begin(noon, 0).Guesses(t.Context(), account, noon.Add(since))
		ok(t, err)
		var got []time.Duration
		for _, at := range list {
			got = append(got, at.Sub(noon))
		}
		if !slices.Equal(got, times) {
			t.Errorf("account %d since %v: %v, want %v", account, since, got, times)
		}
	}
	want(7, -time.Minute, 0, 10*time.Minute, 20*time.Minute, 30*time.Minute)
	want(7, 10*time.Minute, 20*time.Minute, 30*time.Minute)
	want(9, -time.Hour)
	for most, wanted := range map[int]int{100: 6, 5: 5} {
		n, err := db.CountGuesses(t.Context(), noon, most)
		ok(t, err)
		if n != wanted {
			t.Errorf("%d guesses of all after the first two, at most %d", n, most)
		}
	}
	tx := db.Begin(noon.AddDate(0, 0, 1).Add(15*time.Minute), 0) // what is older than a day is forgotten
	ok(t, tx.AddGuess(t.Context(), 9))
	_, err := tx.Commit(t.Context(), 0, nil, nil)
	ok(t, err)
	want(7, -time.Hour, 20*time.Minute, 30*time.Minute)
}

func TestClaim(t *testing.T) {
	db, _ := open(t)
	tx := db.Begin(noon, 0)
	claim := tx.ClaimOf(store.Invite{ID: 1}, 7)
	if len(claim) != 32 || claim != tx.ClaimOf(store.Invite{ID: 1, Version: 9}, 7) {
		t.Errorf("a claim is %q", claim)
	}
	others := []string{tx.ClaimOf(store.Invite{ID: 1}, 8), tx.ClaimOf(store.Invite{ID: 2}, 7),
		tx.ClaimOf(store.Invite{ID: 11}, 7), tx.ClaimOf(store.Invite{ID: 1}, 17)}
	db.UseInviteKey([]byte("another"))
	if others = append(others, tx.ClaimOf(store.Invite{ID: 1}, 7)); slices.Contains(others, claim) {
		t.Errorf("the claim of another account, invitation or key is the same: %v", others)
	}
}

func TestHad(t *testing.T) {
	db, _ := open(t)
	tx := db.Begin(noon, 0)
	defer tx.Rollback(t.Context())
	g := addGroup(t, tx, "A")
	ctx := t.Context()
	p := store.Person{Key: "name:sri", Name: "Sri", Role: store.Treasurer, Recipient: g.recipient.ID}
	ok(t, tx.AddPerson(ctx, "person.added", &p))
	for _, account := range []int64{11, 0, 12, 0, 11, 0} {
		p.Account = account
		ok(t, tx.PutPerson(ctx, "person.joined", &p))
	}
	got, err := tx.Had(ctx, p.ID)
	ok(t, err)
	if want := []int64{11, 12}; !slices.Equal(got, want) {
		t.Errorf("had %v, want %v", got, want)
	}
}
