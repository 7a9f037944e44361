package remind

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/store"
)

// Situation is how a recipient stands today, with the rules it is pinned to.
type Situation struct {
	store.Standing
	Rules    store.Rules
	Location *time.Location
	Today    store.Day
}

// finding is what a rule finds at a recipient: since which day, how many, of which notas, and where to go for it.
type finding struct {
	Since store.Day
	count int
	about string // numbers, days or rupiah, for the words
	data  string // of the button
}

// duty is a rule of what a mentor is to do. It applies while find finds something; nothing else closes it.
type duty struct {
	Rule   string // its words are duty.NAME, its button's duty.NAME.do
	weight int    // the heavier, the higher in the list
	window int    // days in which it can be done, from since
	find   func(Situation) (finding, bool)
}

// duties are a mentor's, and all there is to know about them.
func duties() []duty {
	return []duty{
		{"late", 90, 6, func(s Situation) (finding, bool) {
			due := s.due()
			return finding{Since: due.Add(1), about: string(due), data: s.lpj()}, due != "" && s.Today > due &&
				!HandedIn(s.Report.State)
		}},
		{"planned", 80, 0, func(s Situation) (finding, bool) {
			m, _ := s.first(s.Planned, aVisit)
			return m, m.count > 0 && m.Since <= s.Today.Add(2)
		}},
		{"lpj", 70, 14, func(s Situation) (finding, bool) {
			due := s.due()
			m := finding{Since: due.Add(-14), count: BookkeepingPercent(s.Standing), about: string(due), data: s.lpj()}
			return m, due != "" && s.Today >= m.Since && s.Today <= due && !HandedIn(s.Report.State)
		}},
		{"report", 75, 3, func(s Situation) (finding, bool) {
			m := finding{Since: s.day(s.Report.At), data: dialog.Data("lpjcard", s.Report.ID)}
			return m, s.Report.State == store.ReportSent && !slices.Contains(s.Report.Hands, s.Mentor)
		}},
		{"letter", 65, 2, func(s Situation) (finding, bool) {
			return s.first(s.Letters, aLetter)
		}},
		{"review", 60, 3, func(s Situation) (finding, bool) {
			return finding{
				Since: s.day(s.Submitted.Since), count: s.Submitted.Count,
				data: dialog.Data("tinjau", dialog.Letter("g", s.ID)),
			}, s.Submitted.Count > 0
		}},
		{"plan", 60, 3, func(s Situation) (finding, bool) {
			return finding{Since: s.day(s.Plan.At), data: dialog.Data("desk", "plan", s.Plan.ID)}, s.Plan.ID != 0
		}},
		{"mend", 58, 6, func(s Situation) (finding, bool) { return s.lpjFor(2, store.ReportReturned) }},
		{"sign", 56, 6, func(s Situation) (finding, bool) { return s.lpjFor(2, store.ReportVerified) }},
		{"upload", 56, 6, func(s Situation) (finding, bool) { return s.lpjFor(2, store.ReportSigned) }},
		{"follow", 55, 2, func(s Situation) (finding, bool) {
			m, _ := s.first(s.FollowUps, aVisit)
			m.Since = m.Since.Add(-2)
			return m, m.count > 0 && s.Today >= m.Since
		}},
		{"contact", 50, 6, func(s Situation) (finding, bool) {
			last := s.day(s.LastVisit)
			m := finding{
				Since: max(last, s.Disbursed), about: string(last),
				data: dialog.Data("kunjungan", dialog.Letter("g", s.ID)),
			}
			if m.Since == "" {
				return m, false
			}
			m.Since = m.Since.Add(s.Rules.ContactWithin())
			return m, s.Today >= m.Since
		}},
		{"empty", 45, 6, func(s Situation) (finding, bool) {
			if !s.empty() {
				return finding{}, false
			}
			m := finding{Since: s.Disbursed.Add(14), data: s.nudge("kosong")}
			return m, s.Today >= m.Since
		}},
		{"returned", 40, 6, func(s Situation) (finding, bool) {
			return s.pile(s.Returned, 3, "betulkan")
		}},
		{"unfinished", 30, 6, func(s Situation) (finding, bool) {
			return s.pile(s.Unfinished, 3, "kurang")
		}},
		{"unsaid", 20, 6, func(s Situation) (finding, bool) {
			m, ok := s.first(s.fresh(s.Unsaid), aVisit)
			m.Since = m.Since.Add(3)
			return m, ok && s.Heard && s.Today >= m.Since
		}},
		{"result", 15, 13, func(s Situation) (finding, bool) { return s.lpjFor(14, store.ReportUploaded) }},
	}
}

// empty tells that money came of which no nota tells, nor that it went back.
func (s Situation) empty() bool {
	return s.Disbursed != "" && s.Received > 0 && s.Left > 0 && s.Counted+s.Unfinished.Count == 0
}

// lpjIs finds an LPJ in a state, since it came into it.
func (s Situation) lpjIs(data string, state store.ReportState) (finding, bool) {
	day := s.day(s.Step)
	return finding{Since: day, about: string(day), data: data}, s.Report.State == state && day != ""
}

