package store

import (
	"context"
	"time"
)

// Handovers are changes of who stands for a recipient.
type Handovers interface {
	// Handover returns the handover with that id.
	Handover(ctx context.Context, id ID) (Handover, error)
	// HandoversIn returns those of a scope in a state, oldest first.
	HandoversIn(ctx context.Context, state HandoverState, province, regency string) ([]Handover, error)
	// HandoversOf returns a recipient's handovers, newest first.
	HandoversOf(ctx context.Context, recipient ID) ([]Handover, error)
	// AddHandover adds a handover.
	AddHandover(ctx context.Context, what string, h *Handover) error
	// PutHandover changes a handover.
	PutHandover(ctx context.Context, what string, h *Handover) error
	// MentorsNear returns the mentors of a place or organisation, by name: those to whom a group can go.
	MentorsNear(ctx context.Context, province, regency, organisation string) ([]Person, error)
	// RecipientsNamed returns those of a scope with that code, or with those words in their name, by name, at most
	// limit.
	RecipientsNamed(ctx context.Context, province, regency, words string, limit int) ([]Recipient, error)
	// OnLoan returns the recipients whose stand-in's last day is before that day.
	OnLoan(ctx context.Context, before Day) ([]Recipient, error)
}

// Handover is a change of who stands for a recipient, with its reason.
type Handover struct {
	ID        ID            `json:"id"`
	Version   int           `json:"version"`
	Recipient ID            `json:"recipient"`
	Kind      HandoverKind  `json:"kind"`
	State     HandoverState `json:"state"`
	From      ID            `json:"from,omitempty"`    // the mentor, officer, or owner of the lost phone until then
	To        ID            `json:"to,omitempty"`      // who follows
	Role      Role          `json:"role,omitempty"`    // of an officer
	Leaves    bool          `json:"leaves,omitempty"`  // the officer until then leaves the group too
	Unbound   bool          `json:"unbound,omitempty"` // of a phone: none was registered when it was asked for
	Back      Day           `json:"back,omitempty"`    // last day of a leave
	Reason    string        `json:"reason" audit:"personal"`
	By        ID            `json:"by"`
	At        time.Time     `json:"at"`
	Agreed    ID            `json:"agreed,omitempty"` // who of the group agreed
	AgreedAt  time.Time     `json:"agreed_at,omitzero"`
	Decided   ID            `json:"decided,omitempty"`                 // who carried it out or declined
	Answer    string        `json:"answer,omitempty" audit:"personal"` // why it was declined
	DecidedAt time.Time     `json:"decided_at,omitzero"`
	// random; carried by the "bukan kami" button of a phone that was let go with it
	Ticket     string    `json:"ticket,omitempty"`
	Objected   ID        `json:"objected,omitempty"` // who said that it was not theirs ("bukan kami")
	ObjectedAt time.Time `json:"objected_at,omitzero"`
}

// HandoverKind is what changes hands.
type HandoverKind string

// The kinds of handover.
const (
	MentorMoves  HandoverKind = "mentor"  // the recipient goes to another mentor
	MentorLeaves HandoverKind = "leave"   // for a while, to a stand-in
	OfficerMoves HandoverKind = "officer" // ketua, sekretaris or bendahara
	PhoneLost    HandoverKind = "phone"   // the person binds a new one
)

// HandoverState is how far a handover has come.
type HandoverState string

// The states of a handover.
const (
	HandoverAsked    HandoverState = "asked"
	HandoverDone     HandoverState = "done"
	HandoverDeclined HandoverState = "declined"
	// the group said that it is not theirs, and it is stopped until somebody settles it
	HandoverObjected HandoverState = "objected"
	HandoverUpheld   HandoverState = "upheld"   // settled: it stands
	HandoverRestored HandoverState = "restored" // settled: it is taken back
)
