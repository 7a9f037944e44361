package flows

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/store"
)

// standing is how a recipient stands today, with the rules it is pinned to.
type standing struct {
	store.Standing
	rules store.Rules
	zone  *time.Location
	today store.Day
}

// matter is what a rule finds at a recipient: since which day, how many, of which notas, and where to go for it.
type matter struct {
	since store.Day
	count int
	about string // numbers, days or rupiah, for the words
	data  string // of the button
}

// duty is a rule of what a mentor is to do. It applies while find finds something; nothing else closes it.
type duty struct {
	name   string // its words are duty.NAME, its button's duty.NAME.do
	weight int    // the heavier, the higher in the list
	window int    // days in which it can be done, from since
	find   func(standing) (matter, bool)
}

// duties are a mentor's, and all there is to know about them.
func duties() []duty {
	return []duty{
		{"late", 90, 6, func(s standing) (matter, bool) {
			due := s.due()
			return matter{since: due.Add(1), about: string(due), data: s.lpj()}, due != "" && s.today > due && !handedIn(s.Report.State)
		}},
		{"planned", 80, 0, func(s standing) (matter, bool) {
			return s.first(s.Planned, "kunjungan:v")
		}},
		{"lpj", 70, 14, func(s standing) (matter, bool) {
			due := s.due()
			m := matter{since: due.Add(-14), count: progressOf(s.Standing), about: string(due), data: s.lpj()}
			return m, due != "" && s.today >= m.since && s.today <= due && !handedIn(s.Report.State)
		}},
		{"report", 75, 3, func(s standing) (matter, bool) {
			m := matter{since: s.day(s.Report.At), data: "lpjcard:" + idText(s.Report.ID)}
			return m, s.Report.State == store.ReportSent && !slices.Contains(s.Report.Hands, s.Mentor)
		}},
		{"letter", 65, 2, func(s standing) (matter, bool) {
			return s.first(s.Letters, "thread:")
		}},
		{"review", 60, 3, func(s standing) (matter, bool) {
			return matter{since: s.day(s.Submitted.Since), count: s.Submitted.Count, data: "tinjau:g" + idText(s.ID)}, s.Submitted.Count > 0
		}},
		{"plan", 60, 3, func(s standing) (matter, bool) {
			return matter{since: s.day(s.Plan.At), data: "desk:plan:" + idText(s.Plan.ID)}, s.Plan.ID != 0
		}},
		{"mend", 58, 6, func(s standing) (matter, bool) { return s.lpjFor(2, store.ReportReturned) }},
		{"sign", 56, 6, func(s standing) (matter, bool) { return s.lpjFor(2, store.ReportVerified) }},
		{"upload", 56, 6, func(s standing) (matter, bool) { return s.lpjFor(2, store.ReportSigned) }},
		{"follow", 55, 2, func(s standing) (matter, bool) {
			m, ok := s.first(s.FollowUps, "kunjungan:v")
			m.since = m.since.Add(-2)
			return m, ok && s.today >= m.since
		}},
		{"contact", 50, 6, func(s standing) (matter, bool) {
			last := s.day(s.LastVisit)
			m := matter{since: max(last, s.Disbursed), about: string(last), data: "kunjungan:g" + idText(s.ID)}
			if m.since == "" {
				return m, false
			}
			m.since = m.since.Add(s.rules.ContactWithin())
			return m, s.today >= m.since
		}},
		{"empty", 45, 6, func(s standing) (matter, bool) {
			if !s.empty() {
				return matter{}, false
			}
			m := matter{since: s.Disbursed.Add(14), data: s.nudge("kosong")}
			return m, s.today >= m.since
		}},
		{"returned", 40, 6, func(s standing) (matter, bool) {
			return s.pile(s.Returned, 3, "betulkan")
		}},
		{"unfinished", 30, 6, func(s standing) (matter, bool) {
			return s.pile(s.Unfinished, 3, "kurang")
		}},
		{"unsaid", 20, 6, func(s standing) (matter, bool) {
			m, ok := s.first(s.fresh(s.Unsaid), "kunjungan:v")
			m.since = m.since.Add(3)
			return m, ok && s.Heard && s.today >= m.since
		}},
		{"result", 15, 13, func(s standing) (matter, bool) { return s.lpjFor(14, store.ReportUploaded) }},
	}
}

