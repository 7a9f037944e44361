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
	makeTimeout   = 5 * time.Minute // for making one document
	maxUploadWait = 5 * time.Second // for a finished document's turn in its chat
	maxClaims     = 6               // attempts at a document whose process ends each time
)

// document is a file that was made, to be sent with a message.
type document struct {
	name      string
	bytes     []byte
	followUps []store.Message // further documents, to be made after this one
	requests  []fileRequest
}

// fileRequest asks the sender of a file that can't be printed to send it again.
type fileRequest struct {
	file    store.File
	message store.Message
}

// sendPapers makes and sends documents, one at a time in each process, so that replies never wait for it.
func (b *Bot) sendPapers(ctx context.Context) {
	for b.Make != nil && ctx.Err() == nil {
		rest := b.untilDue(ctx, store.Paper)
		if rest <= time.Millisecond && b.backoff.Wait(ctx, store.Paper) {
			list, err := b.Records.Claim(ctx, b.Process.Number(), b.Now(), store.Paper, 1)
			b.noteClaim(ctx, err)
			for _, d := range list {
				b.makePaper(ctx, d)
			}
			if err == nil && len(list) > 0 {
				continue
			}
			rest = outboxPoll
		}
		select {
		case <-ctx.Done():
		case <-b.papers:
		case <-time.After(rest):
		}
	}
}

// makePaper makes one document and sends it. If the process is stopped meanwhile, another makes it again.
func (b *Bot) makePaper(ctx context.Context, d store.Delivery) {
	if d.Tries > maxClaims {
		b.giveUp(ctx, d, "its process ended each time")
		return
	}
	if left := b.backoff.Left(store.Paper, d.Message.Chat, time.Now()); left > 0 {
		b.results.record(b.requeued(d, left))
		return
	}
	doc, err := b.makeWithRetries(ctx, d)
	switch {
	case ctx.Err() != nil:
		b.results.record(store.DeliveryOutcome{ID: d.ID, State: store.Queued}) // requeued
	case err != nil:
		b.giveUp(ctx, d, err.Error())
	case b.queueFollowUps(ctx, d, doc) != nil:
		b.results.record(store.DeliveryOutcome{ID: d.ID, State: store.Queued}) // requeued
		sleep(ctx, outboxPoll)
	default:
		b.sendDocument(ctx, d, doc)
	}
}

// queueFollowUps queues the documents that follow one, and asks for files that could not be printed. When a document
// is made again, its follow-ups replace those that wait, and no file is asked for twice.
func (b *Bot) queueFollowUps(ctx context.Context, d store.Delivery, doc document) error {
	if len(doc.followUps)+len(doc.requests) == 0 {
		return nil
	}
	var list []store.Delivery
	for _, m := range doc.followUps {
		list = append(list, store.Delivery{Message: m, Language: d.Language, State: store.Queued})
	}
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	for _, r := range doc.requests {
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

// makeWithRetries makes a document, with a few retries. It waits while the records are away.
func (b *Bot) makeWithRetries(ctx context.Context, d store.Delivery) (doc document, err error) {
	for try := 1; try <= maxTries; try++ {
		doc, err = b.makeDocument(ctx, d)
		if err == nil || errors.Is(err, store.ErrNotFound) || ctx.Err() != nil {
			return doc, err
		}
		if b.checkPostgres(ctx) != nil {
			for b.checkPostgres(ctx) != nil && sleep(ctx, outboxPoll) {
			}
			try = 0
			continue
		}
		b.Log.Error("a paper was not made", "delivery", int64(d.ID), "try", try, "err", err.Error())
		sleep(ctx, 200*time.Millisecond)
	}
	return doc, err
}

// makeDocument calls Config.Make, and turns a panic into a failure of that one document.
func (b *Bot) makeDocument(ctx context.Context, d store.Delivery) (doc document, err error) {
	defer func() {
		if p := recover(); p != nil {
			b.Log.Error("a paper panicked", "delivery", int64(d.ID), "stack", string(debug.Stack()))
			err = errors.New("panic")
			if r, ok := p.(runtime.Error); ok { // other values may repeat what a person wrote
				err = fmt.Errorf("panic: %w", r)
			}
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, makeTimeout)
	defer cancel()
	var w bytes.Buffer
	from := documents.Source{
		Setting: b.setting, Tx: b.Begin(b.Now(), 0), Media: b.Media, Together: sideBySide,
		More: func(m store.Message) { doc.followUps = append(doc.followUps, m) },
		Ask:  func(f store.File, m store.Message) { doc.requests = append(doc.requests, fileRequest{f, m}) },
	}
	doc.name, err = b.Make(ctx, &w, from, d.Message, d.Language)
	doc.bytes = w.Bytes()
	return doc, err
}

// sideBySide runs jobs on two processors until all are done. It passes a job's panic on to the caller.
func sideBySide(jobs []func()) {
	var next atomic.Int64
	var fell atomic.Value
	var done sync.WaitGroup
	for range min(2, runtime.GOMAXPROCS(0)) {
		done.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					fell.CompareAndSwap(nil, panicked{p})
				}
			}()
			for i := next.Add(1) - 1; i < int64(len(jobs)); i = next.Add(1) - 1 {
				jobs[i]()
			}
		})
	}
	done.Wait()
	if f, ok := fell.Load().(panicked); ok {
		panic(f.value)
	}
}

// panicked is what a job panicked with.
type panicked struct{ value any }

// sendDocument sends a document. A call whose outcome is unknown is made again, because getting a document twice is
// better than not at all.
func (b *Bot) sendDocument(ctx context.Context, d store.Delivery, doc document) {
	for token := false; !token; {
		var after time.Duration
		token, after = b.takeReplyToken(b.work, d.Message.Chat, store.InTurn)
		if after > maxUploadWait || after > 0 && !sleep(ctx, after) {
			b.results.record(b.requeued(d, after)) // others' documents go first
			return
		}
	}
	if !b.Process.Here(ctx) {
		return // whoever takes over makes it
	}
	outcome := b.send(b.work, d.Message, d.Language, doc) // a stop doesn't cut off a call that has begun
	switch outcome.State {
	case "":
		outcome.State = store.Queued // stopped, so it is requeued
	case store.Failed:
		b.giveUp(ctx, d, outcome.Reason)
		return
	}
	outcome.ID = d.ID
	b.results.record(outcome)
}

// giveUp marks a document as failed, and tells the person who waits for it.
func (b *Bot) giveUp(ctx context.Context, d store.Delivery, reason string) {
	tx := b.Begin(b.Now(), 0)
	defer tx.Rollback(context.WithoutCancel(ctx))
	sorry := store.Delivery{
		Message: store.Message{
			Chat: d.Message.Chat, Class: store.Reply, Body: []store.Text{store.Say("document.failed")},
		},
		Language: d.Language, State: store.Queued,
	}
	list, err := tx.Commit(ctx, b.Process.Number(), nil, []store.Delivery{sorry})
	if err != nil {
		b.results.record(store.DeliveryOutcome{ID: d.ID, State: store.Queued}) // requeued, because nobody was told
		sleep(ctx, outboxPoll)
		return
	}
	b.results.record(store.DeliveryOutcome{ID: d.ID, State: store.Failed, Reason: reason})
	b.deliver(b.work, tx.Now(), list, deliverOptions{async: true})
}
