package remind

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/when"
	"pendamping/store"
)

// reminder is a rule of what a group is reminded of. It is due on each of its steps, counted in days from since, and
// then every so many days, as long as find finds something.
type reminder struct {
	Name     string       // its words are remind.NAME, its button's remind.NAME.do
	optional bool         // a person may switch it off
	to       []store.Role // whose it is; where none of them can be written to, it goes to the other officers
	find     func(Situation) (finding, bool)
	steps    func(store.Rules) []int
	every    int
}

// Who of a group keeps its book, and who answers for it. Both are the owner where there is one.
var (
	keepers = []store.Role{store.Treasurer, store.Owner}
	signers = []store.Role{store.Chair, store.Owner}
)

// days are the same steps whatever the rules say.
func days(n ...int) func(store.Rules) []int { return func(store.Rules) []int { return n } }

// reminders are the groups', in the order in which they are said.
func reminders() []reminder {
	return []reminder{
		{"money", false, keepers, func(s Situation) (finding, bool) {
			end := s.Rules.End(s.Disbursed)
			return finding{Since: end, about: s.Left.String(), data: dialog.Data("saldo")}, end != "" && s.Left > 0
		}, store.Rules.RemindOn, 7},
		{"returned", false, keepers, func(s Situation) (finding, bool) {
			p := s.Returned
			return finding{s.day(p.Since), p.Count, numbered(p.Numbers, p.Count), dialog.Data("n", p.First)},
				p.Count > 0
		}, days(1, 3, 7), 7},
		{"unfinished", true, keepers, func(s Situation) (finding, bool) {
			p := s.Unfinished
			return finding{
				s.day(p.Since), p.Count, numbered(p.Numbers, p.Count), dialog.Data("receipt", p.First),
			}, p.Count > 0
		}, days(1, 3, 7), 7},
		{"empty", true, keepers, func(s Situation) (finding, bool) {
			return finding{Since: s.Disbursed, data: dialog.Data("nota", "p0")}, s.empty()
		}, days(7), 7},
		{"lpj", false, keepers, func(s Situation) (finding, bool) {
			due := s.due()
			m := finding{Since: due, about: string(due), data: dialog.Data("lpj")}
			return m, due != "" && !HandedIn(s.Report.State)
		}, days(-14, -7, -3, -1, 1), 7},
		{
			"mend", false, keepers,
			func(s Situation) (finding, bool) { return s.lpjIs(dialog.Data("lpj"), store.ReportReturned) },
			days(1, 3, 7), 7,
		},
		{
			"sign", false, signers,
			func(s Situation) (finding, bool) { return s.lpjIs(dialog.Data("lpj"), store.ReportVerified) },
			days(1, 3, 7), 7,
		},
		{
			"upload", false, keepers,
			func(s Situation) (finding, bool) { return s.lpjIs(dialog.Data("lpj"), store.ReportSigned) }, days(1, 3, 7),
			7,
		},
		{
			"result", true, keepers,
			func(s Situation) (finding, bool) { return s.lpjIs(dialog.Data("lpj"), store.ReportUploaded) }, days(14),
			14,
		},
	}
}

// step is the newest day on which a reminder was due; false: none has come.
func (r reminder) step(s Situation, since store.Day) (store.Day, bool) {
	last, found := store.Day(""), false
	steps := r.steps(s.Rules)
	for _, n := range steps {
		if d := since.Add(n); d <= s.Today {
			last, found = d, true
		}
	}
	end := since.Add(steps[len(steps)-1])
	if past := int(s.Today.Time().Sub(end.Time()).Hours() / 24); found && past >= r.every {
		last = end.Add(past / r.every * r.every)
	}
	return last, found
}

// kindAt names a reminder at a recipient, as a promise keeps it.
func kindAt(name string, recipient store.ID) string { return name + ":" + dialog.IDText(recipient) }

// Due are the reminders whose step has come since they were last said; again is the day for which somebody put them
// off, a step too.
func Due(s Situation, said map[string]store.Day, off map[string]bool, again store.Day) []reminder {
	var list []reminder
	for _, r := range reminders() {
		m, ok := r.find(s)
		if !ok || r.optional && off[r.Name] {
			continue
		}
		if step, ok := r.step(s, m.Since); ok && said[kindAt(r.Name, s.ID)] < max(step, again) {
			list = append(list, r)
		}
	}
	return list
}

