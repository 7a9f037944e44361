package postgres_test

import (
	"fmt"
	"testing"

	"pendamping/store"
	"pendamping/store/postgres"
)

// One phone behind several groups: by the Telegram account and by the number of the roster, within a coordinator's
// place only.
func TestShared(t *testing.T) {
	db, _ := open(t)
	do(t, db, func(tx *postgres.Tx) {
		ctx := t.Context()
		group := func(code, regency string) store.Recipient {
			g := addGroup(t, tx, code)
			g.recipient.Regency = regency
			ok(t, tx.PutRecipient(ctx, "recipient.changed", &g.recipient))
			g.chair.Account, g.chair.WA = 0, ""
			ok(t, tx.PutPerson(ctx, "person.changed", &g.chair))
			return g.recipient
		}
		a, b, c := group("A", "Garut"), group("B", "Garut"), group("C", "Bandung")
		person := func(of store.Recipient, name string, account int64, wa string) {
			ok(t, tx.AddPerson(ctx, "person.added", &store.Person{
				Key: of.Code + name, Role: store.Member, Code: of.Code, Name: name, Recipient: of.ID, Account: account,
				WA: wa,
			}))
		}
		person(a, "Sri", 11, "+62811")
		person(a, "Siti", 0, "+62811") // twice in one group is nothing
		person(b, "Sri", 11, "+62822")
		person(b, "Ani", 12, "+62833")
		person(c, "Asep", 13, "+62822")
		person(c, "Udin", 0, "")
		for _, place := range []struct{ province, regency, want string }{
			{"", "", "[account A+B wa B+C]"}, {"jawa barat", "", "[account A+B wa B+C]"},
			{"Jawa Barat", "garut", "[account A+B]"}, {"Bali", "", "[]"},
		} {
			list, err := tx.Shared(ctx, place.province, place.regency)
			ok(t, err)
			got := []string{}
			for _, s := range list {
				codes := ""
				for _, r := range s.Recipients {
					codes += "+" + r.Code
				}
				got = append(got, s.Kind+" "+codes[1:])
			}
			if fmt.Sprint(got) != place.want {
				t.Errorf("%q %q shares %v, want %s", place.province, place.regency, got, place.want)
			}
		}
	})
}
