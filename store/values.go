package store

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Rupiah is an amount of money in whole rupiah. There are no sen.
type Rupiah int64

// MaxRupiah is the largest amount, either side of zero, that is taken for money: a hundred milliard is far beyond any
// programme's package, and longer numbers are identity cards, accounts and slips of the finger.
const MaxRupiah Rupiah = 99_999_999_999

// String prints the amount as digits only, the form that data and messages carry.
func (r Rupiah) String() string { return strconv.FormatInt(int64(r), 10) }

// Typed returns the amount as one would type it to leave no doubt: a bare "150" may mean thousands, "Rp150" can't.
func (r Rupiah) Typed() string { return "Rp" + r.String() }

// Day is a calendar day as RFC 3339 writes it ("2026-11-23"), without a time zone. The empty Day is unknown.
// Days compare and sort as strings.
type Day string

// DayOf returns the day on which t falls at that place.
func DayOf(t time.Time, at *time.Location) Day { return Day(t.In(at).Format(time.DateOnly)) }

// NewDay returns the given day, or "" when the calendar does not have it (31 February).
func NewDay(year int, month time.Month, day int) Day {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if t.Year() != year || t.Month() != month || t.Day() != day {
		return ""
	}
	return Day(t.Format(time.DateOnly))
}

// Time returns midnight UTC at the start of the day; the zero time when the day is unknown or malformed.
func (d Day) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Valid reports whether the day is known and in the calendar.
func (d Day) Valid() bool { return !d.Time().IsZero() }

// Add returns the day n days later (earlier when n is negative).
func (d Day) Add(n int) Day { return Day(d.Time().AddDate(0, 0, n).Format(time.DateOnly)) }

// Scan reads a date column; it implements sql.Scanner.
func (d *Day) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = ""
	case time.Time:
		*d = Day(v.Format(time.DateOnly))
	case string:
		*d = Day(v)
	default:
		return fmt.Errorf("store: a day can't be read from %T", src)
	}
	return nil
}

// Value writes a date column, null for an unknown day; it implements driver.Valuer.
func (d Day) Value() (driver.Value, error) {
	if d == "" {
		return nil, nil
	}
	return string(d), nil
}

// Volume is a quantity in thousandths of its unit (1,5 kg is 1500), so that sums stay exact.
type Volume int64

// MaxVolume is the largest quantity that is taken for one, a million units.
const MaxVolume Volume = 1_000_000_000

// tooDear is the most that Times says: far beyond MaxRupiah, and thousands of it can still be added up.
const tooDear Rupiah = 1_000_000_000_000_000

// Times returns the price of this volume at a price per unit, rounded half up to a whole rupiah. It never overflows: a
// price beyond a million milliard counts as that much.
func (v Volume) Times(price Rupiah) Rupiah {
	if v > 0 && price > 0 && int64(v) > int64(tooDear)*1000/int64(price) {
		return tooDear
	}
	return Rupiah((int64(v)*int64(price) + 500) / 1000)
}

// String prints the volume in decimal with a point and without trailing zeros ("1.5"), the form that data carries.
func (v Volume) String() string {
	if v < 0 {
		return "-" + (-v).String()
	}
	s := fmt.Sprintf("%d.%03d", v/1000, v%1000)
	return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
}

// Text is a sentence not yet put into words: the id of a message in locales and its data, raw (digits, RFC 3339,
// people's own words). The reader's language and Telegram's escaping are chosen when it is sent.
type Text struct {
	ID   string            `json:"id"`
	Data map[string]string `json:"data,omitempty"`
}

// Say returns a Text from an id and pairs of names and values.
func Say(id string, pairs ...string) Text {
	t := Text{ID: id}
	for i := 0; i+1 < len(pairs); i += 2 {
		if t.Data == nil {
			t.Data = make(map[string]string, len(pairs)/2)
		}
		t.Data[pairs[i]] = pairs[i+1]
	}
	return t
}
