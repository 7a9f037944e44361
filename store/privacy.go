package store

import (
	"context"
	"time"
)

// AnswerWithin is how long a request about personal data, or the notice of a breach, may take: 3 × 24 hours (UU
// 27/2022, articles 30, 32, 40, 41 and 46).
const AnswerWithin = 72 * time.Hour

// DataRequest is what a person asks about their own data (UU 27/2022, articles 5 to 13). Its answer is due AnswerWithin
// after At.
type DataRequest struct {
	ID        ID          `json:"id"`
	Version   int         `json:"version"`
	Person    ID          `json:"person"`
	Recipient ID          `json:"recipient,omitempty"` // of the person, 0 for mentors and coordinators
	Province  string      `json:"province,omitempty"`  // whose coordinators answer
	Regency   string      `json:"regency,omitempty"`
	Kind      RequestKind `json:"kind"`
	Part      string      `json:"part,omitempty"` // of a correction: "name", "wa" or "other"
	// the right value, or what is asked in the person's own words
	Words   string    `json:"words,omitempty" audit:"personal"`
	At      time.Time `json:"at"`
	Outcome Outcome   `json:"outcome,omitempty"` // "": it is open
	// code of the legal reason, where something is kept: see KeepReasons
	Reason   string    `json:"reason,omitempty"`
	Reply    string    `json:"reply,omitempty" audit:"personal"`
	By       ID        `json:"by,omitempty"` // the coordinator who answered; 0: it was answered by itself
	Answered time.Time `json:"answered,omitzero"`
}

// Due returns when the answer must be there.
func (r DataRequest) Due() time.Time { return r.At.Add(AnswerWithin) }

// Open reports whether the request waits for its answer.
func (r DataRequest) Open() bool { return r.Outcome == "" }

// RequestKind says which right a person makes use of.
type RequestKind string

// The rights of UU 27/2022 that have a clock.
const (
	RequestAccess     RequestKind = "access"     // a copy of one's data, article 7
	RequestCorrection RequestKind = "correction" // article 6
	RequestErasure    RequestKind = "erasure"    // article 8; where data must be kept, a restriction
	RequestWithdrawal RequestKind = "withdrawal" // of the consent, article 9
)

// Outcome is how a request was answered.
type Outcome string

// The outcomes of a request.
const (
	OutcomeGiven     Outcome = "given" // the person has the copy
	OutcomeCorrected Outcome = "corrected"
	OutcomeErased    Outcome = "erased" // what the law does not want kept is gone
	// kept for the law's sake, and used for nothing else: no message is sent to the person
	OutcomeRestricted Outcome = "restricted"
	OutcomeRefused    Outcome = "refused"   // with a reason
	OutcomeWithdrawn  Outcome = "withdrawn" // the consent no longer holds
	OutcomeHandled    Outcome = "handled"   // what was to be erased is mended in another way, and the person stays
)

// KeepReasons returns the codes of legal reasons for keeping data that somebody wants erased, in the order in which
// they are offered. Each has its sentence in locales (request.reason.CODE).
func KeepReasons() []string { return []string{"account", "audit", "dispute"} }

// Breach is a failure to protect personal data, in the register that UU 27/2022 (article 46) asks for.
type Breach struct {
	ID       ID        `json:"id"`
	Version  int       `json:"version"`
	Found    time.Time `json:"found"`
	What     string    `json:"what"`           // what happened, in a sentence without names
	Data     string    `json:"data"`           // which kinds of data
	People   int       `json:"people"`         // how many persons, as far as known
	Done     string    `json:"done,omitempty"` // what is being done about it
	Notified time.Time `json:"notified,omitzero"`
}

// Due returns when the persons and the authority must have been told.
func (b Breach) Due() time.Time { return b.Found.Add(AnswerWithin) }

// LegalHold keeps a recipient's records beyond the programme's years, for example for an audit or a trial.
type LegalHold struct {
	ID        ID        `json:"id"`
	Version   int       `json:"version"`
	Recipient ID        `json:"recipient"`
	Reason    string    `json:"reason"`
	At        time.Time `json:"at"`
	Released  time.Time `json:"released,omitzero"`
}

// Privacy is what people ask about their own data, what went wrong with it, and how long it is kept.
type Privacy interface {
	// DataRequest returns the request with that id.
	DataRequest(ctx context.Context, id ID) (DataRequest, error)
	// DataRequestsIn returns those of a scope, open ones first and those due first before the others, at most limit.
	DataRequestsIn(ctx context.Context, province, regency string, limit int) ([]DataRequest, error)
	// DataRequestsOf returns a person's requests, newest first.
	DataRequestsOf(ctx context.Context, person ID) ([]DataRequest, error)
	// AddDataRequest adds a request.
	AddDataRequest(ctx context.Context, what string, r *DataRequest) error
	// PutDataRequest changes a request, which is to answer it.
	PutDataRequest(ctx context.Context, what string, r *DataRequest) error
	// PersonalData returns a copy of what is kept about a person.
	PersonalData(ctx context.Context, person ID) (PersonalData, error)
	// ErasePerson takes a person's name, number, account and words out of the records and the trail, and what was said
	// to them out of the outbox. What they recorded stays, under an id that names nobody.
	ErasePerson(ctx context.Context, p Person) error
	// EraseNumber takes a person's WhatsApp number out of the records and the trail, and nothing else.
	EraseNumber(ctx context.Context, p Person) error
}

// PersonalData is what is kept about a person, for the copy that article 7 of UU 27/2022 gives a right to.
type PersonalData struct {
	Person     Person
	Consents   []Consent // newest first, like all that follows
	Requests   []DataRequest
	Complaints []Complaint
	// Earlier is how many complaints came before this phone was bound. They are left out: whoever else holds the
	// person's invitation would read them.
	Earlier  int
	Letters  []Letter  // that the person wrote
	Receipts []Receipt // that the person entered
	Files    []File    // that the person sent
	Visits   []Visit   // of a mentor
}
