package objection

import (
	"context"
	"errors"
	"slices"

	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/when"
	"pendamping/store"
)

// What "bukan kami" stopped stays stopped until the ketua or a coordinator of the place settles it, who neither asked
// for the change, agreed to it or carried it out, comes or goes by it, nor objected. So nobody gets an office, or a
// phone, by their own word: neither who came nor who was replaced. And nobody judges their own word, or what they
// passed on by it.

// Settle ends what was objected to: "34:VERSION:y" lets the change stand, n takes it back. Without a version it
// shows the card.
func Settle(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	id, version, answer := arg.ID(), arg.Number(), arg.Rest()
	h, err := tx.Handover(ctx, id)
	if err != nil {
		return form.Screen{}, err
	}
	of, err := tx.Recipient(ctx, h.Recipient)
	if err != nil {
		return form.Screen{}, err
	}
	who, may, err := change.AsSettler(ctx, tx, who, of, h)
	if err == nil && !who.Theirs(of) {
		err = store.ErrNotFound
	}
	if err != nil {
		return form.Screen{}, err
	}
	who = when.At(who, tx.Now(), of)
	changes, err := tx.HandoversOf(ctx, of.ID)
	if err != nil {
		return form.Screen{}, err
	}
	switch {
	case h.State != store.HandoverObjected:
		return change.Card(ctx, tx, who, h)
	case dialog.Overtaken(changes, h):
		return form.Screen{Body: []store.Text{store.Say("handover.outdated")}}, nil
	case !may:
		list, err := change.Settlers(ctx, tx, of, h)
		return form.Screen{Body: []store.Text{store.Say("settle.other"), change.WhoSettles(list)}}, err
	case version != h.Version || answer != "y" && answer != "n":
		return change.SettleCard(ctx, tx, who, of, h)
	}
	tx.Act(who.Actor())
	state := store.HandoverUpheld
	if answer == "n" {
		state = store.HandoverRestored
	}
	p, fits, err := entitled(ctx, tx, of, h, state)
	if err != nil {
		return form.Screen{}, err
	}
	if !fits {
		return form.Screen{Body: []store.Text{store.Say("handover.outdated")}}, nil
	}
	if state == store.HandoverUpheld {
		if err := clearMarks(ctx, tx, of, p, h); err != nil {
			return form.Screen{}, err
		}
	}
	changed := h
	asked, err := change.Settlers(ctx, tx, of, h)
	if err != nil {
		return form.Screen{}, err
	}
	h.State, h.Decided, h.DecidedAt = state, who.ID, tx.Now()
	if err := tx.PutHandover(ctx, "handover."+string(state), &h); err != nil {
		return form.Screen{}, err
	}
	said, err := change.Settled(ctx, tx, h, of, who)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{said}}
	if err := closeComplaint(ctx, tx, who, of, h, said); err != nil {
		return s, err
	}
	if s.Tell, err = tellSettled(ctx, tx, who, of, h, s.Body[0], p, asked); err != nil {
		return s, err
	}
	released, err := tellReleased(ctx, tx, who, of, changed, h, s.Tell)
	s.Tell = append(s.Tell, released...)
	if err != nil || p.ID == 0 {
		return s, err
	}
	if p.Account == 0 {
		s.Buttons = change.ReinviteButtons([]store.Person{p}, nil)
	}
	letter, err := giveBack(ctx, tx, who, of, changed, p)
	s.Tell = append(s.Tell, letter...)
	return s, err
}

// closeComplaint ends the complaint that the objection sent: this is its answer.
func closeComplaint(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, h store.Handover, said store.Text,
) error {
	list, err := tx.ComplaintsIn(ctx, of.Province, of.Regency)
	if err != nil {
		return err
	}
	for _, c := range list {
		theirs := dialog.AboutChange(c) && c.Recipient == of.ID && c.Person == h.Objected &&
			c.At.Equal(h.ObjectedAt)
		if !theirs || c.State == store.ComplaintClosed {
			continue
		}
		c.State, c.Reply, c.Closer, c.Closed = store.ComplaintClosed, who.Words(said), who.ID, tx.Now()
		if err := tx.PutComplaint(ctx, "complaint.closed", &c); err != nil {
			return err
		}
	}
	return nil
}

