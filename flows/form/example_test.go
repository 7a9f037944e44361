package form_test

import (
	"context"
	"fmt"
	"strings"

	"pendamping/flows/form"
	"pendamping/store"
)

// A form is a function from what is known to what to ask. Here a loan asks for a guarantor only when it is large.
func Example() {
	type loan struct {
		Size      string
		Guarantor string
	}
	sizes := []form.Choice[string]{{Value: "small"}, {Value: "large"}}
	questions := func(l *loan) ([]form.Question, error) {
		list := []form.Question{form.Pick("size", &l.Size, sizes)}
		if l.Size == "large" {
			list = append(list, form.Ask("guarantor", &l.Guarantor, form.Text))
		}
		return append(list, form.Review()), nil
	}
	submit := func(_ context.Context, l loan, _ form.State) (form.Screen, error) {
		fmt.Printf("kept: %+v\n", l)
		return form.Screen{Body: []store.Text{store.Say("loan.done")}}, nil
	}
	f := form.New("loan", questions, submit)

	state := f.Begin("loan", "")
	for _, e := range []form.Event{
		{Kind: form.Press, Press: "=large"},
		{Kind: form.Words, Text: "Sri"},
		{Kind: form.Press, Press: form.Confirm},
	} {
		screen, err := f.Ask(state)
		if err != nil {
			fmt.Println(err)
			return
		}
		var says []string
		for _, line := range screen.Body {
			says = append(says, line.ID)
		}
		fmt.Println(strings.Join(says, " "))
		step, err := f.Take(context.Background(), state, e)
		if err != nil {
			fmt.Println(err)
			return
		}
		state = step.State
	}
	// Output:
	// loan.size
	// loan.guarantor
	// loan.size.label loan.guarantor.label loan.review
	// kept: {Size:large Guarantor:Sri}
}

// The stored state is what the person said, and nothing else. A question that is added later is asked of people who are
// in the middle of the conversation.
func ExampleOf_Ask() {
	type order struct{ Item, Buyer string }
	item := func(o *order) ([]form.Question, error) {
		return []form.Question{form.Ask("item", &o.Item, form.Text), form.Review()}, nil
	}
	both := func(o *order) ([]form.Question, error) {
		return []form.Question{
			form.Ask("item", &o.Item, form.Text), form.Ask("buyer", &o.Buyer, form.Text), form.Review(),
		}, nil
	}
	state := form.State{Form: "order", Answers: []form.Answer{{Name: "item", Text: "semen"}}}
	for _, questions := range []func(*order) ([]form.Question, error){item, both} {
		screen, err := form.New("order", questions, nil).Ask(state)
		fmt.Println(screen.Body[len(screen.Body)-1].ID, err)
	}
	// Output:
	// order.review <nil>
	// order.buyer <nil>
}

// Mend is a reason that a person can do something about: the conversation goes back to the question that it names.
func ExampleFixable() {
	type order struct{ Item string }
	questions := func(o *order) ([]form.Question, error) {
		return []form.Question{form.Ask("item", &o.Item, form.Text), form.Review()}, nil
	}
	submit := func(context.Context, order, form.State) (form.Screen, error) {
		return form.Screen{}, form.Fixable{Question: "item", Why: store.Say("order.sold")}
	}
	f := form.New("order", questions, submit)
	state := form.State{Form: "order", Answers: []form.Answer{{Name: "item", Text: "semen"}}}
	step, err := f.Take(context.Background(), state, form.Event{Kind: form.Press, Press: form.Confirm})
	fmt.Println(step.Say[0].ID, step.State.Asked, err)
	// Output: order.sold item <nil>
}

// Several meanings of an answer become buttons; nothing is guessed.
func ExampleAsk() {
	type payment struct{ Amount rupiah }
	questions := func(p *payment) ([]form.Question, error) {
		return []form.Question{form.Ask("amount", &p.Amount, amounts), form.Review()}, nil
	}
	state := form.State{Answers: []form.Answer{{Name: "amount", Text: "150"}}}
	screen, err := form.New("payment", questions, nil).Ask(state)
	fmt.Println(screen.Body[0].ID, screen.Body[0].Data["Said"], err)
	for _, row := range screen.Buttons[:2] {
		fmt.Println(row[0].Data)
	}
	// Output:
	// payment.amount.which 150 <nil>
	// =Rp150
	// =Rp150000
}
