package flows

import (
	"errors"
	"reflect"
	"strconv"

	"pendamping/flows/form"
	"pendamping/store"
)

// notaNo is a nota by its number.
type notaNo struct {
	ID     store.ID `json:"id"`
	Number int      `json:"number"`
}

// meant are words that came behind pictures before the answer to these was said: "75rb" may be the amount that was
// asked for, or that of the nota just sent. Nobody but their writer knows, so they are taken for none until a button
// says for which.
type meant struct {
	Words   string   `json:"words,omitempty"`
	Message int      `json:"message,omitempty"`
	Notas   []notaNo `json:"notas,omitempty"` // the one in hand, then those that came
}

// mostMeant is how many notas the question offers, and mostUndecided how many letters wait for its answer.
const (
	mostMeant     = 4
	mostUndecided = 500
)

// unsaid are the notas whose pictures came while another was in hand, and of which nothing was said yet.
func (t *turn) unsaid() []notaNo {
	if !t.tx.Now().Before(t.s.Delayed.Due) {
		return nil
	}
	return t.s.Delayed.Notas
}

// doubtful asks for which nota words are meant, where the conversation in hand would take them for its own.
func (t *turn) doubtful() (asked bool, err error) {
	if m := &t.s.Meant; m.Words != "" {
		thanks, yes := small(t.e.Text)
		if more := m.Words + " " + t.e.Text; !thanks && !yes && len([]rune(more)) <= mostUndecided {
			m.Words = more
		}
		return true, t.restate()
	}
	came := t.unsaid()
	if len(came) == 0 || t.s.Form.Form != "receipt" || t.e.Replied != 0 || len([]rune(t.e.Text)) > mostUndecided {
		return false, nil
	}
	f, err := t.form()
	if f == nil || err != nil {
		return false, err
	}
	step, err := f.Take(t.ctx, t.s.Form, t.e)
	if err != nil || step.Outcome != form.Going || reflect.DeepEqual(step.State.Answers, t.s.Form.Answers) {
		return false, err
	}
	r, err := t.tx.Receipt(t.ctx, subject(t.s.Form))
	if err != nil {
		return false, err
	}
	notas := append([]notaNo{{ID: r.ID, Number: r.Number}}, came[max(0, len(came)+1-mostMeant):]...)
	t.s.Meant = meant{Words: t.e.Text, Message: t.e.Message, Notas: notas}
	return true, t.restate()
}

// askMeant is the question for which nota the words are.
func askMeant(m meant) form.Screen {
	s := form.Screen{Body: []store.Text{store.Say("meant.ask", "Words", m.Words)}}
	for i, n := range m.Notas {
		said := store.Say("meant.choice", "Number", strconv.Itoa(n.Number), "Asked", mark(i == 0))
		s.Buttons = append(s.Buttons, []store.Button{{Text: said, Data: "meant:" + idText(n.ID)}})
	}
	return s
}

// means takes the words for the nota that was chosen: as an answer where it is the one in hand, else as its draft.
func (t *turn) means(arg string) error {
	m, id := t.s.Meant, idOf(arg)
	if m.Words == "" {
		return t.stale()
	}
	t.s.Meant, t.s.Tapped = meant{}, t.pressed
	pressed := t.e
	said := form.Event{
		Update: pressed.Update, Account: pressed.Account, Chat: pressed.Chat,
		Kind: form.Words, Text: m.Words, Message: m.Message,
	}
	if id != m.Notas[0].ID {
		return t.drafts(id, said, store.Say("photo.first", "Number", strconv.Itoa(m.Notas[0].Number)))
	}
	t.e = said
	taken, err := t.take()
	if err == nil && !taken {
		err = t.restate(store.Say("change.unread"))
	}
	if len(t.out) > 0 {
		t.out[0].Edit, t.out[0].Caption = pressed.Message, pressed.Caption
	}
	return err
}

// drafts keeps words with a nota that waits for its turn, says what they were taken for, and goes on with the one in
// hand. What no question reads is what was bought.
func (t *turn) drafts(id store.ID, said form.Event, goOn store.Text) error {
	r, of, err := ownReceipt(t.ctx, t.tx, t.who, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && r.State != store.Unfinished {
		return t.stale()
	}
	if err != nil {
		return err
	}
	f, err := receipt(t.ctx, t.tx, t.who, idText(id))
	var mend form.Mend
	if errors.As(err, &mend) {
		return t.restate(mend.Why)
	}
	if err != nil {
		return err
	}
	before := f.Begin("receipt", idText(id))
	now := before
	caption, err := t.caption(r)
	if err != nil {
		return err
	}
	if caption != "" {
		if now, err = f.Offer(now, form.Event{Kind: form.Picture, Text: caption}); err != nil {
			return err
		}
	}
	step, err := f.Take(t.ctx, now, said)
	if err != nil {
		return err
	}
	if reflect.DeepEqual(step.State.Answers, now.Answers) {
		step.State.Answers = append(step.State.Answers, form.Answer{Name: "item", Text: said.Text, Message: said.Message})
	}
	if _, err := keepDraft(t.ctx, t.tx, t.who, id, step.State); err != nil {
		return err
	}
	lines, err := f.News(before, step.State)
	if err != nil {
		return err
	}
	head := store.Say("receipt.head", "Number", number(r), "Group", behalf(t.who, of))
	t.show(form.Screen{Body: append([]store.Text{head}, lines...)})
	return t.restate(goOn)
}

// heard names the nota in hand with what words were taken for, where others wait that may have been meant. The card of
// the review names it by itself.
func (t *turn) heard(before form.State, f form.Form, screen form.Screen) ([]store.Text, error) {
	if len(t.s.Queue) == 0 || screen.Body[0].ID == "receipt.head" {
		return nil, nil
	}
	lines, err := f.News(before, t.s.Form)
	if len(lines) == 0 || err != nil {
		return nil, err
	}
	r, of, err := ownReceipt(t.ctx, t.tx, t.who, subject(t.s.Form))
	return append([]store.Text{store.Say("receipt.head", "Number", number(r), "Group", behalf(t.who, of))}, lines...), err
}
