package flows

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/store"
)

// settle is how long the reply to an album, or to a picture that came while another nota was in hand, waits for more
// pictures, so that ten pictures get one reply.
const settle = 1200 * time.Millisecond

// photo keeps a picture that no question asked for: it is numbered and durable before anything is asked.
func (t *turn) photo() error {
	if p, ok := proofs[t.s.Form.Form]; ok {
		return t.proof(p)
	}
	if t.e.Album != "" && !t.again {
		if done, err := t.inAlbum(); done || err != nil {
			return err
		}
	}
	choices, err := t.recipients()
	if err != nil {
		return err
	}
	switch {
	case len(choices) == 0:
		stopped, err := t.stoppedIn(false)
		if err != nil {
			return err
		}
		if len(stopped) == 0 {
			return t.unknown("photo.notyours")
		}
		return t.restate(stopped...)
	case t.again:
		return nil // it belonged to a conversation that has ended
	case len(choices) == 1 && t.speaksAs(choices[0]):
		t.who = choices[0]
	}
	if again, err := t.sentAgain(); again || err != nil {
		return err
	}
	if len(choices) == 1 && t.speaksAs(choices[0]) {
		return t.begin(t.e.Files, t.e.Text)
	}
	return t.hold(choices)
}

// speaksAs reports whether the account was not speaking as somebody else just now, who may have lost the office or the group since: what is
// sent then may not be meant for the one recipient that is left.
func (t *turn) speaksAs(w Who) bool { return t.acc.Active == 0 || t.acc.Active == w.ID }

// largest is the most that Telegram lets a bot fetch, in bytes (Bot API, getFile).
const largest = 20 << 20

// unfit is why files can't be proof: what they are, or their size.
func unfit(files []store.File) (id string) {
	for _, f := range files {
		switch {
		case f.Size > largest:
			return "file.toolarge"
		case f.Kind == "document" && f.MIME != "application/pdf":
			return "unknown.document"
		}
	}
	return ""
}

// begin numbers a nota for its pictures and asks what is missing, or lets it wait while another is in hand.
func (t *turn) begin(files []store.File, words string) error {
	if shut, err := t.shut(t.who); shut || err != nil {
		return err
	}
	r, err := t.number(store.Receipt{}, files, words)
	if err != nil {
		return err
	}
	saved := store.Say("photo.saved", "Number", number(r), "Group", behalf(t.who, t.who.For), "Of", t.named(t.who.For))
	busy := t.s.Form.Form != "receipt" || t.s.Meant.Words != ""
	if t.s.Form.Form != "" && (busy || len(parse.ReadCaption(t.who.Today, words).Amount) == 0) {
		return t.wait(r, saved)
	}
	t.e.Text = words
	if err := t.open("receipt", about(r), saved); err != nil {
		return err
	}
	if t.e.Album != "" {
		t.postpone(saved)
	}
	return nil
}

// known finds the file that a picture which just came is kept as already.
func (t *turn) known() (f store.File, is bool, err error) {
	if len(t.e.Files) != 1 || t.e.Files[0].UniqueID == "" {
		return f, false, nil
	}
	f = t.e.Files[0]
	f.Recipient, f.By = t.who.For.ID, t.who.ID
	if f, err = t.tx.FileAgain(t.ctx, f); errors.Is(err, store.ErrNotFound) {
		return f, false, nil
	}
	return f, err == nil, err
}

// sentAgain knows a picture that came before, as when the answer to it was slow: if its nota is not sent yet, the person is
// asked about that one instead of about a second. A message that comes once more after its session is lost, when what it
// answered is kept, leads to nothing new either.
func (t *turn) sentAgain() (bool, error) {
	f, known, err := t.known()
	if !known || err != nil {
		return false, err
	}
	very, lead := f.By == t.who.ID && f.Message == t.e.Message, store.Say("photo.kept")
	var r store.Receipt
	if f.Receipt != 0 {
		if r, _, err = ownReceipt(t.ctx, t.tx, t.who, f.Receipt); err != nil && !(very && errors.Is(err, store.ErrNotFound)) {
			return false, err
		}
		lead = store.Say("photo.again", "Number", number(r))
	}
	switch own := r.State == store.Unfinished && r.By == t.who.ID; {
	case !very && !own:
		return false, nil
	case !own || t.s.Form.Form != "": // in hand, or waiting for its turn
		err = t.restate(lead)
	default:
		err = t.open("receipt", idText(r.ID), lead)
	}
	if t.e.Album != "" {
		t.postpone(lead)
	}
	return true, err
}

