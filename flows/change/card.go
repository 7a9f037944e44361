package change

import (
	"context"
	"strconv"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// Card is a request for the one who decides, or what became of it.
func Card(ctx context.Context, tx store.Tx, who dialog.Who, h store.Handover) (form.Screen, error) {
	by, err := dialog.Author(ctx, tx, h.By)
	if err != nil {
		return form.Screen{}, err
	}
	if h.State == store.HandoverObjected {
		of, err := tx.Recipient(ctx, h.Recipient)
		if err != nil {
			return form.Screen{}, err
		}
		if _, may, err := AsSettler(ctx, tx, who, of, h); may || err != nil {
			if err != nil {
				return form.Screen{}, err
			}
			return SettleCard(ctx, tx, who, of, h)
		}
		s, err := objected(ctx, tx, who, h)
		if err != nil {
			return s, err
		}
		changes, err := tx.HandoversOf(ctx, of.ID)
		if err != nil || dialog.Overtaken(changes, h) {
			return s, err
		}
		list, err := Settlers(ctx, tx, of, h)
		s.Body = append(s.Body, WhoSettles(list))
		return s, err
	}
	if h.State != store.HandoverAsked {
		of, err := tx.Recipient(ctx, h.Recipient)
		if err != nil {
			return form.Screen{}, err
		}
		decided, err := dialog.Author(ctx, tx, h.Decided)
		if h.State == store.HandoverUpheld || h.State == store.HandoverRestored {
			if err != nil {
				return form.Screen{}, err
			}
			decider := who
			decider.Name = decided.Name
			said, err := Settled(ctx, tx, h, of, decider)
			return form.Screen{Body: []store.Text{said}}, err
		}
		return form.Screen{Body: []store.Text{store.Say("handover.decided", "Kind", string(h.Kind),
			"State", string(h.State), "Group", of.Name,
			"Name", decided.Name, "At", who.Moment(h.DecidedAt), "Words", h.Answer)}}, err
	}
	from, to, err := Sides(ctx, tx, h)
	if err != nil {
		return form.Screen{}, err
	}
	all, err := Batch(ctx, tx, who, h)
	if err != nil {
		return form.Screen{}, err
	}
	var list []store.Recipient
	for _, one := range all {
		of, err := tx.Recipient(ctx, one.Recipient)
		if err != nil {
			return form.Screen{}, err
		}
		list = append(list, of)
	}
	s := form.Screen{Body: []store.Text{
		store.Say("handover.head", "Kind", Kind(h), "Groups", GroupNames(list), "Count", strconv.Itoa(len(list))),
		store.Say("handover.change", "Kind", Kind(h), "From", from.Name, "To", to.Name, "Role", string(h.Role),
			"Leaves", dialog.Mark(h.Leaves), "Day", string(h.Back)),
		store.Say("handover.why", "Words", h.Reason, "Name", by.Name, "Role", string(by.Role), "At", who.Moment(h.At)),
	}}
	if h.Agreed != 0 {
		p, err := dialog.Author(ctx, tx, h.Agreed)
		if err != nil {
			return form.Screen{}, err
		}
		s.Body = append(s.Body, store.Say("handover.agreed", "Name", p.Name, "Role", string(p.Role),
			"At", who.Moment(h.AgreedAt)))
	}
	decides, err := MayDecide(ctx, tx, who, h)
	if err != nil || !decides {
		return s, err
	}
	w, err := Wants(ctx, tx, list[0], h)
	if err != nil {
		return s, err
	}
	no := store.Button{Text: store.Say("handover.no"), Data: dialog.Data("decline", dialog.Dashed(h.ID, h.Version))}
	if len(w.Group) > 0 {
		s.Body = append(s.Body, store.Say("handover.unsaid", "Role", AskedRole(w.Group)))
		s.Buttons = [][]store.Button{{no}}
		return s, nil
	}
	s.Buttons = [][]store.Button{
		{{Text: store.Say("handover.yes"), Data: dialog.Data("handover", h.ID, h.Version)}, no},
	}
	return s, nil
}

// SettleCard asks who is right about a change that was objected to.
func SettleCard(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, h store.Handover,
) (form.Screen, error) {
	s, err := objected(ctx, tx, who, h)
	if err != nil {
		return s, err
	}
	from, to, err := Sides(ctx, tx, h)
	if err != nil {
		return s, err
	}
	by, err := dialog.Author(ctx, tx, h.By)
	if err != nil {
		return s, err
	}
	s.Body = append(s.Body,
		store.Say("handover.change", "Kind", Kind(h), "From", from.Name, "To", to.Name, "Role", string(h.Role),
			"Leaves", dialog.Mark(h.Leaves), "Day", string(h.Back)),
		store.Say("handover.why", "Words", h.Reason, "Name", by.Name, "Role", string(by.Role), "At", who.Moment(h.At)),
		store.Say("settle.ask"))
	answer := func(word string) string { return dialog.Data("settle", h.ID, h.Version, word) }
	s.Buttons = [][]store.Button{
		{{Text: store.Say("settle.uphold", "Kind", Kind(h), "From", from.Name, "To", to.Name), Data: answer("y")}},
		{{Text: store.Say("settle.restore", "Kind", Kind(h), "From", from.Name), Data: answer("n")}},
	}
	return s, nil
}

// objected says who of the group objected to a change, and when.
func objected(ctx context.Context, tx store.Tx, who dialog.Who, h store.Handover) (form.Screen, error) {
	p, err := dialog.Author(ctx, tx, h.Objected)
	if err != nil {
		return form.Screen{}, err
	}
	of, err := tx.Recipient(ctx, h.Recipient)
	return form.Screen{Body: []store.Text{
		store.Say("notus.decided", "Own", dialog.Mark(ObjectsOwn(h)), "Group", of.Name, "Name", p.Name,
			"At", who.Moment(h.ObjectedAt)),
	}}, err
}

// ObjectsOwn tells whether a change was stopped by the one whose phone it let go.
func ObjectsOwn(h store.Handover) bool { return h.Kind == store.PhoneLost && h.Objected == h.From }

// Settled says how a change that was objected to was settled, and who has the office by that, or the invitation for the
// phone.
func Settled(
	ctx context.Context, tx store.Tx, h store.Handover, of store.Recipient, who dialog.Who,
) (store.Text, error) {
	from, to, err := Sides(ctx, tx, h)
	holder := to
	if h.State == store.HandoverRestored || h.Kind == store.PhoneLost {
		holder = from
	}
	return store.Say("settle.done", "State", string(h.State), "Kind", Kind(h), "Group", of.Name, "Name", who.Name,
		"At", who.Moment(h.DecidedAt), "Role", string(h.Role), "Holder", holder.Name), err
}

// NotUsButton stops a change; with its ticket it goes to who was replaced, or whose phone was let go.
func NotUsButton(h store.Handover, ticket string) store.Button {
	own := h.Kind == store.PhoneLost && ticket != ""
	b := store.Button{Text: store.Say("notus.button", "Own", dialog.Mark(own)), Data: dialog.Data("notus", h.ID)}
	if ticket != "" {
		b.Data = dialog.Data("notus", h.ID, ticket)
	}
	return b
}
