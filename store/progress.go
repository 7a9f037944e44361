package store

import (
	"context"
	"time"
)

// Overview is how far the whole field has come, as it was worked out last.
type Overview interface {
	// Field adds up the progress of a part of the field, as a whole and by level.
	Field(ctx context.Context, in Area, by Level) (Field, error)
	// FieldBefore adds up a part's figures as they were at the beginning of the week of a Monday; ErrNotFound when they
	// weren't kept. Parts are told apart by place only.
	FieldBefore(ctx context.Context, in Area, monday Day) (Progress, error)
	// CoordinatorsIn returns those who can be written to and whose recipients, or the most western of them, are in some
	// zones.
	CoordinatorsIn(ctx context.Context, zones []string) ([]Person, error)
}

// Level says by what the field's progress is added up.
type Level string

// The levels, from the widest on.
const (
	ByProvince Level = "province"
	ByRegency  Level = "regency"
	ByMentor   Level = "mentor" // a mentor's groups in one regency
	ByGroup    Level = "group"
)

// Area is a part of the field. What is nil sets no limit; a mentor of 0 is that of groups without one.
type Area struct {
	Province  *string
	Regency   *string
	Mentor    *ID
	Recipient *ID
}

// Field is how far a part of the field has come: all of it, and its parts at some level, in no order. Its figures are
// those of a moment; the zero time says that they were never worked out.
type Field struct {
	All   Progress
	Parts []Progress
	At    time.Time
}

// Progress is how far some recipients have come, or one. It is worked out from the records and is none itself.
type Progress struct {
	Of        Recipient // one of them, which stands for the place and the mentor that they share
	Mentor    string    // the mentor's name
	Zone      string    // of one of them, the most western one's
	Groups    int
	Complete  int // all rupiah accounted for and all notas verified
	Late      int // not complete after the LPJ's last day
	Silent    int // without a nota or a visit for longer than their rules allow, and not complete
	Mentors   int
	Load      int // how many recipients the mentor has everywhere
	Percent   int // of the LPJ; of several the mean
	Received  Rupiah
	Accounted Rupiah // has a nota or another entry in the book
	Evidenced Rupiah // stands on verified notas, or went back to the state
	// Notas by state, and those in the book.
	Unfinished, Submitted, Returned, Checked, Counted int
	LastNota, LastVisit                               time.Time
	Due                                               Day // the LPJ's last day
}

// Share returns how much of the money is backed by evidence, from 0 to 100; false when no money has come.
func (p Progress) Share() (percent int, ok bool) {
	if p.Received <= 0 {
		return 0, false
	}
	return int(p.Evidenced * 100 / p.Received), true
}

// Last returns when something was last heard of them.
func (p Progress) Last() time.Time {
	if p.LastVisit.After(p.LastNota) {
		return p.LastVisit
	}
	return p.LastNota
}

// Week is how far the field of a regency had come at the beginning of a week, to compare with.
type Week struct {
	ID        ID     `json:"id"`
	Version   int    `json:"version"`
	Week      Day    `json:"week"` // its Monday
	Province  string `json:"province"`
	Regency   string `json:"regency"`
	Groups    int    `json:"groups"`
	Complete  int    `json:"complete"`
	Late      int    `json:"late"`
	Silent    int    `json:"silent"`
	Received  Rupiah `json:"received"`
	Evidenced Rupiah `json:"evidenced"`
}
