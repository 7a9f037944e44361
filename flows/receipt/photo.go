package receipt

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/budget"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/store"
)

// Photo keeps a picture that no question asked for: it is numbered and durable before anything is asked.
func Photo(ctx context.Context, t *dialog.Turn) error {
	if p, ok := proofs[t.Session.Form.Form]; ok {
		return TakeProof(ctx, t, p)
	}
	if t.Event.Album != "" && !t.Again {
		if done, err := inAlbum(ctx, t); done || err != nil {
			return err
		}
	}
	choices, err := recipients(ctx, t)
	if err != nil {
		return err
	}
	switch {
	case len(choices) == 0:
		stopped, err := stoppedIn(ctx, t, false)
		if err != nil {
			return err
		}
		if len(stopped) == 0 {
			return t.Unknown(ctx, "photo.notyours")
		}
		return t.Restate(ctx, stopped...)
	case t.Again:
		return nil // it belonged to a conversation that has ended
	case len(choices) == 1 && speaksAs(t, choices[0]):
		t.Who = choices[0]
	}
	if again, err := sentAgain(ctx, t); again || err != nil {
		return err
	}
	if len(choices) == 1 && speaksAs(t, choices[0]) {
		return begin(ctx, t, t.Event.Files, t.Event.Text)
	}
	return hold(ctx, t, choices)
}

// speaksAs reports whether the account was not speaking as somebody else just now, who may have lost the office or the
// group since: what is sent then may not be meant for the one recipient that is left.
func speaksAs(t *dialog.Turn, w dialog.Who) bool {
	return t.Account.Active == 0 || t.Account.Active == w.ID
}

// largest is the most that Telegram lets a bot fetch, in bytes (Bot API, getFile).
const largest = 20 << 20

// Unfit is why files can't be proof: what their names and types say that they are, or their size. What their bytes are
// is known later: see Recognize.
func Unfit(files []store.File) (id string) {
	for _, f := range files {
		switch {
		case f.Size > largest:
			return "file.toolarge"
		case f.Kind == "document" && f.Hint() == store.HintUnfit:
			return "unknown.document"
		}
	}
	return ""
}

// begin numbers a nota for its pictures and asks what is missing, or lets it wait while another is in hand.
func begin(ctx context.Context, t *dialog.Turn, files []store.File, words string) error {
	if closed, err := shut(ctx, t, t.Who); closed || err != nil {
		return err
	}
	r, err := number(ctx, t, store.Receipt{}, files, words)
	if err != nil {
		return err
	}
	saved := store.Say("photo.saved", "Number", dialog.Number(r), "Group", dialog.Behalf(t.Who, t.Who.For),
		"Of", named(t, t.Who.For))
	busy := t.Session.Form.Form != "receipt" || t.Session.Meant.Words != ""
	if t.Session.Form.Form != "" && (busy || len(parse.ReadCaption(t.Who.Today, words).Amount) == 0) {
		return wait(ctx, t, r, saved)
	}
	t.Event.Text = words
	if err := t.Open(ctx, "receipt", about(r), saved); err != nil {
		return err
	}
	if t.Event.Album != "" {
		t.Postpone(saved)
	}
	return nil
}

// known finds the file that a picture which just came is kept as already.
func known(ctx context.Context, t *dialog.Turn) (f store.File, is bool, err error) {
	if len(t.Event.Files) != 1 || t.Event.Files[0].UniqueID == "" {
		return f, false, nil
	}
	f = t.Event.Files[0]
	f.Recipient, f.By = t.Who.For.ID, t.Who.ID
	if f, err = t.Tx.FileAgain(ctx, f); errors.Is(err, store.ErrNotFound) {
		return f, false, nil
	}
	return f, err == nil, err
}

