package store

import (
	"context"
	"time"
)

// Fieldwork is what mentors do for their recipients beside the notas.
type Fieldwork interface {
	// Visit returns the visit with that id.
	Visit(ctx context.Context, id ID) (Visit, error)
	// Visits returns a recipient's visits, newest start first, at most limit.
	Visits(ctx context.Context, recipient ID, limit int) ([]Visit, error)
	// VisitsBy returns a mentor's visits that start within a span, the end left out, oldest first.
	VisitsBy(ctx context.Context, mentor ID, from, to time.Time) ([]Visit, error)
	// Disputed returns the held visits of a scope that somebody of the group denied since that time, newest first.
	Disputed(ctx context.Context, province, regency string, since time.Time) ([]Visit, error)
	// Doubtful returns the visits in person of a scope that were logged since that time, and took less than short
	// minutes, began within near of another one of the same mentor in another regency, or before the mentor had the
	// recipient; newest first, at most limit.
	Doubtful(ctx context.Context, province, regency string, since time.Time, near time.Duration, short,
		limit int) ([]Visit, error)
	// FilesOfVisit returns what came with a visit, in the order in which it came.
	FilesOfVisit(ctx context.Context, visit ID) ([]File, error)
	// AddVisit adds a visit.
	AddVisit(ctx context.Context, what string, v *Visit) error
	// PutVisit changes a visit.
	PutVisit(ctx context.Context, what string, v *Visit) error

	// Snapshots returns a recipient's snapshots, newest month first.
	Snapshots(ctx context.Context, recipient ID) ([]Snapshot, error)
	// AddSnapshot adds a month's snapshot; ErrConflict when that month has one.
	AddSnapshot(ctx context.Context, what string, s *Snapshot) error
	// PutSnapshot changes a snapshot.
	PutSnapshot(ctx context.Context, what string, s *Snapshot) error

	// Initiative returns the initiative with that id.
	Initiative(ctx context.Context, id ID) (Initiative, error)
	// Initiatives returns a recipient's initiatives, open ones first, newest first.
	Initiatives(ctx context.Context, recipient ID) ([]Initiative, error)
	// AddInitiative adds an initiative.
	AddInitiative(ctx context.Context, what string, i *Initiative) error
	// PutInitiative changes an initiative.
	PutInitiative(ctx context.Context, what string, i *Initiative) error
}

// Visit is a mentor's contact with a recipient: planned, held, or come to nothing. A correction is a new version.
type Visit struct {
	ID        ID         `json:"id"`
	Version   int        `json:"version"`
	Recipient ID         `json:"recipient"`
	State     VisitState `json:"state"`
	Mode      VisitMode  `json:"mode"`
	By        ID         `json:"by"` // the mentor
	Start     time.Time  `json:"start"`
	Minutes   int        `json:"minutes,omitempty"`
	Place     string     `json:"place,omitempty"`
	Spot      string     `json:"spot,omitempty"` // "latitude,longitude" in degrees, of a location message
	Met       []Role     `json:"met,omitempty"`
	Acts      []string   `json:"acts,omitempty"`     // codes of what was done
	Progress  int        `json:"progress,omitempty"` // of the LPJ at that time, in percent, as the system knew it
	Words     string     `json:"words,omitempty"`
	Problem   string     `json:"problem,omitempty"`
	FollowUp  string     `json:"follow_up,omitempty"`
	Due       Day        `json:"due,omitempty"`    // of the follow-up
	Solved    time.Time  `json:"solved,omitzero"`  // the follow-up is done
	Reason    string     `json:"reason,omitempty"` // code: why it came to nothing, or was cancelled
	Word      Word       `json:"word,omitzero"`    // the group's own
	At        time.Time  `json:"at"`               // when it was logged
}

// VisitState is how far a visit has come.
type VisitState string

// The states of a visit.
const (
	VisitPlanned   VisitState = "planned"
	VisitHeld      VisitState = "held"
	VisitMissed    VisitState = "missed"    // tidak terlaksana
	VisitCancelled VisitState = "cancelled" // before it took place, or logged by mistake
)

// VisitMode is how they met.
type VisitMode string

// The modes. A contact is a call or a chat that was logged by one tap; nobody confirms it.
const (
	InPerson VisitMode = "person" // tatap muka
	ByPhone  VisitMode = "phone"
	Online   VisitMode = "online"
	Contact  VisitMode = "contact"
)

// Word is what somebody of the group says of a visit: that it took place, or that it did not.
type Word struct {
	By  ID        `json:"by"`
	At  time.Time `json:"at"`
	Yes bool      `json:"yes"`
	// Sponsors are those on whose proposal that person has the office; see Person.
	Sponsors []ID `json:"sponsors,omitempty"`
}

// Snapshot is how a business stands in a month.
type Snapshot struct {
	ID        ID        `json:"id"`
	Version   int       `json:"version"`
	Recipient ID        `json:"recipient"`
	Visit     ID        `json:"visit,omitempty"`
	Month     string    `json:"month"` // "2026-11"
	Revenue   Rupiah    `json:"revenue"`
	Profit    Rupiah    `json:"profit"` // below zero: a loss
	Capital   Rupiah    `json:"capital"`
	Workers   int       `json:"workers"`
	Permits   string    `json:"permits,omitempty"`
	By        ID        `json:"by"`
	At        time.Time `json:"at"`
}

// Initiative is a referral or an idea of a mentor's, and what became of it.
type Initiative struct {
	ID        ID             `json:"id"`
	Version   int            `json:"version"`
	Recipient ID             `json:"recipient"`
	Visit     ID             `json:"visit,omitempty"`
	Kind      InitiativeKind `json:"kind"`
	Words     string         `json:"words"`
	Result    string         `json:"result,omitempty"`
	Closed    time.Time      `json:"closed,omitzero"`
	By        ID             `json:"by"`
	At        time.Time      `json:"at"`
}

// InitiativeKind is what an initiative is about: the fasilitator's partners, capital and markets, the inovator's ideas.
type InitiativeKind string

// The kinds of initiatives.
const (
	ToPartner InitiativeKind = "partner"
	ToCapital InitiativeKind = "capital"
	ToMarket  InitiativeKind = "market"
	Idea      InitiativeKind = "idea"
)