// tellReleased tells the phones that were let go how a change was settled that was objected to, and what to do: the
// one that the person had before, if it objected or is the person's again, and the one that came by the change and
// was stopped.
func tellReleased(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, changed, h store.Handover,
	told []store.Message,
) (tell []store.Message, err error) {
	came, err := dialog.Author(ctx, tx, dialog.Comes(h))
	if err != nil || came.ID == 0 || came.Account != 0 {
		return nil, err
	}
	had, err := tx.Had(ctx, came.ID)
	if err != nil {
		return nil, err
	}
	i, err := tx.InviteOf(ctx, came.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	restored := h.State == store.HandoverRestored
	add := func(back bool) {
		account := had[0]
		had = had[1:]
		heard := func(m store.Message) bool { return m.Chat == account }
		if account == who.Person.Account || slices.ContainsFunc(told, heard) {
			return
		}
		group := of.Name
		if came.Role == store.Mentor {
			group = ""
		}
		said := store.Say("settle.phone", "Kind", change.Kind(h), "State", string(h.State), "Name", came.Name,
			"Role", string(h.Role),
			"Group", group, "Back", dialog.Mark(back), "By", who.Name, "ByRole", string(who.Role))
		tell = append(tell, store.Message{Chat: account, Body: []store.Text{said}})
	}
	if joined := err == nil && !i.Used.Before(changed.DecidedAt); joined && len(had) > 0 {
		add(!restored)
	}
	if h.Kind == store.PhoneLost && !h.Unbound && len(had) > 0 && (restored || h.Objected == h.From) {
		add(restored)
	}
	return tell, nil
}

// entitled is who has the office, or the phone, once a change is settled so; nobody where there was no officer before.
// fits tells whether things are still as the objection left them.
func entitled(
	ctx context.Context, tx store.Tx, of store.Recipient, h store.Handover, state store.HandoverState,
) (p store.Person, fits bool, err error) {
	list, err := tx.HandoversOf(ctx, of.ID)
	if err != nil || dialog.Overtaken(list, h) {
		return p, false, err
	}
	if h.Kind == store.PhoneLost {
		p, err = tx.Person(ctx, h.From)
		return p, p.Account == 0 && (p.Recipient == of.ID || p.Role == store.Mentor), err
	}
	if h.Kind != store.OfficerMoves {
		return p, false, nil // nobody objects to whom a group is given as its mentor
	}
	id := h.To
	if state == store.HandoverRestored {
		id = h.From
	}
	if p, err = dialog.Author(ctx, tx, id); err != nil || id == 0 {
		return p, err == nil, err
	}
	if id == h.From && h.Leaves && p.Recipient == 0 {
		p.Recipient = of.ID
	}
	if p.Recipient != of.ID || p.Role != store.Member {
		return p, false, nil
	}
	p.Role = h.Role
	both, err := dialog.WouldBeBoth(ctx, tx, of, store.Handover{Kind: h.Kind, Role: h.Role, To: p.ID})
	return p, !both, err
}

// giveBack keeps who has the office again. Whoever is not bound gets an invitation by the one who settled it.
func giveBack(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, h store.Handover, p store.Person,
) ([]store.Message, error) {
	carrier := store.Person{}
	if p.Account == 0 {
		carrier = who.Person
	}
	var err error
	if p.ID == h.From && h.Kind == store.OfficerMoves { // who asked for somebody else proposed nobody here
		all, err := dialog.EveryRole(ctx, tx, carrier)
		if err != nil {
			return nil, err
		}
		p.Sponsors = dialog.WithHands(p.Sponsors, change.Inviting(all)...)
	} else if p.Sponsors, err = change.WithProposers(ctx, tx, h, p, carrier); err != nil {
		return nil, err
	}
	if p.Key, err = change.Rekeyed(ctx, tx, p); err != nil {
		return nil, err
	}
	if err := tx.PutPerson(ctx, "person.restored", &p); err != nil || p.Account != 0 {
		return nil, err
	}
	return change.GiveInvite(ctx, tx, who, of, p, h, carrier)
}

// tellSettled tells the group and those whom it concerns how a change was settled. What waits to be said about it to
// those who were asked is over.
func tellSettled(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, h store.Handover, said store.Text,
	p store.Person,
	asked []store.Person,
) ([]store.Message, error) {
	for _, o := range asked {
		if err := tx.Withdraw(ctx, o.Account, change.Key(h)); err != nil {
			return nil, err
		}
	}
	list, err := tx.Members(ctx, of.ID)
	if err != nil {
		return nil, err
	}
	for _, id := range []store.ID{h.Objected, h.By, of.Mentor} {
		o, err := dialog.Author(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	told := map[int64]bool{who.Person.Account: true}
	var tell []store.Message
	for _, o := range list {
		if !dialog.Reachable(o) || told[o.Account] {
			continue
		}
		told[o.Account] = true
		m := store.Message{Chat: o.Account, Body: []store.Text{said}}
		switch {
		case o.ID == p.ID: // whoever is an officer again has other commands
			m.Menu, m.Home = p.Role, who.Home(p.Role)
		// she may invite them too, by her own word
		case o.Role == store.Chair && p.Recipient == of.ID && p.Account == 0:
			m.Buttons = change.ReinviteButtons([]store.Person{p}, nil)
		}
		tell = append(tell, m)
	}
	return tell, nil
}
