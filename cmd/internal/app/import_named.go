package app

import (
	"context"
	"errors"

	"pendamping/store"
)

// loadNamed asks for one record after the other, those that the files name.
func (k *known) loadNamed(ctx context.Context, tx store.Tx, f files, invites bool) error {
	for _, row := range f.roster.People {
		for _, key := range []string{row.Person.Key, row.Name} {
			p, err := found(tx.PersonByKey(ctx, key))
			if err != nil {
				return err
			}
			if p.ID != 0 {
				k.person(p)
				break
			}
		}
	}
	for _, g := range f.roster.Groups {
		if err := k.recipient(ctx, tx, g.Recipient.Code); err != nil {
			return err
		}
		if _, ok := k.mentors[fold(g.Mentor)]; ok || g.Mentor == "" {
			continue
		}
		p, err := found(tx.PersonByCode(ctx, store.Mentor, g.Mentor))
		if err != nil {
			return err
		}
		if p.ID != 0 {
			k.mentors[fold(g.Mentor)] = p.ID
		}
	}
	for _, plan := range f.plans {
		if err := k.recipient(ctx, tx, plan.Code); err != nil {
			return err
		}
	}
	codes := map[string][]int{DefaultProgram: {0}}
	if f.program != nil {
		codes[f.program.Code] = append(codes[f.program.Code], 0, f.program.Edition)
	}
	for code, editions := range codes {
		for _, edition := range editions {
			p, err := found(tx.ProgramByCode(ctx, code, edition))
			if err != nil {
				return err
			}
			if p.ID != 0 {
				k.programme(p)
			}
		}
	}
	if !invites {
		return nil
	}
	for id, p := range k.byID {
		if p.Account != 0 {
			continue
		}
		i, err := found(tx.InviteOf(ctx, id))
		if err != nil {
			return err
		}
		if i.ID != 0 && i.Used.IsZero() && i.Revoked.IsZero() {
			k.invites[id] = []store.Invite{i}
		}
	}
	return nil
}

func (k *known) recipient(ctx context.Context, tx store.Tx, code string) error {
	if _, ok := k.recipients[fold(code)]; ok {
		return nil
	}
	r, err := found(tx.RecipientByCode(ctx, code))
	if err == nil && r.ID != 0 {
		k.recipients[fold(code)] = r
	}
	return err
}

// found takes "not found" for an answer: the zero value.
func found[T any](v T, err error) (T, error) {
	if errors.Is(err, store.ErrNotFound) {
		var none T
		return none, nil
	}
	return v, err
}
