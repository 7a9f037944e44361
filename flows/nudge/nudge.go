// Package nudge sends a mentor's letters to many groups at once, each with its cause and its time.
package nudge

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// noContact is after how long without a word a group is one to ask after.
const noContact = 14 * 24 * time.Hour

// A cause is why a mentor writes to groups. Its words are nudge.cause.CODE, and those of the letter that fits it
// letter.CODE.
type cause struct {
	code string
	// fits tells whether a group is one of those; nil is every group.
	fits func(s store.Standing, now time.Time) bool
	// what fills the gap of the letter's words.
	what func(s store.Standing) string
}

// causes are in the order in which they are offered. Letters of the causes without fits are for any group.
var causes = []cause{
	{"kosong", func(s store.Standing, _ time.Time) bool { return s.Counted == 0 && s.Unfinished.Count == 0 }, nil},
	{"kurang", func(s store.Standing, _ time.Time) bool { return s.Unfinished.Count > 0 },
		func(s store.Standing) string { return piled(s.Unfinished) }},
	{"betulkan", func(s store.Standing, _ time.Time) bool { return s.Returned.Count > 0 },
		func(s store.Standing) string { return piled(s.Returned) }},
	{"sisa", func(s store.Standing, _ time.Time) bool { return s.Left > 0 },
		func(s store.Standing) string { return s.Left.String() }},
	{"kabar", func(s store.Standing, now time.Time) bool { return now.Sub(heard(s)) >= noContact }, nil},
	{"tanya", nil, nil},
	{"semangat", nil, nil},
}

// What the mentor may choose instead of a cause, and of a letter's words.
const (
	everyGroup = "semua"
	byHand     = "pilih"
	ownWords   = "sendiri"
)

// piled are the numbers of notas, as a letter names them.
func piled(p store.Backlog) string {
	var list []string
	for _, n := range p.Numbers {
		list = append(list, "#"+strconv.Itoa(n))
	}
	if p.Count > len(list) {
		list = append(list, "…")
	}
	return strings.Join(list, ", ")
}

// heard is when there was contact with a group; before the first one, when its money came.
func heard(s store.Standing) time.Time {
	if s.LastVisit.IsZero() {
		return s.Disbursed.Time()
	}
	return s.LastVisit
}

// fitting are the groups of a cause.
func fitting(code string, list []store.Standing, now time.Time) []store.Standing {
	return slices.DeleteFunc(slices.Clone(list), func(s store.Standing) bool {
		c, ok := causeOf(code)
		return code != everyGroup && (!ok || c.fits == nil || !c.fits(s, now))
	})
}

func causeOf(code string) (cause, bool) {
	i := slices.IndexFunc(causes, func(c cause) bool { return c.code == code })
	if i < 0 {
		return cause{}, false
	}
	return causes[i], true
}

// Causes asks a mentor which of her groups she wants to write to, and why.
func Causes(ctx context.Context, t *dialog.Turn, _ dialog.Args) (form.Screen, error) {
	list, err := t.Tx.Standings(ctx, t.Who.ID)
	if err != nil {
		return form.Screen{}, err
	}
	if len(list) == 0 {
		return form.Screen{Body: []store.Text{store.Say("kelompok.empty")}}, nil
	}
	s := form.Screen{Body: []store.Text{store.Say("ingatkan.head")}}
	for _, c := range causes {
		if c.fits == nil {
			continue
		}
		if n := len(fitting(c.code, list, t.Tx.Now())); n > 0 {
			s.Buttons = append(s.Buttons, []store.Button{{
				Text: store.Say("nudge.cause", "Cause", c.code, "Count", strconv.Itoa(n)),
				Data: dialog.Data("nudge", c.code),
			}})
		}
	}
	s.Buttons = append(s.Buttons,
		[]store.Button{
			{
				Text: store.Say("nudge.cause", "Cause", everyGroup, "Count", strconv.Itoa(len(list))),
				Data: dialog.Data("nudge", everyGroup),
			},
			{Text: store.Say("nudge.cause.pilih"), Data: dialog.Data("nudge", byHand)},
		},
		[]store.Button{{Text: store.Say("nudge.sent"), Data: dialog.Data("nudges")}})
	return s, nil
}