// empty tells that money came of which no nota tells, nor that it went back.
func (s standing) empty() bool {
	return s.Disbursed != "" && s.Received > 0 && s.Left > 0 && s.Counted+s.Unfinished.Count == 0
}

// lpjIs finds an LPJ in a state, since it came into it.
func (s standing) lpjIs(data string, state store.ReportState) (matter, bool) {
	day := s.day(s.Step)
	return matter{since: day, about: string(day), data: data}, s.Report.State == state && day != ""
}

// lpjFor finds an LPJ that has been in a state for some days.
func (s standing) lpjFor(days int, state store.ReportState) (matter, bool) {
	m, ok := s.lpjIs(s.lpj(), state)
	if ok {
		m.since = m.since.Add(days)
	}
	return m, ok && s.today >= m.since
}

// askable is for how many days a group may be asked about a visit: later nobody remembers.
const askable = 30

// fresh are those of some visits about which a group can still be asked.
func (s standing) fresh(list []store.Open) []store.Open {
	return slices.DeleteFunc(slices.Clone(list), func(o store.Open) bool { return s.day(o.At).Add(askable) < s.today })
}

// due is the LPJ's last day, with the extension that was granted.
func (s standing) due() store.Day { return max(s.rules.Due(s.Disbursed), s.Until) }

func (s standing) lpj() string { return "lpj:g" + idText(s.ID) }

// nudge is the button of a letter to the group about one cause of nudges.
func (s standing) nudge(cause string) string { return "nudge:" + cause + ":" + idText(s.ID) }

// day is a time's day at the recipient's place; "" for none.
func (s standing) day(t time.Time) store.Day {
	if t.IsZero() {
		return ""
	}
	return store.DayOf(t, s.zone)
}

// first is the oldest of some records, if its day has come.
func (s standing) first(list []store.Open, data string) (matter, bool) {
	if len(list) == 0 {
		return matter{}, false
	}
	m := matter{since: s.day(list[0].At), count: len(list), data: data + idText(list[0].ID)}
	m.about = string(m.since)
	return m, s.today >= m.since || data == "kunjungan:v" && m.since <= s.today.Add(2)
}

// pile are notas that lie there for some days.
func (s standing) pile(p store.Pile, days int, cause string) (matter, bool) {
	if p.Count == 0 {
		return matter{}, false
	}
	m := matter{since: s.day(p.Since).Add(days), count: p.Count, about: numbered(p.Numbers, p.Count), data: s.nudge(cause)}
	return m, s.today >= m.since
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
	matter
	standing
}

// until is the last day of its window.
func (t task) until() store.Day { return t.since.Add(t.window) }

// urgency is by what the worst comes first: the rule's weight, and each day past the window.
func (t task) urgency() int {
	late := int(t.today.Time().Sub(t.until().Time()).Hours() / 24)
	return t.weight + 2*min(max(late, 0), 15)
}

// tasks are what is to be done at some recipients today, worst first.
func tasks(list []standing) []task {
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
		return cmp.Or(cmp.Compare(b.urgency(), a.urgency()), strings.Compare(string(a.since), string(b.since)))
	})
	return found
}

// rulebook knows the rules of the programmes that were asked for.
type rulebook struct {
	tx    store.Tx
	known map[store.ID]store.Rules
	zone  *time.Location // of a recipient whose province says nothing
}

// stand is how recipients stand at a time.
func (b *rulebook) stand(ctx context.Context, list []store.Standing, at time.Time) ([]standing, error) {
	out := make([]standing, len(list))
	zones := map[string]*time.Location{}
	for i, s := range list {
		rules, ok := b.known[s.Program]
		if !ok {
			p, err := b.tx.Program(ctx, s.Program)
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
			zones[s.Zone] = placed(s.Zone, b.zone)
		}
		zone := zones[s.Zone]
		out[i] = standing{s, rules, zone, store.DayOf(at, zone)}
	}
	return out, nil
}

// placed is a zone by its name, or the default where there is none.
func placed(name string, zone *time.Location) *time.Location {
	if l, err := time.LoadLocation(name); err == nil && name != "" {
		return l
	}
	return zone
}
