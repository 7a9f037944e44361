// Package layout lays out what is printed: pages of a PDF for people to sign and keep, and sheets of a workbook to
// calculate with. The same data gives the same bytes. Every word comes from the sentences that it is given; people's
// own words are printed as they are, but never as a formula. Pictures and files are made ready for print in limited
// children.
package layout

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"pendamping/locales"
	"pendamping/store"
)

// Words puts a sentence into the reader's words.
type Words func(store.Text) string

// Say is the sentence with that id in words; pairs are names and values of its data.
func (s Words) Say(id string, pairs ...string) string { return s(store.Say(id, pairs...)) }

// OrCode is the sentence with that id without the picture that a button begins with, or the code where there is none.
func (s Words) OrCode(id, code string) string {
	words := s(store.Text{ID: id})
	if words == locales.Marker {
		return code
	}
	return strings.TrimLeftFunc(words, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// Rupiah is an amount in words, "Rp1.250.000".
func (s Words) Rupiah(r store.Rupiah) string { return s.Say("recap.rupiah", "Amount", r.String()) }

// Number is a count in words, with the reader's grouping.
func (s Words) Number(n int) string { return s.Say("recap.number", "Number", strconv.Itoa(n)) }

// And lists names as a sentence does.
func (s Words) And(names []string) string {
	if n := len(names); n > 1 {
		return s.Say("recap.and", "Names", strings.Join(names[:n-1], ", "), "Last", names[n-1])
	}
	return strings.Join(names, "")
}

// Day is a day in words; an unknown one is a dash.
func (s Words) Day(d store.Day) string {
	if !d.Valid() {
		return Dash
	}
	return s.Say("recap.day", "Day", string(d))
}

// Dash stands where nothing is known.
const Dash = "–"

// Open opens the bytes of a picture, by their hash; store.ErrNotFound where they are not here. Any other error is a
// failure of reading, which ends a document: no page may say that a proof is missing which is only out of reach.
type Open func(sha256 string) (io.ReadCloser, error)

// Printing is what every document is printed with.
type Printing struct {
	Words Words
	Open  Open // nil: no picture can be opened
	// when the document is made, at the reader's place, which is all that it knows of the clock; a Report has its own
	Made time.Time
	Most int64 // bytes of a file of a Report; 0: what its template says

	// Ready makes files ready for print, in the order of the list: In or Here; nil: no file can be shown.
	Ready func(ctx context.Context, open Open, list []Raw) ([]Ready, error)

	Together func(jobs []func()) // runs jobs, some at once, until all are done; nil: one after the other
}

// MakeReady makes files ready, those that share a child.
func (p Printing) MakeReady(ctx context.Context, list []Raw) ([]Ready, error) {
	if p.Ready != nil && len(list) > 0 {
		return p.Ready(ctx, p.Open, list)
	}
	done := make([]Ready, len(list))
	for i := range done {
		done[i].Failed = NotHere
	}
	return done, nil
}

// ready makes files ready; as many as share a child at once, some side by side.
func (p Printing) ready(ctx context.Context, list []Raw) ([]Ready, error) {
	done, errs := make([]Ready, len(list)), make([]error, (len(list)+InOneChild-1)/InOneChild)
	var jobs []func()
	for n := range errs {
		from, to := n*InOneChild, min((n+1)*InOneChild, len(list))
		jobs = append(jobs, func() {
			some, err := p.MakeReady(ctx, list[from:to])
			copy(done[from:to], some)
			errs[n] = err
		})
	}
	p.All(jobs)
	return done, errors.Join(errs...)
}

// All runs jobs until all are done.
func (p Printing) All(jobs []func()) {
	if p.Together != nil {
		p.Together(jobs)
		return
	}
	for _, do := range jobs {
		do()
	}
}

// Ended tells whether whoever waits for a document has stopped waiting.
func Ended(ctx context.Context) error { return context.Cause(ctx) }

// Amount is rupiah in a table, whose head says that it is rupiah.
func (s Words) Amount(r store.Rupiah) string { return s.Say("recap.number", "Number", r.String()) }

// OrDash is what people typed, or a dash where that is nothing.
func OrDash(s string) string {
	if strings.TrimSpace(s) == "" {
		return Dash
	}
	return s
}

// Commas joins those of the words that are there.
func Commas(words ...string) string {
	joined := ""
	for _, w := range words {
		if w != "" && joined != "" {
			joined += ", "
		}
		joined += w
	}
	return joined
}
