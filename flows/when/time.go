package when

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/store"
)

// Hour is a time of day, "09:30". In sentences it is a moment, so that each language writes it in its way.
type Hour string

// String is the hour as data has it.
func (h Hour) String() string {
	if h == "" {
		return ""
	}
	return "2000-01-01T" + string(h) + ":00Z"
}

// Typed is the hour as one types it.
func (h Hour) Typed() string { return strings.Replace(string(h), ":", ".", 1) }

// On is that hour of a day at a place.
func (h Hour) On(d store.Day, at *time.Location) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", string(d)+" "+string(h), at)
	if err != nil {
		return time.Time{}
	}
	return t
}

// ClockOf is an instant's hour and minute at a place.
func ClockOf(t time.Time, at *time.Location) Hour { return Hour(t.In(at).Format("15:04")) }

// At is the person with the zone and the day of a recipient.
func At(w dialog.Who, now time.Time, of store.Recipient) dialog.Who {
	w.Zone = dialog.Placed(of.Zone, w.Zone)
	w.Today = store.DayOf(now, w.Zone)
	return w
}

// Awake is when a group's people may be told something: at once (the zero time), or when the quiet hours are over.
func Awake(w dialog.Who, now time.Time) time.Time {
	if at := dialog.QuietUntil(now, w.Zone); at.After(now) {
		return at
	}
	return time.Time{}
}

// DayOf returns the day on which a kept visit began, as answers have it; "" of one that is not kept.
func DayOf(v store.Visit, who dialog.Who) string {
	if v.Start.IsZero() {
		return ""
	}
	return string(store.DayOf(v.Start, who.Zone))
}

// ClockText is a visit's hour as its person's clock has it, "" where it has none.
func ClockText(v store.Visit, who dialog.Who) string {
	if v.Start.IsZero() {
		return ""
	}
	return ClockOf(v.Start, who.Zone).String()
}

// Hours reads a time of day as people write it: "10.30", "jam 2 siang", "setengah 3 sore".
func Hours(text string) (list []Hour) {
	for _, at := range parse.Clock(text) {
		list = append(list, HourAt(at))
	}
	return list
}

// HourAt is the hour so many minutes after midnight.
func HourAt(minutes int) Hour { return Hour(fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)) }

// Coming makes a parser for days that lie ahead: what has no year, month or week is the next one, not the last.
func Coming(today store.Day) func(string) []store.Day {
	return func(text string) []store.Day {
		days := parse.Date(today)(text)
		if len(days) != 1 || days[0] >= today || SaysAny(text, []string{"kemarin", "kmrn", "lalu", "tadi"}) ||
			strings.Contains(text, days[0].Time().Format("2006")) {
			return days
		}
		for _, ahead := range []int{6, 27, 364} { // a week, a month, a year, without today's
			later := parse.Date(today.Add(ahead))(text)
			if len(later) == 1 && later[0] > today {
				return later
			}
		}
		return days
	}
}

// NotYet refuses a day that has not come, past one that is over.
func NotYet(today store.Day) func(store.Day) *store.Text {
	return func(d store.Day) *store.Text {
		if d <= today {
			return nil
		}
		t := store.Say("visit.day.future", "Day", string(d))
		return &t
	}
}

// Past refuses a day before today.
func Past(today store.Day) func(store.Day) *store.Text {
	return func(d store.Day) *store.Text {
		if d >= today {
			return nil
		}
		t := store.Say("visit.day.past", "Day", string(d))
		return &t
	}
}

// SomeHours are hours at which many visits begin, those that can be taken.
func SomeHours(refuse func(Hour) *store.Text) (list []form.Choice[Hour]) {
	for _, h := range []Hour{"09:00", "10:00", "13:00", "15:00"} {
		if refuse(h) != nil {
			continue
		}
		list = append(list, form.Choice[Hour]{Value: h, Text: store.Say("visit.clock.choice", "Value", h.String())})
	}
	return list
}

// SomeMinutes are lengths of a visit to choose from.
func SomeMinutes() (list []form.Choice[int]) {
	for _, n := range []int{15, 30, 60, 120} {
		list = append(list, form.Choice[int]{
			Value: n, Text: store.Say("visit.minutes.choice", "Value", strconv.Itoa(n)),
		})
	}
	return list
}

// SomeDays are the days until which most follow-ups are done.
func SomeDays(today store.Day) (list []form.Choice[store.Day]) {
	for _, n := range []int{7, 14, 30} {
		list = append(list, form.Choice[store.Day]{
			Value: today.Add(n), Text: store.Say("visit.due.choice", "Value", string(today.Add(n))),
		})
	}
	return list
}

var problems = regexp.MustCompile(`(?i)^(?:masalah|kendala|problem)(?:nya)?\s*:?\s+(.+)$`)

// ProblemIn finds a problem in words that begin with saying that they are one.
func ProblemIn(text string) []string {
	m := problems.FindStringSubmatch(strings.Join(strings.Fields(text), " "))
	if m == nil {
		return nil
	}
	return form.Text(m[1])
}
