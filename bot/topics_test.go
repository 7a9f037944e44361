package bot_test

import (
	"testing"
)

// What is said in a forum goes to the topic that it answers: General may be closed.
func TestTopics(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	p := h.owners(1)[0]
	p.Send("anu")
	g := h.board(p)
	stranger := h.telegram.User(9999, "Orang")
	g.CloseGeneral()
	g.In(5, p.User).SendPhoto(picture(1), "@fake_bot")
	h.until("the card is in the topic", func() bool { return len(g.says()) == 1 })
	g.In(6, stranger).SendPhoto(picture(2), "@fake_bot")
	h.until("who may not file is told in the topic", func() bool { return len(g.says()) == 2 })
	g.In(7, stranger).Send("/saldo")
	h.until("a command is answered in the topic", func() bool { return len(g.says()) == 3 })
	g.In(5, p.User).SendPhoto(picture(3), "@fake_bot")
	h.until("the card is changed in its place", func() bool { return g.says()[0].Edited == 1 })
	for i, m := range g.says() {
		if m.Topic != 5+i {
			t.Errorf("%q is in topic %d, want %d", m.Text, m.Topic, 5+i)
		}
	}
	h.verified()
}

// Who asks for what can't be filed hears why.
func TestUnfiled(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	p := h.owners(1)[0]
	p.Send("anu")
	g := h.board(p)
	for i, c := range []struct {
		do   func()
		want string
	}{
		{func() { g.AsGroup(p.User).SendPhoto(picture(1), "@fake_bot") }, "group.anonymous"},
		{func() { g.As(p.User).ReplyElsewhere("@fake_bot ini notanya") }, "group.elsewhere"},
		{func() { g.As(p.User).ReplyElsewhere("/nota") }, "group.elsewhere"},
	} {
		c.do()
		h.until("it is answered", func() bool { return len(g.says()) == i+1 })
		want := h.words.Text("id", c.want, map[string]string{"Bot": "fake_bot"})
		if got := g.says()[i].Text; len(got) < len(want) || got[:len(want)] != want {
			t.Errorf("the group reads %q, want %q", got, want)
		}
	}
	g.AsGroup(p.User).SendPhoto(picture(2), "untuk arsip")
	h.settle()
	if n := len(g.says()); n != 3 {
		t.Errorf("%d answers, want none to what is not said to the bot", n)
	}
	if list, _ := p.receipts(); len(list) != 0 {
		t.Errorf("%d notas", len(list))
	}
	h.verified()
}
