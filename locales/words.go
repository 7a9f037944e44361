package locales

import "strings"

var satuan = [...]string{"nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan",
	"sepuluh",
	"sebelas"}

var ribuan = [...]string{"", "ribu", "juta", "miliar", "triliun", "kuadriliun", "kuintiliun"}

// spellIndonesian spells a number as a kuitansi does: seribu seratus, sebelas ribu, satu juta.
func spellIndonesian(n uint64) string {
	return spell(n, satuan[0], func(three, power int) string {
		if three == 1 && power == 1 {
			return "seribu"
		}
		return join(hundredsIndonesian(three), ribuan[power])
	})
}

func hundredsIndonesian(n int) string {
	switch {
	case n < len(satuan):
		return satuan[n]
	case n < 20:
		return satuan[n-10] + " belas"
	case n < 100:
		return join(satuan[n/10]+" puluh", rest(n%10, hundredsIndonesian))
	case n < 200:
		return join("seratus", rest(n%100, hundredsIndonesian))
	}
	return join(satuan[n/100]+" ratus", rest(n%100, hundredsIndonesian))
}

var units = [...]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
	"twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"}

var tens = [...]string{"", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}

var thousands = [...]string{"", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion"}

// spellEnglish spells a number without "and": one hundred twenty-one.
func spellEnglish(n uint64) string {
	return spell(n, units[0], func(three, power int) string { return join(hundredsEnglish(three), thousands[power]) })
}

func hundredsEnglish(n int) string {
	switch {
	case n < len(units):
		return units[n]
	case n < 100 && n%10 == 0:
		return tens[n/10]
	case n < 100:
		return tens[n/10] + "-" + units[n%10]
	}
	return join(units[n/100]+" hundred", rest(n%100, hundredsEnglish))
}

// spell joins what say makes of each three digits, given with their power of a thousand; zeros are silent.
func spell(n uint64, zero string, say func(three, power int) string) string {
	if n == 0 {
		return zero
	}
	words := ""
	for power := 0; n > 0; power++ {
		if three := int(n % 1000); three > 0 {
			words = join(say(three, power), words)
		}
		n /= 1000
	}
	return words
}

func rest(n int, spell func(int) string) string {
	if n == 0 {
		return ""
	}
	return spell(n)
}

func join(a, b string) string { return strings.TrimSpace(a + " " + b) }
