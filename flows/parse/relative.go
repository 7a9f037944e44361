package parse

import (
	"time"

	"pendamping/store"
)

// relative reads days said from today: "kemarin", "hari ini", "2 hari yang lalu", "seminggu lalu".
func (c calendar) relative(ts tokens, i int) ([]store.Day, int) {
	t, then := ts.at(i), ts.at(i+1)
	switch t.text {
	case "hari", "hr", "hri":
		if then.is("ini") {
			return one(c.today), i + 2
		}
	case "sekarang", "skrg", "skr", "barusan", "today":
		return one(c.today), i + 1
	case "tadi", "td", "tdi":
		switch then.text {
		case "malam", "mlm":
			return []store.Day{c.today.Add(-1), c.today}, i + 2
		case "pagi", "siang", "sore", "subuh", "petang":
			return one(c.today), i + 2
		}
		return one(c.today), i + 1
	case "semalam", "semalem":
		return []store.Day{c.today.Add(-1), c.today}, i + 1
	case "kemarin", "kmrn", "kmarin", "kemaren", "kmren", "kmaren", "kemarn", "kmr", "kmrin", "kemrin", "kemarim",
		"wingi", "yesterday":
		j := i + 1
		if then.is("lusa") || then.is("dulu") || then.is("dl") {
			return one(c.today.Add(-2)), i + 2
		}
		if then.is("hari") || then.is("hr") {
			j++
		}
		if w, ok := weekdays[ts.at(j).text]; ok && !c.dated(ts, j+1) {
			if w == time.Sunday && j == i+1 {
				return c.lastWeek(), j + 1
			}
			return one(c.before(w)), j + 1
		}
		return one(c.today.Add(-1)), i + 1
	case "malam", "mlm": // Saturday evening is "malam minggu"
		w, ok := weekdays[then.text]
		if !ok || c.dated(ts, i+2) {
			return nil, i
		}
		days, next := c.weekday(ts, i+1, w, false)
		if len(days) == 1 && days[0] == c.today.Add(-6) { // tonight too
			days = []store.Day{c.today.Add(1), days[0]}
		}
		for k := range days {
			days[k] = days[k].Add(-1)
		}
		return days, next
	case "awal":
		if then.is("bulan") {
			first := c.today.Add(1 - c.t.Day())
			return []store.Day{first, first.Add(1), first.Add(2)}, i + 2 + btoi(ts.at(i+2).is("ini"))
		}
	case "sebulan":
		if next := ts.ago(i + 1); next > i+1 {
			return c.monthAgo(), next
		}
	case "lusa":
		return one(c.today.Add(2)), i + 1
	case "besok", "bsk", "besuk", "esok":
		return one(c.today.Add(1)), i + 1
	case "sehari":
		return c.away(ts, i+1, 1, i)
	case "seminggu":
		return c.away(ts, i+1, 7, i)
	}
	n, next := ts.below1000(i)
	if t.kind == number {
		d, ok := small(t, 99)
		if !ok {
			return nil, i
		}
		n, next = int64(d), i+1
	}
	if next == i || n == 0 {
		return nil, i
	}
	switch ts.at(next).text {
	case "bulan", "bln":
		if past := ts.ago(next + 1); n == 1 && past > next+1 {
			return c.monthAgo(), past
		}
	case "hari", "hr":
		return c.away(ts, next+1, int(n), i)
	case "minggu", "mgg", "pekan":
		return c.away(ts, next+1, int(n)*7, i)
	}
	return nil, i
}

// monthAgo are the days that "sebulan lalu" may mean: the same of last month, or thirty days ago.
func (c calendar) monthAgo() []store.Day {
	same := c.t.AddDate(0, -1, 0)
	return join([]store.Day{store.NewDay(same.Year(), same.Month(), same.Day())}, []store.Day{c.today.Add(-30)})
}

// away reads the direction after a number of days: ago or ahead.
func (c calendar) away(ts tokens, i, days, start int) ([]store.Day, int) {
	if next := ts.ago(i); next > i {
		return one(c.today.Add(-days)), next
	}
	if ts.at(i).is("lagi") || ts.at(i).is("mendatang") {
		return one(c.today.Add(days)), i + 1
	}
	return nil, start
}

