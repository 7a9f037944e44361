package when

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/flows/parse"
	"pendamping/store"
)

// Whenever asks when letters are to be sent.
func Whenever(to *SendTime, now time.Time, zone *time.Location) *form.AskQuestion[SendTime] {
	read := SendTimes(now, zone)
	tomorrow := store.DayOf(now, zone).Add(1)
	var offers []form.Choice[SendTime]
	for _, t := range []time.Time{
		onDay(tomorrow.Add(-1), 16, 0, zone), onDay(tomorrow, 8, 0, zone), onDay(tomorrow, 16, 0, zone),
	} {
		if t.After(now) {
			v := SendTime(t.Format(time.RFC3339))
			offers = append(offers, form.Choice[SendTime]{
				Value: v, Text: store.Say("nudge.when.choice", "Value", string(v)),
			})
		}
	}
	return form.Ask("when", to, read).Offer(offers...).Extract(read).Refuse(func(v SendTime) *store.Text {
		var no store.Text
		switch at := v.Time(now); {
		case at.Before(now):
			no = store.Say("nudge.when.past")
		case at.After(now.AddDate(0, 0, Farthest)):
			no = store.Say("nudge.when.far", "Most", strconv.Itoa(Farthest))
		default:
			return nil
		}
		return &no
	})
}

// GoesAt is when a letter goes out, or went.
func GoesAt(l store.Letter) time.Time {
	if l.Due.IsZero() {
		return l.At
	}
	return l.Due
}

// SendTime is when a letter is to be sent: RFC 3339, or AtOnce.
type SendTime string

const (
	// AtOnce sends a letter now.
	AtOnce SendTime = "now"

	// Farthest is how many days ahead a letter can be made ready.
	Farthest = 60
)

// Time is the instant that is meant; now for AtOnce.
func (s SendTime) Time(now time.Time) time.Time {
	t, err := time.Parse(time.RFC3339, string(s))
	if err != nil {
		return now
	}
	return t
}

var (
	timeOfDay = regexp.MustCompile(
		`(?:(?:jam|pukul|pkl)\.?\s*(\d{1,2})(?:[.:](\d{2}))?|\b(\d{1,2})[.:](\d{2}))\b(?:\s*(pagi|siang|sore|malam))?(?:\s*wi(?:b|ta|t))?`)
	gone    = regexp.MustCompile(`\b(?:kemarin|kmrn|kemaren|lalu|tadi|lusa kemarin)\b`)
	dayPart = regexp.MustCompile(`\b(?:(\d{1,2})\s*)?(pagi|siang|sore|malam)\b`)
)

// partHours are when a part of the day is meant that comes without an hour.
var partHours = map[string]int{"pagi": 8, "siang": 13, "sore": 16, "malam": 19}

// SendTimes makes a parser for times that lie ahead: "besok 08.00", "jam 4 sore", "senin pagi", "24/11 jam 9".
func SendTimes(now time.Time, zone *time.Location) func(string) []SendTime {
	today := store.DayOf(now, zone)
	return func(text string) []SendTime {
		if t, err := time.Parse(time.RFC3339, text); err == nil || text == string(AtOnce) {
			if err != nil {
				return []SendTime{AtOnce}
			}
			return []SendTime{SendTime(t.Format(time.RFC3339))}
		}
		words := strings.ToLower(strings.TrimSpace(text))
		if words == "sekarang" || words == "sekarang juga" {
			return []SendTime{AtOnce}
		}
		hour, minute, rest, timed := clockIn(words)
		rest = strings.Trim(strings.TrimPrefix(strings.TrimSpace(rest), "nanti"), " ,.")
		if rest == "" && !timed {
			return nil
		}
		days := []store.Day{today}
		if rest != "" {
			days = dayAhead(today, rest)
		} else if !onDay(today, hour, minute, zone).After(now) {
			days = []store.Day{today.Add(1)}
		}
		if !timed {
			hour = partHours["pagi"]
		}
		var list []SendTime
		for _, d := range days {
			list = append(list, SendTime(onDay(d, hour, minute, zone).Format(time.RFC3339)))
		}
		return list
	}
}

func onDay(d store.Day, hour, minute int, zone *time.Location) time.Time {
	t := d.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), hour, minute, 0, 0, zone)
}

// clockIn finds a time of day; rest is what else is said.
func clockIn(words string) (hour, minute int, rest string, ok bool) {
	for _, at := range timeOfDay.FindAllStringSubmatchIndex(words, -1) {
		if after := words[at[1]:]; after != "" && strings.ContainsAny(after[:1], "./-") && len(after) > 1 &&
			after[1] >= '0' && after[1] <= '9' {
			continue // a day: 24.11.2026
		}
		group := func(i int) string {
			if at[2*i] < 0 {
				return ""
			}
			return words[at[2*i]:at[2*i+1]]
		}
		hour, minute = inPart(dialog.NumberOf(group(1)+group(3)), group(5)), dialog.NumberOf(group(2)+group(4))
		if hour > 23 || minute > 59 {
			return 0, 0, words, false
		}
		return hour, minute, words[:at[0]] + " " + words[at[1]:], true
	}
	if m := dayPart.FindStringSubmatchIndex(words); m != nil {
		part := words[m[4]:m[5]]
		hour = partHours[part]
		if m[2] >= 0 {
			hour = inPart(dialog.NumberOf(words[m[2]:m[3]]), part)
		}
		return hour, 0, words[:m[0]] + " " + words[m[1]:], hour <= 23
	}
	return 0, 0, words, false
}

// inPart is an hour in its part of the day: 4 in the sore is 16.
func inPart(hour int, part string) int {
	switch {
	case part == "sore" && hour < 12, part == "malam" && hour < 12 && hour > 4, part == "siang" && hour < 6:
		return hour + 12
	}
	return hour
}

// dayAhead reads a day; what has no year, month or week is the next one, not the last.
func dayAhead(today store.Day, text string) []store.Day {
	days := parse.Date(today)(text)
	if len(days) != 1 || days[0] >= today || gone.MatchString(text) ||
		strings.Contains(text, days[0].Time().Format("2006")) {
		return days
	}
	for _, n := range []int{6, 27, 364} { // a week, a month, a year, without today's
		if later := parse.Date(today.Add(n))(text); len(later) == 1 && later[0] > today {
			return later
		}
	}
	return days
}
