package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

// invites reads invitations. Their token and code are never read back: only hashes are kept.
var invites = record[store.Invite]{
	kind: "invite",
	from: `
		select id, version, person, encode(sha256(coalesce(token, '') || '/' || coalesce(code, '')), 'hex'), expires, used, revoked
		from invites`,
	scan: func(row pgx.CollectableRow) (i store.Invite, err error) {
		err = row.Scan(&i.ID, &i.Version, &i.Person, &i.Seal, &i.Expires,
			(*zeronull.Timestamptz)(&i.Used), (*zeronull.Timestamptz)(&i.Revoked))
		return i, err
	},
	key: func(i store.Invite) (store.ID, int) { return i.ID, i.Version },
}

// InviteByCode finds an invitation by its start token, or by its short code in whatever case, spaces and dashes it is typed.
func (t *Tx) InviteByCode(ctx context.Context, code string) (store.Invite, error) {
	return one(ctx, t, invites, `where token = $1 or code = $2`, hashToken(code), hashCode(code))
}

// InviteOf is the invitation that was added last for a person.
func (t *Tx) InviteOf(ctx context.Context, person store.ID) (store.Invite, error) {
	return one(ctx, t, invites, `
		where person = $1
		order by (select e.at from events e where e.kind = 'invite' and e.record = id and e.version = 1) desc, id desc`, person)
}

// AddInvite keeps a new invitation, of its token and code the hashes only.
func (t *Tx) AddInvite(ctx context.Context, what string, i *store.Invite) error {
	c, err := t.chainOf(ctx, i.Person)
	if err != nil {
		return err
	}
	if i.ID, err = t.newID(ctx); err != nil {
		return err
	}
	i.Version, i.Seal = 1, seal(hashToken(i.Token), hashCode(i.Code))
	micros(&i.Expires, &i.Used, &i.Revoked)
	t.write(1, "invite", `
		insert into invites (id, version, person, token, code, expires, used, revoked)
		values ($1, 1, $2, $3, $4, $5, $6, $7)`,
		i.ID, i.Person, hashToken(i.Token), hashCode(i.Code), i.Expires,
		zeronull.Timestamptz(i.Used), zeronull.Timestamptz(i.Revoked))
	return add(ctx, t, invites, c, what, *i)
}

// PutInvite changes when an invitation expires, was used or revoked; person, token, code and seal are for good.
func (t *Tx) PutInvite(ctx context.Context, what string, i *store.Invite) error {
	c, err := t.chainOf(ctx, i.Person)
	if err != nil {
		return err
	}
	micros(&i.Expires, &i.Used, &i.Revoked)
	return put(ctx, t, invites, c, what, i, &i.Version, func() {
		t.write(1, "invite", `
			update invites
			set version = version + 1, expires = $4, used = $5, revoked = $6
			where id = $1 and version = $2 and person = $3`,
			i.ID, i.Version, i.Person, i.Expires, zeronull.Timestamptz(i.Used), zeronull.Timestamptz(i.Revoked))
	})
}

// seal is one hash for what is kept of the token and the code.
func seal(token, code []byte) string {
	h := sha256.Sum256(slices.Concat(token, []byte("/"), code))
	return hex.EncodeToString(h[:])
}

// hashToken is what is kept of a start token; nil for none.
func hashToken(token string) []byte {
	if token == "" {
		return nil
	}
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// hashCode is what is kept of a short code, which people type in their own way.
func hashCode(code string) []byte {
	code = strings.Join(strings.Fields(strings.ReplaceAll(code, "-", "")), "")
	return hashToken(strings.ToUpper(code))
}
