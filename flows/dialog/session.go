package dialog

import (
	"slices"
	"strconv"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// Early are pictures that came before their sender agreed to the notice, or said that they are a nota: what Telegram
// said of them and nothing more. They are in no record, and are not fetched before; without the consent they go with
// the session.
type Early struct {
	Files   []store.File `json:"files"`
	Words   string       `json:"words,omitempty"`
	Album   string       `json:"album,omitempty"`
	Message int          `json:"message,omitempty"`
}

// EarlyPictures counts those that wait.
func (t *Turn) EarlyPictures() (n int) {
	for _, e := range t.Session.Early {
		n += len(e.Files)
	}
	return n
}

// Codes counts what an account asked about in the hour that began at From.
type Codes struct {
	From time.Time `json:"from,omitzero"`
	Many int       `json:"many,omitempty"`
}

// NotaNo is a nota by its number.
type NotaNo struct {
	ID     store.ID `json:"id"`
	Number int      `json:"number"`
}

// Meant are words that came behind pictures before the answer to these was said: "75rb" may be the amount that was
// asked for, or that of the nota just sent. Nobody but their writer knows, so they are taken for none until a button
// says for which.
type Meant struct {
	Words   string   `json:"words,omitempty"`
	Message int      `json:"message,omitempty"`
	Notas   []NotaNo `json:"notas,omitempty"` // the one in hand, then those that came
}

// askMeant is the question for which nota the words are.
func askMeant(m Meant) form.Screen {
	s := form.Screen{Body: []store.Text{store.Say("meant.ask", "Words", m.Words)}}
	for i, n := range m.Notas {
		said := store.Say("meant.choice", "Number", strconv.Itoa(n.Number), "Asked", Mark(i == 0))
		s.Buttons = append(s.Buttons, []store.Button{{Text: said, Data: Data("meant", n.ID)}})
	}
	return s
}

// Dropped is a nota that was given up before it was sent, and what was said of it.
type Dropped struct {
	Nota    store.ID      `json:"nota"`
	Answers []form.Answer `json:"answers,omitempty"`
	At      time.Time     `json:"at"`
}

// Proving is an invitation whose code was right, and whose last four digits are asked for.
type Proving struct {
	Invite store.ID `json:"invite"`
	Person store.ID `json:"person"`
	Waits  bool     `json:"waits,omitempty"` // for a coordinator's word instead
}

// Read is what was read in a picture, by the questions that it may answer, as one would type it. It only ever proposes.
type Read map[string][]string

// Session is what the bot remembers of a chat between two messages: what the person said, and which question is on
// their screen. The zero Session is a chat never seen, or one whose session was lost.
type Session struct {
	// the last updates it took, so that one delivered again changes nothing
	Taken   []int64    `json:"taken,omitempty"`
	Screen  int64      `json:"screen,omitempty"` // numbers questions shown; buttons carry it
	Form    form.State `json:"form,omitzero"`
	For     store.ID   `json:"for,omitempty"`     // the group a mentor speaks for
	Queue   []store.ID `json:"queue,omitempty"`   // notas that came while another was in hand, oldest first
	Several bool       `json:"several,omitempty"` // another nota came while one was in hand; until none waits
	Aside   []aside    `json:"aside,omitempty"`   // conversations that wait for the one in hand to end, oldest first
	Proving Proving    `json:"proving,omitzero"`  // the invitation for which more than its code is asked
	// the group chat of pictures that wait for the answer to whose they are
	GroupChat int64 `json:"room,omitempty"`
	// when they were last told in a group that they may not file notas there
	Guest   time.Time `json:"guest,omitzero"`
	Codes   Codes     `json:"codes,omitzero"`    // how many printed codes they asked about lately
	Delayed delayed   `json:"delayed,omitzero"`  // the reply that waits for more pictures
	Meant   Meant     `json:"meant,omitzero"`    // words of which it is asked for which nota they are
	Passed  []string  `json:"passed,omitempty"`  // what a reviewer skipped, as "ID:VERSION"
	First   store.ID  `json:"first,omitempty"`   // the group whose notas a reviewer wants to see first
	Read    Read      `json:"read,omitempty"`    // what was read in a picture of the nota in hand
	Dropped []Dropped `json:"dropped,omitempty"` // notas given up lately, which a button brings back
	Done    done      `json:"done,omitzero"`     // the last button that ended something
	Tapped  string    `json:"tapped,omitempty"`  // the last button that went on with something, as its data

	Said    time.Time `json:"said,omitzero"`     // when something was last answered here
	Puzzled bool      `json:"puzzled,omitempty"` // what came last was not understood

	// Shown are the buttons of the last answer that are no question's; words that are typed press them.
	Shown []store.Button `json:"shown,omitempty"`
	Early []Early        `json:"early,omitempty"` // pictures that came before the consent
	Apart []Early        `json:"apart,omitempty"` // pictures that came in private conversations
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

	Notas []NotaNo `json:"notas,omitempty"` // those that came behind the one in hand
}

// remembered is how many updates a session knows to have taken: more than one chat sends while the marks of a batch are
// on their way.
const remembered = 24

// Took tells whether the session already took an update.
func (s Session) Took(update int64) bool { return slices.Contains(s.Taken, update) }

// Past tells whether the session already took an update or a later one; Telegram numbers them in order.
func (s Session) Past(update int64) bool {
	return len(s.Taken) > 0 && slices.Max(s.Taken) >= update
}

// Take notes that the session took an update.
func (s *Session) Take(update int64) {
	s.Taken = append(s.Taken, update)
	if n := len(s.Taken); n > remembered {
		s.Taken = slices.Clone(s.Taken[n-remembered:])
	}
}

// Lost tells that nothing is known of the chat: it is new, or its session is gone.
func (s Session) Lost() bool { return s.Screen == 0 && len(s.Taken) == 0 }
