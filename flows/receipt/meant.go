package receipt

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strconv"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// mostMeant is how many notas the question offers, and mostUndecided how many letters wait for its answer.
const (
	mostMeant     = 4
	mostUndecided = 500
)

// unsaid are the notas whose pictures came while another was in hand, and of which nothing was said yet.
func unsaid(t *dialog.Turn) []dialog.NotaNo {
	if !t.Tx.Now().Before(t.Session.Delayed.Due) {
		return nil
	}
	return t.Session.Delayed.Notas
}

// waits are the newest notas of the queue.
func waits(ctx context.Context, t *dialog.Turn) (list []dialog.NotaNo, err error) {
	for _, id := range t.Session.Queue[max(0, len(t.Session.Queue)+1-mostMeant):] {
		r, err := t.Tx.Receipt(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, dialog.NotaNo{ID: r.ID, Number: r.Number})
	}
	return list, nil
}

// Doubtful asks for which nota words are meant, where the conversation in hand would take them for its own.
func Doubtful(ctx context.Context, t *dialog.Turn) (asked bool, err error) {
	if m := &t.Session.Meant; m.Words != "" {
		thanks, yes := dialog.Small(t.Event.Text)
		if more := m.Words + " " + t.Event.Text; !thanks && !yes && len([]rune(more)) <= mostUndecided {
			m.Words = more
		}
		return true, t.Restate(ctx)
	}
	came := unsaid(t)
	if len(came)+len(t.Session.Queue) == 0 || t.Session.Form.Form != "receipt" || t.Event.Replied != 0 ||
		len([]rune(t.Event.Text)) > mostUndecided {
		return false, nil
	}
	f, err := t.Form(ctx)
	if f == nil || err != nil {
		return false, err
	}
	step, err := f.Take(ctx, t.Session.Form, t.Event)
	if err != nil || step.Outcome != form.Going || !step.Over && reflect.DeepEqual(step.State.Answers,
		t.Session.Form.Answers) {
		return false, err
	}
	if len(came) == 0 && step.Over { // what would replace something may be meant for one that waits
		came, err = waits(ctx, t)
	}
	if len(came) == 0 || err != nil {
		return false, err
	}
	r, err := t.Tx.Receipt(ctx, dialog.Subject(t.Session.Form))
	if err != nil {
		return false, err
	}
	notas := append([]dialog.NotaNo{{ID: r.ID, Number: r.Number}}, came[max(0, len(came)+1-mostMeant):]...)
	t.Session.Meant = dialog.Meant{Words: t.Event.Text, Message: t.Event.Message, Notas: notas}
	return true, t.Restate(ctx)
}

// Means takes the words for the nota that was chosen: as an answer where it is the one in hand, else as its draft.
func Means(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	m, id := t.Session.Meant, arg.ID()
	if m.Words == "" {
		return form.Screen{}, t.Stale(ctx)
	}
	t.Session.Meant = dialog.Meant{}
	t.Tap()
	pressed := t.Event
	said := form.Event{
		Update: pressed.Update, Account: pressed.Account, Chat: pressed.Chat,
		Kind: form.Words, Text: m.Words, Message: m.Message,
	}
	if id != m.Notas[0].ID {
		return form.Screen{},
			drafts(ctx, t, id, said, store.Say("photo.first", "Number", strconv.Itoa(m.Notas[0].Number)))
	}
	t.Event = said
	taken, err := t.Take(ctx)
	if err == nil && !taken {
		err = t.Restate(ctx, store.Say("change.unread"))
	}
	if len(t.Out) > 0 {
		t.Out[0].Edit, t.Out[0].Caption, t.Out[0].ReplyTo = pressed.Message, pressed.Caption, 0
	}
	return form.Screen{}, err
}

// drafts keeps words with a nota that waits for its turn, says what they were taken for, and goes on with the one in
// hand. What no question reads is what was bought.
func drafts(ctx context.Context, t *dialog.Turn, id store.ID, said form.Event, goOn store.Text) error {
	r, of, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && r.State != store.Unfinished {
		return t.Stale(ctx)
	}
	if err != nil {
		return err
	}
	f, err := Enter(ctx, t, dialog.Args(dialog.IDText(id)))
	var mend form.Fixable
	if errors.As(err, &mend) {
		return t.Restate(ctx, mend.Why)
	}
	if err != nil {
		return err
	}
	before := f.Begin("receipt", dialog.IDText(id))
	now := before
	words, err := caption(ctx, t, r)
	if err != nil {
		return err
	}
	if words != "" {
		if now, err = f.Offer(now, form.Event{Kind: form.Picture, Text: words}); err != nil {
			return err
		}
	}
	said.Edited = true // the nota was chosen for these words: they hold, and what they replace is said
	step, err := f.Take(ctx, now, said)
	if err != nil {
		return err
	}
	if said.Kind == form.Words && reflect.DeepEqual(step.State.Answers, now.Answers) {
		step.State.Answers = append(step.State.Answers, form.Answer{
			Name: "item", Text: said.Text, Message: said.Message,
		})
	}
	if _, err := keepDraft(ctx, t.Tx, t.Who, id, step.State); err != nil {
		return err
	}
	lines, err := f.News(before, step.State)
	if err != nil {
		return err
	}
	head := store.Say("receipt.head", "Number", dialog.Number(r), "Group", dialog.Behalf(t.Who, of))
	t.Show(form.Screen{Body: append([]store.Text{head}, lines...)})
	return t.Restate(ctx, goOn)
}

// Names puts the nota's number before a question that names it nowhere, and lets a new message answer its photo: after
// three photos in a row nothing else says which of them is asked about.
func Names(ctx context.Context, t *dialog.Turn, s *form.Screen) error {
	r, _, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, dialog.Subject(t.Session.Form))
	if err != nil {
		return err
	}
	number := dialog.Number(r)
	if !slices.ContainsFunc(s.Body, func(line store.Text) bool { return line.Data["Number"] == number }) {
		last := len(s.Body) - 1
		asked := store.Say("receipt.named", "Number", number, "What", s.Body[last].ID)
		maps.Copy(asked.Data, s.Body[last].Data)
		s.Body = append(slices.Clone(s.Body[:last]), asked)
	}
	files, err := t.Tx.Files(ctx, r.ID)
	if i := slices.IndexFunc(files, func(f store.File) bool { return f.Message != 0 && t.Who.Is(f.By) }); i >= 0 {
		s.ReplyTo = files[i].Message
	}
	return err
}

// Echo names the nota in hand with what words were taken for, where others wait that may have been meant. The card of
// the review names it by itself.
func Echo(
	ctx context.Context, t *dialog.Turn, before form.State, f form.Form, screen form.Screen,
) ([]store.Text, error) {
	if len(t.Session.Queue) == 0 || screen.Body[0].ID == "receipt.head" {
		return nil, nil
	}
	lines, err := f.News(before, t.Session.Form)
	if len(lines) == 0 || err != nil {
		return nil, err
	}
	r, of, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, dialog.Subject(t.Session.Form))
	return append([]store.Text{
		store.Say("receipt.head", "Number", dialog.Number(r), "Group", dialog.Behalf(t.Who, of)),
	}, lines...), err
}
