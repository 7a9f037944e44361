package parse

import (
	"strconv"
	"time"

	"pendamping/store"
)

var dateNoise = set("hari", "hr", "pada", "di", "nota", "notanya", "struk", "struknya", "kuitansi", "kwitansi", "beli",
	"belinya", "dibeli",
	"itu", "ya", "yaa", "pak", "bu", "bapak", "ibu", "kak", "mas", "mbak", "aja", "saja", "kok", "sih", "deh", "dong",
	"nih", "jadi", "tertanggal",
	"tanggalnya", "tglnya", "wib", "wita", "wit", "yg", "yang", "pagi", "siang", "sore", "malam", "sdh", "sudah",
	"dari", "sejak",
	".", ",", "!", ":", ";", "(", ")", "=")

// Date makes a parser for days as people write them when it is the given day: DD/MM/YY, "23 Nop 2026", "kemarin",
// "2 hari lalu", "tgl 12", "senin kemarin". The day always stands before the month; a year first is ISO order.
//
// A day without a year is the nearest one that is not after today. Days in the future are returned when they are said
// as such. "minggu lalu" (last week, last Sunday), a weekday that is today's, and a date that contradicts its
// weekday have several results.
func Date(today store.Day) func(text string) []store.Day {
	c := calendar{today: today, t: today.Time()}
	return func(text string) []store.Day {
		ts := scan(text)
		if len(ts) > maxTokens {
			return nil
		}
		var found []store.Day
		open := true
		for i := c.town(ts); i < len(ts); {
			if next := ts.clock(i); next > i {
				i = next
				continue
			}
			days, next := c.read(ts, i, true)
			switch {
			case len(days) > 0:
				found, open, i = join(found, days), false, next
				continue
			case next > i:
				return nil
			}
			next = ts.skip(i, dateNoise)
			if t := ts[i]; next == i && !open && (t.is("atau") || t.is("-") || t.is("sampai")) {
				open, next = true, i+1
			} else if next == i && !open && t.is("s") && ts.at(i+1).is("/") && ts.at(i+2).is("d") {
				open, next = true, i+3
			}
			if next == i {
				return nil
			}
			i = next
		}
		if open {
			return nil
		}
		return found
	}
}

// town is the place after where a paper was written, as letters have it: "Sukoharjo, 12 November 2026".
func (c calendar) town(ts tokens) int {
	if _, weekday := weekdays[ts.at(0).text]; weekday {
		return 0
	}
	for i := 1; i < 3 && ts.at(i-1).kind == word; i++ {
		_, relative := c.relative(ts, i-1)
		if ts.at(i).is(",") && c.dated(ts, i+1) && relative == i-1 && !dateNoise[ts[i-1].text] {
			return i + 1
		}
	}
	return 0
}

// calendar reads days from where today stands.
type calendar struct {
	today store.Day
	t     time.Time
}

// read reads one day at i. The second result is the place after it, i when nothing there looks like a day. Something
// that looks like one and is not ("12/13/23") has no days and a place after it. Alone tells that the text is nothing
// but a day, so that forms which could be something else in a caption are taken: "12", "12.11", "12-11".
func (c calendar) read(ts tokens, i int, alone bool) ([]store.Day, int) {
	start := i
	if days, next := c.relative(ts, i); next > i {
		return c.within(days), next
	}
	if w, ok := weekdays[ts.at(i).text]; ok {
		days, next := c.weekday(ts, i, w, alone)
		return c.within(days), next
	}
	marked := false
	if t := ts.at(i); t.is("tgl") || t.is("tanggal") || t.is("tg") {
		for marked, i = true, i+1; ts.at(i).is(".") || ts.at(i).is(":"); i++ {
		}
	}
	days, next := c.written(ts, i, marked, alone)
	if next == i {
		return nil, start
	}
	return c.within(days), next
}