// sentAgain knows a picture that came before, as when the answer to it was slow: if its nota is not sent yet, the
// person is asked about that one instead of about a second. A message that comes once more after its session is lost,
// when what it answered is kept, leads to nothing new either.
func sentAgain(ctx context.Context, t *dialog.Turn) (bool, error) {
	f, known, err := known(ctx, t)
	if !known || err != nil {
		return false, err
	}
	very, lead := f.By == t.Who.ID && f.Message == t.Event.Message, store.Say("photo.kept")
	var r store.Receipt
	if f.Receipt != 0 {
		r, _, err = dialog.OwnReceipt(ctx, t.Tx, t.Who, f.Receipt)
		if err != nil && !(very && errors.Is(err, store.ErrNotFound)) {
			return false, err
		}
		lead = store.Say("photo.again", "Number", dialog.Number(r))
	}
	switch own := r.State == store.Unfinished && r.By == t.Who.ID; {
	case !very && !own:
		return false, nil
	case !own || t.Session.Form.Form != "": // in hand, or waiting for its turn
		err = t.Restate(ctx, lead)
	default:
		err = t.Open(ctx, "receipt", dialog.IDText(r.ID), lead)
	}
	if t.Event.Album != "" {
		t.Postpone(lead)
	}
	return true, err
}

// shut tells somebody who would begin a nota that the book takes none.
func shut(ctx context.Context, t *dialog.Turn, w dialog.Who) (bool, error) {
	if w.May(dialog.EnterBook, dialog.Shut(w.For)) {
		return false, nil
	}
	return true, t.Restate(ctx, store.Say("lpj.closed", "Group", w.For.Name))
}

// number keeps a nota with the recipient's next number, and its pictures.
func number(
	ctx context.Context, t *dialog.Turn, r store.Receipt, files []store.File, words string,
) (store.Receipt, error) {
	r.Recipient, r.State, r.By, r.Behalf, r.Begun = t.Who.For.ID, store.Unfinished, t.Who.ID, t.Who.Behalf(), t.Tx.Now()
	r.Sponsors = t.Who.Proposers()
	actor := t.Who.Actor()
	if r.Behalf {
		actor.Behalf = r.Recipient
	}
	t.Tx.Act(actor)
	if err := counts(ctx, t, r.Recipient); err != nil {
		return r, err
	}
	if err := t.Tx.AddReceipt(ctx, "receipt.begun", &r); err != nil {
		return r, err
	}
	for i := range files {
		if err := file(ctx, t, &files[i], r, words); err != nil {
			return r, err
		}
	}
	return r, nil
}

func file(ctx context.Context, t *dialog.Turn, f *store.File, r store.Receipt, words string) error {
	f.Recipient, f.Receipt, f.By, f.At, f.Words = r.Recipient, r.ID, t.Who.ID, t.Tx.Now(), words
	return t.Tx.AddFile(ctx, "file.kept", f)
}

// attach adds the pictures that came to a nota. One that was sent before wants a new look; one that was returned waits
// until its people say that it is mended.
func attach(ctx context.Context, t *dialog.Turn, r store.Receipt, of store.Recipient) error {
	t.Who.ActsFor(t.Tx, of)
	if r.State == store.Submitted || r.State == store.Verified {
		tell, err := unsay(ctx, t.Tx, r, of)
		if err != nil {
			return err
		}
		t.Tell(tell)
		r.State = store.Submitted
		Signs(t.Who, &r)
		if err := t.Tx.PutReceipt(ctx, "receipt.page", &r); err != nil {
			return err
		}
	}
	for i := range t.Event.Files {
		if err := file(ctx, t, &t.Event.Files[i], r, t.Event.Text); err != nil {
			return err
		}
	}
	return nil
}

// wait keeps a nota in the queue behind the one in hand, with what its caption says, and asks the question in hand
// again.
func wait(ctx context.Context, t *dialog.Turn, r store.Receipt, saved store.Text) error {
	t.Enqueue(r.ID)
	f, err := t.Form(ctx)
	if err != nil {
		return err
	}
	if f == nil {
		return NextInQueue(ctx, t)
	}
	came := append(slices.Clone(unsaid(t)), dialog.NotaNo{ID: r.ID, Number: r.Number})
	if n := len(t.Session.Queue); n > 1 {
		saved = severalSaved(came, n)
	}
	inHand := ""
	if t.Session.Form.Form == "receipt" {
		first, err := t.Tx.Receipt(ctx, dialog.Subject(t.Session.Form))
		if err != nil {
			return err
		}
		inHand = dialog.Number(first)
	}
	lead := []store.Text{saved, store.Say("photo.first", "Number", inHand)}
	if err := t.Restate(ctx, lead...); err != nil {
		return err
	}
	t.Postpone(lead...)
	t.Session.Delayed.Notas = came
	return nil
}

