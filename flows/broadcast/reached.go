package broadcast

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// report is what became of an announcement: its card, who understood it by place, and what can be done next.
func report(ctx context.Context, tx store.Tx, who dialog.Who, b store.Broadcast) (form.Screen, error) {
	const most = 15
	t, err := tx.TallyOf(ctx, b.ID)
	if err != nil {
		return form.Screen{}, err
	}
	card := Progress(b, t, tx.Now().In(who.Zone), 0)
	s := form.Screen{Body: card.Body, Buttons: card.Buttons}
	s.Buttons = slices.DeleteFunc(s.Buttons, func(row []store.Button) bool {
		return row[0].Data == dialog.Data("cast", b.ID)
	})
	if b.Why != "" {
		s.Body = append(s.Body, store.Say("cast.why", "Words", b.Why))
	}
	if b.Question != "" {
		votes, err := tx.VotesOf(ctx, b.ID)
		if err != nil {
			return s, err
		}
		for i, o := range b.Options {
			s.Body = append(s.Body, store.Say("cast.vote", "Answer", o, "Count", strconv.Itoa(votes[i])))
		}
	}
	if b.Ack && !b.Launched.IsZero() {
		list, err := tx.UnderstoodIn(ctx, b.ID)
		if err != nil {
			return s, err
		}
		if len(list) > 0 {
			s.Body = append(s.Body, store.Say("cast.places"))
		}
		for _, u := range list[:min(most, len(list))] {
			s.Body = append(s.Body, store.Say("cast.place", "Place", strings.Trim(u.Regency+", "+u.Province, ", "),
				"Acknowledged", strconv.Itoa(u.Acknowledged), "Got", strconv.Itoa(u.Got)))
		}
		if n := len(list) - most; n > 0 {
			s.Body = append(s.Body, store.Say("cast.places.more", "Count", strconv.Itoa(n)))
		}
	}
	row := func(text store.Text, name string, about any) {
		s.Buttons = append(s.Buttons, []store.Button{{Text: text, Data: dialog.Data(name, about)}})
	}
	if b.State == store.BroadcastDone && b.Recalled.IsZero() {
		if b.Ack && b.Nudged.IsZero() && t[store.Sent] > 0 {
			row(store.Say("cast.nudge", "Count", strconv.Itoa(t[store.Sent])), "castnudge", b.ID)
		}
		row(store.Say("cast.hand"), "casthand", b.ID)
	}
	if permitted := dialog.Permits()[dialog.CorrectBroadcast].States; slices.Contains(permitted, string(b.State)) &&
		b.Recalled.IsZero() {
		if b.Question == "" {
			row(store.Say("cast.fix"), "castfix", b.ID)
		}
		row(store.Say("cast.recall"), "castrecall", b.ID)
	}
	s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("cast.all"), Data: dialog.Data("cast")}})
	return s, nil
}

// Nudge reminds, once, those who got an announcement and did not say that they understood it.
func Nudge(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	b, _, err := broadcastOf(ctx, t.Tx, t.Who, dialog.FollowBroadcast, arg.ID())
	if errors.Is(err, errNotNow) {
		return form.Screen{}, notNow(ctx, t, b)
	}
	if err != nil {
		return form.Screen{}, err
	}
	if !b.Ack || !b.Nudged.IsZero() || !b.Recalled.IsZero() {
		return form.Screen{Body: []store.Text{store.Say("cast.nudged.before")}}, nil
	}
	m := store.Message{
		Class: store.Nudge, Key: "paham:" + dialog.IDText(b.ID), Body: []store.Text{
			store.Say("announcement.remind", "Title", Title(b)),
		},
		Buttons: [][]store.Button{
			{
				{Text: store.Say("announcement.ack"), Data: dialog.Data("paham", b.ID)},
			}, {{Text: store.Say("announcement.ask"), Data: dialog.Data("tanya", b.ID)}},
		},
	}
	n, err := t.Tx.Remind(ctx, b.ID, m, dueIn(store.Broadcast{}, t.Tx.Now(), t.Who.Zone))
	if err != nil {
		return form.Screen{}, err
	}
	b.Nudged = t.Tx.Now()
	if err := t.Tx.PutBroadcast(ctx, "broadcast.nudged", &b); err != nil {
		return form.Screen{}, err
	}
	return form.Screen{
		Body:    []store.Text{store.Say("cast.nudged", "Count", strconv.Itoa(n))},
		Buttons: [][]store.Button{{{Text: store.Say("cast.report"), Data: dialog.Data("cast", b.ID)}}},
	}, nil
}

