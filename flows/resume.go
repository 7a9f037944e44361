package flows

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"pendamping/flows/form"
	"pendamping/store"
)

// nextInQueue goes on with a nota that came while another was in hand.
func (t *turn) nextInQueue() error {
	for len(t.s.Queue) > 0 {
		id := t.s.Queue[0]
		t.s.Queue = t.s.Queue[1:]
		r, _, err := ownReceipt(t.ctx, t.tx, t.who, id)
		if errors.Is(err, store.ErrNotFound) {
			r, err = t.another(id)
		}
		if errors.Is(err, store.ErrNotFound) || (err == nil && r.State != store.Unfinished) {
			continue
		}
		if err != nil {
			return err
		}
		return t.goOn(r)
	}
	return nil
}

// unqueue takes a nota out of the queue.
func (t *turn) unqueue(id store.ID) {
	t.s.Queue = slices.DeleteFunc(t.s.Queue, func(q store.ID) bool { return q == id })
}

// another speaks as that one of the account's persons whose nota it is.
func (t *turn) another(id store.ID) (store.Receipt, error) {
	r, err := t.tx.Receipt(t.ctx, id)
	if err != nil {
		return r, err
	}
	for _, p := range t.acc.People {
		if !records(p.Role) || p.Consent == "" {
			continue
		}
		w, err := know(t.ctx, t.tx, &t.acc, p, r.Recipient, t.set)
		if err != nil {
			return r, err
		}
		if w.For.ID == r.Recipient {
			t.who, t.acc.Active = w, p.ID
			if p.Role == store.Mentor {
				t.s.For = w.For.ID
			}
			return r, t.tx.PutAccount(t.ctx, t.acc)
		}
	}
	return r, store.ErrNotFound
}

// named is the name of a recipient, for those who enter notas for several.
func (t *turn) named(of store.Recipient) string {
	if t.who.Role == store.Mentor || len(t.acc.People) < 2 {
		return ""
	}
	return of.Name
}

// goOn asks what is missing of an unfinished nota, looking first into what was said with its pictures.
func (t *turn) goOn(r store.Receipt) error {
	words, err := t.caption(r)
	if err != nil {
		return err
	}
	e := t.e
	defer func() { t.e = e }()
	t.e = form.Event{Update: e.Update, Account: e.Account, Chat: e.Chat, Kind: form.Picture, Text: words}
	of, err := recipient(t.ctx, t.tx, &t.acc, r.Recipient)
	if err != nil {
		return err
	}
	resumed := store.Say("receipt.resumed", "Number", number(r), "Of", cmp.Or(behalf(t.who, of), t.named(of)))
	return t.open("receipt", idText(r.ID), resumed)
}

// caption is what was said with a nota's pictures, as long as nothing was asked about it.
func (t *turn) caption(r store.Receipt) (string, error) {
	if len(r.Draft) > 0 {
		return "", nil
	}
	files, err := t.tx.Files(t.ctx, r.ID)
	return captioned(files), err
}

// captioned is what was said with some pictures of a nota: the first words that there are.
func captioned(files []store.File) string {
	i := slices.IndexFunc(files, func(f store.File) bool { return f.Words != "" })
	if i < 0 {
		return ""
	}
	return files[i].Words
}

// resume goes on with an unfinished nota when the chat's session is gone: nobody is left hanging. The message that came may
// be the answer to its question.
func (t *turn) resume() (bool, error) {
	if t.e.Kind != form.Press && (t.e.Kind != form.Words || strings.HasPrefix(t.e.Text, "/")) {
		return false, nil
	}
	if t.e.Kind == form.Press && !strings.HasPrefix(t.e.Press, inForm+":") {
		return false, nil
	}
	r, found, err := t.unfinished()
	if err != nil || !found {
		return false, err
	}
	if t.who.Role == store.Mentor {
		if t.who, err = know(t.ctx, t.tx, &t.acc, t.who.Person, r.Recipient, t.set); err != nil {
			return false, err
		}
		t.s.For = t.who.For.ID
	}
	t.e.Message = 0
	if t.e.Kind == form.Press {
		return true, t.goOn(r)
	}
	return true, t.open("receipt", idText(r.ID), store.Say("receipt.resumed", "Number", number(r), "Of", t.named(t.who.For)))
}

