package letter

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/when"
	"pendamping/store"
)

// freshFor is how long what somebody wrote is fresh: an answer to it goes out in the quiet hours too.
const freshFor = time.Hour

// correspondence is a thread as one of the two sees it.
type correspondence struct {
	letters  []store.Letter // the one that began it is first
	of       store.Recipient
	me, them store.Person // them is the zero Person where the group has no mentor
}

// correspondenceOf reads the thread of a letter for one of its two sides, in whatever role they speak; the mentor is
// the one that the group has now.
func correspondenceOf(
	ctx context.Context, tx store.Tx, who dialog.Who, d dialog.Deed, id store.ID,
) (c correspondence, err error) {
	l, err := tx.Letter(ctx, id)
	if err != nil {
		return c, err
	}
	if l.Answers != 0 {
		if l, err = tx.Letter(ctx, l.Answers); err != nil {
			return c, err
		}
	}
	if c.of, err = tx.Recipient(ctx, l.Recipient); err != nil {
		return c, err
	}
	by, err := stands(ctx, tx, l.By, c.of)
	if err != nil {
		return c, err
	}
	to, err := stands(ctx, tx, l.To, c.of)
	if err != nil {
		return c, err
	}
	if !who.May(d, dialog.Open, by.ID, to.ID) {
		return c, store.ErrNotFound
	}
	c.me, c.them = by, to
	if who.Is(to.ID) {
		c.me, c.them = to, by
	}
	c.letters, err = tx.Thread(ctx, l.ID)
	return c, err
}

// stands is who speaks for one side of a thread: for a mentor the one that the group has now, the zero Person where it
// has none.
func stands(ctx context.Context, tx store.Tx, id store.ID, of store.Recipient) (store.Person, error) {
	p, err := tx.Person(ctx, id)
	if err != nil || p.Role != store.Mentor || p.ID == of.Mentor {
		return p, err
	}
	return dialog.Author(ctx, tx, of.Mentor)
}

// Reply asks for the answer to a letter: the addressee's, or the mentor's to theirs.
func Reply(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	c, err := correspondenceOf(ctx, tx, who, dialog.AnswerLetter, about.ID())
	if err != nil {
		return nil, err
	}
	if c.them.ID == 0 {
		return nil, form.Fixable{Why: store.Say("reply.nobody")}
	}
	if err := WroteEnough(tx, who, c.them, c.letters); err != nil {
		return nil, err
	}
	type answer struct{ Told form.Told }
	questions := func(a *answer) ([]form.Question, error) {
		return []form.Question{
			form.Tell("told", &a.Told),
			form.Review(store.Say("reply.head", "Name", c.them.Name, "Group", groupFor(c.me, c.of))),
		}, nil
	}
	submit := func(ctx context.Context, a answer, _ form.State) (form.Screen, error) {
		tx.Act(dialog.ActorOf(c.me))
		voice, err := dialog.KeepVoice(ctx, tx, who, store.Receipt{Recipient: c.of.ID}, a.Told)
		if err != nil {
			return form.Screen{}, err
		}
		return c.post(ctx, tx, who, store.Letter{Words: a.Told.Words}, voice)
	}
	return form.New("reply", questions, submit), nil
}

// mostWritten is how much somebody of a group writes to one who looks after it in a thread, or begins about
// announcements, within a day.
const mostWritten = 10

// WroteEnough is why somebody of a group can't write more to a mentor or coordinator today: each of the letters is a
// message in that chat.
func WroteEnough(tx store.Tx, who dialog.Who, them store.Person, letters []store.Letter) error {
	if dialog.Verifies(who.Role) {
		return nil
	}
	var lately []time.Time
	for _, l := range letters {
		if who.Is(l.By) && tx.Now().Sub(l.At) < 24*time.Hour {
			lately = append(lately, l.At)
		}
	}
	if len(lately) < mostWritten {
		return nil
	}
	slices.SortFunc(lately, time.Time.Compare)
	at := lately[len(lately)-mostWritten].Add(24 * time.Hour)
	return form.Fixable{
		Why: store.Say("reply.enough", "Name", them.Name, "Count", strconv.Itoa(len(lately)), "At", who.Moment(at)),
	}
}

// wasRead is the template of an answer that only says that a letter was read.
const wasRead = "dibaca"

