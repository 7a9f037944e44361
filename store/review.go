package store

import (
	"context"
	"time"
)

// Reviews are what somebody independent looks at and decides. Hands are the persons that count as the reviewer: what
// one of them had a hand in is not the reviewer's to decide.
type Reviews interface {
	// ToReview returns the submitted notas that a mentor or coordinator is to look at: a mentor's groups', and what
	// another reviewer had a hand in, for those of the same organisation and for the coordinators of the place. What
	// any of the hands entered is left out.
	ToReview(ctx context.Context, reviewer Person, hands []ID) ([]Waiting, error)
	// ReviewedElsewhere returns how many submitted notas of a mentor's groups, or of a coordinator's place, wait for
	// somebody else, because one of the hands entered them, and how many others of a coordinator's place wait for a
	// mentor who can't be reached.
	ReviewedElsewhere(ctx context.Context, reviewer Person, hands []ID) (others, unreached int, err error)
	// PlansToReview returns the proposed plans of a reviewer's recipients, oldest first.
	PlansToReview(ctx context.Context, reviewer Person, hands []ID) ([]Plan, error)
	// ReceiptAt returns a nota as it was at a version, and when it became so.
	ReceiptAt(ctx context.Context, id ID, version int) (Receipt, time.Time, error)

	// Matches returns the other notas, of any recipient, that a nota resembles.
	Matches(ctx context.Context, receipt ID) ([]Match, error)
	// KeepLook keeps what was seen in a picture. It is no record and has no event. Kept twice it is kept once.
	KeepLook(ctx context.Context, l Look) error
	// Shared returns the accounts and wa numbers that stand behind several recipients of a scope.
	Shared(ctx context.Context, province, regency string) ([]Shared, error)

	// Remark returns the remark with that id.
	Remark(ctx context.Context, id ID) (Remark, error)
	// Remarks returns a nota's remarks, oldest first.
	Remarks(ctx context.Context, receipt ID) ([]Remark, error)
	// RemarksTo returns those that wait for a person's answer, oldest first.
	RemarksTo(ctx context.Context, person ID) ([]Remark, error)
	// AddRemark adds a remark.
	AddRemark(ctx context.Context, what string, r *Remark) error
	// PutRemark changes a remark.
	PutRemark(ctx context.Context, what string, r *Remark) error

	// Approval returns the newest approval of a recipient's book.
	Approval(ctx context.Context, recipient ID) (Approval, error)
	// ApprovalByID returns the approval with that id.
	ApprovalByID(ctx context.Context, id ID) (Approval, error)
	// ApprovalsToReview returns those on paper that a reviewer is to look at, oldest first.
	ApprovalsToReview(ctx context.Context, reviewer Person, hands []ID) ([]Approval, error)
	// AddApproval adds an approval.
	AddApproval(ctx context.Context, what string, a *Approval) error
	// PutApproval changes an approval.
	PutApproval(ctx context.Context, what string, a *Approval) error
}

// Review is a decision by somebody who had no hand in what it is about.
type Review struct {
	By      ID        `json:"by"`
	At      time.Time `json:"at"`
	Version int       `json:"version"`           // of the record that was looked at
	Verdict string    `json:"verdict,omitempty"` // of a nota: the state that it got
	Reason  string    `json:"reason,omitempty"`  // code of a preset reason, why it was returned
	Words   string    `json:"words,omitempty"`   // the reviewer's own
	Seen    []string  `json:"seen,omitempty"`    // flags that were shown
}

// Waiting is a nota that waits for a reviewer, with what makes it worth a look.
type Waiting struct {
	Receipt   ID
	Version   int
	Recipient ID
	Number    int
	Submitted time.Time
	Flags     []string // of the nota, its pictures, and what it resembles
}

// Match is another nota that one resembles.
type Match struct {
	Kind    MatchKind
	File    ID // this nota's picture; 0 where no picture is meant
	Other   ID // the other nota
	Picture ID // and its picture
}

// MatchKind is how two notas are alike.
type MatchKind string

// The kinds of likeness.
const (
	MatchFile MatchKind = "file" // the same file
	MatchNear MatchKind = "near" // a picture that is nearly identical
	MatchTwin MatchKind = "twin" // the same seller, day and amount
)

// Look is what was seen in a picture by itself. It is no record: it can be worked out again from the bytes.
type Look struct {
	File   ID
	Flaws  []string // why it is hard to read: "dark", "blurred", "tiny", "paper", "unopened"
	Prints []Print
	Fine   []byte // by which they are compared
	Alike  []ID   // other pictures that are nearly identical
}

// Print is a hash by whose bands of 16 bits pictures that look alike are found, and a longer one by which they are
// ranked.
type Print struct {
	Hash  uint64
	Shape [4]uint64
}

// Remark is something said about a nota between its people and its reviewer.
type Remark struct {
	ID        ID         `json:"id"`
	Version   int        `json:"version"`
	Recipient ID         `json:"recipient"`
	Receipt   ID         `json:"receipt"`
	Kind      RemarkKind `json:"kind"`
	By        ID         `json:"by"`
	To        ID         `json:"to"` // who is to answer
	At        time.Time  `json:"at"`
	Words     string     `json:"words,omitempty" audit:"personal"`
	Voice     ID         `json:"voice,omitempty"` // a file
	Answer    string     `json:"answer,omitempty" audit:"personal"`
	Heard     ID         `json:"heard,omitempty"` // a file: the answer by voice
	Answered  time.Time  `json:"answered,omitzero"`
}

// RemarkKind is what a remark is.
type RemarkKind string

// The kinds of remarks: a reviewer's question, and a member's objection ("bukan belanja kami").
const (
	Question  RemarkKind = "question"
	Objection RemarkKind = "objection"
)

// Approval is the word of who answers for a recipient that its book is right, as the book was at that moment.
type Approval struct {
	ID        ID        `json:"id"`
	Version   int       `json:"version"`
	Recipient ID        `json:"recipient"`
	Book      string    `json:"book"` // hash of what was approved; a book with another one wants a new approval
	Notas     int       `json:"notas"`
	Spent     Rupiah    `json:"spent"`
	Left      Rupiah    `json:"left"`
	By        ID        `json:"by"`
	At        time.Time `json:"at"`
	Sponsors  []ID      `json:"sponsors,omitempty"` // on whose proposal that person has the office; see Person
	// the picture of a signature on paper, entered by a mentor atas nama
	Paper  ID     `json:"paper,omitempty"`
	Review Review `json:"review,omitzero"` // of the paper, by another reviewer
}

// Shared is one account, or one wa number, behind several recipients.
type Shared struct {
	Kind       string // "account" or "wa"
	Recipients []Recipient
}
