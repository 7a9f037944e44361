package store

import (
	"strings"
	"time"
)

// Role is what a person is in the programme, as the roster writes it.
type Role string

// The roles. Chair, Secretary, Treasurer and Member belong to a group; Owner is a single person who is the recipient.
const (
	Coordinator Role = "koordinator"
	Mentor      Role = "pendamping"
	Chair       Role = "ketua"
	Secretary   Role = "sekretaris"
	Treasurer   Role = "bendahara"
	Member      Role = "anggota"
	Owner       Role = "penerima"
)

// Account is a Telegram account: the persons bound to it and what it prefers.
type Account struct {
	ID       int64
	Language string // "" is id
	Active   ID     // the person it speaks as when it has several
	People   []Person
	// Recipients are those that its people belong to.
	Recipients []Recipient
}

// Person is somebody in one role. One account may be several persons.
type Person struct {
	ID           ID     `json:"id"`
	Version      int    `json:"version"`
	Key          string `json:"key" audit:"personal"` // how the roster knows the person: see PersonKey
	Role         Role   `json:"role"`
	Code         string `json:"code,omitempty"`
	Name         string `json:"name,omitempty" audit:"personal"`
	Recipient    ID     `json:"recipient,omitempty"` // of a group's people and owners
	Organisation string `json:"organisation,omitempty"`
	Province     string `json:"province,omitempty"` // of a coordinator: the scope, "" is everywhere
	Regency      string `json:"regency,omitempty"`
	WA           string `json:"wa,omitempty" audit:"personal"`
	Account      int64  `json:"account,omitempty" audit:"personal"` // Telegram's user id, 0: not bound
	// a coordinator who asked for the audit trail's roots
	Roots bool `json:"roots,omitempty"`
	// Sponsors are the mentors and coordinators who proposed this person for the office, who were given the code with
	// which the account was bound, or who said that the account is the person's, and all who are known to be the same
	// human (see People.Sharers). They count as having a hand in whatever the person enters, so none of them verifies
	// it, and the person verifies nothing of theirs.
	Sponsors []ID `json:"sponsors,omitempty"`
	// Same are all who were known to be the same human when the person's number or everything was erased: nothing else
	// tells afterwards.
	Same    []ID   `json:"same,omitempty"`
	Consent string `json:"-"` // version of the notice consented to and not withdrawn, "" none; read only
}

// PersonKey is how the roster knows a person: by the given id, else by role, code and name without regard to case and
// spaces.
func PersonKey(id string, role Role, code, name string) string {
	if id = strings.TrimSpace(id); id != "" {
		return "id:" + id
	}
	fold := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
	return fold(string(role)) + "|" + fold(code) + "|" + fold(name)
}

// Invite lets one person bind one account, once.
type Invite struct {
	ID      ID        `json:"id"`
	Version int       `json:"version"`
	Person  ID        `json:"person"`
	Token   string    `json:"-"`              // of the personal start link
	Code    string    `json:"-"`              // short, to type
	Seal    string    `json:"seal,omitempty"` // hash of both, so that exchanging one is seen; read only
	Expires time.Time `json:"expires"`
	Used    time.Time `json:"used,omitzero"`
	Revoked time.Time `json:"revoked,omitzero"`
	Wrong   int       `json:"wrong,omitempty"` // how often whoever had the code could not show that they are the person
	Claim   string    `json:"claim,omitempty"` // the account that waits for a coordinator's word: see People.ClaimOf
	// Claimant is the account of the claim, as long as it waits; the trail has the claim only.
	Claimant int64 `json:"-"`
	// whoever of the programme passed it on, in all roles; empty for one of the roster's
	Held []ID `json:"held,omitempty"`
}

// Consent records that a person agreed to a version of the privacy notice (UU 27/2022), when, and where it was given.
type Consent struct {
	ID        ID        `json:"id"`
	Version   int       `json:"version"`
	Person    ID        `json:"person"`
	Notice    string    `json:"notice"`
	Given     time.Time `json:"given"`
	Source    string    `json:"source"` // "chat" or "paper"
	Withdrawn time.Time `json:"withdrawn,omitzero"`
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
	ComplaintSent   ComplaintState = "sent"
	ComplaintTaken  ComplaintState = "taken"
	ComplaintClosed ComplaintState = "closed"
)