// within drops days outside the years that are understood.
func (c calendar) within(days []store.Day) []store.Day {
	for _, d := range days {
		if d < "2000-01-01" || d > "2099-12-31" || len(d) != 10 {
			return nil
		}
	}
	return days
}

// written reads a day that is said by its number.
func (c calendar) written(ts tokens, i int, marked, alone bool) ([]store.Day, int) {
	t := ts.at(i)
	if t.kind == word {
		if m, ok := months[t.text]; ok { // "November 23, 2026"
			d, okDay := small(ts.at(i+1), 31)
			j := i + 2
			if ts.at(j).is(",") {
				j++
			}
			if y, okYear := year(ts.at(j)); okDay && okYear && len(ts.at(j).text) == 4 {
				return one(store.NewDay(y, m, d)), j + 1
			}
			if okDay && alone && i+2 == len(ts) { // "nop 12"
				return c.past(m, d), i + 2
			}
			return nil, i
		}
		n, next := ts.below1000(i)
		if _, ok := months[ts.at(next).text]; next > i && n > 0 && n <= 31 && (ok || marked) {
			return c.day(ts, next, int(n), marked)
		}
		return nil, i
	}
	if t.kind != number {
		return nil, i
	}
	if parts, next := ts.chain(i); len(parts) > 1 {
		return c.chained(ts, i, parts, next, marked, alone)
	}
	d, ok := small(t, 31)
	if !ok {
		return nil, i
	}
	// "10-12 November": two days of one month.
	if last, ok := small(ts.at(i+2), 31); ok && ts.at(i+1).is("-") && last > d {
		if _, ok := months[ts.at(i+3).text]; ok {
			ends, next := c.day(ts, i+3, last, marked)
			starts, _ := c.day(ts, i+3, d, marked)
			if len(ends) == 1 && len(starts) == 1 {
				return join(starts, ends), next
			}
		}
	}
	if m, ok := small(ts.at(i+1), 12); ok && alone && !marked && ts.at(i+1).gap { // "12 11 2026"
		if y, ok := year(ts.at(i + 2)); ok {
			return one(store.NewDay(y, time.Month(m), d)), i + 3
		}
		return c.past(time.Month(m), d), i + 2
	}
	if alone && !marked && counting(ts.at(i+1)) {
		return nil, i
	}
	days, next := c.day(ts, i+1, d, marked || alone)
	if next == 0 {
		return nil, i
	}
	return days, next
}

// counting tells that the number before is a count or an hour: "2 hari", "2 bulan lalu", "12 siang".
func counting(t token) bool {
	switch t.text {
	case "hari", "hr", "minggu", "mgg", "pekan", "pagi", "siang", "sore", "malam", "wib", "wita", "wit":
		return true
	}
	return false
}

// day goes on after the number of a day: a month's name, "bulan lalu", or nothing when bare days are taken. The place
// is 0 when it is no day.
func (c calendar) day(ts tokens, i, d int, bare bool) ([]store.Day, int) {
	j := i
	for ts.at(j).is("/") || ts.at(j).is("-") || ts.at(j).is(".") {
		j++
	}
	if ts.at(j).is("bulan") || ts.at(j).is("bln") {
		switch m, ok := small(ts.at(j+1), 12); {
		case ok:
			return c.month(ts, j+2, time.Month(m), d)
		case ts.at(j + 1).is("ini"):
			return one(store.NewDay(c.t.Year(), c.t.Month(), d)), j + 2
		// as many months ago
		case ts.ago(j+1) > j+1 && !(ts.at(i-2).is("tgl") || ts.at(i-2).is("tanggal") || ts.at(i-2).is(".")):
			return nil, ts.ago(j + 1)
		case ts.ago(j+1) > j+1:
			first := c.t.AddDate(0, 0, 1-c.t.Day()).AddDate(0, -1, 0)
			return one(store.NewDay(first.Year(), first.Month(), d)), ts.ago(j + 1)
		}
		j++
	}
	m, ok := months[ts.at(j).text]
	if !ok && j > i && ts.attached(j) && !ts.at(i).is(".") && !ts.at(i).gap {
		m, ok = romans[ts.at(j).text]
	}
	switch {
	case ok:
		return c.month(ts, j+1, m, d)
	case !bare:
		return nil, 0
	}
	next := ts.ago(i)
	for back := range 12 {
		first := c.t.AddDate(0, 0, 1-c.t.Day()).AddDate(0, -back, 0)
		found := store.NewDay(first.Year(), first.Month(), d)
		if found != "" && (found < c.today || found == c.today && next == i) {
			return one(found), next
		}
	}
	return nil, next
}

