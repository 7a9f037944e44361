// Package invite makes and checks invitations: their codes and links, and who may let somebody in by one.
package invite

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"slices"
	"time"

	"pendamping/flows/dialog"
	"pendamping/store"
)

// codeLetters are those that nobody mistakes for one another: no 0 O, 1 I L, U V.
const codeLetters = "23456789ABCDEFGHJKMNPQRSTWXYZ"

// InviteDays is how long an invitation that was made in the chat is good for.
const InviteDays = 30

// NewInvite makes the secrets of an invitation for a person: a start token of 128 bits, and a code of eight letters to
// type.
func NewInvite(person store.ID, expires time.Time) store.Invite {
	secret := make([]byte, 16)
	rand.Read(secret) // never fails
	return store.Invite{Person: person, Token: base64.RawURLEncoding.EncodeToString(secret),
		Code: halfCode() + halfCode(), Expires: expires}
}

// halfCode is four letters of a code. It has a letter and a digit, so that the code is told from words and years in
// whatever sentence it stands; that leaves one in two of all codes.
func halfCode() string {
	const fair = 256 / len(codeLetters) * len(codeLetters) // above it, some letters would come more often
	var b [1]byte
	for {
		half := make([]byte, 0, 4)
		for len(half) < 4 {
			if rand.Read(b[:]); int(b[0]) < fair {
				half = append(half, codeLetters[int(b[0])%len(codeLetters)])
			}
		}
		if letters, digits := LetterCount(string(half)); letters > 0 && digits > 0 {
			return string(half)
		}
	}
}

// InviteLink is what opens the chat with a start token.
func InviteLink(bot, token string) string { return "https://t.me/" + bot + "?start=" + token }

// InviteCode is a short code as it is shown.
func InviteCode(code string) string { return code[:4] + "-" + code[4:] }

// Revoke ends a person's invitation that is still open, if there is one.
func Revoke(ctx context.Context, tx store.Tx, person store.ID) error {
	old, err := tx.InviteOf(ctx, person)
	if errors.Is(err, store.ErrNotFound) || err == nil && !(old.Used.IsZero() && old.Revoked.IsZero()) {
		return nil
	}
	if err != nil {
		return err
	}
	old.Revoked = tx.Now()
	return tx.PutInvite(ctx, "invite.revoked", &old)
}

// Secret reports whether a message has the secrets of an invitation. Then it is forgotten once it was sent.
func Secret(m store.Message) bool {
	return slices.ContainsFunc(m.Body, func(t store.Text) bool { return t.ID == "invite.forward" })
}

// Invite makes a person a new invitation, revokes the one before, and puts it into words that can be forwarded. held is
// who of the programme gets it to pass on.
func Invite(
	ctx context.Context, tx store.Tx, who dialog.Who, p store.Person, group string, held []store.ID,
) (store.Text, error) {
	if err := Revoke(ctx, tx, p.ID); err != nil {
		return store.Text{}, err
	}
	i := NewInvite(p.ID, tx.Now().AddDate(0, 0, InviteDays))
	i.Held = held
	if err := tx.AddInvite(ctx, "invite.added", &i); err != nil {
		return store.Text{}, err
	}
	return store.Say("invite.forward", "Name", p.Name, "Role", string(p.Role), "Group", group,
		"Link", InviteLink(who.Bot, i.Token),
		"Code", InviteCode(i.Code), "Bot", who.Bot, "Day", string(store.DayOf(i.Expires, who.Zone))), nil
}
