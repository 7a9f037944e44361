package visit

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/lpj"
	"pendamping/flows/receipt"
	"pendamping/flows/when"
	"pendamping/store"
)

// List shows a mentor's groups ("", "p1"), what can be noted of one ("g12"), or a visit ("v34"); other words tell of a
// visit that was held.
func List(ctx context.Context, t *dialog.Turn, arg dialog.Args) (s form.Screen, err error) {
	at := arg
	kind, id := at.Lettered()
	switch {
	case arg == "" || kind == "p":
		s, err = visitGroups(ctx, t.Tx, t.Who, arg)
	case kind == "g":
		s, err = visitGroup(ctx, t.Tx, t.Who, id)
	case kind == "v":
		s, err = openVisit(ctx, t.Tx, t.Who, id)
	case t.Event.Kind == form.Words:
		return form.Screen{}, visited(ctx, t, string(arg))
	default:
		return form.Screen{}, store.ErrNotFound
	}
	return s, err
}

// groupsPerPage is how many groups a page of /kunjungan shows: all that a mentor has, so that none is a tap farther.
const groupsPerPage = 25

// visitGroups lists a mentor's groups: first those with a plan, the nearest day first, then those without contact for
// longest.
func visitGroups(ctx context.Context, tx store.Tx, who dialog.Who, at dialog.Args) (form.Screen, error) {
	list, err := tx.Standings(ctx, who.ID)
	if err != nil {
		return form.Screen{}, err
	}
	if len(list) == 0 {
		return form.Screen{Body: []store.Text{store.Say("kelompok.empty")}}, nil
	}
	slices.SortStableFunc(list, func(a, b store.Standing) int {
		return cmp.Or(-cmp.Compare(min(len(a.Planned), 1), min(len(b.Planned), 1)), nextPlan(a).Compare(nextPlan(b)),
			a.LastVisit.Compare(b.LastVisit))
	})
	s := form.Screen{Body: []store.Text{store.Say("kunjungan.head")}}
	page := at.Page(len(list), groupsPerPage)
	for _, g := range dialog.OnPage(list, page, groupsPerPage) {
		w := when.At(who, tx.Now(), g.Recipient)
		day := ""
		if len(g.Planned) > 0 {
			day = string(store.DayOf(nextPlan(g), w.Zone))
		}
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say(
				"kunjungan.choice", "Group", g.Name, "Planned", day, "Days", since(w, g.LastVisit),
			), Data: dialog.Data("kunjungan", dialog.Letter("g", g.ID)),
		}})
	}
	if ways := turnPages(dialog.PageIn("kunjungan"), page, len(list), groupsPerPage); len(ways) > 0 {
		s.Buttons = append(s.Buttons, ways)
	}
	return s, nil
}

func nextPlan(g store.Standing) time.Time {
	if len(g.Planned) == 0 {
		return time.Time{}
	}
	return g.Planned[0].At
}

// since is how many days ago that was, there; "" is never.
func since(w dialog.Who, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.Itoa(int(w.Today.Time().Sub(store.DayOf(t, w.Zone).Time()) / (24 * time.Hour)))
}

// turnPages are the buttons that turn the pages of a list that is in no order of time.
func turnPages(to func(page int) string, page, all, per int) (row []store.Button) {
	if page > 0 {
		row = append(row, store.Button{Text: store.Say("kunjungan.before"), Data: to(page - 1)})
	}
	if (page+1)*per < all {
		row = append(row, store.Button{Text: store.Say("kunjungan.after"), Data: to(page + 1)})
	}
	return row
}

