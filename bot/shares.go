package bot

import (
	"sync"
	"time"

	"pendamping/store"
)

// forgotten is how long it takes until half of what a sender's files took no longer counts against the sender.
const forgotten = time.Minute

// shares remembers how long the files of each sender took lately, so that somebody's heavy files wait behind everybody else's.
type shares struct {
	took map[store.ID]time.Duration
	last time.Time
}

// add counts time that a sender's file took.
func (s *shares) add(sender store.ID, took time.Duration, now time.Time) {
	if s.took == nil {
		s.took, s.last = map[store.ID]time.Duration{}, now
	}
	for ; now.Sub(s.last) >= forgotten; s.last = s.last.Add(forgotten) {
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

// next picks the file of the sender whose files took the least, and of one sender's the oldest; -1 if there is none that may go.
func (s *shares) next(list []store.File, may func(store.File) bool) int {
	best := -1
	for i, f := range list {
		if may(f) && (best < 0 || s.took[f.By] < s.took[list[best].By] || s.took[f.By] == s.took[list[best].By] && f.ID < list[best].ID) {
			best = i
		}
	}
	return best
}

// readQueue holds the newest picture that each sender wants read. A picture that is replaced stays unread.
type readQueue struct {
	mu     sync.Mutex
	files  map[store.ID]store.File // by sender
	shares shares
	some   chan struct{}
}

// maxReaders is how many senders wait; those beyond stay unread, like pictures of an hour when hundreds send some.
const maxReaders = 64

func newReadQueue() *readQueue {
	return &readQueue{files: map[store.ID]store.File{}, some: make(chan struct{}, 1)}
}

func (q *readQueue) add(f store.File) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if _, waits := q.files[f.By]; waits || len(q.files) < maxReaders {
		q.files[f.By] = f
		wake(q.some)
	}
}

// take removes the picture whose turn it is.
func (q *readQueue) take() (f store.File, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := make([]store.File, 0, len(q.files))
	for _, f := range q.files {
		list = append(list, f)
	}
	i := q.shares.next(list, func(store.File) bool { return true })
	if i < 0 {
		return f, false
	}
	delete(q.files, list[i].By)
	return list[i], true
}

func (q *readQueue) took(f store.File, d time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.shares.add(f.By, d, time.Now())
}
