package paper

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"pendamping/store"
)

// PDF writes the recap as a report to print, in the outline that the programme asks for: background, places, activities
// by role, problems and solutions, evaluation, and how the groups come on; with its pictures at the end.
func (r Recap) PDF(ctx context.Context, w io.Writer, p Printing) error {
	d := newDoc(p, p.Say.say("recap.head", "Month", r.Month, "Mentor", r.Mentor), r.Mentor)
	r.title(d, p)
	r.background(d, p)
	r.where(d)
	r.activities(d)
	r.difficulties(d)
	r.evaluation(d)
	r.growth(d)
	made := store.DayOf(p.Made, p.Made.Location())
	d.sign(d.say.say("recap.sign.place", "Day", string(made)),
		[2]string{d.say.say("recap.sign.coordinator"), "(" + strings.Repeat(".", 40) + ")"},
		[2]string{d.say.say("recap.sign.mentor"), r.Mentor})
	if err := r.album(ctx, d, p); err != nil {
		return err
	}
	return d.finish(w)
}

func (r Recap) title(d *doc, p Printing) {
	say := d.say.say
	d.cover(say("recap.title"), say("recap.under", "Program", r.Program, "Month", r.Month))
	first := store.Day(r.Month + "-01")
	last := store.Day(first.Time().AddDate(0, 1, -1).Format(time.DateOnly))
	facts := []fact{{say("recap.mentor"), r.Mentor}}
	if r.Code != "" {
		facts = append(facts, fact{say("recap.code"), r.Code})
	}
	if r.Organisation != "" {
		facts = append(facts, fact{say("recap.organisation"), r.Organisation})
	}
	d.facts(append(facts,
		fact{say("recap.groups"), d.say.number(len(r.Groups))},
		fact{say("recap.period"), say("recap.period.value", "From", string(first), "To", string(last))},
		fact{say("recap.made"), say("recap.made.value", "At", p.Made.Format(time.RFC3339))},
	)...)
}

func (r Recap) background(d *doc, p Printing) {
	say := d.say.say
	d.heading(say("recap.background"))
	d.paragraph(say("recap.background.role", "Program", r.Program))
	var regencies []string
	grant := store.Rupiah(0)
	for _, place := range r.places() {
		if n := len(regencies); place.regency != "" && (n == 0 || regencies[n-1] != place.regency) {
			regencies = append(regencies, place.regency)
		}
	}
	for _, g := range r.Groups {
		grant += g.Grant
	}
	if len(r.Groups) == 0 {
		d.paragraph(say("recap.background.none", "Mentor", r.Mentor))
	} else {
		d.paragraph(say("recap.background.groups", "Mentor", r.Mentor, "Organisation", r.Organisation,
			"Groups", strconv.Itoa(len(r.Groups)), "Places", d.say.and(regencies), "Grant", grant.String()))
	}
	d.paragraph(say("recap.background.log", "At", p.Made.Format(time.RFC3339)))
}

func (r Recap) where(d *doc) {
	say := d.say.say
	d.heading(say("recap.places"))
	t := table{columns: []column{
		{head: say("recap.regency"), share: 36}, {head: say("recap.village"), share: 36},
		{head: say("recap.group"), share: 70},
		{head: say("recap.visits"), share: 23, right: true},
	}}
	sum := 0
	for _, p := range r.places() {
		t.rows = append(t.rows, []string{
			orDash(p.regency), orDash(p.village), strings.Join(p.groups, ", "), d.say.number(p.visits),
		})
		sum += p.visits
	}
	if len(t.rows) == 0 {
		d.paragraph(say("recap.places.none"))
		return
	}
	t.sum = []string{say("recap.sum"), "", "", d.say.number(sum)}
	d.note(say("recap.places.note"))
	d.table(t)
}

