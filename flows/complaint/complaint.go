// Package complaint carries a member's word to the coordinators, past ketua and mentor.
package complaint

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/change"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/handover"
	"pendamping/flows/privacy"
	"pendamping/store"
)

// topics are what a complaint may be about.
var topics = append(slices.Clone(dialog.MoneyTopics), dialog.OtherTopic)

// mostComplaints is how many complaints of one topic an account tells of within a day, so that no lesser matter keeps
// one about money from being told. complaintsPerPage is how many a page of the list shows.
const (
	mostComplaints    = 5
	complaintsPerPage = 20
)

// toldEnough is, for each topic of which an account can't tell more today, why: the earlier ones are with the
// coordinators.
func toldEnough(ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient) (map[string]store.Text, error) {
	var persons []store.ID
	for _, p := range who.Account.People {
		persons = append(persons, p.ID)
	}
	list, err := tx.ComplaintsOf(ctx, persons, tx.Now().Add(-24*time.Hour))
	if err != nil {
		return nil, err
	}
	enough := map[string]store.Text{}
	for _, topic := range topics {
		told := slices.DeleteFunc(slices.Clone(list), func(c store.Complaint) bool { return c.Topic != topic })
		if len(told) < mostComplaints {
			continue
		}
		coordinators, err := others(ctx, tx, who, of)
		if err != nil {
			return nil, err
		}
		name := ""
		if len(coordinators) > 0 {
			name = coordinators[0].Name
		}
		again := told[mostComplaints-1].At.Add(24 * time.Hour)
		enough[topic] = store.Say("complaint.enough", "Count", strconv.Itoa(len(told)), "Topic", topic,
			"At", who.Moment(again), "Name", name)
	}
	return enough, nil
}

// others are the coordinators of a place who can be reached and are not who complains.
func others(ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient) ([]store.Person, error) {
	list, err := tx.Coordinators(ctx, of.Province, of.Regency)
	return slices.DeleteFunc(list, func(p store.Person) bool { return !dialog.Reachable(p) || who.Is(p.ID) }), err
}

// placeOf is the group and place that a complaint is about. A mentor or coordinator may complain of a coordinator, so
// what they tell reaches two others at least: where their place has fewer, it names no place and goes to all.
func placeOf(ctx context.Context, tx store.Tx, who dialog.Who) (store.Recipient, error) {
	if !dialog.Verifies(who.Role) {
		return who.For, nil
	}
	of := who.For
	if of.ID == 0 {
		of = store.Recipient{Province: who.Province, Regency: who.Regency}
	}
	if of.Province == "" && who.Role == store.Mentor {
		groups, err := tx.RecipientsOf(ctx, who.ID)
		if err != nil {
			return of, err
		}
		if len(groups) > 0 {
			of = store.Recipient{Province: groups[0].Province, Regency: groups[0].Regency}
		}
	}
	list, err := others(ctx, tx, who, of)
	if len(list) < 2 {
		of = store.Recipient{}
	}
	return of, err
}

