package flows

import (
	"context"
	"strconv"
	"strings"

	"pendamping/flows/form"
	"pendamping/store"
)

// topics are what a complaint may be about.
var topics = []string{"pungli", "potongan", "lain"}

// complaint passes ketua and mentor and reaches the coordinators of the place.
func complaint(ctx context.Context, tx store.Tx, who Who, _ string) (form.Form, error) {
	var choices []form.Choice[string]
	for _, t := range topics {
		choices = append(choices, form.Choice[string]{Value: t, Text: store.Say("complaint.topic." + t)})
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
		c.Person, c.Recipient, c.Province, c.Regency = who.ID, who.For.ID, who.For.Province, who.For.Regency
		c.State, c.At = store.ComplaintSent, tx.Now()
		if err := tx.AddComplaint(ctx, "complaint.sent", &c); err != nil {
			return form.Screen{}, err
		}
		tell, err := tellCoordinators(ctx, tx, c)
		return form.Screen{Body: []store.Text{store.Say("complaint.done")}, Tell: tell}, err
	}
	return form.New("complaint", questions, submit), nil
}

// complaints lists those of a coordinator's scope; arg is one to read, which takes it up.
func complaints(ctx context.Context, tx store.Tx, who Who, arg string) (form.Screen, error) {
	if arg != "" {
		return complaintCard(ctx, tx, who, idOf(arg))
	}
	list, err := tx.ComplaintsIn(ctx, who.Province, who.Regency)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{store.Say("laporan.head")}}
	if len(list) == 0 {
		s.Body = append(s.Body, store.Say("laporan.empty"))
	}
	waiting, err := openRequests(ctx, tx, who.Person)
	if err != nil {
		return form.Screen{}, err
	}
	if len(waiting) > 0 {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("request.waiting", "Count", strconv.Itoa(len(waiting)), "Due", who.moment(waiting[0].Due()), "Late", mark(tx.Now().After(waiting[0].Due()))), Data: "request:",
		}})
	}
	for i, c := range list {
		if i == 20 {
			break
		}
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("laporan.choice", "Topic", c.Topic, "State", string(c.State), "Regency", c.Regency, "Day", string(store.DayOf(c.At, who.Zone))),
			Data: "laporan:" + idText(c.ID),
		}})
	}
	return s, nil
}

func complaintCard(ctx context.Context, tx store.Tx, who Who, id store.ID) (form.Screen, error) {
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
	tell, err := tellSender(ctx, tx, c)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{
		store.Say("laporan.card", "Topic", c.Topic, "State", string(c.State), "Group", of.Name, "Regency", of.Regency, "Day", string(store.DayOf(c.At, who.Zone))),
		store.Say("laporan.words", "Words", c.Words),
	}}
	if c.Reply != "" {
		s.Body = append(s.Body, store.Say("laporan.reply", "Words", c.Reply))
	}
	if len(tell) == 0 && c.State != store.ComplaintClosed {
		s.Body = append(s.Body, store.Say("laporan.unbound"))
	}
	if fresh {
		s.Tell = tell
	}
	s.Buttons = [][]store.Button{{{Text: store.Say("laporan.answer"), Data: "answer:" + idText(c.ID)}}, {{Text: store.Say("laporan.list"), Data: "laporan:"}}}
	if c.Topic != peopleTopic {
		return s, nil
	}
	ways, err := settlements(ctx, tx, who, of)
	s.Buttons = append(ways, s.Buttons...)
	return s, err
}

func ownComplaint(ctx context.Context, tx store.Tx, who Who, id store.ID) (store.Complaint, store.Recipient, error) {
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
	if !who.theirs(of) {
		return store.Complaint{}, of, store.ErrNotFound
	}
	return c, of, nil
}

// complaintAnswer tells the sender what became of it, and closes it.
func complaintAnswer(ctx context.Context, tx store.Tx, who Who, about string) (form.Form, error) {
	c, _, err := ownComplaint(ctx, tx, who, idOf(about))
	if err != nil {
		return nil, err
	}
	type reply struct{ Words string }
	questions := func(r *reply) ([]form.Question, error) {
		return []form.Question{form.Ask("words", &r.Words, form.Text).Whole(), form.Review()}, nil
	}
	submit := func(ctx context.Context, r reply, _ form.State) (form.Screen, error) {
		c.Reply, c.State = strings.TrimSpace(r.Words), store.ComplaintClosed
		if err := tx.PutComplaint(ctx, "complaint.closed", &c); err != nil {
			return form.Screen{}, err
		}
		tell, err := tellSender(ctx, tx, c)
		said := []store.Text{store.Say("answer.done")}
		if len(tell) == 0 {
			said = append(said, store.Say("answer.unbound"))
		}
		return form.Screen{
			Body: said, Tell: tell,
			Buttons: [][]store.Button{{{Text: store.Say("laporan.list"), Data: "laporan:"}}},
		}, err
	}
	return form.New("answer", questions, submit), nil
}

// tellCoordinators lets those of the place know that there is a complaint, without its words.
func tellCoordinators(ctx context.Context, tx store.Tx, c store.Complaint) ([]store.Message, error) {
	list, err := tx.Coordinators(ctx, c.Province, c.Regency)
	var tell []store.Message
	for _, p := range list {
		if reachable(p) {
			tell = append(tell, store.Message{
				Chat: p.Account, Body: []store.Text{store.Say("laporan.new", "Topic", c.Topic, "Regency", c.Regency)},
				Buttons: [][]store.Button{{{Text: store.Say("laporan.read"), Data: "laporan:" + idText(c.ID)}}},
			})
		}
	}
	return tell, err
}

// tellSender says how far a complaint has come; there is no message when its sender is not bound.
func tellSender(ctx context.Context, tx store.Tx, c store.Complaint) ([]store.Message, error) {
	p, err := tx.Person(ctx, c.Person)
	if err != nil || p.Account == 0 {
		return nil, err
	}
	return []store.Message{{Chat: p.Account, Body: []store.Text{store.Say("complaint.state", "State", string(c.State), "Words", c.Reply)}}}, nil
}
