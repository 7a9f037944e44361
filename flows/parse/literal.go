package parse

import (
	"math"
	"strconv"
	"strings"
)

// literal is a number in digits and what its separators may mean. Exactly one of whole and places may be missing.
type literal struct {
	whole  int64 // its value when separators group thousands; -1 when they can't
	groups int   // how many separators group thousands
	digits int64 // its value as a fraction is digits/10^places
	places int   // 0 when it can't be a fraction
	comma  bool  // the separator is a comma
	full   bool  // written out to the sen: "1.500.000,00"
	padded bool  // begins with a zero that counts nothing: "0812", "05"
	length int   // how many digits stand before any fraction
}

// readLiteral reads digits with points and commas. It refuses separators that are in no order.
func readLiteral(s string) (literal, bool) {
	l := literal{whole: -1}
	first := strings.IndexAny(s, ".,")
	if first < 0 {
		n, err := strconv.ParseInt(s, 10, 64)
		l.whole, l.length, l.padded = n, len(s), len(s) > 1 && s[0] == '0'
		return l, err == nil && len(s) <= 18
	}
	sep := s[first]
	l.comma = sep == ','
	last := strings.LastIndexAny(s, ".,")
	head, tail := s[:last], s[last+1:]
	if s[last] != sep || last == first && len(tail) <= 2 && strings.Trim(tail, "0") == "" {
		// Sen: there are none, so only zeros make sense.
		if strings.Trim(tail, "0") != "" || len(tail) > 2 {
			return l, false
		}
		l.full, l.whole, l.groups = true, -1, strings.Count(head, string(sep))
		if last == first {
			l.groups = 0
		}
		if n, ok := group(head, sep); ok {
			l.whole, l.length = n, len(head)-l.groups
			l.padded = len(head) > 1 && head[0] == '0'
			return l, true
		}
		return l, false
	}
	n, ok := group(s, sep)
	if ok && s[0] != '0' {
		l.whole, l.groups, l.length = n, strings.Count(s, string(sep)), len(s)
	}
	if last != first {
		return l, l.whole >= 0
	}
	if len(head) > 9 || len(tail) > 6 || len(head) > 1 && head[0] == '0' {
		return l, l.whole >= 0
	}
	l.digits, _ = strconv.ParseInt(head+tail, 10, 64)
	l.places = len(tail)
	return l, true
}

// group reads digits in groups of three; digits without a separator are one group of any length.
func group(s string, sep byte) (int64, bool) {
	parts := strings.Split(s, string(sep))
	for i, p := range parts {
		if i > 0 && len(p) != 3 || i == 0 && len(parts) > 1 && len(p) > 3 || strings.ContainsAny(p, ".,") {
			return 0, false
		}
	}
	s = strings.Join(parts, "")
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && len(s) <= 18
}

// bare lists what the number means as money when no "ribu" or "juta" stands with it. Money tells that "Rp" or "rupiah"
// does.
func (l literal) bare(money bool) []int64 {
	if l.padded {
		return nil
	}
	n := l.whole
	switch {
	case n < 0 && l.places > 3:
		return nil
	case n < 0: // only a fraction: of a million or of a thousand
		million, thousand := l.times(1_000_000), l.times(1000)
		if l.digits < 10*pow10(l.places) {
			return join(million, thousand)
		}
		return join(thousand, million)
	case money && l.groups == 1 && l.comma && !l.full && n < 10_000:
		return []int64{n, n * 1000}
	case money || n == 0:
		return []int64{n}
	case n < 100:
		return []int64{n * 1000, n * 1_000_000, n}
	case n < 1000:
		return []int64{n * 1000, n}
	case l.groups == 1 && !l.full && n < 10_000:
		return []int64{n, n * 1000}
	case l.groups == 0 && l.length >= 10: // a telephone or an account
		return nil
	}
	return []int64{n}
}

// scaled lists what the number means before "ribu" or "juta".
func (l literal) scaled(scale int64) []int64 {
	if l.padded {
		return nil
	}
	var whole []int64
	if l.whole >= 0 {
		n, ok := times(l.whole, scale)
		if !ok {
			return nil
		}
		whole = []int64{n}
	}
	switch {
	case l.whole < 0:
		return l.times(scale)
	case l.groups == 1 && !l.full && l.places > 0 && (l.comma || scale > 1000):
		return join(l.times(scale), whole)
	case l.whole >= 10_000: // "50.000rb" says it twice, or means it
		return join([]int64{l.whole}, whole)
	}
	return whole
}

// times is the fraction times a scale, when that is a whole number.
func (l literal) times(scale int64) []int64 {
	n, ok := times(l.digits, scale)
	if p := pow10(l.places); ok && l.places > 0 && n%p == 0 {
		return []int64{n / p}
	}
	return nil
}

func times(a, b int64) (int64, bool) {
	if a != 0 && b > math.MaxInt64/a {
		return 0, false
	}
	return a * b, true
}

func pow10(n int) int64 {
	p := int64(1)
	for ; n > 0; n-- {
		p *= 10
	}
	return p
}

// join appends what is not there yet.
func join[T comparable](to []T, more ...[]T) []T {
	for _, vs := range more {
	next:
		for _, v := range vs {
			for _, known := range to {
				if known == v {
					continue next
				}
			}
			to = append(to, v)
		}
	}
	return to
}