// New passes ketua and mentor and reaches the coordinators of the place.
func New(ctx context.Context, t *dialog.Turn, _ dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	of, err := placeOf(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	enough, err := toldEnough(ctx, tx, who, of)
	if err != nil {
		return nil, err
	}
	if len(enough) == len(topics) {
		return nil, form.Fixable{Why: enough[topics[0]]}
	}
	var choices []form.Choice[string]
	for _, topic := range topics {
		choices = append(choices, form.Choice[string]{Value: topic, Text: store.Say("complaint.topic." + topic)})
	}
	full := func(topic string) *store.Text {
		if why, is := enough[topic]; is {
			return &why
		}
		return nil
	}
	all := dialog.Mark(dialog.ToAll(store.Complaint{Recipient: of.ID, Province: of.Province}))
	promise := store.Say("complaint.promise", "Role", string(who.Role), "All", all)
	questions := func(c *store.Complaint) ([]form.Question, error) {
		return []form.Question{
			form.Pick("topic", &c.Topic, choices).Refuse(full),
			form.Ask("words", &c.Words, form.Text).Exclusive().Extract(func(s string) []string {
				if c.Words != "" {
					return nil // what was told stands until it is changed
				}
				return form.Text(s)
			}),
			form.Review(promise),
		}, nil
	}
	submit := func(ctx context.Context, c store.Complaint, _ form.State) (form.Screen, error) {
		c.Person, c.Recipient, c.Province, c.Regency = who.ID, of.ID, of.Province, of.Regency
		c.State, c.At = store.ComplaintSent, tx.Now()
		if err := tx.AddComplaint(ctx, "complaint.sent", &c); err != nil {
			return form.Screen{}, err
		}
		tell, err := dialog.TellCoordinators(ctx, tx, who, c)
		return form.Screen{Body: []store.Text{store.Say("complaint.done", "Role", string(who.Role))}, Tell: tell}, err
	}
	return form.New("complaint", questions, submit), nil
}

// List lists those of a coordinator's scope, unread ones first; arg is a page, or one to read, which takes it up.
func List(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	if err := asReader(ctx, t, arg); err != nil {
		return form.Screen{}, err
	}
	tx, who := t.Tx, t.Who
	if arg != "" && !arg.IsPage() {
		return complaintCard(ctx, tx, who, arg.ID())
	}
	list, err := tx.ComplaintsIn(ctx, who.Province, who.Regency)
	if err != nil {
		return form.Screen{}, err
	}
	unread, err := dialog.Unread(ctx, tx, who.Person)
	if err != nil {
		return form.Screen{}, err
	}
	isUnread := func(c store.Complaint) bool {
		return slices.ContainsFunc(unread, func(u store.Complaint) bool { return u.ID == c.ID })
	}
	list = append(unread, slices.DeleteFunc(list, isUnread)...)
	s := form.Screen{Body: []store.Text{store.Say("laporan.head")}}
	if len(list) == 0 {
		s.Body = append(s.Body, store.Say("laporan.empty"))
	}
	waiting, err := privacy.OpenRequests(ctx, tx, who.Person)
	if err != nil {
		return form.Screen{}, err
	}
	if len(waiting) > 0 {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say(
				"request.waiting", "Count", strconv.Itoa(len(waiting)), "Due", who.Moment(waiting[0].Due()), "Late",
				dialog.Mark(tx.Now().After(waiting[0].Due())),
			), Data: dialog.Data("request"),
		}})
	}
	page := arg.Page(len(list), complaintsPerPage)
	for i, c := range dialog.OnPage(list, page, complaintsPerPage) {
		closer, err := dialog.Author(ctx, tx, c.Closer)
		if err != nil {
			return s, err
		}
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("laporan.choice", "Topic", c.Topic, "State", string(c.State), "Name", closer.Name,
				"Regency", c.Regency, "Day", string(store.DayOf(c.At, who.Zone)),
				"Unread", dialog.Mark(page*complaintsPerPage+i < len(unread))),
			Data: dialog.Data("laporan", c.ID),
		}})
	}
	if ways := dialog.Pages(dialog.PageIn("laporan"), page, len(list), complaintsPerPage); len(ways) > 0 {
		s.Buttons = append(s.Buttons, ways)
	}
	return s, nil
}

// asReader lets an account that coordinates several places read as the coordinator whom a message was for, where it
// speaks as another one.
func asReader(ctx context.Context, t *dialog.Turn, arg dialog.Args) error {
	if t.Again || t.Event.Kind != form.Press || arg.IsPage() {
		return nil
	}
	reads := func(p store.Person) (bool, error) {
		if arg == "" {
			unread, err := dialog.Unread(ctx, t.Tx, p)
			return len(unread) > 0, err
		}
		about := arg
		_, _, err := ownComplaint(ctx, t.Tx, dialog.Who{Person: p}, about.ID())
		if errors.Is(err, store.ErrNotFound) {
			return false, nil
		}
		return err == nil, err
	}
	if does, err := reads(t.Who.Person); does || err != nil {
		return err
	}
	for _, p := range t.Account.People {
		if p.ID == t.Who.ID || p.Role != store.Coordinator || p.Consent == "" {
			continue
		}
		does, err := reads(p)
		if err != nil {
			return err
		}
		if !does {
			continue
		}
		w, err := dialog.Know(ctx, t.Tx, &t.Account, p, 0, t.Setting)
		if err != nil {
			return err
		}
		if err := t.Become(ctx, w); err != nil {
			return err
		}
		t.Tx.Act(w.Actor())
		t.Became = store.Say("peran.now", "Role", string(p.Role), "Group", cmp.Or(p.Regency, p.Province))
		return nil
	}
	return nil
}

