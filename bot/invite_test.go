package bot_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"pendamping/bot/faketelegram"
	"pendamping/flows/join"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
)

// press presses the newest button with those words.
func (h *house) press(u *faketelegram.User, words string) {
	h.t.Helper()
	h.settle()
	list := u.Messages()
	for i := len(list) - 1; i >= 0; i-- {
		for _, row := range list[i].Buttons {
			for _, b := range row {
				if strings.Contains(b.Text, words) {
					_, err := u.Press(list[i].ID, b.Data)
					h.ok(err)
					h.settle()
					return
				}
			}
		}
	}
	h.t.Fatalf("nobody shows %s a button %q, but %q", u.Last().Name, words, u.Last().Text)
}

// everything returns all that is kept: each row of each table, and each value in Redis.
func (h *house) everything() map[string]string {
	h.t.Helper()
	ctx := h.t.Context()
	all := map[string]string{}
	conn := testdb.Connect(h.t, h.Postgres)
	rows,
		err := conn.Query(ctx,
		`select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`)
	h.ok(err)
	var tables []string
	for rows.Next() {
		var name string
		h.ok(rows.Scan(&name))
		tables = append(tables, name)
	}
	h.ok(rows.Err())
	for _, name := range tables {
		var text string
		h.ok(conn.QueryRow(ctx, `select coalesce(string_agg(t::text, E'\n'), '') from `+name+` t`).Scan(&text))
		// Bytes may be words too, such as those of an update.
		text += regexp.MustCompile(`\\x[0-9a-f]+`).ReplaceAllStringFunc(text, func(s string) string {
			b, _ := hex.DecodeString(s[2:])
			return s + " " + string(b)
		})
		all["table "+name] = text
	}
	for key, value := range testdb.RedisDump(h.t, h.Redis) {
		all["Redis "+key] = value
	}
	return all
}

// folded returns words without case, spaces and hyphens.
func folded(s string) string {
	return strings.NewReplacer("-", "", " ", "", "_", "").Replace(strings.ToUpper(s))
}

// Once it was sent and used, nothing of an invitation's code or link is kept, neither as it was shown nor as it was
// typed.
func TestUsedInvitationLeavesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.owners(0)
	ctx := context.Background()
	tx := h.db.Begin(time.Now(), 0)
	program, err := tx.ProgramByCode(ctx, "TKM-PEMULA", 0)
	h.ok(err)
	person := func(role store.Role, code string, account int64, of store.ID) store.Person {
		p := store.Person{Key: fmt.Sprint(role, code), Role: role, Code: code, Name: fmt.Sprintf("Nama-%d", account),
			Recipient: of, Account: account}
		h.ok(tx.AddPerson(ctx, "person.added", &p))
		h.ok(tx.AddConsent(ctx, "consent.given", &store.Consent{
			Person: p.ID, Notice: join.Notice, Given: tx.Now(), Source: "paper",
		}))
		return p
	}
	mentor := person(store.Mentor, "PDP-01", 2001, 0)
	of := store.Recipient{
		Code: "KLP-001", Name: "Maju Jaya", Program: program.ID, Province: "Jawa Barat", Regency: "Garut", Wave: "I",
		Zone: "Asia/Jakarta", Grant: 5_000_000,
		Disbursed: store.DayOf(time.Now().AddDate(0, 0, -9), time.UTC), Mentor: mentor.ID,
	}
	h.ok(tx.AddRecipient(ctx, "recipient.added", &of))
	person(store.Chair, "KLP-001", 2002, of.ID)
	person(store.Treasurer, "KLP-001", 2003, of.ID)
	_, err = tx.Commit(ctx, 0, nil, nil)
	h.ok(err)
	user := func(account int64) *faketelegram.User {
		return h.telegram.User(account, fmt.Sprint("Orang-Rahasia-", account))
	}
	rina, joko, sri, phone := user(2001), user(2002), user(2003), user(2004)
	h.start()
	for _, u := range []*faketelegram.User{rina, joko, sri} {
		u.Start("")
	}
	h.settle()
	invited := func() (link, code string) {
		t.Helper()
		rina.Send("/serahterima")
		for _, words := range []string{"Maju Jaya", "HP hilang", "bendahara"} {
			h.press(rina, words)
		}
		rina.Send("jatuh di sungai")
		h.press(rina, "Benar, lepas")
		h.press(joko, "Setuju")
		h.settle()
		for _, m := range joko.Messages() {
			if found := regexp.MustCompile(`\?start=([A-Za-z0-9_-]{22})`).FindStringSubmatch(m.Text); found != nil {
				link = found[1]
			}
			if found := regexp.MustCompile(`\b[2-9A-Z]{4}-[2-9A-Z]{4}\b`).FindString(m.Text); found != "" {
				code = found
			}
		}
		if link == "" || code == "" {
			t.Fatalf("the ketua was given no invitation, but %q", joko.Last().Text)
		}
		return link, code
	}
	link, code := invited()
	phone.Send("kode saya " + strings.ToLower(code))
	h.settle()
	if said := phone.Last().Text; !strings.Contains(said, "Halo") { // the consent on paper is still valid
		t.Fatalf("the new phone is told %q", said)
	}
	raw, err := base64.RawURLEncoding.DecodeString(link)
	h.ok(err)
	for what, secret := range map[string]string{
		"the code": code, "the link": link, "the link's bytes": hex.EncodeToString(raw),
	} {
		for name, text := range h.everything() {
			if strings.Contains(folded(text), folded(secret)) {
				t.Errorf("%s is still in %s", what, name)
			}
		}
	}
}
