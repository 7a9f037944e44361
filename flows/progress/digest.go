package progress

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// DigestAll promises the coordinators of some zones the week's figures.
func DigestAll(ctx context.Context, tx store.Tx, r dialog.Round) ([]store.Message, error) {
	list, err := tx.CoordinatorsIn(ctx, r.Zones)
	if err != nil {
		return nil, err
	}
	// An account may answer for two places.
	return r.TellOnce(ctx, tx, list,
		func(p store.Person) string { return dialog.RoundDigest + ":" + dialog.IDText(p.ID) })
}

// Digest is what a coordinator reads on a Monday: the few figures of the scope, and what has changed in a week. The
// time is one before which it can't be said yet.
func Digest(
	ctx context.Context, tx store.Tx, p store.Person, monday store.Day,
) (s form.Screen, until time.Time, err error) {
	who := dialog.Who{Person: p}
	f, err := tx.Field(ctx, scope(who), Parting[top(who)])
	if err != nil {
		return s, until, err
	}
	if f.All.Groups == 0 {
		return s, until, store.ErrNotFound
	}
	if f.At.IsZero() {
		return s, tx.Now().Add(time.Minute), nil
	}
	before, err := tx.FieldBefore(ctx, scope(who), monday.Add(-7))
	known := err == nil
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return s, until, err
	}
	err = nil
	now, share := f.All, func(p store.Progress) int { n, _ := p.Share(); return n }
	by := func(now, then int) string {
		if !known {
			return ""
		}
		return fmt.Sprintf("%+d", now-then)
	}
	s.Body = []store.Text{sums("digest", now, "Name", p.Name, "Place", PlaceName(top(who), now), "Day", string(monday),
		"CompleteBy", by(now.Complete, before.Complete), "ShareBy", by(share(now), share(before)),
		"SilentBy", by(now.Silent, before.Silent), "LateBy", by(now.Late, before.Late))}
	WorstFirst(f.Parts)
	if w := f.Parts[0]; evidenced(w) < evidenced(now) {
		s.Body = append(s.Body, sums("digest.worst", w, "Name", PlaceName(top(who)+1, w)))
	}
	s.Buttons = [][]store.Button{{{Text: store.Say("progres.digest.open"), Data: dialog.Data("progres")}}}
	return s, until, err
}
