package store

import (
	"context"
	"time"
)

// Complaints pass ketua and mentor and reach a coordinator.
type Complaints interface {
	// Complaint returns the complaint with that id.
	Complaint(ctx context.Context, id ID) (Complaint, error)
	// ComplaintsIn returns those of a scope, open ones first, newest first.
	ComplaintsIn(ctx context.Context, province, regency string) ([]Complaint, error)
	// ComplaintsOf returns those of persons since a time, newest first.
	ComplaintsOf(ctx context.Context, persons []ID, since time.Time) ([]Complaint, error)
	// UnreadComplaints returns those of a coordinator's scope that they have not opened, newest first: all that nobody
	// has, and of the others those that came or were closed since a time.
	UnreadComplaints(ctx context.Context, coordinator Person, since time.Time) ([]Complaint, error)
	// ReadComplaint notes that a coordinator has opened a complaint now, if they had not. It is no record and has no
	// event.
	ReadComplaint(ctx context.Context, complaint, coordinator ID) error
	// AddComplaint adds a complaint.
	AddComplaint(ctx context.Context, what string, c *Complaint) error
	// PutComplaint changes a complaint.
	PutComplaint(ctx context.Context, what string, c *Complaint) error
}

// Complaint is a report of levies or cuts that only a coordinator sees.
type Complaint struct {
	ID        ID             `json:"id"`
	Version   int            `json:"version"`
	Person    ID             `json:"person"`
	Recipient ID             `json:"recipient,omitempty"`
	Province  string         `json:"province,omitempty"`
	Regency   string         `json:"regency,omitempty"`
	Topic     string         `json:"topic"`
	Words     string         `json:"words" audit:"personal"`
	State     ComplaintState `json:"state"`
	Reply     string         `json:"reply,omitempty" audit:"personal"`
	At        time.Time      `json:"at"`
	Closer    ID             `json:"closer,omitempty"` // who closed it last, and when; 0 of old ones
	Closed    time.Time      `json:"closed,omitzero"`
}

// ComplaintState is how far a complaint has come.
type ComplaintState string

// The states of a complaint.
const (
	ComplaintSent   ComplaintState = "sent"   // nobody has taken it up
	ComplaintTaken  ComplaintState = "taken"  // a coordinator has taken it up
	ComplaintClosed ComplaintState = "closed" // a coordinator has closed it
)
