package parse

import (
	"slices"
	"strings"

	"pendamping/store"
)

// Visit is what is said of when a visit was, or will be.
type Visit struct {
	Days    []store.Day
	Clocks  []int // minutes after midnight, several where the hour may be of the night too
	Minutes []int // how long it took
}

// ReadVisit finds days, times and lengths in what is said of a visit on the given day: "tgl 19 jam 9 motivasi 2 jam". A
// day and month that would be long ago are the ones that come: "3/12" in November is a plan.
func ReadVisit(today store.Day, text string) (v Visit) {
	r := reading{text: text, ts: scan(text)}
	r.roles = make([]role, len(r.ts))
	c := calendar{today: today, t: today.Time()}
	for i := 0; i < len(r.ts); {
		if next := v.time(r.ts, i); next > i {
			i = next
			continue
		}
		next := i
		if !r.place(i) {
			var days []store.Day
			if days, next = c.read(r.ts, i, false); next > i {
				v.Days = join(v.Days, c.near(r.ts, i, days))
			}
		}
		if d, ok := small(r.ts[i], 31); ok && next == i && r.ts.at(i+1).is("jam") { // "13 jam 9"
			if days, end := c.day(r.ts, i+1, d, true); len(days) > 0 && end == i+1 {
				v.Days, next = join(v.Days, c.near(r.ts, i, days)), end
			}
		}
		i = max(next, i+1)
	}
	return v
}

// near are the days meant by one without a year that is not of these weeks: the coming one, or both where both are
// near.
func (c calendar) near(ts tokens, i int, days []store.Day) []store.Day {
	if len(days) != 1 || days[0] > c.today.Add(-21) {
		return days
	}
	ahead := func(n int) []store.Day {
		later := calendar{today: c.today.Add(n), t: c.today.Add(n).Time()}
		found, next := later.read(ts, i, false)
		if next == i {
			d, _ := small(ts.at(i), 31)
			found, _ = later.day(ts, i+1, max(d, 1), true)
		}
		if len(found) != 1 || found[0] <= c.today {
			return nil
		}
		return found
	}
	if found := ahead(60); days[0] < c.today.Add(-60) && found != nil {
		return found
	}
	return join(ahead(7), days)
}

// time reads a time of day or a length at i; the place after it, i when there is none.
func (v *Visit) time(ts tokens, i int) int {
	if clocks, next := ts.hour(i, false); next > i {
		if end, after := ts.until(next); after > next && len(clocks) > 0 && len(end) > 0 {
			if n := (end[0] - clocks[0] + 720) % 720; n > 0 {
				v.Minutes = join(v.Minutes, []int{n})
			}
			next = after
		}
		v.Clocks = join(v.Clocks, clocks)
		return next
	}
	minutes, next := ts.length(i, false)
	if next > i {
		v.Minutes = join(v.Minutes, []int{minutes})
	}
	return next
}

// until reads the other end of a time from one hour to another: "jam 9-11", "09.00 s/d 11.00".
func (ts tokens) until(i int) ([]int, int) {
	j := i
	switch t := ts.at(i); {
	case t.is("-"), t.is("–"), t.is("sampai"), t.is("sampe"), t.is("sd"), t.is("hingga"), t.is("smp"):
		j++
	case t.is("s") && ts.at(i+1).is("/") && ts.at(i+2).is("d"):
		j += 3
	default:
		return nil, i
	}
	clocks, next := ts.hour(j, true)
	if next == j {
		return nil, i
	}
	return clocks, next
}

// Clock reads a message that is a time of day, in minutes after midnight: "10.30", "jam setengah 3 sore", "bakda
// ashar".
func Clock(text string) []int {
	ts := scan(text)
	clocks, next := ts.hour(ts.skipAll(0, timeNoise), true)
	if ts.skipAll(next, timeNoise) < len(ts) {
		return nil
	}
	return clocks
}

// Minutes reads a message that is a length of time: "45", "sejam", "1 1/2 jam", "1 jam 30 menit".
func Minutes(text string) []int {
	ts := scan(text)
	n, next := ts.length(ts.skipAll(0, timeNoise), true)
	if n <= 0 || n > 24*60 || ts.skipAll(next, timeNoise) < len(ts) {
		return nil
	}
	return []int{n}
}

var timeNoise = set("wib", "wita", "wit", "ya", "bu", "pak", "aja", "saja", "an", ".", "!", "kira", "sekitar", "kurang",
	"lebih", "mas", "mbak", "tadi", "selama", "-", ",", "?")

// skipAll is the place after all words that add nothing.
func (ts tokens) skipAll(i int, noise map[string]bool) int {
	for i < len(ts) && noise[ts[i].text] {
		i++
	}
	return i
}