// hearers are who of a group's officers is reminded: those whose it is, or else all.
func hearers(officers []store.Person, whose []store.Role) []store.Person {
	var first []store.Person
	for _, p := range officers {
		if slices.Contains(whose, p.Role) {
			first = append(first, p)
		}
	}
	if len(first) > 0 {
		return first
	}
	return officers
}

// The most that one human is reminded.
const (
	perDay  = 1
	perWeek = 3
)

// capacity tells whether somebody may be reminded on a day, and since when each kind was last said to them.
func capacity(promises []store.ToldOnce, today store.Day) (free bool, said map[string]store.Day) {
	said = map[string]store.Day{}
	onDay, inWeek := 0, 0
	for _, p := range promises {
		if p.What != dialog.RoundRemind {
			continue
		}
		for _, k := range p.Kinds {
			said[k] = max(said[k], p.Day)
		}
		if p.Day > today.Add(7) {
			continue // of a clock that was set back since
		}
		if p.Day >= today {
			onDay++
		}
		if p.Day > today.Add(-7) {
			inWeek++
		}
	}
	return onDay < perDay && inWeek < perWeek, said
}

// reminded is one human with the recipients they are reminded about.
type reminded struct {
	account int64
	person  store.ID // the first of the account's persons: promises and holds are theirs
	of      []Situation
	theirs  map[string]bool // what is theirs to hear, as promises name it
}

// All promises what is due to everybody of some zones, and returns the messages. What each says is looked at again
// when it is sent.
func All(ctx context.Context, tx store.Tx, zones []string, zone *time.Location) ([]store.Message, error) {
	officers, err := tx.Officers(ctx, zones)
	if err != nil {
		return nil, err
	}
	at := map[store.ID][]store.Person{}
	for _, p := range officers {
		at[p.Recipient] = append(at[p.Recipient], p)
	}
	book := Rulebook{Tx: tx, Zone: zone}
	people := map[int64]*reminded{}
	for after := store.ID(0); ; {
		facts, err := tx.EveryStanding(ctx, zones, after, 500)
		if err != nil {
			return nil, err
		}
		if len(facts) == 0 {
			break
		}
		after = facts[len(facts)-1].ID
		list, err := book.Stand(ctx, facts, tx.Now())
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			if when.Holiday(s.Today, s.Rules.Holidays) {
				continue
			}
			for _, r := range Due(s, nil, nil, "") {
				for _, p := range hearers(at[s.ID], r.to) {
					if people[p.Account] == nil {
						people[p.Account] = &reminded{account: p.Account, theirs: map[string]bool{}}
					}
					people[p.Account].hears(r.Name, s)
				}
			}
		}
	}
	first, err := tx.FirstPersons(ctx, slices.Collect(maps.Keys(people)))
	if err != nil {
		return nil, err
	}
	var list []*reminded
	var persons []store.ID
	for account, r := range people {
		r.person = first[account]
		list = append(list, r)
		persons = append(persons, r.person)
	}
	slices.SortFunc(list, func(a, b *reminded) int { return int(a.person - b.person) })
	return queueAll(ctx, tx, list, persons)
}

// hears adds a reminder at a recipient.
func (r *reminded) hears(name string, s Situation) {
	r.theirs[kindAt(name, s.ID)] = true
	if n := len(r.of); n == 0 || r.of[n-1].ID != s.ID {
		r.of = append(r.of, s)
	}
}

