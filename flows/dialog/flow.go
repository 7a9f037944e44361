package dialog

import (
	"context"
	"slices"
	"strings"

	"pendamping/flows/form"
	"pendamping/store"
)

// Handler answers a button or a command; arg is what stands behind its name. One that has said everything itself
// returns the empty Screen, which shows nothing.
type Handler func(ctx context.Context, t *Turn, arg Args) (form.Screen, error)

// Flow is one thing people do with the bot: a conversation (Open), a screen or a decision (Do), or both. The table All
// is the menu, the routing and the permissions.
type Flow struct {
	Name    string       // in button data; its words are menu.NAME
	Command string       // as typed after the slash, "" for none
	Roles   []store.Role // who may; empty is everybody who has joined
	Home    []store.Role // on whose home keyboard it has a place, at most five each
	// Open begins the conversation about something ("" is something new), or goes on with it.
	Open func(ctx context.Context, t *Turn, about Args) (form.Form, error)
	// Do answers a button or a command. Where there is none, these open the conversation.
	Do Handler
	// Once keeps Do from running again for a press that comes again, because it decides something or reads the session.
	Once bool
	// OnPicture takes what was said with the picture that began the conversation, and returns what to say of it first.
	OnPicture func(ctx context.Context, t *Turn) ([]store.Text, error)
	// Echo says what words were taken for, where the next question does not.
	Echo func(ctx context.Context, t *Turn, before form.State, f form.Form, next form.Screen) ([]store.Text, error)
	// Numbered is set where the conversation is about a nota.
	Numbered bool
	// Names lets a question say what it is about, and answer the picture of it, while several wait.
	Names func(ctx context.Context, t *Turn, s *form.Screen) error
	// Ended learns that a conversation has ended, and about what it was.
	Ended func(ctx context.Context, t *Turn, in form.State) error
	// Next begins what waits in the queue for a conversation to end. One flow has a queue.
	Next func(ctx context.Context, t *Turn) error
	// Albums is set where the pictures of an album are taken one by one, and get one answer.
	Albums bool
	// Private is set where the group, or whom it is about, may not learn of the conversation.
	Private bool
	// Decides reports whether a button of it answers what its card asks; nil is none.
	Decides func(arg string) bool
}

// Who may do what, in words.
var (
	Officers = []store.Role{store.Chair, store.Secretary, store.Treasurer, store.Owner}
	Group    = []store.Role{store.Chair, store.Secretary, store.Treasurer, store.Owner, store.Member}
	Mentors  = []store.Role{store.Mentor}
	Field    = []store.Role{store.Coordinator}
)

// Roles returns the roles of all sets together.
func Roles(sets ...[]store.Role) []store.Role { return slices.Concat(sets...) }

// Allows reports whether a role may use the flow.
func (f Flow) Allows(r store.Role) bool { return len(f.Roles) == 0 || slices.Contains(f.Roles, r) }

// Find looks a flow up among those that the person may use.
func (t *Turn) Find(is func(Flow) bool) (Flow, bool) {
	for _, f := range t.Flows {
		if f.Allows(t.Who.Role) && is(f) {
			return f, true
		}
	}
	return Flow{}, false
}

// conversation looks one up by its name.
func (t *Turn) conversation(name string) (Flow, bool) {
	return t.Find(func(f Flow) bool { return f.Name == name && f.Open != nil })
}

// Private tells whether the conversation in hand is.
func (t *Turn) Private() bool {
	f, ok := t.conversation(t.Session.Form.Form)
	return ok && f.Private
}

// privateKey begins the key of the first question of a private conversation. A message with a key is kept with the
// records, so that it is known of a chat whose session was lost.
const privateKey = "private:"

// lately is how many messages ago a private conversation was begun that may still be meant.
const lately = 20

// LostPrivate is the private conversation that the chat was in when its session was lost, and goes on with it where it
// was about nothing but itself; "" when there was none lately.
func (t *Turn) LostPrivate(ctx context.Context) (name string, err error) {
	newest := t.Event.Message - lately
	for _, f := range t.Flows {
		if !f.Private || !f.Allows(t.Who.Role) {
			continue
		}
		sent, err := t.Tx.LastSent(ctx, t.Event.Chat, privateKey+f.Name)
		if err != nil {
			return "", err
		}
		if sent > 0 && sent >= newest {
			name, newest = f.Name, sent
		}
	}
	if name == "" {
		return "", nil
	}
	t.Session.Form = form.State{Form: name}
	opened, err := t.Form(ctx)
	if opened != nil {
		t.Session.Form = opened.Begin(name, "")
	}
	t.gone = false
	return name, err
}

// Entire is a limit beyond the records of any recipient: the whole list is read.
const Entire = 1_000_000

// Always is Decides of a flow all of whose buttons answer what their card asks.
func Always(string) bool { return true }

// WithVersion is Decides of a flow whose buttons without the record's version only show its card.
func WithVersion(arg string) bool { return strings.Contains(arg, ":") }

// Withdraws is Decides of privacy, which asks only whether to withdraw the consent: yes, or back.
func Withdraws(arg string) bool { return arg == "" || strings.HasPrefix(arg, "yes:") }
