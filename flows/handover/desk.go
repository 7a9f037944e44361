package handover

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// mostHistory is how many changes a group's card shows.
const mostHistory = 5

// List is where changes of people begin; arg is gID for a group, mID for a mentor, or a code or name as typed.
func List(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	words := arg.Rest()
	kind, id := arg.Lettered()
	switch {
	case words == "" && who.Role == store.Coordinator:
		return handoverDesk(ctx, tx, who)
	case words == "":
		return ownGroups(ctx, tx, who)
	case kind == "g":
		of, err := changeable(ctx, tx, who, id)
		if err != nil {
			return form.Screen{}, err
		}
		return groupCard(ctx, tx, who, of)
	case kind == "m":
		p, _, err := ownMentor(ctx, tx, who, id)
		if err != nil {
			return form.Screen{}, err
		}
		return mentorCard(ctx, tx, who, p)
	case kind == "k":
		list, err := unboundCoordinators(ctx, tx, who)
		if err != nil {
			return form.Screen{}, err
		}
		i := slices.IndexFunc(list, func(p store.Person) bool { return p.ID == id })
		if i < 0 {
			return form.Screen{}, store.ErrNotFound
		}
		return coordinatorCard(list[i]), nil
	case kind == "u":
		return unjoinedField(ctx, tx, who)
	}
	s, err := found(ctx, tx, who, words)
	if errors.Is(err, store.ErrNotFound) {
		return form.Screen{Body: []store.Text{store.Say("find.none")}}, nil
	}
	return s, err
}

// handoverDesk is a coordinator's: what was asked, and the way to a group or mentor.
func handoverDesk(ctx context.Context, tx store.Tx, who dialog.Who) (form.Screen, error) {
	s := form.Screen{Body: []store.Text{store.Say("serahterima.head")}}
	list, err := FieldWaits(ctx, tx, who)
	if err != nil {
		return s, err
	}
	s.Buttons = WaitButtons(list)
	mentors, coordinators, err := unboundField(ctx, tx, who)
	if n := len(mentors) + len(coordinators); n > 0 {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("serahterima.unjoined", "Count", strconv.Itoa(n)),
			Data: dialog.Data("serahterima", "u0"),
		}})
	}
	s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("serahterima.find"), Data: dialog.Data("find")}})
	return s, err
}

// firstOfBatches are changes of people without those that were asked for together with one before.
func firstOfBatches(list []store.Handover) (firsts []store.Handover) {
	for _, h := range list {
		batch := slices.ContainsFunc(firsts, func(o store.Handover) bool {
			return o.State == h.State && o.Kind == h.Kind && o.From == h.From && o.To == h.To && o.By == h.By &&
				o.At.Equal(h.At)
		})
		if !batch {
			firsts = append(firsts, h)
		}
	}
	return firsts
}

// ownGroups is a mentor's.
func ownGroups(ctx context.Context, tx store.Tx, who dialog.Who) (form.Screen, error) {
	list, err := tx.RecipientsOf(ctx, who.ID)
	if err != nil {
		return form.Screen{}, err
	}
	if len(list) == 0 {
		return form.Screen{Body: []store.Text{store.Say("kelompok.empty")}}, nil
	}
	s := form.Screen{Body: []store.Text{store.Say("serahterima.which")}}
	for _, of := range list {
		s.Buttons = append(s.Buttons, GroupChoice(of))
	}
	s.Buttons = append(s.Buttons, []store.Button{{
		Text: store.Say("serahterima.leave"), Data: dialog.Data("leave", dialog.Letter("m", who.ID)),
	}})
	return s, nil
}

// GroupChoice is a row with the button that opens a group's card.
func GroupChoice(of store.Recipient) []store.Button {
	return []store.Button{{
		Text: store.Say("kelompok.choice", "Group", of.Name, "Regency", of.Regency),
		Data: dialog.Data("serahterima", dialog.Letter("g", of.ID)),
	}}
}

func mentorChoice(p store.Person) []store.Button {
	return []store.Button{{
		Text: store.Say("serahterima.mentor", "Name", p.Name),
		Data: dialog.Data("serahterima", dialog.Letter("m", p.ID)),
	}}
}

