package form

import "pendamping/store"

// unsaid is a question without a line in the review.
type unsaid struct{ Question }

func (q unsaid) label(form string) (store.Text, bool) {
	t, _ := q.Question.label(form)
	return t, false
}

type unsaidTicks struct {
	unsaid
	ticking
}

// Unsaid keeps a question's line out of the review, whose head says it better; it can be changed there all the same.
func Unsaid(q Question) Question {
	if t, ok := q.(ticking); ok {
		return unsaidTicks{unsaid{q}, t}
	}
	return unsaid{q}
}
