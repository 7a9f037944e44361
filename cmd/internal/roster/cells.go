package roster

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/parse"
	"pendamping/store"
)

var (
	rupiahCell = regexp.MustCompile(`^(?i:rp\.? ?|idr ?)?(\d{1,15}|\d{1,3}(?:\.\d{3}){1,4})(?:,-|,00?)?$`)
	volumeCell = regexp.MustCompile(`^(\d{1,7})(?:([.,])(\d+))?$`)
	digitsCell = regexp.MustCompile(`^[1-9]\d{0,15}$`)
	phoneCell  = regexp.MustCompile(`^\d{8,15}$`)
	shortened  = regexp.MustCompile(`^\d([.,]\d+)?[eE]\+?\d+$`)
	serialCell = regexp.MustCompile(`^\d{5}(?:\.\d+)?$`)
	yearInCell = regexp.MustCompile(`\b20\d\d\b`)
)

// rupiah reads an amount above zero: digits, or with dots between the thousands.
func rupiah(s string) (store.Rupiah, error) {
	m := rupiahCell.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("%q is no amount: write 20000000 or 20.000.000", s)
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(m[1], ".", ""), 10, 64)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is no amount above zero: leave the cell empty where it is not known", s)
	}
	if n > int64(store.MaxRupiah) {
		return 0, fmt.Errorf("%q is more than %d", s, store.MaxRupiah)
	}
	return store.Rupiah(n), nil
}

// day reads a day: 2026-11-23, 23/11/2026, with a month's name, or a spreadsheet's serial number.
func day(s string) (store.Day, error) {
	plain, _, _ := strings.Cut(s, " 00:00")
	plain, _, _ = strings.Cut(plain, "T00:00")
	var d store.Day
	if serialCell.MatchString(plain) {
		n, _ := strconv.ParseFloat(plain, 64)
		d = store.NewDay(1899, time.December, 30).Add(int(n)) // so for every day after February 1900
	}
	for _, layout := range []string{time.DateOnly, "2/1/2006", "2-1-2006", "2.1.2006"} {
		if t, err := time.Parse(layout, plain); err == nil {
			d = store.DayOf(t, time.UTC)
		}
	}
	if d == "" && yearInCell.MatchString(plain) {
		if read := parse.Date("2000-01-01")(plain); len(read) == 1 {
			d = read[0]
		}
	}
	if d < "2000-01-01" || d > "2099-12-31" {
		return "", fmt.Errorf("%q is no day: write DD/MM/YYYY or YYYY-MM-DD", s)
	}
	return d, nil
}

// volume reads a quantity above zero with a comma or a point and at most three decimals.
func volume(s string) (store.Volume, error) {
	m := volumeCell.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("%q is no quantity: write 3 or 1,5", s)
	}
	part := strings.TrimRight(m[3], "0")
	if len(m[3]) == 3 && len(m[1]) <= 3 && strings.Trim(m[1], "0") != "" {
		decimals := part
		if len(part) == 3 {
			decimals += "0"
		}
		return 0, fmt.Errorf("%q may be thousands or decimals: write %s%s or %s",
			s, m[1], m[3], strings.TrimSuffix(m[1]+","+decimals, ","))
	}
	if len(part) > 3 {
		return 0, fmt.Errorf("%q has more than three decimals", s)
	}
	n, err := strconv.ParseInt(m[1]+part+"000"[len(part):], 10, 64)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is no quantity above zero", s)
	}
	if n > int64(store.MaxVolume) {
		return 0, fmt.Errorf("%q is more than %s", s, store.MaxVolume)
	}
	return store.Volume(n), nil
}

// cost checks that the line's amount is one of money.
func cost(l store.PlanLine) error {
	if l.Amount() > store.MaxRupiah {
		return fmt.Errorf("volume times harga_satuan is more than %d", store.MaxRupiah)
	}
	return nil
}

// The values of the next two are personal: their errors do not repeat them.

var (
	errAccount   = errors.New("is no number of a Telegram account: digits only")
	errShortened = errors.New("was shortened by a spreadsheet: make the column text, and write the numbers anew")
)

// account reads the number of a person's Telegram account.
func account(s string) (int64, error) {
	if shortened.MatchString(s) {
		return 0, errShortened
	}
	if !digitsCell.MatchString(s) {
		return 0, errAccount
	}
	return strconv.ParseInt(s, 10, 64)
}

// phone reads a WhatsApp number as 62812…, the form that links take.
func phone(s string) (string, error) {
	if shortened.MatchString(s) {
		return "", errShortened
	}
	n := strings.NewReplacer(" ", "", "-", "", ".", "", "(", "", ")", "", "+", "").Replace(s)
	switch {
	case strings.HasPrefix(n, "0"):
		n = "62" + n[1:]
	case strings.HasPrefix(n, "8"):
		n = "62" + n
	}
	if !phoneCell.MatchString(n) {
		return "", errors.New("is no phone number: write 0812… or 62812…")
	}
	return n, nil
}
