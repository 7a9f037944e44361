package flows

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"pendamping/flows/form"
	"pendamping/store"
)

// Setting is what conversations know beside the records.
type Setting struct {
	Zone  *time.Location                             // of a recipient whose province says nothing
	Words func(language string, t store.Text) string // what a button says, to know it when it is typed
	Bot   string                                     // the bot's username, without @
	Rate  float64                                    // of announcements, messages a second; 0: no limit
	Home  func(r store.Role) []store.Text            // the words on a role's home keyboard; Turn knows them
}

// Turn takes one event of one chat: what is written to tx, the session and the messages that result belong together. An
// update that the session already took shows the question again and changes nothing.
func Turn(ctx context.Context, tx store.Tx, set Setting, s Session, e form.Event) (Result, error) {
	set.Home = home
	t := &turn{ctx: ctx, tx: tx, set: set, flows: All(), s: s, before: s.Form, e: e, again: e.Update != 0 && s.Took(e.Update)}
	if !t.again && e.Update != 0 {
		t.s.take(e.Update)
	}
	err := t.run()
	if err == nil {
		err = t.progress()
	}
	if s.lost() && t.who.Role != "" && len(t.out) > 0 {
		t.out[0].Menu = t.who.Role // somebody who was enrolled on paper never pressed start
	}
	if len(t.out) > 0 && !t.reminded {
		t.s.Said = tx.Now()
	}
	if t.again {
		t.s = s // whatever was chosen since stands
	}
	res := Result{Session: t.s, Messages: append(t.out, t.others...), Language: t.acc.Language, Asker: t.asker, LetIn: t.letIn}
	for i, m := range res.Messages {
		res.Messages[i].Secret = secret(m)
	}
	return res, err
}

// Result is what a turn leads to, beside the records: the session to keep and what to say, in the account's language.
type Result struct {
	Session  Session
	Messages []store.Message
	Language string
	Asker    Asker
	LetIn    int64 // the account that has an invitation which fits, also before it has shown whose it is; 0: nobody's
}

// Asker is who is answered, for whoever bounds how often those are answered who are not in the roster.
type Asker int

// Askers, from those who are owed every answer to those who share a few.
const (
	Known    Asker = iota // somebody in the roster, or who has a good invitation
	Guesser               // a wrong code was given, or a wrong proof that one is its person's: mostGuesses and mostWrong bound these
	Anybody               // not in the roster, and told what anybody may ask for: strangersCodes bounds these
	Knocker               // not in the roster, and told why their code lets nobody in, or is not looked at
	Stranger              // not in the roster, and told only that
)

// turn is one event on its way through the flows.
type turn struct {
	ctx   context.Context
	tx    store.Tx
	set   Setting
	flows []Flow // the table
	s     Session
	e     form.Event
	acc   store.Account
	who   Who
	out   []store.Message

	asker    Asker
	letIn    int64
	reminded bool // of a card that stays the last one
	gone     bool // the conversation in hand was about something that is no longer theirs
	again    bool // the session took the event before
	before   form.State
	pressed  string // the whole data of the button

	opened    form.Form // the conversation in hand, once it was needed
	openedFor form.State
	others    []store.Message
	became    store.Text // whom the account speaks as since this event, said once

	counted store.ID // the recipient whose notas have changed in number or state
	rooms   []int64  // its group chats
}

func (t *turn) run() (err error) {
	if t.acc, err = t.tx.Account(t.ctx, t.e.Account); err != nil {
		return err
	}
	if t.e.Room != 0 {
		return t.inRoom()
	}
	for i := range t.e.Files {
		t.e.Files[i].Message = t.e.Message
	}
	if done, err := t.door(); done || err != nil {
		return err
	}
	p := t.active()
	if t.who, err = know(t.ctx, t.tx, &t.acc, p, t.s.For, t.set); err != nil {
		return err
	}
	t.who.Read = t.s.Read
	if done, err := t.movedAway(); done || err != nil {
		return err
	}
	if t.again && t.s.Form.Form != "" {
		return t.restate()
	}
	if t.s.lost() || (t.s.Form.Form == "" && len(t.s.Taken) == 1) {
		if resumed, err := t.resume(); resumed || err != nil {
			return err
		}
	}
	return t.route()
}