// prayers are times that people go by. When they are shifts with the sun, so there are two to choose from.
var prayers = map[string][]int{
	"subuh": {5 * 60, 5*60 + 30}, "dzuhur": {12*60 + 30, 13 * 60}, "zuhur": {12*60 + 30, 13 * 60},
	"dhuhur": {12*60 + 30, 13 * 60}, "lohor": {12*60 + 30, 13 * 60}, "luhur": {12*60 + 30, 13 * 60},
	"duhur": {12*60 + 30, 13 * 60}, "ashar": {15*60 + 30, 16 * 60}, "asar": {15*60 + 30, 16 * 60},
	"asyar": {15*60 + 30, 16 * 60}, "magrib": {18*60 + 15, 18*60 + 30}, "maghrib": {18*60 + 15, 18*60 + 30},
	"isya": {19*60 + 30, 20 * 60}, "isyak": {19*60 + 30, 20 * 60}, "jumatan": {13 * 60, 13*60 + 30},
}

var afterPrayer = set("bakda", "ba'da", "bada", "bakdo", "bakdho", "habis", "sehabis", "setelah", "abis", "selepas",
	"usai", "sesudah", "hbs", "stlh")

// parts are the parts of the day, with the hours that each has: the first and the last, on a clock of 24.
var parts = map[string][2]int{
	"pagi": {0, 11}, "subuh": {3, 5}, "siang": {10, 17}, "sore": {13, 19}, "petang": {13, 19}, "malam": {18, 28},
	"mlm": {18, 28}, "pg": {0, 11}, "siank": {10, 17}, "dini": {0, 5},
}

// hour reads a time of day at i. Alone tells that a bare number is one. The second result is the place after it, i when
// there is none; without values it looks like a time, and is none: "jam 25".
func (ts tokens) hour(i int, alone bool) (clocks []int, next int) {
	start := i
	if afterPrayer[ts.at(i).text] {
		for i++; ts.at(i).is("sholat") || ts.at(i).is("shalat") || ts.at(i).is("salat"); i++ {
		}
		if found := prayers[ts.at(i).text]; found != nil {
			return found, i + 1
		}
		return nil, start
	}
	marked := false
	if t := ts.at(i); t.is("jam") || t.is("pukul") || t.is("pkl") || t.is("jm") || t.is("pk") {
		for marked, i = true, i+1; ts.at(i).is(".") || ts.at(i).is(":"); i++ {
		}
	}
	half := ts.at(i).is("setengah") || ts.at(i).is("stengah")
	if half {
		i++
	}
	h, minute, exact, next := ts.figureClock(i)
	if next == i && (marked || half) {
		n, after := ts.below1000(i)
		h, next = int(n), after
	}
	if next == i {
		return nil, start
	}
	minute, next = ts.around(minute, next)
	part, in := parts[ts.at(next).text]
	if in {
		next++
		if ts.at(next-1).is("dini") && ts.at(next).is("hari") {
			next++
		}
		minute, next = ts.around(minute, next)
	} else if marked {
		part, in = parts[ts.at(start-1).text] // "rabu malam jam 7"
	}
	if zones[ts.at(next).text] {
		next++
	}
	switch bare := !marked && !in && !exact; {
	case bare && !alone, half && !marked && !in && !alone:
		return nil, start
	case !marked && ts.lasts(next) && !in:
		return nil, start
	case h > 23 || minute > 59 || minute < -59:
		return nil, next
	}
	at := h*60 + minute - 30*btoi(half)
	padded := ts.at(i).kind == number && ts.at(i).text[0] == '0'
	switch {
	case in:
		return ts.within(at, h, part), next
	case h >= 1 && h <= 5 && !padded:
		return []int{at + 720, (at + 1440) % 1440}, next // of the afternoon, or of the night
	}
	return []int{(at + 1440) % 1440}, next
}

var zones = set("wib", "wita", "wit")

// lasts tells that a length's word stands at i, so that the number before it is no time of day.
func (ts tokens) lasts(i int) bool {
	switch ts.at(i).text {
	case "jam", "menit", "mnt", "hari", "kali", "orang", "%":
		return true
	}
	return false
}

// within is a time in its part of the day.
func (ts tokens) within(at, h int, part [2]int) []int {
	for _, later := range []int{0, 720, 1440} {
		if hour := h + later/60; hour >= part[0] && hour <= part[1] {
			return []int{(at + later + 1440) % 1440}
		}
	}
	if h >= 12 { // "14.00 pagi": the figures hold
		return []int{(at + 1440) % 1440}
	}
	return nil
}

