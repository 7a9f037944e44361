package flows

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

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
func (l lpj) card(who Who, by store.Person) form.Screen {
	r := l.report
	s := form.Screen{Body: []store.Text{
		store.Say("lpjcard.head", "Group", l.of.Name, "Regency", l.of.Regency, "Edition", strconv.Itoa(r.Edition), "Name", by.Name, "At", who.moment(r.At), "Late", mark(r.Late)),
		l.reconciled(),
	}}
	for _, i := range l.items(who) {
		if i.Before {
			s.Body = append(s.Body, i.line())
		}
	}
	if n := l.strangers(); n > 0 {
		s.Body = append(s.Body, store.Say("lpjcard.disowned", "Count", strconv.Itoa(n)))
	}
	if line, any := l.proposedOfficers(); any {
		s.Body = append(s.Body, line)
	}
	id := idText(r.ID)
	if who.may(printReport, string(r.State)) {
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("lpj.print"), Data: "lpjprint:" + idText(l.of.ID)}})
	}
	if who.Role == store.Mentor {
		s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("lpjcard.open"), Data: "lpj:g" + idText(l.of.ID)}})
	}
	switch {
	case who.gave(l.approval):
		s.Body = append(s.Body, store.Say("lpjcard.approved", "Group", l.of.Name))
	case who.may(decideReport, string(r.State), r.Hands...):
		s.Body = append(s.Body, store.Say("lpjcard.ask"))
		s.Buttons = slices.Insert(s.Buttons, 0, []store.Button{
			{Text: store.Say("lpjcard.yes"), Data: "lpjverify:" + id + ":" + strconv.Itoa(r.Version) + ":" + shortHash(l.content())},
			{Text: store.Say("lpjcard.no"), Data: "lpjreturn:" + id},
		})
	}
	return s
}

// cardFor is the card of an LPJ for whoever is told to look at it, by all roles of their account.
func (l lpj) cardFor(ctx context.Context, tx store.Tx, who Who, to, by store.Person) (form.Screen, error) {
	reader := who.reader(to)
	all, err := everyRole(ctx, tx, to)
	reader.Account = all.Account
	return l.card(reader, by), err
}

// proposedOfficers says what of an LPJ was entered by officers whom a reviewer proposed: notas, and the ketua's word.
func (l lpj) proposedOfficers() (store.Text, bool) {
	n, chair := 0, l.book == bookStands && len(l.approval.Sponsors) > 0
	for _, r := range l.notas {
		if len(r.Sponsors) > 0 && r.State.Counts() {
			n++
		}
	}
	return store.Say("lpjcard.sponsored", "Count", count(n), "Chair", mark(chair)), n > 0 || chair
}

