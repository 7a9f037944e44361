package bot_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pendamping/bot"
	"pendamping/bot/faketelegram"
	"pendamping/flows/join"
	"pendamping/store"
)

// link returns the start link of an invitation that invite makes.
const link = "/start tautan-undangan-baru"

// invite puts a mentor with an open invitation into the roster, and a coordinator, if asked for. held says
// that the coordinator passed the code on.
func (h *house) invite(now time.Time, wa string, coordinator, held bool) (i store.Invite) {
	h.t.Helper()
	ctx := h.t.Context()
	tx := h.db.Begin(now, 0)
	defer tx.Rollback(context.Background())
	p := store.Person{Key: "baru", Role: store.Mentor, Code: "PDP-9", Name: "Nama Baru", WA: wa}
	h.ok(tx.AddPerson(ctx, "person.added", &p))
	i = store.Invite{Person: p.ID, Token: "tautan-undangan-baru", Code: "AB12CD34", Expires: now.Add(24 * time.Hour)}
	if coordinator {
		boss := store.Person{Key: "pusat", Role: store.Coordinator, Code: "KOR-9", Name: "Nama Pusat", Account: 3001}
		h.ok(tx.AddPerson(ctx, "person.added", &boss))
		agreed := store.Consent{Person: boss.ID, Notice: join.Notice, Given: now, Source: "paper"}
		h.ok(tx.AddConsent(ctx, "consent.given", &agreed))
		if held {
			i.Held = []store.ID{boss.ID}
		}
	}
	h.ok(tx.AddInvite(ctx, "invite.made", &i))
	_, err := tx.Commit(ctx, 0, nil, nil)
	h.ok(err)
	return i
}

// hour lets a clock begin an hour, within which the test ends.
func (c *clock) hour() {
	c.pass(time.Until(time.Now().Truncate(time.Hour).Add(time.Hour + 5*time.Minute)))
}

// Many strangers have the code of one invitation. They share the few answers of that invitation, and then what all
// strangers share.
func TestOneCodeManyStrangers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var c clock
	c.hour()
	h.invite(c.now(), "6281234567890", false, false)
	var answers atomic.Int64
	h.seen = func(method string, params map[string]string) {
		if method == "sendMessage" && strings.HasPrefix(params["chat_id"], "7") {
			answers.Add(1)
		}
	}
	user := h.owners(1)[0]
	h.start(limited, c.set)
	const many, ofInvitation = 50, 20
	begun := time.Now()
	for _, words := range []string{link, "halo lagi", "halo lagi", "halo lagi"} {
		for i := range int64(many) {
			h.telegram.User(7000+i, fmt.Sprint("Orang-Asing-", i)).Send(words)
		}
		user.Send("anu")
		h.settle()
	}
	user.hears("unknown.words")
	most := int64(ofInvitation + 3*(1+int64(time.Since(begun)/time.Second)) + 3)
	if n := answers.Load(); n == 0 || n > most {
		t.Errorf("%d answers to %d strangers with one code in %v, want 1 to %d", n, many, time.Since(begun), most)
	}
}

// Whoever has the code of an open invitation and isn't in the roster hears a few times an hour what is still missing,
// and after that no more than any stranger.
func TestBearerIsAnsweredAFewTimes(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*house, time.Time){
		"the digits":           func(h *house, now time.Time) { h.invite(now, "6281234567890", true, false) },
		"a coordinator's word": func(h *house, now time.Time) { h.invite(now, "", true, false) },
		"nobody who says it":   func(h *house, now time.Time) { h.invite(now, "", false, false) },
		"nobody else":          func(h *house, now time.Time) { h.invite(now, "", true, true) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			var c clock
			c.hour()
			open(h, c.now())
			var answers atomic.Int64
			h.seen = func(method string, params map[string]string) {
				if method == "sendMessage" && params["chat_id"] == "7000" {
					answers.Add(1)
				}
			}
			h.start(c.set) // without the limit of all strangers together
			h.telegram.User(3001, "Pusat-3001").Send("/start")
			h.settle()
			p := h.telegram.User(7000, "Orang-Asing-7000")
			for i := range 30 {
				p.Send([]string{link, "halo lagi", "/batal"}[i%3])
				h.settle()
			}
			const own, strangers, again = 6, 3, 3 // the test takes a minute or two
			if n := answers.Load(); n < own || n > own+strangers+again {
				t.Errorf("%d answers to 30 messages, want %d to %d", n, own, own+strangers+again)
			}
		})
	}
}

// crowded is a rate limiter in a crowd of strangers, none of whom is answered.
type crowded struct{ bot.RateLimiter }

func (g crowded) Stranger(
	ctx context.Context, key string, most int, forget time.Duration, shared bool,
) (store.StrangerAnswer, error) {
	if shared {
		return store.TooManyStrangers, nil
	}
	return g.RateLimiter.Stranger(ctx, key, most, forget, shared)
}