// month goes on after a day and its month: a year, "tahun lalu", or nothing.
func (c calendar) month(ts tokens, i int, m time.Month, d int) ([]store.Day, int) {
	j := i
	for t := ts.at(j); t.is("/") || t.is("-") || t.is(".") || t.is(",") || t.is("'") || t.is("’"); t = ts.at(j) {
		j++
	}
	if ts.at(j).is("tahun") || ts.at(j).is("thn") || ts.at(j).is("th") {
		j++
		if next := ts.ago(j); next > j {
			return one(store.NewDay(c.t.Year()-1, m, d)), next
		}
		if ts.at(j).is("ini") {
			return one(store.NewDay(c.t.Year(), m, d)), j + 1
		}
	}
	y, ok := year(ts.at(j))
	_, scaled := scales[ts.at(j+1).text]
	ok = ok && !scaled
	// Two figures that stand apart may be something else's: "12 nov 25 sak".
	if ok && len(ts.at(j).text) == 2 && !ts.attached(j) {
		after := ts.at(j + 1)
		_, isGoods := goods[after.text]
		last := after.text == "" || after.line || after.kind == symbol // else it may be a count: "8 nov 24 stel"
		ok = (y == c.t.Year() || last && y >= c.t.Year()-1 && y <= c.t.Year()+1) && !ts.at(j).line && !isGoods &&
			j == i &&
			!multiplies(ts.at(j+2)) && !after.is("x") && !after.is("@") &&
			!after.is(":")
	}
	apart := !ts.attached(j)
	if near := y >= c.t.Year()-1 && y <= c.t.Year()+1; ok && apart && !near && ts.at(j+1).kind == number {
		ok = false // "22 nov 2071 7956 2773"
	}
	switch {
	case ok && apart && len(ts.at(j).text) == 2 && y != c.t.Year(): // "8 nov 25": the year, or something else's
		return join(one(store.NewDay(y, m, d)), c.past(m, d)), j + 1
	case ok:
		return one(store.NewDay(y, m, d)), j + 1
	}
	return c.past(m, d), i
}

// past is the nearest such day that is not after today; none where that year has no such day: "29 feb".
func (c calendar) past(m time.Month, d int) []store.Day {
	found := store.NewDay(c.t.Year(), m, d)
	if m > c.t.Month() || m == c.t.Month() && d > c.t.Day() {
		found = store.NewDay(c.t.Year()-1, m, d)
	}
	return one(found)
}

func one(d store.Day) []store.Day {
	if d == "" {
		return nil
	}
	return []store.Day{d}
}

// small reads a plain number from 1 to most, as days and months are written.
func small(t token, most int) (int, bool) {
	if t.kind != number || len(t.text) > 2 {
		return 0, false
	}
	n, err := strconv.Atoi(t.text)
	return n, err == nil && n >= 1 && n <= most
}

// year reads two or four figures; two are of this century.
func year(t token) (int, bool) {
	n, err := strconv.Atoi(t.text)
	switch {
	case t.kind != number || err != nil:
		return 0, false
	case len(t.text) == 2:
		return 2000 + n, true
	}
	return n, len(t.text) == 4 && t.text[0] != '0'
}
