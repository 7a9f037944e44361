package recap

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/layout"
	"pendamping/store"
)

// activities are what was done: in numbers, by week, by role, and visit by visit.
func (r Recap) activities(d *layout.Doc) {
	say, number := d.Words.Say, strconv.Itoa
	d.Heading(say("recap.activities"))
	held := r.held()
	if len(held) == 0 {
		d.Paragraph(say("recap.activities.none", "Month", r.Month))
	} else {
		minutes := 0
		for _, v := range held {
			minutes += v.Minutes
		}
		d.Paragraph(say("recap.activities.sum", "Month", r.Month, "Met", number(count(held, met)),
			"Far", number(count(held, far)),
			"Contacts", number(count(held, contact)), "Hours", number(minutes/60), "Minutes", number(minutes%60)))
		d.Subheading(say("recap.weeks"), layout.StackHeight)
		r.chart(d, held)
	}
	if len(held) > 0 {
		r.byRole(d)
	}
	r.begun(d)
	r.log(d)
}

// chart draws the visits by week.
func (r Recap) chart(d *layout.Doc, held []Visit) {
	labels, list := r.weekly(d.Words, held)
	d.Stacks(labels, d.Words.Say("recap.weeks.days", "Month", r.Month), list)
}

// weekly counts the visits by week, those in person, from afar, and short contacts.
func (r Recap) weekly(s layout.Words, held []Visit) (labels []string, list []layout.Series) {
	list = []layout.Series{
		{Name: s.Say("recap.weeks.met"), Colour: layout.Deep}, {Name: s.Say("recap.weeks.far"), Colour: layout.Middle},
		{Name: s.Say("recap.weeks.contact"), Colour: layout.Light},
	}
	for _, w := range weeks(r.Month) {
		labels = append(labels, w.String())
		within := func(is func(Visit) bool) int {
			return count(held, func(v Visit) bool {
				day := v.Start.In(r.Until.Location()).Day() // the month is the mentor's
				return is(v) && day >= w.first && day <= w.last
			})
		}
		for i, is := range []func(Visit) bool{met, far, contact} {
			list[i].Values = append(list[i].Values, within(is))
		}
	}
	return labels, list
}

// byRole lists what was done in each role.
func (r Recap) byRole(d *layout.Doc) {
	say := d.Words.Say
	deeds := r.deeds()
	for _, role := range append(slices.Clone(roles), "") {
		t := layout.Table{Columns: []layout.Column{
			{Head: say("recap.activity"), Share: 115}, {Head: say("recap.count"), Share: 25, Right: true},
			{Head: say("recap.groups.count"), Share: 25, Right: true},
		}}
		for _, a := range deeds {
			if a.role == role {
				t.Rows = append(t.Rows, []string{
					actName(d.Words, a.code), d.Words.Number(a.times), d.Words.Number(a.groups),
				})
			}
		}
		if len(t.Rows) == 0 && role == "" {
			continue
		}
		d.Subheading(say("recap.role", "Role", role), 16)
		if len(t.Rows) == 0 {
			d.Note(say("recap.role.none"))
		}
		d.Table(t)
	}
}

// actName is an activity in words, as the button that logs it says it.
func actName(s layout.Words, code string) string { return s.OrCode("act."+code, code) }

// begun lists referrals and ideas with what became of them.
func (r Recap) begun(d *layout.Doc) {
	if len(r.Initiatives) == 0 {
		return
	}
	say := d.Words.Say
	d.Subheading(say("recap.initiatives"), 16)
	t := layout.Table{Columns: []layout.Column{
		{Head: say("recap.group"), Share: 34}, {Head: say("recap.initiative"), Share: 28},
		{Head: say("recap.words"), Share: 52},
		{Head: say("recap.result"), Share: 51},
	}}
	for _, i := range r.Initiatives {
		t.Rows = append(t.Rows, []string{
			i.Group, say("recap.initiative.kind", "Kind", string(i.Kind)), layout.OrDash(i.Words), resultOf(d.Words, i),
		})
	}
	d.Table(t)
}

// resultOf is what became of a referral or an idea.
func resultOf(s layout.Words, i Initiative) string {
	switch {
	case i.Result != "":
		return i.Result
	case !i.Closed.IsZero():
		return layout.Dash
	}
	return s.Say("recap.running")
}

// log lists the visits, those too that came to nothing.
func (r Recap) log(d *layout.Doc) {
	list := r.in(store.VisitHeld, store.VisitMissed)
	if len(list) == 0 {
		return
	}
	say := d.Words.Say
	d.Subheading(say("recap.log"), 16)
	t := layout.Table{Columns: []layout.Column{
		{Head: say("recap.date"), Share: 31}, {Head: say("recap.group"), Share: 32},
		{Head: say("recap.way"), Share: 23},
		{Head: say("recap.place"), Share: 28}, {Head: say("recap.met"), Share: 25},
		{Head: say("recap.word"), Share: 26},
	}}
	for _, v := range list {
		t.Rows = append(t.Rows, []string{
			say("recap.when", "At", v.Start.Format(time.RFC3339)), v.Group, wayOf(d.Words, v), layout.OrDash(v.Place),
			layout.OrDash(peopleMet(d.Words, v)), groupWord(d.Words, v),
		})
	}
	d.Table(t)
}

