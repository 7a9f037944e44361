package broadcast

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// send keeps what was composed, and launches it or asks a second coordinator.
func (a *Audiences) send(ctx context.Context, d announcing) (form.Screen, error) {
	tx, who := a.tx, a.who
	b := d.cast(who, tx.Now(), a.saved)
	size, err := a.size(ctx, b.Audience)
	if err != nil {
		return form.Screen{}, err
	}
	if size.Chats == 0 {
		return form.Screen{}, form.Fixable{Why: store.Say("umumkan.nobody")}
	}
	if size.Chats > a.rules.TypedOver() && a.Counted(size.Chats)(d.Count) != nil {
		return form.Screen{}, form.Fixable{
			Question: "count", Why: store.Say("umumkan.count.why", "Count", strconv.Itoa(size.Chats)),
		}
	}
	b.Count, b.State = size.Chats, store.BroadcastRunning
	before, second, err := a.second(ctx, b, size.Chats)
	if err != nil {
		return form.Screen{}, err
	}
	var others []store.Person
	if second {
		if others, err = Seconds(ctx, tx, who); err != nil {
			return form.Screen{}, err
		}
		if len(others) == 0 {
			return form.Screen{}, form.Fixable{Why: store.Say("umumkan.alone", "Before", before)}
		}
		b.State = store.BroadcastAsked
	}
	if err := tx.AddBroadcast(ctx, "broadcast.composed", &b); err != nil {
		return form.Screen{}, err
	}
	if d.Save != "" {
		if err := tx.PutAudience(ctx, store.SavedAudience{
			Person: who.ID, Name: d.Save, Audience: b.Audience,
		}); err != nil {
			return form.Screen{}, err
		}
	}
	if b.State == store.BroadcastAsked {
		s := form.Screen{Body: []store.Text{store.Say("umumkan.asked", "Name", others[0].Name)}}
		for _, p := range others {
			s.Tell = append(s.Tell, store.Message{
				Chat: p.Account, Key: "castsee:" + dialog.IDText(b.ID),
				Body: []store.Text{
					store.Say("cast.ask", "Name", who.Name, "Title", Title(b), "Count", strconv.Itoa(b.Count)),
				},
				Buttons: [][]store.Button{{{Text: store.Say("cast.look"), Data: dialog.Data("castsee", b.ID)}}},
			})
		}
		return s, nil
	}
	if err := launch(ctx, tx, who, &b, who.Person); err != nil {
		return form.Screen{}, err
	}
	return progress(ctx, tx, who, b)
}

// aloneFor is the span in which announcements without a second coordinator count together: several small ones are no
// way round.
const aloneFor = 24 * time.Hour

// second tells whether an announcement to so many chats needs a second coordinator, and to how many the same human
// announced without one shortly before, "" where that does not matter.
func (a *Audiences) second(ctx context.Context, b store.Broadcast, chats int) (before string, is bool, err error) {
	if chats > a.rules.SecondOver() {
		return "", true, nil
	}
	at := a.tx.Now()
	due := at
	if b.Due.After(at) {
		due = b.Due
	}
	n, err := a.tx.SentAlone(ctx, isEverywhere(a.who), at.Add(-aloneFor), due.Add(-aloneFor), due.Add(aloneFor))
	if err != nil || n+chats <= a.rules.SecondOver() {
		return "", false, err
	}
	return strconv.Itoa(n), true, nil
}

// isEverywhere are all persons who are known to be the same human as this one, or tied to them.
func isEverywhere(w dialog.Who) []store.ID {
	list := dialog.WithHands([]store.ID{w.ID}, w.EverySponsor()...)
	if w.Account != nil {
		for _, p := range w.Account.People {
			list = dialog.WithHands(list, p.ID)
		}
	}
	return list
}

// Seconds are the coordinators who may agree to somebody's announcement: whose scope covers theirs, who can be reached,
// and who are not tied to them.
func Seconds(ctx context.Context, tx store.Tx, who dialog.Who) ([]store.Person, error) {
	list, err := tx.Coordinators(ctx, who.Province, who.Regency)
	same := isEverywhere(who)
	return slices.DeleteFunc(list, func(p store.Person) bool {
		return slices.Contains(same, p.ID) || !dialog.Reachable(p) || p.Account == who.Person.Account
	}), err
}

// launch fixes who gets an announcement, and puts it on its way.
func launch(ctx context.Context, tx store.Tx, who dialog.Who, b *store.Broadcast, by store.Person) error {
	n, err := tx.Launch(ctx, *b, by.Province, by.Regency, dueIn(*b, tx.Now(), who.Zone))
	if err != nil {
		return err
	}
	b.Count, b.Launched, b.State = n, tx.Now(), store.BroadcastRunning
	return tx.PutBroadcast(ctx, "broadcast.launched", b)
}

// progress is the card of an announcement.
func progress(ctx context.Context, tx store.Tx, who dialog.Who, b store.Broadcast) (form.Screen, error) {
	t, err := tx.TallyOf(ctx, b.ID)
	m := Progress(b, t, tx.Now().In(who.Zone), 0)
	return form.Screen{Body: m.Body, Buttons: m.Buttons, Key: m.Key}, err
}

