package flows_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// redeliver gives the bot an update once more; nothing may come of it.
func (c *crew) redeliver(p *phone, d *delivered) {
	if !d.taken || c.failed {
		return
	}
	now := decode(p.session)
	c.Redelivered++
	c.logf("%s: update %d comes again", p.name, d.Update)
	if d.wrote && c.chance(50) { // to a process that still has the session of before
		c.refused(p, d, decode(d.before))
		return
	}
	tx := c.db.Begin(c.now, d.Update)
	defer tx.Rollback(c.ctx)
	res, err := flows.Turn(c.ctx, tx, c.setting, now, clone(d.Event))
	if err != nil {
		c.failf("%s: an update that came again: %v", p.name, err)
		return
	}
	if tx.Written() {
		if _, err := tx.Commit(c.ctx, c.process.ID, nil, nil); !errors.Is(err, store.ErrConflict) || !d.wrote {
			c.failf("%s: an update that came again wrote something: %v", p.name, err)
		}
		return
	}
	if strings.HasPrefix(now.Form.Form, "was ") {
		now.Form = res.Session.Form // a conversation that is no more is forgotten at the first look
	}
	said := func(s dialog.Session) string { return text([]any{s.Form, s.For, s.Queue}) }
	if a, b := said(res.Session), said(now); a != b {
		c.failf("%s: an update that came again changed the session from %s to %s", p.name, b, a)
	}
	session, err := json.Marshal(res.Session)
	c.must(err)
	p.session = session
	p.show(res.Messages)
}

// refused carries an update out that is done: its commit must say so.
func (c *crew) refused(p *phone, d *delivered, before dialog.Session) {
	tx := c.db.Begin(c.now, d.Update)
	defer tx.Rollback(c.ctx)
	res, err := flows.Turn(c.ctx, tx, c.setting, before, clone(d.Event))
	if err != nil {
		c.failf("%s: an update that came again, with the session of before: %v", p.name, err)
	}
	if !tx.Written() {
		return // it met the records of after, and found nothing to do
	}
	session, err := json.Marshal(res.Session)
	c.must(err)
	if _, err := tx.Commit(c.ctx, c.process.ID, session, deliveries(res)); !errors.Is(err, store.ErrConflict) {
		c.failf("%s: update %d was carried out twice: %v", p.name, d.Update, err)
	}
}

// lose takes a chat's session away, as when Redis is flushed.
func (c *crew) lose(p *phone) {
	c.Losses++
	c.logf("%s: session lost", p.name)
	p.session = nil
	for _, d := range p.sent {
		d.taken = false
	}
}

// deploy makes a session into one that another version of the bot wrote: an answer has another name, or does not parse.
func (c *crew) deploy(p *phone) {
	s := decode(p.session)
	if len(s.Form.Answers) == 0 {
		return
	}
	c.Deploys++
	switch a := &s.Form.Answers[c.IntN(len(s.Form.Answers))]; {
	case c.chance(5):
		s.Form.Form = "was " + s.Form.Form
	case c.chance(50) && slices.Contains([]string{"amount", "seller", "day", "line", "topic", "words"}, a.Name):
		a.Name = "was " + a.Name
	case !slices.Contains([]string{"item", "note", "words", "reason"}, a.Name): // those are any words
		a.Text, a.Files = "?", nil
	}
	p.session = []byte(text(s))
	c.logf("%s: deploy: %s", p.name, text(s.Form))
}

// restartProcess stops the bot's process and starts another, which takes over what was left.
func (c *crew) restartProcess() {
	c.ground.restart.Lock()
	defer c.ground.restart.Unlock()
	c.Restarts++
	c.logf("restart")
	if c.chance(30) {
		for _, p := range c.phones {
			c.lose(p)
		}
	}
	left := map[int64]*delivered{}
	for _, p := range c.phones {
		for _, d := range p.unmarked() {
			left[d.Update] = d
		}
	}
	c.process.Close()
	c.join()
	// until the server has noticed that the old one is gone
	for len(left) > 0 && !c.failed && c.t.Context().Err() == nil {
		recovered, err := c.db.Recover(c.ctx, c.process.ID, 1000)
		c.must(err)
		for _, u := range recovered.Updates {
			d, p := left[u.ID], c.phone(u.Chat)
			if d == nil || p == nil {
				c.failf("update %d is recovered and was not left behind", u.ID)
				return
			}
			delete(left, u.ID)
			c.Adopted++
			switch took := decode(p.session).Took(u.ID); {
			case u.Session != nil && !took:
				p.session = u.Session
				for _, d := range p.sent {
					d.taken = decode(u.Session).Took(d.Update)
				}
			case u.Session == nil && took:
				c.redeliver(p, d)
			case u.Session == nil:
				c.logf("%s: %s %q %q once more", p.name, d.Kind, d.Text, d.Press)
				if d.Kind == form.Words {
					d.shown = p.last().shown // its session is gone: words meet what is on the screen by now
				}
				c.handle(p, d)
			}
		}
	}
	for _, p := range c.phones {
		c.mark(p)
	}
}
