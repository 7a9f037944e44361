package bot_test

import (
	"context"
	"testing"
	"time"

	"pendamping/bot/faketelegram"
)

// SIGTERM under load: the process ends soon, nothing is half done, nothing is said twice, and the next process goes
// on.
func TestStopUnderLoad(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.telegram.Fail(faketelegram.Fault{
		Kind: faketelegram.FaultSlow, Delay: 40 * time.Millisecond, Method: "sendMessage",
	})
	people := h.owners(20)
	for i := range 4 {
		for _, p := range people {
			p.SendPhoto(picture(i), "")
			p.Send("/saldo")
		}
	}
	for range 3 {
		a := h.start()
		before := said(people)
		h.until("it is in the middle", func() bool { return said(people) > before+20 || h.telegram.Pending() == 0 })
		began := time.Now()
		a.stop()
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("the stop took %v", took)
		}
	}
	h.telegram.Heal()
	h.start()
	h.settle()
	for _, p := range people {
		p.inOrder(4)
		if n := p.heard("saldo.head"); n != 4 {
			t.Errorf("%d: %d answers to 4 questions", p.ID(), n)
		}
		if n := p.heard("busy.wait") + p.heard("sorry.parked"); n != 0 {
			t.Errorf("%d was told of trouble", p.ID())
		}
	}
	h.verified()
}

// said counts what the bot said.
func said(people []*owner) (n int) {
	for _, p := range people {
		n += len(p.answers())
	}
	return n
}

// SIGTERM while Telegram doesn't answer: the process ends within ten seconds, and the next one says what could not be
// said.
func TestStopWhileTelegramHangs(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.owners(2)
	hang := h.telegram.Fail(faketelegram.Fault{Kind: faketelegram.FaultHang, Method: "send*"})
	a := h.start()
	p[0].SendPhoto(picture(1), "")
	p[1].Send("/saldo")
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	h.ok(hang.Wait(ctx, 2))
	began := time.Now()
	a.stop()
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the stop took %v", took)
	}
	h.telegram.Heal()
	h.start()
	h.settle()
	if p[0].heard("photo.saved") != 1 || p[1].heard("saldo.head") != 1 {
		t.Errorf("they see %+v and %+v", p[0].answers(), p[1].answers())
	}
	p[0].inOrder(1)
}