// severalSaved names each nota that was kept since something was last said; a long row of numbers by its ends. So many
// wait for their turn.
func severalSaved(came []dialog.NotaNo, waiting int) store.Text {
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

// proofs are the questions whose answer any picture is that comes while their conversation is in hand, by its name.
var proofs = map[string]proof{
	"entry": {"proof", "entry.proof.kept"}, "visit": {"photos", "visit.photos.kept"},
	"annex": {"photos", "annex.photos.kept"}, "lpjupload": {"proof", "annex.photos.kept"},
}

// proof is such a question, and what is said when a picture came.
type proof struct{ name, kept string }

// TakeProof keeps a picture for the movement of the book, or the visit, that is in hand, whatever is asked about it.
func TakeProof(ctx context.Context, t *dialog.Turn, p proof) error {
	beside(t, p.name)
	kept := store.Say(p.kept)
	if err := t.Restate(ctx, kept); err != nil {
		return err
	}
	if t.Event.Album != "" {
		t.Postpone(kept)
	}
	return nil
}

// beside adds the files that came to those which answer a question of the conversation in hand.
func beside(t *dialog.Turn, name string) {
	a, _ := t.Session.Form.Answer(name)
	others := slices.DeleteFunc(slices.Clone(t.Session.Form.Answers),
		func(a form.Answer) bool { return a.Name == name })
	a.Name, a.Files, a.Message = name, append(slices.Clone(a.Files), t.Event.Files...), t.Event.Message
	t.Session.Form.Answers = append(others, a)
}

// Describe keeps a caption that tells nothing else as what was bought, and says why an amount or a day in it is not
// taken.
func Describe(ctx context.Context, t *dialog.Turn) (why []store.Text, err error) {
	c := parse.ReadCaption(t.Who.Today, t.Event.Text)
	if _, said := t.Session.Form.Answer("amount"); !said && len(c.Amount) == 1 {
		rules, _, err := budget.RulesAndPlan(ctx, t.Tx, t.Who.For)
		if err != nil {
			return nil, err
		}
		if no := limit(rules, t.Who.For)(c.Amount[0]); no != nil {
			why = append(why, *no)
		}
	}
	if _, said := t.Session.Form.Answer("day"); !said && len(c.Day) == 1 {
		if no := dialog.NotLater(t.Who.Today)(c.Day[0]); no != nil {
			why = append(why, *no)
		}
	}
	if _, said := t.Session.Form.Answer("item"); !said && c.Item != "" {
		t.Session.Form.Answers = append(t.Session.Form.Answers, form.Answer{
			Name: "item", Text: c.Item, Message: t.Event.Message,
		})
	}
	return why, nil
}

// Voice keeps a voice note with the nota in hand.
func Voice(ctx context.Context, t *dialog.Turn) error {
	if t.Session.Form.Form == "visit" {
		beside(t, "note")
		return t.Restate(ctx, store.Say("visit.note.kept"))
	}
	id := dialog.Subject(t.Session.Form)
	if card, ok := CardOf(t.Event.Card); ok {
		id = card
	} else if t.Session.Form.Form != "receipt" {
		return t.Unknown(ctx, "unknown.voice")
	}
	r, _, err := dialog.OwnReceipt(ctx, t.Tx, t.Who, id)
	if errors.Is(err, store.ErrNotFound) {
		return t.Unknown(ctx, "unknown.voice")
	}
	if err != nil {
		return err
	}
	if !t.Who.Enters(r) {
		return t.Unknown(ctx, "photo.notyours")
	}
	for i := range t.Event.Files {
		if err := file(ctx, t, &t.Event.Files[i], r, ""); err != nil {
			return err
		}
	}
	return t.Restate(ctx, store.Say("voice.kept", "Number", dialog.Number(r)))
}
