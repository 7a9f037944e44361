package handover

import (
	"context"
	"errors"
	"slices"
	"strings"

	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// newcomer stands for somebody who is not in the group yet.
const newcomer = "new"

// officerChange is who follows whom as what.
type officerChange struct{ Role, From, To, Name, Stay, Reason string }

// Officer gives an office of a group to somebody else, or asks for that.
func Officer(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	of, err := changeable(ctx, tx, who, about.ID())
	if err != nil {
		return nil, err
	}
	if of.Single {
		return nil, store.ErrNotFound
	}
	if err := alreadyAsked(ctx, tx, who, of, store.OfficerMoves); err != nil {
		return nil, err
	}
	members, err := tx.Members(ctx, of.ID)
	if err != nil {
		return nil, err
	}
	stopped := map[string]*store.Text{} // by the office, or the person who would come
	for _, r := range change.Offices {
		h := store.Handover{Kind: store.OfficerMoves, Role: r, Recipient: of.ID}
		if stopped[string(r)], err = change.Contested(ctx, tx, h); err != nil {
			return nil, err
		}
	}
	for _, p := range members {
		h := store.Handover{Kind: store.OfficerMoves, To: p.ID, Recipient: of.ID}
		if stopped[dialog.IDText(p.ID)], err = change.Contested(ctx, tx, h); err != nil {
			return nil, err
		}
	}
	submit := func(ctx context.Context, c officerChange, _ form.State) (form.Screen, error) {
		h := store.Handover{Kind: store.OfficerMoves, Role: store.Role(c.Role), Leaves: c.Stay == "out",
			Reason: c.Reason,
			From:   c.from(members), To: dialog.IDOf(c.To)}
		if c.Name != "" {
			p, err := Welcomed(ctx, tx, of, h.Role, c.Name)
			if err != nil {
				return form.Screen{}, err
			}
			h.To = p.ID
		}
		return makeOrAsk(ctx, tx, who, []store.Recipient{of}, h)
	}
	questions := func(c *officerChange) ([]form.Question, error) { return c.questions(of, members, stopped), nil }
	return form.New("officer", questions, submit), nil
}

// from is whom the new officer follows; 0 where the office is empty.
func (c officerChange) from(members []store.Person) store.ID {
	if h := change.Holders(members, c.Role); len(h) == 1 {
		return h[0].ID
	}
	return dialog.IDOf(c.From)
}

func (c *officerChange) questions(
	of store.Recipient, members []store.Person, stopped map[string]*store.Text,
) []form.Question {
	refuse := func(what string) *store.Text { return stopped[what] }
	var offices []form.Choice[string]
	for _, r := range change.Offices {
		offices = append(offices, form.Choice[string]{
			Value: string(r), Text: store.Say("officer.office", "Role", string(r)),
		})
	}
	qs := []form.Question{form.Pick("role", &c.Role, offices).Refuse(refuse)}
	if c.Role == "" {
		return qs
	}
	if h := change.Holders(members, c.Role); len(h) > 1 {
		qs = append(qs, form.Pick("from", &c.From, persons(h)))
	}
	able := slices.DeleteFunc(slices.Clone(members),
		func(p store.Person) bool { return !follows(p, store.Role(c.Role)) })
	others := append(persons(able), form.Choice[string]{Value: newcomer, Text: store.Say("officer.new")})
	to := form.Pick("to", &c.To, others).Refuse(refuse)
	if len(able) == 0 {
		to.Default(newcomer)
	}
	if c.To == newcomer {
		to.Hidden()
	}
	qs = append(qs, to)
	if c.To == newcomer {
		qs = append(qs,
			form.Ask("name", &c.Name,
				dialog.PersonName).Exclusive().Refuse(func(name string) *store.Text { return taken(members, name) }))
	}
	if c.from(members) != 0 {
		qs = append(qs, form.Pick("stay", &c.Stay, []form.Choice[string]{
			{Value: "in", Text: store.Say("officer.in")}, {Value: "out", Text: store.Say("officer.out")},
		}))
	}
	return append(qs, form.Ask("reason", &c.Reason, dialog.InBrief).Exclusive(),
		form.Review(store.Say("officer.head", "Group", of.Name)))
}

// persons are choices among people, by name.
func persons(list []store.Person) []form.Choice[string] {
	var choices []form.Choice[string]
	for _, p := range list {
		choices = append(choices, form.Choice[string]{
			Value: dialog.IDText(p.ID), Show: p.Name, Text: store.Say("officer.person", "Name", p.Name,
				"Role", string(p.Role)),
		})
	}
	return choices
}

// taken is why a name can't be a newcomer's: one of the group has it.
func taken(members []store.Person, name string) *store.Text {
	i := slices.IndexFunc(members, func(p store.Person) bool { return strings.EqualFold(p.Name, name) })
	if i < 0 {
		return nil
	}
	why := store.Say("officer.known", "Name", members[i].Name)
	if r := members[i].Role; r == store.Chair || r == store.Treasurer {
		why = store.Say("officer.same", "Name", members[i].Name, "Role", string(r))
	}
	return &why
}

// Welcomed is somebody who comes into a group as one of its members, or comes back.
func Welcomed(
	ctx context.Context, tx store.Tx, of store.Recipient, role store.Role, name string,
) (store.Person, error) {
	p := store.Person{
		Key: store.PersonKey("", role, of.Code, name), Role: store.Member, Code: of.Code, Name: name, Recipient: of.ID,
	}
	before, err := tx.PersonByKey(ctx, p.Key)
	if errors.Is(err, store.ErrNotFound) { // who left an office did so as a member
		before, err = tx.PersonByKey(ctx, store.PersonKey("", store.Member, of.Code, name))
		if err == nil && before.Recipient == 0 {
			before.Key = p.Key
		}
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		erased, err := tx.Erased(ctx, of.Code)
		if err != nil {
			return p, err
		}
		dialog.InheritTies(&p, erased)
		return p, tx.AddPerson(ctx, "person.added", &p)
	case err != nil:
		return p, err
	case before.Recipient != 0:
		return p, form.Fixable{Question: "name", Why: store.Say("officer.known", "Name", name)}
	}
	before.Role, before.Recipient = store.Member, of.ID
	return before, tx.PutPerson(ctx, "person.returned", &before)
}

// dropNew takes somebody out of the group again who came for an office that was declined.
func dropNew(ctx context.Context, tx store.Tx, h store.Handover) error {
	if h.Kind != store.OfficerMoves {
		return nil
	}
	p, err := tx.Person(ctx, h.To)
	if err != nil || p.Account != 0 || p.Role != store.Member || p.Key != store.PersonKey("", h.Role, p.Code, p.Name) {
		return err // a member of before has the key of a member
	}
	p.Recipient = 0
	return tx.PutPerson(ctx, "person.left", &p)
}

// moveOfficer changes who has an office, and tells the group and the one who brings the invitation.
func moveOfficer(ctx context.Context, tx store.Tx, who dialog.Who, h store.Handover) ([]store.Message, error) {
	of, err := tx.Recipient(ctx, h.Recipient)
	if err != nil {
		return nil, err
	}
	from, err := dialog.Author(ctx, tx, h.From)
	if err != nil {
		return nil, err
	}
	to, err := tx.Person(ctx, h.To)
	if err != nil {
		return nil, err
	}
	left := from
	if from.ID != 0 {
		from.Role = store.Member
		if from.Key, err = change.Rekeyed(ctx, tx, from); err != nil {
			return nil, err
		}
		if h.Leaves {
			from.Recipient = 0
			if err := dialog.Rebind(ctx, tx, &from, 0); err != nil {
				return nil, err
			}
		}
		if err := tx.PutPerson(ctx, "person.retired", &from); err != nil {
			return nil, err
		}
	}
	to.Role = h.Role
	carrier := store.Person{}
	if to.Account == 0 {
		if carrier, err = change.CarrierOf(ctx, tx, who, h); err != nil {
			return nil, err
		}
	}
	if to.Sponsors, err = change.WithProposers(ctx, tx, h, to, carrier); err != nil {
		return nil, err
	}
	if to.Key, err = change.Rekeyed(ctx, tx, to); err != nil {
		return nil, err
	}
	if err := tx.PutPerson(ctx, "person.appointed", &to); err != nil {
		return nil, err
	}
	said := store.Say("officer.told", "Group", of.Name, "Role", string(h.Role), "To", to.Name, "From", left.Name)
	tell, err := tellGroup(ctx, tx, who, h, said, to.ID, from.ID)
	if err != nil {
		return nil, err
	}
	for _, id := range []store.ID{h.By, of.Mentor} {
		p, err := dialog.Author(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		heard := func(m store.Message) bool { return m.Chat == p.Account }
		if dialog.Reachable(p) && p.Account != who.Person.Account && !slices.ContainsFunc(tell, heard) {
			tell = append(tell, store.Message{Chat: p.Account, Body: []store.Text{said}})
		}
	}
	if dialog.Reachable(to) && to.Account != who.Person.Account { // whoever became an officer has other commands now
		tell = append(tell, store.Message{
			Chat: to.Account, Body: []store.Text{said}, Menu: to.Role, Home: who.Home(to.Role),
		})
	}
	if dialog.Reachable(left) && left.Account != who.Person.Account {
		m := store.Message{
			Chat: left.Account, Body: []store.Text{said}, Buttons: [][]store.Button{{change.NotUsButton(h, h.Ticket)}},
		}
		if !h.Leaves {
			m.Menu, m.Home = from.Role, who.Home(from.Role)
		}
		tell = append(tell, m)
	}
	if to.Account != 0 {
		return tell, nil
	}
	letter, err := change.GiveInvite(ctx, tx, who, of, to, h, carrier)
	return append(tell, letter...), err
}