// ToMentors gives each mentor the names of her groups that an announcement did not reach, with text to forward.
func ToMentors(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	const most = 20
	b, by, err := broadcastOf(ctx, t.Tx, t.Who, dialog.FollowBroadcast, arg.ID())
	if errors.Is(err, errNotNow) {
		return form.Screen{}, notNow(ctx, t, b)
	}
	if err != nil {
		return form.Screen{}, err
	}
	list, err := t.Tx.UnreachedOf(ctx, b, by.Province, by.Regency)
	if err != nil {
		return form.Screen{}, err
	}
	mentors, groups := 0, 0
	for len(list) > 0 {
		n := slices.IndexFunc(list, func(u store.Unreached) bool { return u.Mentor != list[0].Mentor })
		if n < 0 {
			n = len(list)
		}
		mine := list[:n]
		list = list[n:]
		p, err := t.Tx.Person(ctx, mine[0].Mentor)
		if err != nil {
			return form.Screen{}, err
		}
		if !dialog.Reachable(p) {
			continue
		}
		var names []string
		for _, u := range mine[:min(most, n)] {
			names = append(names, u.Group)
		}
		mentors, groups = mentors+1, groups+n
		forward := store.Message{Chat: p.Account, Key: "forward:" + dialog.IDText(b.ID), HTML: b.Words,
			Body: []store.Text{store.Say("announcement.footer")}}
		if b.Question != "" {
			forward.Body = []store.Text{store.Say("hand.poll", "Question", b.Question)}
		}
		t.Tell([]store.Message{
			{Chat: p.Account, Key: "hand:" + dialog.IDText(b.ID),
				Body: []store.Text{store.Say("hand.groups", "Name", by.Name, "Title", Title(b),
					"Groups", strings.Join(names, ", "),
					"More", dialog.Count(max(n-most, 0)))}},
			forward,
		})
	}
	return form.Screen{
		Body: []store.Text{
			store.Say("cast.handed", "Mentors", strconv.Itoa(mentors), "Groups", strconv.Itoa(groups)),
		},
		Buttons: [][]store.Button{{{Text: store.Say("cast.report"), Data: dialog.Data("cast", b.ID)}}},
	}, nil
}

// Edited tells who sent an announcement that all that was sent is corrected or taken back, and what Telegram refused.
func Edited(
	ctx context.Context, tx store.Tx, b store.Broadcast, a store.EditTally, zone *time.Location,
) ([]store.Message, error) {
	by, err := tx.Person(ctx, b.By)
	if err != nil || by.Account == 0 || a.Done+a.Refused == 0 {
		return nil, err
	}
	what := "fix"
	if !b.Recalled.IsZero() {
		what = "recall"
	}
	told := store.Message{Chat: by.Account, Class: store.Nudge, Body: []store.Text{
		store.Say("cast.amended", "What", what, "Title", Title(b), "Done", strconv.Itoa(a.Done),
			"Refused", dialog.Count(a.Refused)),
	}}
	t, err := tx.TallyOf(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	card, err := shownCard(ctx, tx, b, t, zone)
	return append(card, told), err
}

// shownCard changes the message that shows an announcement's progress to who sent it; none where it isn't there.
func shownCard(
	ctx context.Context, tx store.Tx, b store.Broadcast, t store.Tally, zone *time.Location,
) ([]store.Message, error) {
	by, err := tx.Person(ctx, b.By)
	if err != nil {
		return nil, err
	}
	sent, err := tx.LastSent(ctx, by.Account, CardKey(b.ID))
	if err != nil || sent == 0 {
		return nil, err
	}
	m := Progress(b, t, tx.Now().In(zone), 0)
	m.Chat, m.Class, m.Edit = by.Account, store.Nudge, sent
	return []store.Message{m}, nil
}

// CatchUp gives somebody who has just joined the announcements that still hold and are for them, each once.
func CatchUp(ctx context.Context, tx store.Tx, who dialog.Who) error {
	list, err := tx.Missed(ctx, who.Person, who.Today)
	for _, b := range list {
		if err != nil {
			return err
		}
		due := dueIn(b, tx.Now(), who.Zone)(who.For.Zone)
		fresh, err := tx.LaunchTo(ctx, b.ID, who.Account.ID, who.Account.Language, due)
		if err != nil {
			return err
		}
		if fresh && b.State == store.BroadcastDone {
			b.State = store.BroadcastRunning
			if err := tx.PutBroadcast(ctx, "broadcast.joined", &b); err != nil {
				return err
			}
		}
	}
	return err
}
