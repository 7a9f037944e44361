package files

import (
	"context"
	"errors"
	"slices"
	"time"

	"pendamping/flows/receipt"
	"pendamping/store"
)

// These bound how pictures are looked at.
const (
	smallLooks  = 2                // side by side, besides one large look
	maxDecodes  = 2                // attempts that end badly before a picture is set aside
	looksInHand = 64               // pictures that are listed at a time
	lookLater   = 10 * time.Second // until a picture is looked at again after a failure that wasn't its own
)

// lookJob is the name under which attempts to look are counted.
const lookJob = "look"

// looking is the state of LookAll: the looks under way, and whose turn is next.
type looking struct {
	list    []store.File           // what may be looked at
	under   map[store.ID]bool      // files under way
	busy    [2]map[store.ID]int    // senders with a look under way, by small and large
	large   map[store.ID]bool      // files that need a large look
	later   map[store.ID]time.Time // files that wait after a failure
	shares  fairShare
	running [2]int
	done    chan looked
}

// looked is a look that has ended.
type looked struct {
	file  store.File
	large bool
	took  time.Duration
	err   error
}

// LookAll looks at pictures whose bytes are here. A few looks run side by side, at most one for each sender, and a
// sender of heavy pictures waits behind the others. One process does it.
func (s *Files) LookAll(ctx context.Context) {
	if s.Inspect == nil {
		return
	}
	l := looking{
		under: map[store.ID]bool{}, busy: [2]map[store.ID]int{{}, {}},
		large: map[store.ID]bool{}, later: map[store.ID]time.Time{}, done: make(chan looked),
	}
	for fresh := true; ctx.Err() == nil; {
		if lead, err := s.Process.Lead(ctx, "look"); err == nil && lead {
			if fresh || !s.beginLooks(ctx, &l) {
				s.listLooks(ctx, &l)
				s.beginLooks(ctx, &l)
			}
		}
		select {
		case <-ctx.Done():
		case d := <-l.done:
			s.endLook(&l, d)
			fresh = false
		case <-s.looks:
			fresh = true
		case <-time.After(2 * time.Second):
			fresh = true
		}
	}
	for l.running != [2]int{} {
		s.endLook(&l, <-l.done)
	}
}

// listLooks lists what may be looked at now.
func (s *Files) listLooks(ctx context.Context, l *looking) {
	var without []store.ID
	for id := range l.under {
		without = append(without, id)
	}
	for id, at := range l.later {
		if time.Now().Before(at) {
			without = append(without, id)
		} else {
			delete(l.later, id)
		}
	}
	list, err := s.Records.FilesToLook(ctx, without, looksInHand)
	if err != nil {
		list = nil // it is asked for again in a moment
	}
	l.list = list
}

// beginLooks begins as many looks as there is room for, and reports whether it began any.
func (s *Files) beginLooks(ctx context.Context, l *looking) (began bool) {
	for kind, most := range [2]int{smallLooks, 1} {
		for l.running[kind] < most {
			i := l.shares.next(l.list, func(f store.File) bool {
				return l.large[f.ID] == (kind == 1) && l.busy[kind][f.By] == 0
			})
			if i < 0 {
				break
			}
			f := l.list[i]
			l.list, began = slices.Delete(l.list, i, i+1), true
			l.under[f.ID] = true
			l.busy[kind][f.By]++
			l.running[kind]++
			go func() {
				began := time.Now()
				err := s.look(ctx, f, kind == 1)
				l.done <- looked{f, kind == 1, time.Since(began), err}
			}()
		}
	}
	return began
}

// endLook makes room for the next look.
func (s *Files) endLook(l *looking, d looked) {
	kind := 0
	if d.large {
		kind = 1
	}
	delete(l.under, d.file.ID)
	l.running[kind]--
	if l.busy[kind][d.file.By]--; l.busy[kind][d.file.By] == 0 {
		delete(l.busy[kind], d.file.By)
	}
	l.shares.add(d.file.By, d.took, time.Now())
	if d.err == nil {
		delete(l.large, d.file.ID)
		return
	}
	if errors.Is(d.err, receipt.ErrLarge) && !d.large {
		l.large[d.file.ID] = true
		l.list = append(l.list, d.file)
		return
	}
	if errors.Is(d.err, receipt.ErrLimit) { // retried in its turn, until it is set aside
		l.list = append(l.list, d.file)
	} else {
		l.later[d.file.ID] = time.Now().Add(lookLater)
	}
	// Doctor and verify report missing bytes.
	if !errors.Is(d.err, context.Canceled) && !errors.Is(d.err, store.ErrNotFound) {
		s.Log.Warn("a picture was not looked at", "file", int64(d.file.ID), "err", d.err.Error())
	}
}

// look looks at one picture and tells its sender how to take a better one. The attempt is counted before it is made,
// so that a picture that ends the process twice is set aside at the next start.
func (s *Files) look(ctx context.Context, f store.File, large bool) error {
	r, err := s.Media.Open(f.SHA256)
	if err != nil {
		return err
	}
	defer r.Close()
	hash := []string{f.SHA256}
	tries, err := s.Records.TryDecode(ctx, s.Now(), s.Process.Number(), lookJob, hash)
	if err != nil {
		return err
	}
	if tries[f.SHA256] > maxDecodes {
		return s.keepLook(ctx, f, receipt.Unopened(f))
	}
	l, err := s.Inspect(ctx, f, r, large)
	after := context.WithoutCancel(ctx)
	switch {
	case ctx.Err() != nil: // a stop says nothing about the picture
		return errors.Join(ctx.Err(), s.Records.UndoDecode(after, s.Process.Number(), lookJob, hash))
	case errors.Is(err, receipt.ErrLimit):
		return err
	case err != nil:
		return errors.Join(err, s.Records.UndoDecode(after, s.Process.Number(), lookJob, hash))
	}
	if err := s.keepLook(ctx, f, l); err != nil {
		return errors.Join(err, s.Records.UndoDecode(after, s.Process.Number(), lookJob, hash))
	}
	if s.Read != nil && receipt.Opened(l.Look) {
		s.reads.add(f)
	}
	return s.Records.Decoded(ctx, lookJob, hash)
}

// keepLook keeps what was seen and which pictures are similar, and tells the sender what could be better. It holds
// the lock on looks from the search until the commit, because of two similar pictures that are looked at side by side
// one has to find the other.
func (s *Files) keepLook(ctx context.Context, f store.File, seen receipt.Seen) error {
	tx := s.Begin()
	defer tx.Rollback(context.WithoutCancel(ctx))
	l := seen.Look
	tell, err := receipt.Coach(ctx, tx, f, l)
	if err != nil {
		return err
	}
	if err := tx.LockLooks(ctx); err != nil {
		return err
	}
	if l.Alike, err = receipt.Alike(ctx, s.Records, seen); err != nil {
		return err
	}
	if err := tx.KeepLook(ctx, l); err != nil {
		return err
	}
	return tx.Keep(ctx, tell)
}
