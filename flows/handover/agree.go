package handover

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/when"
	"pendamping/store"
)

// groupSilent is how long a request waits for the group's word. Whoever lost a phone can't wait longer for somebody who
// doesn't look; after it a coordinator who had no hand in the request decides in their stead.
const groupSilent = 3 * 24 * time.Hour

// wanted is whose word a change of a recipient's people still wants. Who verifies what a group enters never decides
// alone who enters it.
type wanted struct {
	Group       []store.Person // one of these, of the group
	Coordinator bool           // then a coordinator who did not ask for it
}

func (w wanted) nothing() bool { return len(w.Group) == 0 && !w.Coordinator }

// asker is who asked for a change, in all roles of the account.
func asker(ctx context.Context, tx store.Tx, h store.Handover) (dialog.Who, error) {
	p, err := tx.Person(ctx, h.By)
	if err != nil {
		return dialog.Who{}, err
	}
	return dialog.EveryRole(ctx, tx, p)
}

// wants works out whose word a change still wants:
//   - the group's, where anybody of it is bound who neither asked nor gains or loses by it: see witnesses;
//   - a coordinator's, for another mentor, for ketua and bendahara, for the ketua's phone, and where the group
//     can't say it; a coordinator who asked has said theirs, unless the group was asked and stayed silent.
//
// Another phone for a mentor wants a second coordinator, where there is one.
func wants(ctx context.Context, tx store.Tx, of store.Recipient, h store.Handover) (wanted, error) {
	by, err := asker(ctx, tx, h)
	if err != nil {
		return wanted{}, err
	}
	from, err := dialog.Author(ctx, tx, h.From)
	if err != nil {
		return wanted{}, err
	}
	members, err := tx.Members(ctx, of.ID)
	if err != nil {
		return wanted{}, err
	}
	list, err := tx.Coordinators(ctx, of.Province, of.Regency)
	return Weigh(by, of, h, from, members, list, tx.Now()), err
}

// Weigh is wants of what was read.
func Weigh(
	by dialog.Who, of store.Recipient, h store.Handover, from store.Person, members, coordinators []store.Person,
	now time.Time,
) (w wanted) {
	if h.Kind == store.MentorMoves || h.Kind == store.MentorLeaves {
		return wanted{Coordinator: !direct(by, of) || by.Is(h.From) || by.Is(h.To)}
	}
	if from.Role == store.Mentor {
		return wanted{
			Coordinator: by.Role != store.Coordinator || len(deciders(by, h, append(members, from), coordinators)) > 0,
		}
	}
	able := witnesses(members, by, h)
	silent := h.Agreed == 0 && len(able) > 0 && now.Sub(h.At) >= groupSilent
	if h.Agreed == 0 && !silent {
		w.Group = able
	}
	serious := h.Role == store.Chair || h.Role == store.Treasurer ||
		h.Kind == store.PhoneLost && (from.Role == store.Chair || from.Role == store.Owner)
	unsaid := h.Agreed == 0 && len(w.Group) == 0
	if direct(by, of) {
		w.Coordinator = silent
	} else {
		w.Coordinator = serious || unsaid
	}
	return w
}

// witnesses are those of a group of whom one agrees to a change: the ketua, else the other officers, else the members.
// None is the one who asked, who comes or who goes, shares a phone or number with one of them, or has the office on the
// asker's proposal.
func witnesses(members []store.Person, by dialog.Who, h store.Handover) []store.Person {
	fit := uninvolved(members, members, by, h)
	for _, rank := range [][]store.Role{{store.Chair}, chairs} {
		of := slices.DeleteFunc(slices.Clone(fit), func(p store.Person) bool { return !slices.Contains(rank, p.Role) })
		if len(of) > 0 {
			return of
		}
	}
	return fit
}

// deciders are the coordinators who may decide a request and can be reached.
func deciders(by dialog.Who, h store.Handover, known, coordinators []store.Person) []store.Person {
	return uninvolved(coordinators, known, by, h)
}