// broadcastOf reads an announcement that somebody may do something to: their own, or one that they may agree to.
func broadcastOf(
	ctx context.Context, tx store.Tx, who dialog.Who, d dialog.Deed, id store.ID,
) (store.Broadcast, store.Person, error) {
	b, err := tx.Broadcast(ctx, id)
	if err != nil {
		return b, store.Person{}, err
	}
	by, err := tx.Person(ctx, b.By)
	if err != nil {
		return b, by, err
	}
	if !who.Is(b.By) && !who.Covers(by.Province, by.Regency) {
		return b, by, store.ErrNotFound
	}
	author, err := dialog.EveryRole(ctx, tx, by)
	if err == nil && !who.MayBy(d, string(b.State), author) {
		err = errNotNow
	}
	return b, by, err
}

// allowedBroadcast is broadcastOf where an announcement whose state does not allow the deed counts as none.
func allowedBroadcast(
	ctx context.Context, tx store.Tx, who dialog.Who, d dialog.Deed, id store.ID,
) (store.Broadcast, error) {
	b, _, err := broadcastOf(ctx, tx, who, d, id)
	if errors.Is(err, errNotNow) {
		err = store.ErrNotFound
	}
	return b, err
}

// errNotNow says that a record is there, but that its state, or who it is of, does not allow what was wanted.
var errNotNow = errors.New("not in this state, or not by this hand")

// See shows an announcement to the coordinator who is asked to agree, exactly as it will be sent.
func See(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	b, by, err := broadcastOf(ctx, tx, who, dialog.AgreeBroadcast, arg.ID())
	if errors.Is(err, errNotNow) {
		return castState(ctx, tx, who, b)
	}
	if err != nil {
		return form.Screen{}, err
	}
	id := dialog.IDText(b.ID)
	a := &Audiences{tx: tx, who: who.Reader(by)}
	limits, err := a.limitsSaid(ctx, b.Audience)
	if err != nil {
		return form.Screen{}, err
	}
	body := append([]store.Text{
		store.Say("cast.ask", "Name", by.Name, "Title", Title(b), "Count", strconv.Itoa(b.Count)),
	}, limits...)
	at := ""
	if b.Due.After(tx.Now()) {
		at = who.Moment(b.Due)
	}
	body = append(body, store.Say("umumkan.at", "At", at, "Urgent", b.Urgent), store.Say("cast.sure"))
	return form.Screen{Ahead: preview(b), Body: body, Buttons: [][]store.Button{{
		{
			Text: store.Say("cast.yes"), Data: dialog.Data("castyes", id),
		}, {Text: store.Say("cast.no"), Data: dialog.Data("castno", id)},
	}}}, nil
}

// castState says how an announcement stands of which nothing more can be decided.
func castState(ctx context.Context, tx store.Tx, who dialog.Who, b store.Broadcast) (form.Screen, error) {
	if who.Is(b.By) && b.State == store.BroadcastAsked {
		return form.Screen{Body: []store.Text{store.Say("cast.own")}}, nil
	}
	second, err := dialog.Author(ctx, tx, b.Approved)
	return form.Screen{Body: []store.Text{
		store.Say("cast.decided", "Title", Title(b), "State", string(b.State), "Name", second.Name, "Why", b.Why),
	}}, err
}

// Decline asks why the announcement of another coordinator's shouldn't be sent, and keeps it from being sent.
func Decline(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	b, by, err := broadcastOf(ctx, tx, who, dialog.AgreeBroadcast, about.ID())
	if errors.Is(err, errNotNow) {
		s, err := castState(ctx, tx, who, b)
		if err != nil {
			return nil, err
		}
		return nil, form.Fixable{Why: s.Body[0]}
	}
	if err != nil {
		return nil, err
	}
	type no struct{ Reason string }
	questions := func(n *no) ([]form.Question, error) {
		return []form.Question{form.Ask("reason", &n.Reason, dialog.InBrief).Exclusive(),
			form.Review(store.Say("castno.head", "Name", by.Name, "Title", Title(b)))}, nil
	}
	submit := func(ctx context.Context, n no, _ form.State) (form.Screen, error) {
		b.Approved, b.State, b.Why = who.ID, store.BroadcastDeclined, n.Reason
		if err := tx.PutBroadcast(ctx, "broadcast.declined", &b); err != nil {
			return form.Screen{}, err
		}
		return form.Screen{
			Body: []store.Text{store.Say("cast.declined.done", "Name", by.Name)},
			Tell: []store.Message{{Chat: by.Account, Body: []store.Text{
				store.Say("cast.declined", "Name", who.Name, "Title", Title(b), "Words", n.Reason),
			}}},
		}, nil
	}
	return form.New("castno", questions, submit), nil
}

// Agree launches the announcement of another coordinator's.
func Agree(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	b, by, err := broadcastOf(ctx, t.Tx, t.Who, dialog.AgreeBroadcast, arg.ID())
	if errors.Is(err, errNotNow) {
		return castState(ctx, t.Tx, t.Who, b)
	}
	if err != nil {
		return form.Screen{}, err
	}
	b.Approved = t.Who.ID
	if err := launch(ctx, t.Tx, t.Who, &b, by); err != nil {
		return form.Screen{}, err
	}
	tally, err := t.Tx.TallyOf(ctx, b.ID)
	if err != nil {
		return form.Screen{}, err
	}
	card := Progress(b, tally, t.Tx.Now().In(t.Who.Zone), 0)
	card.Chat = by.Account
	t.Tell([]store.Message{{Chat: by.Account, Body: []store.Text{store.Say("cast.agreed", "Name", t.Who.Name)}}, card})
	return form.Screen{Body: []store.Text{store.Say("cast.agreed.done", "Name", by.Name)}}, nil
}