// active is the person that the account speaks as.
func (t *turn) active() store.Person { return speaker(t.acc) }

// speaker is the person that an account speaks as: the one chosen, else one who agreed to the notice.
func speaker(acc store.Account) store.Person {
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

func (t *turn) route() error {
	e := t.e
	switch {
	case e.Kind == form.Reading:
		return t.reading()
	case e.Kind == form.Press:
		return t.press()
	case e.Edited:
		return t.edited()
	case e.Kind == form.Words && strings.HasPrefix(e.Text, "/"):
		return t.command(e.Text)
	case e.Kind == form.Words:
		data, ok, err := t.typed(e.Text)
		if err != nil {
			return err
		}
		if _, value, _ := strings.Cut(strings.TrimPrefix(data, inForm+":"), ":"); ok && strings.HasPrefix(value, "=") {
			if asked, err := t.doubtful(); asked || err != nil { // "kemarin" is a button's word, and may be another nota's day
				return err
			}
		}
		if ok {
			t.e.Kind, t.e.Press = form.Press, data
			return t.press()
		}
		if taken, err := t.word(); taken || err != nil {
			return err
		}
		if f, ok := t.menu(e.Text); ok {
			return t.command("/" + f.Command)
		}
		if t.says("form.cancel") || t.s.Form.Form == "receipt" && t.says("photo.not") {
			return t.cancel()
		}
		if asked, err := t.doubtful(); asked || err != nil {
			return err
		}
	}
	if id := unfit(e.Files); id != "" {
		return t.unknown(id)
	}
	if about, ok := strings.CutPrefix(e.Card, "reply:"); ok && (e.Kind == form.Words || e.Kind == form.Voice) {
		return t.answer(about)
	}
	if e.Kind == form.Words || e.Kind == form.Voice {
		about, ok, err := t.wondered()
		if err != nil {
			return err
		}
		if ok {
			return t.wonder(about)
		}
	}
	if id, ok := cardOf(e.Card); ok && e.Kind != form.Voice {
		return t.reply(id)
	}
	if t.s.Form.Form != "" {
		if taken, err := t.take(); taken || err != nil {
			return err
		}
	}
	switch e.Kind {
	case form.Picture, form.Document:
		return t.photo()
	case form.Voice:
		return t.voice()
	case form.Words:
		thanks, yes := small(e.Text)
		if agrees, no := answered(e.Text); t.s.Form.Form == "" && (yes || agrees || no) {
			if open, err := t.unanswered(); open || err != nil {
				return err
			}
		}
		if thanks || yes {
			return t.unknown("thanks")
		}
		if t.s.Form.Form == "" && t.speaksOfCode() {
			return t.unknown("unknown.code")
		}
		return t.unknown("unknown.words")
	}
	return t.unknown("unknown." + string(e.Kind))
}

// form opens the conversation that the session is in; one that is gone, or no longer theirs, is forgotten.
func (t *turn) form() (form.Form, error) {
	if in := t.s.Form; t.opened == nil || t.openedFor.Form != in.Form || t.openedFor.About != in.About {
		f, err := t.reopen()
		if err != nil {
			return nil, err
		}
		t.opened, t.openedFor = f, in
	}
	return t.opened, nil
}

func (t *turn) reopen() (form.Form, error) {
	f, ok := t.conversation(t.s.Form.Form)
	if !ok {
		t.s.Form = form.State{}
		return nil, nil
	}
	open, err := f.Open(t.ctx, t.tx, t.who, t.s.Form.About)
	var mend form.Mend
	if errors.Is(err, store.ErrNotFound) || errors.As(err, &mend) {
		t.s.Form, t.gone = form.State{}, true
		return nil, nil
	}
	return open, err
}

// take gives the event to the conversation in hand; not taken means that no question could use it.
func (t *turn) take() (taken bool, err error) {
	f, err := t.form()
	if f == nil || err != nil {
		return false, err
	}
	e := t.e
	if len(e.Files) > 0 && !e.Edited {
		e.Text = "" // a caption belongs to its picture: it answers nothing about another
	}
	step, err := f.Take(t.ctx, t.s.Form, e)
	if err != nil || step.Outcome == form.Ignored {
		return false, err
	}
	if e.Kind == form.Location {
		step.Say = append(step.Say, store.Say("visit.spot.kept"))
	}
	return true, t.follow(f, step)
}

// follow says what a step leads to.
func (t *turn) follow(f form.Form, step form.Step) error {
	in := t.s.Form
	t.s.Form, t.s.Meant = step.State, meant{}
	if step.Outcome == form.Going {
		t.s.Tapped = t.pressed
		if step.Same {
			t.before = step.State // two quick ticks both hold
		}
		screen, err := f.Ask(step.State)
		if err != nil {
			return err
		}
		var heard []store.Text
		flow, _ := t.conversation(step.State.Form)
		if flow.Heard != nil && t.e.Kind == form.Words {
			if heard, err = flow.Heard(t, in, f, screen); err != nil {
				return err
			}
		}
		screen.Body, screen.Tell = slices.Concat(heard, step.Say, screen.Body), step.Tell
		if step.Brief {
			screen.Ahead = nil
		}
		t.ask(screen)
		if t.e.Album != "" && flow.Albums && len(screen.Ahead) == 0 {
			t.postpone()
		}
		return nil
	}
	t.s.Form, t.s.Read, t.who.Read = form.State{}, nil, nil
	if t.pressed != "" && len(step.Screen.Body) > 0 {
		t.s.Done = done{t.pressed, step.Screen.Body[0]}
	}
	t.show(step.Screen)
	if step.Outcome == form.Parked {
		t.unqueue(subject(in))
		_, err := t.takeUp()
		return err
	}
	if f, ok := t.conversation(in.Form); ok && f.Ended != nil {
		if err := f.Ended(t, in); err != nil {
			return err
		}
	}
	if back, err := t.takeUp(); back || err != nil {
		return err
	}
	return t.dequeue()
}

// dequeue begins what waits for a conversation to end.
func (t *turn) dequeue() error {
	for _, f := range t.flows {
		if f.Next != nil {
			return f.Next(t)
		}
	}
	return nil
}

// open begins a conversation; the one in hand is put aside first, and comes back when this one ends.
func (t *turn) open(name, about string, lead ...store.Text) error {
	if t.again {
		return nil // what it opened has ended since
	}
	if is, err := t.inHand(name, about, lead); is || err != nil {
		return err
	}
	if err := t.putAside(); err != nil {
		return err
	}
	t.s.Form, t.s.Meant, t.s.Read, t.who.Read = form.State{Form: name, About: about}, meant{}, nil, nil
	f, ok := t.conversation(name)
	if f.Next != nil {
		t.unqueue(subject(t.s.Form))
	}
	if !ok {
		return store.ErrNotFound
	}
	opened, err := f.Open(t.ctx, t.tx, t.who, about)
	var mend form.Mend
	if errors.As(err, &mend) {
		t.s.Form = form.State{}
		t.show(form.Screen{Body: append(lead, mend.Why)})
		return nil
	}
	if err != nil {
		return err
	}
	subject, _, _ := strings.Cut(about, ":") // the rest says what to ask first
	t.s.Form = opened.Begin(name, subject)
	t.opened, t.openedFor = opened, t.s.Form
	if t.e.Kind != form.Press {
		if t.s.Form, err = opened.Offer(t.s.Form, t.e); err != nil {
			return err
		}
	}
	if f.Shown != nil && (t.e.Kind == form.Picture || t.e.Kind == form.Document) {
		why, err := f.Shown(t)
		if err != nil {
			return err
		}
		lead = append(lead, why...)
	}
	screen, err := opened.Ask(t.s.Form)
	if err != nil {
		return err
	}
	screen.Body = append(lead, screen.Body...)
	t.ask(screen)
	return nil
}