// wayOf is how they met, and for how long.
func wayOf(s layout.Words, v Visit) string {
	minutes := ""
	if v.Minutes > 0 {
		minutes = strconv.Itoa(v.Minutes)
	}
	return s.Say("recap.mode", "Mode", string(v.Mode), "Minutes", minutes)
}

// peopleMet are those who were met, by their part in the group.
func peopleMet(s layout.Words, v Visit) string {
	var list []string
	for _, role := range v.Met {
		list = append(list, s.OrCode("role."+string(role), string(role)))
	}
	return strings.Join(list, ", ")
}

// groupWord is what the group says of a visit; of one that came to nothing, why.
func groupWord(s layout.Words, v Visit) string {
	is := "unsaid"
	switch {
	case v.State == store.VisitMissed:
		return s.Say("recap.missed", "Reason", missedReason(s, v.Reason))
	case contact(v):
		return layout.Dash
	case confirmed(v):
		is = "yes"
	case denied(v):
		is = "no"
	}
	return s.Say("recap.said", "Word", is)
}

// growth is how the groups come on: their LPJ, their notas and money, and their business.
func (r Recap) growth(d *layout.Doc) {
	say := d.Words.Say
	d.Heading(say("recap.growth"))
	if len(r.Groups) == 0 {
		d.Paragraph(say("recap.growth.none"))
		return
	}
	d.Paragraph(say("recap.growth.what"))
	d.Subheading(say("recap.growth.chart"), 40)
	var list []layout.Bar
	for _, g := range r.Groups {
		list = append(list, layout.Bar{Name: g.Name, From: g.From, Value: g.Progress})
	}
	d.Bars(list, say("recap.growth.before"), say("recap.growth.now"))
	d.Subheading(say("recap.growth.money"), 16)
	t := layout.Table{Columns: []layout.Column{
		{Head: say("recap.group"), Share: 40}, {
			Head: say("recap.lpj"), Share: 14, Right: true,
		}, {Head: say("recap.notas"), Share: 20, Right: true},
		{Head: say("recap.received"), Share: 28, Right: true}, {Head: say("recap.recorded"), Share: 28, Right: true},
		{Head: say("recap.left"), Share: 28, Right: true},
	}}
	var sum Group
	for _, g := range r.Groups {
		t.Rows = append(t.Rows, []string{
			g.Name, say("recap.percent", "Percent", strconv.Itoa(g.Progress)), notasChecked(d.Words, g),
			d.Words.Rupiah(g.Received), d.Words.Rupiah(g.Received - g.Left), d.Words.Rupiah(g.Left),
		})
		sum.Received, sum.Left, sum.Counted, sum.Checked = sum.Received+g.Received, sum.Left+g.Left,
			sum.Counted+g.Counted, sum.Checked+g.Checked
	}
	t.Sum = []string{say("recap.sum"), "", notasChecked(d.Words, sum), d.Words.Rupiah(sum.Received),
		d.Words.Rupiah(sum.Received - sum.Left), d.Words.Rupiah(sum.Left)}
	d.Note(say("recap.growth.note"))
	d.Table(t)
	r.businesses(d)
}

// notasChecked are a group's verified ones of those in its book.
func notasChecked(s layout.Words, g Group) string {
	return s.Say("recap.notas.of", "Checked", strconv.Itoa(g.Checked), "Counted", strconv.Itoa(g.Counted))
}

// businesses are the month's figures of those groups that gave any, with those of before.
func (r Recap) businesses(d *layout.Doc) {
	say := d.Words.Say
	t := layout.Table{Columns: []layout.Column{
		{Head: say("recap.group"), Share: 31}, {
			Head: say("recap.revenue"), Share: 33, Right: true,
		}, {Head: say("recap.profit"), Share: 32, Right: true},
		{Head: say("recap.capital"), Share: 32, Right: true}, {Head: say("recap.workers"), Share: 18, Right: true},
		{Head: say("recap.permits"), Share: 19},
	}}
	for _, g := range r.Groups {
		if g.Now.Month == "" {
			continue
		}
		money := func(now, before store.Rupiah) string {
			if g.Before.Month == "" || now == before {
				return d.Words.Rupiah(now)
			}
			return say("recap.formerly", "Now", d.Words.Rupiah(now), "Before", d.Words.Rupiah(before))
		}
		workers := d.Words.Number(g.Now.Workers)
		if g.Before.Month != "" && g.Before.Workers != g.Now.Workers {
			workers = say("recap.formerly", "Now", workers, "Before", d.Words.Number(g.Before.Workers))
		}
		t.Rows = append(t.Rows, []string{
			g.Name, money(g.Now.Revenue, g.Before.Revenue), money(g.Now.Profit, g.Before.Profit),
			money(g.Now.Capital, g.Before.Capital),
			workers, layout.OrDash(g.Now.Permits),
		})
	}
	if len(t.Rows) == 0 {
		return
	}
	d.Subheading(say("recap.business"), 16)
	d.Table(t)
}
