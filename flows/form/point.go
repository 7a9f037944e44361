package form

import (
	"fmt"

	"pendamping/store"
)

// Pointing is a question answered by a location message.
type Pointing struct {
	name string
	to   *string
}

// Point takes a location message, whatever is asked when it comes, as "latitude,longitude" in degrees. It is never
// asked unless it is to be changed.
func Point(name string, to *string) *Pointing { return &Pointing{name: name, to: to} }

// Name is the question's name.
func (q *Pointing) Name() string { return q.name }

func (q *Pointing) fill(a Answer, _ bool) (standing, bool) { return filled, put(q.to, a.Text) }

func (q *Pointing) take(e Event) (Answer, *store.Text, bool) {
	a, ok := q.mine(e)
	return a, nil, ok
}

func (q *Pointing) mine(e Event) (Answer, bool) {
	if e.Kind != Location || e.Place == nil {
		return Answer{}, false
	}
	return Answer{
		Name: q.name, Text: fmt.Sprintf("%.5f,%.5f", e.Place.Latitude, e.Place.Longitude), Message: e.Message,
	}, true
}

func (q *Pointing) ask(form string, _ Answer, _ bool) Screen {
	return Screen{Body: []store.Text{store.Say(form + "." + q.name)}}
}

func (q *Pointing) label(form string) (store.Text, bool) {
	return labelled(form, q.name, *q.to, ""), *q.to != ""
}

func (q *Pointing) changeable() bool { return *q.to != "" }
func (q *Pointing) greedy() bool     { return false }
func (q *Pointing) wording() string  { return q.name }
