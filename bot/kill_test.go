package bot_test

import (
	"testing"
)

// A process is killed between any two of its steps. Whoever takes over always answers the person, and what they said
// is recorded once.
func TestKilled(t *testing.T) {
	for _, point := range []string{"accept", "accepted", "account", "commit", "committed", "left", "mark", "done"} {
		t.Run("picture/"+point, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			p := h.owners(1)[0]
			p.SendPhoto(picture(1), "semen")
			h.killedAt(point)
			h.start()
			h.settle()
			p.inOrder(1)
			if n := p.heard("photo.saved"); n < 1 || n > 2 {
				t.Errorf("told %d times that the picture is kept", n)
			}
			p.Send("195rb")
			h.settle()
			if p.heard("receipt.seller") == 0 {
				t.Errorf("the conversation does not go on: %q", p.Last().Text)
			}
			if p.heard("receipt.resumed") != 0 {
				t.Errorf("the conversation was forgotten: %q", p.Last().Text)
			}
			h.verified()
		})
	}
	for _, point := range []string{"accepted", "account", "left", "done"} {
		t.Run("answer/"+point, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			p := h.owners(1)[0]
			first := h.start()
			p.SendPhoto(picture(1), "semen")
			h.settle()
			first.stop()
			p.Send("195rb")
			h.killedAt(point)
			h.start()
			h.settle()
			if n := p.heard("receipt.seller"); n < 1 || n > 2 {
				t.Errorf("asked for the seller %d times", n)
			}
			p.Send("TB Jaya")
			h.settle()
			if p.heard("receipt.day") == 0 {
				t.Errorf("the conversation does not go on: %q", p.Last().Text)
			}
			if p.heard("receipt.resumed") != 0 {
				t.Errorf("the conversation was forgotten: %q", p.Last().Text)
			}
			p.inOrder(1)
		})
	}
}

// A press that the session has taken already is not the press of an old button.
func TestKilledAfterPress(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.owners(1)[0]
	first := h.start()
	p.SendPhoto(picture(1), "")
	p.Send("195rb")
	p.Send("TB Jaya")
	h.settle()
	first.stop()
	p.PressOld(p.button("q:")) // the day: today
	h.killedAt("left")
	h.start()
	h.settle()
	if p.heard("stale") != 0 || p.heard("receipt.line") == 0 {
		t.Errorf("they see %+v", p.answers())
	}
}

// The others count a living process as dead. It drops its work, and nothing is done twice.
func TestTakenForDead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	people := h.owners(5)
	a := h.start()
	h.start()
	for i := range 6 {
		for _, p := range people {
			p.SendPhoto(picture(i), "")
		}
		if i == 2 {
			a.mu.Lock()
			self := a.self
			a.mu.Unlock()
			self.Close()
		}
	}
	h.settle()
	for _, p := range people {
		p.inOrder(6)
		if p.heard("photo.saved") == 0 {
			t.Errorf("%d was not answered", p.ID())
		}
	}
	h.verified()
}
