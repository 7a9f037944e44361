package audit

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"pendamping/flows"
	"pendamping/flows/report"
	"pendamping/store"
)

// originals compares the proofs with the files that came: each lies under the very name that the export gives it. It
// counts them, and those that are missing or not what they were.
func (p *proving) originals(zone *time.Location) (files, broken int, err error) {
	receipts, entries := lastOf[store.Receipt](p, "receipt"), lastOf[store.Entry](p, "entry")
	visits := lastOf[store.Visit](p, "visit")
	in := p.inFolder()
	counts := map[string]int{}
	for _, f := range p.files(visits) {
		files++
		number := 0
		switch {
		case f.Receipt != 0:
			number = receipts[f.Receipt].Number
		case f.Entry != 0:
			number = entries[f.Entry].Number
		}
		path := flows.OriginalPath(f, number, store.DayOf(visits[f.Visit].Start, zone))
		counts[path]++
		if f.SHA256 == "" { // its bytes never came, or are kept no longer
			broken++
			continue
		}
		name := fmt.Sprintf("%s-%02d", path, counts[path])
		ending, err := in.ending(f.SHA256)
		if err != nil {
			return files, broken, err
		}
		if ending == "" {
			broken++
			p.wrong("an original of %s with the hash %s came and is not here", name, f.SHA256)
			continue
		}
		p.known[name+ending] = true
		if sum, ok := p.there[name+ending]; ok && sum != f.SHA256 {
			p.wrong("%s is no file that came for it", name+ending)
		}
	}
	return files, broken, nil
}

// files returns all that came, in the order in which an export takes them: those of visits come last.
func (p *proving) files(visits map[store.ID]store.Visit) []store.File {
	all := lastOf[store.File](p, "file")
	return slices.SortedFunc(maps.Values(all), func(a, b store.File) int {
		return cmp.Or(cmp.Compare(min(a.Visit, 1), min(b.Visit, 1)),
			visits[a.Visit].Start.Compare(visits[b.Visit].Start), cmp.Compare(a.Visit, b.Visit),
			a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
	})
}

// inFolder returns the originals by their hash.
func (p *proving) inFolder() originals {
	list := originals{}
	for name, sum := range p.there {
		if strings.HasPrefix(name, "bukti/") {
			list[sum] = filepath.Join(p.folder, filepath.FromSlash(name))
		}
	}
	return list
}

// originals are files by the hash of their bytes.
type originals map[string]string

func (o originals) Open(sum string) (*os.File, error) {
	if path, ok := o[sum]; ok {
		return os.Open(path)
	}
	return nil, store.ErrNotFound
}

// ending returns the ending of a file's name, or "" if the file is not here.
func (o originals) ending(sum string) (string, error) {
	f, err := o.Open(sum)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer f.Close()
	start := make([]byte, 16)
	n, err := io.ReadFull(f, start)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return report.Ending(start[:n]), err
}
