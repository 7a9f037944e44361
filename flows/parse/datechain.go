package parse

import (
	"strings"
	"time"

	"pendamping/store"
)

// chain reads figures joined by one separator without spaces: 12/11/26, 2026-11-23, 12.11.2026. Spaces around slashes
// are forgiven. The place is the one after the last of them.
func (ts tokens) chain(i int) (parts []token, next int) {
	t := ts.at(i)
	if strings.ContainsRune(t.text, '.') && !strings.ContainsRune(t.text, ',') {
		for p := range strings.SplitSeq(t.text, ".") {
			parts = append(parts, token{kind: number, text: p})
		}
		return parts, i + 1
	}
	parts = append(parts, t)
	sep := ts.at(i + 1).text
	if !strokes[sep] {
		return parts, i + 1
	}
	slash, loose := sep == "/" || sep == "\\", false
	glued := 1 // parts without a space between them
	for next = i + 1; ts.at(next).is(sep) && ts.at(next+1).kind == number; next += 2 {
		loose = loose || !slash && (ts.at(next).gap || ts.at(next+1).gap)
		parts = append(parts, ts[next+1])
		if !loose {
			glued++
		}
	}
	if loose && (len(parts) != 3 || len(parts[2].text) != 4) { // "12 - 11 - 2026", but not "25rb - 10rb"
		return parts[:glued], i + 2*glued - 1
	}
	return parts, next
}

// strokes join the figures of a day.
var strokes = set("/", "-", "–", "—", "‐", "‑", "\\")

// chained reads a day from figures in a chain.
func (c calendar) chained(ts tokens, i int, parts []token, next int, marked, alone bool) ([]store.Day, int) {
	sep := ts.at(i + 1).text
	if strokes[sep] && sep != "/" && sep != "\\" {
		sep = "-"
	}
	dotted := next == i+1
	if sep == "-" && len(parts) == 2 { // "10-12 November"
		if _, ok := months[ts.at(next).text]; ok {
			d, ok1 := small(parts[0], 31)
			last, ok2 := small(parts[1], 31)
			if ok1 && ok2 && d < last {
				starts, _ := c.day(ts, next, d, false)
				ends, end := c.day(ts, next, last, false)
				return join(starts, ends), end
			}
		}
	}
	if len(parts) == 2 {
		if !marked && !alone {
			_, _, fraction := ts.slash(i)
			if dotted || sep == "-" || fraction || numbered(ts.at(i-1)) || numbered(ts.at(i-2)) && ts.at(i-1).is(".") {
				return nil, i
			}
		}
		if dotted && len(parts[0].text) > 2 || sep == "-" && !marked && !alone {
			return nil, i
		}
	}
	if dotted && !alone && !marked && len(parts[len(parts)-1].text) == 3 {
		return nil, i // an amount
	}
	d, okDay := small(parts[0], 31)
	m, okMonth := small(parts[1], 12)
	switch {
	case len(parts) == 3 && len(parts[0].text) == 4:
		y, okYear := year(parts[0])
		d, okDay = small(parts[2], 31)
		if okYear && okDay && okMonth {
			return one(store.NewDay(y, time.Month(m), d)), next
		}
	case !okDay || !okMonth:
	case len(parts) == 3:
		if y, ok := year(parts[2]); ok {
			return one(store.NewDay(y, time.Month(m), d)), next
		}
	case len(parts) == 2:
		if ts.at(next).is("/") || ts.at(next).is("-") && ts.attached(next) {
			return nil, next
		}
		if t := ts.at(next); !t.line && (t.is("tahun") || t.is("thn")) {
			return c.month(ts, next, time.Month(m), d)
		}
		if y, ok := year(ts.at(next)); ok && alone {
			return one(store.NewDay(y, time.Month(m), d)), next + 1
		}
		if last, _ := small(parts[1], 31); sep == "-" && marked && d < last { // "tgl 5-7": July, or two days
			first, _ := c.day(ts, next, d, true)
			second, _ := c.day(ts, next, last, true)
			return join(c.past(time.Month(m), d), first, second), next
		}
		return c.past(time.Month(m), d), next
	}
	return nil, next
}

// numbered are words whose figures are addresses and serials.
func numbered(t token) bool {
	switch t.text {
	case "rt", "rw", "no", "nomor", "nmr", "jl", "jln", "jalan", "gg", "gang", "blok", "blk", "km", "kode", "inv",
		"kav", "uk", "ukuran", "size":
		return true
	}
	return false
}
