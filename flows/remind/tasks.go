package remind

import (
	"context"
	"slices"
	"strconv"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/when"
	"pendamping/store"
)

// tasksAPage is how many tasks a page shows, each with its reason and its button.
const tasksAPage = 5

// TaskList shows a mentor what is to be done, worst first; arg is the page, or what to do about empty morning cards.
func TaskList(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	if arg == "quiet" || arg == "praise" {
		return praise(ctx, tx, who, arg == "praise")
	}
	groups, err := groupsOf(ctx, tx, who.ID, who.Zone)
	if err != nil {
		return form.Screen{}, err
	}
	list := Tasks(groups)
	s := form.Screen{Body: []store.Text{store.Say("tugas.head", "Count", strconv.Itoa(len(list)))}}
	if len(list) == 0 {
		quiet, err := keepsQuiet(ctx, tx, who.ID)
		s.Body, s.Buttons = []store.Text{store.Say("tugas.none")}, praiseWay(!quiet)
		return s, err
	}
	page := arg.Page(len(list), tasksAPage)
	for _, due := range dialog.OnPage(list, page, tasksAPage) {
		s.Body = append(s.Body, due.words())
		s.Buttons = append(s.Buttons, []store.Button{due.button()})
	}
	if ways := dialog.Pages(dialog.PageIn("tugas"), page, len(list), tasksAPage); len(ways) > 0 {
		s.Buttons = append(s.Buttons, ways)
	}
	return s, nil
}

// groupsOf is how a mentor's groups stand.
func groupsOf(ctx context.Context, tx store.Tx, mentor store.ID, zone *time.Location) ([]Situation, error) {
	facts, err := tx.Standings(ctx, mentor)
	if err != nil {
		return nil, err
	}
	book := Rulebook{Tx: tx, Zone: zone}
	return book.Stand(ctx, facts, tx.Now())
}

// words say what is to be done and why, and when it can be.
func (t task) words() store.Text {
	until := max(t.LastDay(), t.Today)
	far := until > t.Today.Add(6) // its weekday would be taken for an earlier one
	return store.Say("tugas.line", "What", "duty."+t.duty.Rule, "Group", t.Name, "Count", strconv.Itoa(t.count),
		"About", t.about, "Since", string(t.Since), "Today", string(t.Today), "From", string(max(t.Since, t.Today)),
		"Until", string(until), "Far", dialog.Mark(far), "Late", lateness(t.LastDay(), t.Today))
}

// lateness is by how many days a window has passed; "" when it has not.
func lateness(until, today store.Day) string {
	if until >= today {
		return ""
	}
	return strconv.Itoa(int(today.Time().Sub(until.Time()).Hours() / 24))
}

func (t task) button() store.Button {
	return store.Button{Text: store.Say("duty."+t.duty.Rule+".do", "Group", dialog.Clip(t.Name, 24)), Data: t.data}
}

// hold names of what persons keep from themselves.
const (
	holdPraise = "praise" // the morning card on a day without a task
	holdAll    = "remind" // every reminder
)

// forever is the last day of a hold without an end.
const forever store.Day = "9999-12-31"

// praise chooses whether a morning without a task is told.
func praise(ctx context.Context, tx store.Tx, who dialog.Who, on bool) (form.Screen, error) {
	h, said := store.Hold{Person: who.ID, Kind: holdPraise, Until: forever}, "tugas.silent"
	if on {
		h.Until, said = "", "tugas.told"
	}
	return form.Screen{Body: []store.Text{store.Say(said)}, Buttons: praiseWay(on)}, tx.PutHold(ctx, h)
}

// praiseWay is the button that changes what is chosen.
func praiseWay(on bool) [][]store.Button {
	if on {
		return [][]store.Button{{{Text: store.Say("pagi.quiet"), Data: dialog.Data("tugas", "quiet")}}}
	}
	return [][]store.Button{{{Text: store.Say("pagi.told"), Data: dialog.Data("tugas", "praise")}}}
}

// keepsQuiet tells that a mentor chose silence for mornings without a task.
func keepsQuiet(ctx context.Context, tx store.Tx, mentor store.ID) (bool, error) {
	holds, err := tx.Holds(ctx, []store.ID{mentor})
	return slices.ContainsFunc(holds, func(h store.Hold) bool { return h.Kind == holdPraise }), err
}

// hourOf is the part of a day at a time: the card of a day on which everything was down comes later.
func hourOf(local time.Time) string {
	switch h := local.Hour(); {
	case h < 11:
		return "pagi"
	case h < 15:
		return "siang"
	}
	return "sore"
}

// Morning is a mentor's card of the day; false: there is nothing to do, and silence was chosen, or it is a holiday of
// the programme.
func Morning(ctx context.Context, tx store.Tx, p store.Person, zone *time.Location) (form.Screen, bool, error) {
	stand, err := groupsOf(ctx, tx, p.ID, zone)
	if err != nil ||
		slices.ContainsFunc(stand, func(s Situation) bool { return when.Holiday(s.Today, s.Rules.Holidays) }) {
		return form.Screen{}, false, err
	}
	list, part := Tasks(stand), hourOf(tx.Now().In(zone))
	if len(list) == 0 {
		quiet, err := keepsQuiet(ctx, tx, p.ID)
		return form.Screen{
			Body: []store.Text{store.Say("pagi.none", "Name", p.Name, "Part", part)}, Buttons: praiseWay(true),
		}, !quiet, err
	}
	groups := map[store.ID]bool{}
	for _, t := range list {
		groups[t.ID] = true
	}
	s := form.Screen{
		Body: []store.Text{store.Say("pagi.head", "Name", p.Name, "Part", part, "Count", strconv.Itoa(len(groups)))},
	}
	for i, t := range list {
		if i == 3 {
			s.Body = append(s.Body, store.Say("pagi.more", "Count", strconv.Itoa(len(list)-3)))
			break
		}
		s.Body = append(s.Body, t.words())
		s.Buttons = append(s.Buttons, []store.Button{t.button()})
	}
	s.Buttons = append(s.Buttons, []store.Button{{Text: store.Say("pagi.all"), Data: dialog.Data("tugas", "p0")}})
	return s, true, nil
}