// visitGroup shows how a group stands with its mentor, and what can be noted.
func visitGroup(ctx context.Context, tx store.Tx, who dialog.Who, id store.ID) (form.Screen, error) {
	of, err := ownGroup(ctx, tx, who, id)
	if err != nil {
		return form.Screen{}, err
	}
	who = when.At(who, tx.Now(), of)
	g, err := tx.StandingOf(ctx, id)
	if err != nil {
		return form.Screen{}, err
	}
	done, err := lpj.HowFar(ctx, tx, of)
	if err != nil {
		return form.Screen{}, err
	}
	s := form.Screen{Body: []store.Text{
		store.Say("group.head", "Group", of.Name, "Regency", of.Regency),
		store.Say("group.stands", "Days", since(who, g.LastVisit), "Percent", strconv.Itoa(done)),
	}}
	about := "g" + dialog.IDText(id)
	now, missed := about, about // a plan whose day has come is what is told about
	var open [][]store.Button
	for _, p := range g.Planned {
		s.Body = append(s.Body, store.Say("group.planned", "At", who.Moment(p.At)))
		open = append(open, []store.Button{{
			Text: store.Say("group.plan.open", "At", who.Moment(p.At)),
			Data: dialog.Data("kunjungan", dialog.Letter("v", p.ID)),
		}})
		if now == about && store.DayOf(p.At, who.Zone) <= who.Today {
			now, missed = "v"+dialog.IDText(p.ID), "v"+dialog.IDText(p.ID)
		}
	}
	for _, f := range g.FollowUps {
		v, err := tx.Visit(ctx, f.ID)
		if err != nil {
			return s, err
		}
		s.Body = append(s.Body, store.Say("group.followup", "Words", v.FollowUp, "Day", string(v.Due)))
		open = append(open, []store.Button{{
			Text: store.Say("visit.solve", "Words", dialog.Clip(v.FollowUp, 25)), Data: dialog.Data("solve", f.ID),
		}})
	}
	more, body, err := openInitiatives(ctx, tx, id)
	if err != nil {
		return s, err
	}
	s.Body = append(append(s.Body, body...), store.Say("group.ask"))
	with := func(m store.VisitMode) string { return dialog.Data("visit", now, m) }
	s.Buttons = [][]store.Button{
		{{Text: store.Say("group.visit"), Data: with("")}},
		{{
			Text: store.Say("group.phone"), Data: with(store.ByPhone),
		}, {Text: store.Say("group.online"), Data: with(store.Online)}},
		{{Text: store.Say("group.contact"), Data: dialog.Data("called", id)}},
		{
			{Text: store.Say("group.plan"), Data: dialog.Data("visitplan", about)},
			{Text: store.Say("group.missed"), Data: dialog.Data("visitmiss", missed)},
		},
	}
	ways, err := beside(ctx, tx, who, of, about)
	s.Buttons = slices.Concat(s.Buttons, open, more, ways, [][]store.Button{{
		{
			Text: store.Say("group.past"), Data: dialog.Data("visitlog", id, "0"),
		}, {Text: store.Say("kunjungan.all"), Data: dialog.Data("kunjungan", "p0")},
	}})
	return s, err
}

// History lists a group's visits, newest first: "12:0" is the first page of group 12's.
func History(ctx context.Context, t *dialog.Turn, arg dialog.Args) (form.Screen, error) {
	tx, who := t.Tx, t.Who
	id, at := arg.ID(), arg.Word()
	of, err := ownGroup(ctx, tx, who, id)
	if err != nil {
		return form.Screen{}, err
	}
	who = when.At(who, tx.Now(), of)
	list, err := tx.Visits(ctx, of.ID, (dialog.NumberOf(at)+1)*receipt.PerPage+1)
	if err != nil {
		return form.Screen{}, err
	}
	page := dialog.PageOf(at, len(list), receipt.PerPage)
	s := form.Screen{Body: []store.Text{store.Say("visitlog.head", "Group", of.Name)}}
	if len(list) == 0 {
		s.Body = append(s.Body, store.Say("visitlog.empty"))
	}
	for _, v := range dialog.OnPage(list, page, receipt.PerPage) {
		s.Buttons = append(s.Buttons, []store.Button{{
			Text: store.Say(
				"visitlog.choice", "At", who.Moment(v.Start), "State", string(v.State), "Mode", string(v.Mode),
			), Data: dialog.Data("kunjungan", dialog.Letter("v", v.ID)),
		}})
	}
	to := func(page int) string { return dialog.Data("visitlog", id, page) }
	if ways := dialog.Pages(to, page, len(list), receipt.PerPage); len(ways) > 0 {
		s.Buttons = append(s.Buttons, ways)
	}
	s.Buttons = append(s.Buttons, []store.Button{{
		Text: store.Say("kunjungan.group", "Group", of.Name),
		Data: dialog.Data("kunjungan", dialog.Letter("g", id)),
	}})
	return s, nil
}
