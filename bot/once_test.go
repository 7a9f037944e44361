package bot_test

import (
	"context"
	"errors"
	"regexp"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pendamping/store/embedded/testdb"
)

// Two processes answer on a machine whose processors are all busy, and their results are written late. Everybody is
// answered once.
func TestAnsweredOnceWhenBusy(t *testing.T) {
	h := newHouse(t)
	// Answers to pictures wait for those before them, and a later one replaces them: not each nota has an answer, but
	// none has two.
	var mu sync.Mutex
	saved := map[string]int{}
	number := regexp.MustCompile(`Nota #\d+ tersimpan`)
	h.seen = func(method string, params map[string]string) {
		if is := number.FindString(params["text"]); is != "" && method == "sendMessage" {
			mu.Lock()
			defer mu.Unlock()
			saved[params["chat_id"]+": "+is]++
		}
	}
	length := 2 * time.Second
	if testdb.Full() {
		length = time.Minute
	}
	late := watched(func(point string, _ int64) error {
		if point == "mark" || point == "done" {
			time.Sleep(300 * time.Millisecond)
		}
		return nil
	})
	h.start(late)
	h.start(late)
	people := h.owners(10)
	busy, end := context.WithTimeout(t.Context(), length)
	defer end()
	var loops sync.WaitGroup
	for range 4 * runtime.NumCPU() {
		loops.Go(func() {
			for busy.Err() == nil {
			}
		})
	}
	rounds := 0
	for ; rounds == 0 || busy.Err() == nil; rounds++ {
		for _, p := range people {
			p.SendPhoto(picture(rounds), "")
			p.Send("/saldo")
		}
		h.settle()
	}
	loops.Wait()
	for _, p := range people {
		p.inOrder(rounds)
		if n := p.heard("saldo.head"); n != rounds {
			t.Errorf("%d hears the balance %d times in %d rounds", p.ID(), n, rounds)
		}
		if p.heard("photo.saved") == 0 {
			t.Errorf("%d hears of no nota", p.ID())
		}
	}
	mu.Lock()
	defer mu.Unlock()
	for what, n := range saved {
		if n != 1 {
			t.Errorf("%s, said %d times", what, n)
		}
	}
	t.Logf("%d people in %d rounds: %d balances and %d answers to pictures, each said once", len(people), rounds,
		len(people)*rounds, len(saved))
	h.verified()
}

// A process that stops while its results can't be written writes them as soon as possible, and the next process says
// nothing again.
func TestStopMarksWhatWasSent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var stopping atomic.Bool
	var refused atomic.Int32
	a := h.start(watched(func(point string, _ int64) error {
		if point != "mark" && point != "done" {
			return nil
		}
		if !stopping.Load() || refused.Add(1) <= 4 {
			return errors.New("the connection broke")
		}
		return nil
	}))
	p := h.owners(1)[0]
	p.SendPhoto(picture(1), "")
	p.hears("photo.saved")
	p.Send("/saldo")
	p.hears("saldo.head")
	stopping.Store(true)
	a.stop()
	h.start()
	h.settle()
	if saved, balance := p.heard("photo.saved"), p.heard("saldo.head"); saved != 1 || balance != 1 {
		t.Errorf("told %d times that the picture is kept and %d times the balance", saved, balance)
	}
}
