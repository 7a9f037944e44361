package lpj

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/budget"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// Narrative is chapters; arg may begin with "gID:", for one of the recipients that the account speaks for.
func Narrative(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	rest := arg
	if letter, id := dialog.Lettered(rest.Word()); letter == "g" {
		w, err := speaking(ctx, t, id)
		if err != nil {
			return form.Screen{}, err
		}
		if err := t.Become(ctx, w); err != nil {
			return form.Screen{}, err
		}
		arg = rest
	}
	return chapters(ctx, t.Tx, t.Who, arg.Rest())
}

// chapters lists the parts of the narrative; arg is the code of one to read.
func chapters(ctx context.Context, tx store.Tx, who dialog.Who, arg string) (form.Screen, error) {
	if s, asks, err := whose(ctx, tx, who); asks || err != nil {
		return s, err
	}
	rules, _, err := budget.RulesAndPlan(ctx, tx, who.For)
	if err != nil {
		return form.Screen{}, err
	}
	if p, ok := sectionOf(rules.Template, arg); ok {
		return chapterCard(ctx, tx, who, p)
	}
	list, err := tx.Chapters(ctx, who.For.ID)
	if err != nil {
		return form.Screen{}, err
	}
	written := map[string]store.Chapter{}
	for _, c := range list {
		written[c.Code] = c
	}
	s := form.Screen{Body: []store.Text{store.Say("parts.head", "Group", who.For.Name)}}
	for _, p := range sections(rules.Template) {
		c := written[p.code]
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say(
				"parts.choice", "Number", strconv.Itoa(p.number), "What", "part."+p.code, "State", stateOf(c),
			), Data: dialog.Data("parts", p.code),
		}})
	}
	s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("lpj.back"), Data: dialog.Data("lpj")}})
	return s, nil
}

// stateOf is how a part stands: "" for empty, spoken, advised or written.
func stateOf(c store.Chapter) string {
	switch {
	case c.Comment != "" || c.Proposal != "":
		return "advised"
	case c.Text != "":
		return "written"
	case c.Voice != 0:
		return "spoken"
	}
	return ""
}

// chapterOf is a part as it stands; the zero Chapter of that code when nothing was written there.
func chapterOf(ctx context.Context, tx store.Tx, of store.ID, code string) (store.Chapter, error) {
	list, err := tx.Chapters(ctx, of)
	for _, c := range list {
		if c.Code == code {
			return c, err
		}
	}
	return store.Chapter{Recipient: of, Code: code}, err
}

// chapterCard is a part with its question, its words, what the mentor says, and what the records know for it.
func chapterCard(ctx context.Context, tx store.Tx, who dialog.Who, p section) (form.Screen, error) {
	c, err := chapterOf(ctx, tx, who.For.ID, p.code)
	if err != nil {
		return form.Screen{}, err
	}
	r, err := dialog.Newest(ctx, tx, who.For.ID)
	if err != nil {
		return form.Screen{}, err
	}
	known, err := quotes(ctx, tx, who, Suggested[p.code])
	if err != nil {
		return form.Screen{}, err
	}
	state := string(r.State)
	s := form.Screen{
		Body: []store.Text{store.Say("parts.part", "Number", strconv.Itoa(p.number), "What", "part."+p.code)},
	}
	if c.Text == "" {
		s.Body = append(s.Body, store.Say("parts.ask", "What", "part."+p.code+".ask",
			"Example", "part."+p.code+".example"))
	} else {
		s.Body = append(s.Body, store.Say("parts.text", "Words", c.Text))
	}
	if c.Voice != 0 {
		f, err := tx.File(ctx, c.Voice)
		if err != nil {
			return s, err
		}
		s.Above = [][]store.Shown{{dialog.ShownAs(f)}}
		s.Body = append(s.Body, store.Say("parts.voice", "Only", dialog.Mark(c.Text == "")))
	}
	if c.Comment != "" {
		s.Body = append(s.Body, store.Say("parts.comment", "Words", c.Comment))
	}
	if c.Proposal != "" {
		s.Body = append(s.Body, store.Say("parts.proposal", "Words", c.Proposal))
	}
	if c.Text == "" {
		for _, f := range known {
			s.Body = append(s.Body, store.Say("parts.fact", "Words", f))
		}
	}
	if c.Proposal != "" && who.May(dialog.TakeAdvice, state, c.Advisor) {
		at := p.code + ":" + strconv.Itoa(c.Version)
		s.Buttons = append(s.Buttons, []store.Button{
			{
				Text: store.Say("parts.take"), Data: dialog.Data("take", at, "y"),
			}, {Text: store.Say("parts.leave"), Data: dialog.Data("take", at, "n")},
		})
	}
	if who.May(dialog.WriteReport, state) {
		row := []store.Button{{
			Text: store.Say("parts.write", "Again", dialog.Mark(c.Text != "")), Data: dialog.Data("chapter", p.code),
		}}
		if c.Text == "" && len(known) > 0 {
			row = append(row, store.Button{
				Text: store.Say("parts.facts"), Data: dialog.Data("chapter", p.code, "facts"),
			})
		}
		s.Buttons = append(s.Buttons, row)
	}
	if who.May(dialog.AdviseReport, state) {
		s.Buttons = append(s.Buttons, []store.Button{
			{
				Text: store.Say("parts.advise"), Data: dialog.Data("advise", p.code+"-comment"),
			}, {Text: store.Say("parts.propose"), Data: dialog.Data("advise", p.code+"-words")},
		})
	}
	s.Buttons = append(
		s.Buttons,
		[]store.Button{
			{Text: store.Say("parts.list"), Data: dialog.Data("parts")},
			{Text: store.Say("lpj.back"), Data: dialog.Data("lpj")},
		},
	)
	return s, nil
}

