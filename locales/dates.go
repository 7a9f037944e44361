package locales

import (
	"fmt"
	"time"
)

// moment reads an RFC 3339 day or time, and leaves it in the zone it is written in.
func moment(s string) (time.Time, bool) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, true
	}
	t, err := time.Parse(time.RFC3339, s)
	return t, err == nil
}

// date writes a day: 23 November 2026.
func (p *speech) date(s string) string {
	t, ok := moment(s)
	if !ok {
		return s
	}
	return fmt.Sprintf("%d %s %d", t.Day(), p.months[t.Month()-1], t.Year())
}

// weekday writes a day with its name: Senin, 23 November 2026.
func (p *speech) weekday(s string) string {
	t, ok := moment(s)
	if !ok {
		return s
	}
	return p.days[t.Weekday()] + ", " + p.date(s)
}

// day writes the name of a day: Senin.
func (p *speech) day(s string) string {
	t, ok := moment(s)
	if !ok {
		return s
	}
	return p.days[t.Weekday()]
}

// month writes the month of a day, or one alone like 2026-11: November 2026.
func (p *speech) month(s string) string {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		var ok bool
		if t, ok = moment(s); !ok {
			return s
		}
	}
	return fmt.Sprintf("%s %d", p.months[t.Month()-1], t.Year())
}

// clock writes the time of day: 09.30.
func (p *speech) clock(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return s
	}
	return t.Format(p.hour)
}

// zones are Indonesia's, by how far they are from UTC.
var zones = map[string]string{"+07:00": "WIB", "+08:00": "WITA", "+09:00": "WIT", "Z": "UTC"}

// zone names the zone of a moment: WIB.
func zone(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return ""
	}
	offset := t.Format("Z07:00")
	if name, ok := zones[offset]; ok {
		return name
	}
	return "UTC" + offset
}