// lpjFor finds an LPJ that has been in a state for some days.
func (s Situation) lpjFor(days int, state store.ReportState) (finding, bool) {
	m, ok := s.lpjIs(s.lpj(), state)
	if ok {
		m.Since = m.Since.Add(days)
	}
	return m, ok && s.Today >= m.Since
}

// askable is for how many days a group may be asked about a visit: later nobody remembers.
const askable = 30

// fresh are those of some visits about which a group can still be asked.
func (s Situation) fresh(list []store.Open) []store.Open {
	return slices.DeleteFunc(slices.Clone(list), func(o store.Open) bool { return s.day(o.At).Add(askable) < s.Today })
}

// due is the LPJ's last day, with the extension that was granted.
func (s Situation) due() store.Day { return max(s.Rules.Due(s.Disbursed), s.Until) }

func (s Situation) lpj() string { return dialog.Data("lpj", dialog.Letter("g", s.ID)) }

// nudge is the button of a letter to the group about one cause of nudges.
func (s Situation) nudge(cause string) string { return dialog.Data("nudge", cause, s.ID) }

// day is a time's day at the recipient's place; "" for none.
func (s Situation) day(t time.Time) store.Day {
	if t.IsZero() {
		return ""
	}
	return store.DayOf(t, s.Location)
}

// aVisit and aLetter are the buttons of records.
func aVisit(id store.ID) string  { return dialog.Data("kunjungan", dialog.Letter("v", id)) }
func aLetter(id store.ID) string { return dialog.Data("thread", id) }

// first is the oldest of some records, if its day has come.
func (s Situation) first(list []store.Open, to func(store.ID) string) (finding, bool) {
	if len(list) == 0 {
		return finding{}, false
	}
	m := finding{Since: s.day(list[0].At), count: len(list), data: to(list[0].ID)}
	m.about = string(m.Since)
	return m, s.Today >= m.Since
}

// pile are notas that lie there for some days.
func (s Situation) pile(p store.Backlog, days int, cause string) (finding, bool) {
	if p.Count == 0 {
		return finding{}, false
	}
	m := finding{
		Since: s.day(p.Since).Add(days), count: p.Count, about: numbered(p.Numbers, p.Count), data: s.nudge(cause),
	}
	return m, s.Today >= m.Since
}

// numbered names the first notas of a pile: "#3, #5, #9, …".
func numbered(numbers []int, count int) string {
	var words []string
	for _, n := range numbers {
		words = append(words, "#"+strconv.Itoa(n))
	}
	if count > len(numbers) {
		words = append(words, "…")
	}
	return strings.Join(words, ", ")
}

// task is a duty that applies at a recipient.
type task struct {
	duty
	finding
	Situation
}

// LastDay is the last day of its window.
func (t task) LastDay() store.Day { return t.Since.Add(t.window) }

// urgency is by what the worst comes first: the rule's weight, and each day past the window.
func (t task) urgency() int {
	late := int(t.Today.Time().Sub(t.LastDay().Time()).Hours() / 24)
	return t.weight + 2*min(max(late, 0), 15)
}

// Tasks are what is to be done at some recipients today, worst first.
func Tasks(list []Situation) []task {
	var found []task
	rules := duties()
	for _, s := range list {
		for _, d := range rules {
			if m, ok := d.find(s); ok {
				found = append(found, task{d, m, s})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b task) int {
		return cmp.Or(cmp.Compare(b.urgency(), a.urgency()), strings.Compare(string(a.Since), string(b.Since)))
	})
	return found
}

// Rulebook knows the rules of the programmes that were asked for.
type Rulebook struct {
	Tx    store.Tx
	known map[store.ID]store.Rules
	Zone  *time.Location // of a recipient whose province says nothing
}

// Stand is how recipients stand at a time.
func (b *Rulebook) Stand(ctx context.Context, list []store.Standing, at time.Time) ([]Situation, error) {
	out := make([]Situation, len(list))
	zones := map[string]*time.Location{}
	for i, s := range list {
		rules, ok := b.known[s.Program]
		if !ok {
			p, err := b.Tx.Program(ctx, s.Program)
			if err != nil {
				return nil, err
			}
			if b.known == nil {
				b.known = map[store.ID]store.Rules{}
			}
			rules = p.Rules
			b.known[s.Program] = rules
		}
		if zones[s.Zone] == nil {
			zones[s.Zone] = dialog.Placed(s.Zone, b.Zone)
		}
		zone := zones[s.Zone]
		out[i] = Situation{s, rules, zone, store.DayOf(at, zone)}
	}
	return out, nil
}

// HandedIn tells whether an LPJ is out of the group's hands.
func HandedIn(s store.ReportState) bool {
	return s != dialog.None && s != store.ReportDrafted && s != store.ReportReturned
}

// BookkeepingPercent is how far a recipient's bookkeeping has come, in percent, where it is told of many at once: half
// for rupiah with a nota, half for notas that somebody independent has verified. That of one LPJ is counted from its
// checks.
func BookkeepingPercent(s store.Standing) int {
	share := func(part, whole int64) int64 {
		if whole <= 0 {
			return 0
		}
		return min(max(part*50/whole, 0), 50)
	}
	return int(share(int64(s.Received-s.Left), int64(s.Received)) + share(int64(s.Checked), int64(s.Counted)))
}
