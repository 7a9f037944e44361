package flows

import (
	"slices"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// Session is what the bot remembers of a chat between two messages: what the person said, and which question is on their
// screen. The zero Session is a chat never seen, or one whose session was lost.
type Session struct {
	Taken   []int64    `json:"taken,omitempty"`  // the last updates it took, so that one delivered again changes nothing
	Screen  int64      `json:"screen,omitempty"` // numbers questions shown; buttons carry it
	Form    form.State `json:"form,omitzero"`
	For     store.ID   `json:"for,omitempty"`    // the group a mentor speaks for
	Queue   []store.ID `json:"queue,omitempty"`  // notas that came while another was in hand, oldest first
	Aside   []aside    `json:"aside,omitempty"`  // conversations that wait for the one in hand to end, oldest first
	Proving proving    `json:"proving,omitzero"` // the invitation for which more than its code is asked
	Room    int64      `json:"room,omitempty"`   // the group chat of pictures that wait for the answer to whose they are
	Guest   time.Time  `json:"guest,omitzero"`   // when they were last told in a group that they may not file notas there
	Codes   codes      `json:"codes,omitzero"`   // how many printed codes they asked about lately
	Delayed delayed    `json:"delayed,omitzero"` // the reply that waits for more pictures
	Meant   meant      `json:"meant,omitzero"`   // words of which it is asked for which nota they are
	Passed  []string   `json:"passed,omitempty"` // what a reviewer skipped, as "ID:VERSION"
	First   store.ID   `json:"first,omitempty"`  // the group whose notas a reviewer wants to see first
	Read    read       `json:"read,omitempty"`   // what was read in a picture of the nota in hand
	Done    done       `json:"done,omitzero"`    // the last button that ended something
	Tapped  string     `json:"tapped,omitempty"` // the last button that went on with something, as its data

	Said time.Time `json:"said,omitzero"` // when something was last answered here

	// Shown are the buttons of the last answer that are no question's; words that are typed press them.
	Shown []store.Button `json:"shown,omitempty"`
	Early []early        `json:"early,omitempty"` // pictures that came before the consent
}

// done is a button that ended a conversation, as its data, and what was said then: pressed again, it says so again.
type done struct {
	Press string     `json:"press"`
	Said  store.Text `json:"said"`
}

// delayed is a reply that waits for more pictures under a key, and what it says of those that came.
type delayed struct {
	Key  string       `json:"key"`
	Said []store.Text `json:"said,omitempty"`
	Due  time.Time    `json:"due,omitzero"`

	Notas []notaNo `json:"notas,omitempty"` // those that came behind the one in hand
}

// remembered is how many updates a session knows to have taken: more than one chat sends while the marks of a batch are on
// their way.
const remembered = 24

// Took tells whether the session already took an update.
func (s Session) Took(update int64) bool { return slices.Contains(s.Taken, update) }

// Past tells whether the session already took an update or a later one; Telegram numbers them in order.
func (s Session) Past(update int64) bool {
	return len(s.Taken) > 0 && slices.Max(s.Taken) >= update
}

func (s *Session) take(update int64) {
	s.Taken = append(s.Taken, update)
	if n := len(s.Taken); n > remembered {
		s.Taken = slices.Clone(s.Taken[n-remembered:])
	}
}

// lost tells that nothing is known of the chat: it is new, or its session is gone.
func (s Session) lost() bool { return s.Screen == 0 && len(s.Taken) == 0 }