func (r Recap) difficulties(d *doc) {
	say := d.say.say
	d.heading(say("recap.problems"))
	list := r.problems()
	if len(list) == 0 {
		d.paragraph(say("recap.problems.none"))
		return
	}
	t := table{columns: []column{
		{head: say("recap.date"), share: 30}, {head: say("recap.group"), share: 28},
		{head: say("recap.problem"), share: 42},
		{head: say("recap.followup"), share: 38}, {head: say("recap.state"), share: 27},
	}}
	for _, v := range list {
		t.rows = append(t.rows, []string{
			d.say.day(dayOf(v)), v.Group, orDash(v.Problem), orDash(v.FollowUp), d.say.state(r, v),
		})
	}
	d.table(t)
}

// state is how the follow-up of a visit stands.
func (s Say) state(r Recap, v Visit) string {
	solved := ""
	if !v.Solved.IsZero() {
		solved = string(store.DayOf(v.Solved, v.Start.Location()))
	}
	return s.say("recap.follow", "State", r.follow(v), "Due", string(v.Due), "Solved", solved)
}

func (r Recap) evaluation(d *doc) {
	say, number := d.say.say, strconv.Itoa
	d.heading(say("recap.evaluation"))
	held, missed := r.held(), r.in(store.VisitMissed)
	var list []string
	asked := len(held) - count(held, contact)
	list = append(list, say("recap.evaluation.held", "Held", number(asked), "Contacts", number(count(held, contact)),
		"Missed", number(len(missed)), "Cancelled", number(len(r.in(store.VisitCancelled))),
		"Planned", number(len(r.in(store.VisitPlanned)))))
	if len(missed) > 0 {
		var why []string
		for _, m := range r.reasons() {
			why = append(why, say("recap.times", "What", d.say.reason(m.code), "Times", number(m.times)))
		}
		list = append(list, say("recap.evaluation.missed", "Reasons", strings.Join(why, "; ")))
	}
	if asked > 0 {
		list = append(list, say("recap.evaluation.word", "Confirmed", number(count(held, confirmed)),
			"Denied", number(count(held, denied)), "Unsaid", number(count(held, unsaid))))
	}
	if without := r.without(); len(without) > 0 && len(r.Groups) > 0 {
		list = append(list, say("recap.evaluation.without", "Number", number(len(without)),
			"Groups", d.say.and(without)))
	} else if len(r.Groups) > 0 {
		list = append(list, say("recap.evaluation.all"))
	}
	states := map[string]int{}
	for _, v := range r.problems() {
		states[r.follow(v)]++
	}
	if n := states["solved"] + states["open"] + states["late"]; n > 0 {
		list = append(list, say("recap.evaluation.followups", "Number", number(n), "Solved", number(states["solved"]),
			"Open", number(states["open"]), "Late", number(states["late"])))
	}
	if l := r.Letters; l.Sent > 0 {
		list = append(list, say("recap.evaluation.letters", "Sent", number(l.Sent), "Groups", number(l.Groups),
			"Answered", number(l.Answered), "Unreached", number(l.Unreached)))
	}
	if n := len(r.Groups); n > 0 {
		sum, notas, checked := 0, 0, 0
		for _, g := range r.Groups {
			sum, notas, checked = sum+g.Progress, notas+g.Counted, checked+g.Checked
		}
		list = append(list, say("recap.evaluation.progress", "Percent", number(sum/n), "Notas", number(notas),
			"Checked", number(checked)))
	}
	d.points(list...)
}

// reason is why a visit came to nothing, in words.
func (s Say) reason(code string) string {
	if code == "" {
		return s.say("recap.noreason")
	}
	return s.orCode("hindrance."+code, code)
}

func (r Recap) album(ctx context.Context, d *doc, p Printing) error {
	if len(r.Pictures) == 0 {
		return nil
	}
	d.newPage()
	d.heading(d.say.say("recap.pictures"))
	if err := d.pictures(ctx, p, r.Pictures); err != nil {
		return err
	}
	if r.Unprinted > 0 {
		d.note(d.say.say("recap.pictures.more", "Number", strconv.Itoa(r.Unprinted)))
	}
	return nil
}

func dayOf(v Visit) store.Day { return store.DayOf(v.Start, v.Start.Location()) }

func orDash(s string) string {
	if strings.TrimSpace(s) == "" {
		return dash
	}
	return s
}