// A mentor with her code can join beside any crowd, with a question in between and wrong digits once.
func TestMentorJoinsBesideACrowd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var c clock
	c.hour()
	h.invite(c.now(), "6281234567890", false, false)
	h.start(limited, c.set, func(c *bot.Config) { c.Limiter = crowded{c.Limiter} })
	p := h.telegram.User(7000, "Nama-Rahasia-7000")
	for range 4 {
		p.Send("anu")
		h.settle()
	}
	for _, step := range [][2]string{
		{link, "Kodenya benar"}, {"nomor yang mana ya", "Kodenya benar"}, {"0000", "tidak cocok"},
		{"yang lama atau yang baru?", "Kodenya benar"}, {"7890", "Nama Baru"},
	} {
		before := len(p.Messages())
		p.Send(step[0])
		h.until(step[1]+" is heard", func() bool {
			list := p.Messages()
			return len(list) > before+1 && strings.Contains(list[len(list)-1].Text, step[1])
		})
	}
}

// Whoever loses their invitation is a stranger again, and their messages are not kept: after wrong proofs, when it is
// withdrawn, and when somebody else used it.
func TestLetInIsForgotten(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(h *house, p *faketelegram.User, i store.Invite, now time.Time){
		"wrong proofs": func(h *house, p *faketelegram.User, _ store.Invite, _ time.Time) {
			for range 3 {
				p.Send("0000")
				h.settle()
			}
		},
		"taken back": func(h *house, _ *faketelegram.User, i store.Invite, now time.Time) {
			tx := h.db.Begin(now, 0)
			defer tx.Rollback(context.Background())
			i.Revoked = now
			h.ok(tx.PutInvite(h.t.Context(), "invite.revoked", &i))
			_, err := tx.Commit(h.t.Context(), 0, nil, nil)
			h.ok(err)
		},
		"used by another": func(h *house, _ *faketelegram.User, _ store.Invite, _ time.Time) {
			q := h.telegram.User(7001, "Orang-Asing-7001")
			q.Send(link)
			h.settle()
			q.Send("7890")
			h.settle()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			var c clock
			c.hour()
			i := h.invite(c.now(), "6281234567890", false, false)
			h.start(c.set)
			p := h.telegram.User(7000, "Orang-Asing-7000")
			send := func(n int) {
				for range n {
					p.Send("anu")
					h.settle()
				}
			}
			send(5)
			p.Send(link)
			h.settle()
			end(h, p, i, c.now())
			send(3) // they are told what became of it
			before, begun := h.kept(p.ID()), time.Now()
			send(40)
			// One message every ten seconds is handled.
			if n, most := h.kept(p.ID())-before, 1+int(time.Since(begun)/(10*time.Second)); n > most {
				t.Errorf("%d of 40 messages are kept, want %d at most", n, most)
			}
			if in := h.letIn(p.ID()); in {
				t.Error("the chat counts as let in for other processes")
			}
		})
	}
}

// letIn reports whether a chat counts as let in for all processes.
func (h *house) letIn(chat int64) bool {
	h.t.Helper()
	in, err := h.other().AreLetIn(h.t.Context(), []int64{chat})
	h.ok(err)
	return in[0]
}

// countingLimiter is a rate limiter that counts how often it is asked who is let in.
type countingLimiter struct {
	bot.RateLimiter
	asked *atomic.Int64
}

func (g countingLimiter) AreLetIn(ctx context.Context, chats []int64) ([]bool, error) {
	g.asked.Add(1)
	return g.RateLimiter.AreLetIn(ctx, chats)
}

// However many messages of strangers are ignored, Redis is seldom asked whether another process let them in, so that
// later messages don't wait for the answers.
func TestIgnoredStrangersCostFewQuestions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var c clock
	c.hour()
	var asked atomic.Int64
	user := h.owners(1)[0]
	h.start(c.set, func(c *bot.Config) { c.Limiter = countingLimiter{c.Limiter, &asked} })
	const many = 10
	var strangers []*faketelegram.User
	for i := range int64(many) {
		strangers = append(strangers, h.telegram.User(7000+i, fmt.Sprint("Orang-Asing-", i)))
	}
	for range 5 {
		for _, p := range strangers {
			p.Send("anu")
		}
		h.settle()
	}
	asked.Store(0)
	begun := time.Now()
	for i := range 20 {
		for _, p := range strangers {
			p.Send(fmt.Sprint("sampah ", i))
		}
	}
	user.Send("anu")
	user.hears("unknown.words")
	// Redis is asked at most once for a batch of updates, and for one chat once in ten seconds.
	if n, most := asked.Load(), int64(many*(1+time.Since(begun)/(10*time.Second))); n > most {
		t.Errorf("%d questions about %d messages, want %d at most", n, 20*many, most)
	}
}
