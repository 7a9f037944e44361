package form

import "pendamping/store"

// State is a conversation in progress: which form, about which record, and what the person said. The draft is never
// stored.
type State struct {
	Form    string   `json:"form,omitempty"`
	About   string   `json:"about,omitempty"`
	Asked   string   `json:"asked,omitempty"` // a question asked out of turn, to change its answer
	Answers []Answer `json:"answers,omitempty"`
	// found in words meant for another question: asked whether they replace those
	Instead []Answer `json:"instead,omitempty"`
}

// Answer is what a person said to a question, in their words or as a button's value.
type Answer struct {
	Name    string       `json:"name"`
	Text    string       `json:"text,omitempty"`
	Files   []store.File `json:"files,omitempty"`
	Message int          `json:"message,omitempty"` // which of their messages said it
}

// Answer finds what was said to a question.
func (s State) Answer(name string) (Answer, bool) {
	for _, a := range s.Answers {
		if a.Name == name {
			return a, true
		}
	}
	return Answer{}, false
}

// put keeps an answer; the newest is last, so that back finds it.
func (s State) put(a Answer) State {
	s = s.drop(a.Name)
	s.Answers = append(s.Answers, a)
	return s
}

func (s State) drop(name string) State {
	kept := make([]Answer, 0, len(s.Answers)+1)
	for _, a := range s.Answers {
		if a.Name != name {
			kept = append(kept, a)
		}
	}
	s.Answers = kept
	return s
}
