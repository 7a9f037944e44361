package postgres_test

import (
	"errors"
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
	for _, p := range []store.Person{
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
		ok(t, tx.AddPerson(ctx, "person.added", &p))
	}
	for _, c := range []struct {
		want string
		find func() ([]store.Person, error)
	}{
		{"Pak Asep sekretaris bendahara anggota", func() ([]store.Person, error) { return tx.Members(ctx, g.recipient.ID) }},
		{"garut jabar everywhere", func() ([]store.Person, error) { return tx.Coordinators(ctx, "Jawa Barat", "Garut") }},
		{"jabar everywhere", func() ([]store.Person, error) { return tx.Coordinators(ctx, "Jawa Barat", "") }},
		{"everywhere", func() ([]store.Person, error) { return tx.Coordinators(ctx, "Bali", "Garut Kota") }},
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
	later = store.Invite{Person: g.chair.ID, Token: "t2", Code: "ABCD2345", Expires: noon} // newer, though it expires sooner
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
