package store

import (
	"context"
	"strings"
	"time"
)

// People are accounts, persons, their invitations and their consent.
type People interface {
	// Account returns a Telegram account with the persons bound to it and the recipients they belong to. An unknown
	// account is an empty one, not an error.
	Account(ctx context.Context, id int64) (Account, error)
	// PutAccount keeps an account's preferences (language, active person). They are no record and have no event.
	PutAccount(ctx context.Context, a Account) error

	// Person returns the person with that id.
	Person(ctx context.Context, id ID) (Person, error)
	// PersonByKey returns the person with that Person.Key.
	PersonByKey(ctx context.Context, key string) (Person, error)
	// PersonByCode returns the first person with that role and code, for example a group's mentor.
	PersonByCode(ctx context.Context, role Role, code string) (Person, error)
	// Members returns the persons of a recipient, officers first, without those who were erased.
	Members(ctx context.Context, recipient ID) ([]Person, error)
	// Coordinators returns those whose scope covers a place, the narrowest scope first.
	Coordinators(ctx context.Context, province, regency string) ([]Person, error)
	// CoordinatorsNear returns those whose scope covers another scope or is a part of it, by name.
	CoordinatorsNear(ctx context.Context, province, regency string) ([]Person, error)
	// BoundCoordinators returns those with an account, the widest scope first.
	BoundCoordinators(ctx context.Context) ([]Person, error)
	// Sharers returns all other persons who have or ever had an account or a WhatsApp number that a person has or ever
	// had by the records, or has as given, and those with whom the person is tied: each is a sponsor of the other. An
	// erasure takes its numbers out, so only ties and Person.Same tell of those.
	Sharers(ctx context.Context, p Person) ([]Person, error)
	// Had returns the accounts that a person has or had, the latest first. An erasure takes them out.
	Had(ctx context.Context, person ID) ([]int64, error)
	// Erased returns the persons with a code, without regard to case, who were erased.
	Erased(ctx context.Context, code string) ([]Person, error)
	// AddPerson adds a person.
	AddPerson(ctx context.Context, what string, p *Person) error
	// PutPerson changes a person.
	PutPerson(ctx context.Context, what string, p *Person) error

	// InviteByCode returns the invitation with that start token or short code, in whatever state it is.
	InviteByCode(ctx context.Context, code string) (Invite, error)
	// InviteOf returns a person's newest invitation.
	InviteOf(ctx context.Context, person ID) (Invite, error)
	// InvitesClaimed returns the open invitations whose claim waits for a coordinator's word, oldest first.
	InvitesClaimed(ctx context.Context) ([]Invite, error)
	// ClaimOf returns what Invite.Claim says for an account: it can be compared, but neither made nor read without the
	// invitations' key.
	ClaimOf(i Invite, account int64) string
	// AddInvite adds an invitation.
	AddInvite(ctx context.Context, what string, i *Invite) error
	// PutInvite changes an invitation.
	PutInvite(ctx context.Context, what string, i *Invite) error
	// Guesses returns the times after since at which an account gave a wrong code, oldest first. They are no record and
	// have no event.
	Guesses(ctx context.Context, account int64, since time.Time) ([]time.Time, error)
	// AddGuess notes that an account gave a wrong code now.
	AddGuess(ctx context.Context, account int64) error

	// ConsentOf returns a person's newest consent.
	ConsentOf(ctx context.Context, person ID) (Consent, error)
	// AddConsent adds a consent.
	AddConsent(ctx context.Context, what string, c *Consent) error
	// PutConsent changes a consent, which is to withdraw it.
	PutConsent(ctx context.Context, what string, c *Consent) error
}

// Role is what a person is in the programme, as the roster writes it.
type Role string

// The roles. Chair, Secretary, Treasurer and Member belong to a group; Owner is a single person who is the recipient.
const (
	Coordinator Role = "koordinator" // answers for the mentors and groups of a scope
	Mentor      Role = "pendamping"  // accompanies groups and verifies what they enter
	Chair       Role = "ketua"       // signs for a group
	Secretary   Role = "sekretaris"  // writes for a group
	Treasurer   Role = "bendahara"   // keeps a group's money and book
	Member      Role = "anggota"     // belongs to a group without an office
	Owner       Role = "penerima"    // is a recipient alone
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

// PersonKey returns how the roster knows a person: by the given id, else by role, code and name without regard to case
// and spaces.
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
