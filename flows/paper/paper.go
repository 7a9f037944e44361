// Package paper writes what is printed: reports as PDF for people to sign and keep, and the same as XLSX to calculate
// with. The same data gives the same bytes. Every word comes from the sentences that it is given; people's own words
// are printed as they are, but never as a formula.
package paper

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

// Say puts a sentence into the reader's words.
type Say func(store.Text) string

func (s Say) say(id string, pairs ...string) string { return s(store.Say(id, pairs...)) }

// orCode is the sentence with that id without the picture that a button begins with, or the code where there is none.
func (s Say) orCode(id, code string) string {
	words := s(store.Text{ID: id})
	if words == locales.Marker {
		return code
	}
	return strings.TrimLeftFunc(words, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

func (s Say) rupiah(r store.Rupiah) string { return s.say("recap.rupiah", "Amount", r.String()) }

func (s Say) number(n int) string { return s.say("recap.number", "Number", strconv.Itoa(n)) }

// and lists names as a sentence does.
func (s Say) and(names []string) string {
	if n := len(names); n > 1 {
		return s.say("recap.and", "Names", strings.Join(names[:n-1], ", "), "Last", names[n-1])
	}
	return strings.Join(names, "")
}

// day is a day in words; an unknown one is a dash.
func (s Say) day(d store.Day) string {
	if !d.Valid() {
		return dash
	}
	return s.say("recap.day", "Day", string(d))
}

// dash stands where nothing is known.
const dash = "–"

// Open opens the bytes of a picture.
type Open func(sha256 string) (io.ReadCloser, error)

// Printing is what every paper is printed with.
type Printing struct {
	Say  Say
	Open Open // nil: no picture can be opened
	// when the paper is made, at the reader's place; it is all that a paper knows of the clock; a Report has its own
	Made time.Time
	Most int64 // bytes of a file of a Report; 0: what its template says

	// Ready makes files ready for print, in the order of the list: In or Here; nil: no file can be shown.
	Ready func(ctx context.Context, open Open, list []Raw) ([]Ready, error)

	Together func(jobs []func()) // runs jobs, some at once, until all are done; nil: one after the other
}

// makeReady makes files ready, those that share a child.
func (p Printing) makeReady(ctx context.Context, list []Raw) ([]Ready, error) {
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
	done, errs := make([]Ready, len(list)), make([]error, (len(list)+inOneChild-1)/inOneChild)
	var jobs []func()
	for n := range errs {
		from, to := n*inOneChild, min((n+1)*inOneChild, len(list))
		jobs = append(jobs, func() {
			some, err := p.makeReady(ctx, list[from:to])
			copy(done[from:to], some)
			errs[n] = err
		})
	}
	p.all(jobs)
	return done, errors.Join(errs...)
}

// all runs jobs until all are done.
func (p Printing) all(jobs []func()) {
	if p.Together != nil {
		p.Together(jobs)
		return
	}
	for _, do := range jobs {
		do()
	}
}

// ended tells whether whoever waits for a paper has stopped waiting.
func ended(ctx context.Context) error { return context.Cause(ctx) }
