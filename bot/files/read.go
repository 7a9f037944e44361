package files

import (
	"context"
	"sync"
	"time"

	"pendamping/store"
)

// ReadAll reads the pictures of unfinished notas, one at a time and each sender in turn, and offers the result to the
// sender. Nobody waits for it, and what fails is left unread.
func (s *Files) ReadAll(ctx context.Context) {
	for s.Read != nil {
		select {
		case <-ctx.Done():
			return
		case <-s.reads.some:
		}
		for f, ok := s.reads.take(); ok && ctx.Err() == nil; f, ok = s.reads.take() {
			began := time.Now()
			chat, words := s.readOne(ctx, f)
			s.reads.took(f, time.Since(began))
			if chat != 0 && words != "" {
				s.Offer(chat, f, words)
			}
		}
	}
}

// readTimeout is how long a picture is read before it is left unread.
const readTimeout = 20 * time.Second

// readOne reads a picture if its nota is unfinished and it was sent in a private chat.
func (s *Files) readOne(ctx context.Context, f store.File) (chat int64, words string) {
	tx := s.Begin()
	defer tx.Rollback(context.WithoutCancel(ctx))
	r, err := tx.Receipt(ctx, f.Receipt)
	if err != nil || r.State != store.Unfinished {
		return 0, ""
	}
	p, err := tx.Person(ctx, f.By)
	if err != nil || p.Account == 0 {
		return 0, ""
	}
	picture, err := s.Media.Open(f.SHA256)
	if err != nil {
		return 0, ""
	}
	defer picture.Close()
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	words, _ = s.Read(ctx, picture)
	return p.Account, words
}

// readQueue holds the newest picture that each sender wants read. A picture that is replaced stays unread.
type readQueue struct {
	mu     sync.Mutex
	files  map[store.ID]store.File // by sender
	shares fairShare
	some   chan struct{}
}

// maxReaders is how many senders may wait. Beyond that pictures stay unread, as in an hour when hundreds of people
// send some.
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

// take removes and returns the picture whose turn it is.
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