// writable is the part that somebody may write or advise on now, or why not.
func writable(
	ctx context.Context, tx store.Tx, who dialog.Who, d dialog.Deed, code string,
) (p section, c store.Chapter, err error) {
	if who.For.ID == 0 {
		return p, c, form.Fixable{Why: store.Say("kelompok.first")}
	}
	rules, _, err := budget.RulesAndPlan(ctx, tx, who.For)
	if err != nil {
		return p, c, err
	}
	p, ok := sectionOf(rules.Template, code)
	if !ok {
		return p, c, store.ErrNotFound
	}
	r, err := dialog.Newest(ctx, tx, who.For.ID)
	switch {
	case err != nil:
		return p, c, err
	case r.State.Closes():
		return p, c, form.Fixable{Why: store.Say("lpj.closed", "Group", who.For.Name)}
	case !who.May(d, string(r.State)):
		return p, c, store.ErrNotFound
	}
	c, err = chapterOf(ctx, tx, who.For.ID, code)
	return p, c, err
}

// Chapter asks for the words of a part; about is its code, or CODE:facts to begin with what the records know.
func Chapter(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	code, with := about.Word(), about.Rest()
	p, c, err := writable(ctx, tx, who, dialog.WriteReport, code)
	if err != nil {
		return nil, err
	}
	var begun []form.Answer
	if with == "facts" {
		known, err := quotes(ctx, tx, who, Suggested[p.code])
		if err != nil {
			return nil, err
		}
		if words := form.Prose(strings.Join(known, "\n")); len(words) == 1 {
			begun = []form.Answer{{Name: "told", Text: words[0]}}
		}
	}
	type words struct{ Told form.Told }
	questions := func(w *words) ([]form.Question, error) {
		return []form.Question{
			form.Tell("told", &w.Told).Long().With("Ask", "part."+code+".ask", "Example", "part."+code+".example"),
			form.Review(store.Say("chapter.head", "Number", strconv.Itoa(p.number), "What", "part."+code,
				"Group", dialog.Behalf(who, who.For))),
		}, nil
	}
	submit := func(ctx context.Context, w words, _ form.State) (form.Screen, error) {
		voice, err := dialog.KeepVoice(ctx, tx, who, store.Receipt{Recipient: who.For.ID}, w.Told)
		if err != nil {
			return form.Screen{}, err
		}
		if voice != nil {
			c.Voice = voice.ID
		}
		if w.Told.Words != "" {
			c.Text = w.Told.Words
		}
		return keepChapter(ctx, tx, who, c, p)
	}
	return form.New("chapter", questions, submit).Knowing(begun, ""), nil
}

// keepChapter keeps a part as somebody of the group wrote it; what the mentor said about it is answered with that.
func keepChapter(ctx context.Context, tx store.Tx, who dialog.Who, c store.Chapter, p section) (form.Screen, error) {
	c.Comment, c.Proposal, c.Advisor, c.By, c.At = "", "", 0, who.ID, tx.Now()
	var err error
	if c.ID == 0 {
		err = tx.AddChapter(ctx, "chapter.written", &c)
	} else {
		err = tx.PutChapter(ctx, "chapter.written", &c)
	}
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{
		Body: []store.Text{store.Say("chapter.done", "What", "part."+p.code, "Only", dialog.Mark(c.Text == ""))},
	}
	if s.Tell, err = Joined(ctx, tx, who, who.For); err != nil {
		return s, err
	}
	rules, _, err := budget.RulesAndPlan(ctx, tx, who.For)
	if err != nil {
		return s, err
	}
	list, err := tx.Chapters(ctx, who.For.ID)
	if next, ok := nextEmpty(sections(rules.Template), list, p.number); ok {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say("parts.next", "What", "part."+next.code), Data: dialog.Data("parts", next.code),
		}})
	}
	s.Buttons = append(
		s.Buttons,
		[]store.Button{
			{Text: store.Say("parts.list"), Data: dialog.Data("parts")},
			{Text: store.Say("lpj.back"), Data: dialog.Data("lpj")},
		},
	)
	return s, err
}

