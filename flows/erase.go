package flows

import (
	"context"

	"pendamping/flows/form"
	"pendamping/store"
)

// dataTopic is the topic of a request about somebody's own data (UU 27/2022).
const dataTopic = "data"

// erase takes the request to have one's data erased to the coordinators of the place. What the law wants kept they answer
// with the reason; they must know whose request it is.
func erase(_ context.Context, tx store.Tx, who Who, _ string) (form.Form, error) {
	everything := form.Choice[string]{Value: who.Words(store.Say("erase.all")), Text: store.Say("erase.all.choice")}
	questions := func(c *store.Complaint) ([]form.Question, error) {
		return []form.Question{
			form.Ask("words", &c.Words, form.Text).Whole().Offer(everything),
			form.Review(store.Say("erase.promise")),
		}, nil
	}
	submit := func(ctx context.Context, c store.Complaint, _ form.State) (form.Screen, error) {
		c.Topic, c.Words = dataTopic, who.Name+": "+c.Words
		c.Person, c.Recipient, c.Province, c.Regency = who.ID, who.For.ID, who.For.Province, who.For.Regency
		if who.For.ID == 0 {
			c.Province, c.Regency = who.Province, who.Regency
		}
		c.State, c.At = store.ComplaintSent, tx.Now()
		if err := tx.AddComplaint(ctx, "complaint.sent", &c); err != nil {
			return form.Screen{}, err
		}
		tell, err := tellCoordinators(ctx, tx, c)
		return form.Screen{Body: []store.Text{store.Say("erase.done")}, Tell: tell}, err
	}
	return form.New("erase", questions, submit), nil
}
