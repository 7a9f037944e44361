package flows_test

import (
	"encoding/json"
	"slices"

	"pendamping/flows"
	"pendamping/flows/dialog"
	"pendamping/flows/form"
	"pendamping/store"
)

// delivered is an update, with what the person saw who sent it.
type delivered struct {
	form.Event
	before  []byte            // the session that it met
	shown   map[string]string // the review whose button was pressed
	wrote   bool              // in a commit
	changed bool              // records
	taken   bool              // and the session that took it was not lost since
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
	fresh, err := c.db.Accept(c.ctx, c.process.ID, []store.Update{
		{ID: e.Update, Chat: e.Chat, Payload: []byte("{}"), At: c.now},
	})
	if c.must(err); len(fresh) != 1 {
		c.failf("update %d was known before", e.Update)
	}
	c.Updates++
	p.sent = append(p.sent, d)
	c.logf("%d %s: %s %q %q reply to %q edited %v album %q", e.Update, p.name, e.Kind, e.Text, e.Press, e.Card,
		e.Edited, e.Album)
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
	d.wrote, d.changed = true, tx.Written()
	queued, err := tx.Commit(c.ctx, c.process.ID, session, deliveries(res))
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
	c.arrived(queued)
}

// arrived marks what was told, as the bot does: an adoption reads what is not.
func (c *crew) arrived(list []store.Delivery) {
	var marks []store.DeliveryOutcome
	for _, d := range list {
		if d.Message.Class == store.Reply && !d.Message.Due.After(c.now) {
			marks = append(marks, store.DeliveryOutcome{ID: d.ID, State: store.Sent, SentID: 1})
		}
	}
	if len(marks) > 0 {
		c.must(c.db.KeepOutcomes(c.ctx, c.now, marks))
	}
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

func decode(b []byte) (s dialog.Session) {
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
