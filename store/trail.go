package store

import (
	"strings"
	"time"
)

// Trail is the audit trail of a recipient as it is kept, for somebody who computes it anew elsewhere.
type Trail struct {
	Chain   ID       `json:"chain"`
	Events  []Event  `json:"events"` // from the first to the last
	Secrets []Secret `json:"-"`      // the personal values that the events know by a hash, without those of complaints
	// Elsewhere are the events of other chains that erased personal values of this one: of people who had left the recipient.
	Elsewhere []Event `json:"-"`
	Roots     []Root  `json:"-"` // those of the newest day that has one, whose first has all chains that there were; none when none was made yet
}

// Event is a link of the trail: its hash is that of the link before and of its very text.
type Event struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`           // hex
	Body string `json:"body,omitempty"` // byte for byte what was hashed; "" of a complaint, which is for coordinators only
}

// Secret is a personal value with the salt that its hash was made with. Neither is there any more when it was erased.
type Secret struct {
	Kind    string `json:"kind"`
	Record  ID     `json:"record"`
	Version int    `json:"version"`
	Field   string `json:"field"`
	Salt    string `json:"salt"`  // hex
	Value   string `json:"value"` // JSON
}

// Root covers all chains and the root before it. Whoever keeps one elsewhere can prove later that nothing of what it covers has
// changed; its name and hash are enough for that, and short enough to print.
type Root struct {
	Name string // the hour in UTC, "2026-11-23T05", or the day of a root that was made once a day
	Hash string // SHA-256 of the body, in hex
	Body string
}

// rootHour is the form of a root's name.
const rootHour = "2006-01-02T15"

// RootName is the name of the root of the hour of that time.
func RootName(at time.Time) string { return at.UTC().Format(rootHour) }

// Day is the day of the root, in UTC.
func (r Root) Day() Day { return Day(r.Name[:min(len(r.Name), len("2006-01-02"))]) }

// Hour is the hour of the root in UTC, "05"; "" of one that was made once a day.
func (r Root) Hour() string { return strings.TrimPrefix(r.Name[len(r.Day()):], "T") }

// Start is when the root's hour begins, or its day where it was made once a day: the root was made then or later. It is an error
// when the name is none of a root.
func (r Root) Start() (time.Time, error) {
	if r.Hour() == "" {
		return time.Parse(time.DateOnly, r.Name)
	}
	return time.Parse(rootHour, r.Name)
}

// Valid reports whether the root has a name and a hash that can be one's.
func (r Root) Valid() bool {
	_, err := r.Start()
	return err == nil && len(r.Hash) == 64
}
