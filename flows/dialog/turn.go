package dialog

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// Turn is one event on its way through the flows.
type Turn struct {
	Tx      store.Tx
	Setting Setting
	Flows   []Flow // the table
	Session Session
	Event   form.Event
	Account store.Account
	Who     Who
	Out     []store.Message

	Asker    Asker
	Bears    string // what a Bearer has in hand
	LetIn    int64
	Reminded bool // of a card that stays the last one
	gone     bool // the conversation in hand was about something that is no longer theirs
	Again    bool // the session took the event before
	Before   form.State
	Pressed  string // the whole data of the button

	Opened    form.Form // the conversation in hand, once it was needed
	openedFor form.State
	Others    []store.Message
	Became    store.Text // whom the account speaks as since this event, said once

	Counted    store.ID // the recipient whose notas have changed in number or state
	GroupChats []int64  // its group chats
}

// InForm begins the data of a form's buttons: q:SCREEN:VALUE.
const InForm = "q"

// Stale answers a button of an earlier question. One that ended something says again what it did.
func (t *Turn) Stale(ctx context.Context) error {
	if t.TappedTwice() {
		return nil // the second of two quick taps
	}
	t.AsNewMessage()
	if t.Pressed == t.Session.Done.Press {
		t.Show(form.Screen{Body: []store.Text{t.Session.Done.Said}})
		return nil
	}
	return t.Restate(ctx, store.Say("stale"))
}

// Cancel drops what is in hand: words that nobody knew what to do with, else the conversation.
func (t *Turn) Cancel(ctx context.Context) error {
	if words := t.Session.Meant.Words; words != "" {
		t.Session.Meant = Meant{}
		return t.Restate(ctx, store.Say("meant.dropped", "Words", words))
	}
	if t.Session.Form.Form != "" {
		f, err := t.Form(ctx)
		if err != nil {
			return err
		}
		if f != nil {
			screen, err := f.Cancel(ctx, t.Session.Form)
			if err != nil {
				return err
			}
			return t.Follow(ctx, f, form.Step{Outcome: form.Cancelled, Screen: screen})
		}
	}
	t.Show(form.Screen{Body: []store.Text{store.Say("cancel.nothing")}})
	return nil
}

// TappedTwice reports the second of two quick taps on one button.
func (t *Turn) TappedTwice() bool { return t.Pressed != "" && t.Pressed == t.Session.Tapped }

// Tap notes that the button did what it does, so that a second tap does nothing more.
func (t *Turn) Tap() { t.Session.Tapped = t.Pressed }

// AsNewMessage lets what is said next stand at the end of the chat: the message whose button was pressed stays as it
// is.
func (t *Turn) AsNewMessage() { t.Event.Message = 0 }

// Enqueue lets a nota wait for the conversation in hand to end.
func (t *Turn) Enqueue(id store.ID) {
	t.Session.Queue, t.Session.Several = append(t.Session.Queue, id), true
}

// unqueue takes a nota out of the queue.
func (t *Turn) unqueue(id store.ID) {
	t.Session.Queue = slices.DeleteFunc(t.Session.Queue, func(q store.ID) bool { return q == id })
}

// Become lets the account speak as one of its persons; what is in hand as another is put aside.
func (t *Turn) Become(ctx context.Context, w Who) (err error) {
	if w.ID == t.Who.ID && w.For.ID == t.Who.For.ID {
		t.Who = w
		return nil
	}
	if t.Who, err = Know(
		ctx, t.Tx, &t.Account, t.Who.Person, t.Who.For.ID, t.Setting,
	); err != nil { // who puts it aside
		return err
	}
	if err := t.PutAside(ctx); err != nil {
		return err
	}
	if err := t.Activate(ctx, w.ID); err != nil {
		return err
	}
	t.Who = w
	if w.Role == store.Mentor {
		t.Session.For = w.For.ID
	}
	return nil
}

// Activate keeps as whom the account speaks from now on.
func (t *Turn) Activate(ctx context.Context, person store.ID) error {
	if t.Account.Active == person || len(t.Account.People) < 2 {
		return nil
	}
	t.Account.Active = person
	return t.Tx.PutAccount(ctx, t.Account)
}

