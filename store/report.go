package store

import (
	"context"
	"slices"
	"time"
)

// Reports are recipients' LPJ: their editions, their words, what was printed, and what belongs to them.
type Reports interface {
	// Report returns a recipient's newest edition.
	Report(ctx context.Context, recipient ID) (Report, error)
	// ReportByID returns the edition with that id.
	ReportByID(ctx context.Context, id ID) (Report, error)
	// Reports returns a recipient's editions, newest first.
	Reports(ctx context.Context, recipient ID) ([]Report, error)
	// ReportsToReview returns the sent ones that a reviewer is to look at, oldest first: a mentor's groups', and for a
	// coordinator those of the place whose mentor has a hand in them or that have none.
	ReportsToReview(ctx context.Context, reviewer Person, hands []ID) ([]Report, error)
	// AddReport adds a recipient's next edition.
	AddReport(ctx context.Context, what string, r *Report) error
	// PutReport changes an edition.
	PutReport(ctx context.Context, what string, r *Report) error

	// Chapters returns a recipient's chapters, in no order.
	Chapters(ctx context.Context, recipient ID) ([]Chapter, error)
	// Chapter returns the chapter with that id.
	Chapter(ctx context.Context, id ID) (Chapter, error)
	// AddChapter adds a chapter; ErrConflict when the recipient has one with that code.
	AddChapter(ctx context.Context, what string, c *Chapter) error
	// PutChapter changes a chapter.
	PutChapter(ctx context.Context, what string, c *Chapter) error

	// Annexes returns a recipient's annexes that were not taken out, oldest first.
	Annexes(ctx context.Context, recipient ID) ([]Annex, error)
	// Annex returns the annex with that id.
	Annex(ctx context.Context, id ID) (Annex, error)
	// AddAnnex adds an annex.
	AddAnnex(ctx context.Context, what string, a *Annex) error
	// PutAnnex changes an annex, for example to take it out.
	PutAnnex(ctx context.Context, what string, a *Annex) error

	// SealByCode returns what was printed with a code.
	SealByCode(ctx context.Context, code string) (Seal, error)
	// Seals returns a recipient's seals, newest first, at most limit, without their data.
	Seals(ctx context.Context, recipient ID, limit int) ([]Seal, error)
	// AddSeal adds a seal, which is never changed.
	AddSeal(ctx context.Context, what string, s *Seal) error
	// NewestRoot returns the newest root of the audit trail, without its text.
	NewestRoot(ctx context.Context) (Root, error)
}

// Report is one edition of a recipient's LPJ. A refusal by the ministry opens the next one; older editions stay as they
// were.
type Report struct {
	ID        ID          `json:"id"`
	Version   int         `json:"version"`
	Recipient ID          `json:"recipient"`
	Edition   int         `json:"edition"` // from 1, gap-free per recipient
	State     ReportState `json:"state"`
	At        time.Time   `json:"at,omitzero"`     // it was sent to the mentor
	By        ID          `json:"by,omitempty"`    // who sent it
	Hands     []ID        `json:"hands,omitempty"` // who sent it or wrote in it: none of them may verify it
	// the last decision on it; of a refused edition's follower, what the PPK said
	Review   Review   `json:"review,omitzero"`
	Wrong    []string `json:"wrong,omitempty"`    // reasons by item of the checklist, each "CODE:words"
	Approval ID       `json:"approval,omitempty"` // the Approval of the book with which the ketua signed it
	Upload   Upload   `json:"upload,omitzero"`
	Result   Result   `json:"result,omitzero"`
	Late     bool     `json:"late,omitempty"`     // it was sent after its last day
	Reopened int      `json:"reopened,omitempty"` // how often after verification
}

// ReportState is how far an edition of an LPJ has come.
type ReportState string

// The states of an LPJ. The bot never approves one: only the PPK does, and the bot notes what the PPK said.
const (
	ReportDrafted  ReportState = "drafted"  // disusun
	ReportSent     ReportState = "sent"     // dikirim ke pendamping
	ReportReturned ReportState = "returned" // dikembalikan, with reasons by item; or opened again
	ReportVerified ReportState = "verified" // diverifikasi; the book is closed
	ReportSigned   ReportState = "signed"   // disahkan ketua
	ReportUploaded ReportState = "uploaded" // diunggah ke bizhub
	ReportAccepted ReportState = "accepted" // diterima PPK
	ReportRefused  ReportState = "refused"  // ditolak PPK; the next edition is open
)

// ReportCloses are the states in which the book takes no new and no changed notas.
var ReportCloses = []ReportState{ReportVerified, ReportSigned, ReportUploaded, ReportAccepted}

// Closes reports whether the book is closed in that state.
func (s ReportState) Closes() bool { return slices.Contains(ReportCloses, s) }

