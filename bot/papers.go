package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"pendamping/flows/documents"
	"pendamping/store"
)

const (
	making    = 5 * time.Minute // how long one paper may take
	mostWait  = 5 * time.Second // how long a paper that is made waits for its chat's pace
	maxClaims = 6               // how often a paper is begun, when processes end over it
)

// attached is a document that was made, to be sent with a message.
type attached struct {
	name  string
	bytes []byte
	more  []store.Message // papers that follow this one
	asks  []fileAsk
}

// fileAsk asks who sent a file that can't be printed for it again.
type fileAsk struct {
	file    store.File
	message store.Message
}

// sendPapers makes documents and sends them, one at a time in each process: replies never wait for it.
func (b *Bot) sendPapers(ctx context.Context) {
	for b.Make != nil && ctx.Err() == nil {
		rest := b.untilDue(ctx, store.Paper)
		if rest <= time.Millisecond && b.backoff.wait(ctx, store.Paper) {
			list, err := b.Records.Claim(ctx, b.Process.Number(), b.Now(), store.Paper, 1)
			b.claimed(ctx, err)
			for _, d := range list {
				b.paper(ctx, d)
			}
			if err == nil && len(list) > 0 {
				continue
			}
			rest = look
		}
		select {
		case <-ctx.Done():
		case <-b.papers:
		case <-time.After(rest):
		}
	}
}

// paper makes one document and sends it. When the process is stopped meanwhile, another makes it again.
func (b *Bot) paper(ctx context.Context, d store.Delivery) {
	if d.Tries > maxClaims {
		b.giveUp(ctx, d, "its process ended each time")
		return
	}
	if left := b.backoff.left(store.Paper, d.Message.Chat, time.Now()); left > 0 {
		b.marks.sent(b.givenBack(d, left))
		return
	}
	doc, err := b.patientlyMade(ctx, d)
	switch {
	case ctx.Err() != nil:
		b.marks.sent(store.Mark{ID: d.ID, State: store.Queued}) // given back
	case err != nil:
		b.giveUp(ctx, d, err.Error())
	case b.further(ctx, d, doc) != nil:
		b.marks.sent(store.Mark{ID: d.ID, State: store.Queued}) // given back
		sleep(ctx, look)
	default:
		b.hand(ctx, d, doc)
	}
}

// further queues the papers that follow one, and asks for files that could not be printed. Queued again, each paper takes the place of the
// one that waits, and a file that was asked for at an earlier printing is not asked for again.
func (b *Bot) further(ctx context.Context, d store.Delivery, doc attached) error {
	if len(doc.more)+len(doc.asks) == 0 {
		return nil
	}
	var list []store.Delivery
	for _, m := range doc.more {
		list = append(list, store.Delivery{Message: m, Language: d.Language, State: store.Queued})
	}
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	for _, r := range doc.asks {
		asked, err := tx.WasAsked(ctx, r.file)
		if err != nil {
			return err
		}
		if !asked {
			tx.Asked(r.file)
			list = append(list, store.Delivery{Message: r.message, State: store.Queued})
		}
	}
	_, err := tx.Commit(ctx, 0, nil, list)
	return err
}

// patientlyMade makes a document, a few times if need be. While the records are away it waits for them.
func (b *Bot) patientlyMade(ctx context.Context, d store.Delivery) (doc attached, err error) {
	for try := 1; try <= maxTries; try++ {
		doc, err = b.made(ctx, d)
		if err == nil || errors.Is(err, store.ErrNotFound) || ctx.Err() != nil {
			return doc, err
		}
		if b.answers(ctx) != nil {
			for b.answers(ctx) != nil && sleep(ctx, look) {
			}
			try = 0
			continue
		}
		b.Log.Error("a paper was not made", "delivery", int64(d.ID), "try", try, "err", err.Error())
		sleep(ctx, 200*time.Millisecond)
	}
	return doc, err
}

// made is Config.Make, where a panic is a failure of one paper's and not the end of the process.
func (b *Bot) made(ctx context.Context, d store.Delivery) (doc attached, err error) {
	defer func() {
		if p := recover(); p != nil {
			b.Log.Error("a paper panicked", "delivery", int64(d.ID), "stack", string(debug.Stack()))
			err = errors.New("panic")
			if r, ok := p.(runtime.Error); ok { // another value may repeat what a person wrote
				err = fmt.Errorf("panic: %w", r)
			}
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, making)
	defer cancel()
	var w bytes.Buffer
	from := documents.Source{
		Setting: b.setting, Tx: b.Begin(b.Now(), 0), Media: b.Media, Together: sideBySide,
		More: func(m store.Message) { doc.more = append(doc.more, m) },
		Ask:  func(f store.File, m store.Message) { doc.asks = append(doc.asks, fileAsk{f, m}) },
	}
	doc.name, err = b.Make(ctx, &w, from, d.Message, d.Language)
	doc.bytes = w.Bytes()
	return doc, err
}

// sideBySide runs jobs on two processors until all are done. A panic of one is the caller's.
func sideBySide(jobs []func()) {
	var next atomic.Int64
	var fell atomic.Value
	var done sync.WaitGroup
	for range min(2, runtime.GOMAXPROCS(0)) {
		done.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					fell.CompareAndSwap(nil, fall{p})
				}
			}()
			for i := next.Add(1) - 1; i < int64(len(jobs)); i = next.Add(1) - 1 {
				jobs[i]()
			}
		})
	}
	done.Wait()
	if f, ok := fell.Load().(fall); ok {
		panic(f.value)
	}
}

// fall is what a job panicked with.
type fall struct{ value any }

// hand sends a document. To have it twice is better than not at all: a call whose fate is unknown is made again.
func (b *Bot) hand(ctx context.Context, d store.Delivery, doc attached) {
	for place := false; !place; {
		var after time.Duration
		place, after = b.takePlace(b.work, d.Message.Chat, store.InTurn)
		if after > mostWait || after > 0 && !sleep(ctx, after) {
			b.marks.sent(b.givenBack(d, after)) // others' papers go first
			return
		}
	}
	if !b.Process.Here(ctx) {
		return // who takes over makes it
	}
	mark := b.say(b.work, d.Message, d.Language, doc) // a call that has begun is not cut by the beginning of a stop
	switch mark.State {
	case "":
		mark.State = store.Queued // stopped: given back
	case store.Failed:
		b.giveUp(ctx, d, mark.Reason)
		return
	}
	mark.ID = d.ID
	b.marks.sent(mark)
}

// giveUp marks a document as failed and says so to who waits for it.
func (b *Bot) giveUp(ctx context.Context, d store.Delivery, reason string) {
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	sorry := store.Delivery{
		Message:  store.Message{Chat: d.Message.Chat, Class: store.Reply, Body: []store.Text{store.Say("document.failed")}},
		Language: d.Language, State: store.Queued,
	}
	list, err := tx.Commit(ctx, b.Process.Number(), nil, []store.Delivery{sorry})
	if err != nil {
		b.marks.sent(store.Mark{ID: d.ID, State: store.Queued}) // nobody knows yet: given back
		sleep(ctx, look)
		return
	}
	b.marks.sent(store.Mark{ID: d.ID, State: store.Failed, Reason: reason})
	b.deliver(b.work, tx.Now(), list, manner{aside: true})
}
