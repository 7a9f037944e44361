// Package complaint carries a member's word to the coordinators, past ketua and mentor.
package complaint

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/handover"
	"pendamping/flows/privacy"
	"pendamping/store"
)

// topics are what a complaint may be about.
var topics = append(slices.Clone(dialog.MoneyTopics), dialog.OtherTopic)

// mostComplaints is how many complaints one account tells of within a day, and complaintsPerPage how many a page of the
// list shows.
const (
	mostComplaints    = 5
	complaintsPerPage = 20
)

// toldEnough is why an account can't tell of more today: the earlier ones are with the coordinators.
func toldEnough(ctx context.Context, tx store.Tx, who dialog.Who) error {
	var persons []store.ID
	for _, p := range who.Account.People {
		persons = append(persons, p.ID)
	}
	list, err := tx.ComplaintsOf(ctx, persons, tx.Now().Add(-24*time.Hour))
	list = slices.DeleteFunc(list, func(c store.Complaint) bool { return !slices.Contains(topics, c.Topic) })
	if err != nil || len(list) < mostComplaints {
		return err
	}
	coordinators, err := tx.Coordinators(ctx, who.For.Province, who.For.Regency)
	if err != nil {
		return err
	}
	name := ""
	if i := slices.IndexFunc(coordinators, dialog.Reachable); i >= 0 {
		name = coordinators[i].Name
	}
	again := list[mostComplaints-1].At.Add(24 * time.Hour)
	return form.Mend{
		Why: store.Say("complaint.enough", "Count", strconv.Itoa(len(list)), "At", who.Moment(again), "Name", name),
	}
}

// New passes ketua and mentor and reaches the coordinators of the place.
func New(ctx context.Context, t *dialog.Turn, _ dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	if err := toldEnough(ctx, tx, who); err != nil {
		return nil, err
	}
	var choices []form.Choice[string]
	for _, topic := range topics {
		choices = append(choices, form.Choice[string]{Value: topic, Text: store.Say("complaint.topic." + topic)})
	}
	questions := func(c *store.Complaint) ([]form.Question, error) {
		return []form.Question{
			form.Pick("topic", &c.Topic, choices),
			form.Ask("words", &c.Words, form.Text).Whole().Mine(func(s string) []string {
				if c.Words != "" {
					return nil // what was told stands until it is changed
				}
				return form.Text(s)
			}),
			form.Review(store.Say("complaint.promise")),
		}, nil
	}
	submit := func(ctx context.Context, c store.Complaint, _ form.State) (form.Screen, error) {
		if err := toldEnough(ctx, tx, who); err != nil { // by another person of the account meanwhile
			return form.Screen{}, err
		}
		c.Person, c.Recipient, c.Province, c.Regency = who.ID, who.For.ID, who.For.Province, who.For.Regency
		c.State, c.At = store.ComplaintSent, tx.Now()
		if err := tx.AddComplaint(ctx, "complaint.sent", &c); err != nil {
			return form.Screen{}, err
		}
		tell, err := dialog.TellCoordinators(ctx, tx, who, c)
		return form.Screen{Body: []store.Text{store.Say("complaint.done")}, Tell: tell}, err
	}
	return form.New("complaint", questions, submit), nil
}

// List lists those of a coordinator's scope, unread ones first; arg is a page, or one to read, which takes it up.
func List(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
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

func complaintCard(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (form.Screen, error) {
	c, of, err := ownComplaint(ctx, tx, who, id)
	if err != nil {
		return form.Screen{}, err
	}
	fresh := c.State == store.ComplaintSent
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
	s := form.Screen{Body: []store.Text{
		store.Say("laporan.card", "Topic", c.Topic, "State", string(c.State), "Group", of.Name, "Regency", of.Regency,
			"Day", string(store.DayOf(c.At, who.Zone))),
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
	if c.State != store.ComplaintClosed {
		s.Buttons = [][]store.Button{{{Text: store.Say("laporan.answer"), Data: dialog.Data("answer", c.ID)}}}
	}
	s.Buttons = append(s.Buttons, []store.Button{{Text: list, Data: dialog.Data("laporan")}})
	if c.Topic != dialog.PeopleTopic {
		return s, nil
	}
	ways, err := handover.Settlements(ctx, tx, who, of)
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
	if !who.Theirs(of) && !who.Theirs(store.Recipient{Province: c.Province, Regency: c.Regency}) {
		return store.Complaint{}, of, store.ErrNotFound
	}
	return c, of, nil
}

// Answer tells the sender what becomes of it, and closes it where nothing is left to do. What is closed stays as it is:
// another answer would take the place of the one that closed it.
func Answer(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	c, of, err := ownComplaint(ctx, t.Tx, t.Who, about.ID())
	if err != nil {
		return nil, err
	}
	if c.State == store.ComplaintClosed {
		closer, err := dialog.Author(ctx, t.Tx, c.Closer)
		if err != nil {
			return nil, err
		}
		return nil, form.Mend{Why: store.Say("answer.closed", "Name", closer.Name)}
	}
	type reply struct{ Words, State string }
	ends := []form.Choice[string]{
		{Value: string(store.ComplaintClosed), Text: store.Say("answer.state.closed")},
		{Value: string(store.ComplaintTaken), Text: store.Say("answer.state.taken")},
	}
	questions := func(r *reply) ([]form.Question, error) {
		return []form.Question{
			form.Ask("words", &r.Words, form.Text).Whole(), form.Pick("state", &r.State, ends), form.Review(),
		}, nil
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
	return r.Promise(ctx, tx, behind,
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
