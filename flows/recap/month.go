package recap

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/layout"
	"pendamping/store"
)

// Recap is a month of a mentor's work, as the log has it.
type Recap struct {
	Month        string    // "2026-11"
	Until        time.Time // the end of the month, or when the recap is made, whichever is first; at the mentor's place
	Mentor       string
	Code         string
	Organisation string
	Program      string // its name
	Groups       []Group
	Visits       []Visit           // that begin in the month, oldest first
	Open         []Visit           // of months before, with a follow-up that is not done
	Roles        map[string]string // of activities, by their codes: motivator, fasilitator, inovator
	Initiatives  []Initiative
	Letters      Letters
	Pictures     []layout.Picture
	Unprinted    int // pictures of the month that there is no room for
}

// Group is a recipient at the time when the recap is made.
type Group struct {
	store.Standing
	Progress int            // of the LPJ, in percent
	From     int            // at the first visit of the month; the same as now when there was none
	Now      store.Snapshot // of the business in this month; the zero Snapshot when there is none
	Before   store.Snapshot // the newest of an earlier month
}

// Visit is a visit with what it says of its recipient; its times are at the recipient's place.
type Visit struct {
	store.Visit
	Group    string
	Village  string
	Regency  string
	Pictures int
}

// Initiative is a referral or an idea with its recipient's name.
type Initiative struct {
	store.Initiative
	Group string
}

// Letters counts a mentor's letters of the month.
type Letters struct {
	Sent, Answered, Unreached int
	Groups                    int // to how many
}

// in are the visits in one of some states.
func (r Recap) in(states ...store.VisitState) []Visit {
	var list []Visit
	for _, v := range r.Visits {
		if slices.Contains(states, v.State) {
			list = append(list, v)
		}
	}
	return list
}

// held are the visits that took place, contacts too.
func (r Recap) held() []Visit { return r.in(store.VisitHeld) }

// count counts visits.
func count(list []Visit, is func(Visit) bool) int {
	n := 0
	for _, v := range list {
		if is(v) {
			n++
		}
	}
	return n
}

func met(v Visit) bool     { return v.Mode == store.InPerson }
func far(v Visit) bool     { return v.Mode == store.ByPhone || v.Mode == store.Online }
func contact(v Visit) bool { return v.Mode == store.Contact }

// Words of the group's on a visit; who was called or written to is not asked.
func confirmed(v Visit) bool { return v.Word.By != 0 && v.Word.Yes }
func denied(v Visit) bool    { return v.Word.By != 0 && !v.Word.Yes }
func unsaid(v Visit) bool    { return v.Word.By == 0 && !contact(v) }

// without are the groups that nobody visited or called in the month.
func (r Recap) without() []string {
	seen := map[store.ID]bool{}
	for _, v := range r.held() {
		seen[v.Recipient] = true
	}
	var names []string
	for _, g := range r.Groups {
		if !seen[g.ID] {
			names = append(names, g.Name)
		}
	}
	return names
}

// problems are the visits on which there was something to solve, those of months before first.
func (r Recap) problems() []Visit {
	list := slices.Clone(r.Open)
	for _, v := range r.in(store.VisitHeld, store.VisitMissed) {
		if v.Problem != "" || v.FollowUp != "" {
			list = append(list, v)
		}
	}
	return list
}

// follow is how a follow-up stands: none, solved, late or open.
func (r Recap) follow(v Visit) string {
	switch {
	case v.FollowUp == "":
		return "none"
	case !v.Solved.IsZero():
		return "solved"
	case v.Due != "" && v.Due < store.DayOf(r.Until, r.Until.Location()):
		return "late"
	}
	return "open"
}

// week is a span of days of the month, from Monday to Sunday as far as it lies in it.
type week struct{ first, last int }

func (w week) String() string {
	if w.first == w.last {
		return strconv.Itoa(w.first)
	}
	return strconv.Itoa(w.first) + "–" + strconv.Itoa(w.last)
}

// weeks are the weeks of a month.
func weeks(month string) []week {
	first := store.Day(month + "-01").Time()
	if first.IsZero() {
		return nil
	}
	last := first.AddDate(0, 1, -1).Day()
	var list []week
	for day := 1; day <= last; {
		left := (7 - int(first.AddDate(0, 0, day-1).Weekday())) % 7 // days to Sunday
		end := min(day+left, last)
		list = append(list, week{day, end})
		day = end + 1
	}
	return list
}

// deed is something that was done, how often, and for how many groups.
type deed struct {
	role, code string
	times      int
	groups     int
}

// roles are those of a mentor, in the programme's order; what belongs to none of them comes last.
var roles = []string{"motivator", "fasilitator", "inovator"}

// deeds counts what was done on visits, by role.
func (r Recap) deeds() []deed {
	times, groups := map[string]int{}, map[string]map[store.ID]bool{}
	for _, v := range r.held() {
		for _, code := range v.Acts {
			times[code]++
			if groups[code] == nil {
				groups[code] = map[store.ID]bool{}
			}
			groups[code][v.Recipient] = true
		}
	}
	var list []deed
	for code, n := range times {
		list = append(list, deed{r.roleOf(code), code, n, len(groups[code])})
	}
	place := func(role string) int {
		if i := slices.Index(roles, role); i >= 0 {
			return i
		}
		return len(roles)
	}
	slices.SortFunc(list, func(a, b deed) int {
		return cmp.Or(place(a.role)-place(b.role), b.times-a.times, strings.Compare(a.code, b.code))
	})
	return list
}

// roleOf is the role that an activity belongs to; "" for none of them.
func (r Recap) roleOf(code string) string {
	if role := r.Roles[code]; slices.Contains(roles, role) {
		return role
	}
	return ""
}

// place is where groups were accompanied, and how often.
type place struct {
	regency, village string
	groups           []string
	visits           int
}

// places are the villages of the groups, by name.
func (r Recap) places() []place {
	found := map[[2]string]*place{}
	at := func(regency, village string) *place {
		k := [2]string{regency, village}
		if found[k] == nil {
			found[k] = &place{regency: regency, village: village}
		}
		return found[k]
	}
	for _, g := range r.Groups {
		p := at(g.Regency, g.Village)
		p.groups = append(p.groups, g.Name)
	}
	for _, v := range r.held() {
		if !met(v) {
			continue
		}
		p := at(v.Regency, v.Village)
		p.visits++
		if !slices.Contains(p.groups, v.Group) {
			p.groups = append(p.groups, v.Group)
		}
	}
	var list []place
	for _, p := range found {
		list = append(list, *p)
	}
	slices.SortFunc(list, func(a, b place) int {
		return cmp.Or(strings.Compare(a.regency, b.regency), strings.Compare(a.village, b.village))
	})
	return list
}

// reasons are why visits came to nothing, with how often, the most frequent first.
func (r Recap) reasons() []deed {
	times := map[string]int{}
	for _, v := range r.in(store.VisitMissed) {
		times[v.Reason]++
	}
	var list []deed
	for code, n := range times {
		list = append(list, deed{code: code, times: n})
	}
	slices.SortFunc(list, func(a, b deed) int { return cmp.Or(b.times-a.times, strings.Compare(a.code, b.code)) })
	return list
}
