package store

import "time"

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
