package store

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
)

// Trail is the audit trail of a recipient as it is kept, for somebody who computes it anew elsewhere.
type Trail struct {
	Chain   ID       `json:"chain"`
	Events  []Event  `json:"events"` // from the first to the last
	Secrets []Secret `json:"-"`      // the personal values that the events know by a hash, without those of complaints
	// Elsewhere are the events of other chains that erased personal values of this one: of people who had left the
	// recipient.
	Elsewhere []Event `json:"-"`
	// those of the newest day that has one, whose first has all chains that there were; none when none was made yet
	Roots []Root `json:"-"`
}

// Event is a link of the trail: its hash is that of the link before and of its very text.
type Event struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"` // hex
	// byte for byte what was hashed; "" of a complaint, which is for coordinators only
	Body string `json:"body,omitempty"`
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

// Hash returns what the event says in place of the value: see HashPersonal. It is "" where the salt is not written as
// an export writes it.
func (s Secret) Hash() string {
	salt, err := hex.DecodeString(s.Salt)
	if err != nil || hex.EncodeToString(salt) != s.Salt {
		return ""
	}
	return HashPersonal(salt, []byte(s.Value))
}

// Hashed begins every hash of a personal value.
const Hashed = "sha256:"

// SaltSize is how many bytes the salt of a personal value has.
const SaltSize = 16

// HashPersonal returns the hash of a personal value in JSON, as events have it. It is "" for a salt of any other size:
// bytes of the value could be moved into a longer one, and the hash would stay the same.
func HashPersonal(salt, value []byte) string {
	if len(salt) != SaltSize {
		return ""
	}
	sum := sha256.Sum256(slices.Concat(salt, value))
	return Hashed + hex.EncodeToString(sum[:])
}

// Root covers all chains and the root before it. Whoever keeps one elsewhere can prove later that nothing of what it
// covers has changed; its name and hash are enough for that, and short enough to print.
type Root struct {
	Name string // the hour in UTC, "2026-11-23T05", or the day of a root that was made once a day
	Hash string // SHA-256 of the body, in hex
	Body string
}

// rootHour is the form of a root's name.
const rootHour = "2006-01-02T15"

// RootName returns the name of the root of the hour of that time.
func RootName(at time.Time) string { return at.UTC().Format(rootHour) }

// Day returns the day of the root, in UTC.
func (r Root) Day() Day { return Day(r.Name[:min(len(r.Name), len("2006-01-02"))]) }

// Hour returns the hour of the root in UTC, "05"; "" of one that was made once a day.
func (r Root) Hour() string { return strings.TrimPrefix(r.Name[len(r.Day()):], "T") }

// Start returns when the root's hour begins, or its day where it was made once a day: the root was made then or later.
// It is an error if the name is not that of a root.
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
