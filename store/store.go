// Package store holds the words for what Pendamping remembers: plain structs, money and days, and the one wide
// contract, Tx. It imports the standard library only. Rooms below it keep them: postgres the records, redis the
// sessions, media the pictures.
package store

import (
	"errors"
	"time"
)

// ID names a record. Ids are never reused; 0 is none.
type ID int64

var (
	// ErrNotFound says that a record is not there, or not yours. The two look alike on purpose.
	ErrNotFound = errors.New("not found")
	// ErrConflict says that somebody changed the record, or took the update, since it was read; the work is dropped and
	// done anew.
	ErrConflict = errors.New("changed since it was read")
	// ErrReadOnly says that the database answers and takes no changes, as a standby does.
	ErrReadOnly = errors.New("PostgreSQL is read-only")
)

// Actor is who changes a record, written into every event: the person in a role, and for whom when it is atas nama.
// The zero Actor is the system itself.
type Actor struct {
	Person ID   `json:"person,omitempty"`
	Role   Role `json:"role,omitempty"`
	Behalf ID   `json:"behalf,omitempty"`
	// Sponsors are the person's sponsors at that time, so that each event of an officer tells on whose proposal they
	// act.
	Sponsors []ID `json:"sponsors,omitempty"`
}

// Tx is one update's view of the records. Reads before the first write see what is committed; the first write opens the
// transaction, and everything written is kept together with its events, or not at all. Each Put checks that the stored
// version is the one the record carries (ErrConflict otherwise) and raises it by one; Add gives id and version 1.
// What is not committed takes the raise back, so that a record tried once more meets the conflict once more.
// Every write adds its event to the recipient's chain (or chain 0), named by what, for example "receipt.submitted".
//
// The contracts below stand beside the records that they are about. In all of them:
//
//   - A method that returns one record returns ErrNotFound when there is none, unless it says otherwise. A list may be
//     empty.
//   - A province and regency are a scope: "" is everywhere. Upper and lower case are the same.
//   - A limit is the most that is returned.
type Tx interface {
	// Act sets who acts in what follows.
	Act(Actor)
	// Now returns the time of this update, from the caller's clock, in UTC and whole microseconds.
	Now() time.Time

	People
	Recipients
	Ledger
	Reviews
	Complaints
	Privacy
	Reports
	Fieldwork
	Letters
	Handovers
	Duties
	Overview
	Broadcasts
	Rooms
	Outbox
}
