package flows_test

import (
	"slices"
	"strconv"
	"strings"

	"pendamping/flows/dialog"
	"pendamping/store"
)

// fate is what people were told of a nota.
type fate struct {
	number, amount, seller string
	state                  store.ReceiptState
	shown                  map[string]string // the review that was confirmed
}

// tell shows a turn's messages and notes what they say of the records.
func (c *crew) tell(p *phone, d *delivered, before, after dialog.Session, list []store.Message) {
	p.show(list)
	if a, ok := after.Form.Answer("page"); ok {
		for _, f := range a.Files {
			c.pages[f.FileID] = true
		}
	}
	for _, e := range before.Apart { // of a private conversation, until a button says that it is a nota
		if !slices.ContainsFunc(after.Apart, func(a dialog.Early) bool { return a.Message == e.Message }) {
			for _, f := range e.Files {
				c.pages[f.FileID] = true
			}
		}
	}
	for _, m := range list {
		for _, t := range m.Body {
			if m.Chat == p.account {
				c.told(p, d, before, after, m, t)
			}
		}
	}
}

func (c *crew) told(p *phone, d *delivered, before, after dialog.Session, m store.Message, t store.Text) {
	if !d.changed && p.heard[text(t)] {
		return // the button was pressed again, and what it led to is said again
	}
	p.heard[text(t)] = true
	number := t.Data["Number"]
	id, _, _ := strings.Cut(before.Form.About, "-")
	about, _ := strconv.ParseInt(id, 10, 64)
	switch t.ID {
	case "photo.saved", "photo.saved.several", "photo.saved.pages", "photo.added", "photo.held":
		for _, f := range d.Files {
			if !c.pictures[f.FileID] {
				c.Pictures++
			}
			c.pictures[f.FileID] = true
		}
	case "voice.kept":
		c.pictures[d.Files[0].FileID] = true
	case "receipt.done":
		if a, ok := before.Form.Answer("page"); ok {
			for _, f := range a.Files {
				c.Pictures++
				c.pictures[f.FileID] = true
			}
		}
		c.sent(p, d, subject(m, "n:"), t)
	case "receipt.cancelled":
		c.Conversations++
		c.Cancelled++
		if f := c.fate(subject(m, "restore:"), number); f.state == store.Submitted {
			c.failf("%s was told that nota %s is cancelled, and it was sent", p.name, number)
		} else {
			f.state = store.Cancelled
		}
	case "receipt.restored":
		if f := c.fate(dialog.Subject(after.Form), number); f.state != store.Cancelled {
			c.failf("%s was told that nota %s is back, and it was %s", p.name, number, f.state)
		} else {
			f.state = store.Unfinished
		}
	case "receipt.reversed":
		c.Conversations++
		c.Reversed++
		c.fate(store.ID(about), number).state = store.Cancelled
	case "receipt.parked":
		c.Conversations++
		c.Parked++
		c.fate(store.ID(about), number)
	case "entry.done":
		c.Conversations++
		c.Entries++
		n, _ := strconv.Atoi(number)
		c.entries[entryKey(n, store.EntryKind(t.Data["Kind"]), t.Data["Amount"])]++
	case "complaint.done":
		c.Conversations++
		c.Complaints++
	case "receipt.unchanged", "void.cancelled", "entry.cancelled", "complaint.cancelled":
		c.Conversations++
	}
}

// sent notes a nota as sent, or as changed after it was.
func (c *crew) sent(p *phone, d *delivered, id store.ID, t store.Text) {
	c.Conversations++
	f := c.fate(id, t.Data["Number"])
	c.logf("%s was told that nota %s is sent: %s %s", p.name, t.Data["Number"], t.Data["Amount"], t.Data["Seller"])
	switch changed := t.Data["Changed"] != ""; {
	case changed && f.state != store.Submitted:
		c.failf("%s was told that nota %s is changed, and it was %s", p.name, f.number, f.state)
	case !changed && f.state != store.Unfinished:
		c.failf("%s was told that nota %s is sent, and it was %s", p.name, f.number, f.state)
	case changed:
		c.Changed++
	default:
		c.Sent++
	}
	f.state, f.amount, f.seller, f.shown = store.Submitted, t.Data["Amount"], t.Data["Seller"], d.shown
	for _, name := range []string{"amount", "seller", "day", "kind", "payment"} {
		if d.shown[name] == "" {
			c.failf("%s confirmed nota %s and was not shown its %s: %v", p.name, f.number, name, d.shown)
		}
	}
}

func (c *crew) fate(id store.ID, number string) *fate {
	f := c.fates[id]
	if f == nil {
		f = &fate{number: number, state: store.Unfinished}
		c.fates[id] = f
	}
	if f.number != number || id == 0 {
		c.failf("nota %d is called %s and %s", id, f.number, number)
	}
	return f
}

// subject is the record that a message's button is about.
func subject(m store.Message, prefix string) store.ID {
	for _, row := range m.Buttons {
		for _, b := range row {
			if arg, ok := strings.CutPrefix(b.Data, prefix); ok {
				id, _ := strconv.ParseInt(arg, 10, 64)
				return store.ID(id)
			}
		}
	}
	return 0
}

