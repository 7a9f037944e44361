package approval

import (
	"context"
	"strconv"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// Signed asks a mentor for the picture of a signature; about names the book that was shown.
func Signed(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	may, err := maySign(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	if !may {
		return nil, store.ErrNotFound
	}
	b, err := tx.Balance(ctx, who.For.ID)
	if err != nil {
		return nil, err
	}
	type signed struct{ Photo []store.File }
	questions := func(s *signed) ([]form.Question, error) {
		return []form.Question{form.Photo("photo", &s.Photo), form.Review(statement(who, b)...)}, nil
	}
	submit := func(ctx context.Context, s signed, _ form.State) (form.Screen, error) {
		hash, err := hashNow(ctx, tx, who.For.ID)
		if err != nil {
			return form.Screen{}, err
		}
		if ShortHash(hash) != string(about) {
			return Approve(ctx, t, about)
		}
		a := store.Approval{Recipient: who.For.ID, Book: hash, Notas: b.Submitted, Spent: b.Spent, Left: b.Left,
			By: who.ID, At: tx.Now(), Sponsors: who.Proposers()}
		for _, f := range s.Photo {
			f.Recipient, f.By, f.At = who.For.ID, who.ID, tx.Now()
			if err := tx.AddFile(ctx, "file.kept", &f); err != nil {
				return form.Screen{}, err
			}
			if a.Paper == 0 {
				a.Paper = f.ID
			}
		}
		if err := tx.AddApproval(ctx, "book.signed", &a); err != nil {
			return form.Screen{}, err
		}
		to, err := dialog.Judge(ctx, tx, who.For, who.SelfAndProposers()...)
		if err != nil {
			return form.Screen{}, err
		}
		done := form.Screen{
			Body:    []store.Text{store.Say("paper.done", "Group", who.For.Name, "Role", string(to.Role))},
			Buttons: [][]store.Button{{{Text: store.Say("menu.saldo"), Data: dialog.Data("saldo")}}},
		}
		if to.ID != 0 {
			card, err := signatureCard(ctx, tx, who.Reader(to), a)
			if err != nil {
				return form.Screen{}, err
			}
			done.Tell = []store.Message{{Chat: to.Account, Body: card.Body, Buttons: card.Buttons, Files: card.Files,
				Key: "paper:" + dialog.IDText(a.Recipient)}}
		}
		return done, nil
	}
	return form.New("paper", questions, submit), nil
}

// signatureCard is a signature on paper for the one who looks at it.
func signatureCard(ctx context.Context, tx store.Tx, who dialog.Who, a store.Approval) (form.Screen, error) {
	of, err := tx.Recipient(ctx, a.Recipient)
	if err != nil {
		return form.Screen{}, err
	}
	by, err := dialog.Author(ctx, tx, a.By)
	if err != nil {
		return form.Screen{}, err
	}
	f, err := tx.File(ctx, a.Paper)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{
		Files: []store.Shown{dialog.ShownAs(f)},
		Body: []store.Text{
			store.Say("papercheck.head", "Group", of.Name, "Regency", of.Regency, "Single", dialog.Mark(of.Single),
				"Name", by.Name, "At", who.Moment(a.At)),
			store.Say("papercheck.figures", "Count", strconv.Itoa(a.Notas), "Spent", a.Spent.String(),
				"Left", a.Left.String()),
		},
	}
	if !who.May(dialog.CheckPaper, dialog.Open, SignatureInvolved(a)...) || a.Review.By != 0 {
		return s, nil
	}
	s.Body = append(s.Body, store.Say("papercheck.ask", "Single", dialog.Mark(of.Single)))
	key := dialog.IDText(a.ID)
	s.Buttons = [][]store.Button{{
		{Text: store.Say("papercheck.yes"), Data: dialog.Data("papercheck", key, a.Version)},
		{Text: store.Say("papercheck.no"), Data: dialog.Data("paperwrong", key)},
	}}
	return s, nil
}

// ownSignature reads a signature that somebody may look at, with its recipient: their own place, or a colleague's
// group.
func ownSignature(
	ctx context.Context, tx store.Tx, who dialog.Who, id store.ID,
) (store.Approval, store.Recipient, error) {
	a, err := tx.ApprovalByID(ctx, id)
	if err != nil {
		return a, store.Recipient{}, err
	}
	of, err := tx.Recipient(ctx, a.Recipient)
	if err != nil || who.Theirs(of) && a.Paper != 0 {
		return a, of, err
	}
	if who.Role == store.Mentor && who.Organisation != "" && of.Mentor != 0 && a.Paper != 0 {
		colleague, err := tx.Person(ctx, of.Mentor)
		if err != nil || colleague.Organisation == who.Organisation {
			return a, of, err
		}
	}
	return store.Approval{}, of, store.ErrNotFound
}

// CheckSignature shows a signature on paper, and finds it right when arg names the version that was looked at:
// ID:VERSION.
func CheckSignature(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	id, version := arg.ID(), arg.Word()
	a, of, err := ownSignature(ctx, tx, who, id)
	if err != nil {
		return form.Screen{}, err
	}
	switch {
	case a.Review.By != 0:
		return signatureChecked(ctx, tx, who, of, a)
	case !who.May(dialog.CheckPaper, dialog.Open, SignatureInvolved(a)...):
		return form.Screen{Body: []store.Text{store.Say("papercheck.own")}}, nil
	case version != strconv.Itoa(a.Version):
		return signatureCard(ctx, tx, who, a)
	}
	return keepCheck(ctx, tx, who, of, a, store.Review{})
}

// signatureChecked says what was found, by whom and when.
func signatureChecked(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, a store.Approval,
) (form.Screen, error) {
	by, err := dialog.Author(ctx, tx, a.Review.By)
	return form.Screen{Body: []store.Text{store.Say("papercheck.decided", "Group", of.Name,
		"Single", dialog.Mark(of.Single), "Wrong", dialog.Mark(a.Review.Reason == NotTrue),
		"Name", by.Name, "At", who.Moment(a.Review.At), "Words", a.Review.Words)}}, err
}

// keepCheck keeps what a reviewer found and tells the one who entered the signature.
func keepCheck(
	ctx context.Context, tx store.Tx, who dialog.Who, of store.Recipient, a store.Approval, found store.Review,
) (form.Screen, error) {
	a.Review = found
	a.Review.By, a.Review.At, a.Review.Version = who.ID, tx.Now(), a.Version
	tx.Act(who.Actor())
	if err := tx.PutApproval(ctx, "book.checked", &a); err != nil {
		return form.Screen{}, err
	}
	s, err := signatureChecked(ctx, tx, who, of, a)
	if err != nil {
		return s, err
	}
	by, err := dialog.Author(ctx, tx, a.By)
	if err == nil && dialog.Reachable(by) {
		s.Tell = []store.Message{{Chat: by.Account, Body: s.Body}}
	}
	if err != nil {
		return s, err
	}
	more, err := signLPJ(ctx, tx, who, of)
	s.Tell = append(s.Tell, more...)
	return s, err
}

// RejectSignature asks what is wrong with a signature on paper.
func RejectSignature(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	a, of, err := ownSignature(ctx, tx, who, about.ID())
	if err != nil {
		return nil, err
	}
	if a.Review.By != 0 {
		s, err := signatureChecked(ctx, tx, who, of, a)
		if err != nil {
			return nil, err
		}
		return nil, form.Fixable{Why: s.Body[0]}
	}
	if !who.May(dialog.CheckPaper, dialog.Open, SignatureInvolved(a)...) {
		return nil, form.Fixable{Why: store.Say("papercheck.own")}
	}
	type wrong struct{ Reason string }
	questions := func(w *wrong) ([]form.Question, error) {
		return []form.Question{
			form.Ask("reason", &w.Reason, dialog.InBrief).Exclusive(),
			form.Review(store.Say("paperwrong.head", "Group", of.Name, "Single", dialog.Mark(of.Single))),
		}, nil
	}
	submit := func(ctx context.Context, w wrong, _ form.State) (form.Screen, error) {
		return keepCheck(ctx, tx, who, of, a, store.Review{Reason: NotTrue, Words: w.Reason})
	}
	return form.New("paperwrong", questions, submit), nil
}

// SignatureInvolved are who entered a signature on paper, and their sponsors.
func SignatureInvolved(a store.Approval) []store.ID { return dialog.WithHands(a.Sponsors, a.By) }
