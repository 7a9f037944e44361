package flows_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"pendamping/flows"
	"pendamping/flows/form"
	"pendamping/store"
)

// delivered is an update, with what the person saw who sent it.
type delivered struct {
	form.Event
	before []byte            // the session that it met
	shown  map[string]string // the review whose button was pressed
	wrote  bool
	taken  bool // and the session that took it was not lost since
}

// join makes a process of the bot.
func (c *crew) join() {
	var err error
	if c.process, err = c.db.Join(c.ctx, c.now); err != nil {
		c.t.Fatal(err)
	}
}

// does lets a person do something, and the bot answer, with all that may happen on the way.
func (c *crew) does(p *phone, e form.Event, shown map[string]string) {
	if c.failed {
		return
	}
	c.updates++
	c.now = c.now.Add(1 + c.seconds(40))
	e.Update, e.Account, e.Chat = c.updates, p.account, p.account
	if e.Message == 0 {
		e.Message = p.number()
	}
	d := &delivered{Event: e, shown: shown}
	fresh, err := c.db.Accept(c.ctx, c.process.ID, []store.Update{{ID: e.Update, Chat: e.Chat, Payload: []byte("{}"), At: c.now}})
	if c.must(err); len(fresh) != 1 {
		c.failf("update %d was known before", e.Update)
	}
	c.Updates++
	p.sent = append(p.sent, d)
	c.logf("%s: %s %q %q reply to %q edited %v album %q", p.name, e.Kind, e.Text, e.Press, e.Card, e.Edited, e.Album)
	c.handle(p, d)
	if c.chance(4) {
		c.redeliver(p, p.sent[max(0, len(p.sent)-1-c.IntN(20))])
	}
	if c.IntN(120) == 0 {
		c.lose(p)
	}
	if c.chance(3) {
		c.deploy(p)
	}
	if c.chance(20) {
		c.mark(p)
	}
}

// handle is a turn, as the bot carries it out.
func (c *crew) handle(p *phone, d *delivered) {
	d.before, d.taken = p.session, true
	for c.chance(2) { // stopped before the commit: nothing is kept, and the update comes again
		c.Crashes++
		tx := c.db.Begin(c.now, d.Update)
		_, err := flows.Turn(c.ctx, tx, c.setting, decode(p.session), clone(d.Event))
		c.must(err)
		tx.Rollback(c.ctx)
	}
	tx := c.db.Begin(c.now, d.Update)
	defer tx.Rollback(c.ctx)
	res, err := flows.Turn(c.ctx, tx, c.setting, decode(p.session), clone(d.Event))
	if err != nil {
		c.failf("%s: %v", p.name, err)
		return
	}
	session, err := json.Marshal(res.Session)
	c.must(err)
	before := decode(p.session)
	if !tx.Written() && !slices.ContainsFunc(res.Messages, func(m store.Message) bool { return m.Key != "" }) {
		p.session = session
		c.tell(p, d, before, res.Session, res.Messages)
		return
	}
	d.wrote = true
	_, err = tx.Commit(c.ctx, c.process.ID, session, deliveries(res))
	if err != nil {
		c.failf("%s: commit: %v", p.name, err)
		return
	}
	if c.chance(4) { // stopped before the session was written
		c.Crashes++
		c.logf("crash after the commit")
		c.handBack(p, d, res, session)
	} else {
		p.session = session
	}
	c.tell(p, d, before, res.Session, res.Messages)
}

// handBack takes the session, and the words that are owed, from what the commit left.
func (c *crew) handBack(p *phone, d *delivered, res flows.Result, session []byte) {
	list, err := c.db.PendingIn(c.ctx, p.account, d.Update+1)
	c.must(err)
	i := slices.IndexFunc(list, func(u store.Pending) bool { return u.ID == d.Update })
	if i < 0 || string(list[i].Session) != string(session) {
		c.failf("%s: the session of update %d is not handed back", p.name, d.Update)
		return
	}
	p.session = list[i].Session
	owed, err := c.db.OwedFor(c.ctx, d.Update)
	c.must(err)
	var said, meant []store.Message
	for _, o := range owed {
		said = append(said, o.Message)
	}
	for _, m := range res.Messages {
		if m.Class == store.Reply && !m.Due.After(c.now) {
			meant = append(meant, m)
		}
	}
	if a, b := text(said), text(meant); a != b {
		c.failf("%s: update %d owes %s and was answered with %s", p.name, d.Update, a, b)
	}
}

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
	got, want := res.Session, now
	got.Screen, got.Taken, got.Done, got.Later = want.Screen, want.Taken, want.Done, want.Later
	if strings.HasPrefix(want.Form.Form, "was ") {
		want.Form = got.Form // a conversation that is no more is forgotten at the first look
	}
	if a, b := text(got), text(want); a != b {
		c.failf("%s: an update that came again changed the session from %s to %s", p.name, b, a)
	}
	session, err := json.Marshal(res.Session)
	c.must(err)
	p.session = session
	p.show(res.Messages)
}

// refused carries an update out that is done: its commit must say so.
func (c *crew) refused(p *phone, d *delivered, before flows.Session) {
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
	for len(left) > 0 && !c.failed && c.t.Context().Err() == nil { // until the server has noticed that the old one is gone
		pending, _, err := c.db.Adopt(c.ctx, c.process.ID)
		c.must(err)
		for _, u := range pending {
			d, p := left[u.ID], c.phone(u.Chat)
			if d == nil || p == nil {
				c.failf("update %d is adopted and was not left behind", u.ID)
				return
			}
			delete(left, u.ID)
			c.Adopted++
			switch took := decode(p.session).Took(u.ID); {
			case u.Session != nil && !took:
				p.session = u.Session
			case u.Session == nil && took:
				c.redeliver(p, d)
			case u.Session == nil:
				c.logf("%s: %s %q %q once more", p.name, d.Kind, d.Text, d.Press)
				c.handle(p, d)
			}
		}
	}
	for _, p := range c.phones {
		c.mark(p)
	}
}

// leave stops the process with nothing left behind.
func (c *crew) leave() {
	for _, p := range c.phones {
		c.mark(p)
	}
	c.process.Close()
}

// mark notes that the updates of a chat are handled.
func (c *crew) mark(p *phone) {
	var ids []int64
	for _, d := range p.unmarked() {
		ids = append(ids, d.Update)
	}
	p.marked = len(p.sent)
	if len(ids) > 0 {
		c.must(c.db.Done(c.ctx, ids))
	}
}

func (c *crew) phone(account int64) *phone {
	for _, p := range c.phones {
		if p.account == account {
			return p
		}
	}
	return nil
}

func decode(b []byte) (s flows.Session) {
	if len(b) > 0 {
		if err := json.Unmarshal(b, &s); err != nil {
			panic(err)
		}
	}
	return s
}

// clone is an event of its own: a turn writes into an event's files.
func clone(e form.Event) form.Event {
	e.Files = slices.Clone(e.Files)
	return e
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func deliveries(res flows.Result) []store.Delivery {
	var list []store.Delivery
	for _, m := range res.Messages {
		list = append(list, store.Delivery{Message: m, Language: res.Language, State: store.Queued})
	}
	return list
}