// figureClock reads the hour and minute in figures. Exact tells that there are both.
func (ts tokens) figureClock(i int) (h, minute int, exact bool, next int) {
	t := ts.at(i)
	if t.kind != number {
		return 0, 0, false, i
	}
	hours, minutes, dotted := strings.Cut(strings.Replace(t.text, ",", ".", 1), ".")
	next = i + 1
	if !dotted && ts.at(next).is(":") && ts.attached(next) && ts.at(next+1).kind == number && ts.attached(next+1) {
		minutes, dotted, next = ts[next+1].text, true, next+2
	}
	h, ok := smallFrom0(hours, 24)
	if !ok || dotted && len(minutes) != 2 {
		return 0, 0, false, i
	}
	if !dotted {
		return h, 0, false, next
	}
	minute, ok = smallFrom0(minutes, 59)
	if !ok || strings.Contains(t.text, ",") {
		return 0, 0, false, i
	}
	return h, minute, true, next
}

func smallFrom0(s string, most int) (int, bool) {
	n := 0
	for _, c := range s {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, len(s) > 0 && len(s) <= 2 && n <= most
}

// around adds "lewat 15" and takes "kurang 10 menit" away.
func (ts tokens) around(minute, i int) (int, int) {
	sign := 1
	switch t := ts.at(i); {
	case t.is("kurang"), t.is("krg"):
		sign = -1
	case t.is("lewat"), t.is("lebih"), t.is("liwat"):
	default:
		return minute, i
	}
	n, next := ts.below1000(i + 1)
	if m, ok := small(ts.at(i+1), 59); ok {
		n, next = int64(m), i+2
	} else if ts.at(i + 1).is("seperempat") {
		n, next = 15, i+2
	}
	if next == i+1 || n > 59 {
		return minute, i
	}
	if ts.at(next).is("menit") || ts.at(next).is("mnt") {
		next++
	}
	return minute + sign*int(n), next
}

// length reads a length of time in minutes at i. Alone tells that a bare number is one. The place is i when there is
// none.
func (ts tokens) length(i int, alone bool) (minutes, next int) {
	start := i
	if ts.at(i).is("selama") {
		i++
	}
	hundredths, next := ts.hours(i)
	switch t := ts.at(next); {
	case next == i:
		return 0, start
	case t.is("jam") || t.is("j") && alone || next > i && ts.at(next-1).is("sejam"):
		if !ts.at(next-1).is("sejam") || t.is("jam") {
			next++
		}
		minutes = hundredths * 60 / 100
	case t.is("menit") || t.is("mnt") || t.is("m") && alone:
		return hundredths / 100, next + 1
	case alone && hundredths%100 == 0 && ts.at(i).kind == number:
		return hundredths / 100, next
	default:
		return 0, start
	}
	if ts.at(next).is("setengah") || ts.at(next).is("½") {
		return minutes + 30, next + 1
	}
	j := next
	if ts.at(j).is("lebih") || ts.at(j).is("lewat") {
		j++
	}
	n, after := ts.below1000(j)
	if m, ok := small(ts.at(j), 59); ok {
		n, after = int64(m), j+1
	}
	if after == j {
		return minutes, next
	}
	if ts.at(after).is("menit") || ts.at(after).is("mnt") || ts.at(after).is("m") {
		return minutes + int(n), after + 1
	}
	if alone {
		return minutes + int(n), after
	}
	if n <= 24 && ts.at(j).kind == number { // "13 jam 9": a day and an hour
		return 0, start
	}
	return minutes, next
}

// hours reads a number of hours or minutes, in hundredths: "sejam", "1 1/2", "1,5", "satu setengah".
func (ts tokens) hours(i int) (hundredths, next int) {
	if ts.at(i).is("sejam") {
		return 100, i + 1
	}
	if up, down, ok := ts.slash(i); ok && ts.at(i+3).is("jam") {
		return int(up * 100 / down), i + 3
	}
	n, next := ts.numeral(i, false)
	if next == i {
		return 0, i
	}
	if up, down, ok := ts.slash(next); ok && n.whole >= 0 && ts.at(next+3).is("jam") { // "1 1/2 jam"
		return int(n.whole*100 + up*100/down), next + 3
	}
	switch {
	case n.places > 0 && n.places < 3:
		return int(n.digits * 100 / pow10(n.places)), next
	case n.whole >= 0 && n.whole < 2000 && n.groups == 0:
		return int(n.whole * 100), next
	}
	return 0, i
}

// clock is the place after a time of day, i when there is none.
func (ts tokens) clock(i int) int {
	t := ts.at(i)
	if t.kind == number && !ts.at(i+1).is(":") || t.kind == word && !slices.Contains(clockWords, t.text) {
		return i
	}
	_, next := ts.hour(i, false)
	if next > i && ts.at(next).is(":") && ts.attached(next) && ts.at(next+1).kind == number { // seconds
		next += 2
	}
	return next
}

// clockWords are those that say in any text that an hour follows.
var clockWords = []string{"jam", "pukul", "pkl", "bakda", "ba'da"}
