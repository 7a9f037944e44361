package faketelegram

import (
	"strconv"
	"strings"
	"unicode/utf16"
)

func width(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// units counts the UTF-16 units of a text.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += width(r)
	}
	return n
}

// htmlEntity decodes what starts with "&"; the four names that Telegram knows and numbers, else the character itself.
func htmlEntity(s string) (rune, int) {
	for name, r := range map[string]rune{"&lt": '<', "&gt": '>', "&amp": '&', "&quot": '"'} {
		if strings.HasPrefix(s, name) {
			n := len(name)
			if n < len(s) && s[n] == ';' {
				n++
			} else if n < len(s) && isAlnum(s[n]) {
				continue
			}
			return r, n
		}
	}
	if strings.HasPrefix(s, "&#") {
		digits, base, n := s[2:], 10, 2
		if strings.HasPrefix(digits, "x") {
			digits, base, n = digits[1:], 16, 3
		}
		end := 0
		for end < len(digits) && isAlnum(digits[end]) {
			end++
		}
		if v, err := strconv.ParseInt(digits[:end], base, 32); err == nil && v > 0 && v < 0x10ffff {
			n += end
			if n < len(s) && s[n] == ';' {
				n++
			}
			return rune(v), n
		}
	}
	return '&', 1
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == 0
}

// linkable says roughly what Telegram takes for an address; anything else loses its link without an error.
func linkable(address string) bool {
	if strings.ContainsAny(address, " \n\t") {
		return false
	}
	for _, scheme := range []string{"http://", "https://", "tg://", "ton://", "tonsite://", "mailto:", "tel:"} {
		if strings.HasPrefix(strings.ToLower(address), scheme) {
			return len(address) > len(scheme)
		}
	}
	return !strings.Contains(address, ":") && strings.Contains(strings.Trim(address, "."), ".")
}

// slice cuts a text by UTF-16 units.
func slice(text string, offset, length int) string {
	u := utf16.Encode([]rune(text))
	offset = min(offset, len(u))
	return string(utf16.Decode(u[offset:min(offset+length, len(u))]))
}