// groupCard is who stands for a group, what changed before, and what can be changed.
func groupCard(ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient) (form.Screen, error) {
	mentor, err := dialog.Author(ctx, tx, of.Mentor)
	if err != nil {
		return form.Screen{}, err
	}
	regular, err := dialog.Author(ctx, tx, of.Regular)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{
		store.Say("serahterima.group", "Group", of.Name, "Code", of.Code, "Regency", of.Regency),
		store.Say("serahterima.now", "Name", mentor.Name, "Bound", dialog.Mark(dialog.Reachable(mentor)),
			"Regular", regular.Name, "Day", string(of.Back)),
	}}
	list, err := tx.Members(ctx, of.ID)
	if err != nil {
		return s, err
	}
	for _, p := range list {
		if slices.Contains(dialog.Officers, p.Role) {
			s.Body = append(s.Body, store.Say("serahterima.officer", "Role", string(p.Role), "Name", p.Name,
				"Bound", dialog.Mark(dialog.Reachable(p))))
		}
	}
	if s.Body, err = history(ctx, tx, who, s.Body, of); err != nil {
		return s, err
	}
	id := dialog.IDText(of.ID)
	s.Buttons = [][]store.Button{
		{{Text: store.Say("serahterima.move"), Data: dialog.Data("move", id)}},
		{{Text: store.Say("serahterima.phone"), Data: dialog.Data("phone", id)}},
	}
	if of.Mentor != 0 {
		s.Buttons[0] = append(s.Buttons[0], store.Button{
			Text: store.Say("serahterima.away"), Data: dialog.Data("leave", id),
		})
	}
	if !of.Single {
		s.Buttons[1] = append(s.Buttons[1], store.Button{
			Text: store.Say("serahterima.change"), Data: dialog.Data("officer", id),
		})
	}
	if who.Role == store.Coordinator && of.Mentor != 0 {
		s.Buttons = append(s.Buttons, mentorChoice(mentor))
	}
	ways, err := change.Settlements(ctx, tx, who, of)
	if err != nil {
		return s, err
	}
	s.Buttons = append(s.Buttons, ways...)
	changes, err := tx.HandoversOf(ctx, of.ID)
	if err != nil {
		return s, err
	}
	s.Buttons = append(s.Buttons, change.ReinviteButtons(list, changes)...)
	return s, nil
}

// history adds a group's changes, newest first.
func history(
	ctx context.Context, tx store.Tx, who dialog.Who, body []store.Text, of store.Recipient,
) ([]store.Text, error) {
	list, err := tx.HandoversOf(ctx, of.ID)
	if err != nil {
		return body, err
	}
	for i, h := range list {
		if i == mostHistory {
			break
		}
		from, to, err := change.Sides(ctx, tx, h)
		if err != nil {
			return body, err
		}
		by, err := dialog.Author(ctx, tx, h.By)
		if err != nil {
			return body, err
		}
		if h.Kind == store.MentorLeaves && who.Role != store.Coordinator && !who.Is(h.By) {
			h.Reason = "" // why a mentor is away is her own affair
		}
		body = append(body, store.Say("serahterima.line", "Kind", change.Kind(h), "State", string(h.State),
			"Role", string(h.Role), "From", from.Name, "To", to.Name,
			"By", by.Name, "Day", string(store.DayOf(h.At, who.Zone)), "Words", h.Reason))
	}
	return body, nil
}

// ownMentor reads a mentor of a coordinator's place, with the first of their recipients there.
func ownMentor(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (store.Person, store.Recipient, error) {
	if who.Role != store.Coordinator {
		return store.Person{}, store.Recipient{}, store.ErrNotFound
	}
	list, err := tx.MentorsNear(ctx, who.Province, who.Regency, "")
	if err != nil {
		return store.Person{}, store.Recipient{}, err
	}
	i := slices.IndexFunc(list, func(p store.Person) bool { return p.ID == id })
	if i < 0 {
		return store.Person{}, store.Recipient{}, store.ErrNotFound
	}
	groups, err := tx.RecipientsOf(ctx, id)
	groups = slices.DeleteFunc(groups, func(of store.Recipient) bool { return !who.Theirs(of) })
	if err != nil || len(groups) == 0 {
		return list[i], store.Recipient{}, err
	}
	return list[i], groups[0], nil
}

// mentorCard is a mentor's groups, and what can be changed for all of them at once.
func mentorCard(ctx context.Context, tx store.Tx, who dialog.Who, p store.Person) (form.Screen, error) {
	list, err := tx.RecipientsOf(ctx, p.ID)
	if err != nil {
		return form.Screen{}, err
	}
	list = slices.DeleteFunc(list, func(of store.Recipient) bool { return !who.Theirs(of) })
	s := form.Screen{Body: []store.Text{
		store.Say("serahterima.person", "Name", p.Name, "Code", p.Code, "Bound", dialog.Mark(dialog.Reachable(p)),
			"Count", strconv.Itoa(len(list))),
	}}
	for i, of := range list {
		if i == mostOpen {
			break
		}
		s.Buttons = append(s.Buttons, GroupChoice(of))
	}
	if len(list) > 0 {
		ways := []store.Button{
			{Text: store.Say("serahterima.away"), Data: dialog.Data("leave", dialog.Letter("m", p.ID))},
		}
		able, err := rebound(ctx, tx, []store.Person{p})
		if err != nil {
			return s, err
		}
		if len(able) > 0 {
			ways = append(
				ways,
				store.Button{
					Text: store.Say("serahterima.phone"), Data: dialog.Data("phone", dialog.Letter("m", p.ID)),
				},
			)
		}
		s.Buttons = append(s.Buttons, ways)
		changes, err := tx.HandoversOf(ctx, list[0].ID)
		if err != nil {
			return s, err
		}
		s.Buttons = append(s.Buttons, change.ReinviteButtons([]store.Person{p}, changes)...)
	} else {
		s.Buttons = append(s.Buttons, change.ReinviteButtons([]store.Person{p}, nil)...)
	}
	return s, nil
}
