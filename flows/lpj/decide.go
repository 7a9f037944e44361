package lpj

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/approval"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// What a decision on an LPJ was, as its Review keeps it.
const (
	verdictVerified = "verified"
	verdictReturned = "returned"
	verdictReopened = "reopened"
)

// card is an LPJ for the one who looks at it.
func (l Report) card(who dialog.Who, by store.Person) form.Screen {
	r := l.report
	s := form.Screen{Body: []store.Text{
		store.Say("lpjcard.head", "Group", l.of.Name, "Regency", l.of.Regency, "Edition", strconv.Itoa(r.Edition),
			"Name", by.Name, "At", who.Moment(r.At), "Late", dialog.Mark(r.Late)),
		l.reconciled(),
	}}
	for _, i := range l.items(who) {
		if i.Before {
			s.Body = append(s.Body, i.line())
		}
	}
	if n := l.Strangers(); n > 0 {
		s.Body = append(s.Body, store.Say("lpjcard.disowned", "Count", strconv.Itoa(n)))
	}
	if line, any := l.proposedOfficers(); any {
		s.Body = append(s.Body, line)
	}
	id := dialog.IDText(r.ID)
	if who.May(dialog.PrintReport, string(r.State)) {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("lpj.print"), Data: dialog.Data("lpjprint", l.of.ID),
		}})
	}
	if who.Role == store.Mentor {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("lpjcard.open"), Data: dialog.Data("lpj", dialog.Letter("g", l.of.ID)),
		}})
	}
	switch {
	case approval.Gave(who, l.approval):
		s.Body = append(s.Body, store.Say("lpjcard.approved", "Group", l.of.Name))
	case who.May(dialog.DecideReport, string(r.State), r.Hands...):
		s.Body = append(s.Body, store.Say("lpjcard.ask"))
		s.Buttons = slices.Insert(s.Buttons, 0, []store.Button{
			{
				Text: store.Say("lpjcard.yes"),
				Data: dialog.Data("lpjverify", id, r.Version, approval.ShortHash(l.content())),
			},
			{Text: store.Say("lpjcard.no"), Data: dialog.Data("lpjreturn", id)},
		})
	}
	return s
}

// cardFor is the card of an LPJ for whoever is told to look at it, by all roles of their account.
func (l Report) cardFor(ctx context.Context, tx store.Tx, who dialog.Who, to, by store.Person) (form.Screen, error) {
	reader := who.Reader(to)
	all, err := dialog.EveryRole(ctx, tx, to)
	reader.Account = all.Account
	return l.card(reader, by), err
}

// proposedOfficers says what of an LPJ was entered by officers whom a reviewer proposed: notas, and the ketua's word.
func (l Report) proposedOfficers() (store.Text, bool) {
	n, chair := 0, l.book == approval.BookStands && len(l.approval.Sponsors) > 0
	for _, r := range l.notas {
		if len(r.Sponsors) > 0 && r.State.Counts() {
			n++
		}
	}
	return store.Say("lpjcard.sponsored", "Count", dialog.Count(n), "Chair", dialog.Mark(chair)), n > 0 || chair
}

// Strangers is how much of an LPJ, but for its notas, somebody entered whom the group stopped: movements of money,
// parts and pictures.
func (l Report) Strangers() (n int) {
	was := func(by store.ID, at time.Time) {
		if dialog.EnteredByStopped(l.changes, by, at) {
			n++
		}
	}
	for _, e := range l.entries {
		if e.State == store.EntryStands {
			was(e.By, e.At)
		}
	}
	for _, c := range l.chapters {
		was(c.By, c.At)
	}
	for _, a := range l.annexes {
		if a.Dropped.IsZero() {
			was(a.By, a.At)
		}
	}
	return n
}

// ReportCard shows a sent LPJ to the one who looks at it.
func ReportCard(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	l, err := lookedAt(ctx, t.Tx, t.Who, arg.ID())
	if err != nil {
		return form.Screen{}, err
	}
	if l.report.State != store.ReportSent {
		return l.already(ctx, t.Tx, t.Who)
	}
	by, err := dialog.Author(ctx, t.Tx, l.report.By)
	return l.card(t.Who, by), err
}

