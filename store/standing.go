package store

import (
	"context"
	"time"
)

// Duties are the facts from which what is to be done is worked out, and what was said about it.
type Duties interface {
	// Standings returns how a mentor's recipients stand, by name.
	Standings(ctx context.Context, mentor ID) ([]Standing, error)
	// StandingOf returns how one recipient stands.
	StandingOf(ctx context.Context, recipient ID) (Standing, error)
	// EveryStanding returns how the recipients of some zones stand, in the order of their ids, beginning after one of
	// them, at most limit.
	EveryStanding(ctx context.Context, zones []string, after ID, limit int) ([]Standing, error)
	// Zones returns the recipients' zones; "" is the default zone.
	Zones(ctx context.Context) ([]string, error)
	// Officers returns those of the recipients of some zones who can be written to, with the ketua first.
	Officers(ctx context.Context, zones []string) ([]Person, error)
	// MentorsIn returns the mentors who can be written to and have most of their recipients in some zones.
	MentorsIn(ctx context.Context, zones []string) ([]Person, error)
	// FirstPersons returns the first person of each of some accounts: who they are where one human counts once.
	FirstPersons(ctx context.Context, accounts []int64) (map[int64]ID, error)

	// Told returns what was said to persons since a day, that day too.
	Told(ctx context.Context, persons []ID, since Day) ([]ToldOnce, error)
	// KeepTold records that something is said, together with its message; ErrConflict when it was said on that day.
	KeepTold(ctx context.Context, p ToldOnce) error
	// ForgetTold takes back a record of KeepTold, because it is not said after all.
	ForgetTold(ctx context.Context, person ID, what string, day Day) error
	// Holds returns what persons keep from themselves, without those that were lifted.
	Holds(ctx context.Context, persons []ID) ([]Hold, error)
	// PutHold keeps a hold, in place of the one of that person and kind. Its id and version are the store's own.
	PutHold(ctx context.Context, h Hold) error
}

// Standing is how a recipient stands: the facts from which tasks and reminders are worked out. It is no record.
type Standing struct {
	Recipient
	Received   Rupiah
	Left       Rupiah
	Unfinished Backlog // notas begun, since they were begun
	Submitted  Backlog // notas that nobody looked at and the mentor may, since they were sent
	Returned   Backlog // notas to be mended, since they were returned
	Counted    int     // notas in the book
	Checked    int     // of these, verified
	LastNota   time.Time
	LastVisit  time.Time // the newest that was held, contacts too
	Planned    []Open    // visits that are planned, at their start
	Unsaid     []Open    // visits that nobody of the group confirmed or denied, since they were logged
	FollowUps  []Open    // open follow-ups of visits, at the start of their due day
	Letters    []Open    // answers of the group's to its mentor that nobody answered
	Heard      bool      // an officer can be written to who is not the mentor
	Plan       Open      // a proposed plan that waits for the mentor
	Report     Report    // the LPJ's newest edition: its id, edition, state, when it was sent, and who had a hand in it
	Step       time.Time // since when it is in that state; zero while it is drafted
	Until      Day       // the LPJ's last day by the newest extension; "" when none was granted
}

// Backlog is a number of notas, the numbers of the first few, and since when the oldest lies there.
type Backlog struct {
	Count   int
	Since   time.Time
	First   ID
	Numbers []int // at most three
}

// Open is a record that waits for somebody.
type Open struct {
	ID ID        `json:"id"`
	At time.Time `json:"at"`
}

// ToldOnce is what was said to a person on a day of theirs, so that it is said once: a morning card, or reminders.
type ToldOnce struct {
	Person ID
	What   string // see dialog.Round; "claim" is said again of the person's invitation
	Day    Day    // at the person's place
	At     time.Time
	Kinds  []string // of reminders
}

// Hold keeps a kind of reminder or card from a person until a day.
type Hold struct {
	ID      ID     `json:"id"`
	Version int    `json:"version"`
	Person  ID     `json:"person"`
	Kind    string `json:"kind"`
	Until   Day    `json:"until"` // "" lifts it
}
