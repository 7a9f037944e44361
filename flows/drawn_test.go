package flows_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync"

	"pendamping/flows/look"
	"pendamping/flows/look/sample"
	"pendamping/flows/receipt"
	"pendamping/store"
)

// drawn are photographs as phones take them, by the words in a transcript: "nota warung", the same paper "nota warung
// lagi", and with "gelap" behind it in the dark, with "rusak" cut off in the middle. Others are no drawn pictures.
var drawn = struct {
	sync.Mutex
	bytes map[string][]byte
}{bytes: map[string][]byte{}}

func photograph(which string) ([]byte, bool) {
	paper, ok := strings.CutPrefix(which, "nota ")
	if !ok {
		return nil, false
	}
	drawn.Lock()
	defer drawn.Unlock()
	if b, ok := drawn.bytes[which]; ok {
		return b, true
	}
	paper, broken := strings.CutSuffix(paper, " rusak")
	paper, dark := strings.CutSuffix(paper, " gelap")
	paper, again := strings.CutSuffix(paper, " lagi")
	seed := uint64(len(paper))*31 + uint64(paper[0])
	shot := sample.Photograph(sample.Paper(sample.Any(seed)), seed)
	if again {
		shot = sample.Photograph(sample.Paper(sample.Any(seed)), seed+1)
	}
	if dark {
		shot = sample.Dim(shot, 0.2)
	}
	b := sample.JPEG(shot, 85)
	if broken {
		b = b[:len(b)/2]
	}
	drawn.bytes[which] = b
	return b, true
}

// here looks at a picture in this process.
func here(r io.Reader) (look.Look, error) {
	all, err := io.ReadAll(r)
	if err != nil {
		return look.Look{}, err
	}
	return look.At(bytes.NewReader(all))
}

// glance looks at drawn pictures; the small ones of other transcripts stand for good ones, if they are pictures at all.
func glance(_ context.Context, f store.File, r io.Reader, _ bool) (receipt.Seen, error) {
	seen, err := receipt.Inspect(here, f, r)
	if f.Width > 100 || err != nil || !receipt.Opened(seen.Look) {
		return seen, err
	}
	return receipt.Seen{Look: store.Look{File: f.ID}}, nil
}
