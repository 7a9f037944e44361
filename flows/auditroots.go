package flows

import (
	"context"
	"errors"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// rootSettings shows a coordinator the newest root of the audit trail; with "on" or "off" it starts or ends sending one
// every day. Who keeps these messages can prove later that the records of before were not rewritten, not even by who
// owns the database.
func rootSettings(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	p, err := tx.Person(ctx, who.ID)
	if err != nil {
		return form.Screen{}, err
	}
	if asked := arg == "on"; (asked || arg == "off") && asked != p.Roots {
		p.Roots = asked
		tx.Act(store.Actor{Person: who.ID, Role: who.Role})
		if err := tx.PutPerson(ctx, "person.roots", &p); err != nil {
			return form.Screen{}, err
		}
	}
	newest, err := tx.NewestRoot(ctx)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{store.Say("akar.head", "Name", newest.Name, "Hash", newest.Hash,
		"At", madeAt(newest, who.Zone)), store.Say("akar.state", "On", dialog.Mark(p.Roots))}}
	to, word := "on", "akar.on"
	if p.Roots {
		to, word = "off", "akar.off"
	}
	s.Buttons = [][]store.Button{{{Text: store.Say(word), Data: dialog.Data("akar", to)}}}
	return s, nil
}

// madeAt is the hour of a root where its reader is, "" of one that was made once a day: its name has the hour in UTC.
func madeAt(r store.Root, zone *time.Location) string {
	at, err := r.Start()
	if err != nil || r.Hour() == "" {
		return ""
	}
	return at.In(zone).Format(time.RFC3339)
}

// rootAll promises the day's root to the coordinators of some zones who asked for it.
func rootAll(ctx context.Context, tx store.Tx, r dialog.Round) ([]store.Message, error) {
	list, err := tx.CoordinatorsIn(ctx, r.Zones)
	if err != nil {
		return nil, err
	}
	var asked []store.Person
	accounts := map[int64]bool{}
	for _, p := range list {
		if p.Roots && !accounts[p.Account] {
			accounts[p.Account] = true
			asked = append(asked, p)
		}
	}
	return r.TellOnce(ctx, tx, asked, func(store.Person) string { return dialog.RoundRoot })
}

// rootOfDay is what such a coordinator reads; a line of it is one that `pendamping verify --root` takes.
func rootOfDay(
	ctx context.Context, tx store.Tx, p store.Person, zone *time.Location,
) (s form.Screen, until time.Time, err error) {
	if !p.Roots {
		return s, until, store.ErrNotFound
	}
	newest, err := tx.NewestRoot(ctx)
	s.Body = []store.Text{store.Say("akar.day", "Name", newest.Name, "Hash", newest.Hash, "At", madeAt(newest, zone))}
	s.Buttons = [][]store.Button{{{Text: store.Say("akar.off"), Data: dialog.Data("akar", "off")}}}
	return s, until, err
}
