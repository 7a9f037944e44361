package paper

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/store"
)

// activities are what was done: in numbers, by week, by role, and visit by visit.
func (r Recap) activities(d *doc) {
	say, number := d.say.say, strconv.Itoa
	d.heading(say("recap.activities"))
	held := r.held()
	if len(held) == 0 {
		d.paragraph(say("recap.activities.none", "Month", r.Month))
	} else {
		minutes := 0
		for _, v := range held {
			minutes += v.Minutes
		}
		d.paragraph(say("recap.activities.sum", "Month", r.Month, "Met", number(count(held, met)),
			"Far", number(count(held, far)),
			"Contacts", number(count(held, contact)), "Hours", number(minutes/60), "Minutes", number(minutes%60)))
		d.subheading(say("recap.weeks"), stacked)
		r.chart(d, held)
	}
	if len(held) > 0 {
		r.byRole(d)
	}
	r.begun(d)
	r.log(d)
}

// chart draws the visits by week.
func (r Recap) chart(d *doc, held []Visit) {
	labels, list := r.weekly(d.say, held)
	d.stacks(labels, d.say.say("recap.weeks.days", "Month", r.Month), list)
}

// weekly counts the visits by week, those in person, from afar, and short contacts.
func (r Recap) weekly(s Say, held []Visit) (labels []string, list []series) {
	list = []series{
		{name: s.say("recap.weeks.met"), colour: deep}, {name: s.say("recap.weeks.far"), colour: middle},
		{name: s.say("recap.weeks.contact"), colour: light},
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
			list[i].values = append(list[i].values, within(is))
		}
	}
	return labels, list
}

// byRole lists what was done in each role.
func (r Recap) byRole(d *doc) {
	say := d.say.say
	deeds := r.deeds()
	for _, role := range append(slices.Clone(roles), "") {
		t := table{columns: []column{
			{head: say("recap.activity"), share: 115}, {head: say("recap.count"), share: 25, right: true},
			{head: say("recap.groups.count"), share: 25, right: true},
		}}
		for _, a := range deeds {
			if a.role == role {
				t.rows = append(t.rows, []string{d.say.act(a.code), d.say.number(a.times), d.say.number(a.groups)})
			}
		}
		if len(t.rows) == 0 && role == "" {
			continue
		}
		d.subheading(say("recap.role", "Role", role), 16)
		if len(t.rows) == 0 {
			d.note(say("recap.role.none"))
		}
		d.table(t)
	}
}

// act is an activity in words, as the button that logs it says it.
func (s Say) act(code string) string { return s.orCode("act."+code, code) }

// begun lists referrals and ideas with what became of them.
func (r Recap) begun(d *doc) {
	if len(r.Initiatives) == 0 {
		return
	}
	say := d.say.say
	d.subheading(say("recap.initiatives"), 16)
	t := table{columns: []column{
		{head: say("recap.group"), share: 34}, {head: say("recap.initiative"), share: 28},
		{head: say("recap.words"), share: 52},
		{head: say("recap.result"), share: 51},
	}}
	for _, i := range r.Initiatives {
		t.rows = append(t.rows, []string{
			i.Group, say("recap.initiative.kind", "Kind", string(i.Kind)), orDash(i.Words), d.say.result(i),
		})
	}
	d.table(t)
}

// result is what became of a referral or an idea.
func (s Say) result(i Initiative) string {
	switch {
	case i.Result != "":
		return i.Result
	case !i.Closed.IsZero():
		return dash
	}
	return s.say("recap.running")
}

// log lists the visits, those too that came to nothing.
func (r Recap) log(d *doc) {
	list := r.in(store.VisitHeld, store.VisitMissed)
	if len(list) == 0 {
		return
	}
	say := d.say.say
	d.subheading(say("recap.log"), 16)
	t := table{columns: []column{
		{head: say("recap.date"), share: 31}, {head: say("recap.group"), share: 32},
		{head: say("recap.way"), share: 23},
		{head: say("recap.place"), share: 28}, {head: say("recap.met"), share: 25},
		{head: say("recap.word"), share: 26},
	}}
	for _, v := range list {
		t.rows = append(t.rows, []string{
			say("recap.when", "At", v.Start.Format(time.RFC3339)), v.Group, d.say.way(v), orDash(v.Place),
			orDash(d.say.people(v)), d.say.word(v),
		})
	}
	d.table(t)
}

