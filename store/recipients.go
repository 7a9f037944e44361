package store

import (
	"cmp"
	"context"
	"time"
)

// Recipients are who received a grant, the programme's rules they are pinned to, and their plans.
type Recipients interface {
	// Recipient returns the recipient with that id.
	Recipient(ctx context.Context, id ID) (Recipient, error)
	// RecipientByCode returns the recipient with that code.
	RecipientByCode(ctx context.Context, code string) (Recipient, error)
	// RecipientsOf returns a mentor's recipients, by name.
	RecipientsOf(ctx context.Context, mentor ID) ([]Recipient, error)
	// AddRecipient adds a recipient and begins its chain.
	AddRecipient(ctx context.Context, what string, r *Recipient) error
	// PutRecipient changes a recipient.
	PutRecipient(ctx context.Context, what string, r *Recipient) error

	// Program returns the version of a programme's rules with that id.
	Program(ctx context.Context, id ID) (Program, error)
	// ProgramByCode returns a version of a programme's rules; version 0 asks for the newest.
	ProgramByCode(ctx context.Context, code string, version int) (Program, error)
	// NewestProgram returns the programme whose rules were added last.
	NewestProgram(ctx context.Context) (Program, error)
	// AddProgram adds a version of a programme's rules, which is never changed.
	AddProgram(ctx context.Context, what string, p *Program) error

	// Plan returns the edition of a recipient's RAB that holds. A recipient without one has an empty Plan.
	Plan(ctx context.Context, recipient ID) (Plan, error)
	// PlanByID returns an edition in whatever state it is.
	PlanByID(ctx context.Context, id ID) (Plan, error)
	// ProposedPlan returns the edition that waits for an agreement; an empty Plan when none does.
	ProposedPlan(ctx context.Context, recipient ID) (Plan, error)
	// AddPlan adds an edition of the RAB, the next one when it says none; lines without an id get one. Without a state
	// it is agreed.
	AddPlan(ctx context.Context, what string, p *Plan) error
	// PutPlan changes an edition.
	PutPlan(ctx context.Context, what string, p *Plan) error
}

// Rooms are the group chats in which photos are filed, each for one recipient. They are no record and have no event.
type Rooms interface {
	// RoomOf returns the recipient that a group chat's photos are filed for; 0 when that is not known yet.
	RoomOf(ctx context.Context, chat int64) (ID, error)
	// Rooms returns a recipient's group chats, in no order.
	Rooms(ctx context.Context, recipient ID) ([]int64, error)
	// PutRoom makes a group chat a recipient's; ErrConflict when it is somebody's already.
	PutRoom(ctx context.Context, chat int64, recipient ID) error
}

// Recipient is who received a grant: a group, or a single person.
type Recipient struct {
	ID        ID     `json:"id"`
	Version   int    `json:"version"`
	Code      string `json:"code"`
	Name      string `json:"name"`
	Single    bool   `json:"single,omitempty"` // a person, not a group
	Program   ID     `json:"program"`          // the version of the rules it is pinned to
	Province  string `json:"province,omitempty"`
	Regency   string `json:"regency,omitempty"`
	Village   string `json:"village,omitempty"`
	Wave      string `json:"wave,omitempty"`
	Zone      string `json:"zone,omitempty"` // IANA name; "" is the default zone
	Grant     Rupiah `json:"grant"`
	Disbursed Day    `json:"disbursed,omitempty"`
	Mentor    ID     `json:"mentor,omitempty"`
	Regular   ID     `json:"regular,omitempty"` // the mentor for whom that one stands in
	Back      Day    `json:"back,omitempty"`    // the stand-in's last day
	Planned   bool   `json:"-"`                 // has a plan; read only
	Roomed    bool   `json:"-"`                 // has a group chat; read only
	Closed    bool   `json:"-"`                 // its LPJ is verified, so the book takes nothing; read only
}

// Program is one version of a programme's rules. Rules change even inside a budget year; a version never does.
type Program struct {
	ID      ID     `json:"id"`
	Code    string `json:"code"`
	Edition int    `json:"edition"` // version of the rules, from 1
	Rules   Rules  `json:"rules"`
}

// Rules are what a programme's juknis sets; nothing here is a constant of the code.
type Rules struct {
	Name   string  `json:"name" toml:"name"`
	Year   int     `json:"year" toml:"year"`
	Unit   string  `json:"unit" toml:"unit"` // "kelompok" or "perorangan"
	Amount Rupiah  `json:"amount" toml:"amount"`
	Split  []Share `json:"split" toml:"split"`
	Period int     `json:"period" toml:"period"` // days of activity after disbursement
	// the period and the LPJ end on 31 December of the year of disbursement at the latest
	YearEnd  bool `json:"year_end" toml:"year_end"`
	Deadline int  `json:"deadline" toml:"deadline"` // days from disbursement to the LPJ
	// the most one nota may say; 0: the grant
	Ceiling Rupiah `json:"ceiling" toml:"ceiling"`
	// days after which a recipient without word from its mentor is a task; 0: 14
	Contact int `json:"contact,omitempty" toml:"contact"`
	// days from the end of the period on which the rest of the money is spoken of, before it below zero; none: -14 -7
	// -3 -1 1
	Remind []int `json:"remind,omitempty" toml:"remind"`
	// beside the national ones; no reminder is sent
	Holidays   []Day      `json:"holidays,omitempty" toml:"holidays"`
	Categories []Category `json:"categories" toml:"categories"` // for recipients without a plan
	Template   string     `json:"template" toml:"template"`     // of the LPJ
	// an announcement to more chats is confirmed by typing how many; 0: 100
	TypeOver int `json:"type_over,omitempty" toml:"type_over"`
	// one to more chats needs a second coordinator; 0: 1,000
	ApproveOver int `json:"approve_over,omitempty" toml:"approve_over"`
	// a paper that states more than this needs a meterai; 0: 5,000,000 (UU 10/2020)
	Stamp  Rupiah  `json:"stamp,omitempty" toml:"stamp"`
	Checks []Check `json:"checks,omitempty" toml:"checks"` // of the LPJ; none: UsualChecks
	// how often a verified edition may be opened again; 0: 2
	Reopen int `json:"reopen,omitempty" toml:"reopen"`
	// years after the one of disbursement that records are kept; 0: 10
	Keep int `json:"keep,omitempty" toml:"keep"`
}