// lookedAt is the LPJ of a report that a mentor or coordinator may see, as it is now.
func lookedAt(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (Report, error) {
	r, of, err := ownReport(ctx, tx, who, id)
	if err != nil {
		return Report{}, err
	}
	l, err := Read(ctx, tx, of)
	if l.report.ID != r.ID { // an older edition stays as it was
		l.report = r
	}
	return l, err
}

// Verify verifies what was looked at: ID:VERSION:CONTENT.
func Verify(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	id, version, content := arg.ID(), arg.Word(), arg.Rest()
	l, err := lookedAt(ctx, tx, who, id)
	if err != nil {
		return form.Screen{}, err
	}
	r := l.report
	switch {
	case r.State != store.ReportSent:
		return l.already(ctx, tx, who)
	case approval.Gave(who, l.approval):
		return form.Screen{Body: []store.Text{store.Say("lpjcard.approved", "Group", l.of.Name)}}, nil
	case !who.May(dialog.DecideReport, string(r.State), r.Hands...):
		return form.Screen{Body: []store.Text{store.Say("lpjcard.own")}}, nil
	case version != strconv.Itoa(r.Version), content != approval.ShortHash(l.content()):
		s, err := ReportCard(ctx, t, dialog.Args(dialog.IDText(id)))
		s.Body = append([]store.Text{store.Say("lpjcard.changed")}, s.Body...)
		return s, err
	}
	for _, n := range l.notas {
		if n.State != store.Verified && n.State != store.Cancelled {
			return form.Screen{
				Body: []store.Text{store.Say("lpjcard.notas", "Number", dialog.Number(n), "State", string(n.State))},
				Buttons: [][]store.Button{
					{{Text: store.Say("receipt.open"), Data: dialog.Data("n", n.ID)}},
					{{Text: store.Say("lpj.look"), Data: dialog.Data("lpjcard", id)}},
				},
			}, nil
		}
	}
	if l.balance.Left < 0 {
		return form.Screen{Body: []store.Text{store.Say("lpjcard.over", "Amount", (-l.balance.Left).String())}}, nil
	}
	tx.Act(who.Actor())
	r.State, r.Wrong = store.ReportVerified, nil
	r.Review = store.Review{By: who.ID, At: tx.Now(), Version: r.Version, Verdict: verdictVerified}
	what := "report.verified"
	if err := tx.PutReport(ctx, what, &r); err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{store.Say("lpjverify.done", "Group", l.of.Name,
		"Single", dialog.Mark(l.of.Single), "Signed", dialog.Mark(l.book == approval.BookStands))}}
	if l.book == approval.BookStands {
		r.State, r.Approval = store.ReportSigned, l.approval.ID
		if err := tx.PutReport(ctx, "report.signed", &r); err != nil {
			return s, err
		}
	}
	way := [][]store.Button{{{Text: store.Say("saldo.approve"), Data: dialog.Data("approve")}}}
	if r.State == store.ReportSigned {
		way = approval.ToMeterOf(l.of)
	}
	s.Tell, err = dialog.ToOfficers(ctx, tx, who, l.of.ID, store.Message{
		Key: approval.ReportKey(r), Body: []store.Text{store.Say("lpjverify.told", "Group", l.of.Name, "Name", who.Name,
			"Role", string(who.Role), "Single", dialog.Mark(l.of.Single),
			"Signed", dialog.Mark(r.State == store.ReportSigned)), store.Say("lpj.locked")},
		Buttons: approval.ToMeterOf(l.of),
	})
	if err != nil {
		return s, err
	}
	for i := range s.Tell {
		if p, err := signer(ctx, tx, l.of, s.Tell[i].Chat); err != nil {
			return s, err
		} else if p {
			s.Tell[i].Buttons = way
		}
	}
	return s, nil
}

// signer tells whether a chat is that of who answers for a recipient's book.
func signer(ctx context.Context, tx store.Tx, of store.Recipient, chat int64) (bool, error) {
	list, err := tx.Members(ctx, of.ID)
	return slices.ContainsFunc(list, func(p store.Person) bool {
		return p.Account == chat && (p.Role == store.Chair || p.Role == store.Owner)
	}), err
}

