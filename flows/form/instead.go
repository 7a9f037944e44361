package form

import (
	"slices"
	"strings"

	"pendamping/store"
)

// What the buttons mean of the question whether something takes the place of what was said before.
const (
	Replace = "replace"
	Keep    = "keep"
)

// amending are words of people who correct themselves.
var amending = strings.Fields(
	"eh bukan salah keliru maksud maksudnya maksudku ralat koreksi harusnya seharusnya mestinya diganti diubah sorry wrong meant actually")

// amends tells whether words correct what was said before, and what they say beside that.
func amends(e Event) (is bool, rest string) {
	amending := func(w string) bool {
		return slices.Contains(amending, strings.ToLower(strings.Trim(w, ".,;:!?-")))
	}
	words := strings.Fields(e.Text)
	if e.Edited || !slices.ContainsFunc(words, amending) {
		return e.Edited, e.Text
	}
	for len(words) > 0 && amending(words[0]) {
		words = words[1:]
	}
	for len(words) > 0 && amending(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return true, strings.Join(words, " ")
}

// doubted are the answers of which is asked whether they replace earlier ones: those that still have one to replace.
func (f *Of[T]) doubted(r reading[T], s State) []Answer {
	return slices.DeleteFunc(slices.Clone(s.Instead), func(a Answer) bool {
		return r.standing[a.Name] != filled ||
			!slices.ContainsFunc(r.questions, func(q Question) bool { return q.Name() == a.Name })
	})
}

// instead are the lines of the review that tell what would become of answers, each beside what it is now. Above the
// review they leave out what it says of a record's change by itself.
func (f *Of[T]) instead(r reading[T], s State, list []Answer, reviewed bool) (lines []store.Text, err error) {
	for _, a := range list {
		s = s.put(a)
	}
	now, err := f.read(s)
	if err != nil {
		return nil, err
	}
	for _, q := range r.questions {
		if !slices.ContainsFunc(list, func(a Answer) bool { return a.Name == q.Name() }) {
			continue
		}
		line, _ := q.label(f.name)
		if i := slices.IndexFunc(now.questions, func(n Question) bool { return n.Name() == q.Name() }); i >= 0 &&
			now.standing[q.Name()] == filled {
			old := line.Data["Value"]
			if line, _ = now.questions[i].label(f.name); reviewed && line.Data["Old"] != "" {
				continue
			}
			line.Data["Old"] = old
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// wonder is the question whether they take the place of what was said before.
func (f *Of[T]) wonder(r reading[T], s State, list []Answer) (screen Screen, err error) {
	lines, err := f.instead(r, s, list, false)
	screen.Body = slices.Concat(r.head(), lines, []store.Text{store.Say("form.instead")})
	screen.Buttons = [][]store.Button{
		{{Text: store.Say("form.replace"), Data: Replace}, {Text: store.Say("form.keep"), Data: Keep}},
		f.ways(State{}, review{}),
	}
	return screen, err
}

// head is the line that names what the conversation is about; some have none.
func (r reading[T]) head() []store.Text {
	for _, q := range r.questions {
		if rv, ok := q.(review); ok && len(rv.head) > 0 {
			return rv.head[:1]
		}
	}
	return nil
}

// replaced are the answers in now that say something else than those which s has.
func (f *Of[T]) replaced(r reading[T], s, now State) (list []Answer, err error) {
	then, err := f.read(now)
	if err != nil {
		return nil, err
	}
	for _, q := range r.questions {
		was, said := s.Answer(q.Name())
		a, _ := now.Answer(q.Name())
		before, shown := q.label(f.name)
		if !said || same(a, was) || r.standing[q.Name()] != filled || !shown {
			continue
		}
		i := slices.IndexFunc(then.questions, func(n Question) bool { return n.Name() == q.Name() })
		if i >= 0 && then.standing[q.Name()] == filled {
			if after, _ := then.questions[i].label(f.name); after.Data["Value"] == before.Data["Value"] {
				continue
			}
		}
		list = append(list, a)
	}
	return list, nil
}

// over is the step of words that answer these questions, none of them the one asked: where they say something else than
// was said before, it is asked whether they are meant so. Who corrects themselves, or has the review before them, is
// told.
func (f *Of[T]) over(r reading[T], s, now State, names []string, clear, reviewed bool) (Step, error) {
	step := Step{State: now, Outcome: Going}
	step.State.Asked = ""
	step.State.Instead = slices.DeleteFunc(slices.Clone(s.Instead),
		func(a Answer) bool { return slices.Contains(names, a.Name) })
	list, err := f.replaced(r, s, now)
	if err != nil || len(list) == 0 {
		return f.alsoTold(s, step, err)
	}
	step.Over = !clear
	if clear || reviewed {
		if step.Say, err = f.instead(r, s, list, reviewed); !reviewed {
			step.Say = append(slices.Clone(r.head()), step.Say...)
		}
		return step, err
	}
	kept := slices.Clone(now.Answers)
	for i, a := range kept {
		if slices.ContainsFunc(list, func(n Answer) bool { return n.Name == a.Name }) {
			kept[i], _ = s.Answer(a.Name)
		}
	}
	step.State.Answers, step.State.Instead = kept, append(step.State.Instead, list...)
	return f.alsoTold(s, step, nil)
}

// alsoTold says what else words were taken for, where it is asked of something.
func (f *Of[T]) alsoTold(s State, step Step, err error) (Step, error) {
	if err == nil && len(step.State.Instead) > 0 {
		step.Say, err = f.News(s, step.State)
	}
	return step, err
}

// decide takes a button while it is asked; done is false for those that put the conversation aside or give it up.
func decide(s State, list []Answer, e Event) (step Step, done bool) {
	step = Step{State: s, Outcome: Going}
	switch e.Press {
	case Later, Cancel:
		return step, false
	case Replace:
		for _, a := range list {
			step.State = step.State.put(a)
		}
		step.State.Instead = nil
	case Keep, Back:
		step.State.Instead = nil
	}
	return step, true
}
