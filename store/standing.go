package store

import "time"

// Standing is how a recipient stands: the facts from which tasks and reminders are worked out. It is no record.
type Standing struct {
	Recipient
	Received   Rupiah
	Left       Rupiah
	Unfinished Pile // notas begun, since they were begun
	Submitted  Pile // notas that nobody looked at and the mentor may, since they were sent
	Returned   Pile // notas to be mended, since they were returned
	Counted    int  // notas in the book
	Checked    int  // of these, verified
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

// Pile is a number of notas, the numbers of the first few, and since when the oldest lies there.
type Pile struct {
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

// Promise is what was said to a person on a day of theirs, so that it is said once: a morning card, or reminders.
type Promise struct {
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
