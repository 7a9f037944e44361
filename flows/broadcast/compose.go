package broadcast

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/when"
	"pendamping/store"
)

// Letters of an announcement: Telegram takes 4,096, and 1,024 beside a file, with the footer.
const (
	longest        = 3500
	longestCaption = 800
)

// announcing is an announcement as far as it is known.
type announcing struct {
	Content           form.Written
	Question, Options string
	audienceAnswers
	English form.Written
	Buttons []string
	Link    string
	When    when.SendTime
	Urgent  string
	Until   string
	Save    string
	Count   string
}

// Announce asks what a coordinator wants to announce, and to whom.
func Announce(ctx context.Context, t *dialog.Turn, _ dialog.Args) (form.Form, error) {
	tx, who := t.Tx, t.Who
	if !who.May(dialog.SendBroadcast, dialog.None) {
		return nil, store.ErrNotFound
	}
	a := &Audiences{tx: tx, who: who}
	if err := a.read(ctx); err != nil {
		return nil, err
	}
	questions := func(d *announcing) ([]form.Question, error) {
		qs := []form.Question{form.Write("content", &d.Content, longest, longestCaption).
			Or(form.Choice[string]{Value: "poll", Text: store.Say("umumkan.poll")})}
		if d.Content.Other == "poll" {
			qs = append(qs, form.Unsaid(form.Ask("question", &d.Question, form.Text).Exclusive()),
				form.Unsaid(form.Ask("options", &d.Options, pollOptions).Exclusive()))
		}
		whom, err := a.whom(ctx)
		if err != nil {
			return nil, err
		}
		qs = append(qs, form.Unsaid(form.Pick("who", &d.Who, whom)))
		if d.Who == handPicked {
			limits, err := a.limits(ctx, d)
			if err != nil {
				return nil, err
			}
			qs = slices.Concat(qs, []form.Question{form.Unsaid(form.Several("filters", &d.Filters, a.filters()))},
				limits)
		}
		if d.Content.Other == "" {
			qs = append(qs, form.Write("english", &d.English, longest, longestCaption).Extra(),
				form.Unsaid(form.Several("buttons", &d.Buttons, castButtons()).Default("ack", "ask")))
			if d.has("link") {
				qs = append(qs, form.Unsaid(form.Ask("link", &d.Link, webAddress).Exclusive()))
			}
		}
		now := tx.Now()
		qs = append(qs,
			form.Unsaid(when.Whenever(&d.When, now, who.Zone).Extract(nil).Default(when.AtOnce)),
			form.Unsaid(form.Ask("urgent", &d.Urgent, form.Text).Exclusive().Default("").
				Offer(form.Choice[string]{Value: notUrgent, Text: store.Say("umumkan.urgent.not")})),
			form.Unsaid(form.Pick("until", &d.Until, untils()).Default(noEnd)),
			form.Unsaid(form.Ask("save", &d.Save, audienceName).Exclusive().Default("")))
		size, err := a.size(ctx, d.audience(a.saved))
		if err != nil {
			return nil, err
		}
		summary, err := a.summary(ctx, *d, size)
		if err != nil {
			return nil, err
		}
		qs = append(qs, form.Ask("count", &d.Count, form.Text).With("Count",
			strconv.Itoa(size.Chats)).Default("").Quiet().Submits().
			Refuse(a.Counted(size.Chats)))
		test := []store.Button{{Text: store.Say("umumkan.test"), Data: "test"}}
		return append(qs, form.ReviewAfter(preview(d.cast(who, now, a.saved)), store.Say("umumkan.confirm"), test,
			summary...)), nil
	}
	submit := func(ctx context.Context, d announcing, _ form.State) (form.Screen, error) {
		return a.send(ctx, d)
	}
	return form.New("umumkan", questions, submit).Also(func(_ context.Context, d announcing, press string) (form.Step,
		bool, error) {
		test := preview(d.cast(who, tx.Now(), a.saved))
		for i := range test {
			test[i].Chat = who.Account.ID
		}
		return form.Step{Say: []store.Text{store.Say("umumkan.tested")}, Tell: test, Brief: true}, press == "test", nil
	}), nil
}

