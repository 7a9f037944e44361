package form

import "pendamping/store"

// reviewing is the name of the review among the questions.
const reviewing = "review"

type review struct {
	head    []store.Text
	confirm store.Text
	also    []store.Button
	ahead   []store.Message
}

// Review shows what was said, below the head's lines, with a button to confirm it and one to change any of it. Its
// words are form.review, its confirming button form.confirm.
func Review(head ...store.Text) Question { return review{head: head} }

// ReviewAs is Review with other words on its confirming button.
func ReviewAs(confirm store.Text, head ...store.Text) Question {
	return review{head: head, confirm: confirm}
}

// ReviewWith is ReviewAs with further buttons below the two.
func ReviewWith(confirm store.Text, also []store.Button, head ...store.Text) Question {
	return review{head: head, confirm: confirm, also: also}
}

// ReviewAfter is ReviewWith below messages that show what it is about.
func ReviewAfter(ahead []store.Message, confirm store.Text, also []store.Button, head ...store.Text) Question {
	return review{head: head, confirm: confirm, also: also, ahead: ahead}
}

func (q review) Name() string                           { return reviewing }
func (q review) fill(Answer, bool) (answerState, bool)  { return missing, false }
func (q review) take(Event) (Answer, *store.Text, bool) { return Answer{}, nil, false }
func (q review) mine(Event) (Answer, bool)              { return Answer{}, false }
func (q review) ask(string, Answer, bool) Screen        { return Screen{} }
func (q review) label(string) (store.Text, bool)        { return store.Text{}, false }
func (q review) changeable() bool                       { return false }
func (q review) wording() string                        { return reviewing }
func (q review) greedy() bool                           { return false }
func (q review) show(form string, qs []Question, st map[string]answerState) Screen {
	s := Screen{Body: append([]store.Text(nil), q.head...), Ahead: q.ahead}
	for _, other := range qs {
		if st[other.Name()] != filled {
			continue
		}
		if line, ok := other.label(form); ok {
			s.Body = append(s.Body, line)
		}
	}
	s.Body = append(s.Body, store.Say(form+".review"))
	confirm := q.confirm
	if confirm.ID == "" {
		confirm = store.Say(form + ".confirm")
	}
	s.Buttons = [][]store.Button{{{Text: confirm, Data: Confirm}}}
	if len(q.changes(form, qs, st)) > 0 {
		s.Buttons[0] = append(s.Buttons[0], store.Button{Text: store.Say("form.change"), Data: Change})
	}
	if len(q.also) > 0 {
		s.Buttons = append(s.Buttons, q.also)
	}
	return s
}

// changes lists what can be changed, two buttons to a row.
func (q review) changes(form string, qs []Question, st map[string]answerState) [][]store.Button {
	var rows [][]store.Button
	n := 0
	for _, other := range qs {
		if !other.changeable() || st[other.Name()] != filled {
			continue
		}
		b := store.Button{Text: store.Say(form + "." + other.wording() + ".change"), Data: Change + ":" + other.Name()}
		if n%2 == 0 {
			rows = append(rows, nil)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], b)
		n++
	}
	return rows
}