// Thank answers a letter by one tap: it was read, and there is no more to say. Where it is answered already, the thread
// is shown.
func Thank(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	id := arg.ID()
	tx, who := t.Tx, t.Who
	c, err := correspondenceOf(ctx, tx, who, dialog.AnswerLetter, id)
	if err != nil {
		return form.Screen{}, err
	}
	if !c.waits() {
		return Thread(ctx, t, dialog.Args(dialog.IDText(id)))
	}
	tx.Act(dialog.ActorOf(c.me))
	return c.post(ctx, tx, who, store.Letter{Template: wasRead}, nil)
}

// waits tells that the other side wrote last.
func (c correspondence) waits() bool { return c.letters[len(c.letters)-1].By == c.them.ID }

// post keeps an answer to the other side, and sends it.
func (c correspondence) post(
	ctx context.Context, tx store.Tx, who dialog.Who, l store.Letter, voice *store.File,
) (form.Screen, error) {
	l.Recipient, l.By, l.To, l.Answers, l.At = c.of.ID, c.me.ID, c.them.ID, c.letters[0].ID, tx.Now()
	if voice != nil {
		l.Voice = voice.ID
	}
	if c.me.Role == store.Mentor && !c.awake(tx.Now()) {
		l.Due = PostAt(l.At, l.At, c.of, who.Zone)
	}
	if err := tx.AddLetter(ctx, "letter.answered", &l); err != nil {
		return form.Screen{}, err
	}
	at := ""
	if !l.Due.IsZero() {
		at = who.Moment(l.Due)
	}
	s := form.Screen{
		Body:    []store.Text{store.Say("reply.done", "Name", c.them.Name, "At", at)},
		Buttons: [][]store.Button{{{Text: store.Say("letter.thread"), Data: dialog.Data("thread", l.Answers)}}},
	}
	if dialog.Reachable(c.them) {
		s.Tell = []store.Message{Message(l, voice, c.me, c.them, c.of)}
	} else {
		s.Body = append(s.Body, store.Say("reply.off", "Name", c.them.Name))
	}
	return s, nil
}

// awake tells that the other side has just written.
func (c correspondence) awake(now time.Time) bool {
	return c.waits() && now.Sub(c.letters[len(c.letters)-1].At) < freshFor
}

// groupFor is the group's name for a mentor, who has several.
func groupFor(p store.Person, of store.Recipient) string {
	if p.Role == store.Mentor {
		return of.Name
	}
	return ""
}

// Thread shows what two wrote to each other, the newest below.
func Thread(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	const most = 6 // of 500 letters each: what one message of Telegram's takes
	c, err := correspondenceOf(ctx, t.Tx, t.Who, dialog.SeeLetter, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{store.Say("thread.head", "Name", c.them.Name, "Group", groupFor(c.me, c.of))}}
	list := c.letters[max(0, len(c.letters)-most):]
	if n := len(c.letters) - len(list); n > 0 {
		s.Body = append(s.Body, store.Say("thread.more", "Count", strconv.Itoa(n)))
	}
	first := c.letters[0]
	for _, l := range list {
		if !l.Cancelled.IsZero() {
			continue
		}
		by, err := t.Tx.Person(ctx, l.By)
		if err != nil {
			return s, err
		}
		to, err := t.Tx.Person(ctx, first.To)
		if err != nil {
			return s, err
		}
		s.Body = append(
			s.Body, store.Say("thread.by", "Name", by.Name, "At", t.Who.Moment(when.GoesAt(l))), Words(l, to, c.of),
		)
		if l.Voice != 0 {
			f, err := t.Tx.File(ctx, l.Voice)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return s, err
			}
			if err == nil {
				s.Above = append(s.Above, []store.Shown{dialog.ShownAs(f)})
			}
		}
	}
	s.Buttons = [][]store.Button{{{Text: store.Say("letter.answer"), Data: dialog.Data("reply", first.ID)}}}
	if c.me.Role == store.Mentor {
		if c.waits() {
			s.Buttons[0] = append(s.Buttons[0], store.Button{
				Text: store.Say("letter.thank"), Data: dialog.Data("thanks", first.ID),
			})
		}
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("nudge.sent"), Data: dialog.Data("nudges")}})
	}
	return s, nil
}