// KeepYears returns how many years after the one of disbursement a recipient's records are kept.
func (r Rules) KeepYears() int { return cmp.Or(r.Keep, 10) }

// Checklist returns what an LPJ is looked at for: Checks, or UsualChecks if there are none.
func (r Rules) Checklist() []Check {
	if len(r.Checks) == 0 {
		return UsualChecks()
	}
	return r.Checks
}

// ReopenUpTo returns how often a verified edition of an LPJ may be opened again.
func (r Rules) ReopenUpTo() int { return cmp.Or(r.Reopen, 2) }

// StampOver returns the amount above which a paper needs a meterai: exactly that amount needs none.
func (r Rules) StampOver() Rupiah { return cmp.Or(r.Stamp, 5_000_000) }

// TypedOver returns the most chats to which an announcement is confirmed without typing how many they are.
func (r Rules) TypedOver() int { return cmp.Or(r.TypeOver, 100) }

// SecondOver returns the most chats to which an announcement needs no second coordinator.
func (r Rules) SecondOver() int { return cmp.Or(r.ApproveOver, 1000) }

// ContactWithin returns the number of days within which a recipient should hear from its mentor.
func (r Rules) ContactWithin() int { return cmp.Or(r.Contact, 14) }

// RemindOn returns the days from the end of the period on which the rest of the money is spoken of.
func (r Rules) RemindOn() []int {
	if len(r.Remind) == 0 {
		return []int{-14, -7, -3, -1, 1}
	}
	return r.Remind
}

// Share is the part of the grant that a pos is meant for.
type Share struct {
	Pos     string `json:"pos" toml:"pos"`
	Percent int    `json:"percent" toml:"percent"`
}

// Category is a choice for what was bought, with the pos it counts under.
type Category struct {
	Code string `json:"code" toml:"code"`
	Name string `json:"name" toml:"name"`
	Pos  string `json:"pos" toml:"pos"`
}

// End returns the last day of activity for money disbursed on d; "" when d is unknown.
func (r Rules) End(d Day) Day { return r.until(d, r.Period) }

// Due returns the last day for the LPJ for money disbursed on d; "" when d is unknown.
func (r Rules) Due(d Day) Day { return r.until(d, r.Deadline) }

func (r Rules) until(d Day, days int) Day {
	if !d.Valid() {
		return ""
	}
	last := NewDay(d.Time().Year(), time.December, 31)
	if end := d.Add(days); days > 0 && (end <= last || !r.YearEnd) {
		return end
	}
	return last
}

// DefaultRules returns the rules of a recipient whose roster names no programme: the 2023 split and limits, days
// counted from disbursement and ending with its year. Source: press on the 2023 programme; the juknis annexes were not
// available.
func DefaultRules() Rules {
	return Rules{
		Name: "TKM Pemula", Year: 2023, Unit: "kelompok", Amount: 20_000_000,
		Split:  []Share{{"ALAT", 60}, {"BAHAN", 40}},
		Period: 30, YearEnd: true, Template: "2023",
		Categories: []Category{{"ALAT", "Alat", "ALAT"}, {"BAHAN", "Bahan", "BAHAN"}, {"LAIN", "Lain-lain", "LAIN"}},
	}
}

// Plan is an edition of a recipient's RAB, the spending plan. The agreed one with the highest edition holds; the group
// proposes the next, its mentor agrees to it or declines.
type Plan struct {
	ID        ID         `json:"id"`
	Version   int        `json:"version"`
	Recipient ID         `json:"recipient"`
	Edition   int        `json:"edition"` // from 1
	State     PlanState  `json:"state"`
	Reason    string     `json:"reason,omitempty"`
	Lines     []PlanLine `json:"lines"`
	By        ID         `json:"by,omitempty"` // who proposed it; 0: it came with the roster
	At        time.Time  `json:"at,omitzero"`
	// who proposed or changed it, and their sponsors: none of them may decide it
	Hands  []ID   `json:"hands,omitempty"`
	Review Review `json:"review,omitzero"`
}

// PlanState is how far an edition of a plan has come.
type PlanState string

// The states of a plan.
const (
	PlanProposed PlanState = "proposed" // by the group; waits for the mentor
	PlanAgreed   PlanState = "agreed"   // holds, if no later one is agreed
	PlanDeclined PlanState = "declined" // by the mentor, or taken back by the group
)

// PlanLine is one line of a RAB: uraian, pos, volume, satuan, harga satuan. A line keeps its id from edition to
// edition.
type PlanLine struct {
	ID     ID     `json:"id"`
	Item   string `json:"item"`
	Pos    string `json:"pos"`
	Volume Volume `json:"volume"`
	Unit   string `json:"unit"`
	Price  Rupiah `json:"price"`
}

// Amount returns what the line may cost.
func (l PlanLine) Amount() Rupiah { return l.Volume.Times(l.Price) }
