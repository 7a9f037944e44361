// Package lpj makes the accountability report (LPJ): its chapters and annexes, its checks and decisions, its seal and
// its print.
package lpj

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/remind"
	"pendamping/store"
)

// Show shows how far a recipient's LPJ is and what closes each gap; arg is "gID" for one of those that the account
// speaks for.
func Show(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	of := arg
	letter, id := of.Lettered()
	if letter == "" && id == 0 && arg != "" && t.Who.Role == store.Mentor {
		groups, err := t.Tx.RecipientsOf(ctx, t.Who.ID)
		if err != nil {
			return form.Screen{}, err
		}
		if letter, id = "g", called(groups, string(arg)); id == 0 {
			s, err := choose(ctx, t.Tx, t.Who)
			s.Body = append([]store.Text{store.Say("lpj.unfound", "Said", dialog.Clip(string(arg), 100))}, s.Body...)
			return s, err
		}
	}
	if letter == "g" {
		w, err := speaking(ctx, t, id)
		if err != nil {
			return form.Screen{}, err
		}
		if err := t.Become(ctx, w); err != nil {
			return form.Screen{}, err
		}
	}
	return meter(ctx, t.Tx, t.Who)
}

// speaking is the one of the account's persons who speaks for a recipient: the one who speaks already, if they can.
func speaking(ctx context.Context, t *dialog.Turn, of store.ID) (dialog.Who, error) {
	for _, p := range append([]store.Person{t.Who.Person}, t.Account.People...) {
		if p.Role == store.Coordinator || p.Consent == "" {
			continue
		}
		w, err := dialog.Know(ctx, t.Tx, &t.Account, p, of, t.Setting)
		if err != nil {
			return w, err
		}
		if of != 0 && w.For.ID == of {
			return w, nil
		}
	}
	return dialog.Who{}, store.ErrNotFound
}

// whose is a screen about the recipient that somebody speaks for; a mentor who speaks for none chooses one.
func whose(ctx context.Context, tx store.Tx, who dialog.Who) (form.Screen, bool, error) {
	if who.For.ID != 0 {
		return form.Screen{}, false, nil
	}
	s, err := choose(ctx, tx, who)
	return s, true, err
}

// choose asks a mentor for the group whose LPJ she wants to see.
func choose(ctx context.Context, tx store.Tx, who dialog.Who) (form.Screen, error) {
	s, err := dialog.ChooseGroup(ctx, tx, who)
	for _, row := range s.Buttons {
		_, of := dialog.Parse(row[0].Data)
		row[0].Data = dialog.Data("lpj", dialog.Letter("g", of.ID()))
	}
	return s, err
}

// called is the one group that words name, by its name or a word of it; 0 is none, or several.
func called(groups []store.Recipient, words string) store.ID {
	bare := dialog.BareWords(words)
	found := slices.DeleteFunc(slices.Clone(groups), func(g store.Recipient) bool {
		return bare != dialog.BareWords(g.Name)
	})
	if len(found) == 0 {
		found = dialog.CalledByWord(groups, words)
	}
	if len(found) != 1 {
		return 0
	}
	return found[0].ID
}

// meter is the checklist, with the money to the rupiah, and the next step.
func meter(ctx context.Context, tx store.Tx, who dialog.Who) (form.Screen, error) {
	if s, asks, err := whose(ctx, tx, who); asks || err != nil {
		return s, err
	}
	l, err := Read(ctx, tx, who.For)
	if err != nil {
		return form.Screen{}, err
	}
	list := l.items(who)
	s := form.Screen{Body: append([]store.Text{l.head(who), headline(list)}, l.stands(who)...)}
	s.Body = append(s.Body, l.reconciled(), l.deadline(who))
	for _, i := range list {
		s.Body = append(s.Body, i.line())
	}
	for _, g := range gaps(list) {
		offered := slices.ContainsFunc(s.Buttons, func(row []store.Button) bool { return row[0].Data == g.data })
		if g.data != "" && !offered && who.Role != store.Member {
			s.Buttons = append(s.Buttons, []store.Button{g.button()})
		}
	}
	s.Buttons = append(s.Buttons, l.ways(who)...)
	return s, nil
}

// head names the LPJ.
func (l Report) head(who dialog.Who) store.Text {
	edition := ""
	if l.edition() > 1 {
		edition = strconv.Itoa(l.edition())
	}
	return store.Say("lpj.head", "Group", l.of.Name, "Edition", edition)
}