// way is how they met, and for how long.
func (s Say) way(v Visit) string {
	minutes := ""
	if v.Minutes > 0 {
		minutes = strconv.Itoa(v.Minutes)
	}
	return s.say("recap.mode", "Mode", string(v.Mode), "Minutes", minutes)
}

// people are those who were met, by their part in the group.
func (s Say) people(v Visit) string {
	var list []string
	for _, role := range v.Met {
		list = append(list, s.orCode("role."+string(role), string(role)))
	}
	return strings.Join(list, ", ")
}

// word is what the group says of a visit; of one that came to nothing, why.
func (s Say) word(v Visit) string {
	is := "unsaid"
	switch {
	case v.State == store.VisitMissed:
		return s.say("recap.missed", "Reason", s.reason(v.Reason))
	case contact(v):
		return dash
	case confirmed(v):
		is = "yes"
	case denied(v):
		is = "no"
	}
	return s.say("recap.said", "Word", is)
}

// growth is how the groups come on: their LPJ, their notas and money, and their business.
func (r Recap) growth(d *doc) {
	say := d.say.say
	d.heading(say("recap.growth"))
	if len(r.Groups) == 0 {
		d.paragraph(say("recap.growth.none"))
		return
	}
	d.paragraph(say("recap.growth.what"))
	d.subheading(say("recap.growth.chart"), 40)
	var list []bar
	for _, g := range r.Groups {
		list = append(list, bar{g.Name, g.From, g.Progress})
	}
	d.bars(list, say("recap.growth.before"), say("recap.growth.now"))
	d.subheading(say("recap.growth.money"), 16)
	t := table{columns: []column{
		{head: say("recap.group"), share: 40}, {
			head: say("recap.lpj"), share: 14, right: true,
		}, {head: say("recap.notas"), share: 20, right: true},
		{head: say("recap.received"), share: 28, right: true}, {head: say("recap.recorded"), share: 28, right: true},
		{head: say("recap.left"), share: 28, right: true},
	}}
	var sum Group
	for _, g := range r.Groups {
		t.rows = append(t.rows, []string{
			g.Name, say("recap.percent", "Percent", strconv.Itoa(g.Progress)), d.say.notas(g),
			d.say.rupiah(g.Received), d.say.rupiah(g.Received - g.Left), d.say.rupiah(g.Left),
		})
		sum.Received, sum.Left, sum.Counted, sum.Checked = sum.Received+g.Received, sum.Left+g.Left,
			sum.Counted+g.Counted, sum.Checked+g.Checked
	}
	t.sum = []string{say("recap.sum"), "", d.say.notas(sum), d.say.rupiah(sum.Received),
		d.say.rupiah(sum.Received - sum.Left), d.say.rupiah(sum.Left)}
	d.note(say("recap.growth.note"))
	d.table(t)
	r.businesses(d)
}

// notas are a group's verified ones of those in its book.
func (s Say) notas(g Group) string {
	return s.say("recap.notas.of", "Checked", strconv.Itoa(g.Checked), "Counted", strconv.Itoa(g.Counted))
}

// businesses are the month's figures of those groups that gave any, with those of before.
func (r Recap) businesses(d *doc) {
	say := d.say.say
	t := table{columns: []column{
		{head: say("recap.group"), share: 31}, {
			head: say("recap.revenue"), share: 33, right: true,
		}, {head: say("recap.profit"), share: 32, right: true},
		{head: say("recap.capital"), share: 32, right: true}, {head: say("recap.workers"), share: 18, right: true},
		{head: say("recap.permits"), share: 19},
	}}
	for _, g := range r.Groups {
		if g.Now.Month == "" {
			continue
		}
		money := func(now, before store.Rupiah) string {
			if g.Before.Month == "" || now == before {
				return d.say.rupiah(now)
			}
			return say("recap.formerly", "Now", d.say.rupiah(now), "Before", d.say.rupiah(before))
		}
		workers := d.say.number(g.Now.Workers)
		if g.Before.Month != "" && g.Before.Workers != g.Now.Workers {
			workers = say("recap.formerly", "Now", workers, "Before", d.say.number(g.Before.Workers))
		}
		t.rows = append(t.rows, []string{
			g.Name, money(g.Now.Revenue, g.Before.Revenue), money(g.Now.Profit, g.Before.Profit),
			money(g.Now.Capital, g.Before.Capital),
			workers, orDash(g.Now.Permits),
		})
	}
	if len(t.rows) == 0 {
		return
	}
	d.subheading(say("recap.business"), 16)
	d.table(t)
}