// unfinished is the person's newest unfinished nota, of those whose group is still theirs to write for.
func (t *turn) unfinished() (r store.Receipt, found bool, err error) {
	list, err := t.tx.UnfinishedOf(t.ctx, t.who.ID)
	if err != nil {
		return r, false, err
	}
	for _, r := range list {
		_, _, err := ownReceipt(t.ctx, t.tx, t.who, r.ID)
		if errors.Is(err, store.ErrNotFound) {
			continue // of a group that is another mentor's now
		}
		return r, err == nil, err
	}
	return r, false, nil
}

// cardOf is the nota that a message's buttons are about.
func cardOf(data string) (store.ID, bool) {
	name, arg, _ := strings.Cut(data, ":")
	if name != "n" && name != "receipt" {
		return 0, false
	}
	id, _, _ := strings.Cut(arg, ":")
	return idOf(id), idOf(id) != 0
}

// reply changes the nota whose card a message replies to: words change what they name, a picture is a further page.
func (t *turn) reply(id store.ID) error {
	r, of, err := ownReceipt(t.ctx, t.tx, t.who, id)
	if errors.Is(err, store.ErrNotFound) || (err == nil && r.State == store.Cancelled) {
		return t.unknown("unknown.record")
	}
	if err != nil {
		return err
	}
	if r.Locked && records(t.who.Role) {
		return t.restate(store.Say("lpj.closed", "Group", of.Name))
	}
	if !t.who.enters(r) {
		return t.unknown("photo.notyours")
	}
	if t.e.Kind == form.Picture || t.e.Kind == form.Document {
		if err := t.attach(r, of); err != nil {
			return err
		}
		if added := store.Say("photo.added", "Number", number(r), "Again", mark(r.State == store.Verified)); r.State != store.Returned {
			return t.restate(added)
		} else if subject(t.s.Form) != r.ID {
			t.e.Kind, t.e.Message = form.Press, 0
			return t.open("receipt", idText(r.ID), added)
		} else {
			return t.restate(added)
		}
	}
	return t.change(r, "", t.e.Text)
}

// change opens a nota for change, with words that say what.
func (t *turn) change(r store.Receipt, name, words string) error {
	about := idText(r.ID)
	if name != "" {
		about += ":" + name
	}
	e := t.e
	t.e.Kind = form.Press // opened as it stands; then the words are taken as an answer
	t.e.Message = 0
	n := len(t.out)
	if err := t.open("receipt", about); err != nil {
		return err
	}
	t.e = e
	f, err := t.form()
	if f == nil || err != nil {
		return err
	}
	t.out = t.out[:n]
	step, err := f.Take(t.ctx, t.s.Form, form.Event{Account: e.Account, Kind: form.Words, Text: words, Message: e.Message})
	if err != nil {
		return err
	}
	if step.Outcome == form.Ignored {
		return t.restate(store.Say("change.unread"))
	}
	return t.follow(f, step)
}

// edited takes the new words of a message that answered something: in the conversation in hand, or in a nota sent before.
func (t *turn) edited() error {
	for _, a := range t.s.Form.Answers {
		if a.Message == t.e.Message && t.s.Form.Form != "" {
			t.s.Form.Asked = a.Name
			taken, err := t.take()
			if !taken && err == nil {
				return t.restate(store.Say("change.unread"))
			}
			return err
		}
	}
	r, name, err := t.tx.ReceiptBySource(t.ctx, t.e.Account, t.e.Message)
	if errors.Is(err, store.ErrNotFound) {
		return t.unknown("change.unknown")
	}
	if err != nil {
		return err
	}
	r, _, err = ownReceipt(t.ctx, t.tx, t.who, r.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && !t.who.enters(r) {
		return t.unknown("change.unknown")
	}
	if err != nil {
		return err
	}
	if t.e.Kind != form.Words {
		name = "" // a caption may say several things
	}
	return t.change(r, name, t.e.Text)
}
