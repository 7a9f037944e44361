package flows

import (
	"context"
	"slices"
	"time"

	"pendamping/store"
)

// judge is who looks at what those hands did: the recipient's mentor, or a coordinator of the place where the mentor had a
// hand in it, can't be reached, or there is none. A judge without an id is nobody yet; the role says who it would be.
func judge(ctx context.Context, tx store.Tx, of store.Recipient, hands ...store.ID) (store.Person, error) {
	own := map[int64]bool{}
	for _, id := range hands {
		if id == 0 {
			continue
		}
		p, err := tx.Person(ctx, id)
		if err != nil {
			return p, err
		}
		own[p.Account] = true
	}
	tied := func(id store.ID) bool { return slices.Contains(hands, id) }
	fit := func(p store.Person) bool {
		return reachable(p) && !own[p.Account] && !slices.Contains(hands, p.ID) && !slices.ContainsFunc(p.Sponsors, tied)
	}
	if of.Mentor != 0 {
		p, err := tx.Person(ctx, of.Mentor)
		if err != nil || fit(p) {
			return p, err
		}
	}
	list, err := tx.Coordinators(ctx, of.Province, of.Regency)
	if err != nil {
		return store.Person{}, err
	}
	if i := slices.IndexFunc(list, fit); i >= 0 {
		return list[i], nil
	}
	return store.Person{Role: store.Coordinator}, nil
}

// reachable tells whether somebody may use the bot.
func reachable(p store.Person) bool { return p.Account != 0 && p.Consent != "" }

// reader is somebody as they will read what is told to them.
func (w Who) reader(p store.Person) Who {
	return Who{Person: p, Account: &store.Account{ID: p.Account, People: []store.Person{p}}, Zone: w.Zone, Today: w.Today, Home: w.Home}
}

// toOfficers says something to a group's officers, and to who else is named; not to the one who does it.
func toOfficers(ctx context.Context, tx store.Tx, who Who, of store.ID, m store.Message, also ...store.ID) ([]store.Message, error) {
	list, err := tx.Members(ctx, of)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(p store.Person) bool { return !slices.Contains(officers, p.Role) })
	for _, id := range also {
		if id == 0 {
			continue
		}
		p, err := tx.Person(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	var tell []store.Message
	told := map[int64]bool{who.Person.Account: true}
	for _, p := range list {
		if reachable(p) && !told[p.Account] {
			told[p.Account] = true
			m.Chat = p.Account
			tell = append(tell, m)
		}
	}
	return tell, nil
}

// moment is a time as somebody's clock has it.
func (w Who) moment(t time.Time) string { return t.In(w.Zone).Format(time.RFC3339) }
