// Package objection is what "bukan kami" does: it stops a change of people, marks what was entered meanwhile, and has
// the ketua or a coordinator settle it.
package objection

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/invite"
	"pendamping/flows/when"
	"pendamping/store"
)

// notUsFor is how long "bukan kami" undoes a change by itself: as long as an invitation made in the chat holds. Later
// it is for the coordinators, through /lapor.
const notUsFor = invite.InviteDays * 24 * time.Hour

// NotUs undoes a change of a group's people that the group knows nothing of: "34" asks whether it is sure,
// "34:TICKET:VERSION:y" does it.
func NotUs(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	id, ticket, version, answer := arg.ID(), arg.Word(), arg.Number(), arg.Rest()
	h, err := t.Tx.Handover(ctx, id)
	if err != nil {
		return form.Screen{}, err
	}
	of, err := t.Tx.Recipient(ctx, h.Recipient)
	if err != nil {
		return form.Screen{}, err
	}
	p, err := objector(ctx, t, h, ticket)
	if err != nil {
		return form.Screen{}, err
	}
	t.Bearer("handover", h.ID)
	who := when.At(dialog.Who{
		Person: p, Account: &t.Account, For: of, Zone: t.Setting.Zone, Bot: t.Setting.Bot, Home: t.Setting.Home,
	}, t.Tx.Now(), of)
	who.Words = func(text store.Text) string { return t.Setting.Words(dialog.DocumentLanguage, text) }
	changes, err := t.Tx.HandoversOf(ctx, of.ID)
	if err != nil {
		return form.Screen{}, err
	}
	released := ticket != "" && ticket == h.Ticket && p.ID == h.From // who was replaced, or whose phone was let go
	switch {
	case h.State == store.HandoverAsked:
		return form.Screen{}, store.ErrNotFound // the button comes with what is done
	case h.State != store.HandoverDone:
		return change.Card(ctx, t.Tx, who, h)
	case !released && !who.May(dialog.ObjectHandover, string(h.State), dialog.Comes(h), h.By):
		return form.Screen{}, store.ErrNotFound
	case h.Kind == store.OfficerMoves && dialog.Overtaken(changes, h):
		return form.Screen{Body: []store.Text{store.Say("notus.overtaken")}}, nil
	case t.Tx.Now().Sub(h.DecidedAt) > notUsFor:
		return form.Screen{Body: []store.Text{store.Say("notus.late", "Count", strconv.Itoa(invite.InviteDays))}}, nil
	case version == h.Version && answer == "n":
		return form.Screen{Body: []store.Text{store.Say("notus.kept")}}, nil
	case version != h.Version || answer != "y":
		own := dialog.Mark(h.Kind == store.PhoneLost && p.ID == h.From)
		newcomer, err := dialog.Author(ctx, t.Tx, dialog.Comes(h))
		answer := func(word string) string { return dialog.Data("notus", h.ID, ticket, h.Version, word) }
		t.AsNewMessage() // what was told stays on the screen
		return form.Screen{
			Body: []store.Text{store.Say("notus.sure", "Own", own, "Kind", change.Kind(h), "Name", newcomer.Name,
				"Role", string(newcomer.Role))},
			Buttons: [][]store.Button{
				{
					{Text: store.Say("notus.yes", "Own", own), Data: answer("y")},
				}, {{Text: store.Say("notus.no"), Data: answer("n")}},
			},
		}, err
	}
	t.Tx.Act(who.Actor())
	return stop(ctx, t.Tx, who, of, h)
}

// objector is the person as whom an account says "bukan kami" to a change of the group itself: one of the group's, but
// not the one who came with the change; or, by the ticket, the one whose phone was let go with it, a mentor's too.
func objector(ctx context.Context, t *dialog.Turn, h store.Handover, ticket string) (store.Person, error) {
	theirs, err := change.OfGroup(ctx, t.Tx, h)
	if err != nil {
		return store.Person{}, err
	}
	for _, p := range t.Account.People {
		if theirs && p.Recipient == h.Recipient && p.Consent != "" && p.ID != dialog.Comes(h) {
			return p, nil
		}
	}
	if ticket == "" || ticket != h.Ticket || !theirs && h.Kind != store.PhoneLost {
		return store.Person{}, store.ErrNotFound
	}
	return dialog.Author(ctx, t.Tx, h.From)
}