// limits ask for the value of each limit that was ticked.
func (a *Audiences) limits(ctx context.Context, d *announcing) (qs []form.Question, err error) {
	for _, l := range []struct {
		ticked bool
		ask    func() (form.Question, error)
	}{
		{d.filtered("place") && a.who.Province == "", func() (form.Question, error) {
			list, err := a.parts(ctx, "province", store.Audience{})
			return form.Pick("province", &d.Province, list).Wide(2), err
		}},
		{d.filtered("place") && (a.who.Province != "" || d.Province != ""), func() (form.Question, error) {
			list, err := a.regencies(ctx, d)
			return form.Pick("regency", &d.Regency, list).Wide(2), err
		}},
		{d.filtered("wave"), func() (form.Question, error) {
			list, err := a.parts(ctx, "wave", d.place())
			return form.Pick("wave", &d.Wave, list).Wide(2), err
		}},
		{d.filtered("role"), func() (form.Question, error) {
			list, err := a.parts(ctx, "role", d.place())
			return form.Several("role", &d.Role, list), err
		}},
		{d.filtered("lpj"), func() (form.Question, error) {
			list, err := a.sized(ctx, d, "none", "part", "full")
			return form.Pick("lpj", &d.LPJ, list), err
		}},
		{d.filtered("mentor"), func() (form.Question, error) {
			list, named, err := a.mentors(ctx, d)
			return form.Pick("mentor", &d.Mentor, list).Show(30).Extract(named), err
		}},
		{d.filtered("idle"), func() (form.Question, error) {
			list, err := a.sized(ctx, d, "7", "14", "30")
			return form.Pick("idle", &d.Idle, list), err
		}},
	} {
		if !l.ticked {
			continue
		}
		q, err := l.ask()
		if err != nil {
			return nil, err
		}
		qs = append(qs, form.Unsaid(q))
	}
	return qs, nil
}

// What is kept of choices that set no limit.
const (
	notUrgent = "tidak"
	noEnd     = "none"
)

func (d announcing) has(button string) bool {
	for _, b := range d.Buttons {
		if b == button {
			return true
		}
	}
	return false
}

func castButtons() (list []form.Choice[string]) {
	for _, b := range []string{"ack", "ask", "link"} {
		list = append(list, form.Choice[string]{Value: b, Text: store.Say("announcement." + b)})
	}
	return list
}

func untils() (list []form.Choice[string]) {
	for _, u := range []string{"today", "week", noEnd} {
		list = append(list, form.Choice[string]{Value: u, Text: store.Say("umumkan.until." + u)})
	}
	return list
}

// pollOptions reads the answers of a poll, one a line or between semicolons: two to ten, of at most a hundred letters.
func pollOptions(text string) []string {
	var list []string
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == ';' }) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			list = append(list, line)
		}
		if len([]rune(line)) > 100 {
			return nil
		}
	}
	if len(list) < 2 || len(list) > 10 {
		return nil
	}
	return []string{strings.Join(list, "\n")}
}

// webAddress reads where a button leads.
func webAddress(text string) []string {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || !strings.Contains(strings.Trim(u.Host, "."), ".") ||
		strings.ContainsAny(text, " \n") {
		return nil
	}
	return []string{text}
}

// audienceName reads the name of a saved audience; it must fit a button.
func audienceName(text string) []string {
	list := form.Text(text)
	if len(list) == 1 && (len(list[0]) > 30 || strings.Contains(list[0], ",")) {
		return nil
	}
	return list
}

// cast is the announcement that was composed.
func (d announcing) cast(who dialog.Who, now time.Time, saved []store.SavedAudience) store.Broadcast {
	b := store.Broadcast{
		By: who.ID, Words: d.Content.HTML, English: d.English.HTML, Question: d.Question,
		Ack: d.has("ack"), Ask: d.has("ask"), Link: d.Link, Audience: d.audience(saved), Due: now, At: now,
	}
	if b.Question != "" {
		b.Options = strings.Split(d.Options, "\n")
	}
	for _, f := range d.Content.Files {
		b.Files = append(b.Files, dialog.ShownAs(f))
	}
	if d.Urgent != notUrgent {
		b.Urgent = d.Urgent
	}
	if d.When != when.AtOnce {
		b.Due = d.When.Time(now)
	}
	day := store.DayOf(b.Due, who.Zone)
	switch d.Until {
	case "today":
		b.Until = day
	case "week":
		b.Until = day.Add(7)
	}
	return b
}

// preview is an announcement exactly as each language sees it.
func preview(b store.Broadcast) (list []store.Message) {
	languages := []string{"id"}
	if b.English != "" {
		languages = dialog.Spoken
	}
	for _, l := range languages {
		for _, m := range Announcement(b, l) {
			m.Language, m.Class = l, store.Reply
			list = append(list, m)
		}
	}
	return list
}