// Setting is what conversations know beside the records.
type Setting struct {
	Zone  *time.Location                             // of a recipient whose province says nothing
	Words func(language string, t store.Text) string // what a button says, to know it when it is typed
	Bot   string                                     // the bot's username, without @
	Rate  float64                                    // of announcements, messages a second; 0: no limit
	Home  func(r store.Role) []store.Text            // the words on a role's home keyboard; Turn knows them
}

// Asker is who is answered, for whoever bounds how often those are answered who are not in the roster.
type Asker int

// Askers, from those who are owed every answer to those who share a few.
const (
	Known Asker = iota // somebody in the roster, or whom this turn made so
	// a wrong code was given, or a wrong proof that one is its person's: mostGuesses and mostWrong bound these
	Guesser
	Bearer   // not in the roster, but with a code or button that fits: each of these has a few
	Anybody  // not in the roster, and told what anybody may ask for: strangersCodes bounds these
	Knocker  // not in the roster, and told why their code lets nobody in, or is not looked at
	Stranger // not in the roster, and told only that
)

// Active is the person that the account speaks as.
func (t *Turn) Active() store.Person { return Speaker(t.Account) }

// Speaker is the person that an account speaks as: the one chosen, else one who agreed to the notice.
func Speaker(acc store.Account) store.Person {
	for _, is := range []func(store.Person) bool{
		func(p store.Person) bool { return p.ID == acc.Active },
		func(p store.Person) bool { return p.Consent != "" },
	} {
		if i := slices.IndexFunc(acc.People, is); i >= 0 {
			return acc.People[i]
		}
	}
	return acc.People[0]
}

// Form opens the conversation that the session is in; one that is gone, or no longer theirs, is forgotten.
func (t *Turn) Form(ctx context.Context) (form.Form, error) {
	if in := t.Session.Form; t.Opened == nil || t.openedFor.Form != in.Form || t.openedFor.About != in.About {
		f, err := t.reopen(ctx)
		if err != nil {
			return nil, err
		}
		t.Opened, t.openedFor = f, in
	}
	return t.Opened, nil
}

func (t *Turn) reopen(ctx context.Context) (form.Form, error) {
	f, ok := t.conversation(t.Session.Form.Form)
	if !ok {
		t.Session.Form = form.State{}
		return nil, nil
	}
	open, err := f.Open(ctx, t, Args(t.Session.Form.About))
	var mend form.Fixable
	if errors.Is(err, store.ErrNotFound) || errors.As(err, &mend) {
		t.Session.Form, t.gone = form.State{}, true
		return nil, nil
	}
	return open, err
}

// Take gives the event to the conversation in hand; not taken means that no question could use it.
func (t *Turn) Take(ctx context.Context) (taken bool, err error) {
	f, err := t.Form(ctx)
	if f == nil || err != nil {
		return false, err
	}
	e := t.Event
	if len(e.Files) > 0 && !e.Edited {
		e.Text = "" // a caption belongs to its picture: it answers nothing about another
	}
	step, err := f.Take(ctx, t.Session.Form, e)
	if err != nil || step.Outcome == form.Ignored {
		return false, err
	}
	if e.Kind == form.Location {
		step.Say = append(step.Say, store.Say("visit.spot.kept"))
	}
	return true, t.Follow(ctx, f, step)
}

