package postgres

import (
	"context"

	"pendamping/store"
)

// AllPeople returns all persons, in the order in which they came. An import compares them with a roster.
func (t *Tx) AllPeople(ctx context.Context) ([]store.Person, error) {
	return list(ctx, t, people, `order by id`)
}

// AllRecipients returns all recipients, in the order in which they came.
func (t *Tx) AllRecipients(ctx context.Context) ([]store.Recipient, error) {
	return list(ctx, t, recipients, `order by id`)
}

// AllPrograms returns all versions of all programmes' rules, in the order in which they came.
func (t *Tx) AllPrograms(ctx context.Context) ([]store.Program, error) {
	return list(ctx, t, programs, `order by id`)
}

// OpenInvites returns the invitations neither used nor revoked, expired ones too.
func (t *Tx) OpenInvites(ctx context.Context) ([]store.Invite, error) {
	return list(ctx, t, invites, `where used is null and revoked is null order by id`)
}
