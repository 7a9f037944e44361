package postgres

import (
	"context"
	"errors"

	"pendamping/store"
)

// ErasePerson takes the name, number and account of a person out of the records and out of the trail, and what was said to them
// out of the outbox. What they did stays, under an id that no longer names anybody, and the chains stay whole.
func (t *Tx) ErasePerson(ctx context.Context, p store.Person) error {
	i, err := t.InviteOf(ctx, p.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err == nil && i.Used.IsZero() && i.Revoked.IsZero() {
		i.Revoked = t.at
		if err := t.PutInvite(ctx, "invite.revoked", &i); err != nil {
			return err
		}
	}
	account := p.Account
	p.Key, p.Name, p.WA, p.Account = "", "", "", 0
	if err := t.PutPerson(ctx, "person.erased", &p); err != nil {
		return err
	}
	t.write(anyRows, "personal value", `delete from personal where kind = 'person' and record = $1`, p.ID)
	if account == 0 {
		return t.err
	}
	t.write(anyRows, "account", `
		delete from accounts where id = $1 and not exists (select from persons where account = $1)`, account)
	t.write(anyRows, "outbox", `
		update outbox set state = 'withdrawn', marked_at = $2
		where chat = $1 and state = 'queued' and holder is null and not exists (select from persons where account = $1)`, account, t.at)
	t.write(anyRows, "outbox", `
		update outbox set message = null
		where chat = $1 and state <> 'queued' and message is not null and not exists (select from persons where account = $1)`, account)
	return t.err
}