// Upload is what bizhub said when the group uploaded the scan.
type Upload struct {
	Number string    `json:"number"`
	Day    Day       `json:"day"`
	File   ID        `json:"file,omitempty"`
	By     ID        `json:"by,omitempty"`
	At     time.Time `json:"at,omitzero"`
}

// Result is what the PPK decided.
type Result struct {
	Accepted bool      `json:"accepted"`
	Reasons  string    `json:"reasons,omitempty"`
	Day      Day       `json:"day"`
	By       ID        `json:"by,omitempty"`
	At       time.Time `json:"at,omitzero"`
}

// Chapter is one part of an LPJ's narrative, in the group's own words. Codes are the template's.
type Chapter struct {
	ID        ID     `json:"id"`
	Version   int    `json:"version"`
	Recipient ID     `json:"recipient"`
	Code      string `json:"code"`                               // of the template's part, for example "latar"
	Text      string `json:"text,omitempty" audit:"personal"`    // paragraphs
	Voice     ID     `json:"voice,omitempty"`                    // a File; kept, not printed
	Comment   string `json:"comment,omitempty" audit:"personal"` // the mentor's, until the part is changed
	// the mentor's words for it, taken or left by the group
	Proposal string    `json:"proposal,omitempty" audit:"personal"`
	Advisor  ID        `json:"advisor,omitempty"` // whose comment and proposal they are
	By       ID        `json:"by,omitempty"`      // who wrote it last
	At       time.Time `json:"at,omitzero"`
}

// Seal is what was printed at one time: the data itself, so that the same bytes come again whatever happens to the
// records, and the code on each page, which is made of the data's hash. Data that did not change has the same seal.
type Seal struct {
	ID        ID        `json:"id"`
	Version   int       `json:"version"`
	Recipient ID        `json:"recipient"`
	Edition   int       `json:"edition"`
	Code      string    `json:"code"` // typed or scanned by anyone
	Hash      string    `json:"hash"` // SHA-256 of what Data says, which has the pictures' hashes, in hex
	Received  Rupiah    `json:"received"`
	Spent     Rupiah    `json:"spent"`
	Deposited Rupiah    `json:"deposited"`
	Data      string    `json:"data" audit:"personal"` // JSON
	By        ID        `json:"by"`
	At        time.Time `json:"at"`
}

// Annex is a paper or picture that belongs to an LPJ and to no nota.
type Annex struct {
	ID        ID        `json:"id"`
	Version   int       `json:"version"`
	Recipient ID        `json:"recipient"`
	Edition   int       `json:"edition"` // of the Report it came with
	Kind      AnnexKind `json:"kind"`
	File      ID        `json:"file,omitempty"`
	Note      string    `json:"note,omitempty" audit:"personal"` // a caption; of a hard copy, who keeps it
	Number    string    `json:"number,omitempty"`                // of a letter
	Day       Day       `json:"day,omitempty"`
	Until     Day       `json:"until,omitempty"`   // of an extension: the new last day
	Place     string    `json:"place,omitempty"`   // of a hard copy: where it is kept
	Stamped   bool      `json:"stamped,omitempty"` // of a signed page: the meterai is on it
	By        ID        `json:"by"`
	At        time.Time `json:"at"`
	Dropped   time.Time `json:"dropped,omitzero"` // taken out again
}

// AnnexKind is what an annex shows.
type AnnexKind string

// The kinds of annexes.
const (
	AnnexTool      AnnexKind = "tool"      // the tools that were bought
	AnnexActivity  AnnexKind = "activity"  // the group at work
	AnnexSigned    AnnexKind = "signed"    // a scan of a signed and stamped page
	AnnexCopy      AnnexKind = "copy"      // the bound report: where it is, who keeps it
	AnnexExtension AnnexKind = "extension" // more time: letter number, date, the new last day
)

// Check is one item of the LPJ's checklist, as a programme's rules have it.
type Check struct {
	Code   string `json:"code" toml:"code"`               // of what is looked at; its words are lpj.check.CODE
	Weight int    `json:"weight" toml:"weight"`           // in the percentage
	Least  int    `json:"least,omitempty" toml:"least"`   // of pictures; 0: one
	Before bool   `json:"before,omitempty" toml:"before"` // it is to be done before the LPJ is verified
}

// UsualChecks returns the checklist of a programme whose rules name none.
func UsualChecks() []Check {
	return []Check{
		{"rab", 5, 0, true}, {"money", 20, 0, true}, {"evidence", 20, 0, true}, {"notas", 10, 0, true},
		{"stamps", 5, 0, true},
		{"tool", 5, 1, true}, {"activity", 5, 1, true}, {"chapters", 10, 0, true}, {"rest", 5, 0, true},
		{"chair", 5, 0, false}, {"statement", 4, 0, false}, {"copy", 3, 0, false}, {"upload", 3, 0, false},
	}
}