// ago is the place after "lalu", "yang lalu", "kemarin"; i when there is none.
func (ts tokens) ago(i int) int {
	start := i
	if t := ts.at(i); t.is("yang") || t.is("yg") {
		i++
	}
	switch ts.at(i).text {
	case "lalu", "kemarin", "kmrn", "kemaren", "kmren", "kmaren", "wingi", "lewat", "silam", "sebelumnya":
		return i + 1
	}
	return start
}

// weekday reads a day of the week and what tells which one: "lalu", "ini", "minggu lalu", a date.
func (c calendar) weekday(ts tokens, i int, w time.Weekday, alone bool) ([]store.Day, int) {
	named := w != time.Sunday || !ts.at(i).is("minggu") && !ts.at(i).is("mgg") || ts.at(i-1).is("hari") ||
		ts.at(i-1).is("hr") || ts.at(i-1).is("malam") || ts.at(i-1).is("mlm")
	i++
	j := i
	for ts.at(j).is(",") || ts.at(j).is("(") {
		j++
	}
	if c.dated(ts, j) {
		days, next := c.read(ts, j, alone)
		if len(days) == 1 && days[0].Time().Weekday() != w {
			ahead := (int(w) - int(days[0].Time().Weekday()) + 7) % 7
			if ahead > 3 {
				ahead -= 7
			}
			return append(days, days[0].Add(ahead)), next
		}
		return days, next
	}
	monday := c.today.Add(-((int(c.t.Weekday()) + 6) % 7))
	inWeek := (int(w) + 6) % 7
	if t := ts.at(i); t.is("minggu") || t.is("mgg") || t.is("pekan") {
		if next := ts.ago(i + 1); next > i+1 {
			return one(monday.Add(inWeek - 7)), next
		}
		switch ts.at(i + 1).text {
		case "ini":
			return one(monday.Add(inWeek)), i + 2
		case "depan":
			return one(monday.Add(inWeek + 7)), i + 2
		}
	}
	if next := ts.ago(i); next > i {
		switch {
		case !named:
			return c.lastWeek(), next
		case ts.at(next-1).is("lalu") && c.before(w) >= monday: // this week's, or last week's
			return []store.Day{c.before(w), c.before(w).Add(-7)}, next
		}
		return one(c.before(w)), next
	}
	switch ts.at(i).text {
	case "ini":
		if !named {
			return nil, i + 1
		}
		return one(monday.Add(inWeek)), i + 1
	case "depan":
		if !named {
			return nil, i + 1
		}
		return one(c.before(w).Add(7 + 7*btoi(c.t.Weekday() == w))), i + 1
	}
	if c.t.Weekday() == w {
		return []store.Day{c.today, c.today.Add(-7)}, i
	}
	return one(c.before(w)), i
}

// dated tells whether a full date stands at i.
func (c calendar) dated(ts tokens, i int) bool {
	t := ts.at(i)
	if t.is("tgl") || t.is("tanggal") {
		return true
	}
	if t.kind != number {
		n, next := ts.below1000(i)
		_, ok := months[ts.at(next).text]
		return n > 0 && ok
	}
	_, named := months[ts.at(i+1).text]
	parts, _ := ts.chain(i)
	return named || len(parts) > 2 || len(parts) == 2 && ts.at(i+1).is("/") || ts.at(i+1).is("-") &&
		months[ts.at(i+2).text] > 0
}

// before is the last such weekday before today.
func (c calendar) before(w time.Weekday) store.Day {
	back := (int(c.t.Weekday()) - int(w) + 7) % 7
	if back == 0 {
		back = 7
	}
	return c.today.Add(-back)
}

// lastWeek is what "minggu lalu" may mean: Sunday, or a week ago. On a Sunday these are one day, and last
// week may still be any day since: it is asked all the same.
func (c calendar) lastWeek() []store.Day {
	sunday, week := c.before(time.Sunday), c.today.Add(-7)
	if sunday == week {
		return []store.Day{sunday, c.today.Add(-1)}
	}
	return []store.Day{sunday, week}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