// stop stops a change: the invitation and the phone that came by it are let go, the office is empty, what was
// entered meanwhile is marked, and the coordinators get it as a complaint. Who had the office before does not have it
// again: see Settle.
func stop(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, h store.Handover,
) (form.Screen, error) {
	p, err := tx.Person(ctx, dialog.Comes(h))
	if err != nil {
		return form.Screen{}, err
	}
	marked, err := disown(ctx, tx, of, p, h.DecidedAt, who)
	if err != nil {
		return form.Screen{}, err
	}
	bound, err := sinceThen(ctx, tx, p, h.DecidedAt)
	if err != nil {
		return form.Screen{}, err
	}
	if err := invite.Revoke(ctx, tx, p.ID); err != nil {
		return form.Screen{}, err
	}
	account := int64(0)
	if bound {
		account = p.Account
		if err := dialog.Rebind(ctx, tx, &p, 0); err != nil {
			return form.Screen{}, err
		}
	}
	office := p.Role
	stopped := Freeze(h, &p)
	if stopped {
		if p.Key, err = change.Rekeyed(ctx, tx, p); err != nil {
			return form.Screen{}, err
		}
	}
	if err := tx.PutPerson(ctx, "person.frozen", &p); err != nil {
		return form.Screen{}, err
	}
	h.State, h.Objected, h.ObjectedAt = store.HandoverObjected, who.ID, tx.Now()
	if err := tx.PutHandover(ctx, "handover.objected", &h); err != nil {
		return form.Screen{}, err
	}
	own := dialog.Mark(change.ObjectsOwn(h))
	words := who.Words(store.Say("notus.complaint", "Own", own, "Kind", change.Kind(h), "Name", p.Name,
		"Role", string(h.Role), "Group", of.Name, "By", who.Name))
	for _, line := range marked {
		words += "\n" + who.Words(line)
	}
	settling, err := change.Settlers(ctx, tx, of, h)
	if err != nil {
		return form.Screen{}, err
	}
	c := store.Complaint{
		Person: who.ID, Recipient: of.ID, Province: of.Province, Regency: of.Regency, Topic: dialog.PeopleTopic,
		Words: words,
		State: store.ComplaintSent, At: tx.Now(),
	}
	if h.Kind == store.PhoneLost {
		c.Topic = dialog.PhoneTopic
	}
	if slices.ContainsFunc(settling, func(o store.Person) bool { return o.Role == store.Coordinator }) {
		c.State = store.ComplaintTaken // they have it as the question, and read it nowhere else first
	}
	if err := tx.AddComplaint(ctx, "complaint.sent", &c); err != nil {
		return form.Screen{}, err
	}
	done := store.Say("notus.done", "Kind", change.Kind(h), "Name", p.Name, "Role", string(h.Role))
	s := form.Screen{Body: append(append([]store.Text{done}, marked...), change.WhoSettles(settling))}
	// the phone was let go, and stays so
	if !slices.ContainsFunc(who.Account.People, func(p store.Person) bool { return p.ID == who.ID }) {
		s.Body = append(s.Body, store.Say("notus.next"))
	}
	if account != 0 && account != who.Account.ID {
		said := store.Say("notus.gone", "Kind", change.Kind(h), "Name", p.Name, "Group", of.Name)
		s.Tell = append(s.Tell, store.Message{Chat: account, Body: []store.Text{said, change.WhoSettles(settling)}})
	}
	if stopped && !bound && dialog.Reachable(p) { // they stay in the group, and have other commands now
		said := store.Say("notus.stopped", "Role", string(office), "Group", of.Name)
		s.Tell = append(s.Tell, store.Message{
			Chat: p.Account, Body: []store.Text{said, change.WhoSettles(settling)}, Menu: p.Role,
			Home: who.Home(p.Role),
		})
	}
	asked := map[int64]bool{account: true}
	for _, o := range settling {
		if asked[o.Account] {
			continue
		}
		asked[o.Account] = true
		card, err := change.SettleCard(ctx, tx, when.At(who.Reader(o), tx.Now(), of), of, h)
		if err != nil {
			return s, err
		}
		s.Tell = append(s.Tell, store.Message{
			Chat: o.Account, Body: card.Body, Buttons: card.Buttons, Key: change.Key(h),
		})
	}
	news, err := dialog.TellCoordinators(ctx, tx, who, c)
	if err != nil {
		return s, err
	}
	said := store.Say("notus.told", "Own", own, "Kind", change.Kind(h), "Name", p.Name,
		"Role", string(h.Role), "Group", of.Name, "By", who.Name)
	// whoever keeps the group's papers mends what was marked
	told := store.Message{Body: slices.Concat([]store.Text{said}, marked, []store.Text{change.WhoSettles(settling)})}
	more, err := dialog.ToOfficers(ctx, tx, who, of.ID, told, h.By, of.Mentor)
	if err != nil {
		return s, err
	}
	for _, m := range more {
		if !asked[m.Chat] {
			s.Tell = append(s.Tell, m)
		}
	}
	for _, m := range news { // one message to each: who is asked to settle it has the complaint's words there
		i := slices.IndexFunc(s.Tell, func(o store.Message) bool { return o.Chat == m.Chat })
		switch {
		case i < 0 || len(s.Tell[i].Home) > 0: // a message has one keyboard
			s.Tell = append(s.Tell, m)
		case !asked[m.Chat]:
			s.Tell[i].Buttons = append(s.Tell[i].Buttons, m.Buttons...)
		}
	}
	return s, nil
}

// Freeze takes from the person whom a change brought what it gave them, an office. It tells whether that was one.
func Freeze(h store.Handover, p *store.Person) bool {
	if h.Kind != store.OfficerMoves || p.Role != h.Role {
		return false
	}
	p.Role = store.Member
	return true
}

// sinceThen tells whether a person is bound by an invitation that was used since then.
func sinceThen(ctx context.Context, tx store.Tx, p store.Person, then time.Time) (bool, error) {
	i, err := tx.InviteOf(ctx, p.ID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil && p.Account != 0 && !i.Used.Before(then), err
}
