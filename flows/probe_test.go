package flows_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/documents"
	"pendamping/flows/form"
	"pendamping/store"
	"pendamping/store/embedded/testdb"
)

// prober lets calls of the records fail, one at a time, in turns, papers and rounds that a transcript goes through.
// What is tried meets the same records and is rolled back, so the transcript goes on as if it had not been. Each must
// end with the error: an answer made from what could not be read, or was not kept, is a wrong one.
type prober struct {
	t     *testing.T
	begin func(like store.Tx, update int64) trial
	every int // so many things are done until one is looked at, and of its calls one in so many is tried

	mu    sync.Mutex
	done  int
	calls int
	tried map[string]int // by method
}

// trial is a Tx that is rolled back.
type trial interface {
	store.Tx
	Rollback(context.Context)
}

// newProber tries every call where tests run at full length, else an even sample that begins elsewhere in each
// transcript.
func newProber(t *testing.T, begin func(like store.Tx, update int64) trial) *prober {
	p := &prober{t: t, begin: begin, every: 4, tried: map[string]int{}}
	if testdb.Full() {
		p.every = 1
	}
	h := fnv.New32a()
	io.WriteString(h, t.Name())
	p.done, p.calls = int(h.Sum32())%p.every, int(h.Sum32()>>8)%p.every
	t.Cleanup(func() {
		tries := 0
		for _, n := range p.tried {
			tries += n
		}
		t.Logf("%d calls of %d methods failed once", tries, len(p.tried))
	})
	return p
}

// probe does something once to learn which calls it makes, and once more for each call that is to fail.
func (p *prober) probe(
	ctx context.Context, what string, like store.Tx, update int64, do func(store.Tx) (answer string, err error),
) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done++; p.done%p.every != 0 {
		return
	}
	attempt := func(at int) (*faulty, string, error) {
		tx := p.begin(like, update)
		defer tx.Rollback(context.WithoutCancel(ctx))
		x := &faulty{Tx: tx, at: at}
		answer, err := do(x)
		return x, answer, err
	}
	whole, want, err := attempt(0)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return // a race that the real one meets too
	}
	for i, method := range whole.calls {
		if p.calls++; p.calls%p.every != 0 {
			continue
		}
		x, got, err := attempt(i + 1)
		p.tried[method]++
		if errors.Is(err, errFault) && !errors.Is(err, store.ErrNotFound) || ctx.Err() != nil || len(x.calls) <= i ||
			x.calls[i] != method {
			continue // it says so; or it is stopped, or met other records than before
		}
		p.t.Errorf(
			"%s: call %d, %s, fails and is answered, or taken for not found (err %v) (-without +with the fault):\n%s",
			what, i+1, method, err, cmp.Diff(want, got))
	}
}

// turn is flows.Turn for bot.Config.
func (p *prober) turn(
	ctx context.Context, tx store.Tx, set dialog.Setting, s dialog.Session, e form.Event,
) (flows.Result, error) {
	session, err := json.Marshal(s)
	if err != nil {
		return flows.Result{}, err
	}
	p.probe(ctx, fmt.Sprintf("%s %q %q", e.Kind, e.Text, e.Press), tx, e.Update, func(tx store.Tx) (string, error) {
		res, err := flows.Turn(ctx, tx, set, decode(session), clone(e))
		return text(res), err
	})
	before, err := tx.Account(ctx, e.Account)
	if err != nil {
		return flows.Result{}, err
	}
	res, err := flows.Turn(ctx, tx, set, s, e)
	if err != nil || e.GroupChat != 0 || res.Asker != dialog.Known || len(before.People) > 0 {
		return res, err
	}
	after, err := tx.Account(ctx, e.Account)
	if err == nil && len(after.People) == 0 {
		p.t.Errorf("%s %q %q: who is nobody is owed any number of answers", e.Kind, e.Text, e.Press)
	}
	return res, err
}

// paper is flows.MakeDocument for bot.Config.
func (p *prober) paper(
	ctx context.Context, w io.Writer, from documents.Source, m store.Message, language string,
) (string, error) {
	p.probe(ctx, "paper "+m.Paper, from.Tx, 0, func(tx store.Tx) (string, error) {
		shelf := from
		shelf.Tx, shelf.More = tx, func(store.Message) {}
		return flows.MakeDocument(ctx, io.Discard, shelf, m, language)
	})
	return flows.MakeDocument(ctx, w, from, m, language)
}