// shut tells somebody who would begin a nota that the book takes none.
func (t *turn) shut(w Who) (bool, error) {
	if w.may(enterBook, shut(w.For)) {
		return false, nil
	}
	return true, t.restate(store.Say("lpj.closed", "Group", w.For.Name))
}

// number keeps a nota with the recipient's next number, and its pictures.
func (t *turn) number(r store.Receipt, files []store.File, words string) (store.Receipt, error) {
	r.Recipient, r.State, r.By, r.Behalf, r.Begun = t.who.For.ID, store.Unfinished, t.who.ID, t.who.Behalf(), t.tx.Now()
	r.Sponsors = t.who.proposers()
	actor := t.who.actor()
	if r.Behalf {
		actor.Behalf = r.Recipient
	}
	t.tx.Act(actor)
	if err := t.counts(r.Recipient); err != nil {
		return r, err
	}
	if err := t.tx.AddReceipt(t.ctx, "receipt.begun", &r); err != nil {
		return r, err
	}
	for i := range files {
		if err := t.file(&files[i], r, words); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (t *turn) file(f *store.File, r store.Receipt, words string) error {
	f.Recipient, f.Receipt, f.By, f.At, f.Words = r.Recipient, r.ID, t.who.ID, t.tx.Now(), words
	return t.tx.AddFile(t.ctx, "file.kept", f)
}

// attach adds the pictures that came to a nota. One that was sent before wants a new look; one that was returned waits until its
// people say that it is mended.
func (t *turn) attach(r store.Receipt, of store.Recipient) error {
	t.who.actsFor(t.tx, of)
	if r.State == store.Submitted || r.State == store.Verified {
		tell, err := unsay(t.ctx, t.tx, r, of)
		if err != nil {
			return err
		}
		t.tell(tell)
		r.State = store.Submitted
		t.who.signs(&r)
		if err := t.tx.PutReceipt(t.ctx, "receipt.page", &r); err != nil {
			return err
		}
	}
	for i := range t.e.Files {
		if err := t.file(&t.e.Files[i], r, t.e.Text); err != nil {
			return err
		}
	}
	return nil
}

// wait keeps a nota in the queue behind the one in hand, with what its caption says, and asks the question in hand again.
func (t *turn) wait(r store.Receipt, saved store.Text) error {
	t.s.Queue = append(t.s.Queue, r.ID)
	f, err := t.form()
	if err != nil {
		return err
	}
	if f == nil {
		return t.nextInQueue()
	}
	came := append(slices.Clone(t.unsaid()), notaNo{ID: r.ID, Number: r.Number})
	if n := len(t.s.Queue); n > 1 {
		saved = severalSaved(came, n)
	}
	inHand := ""
	if t.s.Form.Form == "receipt" {
		first, err := t.tx.Receipt(t.ctx, subject(t.s.Form))
		if err != nil {
			return err
		}
		inHand = number(first)
	}
	lead := []store.Text{saved, store.Say("photo.first", "Number", inHand)}
	if err := t.restate(lead...); err != nil {
		return err
	}
	t.postpone(lead...)
	t.s.Delayed.Notas = came
	return nil
}

// severalSaved names each nota that was kept since something was last said; a long row of numbers by its ends. So many
// wait for their turn.
func severalSaved(came []notaNo, waiting int) store.Text {
	first, last := came[0].Number, came[len(came)-1].Number
	from, others := "", ""
	if n := len(came) - 1; n > 1 && last-first == n {
		from = strconv.Itoa(first)
	} else if n > 0 {
		var list []string
		for _, r := range came[:n] {
			list = append(list, strconv.Itoa(r.Number))
		}
		others = strings.Join(list, ", #")
	}
	return store.Say("photo.saved.several", "Number", strconv.Itoa(last), "Count", strconv.Itoa(waiting),
		"From", from, "Others", others)
}

// postpone lets the reply wait for more pictures; a later one takes its place, and says in its turn what was said of these.
func (t *turn) postpone(said ...store.Text) {
	w := delayed{Key: "pictures", Said: said, Due: t.tx.Now().Add(settle)}
	for i := range t.out {
		t.out[i].Due, t.out[i].Key = w.Due, w.Key
	}
	t.s.Delayed = w
}

// proofs are the questions whose answer any picture is that comes while their conversation is in hand, by its name.
var proofs = map[string]proof{
	"entry": {"proof", "entry.proof.kept"}, "visit": {"photos", "visit.photos.kept"},
	"annex": {"photos", "annex.photos.kept"}, "lpjupload": {"proof", "annex.photos.kept"},
}

// proof is such a question, and what is said when a picture came.
type proof struct{ name, kept string }

// proof keeps a picture for the movement of the book, or the visit, that is in hand, whatever is asked about it.
func (t *turn) proof(p proof) error {
	t.beside(p.name)
	kept := store.Say(p.kept)
	if err := t.restate(kept); err != nil {
		return err
	}
	if t.e.Album != "" {
		t.postpone(kept)
	}
	return nil
}

// beside adds the files that came to those which answer a question of the conversation in hand.
func (t *turn) beside(name string) {
	a, _ := t.s.Form.Answer(name)
	others := slices.DeleteFunc(slices.Clone(t.s.Form.Answers), func(a form.Answer) bool { return a.Name == name })
	a.Name, a.Files, a.Message = name, append(slices.Clone(a.Files), t.e.Files...), t.e.Message
	t.s.Form.Answers = append(others, a)
}

// describe keeps a caption that tells nothing else as what was bought, and says why an amount or a day in it is not taken.
func (t *turn) describe() (why []store.Text, err error) {
	c := parse.ReadCaption(t.who.Today, t.e.Text)
	if _, said := t.s.Form.Answer("amount"); !said && len(c.Amount) == 1 {
		rules, _, err := rulesAndPlan(t.ctx, t.tx, t.who.For)
		if err != nil {
			return nil, err
		}
		if no := limit(rules, t.who.For)(c.Amount[0]); no != nil {
			why = append(why, *no)
		}
	}
	if _, said := t.s.Form.Answer("day"); !said && len(c.Day) == 1 {
		if no := notLater(t.who.Today)(c.Day[0]); no != nil {
			why = append(why, *no)
		}
	}
	if _, said := t.s.Form.Answer("item"); !said && c.Item != "" {
		t.s.Form.Answers = append(t.s.Form.Answers, form.Answer{Name: "item", Text: c.Item, Message: t.e.Message})
	}
	return why, nil
}

// voice keeps a voice note with the nota in hand.
func (t *turn) voice() error {
	if t.s.Form.Form == "visit" {
		t.beside("note")
		return t.restate(store.Say("visit.note.kept"))
	}
	id := subject(t.s.Form)
	if card, ok := cardOf(t.e.Card); ok {
		id = card
	} else if t.s.Form.Form != "receipt" {
		return t.unknown("unknown.voice")
	}
	r, _, err := ownReceipt(t.ctx, t.tx, t.who, id)
	if errors.Is(err, store.ErrNotFound) {
		return t.unknown("unknown.voice")
	}
	if err != nil {
		return err
	}
	if !t.who.enters(r) {
		return t.unknown("photo.notyours")
	}
	for i := range t.e.Files {
		if err := t.file(&t.e.Files[i], r, ""); err != nil {
			return err
		}
	}
	return t.restate(store.Say("voice.kept", "Number", number(r)))
}