// uninvolved are those of a list who can be reached and have no part in a change: see witnesses. known are the people
// among whom those who have one are looked up: their phones and numbers count too.
func uninvolved(list, known []store.Person, by dialog.Who, h store.Handover) []store.Person {
	not := by.Account.People
	parties := InvolvedWithObjector(by.Person, h)
	for _, p := range known {
		if slices.Contains(parties, p.ID) {
			not = append(slices.Clone(not), p)
		}
	}
	return slices.DeleteFunc(slices.Clone(list), func(p store.Person) bool {
		is := func(o store.Person) bool { return dialog.Same(o, p) }
		tied := func(id store.ID) bool { return id == p.ID || slices.Contains(p.Sponsors, id) }
		return !dialog.Reachable(p) || slices.ContainsFunc(not, is) || slices.ContainsFunc(by.Hands(), tied)
	})
}

// Involved are all who have a hand in a request: who asked, agreed, comes or goes, and those on whose proposal the
// asker has the office.
func Involved(by store.Person, h store.Handover) []store.ID {
	return dialog.WithHands(dialog.WithHands(nil, h.By, h.From, h.To, h.Agreed), by.Sponsors...)
}

// parties are the persons who have a hand in a change.
func parties(ctx context.Context, tx store.Tx, h store.Handover) (list []store.Person, err error) {
	by, err := dialog.Author(ctx, tx, h.By)
	if err != nil {
		return nil, err
	}
	for _, id := range InvolvedWithObjector(by, h) {
		p, err := dialog.Author(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// mayDecide tells whether a coordinator may decide a request.
func mayDecide(ctx context.Context, tx store.Tx, w dialog.Who, h store.Handover) (bool, error) {
	by, err := dialog.Author(ctx, tx, h.By)
	return w.May(dialog.DecideHandover, string(h.State), Involved(by, h)...), err
}

// newTicket is what the button carries that goes to a phone which is let go: only who was told so can press it.
func newTicket() string {
	secret := make([]byte, 8)
	rand.Read(secret) // never fails
	return hex.EncodeToString(secret)
}

// askWord shows a request to those of the group whose word it wants.
func askWord(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, h store.Handover, w wanted,
) (form.Screen, error) {
	s := form.Screen{Body: []store.Text{store.Say("handover.asked", "Role", askedRole(w.Group))}}
	for _, p := range w.Group {
		card, err := wordCard(ctx, tx, when.At(who.Reader(p), tx.Now(), of), h)
		if err != nil {
			return s, err
		}
		s.Tell = append(s.Tell, store.Message{Chat: p.Account, Body: card.Body, Buttons: card.Buttons, Key: handKey(h)})
	}
	return s, nil
}

// askedRole is the role of those who are asked, as far as one word says it.
func askedRole(list []store.Person) string {
	if len(list) == 1 || list[0].Role == store.Member {
		return string(list[0].Role)
	}
	return "pengurus"
}

// wordCard asks somebody of a group whether a request is theirs.
func wordCard(ctx context.Context, tx store.Tx, who dialog.Who, h store.Handover) (form.Screen, error) {
	s, err := handCard(ctx, tx, who, h)
	if err != nil || h.State != store.HandoverAsked {
		return s, err
	}
	answer := func(word string) string { return dialog.Data("agree", h.ID, h.Version, word) }
	s.Body = append(s.Body, store.Say("agree.ask", "Kind", saidKind(h)))
	s.Buttons = [][]store.Button{
		{{Text: store.Say("agree.yes"), Data: answer("y")}}, {{Text: store.Say("agree.no"), Data: answer("n")}},
	}
	return s, nil
}

// memberOf is the person as one of a recipient's, in whatever role they speak just now.
func memberOf(w dialog.Who, id store.ID) (dialog.Who, bool) {
	for _, p := range w.Account.People {
		if p.Recipient == id && p.Consent != "" {
			w.Person = p
			return w, true
		}
	}
	return w, false
}

// AgreeHand keeps the word of somebody of the group on a change of its people: "34:VERSION:y". Without a version it
// shows the card.
func AgreeHand(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	id, version, yes := arg.ID(), arg.Number(), arg.Rest()
	h, err := tx.Handover(ctx, id)
	if err != nil {
		return form.Screen{}, err
	}
	who, is := memberOf(who, h.Recipient)
	theirs, err := groupsOwn(ctx, tx, h)
	if err == nil && !(is && theirs) {
		err = store.ErrNotFound
	}
	if err != nil {
		return form.Screen{}, err
	}
	of, err := dialog.Recipient(ctx, tx, who.Account, h.Recipient)
	if err != nil {
		return form.Screen{}, err
	}
	who = when.At(who, tx.Now(), of)
	w, err := wants(ctx, tx, of, h)
	if err != nil {
		return form.Screen{}, err
	}
	by, err := dialog.Author(ctx, tx, h.By)
	if err != nil {
		return form.Screen{}, err
	}
	switch {
	case h.State != store.HandoverAsked:
		return handCard(ctx, tx, who, h)
	case h.Agreed != 0:
		p, err := dialog.Author(ctx, tx, h.Agreed)
		return form.Screen{Body: []store.Text{store.Say("agree.before", "Name", p.Name, "At", who.Moment(h.AgreedAt))}},
			err
	case !who.May(dialog.AgreeHandover, string(h.State), Involved(by, h)...),
		!slices.ContainsFunc(w.Group, func(p store.Person) bool { return p.ID == who.ID }):
		return form.Screen{Body: []store.Text{store.Say("agree.other")}}, nil
	case version != h.Version || yes != "y" && yes != "n":
		return wordCard(ctx, tx, who, h)
	}
	tx.Act(who.Actor())
	for _, p := range w.Group { // what waits to be said about the request is over
		if err := tx.Withdraw(ctx, p.Account, handKey(h)); err != nil {
			return form.Screen{}, err
		}
	}
	if yes == "n" {
		return refuseHand(ctx, tx, who, of, h)
	}
	if why, err := contested(ctx, tx, h); why != nil || err != nil {
		if err != nil {
			return form.Screen{}, err
		}
		return form.Screen{Body: []store.Text{*why}}, nil
	}
	old, err := outdated(ctx, tx, h)
	if err != nil {
		return form.Screen{}, err
	}
	if old {
		return form.Screen{Body: []store.Text{store.Say("handover.outdated")}}, nil
	}
	h.Agreed, h.AgreedAt = who.ID, tx.Now()
	if w.Coordinator {
		if err := tx.PutHandover(ctx, "handover.agreed", &h); err != nil {
			return form.Screen{}, err
		}
		s, err := askHand(ctx, tx, who, []store.Handover{h})
		s.Body[0] = store.Say("agree.next")
		return s, err
	}
	h.State, h.Decided, h.DecidedAt = store.HandoverDone, who.ID, tx.Now()
	if err := tx.PutHandover(ctx, "handover.done", &h); err != nil {
		return form.Screen{}, err
	}
	return carriedOut(ctx, tx, who, []store.Handover{h})
}

// refuseHand ends a request for the group: whoever asked is told, and so are the coordinators, who may want to know why
// it was asked.
func refuseHand(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, h store.Handover,
) (form.Screen, error) {
	h.State, h.Decided, h.DecidedAt = store.HandoverDeclined, who.ID, tx.Now()
	if err := tx.PutHandover(ctx, "handover.refused", &h); err != nil {
		return form.Screen{}, err
	}
	card, err := handCard(ctx, tx, who, asBefore(h))
	if err != nil {
		return form.Screen{}, err
	}
	if err := dropNew(ctx, tx, h); err != nil {
		return form.Screen{}, err
	}
	refused := store.Say("agree.refused.told", "Name", who.Name, "Role", string(who.Role), "Group", of.Name)
	said := append([]store.Text{refused}, card.Body[:2]...)
	s := form.Screen{Body: []store.Text{store.Say("agree.refused")}}
	told := map[int64]bool{who.Person.Account: true}
	by, err := dialog.Author(ctx, tx, h.By)
	if err != nil {
		return s, err
	}
	list, err := tx.Coordinators(ctx, of.Province, of.Regency)
	for _, p := range append([]store.Person{by}, list...) {
		if dialog.Reachable(p) && !told[p.Account] {
			told[p.Account] = true
			s.Tell = append(s.Tell, store.Message{Chat: p.Account, Body: said})
		}
	}
	return s, err
}

// asBefore is a request as it was while it waited.
func asBefore(h store.Handover) store.Handover {
	h.State = store.HandoverAsked
	return h
}

// carrierOf returns who gets the invitation that comes with a change: who of the group agreed to it, else the
// coordinator who carries it out. A mentor never does.
func carrierOf(ctx context.Context, tx store.Tx, who dialog.Who, h store.Handover) (store.Person, error) {
	p, err := dialog.Author(ctx, tx, h.Agreed)
	if err == nil && !dialog.Reachable(p) {
		p = who.Person
	}
	return p, err
}

// withProposers are a person's sponsors with those whom a change adds: see Proposing.
func withProposers(ctx context.Context, tx store.Tx, h store.Handover, p, carrier store.Person) ([]store.ID, error) {
	by, err := asker(ctx, tx, h)
	if err != nil {
		return nil, err
	}
	all, err := dialog.EveryRole(ctx, tx, carrier)
	if err != nil {
		return nil, err
	}
	agreed, err := dialog.Author(ctx, tx, h.Agreed)
	add := slices.DeleteFunc(Proposing(h, by, agreed, all), func(id store.ID) bool { return id == p.ID })
	return dialog.WithHands(p.Sponsors, add...), err
}

// Proposing are whom a change makes sponsors of the person who comes: who asked for another officer, and who of the
// programme gets the invitation. Who only reported a lost phone is none where the ketua agreed, or where another one
// carries the invitation.
func Proposing(h store.Handover, by dialog.Who, agreed store.Person, carrier dialog.Who) (list []store.ID) {
	carriedByOther := h.Agreed == 0 && carrier.ID != 0 && carrier.ID != by.ID
	if h.Kind == store.OfficerMoves || agreed.Role != store.Chair && !carriedByOther {
		list = dialog.WithHands(list, by.Hands()...)
	}
	return dialog.WithHands(list, Inviting(carrier)...)
}

// Inviting are whom an invitation makes sponsors of the person it is for: its carrier in all roles, where one is of the
// programme.
func Inviting(carrier dialog.Who) []store.ID {
	if slices.ContainsFunc(carrier.Account.People, func(p store.Person) bool { return dialog.Verifies(p.Role) }) {
		return carrier.Hands()
	}
	return nil
}

// tellGroup tells everybody of a recipient who is bound of a change of its people, with the button for those who know
// nothing of it; not the one who does it, nor the one whom it brings.
func tellGroup(
	ctx context.Context, tx store.Tx, who dialog.Who, h store.Handover, said store.Text, not ...store.ID,
) ([]store.Message, error) {
	list, err := tx.Members(ctx, h.Recipient)
	if err != nil {
		return nil, err
	}
	told := map[int64]bool{who.Person.Account: true}
	var tell []store.Message
	for _, p := range list {
		if !dialog.Reachable(p) || told[p.Account] || slices.Contains(not, p.ID) {
			continue
		}
		told[p.Account] = true
		tell = append(tell, store.Message{
			Chat: p.Account, Body: []store.Text{said}, Buttons: [][]store.Button{{notUsButton(h, "")}},
		})
	}
	return tell, nil
}

// notUsButton stops a change; with its ticket it goes to who was replaced, or whose phone was let go.
func notUsButton(h store.Handover, ticket string) store.Button {
	own := h.Kind == store.PhoneLost && ticket != ""
	b := store.Button{Text: store.Say("notus.button", "Own", dialog.Mark(own)), Data: dialog.Data("notus", h.ID)}
	if ticket != "" {
		b.Data = dialog.Data("notus", h.ID, ticket)
	}
	return b
}
