package documents

import (
	"context"
	"io"
	"os"
	"time"

	"pendamping/flows/dialog"
	"pendamping/flows/layout"
	"pendamping/store"
)

// Source is what papers are made from: the records, the pictures by the hash of their bytes, and the words.
type Source struct {
	dialog.Setting
	Tx    store.Tx
	Media interface {
		Open(sha256 string) (*os.File, error)
	}
	// as layout.Printing has it
	Ready func(ctx context.Context, open layout.Open, list []layout.Raw) ([]layout.Ready, error)
	// takes a further paper, to be made after this one; it may be told of again
	More func(store.Message)
	// takes a request to send a file again, to be said once for each file
	Ask func(f store.File, m store.Message)
	// as layout.Printing has it
	Together func(jobs []func())
}

// Printing is what a paper in that language is printed with.
func (s Source) Printing(language string, zone *time.Location) layout.Printing {
	return s.PrintingAt(language, s.Tx.Now().In(zone))
}

// PrintingAt is printing as it was at another time.
func (s Source) PrintingAt(language string, made time.Time) layout.Printing {
	return layout.Printing{
		Words: func(t store.Text) string { return s.Words(language, t) },
		Open:  func(sha256 string) (io.ReadCloser, error) { return s.Media.Open(sha256) },
		Made:  made, Together: s.Together, Ready: s.Ready,
	}
}
