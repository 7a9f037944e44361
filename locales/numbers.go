package locales

import (
	"strconv"
	"strings"
)

// rupiah writes an amount as Indonesian law and trade do, in every language: Rp1.500.000, -Rp5.000.
func rupiah(s string) string {
	minus, digits, ok := integer(s)
	if !ok {
		return s
	}
	return minus + "Rp" + grouped(digits, ".")
}

// number writes a whole number with its thousands apart: 1.500.
func (p *speech) number(s string) string {
	minus, digits, ok := integer(s)
	if !ok {
		return s
	}
	return minus + grouped(digits, p.group)
}

// many counts things in a language that tells one from many: 1 day, 3 days.
func (p *speech) many(s, one, other string) string {
	if s == "1" {
		return s + " " + one
	}
	return p.number(s) + " " + other
}

// volume writes a decimal number: 1,5.
func (p *speech) volume(s string) string {
	whole, part, found := strings.Cut(s, ".")
	if !found {
		return p.number(s)
	}
	minus, digits, ok := integer(whole)
	if !ok || !isDigits(part) {
		return s
	}
	return minus + grouped(digits, p.group) + p.point + part
}

// words spells an amount out (terbilang): satu juta lima ratus ribu rupiah.
func (p *speech) words(s string) string {
	minus, digits, ok := integer(s)
	if !ok {
		return s
	}
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return s
	}
	if minus != "" {
		minus = p.minus
	}
	return minus + p.spell(n) + " rupiah"
}

// integer takes a whole number apart into "-" or nothing, and digits without leading zeros.
func integer(s string) (minus, digits string, ok bool) {
	digits, below := strings.CutPrefix(s, "-")
	if !isDigits(digits) {
		return "", "", false
	}
	if below {
		minus = "-"
	}
	last := len(digits) - 1
	return minus, strings.TrimLeft(digits[:last], "0") + digits[last:], true
}

func isDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}

func grouped(digits, by string) string {
	if len(digits) <= 3 {
		return digits
	}
	var b strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(by)
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}
