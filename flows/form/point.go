package form

import (
	"fmt"

	"pendamping/store"
)

// PointQuestion is a question answered by a location message.
type PointQuestion struct {
	name string
	to   *string
}

// Point takes a location message, whatever is asked when it comes, as "latitude,longitude" in degrees. It is never
// asked unless it is to be changed.
func Point(name string, to *string) *PointQuestion { return &PointQuestion{name: name, to: to} }

// Name is the question's name.
func (q *PointQuestion) Name() string { return q.name }

func (q *PointQuestion) fill(a Answer, _ bool) (answerState, bool) { return filled, put(q.to, a.Text) }

func (q *PointQuestion) take(e Event) (Answer, *store.Text, bool) {
	a, ok := q.mine(e)
	return a, nil, ok
}

func (q *PointQuestion) mine(e Event) (Answer, bool) {
	if e.Kind != Location || e.Place == nil {
		return Answer{}, false
	}
	return Answer{
		Name: q.name, Text: fmt.Sprintf("%.5f,%.5f", e.Place.Latitude, e.Place.Longitude), Message: e.Message,
	}, true
}

func (q *PointQuestion) ask(form string, _ Answer, _ bool) Screen {
	return Screen{Body: []store.Text{store.Say(form + "." + q.name)}}
}

func (q *PointQuestion) label(form string) (store.Text, bool) {
	return labelled(form, q.name, *q.to, ""), *q.to != ""
}

func (q *PointQuestion) changeable() bool { return *q.to != "" }
func (q *PointQuestion) greedy() bool     { return false }
func (q *PointQuestion) wording() string  { return q.name }
