package files

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"pendamping/bot/telegram"
	"pendamping/flows/receipt"
	"pendamping/store"
)

// FetchAll downloads files in the background until all of them are here. One process does it.
func (s *Files) FetchAll(ctx context.Context) {
	again := make(map[store.ID]retry)
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.came:
			select { // lets some files come together
			case <-ctx.Done():
			case <-time.After(50 * time.Millisecond):
			}
		case <-time.After(2 * time.Second):
		}
		s.Heartbeats.Beat("files", 30*time.Minute)
		if lead, err := s.Process.Lead(ctx, "fetch"); err != nil || !lead {
			continue
		}
		for after := store.ID(0); ctx.Err() == nil; {
			list, err := s.Records.FilesToFetch(ctx, after, filesPerCommit)
			if err != nil || len(list) == 0 {
				break
			}
			after = list[len(list)-1].ID
			s.Heartbeats.Beat("files", 30*time.Minute)
			s.fetchSome(ctx, list, again)
		}
		if err := s.askAgain(ctx); err != nil {
			s.Warn(ctx, "senders were not asked for pictures again", err)
		}
	}
}

type retry struct {
	at   time.Time
	wait time.Duration
}

// fetchesAtOnce is how many files are downloaded side by side. filesPerCommit is how many are kept in one commit, for
// which their people's next commits wait.
const (
	fetchesAtOnce  = 4
	filesPerCommit = 16
)

// fetchSome downloads files and keeps the results in one commit.
func (s *Files) fetchSome(ctx context.Context, list []store.File, again map[store.ID]retry) {
	var mu sync.Mutex
	var here []store.File
	var group sync.WaitGroup
	slots := make(chan struct{}, fetchesAtOnce)
	for _, f := range list {
		mu.Lock()
		later := time.Now().Before(again[f.ID].at)
		mu.Unlock()
		if later {
			continue
		}
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			err := s.fetchOne(ctx, &f)
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, telegram.ErrTooLarge) {
				f.Size, err = telegram.MaxDownload+1, nil
			}
			if err != nil {
				r := again[f.ID]
				r.wait = min(max(2*r.wait, time.Second), 10*time.Minute)
				r.at = time.Now().Add(r.wait)
				again[f.ID] = r
				return
			}
			delete(again, f.ID)
			here = append(here, f)
		})
	}
	group.Wait()
	if err := s.keepFetched(ctx, here); errors.Is(err, store.ErrConflict) {
		for _, f := range here { // one of them changed meanwhile, and the others need not wait for it
			_ = s.keepFetched(ctx, []store.File{f})
		}
	}
}

func (s *Files) fetchOne(ctx context.Context, f *store.File) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	body, err := s.Telegram.Download(ctx, f.FileID)
	if err != nil {
		s.Called("getFile", err)
		return err
	}
	defer body.Close()
	from := &readErrorTracker{Reader: body}
	in := bufio.NewReader(from)
	start, _ := in.Peek(64) // an error comes again when all is read
	receipt.Recognize(f, start)
	f.SHA256, f.Size, err = s.Media.Put(ctx, in)
	switch {
	case err == nil:
		s.MediaAway.End()
	case from.err == nil && ctx.Err() == nil:
		s.MediaAway.Begin(err) // the bytes arrived and could not be written
	}
	if over := (*http.MaxBytesError)(nil); errors.As(err, &over) {
		return telegram.ErrTooLarge
	}
	return err
}

func (s *Files) keepFetched(ctx context.Context, list []store.File) error {
	if len(list) == 0 {
		return nil
	}
	tx := s.Begin()
	defer tx.Rollback(context.WithoutCancel(ctx))
	tooLarge := func(f store.File) bool { return f.Size > telegram.MaxDownload }
	var words []store.Message
	for _, f := range list {
		if !tooLarge(f) {
			continue
		}
		p, err := tx.Person(ctx, f.By)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if p.Account != 0 {
			words = append(words, store.Message{
				Chat: p.Account, Class: store.Nudge, Body: []store.Text{store.Say("file.toolarge")},
			})
		}
	}
	if err := tx.PutFiles(ctx, func(f store.File) string {
		if tooLarge(f) {
			return "file.toolarge"
		}
		return "file.fetched"
	}, list); err != nil {
		return err
	}
	err := tx.Keep(ctx, words)
	wake(s.looks)
	return err
}

// readErrorTracker remembers whether reading failed, which tells if a failed copy is the reader's fault or the
// writer's.
type readErrorTracker struct {
	io.Reader
	err error
}

func (r *readErrorTracker) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}

// askAfter is how old a picture without bytes is when its sender is asked to send it again. Until then it is
// downloaded again, because Telegram keeps it and a full disk is mended within hours.
const askAfter = 6 * time.Hour

// askAgain asks the senders of pictures that could not be kept to send them again, once and in one message for each
// nota.
func (s *Files) askAgain(ctx context.Context) error {
	list, err := s.Records.FilesToAsk(ctx, s.Now().Add(-askAfter), filesPerCommit)
	if err != nil || len(list) == 0 {
		return err
	}
	tx := s.Begin()
	defer tx.Rollback(context.WithoutCancel(ctx))
	asked := map[string]bool{}
	var words []store.Message
	for _, f := range list {
		messages, err := receipt.AskAgain(ctx, tx, f)
		if err != nil {
			return err
		}
		for _, m := range messages {
			if !asked[m.Key] {
				asked[m.Key] = true
				words = append(words, m)
			}
		}
		tx.Asked(f)
	}
	return tx.Keep(ctx, words)
}
