package postgres

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"pendamping/store"
)

// invites reads invitations. Their token and code are never read back: only what an HMAC makes of them is kept.
var invites = record[store.Invite]{
	kind: "invite",
	from: `
		select id, version, person,
			case when coalesce(length(token), 32) = 32 and coalesce(length(code), 32) = 32 -- else bytes could move between them, past the '/'
				then encode(sha256(coalesce(token, '') || '/' || coalesce(code, '')), 'hex') else '' end,
			expires, used, revoked, wrong, claim, nullif(held, '{}'), account
		from invites`,
	scan: func(row pgx.CollectableRow) (i store.Invite, err error) {
		err = row.Scan(&i.ID, &i.Version, &i.Person, &i.Seal, &i.Expires,
			(*zeronull.Timestamptz)(&i.Used), (*zeronull.Timestamptz)(&i.Revoked), &i.Wrong, &i.Claim, &i.Held,
			(*zeronull.Int8)(&i.Claimant))
		return i, err
	},
	key: func(i store.Invite) (store.ID, int) { return i.ID, i.Version },
}

// errNoKey says that the process may not handle invitations, since nobody gave it their key.
var errNoKey = errors.New("postgres: invite: there is no key: see UseInviteKey")

// UseInviteKey sets the secret with which the token and the code of invitations are kept. Call it before the first
// transaction, and in every process with the same key. It must not be in the database: whoever reads a copy of that
// could try all codes of eight letters in minutes, while with the key unknown there is nothing to try them against.
func (d *DB) UseInviteKey(key []byte) { d.inviteKey = key }

// InviteByCode finds an invitation by its start token, or by its short code in whatever case, spaces and dashes it is
// typed. Those that were made before there was a key are found by their plain hash; the last of them expired 30 days
// later.
func (t *Tx) InviteByCode(ctx context.Context, code string) (store.Invite, error) {
	if t.db.inviteKey == nil {
		return store.Invite{}, errNoKey
	}
	return one(ctx, t, invites, `where token = $1 or code = $2 or token = $3 or code = $4`,
		t.sealed(code), t.sealed(plainCode(code)), hashed256(code), hashed256(plainCode(code)))
}

// InviteOf returns the invitation that was added last for a person.
func (t *Tx) InviteOf(ctx context.Context, person store.ID) (store.Invite, error) {
	return one(ctx, t, invites, `
		where person = $1
		order by (select e.at from events e where e.kind = 'invite' and e.record = id and e.version = 1) desc, id desc`, person)
}

// InvitesClaimed returns the open invitations whose claim waits for a coordinator's word, oldest first.
func (t *Tx) InvitesClaimed(ctx context.Context) ([]store.Invite, error) {
	return list(ctx, t, invites, `
		where claim <> '' and used is null and revoked is null and account is not null and expires > $1 order by id`, t.at)
}

// AddInvite keeps a new invitation, of its token and code what the key makes of them.
func (t *Tx) AddInvite(ctx context.Context, what string, i *store.Invite) error {
	if t.db.inviteKey == nil {
		return errNoKey
	}
	c, err := t.chainOf(ctx, i.Person)
	if err != nil {
		return err
	}
	if i.ID, err = t.newID(ctx); err != nil {
		return err
	}
	token, code := t.sealed(i.Token), t.sealed(plainCode(i.Code))
	i.Version, i.Seal = 1, seal(token, code)
	micros(&i.Expires, &i.Used, &i.Revoked)
	t.write(1, "invite", `
		insert into invites (id, version, person, token, code, expires, used, revoked, wrong, claim, held)
		values ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, '{}'::bigint[]))`,
		i.ID, i.Person, token, code, i.Expires,
		zeronull.Timestamptz(i.Used), zeronull.Timestamptz(i.Revoked), i.Wrong, i.Claim, i.Held)
	return add(ctx, t, invites, c, what, *i)
}

// PutInvite changes when an invitation expires, was used or revoked, and who claims it; person, token, code, seal and
// who held it are for good.
func (t *Tx) PutInvite(ctx context.Context, what string, i *store.Invite) error {
	c, err := t.chainOf(ctx, i.Person)
	if err != nil {
		return err
	}
	micros(&i.Expires, &i.Used, &i.Revoked)
	if i.Claim == "" {
		i.Claimant = 0
	}
	return put(ctx, t, invites, c, what, i, &i.Version, func() {
		t.write(1, "invite", `
			update invites
			set version = version + 1, expires = $4, used = $5, revoked = $6, wrong = $7, claim = $8, account = $9
			where id = $1 and version = $2 and person = $3`,
			i.ID, i.Version, i.Person, i.Expires, zeronull.Timestamptz(i.Used), zeronull.Timestamptz(i.Revoked),
			i.Wrong, i.Claim,
			zeronull.Int8(i.Claimant))
	})
}

// seal returns one hash of what is kept of the token and the code.
func seal(token, code []byte) string {
	h := sha256.Sum256(slices.Concat(token, []byte("/"), code))
	return hex.EncodeToString(h[:])
}

// sealed returns what is kept of a token or a code; nil for none.
func (t *Tx) sealed(secret string) []byte {
	if secret == "" {
		return nil
	}
	mac := hmac.New(sha256.New, t.db.inviteKey)
	mac.Write([]byte(secret))
	return mac.Sum(nil)
}

// hashed256 returns what was kept of them before there was a key; nil for none.
func hashed256(secret string) []byte {
	if secret == "" {
		return nil
	}
	h := sha256.Sum256([]byte(secret))
	return h[:]
}

// plainCode returns a short code without what people add when they type it.
func plainCode(code string) string {
	return strings.ToUpper(strings.Join(strings.Fields(strings.ReplaceAll(code, "-", "")), ""))
}

// ClaimOf returns what Invite.Claim says for an account. Without the key it can't be made, nor the account be found
// from it.
func (t *Tx) ClaimOf(i store.Invite, account int64) string {
	mac := hmac.New(sha256.New, t.db.inviteKey)
	mac.Write([]byte("claim " + strconv.FormatInt(int64(i.ID), 10) + " " + strconv.FormatInt(account, 10)))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Guesses returns the times since then at which an account gave a wrong code, oldest first.
func (t *Tx) Guesses(ctx context.Context, account int64, since time.Time) ([]time.Time, error) {
	q, err := t.reads(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `select at from guesses where account = $1 and at > $2 order by at`, account,
		micro(since))
	if err != nil {
		return nil, failed("guesses", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
	return list, failed("guesses", err)
}

// AddGuess notes that an account gave a wrong code, and forgets what is older than a day.
func (t *Tx) AddGuess(_ context.Context, account int64) error {
	t.write(1, "guess", `insert into guesses (account, at) values ($1, $2)`, account, t.at)
	t.write(anyRows, "guesses", `delete from guesses where at < $1`, t.at.AddDate(0, 0, -1))
	return t.err
}

// CountGuesses counts the wrong codes of all accounts since that time, up to so many.
func (d *DB) CountGuesses(ctx context.Context, since time.Time, most int) (n int, err error) {
	err = d.pool.QueryRow(ctx, `select count(*) from (select from guesses where at > $1 limit $2) few`, micro(since),
		most).Scan(&n)
	return n, failed("guesses", err)
}
