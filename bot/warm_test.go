package bot_test

import (
	"context"
	"sync"

	"pendamping/store/embedded/testdb"
	"pendamping/store/postgres"
)

// houses are the databases of tests that need no relay before theirs.
var houses = testdb.Pool[*sessions]{
	Migrate: migrate,
	Open:    func(context.Context, string) (*sessions, error) { return &sessions{}, nil },
	Forget:  func(*sessions) {}, // each was left without
}

// sessions are what was opened in a database, for one process after another.
type sessions struct {
	mu   sync.Mutex
	free []*postgres.DB
}

// take is what somebody left; nil: nothing.
func (s *sessions) take() *postgres.DB {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.free) == 0 {
		return nil
	}
	db := s.free[len(s.free)-1]
	s.free = s.free[:len(s.free)-1]
	return db
}

func (s *sessions) leave(db *postgres.DB) {
	db.Forget()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, db)
}

// Close closes what was left.
func (s *sessions) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, db := range s.free {
		db.Close()
	}
	s.free = nil
}
