package files

import (
	"cmp"
	"time"

	"pendamping/store"
)

// shareHalfLife is how long it takes until half of a sender's time no longer counts.
const shareHalfLife = time.Minute

// fairShare remembers how much time each sender's files took lately, so that one sender's heavy files wait behind
// everybody else's.
type fairShare struct {
	took map[store.ID]time.Duration
	last time.Time
}

// add counts time that a sender's file took.
func (s *fairShare) add(sender store.ID, took time.Duration, now time.Time) {
	if s.took == nil {
		s.took, s.last = map[store.ID]time.Duration{}, now
	}
	for ; now.Sub(s.last) >= shareHalfLife; s.last = s.last.Add(shareHalfLife) {
		if len(s.took) == 0 {
			s.last = now
			break
		}
		for id, d := range s.took {
			if s.took[id] = d / 2; d < time.Millisecond {
				delete(s.took, id)
			}
		}
	}
	s.took[sender] += took
}

// next returns the index of the file whose sender used the least time, and of one sender's files the oldest; -1 if
// none may go.
func (s *fairShare) next(list []store.File, may func(store.File) bool) int {
	best := -1
	for i, f := range list {
		if !may(f) {
			continue
		}
		if best < 0 || cmp.Or(cmp.Compare(s.took[f.By], s.took[list[best].By]), cmp.Compare(f.ID, list[best].ID)) < 0 {
			best = i
		}
	}
	return best
}