func complaintCard(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (form.Screen, error) {
	c, of, err := ownComplaint(ctx, tx, who, id)
	if err != nil {
		return form.Screen{}, err
	}
	mine := who.Is(c.Person)
	fresh := c.State == store.ComplaintSent && !mine
	if fresh {
		c.State = store.ComplaintTaken
		if err := tx.PutComplaint(ctx, "complaint.taken", &c); err != nil {
			return form.Screen{}, err
		}
	}
	if err := tx.ReadComplaint(ctx, c.ID, who.ID); err != nil {
		return form.Screen{}, err
	}
	tell, err := tellSender(ctx, tx, who.Zone, c)
	if err != nil {
		return form.Screen{}, err
	}
	sender, err := tx.Person(ctx, c.Person)
	if err != nil {
		return form.Screen{}, err
	}
	from := ""
	if dialog.Verifies(sender.Role) { // nobody else names their role
		from = string(sender.Role)
	}
	s := form.Screen{Body: []store.Text{
		store.Say("laporan.card", "Topic", c.Topic, "State", string(c.State), "Group", of.Name, "Regency", of.Regency,
			"Role", from, "Day", string(store.DayOf(c.At, who.Zone))),
		store.Say("laporan.words", "Words", c.Words, "Erased", dialog.Mark(c.Words == "" && dialog.Erased(sender))),
	}}
	if c.Reply != "" {
		closer, err := dialog.Author(ctx, tx, c.Closer)
		if err != nil {
			return s, err
		}
		s.Body = append(s.Body, store.Say("laporan.reply", "Words", c.Reply, "Name", closer.Name))
	}
	if len(tell) == 0 && c.State != store.ComplaintClosed && !dialog.Erased(sender) {
		s.Body = append(s.Body, store.Say("laporan.unbound"))
	}
	if fresh {
		s.Tell = tell
	}
	unread, err := dialog.Unread(ctx, tx, who.Person)
	if err != nil {
		return s, err
	}
	list := store.Say("laporan.list")
	if len(unread) > 0 {
		list = store.Say("laporan.unread", "Count", strconv.Itoa(len(unread)))
	}
	if c.State != store.ComplaintClosed && !mine {
		s.Buttons = [][]store.Button{{{Text: store.Say("laporan.answer"), Data: dialog.Data("answer", c.ID)}}}
	}
	s.Buttons = append(s.Buttons, []store.Button{{Text: list, Data: dialog.Data("laporan")}})
	if !dialog.AboutChange(c) {
		return s, nil
	}
	ways, err := change.Settlements(ctx, tx, who, of)
	if len(tell) == 0 {
		ways = append(ways, handover.GroupChoice(of))
	}
	s.Buttons = append(ways, s.Buttons...)
	return s, err
}

func ownComplaint(
	ctx context.Context, tx store.Tx, who dialog.Who, id store.ID,
) (store.Complaint, store.Recipient, error) {
	c, err := tx.Complaint(ctx, id)
	if err != nil {
		return c, store.Recipient{}, err
	}
	of := store.Recipient{Province: c.Province, Regency: c.Regency}
	if c.Recipient != 0 {
		if of, err = tx.Recipient(ctx, c.Recipient); err != nil {
			return c, of, err
		}
	}
	// Whoever was told of it reads it, also where the group's place was corrected since.
	if !dialog.ToAll(c) && !who.Theirs(of) && !who.Theirs(store.Recipient{Province: c.Province, Regency: c.Regency}) {
		return store.Complaint{}, of, store.ErrNotFound
	}
	return c, of, nil
}

// Answer tells the sender what becomes of it, and closes it where nothing is left to do. What is closed stays as it is:
// another answer would take the place of the one that closed it.
func Answer(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	c, of, err := ownComplaint(ctx, t.Tx, t.Who, about.ID())
	if err == nil && t.Who.Is(c.Person) {
		err = store.ErrNotFound // nobody answers their own
	}
	if err != nil {
		return nil, err
	}
	if c.State == store.ComplaintClosed {
		closer, err := dialog.Author(ctx, t.Tx, c.Closer)
		if err != nil {
			return nil, err
		}
		return nil, form.Fixable{Why: store.Say("answer.closed", "Name", closer.Name)}
	}
	closes, err := mayClose(ctx, t.Tx, t.Who, of, c)
	if err != nil {
		return nil, err
	}
	type reply struct{ Words, State string }
	ends := []form.Choice[string]{
		{Value: string(store.ComplaintClosed), Text: store.Say("answer.state.closed")},
		{Value: string(store.ComplaintTaken), Text: store.Say("answer.state.taken")},
	}
	questions := func(r *reply) ([]form.Question, error) {
		qs := []form.Question{form.Ask("words", &r.Words, form.Text).Exclusive()}
		if closes {
			qs = append(qs, form.Pick("state", &r.State, ends))
		} else {
			r.State = string(store.ComplaintTaken)
		}
		return append(qs, form.Review()), nil
	}
	submit := func(ctx context.Context, r reply, _ form.State) (form.Screen, error) {
		c.Reply, c.State = strings.TrimSpace(r.Words), store.ComplaintState(r.State)
		what := "complaint.answered"
		if c.State == store.ComplaintClosed {
			what, c.Closer, c.Closed = "complaint.closed", t.Who.ID, t.Tx.Now()
		}
		if err := t.Tx.PutComplaint(ctx, what, &c); err != nil {
			return form.Screen{}, err
		}
		if err := t.Tx.ReadComplaint(ctx, c.ID, t.Who.ID); err != nil {
			return form.Screen{}, err
		}
		tell, err := tellSender(ctx, t.Tx, t.Who.Zone, c)
		said := []store.Text{store.Say("answer.done", "State", string(c.State))}
		ways := [][]store.Button{{{Text: store.Say("laporan.list"), Data: dialog.Data("laporan")}}}
		if len(tell) == 0 {
			said = append(said, store.Say("answer.unbound"))
			if of.ID != 0 {
				ways = append([][]store.Button{handover.GroupChoice(of)}, ways...)
			}
		}
		return form.Screen{Body: said, Tell: tell, Buttons: ways}, err
	}
	return form.New("answer", questions, submit), nil
}

// mayClose tells whether a coordinator may close a complaint: as long as a change waits to be settled, only who may
// settle it closes what was said against it.
func mayClose(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, c store.Complaint,
) (bool, error) {
	if !dialog.AboutChange(c) {
		return true, nil
	}
	changes, err := tx.HandoversOf(ctx, of.ID)
	i := slices.IndexFunc(changes, func(h store.Handover) bool {
		return h.State == store.HandoverObjected && h.Objected == c.Person && h.ObjectedAt.Equal(c.At)
	})
	if err != nil || i < 0 || dialog.Overtaken(changes, changes[i]) {
		return err == nil, err
	}
	_, may, err := change.AsSettler(ctx, tx, who, of, changes[i])
	return may, err
}

// tellSender says how far a complaint has come. There is no message when its sender is not bound, nor when the phone
// was bound since: whoever holds a new invitation would read the answer.
func tellSender(ctx context.Context, tx store.Tx, zone *time.Location, c store.Complaint) ([]store.Message, error) {
	p, err := tx.Person(ctx, c.Person)
	if err != nil || p.Account == 0 {
		return nil, err
	}
	newest, err := tx.InviteOf(ctx, c.Person)
	if errors.Is(err, store.ErrNotFound) { // the roster bound the phone
		err = nil
	}
	if err != nil || c.At.Before(newest.Used) {
		return nil, err
	}
	said := store.Say("complaint.state", "State", string(c.State), "Words", c.Reply,
		"Topic", c.Topic, "Day", string(store.DayOf(c.At, zone)))
	return []store.Message{{Chat: p.Account, Body: []store.Text{said}}}, nil
}

// RemindUnread promises the coordinators of some zones who have not opened every complaint a message that says so.
func RemindUnread(ctx context.Context, tx store.Tx, r dialog.Round) ([]store.Message, error) {
	list, err := tx.CoordinatorsIn(ctx, r.Zones)
	if err != nil {
		return nil, err
	}
	var behind []store.Person
	for _, p := range list {
		unread, err := dialog.Unread(ctx, tx, p)
		if err != nil {
			return nil, err
		}
		if len(unread) > 0 {
			behind = append(behind, p)
		}
	}
	return r.TellOnce(ctx, tx, behind,
		func(p store.Person) string { return dialog.RoundUnread + ":" + dialog.IDText(p.ID) })
}

// UnreadDue is what a coordinator reads in the morning while there are complaints that they have not opened.
func UnreadDue(ctx context.Context, tx store.Tx, p store.Person) (form.Screen, error) {
	unread, err := dialog.Unread(ctx, tx, p)
	if err != nil {
		return form.Screen{}, err
	}
	if len(unread) == 0 {
		return form.Screen{}, store.ErrNotFound
	}
	money, closed := 0, 0
	for _, c := range unread {
		if dialog.AboutMoney(c) {
			money++
		}
		if c.State == store.ComplaintClosed {
			closed++
		}
	}
	return form.Screen{
		Body: []store.Text{store.Say("laporan.due", "Count", strconv.Itoa(len(unread)),
			"Money", dialog.Count(money), "Closed", dialog.Count(closed))},
		Buttons: [][]store.Button{{{Text: store.Say("laporan.list"), Data: dialog.Data("laporan")}}},
	}, nil
}