// Return asks what is wrong with a sent LPJ, item by item.
func Return(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	l, err := lookedAt(ctx, tx, who, about.ID())
	if err != nil {
		return nil, err
	}
	r := l.report
	if r.State != store.ReportSent {
		s, err := l.already(ctx, tx, who)
		if err != nil {
			return nil, err
		}
		return nil, form.Fixable{Why: s.Body[0]}
	}
	switch {
	case approval.Gave(who, l.approval):
		return nil, form.Fixable{Why: store.Say("lpjcard.approved", "Group", l.of.Name)}
	case !who.May(dialog.DecideReport, string(r.State), r.Hands...):
		return nil, form.Fixable{Why: store.Say("lpjcard.own")}
	}
	var choices []form.Choice[string]
	for _, i := range l.items(who) {
		if i.Before {
			choices = append(choices, form.Choice[string]{Value: i.Code, Text: store.Say("lpj.item." + i.Code)})
		}
	}
	type wrong struct {
		Items []string
		Why   []string
	}
	questions := func(w *wrong) ([]form.Question, error) {
		qs := []form.Question{form.Several("items", &w.Items, choices)}
		if len(w.Why) < len(w.Items) {
			w.Why = make([]string, len(w.Items))
		}
		for i, code := range w.Items {
			qs = append(qs, form.Ask("why-"+code, &w.Why[i], dialog.InBrief).As("why").Exclusive().With("What",
				"lpj.item."+code))
		}
		return append(qs, form.Review(store.Say("lpjreturn.head", "Group", l.of.Name))), nil
	}
	submit := func(ctx context.Context, w wrong, _ form.State) (form.Screen, error) {
		tx.Act(who.Actor())
		r.State, r.Wrong = store.ReportReturned, nil
		for i, code := range w.Items {
			r.Wrong = append(r.Wrong, code+":"+w.Why[i])
		}
		r.Review = store.Review{By: who.ID, At: tx.Now(), Version: r.Version, Verdict: verdictReturned}
		if err := tx.PutReport(ctx, "report.returned", &r); err != nil {
			return form.Screen{}, err
		}
		s := form.Screen{Body: []store.Text{store.Say("lpjreturn.done", "Group", l.of.Name)}}
		s.Tell, err = dialog.ToOfficers(ctx, tx, who, l.of.ID, store.Message{
			Key: approval.ReportKey(r), Body: append([]store.Text{
				store.Say("lpjreturn.told", "Group", l.of.Name, "Name", who.Name, "Role", string(who.Role)),
			}, wrongs(r)...),
			Buttons: approval.ToMeterOf(l.of),
		})
		return s, err
	}
	return form.New("lpjreturn", questions, submit), nil
}

// Reopen asks why a verified LPJ is to be opened again: its book then takes changes, and it has to be sent anew.
func Reopen(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	l, err := lookedAt(ctx, tx, who, about.ID())
	if err != nil {
		return nil, err
	}
	r := l.report
	most := l.rules.ReopenUpTo()
	switch {
	case r.State != store.ReportVerified && r.State != store.ReportSigned:
		s, err := l.already(ctx, tx, who)
		if err != nil {
			return nil, err
		}
		return nil, form.Fixable{Why: s.Body[0]}
	case !who.May(dialog.ReopenReport, string(r.State), r.Hands...):
		return nil, form.Fixable{Why: store.Say("lpjcard.own")}
	case r.Reopened >= most:
		return nil, form.Fixable{Why: store.Say("lpjreopen.most", "Count", strconv.Itoa(most))}
	}
	type why struct{ Reason string }
	questions := func(w *why) ([]form.Question, error) {
		return []form.Question{
			form.Ask("reason", &w.Reason, dialog.InBrief).Exclusive(),
			form.Review(store.Say("lpjreopen.head", "Group", l.of.Name, "Left", strconv.Itoa(most-r.Reopened-1))),
		}, nil
	}
	submit := func(ctx context.Context, w why, _ form.State) (form.Screen, error) {
		tx.Act(who.Actor())
		r.State, r.Reopened, r.Approval = store.ReportReturned, r.Reopened+1, 0
		r.Review = store.Review{
			By: who.ID, At: tx.Now(), Version: r.Version, Verdict: verdictReopened, Words: strings.TrimSpace(w.Reason),
		}
		if err := tx.PutReport(ctx, "report.reopened", &r); err != nil {
			return form.Screen{}, err
		}
		s := form.Screen{Body: []store.Text{store.Say("lpjreopen.done", "Group", l.of.Name)}}
		s.Tell, err = dialog.ToOfficers(ctx, tx, who, l.of.ID, store.Message{
			Key: approval.ReportKey(r), Body: []store.Text{store.Say("lpjreopen.told", "Group", l.of.Name,
				"Name", who.Name, "Role", string(who.Role)), store.Say("lpj.words", "Words", w.Reason)},
			Buttons: approval.ToMeterOf(l.of),
		})
		return s, err
	}
	return form.New("lpjreopen", questions, submit), nil
}
