package store

import (
	"context"
	"time"
)

// Letters are what mentors and groups write to each other.
type Letters interface {
	// Letter returns the letter with that id.
	Letter(ctx context.Context, id ID) (Letter, error)
	// Thread returns a letter with the answers to it, oldest first.
	Thread(ctx context.Context, first ID) ([]Letter, error)
	// Posted returns the letters that a person began since that time, newest first, with what became of each.
	Posted(ctx context.Context, by ID, since time.Time) ([]Posted, error)
	// AddLetter adds a letter.
	AddLetter(ctx context.Context, what string, l *Letter) error
	// PutLetter changes a letter, for example to cancel it.
	PutLetter(ctx context.Context, what string, l *Letter) error
}

// Letter is something a mentor says to one person of a group, or an answer to it: a nudge is one letter a person.
type Letter struct {
	ID        ID        `json:"id"`
	Version   int       `json:"version"`
	Recipient ID        `json:"recipient"`
	Batch     ID        `json:"batch,omitempty"`    // the same for all letters of one nudge: the id of the first
	Template  string    `json:"template,omitempty"` // code; "" is own words
	By        ID        `json:"by"`
	To        ID        `json:"to"`
	Words     string    `json:"words,omitempty" audit:"personal"` // own words, or what fills the gap of the template
	Voice     ID        `json:"voice,omitempty"`                  // a file
	Answers   ID        `json:"answers,omitempty"`                // the letter that began the thread
	At        time.Time `json:"at"`
	Due       time.Time `json:"due,omitzero"` // when it is to be sent; zero: at once
	Cancelled time.Time `json:"cancelled,omitzero"`
}

// Posted is a letter and what became of it.
type Posted struct {
	Letter
	State    DeliveryState
	Answered bool
}