func queueAll(ctx context.Context, tx store.Tx, list []*reminded, persons []store.ID) ([]store.Message, error) {
	promises, err := tx.Told(ctx, persons, store.DayOf(tx.Now(), time.UTC).Add(-60))
	if err != nil {
		return nil, err
	}
	said := map[store.ID][]store.ToldOnce{}
	for _, p := range promises {
		said[p.Person] = append(said[p.Person], p)
	}
	off, err := heldBack(ctx, tx, persons)
	if err != nil {
		return nil, err
	}
	var out []store.Message
	for _, r := range list {
		today := r.of[0].Today
		free, left := capacity(said[r.person], today)
		held := off[r.person][holdAll]
		if !free || held >= today {
			continue
		}
		again := store.Day("")
		if held != "" {
			again = held.Add(1)
		}
		var kinds []string
		for _, s := range r.of {
			for _, is := range Due(s, left, switchedOff(off[r.person], today), again) {
				if kind := kindAt(is.Name, s.ID); r.theirs[kind] {
					kinds = append(kinds, kind)
				}
			}
		}
		if len(kinds) == 0 {
			continue
		}
		if err := tx.KeepTold(ctx, store.ToldOnce{
			Person: r.person, What: dialog.RoundRemind, Day: today, At: tx.Now(), Kinds: kinds,
		}); err != nil {
			return nil, err
		}
		out = append(out, dialog.Promised(r.account, r.person, dialog.RoundRemind, today, r.of[0].Zone))
	}
	return out, nil
}

// heldBack is what persons keep from themselves, and until when.
func heldBack(ctx context.Context, tx store.Tx, persons []store.ID) (map[store.ID]map[string]store.Day, error) {
	holds, err := tx.Holds(ctx, persons)
	off := map[store.ID]map[string]store.Day{}
	for _, h := range holds {
		if off[h.Person] == nil {
			off[h.Person] = map[string]store.Day{}
		}
		off[h.Person][h.Kind] = h.Until
	}
	return off, err
}

func switchedOff(holds map[string]store.Day, today store.Day) map[string]bool {
	off := map[string]bool{}
	for kind, until := range holds {
		off[kind] = until >= today
	}
	return off
}

// Reminding is what a reminder says now of the kinds that were promised and are still needed; no words: none is.
func Reminding(
	ctx context.Context, tx store.Tx, p store.Person, kinds []string, zone *time.Location,
) (form.Screen, error) {
	var s form.Screen
	book := Rulebook{Tx: tx, Zone: zone}
	rules := reminders()
	var last store.ID
	var at Situation
	several := len(slices.Compact(slices.Sorted(recipientsIn(kinds)))) > 1
	for _, kind := range kinds {
		name, id, _ := strings.Cut(kind, ":")
		if of := dialog.IDOf(id); of != last {
			fact, err := tx.StandingOf(ctx, of)
			if err != nil {
				return s, err
			}
			list, err := book.Stand(ctx, []store.Standing{fact}, tx.Now())
			if err != nil {
				return s, err
			}
			last, at = of, list[0]
		}
		i := slices.IndexFunc(rules, func(r reminder) bool { return r.Name == name })
		if i < 0 {
			continue // a rule of yesterday's
		}
		m, ok := rules[i].find(at)
		if !ok {
			continue
		}
		group := ""
		if several {
			group = at.Name
		}
		s.Body = append(s.Body, store.Say("remind.line", "What", "remind."+name, "Group", group,
			"Count", strconv.Itoa(m.count), "About", m.about,
			"Day", string(m.Since), "Today", string(at.Today), "Past", isOver(m.Since, at.Today)))
		if slices.ContainsFunc(s.Buttons, func(row []store.Button) bool { return row[0].Data == m.data }) {
			continue
		}
		s.Buttons = append(s.Buttons, []store.Button{
			{Text: store.Say("remind."+name+".do", "Group", dialog.Clip(group, 24), "About", m.about), Data: m.data},
		})
	}
	if len(s.Body) == 0 {
		return s, nil
	}
	s.Body = append([]store.Text{store.Say("remind.head", "Name", p.Name, "Group", at.Name)}, s.Body...)
	s.Buttons = append(s.Buttons, []store.Button{
		{
			Text: store.Say("remind.tomorrow"), Data: dialog.Data("pengingat", "tomorrow"),
		}, {Text: store.Say("remind.week"), Data: dialog.Data("pengingat", "week")},
	}, []store.Button{
		{Text: store.Say("remind.done"), Data: dialog.Data("pengingat", "done")},
		{Text: store.Say("remind.setup"), Data: dialog.Data("pengingat")},
	})
	return s, nil
}

// isOver is "yes" when a day is over.
func isOver(d, today store.Day) string {
	if d < today {
		return "yes"
	}
	return ""
}

func recipientsIn(kinds []string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, k := range kinds {
			_, id, _ := strings.Cut(k, ":")
			if !yield(id) {
				return
			}
		}
	}
}