// nextEmpty is the first part without words after one, or else before it.
func nextEmpty(all []section, written []store.Chapter, after int) (section, bool) {
	for _, p := range append(slices.Clone(all[after:]), all[:after-1]...) {
		if !slices.ContainsFunc(written, func(c store.Chapter) bool { return c.Code == p.code && c.Text != "" }) {
			return p, true
		}
	}
	return section{}, false
}

// Advise asks a mentor for a comment on a part, or for other words; about is CODE-comment or CODE-words.
func Advise(ctx context.Context, t *dialog.Turn, about dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	code, kind, _ := strings.Cut(string(about), "-")
	p, c, err := writable(ctx, tx, who, dialog.AdviseReport, code)
	if err != nil {
		return nil, err
	}
	type advice struct{ Words string }
	name, read := "comment", form.Text
	if kind == "words" {
		name, read = "words", form.Prose
	}
	questions := func(a *advice) ([]form.Question, error) {
		q := form.Ask("comment", &a.Words, read).Exclusive()
		if name == "words" {
			q = form.Ask("words", &a.Words, read).Exclusive()
		}
		return []form.Question{q, form.Review(store.Say("advise.head", "What", "part."+p.code, "Group", who.For.Name))},
			nil
	}
	submit := func(ctx context.Context, a advice, _ form.State) (form.Screen, error) {
		if name == "words" {
			c.Proposal = a.Words
		} else {
			c.Comment = a.Words
		}
		c.Advisor = who.ID
		tx.Act(who.Actor())
		if c.ID == 0 {
			err = tx.AddChapter(ctx, "chapter.advised", &c)
		} else {
			err = tx.PutChapter(ctx, "chapter.advised", &c)
		}
		if err != nil {
			return form.Screen{}, err
		}
		s := form.Screen{
			Body: []store.Text{store.Say("advise.done", "Group", who.For.Name)},
			Buttons: [][]store.Button{{
				{Text: store.Say("parts.list"), Data: dialog.Data("parts")},
				{Text: store.Say("lpj.back"), Data: dialog.Data("lpj")},
			}},
		}
		s.Tell, err = dialog.ToOfficers(ctx, tx, who, who.For.ID, store.Message{
			Key: "advice:" + code,
			Body: []store.Text{store.Say(
				"advise.told", "Name", who.Name, "What", "part."+p.code, "Comment", c.Comment, "Proposal", c.Proposal,
			)},
			Buttons: [][]store.Button{
				{{Text: store.Say("parts.read"), Data: dialog.Data("parts", dialog.Letter("g", who.For.ID), code)}},
			},
		})
		return s, err
	}
	return form.New("advise", questions, submit), nil
}

// TakeAdvice puts the mentor's words in the place of a part's, or leaves them: CODE:VERSION:y.
func TakeAdvice(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	code, version, yes := arg.Word(), arg.Word(), arg.Rest()
	p, c, err := writable(ctx, tx, who, dialog.WriteReport, code)
	if mend, ok := asMend(err); ok {
		return form.Screen{Body: []store.Text{mend}}, nil
	}
	if err != nil {
		return form.Screen{}, err
	}
	if version != strconv.Itoa(c.Version) || c.Proposal == "" {
		return chapterCard(ctx, tx, who, p)
	}
	r, err := dialog.Newest(ctx, tx, who.For.ID)
	if err != nil {
		return form.Screen{}, err
	}
	if !who.May(dialog.TakeAdvice, string(r.State), c.Advisor) {
		return form.Screen{}, store.ErrNotFound
	}
	advisor, err := dialog.Author(ctx, tx, c.Advisor)
	if err != nil {
		return form.Screen{}, err
	}
	var s form.Screen
	if yes == "y" {
		c.Text = c.Proposal
		s, err = keepChapter(ctx, tx, who, c, p)
	} else {
		c.Proposal = ""
		if err := tx.PutChapter(ctx, "chapter.left", &c); err != nil {
			return s, err
		}
		s, err = chapterCard(ctx, tx, who, p)
	}
	if err == nil && dialog.Reachable(advisor) {
		s.Tell = append(s.Tell, store.Message{Chat: advisor.Account, Body: []store.Text{
			store.Say("take.told", "Group", who.For.Name, "What", "part."+p.code, "Yes", dialog.Mark(yes == "y")),
		}})
	}
	return s, err
}
