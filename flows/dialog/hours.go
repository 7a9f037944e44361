package dialog

import "time"

// still is a time of day at which nobody is reminded of anything.
type still struct {
	only     bool // on that day of the week, else every day
	day      time.Weekday
	from, to time.Duration // since midnight; to is over already
}

// stillHours are the night, and the Friday prayer.
var stillHours = []still{
	{from: 20 * time.Hour, to: 24 * time.Hour},
	{from: 0, to: 8 * time.Hour},
	{only: true, day: time.Friday, from: 11*time.Hour + 30*time.Minute, to: 13 * time.Hour},
}

// QuietUntil is the first moment, from that one on, at which somebody there may be reminded of something.
func QuietUntil(at time.Time, zone *time.Location) time.Time {
	for moved := true; moved; {
		moved = false
		local := at.In(zone)
		midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, zone)
		for _, q := range stillHours {
			if (q.only && q.day != local.Weekday()) || local.Before(midnight.Add(q.from)) ||
				!local.Before(midnight.Add(q.to)) {
				continue
			}
			at, moved = midnight.Add(q.to).UTC(), true
			break
		}
	}
	return at
}