// strangers is how much of an LPJ, but for its notas, somebody entered whom the group stopped: movements of money, parts and pictures.
func (l lpj) strangers() (n int) {
	was := func(by store.ID, at time.Time) {
		if enteredByStopped(l.changes, by, at) {
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

// reportCard shows a sent LPJ to the one who looks at it.
func reportCard(ctx context.Context, tx store.Tx, who Who, arg string) (form.Screen, error) {
	l, err := lookedAt(ctx, tx, who, arg)
	if err != nil {
		return form.Screen{}, err
	}
	if l.report.State != store.ReportSent {
		return l.already(ctx, tx, who)
	}
	by, err := author(ctx, tx, l.report.By)
	return l.card(who, by), err
}

// lookedAt is the LPJ of a report that a mentor or coordinator may see, as it is now.
func lookedAt(ctx context.Context, tx store.Tx, who Who, id string) (lpj, error) {
	r, of, err := ownReport(ctx, tx, who, id)
	if err != nil {
		return lpj{}, err
	}
	l, err := readLPJ(ctx, tx, of)
	if l.report.ID != r.ID { // an older edition stays as it was
		l.report = r
	}
	return l, err
}

// verifyLPJ verifies what was looked at: ID:VERSION:CONTENT.
func verifyLPJ(ctx context.Context, tx store.Tx, who Who, arg string) (form.Screen, error) {
	a := args(arg)
	id, version, content := a.word(), a.word(), a.rest()
	l, err := lookedAt(ctx, tx, who, id)
	if err != nil {
		return form.Screen{}, err
	}
	r := l.report
	switch {
	case r.State != store.ReportSent:
		return l.already(ctx, tx, who)
	case who.gave(l.approval):
		return form.Screen{Body: []store.Text{store.Say("lpjcard.approved", "Group", l.of.Name)}}, nil
	case !who.may(decideReport, string(r.State), r.Hands...):
		return form.Screen{Body: []store.Text{store.Say("lpjcard.own")}}, nil
	case version != strconv.Itoa(r.Version), content != shortHash(l.content()):
		s, err := reportCard(ctx, tx, who, id)
		s.Body = append([]store.Text{store.Say("lpjcard.changed")}, s.Body...)
		return s, err
	}
	for _, n := range l.notas {
		if n.State != store.Verified && n.State != store.Cancelled {
			return form.Screen{
				Body:    []store.Text{store.Say("lpjcard.notas", "Number", number(n), "State", string(n.State))},
				Buttons: [][]store.Button{{{Text: store.Say("receipt.open"), Data: "n:" + idText(n.ID)}}, {{Text: store.Say("lpj.look"), Data: "lpjcard:" + id}}},
			}, nil
		}
	}
	if l.balance.Left < 0 {
		return form.Screen{Body: []store.Text{store.Say("lpjcard.over", "Amount", (-l.balance.Left).String())}}, nil
	}
	tx.Act(who.actor())
	r.State, r.Wrong = store.ReportVerified, nil
	r.Review = store.Review{By: who.ID, At: tx.Now(), Version: r.Version, Verdict: verdictVerified}
	what := "report.verified"
	if err := tx.PutReport(ctx, what, &r); err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{store.Say("lpjverify.done", "Group", l.of.Name, "Single", mark(l.of.Single), "Signed", mark(l.book == bookStands))}}
	if l.book == bookStands {
		r.State, r.Approval = store.ReportSigned, l.approval.ID
		if err := tx.PutReport(ctx, "report.signed", &r); err != nil {
			return s, err
		}
	}
	way := [][]store.Button{{{Text: store.Say("saldo.approve"), Data: "approve:"}}}
	if r.State == store.ReportSigned {
		way = toMeterOf(l.of)
	}
	s.Tell, err = toOfficers(ctx, tx, who, l.of.ID, store.Message{
		Key: reportKey(r), Body: []store.Text{store.Say("lpjverify.told", "Group", l.of.Name, "Name", who.Name, "Role", string(who.Role), "Single", mark(l.of.Single),
			"Signed", mark(r.State == store.ReportSigned)), store.Say("lpj.locked")},
		Buttons: toMeterOf(l.of),
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

// signLPJ notes that who answers for the book has put their name to it, once that stands and the LPJ waits for it; it returns what
// the others are told.
func signLPJ(ctx context.Context, tx store.Tx, who Who, of store.Recipient) ([]store.Message, error) {
	r, err := newest(ctx, tx, of.ID)
	if err != nil || r.State != store.ReportVerified {
		return nil, err
	}
	state, a, err := approved(ctx, tx, of)
	if err != nil || state != bookStands {
		return nil, err
	}
	r.State, r.Approval = store.ReportSigned, a.ID
	if err := tx.PutReport(ctx, "report.signed", &r); err != nil {
		return nil, err
	}
	return toOfficers(ctx, tx, who, of.ID, store.Message{
		Key: reportKey(r), Body: []store.Text{store.Say("lpjsign.told", "Group", of.Name, "Single", mark(of.Single))},
		Buttons: toMeterOf(of),
	}, of.Mentor)
}

// returnLPJ asks what is wrong with a sent LPJ, item by item.
func returnLPJ(ctx context.Context, tx store.Tx, who Who, about string) (form.Form, error) {
	l, err := lookedAt(ctx, tx, who, about)
	if err != nil {
		return nil, err
	}
	r := l.report
	if r.State != store.ReportSent {
		s, err := l.already(ctx, tx, who)
		if err != nil {
			return nil, err
		}
		return nil, form.Mend{Why: s.Body[0]}
	}
	switch {
	case who.gave(l.approval):
		return nil, form.Mend{Why: store.Say("lpjcard.approved", "Group", l.of.Name)}
	case !who.may(decideReport, string(r.State), r.Hands...):
		return nil, form.Mend{Why: store.Say("lpjcard.own")}
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
			qs = append(qs, form.Ask("why-"+code, &w.Why[i], inBrief).As("why").Whole().With("What", "lpj.item."+code))
		}
		return append(qs, form.Review(store.Say("lpjreturn.head", "Group", l.of.Name))), nil
	}
	submit := func(ctx context.Context, w wrong, _ form.State) (form.Screen, error) {
		tx.Act(who.actor())
		r.State, r.Wrong = store.ReportReturned, nil
		for i, code := range w.Items {
			r.Wrong = append(r.Wrong, code+":"+w.Why[i])
		}
		r.Review = store.Review{By: who.ID, At: tx.Now(), Version: r.Version, Verdict: verdictReturned}
		if err := tx.PutReport(ctx, "report.returned", &r); err != nil {
			return form.Screen{}, err
		}
		s := form.Screen{Body: []store.Text{store.Say("lpjreturn.done", "Group", l.of.Name)}}
		s.Tell, err = toOfficers(ctx, tx, who, l.of.ID, store.Message{
			Key: reportKey(r), Body: append([]store.Text{store.Say("lpjreturn.told", "Group", l.of.Name, "Name", who.Name, "Role", string(who.Role))}, wrongs(r)...),
			Buttons: toMeterOf(l.of),
		})
		return s, err
	}
	return form.New("lpjreturn", questions, submit), nil
}

// reopenLPJ asks why a verified LPJ is to be opened again: its book then takes changes, and it has to be sent anew.
func reopenLPJ(ctx context.Context, tx store.Tx, who Who, about string) (form.Form, error) {
	l, err := lookedAt(ctx, tx, who, about)
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
		return nil, form.Mend{Why: s.Body[0]}
	case !who.may(reopenReport, string(r.State), r.Hands...):
		return nil, form.Mend{Why: store.Say("lpjcard.own")}
	case r.Reopened >= most:
		return nil, form.Mend{Why: store.Say("lpjreopen.most", "Count", strconv.Itoa(most))}
	}
	type why struct{ Reason string }
	questions := func(w *why) ([]form.Question, error) {
		return []form.Question{
			form.Ask("reason", &w.Reason, inBrief).Whole(),
			form.Review(store.Say("lpjreopen.head", "Group", l.of.Name, "Left", strconv.Itoa(most-r.Reopened-1))),
		}, nil
	}
	submit := func(ctx context.Context, w why, _ form.State) (form.Screen, error) {
		tx.Act(who.actor())
		r.State, r.Reopened, r.Approval = store.ReportReturned, r.Reopened+1, 0
		r.Review = store.Review{By: who.ID, At: tx.Now(), Version: r.Version, Verdict: verdictReopened, Words: strings.TrimSpace(w.Reason)}
		if err := tx.PutReport(ctx, "report.reopened", &r); err != nil {
			return form.Screen{}, err
		}
		s := form.Screen{Body: []store.Text{store.Say("lpjreopen.done", "Group", l.of.Name)}}
		s.Tell, err = toOfficers(ctx, tx, who, l.of.ID, store.Message{
			Key: reportKey(r), Body: []store.Text{store.Say("lpjreopen.told", "Group", l.of.Name, "Name", who.Name, "Role", string(who.Role)), store.Say("lpj.words", "Words", w.Reason)},
			Buttons: toMeterOf(l.of),
		})
		return s, err
	}
	return form.New("lpjreopen", questions, submit), nil
}
