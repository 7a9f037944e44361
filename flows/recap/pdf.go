package recap

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/layout"
	"pendamping/store"
)

// PDF writes the recap as a report to print, in the outline that the programme asks for: background, places, activities
// by role, problems and solutions, evaluation, and how the groups come on; with its pictures at the end.
func (r Recap) PDF(ctx context.Context, w io.Writer, p layout.Printing) error {
	d := layout.NewDoc(p, p.Words.Say("recap.head", "Month", r.Month, "Mentor", r.Mentor), r.Mentor)
	r.title(d, p)
	r.background(d, p)
	r.where(d)
	r.activities(d)
	r.difficulties(d)
	r.evaluation(d)
	r.growth(d)
	made := store.DayOf(p.Made, p.Made.Location())
	d.Sign(d.Words.Say("recap.sign.place", "Day", string(made)),
		[2]string{d.Words.Say("recap.sign.coordinator"), "(" + strings.Repeat(".", 40) + ")"},
		[2]string{d.Words.Say("recap.sign.mentor"), r.Mentor})
	if err := r.album(ctx, d, p); err != nil {
		return err
	}
	return d.Finish(w)
}

func (r Recap) title(d *layout.Doc, p layout.Printing) {
	say := d.Words.Say
	d.Cover(say("recap.title"), say("recap.under", "Program", r.Program, "Month", r.Month))
	first := store.Day(r.Month + "-01")
	last := store.Day(first.Time().AddDate(0, 1, -1).Format(time.DateOnly))
	facts := []layout.Fact{{Name: say("recap.mentor"), Value: r.Mentor}}
	if r.Code != "" {
		facts = append(facts, layout.Fact{Name: say("recap.code"), Value: r.Code})
	}
	if r.Organisation != "" {
		facts = append(facts, layout.Fact{Name: say("recap.organisation"), Value: r.Organisation})
	}
	d.Facts(append(facts,
		layout.Fact{Name: say("recap.groups"), Value: d.Words.Number(len(r.Groups))},
		layout.Fact{
			Name: say("recap.period"), Value: say("recap.period.value", "From", string(first), "To", string(last)),
		},
		layout.Fact{Name: say("recap.made"), Value: say("recap.made.value", "At", p.Made.Format(time.RFC3339))},
	)...)
}

func (r Recap) background(d *layout.Doc, p layout.Printing) {
	say := d.Words.Say
	d.Heading(say("recap.background"))
	d.Paragraph(say("recap.background.role", "Program", r.Program))
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
		d.Paragraph(say("recap.background.none", "Mentor", r.Mentor))
	} else {
		d.Paragraph(say("recap.background.groups", "Mentor", r.Mentor, "Organisation", r.Organisation,
			"Groups", strconv.Itoa(len(r.Groups)), "Places", d.Words.And(regencies), "Grant", grant.String()))
	}
	d.Paragraph(say("recap.background.log", "At", p.Made.Format(time.RFC3339)))
}

func (r Recap) where(d *layout.Doc) {
	say := d.Words.Say
	d.Heading(say("recap.places"))
	t := layout.Table{Columns: []layout.Column{
		{Head: say("recap.regency"), Share: 36}, {Head: say("recap.village"), Share: 36},
		{Head: say("recap.group"), Share: 70},
		{Head: say("recap.visits"), Share: 23, Right: true},
	}}
	sum := 0
	for _, p := range r.places() {
		t.Rows = append(t.Rows, []string{
			layout.OrDash(p.regency), layout.OrDash(p.village), strings.Join(p.groups, ", "), d.Words.Number(p.visits),
		})
		sum += p.visits
	}
	if len(t.Rows) == 0 {
		d.Paragraph(say("recap.places.none"))
		return
	}
	t.Sum = []string{say("recap.sum"), "", "", d.Words.Number(sum)}
	d.Note(say("recap.places.note"))
	d.Table(t)
}

func (r Recap) difficulties(d *layout.Doc) {
	say := d.Words.Say
	d.Heading(say("recap.problems"))
	list := r.problems()
	if len(list) == 0 {
		d.Paragraph(say("recap.problems.none"))
		return
	}
	t := layout.Table{Columns: []layout.Column{
		{Head: say("recap.date"), Share: 30}, {Head: say("recap.group"), Share: 28},
		{Head: say("recap.problem"), Share: 42},
		{Head: say("recap.followup"), Share: 38}, {Head: say("recap.state"), Share: 27},
	}}
	for _, v := range list {
		t.Rows = append(t.Rows, []string{
			d.Words.Day(dayOf(v)), v.Group, layout.OrDash(v.Problem), layout.OrDash(v.FollowUp),
			followState(d.Words, r, v),
		})
	}
	d.Table(t)
}

// followState is how the follow-up of a visit stands.
func followState(s layout.Words, r Recap, v Visit) string {
	solved := ""
	if !v.Solved.IsZero() {
		solved = string(store.DayOf(v.Solved, v.Start.Location()))
	}
	return s.Say("recap.follow", "State", r.follow(v), "Due", string(v.Due), "Solved", solved)
}

func (r Recap) evaluation(d *layout.Doc) {
	say, number := d.Words.Say, strconv.Itoa
	d.Heading(say("recap.evaluation"))
	held, missed := r.held(), r.in(store.VisitMissed)
	var list []string
	asked := len(held) - count(held, contact)
	list = append(list, say("recap.evaluation.held", "Held", number(asked), "Contacts", number(count(held, contact)),
		"Missed", number(len(missed)), "Cancelled", number(len(r.in(store.VisitCancelled))),
		"Planned", number(len(r.in(store.VisitPlanned)))))
	if len(missed) > 0 {
		var why []string
		for _, m := range r.reasons() {
			why = append(why, say("recap.times", "What", missedReason(d.Words, m.code), "Times", number(m.times)))
		}
		list = append(list, say("recap.evaluation.missed", "Reasons", strings.Join(why, "; ")))
	}
	if asked > 0 {
		list = append(list, say("recap.evaluation.word", "Confirmed", number(count(held, confirmed)),
			"Denied", number(count(held, denied)), "Unsaid", number(count(held, unsaid))))
	}
	if without := r.without(); len(without) > 0 && len(r.Groups) > 0 {
		list = append(list, say("recap.evaluation.without", "Number", number(len(without)),
			"Groups", d.Words.And(without)))
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
	d.Points(list...)
}

// missedReason is why a visit came to nothing, in words.
func missedReason(s layout.Words, code string) string {
	if code == "" {
		return s.Say("recap.noreason")
	}
	return s.OrCode("hindrance."+code, code)
}

func (r Recap) album(ctx context.Context, d *layout.Doc, p layout.Printing) error {
	if len(r.Pictures) == 0 {
		return nil
	}
	d.NewPage()
	d.Heading(d.Words.Say("recap.pictures"))
	if err := d.Pictures(ctx, p, r.Pictures); err != nil {
		return err
	}
	if r.Unprinted > 0 {
		d.Note(d.Words.Say("recap.pictures.more", "Number", strconv.Itoa(r.Unprinted)))
	}
	return nil
}

func dayOf(v Visit) store.Day { return store.DayOf(v.Start, v.Start.Location()) }