// headline is how far it is, in one line: "87 % – tinggal 2 nota tanpa tanggal". Notas come first, for they take the
// longest.
func headline(list []item) store.Text {
	open := gaps(list)
	slices.SortStableFunc(open, func(a, b item) int {
		return a.rank() - b.rank()
	})
	if len(open) == 0 {
		return store.Say("lpj.headline", "Percent", strconv.Itoa(percent(list)), "Gap", "", "Count", "", "About", "",
			"Amount", "", "More", "")
	}
	g := open[0]
	return store.Say("lpj.headline", "Percent", strconv.Itoa(percent(list)), "Gap", "lpj.gap."+g.Code,
		"Count", dialog.Count(g.count), "About", g.about,
		"Amount", g.sum.String(), "More", dialog.Count(len(open)-1))
}

// rank is by what a headline names a gap: notas first, for they take the longest, and last what can't be closed now.
func (i item) rank() int {
	switch {
	case i.data == "":
		return 2
	case i.Code == "notas":
		return 0
	}
	return 1
}

// stands is where it stands on its way, and what was said about it last.
func (l Report) stands(who dialog.Who) []store.Text {
	r := l.report
	state := string(r.State)
	if r.ID == 0 {
		state = string(store.ReportDrafted)
	}
	if r.Review.Verdict == verdictReopened && r.State == store.ReportReturned {
		state = verdictReopened
	}
	body := []store.Text{store.Say("lpj.state", "State", state, "Late", dialog.Mark(r.Late), "Number", r.Upload.Number,
		"Single", dialog.Mark(l.of.Single))}
	if l.refused.Result.By != 0 && r.State != store.ReportAccepted {
		body = append(body, store.Say("lpj.refusal", "Edition", strconv.Itoa(l.refused.Edition),
			"Day", string(l.refused.Result.Day), "Words", l.refused.Result.Reasons))
	}
	if r.State != store.ReportReturned {
		return body
	}
	if r.Review.Words != "" {
		body = append(body, store.Say("lpj.words", "Words", r.Review.Words))
	}
	return append(body, wrongs(r)...)
}

// wrongs are the reasons for which a report was returned, item by item.
func wrongs(r store.Report) []store.Text {
	var body []store.Text
	for _, w := range r.Wrong {
		code, words, _ := strings.Cut(w, ":")
		body = append(body, store.Say("lpj.wrong", "What", "lpj.item."+code, "Words", words))
	}
	return body
}

// reconciled says that what came is what went and what is left.
func (l Report) reconciled() store.Text {
	b := l.balance
	return store.Say("lpj.money", "Received", b.Received.String(), "Spent", b.Spent.String(),
		"Deposited", b.Deposited.String(), "Left", b.Left.String())
}

// deadline is the last day, and whether it is over while nothing was sent.
func (l Report) deadline(who dialog.Who) store.Text {
	over := l.due != "" && who.Today > l.due && !remind.HandedIn(l.report.State)
	return store.Say("lpj.due", "Day", string(l.due), "Over", dialog.Mark(over),
		"Longer", dialog.Mark(l.due != l.rules.Due(l.of.Disbursed)))
}

// ways are the buttons below the gaps: the words, the pictures, the papers, and the next step.
func (l Report) ways(who dialog.Who) [][]store.Button {
	state := string(l.report.State)
	rows := [][]store.Button{{{Text: store.Say("lpj.parts"), Data: dialog.Data("parts")}}}
	if who.May(dialog.WriteReport, state) || who.May(dialog.KeepPage, state) {
		rows[0] = append(rows[0], store.Button{Text: store.Say("lpj.annexes"), Data: dialog.Data("annexes")})
	}
	if who.May(dialog.PrintReport, state) {
		rows = append(rows, []store.Button{{Text: store.Say("lpj.print"), Data: dialog.Data("lpjprint", l.of.ID)}})
	}
	id := dialog.IDText(l.report.ID)
	switch {
	case who.May(dialog.SendReport, state):
		rows = append(rows, []store.Button{{Text: store.Say("lpj.send"), Data: dialog.Data("lpjsend")}})
	case who.May(dialog.DecideReport, state, l.report.Hands...):
		rows = append(rows, []store.Button{{Text: store.Say("lpj.look"), Data: dialog.Data("lpjcard", id)}})
	case who.May(dialog.ResultReport, state):
		rows = append(rows, []store.Button{{Text: store.Say("lpj.result"), Data: dialog.Data("lpjresult", id)}})
	}
	if who.May(dialog.ReopenReport, state, l.report.Hands...) {
		rows = append(rows, []store.Button{{Text: store.Say("lpj.reopen"), Data: dialog.Data("lpjreopen", id)}})
	}
	return rows
}