// compare holds the records against what people were told.
func (c *crew) compare() {
	tx := c.db.Begin(c.now, 0)
	kept := map[store.ID]bool{}
	entries, pictures := map[string]int{}, map[string]int{}
	for _, g := range c.groups {
		list, err := tx.Receipts(c.ctx, g.ID, "", 100_000, 0)
		c.must(err)
		slices.Reverse(list)
		plan, err := tx.Plan(c.ctx, g.ID)
		c.must(err)
		var spent store.Rupiah
		count := map[store.ReceiptState]int{}
		for i, r := range list {
			kept[r.ID] = true
			count[r.State]++
			if r.Number != i+1 {
				c.failf("%s: nota %d is missing", g.Name, i+1)
			}
			if r.State == store.Submitted {
				spent += r.Total
			}
			c.check(g, plan, r)
			files, err := tx.Files(c.ctx, r.ID)
			c.must(err)
			for _, f := range files {
				pictures[f.FileID]++
			}
			if len(files) == 0 && r.Kind != store.KindNone && !strings.Contains(string(r.Draft), "none") &&
				r.State != store.Submitted && r.State != store.Cancelled {
				c.failf("%s: nota %d has no picture and is not a purchase without one: %s %+v", g.Name, r.Number,
					r.Draft, r)
			}
		}
		c.balance(tx, g, spent, count, entries)
	}
	for _, p := range c.phones[:4] {
		acc, err := tx.Account(c.ctx, p.account)
		c.must(err)
		for _, person := range acc.People {
			held, err := tx.HeldFiles(c.ctx, person.ID)
			c.must(err)
			for _, f := range held {
				pictures[f.FileID]++
			}
		}
		if acc.Language != p.lang {
			c.failf("%s chose the language %q and is spoken to in %q", p.name, p.lang, acc.Language)
		}
	}
	for id, f := range c.fates {
		if !kept[id] {
			c.failf("nota %s, told as %s, is lost", f.number, f.state)
		}
	}
	for id, n := range pictures {
		if n > 1 || !c.pictures[id] && !c.pages[id] {
			c.failf("picture %s is kept %d times; told: %v", id, n, c.pictures[id])
		}
	}
	for id := range c.pictures {
		if pictures[id] == 0 {
			c.failf("picture %s is lost", id)
		}
	}
	if a, b := text(entries), text(c.entries); a != b {
		c.failf("entries are %s and people were told %s", a, b)
	}
	complaints, err := tx.ComplaintsIn(c.ctx, c.province, "")
	if c.must(err); len(complaints) != c.Complaints {
		c.failf("%d complaints are kept, and people were told of %d", len(complaints), c.Complaints)
	}
}

// check looks at one nota.
func (c *crew) check(g store.Recipient, plan store.Plan, r store.Receipt) {
	f := c.fates[r.ID]
	if f == nil {
		f = &fate{number: strconv.Itoa(r.Number), state: store.Unfinished}
	}
	if f.state != r.State || f.number != strconv.Itoa(r.Number) {
		c.failf("%s: nota %d is %s, and people were told %s of nota %s", g.Name, r.Number, r.State, f.state, f.number)
	}
	if r.State != store.Submitted {
		return
	}
	var sum store.Rupiah
	for _, it := range r.Items {
		sum += it.Amount
		line := it.Line == 0 || slices.ContainsFunc(plan.Lines, func(l store.PlanLine) bool {
			return l.ID == it.Line &&
				l.Pos == it.Pos
		})
		if it.Amount <= 0 || !line || !slices.Contains([]string{"ALAT", "BAHAN", "LAIN"}, it.Pos) {
			c.failf("%s: nota %d has the item %+v", g.Name, r.Number, it)
		}
	}
	if r.Total <= 0 || sum != r.Total || r.Seller == "" || !r.Day.Valid() ||
		r.Day > store.DayOf(c.now, c.setting.Zone) || r.Kind == "" ||
		r.Payment == "" || r.Submitted.IsZero() || (r.Kind == store.KindNone) != (r.Reason != "") ||
		r.Begun.After(r.Submitted) || r.By == 0 {
		c.failf("%s: nota %d is not complete: %+v", g.Name, r.Number, r)
	}
	got := map[string]string{"amount": r.Total.String(), "seller": r.Seller, "day": string(r.Day),
		"kind": string(r.Kind), "payment": r.Payment}
	for name, v := range got {
		if f.shown[name] != v {
			c.failf("%s: the %s of nota %d is %q, and what was confirmed said %q", g.Name, name, r.Number, v,
				f.shown[name])
		}
	}
	if f.amount != r.Total.String() || f.seller != r.Seller {
		c.failf("%s: nota %d is %s at %s, and people were told %s at %s", g.Name, r.Number, r.Total, r.Seller, f.amount,
			f.seller)
	}
}

// balance adds the book up once more.
func (c *crew) balance(
	tx store.Tx, g store.Recipient, spent store.Rupiah, count map[store.ReceiptState]int, entries map[string]int,
) {
	b, err := tx.Balance(c.ctx, g.ID)
	c.must(err)
	list, err := tx.Entries(c.ctx, g.ID)
	c.must(err)
	sums := map[store.EntryKind]store.Rupiah{}
	for i, e := range list {
		if e.Number != len(list)-i || e.Amount <= 0 || !e.Day.Valid() {
			c.failf("%s: entry %d is %+v", g.Name, len(list)-i, e)
		}
		sums[e.Kind] += e.Amount
		entries[entryKey(e.Number, e.Kind, e.Amount.String())]++
	}
	spent += sums[store.EntryFee] - sums[store.EntryRefund]
	if b.Received != b.Spent+b.Deposited+b.Left || b.Spent != spent || b.Received != sums[store.EntryGrant] ||
		b.Deposited != sums[store.EntryDeposit] ||
		b.Submitted != count[store.Submitted] || b.Unfinished != count[store.Unfinished] {
		c.failf("%s: the book says %+v; its notas and entries say spent %d, %v, %v", g.Name, b, spent, sums, count)
	}
}