// Follow says what a step leads to.
func (t *Turn) Follow(ctx context.Context, f form.Form, step form.Step) error {
	in := t.Session.Form
	t.Session.Form, t.Session.Meant = step.State, Meant{}
	if step.Outcome == form.Going {
		t.Tap()
		if step.SameQuestion {
			t.Before = step.State // two quick ticks both hold
		}
		screen, err := f.Ask(step.State)
		if err != nil {
			return err
		}
		var heard []store.Text
		flow, _ := t.conversation(step.State.Form)
		if flow.Echo != nil && t.Event.Kind == form.Words && len(step.Say) == 0 {
			if heard, err = flow.Echo(ctx, t, in, f, screen); err != nil {
				return err
			}
		}
		screen.Body, screen.Tell = slices.Concat(heard, step.Say, screen.Body), step.Tell
		if step.Brief {
			screen.Ahead = nil
		}
		if err := t.Ask(ctx, screen); err != nil {
			return err
		}
		if t.Event.Album != "" && flow.Albums && len(screen.Ahead) == 0 {
			t.Postpone()
		}
		return nil
	}
	t.Session.Form, t.Session.Read, t.Who.Read = form.State{}, nil, nil
	t.Session.Several = len(t.Session.Queue) > 0 // this one was the last, unless others wait
	if t.Pressed != "" && len(step.Screen.Body) > 0 {
		t.Session.Done = done{t.Pressed, step.Screen.Body[0]}
	}
	t.Show(step.Screen)
	if step.Outcome == form.Parked {
		t.unqueue(Subject(in))
		_, err := t.TakeUp(ctx)
		return err
	}
	if f, ok := t.conversation(in.Form); ok && f.Ended != nil {
		if err := f.Ended(ctx, t, in); err != nil {
			return err
		}
	}
	if back, err := t.TakeUp(ctx); back || err != nil {
		return err
	}
	return t.dequeue(ctx)
}

// Answer begins a conversation that a message is the answer to, and takes it as that.
func (t *Turn) Answer(ctx context.Context, name, about string) error {
	e, n := t.Event, len(t.Out)
	t.Event.Kind, t.Event.Message = form.Press, 0
	err := t.Open(ctx, name, about)
	t.Event = e
	if errors.Is(err, store.ErrNotFound) {
		return t.Unknown(ctx, "unknown.record")
	}
	if err != nil || t.Session.Form.Form != name {
		return err
	}
	t.Out = t.Out[:n]
	_, err = t.Take(ctx)
	return err
}

// dequeue begins what waits for a conversation to end.
func (t *Turn) dequeue(ctx context.Context) error {
	for _, f := range t.Flows {
		if f.Next != nil {
			return f.Next(ctx, t)
		}
	}
	return nil
}

// Open begins a conversation; the one in hand is put aside first, and comes back when this one ends.
func (t *Turn) Open(ctx context.Context, name, about string, lead ...store.Text) error {
	if t.Again {
		return nil // what it opened has ended since
	}
	if is, err := t.inHand(ctx, name, about, lead); is || err != nil {
		return err
	}
	if err := t.PutAside(ctx); err != nil {
		return err
	}
	t.Session.Form, t.Session.Meant, t.Session.Read, t.Who.Read = form.State{Form: name, About: about}, Meant{}, nil,
		nil
	f, ok := t.conversation(name)
	if f.Next != nil {
		t.unqueue(Subject(t.Session.Form))
	}
	if !ok {
		return store.ErrNotFound
	}
	opened, err := f.Open(ctx, t, Args(about))
	var mend form.Fixable
	if errors.As(err, &mend) {
		t.Session.Form = form.State{}
		t.Show(form.Screen{Body: append(lead, mend.Why)})
		return nil
	}
	if err != nil {
		return err
	}
	subject, _, _ := strings.Cut(about, ":") // the rest says what to ask first
	t.Session.Form = opened.Begin(name, subject)
	t.Opened, t.openedFor = opened, t.Session.Form
	if t.Event.Kind != form.Press {
		if t.Session.Form, err = opened.Offer(t.Session.Form, t.Event); err != nil {
			return err
		}
	}
	if f.OnPicture != nil && (t.Event.Kind == form.Picture || t.Event.Kind == form.Document) {
		why, err := f.OnPicture(ctx, t)
		if err != nil {
			return err
		}
		lead = append(lead, why...)
	}
	screen, err := opened.Ask(t.Session.Form)
	if err != nil {
		return err
	}
	screen.Body = append(lead, screen.Body...)
	if f.Private && screen.Key == "" {
		screen.Key = privateKey + name
	}
	return t.Ask(ctx, screen)
}
